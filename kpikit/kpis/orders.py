"""KPIs of orders: what was sold, to what profit, in how many orders."""

from kpikit.kpis.card import KPI
from kpikit.kpis.measures import Rows

__all__ = ["average_order_value", "gross_profit", "net_revenue", "order_count", "profit", "revenue"]

lines = Rows("orders", "order_date")
sales = Rows("orders", "order_date", "is_sale")
amount, orders = sales.money("amount"), sales.distinct("order_id")
net, profit = lines.money("amount"), lines.money("margin")

revenue = KPI(
    "revenue",
    "flow",
    "money",
    amount,
    definition="The amount of all sale lines, before refunds.",
    source="Farris et al., Marketing Metrics, ch. 2",
)
net_revenue = KPI(
    "net_revenue",
    "flow",
    "money",
    net,
    definition="The amount of all sale lines less refunds, each on its own date.",
)
gross_profit = KPI(
    "gross_profit",
    "flow",
    "money",
    profit,
    definition="Net revenue less the cost of what was sold; lines without a cost are left out of both.",
    source="Farris et al., Marketing Metrics, ch. 3",
)
order_count = KPI(
    "order_count",
    "flow",
    "count",
    orders,
    definition="The number of different orders with at least one sale line.",
)
average_order_value = KPI(
    "average_order_value",
    "rate",
    "money",
    amount / orders,
    definition="Revenue divided by the number of orders.",
)
