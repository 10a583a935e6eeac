"""The arithmetic of one target, as pure functions: what is attained, what should have been, and the status.

A number that is not known is None. Elapsed shares run from 0 to 1; the as-of day counts as elapsed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from kpikit.calendars import Calendar

__all__ = ["STATUSES", "Course", "Judgement", "attainment", "course", "judge", "progress", "status_of"]

STATUSES = (
    "reached",
    "on pace",
    "behind",
    "at risk",
    "missed",
    "not started",
    "too early",
    "no deadline",
    "not available",
)
TOO_EARLY = 0.1
_NOISE = 1e-9  # sums of money are exact to 4 decimals; what differs by less is noise of the division


@dataclass(frozen=True)
class Course:
    """How far a period has come.

    Parameters
    ----------
    is_started, is_ended, has_end
        Whether its first day is not after the as-of date, its last day is not, and it has a last day at all.
    calendar, business
        The elapsed share of calendar days and of business days; None without an end.
    share
        The one of the two by which the plan judges.
    days_left
        Days after the as-of date until the end, of the plan's kind; None without an end.
    """

    is_started: bool
    is_ended: bool
    has_end: bool
    calendar: float | None
    business: float | None
    share: float | None
    days_left: int | None


@dataclass(frozen=True)
class Judgement:
    """What is said about one target: ratios and shares as numbers, gap and needed in the KPI's unit."""

    status: str
    attainment: float | None = None
    progress: float | None = None
    gap: float | None = None
    expected: float | None = None
    pace: float | None = None
    needed_per_day: float | None = None
    standing: float | None = None


def course(
    start: date,
    end: date | None,
    as_of: date,
    calendar: Calendar,
    days: str = "business",
    worked: tuple[tuple[int, int], tuple[int, int]] | None = None,
) -> Course:
    """Tell how far a period has come.

    Parameters
    ----------
    start, end
        The first and the last day; None for no end.
    as_of, calendar
        The as-of date; what decides on business days.
    days
        `business` or `calendar`: by which days the plan judges.
    worked
        For a member who joined or left within it: calendar days and business days, each as (so far, all).

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.periods import Calendar
    >>> half = course(date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 15), Calendar())
    >>> half.calendar, half.business, half.days_left
    (0.5, 0.5, 11)
    """
    is_started, is_ended = start <= as_of, end is not None and end <= as_of
    if end is None:
        return Course(is_started, False, False, None, None, None, None)
    if worked is None:
        until = min(as_of, end)
        worked = (
            (max((until - start + timedelta(1)).days, 0), (end - start).days + 1),
            (calendar.business_days(start, until), calendar.business_days(start, end)),
        )
    (past, total), (past_business, total_business) = worked
    by_calendar = past / total if total else 1.0
    # A period without a business day, such as one holiday, has only its calendar days.
    by_business = past_business / total_business if total_business else by_calendar
    is_business = days == "business"
    left = total_business - past_business if is_business else total - past
    share = by_business if is_business else by_calendar
    return Course(is_started, is_ended, True, by_calendar, by_business, share, left)


def attainment(actual: float | None, target: float | None, is_higher_better: bool = True) -> float | None:
    """Divide the actual by the target; for "lower is better", the target by the actual.

    None where the target or, inverted, the actual is not positive, or so near to zero that nothing can be
    divided by it.

    Examples
    --------
    >>> attainment(90.0, 120.0), attainment(90.0, 120.0, is_higher_better=False), attainment(5.0, 0.0)
    (0.75, 1.3333333333333333, None)
    """
    if actual is None or target is None or target <= 0:
        return None
    part, whole = (actual, target) if is_higher_better else (target, actual)
    share = part / whole if whole > 0 else math.inf
    return share if math.isfinite(share) else None


def progress(actual: float | None, start: float | None, goal: float | None) -> float | None:
    """Give the share of the way from one value to another.

    Examples
    --------
    >>> progress(85.0, 80.0, 100.0)
    0.25
    """
    if actual is None or start is None or goal is None or goal == start:
        return None
    return (actual - start) / (goal - start)


def judge(
    actual: float | None,
    target: float | None,
    course: Course,
    *,
    kind: str,
    is_higher_better: bool = True,
    origin: float | None = None,
    thresholds: tuple[float, float] = (1.0, 0.9),
) -> Judgement:
    """Judge one target on the as-of date.

    Parameters
    ----------
    actual, target
        In the KPI's unit; None where not known.
    course
        How far the period has come.
    kind, is_higher_better
        Of the KPI: flow, rate or level, and its direction.
    origin
        Where a target "from → to" starts.
    thresholds
        The standing from which it is on pace, and from which it is behind rather than at risk.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.periods import Calendar
    >>> september = course(date(2026, 9, 1), date(2026, 9, 30), date(2026, 9, 15), Calendar())
    >>> told = judge(5_500.0, 12_000.0, september, kind="flow")
    >>> told.status, told.gap, told.expected, round(told.pace, 3), round(told.needed_per_day, 2)
    ('behind', -6500.0, 6000.0, 0.917, 590.91)
    """
    if not course.is_started:
        return Judgement("not started")
    if actual is None or target is None:
        return Judgement("not available")
    gap = 0.0 if math.isclose(actual, target, rel_tol=_NOISE, abs_tol=1e-12) else actual - target
    is_flow, share = kind == "flow", course.share
    is_good = gap >= 0 if is_higher_better else gap <= 0
    # A flow starts each period at 0, not where the last one ended: its way from → to is known at the end.
    gone = None if is_flow and not course.is_ended else progress(actual, origin, target)
    expected = _expected(target, share, is_flow, origin)
    pace = attainment(actual, expected, is_higher_better) if is_flow else None
    attained = attainment(actual, target, is_higher_better)
    if is_flow:
        standing = pace
    elif not course.has_end:
        standing = None
    elif origin is not None:
        standing = gone / share if gone is not None and share else None
    else:
        standing = attained
    needed = None
    if is_flow and course.has_end and is_higher_better:
        has_days = not course.is_ended and course.days_left
        needed = 0.0 if is_good else -gap / course.days_left if has_days else None
    is_ahead = expected is not None and (actual >= expected if is_higher_better else actual <= expected)
    is_early = is_flow and is_higher_better and expected == 0
    status = status_of(
        course,
        is_good=is_good,
        # Below zero a flow that is "reached" on its first day would only be lost from there.
        is_kept=is_flow and is_higher_better and target > 0,
        is_early=is_early,
        is_ahead=is_ahead,
        standing=standing,
        thresholds=thresholds,
    )
    return Judgement(status, attained, gone, gap, expected, pace, needed, standing)


def _expected(target: float, share: float | None, is_flow: bool, origin: float | None) -> float | None:
    """What should have been reached by now."""
    if is_flow:
        return None if share is None else target * share
    if origin is not None:
        return None if share is None else origin + (target - origin) * share
    return target


def status_of(
    course: Course,
    *,
    is_good: bool,
    is_kept: bool,
    is_early: bool,
    is_ahead: bool,
    standing: float | None,
    thresholds: tuple[float, float],
) -> str:
    """Choose the status of a target that has started and whose actual is known.

    Parameters
    ----------
    course
        How far the period has come.
    is_good, is_kept
        Whether the gap is closed, and whether it then stays closed until the end (a flow).
    is_early, is_ahead
        Whether nothing is expected yet; for want of a standing, whether what is expected now is there.
    standing, thresholds
        The standing, and what it is held against.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.periods import Calendar
    >>> endless = course(date(2026, 1, 1), None, date(2026, 9, 15), Calendar())
    >>> status_of(endless, is_good=False, is_kept=True, is_early=False, is_ahead=False, standing=None,
    ...           thresholds=(1.0, 0.9))
    'no deadline'
    """
    if is_good and (course.is_ended or is_kept):
        return "reached"
    if course.is_ended:
        return "missed"
    if not course.has_end:
        return "no deadline"
    if is_early or (course.share or 0) < TOO_EARLY:
        return "too early"
    if standing is None:
        return "on pace" if is_ahead else "at risk"
    for threshold, status in zip(thresholds, ("on pace", "behind"), strict=True):
        if standing >= threshold or math.isclose(standing, threshold, rel_tol=_NOISE):
            return status
    return "at risk"
