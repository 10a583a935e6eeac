"""KPIs of customers: who is active, who is new, for how long they stay, and what they are worth."""

from kpikit.kpis.card import KPI
from kpikit.kpis.measures import Rows
from kpikit.kpis.orders import net, orders, profit

__all__ = [
    "acquisition_rate",
    "active_customers",
    "customer_acquisition_cost",
    "customer_lifetime_value",
    "new_customers",
    "relationship_years",
]

YEAR = 365
DAYS_A_YEAR = 365.25

line, tenures = Rows("customers", "start"), Rows("tenures", "start")
new = Rows("firsts", "order_date").count()
acquired = Rows("acquisitions", "acquired").count()
active, tenure = line.alive("customer", YEAR), tenures.alive("customer", YEAR, "tenure")
stayed = line.stayed("customer", YEAR, since=YEAR)
ever = line.open("stop")
spend = Rows("costs", "day").money("amount")

active_customers = KPI(
    "active_customers",
    "level",
    "count",
    active,
    definition="Customers acquired and not left; where leavings are not recorded, with an order in 365 days.",
)
new_customers = KPI(
    "new_customers",
    "flow",
    "count",
    new,
    conventions={"acquired_on": acquired},
    default="first_order",
    definition="Customers whose first order ever falls in the period.",
)
acquisition_rate = KPI(
    "acquisition_rate",
    "rate",
    "share",
    new / active.opening,
    definition="New customers divided by the customers active on the day before the period.",
)
relationship_years = KPI(
    "relationship_years",
    "level",
    "years",
    tenure / DAYS_A_YEAR / active,
    definition="The mean time since acquisition, or else the first order, of customers active on the day.",
)
_margin, _margin_12 = profit.so_far.otherwise(net.so_far), profit.trailing(YEAR).otherwise(net.trailing(YEAR))
_orders_12, _then = orders.trailing(YEAR), active.trailing(YEAR)
customer_lifetime_value = KPI(
    "customer_lifetime_value",
    "level",
    "money",
    None,
    conventions={
        "historic": _margin / ever,
        "simple": _orders_12 / active * (_margin_12 / _orders_12) * (1 / (1 - stayed / _then)),
    },
    definition="What a customer brings: so far (historic), or a year's margin times 1 / churn (simple).",
    note="there is no silent default: choose historic or simple",
    source="Farris et al., Marketing Metrics, ch. 5",
)
customer_acquisition_cost = KPI(
    "customer_acquisition_cost",
    "rate",
    "money",
    spend / new,
    is_higher_better=False,
    definition="Costs of the period divided by its new customers.",
)
