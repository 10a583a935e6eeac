"""What all charts share: titles that fit, data as plain rows, and units as they are written on axes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from kpikit.language import quantity
from kpikit.views.axes import printable, wrap
from kpikit.views.display import Picture, Table
from kpikit.views.theme import THEME

__all__ = ["in_unit", "picture", "rows_of", "texts_of", "unit_name", "writer"]


def picture(
    chart: Any,
    title: str,
    subtitle: str,
    marks: Sequence[str],
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
) -> Picture:
    """Finish a chart: its title, the theme, a description of each mark, and its figures as a table."""
    lines = wrap(title, THEME.title, THEME.width - 60, is_bold=True)
    under = wrap(subtitle, THEME.text + 1, THEME.width - 40)
    chart = chart.properties(title={"text": lines, "subtitle": under}).configure(**THEME.config())
    table = Table(tuple(headings), tuple(map(tuple, rows)), title, subtitle)
    return Picture(chart.to_dict(validate=False), title, f"{subtitle}. {'; '.join(marks)}.", table)


def rows_of(rows: list[dict[str, Any]]) -> Any:
    """Give rows to a chart as they are, so that nothing guesses their types."""
    import altair as alt

    return alt.InlineData(values=[{name: _plain(value) for name, value in row.items()} for row in rows])


def texts_of(texts: list[Any]) -> str:
    """Write texts, or lists of lines, for a chart's expression; `<` is escaped, so it can stand in a page."""
    return json.dumps(_plain(texts)).replace("<", "\\u003c")


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return printable(value) if isinstance(value, str) else value


def writer(unit: str, currency: str, language: str) -> Callable[[float], str]:
    """Give what writes the ticks of an axis."""
    return lambda value: quantity(value, unit, currency=currency, language=language, is_compact=True)


def unit_name(unit: str, currency: str) -> str:
    """Name a unit for the title of an axis."""
    return {"money": currency or "money", "share": "%", "count": "number"}.get(unit, unit)


def in_unit(name: str, unit: str, currency: str) -> str:
    """Write the heading of a column with its unit.

    Examples
    --------
    >>> from kpikit.views.canvas import in_unit
    >>> in_unit("Actual", "money", "USD"), in_unit("Actual", "count", "")
    ('Actual (USD)', 'Actual (number)')
    """
    return f"{name} ({unit_name(unit, currency)})"
