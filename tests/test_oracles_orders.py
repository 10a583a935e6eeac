"""The twin's KPIs of orders against figures worked out by hand."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.oracles import NOT_AVAILABLE, Result, measure


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def jan(day):
    return date(2026, 1, day)


JAN, LATE = (jan(1), jan(31)), date(2026, 12, 31)
# o1 has two lines, of which the second lacks its cost and discount; o3 refunds o1; o4 has no customer;
# o5 is c2's second order of the month; o0 was c1's first, exactly 365 days before o1; o6 has no date.
ORDERS = table(
    "order_id order_date customer_id rep_id product amount cost discount quantity refund_of",
    ("0", date(2025, 1, 5), "c1", "r2", "tea", 40, 10, 0, 1, None),
    ("1", jan(5), "c1", "r1", "tea", 80, 50, 20, 2, None),
    ("1", jan(5), "c1", "r1", "rice", 20, None, None, Decimal("1.5"), None),
    ("2", jan(6), "c2", "r2", "tea", 50, 30, 0, None, None),
    ("3", jan(20), None, None, "tea", -30, -20, -5, -1, "1"),
    ("4", jan(21), None, None, "rice", 10, 4, 10, 3, None),
    ("5", jan(31), "c2", "r1", "rice", 40, 20, 0, 1, None),
    ("6", None, "c3", "r1", "rice", 5, 1, 0, 7, None),
)
REPS = table(
    "rep_id name team region hired_on left_on",
    ("r1", "Ayu", "North", "Bali", None, jan(31)),
    ("r2", "Budi", "South", None, jan(31), None),
    ("r3", None, "South", "Bali", jan(1), jan(30)),
)
COSTS = table("month amount channel", (jan(1), 31, "Shop"), (date(2026, 2, 1), 100, None))
SHOP = {"orders": ORDERS, "reps": REPS, "costs": COSTS}


def january(kpi, tables=SHOP, **asked):
    return measure(tables, kpi, *JAN, LATE, **asked)


def figures(result):
    return {key: (one.value, one.n) for key, one in result.items()}


def test_units_are_those_of_sales():
    # 2 + 1.5 + 3 + 1: o2 has no quantity, and the refund's -1 is no sale.
    assert figures(january("units_sold", by=["product"])) == {
        (): (Fraction("7.5"), 4),
        ("tea",): (2, 1),
        ("rice",): (Fraction("5.5"), 3),
    }
    # o6 has no day: all time alone adds its 7, and o0's 1.
    assert measure(SHOP, "units_sold", None, LATE, LATE)[()].value == Fraction("15.5")


def test_gross_margin_leaves_out_lines_that_lack_amount_or_cost():
    # o1 30, o2 20, o3 -10, o4 6, o5 20: 66 of 80 + 50 - 30 + 10 + 40 = 150.
    result = january("gross_margin", by=["product"])
    assert figures(result) == {
        (): (Fraction(66, 150), 5),
        ("tea",): (Fraction(40, 100), 3),
        ("rice",): (Fraction(26, 50), 2),
    }
    # Nothing but the refund: -10 of -30.
    assert measure(SHOP, "gross_margin", jan(20), jan(20), LATE)[()].value == Fraction(1, 3)
    assert measure(SHOP, "gross_margin", jan(7), jan(8), LATE)[()][:2] == (None, 0)


def test_operating_profit_takes_off_the_spend_of_the_days():
    # 66 less January's 31; in its last ten days (22 to 31) o5's 20 less 10.
    assert january("operating_profit")[()][:2] == (35, 5)
    assert measure(SHOP, "operating_profit", jan(22), jan(31), LATE)[()][:2] == (10, 1)
    # 7 to 8 January: nothing sold, 2 spent.
    assert measure(SHOP, "operating_profit", jan(7), jan(8), LATE)[()][:2] == (-2, 0)
    # Costs without an amount make the profit unknown.
    unknown = {**SHOP, "costs": table("month amount", (jan(1), None))}
    assert january("operating_profit", unknown)[()].value is None
    assert january("operating_profit", by=["channel"]) == NOT_AVAILABLE  # orders have none
    assert january("operating_profit", by=["rep"]) == NOT_AVAILABLE  # costs have none


def test_discount_is_a_share_of_what_was_asked():
    # o1 20 of 100, o2 0 of 50, o4 10 of 20, o5 0 of 40: 30 of 210. A refund gives none.
    assert figures(january("discount_rate", by=["product"])) == {
        (): (Fraction(30, 210), 4),
        ("tea",): (Fraction(20, 150), 2),
        ("rice",): (Fraction(10, 60), 2),
    }


def test_orders_may_be_counted_with_refunds():
    # o1 o2 o4 o5, and the refund o3.
    assert january("order_count")[()][:2] == (4, 4)
    assert january("order_count", convention="with_refunds")[()][:2] == (5, 5)
    # Revenue 200 / 4; net revenue 170 / 5.
    assert january("average_order_value")[()][:2] == (50, 4)
    assert january("average_order_value", convention="with_refunds")[()][:2] == (34, 5)


def test_revenue_per_customer_counts_whoever_is_known():
    # 200 by c1 and c2; the 10 of nobody are revenue all the same.
    assert figures(january("revenue_per_customer", by=["product"])) == {
        (): (100, 2),
        ("tea",): (65, 2),  # 80 + 50
        ("rice",): (35, 2),  # 20 + 10 + 40
    }
    assert measure(SHOP, "revenue_per_customer", jan(21), jan(21), LATE)[()][:2] == (None, 0)


def test_a_purchase_is_repeated_where_an_order_is_not_the_first_ever():
    # c1 ordered a year ago; c2 twice in January, at r2 for the first time and at r1 for the second.
    assert figures(january("repeat_purchase_rate", by=["rep"])) == {
        (): (1, 2),
        ("Ayu",): (1, 2),  # o1 and o5
        ("Budi",): (0, 1),  # o2
    }
    # By 30 January c2 had ordered once.
    assert measure(SHOP, "repeat_purchase_rate", jan(1), jan(30), LATE)[()][:2] == (Fraction(1, 2), 2)
    # c3's order has no day, so that it counts not even in all time.
    assert measure(SHOP, "repeat_purchase_rate", None, LATE, LATE)[()][:2] == (1, 2)
    assert january("repeat_purchase_rate", by=["product"]) == NOT_AVAILABLE


def test_of_two_orders_on_the_first_day_the_lower_number_is_the_first():
    orders = table(
        "order_id order_date customer_id rep_id amount",
        ("10", jan(5), "c1", "r1", 1),
        ("9", jan(5), "c1", "r2", 1),
    )
    result = january("repeat_purchase_rate", {"orders": orders}, by=["rep"])
    assert figures(result) == {(): (1, 1), ("r1",): (1, 1), ("r2",): (0, 1)}


def test_revenue_per_rep_divides_by_the_mean_headcount():
    # On 31 January: Ayu (her last day) and Budi (his first). On 31 December: Ayu alone. 200 / 1.5.
    result = january("revenue_per_rep", by=["team"])
    assert figures(result) == {
        (): (Fraction(200) / Fraction(3, 2), 2),
        ("North",): (140, 1),  # 80 + 20 + 40 over Ayu's 1 and 1
        ("South",): (100, 1),  # 50 over Budi's 1 and nobody's 0
        ("no team",): (None, 0),  # 10 of nobody
    }
    # To 30 January: Ayu and r3, who came on the 1st. Revenue 160 / ((2 + 1) / 2).
    assert measure(SHOP, "revenue_per_rep", jan(1), jan(30), LATE)[()][:2] == (Fraction(320, 3), 2)
    assert measure(SHOP, "revenue_per_rep", None, LATE, LATE)[()].value is None
    assert january("revenue_per_rep", by=["product"]) == NOT_AVAILABLE


def test_revenue_per_rep_by_region_takes_the_region_of_the_rep():
    # Ayu's Bali: 140 / ((1 + 1) / 2); Budi has no region: 50 and nobody's 10 / ((1 + 0) / 2).
    assert figures(january("revenue_per_rep", by=["region"])) == {
        (): (Fraction(400, 3), 2),
        ("Bali",): (140, 1),
        ("no region",): (120, 1),
    }


def test_revenue_per_selling_rep():
    # 200 by Ayu and Budi; nobody is no rep.
    selling = {"convention": "selling"}
    assert january("revenue_per_rep", **selling)[()][:2] == (100, 2)
    assert figures(january("revenue_per_rep", by=["product"], **selling)) == {
        (): (100, 2),
        ("tea",): (65, 2),
        ("rice",): (70, 1),  # 20 + 10 + 40 by Ayu
    }
    # r3 shares o2 with Budi; the refund's rep sold nothing.
    shared = table("order_id rep_id share", ("2", "r2", Decimal("0.5")), ("2", "r3", Decimal("0.5")))
    result = january("revenue_per_rep", {**SHOP, "credits": shared}, by=["team"], **selling)
    assert figures(result) == {
        (): (Fraction(200, 3), 3),
        ("North",): (140, 1),
        ("South",): (25, 2),
        ("no team",): (None, 0),
    }


def test_revenue_of_new_and_of_existing_customers():
    # o1 is 365 days after c1's first: existing. c2 is new; o4's customer is not known.
    assert january("new_customer_revenue")[()] == Result(90, 2, 2)
    assert january("existing_customer_revenue")[()] == Result(100, 2, 2)
    # A day less, and c1 were new: 190 and nothing.
    younger = [row | {"order_date": date(2025, 1, 6)} if row["order_id"] == "0" else row for row in ORDERS]
    assert january("new_customer_revenue", {"orders": younger})[()].value == 190
    assert january("existing_customer_revenue", {"orders": younger})[()].value == 0
    # Nor is c3's undated order of any age.
    assert measure(SHOP, "new_customer_revenue", None, LATE, LATE)[()].value == 130


def test_the_age_of_a_customer_splits_what_reads_lines_alone():
    # The refund of o1 takes its customer c1, who is existing on that day.
    assert figures(january("net_revenue", by=["customer_age"])) == {
        (): (170, 6),
        ("existing",): (70, 3),
        ("new",): (90, 2),
        ("no customer_age",): (10, 1),
    }
    assert january("order_count", where={"customer_age": ["new"]})[()].value == 2
    assert january("revenue_per_rep", by=["customer_age"]) == NOT_AVAILABLE
    assert january("new_customers", by=["customer_age"]) == NOT_AVAILABLE


@pytest.mark.parametrize(
    ("kpi", "column"),
    [
        ("units_sold", "quantity"),
        ("gross_margin", "cost"),
        ("operating_profit", "cost"),
        ("discount_rate", "discount"),
    ],
)
def test_a_kpi_needs_its_column(kpi, column):
    orders = [{name: value for name, value in row.items() if name != column} for row in ORDERS]
    assert january(kpi, {**SHOP, "orders": orders}) == NOT_AVAILABLE


def test_headcount_needs_the_table_of_reps_and_selling_needs_reps_of_orders():
    assert january("revenue_per_rep", {"orders": ORDERS}) == NOT_AVAILABLE
    assert january("revenue_per_rep", {"orders": ORDERS}, convention="selling")[()].value == 100
    nobody = [{name: value for name, value in row.items() if name != "rep_id"} for row in ORDERS]
    assert january("revenue_per_rep", {**SHOP, "orders": nobody}, convention="selling") == NOT_AVAILABLE
