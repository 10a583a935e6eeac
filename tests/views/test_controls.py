"""The controls, in plain Python: what they offer, what Apply shows, and what Reset goes back to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import kpikit as kp
from kpikit.views.controls import CHOSEN, Controls
from kpikit.views.team import View, open_view


@pytest.fixture(scope="module")
def sales():
    return kp.load("data/samples")


@pytest.fixture
def view(sales) -> View:
    return open_view(sales, kp.read_plan("data/samples/plan.yaml"), period="last quarter")


@pytest.fixture
def controls(view) -> Controls:
    return Controls(view)


def offered(controls: Controls, name: str) -> list[str]:
    return [value for _, value in controls.fields[name].options]


def put(controls: Controls, **values: Any) -> None:
    for name, value in values.items():
        controls.fields[name].value = value


def test_they_first_show_what_the_parameters_say(sales):
    view = open_view(sales, period="2026-Q2", rep="Ayu Lestari", compare="", kpi="win_rate", by="region")
    told = {name: field.value for name, field in Controls(view).fields.items() if name in CHOSEN}
    assert told == {"period": "2026-Q2", "compare": "", "kpi": "win_rate", "target": "", "by": "region",
                    "team": "", "rep": "Ayu Lestari"}  # fmt: skip


def test_no_field_is_blank(controls):
    assert all(field.index is not None for name, field in controls.fields.items() if name in CHOSEN)


def test_apply_shows_what_measure_gives(controls, view, sales):
    put(controls, period="last month", team="Jakarta", rep="Ayu Lestari", kpi="order_count")
    controls.apply.click()
    assert view.selection.line == (
        'period="last month", compare="previous", kpi="order_count", team="Jakarta", rep="Ayu Lestari"'
    )
    own = kp.measure(sales, "revenue", period="2026-09", where={"rep": "Ayu Lestari"})
    totals = view.figures.totals.set_index("kpi")
    assert totals.loc["revenue", "value"] == own["value"].iloc[0]
    assert view.selection.line in controls.line.value.replace("&quot;", '"')


def test_nothing_is_shown_before_apply(controls, view):
    put(controls, rep="Ayu Lestari")
    assert view.selection.rep is None


def test_reset_goes_back_to_the_parameters(controls, view):
    first = view.selection
    put(controls, team="Bali", period="last year")
    controls.apply.click()
    assert view.selection.team == "Bali"
    controls.reset.click()
    assert view.selection == first
    assert (controls.fields["team"].value, controls.fields["period"].value) == ("", "last quarter")


def test_what_is_impossible_is_not_offered(controls):
    assert "Walt Henriksen" not in offered(controls, "rep")  # left in 2022
    assert "$1.2 million in 2022 from Alaska" not in offered(controls, "target")
    put(controls, team="Bali")
    assert "Ayu Lestari" not in offered(controls, "rep") and "Kadek Wirawan" in offered(controls, "rep")
    put(controls, kpi="new_customers")
    assert "product_line" not in offered(controls, "by")
    assert "customer_lifetime_value" not in offered(controls, "kpi")  # it has no silent default
    assert "customer_lifetime_value:simple" in offered(controls, "kpi")


def test_the_period_decides_who_is_there(controls):
    put(controls, period="custom", start=date(2022, 1, 1), end=date(2022, 3, 31))
    assert "Walt Henriksen" in offered(controls, "rep")
    assert "$1.2 million in 2022 from Alaska" in offered(controls, "target")


def test_a_rep_of_another_team_is_let_go(controls):
    put(controls, team="Jakarta", rep="Ayu Lestari")
    put(controls, team="Bali")
    assert controls.fields["rep"].value == ""


def test_the_dates_stand_there_for_a_range_alone(controls):
    assert controls.fields["start"].layout.display == "none"
    put(controls, period="custom")
    assert controls.fields["start"].layout.display is None
    assert controls.fields["end"].max == date(2026, 10, 9)


def test_a_range_that_ends_before_it_starts_cannot_be_applied(controls, view):
    put(controls, period="custom", start=date(2026, 3, 1), end=date(2026, 2, 1))
    assert controls.apply.disabled and "The first day is after the last." in controls.message.value
    put(controls, end=date(2026, 3, 31))
    assert not controls.apply.disabled
    controls.apply.click()
    assert view.selection.period == "2026-03-01/2026-03-31"


def test_a_fault_is_told_and_what_was_shown_stays(controls, view, monkeypatch):
    before = view.selection
    monkeypatch.setattr(view._screen, "draw_again", lambda: (_ for _ in ()).throw(RuntimeError("<b>no</b>")))
    put(controls, team="Bali")
    with pytest.raises(RuntimeError):
        controls._apply()
    assert view.selection == before and not controls.apply.disabled
    assert "&lt;b&gt;no&lt;/b&gt;" in controls.message.value


def test_controls_without_a_plan_offer_no_target(sales):
    assert offered(Controls(open_view(sales, period="2026-Q3")), "target") == [""]


def test_a_notebook_shows_the_controls_that_it_names(view):
    controls = Controls(view, ("team", "rep"))
    shown = [field.description for field in controls.box.children[0].children]
    assert shown == ["Team", "Rep"]
    put(controls, team="Jakarta", rep="Ayu Lestari")
    controls.apply.click()
    assert view.selection.rep == "Ayu Lestari" and view.selection.period == "last quarter"


def test_before_a_period_the_periods_to_come_are_offered_and_who_will_be_there(sales):
    view = open_view(sales, kp.read_plan("data/samples/plan.yaml"), period="next quarter")
    controls = Controls(view, ("period", "team", "rep"))
    assert "next month" in offered(controls, "period") and "last quarter" not in offered(controls, "period")
    # By reps.csv 25 members have not left; Tyler Nakamura is one of the five of Alaska.
    assert len(offered(controls, "rep")) == 26
    put(controls, team="Alaska")
    assert "Tyler Nakamura" in offered(controls, "rep") and len(offered(controls, "rep")) == 6
    put(controls, period="this quarter")
    controls.apply.click()
    assert "next quarter" in offered(controls, "period")
