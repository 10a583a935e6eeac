"""Whether targets are specific, measurable, attainable, relevant and time-bound."""

from datetime import date

import pytest

from kpikit.targets import Plan, review
from tests.builders import dataset


def order(number, when, amount, **more):
    day = date.fromisoformat(when)
    return {
        "order_id": str(number),
        "order_date": day,
        "customer_id": f"c{number % 7}",
        "amount": amount,
    } | more


# 100, 101, … a month from January 2024 to August 2026; December brings 500.
MONTHS = [(2024 + n // 12, n % 12 + 1) for n in range(32)]
ORDERS = [
    order(n, f"{year}-{month:02}-10", 500 if month == 12 else 100 + n, rep_id="a", region="Bali")
    for n, (year, month) in enumerate(MONTHS)
]
SHOP = dataset({"orders": ORDERS, "reps": [{"rep_id": "a", "name": "Ayu"}]})
PLAIN = {"kpi": "revenue", "level": 120, "period": "2026-08", "set_on": "2026-07-15"}


@pytest.fixture
def verdict(make_plan):
    """Give one check of one target: the verdict and the reason."""

    def of(check, company=SHOP, as_of="2026-08-31", kpis=("revenue",), plan=None, **entries):
        entries = {key.rstrip("_"): value for key, value in entries.items()}
        merged = {key: value for key, value in (PLAIN | entries).items() if value is not None}
        told = review(company, make_plan(merged, kpis=kpis, **(plan or {})), as_of)
        assert told["check"].tolist() == ["specific", "measurable", "attainable", "relevant", "time-bound"]
        row = told[told["check"] == check].iloc[0]
        return row.verdict, row.reason

    return of


def test_specific(verdict):
    said = verdict("specific", scope={"region": "Bali"}, per="rep")
    assert said == ("ok", "revenue in region Bali for each rep.")
    kind, reason = verdict("specific", scope={"region": "Balli"})
    assert kind == "fault" and "no region 'Balli'" in reason and "Did you mean 'Bali'?" in reason
    kind, reason = verdict("specific", currency="EUR")
    assert kind == "fault" and "its currency is EUR" in reason


def test_a_kpi_without_a_default_needs_a_convention():
    """A plan in a file is refused; one that is made in memory is reviewed."""
    target = PLAIN | {"name": "T", "kpi": "customer_lifetime_value"}
    told = []
    for entries in ({}, {"convention": "historic"}):
        objective = {"name": "O", "kpis": ["customer_lifetime_value"], "targets": [target | entries]}
        plan = Plan.model_validate({"goals": [{"name": "G", "objectives": [objective]}]})
        told.append(review(SHOP, plan, "2026-08-31").iloc[0][["verdict", "reason"]].tolist())
    why = "There is no silent default: choose historic or simple."
    assert told == [["fault", f"The KPI customer_lifetime_value cannot be counted. {why}"],
                    ["ok", "customer_lifetime_value, by the convention historic."]]  # fmt: skip


def test_what_is_not_specific_is_not_measured(verdict):
    for check in ("measurable", "attainable"):
        assert verdict(check, scope={"region": "Balli"})[0] == "fault"


def test_measurable(verdict):
    assert verdict("measurable") == ("ok", "These data give it, until 2026-08-31.")
    kind, reason = verdict("measurable", kpi="win_rate", level=0.3)
    assert kind == "fault" and "deals is missing" in reason
    kind, reason = verdict("measurable", level=None, from_quotas=True)
    assert (kind, reason) == ("fault", "Not available: quotas is missing.")
    kind, reason = verdict("measurable", kpi="average_order_value", as_of="2028-01-01")
    assert kind == "warning" and "no value in the year until 2028-01-01" in reason


def test_attainable_counts_comparable_past_periods(verdict):
    # The twelve months before August 2026: 119, 120, 121, 122, 500, 124 to 130; eleven of them reach 120.
    assert verdict("attainable") == ("ok", "Reached in 11 of 12 comparable periods before 2026-08.")
    # 500 was reached in December alone, which is less than a fifth.
    assert verdict("attainable", level=500) == (
        "warning",
        "Reached in 1 of 12 comparable periods before 2026-08.",
    )


def test_attainable_knows_only_what_is_known_on_the_day(verdict):
    # On 10 July, June and what is before it are complete: 119 to 122, 500, 124 to 129.
    assert (
        verdict("attainable", as_of="2026-07-10")[1]
        == "Reached in 10 of 11 comparable periods before 2026-08."
    )


def test_attainable_with_too_little_history(verdict):
    kind, reason = verdict("attainable", period="2024-04", set_on="2024-03-15")
    assert kind == "warning"
    assert reason == "Too little history: reached in 0 of 3 comparable periods before 2024-04."
    four = verdict("attainable", period="2024-05", set_on="2024-04-15", level=102)
    assert four == ("ok", "Reached in 2 of 4 comparable periods before 2024-05.")
    # Who ordered first in the first year of the data may be an old customer.
    new = verdict("attainable", kpi="new_customers", level=1, period="2025-04", set_on="2025-03-15")
    assert new[1] == "Too little history: reached in 0 of 2 comparable periods before 2025-04."
    assert verdict("attainable", period="2024-01", set_on="2023-12-15")[1].endswith(
        "there are no comparable periods before 2024-01."
    )


def test_attainable_growth_is_held_against_the_same_step(verdict):
    # Growth of 1% on the month before: 119 after 118 does not bring it (0.8%), 500 after 122 does.
    kind, reason = verdict("attainable", level=None, growth=0.01)
    assert (kind, reason[:46]) == ("warning", "Reached in 1 of 12 comparable periods before 2")


def test_attainable_of_every_target_looks_before_the_first(verdict):
    told = verdict("attainable", period=None, every="month", set_on="2026-08-01", per="rep")
    assert told == ("ok", "Reached in 11 of 12 comparable periods before 2026-08.")


def test_attainable_from_to_asks_whether_the_kpi_ever_moved_as_much(verdict):
    # Over the months it moved by 1 each, but into and out of December: 378 up, 376 down.
    told = verdict("attainable", level=None, from_=120, to=121)
    assert told[1] == "The KPI moved as much in 10 of 11 comparable periods before 2026-08."
    told = verdict("attainable", level=None, from_=120, to=200)
    assert told == ("warning", "The KPI moved as much in 1 of 11 comparable periods before 2026-08.")


def test_the_season_makes_the_period_before_an_unfair_baseline(verdict):
    # December after November: 500 after 110 (+355%), 500 after 122 (+310%).
    kind, reason = verdict("attainable", level=None, growth=0.15, period="2026-12", set_on="2026-11-15")
    assert kind == "warning"
    assert "The season makes this baseline unfair: the same step brought +355%, +310%" in reason
    assert "try same_period_last_year" in reason
    told = verdict(
        "attainable",
        level=None,
        growth=0.15,
        period="2026-12",
        set_on="2026-11-15",
        baseline="same_period_last_year",
    )
    assert "season" not in told[1]
    # July brings 1% more than June: no season.
    assert (
        "season"
        not in verdict("attainable", level=None, growth=0.15, period="2026-07", set_on="2026-06-15")[1]
    )


def test_attainable_without_an_end_is_told_in_years(verdict):
    # 120 to 131 and 500 in the year until 31 August: 1,877; set now, ten times as much takes 10 years.
    year = sum(500 if n == 23 else 100 + n for n in range(20, 32))
    kind, reason = verdict("attainable", period=None, set_on="2026-08-31", level=10 * year)
    assert (kind, reason) == (
        "warning",
        "At the speed of the year until 2026-08-31 it takes 10.0 more years.",
    )
    assert verdict("attainable", period=None, set_on="2026-08-31", level=year)[0] == "ok"
    assert verdict("attainable", period=None, set_on="2024-01-01", level=5)[0] == "ok"


def test_attainable_of_quotas_counts_those_that_have_ended(verdict):
    quotas = [
        {"kpi": "revenue", "rep_id": "a", "start": date(year, month, 1), "value": 120}
        for year, month in MONTHS
    ]
    company = dataset({"orders": ORDERS, "reps": [{"rep_id": "a"}], "quotas": quotas})
    # 31 have an end, the last is open. December 2024 and all from September 2025 on reach 120.
    told = verdict("attainable", company, level=None, period=None, from_quotas=True, set_on="2026-01-01")
    assert told == ("ok", "Reached in 12 of 31 quotas that have ended.")


def test_relevant(verdict):
    assert verdict("relevant")[0] == "ok"
    kind, reason = verdict("relevant", kpis=("order_count",))
    assert (kind, reason) == (
        "fault",
        "The objective 'Objective' does not list revenue: it lists order_count.",
    )
    assert verdict("relevant", kpis=())[1].endswith("it lists no KPI.")


@pytest.mark.parametrize(
    ("entries", "kind", "reason"),
    [
        ({}, "ok", "It ends on 2026-08-31."),
        ({"set_on": "2026-08-11"}, "warning", "It ends on 2026-08-31; it was set 10 days after its start."),
        ({"set_on": "2026-08-01"}, "ok", "It ends on 2026-08-31."),
        ({"set_on": "2026-08-02"}, "warning", "It ends on 2026-08-31; it was set 1 day after its start."),
        ({"set_on": "2026-08-31"}, "warning", "It ends on 2026-08-31; it was set 30 days after its start."),
        ({"set_on": "2026-09-01"}, "fault", "It was set on 2026-09-01, after its end on 2026-08-31."),
        ({"period": None}, "warning", "It has no end: write a period."),
        ({"period": None, "every": "month"}, "ok", "It has no end of its own, and is judged every month."),
        (
            {"period": None, "every": "month", "until": "2026-12-31"},
            "ok",
            "It is judged every month until 2026-12-31.",
        ),
    ],
)
def test_time_bound(verdict, entries, kind, reason):
    assert verdict("time-bound", **entries) == (kind, reason)
