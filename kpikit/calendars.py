"""Calendars: business days, fiscal years and weeks, and the units of time that they make."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from kpikit.errors import PeriodError, listing, suggest

__all__ = ["GRAINS", "Calendar", "Period", "national_holidays", "parse_date", "unit_of"]

GRAINS = ("day", "week", "month", "quarter", "half", "year", "fiscal_quarter", "fiscal_half", "fiscal_year")
FIRST_YEAR, LAST_YEAR = 1900, 2200
FIRST_DAY, LAST_DAY = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
YEARS = f"Years {FIRST_YEAR} to {LAST_YEAR} are accepted"
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
MONTHS |= {f"fiscal_{unit}": MONTHS[unit] for unit in ("quarter", "half", "year")}


def whole_number(where: str, name: str, value: object, least: int, most: int) -> int:
    """Return a whole number that is within its limits."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise PeriodError(where, f"{name} has {value!r}", f"Allowed: whole numbers {least} to {most}")
    return value


@dataclass(frozen=True)
class Calendar:
    """How a company counts its fiscal years, weeks and business days.

    Parameters
    ----------
    fiscal_start_month, fiscal_named_by
        The month, 1 to 12, in which the fiscal year starts; whether FY2026 is the one that "end"s or that
        "start"s in 2026. A fiscal year from January is the calendar year both ways.
    week_start
        The weekday, 0 (Monday) to 6 (Sunday), on which a week starts; `2026-W38` starts on a Monday always.
    workdays, holidays
        The weekdays on which work is done; the days, as dates or ISO texts, on which none is.

    Examples
    --------
    >>> from datetime import date
    >>> calendar = Calendar(holidays=frozenset({date(2026, 8, 17)}))
    >>> calendar.business_days(date(2026, 8, 1), date(2026, 8, 31))
    20
    """

    fiscal_start_month: int = 1
    fiscal_named_by: str = "end"
    week_start: int = 0
    workdays: frozenset[int] = frozenset({0, 1, 2, 3, 4})
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        whole_number("Calendar", "fiscal_start_month", self.fiscal_start_month, 1, 12)
        whole_number("Calendar", "week_start", self.week_start, 0, 6)
        if self.fiscal_named_by not in ("end", "start"):
            fault = f"fiscal_named_by {self.fiscal_named_by!r} is unknown"
            raise PeriodError("Calendar", fault, "Allowed: end, start")
        workdays = frozenset(whole_number("Calendar", "workdays", day, 0, 6) for day in self.workdays)
        if not workdays:
            raise PeriodError("Calendar", "workdays is empty", "Allowed: weekdays 0 (Monday) to 6 (Sunday)")
        object.__setattr__(self, "workdays", workdays)
        object.__setattr__(self, "holidays", frozenset(parse_date(day, "Calendar") for day in self.holidays))

    @cached_property
    def _lost(self) -> list[int]:
        # A holiday on a free weekday must not be taken off twice.
        return sorted(day.toordinal() for day in self.holidays if day.weekday() in self.workdays)

    def is_business_day(self, day: date) -> bool:
        """Tell whether work is done on a day."""
        day = day.date() if isinstance(day, datetime) else day
        return day.weekday() in self.workdays and day not in self.holidays

    def business_days(self, start: date, end: date) -> int:
        """Count the business days from `start` to `end`, both included; 0 if `start` is after `end`."""
        first, last = start.toordinal(), end.toordinal()
        if first > last:
            return 0
        weeks, rest = divmod(last - first + 1, 7)
        worked = weeks * len(self.workdays)
        worked += sum((start.weekday() + ahead) % 7 in self.workdays for ahead in range(rest))
        return worked - (bisect_right(self._lost, last) - bisect_left(self._lost, first))


PLAIN = Calendar()


@dataclass(frozen=True)
class Period:
    """A span of days with its canonical label, which `parse_period` reads back to the same period.

    Parameters
    ----------
    label
        The canonical text. A bucket that `split` clipped keeps the label of its whole.
    start, end
        The first and the last day, both included; `start` is None for all time only.
    unit
        One of GRAINS, or `range`, or `all`.
    to_date
        For an elapsed part such as `quarter to date`, whose unit is `range`: the unit of which it is a part.

    Examples
    --------
    >>> from datetime import date
    >>> month = Period("2026-09", date(2026, 9, 1), date(2026, 9, 30), "month")
    >>> month.days, date(2026, 9, 30) in month
    (30, True)
    """

    label: str
    start: date | None
    end: date
    unit: str
    to_date: str | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.start > self.end:
            raise PeriodError("Period", f"{self.label!r} starts on {self.start}, after its end on {self.end}")
        if (self.start or self.end) < FIRST_DAY or self.end > LAST_DAY:
            raise PeriodError("Period", f"{self.label!r} is too far away", YEARS)

    @property
    def days(self) -> int | None:
        """The number of days, or None for all time."""
        return None if self.start is None else (self.end - self.start).days + 1

    def __contains__(self, day: date | None) -> bool:
        if day is None:  # a row without a date counts in all time alone
            return self.start is None
        day = day.date() if isinstance(day, datetime) else day
        return day <= self.end and (self.start is None or self.start <= day)


def parse_date(text_or_date: str | date, where: str = "parse_date") -> date:
    """Read a day, written as year-month-day.

    Parameters
    ----------
    text_or_date
        An ISO text, a date, or a datetime without zone at midnight.
    where
        The function or file that an error names.

    Examples
    --------
    >>> parse_date("2026-09-14")
    datetime.date(2026, 9, 14)
    """
    given, allowed = text_or_date, f"A day is written 2026-09-14. {YEARS}"
    if isinstance(given, datetime):
        # pandas' NaT is a datetime too, and differs from itself
        if given != given or given.tzinfo is not None or given.time() != datetime.min.time():
            fault = f"{given} is not a day"
            raise PeriodError(where, fault, allowed, "give the date without time and time zone")
        given = given.date()
    elif isinstance(given, str):
        parts = re.fullmatch(r"\s*([0-9]{4})-([0-9]{2})-([0-9]{2})\s*", given)
        if not parts:
            fault = f"{given!r} is not a day"
            raise PeriodError(
                where, fault, allowed, "write year-month-day, with two digits for month and day"
            )
        try:
            given = date(*map(int, parts.groups()))
        except ValueError as error:
            raise PeriodError(where, f"{given!r} does not exist: {error}", allowed) from None
    elif not isinstance(given, date):
        raise PeriodError(where, f"{given!r} ({type(given).__name__}) is not a day", allowed)
    if not FIRST_DAY <= given <= LAST_DAY:
        raise PeriodError(where, f"{given} is too far away", allowed)
    return given


def national_holidays(country: str, years: Iterable[int], subdivision: str | None = None) -> frozenset[date]:
    """Return the public holidays of a country, by the `holidays` package.

    Parameters
    ----------
    country, years, subdivision
        The code of ISO 3166, such as "ID"; the calendar years; the code of a province or state, if any.

    Raises
    ------
    PeriodError
        For a country, a subdivision or a year that is not known.

    Examples
    --------
    >>> from datetime import date
    >>> date(2026, 8, 17) in national_holidays("ID", range(2026, 2027))
    True
    """
    import holidays  # only here: importing kpikit must stay fast

    years = [whole_number("national_holidays", "years", year, FIRST_YEAR, LAST_YEAR) for year in years]
    known = holidays.list_supported_countries()
    code = str(country).strip().upper()
    if code not in known:
        named = {name.replace("_", " ").upper(): of[1] for name, of in holidays.registry.COUNTRIES.items()}
        near = difflib.get_close_matches(code, [*named, *known], n=1)
        hint = f"write '{named.get(near[0], near[0])}'" if near else "write the code, such as 'ID'"
        fault, allowed = f"country {country!r} is not known", f"Codes of ISO 3166: {listing(known)}"
        raise PeriodError("national_holidays", fault, allowed, hint)
    if subdivision is not None and subdivision not in known[code]:
        fault = f"subdivision {subdivision!r} of {code} is not known"
        allowed = f"Known: {listing(known[code])}" if known[code] else f"{code} has none"
        raise PeriodError("national_holidays", fault, allowed, suggest(subdivision, known[code]))
    return frozenset(holidays.country_holidays(code, subdiv=subdivision, years=years))


def unit_of(day: date, unit: str, calendar: Calendar = PLAIN) -> Period:
    """Return the whole month, quarter, week or other unit that contains a day.

    Parameters
    ----------
    day, unit, calendar
        Any day of it; one of GRAINS; what decides on fiscal units and on the first day of a week.

    Examples
    --------
    >>> from datetime import date
    >>> [unit_of(date(2026, 9, 14), unit).label for unit in ("week", "quarter")]
    ['2026-W38', '2026-Q3']
    >>> unit_of(date(2026, 9, 14), "fiscal_quarter", Calendar(fiscal_start_month=4)).label
    'FY2027-Q2'
    """
    day, unit = parse_date(day, "unit_of"), unit_name(unit, "unit_of")
    if unit == "day":
        return Period(day.isoformat(), day, day, unit)
    if unit == "week":
        return week_from(plus(day, -((day.weekday() - calendar.week_start) % 7)))
    size, fiscal = MONTHS[unit], unit.startswith("fiscal")
    offset = calendar.fiscal_start_month - 1 if fiscal else 0
    month = (day.month - 1 - offset) % 12
    start, place = months_later(day.replace(day=1), -(month % size)), month // size + 1
    end = plus(months_later(start, size), -1)
    year = day.year - (day.month <= offset) + bool(offset and calendar.fiscal_named_by == "end")
    part = {1: f"-{place:02}", 3: f"-Q{place}", 6: f"-H{place}", 12: ""}[size]
    return Period(f"{'FY' if fiscal else ''}{year}{part}", start, end, unit)


def week_from(start: date) -> Period:
    """Return the week that starts on a day, by its ISO number if that is a Monday."""
    end, (year, week, weekday) = plus(start, 6), start.isocalendar()
    return Period(f"{year}-W{week:02}" if weekday == 1 else f"{start}/{end}", start, end, "week")


def unit_name(text: str, where: str) -> str:
    """Return the name of a unit of time as it stands in GRAINS."""
    name = "_".join(text.lower().split()) if isinstance(text, str) else text
    if name not in GRAINS:
        allowed = f"Units: {', '.join(GRAINS)}"
        raise PeriodError(where, f"unit {text!r} is not known", allowed, suggest(name, GRAINS))
    return name


def span(start: date, end: date, calendar: Calendar) -> Period:
    """Return the range from one day to another, both included."""
    if calendar.week_start and start.weekday() == calendar.week_start and (end - start).days == 6:
        return week_from(start)  # or its label, "start/end", would not be read back as the same period
    return Period(f"{start}/{end}", start, end, "range")


def to_date(whole: Period, end: date) -> Period:
    """Return the part of a unit that has elapsed on a day."""
    return Period(f"{whole.label} to {end}", whole.start, end, "range", whole.unit)


def months_later(day: date, months: int, keeps_month_end: bool = False) -> date:
    """Return the same day of another month, or that month's last day if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise PeriodError("Period", f"{months} months from {day} is too far away", YEARS)
    last, is_last = monthrange(year, month + 1)[1], day.day == monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if keeps_month_end and is_last else min(day.day, last))


def plus(day: date, days: int) -> date:
    """Add days to a day."""
    try:
        return day + timedelta(days)
    except OverflowError:
        raise PeriodError("Period", f"{days} days from {day} is too far away", YEARS) from None
