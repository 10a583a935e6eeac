"""The figures of a review of the pipeline: the funnel, the stages, what is open, and what is won."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kpikit.errors import NotAvailableError
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.card import KPI
from kpikit.kpis.funnel import FUNNEL, funnel
from kpikit.kpis.measure import measure
from kpikit.kpis.open_deals import OPEN, OPEN_DEALS, open_deals, undated_deals
from kpikit.kpis.stage_order import stage_order
from kpikit.kpis.stays import known_on
from kpikit.periods import unit_of
from kpikit.views.figures import Figures, trend_period
from kpikit.views.keeping import once

__all__ = ["EACH", "PACE", "deal_trend", "deals_listed", "deals_now", "funnel_rows", "has_deals", "lacks"]
__all__ += ["lacks_deals", "pace_now", "pipeline_now", "stage_rates", "undated", "whole_rate", "win_rates"]

PACE = ("win_rate", "sales_cycle_days", "sales_velocity")
NO_STAGE = "no stage"
_BY_STAGE = [
    "kpi",
    "convention",
    "stage",
    "period",
    "value",
    "weighted",
    "deals",
    "overdue",
    "without_amount",
]
EACH = 5
GROUPS = {
    "The largest": "amount",
    "The longest overdue": "overdue_days",
    "The longest in their stage": "stage_days",
    "The longest open": "open_days",
}
"""Which open deals are worth talking about, and by which column."""


def has_deals(shown: Figures) -> bool:
    """Tell whether there is anything to review."""
    return "deals" in shown.dataset.tables


@once
def funnel_rows(shown: Figures) -> pd.DataFrame:
    """Give how far the deals created in the period came, as `funnel` does; empty where nobody knows."""
    try:
        told = funnel(
            shown.dataset, period=shown.period, where=shown.chosen.scope, as_of=shown.as_of
        )  # fmt: skip
    except NotAvailableError:
        return pd.DataFrame(columns=FUNNEL)
    return told.assign(period=shown.period.label, kpi="deals_created", convention="default")


@once
def _order(shown: Figures) -> list[str]:
    return stage_order(known_on(shown.dataset, shown.as_of))


@once
def stage_rates(shown: Figures) -> pd.DataFrame:
    """Give conversion and days of each stage in the period, as `measure` does, in the order of the stages."""
    if "deal_stages" not in shown.dataset.tables:
        return pd.DataFrame(columns=["kpi", "stage", "value", "n", "reference", "note"])
    told = measure(
        shown.dataset, ["stage_conversion_rate", "stage_days"], period=shown.period, by="stage",
        compare=shown.chosen.compare, where=shown.chosen.scope, as_of=shown.as_of,
    )  # fmt: skip
    place = {name: at for at, name in enumerate(_order(shown))}
    order = told.assign(at=told["stage"].map(place)).dropna(subset=["at"])
    return order.sort_values(["at", "kpi"], kind="stable").drop(columns="at").reset_index(drop=True)


@once
def pipeline_now(shown: Figures) -> pd.DataFrame:
    """Give what is open on the as-of date by stage: value, weighted value, deals, overdue, without an amount.

    The stages come in their order, the time before the first one last; empty where nothing is open or known.
    """
    deals = deals_now(shown)
    if deals.empty:
        return pd.DataFrame(columns=_BY_STAGE)
    told = measure(
        shown.dataset, ["pipeline_value", "pipeline_value:weighted", OPEN],
        period=unit_of(shown.as_of, "day", shown.dataset.calendar), by="stage",
        where=shown.chosen.scope, as_of=shown.as_of,
    )  # fmt: skip
    names = told["convention"].where(told["kpi"] == "pipeline_value", "deals")
    wide = told.assign(name=names).pivot(index="stage", columns="name", values="value")
    stages = deals["stage"].fillna(NO_STAGE)
    made = pd.DataFrame(
        {
            "value": wide.get("amount"),
            "weighted": wide.get("weighted"),
            "deals": stages.value_counts(),
            "overdue": deals["overdue_days"].notna().groupby(stages).sum(),
            "without_amount": deals["amount"].isna().groupby(stages).sum(),
        }
    )
    order = [name for name in _order(shown) if name in made.index]
    made = made.loc[[*order, *(name for name in made.index if name not in order)]]
    counts = ("deals", "overdue", "without_amount")
    made = made.fillna(dict.fromkeys(counts, 0)).astype(dict.fromkeys(counts, int))
    made = made[made["deals"] > 0].rename_axis("stage").reset_index()
    made = made.assign(kpi="pipeline_value", convention="amount", period=str(shown.as_of))
    return made[_BY_STAGE]


@once
def deals_now(shown: Figures) -> pd.DataFrame:
    """Give the open deals of the as-of date, as `open_deals` does; empty where nobody knows."""
    try:
        return open_deals(shown.dataset, where=shown.chosen.scope, as_of=shown.as_of)
    except NotAvailableError:
        return pd.DataFrame(columns=OPEN_DEALS)


def deals_listed(shown: Figures) -> pd.DataFrame:
    """Give the open deals to talk about, each once, with the `group` for which it is named.

    How long they are open counts only where nobody knows how long they are in their stage.
    """
    deals = deals_now(shown)
    groups = {name: column for name, column in GROUPS.items() if deals[column].notna().any()}
    if "stage_days" in groups.values():
        groups.pop("The longest open", None)
    each = EACH if len(groups) > 1 else 3 * EACH
    parts, told = [], set()
    for name, column in groups.items():
        known = deals[deals[column].notna() & ~deals["deal_id"].isin(told)]
        top = known.sort_values([column, "deal_id"], ascending=[False, True]).head(each)
        parts.append(top.assign(group=name))
        told |= set(top["deal_id"])
    listed = pd.concat(parts) if parts else deals.assign(group="")
    return listed.assign(kpi="pipeline_value", convention="amount", value=listed["amount"])


@once
def undated(shown: Figures) -> int:
    """Count the open deals that no figure holds, because nobody wrote when they were created."""
    try:
        return undated_deals(shown.dataset, where=shown.chosen.scope, as_of=shown.as_of)
    except NotAvailableError:
        return 0


@once
def lacks_deals(shown: Figures) -> str:
    """Say why it is not known which deals are open; an empty text where it is."""
    return _lack(shown, OPEN)


@once
def lacks(shown: Figures, kpi: str) -> str:
    """Say why the data cannot give a KPI; an empty text where they can."""
    return _lack(shown, kpi)


def _lack(shown: Figures, kpi: str | KPI) -> str:
    day = unit_of(shown.as_of, "day", shown.dataset.calendar)
    notes = measure(shown.dataset, kpi, period=day, as_of=shown.as_of)["note"]
    return str(notes.iloc[0]) if notes.iloc[0].startswith("not available") else ""


@once
def pace_now(shown: Figures) -> pd.DataFrame:
    """Give win rate, cycle and velocity of the period, in the scope of the selection.

    `reference_n` is the `n` of the figure with which each is compared.
    """
    told, before = _measured(shown, None, shown.chosen.scope), shown.reference
    if before is None:
        return told.assign(reference_n=pd.NA)
    then = measure(
        shown.dataset, list(PACE), period=before, where=shown.chosen.scope, as_of=shown.as_of
    )  # fmt: skip
    return told.assign(reference_n=then["n"])


@once
def deal_trend(shown: Figures) -> pd.DataFrame:
    """Give win rate, cycle and velocity by grain, until the period's end."""
    told = measure(
        shown.dataset, list(PACE), grain=shown.chosen.grain, where=shown.chosen.scope, as_of=shown.as_of,
        period=trend_period(shown.period, shown.chosen.grain, shown.as_of, shown.dataset),
    )  # fmt: skip
    first = pd.Timestamp(shown.period.start) if shown.period.start else pd.Timestamp("1900-01-01")
    inside = (told["end"] >= first) & (told["start"] <= pd.Timestamp(shown.period.end))
    return told.assign(is_chosen=inside, is_complete=told["end"] <= pd.Timestamp(shown.as_of))


@once
def win_rates(shown: Figures) -> pd.DataFrame:
    """Give win rate and cycle by the chosen dimension; by rep or team, of the whole team of the selection."""
    return _measured(shown, shown.chosen.by, _compared(shown), PACE[:2])


def _compared(shown: Figures) -> dict[str, list[str]]:
    of_members = shown.chosen.by in MEMBER_DIMENSIONS
    return replace(shown.chosen, rep=None, team=shown.team).scope if of_members else shown.chosen.scope


@once
def whole_rate(shown: Figures) -> float:
    """Give the win rate of all who are compared in `win_rates` together."""
    told = measure(
        shown.dataset, "win_rate", period=shown.period, where=_compared(shown), as_of=shown.as_of
    )  # fmt: skip
    return float(told["value"].iloc[0])


def _measured(
    shown: Figures, by: str | None, where: dict[str, list[str]], kpis: tuple[str, ...] = PACE
) -> pd.DataFrame:
    return measure(
        shown.dataset, list(kpis), period=shown.period, by=by, compare=shown.chosen.compare, where=where,
        as_of=shown.as_of,
    )  # fmt: skip
