"""KPIs of deals: what was won, how often, how fast, and what is open."""

from kpikit.kpis.card import KPI
from kpikit.kpis.measures import Formula, Rows
from kpikit.kpis.orders import SALES_FORCE

__all__ = ["average_deal_size", "conversion_rate", "deals_created", "deals_won", "pipeline_coverage"]
__all__ += ["pipeline_value", "stage_conversion_rate", "stage_days"]
__all__ += ["sales_cycle_days", "sales_velocity", "win_rate", "won_value"]

PIPELINE = f"{SALES_FORCE}: pipeline analysis"

won, closed = Rows("deals", "closed", "is_won"), Rows("deals", "closed", "is_closed")
created, won_of_created = Rows("deals", "created"), Rows("deals", "created", "is_won")
dated = Rows("deals", "dated")
cycles, all_cycles = Rows("deals", "closed", "is_cycle"), Rows("deals", "closed", "is_closed_cycle")
spans = Rows("deals", "created", "is_spanned")
prospects, converted = Rows("leads", "created", "is_prospect"), Rows("leads", "created", "is_converted")
entered, moved_of_entered = Rows("stays", "entered"), Rows("stays", "entered", "is_moved")
left, moved = Rows("stays", "until", "is_left"), Rows("stays", "until", "is_moved")
mean_cycle = cycles.sum("cycle_days") / cycles.count()
deal_size = won.money("amount") / won.count().where_known("amount")


def _won_within(days: int) -> Formula:
    quick = Rows("deals", "created", f"is_won_in_{days}")
    return quick.count().ripe(days) / created.count().ripe(days)


deals_created = KPI(
    "deals_created",
    "flow",
    "count",
    created.count(),
    definition="The number of deals created in the period; a lead is a deal in its first stage.",
    written={"default": "deals, by creation date"},
    gaming="Deals can be entered that nobody means to buy.",
    balance=("conversion_rate", "win_rate"),
    source=PIPELINE,
)
deals_won = KPI(
    "deals_won",
    "flow",
    "count",
    won.count(),
    definition="The number of deals won, by closing date.",
    written={"default": "deals won, by closing date"},
    gaming="One deal can be split into several, and small ones be preferred.",
    balance=("average_deal_size", "won_value"),
    source=PIPELINE,
)
won_value = KPI(
    "won_value",
    "flow",
    "money",
    won.money("amount"),
    definition="The amount of deals won, by closing date.",
    written={"default": "Σ amount of deals won, by closing date"},
    gaming="Amounts can be written higher than what is ordered later.",
    balance=("revenue", "win_rate"),
    source=PIPELINE,
)
average_deal_size = KPI(
    "average_deal_size",
    "rate",
    "money",
    deal_size,
    definition="The mean amount of the deals won in the period that have an amount.",
    written={"default": "won_value ÷ deals won with an amount"},
    gaming="Small customers can be left alone.",
    balance=("deals_won", "sales_cycle_days"),
    source=PIPELINE,
)
win_rate = KPI(
    "win_rate",
    "rate",
    "share",
    won.count() / closed.count(),
    conventions={"created": won.count() / dated.count(), "cohort": won_of_created.count() / created.count()},
    default="closed",
    definition="The share of deals that are won: of those closed in the period, by closing date.",
    written={
        "closed": "deals won ÷ deals won or lost, by closing date",
        "created": "deals won, by closing date ÷ all deals, by creation date, else by closing date",
        "cohort": "of the deals created in the period, those won so far ÷ all",
    },
    gaming="Lost deals can be left open, and uncertain ones not be entered.",
    balance=("pipeline_value", "sales_cycle_days", "deals_created"),
    source=PIPELINE,
)
conversion_rate = KPI(
    "conversion_rate",
    "rate",
    "share",
    _won_within(90),
    conventions={
        "within_30_days": _won_within(30),
        "within_180_days": _won_within(180),
        "first_order": converted.count().ripe(90) / prospects.count().ripe(90),
    },
    default="within_90_days",
    definition="The share of deals created in the period that were won within 90 days; "
    "only deals that have had 90 days count.",
    written={
        **{
            f"within_{days}_days": f"of the deals created in the period and at least {days} days before the "
            f"as-of date, those won within {days} days ÷ all"
            for days in (90, 30, 180)
        },
        "first_order": "of the deals created in the period and at least 90 days before the as-of date, whose "
        "customer had not ordered before, those whose customer ordered within 90 days ÷ all",
    },
    gaming="Leads can be entered as deals only when they are almost won.",
    balance=("deals_created", "won_value"),
    source=PIPELINE,
)
sales_cycle_days = KPI(
    "sales_cycle_days",
    "rate",
    "days",
    cycles.median("cycle_days"),
    conventions={"all_closed": all_cycles.median("cycle_days"), "mean": mean_cycle},
    default="won",
    is_higher_better=False,
    definition="The median number of days from the creation of a deal to its winning.",
    written={
        "won": "median of (closing date − creation date) of deals won, by closing date",
        "all_closed": "median of (closing date − creation date) of deals won or lost, by closing date",
        "mean": "mean of (closing date − creation date) of deals won, by closing date",
    },
    gaming="Deals can be entered late, when they are almost won.",
    balance=("win_rate", "deals_created"),
    source=PIPELINE,
)
sales_velocity = KPI(
    "sales_velocity",
    "rate",
    "money",
    spans.open("until") * deal_size * (won.count() / closed.count()) / mean_cycle,
    conventions={"closed": closed.count() * deal_size * (won.count() / closed.count()) / mean_cycle},
    default="open",
    definition="What the pipeline brings per day: open deals × average deal size × win rate ÷ mean cycle.",
    written={
        "open": "deals open on the last day × average_deal_size × win_rate ÷ sales_cycle_days:mean",
        "closed": "deals closed in the period × average_deal_size × win_rate ÷ sales_cycle_days:mean",
    },
    gaming="Deals that nobody works on can be left open.",
    balance=("win_rate", "won_value"),
    source="kpikit; the usual pipeline velocity of CRM systems",
)
pipeline_value = KPI(
    "pipeline_value",
    "level",
    "money",
    spans.open("until", "amount"),
    conventions={"weighted": Rows("stays", "opened", "is_spanned").open("until", "weighted_amount")},
    default="amount",
    definition="The amount of deals open at the end of the day, at today's amounts.",
    written={
        "amount": "Σ amount of deals created by the day and not closed by its end",
        "weighted": "Σ (amount × probability of the stage) of these deals, as dataset.yaml tells it",
    },
    gaming="Lost deals can be left open, and amounts be hoped for.",
    balance=("win_rate", "sales_cycle_days"),
    source=PIPELINE,
)
stage_conversion_rate = KPI(
    "stage_conversion_rate",
    "rate",
    "share",
    moved.count() / left.count(),
    conventions={"entered": moved_of_entered.count() / entered.count()},
    default="left",
    definition="Of the stays in a stage that ended, the share that moved on or was won; read it by stage.",
    written={
        "left": "stays that moved on ÷ stays that ended, by the day of their end",
        "entered": "of the stays that began in the period, those that moved on so far ÷ all",
    },
    gaming="Deals can be left in a stage, or be entered in it only when they are about to leave it.",
    balance=("stage_days", "win_rate"),
    source=PIPELINE,
)
stage_days = KPI(
    "stage_days",
    "rate",
    "days",
    left.median("stay_days"),
    is_higher_better=False,
    definition="The median number of days that a stay in a stage lasted; read it by stage.",
    written={"default": "median of (end − begin) of the stays that ended in the period"},
    gaming="Deals can be moved on before they are ready.",
    balance=("stage_conversion_rate", "win_rate"),
    source=PIPELINE,
)
pipeline_coverage = KPI(
    "pipeline_coverage",
    "level",
    "times",
    None,
    definition="The open pipeline divided by what is still lacking to a target, target − actual.",
    note="it needs a target: kp.pipeline_coverage(dataset, plan)",
    gaming="Deals that nobody works on can be left open.",
    balance=("win_rate", "sales_cycle_days"),
    source=PIPELINE,
)
