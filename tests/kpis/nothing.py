"""Companies in which there is nothing to divide by, one for each way in which that comes about."""

from datetime import date

__all__ = ["ASKED", "NOTHING"]


def day(month, number, year=2026):
    return date(year, month, number)


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def deal(created, closed, outcome, amount):
    row = {"deal_id": "1", "stage": outcome or "lead", "created_on": created, "closed_on": closed}
    return {"deals": [{**row, "outcome": outcome, "amount": amount, "customer_id": None}]}


def order(when, customer="k", amount=50.0, **more):
    return {"order_id": "1", "order_date": when, "customer_id": customer, "amount": amount, **more}


ASKED = {"period": "2026-03", "as_of": day(12, 31)}
JANUARY, MARCH, A_YEAR_BEFORE = day(1, 5), day(3, 5), day(3, 31, 2025)
# What was sold came back, for the same money: 30 earned and 45 lost, of nothing.
TAKEN_BACK = [
    order(MARCH, cost=20.0, quantity=1.0, discount=None),
    {**order(MARCH, amount=-50.0, cost=-5.0, quantity=-1.0), "order_id": "2", "refund_of": "1"},
    {**order(MARCH, amount=0.0, cost=None, quantity=1.0, discount=0.0), "order_id": "3"},
]
BEFORE = {"orders": [order(JANUARY, rep_id="a", cost=10.0, quantity=2.0, discount=5.0)]}
UNKNOWN = {"orders": [order(MARCH, customer=None, rep_id=None, cost=10.0)]}
LONG_AGO = {"orders": [order(day(1, 1, 2020))]}
NEW = {"orders": [order(MARCH)]}
STAYS = {"orders": [order(A_YEAR_BEFORE, cost=1.0), {**order(MARCH, cost=1.0), "order_id": "2"}]}
ONE_WHO_LEFT = {**BEFORE, "reps": table("rep_id left_on", ("a", day(1, 31)))}
# Of the one who left nobody knows when they came.
NOBODY_LEFT = {
    **NEW,
    "customers": table("customer_id acquired_on left_on", ("k", MARCH, None), ("z", None, JANUARY)),
}
EARLY = deal(day(1, 1), JANUARY, "won", 10.0)
WON_IN_MARCH = deal(day(1, 1), MARCH, "won", 10.0)
EARLY_STAGES = {
    **EARLY,
    "deal_stages": table("deal_id stage entered_on", ("1", "lead", day(1, 1)), ("1", "won", JANUARY)),
}
COSTS = {"costs": table("month amount", (day(3, 1), 31.0))}
EARLY_COSTS = {"costs": table("month amount", (day(1, 1), 31.0))}
EARLY_TALK = {
    "deals": [],
    "conversations": table(
        "conversation_id started_at channel first_reply_at", ("1", JANUARY, "email", JANUARY)
    ),
}
NOTHING = {
    # Flows and counts divide by nothing: where nothing happened they are 0.
    **dict.fromkeys(
        (
            *("revenue", "net_revenue", "gross_profit", "units_sold", "order_count"),
            *(
                "order_count:with_refunds",
                "new_customers",
                "new_customer_revenue",
                "existing_customer_revenue",
            ),
        ),
        (BEFORE, 0),
    ),
    "operating_profit": (BEFORE | COSTS, -31),
    # What was spent was spent in January.
    "costs": (BEFORE | EARLY_COSTS, 0),
    "revenue_per_cost": (NEW | EARLY_COSTS, None),
    "deals_created": (EARLY, 0),
    "deals_won": (EARLY, 0),
    "won_value": (EARLY, 0),
    "pipeline_value": (EARLY, 0),
    "pipeline_value:weighted": (EARLY_STAGES, 0),
    "new_customers:acquired_on": (
        BEFORE | {"customers": table("customer_id acquired_on", ("k", JANUARY))},
        0,
    ),
    "conversations_handled": (EARLY_TALK, 0),
    "conversations_handled:started": (EARLY_TALK, 0),
    **dict.fromkeys(
        (
            *("active_customers", "active_customers:ordered_in_90_days"),
            *("active_customers:ordered_in_180_days", "active_customers:ordered_in_365_days"),
        ),
        (LONG_AGO, 0),
    ),
    # Net revenue is 0; so is amount + discount of the one line that tells its discount.
    "gross_margin": ({"orders": TAKEN_BACK}, None),
    "discount_rate": ({"orders": TAKEN_BACK}, None),
    "average_order_value": ({"orders": [*BEFORE["orders"], {**TAKEN_BACK[1], "refund_of": None}]}, None),
    "average_order_value:with_refunds": (BEFORE, None),
    # The only rep left in January; whoever sold in March is not known, nor who bought.
    "revenue_per_rep": (ONE_WHO_LEFT, None),
    "revenue_per_rep:selling": (UNKNOWN, None),
    "revenue_per_customer": (UNKNOWN, None),
    "repeat_purchase_rate": (UNKNOWN, None),
    "customer_lifetime_value:historic": (UNKNOWN, None),
    "relationship_years": (LONG_AGO, None),
    # Nobody was a customer before k came in March.
    "acquisition_rate": (NEW, None),
    "retention_rate": (NEW, None),
    "retention_rate:counts": (NEW, None),
    "churn_rate": (NEW, None),
    "churn_rate:counts": (NEW, None),
    "relationship_years:completed": (NOBODY_LEFT, None),
    # Whoever was there a year before is still there: 1 ÷ 0.
    "relationship_years:inverse_churn": (STAYS, None),
    "customer_lifetime_value:simple": (STAYS, None),
    # 31 were spent, on nobody new.
    "customer_acquisition_cost": (BEFORE | COSTS, None),
    "average_deal_size": (deal(day(1, 1), MARCH, "won", None), None),
    "win_rate": (EARLY, None),
    # One was won in March; none was created in it.
    "win_rate:created": (WON_IN_MARCH, None),
    "win_rate:cohort": (WON_IN_MARCH, None),
    "acquisition_rate:prospects": (WON_IN_MARCH, None),
    "conversion_rate": (WON_IN_MARCH, None),
    "conversion_rate:within_30_days": (WON_IN_MARCH, None),
    "conversion_rate:within_180_days": (WON_IN_MARCH, None),
    # k had ordered before its deal of March: no prospect.
    "conversion_rate:first_order": (
        {**BEFORE, "deals": [deal(MARCH, None, None, 1.0)["deals"][0] | {"customer_id": "k"}]},
        None,
    ),
    "sales_cycle_days": (EARLY, None),
    "sales_cycle_days:all_closed": (EARLY, None),
    "sales_cycle_days:mean": (EARLY, None),
    # Won on the day of its creation, so that the mean cycle is no day long.
    "sales_velocity": (deal(MARCH, MARCH, "won", 10.0), None),
    "sales_velocity:closed": (deal(MARCH, MARCH, "won", 10.0), None),
    "stage_conversion_rate": (EARLY_STAGES, None),
    "stage_conversion_rate:entered": (EARLY_STAGES, None),
    "stage_days": (EARLY_STAGES, None),
    "response_rate": (EARLY_TALK, None),
    "response_rate:within_1_hour": (EARLY_TALK, None),
    "response_rate:within_8_hours": (EARLY_TALK, None),
    "first_response_hours": (EARLY_TALK, None),
    "first_response_hours:waiting": (EARLY_TALK, None),
}
"""A KPI under a convention to a company that gives it nothing to divide by, and what the figure then is."""
