"""Two companies in which something is missing in every way, and all their figures, worked out by hand."""

from datetime import date, datetime

__all__ = ["HOLES", "HOLES_ASKED", "HOLES_SETTINGS", "LEAVERS", "LEAVERS_ASKED", "OF_HOLES", "OF_LEAVERS"]


def day(month, number, year=2026):
    return date(year, month, number)


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


HOLES_ASKED = {"period": "2026-03", "as_of": day(12, 31)}
HOLES_SETTINGS = {"stages": {"lead": 0.1, "offer": 0.5}}
ORDERS = table(
    "order_id order_date customer_id rep_id amount cost quantity discount",
    ("1", day(12, 1, 2025), "k1", "a", 100.0, 60.0, 1.0, 0.0),
    ("2", day(3, 2), "k1", "a", 200.0, 120.0, 2.0, 50.0),
    ("2", day(3, 2), "k1", "a", None, 10.0, 3.0, 5.0),
    ("3", day(3, 3), "k2", None, 40.0, None, None, None),
    ("4", day(3, 4), None, "b", 60.0, 20.0, 1.0, None),
    ("5", None, "k3", "b", 500.0, 100.0, 5.0, 0.0),
    ("6", day(3, 5), "k4", "a", None, None, None, None),
)
CUSTOMERS = table(
    "customer_id acquired_on", ("k1", None), ("k2", day(3, 1)), ("k3", day(3, 20)), ("k4", None)
)
# 1 and 10 took 30 and 20 days. 2 and 7 were created on no day, 3 and 9 closed on no day, 4 before it was
# created, 8 on no day at all; 6 has a closing date and no outcome, so that it is open, as 5 and 11 are.
DEALS = table(
    "deal_id stage created_on closed_on outcome amount customer_id",
    ("1", "won", day(2, 1), day(3, 3), "won", 100.0, None),
    ("2", "won", None, day(3, 5), "won", None, None),
    ("3", "lost", day(3, 1), None, "lost", 50.0, None),
    ("4", "won", day(3, 10), day(3, 8), "won", 70.0, "k2"),
    ("5", "lead", day(3, 12), None, None, None, "k3"),
    ("6", "offer", day(3, 15), day(4, 1), None, 30.0, None),
    ("7", "lost", None, day(3, 20), "lost", 10.0, None),
    ("8", "lead", None, None, None, 5.0, None),
    ("9", "won", day(2, 10), None, "won", 9.0, None),
    ("10", "won", day(3, 2), day(3, 22), "won", 30.0, "k4"),
    ("11", "odd", day(3, 16), None, None, 40.0, None),
)
STAGES = table(
    "deal_id stage entered_on",
    ("1", "lead", day(2, 1)),
    ("1", None, day(2, 15)),
    ("1", "offer", day(2, 20)),
    ("1", "won", day(3, 3)),
    ("3", "lead", day(3, 1)),
    ("6", "lead", None),
    ("6", "offer", day(3, 15)),
    ("7", "lead", day(3, 1)),
    ("7", "lost", day(3, 20)),
    ("10", "lead", day(3, 2)),
    ("10", "won", day(3, 22)),
    ("11", "odd", day(3, 16)),
)
TALKS = table(
    "conversation_id started_at channel first_reply_at",
    ("1", datetime(2026, 3, 2, 10), "email", datetime(2026, 3, 2, 10, 30)),
    ("2", datetime(2026, 3, 3, 9), "email", None),
    ("3", None, "email", datetime(2026, 3, 4, 9)),
    ("4", datetime(2026, 3, 5, 12), "email", datetime(2026, 3, 5, 11)),
)
HOLES = {
    "orders": ORDERS,
    "customers": CUSTOMERS,
    "reps": table("rep_id hired_on left_on", ("a", None, None), ("b", None, None)),
    "costs": table("month amount", (day(3, 1), 31.0), (day(3, 1), None), (None, 7.0)),
    "deals": DEALS,
    "deal_stages": STAGES,
    "conversations": TALKS,
}
VELOCITY = (200 / 3) * (4 / 5) / 25
OF_HOLES = {
    # 200 + 40 + 60; order 5 has no date, order 6 and the second line of 2 have no amount.
    "revenue": (300, 3),
    "net_revenue": (300, 3),
    # 80 + 40, of 200 + 60.
    "gross_profit": (120, 2),
    "gross_margin": (120 / 260, 2),
    # The cost without an amount is nothing, the one without a month is of no month.
    "operating_profit": (120 - 31, 2),
    # The 31 days of March, each with 1; the cost without an amount tells nothing of them.
    "costs": (31, 31),
    "revenue_per_cost": (300 / 31, 31),
    # 2 + 3 + 1: the line without an amount has a quantity.
    "units_sold": (6, 3),
    # Of the lines with both, 50 of 250.
    "discount_rate": (50 / 250, 1),
    # Orders 2, 3, 4 and 6: an order is one whatever it was worth.
    "order_count": (4, 4),
    "order_count:with_refunds": (4, 4),
    "average_order_value": (300 / 4, 4),
    "average_order_value:with_refunds": (300 / 4, 4),
    # Who was hired on no day has always been there: two. Two have sale lines, and nobody is no rep.
    "revenue_per_rep": (300 / 2, 2),
    "revenue_per_rep:selling": (300 / 2, 2),
    # k1, k2 and k4 ordered, k1 not for the first time. Who ordered 4 is not known.
    "revenue_per_customer": (300 / 3, 3),
    "repeat_purchase_rate": (1 / 3, 3),
    # k1's 200, a customer since December, and k2's 40; nobody knows how old the customer of order 4 is.
    "new_customer_revenue": (240, 2),
    "existing_customer_revenue": (0, 0),
    # Created in March: 3, 4, 5, 6, 10 and 11.
    "deals_created": (6, 6),
    # 1, 2, 4 and 10; 9 was won on no day.
    "deals_won": (4, 4),
    "won_value": (100 + 70 + 30, 3),
    "average_deal_size": (200 / 3, 3),
    # Lost: 7; 3 on no day.
    "win_rate": (4 / 5, 5),
    # By creation the six, by closing 2 and 7; nothing dates 8.
    "win_rate:created": (4 / 8, 8),
    # 4 and 10 of the six.
    "win_rate:cohort": (2 / 6, 6),
    # Only 10: the days of 4 are not known.
    "conversion_rate": (1 / 6, 6),
    "conversion_rate:within_30_days": (1 / 6, 6),
    "conversion_rate:within_180_days": (1 / 6, 6),
    # k2 had ordered before deal 4 came; k3's order has no date; k4 ordered three days after 10 was created.
    "conversion_rate:first_order": (1 / 5, 5),
    "sales_cycle_days": (25, 2),
    "sales_cycle_days:all_closed": (25, 2),
    "sales_cycle_days:mean": (25, 2),
    # Open: 5, 6 and 11; closed: five.
    "sales_velocity": (3 * VELOCITY, 2),
    "sales_velocity:closed": (5 * VELOCITY, 2),
    # 30 + 40; 5 has no amount. A stage without a chance is left out: half of 30.
    "pipeline_value": (70, 2),
    "pipeline_value:weighted": (15, 1),
    # Left in March: 1 an offer, won; 10 a lead, won; 7 a lead, lost. After 11, 20 and 19 days.
    "stage_conversion_rate": (2 / 3, 3),
    "stage_days": (19, 3),
    # Entered in March: 3, 7 and 10 as leads, 6 and 11. Only 10 has moved on.
    "stage_conversion_rate:entered": (1 / 5, 5),
    # k1, k2 and k4; k3 ordered on no day.
    "active_customers": (3, 3),
    "active_customers:ordered_in_90_days": (3, 3),
    "active_customers:ordered_in_180_days": (3, 3),
    "active_customers:ordered_in_365_days": (3, 3),
    "new_customers": (2, 2),
    # k2 and k3.
    "new_customers:acquired_on": (2, 2),
    # On 28 February there was k1.
    "acquisition_rate": (2 / 1, 1),
    "acquisition_rate:prospects": (4 / 6, 6),
    "retention_rate": (1, 1),
    "retention_rate:counts": ((3 - 2) / 1, 1),
    "churn_rate": (0, 1),
    "churn_rate:counts": (0, 1),
    # 120 days since 1 December, 30 since the acquisition on 1 March, 26 since the order of 5 March.
    "relationship_years": ((120 + 30 + 26) / 3 / 365.25, 3),
    # Nobody was there a year before.
    "relationship_years:inverse_churn": (None, None),
    "customer_lifetime_value:simple": (None, None),
    # Margins so far, 40 + 120; order 5 counts in all time alone. k1 to k4 were acquired by then.
    "customer_lifetime_value:historic": (160 / 4, 4),
    "customer_acquisition_cost": (31 / 2, 2),
    # 1 and 4; 3 started on no day.
    "conversations_handled": (2, 2),
    "conversations_handled:started": (3, 3),
    "response_rate": (2 / 3, 3),
    # Conversation 1, after half an hour; a reply before the start is within no time.
    "response_rate:within_1_hour": (1 / 3, 3),
    "response_rate:within_8_hours": (1 / 3, 3),
    # A reply before the start tells no time: half an hour.
    "first_response_hours": (0.5, 1),
    # 2 waits from 3 March, 9:00, to the end of the year: 304 days less nine hours.
    "first_response_hours:waiting": ((0.5 + 304 * 24 - 9) / 2, 2),
}

# k1 stayed for 517 days and k2, from its first order on, for 40; k3 is still there. k5 and k6 have no day on
# which they came, so that they never were customers.
LEAVERS_ASKED = {"period": "2025", "as_of": day(12, 31, 2025)}
LEAVERS = {
    "orders": table(
        "order_id order_date customer_id amount cost",
        ("1", day(1, 20, 2025), "k2", 10.0, None),
        ("2", day(5, 1, 2025), "k3", 100.0, 40.0),
    ),
    "customers": table(
        "customer_id acquired_on left_on",
        ("k1", day(1, 1, 2024), day(6, 1, 2025)),
        ("k2", None, day(3, 1, 2025)),
        ("k3", day(7, 1, 2024), None),
        ("k5", None, day(2, 1, 2025)),
        ("k6", None, None),
    ),
}
OF_LEAVERS = {
    "active_customers": (1, 1),
    # Of k1 and k3 one stayed.
    "retention_rate": (1 / 2, 2),
    "churn_rate": (1 / 2, 2),
    # k2 and k3 ordered first in 2025.
    "retention_rate:counts": ((1 - 2) / 2, 2),
    "churn_rate:counts": (1 + 1 / 2, 2),
    # Since 1 July 2024: 548 days.
    "relationship_years": (548 / 365.25, 1),
    "relationship_years:completed": ((517 + 40) / 2 / 365.25, 2),
    "relationship_years:inverse_churn": (2, None),
    # 60 (order 1 has no cost) over k1, k2 and k3.
    "customer_lifetime_value:historic": (60 / 3, 3),
    # 60 in two orders, two orders by one active customer, for 1 ÷ (1/2) years.
    "customer_lifetime_value:simple": (60 / 2 * 2 / 1 * 2, None),
}
