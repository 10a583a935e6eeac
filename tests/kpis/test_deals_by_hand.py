"""Newer KPIs of deals, stages and conversations on one small company, against figures worked out by hand."""

from datetime import date, datetime

import pytest

from kpikit import measure
from tests.builders import ENGINES, dataset
from tests.naughty import BLANKS, strings


def day(month, number, year=2026):
    return date(year, month, number)


def deal(number, created, closed, outcome, amount, customer=None, rep="a"):
    return {
        "deal_id": f"d{number}",
        "stage": outcome or "offer",
        "outcome": outcome,
        "created_on": created,
        "closed_on": closed,
        "amount": amount,
        "customer_id": customer,
        "rep_id": rep,
    }


# Won in March: d1 (20 days, 100), d2 (90 days, 300), d3 (no amount, 10 days). Lost in March: d4 (40 days).
# Open on 31 March: d5, d6 and d9 (won in April after 40 days).
DEALS = [
    deal(1, day(2, 20), day(3, 12), "won", 100.0, "k1"),
    deal(2, day(12, 1, 2025), day(3, 1), "won", 300.0, "k2"),
    deal(3, day(3, 5), day(3, 15), "won", None, "k3"),
    deal(4, day(2, 1), day(3, 13), "lost", 50.0),
    deal(5, day(1, 10), None, None, 500.0),
    deal(6, day(3, 20), None, None, None),
    deal(9, day(3, 11), day(4, 20), "won", 80.0),
]
ORDERS = [
    {"order_id": "1", "order_date": day(3, 12), "customer_id": "k1", "amount": 1.0},
    {"order_id": "2", "order_date": day(1, 1, 2025), "customer_id": "k2", "amount": 1.0},
    {"order_id": "3", "order_date": day(6, 30), "customer_id": "k3", "amount": 1.0},
]
MARCH = {
    "deals_created": (3, 3),
    "deals_won": (3, 3),
    # d3 has no amount.
    "average_deal_size": (400 / 2, 2),
    "sales_cycle_days": (20, 3),
    # 10, 20, 40 and 90 days.
    "sales_cycle_days:all_closed": (30, 4),
    "sales_cycle_days:mean": (40, 3),
    # Three open deals × 200 × 3/4 ÷ 40 days; four closed ones.
    "sales_velocity": (3 * 200 * 0.75 / 40, 3),
    "sales_velocity:closed": (4 * 200 * 0.75 / 40, 3),
    # Of d3, d6 and d9, all older than 90 days on 30 June, d3 and d9 were won in time; within 30 days d3.
    "conversion_rate": (2 / 3, 3),
    "conversion_rate:within_30_days": (1 / 3, 3),
    # None is 180 days old.
    "conversion_rate:within_180_days": (None, 0),
    # k3 ordered for the first time 117 days after its deal, too late; d6 and d9 have no customer.
    "conversion_rate:first_order": (0.0, 3),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_march_is_as_worked_out_by_hand(engine):
    company = dataset({"deals": DEALS, "orders": ORDERS}, engine)
    figures = measure(company, list(MARCH), period="2026-03", as_of=day(6, 30))
    for (name, (value, n)), row in zip(MARCH.items(), figures.itertuples(), strict=True):
        if value is None:
            assert row.value != row.value and row.n == n, name
        else:
            assert (row.value, row.n) == (pytest.approx(value, rel=1e-12), n), name


@pytest.mark.parametrize("engine", ENGINES)
def test_deals_that_have_not_had_their_time_are_left_out_and_it_is_said(engine):
    company = dataset({"deals": DEALS, "orders": ORDERS}, engine)
    # On 5 June only d3, of 5 March, is 92 days old: the others are younger than 90 days.
    figures = measure(company, "conversion_rate", period="2026-03", as_of=day(6, 5))
    assert figures[["value", "n"]].values.tolist() == [[1.0, 1]]
    assert figures["note"].tolist() == ["deals younger than 90 days are left out"]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_first_order_converts_a_prospect_and_nobody_else(engine):
    company = dataset({"deals": DEALS, "orders": ORDERS}, engine)
    figures = measure(company, "conversion_rate:first_order", period="2026-02", as_of=day(6, 30))
    # d1's k1 ordered for the first time 20 days later; d4 has no customer.
    assert figures[["value", "n"]].values.tolist() == [[1 / 2, 2]]
    figures = measure(company, "conversion_rate:first_order", period="2025-12", as_of=day(6, 30))
    # d2's k2 had ordered before, and is no prospect.
    assert figures["n"].tolist() == [0] and figures["value"].isna().all()


# The sales work from 09:00 to 17:00, Monday to Friday; 6 and 7 March 2026 are Friday and Saturday.
def talk(number, started, replied, rep="a", channel="WhatsApp"):
    row = {"conversation_id": str(number), "started_at": datetime(2026, 3, *started), "channel": channel}
    return row | {"rep_id": rep, "first_reply_at": None if replied is None else datetime(2026, 3, *replied)}


TALKS = [
    talk(1, (2, 10, 0), (2, 10, 30)),  # half an hour
    talk(2, (2, 16, 30), (3, 9, 45)),  # 30 + 45 minutes
    talk(3, (6, 16, 0), (9, 10, 0), channel="email"),  # one hour on Friday, one on Monday
    talk(4, (7, 12, 0), (9, 9, 15)),  # on Saturday: 15 minutes on Monday
    talk(5, (10, 8, 0), None),  # waits since Tuesday morning
    talk(6, (11, 20, 0), (12, 8, 0), rep="b"),  # after hours until before hours: nothing
]


def talks(conversations, engine="pandas", **settings):
    return dataset({"conversations": conversations, "deals": []}, engine, **settings)


HOURS = {"business_hours": {"start": "09:00", "end": "17:00"}}
TALKED = {
    "conversations_handled": (5, 5),
    "conversations_handled:started": (6, 6),
    "response_rate": (5 / 6, 6),
    # Minutes, of the five answered: 0, 15, 30, 75 and 120.
    "response_rate:within_1_hour": (3 / 6, 6),
    "response_rate:within_8_hours": (5 / 6, 6),
    # Minutes: 0, 15, 30, 75, 120; with the one who waits since 10 March (three days, 1440 minutes) 52.5.
    "first_response_hours": (0.5, 5),
    "first_response_hours:waiting": (52.5 / 60, 6),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_responses_by_hand_in_business_hours(engine):
    company = talks(TALKS, engine, **HOURS)
    figures = measure(company, list(TALKED), period="2026-03", as_of=day(3, 12))
    for (name, (value, n)), row in zip(TALKED.items(), figures.itertuples(), strict=True):
        assert (row.value, row.n) == (pytest.approx(value), n), name


@pytest.mark.parametrize("engine", ENGINES)
def test_quick_replies_by_hand(engine):
    # Minutes: 30, 75, 120, 15 and 0; the fifth is not answered. A late one takes 481: a minute too many.
    late = talk(7, (2, 9, 0), (3, 9, 1))
    company = talks([*TALKS, late], engine, **HOURS)
    names = ["response_rate:within_1_hour", "response_rate:within_8_hours"]
    figures = measure(company, names, period="2026-03", as_of=day(3, 12))
    assert figures["value"].tolist() == [pytest.approx(3 / 7), pytest.approx(5 / 7)]
    assert figures["n"].tolist() == [7, 7]
    # On 2 March only the reply of that day is known. The late one has waited all eight hours, the second one,
    # half an hour, is left out; the one of Saturday has not begun.
    figures = measure(company, names, period="2026-03", as_of=day(3, 2))
    assert figures[["value", "n"]].values.tolist() == [[1 / 2, 2]] * 2
    # By 9 March the third and the fourth are answered, within two hours and a quarter of one.
    figures = measure(company, names, period="2026-03-06/2026-03-07", as_of=day(3, 9))
    assert figures["value"].tolist() == [0.5, 1.0]
    # Exactly eight hours is within eight hours; a reply that came before its start is within none.
    odd = [talk(1, (2, 9, 0), (2, 17, 0)), talk(2, (2, 10, 0), (2, 9, 0))]
    figures = measure(talks(odd, engine, **HOURS), names, period="2026-03", as_of=day(3, 12))
    assert figures["value"].tolist() == [0, 0.5]
    figures = measure(company, names, period="2026-04", as_of=day(4, 30))
    assert figures["value"].isna().all() and figures["n"].tolist() == [0, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_still_has_time_to_be_answered_is_left_out_and_it_is_said(engine):
    # At the end of Friday, 6 March: answered after 10 minutes; no reply for 480, 479, 60 and 59 minutes.
    own = [talk(1, (6, 9, 0), (6, 9, 10))]
    own += [talk(2, (6, 9, 0), (9, 9, 30)), talk(3, (6, 9, 1), (9, 9, 30))]
    own += [talk(4, (6, 16, 0), (9, 9, 30)), talk(5, (6, 16, 1), None)]
    company = talks(own, engine, **HOURS)
    names = ["response_rate:within_1_hour", "response_rate:within_8_hours", "response_rate"]
    figures = measure(company, names, period="2026-W10", as_of=day(3, 8))
    assert figures[["value", "n"]].values.tolist() == [[1 / 4, 4], [1 / 2, 2], [1 / 5, 5]]
    assert figures["note"].tolist() == [
        "unanswered conversations that have waited less than 1 business hour are left out",
        "unanswered conversations that have waited less than 8 business hours are left out",
        "",
    ]
    # A dataset that ends on the as-of date says the same.
    cut = [one | {"first_reply_at": None} if one["conversation_id"] > "1" else one for one in own]
    again = measure(talks(cut, engine, **HOURS), names, period="2026-W10", as_of=day(3, 8))
    assert again[["value", "n", "note"]].equals(figures[["value", "n", "note"]])
    # A working day later all have had their time: 10, 510, 509, 90 minutes, and one without an answer.
    figures = measure(company, names, period="2026-W10", as_of=day(3, 9))
    assert figures[["value", "n"]].values.tolist() == [[1 / 5, 5], [2 / 5, 5], [4 / 5, 5]]
    assert figures["note"].tolist() == ["", "", ""]
    # Of one that has no start nobody knows how long it has waited.
    nameless = [talk(6, (6, 9, 0), None) | {"started_at": None}, own[0]]
    figures = measure(talks(nameless, engine, **HOURS), names, period="all time", as_of=day(3, 31))
    assert figures["n"].tolist() == [1, 1, 2]


def test_without_business_hours_a_reply_has_hours_of_the_clock():
    # To midnight it is eight hours from 16:00, and a minute less from 16:01.
    company = talks([talk(1, (6, 16, 0), None), talk(2, (6, 16, 1), None)])
    asked = {"period": "2026-03-06", "as_of": day(3, 6)}
    figures = measure(company, "response_rate:within_8_hours", **asked)
    assert figures[["value", "n"]].values.tolist() == [[0, 1]]
    assert figures["note"].tolist() == [
        "unanswered conversations that have waited less than 8 hours are left out"
    ]
    # Seconds are cut: 60 minutes and 58 seconds are within an hour.
    slow = talk(1, (6, 9, 0), (6, 10, 0, 58))
    assert measure(talks([slow]), "response_rate:within_1_hour", **asked)["value"].tolist() == [1]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reply_after_the_as_of_date_is_not_known(engine):
    company = talks(TALKS, engine, **HOURS)
    names = ["response_rate", "first_response_hours", "first_response_hours:waiting"]
    figures = measure(company, names, period="2026-03-01/2026-03-07", as_of=day(3, 7))
    # Of four, two are answered on 7 March: 30 and 75 minutes. The third has waited one hour, the fourth 0.
    assert figures["value"].tolist() == [0.5, pytest.approx(52.5 / 60), pytest.approx(45 / 60)]


def test_without_business_hours_every_hour_counts():
    company = talks(TALKS[2:3])
    figures = measure(company, "first_response_hours", period="2026-03", as_of=day(3, 31))
    # From Friday 16:00 to Monday 10:00.
    assert figures["value"].tolist() == [66.0]


def test_a_holiday_is_no_day_of_work_and_a_reply_before_the_start_is_no_reply_time():
    company = talks(TALKS[2:3], holidays=[day(3, 9)], **HOURS)
    figures = measure(company, "first_response_hours", period="2026-03", as_of=day(3, 31))
    assert figures["value"].tolist() == [1.0]
    odd = [talk(1, (2, 10, 0), (2, 9, 0)), talk(2, (2, 10, 0), (2, 11, 0))]
    figures = measure(talks(odd), ["first_response_hours", "response_rate"], period="2026-03")
    assert figures[["value", "n"]].values.tolist() == [[1.0, 1], [1.0, 2]]


def test_nothing_to_answer_is_null_and_a_missing_column_is_named():
    company = dataset({"conversations": TALKS, "orders": ORDERS})
    names = ["response_rate", "first_response_hours", "conversations_handled"]
    figures = measure(company, names, period="2026-05", as_of=day(6, 30))
    assert figures["value"].isna().tolist() == [True, True, False]
    without = [{k: v for k, v in one.items() if k != "first_reply_at"} for one in TALKS]
    figures = measure(talks(without), names, period="2026-03")
    assert set(figures["note"]) == {"not available: conversations.first_reply_at is missing"}


def enter(number, stage, when):
    return {"deal_id": f"d{number}", "stage": stage, "entered_on": when}


# d1: lead 20 Feb, offer 2 March, won 12 March. d2: lead in December, offer in January, back to lead in
# February, offer 20 February, won 1 March. d4: lead 1 Feb, lost 13 March. d5: lead in January, offer 25 Mar.
STAGES = [
    enter(1, "lead", day(2, 20)),
    enter(1, "offer", day(3, 2)),
    enter(1, "won", day(3, 12)),
    enter(2, "lead", day(12, 1, 2025)),
    enter(2, "offer", day(1, 5)),
    enter(2, "lead", day(2, 1)),
    enter(2, "offer", day(2, 20)),
    enter(2, "won", day(3, 1)),
    enter(4, "lead", day(2, 1)),
    enter(4, "lost", day(3, 13)),
    enter(5, "lead", day(1, 10)),
    enter(5, "offer", day(3, 25)),
]
STAGED = {
    "deals": [one for one in DEALS if one["deal_id"] in ("d1", "d2", "d4", "d5")],
    "deal_stages": STAGES,
}


IN_STAGES = {
    # Ended in March from lead: d1 and d5 to offer (10 and 74 days), d4 lost (40). From offer: d1 and d2 won,
    # after 10 days (2 to 12 March) and 9 (20 February to 1 March). In all 9, 10, 10, 40 and 74 days.
    "stage_conversion_rate": (4 / 5, 5),
    "stage_days": (10, 5),
    # Entered in March: d1 and d5 as offers, and d1 moved on.
    "stage_conversion_rate:entered": (1 / 2, 2),
    # Open on 31 March: d5, an offer of 500.
    "pipeline_value:weighted": (250, 1),
    "pipeline_value": (500, 1),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_all_stages_together_by_hand(engine):
    company = dataset(STAGED, engine, stages={"lead": 0.1, "offer": 0.5})
    figures = measure(company, list(IN_STAGES), period="2026-03", as_of=day(4, 30))
    for (name, expected), row in zip(IN_STAGES.items(), figures.itertuples(), strict=True):
        assert (row.value, row.n) == expected, name


@pytest.mark.parametrize("engine", ENGINES)
def test_stages_by_hand(engine):
    company = dataset(STAGED, engine, stages={"lead": 0.1, "offer": 0.5})
    names = ["stage_conversion_rate", "stage_days"]
    figures = measure(company, names, period="2026-03", by="stage", as_of=day(4, 30))
    told = {(row.kpi, row.stage): (row.value, row.n) for row in figures.itertuples()}
    # Ended in March from lead: d1 and d5 to offer (10 and 74 days), d4 lost (40). From offer: d1 and d2 won.
    assert told["stage_conversion_rate", "lead"] == (pytest.approx(2 / 3), 3)
    assert told["stage_days", "lead"] == (40, 3)
    assert told["stage_conversion_rate", "offer"] == (1.0, 2)
    # 2 to 12 March, 20 February to 1 March.
    assert told["stage_days", "offer"] == (pytest.approx(9.5), 2)
    assert {stage for _, stage in told} == {"lead", "offer"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_move_back_ends_a_stay_and_does_not_convert(engine):
    company = dataset(STAGED, engine)
    figures = measure(company, "stage_conversion_rate", period="2026-02", by="stage", as_of=day(4, 30))
    told = {row.stage: (row.value, row.n) for row in figures.itertuples()}
    # d2 went back from offer on 1 February, and on 20 February to an offer that it had had before.
    assert told == {"offer": (0.0, 1), "lead": (0.0, 1)}


@pytest.mark.parametrize("engine", ENGINES)
def test_entered_stays_are_followed_until_the_as_of_date(engine):
    company = dataset(STAGED, engine)
    for as_of, value in ((day(3, 1), 0.0), (day(3, 5), 1 / 3), (day(3, 31), 1 / 3)):
        figures = measure(
            company, "stage_conversion_rate:entered", period="2026-02", where={"stage": "lead"}, as_of=as_of
        )
        # Entered lead in February: d1 (offer on 2 March), d2 (back to an offer it had had), d4 (lost).
        assert figures["value"].tolist() == [pytest.approx(value)], as_of


@pytest.mark.parametrize("engine", ENGINES)
def test_the_pipeline_by_stage_is_that_of_the_day(engine):
    company = dataset(STAGED, engine, stages={"lead": 0.1, "offer": 0.5})
    figures = measure(company, "pipeline_value", period="2026-02-28/2026-02-28", by="stage", as_of=day(4, 30))
    # On 28 February d1, d4 and d5 are leads (100 + 50 + 500), d2 an offer (300).
    assert dict(zip(figures["stage"], figures["value"], strict=True)) == {"lead": 650, "offer": 300}
    names = ["pipeline_value", "pipeline_value:weighted"]
    figures = measure(company, names, period="2026-02-28/2026-02-28", as_of=day(4, 30))
    assert figures["value"].tolist() == [950, pytest.approx(65 + 150)]


def test_without_history_the_stages_of_today_are_all_that_is_known():
    company = dataset({"deals": DEALS}, stages={"offer": 0.5})
    today = measure(company, ["pipeline_value:weighted"], period="2026-04-20/2026-04-20")
    # d5 (500) and d6 (no amount) are open.
    assert today["value"].tolist() == [250]
    before = measure(company, ["pipeline_value:weighted"], period="2026-03")
    assert before["value"].isna().all() and "only the newest day's stages are known" in before["note"].item()
    rates = measure(company, ["stage_conversion_rate", "stage_days"], period="2026-03")
    assert set(rates["note"]) == {"not available: deal_stages.stage is missing"}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stage_of_any_name_is_a_stage_of_its_own(engine):
    names = [one.strip(BLANKS) for one in strings()]
    deals = [
        deal(place, day(3, 1), None, None, place + 1.0) | {"stage": name} for place, name in enumerate(names)
    ]
    figures = measure(dataset({"deals": deals}, engine), "pipeline_value", period="2026-03", by="stage")
    told = dict(zip(figures["stage"], figures["value"], strict=True))
    assert told == {name: place + 1.0 for place, name in enumerate(names)}


def test_other_kpis_of_deals_are_not_told_apart_by_stage():
    figures = measure(dataset(STAGED), ["pipeline_value", "win_rate"], period="2026-03", by="stage")
    notes = set(figures.loc[figures["kpi"] == "win_rate", "note"])
    assert notes == {"not available: only open deals, and stays in stages, are told apart by stage"}


@pytest.mark.parametrize("engine", ENGINES)
def test_no_pipeline_is_known_where_nobody_wrote_when_deals_were_closed(engine):
    day = date(2026, 1, 5)
    deals = [{"deal_id": one, "stage": stage, "outcome": outcome, "created_on": day, "amount": 100.0}
             for one, stage, outcome in (("d1", "offer", None), ("d2", "won", "won"))]  # fmt: skip
    stages = [{"deal_id": one, "stage": "offer", "entered_on": day} for one in ("d1", "d2")]
    company = dataset({"deals": deals, "deal_stages": stages}, engine, stages={"offer": 0.5})
    kpis = ["pipeline_value", "pipeline_value:weighted"]
    figures = measure(company, kpis, period="2026-01", as_of="2026-01-31")
    assert figures["value"].isna().all()
    assert figures["note"].tolist() == ["not available: deals.closed_on is missing"] * 2
