"""Periods are read, moved, compared and split as a sales analyst would do it by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.errors import PeriodError
from kpikit.periods import (
    COMPARISONS,
    GRAINS,
    Calendar,
    Period,
    compare,
    is_complete,
    parse_period,
    shift,
    split,
    unit_of,
)

AS_OF = date(2026, 9, 14)  # a Monday
APRIL = Calendar(fiscal_start_month=4)
APRIL_START = Calendar(fiscal_start_month=4, fiscal_named_by="start")
SUNDAY = Calendar(week_start=6)
DAYS = st.dates(date(1970, 1, 1), date(2170, 12, 31))
CALENDARS = st.builds(
    Calendar,
    fiscal_start_month=st.integers(1, 12),
    fiscal_named_by=st.sampled_from(["end", "start"]),
    week_start=st.integers(0, 6),
)
UNITS = st.sampled_from(GRAINS)
WORDS = st.one_of(
    st.builds("{} {}".format, st.sampled_from(["last", "this", "next"]), UNITS),
    st.builds("{} to date".format, UNITS),
    st.builds("last {} {}s".format, st.integers(1, 30), st.sampled_from((*GRAINS[:4], "year"))),
    st.just("all time"),
).map(lambda text: text.replace("_", " "))


def read(text, as_of=AS_OF, calendar=Calendar()):  # noqa: B008
    return parse_period(text, as_of, calendar)


def span(text, as_of=AS_OF, calendar=Calendar()):  # noqa: B008
    period = read(text, as_of, calendar)
    return f"{period.start}/{period.end}"


@pytest.mark.parametrize(
    ("text", "label", "expected", "unit"),
    [
        ("2026-09", "2026-09", "2026-09-01/2026-09-30", "month"),
        ("2024-02", "2024-02", "2024-02-01/2024-02-29", "month"),
        ("2026-q3", "2026-Q3", "2026-07-01/2026-09-30", "quarter"),
        ("2026-H1", "2026-H1", "2026-01-01/2026-06-30", "half"),
        (" 2026 ", "2026", "2026-01-01/2026-12-31", "year"),
        (2026, "2026", "2026-01-01/2026-12-31", "year"),
        ("2026-w38", "2026-W38", "2026-09-14/2026-09-20", "week"),
        ("2026-W53", "2026-W53", "2026-12-28/2027-01-03", "week"),
        ("2025-W01", "2025-W01", "2024-12-30/2025-01-05", "week"),
        ("fy2026", "FY2026", "2026-01-01/2026-12-31", "fiscal_year"),
        ("FY2026-Q1", "FY2026-Q1", "2026-01-01/2026-03-31", "fiscal_quarter"),
        ("2026-09-14", "2026-09-14", "2026-09-14/2026-09-14", "day"),
        (date(2026, 9, 14), "2026-09-14", "2026-09-14/2026-09-14", "day"),
        (datetime(2026, 9, 14), "2026-09-14", "2026-09-14/2026-09-14", "day"),
        ("2026-07-01 / 2026-09-30", "2026-07-01/2026-09-30", "2026-07-01/2026-09-30", "range"),
        ("ALL  Time", "all time", "None/2026-09-14", "all"),
        ("last quarter", "2026-Q2", "2026-04-01/2026-06-30", "quarter"),
        ("This   Quarter", "2026-Q3", "2026-07-01/2026-09-30", "quarter"),
        ("next quarter", "2026-Q4", "2026-10-01/2026-12-31", "quarter"),
        ("last day", "2026-09-14", "2026-09-14/2026-09-14", "day"),
        ("next day", "2026-09-15", "2026-09-15/2026-09-15", "day"),
        ("last week", "2026-W37", "2026-09-07/2026-09-13", "week"),
        ("last month", "2026-08", "2026-08-01/2026-08-31", "month"),
        ("last half", "2026-H1", "2026-01-01/2026-06-30", "half"),
        ("last year", "2025", "2025-01-01/2025-12-31", "year"),
        ("last fiscal half", "FY2026-H1", "2026-01-01/2026-06-30", "fiscal_half"),
        ("last 90 days", "2026-06-17/2026-09-14", "2026-06-17/2026-09-14", "range"),
        ("last 1 day", "2026-09-14/2026-09-14", "2026-09-14/2026-09-14", "range"),
        ("last 2 weeks", "2026-08-31/2026-09-13", "2026-08-31/2026-09-13", "range"),
        ("last 12 months", "2025-09-01/2026-08-31", "2025-09-01/2026-08-31", "range"),
        ("last 4 quarters", "2025-07-01/2026-06-30", "2025-07-01/2026-06-30", "range"),
        ("last 2 years", "2024-01-01/2025-12-31", "2024-01-01/2025-12-31", "range"),
        ("month to date", "2026-09 to 2026-09-14", "2026-09-01/2026-09-14", "range"),
        ("quarter to date", "2026-Q3 to 2026-09-14", "2026-07-01/2026-09-14", "range"),
        ("week to date", "2026-W38 to 2026-09-14", "2026-09-14/2026-09-14", "range"),
        ("fiscal year to date", "FY2026 to 2026-09-14", "2026-01-01/2026-09-14", "range"),
    ],
)
def test_grammar(text, label, expected, unit):
    period = read(text)
    assert (period.label, span(text), period.unit) == (label, expected, unit)
    assert read(label) == period
    assert read(period) is period


@pytest.mark.parametrize(
    ("text", "calendar", "label", "expected"),
    [
        ("FY2026", APRIL, "FY2026", "2025-04-01/2026-03-31"),
        ("FY2026", APRIL_START, "FY2026", "2026-04-01/2027-03-31"),
        ("FY2026-Q4", APRIL, "FY2026-Q4", "2026-01-01/2026-03-31"),
        ("FY2026-H2", APRIL_START, "FY2026-H2", "2026-10-01/2027-03-31"),
        ("this fiscal quarter", APRIL, "FY2027-Q2", "2026-07-01/2026-09-30"),
        ("last fiscal year", APRIL_START, "FY2025", "2025-04-01/2026-03-31"),
        ("fiscal half to date", APRIL, "FY2027-H1 to 2026-09-14", "2026-04-01/2026-09-14"),
        ("this week", SUNDAY, "2026-09-13/2026-09-19", "2026-09-13/2026-09-19"),
        ("last 2 weeks", SUNDAY, "2026-08-30/2026-09-12", "2026-08-30/2026-09-12"),
        ("week to date", SUNDAY, "2026-09-13/2026-09-19 to 2026-09-14", "2026-09-13/2026-09-14"),
        ("2026-W38", SUNDAY, "2026-W38", "2026-09-14/2026-09-20"),
    ],
)
def test_grammar_follows_the_calendar(text, calendar, label, expected):
    period = read(text, calendar=calendar)
    assert (period.label, span(text, calendar=calendar)) == (label, expected)
    assert read(label, calendar=calendar) == period


def test_last_is_complete_on_the_last_day():
    assert read("last quarter", date(2026, 9, 29)).label == "2026-Q2"
    assert read("last quarter", date(2026, 9, 30)).label == "2026-Q3"
    assert read("next quarter", date(2026, 9, 30)).label == "2026-Q4"
    assert read("last 12 months", date(2026, 9, 30)).label == "2025-10-01/2026-09-30"
    assert read("last week", date(2026, 9, 20)).label == "2026-W38"
    assert is_complete(read("2026-Q3"), date(2026, 9, 30))
    assert not is_complete(read("2026-Q3"), date(2026, 9, 29))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Q3 2026", "Hint: write 2026-Q3"),
        ("2026Q3", "Hint: write 2026-Q3"),
        ("2026/09", "Hint: write 2026-09"),
        ("2026-9", "Hint: write 2026-09"),
        ("09-2026", "Hint: write 2026-09"),
        ("9/2026", "Hint: write 2026-09"),
        ("2026-W5", "Hint: write 2026-W05"),
        ("W38 2026", "Hint: write 2026-W38"),
        ("FY 2026", "Hint: write FY2026"),
        ("fy2026 q1", "Hint: write FY2026-Q1"),
        ("Q1 FY2026", "Hint: write FY2026-Q1"),
        ("2026/9/4", "Hint: write 2026-09-04"),
        (20260914, "Hint: write 2026-09-14"),
        ("2026-07-01 to 2026-09-30", "Hint: write 2026-07-01/2026-09-30"),
        ("lst quarter", "Did you mean 'last quarter'"),
        ("14.09.2026", "Hint: write year-month-day"),
        ("2026-13", "'2026-13': month 13 does not exist. 2026 has the months 1 to 12"),
        ("2026-Q5", "'2026-Q5': quarter 5 does not exist"),
        ("FY2026-H0", "half 0 does not exist. 2026 has the halves 1 to 2"),
        ("2025-W53", "weeks 1 to 52. Hint: write 2025-W52 or 2026-W01"),
        ("2026-02-30", "'2026-02-30' does not exist"),
        ("2026-09-30/2026-07-01", "Hint: write 2026-07-01/2026-09-30"),
        ("last 0 days", "N from 1"),
        ("last 99999 weeks", "Years 1900 to 2200"),
        ("last 99999 months", "Years 1900 to 2200"),
        ("9999-W52", "Years 1900 to 2200"),
        ("1899", "Years 1900 to 2200"),
        ("0000-W01", "not a period"),
        ("2201-Q1", "is too far away"),
        ("2026-Q3 to 2026-10-01", "not a period"),
        ("2026-Q3 to 2026-Q4", "not a period"),
        ("last -3 days", "not a period"),
        ("today", "not a period"),
        ("", "not a period"),
        ("２０２６", "not a period"),
        (None, r"None \(NoneType\) is not a period. Periods: 2026-09, 2026-Q3"),
        (True, r"True \(bool\) is not a period"),
        (2026.0, r"2026.0 \(float\) is not a period"),
    ],
)
def test_refusals_say_what_to_write(text, message):
    with pytest.raises(PeriodError, match=message) as caught:
        read(text)
    assert str(caught.value).startswith(f"parse_period: {text!r}")


@pytest.mark.parametrize(
    ("text", "how", "expected"),
    [
        ("2026-03", "previous", "2026-02"),
        ("2026-Q1", "previous", "2025-Q4"),
        ("FY2026-Q1", "previous", "FY2025-Q4"),
        ("2026-W01", "previous", "2025-W52"),
        ("2026-09-14", "previous", "2026-09-13"),
        ("2026-07-01/2026-09-30", "previous", "2026-03-31/2026-06-30"),
        ("quarter to date", "previous", "2026-Q2 to 2026-06-14"),
        ("week to date", "previous", "2026-W37 to 2026-09-07"),
        ("2026-03 to 2026-03-30", "previous", "2026-02 to 2026-02-28"),
        ("2026-Q2 to 2026-04-30", "previous", "2026-Q1 to 2026-01-31"),
        ("2026-03", "same_period_last_year", "2025-03"),
        ("FY2026-H1", "same_period_last_year", "FY2025-H1"),
        ("2026-W38", "same_period_last_year", "2025-W38"),
        ("2026-W53", "same_period_last_year", "2025-W52"),
        ("2020-W53 to 2021-01-01", "same_period_last_year", "2019-W52 to 2019-12-27"),
        ("2024-02-29", "same_period_last_year", "2023-02-28"),
        ("2025-02-01/2025-02-28", "same_period_last_year", "2024-02-01/2024-02-29"),
        ("2025-02-02/2025-02-28", "same_period_last_year", "2024-02-02/2024-02-28"),
        ("2024-02-29/2024-03-15", "same_period_last_year", "2023-02-28/2023-03-15"),
        ("year to date", "same_period_last_year", "2025 to 2025-09-14"),
        ("2025 to 2025-02-28", "same_period_last_year", "2024 to 2024-02-29"),
        # Not complete on 2026-09-14: only what has elapsed.
        ("2026-Q3", "previous_elapsed", "2026-Q2 to 2026-06-14"),
        ("2026-Q3", "last_year_elapsed", "2025-Q3 to 2025-09-14"),
        ("2026-W38", "previous_elapsed", "2026-W37 to 2026-09-07"),
        ("2026", "last_year_elapsed", "2025 to 2025-09-14"),
        ("2026-09-10/2026-09-19", "previous_elapsed", "2026-08-31/2026-09-04"),
        ("2026-09-10/2026-09-19", "last_year_elapsed", "2025-09-10/2025-09-14"),
        ("2026-Q2", "previous_elapsed", "2026-Q1"),
        ("quarter to date", "last_year_elapsed", "2025-Q3 to 2025-09-14"),
    ],
)
def test_comparisons(text, how, expected):
    assert compare(read(text), how, AS_OF).label == expected


@pytest.mark.parametrize(
    ("day", "expected"), [(27, "2026-02-27"), (28, "2026-02-28"), (30, "2026-02-28"), (31, "2026-02-28")]
)
def test_elapsed_march_against_february(day, expected):
    reference = compare(read("2026-03"), "previous_elapsed", date(2026, 3, day))
    assert reference.end == date.fromisoformat(expected)
    assert reference.label == ("2026-02" if day == 31 else f"2026-02 to {expected}")


def test_comparisons_without_a_reference():
    for how in COMPARISONS:
        assert compare(read("all time"), how, AS_OF) is None
    assert compare(read("2026-Q4"), "previous_elapsed", AS_OF) is None
    assert compare(read("2026-Q4"), "previous", AS_OF).label == "2026-Q3"
    with pytest.raises(PeriodError, match="Did you mean 'previous'"):
        compare(read("2026"), "previus", AS_OF)
    with pytest.raises(PeriodError, match="not a fiscal quarter of this calendar"):
        compare(read("FY2026-Q1", calendar=APRIL), "previous", AS_OF)


def test_weeks_from_sunday_compare_by_their_number():
    week = read("this week", calendar=SUNDAY)
    assert compare(week, "previous", AS_OF, SUNDAY).label == "2026-09-06/2026-09-12"
    last_year = compare(week, "same_period_last_year", AS_OF, SUNDAY)
    # Both hold the 37th Wednesday of their year: 2025 starts on one, 2026 has its first on the 7th.
    assert (last_year.label, last_year.unit) == ("2025-09-07/2025-09-13", "week")
    iso = compare(read("2026-W38", calendar=SUNDAY), "previous", AS_OF, SUNDAY)
    assert iso.label == "2026-W37"


def test_shift():
    assert shift(read("2026-Q3"), 2).label == "2027-Q1"
    assert shift(read("2024-02"), 12).label == "2025-02"
    assert shift(read("2026-07-01/2026-07-10"), -2).label == "2026-06-11/2026-06-20"
    assert shift(read("2026-Q3"), 0) == read("2026-Q3")
    for period, steps in [
        (read("all time"), 1),
        (read("2026"), 1.0),
        (read("2026"), 999),
        (read("2026"), True),
    ]:
        with pytest.raises(PeriodError):
            shift(period, steps)


def test_split_clips_the_ends_and_keeps_labels():
    units = split(read("2026-07-15/2026-09-02"), "month")
    expected = [("2026-07", "2026-07-15", "2026-07-31"), ("2026-08", "2026-08-01", "2026-08-31")]
    expected.append(("2026-09", "2026-09-01", "2026-09-02"))
    assert [(u.label, str(u.start), str(u.end)) for u in units] == expected
    assert {u.unit for u in units} == {"month"}
    clipped = compare(units[0], "previous", AS_OF)
    assert clipped == Period("2026-06", date(2026, 6, 15), date(2026, 6, 30), "month")
    assert split(read("2026-02"), "week")[0].label == "2026-W05"
    assert [u.label for u in split(read("2026-Q3"), "month", date(2026, 8, 1))] == ["2026-07", "2026-08"]
    assert split(read("2026-Q4"), "month", AS_OF) == []


def test_split_refuses_all_time_and_unknown_grains():
    with pytest.raises(PeriodError, match="Hint: give a period with a start"):
        split(read("all time"), "month")
    with pytest.raises(PeriodError, match="Did you mean 'month'"):
        split(read("2026"), "months")


@given(WORDS, DAYS, CALENDARS)
def test_labels_round_trip(text, as_of, calendar):
    period = parse_period(text, as_of, calendar)
    assert parse_period(period.label, as_of, calendar) == period
    assert parse_period(f"  {period.label.lower()} ", as_of, calendar) == period
    for how in COMPARISONS:
        reference = compare(period, how, as_of, calendar)
        assert reference is None or parse_period(reference.label, as_of, calendar) == reference


@given(DAYS, st.integers(0, 800), UNITS, CALENDARS)
def test_split_tiles_the_period(start, length, grain, calendar):
    period = parse_period(f"{start}/{start + timedelta(length)}", AS_OF, calendar)
    units = split(period, grain, calendar=calendar)
    assert (units[0].start, units[-1].end) == (period.start, period.end)
    assert all(b.start == a.end + timedelta(1) for a, b in pairwise(units))
    assert len({unit.label for unit in units}) == len(units)


@given(DAYS)
def test_iso_weeks_are_compared_with_their_number(day):
    year, week, _ = day.isocalendar()
    last_year = compare(unit_of(day, "week"), "same_period_last_year", day).start.isocalendar()
    most = date(year - 1, 12, 28).isocalendar().week
    assert (last_year.year, last_year.week) == (year - 1, min(week, most))


@given(DAYS, UNITS, CALENDARS, st.integers(-20, 20))
def test_units_before_and_after(day, unit, calendar, steps):
    whole = unit_of(day, unit, calendar)
    assert compare(whole, "previous", day, calendar).end == whole.start - timedelta(1)
    assert shift(shift(whole, steps, calendar), -steps, calendar) == whole


@given(DAYS, UNITS, CALENDARS, st.sampled_from(COMPARISONS[:2]))
def test_elapsed_references_start_with_the_whole_and_stay_within(as_of, unit, calendar, how):
    whole = unit_of(as_of, unit, calendar)
    elapsed_how = {"previous": "previous_elapsed"}.get(how, "last_year_elapsed")
    reference, elapsed = (compare(whole, h, as_of, calendar) for h in (how, elapsed_how))
    assert elapsed.start == reference.start
    assert elapsed.end <= reference.end
    assert elapsed == reference or not is_complete(whole, as_of)
    to_date = parse_period(f"{unit.replace('_', ' ')} to date", as_of, calendar)
    assert compare(to_date, how, as_of, calendar).end == elapsed.end


@pytest.mark.parametrize(
    "text", ["2026-01-01" + " to 2026-01-01" * 20_000, "2026" + " x" * 50_000, "Q" * 10**6]
)
def test_a_long_text_is_refused_and_cut(text):
    with pytest.raises(PeriodError) as caught:
        parse_period(text, date(2026, 9, 14))
    assert "… is not a period." in str(caught.value) and len(str(caught.value)) < 800
