"""What a view computes is what `measure` and `evaluate` give, and little more often than there are shapes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import kpikit as kp
from kpikit.errors import KpikitError
from kpikit.periods import parse_period
from kpikit.views import figures as module
from kpikit.views.adding import add_up
from kpikit.views.figures import trend_period
from kpikit.views.paths import path_of
from kpikit.views.team import View, locate, open_view

QUOTA = "The quota of each representative"
MONTHLY = "$15,000 of sales revenue for each representative, each month"


@pytest.fixture(scope="module")
def sales():
    return kp.load("data/samples")


@pytest.fixture(scope="module")
def plan():
    return kp.read_plan("data/samples/plan.yaml")


@pytest.fixture(scope="module")
def view(sales, plan) -> View:
    return open_view(sales, plan, period="2026-Q3")


def seen(sales, plan, **parameters):
    return open_view(sales, plan, **parameters).figures


def test_a_view_of_all_its_parts_measures_as_often_as_there_are_shapes(sales, plan, monkeypatch):
    shown, calls = seen(sales, plan, period="2026-Q3", rep="Ayu Lestari"), []
    real = module.measure
    monkeypatch.setattr(
        module, "measure", lambda *args, **options: calls.append(options) or real(*args, **options)
    )
    parts = [shown.totals, shown.around, shown.members, shown.breakdown, shown.trend, shown.attainment]
    assert all(len(part) for part in parts)
    assert len(calls) == 5  # totals, those around, members, breakdown, trend


def test_the_chosen_kpi_is_always_on_a_card(sales, plan):
    assert seen(sales, plan, kpi="pipeline_value").kpis[0] == "pipeline_value"
    assert seen(sales, plan, kpis=["win_rate"], kpi="revenue").kpis == ("revenue", "win_rate")
    # Where none is asked for, the first of the cards is that of the charts.
    assert seen(sales, plan, kpis=["win_rate", "deals_won"]).kpi == "win_rate"
    assert seen(sales, plan, kpis=["win_rate", "deals_won"]).kpis == ("win_rate", "deals_won")


@pytest.mark.parametrize(
    ("parameters", "target"),
    [
        ({"period": "2026-Q3"}, QUOTA),
        ({"period": "2026-09"}, MONTHLY),
        (
            {"period": "2026-Q3", "kpi": "acquisition_rate"},
            "The customer acquisition rate rises by 10% every quarter",
        ),
        ({"period": "2022", "kpi": "revenue"}, "$1.2 million in 2022 from Alaska"),
        ({"period": "2026-Q3", "kpi": "win_rate"}, None),
        ({"period": "2026-Q3", "target": MONTHLY}, MONTHLY),
    ],
)
def test_the_target_that_fits_is_taken(sales, plan, parameters, target):
    assert seen(sales, plan, **parameters).target == target


def test_without_a_plan_there_are_no_targets(sales):
    shown = open_view(sales, period="2026-Q3")
    assert shown.figures.target is None and shown.figures.attainment.empty
    assert "There is no plan" in shown.drawing.attainment().text


def test_attainment_is_what_evaluate_says(sales, plan, view):
    told = kp.evaluate(sales, plan, targets=QUOTA)
    told = told[(told["period"] == "2026-Q3") & (told["scope_row"] == "detail")].set_index("member")
    for one in view.figures.attainment.to_dict("records"):
        for name in ("actual", "target_value", "attainment", "status"):
            assert one[name] == told.loc[one["member"], name] or pd.isna(one[name])


def test_occurrences_are_added_up(sales, plan):
    shown = seen(sales, plan, period="2026-Q3", target=MONTHLY)
    own = shown.attainment.set_index("member").loc["Ayu Lestari"]
    months = kp.measure(sales, "revenue", period="2026-Q3", grain="month", where={"rep": "Ayu Lestari"})[
        "value"
    ]
    assert own["actual"] == pytest.approx(months.sum())
    assert (own["target_value"], own["occurrences"], own["of"]) == (45_000, 3, 3)
    assert own["reached"] == (months >= 15_000).sum()
    assert own["attainment"] == pytest.approx(months.sum() / 45_000)


def test_a_month_that_has_not_started_is_not_added():
    row = {"member": "A", "actual": 5.0, "target_value": 10.0, "expected": 10.0, "attainment": 0.5,
           "progress": None, "status": "missed", "reached": 0, "of": 1,
           "end": pd.Timestamp("2026-08-31")}  # fmt: skip
    later = row | {"actual": None, "expected": None, "attainment": None, "status": "not started", "of": 0}
    (told,) = add_up(pd.DataFrame([row, later]), date(2026, 9, 1)).to_dict("records")
    assert (told["actual"], told["target_value"], told["occurrences"]) == (5.0, 10.0, 1)


def test_a_rep_sees_the_own_team(sales, plan):
    shown = seen(sales, plan, period="2026-Q3", rep="Ayu Lestari")
    team = {"Ayu Lestari", "Budi Hartanto", "Citra Paramita", "Fajar Nugroho", "Maya Kusumawati"}
    assert shown.team == "Jakarta"
    assert set(shown.attainment["member"]) == team == set(shown.members["rep"])
    assert shown.headline[["actual", "status"]].values.tolist() == [[pytest.approx(52994.95), "missed"]]


def test_the_headline_of_all_is_the_sum_of_those_with_a_target(view):
    (told,) = view.figures.headline.to_dict("records")
    known = view.figures.attainment.dropna(subset="target_value")
    assert told["actual"] == pytest.approx(known["actual"].sum())
    assert told["status"] == f"{(known['status'] == 'reached').sum()} of {len(known)} reached"


def test_the_trend_shows_a_year_at_least(sales):
    day = date(2026, 10, 9)
    spans = {
        text: trend_period(parse_period(text, day), "month", day, sales)
        for text in ("2026-Q3", "2026", "all time")
    }
    assert [(str(one.start), str(one.end)) for one in spans.values()] == [
        ("2025-10-01", "2026-09-30"), ("2025-11-01", "2026-10-31"), ("2025-11-01", "2026-10-31"),
    ]  # fmt: skip


PATHS = [
    ({"period": "2026-Q3"}, QUOTA, "rep"),
    ({"period": "2026-Q4"}, QUOTA, "rep"),
    ({"period": "2026-Q3", "as_of": "2026-08-20"}, MONTHLY, "rep"),
    ({"period": "2022"}, "$1.2 million in 2022 from Alaska", ""),
    (
        {"period": "2026-Q3", "as_of": "2026-08-20"},
        "The customer acquisition rate rises by 10% every quarter",
        "",
    ),
    ({"period": "2026-Q3"}, "Raise the average customer relationship from 3 years to 5 years", ""),
]


@pytest.mark.parametrize(("parameters", "target", "per"), PATHS)
def test_a_path_ends_where_evaluate_does(sales, plan, parameters, target, per):
    shown = seen(sales, plan, target=target, **parameters)
    rows = shown.target_rows.dropna(subset="target_value")
    scope = dict(plan.choose(target)[0].target.scope)
    if per:
        scope["rep"] = list(dict.fromkeys(rows["member"]))
    path = path_of(sales, rows, scope=scope, as_of=shown.as_of)
    known = path.rows.dropna(subset="actual")
    assert known["actual"].iloc[-1] == pytest.approx(path.actual)
    assert known["day"].iloc[-1] <= pd.Timestamp(shown.as_of)
    now = path.rows.loc[path.rows["day"] == known["day"].iloc[-1], "expected"].iloc[0]
    if path.is_cumulative:
        assert now == pytest.approx(path.expected)
        assert path.rows["expected"].is_monotonic_increasing
        assert path.rows["expected"].iloc[-1] == pytest.approx(path.target)


def test_paths_are_found_from_the_folders_below(tmp_path, monkeypatch):
    (tmp_path / "data" / "samples").mkdir(parents=True)
    (tmp_path / "notebooks").mkdir()
    for folder in ("notebooks", "."):
        monkeypatch.chdir(tmp_path / folder)
        for path in ("../data/samples", "data/samples"):
            assert locate(path).resolve() == tmp_path / "data" / "samples"
    assert locate(tmp_path) == tmp_path
    with pytest.raises(KpikitError, match="'data/other' is not there"):
        locate("data/other")


def test_a_bad_path_names_itself():
    with pytest.raises(KpikitError, match="nowhere"):
        open_view(Path("/nowhere/at/all"))
