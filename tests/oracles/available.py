"""What the tables must have for a KPI and a dimension."""

from collections.abc import Sequence

from tests.oracles.tables import REQUIRED, Tables, has

OF_AGES = (
    *("revenue", "net_revenue", "gross_profit", "gross_margin", "order_count", "average_order_value"),
    *("units_sold", "discount_rate", "revenue_per_customer"),
    *("new_customer_revenue", "existing_customer_revenue"),
)
"""The KPIs that read order lines alone, and so know `customer_age`."""
OF_STAGES = ("pipeline_value", "stage_conversion_rate", "stage_days")
LIFE = ("created_on", "closed_on")
DEALS = {
    "won_value": ("closed_on", "amount"),
    "deals_created": ("created_on",),
    "deals_won": ("closed_on",),
    "average_deal_size": ("closed_on", "amount"),
    "win_rate": ("closed_on",),
    "win_rate:created": LIFE,
    "win_rate:cohort": ("created_on",),
    "conversion_rate": LIFE,
    "conversion_rate:first_order": ("created_on", "customer_id"),
    "sales_cycle_days": LIFE,
    "sales_velocity": (*LIFE, "amount"),
    "pipeline_value": (*LIFE, "amount"),
    "acquisition_rate:prospects": LIFE,
    "stage_conversion_rate": (),
    "stage_days": (),
}
"""KPIs of deals, or their conventions, and the columns that they read."""
CONVERSATIONS = {
    "conversations_handled": ("first_reply_at",),
    "conversations_handled:started": (),
    "response_rate": ("first_reply_at",),
    "first_response_hours": ("first_reply_at",),
}
LINES = {
    "gross_profit": ("cost",),
    "gross_margin": ("cost",),
    "operating_profit": ("cost",),
    "units_sold": ("quantity",),
    "discount_rate": ("discount",),
}


def is_known(tables: Tables, source: str, dimension: str) -> bool:
    """Tell whether rows of a table, or what is made of it, can be split by a dimension."""
    own = dimension in ("region", "channel", "segment") and has(tables, "customers", dimension)
    if source == "costs":
        return dimension in ("channel", "region") and has(tables, "costs", dimension)
    if source == "acquisitions":
        return dimension == "customer" or own
    if source == "whole orders":
        return dimension not in ("product", "product_line") and is_known(tables, "orders", dimension)
    if source == "reps":
        names = dimension in ("team", "manager", "role", "region") and has(tables, "reps", dimension)
        return dimension == "rep" or names
    if source == "customers":
        return dimension == "customer" or own or is_known(tables, "whole orders", dimension)
    by_customer = has(tables, source, "customer_id") and has(tables, "customers", dimension)
    by_rep = has(tables, source, "rep_id") and has(tables, "reps", dimension)
    credited = {"deals": "deal_id", "orders": "order_id"}.get(source)
    is_shared = credited is not None and has(tables, "credits", credited)
    by_member = (is_shared or has(tables, source, "rep_id")) and has(tables, "reps", dimension)
    return {
        "rep": is_shared or has(tables, source, "rep_id"),
        "team": by_member,
        "manager": by_member,
        "role": by_member,
        "region": has(tables, source, "region") or by_customer or by_rep,
        "channel": has(tables, source, "channel") or by_customer,
        "product_line": has(tables, source, "product_line"),
        "product": source == "orders" and has(tables, source, "product"),
        "segment": by_customer,
        "customer": has(tables, source, "customer_id"),
    }.get(dimension, False)


def needs(tables: Tables, kpi: str, convention: str | None) -> tuple[bool, list[str]]:
    """Tell whether what a KPI reads is there, and what must be known of each dimension."""
    orders = has(tables, "orders", *REQUIRED["orders"])
    leaving, acquired = (has(tables, "customers", column) for column in ("left_on", "acquired_on"))
    living = (leaving and acquired) or orders
    name = f"{kpi}:{convention}"
    if name in DEALS or kpi in DEALS:
        is_there = has(tables, "deals", "outcome", *DEALS.get(name, DEALS.get(kpi)))
        if name == "conversion_rate:first_order":
            is_there = is_there and orders
        if kpi.startswith("stage_") or convention == "weighted":
            is_there = is_there and has(tables, "deal_stages", *REQUIRED["deal_stages"])
        return is_there, ["deals"]
    if kpi in CONVERSATIONS:
        columns = CONVERSATIONS.get(name, CONVERSATIONS[kpi])
        return has(tables, "conversations", "started_at", *columns), ["conversations"]
    match kpi, convention:
        case "relationship_years", "completed":
            return leaving and (acquired or orders), ["acquisitions"]
        case "active_customers" | "retention_rate" | "churn_rate", "active" | "identity":
            return living, ["customers"]
        case "relationship_years", _:
            return living, ["customers"]
        case "new_customers", "acquired_on":
            return acquired, ["acquisitions"]
        case "active_customers" | "retention_rate" | "churn_rate" | "new_customers" | "acquisition_rate", _:
            return orders, ["customers"]
        case "customer_lifetime_value", _:
            return orders and convention is not None, ["orders", "customers"]
        case "customer_acquisition_cost", _:
            return orders and has(tables, "costs", *REQUIRED["costs"]), ["costs", "customers"]
        case "costs", _:
            return has(tables, "costs", *REQUIRED["costs"]), ["costs"]
        case "revenue_per_cost", _:
            return orders and has(tables, "costs", *REQUIRED["costs"]), ["orders", "costs"]
        case "operating_profit", _:
            is_there = has(tables, "orders", "cost") and has(tables, "costs", *REQUIRED["costs"])
            return orders and is_there, ["orders", "costs"]
        case "repeat_purchase_rate", _:
            return orders, ["whole orders"]
        case "revenue_per_rep", "employed":
            return orders and has(tables, "reps", *REQUIRED["reps"]), ["orders", "reps"]
        case "revenue_per_rep", _:
            return orders and is_known(tables, "orders", "rep"), ["orders"]
    return orders and has(tables, "orders", *LINES.get(kpi, ())), ["orders"]


def is_available(tables: Tables, kpi: str, convention: str | None, dimensions: Sequence[str]) -> bool:
    """Tell whether the tables, columns and dimensions that a KPI needs are there."""
    is_there, sources = needs(tables, kpi, convention)
    is_of_ages = kpi in OF_AGES or (kpi, convention) == ("revenue_per_rep", "selling")
    rest = {d for d in dimensions if not (d == "customer_age" and is_of_ages)}
    if kpi in OF_STAGES and has(tables, "deal_stages", *REQUIRED["deal_stages"]):
        rest -= {"stage"}
    return is_there and all(is_known(tables, source, d) for source in sources for d in rest)
