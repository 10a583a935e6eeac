"""The twin's KPIs of deals and of their stages against figures worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest

from tests.oracles import NOT_AVAILABLE, measure


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def jan(day):
    return date(2026, 1, day)


def feb(day):
    return date(2026, 2, day)


JAN, LATE = (jan(1), jan(31)), date(2026, 12, 31)
# d1: 10 days. d2: lost after 29. d3: from December, 41 days, no amount. d4 is open. d5 is won without a day.
# d6 is closed before its creation. d7 has no creation. d8: lost in February.
DEALS = table(
    "deal_id stage outcome created_on closed_on amount rep_id customer_id",
    ("d1", "won", "won", jan(1), jan(11), 100, "r1", "c1"),
    ("d2", "lost", "lost", jan(2), jan(31), 10, "r1", "c2"),
    ("d3", "won", "won", date(2025, 12, 1), jan(11), None, "r2", None),
    ("d4", "offer", None, jan(31), None, 7, None, "c3"),
    ("d5", "won", "won", jan(3), None, 1000, "r1", "c4"),
    ("d6", "won", "won", jan(20), jan(19), 30, "r2", "c5"),
    ("d7", "won", "won", None, jan(12), 5, "r1", "c1"),
    ("d8", "lost", "lost", jan(4), feb(3), 2, "r2", None),
)
CRM = {"deals": DEALS}


def january(kpi, tables=CRM, **asked):
    return measure(tables, kpi, *JAN, asked.pop("as_of", LATE), **asked)


def figures(result):
    return {key: (one.value, one.n) for key, one in result.items()}


def test_deals_are_created_on_one_day_and_won_on_another():
    # All but d3 (December) and d7 (who knows).
    assert january("deals_created")[()][:2] == (6, 6)
    # d1 d3 d6 d7; d5 has no day.
    assert january("deals_won", by=["rep"])[()][:2] == (4, 4)
    assert figures(january("deals_won", by=["rep"])) == {(): (4, 4), ("r1",): (2, 2), ("r2",): (2, 2)}
    # All time has them all.
    assert measure(CRM, "deals_created", None, LATE, LATE)[()].value == 8
    assert measure(CRM, "deals_won", None, LATE, LATE)[()].value == 5
    assert measure(CRM, "deals_won", feb(1), feb(28), LATE)[()][:2] == (0, 0)


def test_the_average_deal_is_one_with_an_amount():
    # d1 100, d6 30, d7 5; d3 has none.
    assert january("average_deal_size")[()][:2] == (45, 3)
    assert measure(CRM, "average_deal_size", feb(1), feb(28), LATE)[()][:2] == (None, 0)


def test_a_shared_deal_weighs_by_its_shares_in_sums_and_counts():
    # Ayu has a quarter of d1 (100) and all of d7 (5): 30 of 1.25 deals.
    credits = table("deal_id rep_id share", ("d1", "r1", Fraction(1, 4)), ("d1", "r2", Fraction(3, 4)))
    result = january("average_deal_size", {**CRM, "credits": credits}, by=["rep"])
    assert figures(result) == {
        (): (45, 3),
        ("r1",): (24, 2),
        ("r2",): (60, 2),  # 75 and 30 of 1.75
    }


def test_cycles_of_all_closed_deals_and_their_mean():
    # Won: d1 10, d3 41. Lost in January: d2 29. d6 is crossed, d7 has no start.
    assert january("sales_cycle_days")[()][:2] == (Fraction(51, 2), 2)
    assert january("sales_cycle_days", convention="all_closed")[()][:2] == (29, 3)
    assert january("sales_cycle_days", convention="mean")[()][:2] == (Fraction(51, 2), 2)
    # With d9 of 0 days, the mean (17) and the median (10) differ.
    swift = {"deals": [*DEALS, DEALS[0] | {"deal_id": "d9", "closed_on": jan(1)}]}
    assert january("sales_cycle_days", swift, convention="mean")[()][:2] == (17, 3)
    assert january("sales_cycle_days", swift)[()][:2] == (10, 3)


def test_velocity_is_money_per_day():
    # Open on the 31st: d4, d8. 2 x 45 x (4 won of 5 closed) / 25.5 days.
    expected = 2 * 45 * Fraction(4, 5) / Fraction(51, 2)
    assert january("sales_velocity")[()].value == expected
    # Five closed in January: d1 d2 d3 d6 d7.
    assert january("sales_velocity", convention="closed")[()].value == expected * 5 / 2
    # Nothing was won in February; on 1 January nothing was closed.
    assert measure(CRM, "sales_velocity", feb(1), feb(28), LATE)[()].value is None
    # Won on the day: no days to divide by.
    swift = {"deals": [DEALS[0] | {"closed_on": jan(1)}]}
    assert january("sales_velocity", swift)[()].value is None


def test_conversion_counts_deals_that_had_their_days():
    # As of 1 April, 90 days before is 1 January: d1 alone, won after 10 days.
    assert january("conversion_rate", as_of=date(2026, 4, 1))[()][:2] == (1, 1)
    # A day before, no deal of the period has had its days.
    assert january("conversion_rate", as_of=date(2026, 3, 31))[()][:2] == (None, 0)
    # Late: d1 d2 d4 d5 d6 d8, of which d1; d5 has no closing, d6 is crossed.
    assert january("conversion_rate", as_of=LATE)[()][:2] == (Fraction(1, 6), 6)
    # Deals that nobody knows the creation of do not count in all time either; d3 was won after 41 days.
    assert measure(CRM, "conversion_rate", None, LATE, LATE)[()][:2] == (Fraction(2, 7), 7)
    within = {"convention": "within_30_days"}
    assert measure(CRM, "conversion_rate", None, LATE, LATE, **within)[()][:2] == (Fraction(1, 7), 7)
    # By 3 February, 30 days back is 4 January: d1 d2 d5 d8.
    assert january("conversion_rate", as_of=feb(3), **within)[()][:2] == (Fraction(1, 4), 4)


@pytest.mark.parametrize(("days", "share"), [(90, 1), (91, 0)])
def test_conversion_ends_on_the_ninetieth_day(days, share):
    closed = date.fromordinal(jan(1).toordinal() + days)
    assert january("conversion_rate", {"deals": [DEALS[0] | {"closed_on": closed}]})[()].value == share
    half = {"convention": "within_180_days"}
    assert january("conversion_rate", {"deals": [DEALS[0] | {"closed_on": closed}]}, **half)[()].value == 1


def test_the_first_order_may_be_the_conversion():
    orders = table(
        "order_id order_date customer_id amount",
        ("1", jan(1), "c1", 5),  # on d1's day: a conversion
        ("2", jan(1), "c2", 5),  # the day before d2: no prospect any more
        ("3", date(2026, 5, 1), "c3", 5),  # 90 days after d4: a conversion
        ("4", date(2026, 4, 4), "c4", 5),  # 91 days after d5: none
        ("5", None, "c5", 5),  # no day: c5 has not ordered, as far as is known
        ("6", feb(1), "c1", 5),
    )
    tables, first = {**CRM, "orders": orders}, {"convention": "first_order"}
    # d1 and d4 of d1 d4 d5 d6 d8, whose customer nobody knows.
    assert january("conversion_rate", tables, **first)[()][:2] == (Fraction(2, 5), 5)
    assert january("conversion_rate", **first) == NOT_AVAILABLE


def test_acquisition_of_prospects_divides_won_deals_by_new_ones():
    # 4 of 6.
    asked = {"convention": "prospects", "by": ["rep"]}
    assert figures(january("acquisition_rate", **asked)) == {
        (): (Fraction(4, 6), 6),
        ("r1",): (Fraction(2, 3), 3),  # d1 d7 to d1 d2 d5
        ("r2",): (1, 2),  # d3 d6 to d6 d8
        ("no rep",): (0, 1),
    }


# --- Stages

# won and lost end deals of their outcome, on the day or after it; lead, offer and talk do not.
# d1 goes lead, offer, talk (on the offer's day), won. d2 goes back from offer to lead, and is lost.
# d3 was won from its lead, on 11 January, and entered talk only after that. d4 is still in offer.
WAYS = table(
    "deal_id stage entered_on",
    ("d1", "won", jan(12)),
    ("d1", "lead", jan(1)),
    ("d1", "offer", jan(5)),
    ("d1", "talk", jan(5)),
    ("d2", "lead", jan(2)),
    ("d2", "offer", jan(12)),
    ("d2", "lead", jan(22)),
    ("d2", "lost", jan(31)),
    ("d3", "lead", date(2025, 12, 1)),
    ("d3", "talk", jan(15)),
    ("d4", "lead", date(2025, 12, 20)),
    ("d4", "offer", jan(31)),
    ("d4", None, feb(1)),
    ("d4", "talk", None),
    ("d9", "won", jan(1)),
)
# The stays, and the day on which each ends:
# d1 lead 1-5 (on), offer 5-5 (on), talk 5-11 (won, the day before its entry);
# d2 lead 2-12 (on), offer 12-22 (back), lead 22-31 (lost); d3 lead 1 December-11 January (won);
# d4 lead 20 December-31 January (on), offer from 31 January on.
STAGED = {"deals": DEALS, "deal_stages": WAYS}


def test_a_stay_moves_on_to_a_stage_where_the_deal_was_not_yet():
    # All eight that ended did so in January; d2's offer and its second lead did not move on.
    result = january("stage_conversion_rate", STAGED, by=["stage"])
    assert figures(result) == {
        (): (Fraction(6, 8), 8),
        ("lead",): (Fraction(4, 5), 5),
        ("offer",): (Fraction(1, 2), 2),
        ("talk",): (1, 1),
    }
    # By 10 January: d1's lead and offer. Its talk ends on the 11th.
    assert measure(STAGED, "stage_conversion_rate", jan(1), jan(10), LATE)[()][:2] == (1, 2)
    assert measure(STAGED, "stage_conversion_rate", jan(1), jan(11), LATE)[()][:2] == (1, 4)


def test_what_was_entered_in_the_period_may_move_on_until_the_as_of_date():
    entered = {"convention": "entered"}
    # Begun in January: three of d1, three of d2, d4's offer; moved on: d1's three and d2's first lead.
    assert january("stage_conversion_rate", STAGED, **entered)[()][:2] == (Fraction(4, 7), 7)
    # On 5 January: d1's lead and offer moved on that day; its talk, and d2's lead, are still open.
    assert january("stage_conversion_rate", STAGED, as_of=jan(5), **entered)[()][:2] == (Fraction(1, 2), 4)
    # Seen on the 11th d1 is won, although nobody has entered that it is.
    assert january("stage_conversion_rate", STAGED, as_of=jan(11), **entered)[()][:2] == (Fraction(3, 4), 4)


def test_days_of_a_stage_are_a_median_of_those_that_ended():
    # lead 4 10 9 41 42, offer 0 10, talk 6: 0 4 6 9 10 10 41 42.
    assert figures(january("stage_days", STAGED, by=["stage"])) == {
        (): (Fraction(19, 2), 8),
        ("lead",): (10, 5),
        ("offer",): (5, 2),
        ("talk",): (6, 1),
    }
    # By rep the deal's rep counts: r1 has d1 and d2: 0 4 6 9 10 10.
    assert january("stage_days", STAGED, by=["rep"])[("r1",)][:2] == (Fraction(15, 2), 6)
    assert measure(STAGED, "stage_days", feb(1), feb(28), LATE)[()][:2] == (None, 0)


def test_a_stage_that_some_deal_leaves_ends_none():
    # d4 enters won and goes on: now d1's won, too, is a stage like others, in which it never stays.
    ways = [*WAYS, *table("deal_id stage entered_on", ("d4", "won", feb(2)), ("d4", "talk", feb(9)))]
    tables = {**STAGED, "deal_stages": ways}
    # d4: offer 31 January to 2 February, won 2 to 9 February. d1's won is entered after its closing: no stay.
    result = measure(tables, "stage_conversion_rate", feb(1), feb(28), LATE, by=["stage"])
    assert figures(result) == {(): (1, 2), ("offer",): (1, 1), ("won",): (1, 1)}


def test_which_stages_end_deals_is_read_from_what_is_known():
    # d1 enters won on the day of its closing, and d4 goes on from won, in February.
    ways = [row | {"entered_on": jan(11)} if row["stage"] == "won" else row for row in WAYS]
    later = table("deal_id stage entered_on", ("d4", "won", feb(2)), ("d4", "talk", feb(9)))
    tables = {**STAGED, "deal_stages": ways + later}
    assert ("won",) not in january("stage_days", tables, as_of=jan(31), by=["stage"])
    # In February it is known that won was never an end: d1 stayed in it for no days.
    result = january("stage_days", tables, as_of=feb(2), by=["stage"])
    assert result[("won",)][:2] == (0, 1)


def test_a_stage_entered_on_the_day_of_closing_is_a_stay_of_no_days():
    # d2 left talk, so that talk ends no deal; d1 was won in talk on its first day there.
    ways = table(
        "deal_id stage entered_on",
        *(("d2", "talk", jan(2)), ("d2", "lead", jan(3))),
        *(("d1", "lead", jan(1)), ("d1", "talk", jan(11))),
    )
    result = january("stage_days", {**STAGED, "deal_stages": ways}, by=["stage"])
    # lead: d1 10 days, d2 28; talk: d1 0, d2 1.
    assert figures(result) == {(): (Fraction(11, 2), 4), ("lead",): (19, 2), ("talk",): (Fraction(1, 2), 2)}


def test_a_won_deal_without_a_day_never_leaves_its_last_stage():
    ways = table("deal_id stage entered_on", ("d5", "lead", jan(3)), ("d5", "offer", jan(4)))
    tables, entered = {**STAGED, "deal_stages": ways}, {"convention": "entered"}
    assert january("stage_conversion_rate", tables)[()][:2] == (1, 1)
    assert january("stage_conversion_rate", tables, **entered)[()][:2] == (Fraction(1, 2), 2)


def test_the_pipeline_by_stage():
    # 10 January: d1 100 in talk, d2 10 in lead, d3 (no amount) in lead, d8 2 with no stage.
    result = measure(STAGED, "pipeline_value", jan(1), jan(10), LATE, by=["stage"])
    assert figures(result) == {
        (): (112, 3),
        ("talk",): (100, 1),
        ("lead",): (10, 1),
        ("no stage",): (2, 1),
    }
    # d4's lead began before d4 did; on the 30th it is not in the pipeline yet.
    assert measure(STAGED, "pipeline_value", jan(30), jan(30), LATE)[()].value == 12
    assert measure(CRM, "pipeline_value", jan(30), jan(30), LATE, by=["stage"]) == NOT_AVAILABLE


def test_the_pipeline_weighted_by_the_chances_of_stages():
    # 10 January: talk 100 x 0.6; lead 10 x 0.1, and d3 has no amount; d8 is in no stage.
    chances = {"stages": {"lead": 0.1, "talk": 0.6}}
    asked = {"convention": "weighted", "settings": chances}
    assert measure(STAGED, "pipeline_value", jan(1), jan(10), LATE, **asked)[()][:2] == (61, 2)
    by = measure(STAGED, "pipeline_value", jan(1), jan(10), LATE, by=["stage"], **asked)
    assert figures(by) == {
        (): (61, 2),
        ("talk",): (60, 1),
        ("lead",): (1, 1),
        ("no stage",): (None, 0),
    }
    # 31 January: d4 in offer, of which no chance is known.
    assert january("pipeline_value", STAGED, **asked)[()][:2] == (None, 0)
    # 2 January 2025: nothing is open.
    assert measure(STAGED, "pipeline_value", date(2025, 1, 1), date(2025, 1, 2), LATE, **asked)[()].value == 0
    assert january("pipeline_value", convention="weighted") == NOT_AVAILABLE


def test_only_stays_and_the_pipeline_know_stages():
    assert january("win_rate", STAGED, by=["stage"]) == NOT_AVAILABLE
    assert january("stage_days") == NOT_AVAILABLE
    assert january("stage_conversion_rate", STAGED, by=["product"]) == NOT_AVAILABLE
