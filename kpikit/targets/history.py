"""What the past says of a target: how often its like was reached, how fast the KPI moves, the season."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from kpikit.calendars import FIRST_DAY
from kpikit.data.dataset import Dataset
from kpikit.errors import PeriodError
from kpikit.kpis.remarks import is_left_censored
from kpikit.periods import Period, compare, shift
from kpikit.targets.details import details
from kpikit.targets.occurrences import Occurrence, occurrences, of_period
from kpikit.targets.plan import Plan, Target
from kpikit.targets.quotas import quotas
from kpikit.targets.reading import Question, question, read

__all__ = ["Verdict", "attainable", "seasonal_steps"]

MOST, LEAST, YEARS = 12, 4, 5
_RARE = 0.2  # reached in less than a fifth of the past: hardly attainable
_SEASON = 1 / 3  # a step of this part of the growth asked for, always in one direction, is a season


class Verdict(NamedTuple):
    """ok, warning or fault, and why."""

    verdict: str
    reason: str


def attainable(dataset: Dataset, plan: Plan, target: Target, asked: Question, as_of: date) -> Verdict:
    """Tell in how many comparable past periods a target would have been reached.

    Comparable are up to 12 complete periods of the same length before the target's first; of from → to, those
    in which the KPI moved as much; of quotas, those that have ended. What has no end is held against the last
    365 days.
    """
    if target.from_quotas:
        # The history of quotas is longer than the target's.
        always = target.model_copy(update={"set_on": FIRST_DAY, "period": None, "until": None})
        rows = details(dataset, plan, always, asked, as_of, quotas(dataset, always, as_of)[1])
        ended = [(row.reached, row.start) for row in rows if row.of and row.course.is_ended]
        return _counted(ended, "quotas that have ended")
    found = occurrences(target, as_of, dataset.calendar)
    if not found:
        return Verdict("fault", f"No whole {target.every} lies between {target.set_on} and {target.until}.")
    first = found[0].period
    if first is None:
        return _endless(dataset, target, asked, as_of)
    past = _before(first, MOST, as_of, dataset)
    what = f"comparable periods before {first.label}"
    if target.to is not None and target.origin is not None:
        told = _counted(_moved(dataset, target, asked, past, as_of), what, "The KPI moved as much")
    else:
        told = _counted(_reached(dataset, plan, target, asked, past, as_of), what)
    if not (steps := _steps(dataset, target, asked, first, as_of)):
        return told
    brought = ", ".join(f"{change:+.0%}" for change in steps)
    season = f"The season makes this baseline unfair: the same step brought {brought}"
    return Verdict("warning", f"{told.reason} {season}; try same_period_last_year.")


def seasonal_steps(dataset: Dataset, plan: Plan, target: Target, as_of: date) -> list[float]:
    """Give what the step to the target's first period brought in past years, the oldest first.

    Nothing where no season makes the period before an unfair baseline.

    Raises
    ------
    PlanError
        If the target does not fit the data.
    """
    found = occurrences(target, as_of, dataset.calendar)
    first = found[0].period if found else None
    if first is None:
        return []
    return _steps(dataset, target, question(dataset, plan, target, target.per), first, as_of)


def _before(first: Period, most: int, as_of: date, dataset: Dataset) -> list[Period]:
    """The complete periods of the same length before a period, the oldest first."""
    found = []
    for steps in range(1, most + 1):
        try:
            period = shift(first, -steps, dataset.calendar)
        except PeriodError:
            break
        if period.end <= as_of:
            found.append(period)
    return found[::-1]


def _usable(notes: dict[Period, str], periods: Sequence[Period]) -> list[Period]:
    """Leave out the periods in which old customers look new."""
    return [period for period in periods if not is_left_censored(notes.get(period, ""))]


def _reached(
    dataset: Dataset, plan: Plan, target: Target, asked: Question, past: Sequence[Period], as_of: date
) -> list[tuple[int, date]]:
    if not past:
        return []
    notes = read(dataset, replace(asked, per=None), past, as_of).notes
    found: list[Occurrence] = [of_period(period) for period in _usable(notes, past)]
    # Each past period is held against its own baseline, not against one path.
    is_path = target.growth is not None and target.baseline in (None, "previous")
    alike = target.model_copy(update={"on": "last_actual"}) if is_path else target
    rows = details(dataset, plan, alike, asked, as_of, found=found) if found else []
    return [(row.reached, row.start) for row in rows if row.of]


def _moved(
    dataset: Dataset, target: Target, asked: Question, past: Sequence[Period], as_of: date
) -> list[tuple[int, date]]:
    if len(past) < 2:
        return []
    reading = read(dataset, asked, past, as_of)
    usable, found = set(_usable(reading.notes, past)), []
    wanted, sign = target.to - target.origin, 1 if asked.asked.kpi.is_higher_better else -1
    for label in reading.labels:
        for then, period in pairwise(past):
            before, after = (reading.figures[label, one].value for one in (then, period))
            if then in usable and period in usable and before is not None and after is not None:
                found.append((int(sign * (after - before) >= sign * wanted), period.start or date.min))
    return found


def _counted(found: Sequence[tuple[int, date]], what: str, deed: str = "Reached") -> Verdict:
    reached, of = sum(one for one, _ in found), len(found)
    if len({start for _, start in found}) < LEAST:
        few = f"{deed[0].lower()}{deed[1:]} in {reached} of {of} {what}" if of else f"there are no {what}"
        return Verdict("warning", f"Too little history: {few}.")
    verdict = "warning" if reached < _RARE * of else "ok"
    return Verdict(verdict, f"{deed} in {reached} of {of} {what}.")


def _endless(dataset: Dataset, target: Target, asked: Question, as_of: date) -> Verdict:
    """How many years a target without an end takes at the speed of the last year."""
    start = date.fromordinal(as_of.toordinal() - 364)
    year = Period(f"{start}/{as_of}", start, as_of, "range")
    since = Period(f"{min(target.set_on, as_of)}/{as_of}", min(target.set_on, as_of), as_of, "range")
    periods = [year, shift(year, -1, dataset.calendar), since]
    reading = read(dataset, replace(asked, per=None), periods, as_of)
    now, before, so_far = (reading.figures["", one].value for one in periods)
    goal = target.to if target.to is not None else target.level
    if asked.per is not None or goal is None or now is None:
        return Verdict("warning", "Without an end there are no comparable periods.")
    is_flow = asked.asked.kpi.kind == "flow"
    reached = (so_far or 0.0) if is_flow else now
    speed = now if is_flow else None if before is None else now - before
    sign = 1 if asked.asked.kpi.is_higher_better else -1
    if sign * (reached - goal) >= 0:
        return Verdict("ok", f"Its value is there already on {as_of}.")
    if speed is None:
        return Verdict("warning", "Too little history: there is no value of a year ago.")
    if sign * speed <= 0:
        return Verdict("warning", f"In the year until {as_of} it moved the other way, or not at all.")
    years = (goal - reached) / speed
    verdict = "ok" if years <= YEARS else "warning"
    # Of many years nobody knows the tenths.
    told = f"{years:.1f}" if years < 100 else f"{years:,.0f}"
    return Verdict(verdict, f"At the speed of the year until {as_of} it takes {told} more years.")


def _steps(dataset: Dataset, target: Target, asked: Question, first: Period, as_of: date) -> list[float]:
    is_whole_year = first.unit in ("year", "fiscal_year")
    if target.growth is None or target.baseline not in (None, "previous") or is_whole_year:
        return []
    steps: list[tuple[Period, Period]] = []
    period: Period | None = first
    for _ in range(YEARS):
        try:
            period = compare(period, "same_period_last_year", as_of, dataset.calendar) if period else None
            if period is not None and period.end <= as_of:
                steps.append((shift(period, -1, dataset.calendar), period))
        except PeriodError:  # before the first year that is read
            break
    if not steps:
        return []
    every = [one for step in steps for one in step]
    reading = read(dataset, replace(asked, per=None), every, as_of)
    usable = set(_usable(reading.notes, every))
    changes = []
    for then, now in steps:
        before, after = (reading.figures["", one].value for one in (then, now))
        if then in usable and now in usable and before and after is not None and before > 0:
            changes.append(after / before - 1)
    if len(changes) < 2 or not (all(c > 0 for c in changes) or all(c < 0 for c in changes)):
        return []
    return [] if abs(median(changes)) < _SEASON * abs(target.growth) else changes[::-1]
