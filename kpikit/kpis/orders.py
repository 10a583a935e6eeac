"""KPIs of orders: what was sold, to what profit, in how many orders."""

from kpikit.kpis.card import KPI
from kpikit.kpis.measures import Rows

__all__ = ["average_order_value", "costs", "discount_rate", "gross_margin", "gross_profit", "net_revenue"]
__all__ += [
    "operating_profit",
    "order_count",
    "profit",
    "revenue",
    "revenue_per_cost",
    "revenue_per_rep",
    "units_sold",
]

MARGINS = "Farris, Bendle, Pfeifer, Reibstein: Marketing Metrics, ch. 3 (Margins and Profits)"
PRICES = "Farris, Bendle, Pfeifer, Reibstein: Marketing Metrics, ch. 8 (Promotion): price waterfall"
SALES_FORCE = (
    "Farris, Bendle, Pfeifer, Reibstein: Marketing Metrics, ch. 6 (Sales Force and Channel Management)"
)

lines = Rows("orders", "order_date")
sales = Rows("orders", "order_date", "is_sale")
amount, orders = sales.money("amount"), sales.distinct("order_id")
net, profit = lines.money("amount"), lines.money("margin")
discount = sales.money("discount").where_known("amount")
spend = Rows("costs", "day").money("amount")
headcount = Rows("employments", "start").open("until")

revenue = KPI(
    "revenue",
    "flow",
    "money",
    amount,
    definition="The amount of all sale lines, before refunds.",
    written={"default": "Σ amount of sale lines, by order date"},
    gaming="Orders can be booked early or sold at a deep discount, and be refunded later.",
    balance=("net_revenue", "gross_margin", "discount_rate"),
    source=MARGINS,
)
net_revenue = KPI(
    "net_revenue",
    "flow",
    "money",
    net,
    definition="The amount of all sale lines less refunds, each on its own date.",
    written={"default": "Σ amount of sale lines and refunds, by their own date"},
    gaming="Goods can be sold at a price that leaves no profit, and refunds be put off until the next "
    "period.",
    balance=("gross_profit", "repeat_purchase_rate"),
    source=MARGINS,
)
gross_profit = KPI(
    "gross_profit",
    "flow",
    "money",
    profit,
    definition="Net revenue less the cost of what was sold; lines without a cost are left out of both.",
    written={"default": "Σ (amount − cost) of lines with both"},
    gaming="What was sold at a loss can be left without a cost, and prices be raised until customers leave.",
    balance=("net_revenue", "retention_rate"),
    source=MARGINS,
)
gross_margin = KPI(
    "gross_margin",
    "rate",
    "share",
    profit / net.where_known("margin"),
    definition="Gross profit as a share of net revenue; lines without a cost are left out of both.",
    written={"default": "Σ (amount − cost) ÷ Σ amount, of lines with both"},
    gaming="Customers who buy at a low margin can be turned away, and revenue lost with them.",
    balance=("gross_profit", "revenue"),
    source=MARGINS,
)
operating_profit = KPI(
    "operating_profit",
    "flow",
    "money",
    profit - spend,
    definition="Gross profit less the costs of the period.",
    written={"default": "gross_profit − Σ costs, a month's cost spread over its days"},
    gaming="Spend that pays off later, such as acquisition, can be cut.",
    balance=("new_customers", "revenue"),
    source=MARGINS,
)
costs = KPI(
    "costs",
    "flow",
    "money",
    spend,
    is_higher_better=False,
    definition="What was spent to sell; a month's cost is spread over its days.",
    written={"default": "Σ costs, each day of a month with its part"},
    gaming="Costs can be booked elsewhere, or spend that pays off later be cut.",
    balance=("revenue_per_cost", "new_customers"),
    source=MARGINS,
)
revenue_per_cost = KPI(
    "revenue_per_cost",
    "rate",
    "times",
    amount / spend,
    definition="Revenue divided by the costs of the period: what each unit of money spent came with.",
    written={"default": "revenue ÷ Σ costs"},
    gaming="Spend that pays off later can be cut; revenue that would have come anyway counts too.",
    balance=("costs", "customer_acquisition_cost", "gross_margin"),
    source="kpikit; the usual return on spend of marketing, such as ROAS",
)
units_sold = KPI(
    "units_sold",
    "flow",
    "count",
    sales.sum("quantity"),
    definition="The number of units on all sale lines, before refunds.",
    written={"default": "Σ quantity of sale lines"},
    gaming="Cheap products can be pushed, for they count as much as dear ones.",
    balance=("revenue", "gross_margin"),
    source=MARGINS,
)
discount_rate = KPI(
    "discount_rate",
    "rate",
    "share",
    discount / (sales.money("amount").where_known("discount") + discount),
    is_higher_better=False,
    definition="The share of the list price that was given away on sale lines.",
    written={"default": "Σ discount ÷ Σ (amount + discount), of sale lines with both"},
    gaming="List prices can be lowered instead, goods be given away free, and sales be lost for a small "
    "discount.",
    balance=("gross_margin", "win_rate", "revenue"),
    source=PRICES,
)
order_count = KPI(
    "order_count",
    "flow",
    "count",
    orders,
    conventions={"with_refunds": lines.distinct("order_id")},
    default="sales",
    definition="The number of different orders; by default those with at least one sale line.",
    written={
        "sales": "different orders with a sale line",
        "with_refunds": "different orders with any line, refunds among them",
    },
    gaming="One order can be split into several.",
    balance=("average_order_value", "revenue"),
    source="kpikit; the usual count of orders",
)
average_order_value = KPI(
    "average_order_value",
    "rate",
    "money",
    amount / orders,
    conventions={"with_refunds": net / lines.distinct("order_id")},
    default="sales",
    definition="The mean value of an order, by default before refunds.",
    written={
        "sales": "revenue ÷ order_count",
        "with_refunds": "net_revenue ÷ different orders with any line, refunds among them",
    },
    gaming="Small customers can be left alone, or small orders be held back and joined.",
    balance=("order_count", "active_customers"),
    source="kpikit; the usual mean of orders",
)
revenue_per_rep = KPI(
    "revenue_per_rep",
    "rate",
    "money",
    amount / ((headcount + headcount.opening) / 2),
    conventions={"selling": amount / sales.distinct("rep")},
    default="employed",
    definition="Revenue divided by the number of reps; by default the mean of those employed just before the "
    "period and on its last day.",
    written={
        "employed": "revenue ÷ mean of the reps employed on the day before the period and on its last day",
        "selling": "revenue ÷ reps with a sale line in the period",
    },
    gaming="Posts can be left open, so that fewer people carry more and customers wait.",
    balance=("revenue", "first_response_hours"),
    source=SALES_FORCE,
)
