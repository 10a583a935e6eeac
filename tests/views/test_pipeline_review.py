"""The parts of a review of the pipeline: their words hold for whatever is chosen or missing."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import kpikit as kp
from kpikit.data.settings import Settings
from kpikit.views import pipeline
from kpikit.views.display import Html, Picture
from kpikit.views.pipeline_coverage import covered, covered_together
from kpikit.views.team import View, open_view
from tests.views.frames import HOSTILE, addresses

NEW = ["cards", "pipeline", "coverage", "funnel", "stages", "deal_trend", "win_rates", "open_deals"]
KPIS = ["win_rate", "sales_cycle_days", "pipeline_value", "pipeline_value:weighted", "stage_days"]
CASES = [
    {"period": "2026-Q3"},
    {"period": "2026-Q3", "rep": "Ayu Lestari", "by": "rep"},
    {"period": "2026-Q3", "team": "Bali", "as_of": "2026-09-14", "by": "channel", "language": "id"},
    {"period": "2026-Q3", "rep": "Walt Henriksen"},
    {"period": "2026-Q3", "rep": "no rep", "by": "rep"},
    {"period": "next quarter"},
    {"period": "2021-Q1", "compare": None, "grain": "week"},
    {"period": "all time", "by": "segment"},
    {"period": "2026-09", "as_of": "2019-01-01"},
    {"period": "2026-Q3", "by": "product"},
]
NAN = float("nan")


@pytest.fixture(scope="module")
def view() -> View:
    return open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3", by="rep", kpis=KPIS)


def text(drawn: Html | Picture) -> str:
    return f"{drawn.title}\n{drawn.description}" if isinstance(drawn, Picture) else drawn.text


@pytest.mark.slow
@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_whatever_can_be_chosen_can_be_drawn(view, parameters):
    other = open_view(view.dataset, view.plan, kpis=KPIS, **parameters)
    for name in NEW:
        drawn = other.drawn(name)
        told = text(drawn)
        assert told.strip() and not {"nan", "none", "nat", "<na>"} & set(told.split()), (name, told)
        assert "$nan" not in told
        assert isinstance(drawn, Html) or (drawn.svg and drawn.table.rows)
    assert other.written(kp.results, NEW).columns[0] == "part"


def test_the_figures_are_those_of_measure(view):
    shown = view.figures
    now = pipeline.pipeline_now(shown)
    # By deals.csv and deal_stages.csv: 24 + 38 + 27 + 26 deals have no outcome, 79 of 115 an amount.
    assert now["stage"].tolist() == ["lead", "qualified", "proposal", "negotiation"]
    assert now["deals"].tolist() == [24, 38, 27, 26] and now["without_amount"].sum() == 115 - 79
    whole = kp.measure(view.dataset, ["pipeline_value", "pipeline_value:weighted"], period="2026-10-09")
    assert now[["value", "weighted"]].sum().tolist() == pytest.approx(whole["value"].tolist())
    deals = view.dataset.tables["deals"]
    late = deals["outcome"].isna() & (deals["expected_close_on"] < "2026-10-09")
    assert now["overdue"].sum() == late.sum()
    rates = pipeline.win_rates(shown)
    own = kp.measure(view.dataset, "win_rate", period="2026-Q3", by="rep")
    assert rates.loc[rates["kpi"] == "win_rate", "value"].dropna().tolist() == own["value"].dropna().tolist()


def test_the_pace_tells_on_how_many_deals_what_it_is_compared_with_rests(view):
    deals = view.dataset.tables["deals"]
    before = deals[deals["closed_on"].between("2026-04-01", "2026-06-30") & deals["outcome"].notna()]
    told = pipeline.pace_now(view.figures).set_index("kpi")["reference_n"]
    assert told["win_rate"] == len(before)
    assert told["sales_cycle_days"] == (before["outcome"] == "won").sum()
    without = open_view(view.dataset, period="2026-Q3", compare=None).figures
    assert pipeline.pace_now(without)["reference_n"].isna().all()


def test_a_team_and_a_rep_see_their_own(view):
    for scope in ({"team": "Bali"}, {"rep": "Ayu Lestari"}):
        shown = open_view(view.dataset, view.plan, period="2026-Q3", by="rep", **scope).figures
        members = kp.measure(view.dataset, "deals_created", period="2026-Q3", where=scope)["value"].iloc[0]
        assert pipeline.funnel_rows(shown)["created"].iloc[0] == members
        owners = set(pipeline.deals_now(shown)["rep"])
        told = covered(shown)
        compared = set(pipeline.win_rates(shown)["rep"])
        if "rep" in scope:
            # A rep is compared with the team.
            assert owners == {"Ayu Lestari"} == set(told.loc[told["per"] == "rep", "member"])
            assert {"Ayu Lestari", "Citra Paramita"} <= compared and "Kadek Wirawan" not in compared
        else:
            assert owners and owners <= compared and "Ayu Lestari" not in owners | compared
            assert set(told["member"]) == compared


def test_coverage_adds_up_what_the_members_lack(view):
    rows, whole = covered(view.figures), covered_together(view.figures)
    assert len(whole) == rows["target"].nunique() == 2
    for one in whole.to_dict("records"):
        own = rows[rows["target"] == one["target"]]
        assert one["remaining"] == pytest.approx(sum(max(t - a, 0) for t, a in zip(
            own["target_value"], own["actual"], strict=True)))  # fmt: skip
        short = own[own["remaining"] > 0]
        assert one["coverage"] == pytest.approx(short["pipeline"].sum() / own["remaining"].sum())


def test_the_results_tell_when_a_listed_deal_is_expected_to_close(view):
    told = [one for one in view.written(kp.results, ["open_deals"]).records() if one["expected_close_on"]]
    deals = view.dataset.tables["deals"].set_index("deal_id")
    assert told
    for one in told:
        assert one["expected_close_on"] == f"{deals.loc[one['deal_id'], 'expected_close_on']:%Y-%m-%d}"


def test_a_deal_is_named_once_and_the_largest_first(view):
    listed = pipeline.deals_listed(view.figures)
    assert listed["deal_id"].is_unique and listed["group"].value_counts().tolist() == [5, 5, 5]
    deals = view.dataset.tables["deals"]
    largest = deals.loc[deals["outcome"].isna(), "amount"].nlargest(5)
    assert listed["amount"].tolist()[:5] == largest.tolist()


def small(*, stages: bool = False, amounts: bool = True, dated: bool = True) -> kp.Dataset:
    deals = pd.DataFrame(
        {
            "deal_id": ["A", HOSTILE, "C", "D"],
            "stage": ["offer", HOSTILE, "won", "offer"],
            "outcome": [None, None, "won", None],
            "created_on": pd.to_datetime(["2026-01-05", "2026-02-10", "2026-02-20", None]),
            "closed_on": pd.to_datetime([None, None, "2026-03-15", None]),
            "rep_id": ["R1", HOSTILE, "R1", "R1"],
            "customer_id": [HOSTILE, "K", "K", None],
        }
    )
    if amounts:
        deals["amount"] = [NAN, 20.0, 30.0, NAN]
    if dated:
        deals["expected_close_on"] = pd.to_datetime(["2026-02-01", None, None, None])
    days = pd.to_datetime(["2026-01-05", "2026-02-10", "2026-02-20"])
    names = {"deal_id": ["A", HOSTILE, "C"], "stage": ["offer", HOSTILE, "offer"]}
    entries = pd.DataFrame(names | {"entered_on": days})
    tables = {"deals": deals} | ({"deal_stages": entries} if stages else {})
    return kp.Dataset(tables, Settings(stages={"offer": 0.5} if stages else {}))


@pytest.mark.parametrize("stages", [True, False])
@pytest.mark.parametrize("name", NEW)
def test_hostile_names_stay_text(name, stages):
    shown = open_view(small(stages=stages), period="2026-Q1", by="rep", kpis=KPIS)
    drawn = shown.drawn(name)
    html = drawn.svg if isinstance(drawn, Picture) else drawn.html
    assert "<img" not in html and "<script" not in html
    if isinstance(drawn, Picture):
        assert addresses(drawn.specification) == []


def test_what_is_missing_says_why_in_few_words():
    shown = open_view(small(amounts=False, dated=False), period="2026-Q1", by="rep", kpis=KPIS)
    told = {name: text(shown.drawn(name)) for name in NEW}
    assert told["funnel"] == "How far deals come is not known: the data have no table of deal stages."
    assert (
        told["stages"]
        == "How long deals stay in a stage is not known: the data have no table of deal stages."
    )
    assert told["coverage"] == "There is no plan, so there is nothing to cover."
    assert told["pipeline"].startswith("2 open deals, without amounts\n")
    assert "1 more open deal without a date of creation is not counted" in told["pipeline"]
    assert "by name: the data do not tell their order" in told["pipeline"]
    assert (
        told["open_deals"].startswith("2 open deals to look at\n")
        and "\nThe longest open\n" in told["open_deals"]
    )
    assert "cannot be shown: the table of deals has no amount" in told["cards"].replace("\n", " ")


def test_without_deals_one_sentence_tells_why_and_the_rest_is_short():
    orders = pd.DataFrame({"order_id": ["1"], "order_date": pd.to_datetime(["2026-01-05"]),
                           "customer_id": ["C"], "amount": [1.0]})  # fmt: skip
    shown = open_view(kp.Dataset({"orders": orders}), period="2026-Q1", by="rep", kpis=KPIS)
    assert text(shown.drawn("cards")).endswith("cannot be shown: the data have no table of deals.")
    assert {text(shown.drawn(name)) for name in NEW[1:]} == {"No deals."}
    assert shown.figures.kpi == "win_rate"


def test_cards_show_what_the_data_can_give_and_name_the_rest():
    told = text(open_view(small(), period="2026-Q1", kpis=KPIS).drawn("cards")).splitlines()
    assert [line.partition(":")[0] for line in told[1:-1]] == [
        "Win rate",
        "Sales cycle days",
        "Pipeline value",
    ]
    assert told[-1] == (
        "Pipeline value (weighted) cannot be shown: stages of dataset.yaml is missing. "
        "Stage days cannot be shown: the table of deal stages has no stage."
    )


@pytest.mark.parametrize("amounts", [(-5000.0,), (-30.0, -20.0), (-30.0, 50.0)])
def test_a_negative_pipeline_is_drawn_within_the_chart(amounts):
    """A bar beyond the axis was as long as its value in pixels."""
    deals = pd.DataFrame({"deal_id": [str(n) for n in range(len(amounts))], "amount": amounts,
                          "created_on": pd.Timestamp("2026-01-05"), "closed_on": pd.NaT, "outcome": "open",
                          "stage": [f"s{n}" for n in range(len(amounts))]})  # fmt: skip
    shown = open_view(kp.Dataset({"deals": deals}), period="2026-01", as_of="2026-01-31")
    width = int(float(re.search(r'width="([0-9.]+)', shown.drawn("pipeline").svg)[1]))
    assert 300 < width < 1000
