"""The table that `evaluate` gives: its columns, whom it concerns, and what it hides."""

from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kpikit.errors import PeriodError, PlanError, UnknownNameError
from kpikit.kpis.measure import measure
from kpikit.targets import Plan, evaluate
from kpikit.targets.evaluate import COLUMNS
from tests.builders import ENGINES, dataset
from tests.companies import as_ofs, companies
from tests.oracles import fill_refunds, hide


def order(number, day, amount, **more):
    return {
        "order_id": str(number),
        "order_date": date.fromisoformat(day),
        "customer_id": "c",
        "amount": amount,
    } | more


REPS = [
    {"rep_id": "a", "name": "Ayu", "team": "North"},
    {"rep_id": "b", "name": "Budi", "team": "North"},
    {"rep_id": "c", "name": "Citra", "team": "South"},
]
# July 2026: Ayu 60, Budi 30, Citra 20, nobody 5; in Bali 70.
ORDERS = [
    order(1, "2026-07-06", 60, rep_id="a", region="Bali"),
    order(2, "2026-07-07", 30, rep_id="b", region="Java"),
    order(3, "2026-07-08", 10, rep_id="c", region="Bali"),
    order(4, "2026-07-09", 10, rep_id="c", region="Java"),
    order(5, "2026-07-10", 5, rep_id=None, region=None),
    order(6, "2026-06-10", 40, rep_id="a", region="Java"),
]
SHOP = dataset({"orders": ORDERS, "reps": REPS})
JULY = {"kpi": "revenue", "period": "2026-07", "set_on": "2026-06-15"}
END = "2026-07-31"


def test_the_columns_and_their_types(make_plan):
    told = evaluate(SHOP, make_plan(JULY | {"level": 100, "per": "rep"}), as_of=END)
    assert tuple(told.columns) == COLUMNS
    kinds = {name: str(kind) for name, kind in told.dtypes.items()}
    assert {kinds[n] for n in ("start", "end")} == {"datetime64[s]"}
    assert {kinds[n] for n in ("n", "reached", "of")} == {"Int64"}
    assert {kinds[n] for n in ("actual", "target_value", "gap", "standing", "expected")} == {"float64"}
    assert {kinds[n] for n in ("goal", "target", "member", "status", "note", "per")} == {"str"}
    assert told["goal"].unique().tolist() == ["Goal"] and told["objective"].unique().tolist() == ["Objective"]


def test_an_empty_plan_and_no_targets_give_an_empty_table(make_plan):
    for plan, chosen in ((make_plan(), None), (make_plan(JULY | {"level": 100}), [])):
        told = evaluate(SHOP, plan, targets=chosen)
        assert tuple(told.columns) == COLUMNS and told.empty


def test_targets_are_chosen_and_come_in_the_order_of_the_plan(make_plan):
    plan = make_plan(*(JULY | {"level": n} for n in (1, 2, 3)))
    assert evaluate(SHOP, plan)["target"].tolist() == ["T", "T1", "T2"]
    assert evaluate(SHOP, plan, targets=["T2", "T"])["target"].tolist() == ["T", "T2"]
    with pytest.raises(UnknownNameError, match="no target 'T9'"):
        evaluate(SHOP, plan, targets="T9")


def test_the_as_of_date_is_the_newest_fact_by_default(make_plan):
    plan = make_plan(JULY | {"level": 100})
    pd.testing.assert_frame_equal(evaluate(SHOP, plan), evaluate(SHOP, plan, as_of="2026-07-10"))
    with pytest.raises(PeriodError):
        evaluate(SHOP, plan, as_of="10.07.2026")


def test_the_input_is_not_changed(make_plan):
    plan = make_plan(JULY | {"level": 100, "per": "rep"})
    before = {name: table.copy() for name, table in SHOP.tables.items()}
    evaluate(SHOP, plan, as_of="2026-07-15")
    for name, table in SHOP.tables.items():
        pd.testing.assert_frame_equal(table, before[name])


def test_a_target_per_member_sums_up_in_one_period(make_plan, one):
    # 10 July: 8 of 23 business days.
    told = evaluate(SHOP, make_plan(JULY | {"level": 50, "per": "rep"}), as_of="2026-07-10")
    assert told["member"].tolist() == ["Ayu", "Budi", "Citra", "no rep", ""]
    assert told["status"].tolist() == ["reached", "on pace", "on pace", "not available", "on pace"]
    total = one(told, scope_row="total")
    assert (total.actual, total.target_value, total.gap, total.n) == (110, 150, -40, 4)
    assert (total.expected, total.needed_per_day) == (pytest.approx(150 * 8 / 23), pytest.approx(40 / 15))
    assert (total.reached, total.of, total.period) == (1, 1, "2026-07")
    assert total.elapsed_business == pytest.approx(8 / 23)


def test_a_group_without_rows_in_the_period_is_not_lost(make_plan, one):
    # Java sold in June and not yet in July.
    told = evaluate(SHOP, make_plan(JULY | {"level": 50, "per": "region"}), as_of="2026-07-06")
    row = one(told, member="Java")
    assert (row.actual, row.target_value, row.status) == (0, 50, "at risk")
    assert told["member"].tolist() == ["Bali", "Java", ""]
    assert (
        "no region"
        in evaluate(SHOP, make_plan(JULY | {"level": 50, "per": "region"}), as_of=END)["member"].tolist()
    )


def test_rates_do_not_add_up_over_members(make_plan, one):
    plan = make_plan(JULY | {"kpi": "average_order_value", "level": 25, "per": "rep"})
    told = evaluate(SHOP, plan, as_of=END)
    assert one(told, member="Citra").status == "missed"
    total = one(told, scope_row="total")
    assert (total.reached, total.of, total.actual, total.target_value) == (2, 3, None, None)
    assert (total.status, total.note) == ("not available", "2 of 3 reached; a rate does not add up")


def test_a_rate_without_rows_is_not_available_and_not_judged(make_plan, one):
    plan = make_plan(JULY | {"kpi": "average_order_value", "level": 25, "period": "2026-08", "per": "rep"})
    row = one(evaluate(SHOP, plan, as_of="2026-08-31"), member="Ayu")
    assert (row.actual, row.status, row.gap, row.of) == (None, "not available", None, 0)


def test_a_rate_per_rep_is_not_pro_rated(make_plan, one):
    reps = [REPS[0] | {"hired_on": date(2026, 7, 20)}]
    orders = [order(1, "2026-07-21", 30, rep_id="a")]
    company = dataset({"orders": orders, "reps": reps})
    plan = make_plan(JULY | {"kpi": "average_order_value", "level": 25, "per": "rep"})
    assert one(evaluate(company, plan, as_of=END), member="Ayu").target_value == 25
    plan = make_plan(JULY | {"level": 23, "per": "team"})
    company = dataset({"orders": orders, "reps": [REPS[0] | {"hired_on": date(2026, 7, 20)}]})
    assert one(evaluate(company, plan, as_of=END), member="North").target_value == 23


def test_a_member_who_was_there_on_no_working_day_has_no_target(make_plan, one):
    # Friday 31 July is a holiday, and Ayu's first day.
    company = dataset(
        {
            "orders": [order(1, "2026-07-31", 30, rep_id="a")],
            "reps": [REPS[0] | {"hired_on": date(2026, 7, 31)}],
        },
        holidays=[date(2026, 7, 31)],
    )
    row = one(evaluate(company, make_plan(JULY | {"level": 50, "per": "rep"}), as_of=END), member="Ayu")
    assert (row.actual, row.target_value, row.status, row.of) == (30, None, "not available", 0)
    assert row.note == "no target: not on the team on any working day of the period"


def test_a_rep_whom_no_table_knows_has_the_whole_target(make_plan, one):
    company = dataset({"orders": [order(1, "2026-07-10", 30, rep_id="z")]})
    assert (
        one(evaluate(company, make_plan(JULY | {"level": 50, "per": "rep"}), as_of=END), member="z").gap
        == -20
    )


def test_a_move_between_teams_is_no_absence(make_plan, one):
    moved = [
        REPS[0] | {"valid_to": date(2026, 7, 14), "valid_from": None},
        REPS[0] | {"team": "South", "valid_from": date(2026, 7, 15), "valid_to": None},
    ]
    company = dataset(
        {
            "orders": [order(1, "2026-07-06", 60, rep_id="a"), order(2, "2026-07-20", 5, rep_id="a")],
            "reps": moved,
        }
    )
    plan = make_plan(
        JULY | {"level": 46, "per": "rep"}, JULY | {"level": 46, "per": "rep", "scope": {"team": "South"}}
    )
    told = evaluate(company, plan, as_of=END)
    assert one(told, target="T", member="Ayu").target_value == 46
    # In the South on 13 of 23 business days (15 to 31 July).
    row = one(told, target="T1", member="Ayu")
    assert (row.actual, row.target_value) == (5, 26)


# Not available, and refused


def test_a_kpi_that_the_data_lack_is_not_available(make_plan, one):
    plan = make_plan(
        {"kpi": "win_rate", "level": 0.3, "period": "2026-07", "set_on": "2026-06-15"},
        {"kpi": "win_rate", "level": 0.3, "every": "month", "set_on": "2026-06-01", "per": "rep"},
        {"kpi": "new_customers", "level": 3, "period": "2026-07", "set_on": "2026-06-15", "per": "product"},
    )
    told = evaluate(SHOP, plan, as_of=END)
    assert set(told["status"]) == {"not available"}
    assert one(told, target="T").note.startswith("not available: deals is missing")
    assert one(told, target="T").target_value == 0.3
    assert one(told, target="T1", scope_row="total").of == 0
    assert "no product" in one(told, target="T2", scope_row="detail").note


@pytest.mark.parametrize("place", ["plan", "target"])
def test_another_currency_is_refused(make_plan, place):
    euro = {"currency": "EUR"}
    plan = make_plan(
        JULY | {"level": 5} | (euro if place == "target" else {}), **(euro if place == "plan" else {})
    )
    with pytest.raises(
        PlanError, match=r"plan.yaml, line \d+: target 'T': its currency is EUR, and the dataset's is USD"
    ):
        evaluate(SHOP, plan)
    assert len(evaluate(SHOP, make_plan(JULY | {"level": 5, "currency": "USD"}, currency="USD"))) == 1


def test_a_label_that_nobody_knows_is_refused_with_its_line(make_plan):
    plan = make_plan(JULY | {"level": 5, "scope": {"region": "Balli"}})
    with pytest.raises(
        PlanError, match=r"plan.yaml, line \d+: target 'T': no region 'Balli'.*Did you mean 'Bali'"
    ):
        evaluate(SHOP, plan)


def test_a_plan_made_in_python_is_evaluated_too():
    target = {"name": "T", "level": 100} | JULY
    plan = Plan.model_validate({"goals": [{"name": "G", "objectives": [{"name": "O", "targets": [target]}]}]})
    assert evaluate(SHOP, plan, as_of=END)["gap"].tolist() == [15]


# A scope of the caller's


def test_where_chooses_members_of_a_target_per_member(make_plan, one):
    plan = make_plan(JULY | {"level": 50, "per": "rep"})
    told = evaluate(SHOP, plan, as_of=END, where={"rep": "Ayu"})
    assert told["member"].tolist() == ["Ayu", ""]
    assert one(told, scope_row="total").status == one(told, member="Ayu").status == "reached"
    told = evaluate(SHOP, plan, as_of=END, where={"team": "North"})
    assert told["member"].tolist() == ["Ayu", "Budi", ""]
    assert one(told, scope_row="total").target_value == 100


def test_where_gives_the_part_of_a_target_that_is_for_more(make_plan, one):
    told = evaluate(SHOP, make_plan(JULY | {"level": 100}), as_of=END, where={"rep": "Ayu"})
    row = one(told, target="T")
    assert (row.actual, row.target_value, row.attainment, row.gap) == (60, 100, 0.6, -40)
    assert (row.status, row.of, row.pace) == ("not available", 0, None)
    assert row.note == "a part (rep Ayu) of what the target is for"
    told = evaluate(SHOP, make_plan(JULY | {"level": 50, "per": "rep"}), as_of=END, where={"region": "Bali"})
    assert set(told["status"]) == {"not available"}
    assert one(told, scope_row="total").actual == 70


def test_growth_of_a_part_is_judged_on_its_own_baseline(make_plan, one):
    plan = make_plan(JULY | {"growth": 0.25}, JULY | {"growth": 0.25, "baseline": 100})
    told = evaluate(SHOP, plan, as_of=END, where={"rep": "Ayu"})
    row = one(told, target="T")
    assert (row.baseline, row.target_value, row.status) == (40, 50, "reached")
    assert one(told, target="T1").status == "not available"


def test_where_beside_the_scope_of_a_target(make_plan, one):
    plan = make_plan(
        JULY | {"level": 100, "scope": {"region": ["Bali", "Java"]}},
        JULY | {"level": 60, "scope": {"region": "Bali"}},
    )
    told = evaluate(SHOP, plan, as_of=END, where={"region": "Bali"})
    assert one(told, target="T1").status == "reached"
    assert (one(told, target="T").status, one(told, target="T").actual) == ("not available", 70)
    # A target that has no part in the scope is left out.
    assert evaluate(SHOP, plan, as_of=END, where={"region": "Java"})["target"].tolist() == ["T"]


# As-of, engines, and agreement with `measure`

EVERY_KIND = [
    {"kpi": "revenue", "growth": 0.15, "period": "next quarter"},
    {"kpi": "revenue", "level": 100, "per": "rep", "every": "month"},
    {"kpi": "net_revenue", "growth": -0.1, "every": "quarter", "baseline": "same_period_last_year"},
    {"kpi": "win_rate", "convention": "cohort", "growth": 0.1, "every": "quarter", "on": "last_actual"},
    {"kpi": "customer_lifetime_value", "convention": "simple", "from": 80, "to": 100},
    {"kpi": "relationship_years", "from": 1, "to": 2, "period": "next half"},
    {"kpi": "acquisition_rate", "growth": 0.1, "every": "quarter"},
    {"kpi": "new_customers", "level": 5, "per": "region"},
    {"kpi": "pipeline_value", "level": 500, "per": "team", "every": "quarter"},
    {"kpi": "customer_acquisition_cost", "from": 50, "to": 40, "period": "next year"},
]


@st.composite
def known_companies(draw):
    tables = draw(companies(drop_columns=False))
    return tables, draw(as_ofs(tables)), draw(as_ofs(tables)) if draw(st.booleans()) else date(2024, 1, 1)


@pytest.mark.slow
@settings(max_examples=30)
@given(known_companies())
def test_evaluating_with_an_as_of_date_is_evaluating_what_was_known(drawn):
    tables, as_of, set_on = drawn
    tables = fill_refunds(tables)
    targets = [{"name": str(n), "set_on": set_on, **one} for n, one in enumerate(EVERY_KIND)]
    plan = Plan.model_validate({"goals": [{"name": "G", "objectives": [{"name": "O", "targets": targets}]}]})
    whole = evaluate(dataset(tables), plan, as_of=as_of)
    cut = evaluate(dataset(hide(tables, as_of)), plan, as_of=as_of)
    pd.testing.assert_frame_equal(whole, cut)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same(make_plan, engine):
    plan = make_plan(
        JULY | {"level": 50, "per": "rep"}, JULY | {"growth": 0.15}, {"level": 9, "every": "month"}
    )
    told = evaluate(dataset({"orders": ORDERS, "reps": REPS}, engine), plan, as_of="2026-07-20")
    pd.testing.assert_frame_equal(told, evaluate(SHOP, plan, as_of="2026-07-20"))


def test_actuals_are_those_of_measure(make_plan):
    told = evaluate(SHOP, make_plan(JULY | {"level": 50, "per": "rep"}), as_of="2026-07-20")
    figures = measure(SHOP, "revenue", period="2026-07", by="rep", as_of="2026-07-20")
    details = told[told["scope_row"] == "detail"]
    assert (
        details[["member", "actual", "n"]].values.tolist() == figures[["rep", "value", "n"]].values.tolist()
    )


def test_counts_of_reached_add_up_to_the_roll_up(make_plan):
    told = evaluate(SHOP, make_plan({"level": 30, "per": "rep", "every": "month"}), as_of="2026-08-31")
    details, total = told[told["scope_row"] == "detail"], told[told["scope_row"] == "total"]
    assert details[["reached", "of"]].sum().tolist() == total[["reached", "of"]].iloc[0].tolist()


def test_a_target_that_is_judged_for_ever_is_refused(make_plan):
    plan = make_plan({"level": 5, "every": "day", "set_on": "1990-01-01"})
    with pytest.raises(PlanError) as caught:
        evaluate(SHOP, plan, as_of="2026-03-31")
    assert str(caught.value).startswith("plan.yaml, line ")
    assert "target 'T' is judged every day since 1990-01-01: 13,239 times. At most 5,000." in str(
        caught.value
    )
