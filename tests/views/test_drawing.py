"""Every part can be drawn for whatever can be chosen; where there is nothing to show, it says why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

import pandas as pd
import pytest

import kpikit as kp
from kpikit.targets import Plan
from kpikit.views.display import Html, Picture
from kpikit.views.parts import PARTS as ALL_PARTS
from kpikit.views.team import View, open_view
from tests.builders import dataset
from tests.views.frames import HOSTILE

GROWTH = "Raise sales revenue by 15% in the next quarter"
MONTHLY = "$15,000 of sales revenue for each representative, each month"
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
    assert told["trend"] == "Revenue was above the year before in 9 of 12 months"
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


def check(view: View, parts: Sequence[str] = tuple(ALL_PARTS)) -> None:
    """Draw parts and write their figures: each says something, and none of it is for machines."""
    for name in parts:
        drawn = view.drawn(name)
        text = drawn.text if isinstance(drawn, Html) else f"{drawn.title}\n{drawn.description}"
        assert text.strip() and not re.search(r"\b(nan|NaN|NaT|inf|None(?! of))\b", text), (name, text)
        assert isinstance(drawn, Html) or drawn.svg
    assert view.written(parts=list(parts)).text


@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_whatever_can_be_chosen_can_be_drawn(view, parameters):
    check(open_view(view.dataset, view.plan, **parameters), PARTS)


@pytest.mark.slow
@pytest.mark.parametrize("parameters", [CASES[1], CASES[2], CASES[4], CASES[7], CASES[10]], ids=str)
def test_all_parts_of_all_notebooks_can_be_drawn(view, parameters):
    check(open_view(view.dataset, view.plan, **parameters))


@pytest.mark.slow
def test_all_can_be_drawn_without_a_plan(view):
    check(open_view(view.dataset, None, period="2026-Q3"))


ORDER = {"order_id": "1", "order_date": date(2026, 3, 5), "customer_id": "1", "amount": 10.0}
DEAL = {"deal_id": "1", "stage": "won", "outcome": "won", "closed_on": date(2026, 3, 5), "amount": 10.0}
OPEN = {"outcome": None, "closed_on": None}


@pytest.mark.parametrize(
    "tables", [{"orders": [ORDER]}, {"deals": [DEAL]}, {"deals": [DEAL | OPEN]}],
    ids=["an order", "a won deal", "an open deal"],
)  # fmt: skip
@pytest.mark.parametrize("period", ["2026-Q1", "2025", "all time"])
def test_all_can_be_drawn_where_there_is_next_to_nothing(tables, period):
    company = dataset(tables)
    check(open_view(company, None, period=period, as_of="2026-03-31"))


def test_months_before_a_rep_was_hired_are_not_compared(view):
    # Hired on 2025-07-01: three months have a year before. By orders.csv July to September of 2025 sold
    # 11,100.01, 8,899.12 and 8,586.29, and of 2026 22,417.34, 7,823.83 and 15,555.91.
    told = texts(open_view(view.dataset, view.plan, period="2026-Q3", rep="Tyler Nakamura"))
    found = "Revenue was above the year before in two of three months that can be compared"
    assert told["trend"] == found


def test_what_is_empty_says_why(view):
    told = texts(open_view(view.dataset, view.plan, period="2027-Q1"))
    assert told["breakdown"] == "2027-Q1 had not started on 9 Oct 2026."
    assert told["attainment"] == "The plan has no target for revenue in 2027-Q1."
    assert "Revenue: –; not started" in told["cards"]
    told = texts(open_view(view.dataset, view.plan, period="2026-Q3", rep="Walt Henriksen"))
    assert told["path"] == "Walt Henriksen has no target in “The quota of each representative”, 2026-Q3."
    assert told["breakdown"] == "Walt Henriksen, 2026-Q3: no figures for revenue."
    assert told["trend"] == "Walt Henriksen, 2026-Q3: no figures for revenue (not employed)."
    told = texts(open_view(view.dataset, view.plan, period="2026-Q3", rep="no rep"))
    assert told["path"] == "What was sold without a rep has no target."
    told = texts(open_view(view.dataset, view.plan, period="2026-Q3", kpi="new_customers", by="product"))
    assert told["breakdown"] == (
        "New customers cannot be split by product: a customer's first order has no product."
    )


WHOSE = [
    # Of the company or its team, the page says whose figure it is.
    (
        {},
        "Revenue reached 101% of its target; 15 of 25 reps reached theirs",
        "Revenue ended 1% above its target",
    ),
    (
        {"team": "Bali"},
        "Revenue reached 105% of its target; three of five reps reached theirs",
        "Revenue ended 5% above its target",
    ),
    (
        {"rep": "Ayu Lestari"},
        "Ayu Lestari reached 93% of the target for revenue; three of five reps reached theirs",
        "Revenue ended 7% below its target",
    ),
    # On the page of a rep without a target, the figure is that of the others.
    (
        {"rep": "Walt Henriksen"},
        "The whole team: revenue reached 101% of its target; 15 of 25 reps reached theirs",
        "Walt Henriksen has no target in “The quota of each representative”, 2026-Q3.",
    ),
    (
        {"rep": "no rep"},
        "The whole team: revenue reached 101% of its target; 15 of 25 reps reached theirs",
        "What was sold without a rep has no target.",
    ),
    # What is set for the company, or a part of it, is theirs on whatever page.
    (
        {"target": GROWTH, "rep": "Ayu Lestari"},
        "The company: revenue reached 97% of its target",
        "The company: revenue ended 3% below its target",
    ),
    ({"target": GROWTH}, "Revenue reached 97% of its target", "Revenue ended 3% below its target"),
    (
        {"target": "$1.2 million in 2022 from Alaska", "period": "2022"},
        "Alaska: revenue reached 102% of its target",
        "Alaska: revenue ended 2% above its target",
    ),
    (
        {"target": "100 thousand new customers from Bali", "team": "Jakarta"},
        "Bali: new customers stand at 0.1% of their target",
        "Bali: new customers are more than 99% below their target, which has no deadline",
    ),
    (
        {"target": MONTHLY, "team": "Bali"},
        "Revenue reached 146% of its target; 14 of 15 targets of five reps were reached",
        "Revenue ended 46% above its target",
    ),
]


@pytest.mark.parametrize(("parameters", "attainment", "path"), WHOSE, ids=lambda one: str(one)[:40])
def test_a_title_says_whose_figure_it_is(view, parameters, attainment, path):
    told = texts(open_view(view.dataset, view.plan, **({"period": "2026-Q3"} | parameters)))
    assert (told["attainment"], told["path"]) == (attainment, path)


def test_a_rep_without_a_target_sees_the_teams():
    # Of a team of two Budi reached 120 of 100, and Ayu has no quota.
    day = pd.Timestamp("2026-01-15")
    orders = pd.DataFrame(
        {"order_id": ["1", "2"], "order_date": [day, day], "customer_id": ["C", "C"],
         "amount": [120.0, 10.0], "rep_id": ["B", "A"]}
    )  # fmt: skip
    reps = pd.DataFrame({"rep_id": ["A", "B"], "name": ["Ayu", "Budi"], "team": ["West", "West"]})
    quotas = pd.DataFrame(
        {"kpi": ["revenue"], "start": [pd.Timestamp("2026-01-01")], "end": [pd.Timestamp("2026-01-31")],
         "value": [100.0], "rep_id": ["B"]}
    )  # fmt: skip
    company = kp.Dataset({"orders": orders, "reps": reps, "quotas": quotas})
    quota = {"name": "Quota", "kpi": "revenue", "per": "rep", "from_quotas": True, "set_on": "2026-01-01"}
    objective = {"name": "O", "kpis": ["revenue"], "targets": [quota]}
    plan = Plan.model_validate({"goals": [{"name": "G", "objectives": [objective]}]})
    told = open_view(company, plan, period="2026-01", as_of="2026-01-31", rep="Ayu", target="Quota").drawing
    assert told.attainment().title == "Team West: revenue reached 120% of its target"
    assert told.attainment().description.startswith(
        "Team West · Target: Quota · Ayu has none · 2026-01 · as of 31 Jan 2026."
    )
    assert told.path().text == "Ayu has no target in “Quota”, 2026-01."


def test_what_the_data_cannot_split_by_channel_is_split_by_region():
    orders = pd.DataFrame(
        {"order_id": ["1", "2"], "order_date": pd.to_datetime(["2026-01-05", "2026-01-31"]),
         "customer_id": ["C", "C"], "amount": [75.0, 25.0], "region": ["Bali", None]}
    )  # fmt: skip
    shown = open_view(kp.Dataset({"orders": orders}), period="2026-01")
    assert shown.drawing.breakdown().title == "Bali brought 75% of revenue; the rest has no region"
    assert 'by="region"' in shown.selection.line
    asked = open_view(kp.Dataset({"orders": orders}), period="2026-01", by="segment")
    assert asked.drawing.breakdown().text == "Revenue cannot be split by segment: the orders have no segment."


def test_captions_say_whose_region_and_channel_is_counted(view):
    # In the sample the orders have a channel and no region; customers have both, reps a region.
    shown = open_view(view.dataset, view.plan, period="2026-Q3", by="region").drawing.breakdown()
    assert "· region: the customer's, else the rep's" in shown.description
    assert "channel: the order's, else the customer's" in view.drawing.breakdown().description
    spend = open_view(view.dataset, view.plan, period="2026-Q3", by="region", kpi="customer_acquisition_cost")
    assert "region: the cost's; the customer's, else the rep's" in spend.drawing.breakdown().description
    plain = open_view(view.dataset, view.plan, period="2026-Q3", by="team").drawing.breakdown()
    assert "else" not in plain.description


def test_the_table_of_members_says_that_credit_is_shared(view):
    told = "What several members share is counted for each by their share."
    assert told not in view.drawing.members().text
    order = view.dataset.small("orders")["order_id"].iloc[0]
    credits = pd.DataFrame({"order_id": [order], "rep_id": ["R01"], "share": [1.0]})
    shared = kp.Dataset(dict(view.dataset.tables) | {"credits": credits}, view.dataset.settings)
    assert told in open_view(shared, period="2026-Q3").drawing.members().text


def test_a_scope_is_named_with_its_sources(view):
    where = {"region": ["Bali", "Alaska"], "product_line": "Coffee"}
    drawn = open_view(
        view.dataset, None, period="2026-Q3", kpis=["revenue"], kpi="revenue", where=where
    ).drawing
    told = "region Bali or Alaska (the customer's, else the rep's)"
    for part in (
        drawn.trend().description,
        drawn.breakdown().description,
        drawn.cards().text,
        drawn.members().text,
    ):
        assert told in part
        assert "product line Coffee" in part


def test_a_target_of_a_region_says_whose_region_that_is(view):
    name = next(one for one in view.plan.target_names if "Alaska" in one)
    shown = open_view(view.dataset, view.plan, period="2022", target=name).drawing
    assert "region: the customer's, else the rep's" in shown.attainment().description
    assert "region: the customer's, else the rep's" in shown.path().description


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


def test_of_orders_by_product_line_nobody_has_a_share():
    """One order of both lines, one of tea alone: tea is in two of two orders, not in two of three."""
    rows = [("1", "tea"), ("1", "cups"), ("2", "tea")]
    orders = pd.DataFrame({"order_id": [one for one, _ in rows], "order_date": pd.Timestamp("2026-01-05"),
                           "customer_id": "C", "amount": 5.0,
                           "product_line": [line for _, line in rows]})  # fmt: skip
    shown = open_view(kp.Dataset({"orders": orders}), period="2026-01", by="product_line", kpi="order_count")
    assert shown.drawn("breakdown").title == "Orders are highest for tea and lowest for cups"
    money = open_view(kp.Dataset({"orders": orders}), period="2026-01", by="product_line", kpi="revenue")
    assert money.drawn("breakdown").title == "Tea brought 67% of revenue, the most of two product lines"
