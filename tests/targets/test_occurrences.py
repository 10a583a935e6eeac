"""When targets are judged."""

from datetime import date

import pytest

from kpikit.calendars import PLAIN, Calendar
from kpikit.targets.occurrences import is_over, occurrences
from kpikit.targets.plan import Target


def target(**entries):
    return Target.model_validate(
        {"name": "T", "kpi": "revenue", "level": 1, "set_on": "2026-01-01"} | entries
    )


def labels(as_of="2026-06-30", calendar=PLAIN, **entries):
    return [one.label for one in occurrences(target(**entries), date.fromisoformat(as_of), calendar)]


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("next quarter", "2026-Q2"),
        ("this month", "2026-01"),
        ("last quarter", "2025-Q4"),
        ("next year", "2027"),
        ("2022", "2022"),
    ],
)
def test_a_relative_period_is_told_from_the_day_it_was_set(period, label):
    assert labels(period=period) == labels("2030-01-01", period=period) == [label]


def test_fiscal_units_follow_the_calendar_of_the_company():
    calendar = Calendar(fiscal_start_month=4)
    assert labels(calendar=calendar, period="next fiscal quarter") == ["FY2027-Q1"]
    assert labels(calendar=calendar, every="fiscal quarter") == ["FY2026-Q4", "FY2027-Q1"]


def test_occurrences_run_from_the_first_whole_one_to_the_as_of_date():
    assert labels(every="quarter") == ["2026-Q1", "2026-Q2"]
    assert labels("2026-07-01", every="quarter") == ["2026-Q1", "2026-Q2", "2026-Q3"]
    assert labels(every="quarter", set_on="2026-01-02") == ["2026-Q2"]
    assert labels(every="week", set_on="2026-06-17") == ["2026-W26", "2026-W27"]


def test_the_first_occurrence_is_there_before_it_starts():
    assert labels("2025-06-01", every="quarter") == ["2026-Q1"]


def test_the_last_year_has_an_end():
    daily = target(every="day", set_on="2200-12-30")
    found = occurrences(daily, date(2200, 12, 31), Calendar())
    assert [one.label for one in found] == ["2200-12-30", "2200-12-31"]


def test_until_leaves_out_what_ends_later():
    assert labels(every="quarter", until="2026-05-31") == ["2026-Q1"]
    assert labels(every="quarter", until="2026-02-28") == []


def test_without_period_and_every_it_counts_from_the_day_it_was_set():
    (one,) = occurrences(target(), date(2026, 6, 30), Calendar())
    assert (one.label, one.start, one.end) == ("since 2026-01-01", date(2026, 1, 1), None)
    window = one.window(date(2026, 6, 30))
    assert (window.start, window.end) == (date(2026, 1, 1), date(2026, 6, 30))
    assert one.window(date(2025, 6, 30)).start == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("as_of", "until", "wanted"),
    [
        ("2026-03-30", "2026-03-31", False),
        ("2026-03-31", "2026-05-31", True),
        ("2026-03-31", "2026-06-30", False),
        ("2026-03-31", None, False),
    ],
)
def test_a_series_is_over_with_its_last_whole_occurrence(as_of, until, wanted):
    one, day = target(every="quarter", until=until), date.fromisoformat(as_of)
    assert is_over(one, occurrences(one, day, Calendar()), day, Calendar()) is wanted
