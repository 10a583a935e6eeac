"""The figures of a review of channels: every KPI by channel, costs, the mix, trends, answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from kpikit.errors import NotAvailableError
from kpikit.kpis.catalog import find, names
from kpikit.kpis.inbox import arrivals, inbox, won_by_wait
from kpikit.kpis.measure import measure
from kpikit.language import weekday
from kpikit.people.contribution import OTHERS, contribution
from kpikit.periods import Period, shift, unit_of
from kpikit.selection.offers import lacks
from kpikit.views.comparing import compared
from kpikit.views.figures import Figures, bare, trend_period
from kpikit.views.keeping import once
from kpikit.views.words import asked_name

__all__ = [
    "ALL",
    "ANSWERS",
    "COSTS",
    "EVERYBODY",
    "answer_rows",
    "arrival_rows",
    "channel_rows",
    "cost_rows",
    "flow_of",
    "is_channel",
    "lack_of",
    "mix_rows",
    "quick_rows",
    "split_kpis",
    "told_arrivals",
    "told_quick",
    "trend_rows",
    "whole_of",
    "year_of",
]

ALL, EVERYBODY, NONE = "all channels", "all reps", "no channel"
NO_COSTS = "no costs are recorded"
MOST = 8  # more columns or lines than these nobody reads; the smaller ones are one
_SMALLER = re.compile(r"\d+ others")
COSTS = ("costs", "new_customers", "customer_acquisition_cost", "revenue", "revenue_per_cost")
ANSWERS = ("conversations_handled:started", "response_rate:within_1_hour", "response_rate:within_8_hours")
ANSWERS += ("response_rate", "first_response_hours")
# Costs are spread over days, so that their rows say nothing of how much a figure rests on.
_BASES = {"revenue_per_cost": "revenue", "customer_acquisition_cost": "costs"}
_SIZES = ("revenue", "won_value", "conversations_handled:started", "deals_created", "costs")


def every_kpi() -> list[str]:
    """List all KPIs by their default convention; where there is none, by each that they have."""
    return [asked for name in names()
            for asked in ([name] if find(name).formula is not None
                          else [f"{name}:{one}" for one in find(name).conventions])]  # fmt: skip


@once
def lack_of(shown: Figures, kpi: str) -> str:
    """Say why the data cannot split a KPI by channel; an empty text where they can."""
    return lacks(shown.dataset, [kpi], ("channel",), shown.as_of)[0]


@once
def split_kpis(shown: Figures) -> tuple[list[str], dict[str, str]]:
    """Give the KPIs that the data can split by channel, and of those that they can give at all, why not."""
    asked = every_kpi()
    why = lacks(shown.dataset, asked, ("channel",), shown.as_of)
    alone = lacks(shown.dataset, asked, (), shown.as_of)
    kept = [name for name, lack in zip(asked, why, strict=True) if not lack]
    others = {name: lack for name, lack, own in zip(asked, why, alone, strict=True) if lack and not own}
    return kept, others


def is_channel(name: str) -> bool:
    """Tell whether a column is one channel, which can be ahead of another; not several, nor what has none.

    Examples
    --------
    >>> from kpikit.views.channels import is_channel
    >>> [one for one in ("email", "5 others", "no channel", "all channels") if is_channel(one)]
    ['email']
    """
    return name not in (ALL, NONE, OTHERS) and not _SMALLER.fullmatch(name)


def flow_of(shown: Figures) -> str | None:
    """Give the flow whose mix is shown: the selection's KPI if it adds up, else revenue, else won value."""
    wanted = [shown.kpi, *_SIZES[:2]] if find(bare(shown.kpi)).kind == "flow" else _SIZES[:2]
    return next((one for one in wanted if not lack_of(shown, one)), None)


@once
def order_of(shown: Figures) -> list[str]:
    """List the channels of the selection, the largest first, what has no channel last."""
    sizes = [one for one in dict.fromkeys([flow_of(shown), *_SIZES]) if one and not lack_of(shown, one)]
    if not sizes:
        return []
    rows = _measured(shown, sizes[:4], by="channel")
    place = {_name(one): place for place, one in enumerate(rows[["kpi", "convention"]].drop_duplicates()
                                                           .itertuples(index=False))}  # fmt: skip
    rows = rows.assign(size=[place[_name(one)] for one in rows.itertuples()]).fillna({"value": 0.0})
    wide = rows.pivot_table(index="channel", columns="size", values="value", aggfunc="sum", fill_value=0.0)
    order = sorted(wide.index, key=lambda name: (name == NONE, [-v for v in wide.loc[name]], name))
    return [str(one) for one in order]


def split(
    shown: Figures, kpis: Sequence[str], *, period: Period | None = None, grain: str | None = None
) -> pd.DataFrame:
    """Measure KPIs by channel, the largest first; of more than eight the smaller ones together, as one.

    What has no channel is none of them.
    """
    rows = _measured(shown, kpis, by="channel", period=period, grain=grain)
    # What sold in another period alone comes after those of this one.
    order = list(dict.fromkeys([*order_of(shown), *rows["channel"]]))
    named = [one for one in order if one != NONE]
    kept, rest = (named, []) if len(named) <= MOST else (named[: MOST - 1], named[MOST - 1 :])
    known = rows[rows["channel"].isin([*kept, NONE])]
    if rest:
        others = _measured(shown, kpis, period=period, grain=grain, channels=rest)
        kept = [*kept, f"{len(rest)} others"]
        known = pd.concat([known, others.assign(channel=kept[-1])], ignore_index=True)
    kept = [*kept, NONE]
    places = {name: place for place, name in enumerate(kept)}
    kpi_places = {name: place for place, name in enumerate(dict.fromkeys(map(_name, rows.itertuples())))}
    known = known.assign(_kpi=[kpi_places[_name(one)] for one in known.itertuples()],
                         _at=known["channel"].map(places))  # fmt: skip
    return known.sort_values(["_kpi", "_at", "start"], ignore_index=True).drop(columns=["_kpi", "_at"])


@once
def channel_rows(shown: Figures) -> pd.DataFrame:
    """Give every KPI that the data can split by channel, of each channel and of all together."""
    kpis, _ = split_kpis(shown)
    return _with_all(shown, kpis) if kpis else pd.DataFrame()


@once
def cost_rows(shown: Figures) -> pd.DataFrame:
    """Give costs, new customers and revenue of each channel, and what one cost for the other."""
    kpis = [one for one in COSTS if not lack_of(shown, one)]
    return _with_all(shown, kpis) if "costs" in kpis else pd.DataFrame()


@once
def whole_of(shown: Figures, kpi: str) -> dict[str, Any]:
    """Give a KPI of all channels together, as a row of `measure`."""
    return _measured(shown, [kpi]).iloc[0].to_dict()


@once
def mix_rows(shown: Figures, kpi: str | None) -> pd.DataFrame:
    """Give the part of each channel in a flow and in its growth, with `share_before` and kpi."""
    if kpi is None or lack_of(shown, kpi):
        return pd.DataFrame()
    rows, whole = split(shown, [kpi]), whole_of(shown, kpi)
    was = whole["reference"] if shown.is_fair and not pd.isna(whole["change"]) else None
    told = contribution(rows, value=whole["value"], reference=was, by="channel")
    before = told["reference"]
    is_shared = before.sum() > 0 and bool((before >= 0).all())
    told["share_before"] = before / before.sum() if is_shared else float("nan")
    return told.assign(kpi=whole["kpi"], convention=whole["convention"], period=shown.period.label)


@once
def trend_rows(shown: Figures) -> pd.DataFrame:
    """Give the selection's KPI by channel and unit of time, as far as the units are complete."""
    if lack_of(shown, shown.kpi):
        return pd.DataFrame()
    span = trend_period(shown.period, shown.chosen.grain, shown.as_of, shown.dataset)
    base = _BASES.get(bare(shown.kpi))
    rows = split(shown, [shown.kpi, *([base] if base else [])], period=span, grain=shown.chosen.grain)
    rows = _based(rows)
    is_shown = (rows["kpi"] != base) & (rows["end"] <= pd.Timestamp(shown.as_of))
    return rows[is_shown].reset_index(drop=True)


@once
def answer_rows(shown: Figures, by: str) -> pd.DataFrame:
    """Give how many conversations started, were answered and how soon, by channel or by rep, and of all."""
    if lacks(shown.dataset, [ANSWERS[-1]], (by,), shown.as_of)[0]:
        return pd.DataFrame()
    if by == "channel":
        return _with_all(shown, ANSWERS)
    where = replace(shown.chosen, rep=None, team=shown.team).scope
    rows = _measured(shown, ANSWERS, by=by, where=where)
    return pd.concat([rows, _measured(shown, ANSWERS, where=where).assign(rep=EVERYBODY)], ignore_index=True)


@once
def arrival_rows(shown: Figures) -> pd.DataFrame:
    """Give how many conversations started on which weekday and in which hour, as `arrivals` gives it.

    Raises
    ------
    NotAvailableError
        If there are no conversations, or they cannot be kept to the scope.
    """
    talks = inbox(shown.dataset, shown.period, where=shown.chosen.scope, as_of=shown.as_of)
    return arrivals(shown.dataset, talks).assign(kpi="conversations_handled", convention="started")


@once
def quick_rows(shown: Figures) -> pd.DataFrame:
    """Give the win rate by how soon a deal's first conversation was answered, as `won_by_wait` gives it.

    Raises
    ------
    NotAvailableError
        If the data cannot tell the deals of conversations.
    """
    found = won_by_wait(shown.dataset, year_of(shown), where=shown.chosen.scope, as_of=shown.as_of)
    return found.assign(kpi="win_rate", convention="closed", period=year_of(shown).label)


def year_of(shown: Figures) -> Period:
    """Give the twelve months that end with the period's last known one: a quarter closes too few deals."""
    last = unit_of(min(shown.period.end, shown.as_of), "month", shown.dataset.calendar)
    first = shift(last, -11, shown.dataset.calendar)
    return Period(f"{first.label} to {last.label}", first.start, last.end, "range")


def told_arrivals(shown: Figures) -> pd.DataFrame:
    """Give the arrivals in words, for the results; nothing where there are none."""
    try:
        rows = arrival_rows(shown)
    except NotAvailableError:
        return pd.DataFrame()
    return rows.assign(weekday=rows["weekday"].map(weekday), hour=[f"{one:02d}:00" for one in rows["hour"]],
                       period=shown.period.label)  # fmt: skip


def told_quick(shown: Figures) -> pd.DataFrame:
    """Give the win rates by how soon somebody answered, for the results; nothing where there are none."""
    try:
        return quick_rows(shown)
    except NotAvailableError:
        return pd.DataFrame()


def _with_all(shown: Figures, kpis: Sequence[str]) -> pd.DataFrame:
    rows, whole = split(shown, kpis), _measured(shown, kpis)
    return _based(pd.concat([rows, whole.assign(channel=ALL)], ignore_index=True))


def _based(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `basis`, the rows by which a rate is judged: of revenue per cost its order lines, else `n`.

    A new customer of a channel without recorded costs did not cost nothing: what they cost is not known.
    """
    basis = rows["n"].astype("float64")
    keys = list(zip(rows["kpi"], rows["channel"], rows["period"], strict=True))
    counts = dict(zip(keys, basis, strict=True))
    found = [counts.get((_BASES.get(kpi), *whose), 0.0) for kpi, *whose in keys]
    bases = pd.Series(found, index=rows.index, dtype="float64")
    is_costless = (rows["kpi"] == "customer_acquisition_cost") & ~(bases > 0)
    basis = basis.where(rows["kpi"] != "revenue_per_cost", bases)
    told = rows.assign(basis=basis)
    told.loc[is_costless & told["value"].notna(), "note"] = NO_COSTS
    told.loc[is_costless, ["value", "change", "change_ratio"]] = float("nan")
    return told


def _measured(
    shown: Figures, kpis: Sequence[str], *, by: str | None = None, period: Period | None = None,
    grain: str | None = None, channels: Sequence[str] = (), where: dict[str, list[str]] | None = None,
) -> pd.DataFrame:  # fmt: skip
    scope = shown.chosen.scope if where is None else where
    rows = measure(
        shown.dataset, list(kpis), period=period or shown.period, by=by, grain=grain,
        compare=None if grain else shown.chosen.compare, as_of=shown.as_of,
        where=scope | ({"channel": list(channels)} if channels else {}),
    )  # fmt: skip
    return rows if grain else compared(rows, shown.dataset, reference=shown.reference, as_of=shown.as_of)


def _name(one: object) -> str:
    return asked_name(one.kpi, one.convention)  # type: ignore[attr-defined]
