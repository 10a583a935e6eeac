"""Cohorts against a table worked out by hand and a plain-Python twin, on every engine."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kpikit as kp
from kpikit.errors import NotAvailableError
from kpikit.kpis.cohorts import censored_until, cohorts, judged, overall
from kpikit.periods import Period, parse_period, split
from tests.builders import ENGINES, dataset

AS_OF = date(2026, 7, 20)
# Customer A orders in each quarter from 2025-Q1 on, B in Q1 and Q3, C first in Q3, D first in 2026-Q1.
ORDERS = [
    ("1", "2025-01-10", "A", 10, "R1"),
    ("2", "2025-02-01", "A", 10, "R2"),
    ("3", "2025-05-05", "A", 10, "R2"),
    ("4", "2025-03-31", "B", 10, "R2"),
    ("5", "2025-09-30", "B", 10, "R1"),
    ("6", "2025-07-01", "A", 10, "R1"),
    ("7", "2025-08-08", "C", 10, "R1"),
    ("8", "2025-12-31", "A", 10, "R1"),
    ("9", "2026-01-01", "D", 10, "R2"),
    ("10", "2026-04-15", "D", 10, "R2"),
    ("11", "2026-07-15", "D", 10, "R2"),
    ("12", "2026-08-01", "C", 10, "R1"),  # after the as-of date: not known yet
]


def company(engine: str = "pandas") -> kp.Dataset:
    names = ("order_id", "order_date", "customer_id", "amount", "rep_id")
    orders = [dict(zip(names, row, strict=True)) for row in ORDERS]
    # A refund is no order, and a customer who is not known is in no cohort.
    orders.append({"order_id": "13", "order_date": "2025-04-02", "customer_id": "B", "amount": -5})
    orders.append({"order_id": "14", "order_date": "2025-01-02", "customer_id": None, "amount": 5})
    reps = [{"rep_id": "R1", "team": "West"}, {"rep_id": "R2", "team": "East"}]
    return dataset({"orders": orders, "reps": reps}, engine)


def quarters(first: str = "2025-01-01", last: str = "2026-09-30") -> list[Period]:
    return split(parse_period(f"{first}/{last}", AS_OF), "quarter")


def cells(told: pd.DataFrame) -> dict[str, list[int]]:
    return {name: own["n"].tolist() for name, own in told.groupby("cohort") if own["of"].any()}


@pytest.mark.parametrize("engine", ENGINES)
def test_cohorts_are_as_worked_out_by_hand(engine):
    told = cohorts(company(engine), quarters(), as_of=AS_OF)
    assert cells(told) == {
        "2025-Q1": [2, 1, 2, 1, 0, 0, 0],  # A and B; A in Q2; both in Q3; A in Q4; none since
        "2025-Q3": [1, 0, 0, 0, 0],  # C, whose second order is not known on the as-of date
        "2026-Q1": [1, 1, 1],  # D
    }
    first = told[told["cohort"] == "2025-Q1"]
    assert first["of"].eq(2).all() and first["share"].tolist() == [1, 0.5, 1, 0.5, 0, 0, 0]
    assert first["period"].tolist()[-1] == "2026-Q3" and first["is_complete"].tolist() == [True] * 6 + [False]


def test_a_unit_that_has_not_begun_has_no_row_and_an_empty_cohort_no_share():
    told = cohorts(company(), quarters(last="2027-03-31"), as_of=AS_OF)
    assert set(told["period"]) == {one.label for one in quarters()}
    empty = told[told["cohort"] == "2025-Q2"]
    assert empty["of"].eq(0).all() and empty["share"].isna().all()
    assert cohorts(company(), quarters("2027-01-01", "2027-03-31"), as_of=AS_OF).empty


@pytest.mark.parametrize("engine", ENGINES)
def test_a_customer_belongs_to_a_scope_by_the_first_order_and_later_ones_all_count(engine):
    own = cohorts(company(engine), quarters(), as_of=AS_OF, where={"team": "West"})
    # A and C came through R1; that R2 took A's later orders changes nothing. B and D came through R2.
    assert cells(own) == {"2025-Q1": [1, 1, 1, 1, 0, 0, 0], "2025-Q3": [1, 0, 0, 0, 0]}
    rest = cohorts(company(engine), quarters(), as_of=AS_OF, where={"rep": "R2"})
    assert cells(rest) == {"2025-Q1": [1, 0, 1, 0, 0, 0, 0], "2026-Q1": [1, 1, 1]}


def test_customers_of_before_the_first_unit_are_in_no_cohort():
    told = cohorts(company(), quarters("2025-07-01"), as_of=AS_OF)
    assert cells(told) == {"2025-Q3": [1, 0, 0, 0, 0], "2026-Q1": [1, 1, 1]}


def test_cohorts_within_a_year_of_the_first_order_are_censored():
    # The first known customer ordered on 10 January 2025; 365 days later is 10 January 2026.
    assert censored_until(company(), AS_OF) == date(2026, 1, 10)
    told = cohorts(company(), quarters(), as_of=AS_OF).drop_duplicates("cohort")
    assert dict(zip(told["cohort"], told["is_censored"], strict=True)) == {
        "2025-Q1": True, "2025-Q2": True, "2025-Q3": True, "2025-Q4": True, "2026-Q1": True,
        "2026-Q2": False, "2026-Q3": False,
    }  # fmt: skip
    assert censored_until(company(), date(2024, 12, 31)) is None


def test_all_together_are_a_ratio_of_sums_over_units_that_are_over():
    told = overall(cohorts(company(), quarters(), as_of=AS_OF)).set_index("age")
    # One unit later: 1 of 2, 0 of 1, 1 of 1. D's third quarter is still running.
    assert told.loc[1, ["n", "of", "cohorts"]].tolist() == [2, 4, 3] and told.loc[1, "share"] == 0.5
    assert told.loc[2, ["n", "of", "cohorts"]].tolist() == [2, 3, 2]


def test_censored_cohorts_count_only_where_the_others_are_too_few():
    def rows(size: int) -> pd.DataFrame:
        return pd.DataFrame({"age": [0, 1, 0, 1], "n": [9, 9, size, 0], "of": [9, 9, size, size],
                             "is_complete": True, "is_censored": [True, True, False, False]})  # fmt: skip

    assert judged(rows(20))["is_censored"].any() == False  # noqa: E712
    assert judged(rows(19))["is_censored"].any()
    assert overall(rows(20))["share"].tolist() == [1, 0] and overall(rows(19))["of"].tolist() == [28, 28]


def test_the_data_say_what_they_lack():
    deals = {"deals": [{"deal_id": "1", "stage": "won", "outcome": "won", "closed_on": "2026-01-01"}]}
    with pytest.raises(NotAvailableError, match="orders is missing"):
        cohorts(dataset(deals), quarters(), as_of=AS_OF)
    orders = {"orders": [{"order_id": "1", "order_date": "2026-01-01", "customer_id": "A", "amount": 1,
                          "product": "P"}]}  # fmt: skip
    with pytest.raises(NotAvailableError, match="a customer's first order has no product"):
        cohorts(dataset(orders), quarters(), as_of=AS_OF, where={"product": "P"})


@pytest.mark.parametrize("engine", ENGINES)
def test_a_shared_first_order_brings_its_customer_to_each_who_shares_it(engine):
    orders = [{"order_id": "1", "order_date": "2026-01-05", "customer_id": "A", "amount": 9, "rep_id": "R1"}]
    orders += [orders[0] | {"order_id": "2", "order_date": "2026-04-05", "rep_id": "R3"}]
    credits = [{"order_id": "1", "rep_id": one, "share": 0.5} for one in ("R1", "R2")]
    reps = [{"rep_id": one} for one in ("R1", "R2", "R3")]
    shared = dataset({"orders": orders, "reps": reps, "credits": credits}, engine)
    for rep, expected in (("R1", {"2026-Q1": [1, 1, 0]}), ("R2", {"2026-Q1": [1, 1, 0]}), ("R3", {})):
        told = cohorts(shared, quarters("2026-01-01"), as_of=AS_OF, where={"rep": rep})
        assert cells(told) == expected
    both = cohorts(shared, quarters("2026-01-01"), as_of=AS_OF, where={"rep": ["R1", "R2"]})
    assert cells(both) == {"2026-Q1": [1, 1, 0]}


def twin(orders: list[dict], units: list[Period], as_of: date) -> dict[str, list[int]]:
    """Loops over customers and their days, and nothing else."""
    days = defaultdict(set)
    for one in orders:
        when = date.fromisoformat(one["order_date"])
        if one["amount"] >= 0 and when <= as_of:
            days[one["customer_id"]].add(when)
    found = {}
    for place, unit in enumerate(units):
        own = [c for c in days if unit.start <= min(days[c]) <= unit.end]
        later = [one for one in units[place:] if one.start <= as_of]
        if own:
            found[unit.label] = [sum(any(u.start <= d <= u.end for d in days[c]) for c in own) for u in later]
    return found


LINES = st.lists(
    st.tuples(st.integers(0, 700), st.sampled_from("ABCDEFG"), st.sampled_from([5, 7, 0, -3])),
    min_size=1, max_size=40,
)  # fmt: skip


@settings(max_examples=25)
@given(lines=LINES, grain=st.sampled_from(["month", "quarter", "year"]), back=st.integers(0, 400))
def test_cohorts_agree_with_the_twin(lines, grain, back):
    begin = date(2024, 11, 15)
    orders = [
        {"order_id": str(n), "order_date": (begin + timedelta(day)).isoformat(), "customer_id": customer,
         "amount": amount} for n, (day, customer, amount) in enumerate(lines)
    ]  # fmt: skip
    as_of = begin + timedelta(700 - back)
    units = split(parse_period("2025-01-01/2026-12-31", as_of), grain)
    for engine in ("pandas", "polars"):
        assert cells(cohorts(dataset({"orders": orders}, engine), units, as_of=as_of)) == twin(
            orders, units, as_of
        )


def test_the_size_of_a_cohort_is_the_number_of_new_customers():
    sales = kp.load("data/samples")
    units = split(parse_period("2023-01-01/2026-09-30", sales.as_of), "quarter")
    for where in (None, {"rep": "Ayu Lestari"}, {"region": "Bali", "channel": "WhatsApp"}):
        told = cohorts(sales, units, as_of=sales.as_of, where=where)
        new = kp.measure(sales, "new_customers", period="2023-01-01/2026-09-30", grain="quarter", where=where)
        assert told.loc[told["age"] == 0, "of"].tolist() == new["value"].fillna(0).astype(int).tolist()


@pytest.mark.external
def test_cohorts_of_cdnow_agree_with_pandas(external_data):
    """The customers of CDNOW began in the first quarter of 1997: three monthly cohorts, and no more."""
    path = external_data("cdnow") / "CDNOW_sample.txt"
    names = ["master", "customer_id", "day", "quantity", "amount"]
    lines = pd.read_csv(path, sep=r"\s+", names=names, dtype={"customer_id": str, "day": str})
    lines["order_date"] = pd.to_datetime(lines["day"], format="%Y%m%d")
    lines["order_id"] = [str(n) for n in range(len(lines))]
    sales = kp.Dataset({"orders": lines[["order_id", "order_date", "customer_id", "amount"]]})
    units = split(parse_period("1997-01-01/1998-06-30", sales.as_of), "month")
    told = cohorts(sales, units, as_of=sales.as_of)
    month = lines["order_date"].dt.to_period("M")
    first = month.groupby(lines["customer_id"]).transform("min")
    expected = lines.groupby([first, month])["customer_id"].nunique()
    known = cells(told)
    assert list(known) == ["1997-01", "1997-02", "1997-03"] and sum(own[0] for own in known.values()) == 2357
    for name, own in known.items():
        later = pd.period_range(name, periods=len(own), freq="M")
        assert own == [int(expected.get((pd.Period(name), one), 0)) for one in later]
