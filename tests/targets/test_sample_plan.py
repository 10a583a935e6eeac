"""The plan of the sample company: the seven targets stand in it, and it can be evaluated on any day."""

from pathlib import Path

import pytest

from kpikit.data.dataset import load
from kpikit.targets import evaluate, read_plan, review
from kpikit.targets.attainment import STATUSES

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NUMBERS = ("level", "growth", "origin", "to", "per", "every", "scope", "convention")


@pytest.fixture(scope="module")
def plan():
    return read_plan(SAMPLES / "plan.yaml")


@pytest.fixture(scope="module")
def company(plan):
    return load(plan.dataset_path)


# As the design reads them.
SEVEN = {
    "Raise sales revenue by 15% in the next quarter": ("revenue", {"growth": 0.15}),
    "$15,000 of sales revenue for each representative, each month": (
        "revenue",
        {"level": 15_000, "per": "rep", "every": "month"},
    ),
    "$1.2 million in 2022 from Alaska": ("revenue", {"level": 1_200_000, "scope": {"region": ("Alaska",)}}),
    "Raise the average customer lifetime value from $80k to $100k": (
        "customer_lifetime_value",
        {"origin": 80_000, "to": 100_000, "convention": "simple"},
    ),
    "Raise the average customer relationship from 3 years to 5 years": (
        "relationship_years",
        {"origin": 3, "to": 5},
    ),
    "The customer acquisition rate rises by 10% every quarter": (
        "acquisition_rate",
        {"growth": 0.1, "every": "quarter"},
    ),
    "100 thousand new customers from Bali": (
        "new_customers",
        {"level": 100_000, "scope": {"region": ("Bali",)}},
    ),
}


def test_the_seven_targets_stand_in_the_plan(plan):
    placed = {one.target.name: one.target for one in plan.placed}
    assert plan.currency == "USD"
    for name, (kpi, wanted) in SEVEN.items():
        target = placed[name]
        assert target.kpi == kpi
        given = {key: getattr(target, key) for key in NUMBERS if getattr(target, key) not in (None, {})}
        assert given == {
            key: pytest.approx(value) if key == "growth" else value for key, value in wanted.items()
        }
    assert placed["$1.2 million in 2022 from Alaska"].period == "2022"


def test_every_target_is_relevant_to_its_objective(plan):
    assert all(one.target.kpi in one.objective.kpis for one in plan.placed)


@pytest.mark.parametrize("as_of", [None, "2026-09-14", "2026-09-30", "2021-06-01", "2022-07-01"])
def test_the_plan_can_be_evaluated_on_any_day(plan, company, as_of):
    told = evaluate(company, plan, as_of=as_of)
    assert told["target"].unique().tolist() == plan.target_names
    assert set(told["status"]) <= set(STATUSES)
    assert not told.duplicated(["target", "period", "member", "scope_row"]).any()
    rolled = told[told["scope_row"] == "total"]["target"].unique().tolist()
    assert rolled == [one.target.name for one in plan.placed if one.target.per or one.target.every]


def test_targets_without_an_end_have_no_deadline(plan, company):
    told = evaluate(company, plan).set_index("target")
    for name in list(SEVEN)[3:5] + list(SEVEN)[6:]:
        assert told.loc[name, "status"] == "no deadline"
        assert told.loc[name, ["pace", "needed_per_day", "standing", "end"]].isna().all()


def test_the_next_quarter_of_the_plan_is_the_third_of_2026(plan, company):
    for as_of in (None, "2026-05-01"):
        told = evaluate(company, plan, as_of=as_of, targets=next(iter(SEVEN)))
        assert told["period"].tolist() == ["2026-Q3"]


def test_the_review_finds_no_fault_and_tells_what_has_no_end(plan, company):
    told = review(company, plan)
    assert len(told) == 5 * len(plan.placed)
    assert "fault" not in set(told["verdict"])
    endless = told[(told["check"] == "time-bound") & (told["verdict"] == "warning")]["target"]
    assert endless.tolist() == [*list(SEVEN)[3:5], list(SEVEN)[6]]
