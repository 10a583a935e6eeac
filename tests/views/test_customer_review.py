"""The review of customers: its frames worked out by hand, and parts that say what they leave out."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

import kpikit as kp
from kpikit.views.customers import (
    VALUE_PER_COST,
    aged,
    by_customer,
    concentrated,
    followed,
    planned_value,
    quiet_ones,
    standing_out,
    won,
    worth,
)
from kpikit.views.team import View, open_view
from tests.builders import dataset
from tests.views.frames import HOSTILE, addresses

PARTS = ("acquisition", "acquisition_rate", "breakdown", "cohorts", "customer_ages", "lifetime_value")
PARTS += ("concentration", "largest_customers", "quiet_customers")


def order(number: int, day: str, customer: str | None, amount: float, **more: Any) -> dict[str, Any]:
    return {"order_id": str(number), "order_date": day, "customer_id": customer, "amount": amount, **more}


# Data start on 1 January 2024. A and B are of that year, C is new in 2025-Q2, D in 2026-Q1, E in 2026-Q2.
ORDERS = [
    order(1, "2024-01-01", "A", 100), order(2, "2024-02-01", "B", 50), order(3, "2025-05-01", "C", 40),
    order(4, "2025-05-02", "A", 60), order(5, "2026-01-10", "D", 30), order(6, "2026-02-10", "A", 200),
    order(7, "2026-02-11", "C", 70), order(8, "2026-04-10", "A", 300), order(9, "2026-05-10", "E", 20),
    order(10, "2026-06-10", "D", 60), order(11, "2026-06-30", None, 10),
]  # fmt: skip


def view(tables: dict[str, list] | None = None, **parameters: Any) -> View:
    asked = {"period": "2026-Q2", "as_of": "2026-06-30", "grain": "quarter", "kpi": "new_customers"}
    return open_view(dataset(tables or {"orders": ORDERS}, currency="USD"), **(asked | parameters))


def text(drawn: Any) -> str:
    return drawn.text if hasattr(drawn, "text") else f"{drawn.title}\n{drawn.description}"


def test_new_customers_are_not_compared_with_the_first_year_of_the_data():
    rows = won(view().figures, "new_customers").set_index("period")
    assert rows.loc["2024-Q1":, "value"].tolist() == [2, 0, 0, 0, 0, 1, 0, 0, 1, 1]
    # 2026-Q1 has its year before, 2025-Q1; 2025-Q2 would have 2024-Q2, when old customers looked new.
    assert rows["reference"].dropna().to_dict() == {"2026-Q1": 0, "2026-Q2": 1}
    assert rows.index[0] == "2024-Q1" and rows["is_censored"].sum() == 4


def test_a_rate_of_the_first_year_is_not_known():
    rows = won(view().figures, "acquisition_rate").set_index("period")
    assert rows.loc["2024-Q2":"2024-Q4", "value"].isna().all()
    # Active on 31 March 2026 are A, C and D, of the 365 days before: E is one on three.
    assert rows.loc["2026-Q2", "value"] == pytest.approx(1 / 3)


def test_revenue_by_age_adds_up_to_all_revenue():
    shown = view().figures
    rows = aged(shown)
    own = rows[rows["period"] == "2026-Q2"].set_index("customer_age")
    # A has ordered since 2024; D and E began within the year; nobody knows whose the last order is.
    assert own["value"].to_dict() == {"existing": 300, "new": 80, "no customer_age": 10}
    assert own.loc["new", "share"] == pytest.approx(80 / 390)
    whole = kp.measure(shown.dataset, "revenue", period="2024-01-01/2026-06-30", grain="quarter")
    sums = rows.groupby("period")["value"].sum()
    assert sums.to_dict() == whole.set_index("period")["value"].to_dict()


def test_customers_are_compared_and_who_stopped_is_there_with_nothing():
    rows = by_customer(view().figures).set_index("customer")
    assert rows["value"].to_dict() == {"A": 300, "D": 60, "E": 20, "C": 0}
    assert rows["reference"].to_dict() == {"A": 200, "D": 30, "E": 0, "C": 70}
    # Of all revenue, with the 10 that nobody is known to have brought.
    assert rows.loc["A", "share"] == pytest.approx(300 / 390)
    assert rows.loc["C", "change_ratio"] == -1 and pd.isna(rows.loc["E", "change_ratio"])


def test_nothing_is_compared_with_a_time_before_the_data():
    rows = by_customer(view(period="2024-Q1").figures)
    assert rows["reference"].isna().all() and rows["change"].isna().all()
    assert by_customer(view(compare="").figures)["reference"].isna().all()


def test_the_largest_of_each_period_are_its_own():
    rows = concentrated(view().figures).set_index("group")
    # Now A alone of three; then A of three (A 200, C 70, D 30): 200 of 300.
    assert rows.loc["largest", ["value", "reference"]].tolist() == [300, 200]
    assert rows.loc["largest", "share"] == pytest.approx(300 / 390)
    assert rows.loc["largest", "share_before"] == pytest.approx(200 / 300)
    assert rows.loc["all", "n"] == 3


def test_revenue_without_a_customer_is_a_part_of_the_whole():
    day = "2026-05-01"
    orders = [order(1, day, "A", 60), order(2, day, "B", 40), order(3, day, None, 900)]
    shown = view({"orders": orders})
    drawn = shown.drawn("concentration")
    # 60 and 100 of 1,000.
    assert drawn.title == "The largest customer brought 6% of revenue"
    assert drawn.table.subtitle.endswith("90% of revenue has no customer")
    assert drawn.table.rows[-1][-1] == "10%"
    told = shown.drawn("largest_customers").text
    assert told.startswith("The two customers brought 10% of revenue\n")
    assert "Share: of all revenue; 90% of revenue has no customer." in told
    assert "A | $60.00 | 6% | " in told
    one = view({"orders": orders[::2]}).drawn("concentration")
    assert one.title == "One customer brought 6% of revenue"
    # A customer who gave more back than they bought makes nobody's share larger than it is.
    less = concentrated(view({"orders": [*orders[:2], order(3, day, "C", -50)]}).figures)
    assert less["share"].tolist() == [0.6, 1.0]


# Of A, B took the last order; C and D are Ayu's, and C has not ordered for more than a year by July 2027.
SHARED = [
    order(1, "2026-01-10", "A", 90, rep_id="R2"), order(2, "2026-04-05", "A", 40, rep_id="R1"),
    order(3, "2026-06-20", "A", 500, rep_id="R2"), order(4, "2026-02-10", "C", 70, rep_id="R1"),
    order(5, "2026-02-11", "D", 60, rep_id="R1"), order(6, "2026-05-11", "D", 10, rep_id="R1"),
    order(7, "2026-05-30", "D", 800, rep_id="R2"),
]  # fmt: skip
STAFF = [{"rep_id": "R1", "name": "Ayu"}, {"rep_id": "R2", "name": "Budi"}]


def test_on_the_page_of_a_rep_the_last_order_is_that_of_the_customer():
    shown = view({"orders": SHARED, "reps": STAFF}, rep="Ayu")
    rows = standing_out(shown.figures).set_index("customer")
    # Of Ayu, April to June: A 40, D 10; before: C 70, D 60. The last orders of A and D are Budi's.
    assert rows["value"].to_dict() == {"A": 40, "D": 10, "C": 0}
    assert rows["rep"].to_dict() == {"A": "Budi", "D": "Budi", "C": "Ayu"}
    assert rows["days_silent"].to_dict() == {"A": 10, "D": 31, "C": 140}
    lines = shown.drawn("largest_customers").text.splitlines()
    last = {line.split(" | ")[0]: line.split(" | ")[-1] for line in lines if " | " in line}
    assert last == {"Customer": "Worth a call", "A": "nothing in 2026-Q1", "D": "fell: ask why",
                    "C": "nothing in 2026-Q2"}  # fmt: skip
    assert lines[-2:] == [
        "Last order and rep: of the customer as a whole, as of 30 Jun 2026.",
        "Revenue, share and change: of this page's scope alone; a customer may buy outside it, too.",
    ]


def test_who_is_no_longer_active_has_a_last_order():
    shown = view({"orders": SHARED, "reps": STAFF}, rep="Ayu", as_of="2027-07-01")
    rows = standing_out(shown.figures).set_index("customer")
    # From 10 February 2026 to 10 February 2027, and 141 days.
    assert rows.loc["C", ["rep", "days_silent", "is_quiet"]].tolist() == ["Ayu", 506, False]
    assert rows.loc["C", "last_order"] == pd.Timestamp("2026-02-10")


def test_without_a_scope_nothing_is_said_of_one():
    told = view({"orders": SHARED, "reps": STAFF}).drawn("largest_customers").text
    assert told.splitlines()[-1] == "Last order and rep: as of 30 Jun 2026." and "scope" not in told


def test_who_fell_is_told_apart_only_when_the_period_is_over():
    rows = standing_out(view().figures)
    assert rows[["customer", "group"]].values.tolist() == [
        ["A", "largest"], ["D", "largest"], ["E", "largest"], ["C", "fell most"],
    ]  # fmt: skip
    assert rows.set_index("customer").loc["C", "last_order"] == pd.Timestamp("2026-02-11")
    running = standing_out(view(as_of="2026-06-15").figures)
    assert set(running["group"]) == {"largest"}


def test_the_lifetime_value_of_the_plan_comes_first_and_is_divided_by_its_cost():
    shown = open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3").figures
    assert planned_value(shown.plan)[0] == "simple"
    rows = worth(shown)
    assert rows["convention"].tolist()[:2] == ["simple", "historic"]
    names = ["customer_lifetime_value:simple", "customer_acquisition_cost"]
    value, cost = kp.measure(shown.dataset, names, period="2026-Q3")["value"]
    assert rows.iloc[-1][["group", "value"]].tolist() == [VALUE_PER_COST, value / cost]
    assert planned_value(None) == ("", "")


def test_cohorts_follow_the_scope_and_the_grain():
    told, why = followed(view(grain="year").figures)
    assert not why and told["cohort"].unique().tolist()[-3:] == ["2024", "2025", "2026"]
    own = told[told["cohort"] == "2024"].set_index("age")
    assert own["n"].tolist() == [2, 1, 1] and own["is_complete"].tolist() == [True, True, False]


def test_quiet_ones_carry_what_they_bought():
    orders = [order(n, f"2026-0{n}-01", "Q", 10.0) for n in range(1, 6)]
    rows, active, why = quiet_ones(view({"orders": [*orders, order(9, "2026-09-30", "Z", 1)]},
                                        as_of="2026-09-30").figures)  # fmt: skip
    # Monthly until May, then nothing for 152 days.
    assert not why and active == 2 and rows[["customer", "value", "n"]].values.tolist() == [["Q", 50, 5]]


@pytest.mark.parametrize("part", PARTS)
def test_each_part_says_why_where_there_are_only_deals(part):
    deals = [{"deal_id": "1", "stage": "won", "outcome": "won", "closed_on": "2026-05-05", "amount": 9}]
    told = text(view({"deals": deals}).drawn(part))
    assert "the data have no table of orders" in told


@pytest.mark.parametrize("parameters", [
    {"orders": ORDERS[:1]},
    {"orders": ORDERS[:1], "period": "2024-Q1", "as_of": "2024-01-01"},
    {"orders": ORDERS, "period": "2023-Q1"},
    {"orders": ORDERS, "period": "2026-Q4"},
    {"orders": ORDERS, "period": "all time", "compare": "", "grain": "year"},
    {"orders": ORDERS, "period": "2026-06", "grain": "week", "language": "id"},
    {"orders": [one | {"amount": None} for one in ORDERS]},
    {"orders": [one | {"amount": 0.0} for one in ORDERS]},
    {"orders": [one | {"amount": -5.0} for one in ORDERS]},
    {"orders": [one | {"customer_id": None} for one in ORDERS]},
    {"orders": [one | {"order_date": None} for one in ORDERS[1:]] + ORDERS[:1]},
    {"orders": [one | {"customer_id": HOSTILE, "rep_id": HOSTILE} for one in ORDERS]},
], ids=lambda one: str({name: value for name, value in one.items() if name != "orders"})[:50])  # fmt: skip
def test_no_part_fails_whatever_the_data(parameters):
    orders = parameters["orders"]
    shown = view({"orders": orders}, **{name: one for name, one in parameters.items() if name != "orders"})
    for part in PARTS:
        drawn = shown.drawn(part)
        told = text(drawn)
        assert told and not re.search(r"\bnan\b|\bNaT\b|\binf\b|: None|\| None", told)
        if hasattr(drawn, "html"):
            assert HOSTILE not in drawn.html
        else:
            assert addresses(drawn.specification) == []
    assert shown.written(kp.results, PARTS) is not None


@pytest.mark.parametrize(
    ("part", "kpi"), [("acquisition", "new customers"), ("acquisition_rate", "acquisition rate")]
)
def test_before_the_data_the_part_names_its_own_kpi(part, kpi):
    assert text(view(period="2020-Q1", kpi="revenue").drawn(part)) == (
        f"The whole team, 2020-Q1: no figures for {kpi} (the data start on 1 Jan 2024, after this period)."
    )


def test_of_twenty_who_stopped_all_are_counted():
    orders = [order(n, "2026-02-02", f"C{n}", 10.0) for n in range(20)]
    shown = view(
        {"orders": [*orders, order(99, "2026-03-31", "R", -1.0)]}, period="2026-03", as_of="2026-03-31"
    )
    told = shown.drawn("largest_customers").text
    assert told.startswith("No customer bought anything; 20 customers did in 2026-02")


def test_what_is_undefined_says_why():
    def told(tables: dict[str, list]) -> list[str]:
        drawn = text(view(tables).drawn("lifetime_value"))
        return [line.partition(": ")[2] for line in drawn.splitlines() if ": " in line]

    costs = {"costs": [{"month": "2026-04-01", "amount": 500.0}]}
    year = "in the 365 days up to 30 Jun 2026"
    churn = f"undefined, since nobody was lost {year}, or nobody was active before them."
    # Nobody is new in 2026-Q2; of who was active a year before, C and A, both still are.
    lines = told({"orders": ORDERS[:8], **costs})
    assert lines[:3] == [churn, churn, "no customer was won in 2026-Q2 up to 30 Jun 2026."]
    # B of A, B and C has left, and nobody has ordered for a year.
    left = {"customers": [{"customer_id": "A"}, {"customer_id": "B", "left_on": "2026-05-05"}]}
    lines = told({"orders": ORDERS[:3], **costs, **left})
    assert lines[0] == f"nobody ordered {year}, or the amounts are not known."
    lines = told({"orders": ORDERS, "costs": [{"month": "2026-04-01", "amount": None}]})
    assert lines[2] == "the costs of 2026-Q2 are not known."
    lines = told({"orders": [one | {"amount": None} for one in ORDERS], **costs})
    assert lines[:3] == [churn, "the amounts are not known.", churn]


def test_a_cell_that_has_not_come_is_blank_and_a_running_one_is_marked():
    drawn = view(period="2026-Q2", as_of="2026-05-15").drawn("cohorts")
    rows = {line.split(" | ")[0]: line.split(" | ") for line in drawn.text.splitlines() if " | " in line}
    # A and B of 2024-Q1, nine quarters on; C of 2025-Q2, whose fourth quarter is running; D has one running.
    assert rows["2024-Q1 *"][1:] == ["2", *["0%"] * 4, "50%", "0%", "0%", "50%", "50% so far"]
    assert rows["2025-Q2"][1:] == ["1", "0%", "0%", "100%", "0% so far", *[""] * 5]
    assert rows["2026-Q2 so far"][1:] == ["1", *[""] * 9]
    assert "<td" in drawn.html and "so far: the quarter is still running" in drawn.text
