"""Why a sum is null: none of its rows has what is summed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.kpis.behind import behind
from kpikit.kpis.catalog import find
from kpikit.kpis.measures import Measure
from kpikit.kpis.remarks import is_reason
from kpikit.periods import Period
from kpikit.views.words import asked_name

__all__ = ["explained", "kind"]

_KINDS = {"orders": "order line", "deals": "deal", "deal_stages": "stay in a stage", "costs": "cost line",
          "conversations": "conversation", "customers": "customer", "reps": "rep"}  # fmt: skip
_SUMMED = {"amount": "an amount", "cost": "a cost", "discount": "a discount", "quantity": "a quantity"}


def kind(table: str, count: int = 2) -> str:
    """Name the rows of a table, one or several.

    Examples
    --------
    >>> from kpikit.views.blanks import kind
    >>> kind("orders", 1), kind("deals"), kind("deal_stages")
    ('order line', 'deals', 'stays in stages')
    """
    name = _KINDS.get(table, "row")
    if count == 1:
        return name
    return "stays in stages" if table == "deal_stages" else f"{name}s"


def explained(
    figures: pd.DataFrame, dataset: Dataset, *, period: Period, where: Mapping[str, object], as_of: date
) -> pd.DataFrame:
    """Note of each null sum without another reason that no row behind it has what is summed.

    `figures` is what `measure` gives without dimensions, of these arguments. A sum without rows is not null.
    """
    notes = figures["note"].tolist()
    for place, one in enumerate(figures.to_dict("records")):
        column = _summed(one)
        if column not in _SUMMED or not pd.isna(one["value"]) or is_reason(one["note"]):
            continue
        asked = asked_name(one["kpi"], one["convention"])
        rows = behind(dataset, asked, period=period, where=where, as_of=as_of).rows
        if len(rows) and rows["part"].isna().all():
            why = f"none of its {kind(rows['table'].iloc[0])} has {_SUMMED[column]}"
            notes[place] = "; ".join(filter(None, [one["note"], why]))
    return figures.assign(note=notes)


def _summed(one: Mapping[str, object]) -> str:
    """The column of which a figure is the sum; nothing where it is another kind of figure."""
    card = find(str(one["kpi"]))
    formula = card.conventions.get(str(one["convention"]), card.formula)
    is_sum = isinstance(formula, Measure) and formula.column
    return str(formula.column) if is_sum else ""
