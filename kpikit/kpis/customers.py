"""KPIs of customers: who is active, who is new, for how long they stay, and what they are worth."""

from kpikit.kpis.card import KPI
from kpikit.kpis.deals import created, won
from kpikit.kpis.measures import Formula, Rows
from kpikit.kpis.orders import amount, net, orders, profit, sales, spend

__all__ = ["acquisition_rate", "active_customers", "churn_rate", "customer_acquisition_cost"]
__all__ += ["customer_lifetime_value", "existing_customer_revenue", "new_customer_revenue", "new_customers"]
__all__ += ["relationship_years", "repeat_purchase_rate", "retention_rate", "revenue_per_customer"]

CUSTOMERS = "Farris, Bendle, Pfeifer, Reibstein: Marketing Metrics, ch. 5 (Customer Profitability)"
YEAR = 365
DAYS_A_YEAR = 365.25

line, tenures = Rows("customers", "start"), Rows("tenures", "start")
orderers, leavers = Rows("customers", "start", "is_order"), Rows("leavings", "left", "is_over")
visitors, returning = Rows("visits", "order_date", "is_visit"), Rows("visits", "order_date", "is_again")
new = Rows("firsts", "order_date").count()
acquired = Rows("acquisitions", "acquired").count()
active, tenure = line.alive("customer", YEAR), tenures.alive("customer", YEAR, "tenure")
stayed, retained = line.stayed("customer", YEAR, since=YEAR), line.stayed("customer", YEAR)
ever = line.open("stop")
retention: dict[str, Formula] = {
    "identity": retained / active.opening,
    "counts": (active - new) / active.opening,
}
churn = 1 - stayed / active.trailing(YEAR)


def _of_age(label: str) -> Formula:
    return Rows("orders", "order_date", "is_sale", where={"customer_age": label}).money("amount")


active_customers = KPI(
    "active_customers",
    "level",
    "count",
    active,
    conventions={f"ordered_in_{days}_days": orderers.alive("customer", days) for days in (90, 180, YEAR)},
    default="active",
    definition="The customers there are; by default those who came and have not left or, where leavings are "
    "not recorded, who ordered in the last 365 days.",
    written={
        "active": "customers acquired by the day and not left by its end, else with an order in the 365 days "
        "that end on it",
        **{
            f"ordered_in_{days}_days": f"customers with an order in the {days} days that end on the day"
            for days in (90, 180, YEAR)
        },
    },
    gaming="Customers who have long gone can be kept in the books, or be sold almost nothing.",
    balance=("existing_customer_revenue", "revenue_per_customer"),
    source=CUSTOMERS,
)
new_customers = KPI(
    "new_customers",
    "flow",
    "count",
    new,
    conventions={"acquired_on": acquired},
    default="first_order",
    definition="Customers won in the period; by default those whose first order ever falls in it.",
    written={
        "first_order": "customers, by the day of their first order ever",
        "acquired_on": "customers, by the day of acquisition that the table of customers tells",
    },
    gaming="An old customer can be entered under a new id, or one be bought with a discount who never "
    "returns.",
    balance=("repeat_purchase_rate", "customer_acquisition_cost", "retention_rate"),
    source=CUSTOMERS,
)
acquisition_rate = KPI(
    "acquisition_rate",
    "rate",
    "share",
    new / active.opening,
    conventions={"prospects": won.count() / created.count()},
    default="active",
    definition="Customers won, as a share: by default of the customers active on the day before the period.",
    written={
        "active": "new_customers ÷ active_customers on the day before the period",
        "prospects": "deals won (by closing date) ÷ deals created (by creation date)",
    },
    gaming="A small base makes the rate high, and customers can be won who do not stay.",
    balance=("retention_rate", "customer_acquisition_cost"),
    source=CUSTOMERS,
)
retention_rate = KPI(
    "retention_rate",
    "rate",
    "share",
    retention["identity"],
    conventions={"counts": retention["counts"]},
    default="identity",
    definition="Of the customers active just before the period, the share kept until its end; by default "
    "those acquired in between do not count.",
    written={
        "identity": "customers active on the day before the period and on its last day ÷ those active before",
        "counts": "(active_customers on the last day − new_customers) ÷ active_customers on the day before",
    },
    gaming="Customers about to leave can be held by discounts that cost more than they bring.",
    balance=("gross_margin", "revenue_per_customer"),
    source=CUSTOMERS,
)
churn_rate = KPI(
    "churn_rate",
    "rate",
    "share",
    1 - retention["identity"],
    conventions={"counts": 1 - retention["counts"]},
    default="identity",
    is_higher_better=False,
    definition="Of the customers active just before the period, the share lost by its end; by default those "
    "acquired in between do not count.",
    written={"identity": "1 − retention_rate", "counts": "1 − retention_rate:counts"},
    gaming="A leaving can be recorded late, or not at all.",
    balance=("existing_customer_revenue",),
    source=CUSTOMERS,
)
repeat_purchase_rate = KPI(
    "repeat_purchase_rate",
    "rate",
    "share",
    returning.distinct("customer_id") / visitors.distinct("customer_id"),
    definition="Of the customers who ordered in the period, the share with one that was not their first.",
    written={
        "default": "customers with an order in the period that is not their first ever ÷ customers with one"
    },
    gaming="One order can be split into two, and the rate rises when nobody new is won.",
    balance=("average_order_value", "new_customers"),
    source="kpikit; the usual repeat customer rate of retail",
)
revenue_per_customer = KPI(
    "revenue_per_customer",
    "rate",
    "money",
    amount / sales.distinct("customer_id"),
    definition="Revenue divided by the number of customers who ordered in the period.",
    written={"default": "revenue ÷ different customers with a sale line"},
    gaming="Small customers can be left alone.",
    balance=("active_customers", "new_customers"),
    source=CUSTOMERS,
)
new_customer_revenue = KPI(
    "new_customer_revenue",
    "flow",
    "money",
    _of_age("new"),
    definition="Revenue from customers in their first 365 days, counted from their first order ever.",
    written={"default": "Σ amount of sale lines less than 365 days after the customer's first order"},
    gaming="An old customer can be entered under a new id.",
    balance=("existing_customer_revenue", "customer_acquisition_cost"),
    source="kpikit",
)
existing_customer_revenue = KPI(
    "existing_customer_revenue",
    "flow",
    "money",
    _of_age("existing"),
    definition="Revenue from customers whose first order ever was 365 days ago or more.",
    written={"default": "Σ amount of sale lines 365 days or more after the customer's first order"},
    gaming="The search for new customers can be given up while the old ones bring enough.",
    balance=("new_customer_revenue", "retention_rate"),
    source="kpikit",
)
relationship_years = KPI(
    "relationship_years",
    "level",
    "years",
    tenure / DAYS_A_YEAR / active,
    conventions={
        "completed": leavers.sum("stayed_days").so_far / leavers.count().so_far / DAYS_A_YEAR,
        "inverse_churn": 1 / churn,
    },
    default="active",
    definition="How many years somebody is a customer; by default the mean so far, of those active on the "
    "day.",
    written={
        "active": "mean of (day − acquisition or first order, the earlier one) of active customers, in years",
        "completed": "mean of (leaving − acquisition or first order) of customers who left by then, in years",
        "inverse_churn": "1 ÷ churn of the 365 days that end on the day, in years",
    },
    gaming="It rises when nobody new is won, and when young customers leave.",
    balance=("new_customers", "retention_rate"),
    source=CUSTOMERS,
)
_margin, _margin_12 = profit.so_far.otherwise(net.so_far), profit.trailing(YEAR).otherwise(net.trailing(YEAR))
_orders_12 = orders.trailing(YEAR)
customer_lifetime_value = KPI(
    "customer_lifetime_value",
    "level",
    "money",
    None,
    conventions={
        "historic": _margin / ever,
        "simple": _orders_12 / active * (_margin_12 / _orders_12) * (1 / churn),
    },
    definition="What a customer brings: on average so far (historic), or a year's profit times the years "
    "that customers stay (simple).",
    note="there is no silent default: choose historic or simple",
    written={
        "historic": "(gross_profit so far, else net_revenue so far) ÷ customers ever acquired",
        "simple": "gross_profit (else net_revenue) per order × orders per active customer × 1 ÷ churn_rate, "
        "each of the 365 days that end on the day",
    },
    gaming="A few leavings that are not recorded make simple much larger, and the convention can be chosen "
    "once both figures are known.",
    balance=("existing_customer_revenue", "revenue_per_customer"),
    source=CUSTOMERS,
)
customer_acquisition_cost = KPI(
    "customer_acquisition_cost",
    "rate",
    "money",
    spend / new,
    is_higher_better=False,
    definition="Costs of the period divided by its new customers.",
    written={"default": "Σ costs ÷ new_customers"},
    gaming="Discounts can take the place of spend, and customers be won who do not stay.",
    balance=("discount_rate", "customer_lifetime_value", "retention_rate"),
    source=CUSTOMERS,
)
