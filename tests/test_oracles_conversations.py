"""The twin's KPIs of conversations against figures worked out by hand."""

from datetime import date, datetime, time
from fractions import Fraction

import pytest

from kpikit.data.settings import Settings
from tests.oracles import NOT_AVAILABLE, measure


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def at(day, hour, minute=0, second=0):
    return datetime(2026, 1, day, hour, minute, second)


JAN, LATE = (date(2026, 1, 1), date(2026, 1, 31)), date(2026, 12, 31)
# 5 January 2026 is a Monday.
TALKS = table(
    "conversation_id started_at channel rep_id customer_id deal_id first_reply_at",
    ("k1", at(5, 10), "mail", "r1", "c1", "d1", at(5, 10, 30)),
    ("k2", at(9, 16), "mail", "r1", "c1", None, at(12, 10)),  # over the weekend
    ("k3", at(10, 12), "chat", "r2", None, None, at(11, 12)),  # from Saturday to Sunday
    ("k4", at(5, 16, 30), "chat", "r2", None, None, at(7, 9, 15)),
    ("k5", at(8, 8), "mail", None, "c1", None, at(13, 9)),
    ("k6", at(8, 11), "mail", "r1", None, None, at(8, 10)),  # before it started
    ("k7", at(31, 23, 59, 50), None, "r1", "c1", None, None),
    ("k8", datetime(2026, 2, 1), "mail", "r1", "c1", None, None),
    ("k9", None, "mail", "r1", None, None, at(8, 10)),
)
REPS = table("rep_id name region", ("r1", "Ayu", "Bali"), ("r2", "Budi", None))
CUSTOMERS = table("customer_id region channel", ("c1", "Java", "shop"))
CARE = {"conversations": TALKS, "reps": REPS, "customers": CUSTOMERS}
NINE_TO_FIVE = {"business_hours": {"start": "09:00", "end": "17:00"}, "holidays": [date(2026, 1, 6)]}


def january(kpi, tables=CARE, *, as_of=LATE, **asked):
    return measure(tables, kpi, *JAN, as_of, **asked)


def figures(result):
    return {key: (one.value, one.n) for key, one in result.items()}


def test_conversations_count_on_the_day_of_their_start():
    # k1 to k6 are answered, k7 is not; k8 is of February, k9 has no start.
    assert january("conversations_handled")[()][:2] == (6, 6)
    assert january("conversations_handled", convention="started")[()][:2] == (7, 7)
    assert measure(CARE, "conversations_handled", None, LATE, LATE, convention="started")[()].value == 9
    # On 12 January nobody knows of k5's reply, which came on the 13th; nor of k7.
    assert january("conversations_handled", as_of=date(2026, 1, 12))[()].value == 5


def test_conversations_are_split_by_their_own_fields_else_their_customers_else_their_reps():
    result = january("conversations_handled", convention="started", by=["region", "channel"])
    assert figures(result) == {
        (): (7, 7),
        ("Java", "mail"): (3, 3),  # k1 k2 k5
        ("Java", "shop"): (1, 1),  # k7
        ("Bali", "mail"): (1, 1),  # k6
        ("no region", "chat"): (2, 2),  # k3 k4
    }
    assert january("conversations_handled", by=["product_line"]) == NOT_AVAILABLE


def test_credits_of_a_deal_do_not_share_its_conversations():
    credits = table("deal_id rep_id share", ("d1", "r2", 1))
    result = january("conversations_handled", {**CARE, "credits": credits}, by=["rep"])
    assert {key: one.value for key, one in result.items()} == {
        (): 6,
        ("Ayu",): 3,  # k1 k2 k6
        ("Budi",): 2,  # k3 k4
        ("no rep",): 1,  # k5
    }


def test_the_response_rate_counts_any_reply():
    assert january("response_rate")[()][:2] == (Fraction(6, 7), 7)
    assert january("response_rate", as_of=date(2026, 1, 12))[()][:2] == (Fraction(5, 6), 6)
    assert measure(CARE, "response_rate", date(2026, 3, 1), date(2026, 3, 31), LATE)[()][:2] == (None, 0)


def test_whoever_still_waits_counts_once_the_time_is_over():
    # Only k1 is answered in time; k6 is crossed. On the 31st k7 has waited for a few seconds.
    within = {"convention": "within_8_hours"}
    assert january("response_rate", as_of=JAN[1], **within)[()][:2] == (Fraction(1, 6), 6)
    assert january("response_rate", **within)[()][:2] == (Fraction(1, 7), 7)
    # On the 5th k4, from 16:30 on, has waited seven hours and a half; of business hours half of one.
    for settings, hours, n in [({}, "8", 1), (NINE_TO_FIVE, "8", 1), ({}, "1", 2), (NINE_TO_FIVE, "1", 1)]:
        asked = {"convention": f"within_{hours}_hour{'s' if hours == '8' else ''}", "settings": settings}
        assert january("response_rate", as_of=date(2026, 1, 5), **asked)[()][:2] == (Fraction(1, n), n)


def test_hours_of_the_clock():
    # k1 0.5, k2 66, k3 24, k4 40.75, k5 121; k6 is crossed.
    assert january("first_response_hours")[()][:2] == (Fraction("40.75"), 5)
    # k3 24, k4 40.75.
    assert january("first_response_hours", by=["rep"])[("Budi",)][:2] == (Fraction("32.375"), 2)
    # All time knows no hours of k9, which has no start.
    assert measure(CARE, "first_response_hours", None, LATE, LATE)[()].n == 5


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (5, Fraction("0.625")),  # k1 0.5; k4 0.5 on Monday and 0.25 on Wednesday: Tuesday is a holiday
        (9, 2),  # k2: an hour on Friday, an hour on Monday
        (10, 0),  # k3: a weekend
        (8, 24),  # k5: all of Thursday, Friday and Monday, and nothing of Tuesday, when the reply comes at 9
    ],
)
def test_business_hours(day, hours):
    start = date(2026, 1, day)
    asked = {"settings": NINE_TO_FIVE}
    assert measure(CARE, "first_response_hours", start, start, LATE, **asked)[()].value == hours


def test_whoever_is_unanswered_waits_to_the_end_of_the_as_of_date():
    # 8 January, as of the 12th: k5 waits from Thursday 08:00 to Monday's midnight: 16 + 4 x 24 hours.
    day, known = date(2026, 1, 8), date(2026, 1, 12)
    waiting = {"convention": "waiting"}
    assert measure(CARE, "first_response_hours", day, day, known, **waiting)[()][:2] == (112, 1)
    assert measure(CARE, "first_response_hours", day, day, known)[()][:2] == (None, 0)
    # In business hours: 8 each on Thursday, Friday and Monday.
    asked = waiting | {"settings": NINE_TO_FIVE}
    assert measure(CARE, "first_response_hours", day, day, known, **asked)[()][:2] == (24, 1)
    # The day on which it is answered ends the wait: 121 hours from Thursday 08:00 to Tuesday 09:00.
    assert measure(CARE, "first_response_hours", day, day, LATE, **waiting)[()][:2] == (121, 1)


def test_seconds_are_dropped_before_anything_is_compared():
    talks = table(
        "conversation_id started_at channel first_reply_at",
        ("k1", at(5, 10, 0, 50), "mail", at(5, 10, 0, 20)),  # of one minute: 0
        ("k2", at(5, 10, 0, 50), "mail", at(5, 10, 3, 10)),  # 3 minutes, not 2
        ("k3", at(5, 10, 1, 0), "mail", at(5, 10, 0, 59)),  # a minute before
    )
    result = january("first_response_hours", {"conversations": talks})
    assert result[()][:2] == (Fraction(3, 120), 2)


def test_settings_may_be_those_of_the_package():
    hours = {"start": time(9), "end": time(17)}
    settings = Settings(business_hours=hours, holidays=[date(2026, 1, 6)])
    plain = january("first_response_hours", settings=NINE_TO_FIVE)
    # 0.5, 2, 0, 0.75 and k5's 8 on Thursday, on Friday and on Monday.
    assert plain[()][:2] == (Fraction(3, 4), 5)
    assert january("first_response_hours", settings=settings) == plain
    # The first of January is a holiday in Indonesia, the fifth is not.
    day = [TALKS[0] | {"started_at": at(1, 9), "first_reply_at": at(5, 10)}]
    of_country = Settings(business_hours=hours, holidays={"country": "ID"})
    result = january("first_response_hours", {"conversations": day}, settings=of_country)
    assert result[()].value == 9  # Friday 8, Monday 1


def test_a_reply_that_is_not_recorded_cannot_be_judged():
    talks = [{name: value for name, value in row.items() if name != "first_reply_at"} for row in TALKS]
    tables = {"conversations": talks}
    assert january("conversations_handled", tables) == NOT_AVAILABLE
    assert january("conversations_handled", tables, convention="started")[()].value == 7
    assert january("response_rate", tables) == january("first_response_hours", tables) == NOT_AVAILABLE
