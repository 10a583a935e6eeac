"""The arithmetic of one target, on its own."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.periods import Calendar
from kpikit.targets.attainment import STATUSES, attainment, course, judge, progress

# September 2026: 30 days, 22 business days, the 1st is a Tuesday.
START, END = date(2026, 9, 1), date(2026, 9, 30)


def september(day, days="business", **settings):
    return course(START, END, date(2026, 9, day), Calendar(**settings), days)


def told(actual, target, day=15, kind="flow", days="business", **how):
    return judge(actual, target, september(day, days), kind=kind, **how)


# Elapsed


def test_the_as_of_day_has_elapsed():
    # 1 to 15 September: 15 of 30 days, and 11 of 22 business days (1-4, 7-11, 14, 15).
    half = september(15)
    assert (half.calendar, half.business, half.days_left) == (0.5, 0.5, 11)
    assert september(1).business == 1 / 22
    assert (september(30).business, september(30).is_ended, september(29).is_ended) == (1.0, True, False)


def test_days_left_are_counted_as_the_plan_says():
    assert september(15, "calendar").days_left == 15
    assert september(15, "calendar").share == 0.5
    # Friday 4 September: 4 of 30 days, 4 of 22 business days.
    assert september(4, "calendar").share == pytest.approx(4 / 30)
    assert september(4).share == pytest.approx(4 / 22)


def test_a_holiday_is_no_business_day():
    known = september(15, holidays=frozenset({date(2026, 9, 7)}))
    assert known.business == pytest.approx(10 / 21)
    assert known.calendar == 0.5


def test_a_period_without_business_days_elapses_by_calendar():
    weekend = course(date(2026, 9, 5), date(2026, 9, 6), date(2026, 9, 5), Calendar())
    assert weekend.business == weekend.calendar == 0.5


def test_nothing_has_elapsed_before_the_start():
    before = course(START, END, date(2026, 8, 31), Calendar())
    assert (before.is_started, before.calendar, before.business) == (False, 0.0, 0.0)
    assert course(START, END, START, Calendar()).is_started


def test_a_period_without_an_end_has_no_elapsed_share():
    endless = course(START, None, END, Calendar())
    assert (endless.calendar, endless.business, endless.days_left) == (None, None, None)
    assert not endless.is_ended and not endless.has_end


# Attainment, progress, gap


@pytest.mark.parametrize(
    ("actual", "target", "is_higher_better", "wanted"),
    [
        (90, 120, True, 0.75),
        (0, 120, True, 0.0),
        (-30, 120, True, -0.25),
        (90, 0, True, None),
        (90, -5, True, None),
        (80, 100, False, 1.25),
        (0, 100, False, None),
        (-5, 100, False, None),
        (80, 0, False, None),
        (None, 100, True, None),
        (80, None, True, None),
        (1e308, 1e-308, True, None),
        (1e-308, 1e308, False, None),
    ],
)
def test_attainment_is_null_where_it_says_nothing(actual, target, is_higher_better, wanted):
    assert attainment(actual, target, is_higher_better) == wanted


def test_progress_runs_from_0_to_1_in_either_direction():
    assert progress(85, 80, 100) == 0.25
    assert progress(70, 80, 60) == 0.5
    assert progress(75, 80, 100) == -0.25
    assert progress(75, 80, 80) is None


@pytest.mark.parametrize(
    ("target", "is_higher_better", "status", "gap"),
    [(0.0, True, "reached", 5.0), (-10.0, True, "reached", 15.0), (0.0, False, "missed", 5.0)],
)
def test_the_gap_decides_where_attainment_is_null(target, is_higher_better, status, gap):
    known = told(5.0, target, day=30, is_higher_better=is_higher_better)
    assert (known.attainment, known.gap, known.status) == (None, gap, status)


def test_a_lower_is_better_actual_of_zero_is_reached_without_attainment():
    known = told(0.0, 0.5, day=30, kind="rate", is_higher_better=False)
    assert (known.attainment, known.gap, known.status) == (None, -0.5, "reached")


def test_noise_of_a_division_is_no_gap():
    assert 1.21 < 1.1 * 1.1  # 1.2100000000000002
    known = told(1.21, 1.1 * 1.1, day=30)
    assert (known.gap, known.status) == (0.0, "reached")
    # A hundredth of a cent is a gap.
    assert told(1149.9999, 1150.0, day=30).status == "missed"


# Expected, pace, needed


def test_a_flow_is_expected_by_elapsed_share():
    # Half of the business days: 6000 of 12000 expected; 6500 left for 11 days.
    known = told(5_500.0, 12_000.0)
    assert (known.expected, known.gap) == (6_000.0, -6_500.0)
    assert known.pace == known.standing == pytest.approx(5_500 / 6_000)
    assert known.needed_per_day == pytest.approx(6_500 / 11)


def test_a_rate_and_a_level_are_expected_to_be_the_target_at_any_time():
    for kind in ("rate", "level"):
        known = told(0.27, 0.30, kind=kind)
        assert (known.expected, known.pace, known.needed_per_day) == (0.30, None, None)
        assert known.standing == known.attainment == pytest.approx(0.9)


def test_from_to_is_expected_on_the_straight_way():
    # 80 + 20 × ½ = 90 expected; 88 is 8 of 20: progress 0.4 ÷ elapsed 0.5 = 0.8.
    known = told(88.0, 100.0, kind="level", origin=80.0)
    assert (known.expected, known.progress, known.standing) == (90.0, 0.4, 0.8)
    assert (known.attainment, known.pace, known.status) == (0.88, None, "at risk")


def test_from_to_of_a_falling_kpi():
    # 50 → 40, lower is better: 45 expected; 44 is 6 of 10: progress 0.6 ÷ 0.5 = 1.2.
    known = told(44.0, 40.0, kind="rate", origin=50.0, is_higher_better=False)
    assert (known.expected, known.progress, known.standing) == (45.0, 0.6, 1.2)
    assert (known.status, known.gap) == ("on pace", 4.0)


def test_a_flow_from_to_is_paced_against_its_goal_and_progresses_when_it_ends():
    half = told(55.0, 120.0, origin=100.0)
    assert (half.progress, half.expected, half.pace) == (None, 60.0, 55 / 60)
    assert told(110.0, 120.0, day=30, origin=100.0).progress == 0.5


def test_a_flow_that_should_stay_low_is_paced_the_other_way():
    known = told(40.0, 100.0, is_higher_better=False)
    assert (known.expected, known.pace, known.needed_per_day) == (50.0, 1.25, None)
    assert known.status == "on pace"  # not reached: it can still rise
    assert told(40.0, 100.0, day=30, is_higher_better=False).status == "reached"


def test_nothing_is_needed_once_reached_and_nothing_helps_after_the_end():
    assert told(12_500.0, 12_000.0).needed_per_day == 0.0
    assert told(12_500.0, 12_000.0, day=30).needed_per_day == 0.0
    assert told(11_000.0, 12_000.0, day=30).needed_per_day is None


def test_needed_is_null_when_no_business_day_is_left():
    # Friday 4 September is the last business day of a period that ends on Sunday.
    known = course(START, date(2026, 9, 6), date(2026, 9, 4), Calendar())
    result = judge(5.0, 10.0, known, kind="flow")
    assert (known.days_left, result.needed_per_day, result.status) == (0, None, "at risk")


# Status


@pytest.mark.parametrize(
    ("actual", "status"),
    [
        (12_000, "reached"),
        (11_999.99, "on pace"),
        (6_000, "on pace"),
        (5_999.99, "behind"),
        (5_400, "behind"),
        (5_399.99, "at risk"),
        (0, "at risk"),
        (-10, "at risk"),
    ],
)
def test_status_of_a_flow_at_each_threshold(actual, status):
    assert told(float(actual), 12_000.0).status == status


@pytest.mark.parametrize(
    ("actual", "status"),
    [(0.50, "on pace"), (0.30, "on pace"), (0.2999, "behind"), (0.27, "behind"), (0.2699, "at risk")],
)
def test_a_rate_is_never_reached_before_its_end(actual, status):
    assert told(actual, 0.30, kind="rate").status == status
    assert told(actual, 0.30, kind="level").status == status


@pytest.mark.parametrize(("actual", "status"), [(100.0, "reached"), (99.99, "missed")])
@pytest.mark.parametrize("kind", ["flow", "rate", "level"])
def test_the_end_day_settles_it(kind, actual, status):
    assert told(actual, 100.0, day=30, kind=kind).status == status


def test_thresholds_of_the_plan_are_used():
    assert told(5_400.0, 12_000.0, thresholds=(0.9, 0.8)).status == "on pace"
    assert told(5_000.0, 12_000.0, thresholds=(0.9, 0.8)).status == "behind"
    assert told(4_700.0, 12_000.0, thresholds=(0.9, 0.8)).status == "at risk"


def test_a_standing_at_a_threshold_is_not_lost_to_noise():
    # 0.1 + 0.2 is a bit more than 0.3, and 0.3 ÷ (0.1 + 0.2) a bit less than 1.
    assert told(0.3, 0.1 + 0.2, kind="rate").status == "on pace"


def test_under_a_tenth_it_is_too_early():
    # 2 September: 2 of 22 business days (0.09), by calendar 2 of 30; 3 September: 3 of 22 and 3 of 30.
    assert told(0.0, 100.0, day=2).status == "too early"
    assert told(0.0, 100.0, day=3).status == "at risk"
    assert told(0.0, 100.0, day=2, days="calendar").status == "too early"
    assert told(0.0, 100.0, day=3, days="calendar").status == "at risk"  # exactly a tenth
    assert told(0.1, 0.3, day=2, kind="rate").status == "too early"


def test_a_flow_can_be_reached_when_it_is_too_early_for_the_rest():
    assert told(100.0, 100.0, day=1).status == "reached"
    assert told(1.0, 0.3, day=1, kind="rate").status == "too early"


def test_a_missing_standing_is_told_by_what_is_expected():
    # A rate that should be 0, lower is better: attainment says nothing in the middle of the period.
    assert told(0.0, 0.0, kind="rate", is_higher_better=False).status == "on pace"
    assert told(0.1, 0.0, kind="rate", is_higher_better=False).status == "at risk"
    # A loss that should not exceed 100: 50 expected by now.
    assert told(-40.0, -100.0, kind="flow").status == "on pace"
    assert told(-60.0, -100.0, kind="flow").status == "at risk"


def test_nothing_expected_is_too_early():
    assert told(-5.0, 0.0, kind="flow").status == "too early"


def test_before_the_start_all_is_null():
    known = judge(5.0, 10.0, course(START, END, date(2026, 8, 31), Calendar()), kind="flow")
    assert known.status == "not started"
    assert (known.gap, known.attainment, known.expected, known.pace, known.standing) == (None,) * 5


@pytest.mark.parametrize(("actual", "target"), [(None, 10.0), (10.0, None)])
def test_what_is_not_known_is_not_available(actual, target):
    assert told(actual, target, day=30).status == "not available"


def test_without_an_end_there_is_no_deadline():
    endless = course(START, None, END, Calendar())
    for kind in ("level", "rate"):
        known = judge(105.0, 100.0, endless, kind=kind, origin=80.0)
        assert (known.status, known.gap, known.pace, known.standing) == ("no deadline", 5.0, None, None)
    assert judge(99.0, 100.0, endless, kind="flow").status == "no deadline"
    assert judge(100.0, 100.0, endless, kind="flow").status == "reached"  # what is won stays won


def test_a_member_who_joined_elapses_by_the_own_days():
    # 15 of 22 business days on the team, 5 of them gone; 21 calendar days, 7 gone.
    own = course(START, END, date(2026, 9, 16), Calendar(), worked=((7, 21), (5, 15)))
    assert (own.business, own.days_left) == (5 / 15, 10)
    assert own.calendar == pytest.approx(7 / 21)


values = st.one_of(st.none(), st.floats(-1e6, 1e6))


@given(values, values, st.integers(1, 30), st.sampled_from(["flow", "rate", "level"]), st.booleans(), values)
def test_every_judgement_has_a_status_and_a_gap(actual, target, day, kind, is_higher_better, origin):
    known = told(actual, target, day=day, kind=kind, is_higher_better=is_higher_better, origin=origin)
    assert known.status in STATUSES
    if actual is not None and target is not None:
        assert known.gap is not None and known.status != "not available"
        good = known.gap >= 0 if is_higher_better else known.gap <= 0
        assert (known.status == "reached") <= good
        assert (known.status == "missed") == (day == 30 and not good)
