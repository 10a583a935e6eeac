"""What can be compared: no rate of a few rows, nor anything with a time in which old customers look new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.kpis.catalog import find
from kpikit.kpis.cohorts import censored_until
from kpikit.kpis.measure import measure
from kpikit.kpis.remarks import DAYS_CENSORED, is_left_censored
from kpikit.people.positions import LEAST_ROWS
from kpikit.periods import Period
from kpikit.views.words import asked_name

__all__ = ["compared", "few_text", "is_compared", "with_sure_past"]


def compared(
    figures: pd.DataFrame, dataset: Dataset, *, reference: Period | None, as_of: date
) -> pd.DataFrame:
    """Leave out the changes of figures that are left-censored, or were in the period of comparison.

    Parameters
    ----------
    figures
        What `measure` gives of one period.
    dataset, as_of
        What it was measured on.
    reference
        The period of comparison, which comes before: where a figure is left-censored, it was so then, too.

    Returns
    -------
    pandas.DataFrame
        The same rows; `change` and `change_ratio` are null where nothing can be compared.
    """
    known = censored_until(dataset, as_of) if "orders" in dataset.tables else None
    if figures.empty or known is None or reference is None:
        return figures
    if reference.start is None or reference.start >= known:
        return figures
    names = _names(figures)
    then = measure(dataset, list(dict.fromkeys(names)), period=reference, as_of=as_of)
    censored = set(_names(then[then["note"].map(is_left_censored)]))
    is_sure = ~names.isin(censored)
    changes = {name: figures[name].where(is_sure) for name in ("change", "change_ratio")}
    return figures.assign(**changes)


def with_sure_past(figures: pd.DataFrame, dataset: Dataset, *, as_of: date) -> pd.DataFrame:
    """Leave out what the units of a trend are compared with, where that was left-censored a year before.

    Parameters
    ----------
    figures
        What `measure` gives of one KPI by grain, beside the same part of the year before.
    dataset, as_of
        What it was measured on.
    """
    known = censored_until(dataset, as_of) if "orders" in dataset.tables else None
    if known is None or figures.empty or figures["reference"].isna().all():
        return figures
    is_early = figures["start"] < pd.Timestamp(known) + pd.DateOffset(years=1)
    if not is_early.any():
        return figures
    first = known - timedelta(DAYS_CENSORED)
    span = Period(f"{first}/{known - timedelta(1)}", first, known - timedelta(1), "range")
    then = measure(dataset, _names(figures).iloc[0], period=span, grain="month", as_of=as_of)
    if not then["note"].map(is_left_censored).any():
        return figures
    past = {name: figures[name].where(~is_early) for name in ("reference", "change", "change_ratio")}
    return figures.assign(**past)


def few_text(one: Mapping[str, Any]) -> str:
    """Write of how few rows a rate is that cannot be set beside another; nothing where it can.

    Examples
    --------
    >>> from kpikit.views.comparing import few_text
    >>> few_text({"kpi": "win_rate", "value": 0.5, "n": 4}), few_text({"kpi": "revenue", "value": 9, "n": 1})
    ('few: n = 4', '')
    """
    basis = one.get("basis", one["n"])
    is_few = pd.isna(basis) or basis < LEAST_ROWS
    is_few &= find(str(one["kpi"])).kind == "rate" and not pd.isna(one["value"])
    return f"few: n = {0 if pd.isna(basis) else int(basis)}" if is_few else ""


def is_compared(one: Mapping[str, Any]) -> bool:
    """Tell whether a figure has a change; what is left-censored has a reference, but no change."""
    return not pd.isna(one["reference"]) and not pd.isna(one["change"])


def _names(figures: pd.DataFrame) -> pd.Series:
    names = [asked_name(*one) for one in zip(figures["kpi"], figures["convention"], strict=True)]
    return pd.Series(names, index=figures.index, dtype="str")
