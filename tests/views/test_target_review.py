"""A review of targets says what is so: before, within and after the periods of the targets."""

from __future__ import annotations

from datetime import date

import pytest

from kpikit.targets import Plan
from kpikit.views.standings import member_rows
from kpikit.views.team import View, open_view
from tests.builders import dataset

# Ayu sold 80 and Budi 150 by the middle of June; each is asked for 200 in it, the shop for 400 in May.
ORDERS = [
    {"order_id": "1", "order_date": date(2026, 6, 10), "customer_id": "c", "amount": 80.0, "rep_id": "a"},
    {"order_id": "2", "order_date": date(2026, 6, 12), "customer_id": "c", "amount": 150.0, "rep_id": "b"},
    {"order_id": "3", "order_date": date(2026, 5, 12), "customer_id": "c", "amount": 500.0, "rep_id": "b"},
]
SHOP = dataset({"orders": ORDERS, "reps": [{"rep_id": "a", "name": "Ayu"}, {"rep_id": "b", "name": "Budi"}]})
TARGETS = [
    {"name": "May", "kpi": "revenue", "level": 400, "period": "2026-05", "set_on": date(2026, 4, 20)},
    {"name": "June", "kpi": "revenue", "level": 200, "period": "2026-06", "per": "rep",
     "set_on": date(2026, 5, 20)},
]  # fmt: skip
GOALS = [{"name": "Grow", "objectives": [{"name": "Sell", "kpis": ["revenue"], "targets": TARGETS}]}]


@pytest.fixture
def told():
    """Give what a part says on a day."""

    def of(part: str, as_of: str) -> list[str]:
        plan = Plan.model_validate({"goals": GOALS})
        drawn = open_view(SHOP, plan, period="2026-06", as_of=as_of).drawn(part)
        return [drawn.title] if hasattr(drawn, "title") else drawn.text.splitlines()

    return of


def test_who_is_behind_needs_attention_while_there_is_time(told):
    # 11 of 22 working days have passed by 15 June: 100 of 200 should be there.
    lines = told("attention", "2026-06-15")
    assert lines[0] == "One rep could use help now"
    (ayu,) = [line for line in lines if line.startswith("- Ayu")]
    # 120 are lacking, and 11 working days are left.
    assert ayu == "- Ayu: ▼ at risk, $80.00 of $200 (pace 80%); $10.91 a working day until 30 Jun 2026"
    assert not [line for line in lines if line.startswith("- Budi")]


def test_when_all_is_over_nobody_is_said_to_stand_well(told):
    assert told("attention", "2026-07-05") == [
        "The whole team: no target is open on this day, so nothing is left to catch up."
    ]


@pytest.mark.parametrize(
    ("as_of", "title"),
    [
        ("2026-05-12", "The next deadline is 31 May 2026: one target is due"),
        ("2026-06-15", "The next deadline is 30 Jun 2026: one target is due"),
        ("2026-07-05", "No deadline is ahead: both targets have ended"),
    ],
)
def test_the_next_deadline(told, as_of, title):
    assert told("targets", as_of)[0] == title


@pytest.mark.parametrize(
    ("as_of", "title"),
    [
        ("2026-06-15", "Both targets are reached or on pace"),
        ("2026-07-05", "One of two targets is reached or on pace; one was missed"),
    ],
)
def test_how_many_stand_well(told, as_of, title):
    # Together the two have 230 of 200 that should be there by the middle of June, and of 400 at its end.
    assert told("statuses", as_of) == [title]


TEAMS = {"name": "Teams", "kpi": "revenue", "level": 200, "period": "2026-06", "per": "team",
         "set_on": date(2026, 5, 20)}  # fmt: skip
REPS = [{"rep_id": "a", "name": "Ayu", "team": "West"}, {"rep_id": "b", "name": "Budi", "team": "East"}]


def of_teams(*targets: dict, **parameters: str) -> View:
    goals = [
        {"name": "Grow", "objectives": [{"name": "Sell", "kpis": ["revenue"], "targets": list(targets)}]}
    ]
    shop = dataset({"orders": ORDERS, "reps": REPS}, currency="USD")
    asked = {"period": "2026-06", "as_of": "2026-06-15", "kpi": "revenue"}
    return open_view(shop, Plan.model_validate({"goals": goals}), **(asked | parameters))


@pytest.mark.parametrize("page", [{"team": "West"}, {"rep": "Ayu"}])
def test_a_target_of_each_team_is_on_a_page_that_of_its_team(page):
    shown = of_teams(TEAMS, **page)
    # West sold 80 of 200; both together 230 of 400.
    (line,) = [one for one in shown.drawn("targets").text.splitlines() if one.startswith("Teams | ")]
    assert line.split(" | ")[1] == "$80.00 of $200 (2026-06)"
    assert shown.figures.attainment["member"].tolist() == ["West"]
    assert shown.figures.asked["target_value"].tolist() == [200]


def test_who_could_use_help_is_called_what_it_is():
    assert of_teams(TEAMS).drawn("attention").text.splitlines()[0] == "One team could use help now"
    assert of_teams(TEAMS | {"level": 50}).drawn("attention").text.splitlines()[0] == "No team is behind now"
    both = of_teams(TEAMS, TARGETS[1]).drawn("attention").text.splitlines()
    assert both[0] == "One rep and one team could use help now"
    none = of_teams(TEAMS | {"level": 50}, TARGETS[1] | {"level": 50}).drawn("attention").text.splitlines()
    assert none[0] == "Nobody is behind now"


MOVED = [
    {"rep_id": "a", "name": "Ayu", "team": "East", "valid_from": "2025-01-01", "valid_to": "2026-03-31"},
    {"rep_id": "a", "name": "Ayu", "team": "West", "valid_from": "2026-04-01"},
    {"rep_id": "b", "name": "Budi", "team": "East", "valid_from": "2025-01-01"},
    {"rep_id": "c", "name": "Cici", "team": "West", "hired_on": "2026-04-15", "valid_from": "2026-04-15"},
    {"rep_id": "d", "name": "Dodi", "hired_on": "2026-01-15", "valid_from": "2026-01-15"},
]


@pytest.mark.parametrize(
    ("rep", "teams"), [("Ayu", ["West"]), ("Budi", ["East"]), ("Cici", ["West"]), ("Dodi", [])]
)
def test_the_team_of_a_rep_is_that_of_the_day_and_not_of_the_last_quarter(rep, teams):
    shop = dataset({"orders": ORDERS, "reps": MOVED}, currency="USD")
    goals = [{"name": "Grow", "objectives": [{"name": "Sell", "kpis": ["revenue"], "targets": [TEAMS]}]}]
    shown = open_view(shop, Plan.model_validate({"goals": goals}), as_of="2026-06-15", rep=rep)
    assert member_rows(shown.figures)["member"].tolist() == teams
    if not teams:
        assert shown.drawn("targets").text == "No target of the plan is set for Dodi."


def test_a_rep_is_not_blamed_for_the_team():
    own = TARGETS[1] | {"level": 50}
    said = of_teams(TEAMS, own, rep="Ayu").drawn("attention").text.splitlines()[0]
    assert said == "Ayu is not behind now; team West could use help"
    said = of_teams(TEAMS, TARGETS[1], rep="Ayu").drawn("attention").text.splitlines()[0]
    assert said == "Ayu could use help now; team West could use help"
