"""Who is there in a period: the reps who come and go, and the regions of a period to come."""

from __future__ import annotations

from datetime import date

import pytest

from kpikit.periods import parse_period
from kpikit.reports.jobs import members_of
from kpikit.reports.scheduled import plan_schedule
from kpikit.selection.scheduling import read_schedule
from tests.builders import dataset
from tests.reports.conftest import PARAMETERS, write_notebook

REPS = "rep_id,name,team,hired_on\na,Ayu,West,2020-01-01\nn,Nia,West,2026-07-06\n"
ORDERS = "order_id,order_date,customer_id,amount,rep_id\n1,2026-01-05,c,10,a\n2,2026-06-30,c,10,a\n"


@pytest.fixture
def planned(tmp_path):
    write_notebook(tmp_path / "small.ipynb", "1", parameters=PARAMETERS)
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (tmp_path / "company" / "reps.csv").write_text(REPS, encoding="utf-8")

    def plan(period: str, only: str):
        entry = (
            f"{{name: own, notebook: small.ipynb, for_each: rep, only: {{rep: [{only}]}}, period: {period}}}"
        )
        text = f"data: company\nreports:\n  - {{name: all, notebook: small.ipynb}}\n  - {entry}\n"
        (tmp_path / "schedule.yaml").write_text(text, encoding="utf-8")
        batches = plan_schedule(read_schedule(tmp_path / "schedule.yaml"))
        labels = [job.label for batch in batches for job in batch.jobs]
        return labels, [why for batch in batches for why in batch.left_out]

    return plan


def test_who_has_not_come_yet_keeps_no_other_report_from_being_made(planned):
    assert planned("2026-Q2", "Ayu, Nia") == (["", "Ayu"], ["own: rep Nia was not there in 2026-Q2"])
    assert planned("2026-Q3", "Ayu, Nia") == (["", "Ayu", "Nia"], [])


def test_of_a_period_to_come_the_regions_are_those_there_have_been():
    sold = {"order_id": "1", "order_date": "2026-06-30", "customer_id": "C", "amount": 1.0}
    shop = dataset({"orders": [sold | {"region": "Bali", "channel": "web"}], "reps": [{"rep_id": "a"}]})
    day = date(2026, 6, 30)
    for dimension, there in (("region", ["Bali"]), ("channel", ["web"]), ("rep", ["a"]), ("team", [])):
        assert members_of(shop, dimension, parse_period("2026-Q3", day), day) == there
    assert members_of(shop, "region", parse_period("2026-Q1", day), day) == []
