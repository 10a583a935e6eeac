"""Calendars count business days, name fiscal years, and lay out weeks and other units."""

from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.calendars import GRAINS, Calendar, Period, national_holidays, parse_date, unit_of
from kpikit.errors import PeriodError

DAYS = st.dates(date(1902, 1, 1), date(2198, 12, 31))
CALENDARS = st.builds(
    Calendar,
    fiscal_start_month=st.integers(1, 12),
    fiscal_named_by=st.sampled_from(["end", "start"]),
    week_start=st.integers(0, 6),
    workdays=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=30),
)
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def test_business_days_of_september_2026():
    # 1 September 2026 is a Tuesday: 4 + 5 + 5 + 5 + 3 weekdays.
    assert Calendar().business_days(date(2026, 9, 1), date(2026, 9, 30)) == 22


def test_holidays_are_taken_off_once():
    # 17 August 2026 is a Monday, 15 August a Saturday on which nobody works anyway.
    calendar = Calendar(holidays={date(2026, 8, 17), date(2026, 8, 15)})
    assert calendar.business_days(date(2026, 8, 1), date(2026, 8, 31)) == 20
    assert not calendar.is_business_day(date(2026, 8, 17))
    assert calendar.is_business_day(date(2026, 8, 18))
    assert not calendar.is_business_day(datetime(2026, 8, 17, 9, 30))


def test_six_day_week():
    calendar = Calendar(workdays={0, 1, 2, 3, 4, 5})
    assert calendar.business_days(date(2026, 9, 7), date(2026, 9, 20)) == 12


def test_business_days_include_both_ends_and_are_none_backwards():
    assert Calendar().business_days(date(2026, 9, 14), date(2026, 9, 14)) == 1
    assert Calendar().business_days(date(2026, 9, 13), date(2026, 9, 13)) == 0
    assert Calendar().business_days(date(2026, 9, 15), date(2026, 9, 14)) == 0


@given(CALENDARS, st.dates(date(2025, 6, 1), date(2027, 6, 1)), st.integers(-5, 500))
def test_business_days_equal_a_plain_count(calendar, start, length):
    end = start + timedelta(length)
    days = [start + timedelta(ahead) for ahead in range(length + 1)]
    plain = sum(d.weekday() in calendar.workdays and d not in calendar.holidays for d in days)
    assert calendar.business_days(start, end) == plain
    assert plain == sum(calendar.is_business_day(day) for day in days)


def test_calendar_is_a_value():
    calendar = Calendar(holidays=["2026-08-17"], workdays=[0, 1])
    calendar.business_days(date(2026, 1, 1), date(2026, 12, 31))
    same = Calendar(holidays=frozenset({date(2026, 8, 17)}), workdays=frozenset({1, 0}))
    assert calendar == same
    assert hash(calendar) == hash(same)
    assert pickle.loads(pickle.dumps(calendar)) == same


@pytest.mark.parametrize(
    "setting",
    [
        {"fiscal_start_month": 0},
        {"fiscal_start_month": 13},
        {"fiscal_start_month": True},
        {"fiscal_start_month": "4"},
        {"fiscal_named_by": "middle"},
        {"week_start": 7},
        {"workdays": []},
        {"workdays": {7}},
        {"workdays": "Mon"},
        {"holidays": {"17-08-2026"}},
        {"holidays": {1}},
    ],
)
def test_calendar_refuses_what_is_not_allowed(setting):
    with pytest.raises(PeriodError, match=r"^Calendar: .*(Allowed|A day is written)"):
        Calendar(**setting)


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("named_by", ["end", "start"])
def test_fiscal_units_of_each_start_month_agree_with_a_plain_count(month, named_by):
    calendar = Calendar(fiscal_start_month=month, fiscal_named_by=named_by)
    day = date(2023, 1, 1)
    while day < date(2026, 1, 1):
        starts_in = day.year if day.month >= month else day.year - 1
        months_in = (day.year - starts_in) * 12 + day.month - month
        ends_in = starts_in if month == 1 else starts_in + 1
        name = f"FY{ends_in if named_by == 'end' else starts_in}"
        assert unit_of(day, "fiscal_year", calendar).label == name
        assert unit_of(day, "fiscal_half", calendar).label == f"{name}-H{months_in // 6 + 1}"
        quarter = unit_of(day, "fiscal_quarter", calendar)
        assert quarter.label == f"{name}-Q{months_in // 3 + 1}"
        assert quarter.start.day == 1
        assert (quarter.end + timedelta(1)).day == 1
        assert day in quarter
        year = unit_of(day, "fiscal_year", calendar)
        assert (year.start.month, year.start.day, year.start.year) == (month, 1, starts_in)
        assert year.days in (365, 366)
        day += timedelta(1)


def test_fiscal_year_from_april():
    by_end, by_start = (Calendar(fiscal_start_month=4, fiscal_named_by=by) for by in ("end", "start"))
    year = unit_of(date(2026, 3, 31), "fiscal year", by_end)
    assert year == Period("FY2026", date(2025, 4, 1), date(2026, 3, 31), "fiscal_year")
    year = unit_of(date(2026, 4, 1), "fiscal_year", by_start)
    assert year == Period("FY2026", date(2026, 4, 1), date(2027, 3, 31), "fiscal_year")


@pytest.mark.parametrize(
    ("unit", "label", "start", "end"),
    [
        ("day", "2024-02-29", "2024-02-29", "2024-02-29"),
        ("week", "2024-W09", "2024-02-26", "2024-03-03"),
        ("month", "2024-02", "2024-02-01", "2024-02-29"),
        ("quarter", "2024-Q1", "2024-01-01", "2024-03-31"),
        ("half", "2024-H1", "2024-01-01", "2024-06-30"),
        ("year", "2024", "2024-01-01", "2024-12-31"),
    ],
)
def test_units_that_contain_the_leap_day(unit, label, start, end):
    expected = Period(label, date.fromisoformat(start), date.fromisoformat(end), unit)
    assert unit_of(date(2024, 2, 29), unit) == expected


def test_iso_week_has_its_own_year():
    assert unit_of(date(2021, 1, 3), "week").label == "2020-W53"
    assert unit_of(date(2024, 12, 30), "week").label == "2025-W01"


def test_weeks_from_sunday_are_labelled_by_their_days():
    week = unit_of(date(2026, 9, 14), "week", Calendar(week_start=6))
    assert week == Period("2026-09-13/2026-09-19", date(2026, 9, 13), date(2026, 9, 19), "week")


@given(DAYS, st.sampled_from(GRAINS), CALENDARS)
def test_every_day_of_a_unit_gives_that_unit(day, unit, calendar):
    whole = unit_of(day, unit, calendar)
    assert day in whole
    assert unit_of(whole.start, unit, calendar) == whole == unit_of(whole.end, unit, calendar)
    assert unit_of(whole.end + timedelta(1), unit, calendar).start == whole.end + timedelta(1)
    if size := MONTHS.get(unit.removeprefix("fiscal_")):
        after = whole.end + timedelta(1)
        assert (after.year - whole.start.year) * 12 + after.month - whole.start.month == size


def test_unknown_unit_names_the_nearest():
    with pytest.raises(PeriodError, match="Did you mean 'quarter'"):
        unit_of(date(2026, 9, 14), "quarters")
    with pytest.raises(PeriodError, match="unit None is not known"):
        unit_of(date(2026, 9, 14), None)


def test_period_knows_its_days():
    quarter = unit_of(date(2026, 9, 14), "quarter")
    assert quarter.days == 92
    assert date(2026, 7, 1) in quarter
    assert datetime(2026, 9, 30, 23, 59) in quarter
    assert date(2026, 10, 1) not in quarter
    assert None not in quarter


def test_period_refuses_to_end_before_it_starts():
    with pytest.raises(PeriodError, match="after its end"):
        Period("x", date(2026, 1, 2), date(2026, 1, 1), "range")


def test_parse_date_reads_days():
    day = date(2026, 9, 14)
    assert parse_date(" 2026-09-14 ") == parse_date(day) == parse_date(datetime(2026, 9, 14)) == day
    assert type(parse_date(datetime(2026, 9, 14))) is date


@pytest.mark.parametrize(
    "given_day",
    [
        "2026-9-14", "14/09/2026", "20260914", "2026-02-30", "2026-13-01", "2026-W38-1", "", "today",
        "1899-12-31", "2201-01-01", "２０２６-09-14", date(1899, 12, 31), datetime(2026, 9, 14, 1),
        datetime(2026, 9, 14, tzinfo=timezone.utc), None, 20260914, True,  # noqa: UP017
    ],
)  # fmt: skip
def test_parse_date_refuses_everything_else(given_day):
    with pytest.raises(PeriodError, match=r"^plan\.yaml:3: .*A day is written 2026-09-14"):
        parse_date(given_day, where="plan.yaml:3")


def test_parse_date_refuses_a_missing_timestamp():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(PeriodError, match="not a day"):
        parse_date(pandas.NaT)
    assert parse_date(pandas.Timestamp("2026-09-14")) == date(2026, 9, 14)


def test_national_holidays_of_indonesia():
    days = national_holidays(" id ", range(2025, 2027))
    assert {date(2025, 8, 17), date(2026, 8, 17), date(2026, 1, 1)} <= days
    assert {day.year for day in days} == {2025, 2026}
    calendar = Calendar(holidays=days)
    assert not calendar.is_business_day(date(2026, 8, 17))


def test_national_holidays_of_a_subdivision():
    assert date(2026, 1, 6) in national_holidays("DE", range(2026, 2027), subdivision="BY")
    assert date(2026, 1, 6) not in national_holidays("DE", range(2026, 2027))


@pytest.mark.parametrize(
    ("country", "options", "message"),
    [
        ("Indonesia", {}, "write 'ID'"),
        ("indonsia", {}, "write 'ID'"),
        ("IDX", {}, "country 'IDX' is not known"),
        (None, {}, "country None is not known"),
        ("US", {"subdivision": "ZZ"}, "subdivision 'ZZ' of US is not known. Known: AK"),
        ("ID", {"years": range(1800, 1802)}, "years has 1800"),
    ],
)
def test_national_holidays_refuse_the_unknown(country, options, message):
    with pytest.raises(PeriodError, match=message):
        national_holidays(country, **{"years": range(2026, 2027), **options})
