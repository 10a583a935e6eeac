"""Conversations one by one: who was answered how soon, when they came, and what became of their deals."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

import kpikit as kp
from kpikit.errors import NotAvailableError
from kpikit.kpis.inbox import BANDS, _wilson, arrivals, inbox, is_in_hours, won_by_wait
from kpikit.periods import parse_period
from tests.builders import ENGINES, dataset

AS_OF = date(2026, 3, 31)
HOURS = {"business_hours": {"start": "09:00", "end": "17:00"}}


def talk(number, started, replied, deal=None, rep="a", channel="WhatsApp"):
    reply = None if replied is None else datetime(2026, 3, *replied)
    return {"conversation_id": f"k{number}", "started_at": datetime(2026, 3, *started), "channel": channel,
            "rep_id": rep, "deal_id": deal, "first_reply_at": reply}  # fmt: skip


# Monday 2 March 2026; the 7th is a Saturday. d2 has two conversations: the first one counts.
TALKS = [
    talk(1, (2, 9, 0), (2, 10, 0), "d1"),  # one hour
    talk(2, (2, 9, 0), (3, 9, 0), "d2"),  # eight hours
    talk(3, (3, 9, 0), (3, 9, 5), "d2"),
    talk(4, (2, 9, 0), (3, 9, 1), "d3", rep="b", channel="phone"),  # a minute more than eight hours
    talk(5, (7, 12, 0), None, "d4", rep=None),  # not answered
    talk(6, (4, 17, 0), (4, 16, 0), "d5"),  # its reply came before it began
    talk(7, (20, 10, 0), (20, 10, 1), "d6"),  # after the deal was lost
    talk(8, (9, 9, 30), (9, 9, 31)),  # about no deal
]
DEALS = [
    {"deal_id": f"d{number}", "stage": outcome or "offer", "outcome": outcome, "closed_on": closed,
     "created_on": date(2026, 3, 1), "amount": 1.0, "rep_id": rep, "channel": "web chat"}
    for number, outcome, closed, rep in [
        (1, "won", date(2026, 3, 10), "a"), (2, "lost", date(2026, 3, 10), "a"),
        (3, "won", date(2026, 3, 11), "b"), (4, "lost", date(2026, 3, 12), "a"),
        (5, "won", date(2026, 3, 12), "a"), (6, "lost", date(2026, 3, 15), "a"),
        (7, "won", date(2026, 3, 15), "a"),
    ]
]  # fmt: skip
MARCH = parse_period("2026-03", AS_OF)


def company(engine="pandas", **settings):
    return dataset({"conversations": TALKS, "deals": DEALS}, engine, **(HOURS | settings))


@pytest.mark.parametrize("engine", ENGINES)
def test_each_conversation_has_its_hours_and_its_band(engine):
    found = inbox(company(engine), MARCH, as_of=AS_OF).set_index("conversation_id")
    assert found["hours"].round(6).replace(np.nan, -1).to_dict() == {
        "k1": 1, "k2": 8, "k3": round(5 / 60, 6), "k4": round(481 / 60, 6), "k5": -1, "k6": -1,
        "k7": round(1 / 60, 6), "k8": round(1 / 60, 6),
    }  # fmt: skip
    assert [found.loc[one, "band"] for one in ("k1", "k2", "k4", "k5")] == list(BANDS)
    assert pd.isna(found.loc["k6", "band"]) and found.loc["k6", "is_answered"]
    assert pd.isna(found.loc["k5", "rep"]) and found.loc["k4", "channel"] == "phone"


@pytest.mark.parametrize("engine", ENGINES)
def test_scope_and_as_of_date_keep_what_they_do_in_measure(engine):
    own = company(engine)
    for where, as_of in [({"rep": "a"}, AS_OF), ({"channel": ["phone"]}, AS_OF), ({"rep": "no rep"}, AS_OF),
                         ({}, date(2026, 3, 2)), ({}, date(2026, 3, 3))]:  # fmt: skip
        found = inbox(own, MARCH, where=where, as_of=as_of)
        names = ["conversations_handled:started", "conversations_handled", "first_response_hours"]
        told = kp.measure(own, names, period="2026-03", where=where, as_of=as_of)["value"].tolist()
        assert [len(found), found["is_answered"].sum()] == told[:2]
        middle = found["hours"].median()
        assert middle == pytest.approx(told[2]) or (pd.isna(middle) and pd.isna(told[2]))


@pytest.mark.parametrize("engine", ENGINES)
def test_conversations_are_counted_by_weekday_and_hour(engine):
    own = company(engine)
    rows = arrivals(own, inbox(own, MARCH, as_of=AS_OF))
    told = {(one.weekday, one.hour): (one.value, one.in_hours, one.unanswered) for one in rows.itertuples()}
    assert told == {
        (0, 9): (4, 4, 0),  # k1, k2, k4 on 2 March, k8 on the 9th
        (1, 9): (1, 1, 0),
        (2, 17): (1, 0, 0),  # at 17:00 the day is over
        (4, 10): (1, 1, 0),
        (5, 12): (1, 0, 1),
    }


def test_a_holiday_has_no_business_hours_and_without_hours_all_count():
    moments = pd.Series(pd.to_datetime(["2026-03-02 09:00", "2026-03-02 08:59", "2026-03-07 10:00"]))
    assert is_in_hours(company(), moments).tolist() == [True, False, False]
    assert is_in_hours(company(holidays=[date(2026, 3, 2)]), moments).tolist() == [False, False, False]
    plain = dataset({"conversations": TALKS, "deals": DEALS})
    assert is_in_hours(plain, moments).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_deal_is_judged_by_its_first_conversation_before_its_closing(engine):
    # d5's answer has no time, d6's conversation came after its end, d7 has none.
    rows = won_by_wait(company(engine), MARCH, as_of=AS_OF).set_index("band")
    assert rows[["won", "n"]].values.tolist() == [[1, 1], [0, 1], [1, 1], [0, 1]]
    assert rows["value"].tolist() == [1, 0, 1, 0]
    nothing = won_by_wait(company(engine), parse_period("2020", AS_OF), as_of=AS_OF)
    assert nothing["n"].tolist() == [0] * len(BANDS) and nothing["value"].isna().all()
    unknown = won_by_wait(company(engine), MARCH, as_of=date(2019, 1, 1))
    assert unknown["n"].tolist() == [0] * len(BANDS)
    own = won_by_wait(company(engine), MARCH, where={"rep": "b"}, as_of=AS_OF)
    assert own["n"].tolist() == [0, 0, 1, 0] and own["value"].isna().tolist() == [True, True, False, True]
    early = won_by_wait(company(engine), MARCH, as_of=date(2026, 3, 10))
    assert early["n"].tolist() == [1, 1, 0, 0]


def test_intervals_are_those_that_newcombe_published():
    low, high = _wilson(np.array([81, 15, 0, 1.0]), np.array([263, 148, 20, 29.0]))
    assert low.round(4).tolist() == [0.2553, 0.0624, 0.0, 0.0061]
    assert high.round(4).tolist() == [0.3662, 0.1605, 0.1611, 0.1718]
    assert np.isnan(_wilson(np.array([0.0]), np.array([0.0]))).all()


def test_what_is_missing_is_named():
    without = [{name: value for name, value in one.items() if name != "first_reply_at"} for one in TALKS]
    cases = [
        ({"deals": DEALS}, "conversations"),
        ({"conversations": without, "deals": DEALS}, "first_reply_at"),
    ]
    for tables, missing in cases:
        with pytest.raises(NotAvailableError, match=missing):
            inbox(dataset(tables), MARCH, as_of=AS_OF)
    with pytest.raises(NotAvailableError, match="product_line"):
        inbox(dataset({"conversations": TALKS, "deals": [one | {"product_line": "tea"} for one in DEALS]}),
              MARCH, where={"product_line": "tea"}, as_of=AS_OF)  # fmt: skip
