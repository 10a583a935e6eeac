"""When a target is judged: its one period, each of its periods, or all days since it was set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kpikit.calendars import LAST_DAY, Calendar
from kpikit.periods import Period, parse_period, shift, unit_of
from kpikit.targets.plan import Target

__all__ = ["Occurrence", "is_over", "occurrences"]


@dataclass(frozen=True)
class Occurrence:
    """One period in which a target is judged, counted from 1; without an end, `period` is None."""

    label: str
    start: date
    end: date | None
    number: int = 1
    period: Period | None = None

    def window(self, as_of: date) -> Period:
        """Give the period to measure; without an end, the days until the as-of date."""
        if self.period is not None:
            return self.period
        return since(self.start, as_of)


def since(start: date, as_of: date) -> Period:
    """Give the days from a day to the as-of date, or the day itself if it is still to come."""
    end = max(start, as_of)
    return Period(f"{start}/{end}", start, end, "range")


def of_period(period: Period, number: int = 1) -> Occurrence:
    """Make a period an occurrence."""
    assert period.start is not None
    return Occurrence(period.label, period.start, period.end, number, period)


def endless(start: date) -> Occurrence:
    """Make an occurrence that has no end."""
    return Occurrence(f"since {start}", start, None)


def occurrences(target: Target, as_of: date, calendar: Calendar) -> list[Occurrence]:
    """List the occurrences of a target, up to the one that contains the as-of date.

    A relative period is told from the day on which the target was set. With `every`, the first occurrence is
    the first whole one that starts on or after that day: nobody is judged on days before the target was set.
    If none has started yet, the first is given. `until` leaves out what ends later.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.periods import Calendar
    >>> from kpikit.targets.plan import Target
    >>> monthly = Target(name="m", kpi="revenue", level=1.0, every="month", set_on="2026-01-15")
    >>> [one.label for one in occurrences(monthly, date(2026, 4, 1), Calendar())]
    ['2026-02', '2026-03', '2026-04']
    """
    if target.period is not None:
        return [of_period(parse_period(target.period, target.set_on, calendar))]
    if target.every is None:
        return [endless(target.set_on)]
    period = unit_of(target.set_on, target.every, calendar)
    if period.start != target.set_on:
        period = shift(period, 1, calendar)
    found: list[Occurrence] = []
    while (not found or period.start <= as_of) and (target.until is None or period.end <= target.until):
        found.append(of_period(period, len(found) + 1))
        if period.end >= LAST_DAY:
            break
        period = shift(period, 1, calendar)
    return found


def is_over(target: Target, found: list[Occurrence], as_of: date, calendar: Calendar) -> bool:
    """Tell whether a target with `every` has ended with the last occurrence before `until`."""
    if target.until is None or not found or found[-1].period is None or found[-1].period.end > as_of:
        return False
    return shift(found[-1].period, 1, calendar).end > target.until
