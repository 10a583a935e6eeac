"""`measure`: KPIs by any dimensions and grain, with a reference period, `n` and the convention used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.errors import ParameterError, demand, listing, suggest
from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import find
from kpikit.kpis.formulas import growth
from kpikit.kpis.tabulating import Asked, Grid, frame_of_keys, read_by, read_where, tabulate
from kpikit.periods import COMPARISONS, Period, parse_date, parse_period, split
from kpikit.periods import compare as compare_period

__all__ = ["ask", "measure"]


def measure(
    dataset: Dataset,
    kpis: str | KPI | Sequence[str | KPI],
    *,
    period: str | Period,
    by: str | Sequence[str] | None = None,
    grain: str | None = None,
    compare: str | None = None,
    where: Mapping[str, object] | None = None,
    as_of: str | date | None = None,
) -> pd.DataFrame:
    """Measure KPIs over a period.

    Parameters
    ----------
    dataset
        The tables, as `load` gives them.
    kpis
        One or several: names (`"win_rate"`), names with a convention (`"win_rate:cohort"`), or `KPI`s.
    period
        Such as `2026-Q3`, `last quarter`, `2026-07-01/2026-09-30` or `all time`.
    by
        Dimensions to split by: rep, team, manager, role, region, channel, product_line, product, segment,
        customer.
    grain
        Split the period into days, weeks, months, quarters, halves or years.
    compare
        `previous`, `same_period_last_year`, or the same elapsed part of either: `previous_elapsed`,
        `last_year_elapsed`.
    where
        A scope: dimension to label or labels; `no rep` stands for rows without one.
    as_of
        The day after which nothing is known; the newest fact's by default.

    Returns
    -------
    pandas.DataFrame
        One row for each KPI × group × period: `kpi`, `convention`, the dimensions, `period`,
        `start`, `end`, `value` (in the KPI's unit; shares as 0 to 1), `n` (the formula's denominator, else
        the rows with a value), `reference`, `change`, `change_ratio` and `note`. A KPI that the data cannot
        give has a null value and says why in `note`.

    Raises
    ------
    UnknownNameError
        If a KPI, convention, dimension or label is not known.
    PeriodError
        If the period, grain or as-of date cannot be read.

    Examples
    --------
    >>> import kpikit as kp
    >>> sales = kp.load("data/samples")
    >>> figures = kp.measure(sales, ["revenue", "win_rate"], period="2026-Q3", compare="previous")
    >>> figures[["kpi", "convention", "period"]].values.tolist()
    [['revenue', 'default', '2026-Q3'], ['win_rate', 'closed', '2026-Q3']]
    """
    demand("measure", dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"))
    demand("measure", kpis=(kpis, (str, KPI, Sequence), "A name, a KPI, or several of them"))
    known = dataset.as_of if as_of is None else parse_date(as_of)
    whole = parse_period(period, known, dataset.calendar) if not isinstance(period, Period) else period
    asked = [ask(one) for one in ([kpis] if isinstance(kpis, (str, KPI)) else kpis)]
    if not asked:
        raise ParameterError("measure", "no KPI is asked for", hint="kpis=['revenue']")
    if compare is not None and compare not in COMPARISONS:
        near = suggest(compare, COMPARISONS)
        raise ParameterError(
            "measure", f"no comparison '{compare}'", f"Allowed: {listing(COMPARISONS)}", near
        )
    names, scope = read_by(by), read_where(dataset, where)
    periods = [whole] if grain is None else split(whole, grain, known, dataset.calendar)
    before = [compare_period(one, compare, known, dataset.calendar) if compare else None for one in periods]
    every = list(dict.fromkeys([*periods, *(one for one in before if one is not None)]))
    grid = tabulate(dataset, asked, every, names, scope, known)
    return _tidy(grid, asked, names, periods, before, every)


def ask(kpi: str | KPI) -> Asked:
    """Read what is asked for: a KPI, a name, or a name with its convention."""
    if isinstance(kpi, KPI):
        return Asked(kpi, *kpi.under(None))
    if not isinstance(kpi, str):
        raise ParameterError("measure", f"{kpi!r} is no KPI", hint="a name such as 'revenue', or a KPI")
    name, _, convention = kpi.partition(":")
    found = find(name)
    return Asked(found, *found.under(convention or None))


def _tidy(
    grid: Grid,
    asked: Sequence[Asked],
    by: tuple[str, ...],
    periods: Sequence[Period],
    before: Sequence[Period | None],
    every: Sequence[Period],
) -> pd.DataFrame:
    place = {period: number for number, period in enumerate(every)}
    here = [place[period] for period in periods]
    order = sorted(
        range(len(grid.keys)), key=lambda row: [(label is None, label or "") for label in grid.keys[row]]
    )
    shown = grid.is_shown[order][:, here] if grid.keys else np.zeros((0, len(here)), dtype=bool)
    rows, columns = np.nonzero(shown)
    labels = frame_of_keys([grid.keys[row] for row in order], by)
    reference = [place[one] if one is not None else -1 for one in before]
    spans = {
        "period": np.array([one.label for one in periods], dtype=object)[columns],
        "start": pd.to_datetime([one.start for one in periods])[columns],
        "end": pd.to_datetime([one.end for one in periods])[columns],
    }
    parts = []
    for number, one in enumerate(asked):
        value, n = grid.value[number][order][:, here], grid.n[number][order][:, here]
        then = np.full(value.shape, np.nan)
        for column, source in enumerate(reference):
            if source >= 0 and len(order):
                was = np.where(grid.is_shown[order, source], grid.value[number][order, source], np.nan)
                then[:, column] = was
        notes = [grid.missing[number] or grid.notes[number][column] for column in here]
        part = {
            "kpi": one.kpi.name,
            "convention": one.convention,
            **{name: labels[name].to_numpy()[rows] for name in by},
            **spans,
            "value": value[rows, columns],
            "n": pd.array(n[rows, columns], dtype="Float64").astype("Int64"),
            "reference": then[rows, columns],
            "change": (value - then)[rows, columns],
            "change_ratio": growth(value - then, then)[rows, columns],
            "note": np.array(notes, dtype=object)[columns],
        }
        parts.append(pd.DataFrame(part, index=range(len(rows))))
    figures = pd.concat(parts, ignore_index=True)
    text = ["kpi", "convention", *by, "period", "note"]
    return figures.astype(dict.fromkeys(text, "str")).astype(
        {"start": "datetime64[s]", "end": "datetime64[s]"}
    )
