"""A figure that is null since no row has what it sums says so."""

from __future__ import annotations

import pytest

from kpikit.views.team import View, open_view
from tests.builders import dataset

DEALS = [{"deal_id": str(n), "stage": "lead", "outcome": None, "created_on": "2026-01-05", "closed_on": None,
          "amount": None} for n in range(3)]  # fmt: skip
WON = {
    "deal_id": "9",
    "stage": "won",
    "outcome": "won",
    "created_on": "2026-01-02",
    "closed_on": "2026-01-20",
}
ORDERS = [{"order_id": str(n), "order_date": "2026-01-05", "customer_id": "C", "amount": None}
          for n in range(2)]  # fmt: skip


def view(tables: dict, kpi: str) -> View:
    return open_view(dataset(tables), period="2026-01", as_of="2026-01-31", kpi=kpi, kpis=[kpi])


def test_the_pipeline_of_deals_without_amounts_is_told():
    told = view({"deals": [*DEALS, WON | {"amount": 5.0}]}, "pipeline_value").drawn("cards").text
    assert "Pipeline value: –; none of its deals has an amount" in told


def test_sales_without_amounts_are_told_in_every_part():
    shown = view({"orders": ORDERS}, "revenue")
    why = "none of its order lines has an amount"
    assert why in shown.drawn("cards").text and why in shown.drawn("figure").text
    title = shown.drawn("rows_behind").text.splitlines()[0]
    assert title == f"Revenue: no figure, from 2 order lines: {why}"


@pytest.mark.parametrize("kpi", ["pipeline_value", "won_value", "win_rate", "sales_cycle_days"])
def test_where_there_are_no_rows_nothing_is_said_of_amounts(kpi):
    later = [
        DEALS[0] | {"created_on": "2026-02-05"},
        WON | {"created_on": "2026-02-06", "closed_on": "2026-02-20"},
    ]
    assert "none of its" not in view({"deals": later}, kpi).drawn("cards").text


def test_one_amount_is_enough():
    more = view({"deals": [*DEALS, DEALS[0] | {"deal_id": "4", "amount": 7.0}]}, "pipeline_value")
    assert more.figures.totals[["value", "note"]].values.tolist() == [[7.0, ""]]
