"""A selection is checked once, and its line makes it again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kpikit as kp
from kpikit.errors import KpikitError
from kpikit.selection import PARAMETERS, Selection, available_kpis, default_kpis, lacking, member_pairs

DAY = date(2026, 10, 9)


@pytest.fixture(scope="module")
def sales():
    return kp.load("data/samples")


@pytest.fixture(scope="module")
def plan():
    return kp.read_plan("data/samples/plan.yaml")


@pytest.mark.parametrize(
    ("parameters", "parts"),
    [
        ({"perod": "2026"}, ["no parameter 'perod'", "Parameters: period", "Did you mean 'period'?"]),
        ({"period": "2026-Q5"}, ["quarter 5 does not exist", "2026 has the quarters 1 to 4"]),
        ({"rep": "Ayu Lestary"}, ["rep: no rep 'Ayu Lestary'", "Did you mean 'Ayu Lestari'?"]),
        ({"team": "Balli"}, ["team: no team 'Balli'", "There are Alaska, Bali", "Did you mean 'Bali'?"]),
        ({"kpi": "revenu"}, ["kpi: no KPI 'revenu'", "Did you mean 'revenue'?"]),
        ({"kpi": "win_rate:x"}, ["kpi: no convention 'x'", "closed, created, cohort"]),
        ({"kpis": ["revenue", "wins"]}, ["kpis: no KPI 'wins'"]),
        ({"compare": "previos"}, ["compare: it cannot be 'previos'", "Did you mean 'previous'?"]),
        ({"by": "chanel"}, ["by: it cannot be 'chanel'", "Did you mean 'channel'?"]),
        ({"grain": "months"}, ["grain: it cannot be 'months'", "Did you mean 'month'?"]),
        ({"target": "The quota"}, ["target: no target 'The quota'", "Allowed: Raise sales revenue"]),
        ({"language": "de"}, ["no language 'de'", "Languages: en, id"]),
        ({"as_of": "14.9.2026"}, ["14.9.2026"]),
        ({"where": {"regoin": "Bali"}}, ["no dimension 'regoin'", "Did you mean 'region'?"]),
        ({"where": {"rep": "Ayu Lestari"}}, ["'rep' has a parameter of its own"]),
        ({"where": "Bali"}, ["'Bali' (str) is no scope"]),
        ({"where": ("region", "Bali")}, ["('region', 'Bali') (tuple) is no scope"]),
        ({"where": {"zz": 1}}, ["where: no dimension 'zz'"]),
        ({"where": {"region": 1}}, ["where: no region '1'", "There are Alaska, Bali"]),
        ({"where": {"region": 1.5}}, ["where: 1.5 (float) is no label of region"]),
        ({"where": {"region": None}}, ["where: None (NoneType) is no label of region"]),
        ({"where": {"region": [["Bali"]]}}, ["where: ['Bali'] (list) is no label of region"]),
        ({"where": {"region": []}}, ["where: no label for region"]),
        ({"where": {1: "Bali"}}, ["where: no dimension '1'"]),
        ({"kpis": 5}, ["kpis: 5 (int) is no list of KPIs", '["revenue", "win_rate"]']),
        ({"kpis": ["revenue", None]}, ["is no list of KPIs"]),
        ({"period": "2026" * 9999}, ["period: '20262026", "… is not a period"]),
        ({"team": "Bali", "rep": "Ayu Lestari"}, ["Ayu Lestari is not in team Bali", "Team: Jakarta"]),
        ({"rep": True}, ["True (bool) is not a text"]),
    ],
)
def test_what_cannot_be_used_is_named_with_what_is_allowed(sales, plan, parameters, parts):
    with pytest.raises(KpikitError) as caught:
        Selection.of(sales, plan, **parameters)
    for part in parts:
        assert part in str(caught.value)


def test_an_empty_text_is_a_default(sales, plan):
    empty = Selection.of(sales, plan, target="", team="", rep=None, as_of="", where={}, kpis=[])
    assert empty == Selection.of(sales, plan)
    assert Selection.of(sales, compare="").compare is None


def test_a_target_needs_a_plan(sales):
    with pytest.raises(KpikitError, match="Allowed: none"):
        Selection.of(sales, target="The quota of each representative")


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"period": "2026-Q3", "rep": "José Ramírez", "compare": None},
        {"period": "2026-01-01/2026-03-31", "team": "East Java & Sumatra", "grain": "week"},
        {"kpi": "win_rate:cohort", "kpis": ["revenue", "win_rate:created"], "where": {"channel": ["phone"]}},
        {"target": "$1.2 million in 2022 from Alaska", "as_of": "2026-09-14", "language": "id"},
    ],
)
def test_its_line_makes_it_again(sales, plan, parameters):
    chosen = Selection.of(sales, plan, **parameters)
    assert Selection.of(sales, plan, **Selection.read(chosen.line)) == chosen
    assert Selection.of(sales, plan, **chosen.parameters) == chosen


@given(st.text())
def test_any_text_survives_the_line(text):
    line = Selection(team=text, kpi="revenue").line
    assert Selection.read(line)["team"] == text if text else True
    assert "\n" not in line.replace("\x85", "").replace("\u2028", "").replace("\u2029", "")


@pytest.mark.parametrize(
    "line",
    [
        "period=",
        "__import__('os')",
        "period=open('x')",
        "1, 2",
        "**{}",
        "where={[]: 1}",
        "where={{}: 1}",
        "period=" + "[" * 100_000,
        "period=" + "-" * 100_000 + "1",
        "period=" + "9" * 5_000,
        "period='\0'",
    ],
    ids=lambda line: line[:20],
)
def test_a_line_holds_literals_alone(line):
    with pytest.raises(KpikitError):
        Selection.of(kp.load("data/samples"), **Selection.read(line))


def test_the_scope_is_the_rep_or_else_the_team(sales):
    assert Selection.of(sales, team="Bali").scope == {"team": ["Bali"]}
    chosen = Selection.of(sales, rep="Ayu Lestari", where={"region": "Jakarta"})
    assert chosen.scope == {"region": ["Jakarta"], "rep": ["Ayu Lestari"]}
    assert chosen.around == {"region": ["Jakarta"]}


def test_deals_alone_are_judged_by_what_was_won(sales):
    deals = kp.Dataset({"deals": sales.tables["deals"]})
    assert Selection.of(deals).kpi == "won_value"
    assert default_kpis(deals, DAY) == ("won_value", "win_rate")
    assert Selection.of(deals, kpis=["revenue", "win_rate"]).kpi == "win_rate"
    assert Selection.of(deals, kpis=["revenue"]).kpi == "revenue"
    assert available_kpis(deals, ["revenue", "win_rate"], DAY) == ["win_rate"]


def test_what_cannot_be_split_by_channel_is_split_by_what_is_there(sales):
    orders = sales.tables["orders"].drop(columns="channel")
    without = kp.Dataset({"orders": orders.assign(region="Bali")})
    assert lacking(without, "revenue", "channel", DAY) == "orders has no channel"
    assert Selection.of(without).by == Selection.of(without, by="channel").by == "region"
    assert Selection.of(kp.Dataset({"orders": orders})).by == "product_line"
    assert Selection.of(without, by="segment").by == "segment"  # what is asked for is not overruled
    assert Selection.of(sales).by == Selection.of(sales, kpi="win_rate").by == "channel"
    bare = kp.Dataset({"orders": orders[["order_id", "order_date", "customer_id", "amount"]]})
    assert Selection.of(bare).by == "channel"


def test_members_are_those_of_the_period(sales):
    pairs = member_pairs(sales, Selection(period="2022").span(sales), DAY)
    assert ("Alaska", "Walt Henriksen") in pairs
    assert ("Jakarta", "Dewi Anggraini") in pairs  # of Bali since July 2024
    assert pairs[-1][1] == "no rep"


def test_every_parameter_is_a_field():
    assert {"period", "as_of", "compare", "target", "kpi", "team", "rep", "language"} <= set(PARAMETERS)
