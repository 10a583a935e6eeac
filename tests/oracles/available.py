"""What the tables must have for a KPI and a dimension."""

from collections.abc import Sequence

from tests.oracles.tables import REQUIRED, Tables, has


def is_known(tables: Tables, source: str, dimension: str) -> bool:
    """Tell whether rows of orders, deals or costs, or customers, can be split by a dimension."""
    if source == "costs":
        return dimension in ("channel", "region") and has(tables, "costs", dimension)
    if source == "acquisitions":
        return dimension == "customer" or (
            dimension in ("region", "channel", "segment") and has(tables, "customers", dimension)
        )
    if source == "customers":
        if dimension in ("product", "product_line"):
            return False
        if dimension == "customer":
            return True
        own = dimension in ("region", "channel", "segment") and has(tables, "customers", dimension)
        return own or is_known(tables, "orders", dimension)
    by_customer = has(tables, source, "customer_id") and has(tables, "customers", dimension)
    by_rep = has(tables, source, "rep_id") and has(tables, "reps", dimension)
    is_shared = has(tables, "credits", "deal_id" if source == "deals" else "order_id")
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
    }[dimension]


def is_available(tables: Tables, kpi: str, convention: str | None, dimensions: Sequence[str]) -> bool:
    """Tell whether the tables, columns and dimensions that a KPI needs are there."""
    orders = has(tables, "orders", *REQUIRED["orders"])
    living = has(tables, "customers", "left_on", "acquired_on") or orders
    acquired = has(tables, "customers", "acquired_on")
    deals = {
        "won_value": ("closed_on", "amount"),
        "win_rate": {"closed": ("closed_on",), "created": ("created_on", "closed_on")}.get(
            convention, ("created_on",)
        ),
        "sales_cycle_days": ("created_on", "closed_on"),
        "pipeline_value": ("created_on", "closed_on", "amount"),
    }
    if kpi in deals:
        is_there, sources = has(tables, "deals", "outcome", *deals[kpi]), ["deals"]
    elif kpi in ("active_customers", "relationship_years"):
        is_there, sources = living, ["customers"]
    elif kpi in ("new_customers", "acquisition_rate"):
        by_date = convention == "acquired_on"
        is_there, sources = (acquired, ["acquisitions"]) if by_date else (orders, ["customers"])
    elif kpi == "customer_lifetime_value":
        is_there, sources = orders and convention is not None, ["orders", "customers"]
    elif kpi == "customer_acquisition_cost":
        is_there, sources = orders and has(tables, "costs", "month", "amount"), ["costs", "customers"]
    else:
        is_there, sources = orders and (kpi != "gross_profit" or has(tables, "orders", "cost")), ["orders"]
    return is_there and all(is_known(tables, source, d) for source in sources for d in dimensions)
