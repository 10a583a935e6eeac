"""Fair comparisons: a quarter with its own season, and a member with the days that they were there."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.course.questions import Choice, Exercise, Option
from kpikit.course.setting import LAST_YEAR, Setting
from kpikit.kpis.members import Members
from kpikit.periods import Period, is_complete, parse_period, shift, unit_of
from kpikit.targets import Plan, evaluate
from kpikit.targets.proration import Staff, Worked
from kpikit.views.words import label, person

__all__ = ["comparing"]

TITLE = "Compared with what?"
STEP = "Step 6: monitor, and compare fairly"
QUARTERS = 16
YEARS = 4  # how far back a month of joining or leaving is looked for
MOST_OF_IT, TRIES = 0.95, 20


def comparing(setting: Setting) -> Exercise:
    """Make the exercise."""
    season, cut = _season(setting), _cut_month(setting)
    if season is None and cut is None:
        return Exercise(
            TITLE, STEP, lacks="In these data no quarter is misread, and nobody joined or left in mid-month."
        )
    story, heads, rows, questions, frames = [], (), (), [], {}
    if season is not None:
        told, frame = season
        story.append(told["story"])
        heads, rows, frames["4 season"] = told["heads"], told["rows"], frame
        questions.append(told["question"])
    if cut is not None:
        question, frame = cut
        questions.append(question)
        frames["4 part of a month"] = frame
    return Exercise(TITLE, STEP, tuple(story), heads, rows, tuple(questions), frames)


def _season(setting: Setting) -> tuple[dict[str, Any], pd.DataFrame] | None:
    """The quarter of the past two years whose two comparisons point in two ways, the furthest apart."""
    last = setting.next_period("last quarter")
    span = f"{shift(last, 1 - QUARTERS, setting.dataset.calendar).start}/{last.end}"
    told = setting.measure(setting.money, period=span, grain="quarter", compare="previous")
    past = told[["kpi", "convention", "period", "start", "value", "reference", "change_ratio"]].copy()
    beside = setting.measure(setting.money, period=span, grain="quarter", compare=LAST_YEAR)
    past["last_year"], past["year_before"] = beside["change_ratio"].to_numpy(), beside["reference"].to_numpy()
    late = past.tail(8)
    torn = late[late["change_ratio"] * late["last_year"] < 0]
    if torn.empty:
        return None
    apart = (torn["change_ratio"] - torn["last_year"]).abs()
    one = torn.loc[apart[::-1].idxmax()].to_dict()
    months = past["start"].map(lambda day: pd.Timestamp(day).month)
    alike = past[(months == pd.Timestamp(one["start"]).month) & (past["start"] < one["start"])]
    question = _seasons(setting, one, alike.dropna(subset="change_ratio"), past)
    shown = late[["period", "value"]].to_dict("records")
    story = (
        f"{label(setting.money)} by quarter. In a meeting somebody says of {one['period']}:"
        f" “{setting.change(one['change_ratio'])} on the quarter before!”"
    )
    rows = tuple((str(row["period"]), setting.write(row["value"], setting.money)) for row in shown)
    frame = past.tail(8).drop(columns="start")
    parts = {"story": story, "heads": ("Quarter", label(setting.money)), "rows": rows, "question": question}
    return parts, frame


def _seasons(setting: Setting, one: dict[str, Any], alike: pd.DataFrame, past: pd.DataFrame) -> Choice:
    period = one["period"]

    def write(value: float) -> str:
        return setting.write(value, setting.money)

    steps = [setting.change(value) for value in alike["change_ratio"].tail(3)]
    before = past[past["start"] < one["start"]].tail(4)
    best = before.loc[before["value"].idxmax()] if before["value"].notna().any() else None
    other = setting.change(one["last_year"])
    when = "in an earlier year" if len(steps) == 1 else "in the years before"
    wrong = f"The same step brought {', '.join(steps)} {when}." if steps else "The season moves it."
    options = [
        Option(
            "previous",
            "The quarter before",
            f"That compares two seasons. {wrong} The number is right, and says more about the calendar than"
            " about"
            " the team.",
        ),
        Option(
            LAST_YEAR,
            "The same quarter last year",
            f"Yes: the same season. {write(one['value'])} on {write(one['year_before'])} is {other}.",
            True,
        ),
        Option(
            "mean",
            "The mean of the four quarters before",
            f"The mean ({write(before['value'].mean())}) holds all seasons, and {period} is one of them: a"
            " weak"
            " season loses against it in the best of years.",
        ),
    ]
    if best is not None:
        options.append(
            Option(
                "best",
                "The best quarter of the year before",
                f"The best was {best['period']} with {write(best['value'])}. Against a record nearly every"
                " quarter is a"
                " failure, and nothing is learned from that.",
            )
        )
    text = f"With what would you compare {period}, to tell whether the team got better?"
    return Choice("baseline", "Fair comparison", text, tuple(options), "radio")


def _cut_month(setting: Setting) -> tuple[Choice, pd.DataFrame] | None:
    """A month of joining or leaving, near to half of it."""
    start = parse_period("this year", setting.as_of, setting.dataset.calendar).start
    level = _level(setting)
    if start is None or level is None:
        return None
    staff = Staff(setting.dataset, setting.as_of, ())
    for month, who, worked in _parts_of_months(setting, staff, start.year - YEARS):
        asked = {"name": "Each rep", "kpi": setting.money, "per": "rep", "level": level}
        asked |= {"period": month.label, "set_on": month.start}
        told = evaluate(setting.dataset, _plan(asked), as_of=setting.as_of)
        own = told[(told["member"] == who) & (told["actual"] > 0) & (told["target_value"] > 0)]
        if len(own):
            earlier = staff.worked(who, shift(month, -1, setting.dataset.calendar))
            how = "left" if earlier is not None and earlier.business[1] else "joined"
            return _fair_target(setting, own.iloc[0].to_dict(), worked, level, how), own.head(1)
    return None


def _parts_of_months(setting: Setting, staff: Staff, year: int) -> list[tuple[Period, str, Worked]]:
    """The months in which somebody joined or left, those nearest to half a month first."""
    reps, found = Members(setting.dataset, setting.as_of).reps, {}
    for name in [one for one in ("hired_on", "left_on") if one in reps]:
        for who, moment in reps[["rep", name]].dropna().itertuples(index=False):
            month = unit_of(pd.Timestamp(moment).date(), "month")
            if month.start.year < year or not is_complete(month, setting.as_of):
                continue
            worked = staff.worked(str(who), month)
            if worked is not None and 0 < worked.share < MOST_OF_IT:
                found[month.start, str(who)] = (abs(worked.share - 0.5), month, worked)
    nearest = sorted(found, key=lambda one: (found[one][0], *one))
    return [(found[one][1], one[1], found[one][2]) for one in nearest[:TRIES]]


def _plan(target: dict[str, Any]) -> Plan:
    under = {"name": "o", "kpis": [target["kpi"]], "targets": [target]}
    return Plan.model_validate({"goals": [{"name": "g", "objectives": [under]}]})


def _level(setting: Setting) -> float | None:
    """What the plan asks of each rep and month; without such a target, what half of the months brought."""
    for placed in setting.plan.placed if setting.plan else []:
        one = placed.target
        if one.level and one.per == "rep" and one.every == "month" and one.kpi == setting.money:
            return float(one.level)
    told = setting.measure(setting.money, period="last 365 days", by="rep", grain="month")
    if "rep" not in told or not (told["value"] > 0).any():
        return None
    return float(f"{told[told['value'] > 0]['value'].median():.1g}")


def _fair_target(setting: Setting, row: dict[str, Any], worked: Worked, level: float, how: str) -> Choice:
    who, month = person(str(row["member"])), row["period"]

    def write(value: float) -> str:
        return setting.write(value, setting.money)

    right, whole, actual = write(row["target_value"]), write(level), write(row["actual"])
    there, of = worked.business[1], worked.of_business
    days, all_days = worked.calendar[1], (pd.Timestamp(row["end"]) - pd.Timestamp(row["start"])).days + 1
    by_days = write(level * days / all_days)
    options = [
        Option(
            "all",
            f"{whole}, as for everyone",
            f"{who} was there on {there} of {of} working days. Against {whole} this is"
            f" {setting.share(row['actual'] / level)}: it judges the days without {who}, too.",
        ),
        Option(
            "business",
            f"{right}: {there} of {of} working days",
            f"Yes: {whole} × {there} ÷ {of}. Against it {who} reached {setting.share(row['attainment'])}."
            " kpikit counts"
            " months of joining and leaving like this.",
            True,
        ),
        Option(
            "none",
            "None: leave the month out",
            f"Then {actual} of {setting.sold} belong to no target. A part of a month is work, too: leave the"
            " days out, not the person.",
        ),
    ]
    if by_days != right:
        options.insert(
            2,
            Option(
                "calendar",
                f"{by_days}: {days} of {all_days} calendar days",
                f"Nearly. Nobody sells on days off: of {days} calendar days {there} were"
                " working days,"
                f" of {of} in the month. Two months with equally many days can differ by that.",
            ),
        )
    text = (
        f"Each rep is asked for {whole} of {setting.sold} a month. {who} {how} in the course of {month} and"
        " brought"
        f" {actual}. Which target is fair?"
    )
    return Choice("target", "Fair target", text, tuple(options), "radio")
