"""The oracle itself against figures worked out by hand."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracles import NOT_AVAILABLE, Result, employed, fill_refunds, hide, measure

JAN = (date(2026, 1, 1), date(2026, 1, 31))
LATE = date(2026, 12, 31)
ALL_TIME = (None, LATE)


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def value(result, *key):
    return result[key].value


def jan(day):
    return date(2026, 1, day)


# o1 has two lines; o2 lacks an amount; o3 refunds a part of o1; o4 is undated; o5 is of February.
ORDERS = table(
    "order_id order_date customer_id rep_id amount cost product refund_of",
    ("1", jan(5), "c1", "r1", Decimal("100.10"), Decimal("60"), "tea", None),
    ("1", jan(5), "c1", "r1", Decimal("50"), None, "rice", None),
    ("2", jan(31), "c2", None, None, Decimal("5"), "tea", None),
    ("3", jan(20), None, None, Decimal("-20"), Decimal("-12"), "tea", "1"),
    ("4", None, "c3", "r2", Decimal("7"), Decimal("1"), "tea", None),
    ("5", date(2026, 2, 1), "c1", "r2", Decimal("1000"), Decimal("1"), "tea", None),
)
REPS = table("rep_id name team", ("r1", "Ayu", "North"), ("r2", None, "South"))
SHOP = {"orders": ORDERS, "reps": REPS}


def test_revenue_sums_sale_lines():
    # 100.10 + 50; o2 has no amount, so it is a row but not in n.
    assert measure(SHOP, "revenue", *JAN, LATE) == {(): Result(Fraction("150.10"), 2, 3)}


def test_revenue_of_lines_without_amounts_is_null_and_of_no_lines_is_zero():
    result = measure(SHOP, "revenue", *JAN, LATE, by=["rep"])
    assert result[("no rep",)] == Result(None, 0, 1)
    assert measure(SHOP, "revenue", jan(6), jan(7), LATE)[()] == Result(0, 0, 0)


def test_undated_rows_count_in_all_time_alone():
    assert value(measure(SHOP, "revenue", *ALL_TIME, LATE)) == Fraction("1157.10")
    assert value(measure(SHOP, "revenue", date(1900, 1, 1), LATE, LATE)) == Fraction("1150.10")


def test_net_revenue_gives_a_refund_to_the_rep_of_its_order():
    # 150.10 - 20, all of it Ayu's: the refund's rep is blank and taken from o1.
    result = measure(SHOP, "net_revenue", *JAN, LATE, by=["rep", "team"])
    assert result[()] == Result(Fraction("130.10"), 3, 4)
    assert value(result, "Ayu", "North") == Fraction("130.10")
    assert set(result) == {(), ("Ayu", "North"), ("no rep", "no team")}


def test_gross_profit_leaves_out_lines_that_lack_amount_or_cost():
    # (100.10 - 60) + (-20 + 12) = 32.10; rice lacks its cost, o2 its amount.
    result = measure(SHOP, "gross_profit", *JAN, LATE, by=["product"])
    assert result[()] == Result(Fraction("32.10"), 2, 4)
    assert result[("rice",)] == Result(None, 0, 1)


def test_order_count_counts_an_order_once():
    result = measure(SHOP, "order_count", *JAN, LATE, by=["product"])
    assert result == {(): Result(2, 2, 3), ("tea",): Result(2, 2, 2), ("rice",): Result(1, 1, 1)}


def test_average_order_value_is_revenue_over_orders():
    # 150.10 / 2 orders.
    assert measure(SHOP, "average_order_value", *JAN, LATE)[()] == Result(Fraction("75.05"), 2, 3)
    assert measure(SHOP, "average_order_value", jan(6), jan(7), LATE)[()] == Result(None, 0, 0)


def test_where_keeps_labels():
    result = measure(SHOP, "revenue", *ALL_TIME, LATE, where={"team": ["South", "no team"]})
    assert value(result) == 1007  # o4 and o5 of r2; o2 of nobody has no amount.


# d1: 10 days. d2: lost. d3: created before the period, 41 days. d4: open. d5: won, undated.
# d6: closed before created. d7: a closing without an outcome. d8: no creation.
DEALS = table(
    "deal_id stage outcome created_on closed_on amount rep_id",
    ("d1", "won", "won", jan(1), jan(11), 100, "r1"),
    ("d2", "lost", "lost", jan(2), jan(31), 10, "r1"),
    ("d3", "won", "won", date(2025, 12, 1), jan(11), None, "r2"),
    ("d4", "offer", None, jan(31), None, 7, None),
    ("d5", "won", "won", jan(3), None, 1000, "r1"),
    ("d6", "won", "won", jan(20), jan(19), 30, "r2"),
    ("d7", "offer", None, jan(4), jan(5), 2, "r2"),
    ("d8", "won", "won", None, jan(12), 5, "r1"),
)
SALES = {"deals": DEALS, "reps": REPS}


def test_won_value_is_dated_by_closing():
    # d1 100 + d6 30 + d8 5; d3 has no amount; d5 has no day and so counts in all time alone.
    assert measure(SALES, "won_value", *JAN, LATE)[()] == Result(135, 3, 4)
    assert value(measure(SALES, "won_value", *ALL_TIME, LATE)) == 1135


@pytest.mark.parametrize(
    ("convention", "won", "of"),
    [
        (None, 4, 5),  # d1 d3 d6 d8 of these and d2
        ("closed", 4, 5),
        ("created", 4, 7),  # the same four; dated in January: all but d3 (December)
        ("cohort", 3, 6),  # d1 d5 d6 of d1 d2 d4 d5 d6 d7
    ],
)
def test_win_rate(convention, won, of):
    result = measure(SALES, "win_rate", *JAN, LATE, convention=convention)[()]
    assert (result.value, result.n) == (Fraction(won, of), of)


def test_win_rate_by_rep_is_null_where_nothing_closed():
    result = measure(SALES, "win_rate", *JAN, LATE, by=["rep"])
    assert value(result, "Ayu") == Fraction(2, 3)  # d1 d8 of these and d2
    assert ("no rep",) not in result


def test_win_rate_knows_outcomes_up_to_the_as_of_date():
    # On 11 January: d1 and d3 are won, the closings of d2, d6 and d8 are unknown.
    assert measure(SALES, "win_rate", *JAN, jan(11))[()][:2] == (1, 2)
    # Created by then: d1 d2 d5 d7; won: d1 and d5.
    assert measure(SALES, "win_rate", *JAN, jan(11), convention="cohort")[()][:2] == (Fraction(1, 2), 4)


def test_sales_cycle_is_the_median_of_won_deals_with_both_days_in_order():
    # d1 10 days, d3 41 days; d6 is crossed, d5 and d8 lack a day.
    assert measure(SALES, "sales_cycle_days", *JAN, LATE)[()] == Result(Fraction(51, 2), 2, 2)
    assert measure(SALES, "sales_cycle_days", jan(12), jan(31), LATE)[()] == Result(None, 0, 0)


def test_pipeline_is_read_on_the_last_day():
    # End of January: d4 7 and d7 2 (its closing has no outcome); d2 closed that day.
    assert measure(SALES, "pipeline_value", *JAN, LATE)[()] == Result(9, 2, 2)
    # 10 January: d1 100, d2 10, d3 (no amount), d7 2; d5 never counts; d4, d6 come later.
    assert measure(SALES, "pipeline_value", jan(1), jan(10), LATE)[()] == Result(112, 3, 4)
    # Known on 10 January, it is the same.
    assert measure(SALES, "pipeline_value", *JAN, jan(10))[()] == Result(112, 3, 4)
    assert measure(SALES, "pipeline_value", date(2025, 1, 1), date(2025, 1, 2), LATE)[()] == Result(0, 0, 0)


# c1 orders twice on its first day (by r1 and r2); c2 once, and left; c3 was acquired but never ordered.
FIRST = date(2025, 1, 10)
CLIENTS = {
    "orders": table(
        "order_id order_date customer_id rep_id region channel amount cost",
        ("10", FIRST, "c1", "r1", "Alaska", "Shop", 30, 10),
        ("9", FIRST, "c1", "r2", "Bali", None, 60, 20),
        ("11", date(2026, 1, 9), "c2", "r1", "Bali", "Shop", 10, 4),
        ("12", date(2026, 1, 20), None, "r1", "Bali", "Shop", 5, 1),
    ),
    "customers": table(
        "customer_id region channel acquired_on",
        ("c1", None, "WhatsApp", date(2025, 1, 1)),
        ("c2", "Alaska", None, date(2026, 1, 15)),
        ("c3", None, "Shop", jan(9)),
    ),
    "reps": REPS,
    "costs": table(
        "month amount channel",
        (date(2026, 1, 1), Decimal("0.0100"), "Shop"),
        (date(2026, 2, 1), 28, None),
    ),
}
LEFT = {**CLIENTS, "customers": [row | {"left_on": None} for row in CLIENTS["customers"]]}
LEFT["customers"][1]["left_on"] = date(2026, 3, 1)


def day_of_measure(tables, kpi, day, **options):
    return measure(tables, kpi, day, day, LATE, **options)


def test_active_without_left_on_means_ordered_in_365_days():
    # c1 ordered on 10 Jan 2025: day 365 is 9 Jan 2026 (c2 orders that day).
    assert value(day_of_measure(CLIENTS, "active_customers", jan(8))) == 1
    assert value(day_of_measure(CLIENTS, "active_customers", jan(9))) == 2
    assert value(day_of_measure(CLIENTS, "active_customers", jan(10))) == 1


def test_active_with_left_on_means_acquired_and_not_left():
    assert value(day_of_measure(LEFT, "active_customers", date(2026, 2, 28))) == 3
    assert value(day_of_measure(LEFT, "active_customers", date(2026, 3, 1))) == 2
    # Seen from the day before, c2 has not left.
    assert value(measure(LEFT, "active_customers", *ALL_TIME, date(2026, 2, 28))) == 3


def test_active_customers_follow_their_latest_order():
    # 9 and 10 are numbers, so 10 is the later one: r1, Ayu. c3 has no order, and its own channel.
    result = day_of_measure(LEFT, "active_customers", jan(31), by=["rep", "channel", "region"])
    assert set(result) == {
        (),
        ("Ayu", "Shop", "Alaska"),  # c1: order 10
        ("no rep", "Shop", "no region"),  # c3
    }
    # c2's order names Bali; the customer's own Alaska goes before.
    assert value(result, "Ayu", "Shop", "Alaska") == 2


def test_latest_order_compares_texts_as_bytes():
    texts = {
        **CLIENTS,
        "orders": [
            row | {"order_id": "x" if row["order_id"] == "11" else row["order_id"]}
            for row in CLIENTS["orders"]
        ],
    }
    assert set(day_of_measure(texts, "active_customers", jan(8), by=["rep"])) == {(), ("r2",)}  # "9" > "10"


def test_new_customers_follow_their_first_order():
    # Order 9 comes before 10: r2, Bali, and the channel of the customer.
    result = measure(CLIENTS, "new_customers", FIRST, FIRST, LATE, by=["rep", "region", "channel"])
    assert result == {(): Result(1, 1, 1), ("r2", "Bali", "WhatsApp"): Result(1, 1, 1)}
    # An order without a customer makes nobody new.
    assert value(measure(CLIENTS, "new_customers", *JAN, LATE)) == 1


def test_new_customers_acquired_on():
    # c2 and c3; c3 has no order. A date of acquisition knows no rep.
    asked = {"convention": "acquired_on"}
    assert measure(CLIENTS, "new_customers", *JAN, LATE, **asked) == {(): Result(2, 2, 2)}
    assert measure(CLIENTS, "new_customers", *JAN, LATE, by=["rep"], **asked) == NOT_AVAILABLE
    by_customer = measure(CLIENTS, "new_customers", *JAN, LATE, by=["customer"], **asked)
    assert by_customer == {(): Result(2, 2, 2), ("c2",): Result(1, 1, 1), ("c3",): Result(1, 1, 1)}


def test_acquisition_rate_divides_by_the_customers_of_the_day_before():
    # New in 9..31 January: c2. Active on the 8th: c1.
    assert measure(CLIENTS, "acquisition_rate", jan(9), jan(31), LATE)[()][:2] == (1, 1)
    # Nobody was active before c1 came.
    assert measure(CLIENTS, "acquisition_rate", FIRST, FIRST, LATE)[()][:2] == (None, 0)
    assert measure(CLIENTS, "acquisition_rate", *ALL_TIME, LATE)[()][:2] == (None, None)


def test_relationship_years_start_with_the_earlier_of_acquisition_and_first_order():
    # On 31 Jan 2026: c1 395 days (acquired 1 Jan 2025), c2 22 (ordered on 9 Jan), c3 22: 439 / 3 days.
    expected = Fraction(439, 3) / Fraction("365.25")
    assert day_of_measure(LEFT, "relationship_years", jan(31))[()][:2] == (expected, 3)


def test_historic_lifetime_value_divides_profit_so_far_by_customers_so_far():
    # (20 + 40 + 6 + 4) / 3 customers; Ayu: (20 + 6 + 4) / c1 and c2; r2: 40 / nobody.
    result = day_of_measure(CLIENTS, "customer_lifetime_value", jan(31), convention="historic", by=["rep"])
    assert result[()][:2] == (Fraction(70, 3), 3)
    assert value(result, "Ayu") == 15
    assert value(result, "r2") is None
    # No order is of c3's channel by rep, whose lines sum to 0.
    assert result[("no rep",)][:2] == (0, 1)


def test_historic_lifetime_value_without_costs_takes_net_revenue():
    orders = [{k: v for k, v in row.items() if k != "cost"} for row in CLIENTS["orders"]]
    result = day_of_measure(
        {**CLIENTS, "orders": orders}, "customer_lifetime_value", jan(31), convention="historic"
    )
    assert value(result) == Fraction(105, 3)


def test_simple_lifetime_value():
    # t = 9 Jan 2027; window from 10 Jan 2026: order 12 alone, profit 4, 1 order.
    # With left_on: active at t: c1, c3 (c2 left). Active at t - 365 = 9 Jan 2026: all three, kept 2.
    # (4/1) * (1/2) * 1/(1 - 2/3) = 6.
    t = date(2027, 1, 9)
    assert measure(LEFT, "customer_lifetime_value", t, t, t, convention="simple")[()][:2] == (6, 2)
    # Nobody leaves: no churn, no value.
    stay = {**LEFT, "customers": [row | {"left_on": None} for row in LEFT["customers"]]}
    assert measure(stay, "customer_lifetime_value", t, t, t, convention="simple")[()][:2] == (None, 3)


def test_lifetime_value_has_no_default_convention():
    assert measure(CLIENTS, "customer_lifetime_value", *JAN, LATE) == NOT_AVAILABLE


def test_acquisition_cost_spreads_a_month_over_its_days():
    # 100 units of 1e-4 over 31 days: days 1..20 carry floor(100 * 20 / 31) = 64; one new customer, c2.
    assert measure(CLIENTS, "customer_acquisition_cost", jan(1), jan(20), LATE)[()][:2] == (
        Fraction("0.0064"),
        1,
    )
    # The as-of date cuts the days, so that 1..20 again.
    assert measure(CLIENTS, "customer_acquisition_cost", *JAN, jan(20))[()][:2] == (Fraction("0.0064"), 1)
    # Days 9..10 carry floor(1000 / 31) - floor(800 / 31) = 32 - 25.
    assert value(measure(CLIENTS, "customer_acquisition_cost", jan(9), jan(10), LATE)) == Fraction("0.0007")


def test_acquisition_cost_by_channel():
    # January to 14 February: Shop all of 0.01 and c2; no channel 28 * 14 / 28 and nobody.
    result = measure(CLIENTS, "customer_acquisition_cost", jan(1), date(2026, 2, 14), LATE, by=["channel"])
    assert value(result) == Fraction("14.01")
    assert value(result, "Shop") == Fraction("0.01")
    assert result[("no channel",)] == Result(None, 0, 1)


@pytest.mark.parametrize(
    ("tables", "kpi", "by"),
    [
        (SALES, "revenue", []),
        (SHOP, "won_value", []),
        (SHOP, "revenue", ["region"]),
        (SHOP, "revenue", ["segment"]),
        (SALES, "won_value", ["product"]),
        (SALES, "won_value", ["product_line"]),
        (CLIENTS, "gross_profit", ["manager"]),
        (CLIENTS, "active_customers", ["product"]),
        (CLIENTS, "customer_acquisition_cost", ["rep"]),
        (CLIENTS, "customer_acquisition_cost", ["region"]),
        (SHOP, "customer_acquisition_cost", []),
    ],
)
def test_what_the_tables_cannot_know_is_not_available(tables, kpi, by):
    assert measure(tables, kpi, *JAN, LATE, by=by) == NOT_AVAILABLE


def test_customers_who_leave_are_known_without_orders():
    rows = table("customer_id acquired_on left_on", ("c1", jan(1), None), ("c2", jan(1), jan(31)))
    tables = {"deals": DEALS, "customers": rows}
    assert value(measure(tables, "active_customers", *JAN, LATE)) == 1
    assert measure(tables, "new_customers", *JAN, LATE) == NOT_AVAILABLE
    assert value(measure(tables, "new_customers", *JAN, LATE, convention="acquired_on")) == 2


def test_a_period_that_has_not_started_is_null():
    assert measure(SHOP, "revenue", jan(2), jan(31), jan(1), by=["rep"]) == {(): Result(None, None, 0)}


def test_unknown_names_raise():
    with pytest.raises(ValueError, match="no KPI 'profit'"):
        measure(SHOP, "profit", *JAN, LATE)
    with pytest.raises(ValueError, match="convention 'mean'"):
        measure(SHOP, "revenue", *JAN, LATE, convention="mean")


def test_hide_drops_and_blanks_what_is_later():
    tables = {
        "orders": table("order_id order_date", ("1", jan(1)), ("2", jan(2)), ("3", None)),
        "deals": table(
            "deal_id stage outcome created_on closed_on",
            ("d1", "won", "won", jan(1), jan(2)),
            ("d2", "won", "won", jan(1), jan(1)),
            ("d3", "new", None, jan(2), None),
            ("d4", "lost", "lost", None, jan(2)),
        ),
        "deal_stages": table("deal_id stage entered_on", ("d1", "offer", jan(1)), ("d1", "won", jan(2))),
        "conversations": table(
            "conversation_id started_at first_reply_at closed_at",
            ("k1", datetime(2026, 1, 1, 23, 59), datetime(2026, 1, 2, 0, 0), None),
            ("k2", datetime(2026, 1, 2, 0, 0), None, None),
        ),
        "reps": table("rep_id hired_on left_on", ("r1", jan(5), jan(2))),
        "customers": table("customer_id acquired_on left_on", ("c1", jan(5), jan(1))),
        "costs": table("month amount", (date(2026, 5, 1), 1)),
    }
    hidden = hide(tables, jan(1))
    assert [row["order_id"] for row in hidden["orders"]] == ["1", "3"]
    assert [tuple(row.values()) for row in hidden["deals"]] == [
        ("d1", "offer", None, jan(1), None),  # the stage it had entered by then
        ("d2", "won", "won", jan(1), jan(1)),
        ("d4", None, None, None, None),
    ]
    assert len(hidden["deal_stages"]) == 1
    assert [row["first_reply_at"] for row in hidden["conversations"]] == [None]
    assert hidden["reps"] == [{"rep_id": "r1", "hired_on": jan(5), "left_on": None}]
    assert hidden["customers"] == tables["customers"]
    assert hidden["costs"] == tables["costs"]
    assert tables["deals"][0]["outcome"] == "won"


def test_fill_refunds_takes_order_fields_alone():
    filled = fill_refunds({"orders": ORDERS})["orders"][3]
    assert (filled["customer_id"], filled["rep_id"], filled["order_date"]) == ("c1", "r1", jan(20))
    assert ORDERS[3]["rep_id"] is None


def test_employed():
    reps = table("rep_id name hired_on left_on", ("r1", "Ayu", jan(5), jan(10)), ("r2", None, None, None))
    assert not employed(reps, "Ayu", jan(1), jan(4))
    assert employed(reps, "Ayu", jan(1), jan(5))
    assert employed(reps, "Ayu", jan(10), jan(20))
    assert not employed(reps, "Ayu", jan(11), jan(20))
    assert employed(reps, "Ayu", None, jan(20))
    assert employed(reps, "r2", *JAN)
    assert not employed(reps, "r1", *JAN)
    assert not employed(reps, "no rep", *JAN)
