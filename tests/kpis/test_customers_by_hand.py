"""Retention, tenure and activity on one small company, against figures worked out by hand."""

from datetime import date

import pytest

from kpikit import measure
from tests.builders import ENGINES, dataset


def day(month, number, year=2026):
    return date(year, month, number)


def order(number, when, customer, amount=10.0):
    return {"order_id": str(number), "order_date": when, "customer_id": customer, "amount": amount}


# Active on 31 December 2025 (an order within 365 days): k1, k2 and k3. On 30 June 2026: k1 (order in May), k2
# (its order of July 2025 is 364 days old), k4 (new in March); k3's order of January 2025 is too old.
ORDERS = [
    order(1, day(12, 1, 2025), "k1"),
    order(2, day(7, 1, 2025), "k2"),
    order(3, day(1, 5, 2025), "k3"),
    order(4, day(3, 3), "k4"),
    order(5, day(5, 5), "k1"),
]
HALF = {
    "retention_rate": (2 / 3, 3),
    # (3 at the end − 1 new) ÷ 3.
    "retention_rate:counts": (2 / 3, 3),
    "churn_rate": (1 / 3, 3),
    "churn_rate:counts": (1 / 3, 3),
    # From 2 April on: k1; from 2 January on: k1 and k4.
    "active_customers:ordered_in_90_days": (1, 1),
    "active_customers:ordered_in_180_days": (2, 2),
    "active_customers:ordered_in_365_days": (3, 3),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_half_year_is_as_worked_out_by_hand(engine):
    figures = measure(dataset({"orders": ORDERS}, engine), list(HALF), period="2026-H1", as_of=day(6, 30))
    for (name, (value, n)), row in zip(HALF.items(), figures.itertuples(), strict=True):
        assert (row.value, row.n) == (pytest.approx(value, rel=1e-12), n), name


def test_who_left_and_who_came_are_told_apart_by_identity():
    # k2 leaves and k3 comes within the quarter: by counts nothing changed, by identity half are lost.
    customers = [
        {"customer_id": "k1", "acquired_on": day(1, 1, 2025), "left_on": None},
        {"customer_id": "k2", "acquired_on": day(1, 1, 2025), "left_on": day(2, 1)},
        {"customer_id": "k3", "acquired_on": day(2, 2), "left_on": None},
    ]
    orders = [order(1, day(1, 1, 2025), "k1"), order(2, day(1, 1, 2025), "k2"), order(3, day(2, 2), "k3")]
    figures = measure(
        dataset({"orders": orders, "customers": customers}),
        ["retention_rate", "retention_rate:counts", "churn_rate"],
        period="2026-Q1",
        as_of=day(3, 31),
    )
    # Counts: (2 at the end − 1 new) ÷ 2.
    assert figures["value"].tolist() == [1 / 2, 1 / 2, 1 / 2]


def test_retention_of_all_time_is_null_because_nobody_was_there_before():
    figures = measure(dataset({"orders": ORDERS}), ["retention_rate", "churn_rate"], period="all time")
    assert figures["value"].isna().all()


ENDED = {
    # k6 stayed for 517 days. Of k4, k5 and k6, there on 31 December 2024, one left: 1 ÷ (1/3) years.
    "relationship_years:completed": (100 + 200 + 517) / 3 / 365.25,
    "relationship_years:inverse_churn": 3.0,
    # k1, k2 and k3 were acquired in 2025.
    "new_customers:acquired_on": 3,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_relationships_that_ended_and_those_that_churn_tells(engine):
    customers = [
        # 100 and 200 days; the third left before it came, the fourth leaves later than asked for.
        {"customer_id": "k1", "acquired_on": day(1, 1, 2025), "left_on": day(4, 11, 2025)},
        {"customer_id": "k2", "acquired_on": day(1, 1, 2025), "left_on": day(7, 20, 2025)},
        {"customer_id": "k3", "acquired_on": day(5, 1, 2025), "left_on": day(4, 1, 2025)},
        {"customer_id": "k4", "acquired_on": day(1, 1, 2024), "left_on": day(2, 1)},
        {"customer_id": "k5", "acquired_on": day(1, 1, 2024), "left_on": None},
        {"customer_id": "k6", "acquired_on": day(1, 1, 2024), "left_on": day(6, 1, 2025)},
    ]
    company = dataset({"orders": ORDERS[:1], "customers": customers}, engine)
    figures = measure(company, list(ENDED), period="2025", as_of=day(12, 31, 2025))
    assert figures["value"].tolist() == [pytest.approx(value) for value in ENDED.values()]
    assert figures["n"].tolist()[0] == 3


def test_a_leaving_after_the_as_of_date_is_not_known():
    customers = [{"customer_id": "k1", "acquired_on": day(1, 1, 2025), "left_on": day(3, 1)}]
    company = dataset({"orders": ORDERS[:1], "customers": customers})
    names = ["relationship_years:completed", "churn_rate"]
    figures = measure(company, names, period="2026-Q1", as_of=day(2, 15))
    assert figures["value"].isna().tolist() == [True, False] and figures["value"].tolist()[1] == 0


PROSPECTS = {"acquisition_rate:prospects": (1 / 2, 2)}


def test_prospects_are_deals():
    deals = [
        {"deal_id": "1", "stage": "s", "outcome": "won", "created_on": day(1, 1), "closed_on": day(3, 1)},
        {"deal_id": "2", "stage": "s", "outcome": None, "created_on": day(3, 2), "closed_on": None},
        {"deal_id": "3", "stage": "s", "outcome": "lost", "created_on": day(3, 3), "closed_on": day(3, 4)},
    ]
    figures = measure(dataset({"deals": deals}), list(PROSPECTS), period="2026-03")
    # One won by two created.
    assert figures[["value", "n"]].values.tolist() == [list(one) for one in PROSPECTS.values()]
