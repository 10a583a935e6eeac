"""Pipeline coverage by hand: per member, in a scope, where nothing remains, and where the data lack deals."""

from datetime import date

import numpy as np
import pytest

from kpikit import pipeline_coverage
from kpikit.errors import UnknownNameError
from tests.builders import ENGINES, dataset

REPS = [{"rep_id": "a", "name": "Ayu"}, {"rep_id": "b", "name": "Budi"}, {"rep_id": "c", "name": "Citra"}]


def order(number, rep, amount, region="Bali"):
    row = {"order_id": str(number), "order_date": date(2026, 3, 5), "customer_id": "k", "region": region}
    return row | {"rep_id": rep, "amount": amount}


def deal(number, rep, amount, closed=None, region="Bali"):
    row = {"deal_id": str(number), "stage": "s", "outcome": "won" if closed else None, "region": region}
    return row | {"created_on": date(2026, 3, 1), "closed_on": closed, "rep_id": rep, "amount": amount}


# Until 20 March Ayu sold 60 of 100 and has 80 + 40 open, Budi 130 of 100; Citra nothing, with nothing open.
ORDERS = [order(1, "a", 60.0), order(2, "b", 130.0, "Alaska")]
DEALS = [
    deal(1, "a", 80.0),
    deal(2, "a", 40.0, region="Alaska"),
    deal(3, "b", 50.0),
    deal(4, "b", 999.0, date(2026, 3, 9)),
]
COMPANY = {"orders": ORDERS, "deals": DEALS, "reps": REPS}
MONTHLY = {"level": 100, "per": "rep", "every": "month", "set_on": "2026-03-01"}


@pytest.mark.parametrize("engine", ENGINES)
def test_each_member_is_covered_by_their_own_deals(engine, make_plan):
    found = pipeline_coverage(dataset(COMPANY, engine), make_plan(MONTHLY), as_of="2026-03-20")
    told = found.set_index("member")[["actual", "remaining", "pipeline", "coverage"]]
    assert told.loc["Ayu"].tolist() == [60, 40, 120, 3.0]
    assert told.loc["Citra"].tolist() == [0, 100, 0, 0.0]
    actual, remaining, pipeline, coverage = told.loc["Budi"]
    assert (actual, remaining, pipeline) == (130, 0, 50) and np.isnan(coverage)
    notes = dict(zip(found["member"], found["note"], strict=True))
    assert notes == {"Ayu": "", "Budi": "nothing remains to be reached", "Citra": ""}


def test_a_scope_keeps_orders_and_deals_alike(make_plan):
    plan = make_plan({"level": 200, "period": "2026-03", "scope": {"region": "Bali"}, "set_on": "2026-03-01"})
    (row,) = pipeline_coverage(dataset(COMPANY), plan, as_of="2026-03-20").to_dict("records")
    # Bali: sold 60 of 200; open 80 and 50.
    assert (row["actual"], row["remaining"], row["pipeline"]) == (60, 140, 130)
    assert row["coverage"] == pytest.approx(130 / 140)


def test_only_running_targets_of_money_that_deals_bring_are_covered(make_plan):
    plan = make_plan(
        {"level": 5, "kpi": "order_count", "period": "2026-03", "set_on": "2026-03-01"},
        {"level": 100, "period": "2026-02", "set_on": "2026-02-01"},
        {"level": 100, "period": "2026-05", "set_on": "2026-02-01"},
        kpis=("revenue", "order_count"),
    )
    assert pipeline_coverage(dataset(COMPANY), plan, as_of="2026-03-20").empty


def test_without_deals_it_is_said_and_nothing_is_covered(make_plan):
    company = dataset({"orders": ORDERS, "reps": REPS})
    found = pipeline_coverage(company, make_plan(MONTHLY), as_of="2026-03-20")
    assert set(found["note"]) == {"not available: deals is missing"}
    assert found["coverage"].isna().all() and found["pipeline"].isna().all()


def test_an_unknown_target_or_convention_is_named(make_plan):
    with pytest.raises(UnknownNameError, match="no convention 'hoped'"):
        pipeline_coverage(dataset(COMPANY), make_plan(MONTHLY), convention="hoped")
    with pytest.raises(UnknownNameError, match="no target"):
        pipeline_coverage(dataset(COMPANY), make_plan(MONTHLY), targets="X")
