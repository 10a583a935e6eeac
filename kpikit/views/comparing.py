"""What can be compared: no rate of a few rows, nor anything with a time of which the data know half."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.data.frames import day_number
from kpikit.errors import NotAvailableError
from kpikit.kpis.available import choose
from kpikit.kpis.catalog import find
from kpikit.kpis.cohorts import censored_until
from kpikit.kpis.measure import measure
from kpikit.kpis.remarks import DAYS_CENSORED, is_left_censored, known_from
from kpikit.kpis.scope import Scope
from kpikit.people.positions import LEAST_ROWS
from kpikit.periods import Period
from kpikit.views.words import asked_name

__all__ = ["compared", "few_text", "is_compared", "with_sure_past"]

SOON = 3  # days; a weekend and a holiday at the start of a month


def compared(
    figures: pd.DataFrame, dataset: Dataset, *, reference: Period | None, as_of: date
) -> pd.DataFrame:
    """Leave out the changes of figures that are left-censored, or were in the period of comparison.

    A sum is not compared either with a period within which the data start, unless that is in its first tenth:
    what is only longer would look like growth.

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
    if figures.empty or reference is None or reference.start is None:
        return figures
    names = _names(figures)
    unsure = {name for name, day in _known_from(names, dataset, as_of).items()
              if _is_late(pd.Timestamp(reference.start), pd.Timestamp(reference.end), day)}  # fmt: skip
    known = _censored_until(dataset, as_of)
    if known is not None and reference.start < known:
        then = measure(dataset, list(dict.fromkeys(names)), period=reference, as_of=as_of)
        unsure |= set(_names(then[then["note"].map(is_left_censored)]))
    is_sure = ~names.isin(unsure)
    changes = {name: figures[name].where(is_sure) for name in ("change", "change_ratio")}
    return figures.assign(**changes)


def with_sure_past(figures: pd.DataFrame, dataset: Dataset, *, as_of: date) -> pd.DataFrame:
    """Leave out what the units of a trend cannot be compared with, a year before.

    That is what was left-censored then, and the unit within which the data start.

    Parameters
    ----------
    figures
        What `measure` gives of one KPI by grain, beside the same part of the year before.
    dataset, as_of
        What it was measured on.
    """
    if figures.empty or figures["reference"].isna().all():
        return figures
    names, year = _names(figures), pd.DateOffset(years=1)
    starts = figures["start"]
    is_unsure = pd.Series(False, index=figures.index)
    for day in _known_from(names, dataset, as_of).values():
        ends = figures["end"] - year
        is_unsure |= np.array([_is_late(*span, day) for span in zip(starts - year, ends, strict=True)])
    known = _censored_until(dataset, as_of)
    if known is not None and (is_early := starts < pd.Timestamp(known) + year).any():
        first = known - timedelta(DAYS_CENSORED)
        span = Period(f"{first}/{known - timedelta(1)}", first, known - timedelta(1), "range")
        then = measure(dataset, names.iloc[0], period=span, grain="month", as_of=as_of)
        if then["note"].map(is_left_censored).any():
            is_unsure |= is_early
    past = {name: figures[name].where(~is_unsure) for name in ("reference", "change", "change_ratio")}
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


def _known_from(names: pd.Series, dataset: Dataset, as_of: date) -> dict[str, pd.Timestamp]:
    """Give the day from which on the data have what each KPI that adds up needs."""
    days, today = {}, day_number(as_of)
    for name in dict.fromkeys(names):
        card, _, convention = str(name).partition(":")
        formula = find(card).under(convention or None)[1]
        if find(card).kind != "flow" or formula is None:
            continue
        with suppress(NotAvailableError):
            first = known_from(dataset, choose(dataset, formula, Scope((), (), today)), as_of)
            if first is not None:
                days[name] = pd.Timestamp(as_of) + pd.Timedelta(days=first - today)
    return days


def _is_late(start: pd.Timestamp, end: pd.Timestamp, first: pd.Timestamp) -> bool:
    """Tell whether the data start within a period, and not in its first tenth, or first three days."""
    days = (end - start).days + 1
    return start + pd.Timedelta(days=max(SOON, days // 10)) <= first <= end


def _censored_until(dataset: Dataset, as_of: date) -> date | None:
    return censored_until(dataset, as_of) if "orders" in dataset.tables else None


def _names(figures: pd.DataFrame) -> pd.Series:
    names = [asked_name(*one) for one in zip(figures["kpi"], figures["convention"], strict=True)]
    return pd.Series(names, index=figures.index, dtype="str")
