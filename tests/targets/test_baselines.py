"""What growth is told from: frozen, provisional, or not there."""

from datetime import date

import pytest

from kpikit.targets import evaluate
from tests.builders import dataset


def day(text):
    return None if text is None else date.fromisoformat(text)


def deal(number, created, closed=None, outcome=None, rep=None):
    return {
        "deal_id": str(number),
        "stage": outcome or "offer",
        "outcome": outcome,
        "created_on": day(created),
        "closed_on": day(closed),
        "amount": 10,
        "rep_id": rep,
    }


# Of four deals created in the second quarter one was won in it, and one more in July.
DEALS = dataset(
    {
        "deals": [
            deal(1, "2026-04-01", "2026-05-01", "won"),
            deal(2, "2026-04-02", "2026-07-10", "won"),
            deal(3, "2026-04-03", "2026-05-03", "lost"),
            deal(4, "2026-06-04"),
            deal(5, "2026-07-01", "2026-08-01", "won"),
            deal(6, "2026-07-02"),
        ]
    }
)
COHORT = {
    "kpi": "win_rate",
    "convention": "cohort",
    "growth": 0.5,
    "period": "2026-Q3",
    "set_on": "2026-06-15",
}


def test_a_frozen_baseline_does_not_learn_what_came_after(make_plan, one):
    # On 30 June 1 of 4 was won; that 2 of 4 are won by the end of September does not move the target.
    row = one(evaluate(DEALS, make_plan(COHORT), as_of="2026-09-30"))
    assert (row.baseline, row.target_value, row.actual) == (0.25, 0.375, 0.5)
    assert (row.status, row.note) == ("reached", "")


def test_a_provisional_baseline_is_of_the_as_of_date(make_plan, one):
    # On 15 May 1 of 3 deals was won.
    row = one(evaluate(DEALS, make_plan(COHORT), as_of="2026-05-15"))
    assert row.baseline == pytest.approx(1 / 3)
    assert (row.target_value, row.status) == (pytest.approx(0.5), "not started")
    assert row.note.startswith("baseline provisional until 2026-06-30")


def test_a_baseline_whose_period_has_not_started_is_null(make_plan, one):
    row = one(evaluate(DEALS, make_plan(COHORT), as_of="2026-03-15"))
    assert (row.baseline, row.target_value, row.status) == (None, None, "not started")
    assert row.note.startswith("no baseline: not started (2026-Q2)")


def test_a_baseline_before_the_data_is_null(make_plan, one):
    row = one(evaluate(DEALS, make_plan(COHORT | {"period": "2026-Q2"}), as_of="2026-09-30"))
    assert (row.baseline, row.target_value, row.status, row.of) == (None, None, "not available", 0)
    assert row.note.startswith("no baseline: ") and row.note.endswith(" (2026-Q1)")


def test_a_level_is_frozen_too(make_plan, one):
    # On 30 June the deals 2 and 4 were open: 20.
    level = COHORT | {"kpi": "pipeline_value", "convention": None}
    row = one(evaluate(DEALS, make_plan(level), as_of="2026-09-30"))
    assert (row.baseline, row.target_value, row.actual) == (20, 30, 20)
    assert row.status == "missed"


def order(number, when, amount, rep):
    return {
        "order_id": str(number),
        "order_date": day(when),
        "customer_id": "c",
        "amount": amount,
        "rep_id": rep,
    }


def test_every_member_grows_from_the_own_baseline(make_plan, one):
    reps = [{"rep_id": r, "hired_on": day(when)} for r, when in (("a", "2020-01-01"), ("b", "2026-08-03"))]
    orders = [
        order(1, "2026-06-01", 100, "a"),
        order(2, "2026-08-04", 90, "a"),
        order(3, "2026-08-05", 70, "b"),
    ]
    company = dataset({"orders": orders, "reps": reps})
    plan = make_plan({"growth": 0.1, "period": "2026-Q3", "per": "rep"})
    told = evaluate(company, plan, as_of="2026-09-30")
    assert (one(told, member="a").target_value, one(told, member="a").status) == (110, "missed")
    row = one(told, member="b")
    assert (row.actual, row.target_value, row.status) == (70, None, "not available")
    assert row.note == "no baseline: no rows (2026-Q2)"
    # The roll-up sums those who have a target.
    total = one(told, scope_row="total")
    assert (total.actual, total.target_value, total.reached, total.of) == (90, 110, 0, 1)


def test_money_of_growth_is_rounded_as_its_sums_are_exact(make_plan, one):
    company = dataset({"orders": [order(1, "2026-06-01", 33.3333, "a")]})
    row = one(evaluate(company, make_plan({"growth": 0.15, "period": "2026-Q3"}), as_of="2026-09-30"))
    assert row.target_value == 38.3333


def test_growth_of_a_lower_is_better_kpi(make_plan, one):
    # 10 of costs a month and one new customer in June, two in July: 10, then 5 a customer.
    company = dataset(
        {
            "orders": [
                order(1, "2026-06-01", 1, "a"),
                order(2, "2026-07-01", 1, "a") | {"customer_id": "d"},
                order(3, "2026-07-02", 1, "a") | {"customer_id": "e"},
            ],
            "costs": [{"month": day("2026-06-01"), "amount": 10}, {"month": day("2026-07-01"), "amount": 10}],
        }
    )
    plan = make_plan({"kpi": "customer_acquisition_cost", "growth": -0.2, "period": "2026-07"})
    row = one(evaluate(company, plan, as_of="2026-07-31"))
    assert (row.baseline, row.target_value, row.actual, row.gap) == (10, 8, 5, -3)
    assert (row.attainment, row.status) == (1.6, "reached")


def test_growth_on_growth_that_leaves_all_measure_has_no_target(make_plan, one):
    fast = {"kpi": "won_value", "growth": 0.03, "every": "day", "set_on": "2026-05-02"}
    told = evaluate(DEALS, make_plan(fast, kpis=["won_value"]), as_of="2030-05-02")
    # 10 on the day before the first; 10 × 1.03^1064 is the last below 461,168,601,842,738.
    last, after = one(told, period="2029-03-30"), one(told, period="2029-03-31")
    assert last["target_value"] == pytest.approx(10 * 1.03**1064) and last["note"] == ""
    assert after["target_value"] is None and after["status"] == "not available"
    assert after["note"] == "no target: 1065 times growth of 3% is beyond all measure"
    assert one(told, period="2030-05-02")["target_value"] is None


def test_a_baseline_before_the_first_year_is_none(make_plan, one):
    old = {"kpi": "won_value", "growth": 0.1, "period": "1900", "set_on": "1900-01-01"}
    told = evaluate(DEALS, make_plan(old, kpis=["won_value"]), as_of="2026-05-02")
    assert one(told)["status"] == "not available" and one(told)["note"].startswith("no baseline")
