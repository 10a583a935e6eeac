"""What grows with the length of a period, found out by asking for one and for one of twice its length."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

import pytest

from kpikit import measure
from kpikit.errors import NotAvailableError
from kpikit.kpis import catalog
from kpikit.kpis.available import choose
from kpikit.kpis.lengths import is_of_length, power_of
from kpikit.kpis.scope import Scope
from tests.builders import dataset
from tests.kpis.twin import ASKED, name_of

WITHOUT = ["costs", "operating_profit", "revenue_per_cost", "customer_acquisition_cost"]
WITHOUT += ["new_customers:acquired_on", "relationship_years:completed"]
START, DAYS = date(2026, 6, 1), 14


def company():
    """Each day is like every other: what is sold, won, lost, asked and answered."""
    orders, deals, stages, talks = [], [], [], []
    for number in range(900):
        day, name = START + timedelta(number - 600), f"{number}"
        # A regular and a customer who comes once.
        for order_id, who, amount in ((f"{name}r", "regular", 100.0), (f"{name}n", f"c{name}", 40.0)):
            orders.append({"order_id": order_id, "order_date": day, "customer_id": who, "rep_id": "a",
                           "amount": amount, "cost": amount / 4, "quantity": 2, "discount": 5.0})  # fmt: skip
        for outcome, took in (("won", 6), ("lost", 3)):
            deal = f"{name}{outcome}"
            deals.append({"deal_id": deal, "stage": outcome, "outcome": outcome, "rep_id": "a",
                          "customer_id": f"c{number + 9}", "amount": 50.0,
                          "created_on": day - timedelta(took), "closed_on": day})  # fmt: skip
            stages += [{"deal_id": deal, "stage": "lead", "entered_on": day - timedelta(took)},
                       {"deal_id": deal, "stage": outcome, "entered_on": day}]  # fmt: skip
        begun = datetime.combine(day, time(9))
        talks += [{"conversation_id": f"{name}-{wait}", "started_at": begun, "channel": "chat", "rep_id": "a",
                   "first_reply_at": begun + timedelta(minutes=wait)} for wait in (30, 400)]  # fmt: skip
    reps = [{"rep_id": "a", "hired_on": date(2020, 1, 1)}]
    tables = {"orders": orders, "deals": deals, "deal_stages": stages, "conversations": talks, "reps": reps}
    return dataset(tables, stages={"lead": 0.5})


@pytest.fixture(scope="module")
def sales():
    return company()


@pytest.mark.parametrize(("kpi", "convention"), ASKED, ids=[name_of(*one) for one in ASKED])
def test_a_figure_grows_as_it_is_said_to(sales, kpi, convention):
    as_of = sales.as_of
    formula = catalog.find(kpi).under(convention)[1]
    try:
        formula = choose(sales, formula, Scope((), (), 0))
    except NotAvailableError:
        # There are neither costs nor a table of customers.
        assert name_of(kpi, convention) in WITHOUT
        return
    ends = [START + timedelta(DAYS - 1), START + timedelta(2 * DAYS - 1)]
    once, twice = (
        measure(sales, name_of(kpi, convention), period=f"{START}/{end}", as_of=as_of)["value"].item()
        for end in ends
    )
    grown = {1.0: 2.0, 0.0: 1.0}.get(power_of(formula))
    if grown is None:
        assert math.isnan(power_of(formula)) and is_of_length(formula)
    else:
        # What is read on the last day, or so far, has days more of its own.
        assert twice / once == pytest.approx(grown, rel=0.06), (once, twice)


def test_sums_of_two_tables_are_of_their_length():
    for kpi in ("revenue_per_cost", "customer_acquisition_cost"):
        formula = catalog.find(kpi).under(None)[1]
        assert power_of(formula) == 0 and is_of_length(formula)
