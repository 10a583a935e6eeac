"""Captions of a review of the pipeline say to what figures are kept; stages stand as was known."""

from __future__ import annotations

from datetime import date

import pytest

from kpikit.views import pipeline
from kpikit.views.display import Picture
from kpikit.views.team import View, open_view
from tests.builders import dataset

DAY = date(2026, 4, 1)
# One deal goes from a to b in April, four from b to a in May.
WAYS = {"1": [("a", DAY), ("b", date(2026, 4, 9))]}
WAYS |= {name: [("b", date(2026, 5, 2)), ("a", date(2026, 5, 9))] for name in "2345"}
ENTRIES = [{"deal_id": name, "stage": stage, "entered_on": day} for name, way in WAYS.items()
           for stage, day in way]  # fmt: skip


def deal(name: str, created: date, channel: str = "WhatsApp") -> dict[str, object]:
    return {"deal_id": name, "stage": "b", "outcome": None, "created_on": created, "closed_on": None,
            "amount": 10.0, "rep_id": "R1", "customer_id": "K", "channel": channel}  # fmt: skip


DEALS = [deal("1", DAY), *(deal(name, date(2026, 5, 1)) for name in "2345"), deal("6", DAY)]
TABLES = {"deals": DEALS, "deal_stages": [*ENTRIES, {"deal_id": "6", "stage": "a", "entered_on": DAY}]}
IN_CHANNEL = {"channel": ["WhatsApp"]}


def page(tables: dict[str, object] = TABLES, **chosen: object) -> View:
    return open_view(dataset(tables), **{"period": "2026-04", "as_of": "2026-04-30", **chosen})


def told(view: View, name: str) -> str:
    drawn = view.drawn(name)
    if not isinstance(drawn, Picture):
        return drawn.text + drawn.html
    # Long lines of a caption are broken.
    return " ".join([drawn.title, *drawn.specification["title"]["subtitle"]])


def test_stages_stand_in_the_order_that_was_known():
    assert pipeline.pipeline_now(page().figures)["stage"].tolist() == ["a", "b"]
    assert pipeline.funnel_rows(page().figures)["stage"].tolist()[:2] == ["a", "b"]
    assert pipeline.pipeline_now(page(as_of="2026-05-31").figures)["stage"].tolist() == ["b", "a"]


@pytest.mark.parametrize("name", ["funnel", "stages", "pipeline", "open_deals"])
def test_captions_name_the_scope(name):
    assert "channel WhatsApp" in told(page(where=IN_CHANNEL), name)
    assert "WhatsApp" not in told(page(), name)


@pytest.mark.parametrize("name", ["funnel", "stages", "pipeline", "open_deals", "win_rates", "contribution"])
def test_notices_name_the_scope(name):
    # Before April there is nothing.
    view = page(where=IN_CHANNEL, as_of="2026-03-31", period="2026-03")
    assert "The whole team, channel WhatsApp" in told(view, name).replace("channel: WhatsApp", "")


def test_the_table_of_stages_says_of_which_day_it_is():
    assert "as of 30 Apr 2026" in told(page(), "stages")


@pytest.mark.parametrize("name", ["funnel", "pipeline", "open_deals"])
def test_it_is_said_that_shared_deals_count_whole(name):
    shares = [{"deal_id": "1", "rep_id": rep, "share": 0.5} for rep in ("R1", "R2")]
    shared = {**TABLES, "credits": shares}
    assert "a deal that members share counts whole" in told(page(shared, rep="R1"), name)
    assert "members share" not in told(page(shared), name) + told(page(rep="R1"), name)
