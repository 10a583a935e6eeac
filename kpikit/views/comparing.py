"""What can be compared: no rate of a few rows, nor anything with a time of which the data know half."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.data.frames import day_number
from kpikit.errors import NotAvailableError
from kpikit.kpis.available import choose
from kpikit.kpis.catalog import find
from kpikit.kpis.cohorts import censored_until
from kpikit.kpis.lengths import is_of_length
from kpikit.kpis.measure import measure
from kpikit.kpis.remarks import DAYS_CENSORED, is_left_censored, known_from
from kpikit.kpis.scope import Scope
from kpikit.people.positions import LEAST_ROWS
from kpikit.periods import Period, compare, parse_period
from kpikit.views.words import asked_name

__all__ = ["compared", "few_text", "is_compared", "is_half_known", "with_sure_past"]

SOON = 3  # days; a weekend and a holiday at the start of a month


def compared(
    figures: pd.DataFrame, dataset: Dataset, *, reference: Period | None, as_of: date
) -> pd.DataFrame:
    """Leave out the changes of figures that are left-censored, or were in the period of comparison.

    Nor is what grows with the length of a period compared with one within which the data start, unless that
    is in its first tenth: what is only longer would look like growth.

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
    days = _known_from(names, dataset, as_of)
    unsure = {name for name, first in days.items() if _is_late(reference, first)}
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
    names, calendar = _names(figures), dataset.calendar
    is_unsure = pd.Series(False, index=figures.index)
    for first in _known_from(names, dataset, as_of).values():
        then = {label: compare(parse_period(label, as_of, calendar), "last_year_elapsed", as_of, calendar)
                for label in dict.fromkeys(figures["period"])}  # fmt: skip
        late = {label for label, one in then.items() if one is not None and _is_late(one, first)}
        is_unsure |= figures["period"].isin(late)
    known, year = _censored_until(dataset, as_of), pd.DateOffset(years=1)
    if known is not None and (is_early := figures["start"] < pd.Timestamp(known) + year).any():
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


def is_half_known(kpi: str, dataset: Dataset, period: Period, as_of: date) -> bool:
    """Tell whether the data start within a period, so that a sum or a rate that grows like it is of a part.

    A period in whose first tenth they start, or after three days at most, counts as whole.
    """
    days = _known_from(pd.Series([kpi]), dataset, as_of)
    return any(_is_late(period, first) for first in days.values())


def _known_from(names: pd.Series, dataset: Dataset, as_of: date) -> dict[str, date]:
    """Give the day from which on the data have what each KPI needs that grows with the length of a period."""
    days, today = {}, day_number(as_of)
    for name in dict.fromkeys(names):
        card, _, convention = str(name).partition(":")
        formula = find(card).under(convention or None)[1]
        if formula is None:
            continue
        with suppress(NotAvailableError):
            formula = choose(dataset, formula, Scope((), (), today))
            first = known_from(dataset, formula, as_of) if is_of_length(formula) else None
            if first is not None:
                days[name] = as_of + timedelta(first - today)
    return days


def _is_late(period: Period, first: date) -> bool:
    """Tell whether the data start within a period, after its first tenth, and its first three days."""
    if period.start is None:
        return False
    return period.start + timedelta(max(SOON, period.days // 10)) < first <= period.end


def _censored_until(dataset: Dataset, as_of: date) -> date | None:
    return censored_until(dataset, as_of) if "orders" in dataset.tables else None


def _names(figures: pd.DataFrame) -> pd.Series:
    names = [asked_name(*one) for one in zip(figures["kpi"], figures["convention"], strict=True)]
    return pd.Series(names, index=figures.index, dtype="str")
