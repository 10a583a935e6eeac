"""Silences and concentration, worked out by hand and by a plain-Python twin, on every engine."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import pandas as pd
import pytest

import kpikit as kp
from kpikit.errors import NotAvailableError
from kpikit.kpis.concentration import concentration, counts_of
from kpikit.kpis.silences import quiet, silences
from tests.builders import ENGINES, dataset

AS_OF = date(2026, 7, 1)


def every(days: int, count: int, last: str, customer: str, amount: float = 10, rep: str = "R1") -> list[dict]:
    """Orders at equal steps back from the last."""
    end = date.fromisoformat(last)
    return [
        {"order_id": f"{customer}{n}", "order_date": (end - timedelta(days * n)).isoformat(),
         "customer_id": customer, "amount": amount, "rep_id": rep} for n in range(count)
    ]  # fmt: skip


# Regular, every 20 days, and silent since 1 May: 61 days. Busy orders until today. Seldom came back thrice.
# Slow waits 60 days, so that 61 are not long. Gone has not ordered for more than a year.
ORDERS = [
    *every(20, 6, "2026-05-01", "Regular", 100),
    *every(20, 6, "2026-07-01", "Busy"),
    *every(20, 4, "2026-05-01", "Seldom"),
    *every(60, 6, "2026-05-01", "Slow"),
    *every(20, 6, "2025-06-30", "Gone"),
]


def company(engine: str = "pandas", **tables: list[dict]) -> kp.Dataset:
    reps = [{"rep_id": "R1", "name": "Ayu"}, {"rep_id": "R2", "name": "Budi"}]
    return dataset({"orders": ORDERS, "reps": reps} | tables, engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_waits_are_as_worked_out_by_hand(engine):
    told = silences(company(engine), as_of=AS_OF).set_index("customer")
    assert list(told.index) == ["Busy", "Regular", "Seldom", "Slow"]  # who is gone is not active
    regular = told.loc["Regular"]
    assert (regular["days_silent"], regular["usual_days"], regular["gaps"]) == (61, 20, 5)
    assert (regular["rep"], regular["last_year"]) == ("Ayu", 600)
    assert regular["last_order"] == pd.Timestamp("2026-05-01")
    assert told.loc["Busy", "days_silent"] == 0 and told.loc["Slow", "usual_days"] == 60


@pytest.mark.parametrize("engine", ENGINES)
def test_quiet_is_who_came_back_often_and_now_waits_more_than_twice_as_long(engine):
    assert quiet(silences(company(engine), as_of=AS_OF))["customer"].tolist() == ["Regular"]


def test_twice_the_usual_wait_is_not_yet_long_and_one_day_more_is():
    orders = every(20, 5, "2026-05-22", "A")  # 40 days before the as-of date
    assert quiet(silences(dataset({"orders": orders}), as_of=AS_OF)).empty
    later = silences(dataset({"orders": [*orders, *every(1, 1, "2026-07-02", "B")]}), as_of=date(2026, 7, 2))
    assert quiet(later)["customer"].tolist() == ["A"]


def test_a_short_wait_is_never_long():
    orders = every(1, 9, "2026-06-01", "A")  # each day, and silent for 30 days
    assert quiet(silences(dataset({"orders": orders}), as_of=AS_OF)).empty


def test_several_orders_on_a_day_are_one_and_later_ones_are_not_known():
    orders = [
        *every(10, 3, "2026-06-01", "A"),
        *every(10, 3, "2026-06-01", "A"),
        *every(1, 1, "2026-07-09", "A"),
    ]
    orders = [one | {"order_id": str(n)} for n, one in enumerate(orders)]
    told = silences(dataset({"orders": orders}), as_of=AS_OF).iloc[0]
    assert (told["gaps"], told["usual_days"], told["days_silent"]) == (2, 10, 30)
    assert told["last_year"] == 60 and told["rep"] is not None


def test_the_last_year_is_that_of_the_customer_and_without_refunds():
    orders = every(365, 2, "2026-05-01", "A", 7)  # the first is 365 days before the last: not of that year
    orders += [{"order_id": "r", "order_date": "2026-04-30", "customer_id": "A", "amount": -5}]
    orders += [{"order_id": "s", "order_date": "2025-05-02", "customer_id": "A", "amount": 3}]
    assert silences(dataset({"orders": orders}), as_of=AS_OF)["last_year"].tolist() == [10]


def test_who_has_left_is_not_asked_for_where_leavings_are_known():
    customers = [
        {"customer_id": "Regular", "left_on": "2026-06-15"},
        {"customer_id": "Gone", "left_on": None},
    ]
    told = silences(company(customers=customers), as_of=AS_OF)
    assert "Regular" not in set(told["customer"]) and "Gone" in set(told["customer"])
    # On the day before, nobody knew that they would leave.
    assert "Regular" in set(silences(company(customers=customers), as_of=date(2026, 6, 14))["customer"])


@pytest.mark.parametrize("engine", ENGINES)
def test_who_is_no_longer_active_is_told_where_asked_for(engine):
    told = silences(company(engine), as_of=AS_OF, has_lost=True).set_index("customer")
    assert list(told.index) == ["Busy", "Gone", "Regular", "Seldom", "Slow"]
    # From 30 June 2025 to 1 July 2026.
    assert told.loc["Gone", ["rep", "days_silent", "gaps"]].tolist() == ["Ayu", 366, 5]
    # Who has left is lost however lately they ordered; who never ordered has no last order.
    customers = [{"customer_id": "Busy", "acquired_on": None, "left_on": "2026-07-01"},
                 {"customer_id": "Never", "acquired_on": "2020-01-01", "left_on": None}]  # fmt: skip
    left = company(engine, customers=customers)
    assert "Busy" not in set(silences(left, as_of=AS_OF)["customer"])
    lost = silences(left, as_of=AS_OF, has_lost=True).set_index("customer")
    assert lost.loc["Busy", "days_silent"] == 0 and "Never" not in lost.index


@pytest.mark.parametrize("engine", ENGINES)
def test_a_customer_belongs_to_the_rep_of_the_latest_order(engine):
    orders = [*every(20, 5, "2026-05-01", "A"), *every(1, 1, "2026-05-11", "A", rep="R2")]
    orders = [one | {"order_id": str(n)} for n, one in enumerate(orders)]
    sales = company(engine, orders=orders)
    assert silences(sales, as_of=AS_OF, where={"rep": "Ayu"}).empty
    told = silences(sales, as_of=AS_OF, where={"rep": "Budi"})
    # All orders count, whoever took them.
    assert told[["rep", "gaps", "days_silent"]].values.tolist() == [["Budi", 5, 51]]


@pytest.mark.parametrize("engine", ENGINES)
def test_all_who_share_the_latest_order_are_named(engine):
    orders = every(20, 5, "2026-05-01", "A")
    credits = [{"order_id": "A0", "rep_id": one, "share": 0.5} for one in ("R2", "R1")]
    told = silences(company(engine, orders=orders, credits=credits), as_of=AS_OF)
    assert told[["customer", "rep", "last_year"]].values.tolist() == [["A", "Ayu, Budi", 50]]


def test_the_data_say_what_they_lack():
    deals = {"deals": [{"deal_id": "1", "stage": "won", "outcome": "won", "closed_on": "2026-01-01"}]}
    with pytest.raises(NotAvailableError, match="orders is missing"):
        silences(dataset(deals), as_of=AS_OF)
    with pytest.raises(NotAvailableError, match="a customer has no product"):
        orders = [one | {"product": "P"} for one in ORDERS]
        silences(dataset({"orders": orders}), as_of=AS_OF, where={"product": "P"})
    assert silences(company(), as_of=date(2000, 1, 1)).empty


def test_silences_of_the_sample_agree_with_a_twin():
    sales = kp.load("data/samples")
    orders = sales.tables["orders"]
    days = defaultdict(set)
    for customer, when, amount in zip(
        orders["customer_id"].astype(str), orders["order_date"], orders["amount"], strict=True
    ):
        if amount >= 0:
            days[customer].add(when.date())
    told = silences(sales, as_of=sales.as_of)
    assert len(told) > 100
    for one in told.to_dict("records"):
        own = sorted(days[one["customer"]])
        waits = [(b - a).days for a, b in pairwise(own)]
        assert one["days_silent"] == (sales.as_of - own[-1]).days and one["gaps"] == len(waits)
        assert pd.isna(one["usual_days"]) if not waits else one["usual_days"] == median(waits)
    active = kp.measure(sales, "active_customers", period=f"{sales.as_of}/{sales.as_of}")["value"].iloc[0]
    assert len(told) == active


def test_engines_agree_on_the_sample():
    known = [
        silences(kp.load("data/samples", engine=one), as_of=date(2026, 9, 30)) for one in ("pandas", "polars")
    ]
    pd.testing.assert_frame_equal(*known)


def test_the_largest_of_few_customers_are_worked_out_by_hand():
    # 60 + 20 + 10 + 10 = 100: the largest has 60%, the largest half, two of four, 80%.
    told = concentration([10, 60, 10, 20, 0, -5])
    assert told[["group", "customers", "value"]].values.tolist() == [
        ["largest", 1, 60], ["largest half", 2, 80], ["all", 4, 100],
    ]  # fmt: skip
    assert told["share"].tolist() == [0.6, 0.8, 1]


@pytest.mark.parametrize("count", [0, 1, 2, 9, 10, 11, 50, 100, 101, 1234])
def test_groups_are_named_once_and_end_with_all(count):
    named = counts_of(count)
    assert list(named) == sorted(named) and (not count or named[count] == "all")
    told = concentration([1.0] * count)
    assert told["customers"].tolist() == list(named)
    assert all(abs(share - n / count) < 1e-12 for share, n in zip(told["share"], named, strict=True))


def test_nothing_bought_has_no_largest():
    assert concentration([0.0, 0.0]).empty and concentration([]).empty
