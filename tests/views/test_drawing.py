"""Every part can be drawn for whatever can be chosen; where there is nothing to show, it says why."""

from __future__ import annotations

import pandas as pd
import pytest

import kpikit as kp
from kpikit.views.display import Html, Picture
from kpikit.views.team import View, open_view
from tests.views.frames import HOSTILE

PARTS = ["cards", "attainment", "path", "trend", "breakdown", "members"]


@pytest.fixture(scope="module")
def view() -> View:
    return open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3")


def texts(view: View) -> dict[str, str]:
    drawn = {name: getattr(view.drawing, name)() for name in PARTS}
    return {name: one.title if isinstance(one, Picture) else one.text for name, one in drawn.items()}


def test_a_finished_quarter(view):
    told = texts(view)
    assert told["attainment"] == "Revenue reached 101% of its target; 15 of 25 reps reached theirs"
    assert told["path"] == "Revenue ended 1% above its target"
    assert told["trend"] == "Revenue was above the year before in nine of 12 months"
    assert told["breakdown"] == "WhatsApp brought 25% of revenue, the most of six channels"
    assert told["cards"].splitlines()[1] == "Revenue: $1,416,888; ▲ +12%, better; 2026-Q2: $1,267,324"


CASES = [
    {"period": "this quarter"},
    {"period": "2027-Q1"},
    {"period": "2021-Q1"},
    {"period": "all time"},
    {"period": "2026-09", "as_of": "2026-09-14", "team": "Bali"},
    {"period": "2026", "rep": "Ayu Lestari", "compare": None, "language": "id"},
    {"period": "2026-Q3", "rep": "Walt Henriksen"},
    {"period": "2026-Q3", "rep": "no rep"},
    {"period": "2026-Q3", "kpi": "customer_acquisition_cost", "rep": "Ayu Lestari"},
    {"period": "2026-Q3", "kpi": "customer_lifetime_value"},
    {"period": "last 90 days", "kpi": "sales_cycle_days", "by": "team", "grain": "week"},
    {"period": "2026-10-09", "grain": "day", "by": "customer"},
    *({"period": "2026-Q3", "target": name} for name in kp.read_plan("data/samples/plan.yaml").target_names),
]


@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_whatever_can_be_chosen_can_be_drawn(view, parameters):
    other = open_view(view.dataset, view.plan, **parameters)
    for name, text in texts(other).items():
        assert text.strip() and "nan" not in text.lower().split(), name
        drawn = getattr(other.drawing, name)()
        assert isinstance(drawn, Html) or drawn.svg
    assert other.written().text


def test_what_is_empty_says_why(view):
    told = texts(open_view(view.dataset, view.plan, period="2027-Q1"))
    assert told["breakdown"] == "2027-Q1 had not started on 9 Oct 2026."
    assert told["attainment"].startswith("No target of the plan is for revenue in 2027-Q1.")
    assert "Revenue: –; not started" in told["cards"]
    told = texts(open_view(view.dataset, view.plan, period="2026-Q3", rep="Walt Henriksen"))
    assert told["path"] == "Walt Henriksen has no target of “The quota of each representative” in 2026-Q3."


def test_a_running_period_says_so(view):
    told = texts(open_view(view.dataset, view.plan, period="this quarter"))
    assert told["cards"].startswith("The whole team, 2026-Q4 so far")
    assert "▼ −91%, so far" in told["cards"] and told["attainment"].startswith(
        "Revenue stands at 8% of its target"
    )


def test_hostile_names_stay_text_in_every_part():
    orders = pd.DataFrame(
        {
            "order_id": ["1", "2"], "order_date": pd.to_datetime(["2026-01-05", "2026-02-05"]),
            "customer_id": ["C1", HOSTILE], "amount": [100.0, 50.0], "rep_id": ["R1", "R2"],
            "channel": [HOSTILE, "phone"],
        }
    )  # fmt: skip
    reps = pd.DataFrame({"rep_id": ["R1", "R2"], "name": [HOSTILE, "Ayu"], "team": [HOSTILE, HOSTILE]})
    hostile = open_view(kp.Dataset({"orders": orders, "reps": reps}), period="2026-02", rep=HOSTILE)
    for name in PARTS:
        drawn = getattr(hostile.drawing, name)()
        html = drawn.svg if isinstance(drawn, Picture) else drawn.html
        assert "<img" not in html, name
    assert HOSTILE in hostile.selection.line
