"""How a target stands on a day: what was attained, and what should have been by then."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.course.questions import Amount, Choice, Exercise, Option
from kpikit.course.setting import Setting
from kpikit.targets import evaluate
from kpikit.views.words import label, person, scope_name, upper

__all__ = ["pacing", "running"]

TITLE = "How far is this target, and is that far enough for today?"
STEP = "Step 6: monitor"
STATUSES = ("reached", "on pace", "behind", "at risk", "missed")


def running(setting: Setting) -> pd.DataFrame:
    """The rows of the plan that can be paced on the day, the likeliest to be misread first.

    Misread is who is on pace although little has been attained.
    """
    if setting.plan is None:
        return pd.DataFrame()
    today = f"{setting.as_of}/{setting.as_of}"
    told = evaluate(setting.dataset, setting.plan, as_of=setting.as_of, period=today)
    now = pd.Timestamp(setting.as_of)
    is_running = (pd.to_datetime(told["start"]) <= now) & (pd.to_datetime(told["end"]) > now)
    can_be_read = told["pace"].notna() & (told["actual"] > 0) & told["status"].isin(STATUSES)
    rows = told[is_running & can_be_read & (told["scope_row"] == "detail")].copy()
    rows["is_for_all"], rows["is_slow"] = rows["member"] == "", rows["status"] != "on pace"
    order = ["is_for_all", "is_slow", "attainment", "target", "member"]
    return rows.sort_values(order, kind="stable").drop(columns=["is_for_all", "is_slow"])


def pacing(setting: Setting) -> Exercise:
    """Make the exercise."""
    rows = running(setting)
    if rows.empty:
        lacks = f"The plan has no target that runs on {setting.today} and adds up over time."
        return Exercise(TITLE, STEP, lacks=lacks if setting.plan else "There is no plan with targets.")
    one = rows.iloc[0].to_dict()
    who, unit = _who(setting, one), one["unit"]
    asked, actual, by_now = (
        setting.in_unit(one[name], unit) for name in ("target_value", "actual", "expected")
    )
    end = setting.day(pd.Timestamp(one["end"]).date())
    days, others = ("working days", "calendar days")[:: 1 if _is_business(setting) else -1]
    gone, other = (_gone(setting, one, name) for name in (days, others))
    table = (
        ("Target", asked),
        (f"{upper(label(one['kpi']))} so far", actual),
        ("Attainment", setting.share(one["attainment"])),
        (f"{upper(days)} that are over", gone),
        (f"{upper(others)} that are over", other),
    )
    return Exercise(
        TITLE,
        STEP,
        story=(
            f"The target: “{one['target']}”. Today is {setting.today}, and {one['period']} ends on {end}. So"
            f" {who}"
            " stands:",
        ),
        heads=("", upper(who)),
        rows=table,
        questions=(_expected(setting, one, who), _status(setting, one, who, asked, actual, by_now, end)),
        frames={"3 running target": rows.head(1)},
    )


def _who(setting: Setting, one: dict[str, Any]) -> str:
    """Whose target it is: a member's, else that of its scope, else the company's."""
    if one["member"] or setting.plan is None:
        return person(one["member"])
    return scope_name(setting.plan.choose(one["target"])[0].target.scope) or "the company"


def _gone(setting: Setting, one: dict[str, Any], days: str) -> str:
    """How many days of the period are over, or which part of a member's own."""
    start, end = (pd.Timestamp(one[name]).date() for name in ("start", "end"))
    counts = [(last - start).days + 1 for last in (setting.as_of, end)]
    share = one["elapsed_calendar"]
    if days == "working days":
        calendar, share = setting.dataset.calendar, one["elapsed_business"]
        counts = [calendar.business_days(start, last) for last in (setting.as_of, end)]
    is_whole = counts[1] and abs(counts[0] / counts[1] - share) < 1e-9
    return f"{counts[0]} of {counts[1]}" if is_whole else setting.share(share, 1)


def _is_business(setting: Setting) -> bool:
    return setting.plan is None or setting.plan.days == "business"


def _expected(setting: Setting, one: dict[str, Any], who: str) -> Amount:
    unit, target, right = one["unit"], float(one["target_value"]), float(one["expected"])
    is_business = _is_business(setting)
    share, other = one["elapsed_business"], one["elapsed_calendar"]
    share, other = (share, other) if is_business else (other, share)
    days, others = ("working days", "calendar days")[:: 1 if is_business else -1]
    why = "because nobody sells on days off" if is_business else "whether one sells on them or not"
    whole, due = setting.in_unit(target, unit), setting.in_unit(right, unit)
    readings = (
        (
            target,
            f"{whole} is due at the end of {one['period']}. By today only the part of the days that are"
            " over.",
        ),
        (float(one["actual"]), f"That is what {who} has. Asked is what should be there by today."),
        (
            target * float(other),
            f"You counted {others}: {setting.share(other)} of them are over. The plan counts {days}, {why}.",
        ),
        (
            target - right,
            f"That is what is due from now on. Asked is what was due until today, on {setting.share(share)}"
            " of the"
            f" {days}.",
        ),
        (target - float(one["actual"]), f"That is what {who} still lacks to the whole target."),
    )
    text = f"How much should {who} have by today, at an even pace? Take the part of the {days} that is over."
    return Amount(
        "expected",
        "Due by today",
        text,
        setting.dataset.settings.currency or "" if unit == "money" else "",
        right,
        f"{whole} × {setting.share(share, 1)} of the {days} = {due}.",
        readings,
        f"That is too little: {whole} × the part of the {days} that is over.",
        f"That is too much: {whole} × the part of the {days} that is over.",
        tolerance=max(target * 0.004, 0.5),
    )


def _status(
    setting: Setting, one: dict[str, Any], who: str, asked: str, actual: str, by_now: str, end: str
) -> Choice:
    limits = setting.plan.thresholds if setting.plan else None
    on_pace, behind = (limits.on_pace, limits.behind) if limits else (1.0, 0.9)
    pace = setting.share(one["pace"])
    facts = f"{actual} ÷ {by_now} due by today is a pace of {pace}"
    part = setting.share(one["attainment"])
    wrong = {
        "reached": f"Reached would be all of {asked}, and {who} has {actual}.",
        "on pace": f"{facts}. On pace starts at {setting.share(on_pace)}.",
        "behind": f"{facts}. Behind is a pace from {setting.share(behind)} to {setting.share(on_pace)}.",
        "at risk": f"What counts is what was due by today, not that {part} of the target is there. {facts};"
        f" at risk starts below {setting.share(behind)}.",
        "missed": f"A target can only be missed once its period is over, and it runs until {end}.",
    }
    needed = setting.in_unit(one["needed_per_day"], one["unit"])
    right = {
        "reached": f"{actual} is there, and {asked} was asked.",
        "on pace": f"{facts}. Only {part} of the target is there, and yet nobody has to worry.",
        "behind": f"{facts}: a little less than was due. {needed} a day from now on closes the gap.",
        "at risk": f"{facts}: below {setting.share(behind)}. Talk now, while there is time to act.",
        "missed": f"The period ended on {end} without it.",
    }
    options = tuple(
        Option(name, upper(name), (right if name == one["status"] else wrong)[name],
               name == one["status"])
        for name in STATUSES
    )  # fmt: skip
    return Choice("status", "Status", f"How does {who} stand?", options, "radio")
