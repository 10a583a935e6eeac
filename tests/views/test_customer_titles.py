"""Titles of the review of customers: each is true, in ties, with none, with all, and in the first year."""

from __future__ import annotations

from datetime import date
from functools import reduce
from operator import add

import pandas as pd
import pytest

import kpikit as kp
from kpikit.kpis.concentration import concentration
from kpikit.views.ages_chart import age_finding
from kpikit.views.cohort_table import cohort_finding
from kpikit.views.customer_tables import largest_finding, quiet_finding
from kpikit.views.customer_worth import concentration_finding, worth_finding
from kpikit.views.customers import VALUE_PER_COST, concentrated
from kpikit.views.team import open_view
from tests.builders import dataset
from tests.views.test_customer_review import ORDERS, view

NAN = float("nan")


def shares(*known: tuple[str, float, float, bool, bool]) -> pd.DataFrame:
    """Rows of `aged` from (start, new, existing, is_complete, is_censored)."""
    rows = []
    for start, new, existing, is_complete, is_censored in known:
        for age, value in (("new", new), ("existing", existing)):
            whole = new + existing
            rows.append({"period": start[:7], "start": pd.Timestamp(start), "customer_age": age,
                         "end": pd.Timestamp(start) + pd.offsets.MonthEnd(1),
                         "value": value, "share": value / whole if whole else NAN,
                         "is_complete": is_complete, "is_censored": is_censored})  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize(("known", "title"), [
    ([("2025-01-01", 10, 90, True, False), ("2026-01-01", 20, 80, True, False)],
     "New customers brought 20% of revenue in Jan 2026, against 10% a year before"),
    ([("2025-12-01", 20, 80, True, False), ("2026-01-01", 20, 80, True, False)],
     "New customers brought 20% of revenue in Jan 2026, as in the month before"),
    ([("2025-01-01", 10, 90, True, True), ("2026-01-01", 20, 80, True, False)],
     "New customers brought 20% of revenue in Jan 2026"),
    ([("2026-01-01", 20, 80, True, False), ("2026-02-01", 50, 50, False, False)],
     "New customers brought 20% of revenue in Jan 2026"),
    ([("2026-01-01", 20, 0, True, True)],
     "In Jan 2026 nobody is an existing customer yet: the data start within the year before"),
    ([("2026-01-01", 0, 0, True, False)], "There was no revenue in Jan 2026"),
    ([("2026-01-01", 1, 1, False, False)], "There is no complete month of revenue yet"),
])  # fmt: skip
def test_the_title_of_the_ages_is_true(known, title):
    assert age_finding(shares(*known), grain="month") == title


def test_of_a_unit_in_which_the_first_year_of_the_data_ends_no_share_is_told():
    rows = shares(("2026-01-01", 13, 87, True, True))
    assert age_finding(rows, grain="month", known=date(2026, 1, 3)) == (
        "Who is new in Jan 2026 is not all known: before 3 Jan 2026 all customers look new"
    )
    # The last day of the year of old customers is the 31st: nobody can be one in January.
    assert "nobody is an existing customer" in age_finding(rows, grain="month", known=date(2026, 2, 1))
    # The sample data start on 3 January 2022.
    shown = open_view("data/samples", period="2023", grain="year", as_of="2023-12-31")
    told = shown.drawn("customer_ages")
    assert told.title == "Who is new in 2023 is not all known: before 3 Jan 2023 all customers look new"
    shown = open_view("data/samples", period="2023-Q2", grain="quarter", as_of="2023-12-31")
    note = "before 3 Jan 2023 all look new, for the data start a year before"
    assert note in shown.drawn("customer_ages").table.subtitle
    note = "before 3 Jan 2023 customers of long ago look new, for the data start a year before"
    assert note in shown.drawn("acquisition").table.subtitle


def cohort(**columns: list) -> pd.DataFrame:
    return pd.DataFrame({"is_complete": True, "is_censored": False} | columns)


@pytest.mark.parametrize(("told", "title"), [
    (cohort(age=[0], n=[0], of=[0]), "Nobody ordered for the first time here"),
    (cohort(age=[0], n=[9], of=[9]), "It is too early to say whether new customers come back"),
    (cohort(age=[0, 1], n=[4, 4], of=[4, 4]),
     "Too few to say how many come back: four customers with a first order can be followed"),
    (cohort(age=[0, 1], n=[9, 0], of=[9, 9]),
     "None of the new customers ordered again one quarter after their first order"),
    (cohort(age=[0, 1], n=[9, 9], of=[9, 9]),
     "All new customers ordered again one quarter after their first order"),
    (cohort(age=[0, 1, 4], n=[9, 9, 3], of=[9, 9, 6], is_censored=[True, True, True]),
     "All customers ordered again one quarter after their first order, and 50% did four quarters after it"),
])  # fmt: skip
def test_the_title_of_cohorts_is_true(told, title):
    assert cohort_finding(told, grain="quarter") == title


def test_two_halves_after_the_first_order_are_halves():
    told = cohort(age=[0, 1, 2], n=[9, 9, 3], of=[9, 9, 6])
    assert cohort_finding(told, grain="half").endswith("and 50% did two halves after it")


def largest(*changes: float) -> pd.DataFrame:
    return pd.DataFrame({"group": "largest", "change": changes, "share": 0.01})


@pytest.mark.parametrize(("changes", "title"), [
    ((1.0, -1.0, 0.0), "One of the three largest customers bought more than in 2026-Q1, one less"),
    ((1.0, 1.0), "Both largest customers bought more than in 2026-Q1"),
    ((-1.0, -1.0), "None of the two largest customers bought more than in 2026-Q1, two less"),
    ((NAN, NAN), "The two largest customers brought 2% of revenue"),
])  # fmt: skip
def test_the_title_of_the_largest_is_true(changes, title):
    assert largest_finding(largest(*changes), customers=9, reference="2026-Q1") == title


@pytest.mark.parametrize(("changes", "title"), [
    ((1.0, -1.0, 0.0), "One of the three customers bought more than in 2026-Q1, one less"),
    ((1.0, 1.0), "Both customers bought more than in 2026-Q1"),
    ((1.0,), "The one customer bought more than in 2026-Q1"),
    ((0.0,), "The one customer bought as much as in 2026-Q1"),
    ((), "No customer bought anything; 20 customers did in 2026-Q1"),
])  # fmt: skip
def test_where_all_customers_are_shown_none_is_called_the_largest(changes, title):
    own = largest(*changes)
    assert largest_finding(own, customers=len(own), before=20, reference="2026-Q1") == title


def test_four_customers_who_bought_all_brought_all():
    # 0.7 + 0.1 + 0.1 + 0.1 is a little less than 1 in a computer.
    own = largest(NAN, NAN, NAN, NAN).assign(share=[0.7, 0.1, 0.1, 0.1])
    assert own["share"].sum() < 1
    assert largest_finding(own, customers=4) == "The four customers brought 100% of revenue"
    half = own.assign(share=0.00175)
    assert largest_finding(half, customers=9, language="id").endswith("brought 0,7% of revenue")


def test_the_title_of_the_concentration_is_true():
    def told(*values: float, before: float = NAN) -> str:
        rows = concentration(values).rename(columns={"customers": "n"}).assign(share_before=before)
        return concentration_finding(rows, reference="2026-Q1")

    assert told(5) == "One customer brought all revenue"
    assert told(3, 1) == "The largest customer brought 75% of revenue"
    assert told(*[1] * 20) == "The ten largest of 20 customers brought 50% of revenue"
    assert told(*[1] * 20, before=0.5).endswith("brought 50% of revenue, as in 2026-Q1")
    assert told(*[1] * 20, before=0.6).endswith("brought 50% of revenue, against 60% in 2026-Q1")


def test_without_a_plan_both_lifetime_values_are_told():
    rows = pd.DataFrame(
        {"kpi": ["customer_lifetime_value"] * 2 + [""], "convention": ["simple", "historic", ""],
         "value": [300.0, 200.0, 3.0], "group": ["", "", VALUE_PER_COST]}
    )  # fmt: skip
    both = "A customer has brought $200 so far (historic), and may bring $300 in all (simple)"
    assert worth_finding(rows, currency="USD") == both
    planned = "A customer is worth $300 (simple, the plan's convention), 3.0 times what it costs to win one"
    assert worth_finding(rows, planned="simple", currency="USD") == planned
    assert worth_finding(rows.assign(value=NAN)) == "What a customer is worth is not known here"


def test_the_title_of_the_quiet_is_true():
    assert quiet_finding(pd.DataFrame(), 0) == "No customer is active"
    assert quiet_finding(pd.DataFrame(), 9) == "None of 9 active customers has gone quiet"
    assert quiet_finding(pd.DataFrame({"a": [1]}), 1) == "The one active customer has gone quiet"


def test_who_never_ordered_is_none_of_those_who_can_go_quiet():
    one = pd.DataFrame({"a": [1]})
    assert quiet_finding(pd.DataFrame(), 0, has_left=True) == "No active customer has ordered"
    assert quiet_finding(one, 1, has_left=True) == "The one active customer who has ordered has gone quiet"
    assert quiet_finding(one, 9, has_left=True) == (
        "One of 9 active customers who have ordered has gone quiet"
    )
    customers = [{"customer_id": name, "acquired_on": "2024-01-01", "left_on": None} for name in "AXY"]
    customers.append({"customer_id": "B", "acquired_on": "2024-01-01", "left_on": "2026-01-01"})
    shown = view({"orders": ORDERS[:2], "customers": customers})
    # A, X and Y are active; of them A alone has ever ordered.
    active = kp.measure(shown.figures.dataset, "active_customers", period="2026-Q2", as_of="2026-06-30")
    assert active["value"].tolist() == [3]
    assert "The one active customer who has ordered has not gone quiet" in shown.drawn("quiet_customers").text


def plain_sum(numbers: list[float]) -> float:
    """Add numbers one by one; from Python 3.12 on, `sum` makes good what that loses."""
    return reduce(add, numbers)


def test_all_customers_bring_all_revenue_whatever_the_sum_leaves_in_floating_point():
    """As floating point, the sum of the ten amounts is 0.9999999999999999."""
    assert plain_sum([0.1] * 10) < 1
    orders = [{"order_id": str(n), "order_date": date(2026, 2, 1), "customer_id": f"c{n}", "amount": 0.1}
              for n in range(10)]  # fmt: skip
    shown = open_view(dataset({"orders": orders}), period="2026-02").figures
    shares = concentrated(shown).set_index("group")["share"]
    assert shares["all"] == 1.0


@pytest.mark.parametrize("first", [0.7, 2.2, 3.3])
@pytest.mark.parametrize("step", [1, -1])
def test_the_order_in_which_customers_are_summed_takes_nothing_from_all(first, step):
    """Summed as they come, and from the largest on, these amounts differ in the last digit."""
    amounts = [first, 0.2, 0.3, 5.6, 11.4, 1.9, 6.4, 17.3]
    assert plain_sum(amounts) != plain_sum(sorted(amounts, reverse=True))
    orders = [{"order_id": str(n), "order_date": date(2026, 2, 1), "customer_id": f"c{n}", "amount": amount}
              for n, amount in enumerate(sorted(amounts)[::step])]  # fmt: skip
    shown = open_view(dataset({"orders": orders}), period="2026-02").figures
    assert concentrated(shown).set_index("group")["share"]["all"] == 1.0


def test_nobody_is_warned_of_a_lifetime_value_that_is_not_there():
    """All orders are of one day after the period: the data reach back less than nothing."""
    orders = [{"order_id": str(n), "order_date": date(2026, 5, 4), "customer_id": f"c{n}", "amount": 9.0}
              for n in range(6)]  # fmt: skip
    known = {"acquired_on": date(2020, 1, 1)}
    customers = [{"customer_id": f"c{n}", "left_on": date(2026, 2, 1) if n else None} | known
                 for n in range(6)]  # fmt: skip
    shown = open_view(dataset({"orders": orders, "customers": customers}), period="2026-Q1")
    assert "reach back" not in shown.drawn("lifetime_value").text


def test_the_largest_of_a_running_period_are_not_held_against_those_of_a_whole_one():
    orders = [{"order_id": f"{month}-{n}", "order_date": date(2026, month, 2), "customer_id": f"c{n}",
               "amount": 9.0} for month in (1, 2) for n in range(12)]  # fmt: skip
    for as_of, is_fair in (("2026-02-03", False), ("2026-02-28", True)):
        shown = open_view(dataset({"orders": orders}), period="2026-02", as_of=as_of)
        assert concentrated(shown.figures)["share_before"].notna().any() == is_fair
        assert ("2026-01" in shown.drawn("concentration").description) == is_fair
