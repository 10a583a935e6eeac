"""Whose targets stand on a page: of who comes, goes or moves, and of who is asked for another time."""

from __future__ import annotations

import pytest

from kpikit.targets import Plan
from kpikit.views.asked import asked_of
from kpikit.views.team import View, open_view
from tests.builders import dataset

# July to September 2026 have 23, 21 and 22 weekdays.
MOVED = [
    {"rep_id": "a", "name": "Ayu", "team": "East", "valid_from": "2025-01-01", "valid_to": "2026-07-31"},
    {"rep_id": "a", "name": "Ayu", "team": "West", "valid_from": "2026-08-01", "valid_to": None},
    {"rep_id": "b", "name": "Budi", "team": "East", "valid_from": None, "valid_to": None},
    {"rep_id": "c", "name": "Ci", "team": "West", "valid_from": None, "valid_to": None},
]
CAME = [
    {"rep_id": "a", "name": "Ayu", "team": "West", "hired_on": "2020-01-01", "left_on": None},
    {"rep_id": "n", "name": "Nia", "team": "West", "hired_on": "2026-07-06", "left_on": None},
]


def order(rep: str, day: str, amount: float, customer: str = "C") -> dict:
    return {
        "order_id": f"{rep} {day}",
        "order_date": day,
        "customer_id": customer,
        "amount": amount,
        "rep_id": rep,
    }


def shown(reps: list[dict], orders: list[dict], target: dict, **parameters: str) -> View:
    objective = {"name": "O", "kpis": ["revenue", "new_customers"], "targets": [{"name": "T", **target}]}
    plan = Plan.model_validate({"goals": [{"name": "G", "objectives": [objective]}]})
    tables = {"orders": orders, **({"reps": reps} if reps else {})}
    return open_view(dataset(tables, currency="USD"), plan, **{"period": "2026-Q3"} | parameters)


def test_a_rep_who_moved_has_one_team_in_all_parts_of_a_page():
    # Of the quarter's 400, East has 300 and West 600; Ayu has been in West since August.
    orders = [order("b", "2026-07-10", 300), order("c", "2026-08-15", 300), order("c", "2026-09-30", 300)]
    target = {"kpi": "revenue", "level": 400, "period": "2026-Q3", "per": "team", "set_on": "2026-06-20"}
    view = shown(MOVED, orders, target, as_of="2026-09-30", rep="Ayu")
    assert view.figures.team == "West"
    assert view.drawn("attainment").title == "Team West: revenue reached 150% of its target"
    assert "$600 of $400" in view.drawn("targets").text
    assert view.figures.headline[["actual", "status"]].to_numpy().tolist() == [[600.0, "reached"]]


def test_who_will_move_is_asked_by_each_team_for_its_time():
    orders = [order("b", "2025-01-10", 5), order("b", "2026-06-10", 300), order("c", "2026-06-15", 600)]
    target = {"kpi": "revenue", "level": 100, "every": "month", "per": "team", "set_on": "2026-01-20"}
    view = shown(MOVED, orders, target, as_of="2026-06-30", rep="Ayu")
    rows = asked_of(view.figures).set_index("member")
    assert rows["period"].to_dict() == {"East": "2026-07", "West": "2026-08 to 2026-09"}
    # The two months before West's are not over, April and May are; a month and two months do not add up.
    assert rows["last_period"].to_dict() == {"East": "2026-06", "West": "2026-04-01/2026-05-31"}
    told = view.drawn("brief").text
    assert told.startswith("Ayu: 2026-Q3 asks for $300 of revenue, $4.55 on each working day")
    assert "two teams, each their own (2026-07 to 2026-09) | – | – | $22.73 | $4.55 | 30 Sep 2026" in told


def test_who_left_changes_nothing_of_what_the_others_had_before():
    reps = [{"rep_id": "a", "name": "Aaa", "hired_on": "2020-01-01", "left_on": "2026-08-10"},
            {"rep_id": "b", "name": "Bbb", "hired_on": "2020-01-01", "left_on": None}]  # fmt: skip
    orders = [order("b", f"2026-{month}-10", 300) for month in ("01", "04", "05", "06", "09")]
    target = {"kpi": "revenue", "level": 100, "every": "month", "per": "rep", "set_on": "2026-01-20"}
    for rep in ("", "Bbb"):
        view = shown(reps, orders, target, as_of="2026-09-15", **({"rep": rep} if rep else {}))
        own = asked_of(view.figures).set_index("member").loc["Bbb"]
        assert (own["last_period"], own["reference"], own["target_value"]) == ("2026-Q2", 900.0, 300.0)
    # Of all together, unlike times are not added up.
    told = shown(reps, orders, target, as_of="2026-09-15").drawn("what_it_takes").text
    assert "T · before: as long, for each" in told
    assert next(line for line in told.splitlines() if line.startswith("All together")).endswith("| – | –")


@pytest.mark.parametrize("rep", ["Ayu", "Nia"])
def test_who_comes_within_a_period_has_the_targets_of_the_team(rep):
    target = {"kpi": "revenue", "level": 200, "period": "2026-Q3", "per": "team", "set_on": "2026-05-20"}
    view = shown(CAME, [order("a", "2026-06-30", 80)], target, as_of="2026-06-30", rep=rep)
    assert view.drawn("brief").text.startswith(f"{rep}: 2026-Q3 asks for $200 of revenue")


def test_a_brief_compares_with_no_quarter_in_which_old_customers_look_new():
    orders = [order("a", f"2026-{month:02}-10", 10, f"C{month}") for month in range(1, 7)]
    target = {"kpi": "new_customers", "level": 30, "period": "2026-Q3", "set_on": "2026-05-20"}
    rows = asked_of(shown([], orders, target, as_of="2026-06-30").figures)
    assert rows[["target_value", "last_period"]].to_numpy().tolist() == [[30.0, ""]]
    assert rows["reference"].isna().all() and rows["change_ratio"].isna().all()
