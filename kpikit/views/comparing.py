"""Which changes mean something: none from or to a time in which old customers look new."""

from __future__ import annotations

from datetime import date

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.kpis.cohorts import censored_until
from kpikit.kpis.measure import measure
from kpikit.kpis.remarks import is_left_censored
from kpikit.periods import Period
from kpikit.views.words import asked_name

__all__ = ["compared"]


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


def _names(figures: pd.DataFrame) -> pd.Series:
    names = [asked_name(*one) for one in zip(figures["kpi"], figures["convention"], strict=True)]
    return pd.Series(names, index=figures.index, dtype="str")
