"""The rows behind a figure, for the terminal and for other programs."""

from __future__ import annotations

from typing import Literal

import pandas as pd
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kpikit.kpis.behind import Behind
from kpikit.language import MISSING
from kpikit.views.row_lines import equation

__all__ = ["exact_texts", "print_rows", "sentence"]

MOST_ROWS = 60
_WIDE = 140
_ALWAYS = ("order_id", "order_date", "deal_id", "created_on", "closed_on", "month", "customer", "rep")
_MORE = ("outcome", "acquired_on", "amount", "name", "product", "counted_region", "counted_channel")
_FOLDED = ("customer", "rep", "name", "product", "counted_region", "counted_channel")


def print_rows(console: Console, found: Behind, currency: str) -> None:
    """Print the rows of a figure, and in the last line how they make it.

    A long table is cut; what it lacks of rows and columns is in the CSV.
    """
    rows = found.rows
    wanted = [*_ALWAYS, *(_MORE if console.width >= _WIDE else ())]
    names = ["measure", "part", *(name for name in wanted if name in rows and rows[name].notna().any())]
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in names:
        is_number = pd.api.types.is_numeric_dtype(rows[name])
        title = name.removeprefix("counted_").replace("_", " ").capitalize()
        justify: Literal["left", "right"] = "right" if is_number else "left"
        table.add_column(title, justify=justify, no_wrap=name not in _FOLDED, overflow="fold")
    for row in rows[names].head(MOST_ROWS).to_dict("records"):
        table.add_row(*(escape(_shown(row[name])) for name in names))
    if len(rows):
        console.print(table)
    if len(rows) > MOST_ROWS:
        more = f"… and {len(rows) - MOST_ROWS:,} more rows: --csv writes all"
        console.print(more, markup=False, highlight=False)
    console.print(sentence(found, currency), markup=False, highlight=False)


def sentence(found: Behind, currency: str) -> str:
    """Tell how the measures make the figure."""
    name, convention = found.asked.kpi.name, found.asked.convention
    kpi = name if convention in (None, "default") else f"{name}:{convention}"
    note = f" ({found.note})" if found.note else ""
    return f"{kpi}, {found.period.label}: {equation(found, currency=currency)}{note}"


def exact_texts(rows: pd.DataFrame) -> pd.DataFrame:
    """Write every number in full, so that the parts still add up to the figure exactly."""
    numbers = [name for name in rows if pd.api.types.is_float_dtype(rows[name])]
    return rows.assign(**{name: [_plain(value) for value in rows[name]] for name in numbers})


def _plain(value: float) -> str:
    if value != value:
        return ""
    return f"{value:.0f}" if value == round(value) else repr(float(value))


def _number(value: float) -> str:
    return MISSING if value != value else f"{value + 0.0:,.4f}".rstrip("0").rstrip(".")


def _shown(value: object) -> str:
    if pd.isna(value):
        return MISSING
    if isinstance(value, float):
        return _number(value)
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
