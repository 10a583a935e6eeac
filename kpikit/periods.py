"""Periods: how people name them, how they move, what they are compared with, and how they are split.

Nothing here reads the clock: "last", "this" and "next" are told from the as-of date. `last X` is the last X
that is complete, so on the last day of a quarter `last quarter` and `this quarter` are the same quarter.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from numbers import Integral

import kpikit.calendars as cal
from kpikit.calendars import GRAINS, PLAIN, Calendar, Period, national_holidays, parse_date, unit_of
from kpikit.errors import PeriodError, cut, plural, suggest

__all__ = ["COMPARISONS", "compare", "is_complete", "parse_period", "shift", "split"]
__all__ += ["GRAINS", "Calendar", "Period", "national_holidays", "parse_date", "unit_of"]

COMPARISONS = ("previous", "same_period_last_year", "previous_elapsed", "last_year_elapsed")
NAMES = [grain.replace("_", " ") for grain in GRAINS]
UNITS = "|".join(NAMES)
GRAMMAR = (
    "Periods: 2026-09, 2026-Q3, 2026-H1, 2026, 2026-W38, FY2026, FY2026-Q1, FY2026-H1, 2026-09-14, "
    "2026-07-01/2026-09-30, all time, last|this|next <unit>, <unit> to date, "
    f"last N days|weeks|months|quarters|years (N from 1); units: {', '.join(NAMES)}"
)
FORMS = ("last {}", "this {}", "next {}", "{} to date")
DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
# What people write instead; the hint offers the form beside it, if that can be read.
MISSPELT = (
    (r"(fy)?[- ]*([0-9]{4})[-/. ]*([qhw][0-9]{1,2})?", r"\1\2-\3"),
    (r"([qhw][0-9]{1,2})[-/. ]*(fy)?[- ]*([0-9]{4})", r"\2\3-\1"),
    (r"([0-9]{4})[-/. ]?([0-9]{1,2})", r"\1-\2"),
    (r"([0-9]{1,2})[-/. ]?([0-9]{4})", r"\2-\1"),
    (r"([0-9]{4})[-/. ]?([0-9]{1,2})[-/. ]?([0-9]{1,2})", r"\1-\2-\3"),
    (rf"{DAY} *(?:to|until|-|\.\.|:) *{DAY}", r"\1/\2"),
)


def parse_period(text: str | int | date | Period, as_of: date, calendar: Calendar = PLAIN) -> Period:
    """Read a period.

    Capitals and spaces do not matter. `last 12 months` are the last 12 complete months, `last 90 days` the 90
    days that end on the as-of date; both are ranges. `quarter to date` runs from the start of the quarter to
    the as-of date. Where weeks do not start on a Monday, a range of exactly one such week is that week.

    Parameters
    ----------
    text, as_of, calendar
        The text, a whole number for a year, a date for a day, or a period, which is returned as it is; the
        as-of date; what decides on fiscal years and on the first day of a week.

    Raises
    ------
    PeriodError
        For a text outside of the grammar, with a hint, and outside of the years 1900 to 2200.

    Examples
    --------
    >>> from datetime import date
    >>> texts = ["last quarter", "last 90 days", "quarter to date", "FY2026-Q1"]
    >>> [parse_period(text, date(2026, 9, 14)).label for text in texts]
    ['2026-Q2', '2026-06-17/2026-09-14', '2026-Q3 to 2026-09-14', 'FY2026-Q1']
    """
    as_of = parse_date(as_of, "parse_period")
    if isinstance(text, Period):
        return text
    if isinstance(text, date):
        return unit_of(parse_date(text, "parse_period"), "day", calendar)
    shown = cut(repr(text))
    if isinstance(text, bool) or not isinstance(text, str | Integral):
        fault = f"{shown} ({type(text).__name__}) is not a period"
        raise PeriodError("parse_period", fault, GRAMMAR, "write it as text, such as '2026-Q3'")
    plain = " ".join(str(text).lower().split())
    try:
        period = _relative(plain, as_of, calendar) or _absolute(plain, calendar)
    except PeriodError as error:
        raise PeriodError("parse_period", f"{shown}: {error.fault}", error.allowed, error.hint) from None
    if period is None:
        raise PeriodError("parse_period", f"{shown} is not a period", GRAMMAR, _hint(plain, calendar))
    return period


def _relative(text: str, as_of: date, calendar: Calendar) -> Period | None:
    if text == "all time":
        return Period(text, None, as_of, "all")
    if found := re.fullmatch(rf"({UNITS}) to date", text):
        return cal.to_date(unit_of(as_of, found[1], calendar), as_of)
    if found := re.fullmatch(rf"(last|this|next) ({UNITS})", text):
        this = unit_of(as_of, found[2], calendar)
        steps = {"last": 0 if is_complete(this, as_of) else -1, "this": 0, "next": 1}
        return shift(this, steps[found[1]], calendar)
    if found := re.fullmatch(r"last ([1-9][0-9]{0,4}) (day|week|month|quarter|year)s?", text):
        last = _relative(f"last {found[2]}", as_of, calendar)
        return cal.span(shift(last, 1 - int(found[1]), calendar).start, last.end, calendar)
    return None


def _absolute(text: str, calendar: Calendar) -> Period | None:
    if found := re.fullmatch(r"(fy)?([1-9][0-9]{3})(?:-([qh])([0-9]{1,2}))?", text):
        return _numbered(int(found[2]), found[3] or "", int(found[4] or 1), bool(found[1]), calendar)
    if found := re.fullmatch(r"([1-9][0-9]{3})-(w?)([0-9]{2})", text):
        return _numbered(int(found[1]), found[2] or "m", int(found[3]), False, calendar)
    if re.fullmatch(DAY, text):
        return unit_of(parse_date(text, "parse_period"), "day", calendar)
    if found := re.fullmatch(rf"{DAY} ?/ ?{DAY}", text):
        start, end = (parse_date(day, "parse_period") for day in found.groups())
        if start > end:
            raise PeriodError("parse_period", "it starts after its end", hint=f"write {end}/{start}")
        return cal.span(start, end, calendar)
    if found := re.fullmatch(rf"(\S+) to {DAY}", text):
        whole, end = _absolute(found[1], calendar), parse_date(found[2], "parse_period")
        if whole and whole.unit in GRAINS and end in whole:
            return cal.to_date(whole, end)
    return None


def _numbered(year: int, letter: str, number: int, is_fiscal: bool, calendar: Calendar) -> Period:
    weeks = date(year, 12, 28).isocalendar().week  # any ISO year's last week has 28 December
    units = {"": ("year", 1), "q": ("quarter", 4), "h": ("half", 2), "m": ("month", 12), "w": ("week", weeks)}
    unit, most = units[letter]
    if not 1 <= number <= most:
        fault, allowed = f"{unit} {number} does not exist", f"{year} has the {plural(unit)} 1 to {most}"
        hint = f"write {year}-W{most} or {year + 1}-W01" if letter == "w" else f"write {year}-Q3 or {year}-09"
        raise PeriodError("parse_period", fault, allowed, hint)
    if unit == "week":
        return cal.week_from(date.fromisocalendar(year, number, 1))
    offset = calendar.fiscal_start_month - 1 if is_fiscal else 0
    year -= bool(offset and calendar.fiscal_named_by == "end")
    start = cal.months_later(date(year, 1, 1), offset + (number - 1) * cal.MONTHS[unit])
    return unit_of(start, f"fiscal {unit}" if is_fiscal else unit, calendar)


def _hint(text: str, calendar: Calendar) -> str:
    for pattern, form in MISSPELT:
        if found := re.fullmatch(pattern, text):
            better = re.sub(r"(-w?)([0-9])(?![0-9])", r"\g<1>0\2", found.expand(form)).rstrip("-")
            try:
                if _absolute(better, calendar):
                    return f"write {better.upper()}"
            except PeriodError:
                continue
    near = suggest(text, ["all time", *(form.format(name) for form in FORMS for name in NAMES)])
    return near or "write year-month-day, or a year and its part, such as 2026-Q3"


def is_complete(period: Period, as_of: date) -> bool:
    """Tell whether the last day of a period is not after the as-of date.

    Examples
    --------
    >>> from datetime import date
    >>> is_complete(parse_period("2026-Q3", date(2026, 9, 30)), date(2026, 9, 30))
    True
    """
    return period.end <= parse_date(as_of, "is_complete")


def shift(period: Period, steps: int, calendar: Calendar = PLAIN) -> Period:
    """Move a period by whole units, a range by its own length in days; all time cannot move.

    An elapsed part ("to date"), or a bucket that `split` clipped, moves to the same part of the other unit:
    the same day of the same month of it (a month's last day: the month's last day), or the same weekday.

    Parameters
    ----------
    period, steps, calendar
        The period; how many units later, negative for earlier; the calendar by which the period was read.

    Examples
    --------
    >>> from datetime import date
    >>> shift(parse_period("2026-Q1", date(2026, 9, 14)), -1).label
    '2025-Q4'
    """
    cal.whole_number("shift", "steps", steps, -99_999, 99_999)
    if period.start is None:
        raise PeriodError("shift", "all time cannot move", hint="give a period with a start")
    if period.unit == "range" and not period.to_date:
        start, end = (cal.plus(day, steps * period.days) for day in (period.start, period.end))
        return cal.span(start, end, calendar)
    whole = _whole(period, calendar)
    return _same_part(period, whole, _moved(whole, steps, calendar))


def _whole(period: Period, calendar: Calendar) -> Period:
    unit = period.to_date or period.unit
    is_iso_week = unit == "week" and "-W" in period.label
    whole = unit_of(period.start, unit, replace(calendar, week_start=0) if is_iso_week else calendar)
    if period.label not in (whole.label, f"{whole.label} to {period.end}"):
        fault = f"{period.label} from {period.start} is not a {unit.replace('_', ' ')} of this calendar"
        raise PeriodError("Period", fault, hint="give the calendar by which the period was read")
    return whole


def _moved(whole: Period, steps: int, calendar: Calendar) -> Period:
    if whole.unit == "week":
        return cal.week_from(cal.plus(whole.start, 7 * steps))
    if whole.unit == "day":
        return unit_of(cal.plus(whole.start, steps), "day", calendar)
    return unit_of(cal.months_later(whole.start, steps * cal.MONTHS[whole.unit]), whole.unit, calendar)


def _a_year_before(whole: Period, calendar: Calendar) -> Period:
    if whole.unit == "week":
        # A week belongs to the year of its fourth day, as in ISO 8601, on whatever weekday it starts.
        middle = cal.plus(whole.start, 3)
        number = (middle.timetuple().tm_yday - 1) // 7
        first = date(middle.year - 1, 1, 1)
        there = cal.plus(first, (middle.weekday() - first.weekday()) % 7 + 7 * number)
        return cal.week_from(cal.plus(there, -3 - 7 * (there.year == middle.year)))
    if whole.unit == "day":
        return unit_of(cal.months_later(whole.start, -12), "day", calendar)
    return _moved(whole, -12 // cal.MONTHS[whole.unit], calendar)


def _same_part(part: Period, whole: Period, target: Period) -> Period:
    start, end = (target.start + (day - whole.start) for day in (part.start, part.end))
    if whole.unit in cal.MONTHS:
        months = (target.start.year - whole.start.year) * 12 + target.start.month - whole.start.month
        start, end = cal.months_later(part.start, months), cal.months_later(part.end, months, True)
    return cal.to_date(target, end) if part.to_date else replace(target, start=start, end=end)


def compare(period: Period, how: str, as_of: date, calendar: Calendar = PLAIN) -> Period | None:
    """Return the period with which another is compared, or None where there is none.

    `previous` is what `shift` by -1 gives. `same_period_last_year` is the same unit of the year before: of
    W53, W52 where that year has no W53; of a range, its dates a year earlier, where 29 February becomes the
    28th, but whole months stay whole. While the period is running, `previous_elapsed` and `last_year_elapsed`
    take the same part of the reference as has elapsed, by the rule of `shift`: on 2026-09-14, 2026-Q3 is
    compared with 2026-Q2 up to 2026-06-14, and on 2026-03-30, 2026-03 with 2026-02 up to the 28th. Of a
    range, the elapsed days are counted, or, a year earlier, its dates.

    Parameters
    ----------
    period, how, as_of, calendar
        The period; one of COMPARISONS; the as-of date; the calendar by which the period was read.

    Returns
    -------
    Period or None
        None for all time, and, in the elapsed comparisons, for a period that has not started.

    Examples
    --------
    >>> from datetime import date
    >>> quarter = parse_period("2026-Q3", date(2026, 9, 14))
    >>> [compare(quarter, how, date(2026, 9, 14)).label for how in ("previous", "last_year_elapsed")]
    ['2026-Q2', '2025-Q3 to 2025-09-14']
    """
    as_of = parse_date(as_of, "compare")
    if how not in COMPARISONS:
        allowed = f"Comparisons: {', '.join(COMPARISONS)}"
        raise PeriodError("compare", f"comparison {how!r} is not known", allowed, suggest(how, COMPARISONS))
    is_running = how.endswith("_elapsed") and period.end > as_of
    if period.start is None or (is_running and period.start > as_of):
        return None
    end, is_last_year = min(period.end, as_of) if is_running else period.end, "last_year" in how
    if period.unit == "range" and not period.to_date:
        if is_last_year:
            start, is_first = cal.months_later(period.start, -12), period.start.day == 1
            return cal.span(start, cal.months_later(end, -12, keeps_month_end=is_first), calendar)
        return cal.span(cal.plus(period.start, -period.days), cal.plus(end, -period.days), calendar)
    whole = _whole(period, calendar)
    target = _a_year_before(whole, calendar) if is_last_year else _moved(whole, -1, calendar)
    is_to_date = period.to_date or (is_running and period.start == whole.start)
    return _same_part(replace(period, end=end, to_date=is_to_date and whole.unit), whole, target)


def split(period: Period, grain: str, as_of: date | None = None, calendar: Calendar = PLAIN) -> list[Period]:
    """Return the days, weeks, months or other units of a period, in order, without gap or overlap.

    The first and the last are clipped to the period, and keep the label of their whole unit.

    Parameters
    ----------
    period, grain, as_of, calendar
        Any period but all time; one of GRAINS; if given, units that start after this day are left out, and
        the running one is not clipped; what decides on fiscal units and on the first day of a week.

    Examples
    --------
    >>> from datetime import date
    >>> months = split(parse_period("2026-07-15/2026-08-31", date(2026, 9, 14)), "month")
    >>> [(month.label, month.days) for month in months]
    [('2026-07', 17), ('2026-08', 31)]
    """
    unit = cal.unit_name(grain, "split")
    if period.start is None:
        raise PeriodError("split", "all time has no start", hint="give a period with a start, such as 2026")
    last = period.end if as_of is None else min(period.end, parse_date(as_of, "split"))
    units, day = [], period.start
    while day <= last:
        whole = unit_of(day, unit, calendar)
        units.append(replace(whole, start=day, end=min(whole.end, period.end)))
        day = whole.end + timedelta(1)
    return units
