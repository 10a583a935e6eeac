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
    balance=("revenue", "average_deal_size"),
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
    definition="The share of deals that are won; by default of those closed in the period.",
    written={
        "closed": "deals won ÷ deals won or lost, both by closing date",
        "created": "deals won (by closing date) ÷ all deals (by creation date, else by closing date)",
        "cohort": "of the deals created in the period, those won so far ÷ all",
    },
    gaming="Lost deals can be left open, and uncertain ones never be entered.",
    balance=("conversion_rate", "pipeline_value", "deals_created"),
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
    definition="The share of deals created in the period that became a sale in time, by default won within "
    "90 days; deals that have not had that long yet do not count.",
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
    balance=("deals_created", "sales_cycle_days"),
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
    definition="The days from the creation of a deal to its closing; by default the median of the deals won.",
    written={
        "won": "median of (closing date − creation date) of deals won, by closing date",
        "all_closed": "median of (closing date − creation date) of deals won or lost, by closing date",
        "mean": "mean of (closing date − creation date) of deals won, by closing date",
    },
    gaming="Deals can be entered late, when they are almost won, and large ones that take long be left "
    "alone.",
    balance=("deals_created", "average_deal_size"),
    source=PIPELINE,
)
sales_velocity = KPI(
    "sales_velocity",
    "rate",
    "money",
    spans.open("until") * deal_size * (won.count() / closed.count()) / mean_cycle,
    conventions={"closed": closed.count() * deal_size * (won.count() / closed.count()) / mean_cycle},
    default="open",
    definition="What the pipeline brings per day: deals (by default the open ones) × average deal size × win "
    "rate ÷ mean cycle.",
    written={
        "open": "deals open on the last day × average_deal_size × win_rate ÷ sales_cycle_days:mean",
        "closed": "deals closed in the period × average_deal_size × win_rate ÷ sales_cycle_days:mean",
    },
    gaming="Deals that nobody works on can be left open.",
    balance=("won_value", "conversion_rate"),
    source="kpikit; the usual pipeline velocity of CRM systems",
)
pipeline_value = KPI(
    "pipeline_value",
    "level",
    "money",
    spans.open("until", "amount"),
    conventions={"weighted": Rows("stays", "opened", "is_spanned").open("until", "weighted_amount")},
    default="amount",
    definition="The amount, as it stands today, of the deals open at the end of the day; by default in full.",
    written={
        "amount": "Σ amount of deals created by the day and not closed by its end",
        "weighted": "Σ (amount × probability, in dataset.yaml, of its stage on the day) of these deals, "
        "without those whose stage has none",
    },
    gaming="Lost deals can be left open, and amounts be entered that nobody will pay.",
    balance=("won_value", "conversion_rate"),
    source=PIPELINE,
)
stage_conversion_rate = KPI(
    "stage_conversion_rate",
    "rate",
    "share",
    moved.count() / left.count(),
    conventions={"entered": moved_of_entered.count() / entered.count()},
    default="left",
    definition="The share of stays of deals in a stage that moved on or were won, by default of those that "
    "ended in the period; read it by stage, where a deal that comes back stays again.",
    written={
        "left": "stays in a stage that moved on, or were won ÷ all that ended, by the day they ended",
        "entered": "of the stays in a stage that began in the period, those that moved on so far ÷ all",
    },
    gaming="Lost deals can be left in a stage, and deals be moved into it only when they are about to leave "
    "it.",
    balance=("pipeline_value", "stage_days"),
    source=PIPELINE,
)
stage_days = KPI(
    "stage_days",
    "rate",
    "days",
    left.median("stay_days"),
    is_higher_better=False,
    definition="The median number of days of the stays of deals in a stage that ended in the period; read it "
    "by stage, where a deal that comes back stays again.",
    written={"default": "median of (day of leaving − day of coming to the stage), by the day of leaving"},
    gaming="Deals can be moved on before they are ready.",
    balance=("stage_conversion_rate", "win_rate"),
    source=PIPELINE,
)
pipeline_coverage = KPI(
    "pipeline_coverage",
    "level",
    "times",
    None,
    definition="The open pipeline divided by what is still missing to reach a target.",
    written={"default": "pipeline_value ÷ (target − what has been reached of it)"},
    note="it needs a target: kp.pipeline_coverage(dataset, plan)",
    gaming="Deals that nobody works on can be left open.",
    balance=("won_value", "conversion_rate"),
    source=PIPELINE,
)
