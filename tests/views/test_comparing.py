"""A change from or to a time in which old customers look new is no change."""

from __future__ import annotations

import pytest

from kpikit.views.customers import worth
from tests.views.test_customer_review import ORDERS, order, text, view

KPIS = ["new_customers", "acquisition_rate", "new_customer_revenue", "revenue"]


def cards(**parameters: object) -> dict[str, str]:
    drawn = text(view(kpis=KPIS, **parameters).drawn("cards"))
    return dict(line.split(": ", 1) for line in drawn.splitlines()[1:])


def test_in_the_first_year_of_the_data_nothing_of_new_customers_is_judged():
    # The data start on 1 January 2024, so that 2024-Q2 and 2024-Q1 are in their first year.
    told = cards(period="2024-Q2", as_of="2024-06-30")
    said = "not compared: the data start within a year of 2024-Q1"
    assert told["New customers"] == f"0; {said}; 2024-Q1: 2"
    assert said in told["New customer revenue"] and "worse" not in told["New customer revenue"]
    assert told["Revenue"] == "$0; ▼ −100%, worse; 2024-Q1: $150"


@pytest.mark.parametrize(("period", "is_judged"), [("2025-Q1", False), ("2025-Q2", True)])
def test_what_is_compared_with_the_first_year_is_not_judged_either(period, is_judged):
    # Nobody is new in 2025-Q1, nor in 2024-Q4, which is of the first year; C is in 2025-Q2.
    told = cards(period=period, as_of="2025-06-30")["New customers"]
    assert ("not compared" in told) != is_judged
    if is_judged:
        assert told == "1; ▲ +1, better; 2025-Q1: 0"


def test_the_results_have_no_such_change_but_both_figures():
    totals = view(kpis=KPIS, period="2024-Q2", as_of="2024-06-30").figures.totals.set_index("kpi")
    assert totals.loc["new_customers", ["value", "reference"]].tolist() == [0, 2]
    assert totals.loc["new_customers", ["change", "change_ratio"]].isna().all()
    assert totals.loc["revenue", "change"] == -150


def test_no_other_part_tells_such_a_change():
    first = {"period": "2024-Q2", "as_of": "2024-06-30", "kpi": "new_customers"}
    assert text(view(**first).drawn("figure")).startswith("New customers were 0 in 2024-Q2\n")
    late = [*ORDERS, {"order_id": "12", "order_date": "2024-04-05", "customer_id": "N", "amount": 9.0}]
    late = [one | {"rep_id": "R1"} for one in late]
    shown = view({"orders": late, "reps": [{"rep_id": "R1", "name": "Ayu"}]}, **first | {"by": "rep"}).figures
    for rows in (shown.breakdown, shown.shares):
        assert rows["value"].tolist() == [1] and rows["reference"].isna().all()
    costs = [{"month": f"2024-0{n}-01", "amount": 500.0} for n in (1, 2, 4)]
    told = text(view({"orders": late, "costs": costs}, **first).drawn("lifetime_value"))
    (line,) = [one for one in told.splitlines() if one.startswith("Customer acquisition cost | ")]
    # 500 for N; 1,000 for A and B.
    assert line == "Customer acquisition cost | $500 | $500 | not compared"


def test_a_trend_is_not_compared_with_the_first_year_of_the_data():
    # As `won` has it: 2025-Q2 would have 2024-Q2, when customers of long ago looked new.
    told = view(kpi="new_customer_revenue").figures.trend.set_index("period")
    assert told["reference"].dropna().index.tolist() == ["2026-Q1", "2026-Q2"]
    # Whatever is not of new customers keeps its past.
    told = view(kpi="revenue").figures.trend.set_index("period")
    assert told["reference"].dropna().index[0] == "2025-Q1"


def test_a_value_is_not_divided_by_a_cost_that_looks_too_low():
    """In the first year of the data everybody looks new, so that winning one customer looks cheap."""
    costs = [{"month": f"{year}-{month:02d}-01", "amount": 500.0}
             for year in (2024, 2025, 2026) for month in range(1, 13)]  # fmt: skip
    late = [*ORDERS, {"order_id": "12", "order_date": "2024-04-05", "customer_id": "N", "amount": 9.0}]
    first = view({"orders": late, "costs": costs}, period="2024-Q2", as_of="2024-06-30")
    assert worth(first.figures).iloc[-1][["value", "reference"]].isna().all()
    told = text(first.drawn("lifetime_value"))
    assert "÷ acquisition cost" not in told
    assert "customers of long ago look new in 2024-Q2" in told
    later = worth(view({"orders": late, "costs": costs}).figures)
    # 2026-Q1 is known: C is worth 110, and D cost 1,500; of 2026-Q2 the simple value is undefined.
    assert later.iloc[-1]["reference"] == pytest.approx(later.iloc[0]["reference"] / 1500)


@pytest.mark.parametrize(("first", "is_compared"), [("2026-02-04", True), ("2026-02-05", False)])
def test_a_sum_is_not_compared_with_a_month_within_which_the_data_start(first, is_compared):
    """Of 28 days the first three may be free; what began later was only shorter."""
    orders = [order(1, first, "A", 100), order(2, "2026-02-20", "A", 100), order(3, "2026-03-10", "A", 300)]
    shown = view({"orders": orders}, period="2026-03", as_of="2026-03-31", grain="month", kpi="revenue",
                 kpis=["revenue", "average_order_value"])  # fmt: skip
    told = dict(line.split(": ", 1) for line in text(shown.drawn("cards")).splitlines()[1:])
    since = "$300; not compared: the data start within a year of 2026-02; 2026-02: $200"
    assert told["Revenue"] == ("$300; ▲ +50%, better; 2026-02: $200" if is_compared else since)
    # The average order of a part of a month is one, too.
    assert told["Average order value"] == "$300; ▲ +200%, better; 2026-02: $100"
    said = text(shown.drawn("largest_customers"))
    assert ("+50%" in said) == is_compared and ("grew" in said) == is_compared
    # What had elapsed of the year before is of 28 days, too, whatever the unit.
    later = [*orders, order(4, "2027-02-10", "A", 900)]
    for grain, label in [("month", "2027-02"), ("year", "2027")]:
        asked = {"period": label, "as_of": "2027-02-28", "grain": grain, "kpi": "revenue"}
        trend = view({"orders": later}, **asked).figures.trend.set_index("period")
        assert trend["reference"].notna()[label] == (is_compared and grain == "month")


def test_a_rate_of_two_tables_is_not_compared_with_a_quarter_within_which_one_of_them_starts():
    """Each month sells 400 and costs 100; costs are known from March on, so that 12 times is of one month."""
    orders = [order(n, f"202{4 + n // 12}-{1 + n % 12:02}-10", "A", 400) for n in range(30)]
    costs = [{"month": f"2026-0{n}-01", "amount": 100.0} for n in (3, 4, 5, 6)]
    kpis = ["revenue_per_cost", "costs", "revenue", "average_order_value"]
    asked = {"period": "2026-Q2", "as_of": "2026-06-30", "kpi": "revenue_per_cost"}
    shown = view({"orders": orders, "costs": costs}, kpis=kpis, **asked)
    told = dict(line.split(": ", 1) for line in text(shown.drawn("cards")).splitlines()[1:])
    assert told["Revenue per cost"].startswith("4.0×; not compared") and "not compared" in told["Costs"]
    assert told["Revenue"].startswith("$1,200; = unchanged")
    assert told["Average order value"].startswith("$400; = unchanged")
    assert text(shown.drawn("figure")).startswith("Revenue per cost was 4.0× in 2026-Q2\n")


def test_what_many_customers_brought_is_not_compared_with_a_part_of_a_quarter():
    """Ten customers buy 300 a month each; they are known from 25 February on."""
    days = ["2026-02-26", *(f"2026-0{month}-10" for month in (3, 4, 5, 6))]
    sold = [order(f"{n}{who}", day, f"C{who}", 300) for n, day in enumerate(days) for who in range(10)]
    shown = view({"orders": sold}, kpis=["revenue_per_customer"], period="2026-Q2", as_of="2026-06-30")
    told = text(shown.drawn("cards"))
    assert "Revenue per customer: $900; not compared" in told and "better" not in told
