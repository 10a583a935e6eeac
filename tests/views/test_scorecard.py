"""The parts of a scorecard and of a review: their words hold for whatever is chosen."""

from __future__ import annotations

import pandas as pd
import pytest

import kpikit as kp
from kpikit.people.contribution import contribution
from kpikit.people.positions import positions
from kpikit.targets import Plan
from kpikit.views.contribution import contribution_finding
from kpikit.views.display import Html, Picture
from kpikit.views.heat_map import heat_map_finding
from kpikit.views.parts import PARTS
from kpikit.views.standings import standings
from kpikit.views.targets_table import status_finding
from kpikit.views.team import View, open_view
from tests.views.frames import HOSTILE

NEW = ["contribution", "heat_map", "strengths", "statuses", "targets", "targets_by_member", "attention"]
NEW += ["plan_check", "brief", "what_it_takes", "meaning", "questions", "agreement"]
CASES = [
    {"period": "2026-Q3"},
    {"period": "2026-Q3", "rep": "Ayu Lestari"},
    {"period": "this quarter", "team": "Alaska"},
    {"period": "next quarter", "rep": "Ayu Lestari", "language": "id"},
    {"period": "2026-Q3", "rep": "Walt Henriksen"},
    {"period": "2026-Q3", "rep": "no rep"},
    {"period": "2021-Q1", "compare": None},
    {"period": "all time", "kpi": "win_rate"},
    {"period": "2026-09", "as_of": "2019-01-01"},
]


@pytest.fixture(scope="module")
def view() -> View:
    return open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3")


def text(drawn: Html | Picture) -> str:
    return f"{drawn.title}\n{drawn.description}" if isinstance(drawn, Picture) else drawn.text


@pytest.mark.slow
@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_whatever_can_be_chosen_can_be_drawn(view, parameters):
    other = open_view(view.dataset, view.plan, **parameters)
    for name in NEW:
        drawn = other.drawn(name)
        told = text(drawn)
        assert told.strip() and not {"nan", "none", "nat", "<na>"} & set(told.lower().split()), name
        assert "US$nan" not in told and "$nan" not in told, name
        assert isinstance(drawn, Html) or drawn.svg
    assert other.written(kp.results, NEW).columns[0] == "part"


@pytest.mark.parametrize("name", NEW)
def test_without_a_plan_every_part_says_something(view, name):
    assert text(open_view(view.dataset, period="2026-Q3").drawn(name)).strip()


@pytest.mark.parametrize("name", NEW)
def test_hostile_names_stay_text(name):
    days = pd.to_datetime(["2026-01-05", "2026-02-05", "2026-02-06", "2026-02-07"])
    orders = pd.DataFrame(
        {"order_id": list("1234"), "order_date": days, "customer_id": ["C", "C", HOSTILE, "D"],
         "amount": [100.0, 50.0, 10.0, 5.0], "rep_id": ["R1", "R2", "R3", "R1"]}
    )  # fmt: skip
    reps = pd.DataFrame({"rep_id": ["R1", "R2", "R3"], "name": [HOSTILE, "Ayu", "Budi"], "team": HOSTILE})
    target = {"name": HOSTILE, "kpi": "revenue", "per": "rep", "every": "month", "level": 60,
              "set_on": "2026-01-01"}  # fmt: skip
    objective = {"name": HOSTILE, "kpis": [], "targets": [target]}
    plan = Plan.model_validate({"goals": [{"name": HOSTILE, "objectives": [objective]}]})
    shown = open_view(kp.Dataset({"orders": orders, "reps": reps}), plan, period="2026-02", rep=HOSTILE)
    drawn = shown.drawn(name)
    html = drawn.svg if isinstance(drawn, Picture) else drawn.html
    assert "<img" not in html and "<script" not in html


def test_results_are_those_of_the_parts_that_were_asked_for(view):
    def parts(*names: str) -> set[str]:
        return {row[0] for row in view.written(kp.results, names).rows}

    assert parts("contribution") == {"contribution"}
    assert parts("heat_map", "strengths") == {"positions"}
    assert parts("cards", "trend", "statuses") == {"cards", "by month", "targets"}
    assert parts() == set() and view.written(kp.results, []).headline is None
    assert view.written(kp.results, ["cards", "attainment"]).headline["status"] == "15 of 25 reached"


def test_every_part_is_a_method_that_shows_it():
    assert all(callable(getattr(View, name)) for name in PARTS)


def test_who_brought_what_in_the_sample_company(view):
    # By orders.csv Jakarta sold 219,843.41 in 2026-Q3, and Ayu Lestari 52,994.95 of it: 24.1%.
    drawn = open_view(view.dataset, view.plan, period="2026-Q3", rep="Ayu Lestari").drawn("contribution")
    assert drawn.title.startswith("Ayu Lestari brought 24% of the revenue of team Jakarta")


def shares(values: list[tuple[float, float]]) -> pd.DataFrame:
    rows = [{"rep": f"R{place}", "value": now, "reference": was} for place, (now, was) in enumerate(values)]
    whole = [sum(column) for column in zip(*values, strict=True)]
    return contribution(pd.DataFrame(rows), value=whole[0], reference=whole[1])


TWO = "Two of three reps brought more than half"
FOUND = [
    ([(50, 50), (30, 40), (20, 5)], "One of three reps brought half of the revenue; one of three reps grew"),
    ([(40, 30), (40, 30), (20, 10)], f"{TWO} of the revenue; all three reps grew"),
    ([(40, 50), (40, 50), (20, 10)], f"{TWO} of the revenue; one of three reps grew"),
    ([(40, 50), (60, 70)], "One of two reps brought more than half of the revenue; none of two reps grew"),
    ([(100, 50)], "One rep brought 100% of the revenue; the one rep grew"),
]


@pytest.mark.parametrize(("values", "told"), FOUND)
def test_how_many_brought_half(values, told):
    assert contribution_finding(shares(values), kpi="revenue") == told


def test_strengths_are_named_before_weaknesses():
    frame = pd.concat([
        pd.DataFrame({"kpi": kpi, "convention": "default", "rep": ["A", "B", "C"], "value": values, "n": 9})
        for kpi, values in (("revenue", [3.0, 2.0, 1.0]), ("order_count", [1.0, 2.0, 3.0]))
    ])  # fmt: skip
    told = positions(frame)
    assert heat_map_finding(told, chosen="A") == (
        "A is among the strongest in revenue, and among the weakest in orders"
    )
    assert heat_map_finding(told, chosen="B") == "B is in the middle of the team in all of this"
    assert heat_map_finding(told) == "Two of three reps are among the strongest in at least one KPI"
    few = positions(frame[frame["rep"] != "C"])
    assert heat_map_finding(few) == "Too few members can be compared to say who is strong in what"


def test_no_data_does_not_look_like_a_low_figure(view):
    html = open_view(view.dataset, view.plan, period="2026-Q3", team="Alaska").drawn("heat_map").html
    cells = [cell.split(">")[0] + ">" + cell for cell in html.split("<td ") if "no data" in cell]
    assert cells and all("dashed" in one and "background" not in one for one in cells)
    assert "▼" in html and "▲" in html


STATUSES = [
    (["missed"], "The one target was missed"),
    (["on pace", "too early"], "The one target that can be judged is on pace; one cannot be judged"),
    (["no deadline"], "No target can be judged yet"),
    ([], "There are no targets"),
    (["reached", "behind", "behind"], "One of three targets is reached or on pace; two are behind"),
]


@pytest.mark.parametrize(("statuses", "told"), STATUSES)
def test_how_many_targets_stand_well(statuses, told):
    assert status_finding(statuses) == told


def test_a_target_of_several_reps_is_judged_by_their_sum():
    # Of 100 each until the 31st, A sold 90 and B 30 by the 15th: 11 of 22 weekdays of January 2026 have
    # passed, so that 100 was expected of both; 120 is 120% of it, and 80 more are needed in 11 days.
    orders = pd.DataFrame(
        {"order_id": ["1", "2"], "order_date": pd.to_datetime(["2026-01-05", "2026-01-15"]),
         "customer_id": ["C", "C"], "amount": [90.0, 30.0], "rep_id": ["A", "B"]}
    )  # fmt: skip
    target = {"name": "T", "kpi": "revenue", "per": "rep", "period": "2026-01", "level": 100,
              "set_on": "2025-12-01"}  # fmt: skip
    objective = {"name": "O", "kpis": ["revenue"], "targets": [target]}
    plan = Plan.model_validate({"goals": [{"name": "G", "objectives": [objective]}]})
    reps = pd.DataFrame({"rep_id": ["A", "B"], "name": ["A", "B"]})
    shown = open_view(
        kp.Dataset({"orders": orders, "reps": reps}), plan, as_of="2026-01-15", period="2026-01"
    )
    (told,) = standings(shown.figures).to_dict("records")
    assert (told["actual"], told["target_value"], told["attainment"]) == (120, 200, 0.6)
    assert told["expected"] == 100 and told["pace"] == pytest.approx(1.2) and told["status"] == "on pace"
    assert told["needed_per_day"] == pytest.approx(80 / 11)
    assert (told["good"], told["judged"], told["members"]) == (1, 2, 2)


@pytest.mark.parametrize("name", ["contribution", "heat_map", "strengths"])
def test_captions_name_the_scope(view, name):
    drawn = open_view(view.dataset, period="2026-Q3", where={"channel": ["WhatsApp"]}).drawn(name)
    told = drawn.html if isinstance(drawn, Html) else " ".join(drawn.specification["title"]["subtitle"])
    assert "channel WhatsApp" in told


def test_orders_without_a_rep_have_no_members_and_say_so():
    orders = pd.DataFrame({"order_id": ["1", "2"], "order_date": pd.to_datetime(["2026-01-05", "2026-02-05"]),
                           "customer_id": ["C", "D"], "amount": [5.0, 7.0]})  # fmt: skip
    shown = open_view(kp.Dataset({"orders": orders}), period="2026-01")
    told = {shown.drawn(name).text for name in ("members", "contribution")}
    assert told == {"Revenue cannot be split by rep: the orders have no rep."}
