"""What the exercises hold for right, worked out from the files of the sample company by plain pandas."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd
import pytest

FOLDER = "data/samples"
QUARTER = (pd.Timestamp("2026-07-01"), pd.Timestamp("2026-09-30"))
AS_OF = pd.Timestamp("2026-10-09")


@cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(f"{FOLDER}/{name}.csv")


@cache
def sale_lines() -> pd.DataFrame:
    orders = table("orders")
    orders["day"] = pd.to_datetime(orders["order_date"])
    names = table("reps").drop_duplicates("rep_id").set_index("rep_id")["name"]
    orders["rep"] = orders["rep_id"].map(names)
    return orders[orders["refund_of"].isna()]


@cache
def deals() -> pd.DataFrame:
    told = table("deals").copy()
    for name in ("created_on", "closed_on"):
        told[name] = pd.to_datetime(told[name])
    names = table("reps").drop_duplicates("rep_id").set_index("rep_id")["name"]
    return told.assign(rep=told["rep_id"].map(names))


def within(days: pd.Series, span: tuple[pd.Timestamp, pd.Timestamp]) -> pd.Series:
    return days.between(*span)


@cache
def by_quarter() -> pd.Series:
    lines = sale_lines()
    return lines.groupby(lines["day"].dt.to_period("Q"))["amount"].sum()


def right_text(lesson, number: int, name: str) -> str:
    exercise = lesson.made(number)
    place = [one.name for one in exercise.questions].index(name)
    return exercise.check(exercise.answers)[place].text


def wrong_text(lesson, number: int, name: str, answer) -> str:
    exercise = lesson.made(number)
    place = [one.name for one in exercise.questions].index(name)
    return exercise.check(exercise.answers | {name: answer})[place].text


def test_1_new_customers_and_what_old_ones_brought(lesson):
    lines = sale_lines()
    first = lines.groupby("customer_id")["day"].min()
    assert f"{within(first, QUARTER).sum()} in 2026-Q3" in right_text(lesson, 1, "kpi")
    ours = lines[within(lines["day"], QUARTER)]
    is_old = ours["day"] >= ours["customer_id"].map(first) + pd.DateOffset(years=1)
    brought = ours[is_old]["amount"].sum() / ours["amount"].sum()
    placed = ours[is_old]["order_id"].nunique() / ours["order_id"].nunique()
    assert f"brought {brought:.0%} of it" in wrong_text(lesson, 1, "kpi", "revenue")
    assert f"placed {placed:.0%} of them" in wrong_text(lesson, 1, "kpi", "order_count")


def test_1_the_right_kpis_are_those_of_the_plan_and_of_the_card(lesson, plan):
    from kpikit.kpis.catalog import find

    (objective,) = [one for goal in plan.goals for one in goal.objectives if "new_customers" in one.kpis]
    assert lesson.made(1).answers["kpi"] in objective.kpis
    assert set(lesson.made(1).answers["balance"]) == set(find("new_customers").balance)


def test_2_how_often_the_growth_was_reached(lesson):
    quarters = by_quarter()
    growth = (quarters / quarters.shift(4) - 1)["2024Q1":"2026Q3"]
    reached = int((growth >= 0.08).sum())
    assert f"Reached in {reached} of {len(growth)}" in " ".join(
        one.text for one in lesson.check(2, **(lesson.made(2).answers | {"growth": 8}))
    )
    easy = lesson.check(2, **(lesson.made(2).answers | {"growth": 3}))[2]
    assert f"in {int((growth >= 0.03).sum())} of the last {len(growth)}" in easy.text and not easy.is_right
    steps = (quarters / quarters.shift(1) - 1)[["2024Q1", "2025Q1", "2026Q1"]]
    told = lesson.check(2, **(lesson.made(2).answers | {"baseline": "previous"}))[2].text
    assert ", ".join(f"\u2212{abs(step):.0%}" for step in steps) in told


@pytest.mark.parametrize(("period", "quarter"), [("last", 3), ("this", 4), ("next", 1)])
def test_2_the_steps_of_past_years_are_those_of_the_chosen_quarter(lesson, period, quarter):
    quarters = by_quarter()
    steps = (quarters / quarters.shift(1) - 1)["2022Q2":"2026Q2"]
    steps = steps[steps.index.quarter == quarter]
    answers = lesson.made(2).answers | {"baseline": "previous", "period": period}
    told = lesson.check(2, **answers)[2].text
    written = ", ".join(f"{step:+.0%}".replace("-", "\u2212") for step in steps)
    is_season = bool((steps > 0).all() or (steps < 0).all()) and abs(steps.median()) >= 0.08 / 3
    assert (f"the same step brought {written}." in told) == is_season and len(steps) >= 3


def test_3_what_was_due_by_the_day(lesson):
    # October to December 2026 have 22 + 21 + 23 weekdays, without Christmas 65; seven until 9 October.
    lines = sale_lines()
    so_far = lines[within(lines["day"], (pd.Timestamp("2026-10-01"), AS_OF))].groupby("rep")["amount"].sum()
    quotas = table("quotas")
    own = quotas[(quotas["kpi"] == "revenue") & (quotas["start"] == "2026-10-01")]
    names = table("reps").drop_duplicates("rep_id").set_index("rep_id")["name"]
    quarter = own.set_index(own["rep_id"].map(names))["value"]
    month = pd.Series(15000.0, index=quarter.index)
    rows = pd.concat([
        pd.DataFrame({"asked": quarter, "gone": 7 / 65}), pd.DataFrame({"asked": month, "gone": 7 / 22})
    ]).join(so_far.rename("actual"))  # fmt: skip
    rows["attainment"] = rows["actual"] / rows["asked"]
    on_pace = rows[(rows["attainment"] < 1) & (rows["attainment"] / rows["gone"] >= 1)]
    least = on_pace.sort_values("attainment").iloc[0]
    exercise = lesson.made(3)
    assert exercise.heads[1] == least.name and exercise.answers["status"] == "on pace"
    assert exercise.answers["expected"] == round(least["asked"] * least["gone"], 2)
    assert f"{least['attainment']:.0%}" in right_text(lesson, 3, "status")
    assert f"a pace of {least['attainment'] / least['gone']:.0%}" in right_text(lesson, 3, "status")
    assert "calendar days" in wrong_text(lesson, 3, "expected", least["asked"] * 9 / 92)


def test_4_the_quarter_and_the_month(lesson):
    quarters = by_quarter()
    before, year = (quarters / quarters.shift(steps) - 1 for steps in (1, 4))
    late = pd.DataFrame({"before": before, "year": year})["2024Q4":"2026Q3"]
    torn = late[late["before"] * late["year"] < 0]
    (chosen,) = torn.index[
        (torn["before"] - torn["year"]).abs() == (torn["before"] - torn["year"]).abs().max()
    ]
    label = str(chosen).replace("Q", "-Q")
    assert f"{label}: “\u2212{abs(before[chosen]):.0%} on" in lesson.made(4).story[0]
    told = right_text(lesson, 4, "baseline")
    assert f"${quarters[chosen]:,.0f} on ${quarters[chosen - 4]:,.0f} is +{year[chosen]:.0%}" in told
    mean = quarters[chosen - 4 : chosen - 1].mean()
    assert f"${mean:,.0f}" in wrong_text(lesson, 4, "baseline", "mean")
    # He left on 14 September 2023: 10 of 20 working days, since the 28th was a holiday.
    month = (pd.Timestamp("2023-09-01"), pd.Timestamp("2023-09-30"))
    lines = sale_lines()
    actual = lines[within(lines["day"], month) & (lines["rep"] == "Darnell Brooks")]["amount"].sum()
    text = lesson.made(4).questions[1].text
    assert f"Darnell Brooks left in the course of 2023-09 and brought ${actual:,.0f}" in text
    assert f"$15,000 × 10 ÷ 20. Against it Darnell Brooks reached {actual / 7500:.0%}" in right_text(
        lesson, 4, "target"
    )


def test_5_whose_rank_moves_the_furthest(lesson):
    all_of_them = deals()
    closed = all_of_them[within(all_of_them["closed_on"], QUARTER) & all_of_them["outcome"].notna()]
    won = closed[closed["outcome"] == "won"].groupby("rep").size()
    dated = all_of_them["created_on"].fillna(all_of_them["closed_on"])
    made = all_of_them[within(dated, QUARTER)].groupby("rep").size()
    counts = pd.DataFrame({"won": won, "closed": closed.groupby("rep").size(), "made": made})
    counts["won"] = counts["won"].fillna(0)
    rates = pd.DataFrame({way: counts["won"] / counts[way] for way in ("closed", "made")})
    ranks = rates.rank(method="min", ascending=False).dropna()
    moved = (ranks["closed"] - ranks["made"]).abs()
    assert (moved == moved.max()).sum() == 1
    assert lesson.made(5).answers["rep"] == moved.idxmax()
    for name, one in ranks.astype(int).iterrows():
        told = wrong_text(lesson, 5, "rep", name)
        assert f"{name} is number {one['closed']} by closing and number {one['made']} by creation" in told
    who = counts.loc[moved.idxmax()].astype(int)
    numbers = [int(one) for one in re.findall(r"(\d+) deals?", right_text(lesson, 5, "why"))]
    assert numbers == [who["closed"], who["made"]] and who["won"] == 1
    whole = counts["won"].sum() / counts["closed"].sum()
    assert f"{whole:.1%} by closing" in wrong_text(lesson, 5, "why", "higher")


def test_6_the_member_and_the_number_behind_the_sentence(lesson):
    lines = sale_lines()
    now = lines[within(lines["day"], QUARTER)].groupby("rep")["amount"].sum()
    year = tuple(day - pd.DateOffset(years=1) for day in QUARTER)
    then = lines[within(lines["day"], year)].groupby("rep")["amount"].sum()
    growth = now / then - 1
    closed = deals()[within(deals()["closed_on"], QUARTER) & deals()["outcome"].notna()]
    is_won = closed["outcome"] == "won"
    own, team = is_won.groupby(closed["rep"]).agg(["mean", "size"]), is_won.mean()
    apt = growth[
        (growth > 0) & (own["mean"].reindex(growth.index) < team) & (own["size"].reindex(growth.index) >= 5)
    ]
    name = apt.idxmax()
    exercise = lesson.made(6)
    assert exercise.heads[1] == name
    fair = next(one.text for one in exercise.questions[0].options if one.is_right)
    assert f"you brought ${now[name]:,.0f}, +{growth[name]:.0%} on the same period last year" in fair
    assert f"the team's win rate is {team:.1%}" in fair
    assert f"Of {own['size'][name]} deals" in fair and own["mean"][name] == pytest.approx(0.2)
    assert f"${now[name]:,.0f} beside ${then[name]:,.0f}" in right_text(lesson, 6, "number")
