"""KPIs of deals: what was won, how often, how fast, and what is open."""

from kpikit.kpis.card import KPI
from kpikit.kpis.measures import Rows

__all__ = ["pipeline_value", "sales_cycle_days", "win_rate", "won_value"]

won, closed = Rows("deals", "closed", "is_won"), Rows("deals", "closed", "is_closed")
created, won_of_created = Rows("deals", "created"), Rows("deals", "created", "is_won")
dated = Rows("deals", "dated")
cycles, spans = Rows("deals", "closed", "is_cycle"), Rows("deals", "created", "is_spanned")

won_value = KPI(
    "won_value",
    "flow",
    "money",
    won.money("amount"),
    definition="The amount of deals won, by closing date.",
)
win_rate = KPI(
    "win_rate",
    "rate",
    "share",
    won.count() / closed.count(),
    conventions={"created": won.count() / dated.count(), "cohort": won_of_created.count() / created.count()},
    default="closed",
    definition="The share of deals that are won: of those closed in the period, by closing date.",
)
sales_cycle_days = KPI(
    "sales_cycle_days",
    "rate",
    "days",
    cycles.median("cycle_days"),
    is_higher_better=False,
    definition="The median number of days from the creation of a deal to its winning.",
)
pipeline_value = KPI(
    "pipeline_value",
    "level",
    "money",
    spans.open("until", "amount"),
    definition="The amount of deals open at the end of the day, at today's amounts.",
)
