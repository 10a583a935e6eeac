"""One KPI under each of its conventions, and whose rank or status it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.errors import NotAvailableError, ParameterError, demand
from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import find
from kpikit.kpis.measure import measure
from kpikit.kpis.tabulating import read_by
from kpikit.periods import Period

__all__ = ["compare_conventions"]


def compare_conventions(
    dataset: Dataset,
    kpi: str | KPI,
    *,
    period: str | Period,
    by: str | Sequence[str] | None = None,
    where: Mapping[str, object] | None = None,
    as_of: str | date | None = None,
    target: float | None = None,
) -> pd.DataFrame:
    """Measure a KPI under each of its conventions: why your win rate is not my win rate.

    Parameters
    ----------
    dataset, period, by, where, as_of
        As in `measure`.
    kpi
        The name of a KPI without a convention, or a `KPI`.
    target
        A value to reach, in the KPI's unit; with it each convention has a status too.

    Returns
    -------
    pandas.DataFrame
        One row for each convention × group, the default convention first: `kpi`, `convention`, the
        dimensions, `period`, `value`, `n`, `rank` (1 is the best by the KPI's direction, among those that
        have a value; equals share a rank; null without a value, and for rows of nobody, such as those of
        "no rep"), `usual_rank` (under the first convention that has values), `rank_change` (places won,
        negative: lost), with a target `status` (reached, missed; null where the rank is) and
        `usual_status`; `is_changed`, whether rank or status is another than usual; and `note`.

    Raises
    ------
    NotAvailableError
        If the data can give the KPI under no convention.
    ParameterError
        If the KPI has one definition only, or if the target is no number.
    UnknownNameError, PeriodError
        As in `measure`.

    Examples
    --------
    >>> import kpikit as kp
    >>> sales = kp.load("data/samples")
    >>> rates = kp.compare_conventions(sales, "win_rate", period="2026-Q3", by="team")
    >>> rates[["convention", "team", "rank", "rank_change"]].head(2).values.tolist()
    [['closed', 'Alaska', 4, 0], ['closed', 'Bali', 3, 0]]
    """
    demand("compare_conventions", dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"))
    demand("compare_conventions", kpi=(kpi, (str, KPI), "One KPI: its name, or the KPI itself"))
    name, _, convention = kpi.partition(":") if isinstance(kpi, str) else ("", "", "")
    if convention:
        fault = f"'{kpi}' names one convention, and all are compared"
        raise ParameterError("compare_conventions", fault, hint=f"'{name}'")
    card = find(kpi)
    names = card.convention_names
    if len(names) < 2:
        fault = f"'{card.name}' has one definition" if names else f"'{card.name}' has none: {card.note}"
        raise ParameterError("compare_conventions", fault, hint="`kpikit kpis` lists conventions")
    if target is not None and not (isinstance(target, (int, float)) and np.isfinite(target)):
        raise ParameterError("compare_conventions", f"the target {target!r} is no number")
    dimensions = list(read_by(by))
    asked = [replace(card, formula=card.under(name)[1], conventions={}, default=name) for name in names]
    figures = measure(dataset, asked, period=period, by=dimensions, where=where, as_of=as_of)
    if not figures["value"].notna().any():
        alone = measure(dataset, asked, period=period, where=where, as_of=as_of) if by else figures
        reasons = "; ".join(dict.fromkeys(alone["note"][alone["note"] != ""]))
        raise NotAvailableError("compare_conventions", reasons or f"{card.name} has no figure to compare")
    figures = figures.drop(columns=["start", "end", "reference", "change", "change_ratio"])
    # Rows of nobody are shown apart: they are no rival of any member.
    is_nobody = pd.DataFrame({one: figures[one] == f"no {one}" for one in dimensions}, index=figures.index)
    can_rank = figures["value"].notna() & ~is_nobody.any(axis=1)
    best_first = (figures["value"] * (-1 if card.is_higher_better else 1)).where(can_rank)
    ranks = best_first.groupby(figures["convention"]).rank(method="min").astype("Int64")
    figures.insert(figures.columns.get_loc("note"), "rank", ranks)
    figures = _beside_usual(figures, "rank", dimensions)
    changed = (figures["rank"] != figures["usual_rank"]).fillna(False).astype(bool)
    change = figures["usual_rank"] - figures["rank"]
    figures.insert(figures.columns.get_loc("note"), "rank_change", change)
    if target is not None:
        reached = figures["value"] >= target if card.is_higher_better else figures["value"] <= target
        status = pd.Series(np.where(reached, "reached", "missed"), index=figures.index, dtype="str")
        figures.insert(figures.columns.get_loc("note"), "status", status.where(can_rank))
        figures = _beside_usual(figures, "status", dimensions)
        both = figures["status"].notna() & figures["usual_status"].notna()
        changed |= both & (figures["status"] != figures["usual_status"])
    figures.insert(figures.columns.get_loc("note"), "is_changed", changed)
    return figures


def _beside_usual(figures: pd.DataFrame, name: str, by: list[str]) -> pd.DataFrame:
    """Add what a group's column is under the first convention that has values."""
    told = figures[figures["value"].notna()]
    usual = told[told["convention"] == told["convention"].iloc[0]] if len(told) else told
    keys = pd.MultiIndex.from_frame(figures[["kpi", *by]])
    known = usual.set_index(["kpi", *by])[name]
    found = known.reindex(keys).set_axis(figures.index)
    figures.insert(figures.columns.get_loc("note"), f"usual_{name}", found)
    return figures
