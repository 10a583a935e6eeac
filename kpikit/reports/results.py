"""Figures that leave a notebook: a results cell shows them, and a batch reads them from the run notebook.

The output of a results cell carries the figures a second time, under a media type of kpikit's own, so that
neither a second file nor a path is needed, and plain papermill, JupyterLab and nbval give the same. Every
cell is text already: the kernel alone knows the unit of a KPI that a user has added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import pandas as pd

from kpikit.errors import ParameterError, UnknownNameError
from kpikit.kpis.catalog import find, is_own
from kpikit.reports.definitions import definition

__all__ = [
    "COUNTS",
    "FIGURES",
    "IN_UNIT",
    "LOOSE",
    "MEDIA_TYPE",
    "PLAIN",
    "RATIOS",
    "TIMES",
    "VERSION",
    "Results",
    "results",
    "text_of",
]

MEDIA_TYPE = "application/vnd.kpikit.results+json"
VERSION = 1
# Columns in the unit of the row's KPI; every other number is a ratio, a count or a number of times.
IN_UNIT = frozenset(
    {
        "value",
        "reference",
        "change",
        "actual",
        "target_value",
        "baseline",
        "gap",
        "expected",
        "needed_per_day",
        "median",
        "per_day",
        "per_week",
        "year_before",
        "weighted",
        "remaining",
        "pipeline",
    }
)
RATIOS = frozenset(
    {
        "change_ratio",
        "attainment",
        "progress",
        "elapsed_calendar",
        "elapsed_business",
        "share",
        "share_before",
        "share_of_change",
        "position",
        "conversion",
    }
)
COUNTS = frozenset({"n", "reached", "of", "compared", "members", "good", "judged", "times", "business_days"})
# Of a pipeline: deals and days.
COUNTS |= {"created", "entered", "moved", "lost", "still", "back", "skipped", "deals", "overdue"}
COUNTS |= {"without_amount", "open_days", "stage_days", "overdue_days"}
COUNTS |= {"days_silent", "usual_days"}
COUNTS |= {"age", "rank"}
RATIOS |= {"on_before", "team_rate"}
TIMES = frozenset({"pace", "standing", "coverage"})
# Numbers of which the name says no more: shares in the course's lessons, anything in a user's own table.
PLAIN = frozenset({"last_year", "rate"})
# Names that a table of a user's own may well have for texts, such as the age of a customer.
LOOSE = PLAIN | {"age", "rank"}
# What is no figure tells rows apart.
FIGURES = IN_UNIT | RATIOS | COUNTS | TIMES | PLAIN
_MOST_SHOWN, _WIDEST = 60, 100


@dataclass(frozen=True)
class Results:
    """A table of figures as text, and which of its rows is the headline.

    Parameters
    ----------
    columns
        The names of the columns.
    rows
        The rows, each with a text for each column; an empty text is a missing figure.
    headline
        The key figure of a report as column to text, where the notebook names one.
    definitions
        What `definition` gives, of the KPIs of a user's own: the notebook alone knows them.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.reports.results import Results
    >>> figures = pd.DataFrame({"kpi": ["revenue", "win_rate"], "value": [1250.5, 1 / 3]})
    >>> Results.of(figures).rows
    [['revenue', '1250.5000'], ['win_rate', '0.333333333']]
    """

    columns: list[str]
    rows: list[list[str]]
    headline: Mapping[str, str] | None = None
    definitions: Sequence[Mapping[str, str]] = ()

    @classmethod
    def of(cls, *frames: pd.DataFrame, headline: pd.DataFrame | None = None) -> Results:
        """Write frames as text, one below the other; a column that a frame lacks is empty there."""
        for frame in [*frames, *([] if headline is None else [headline])]:
            if not isinstance(frame, pd.DataFrame):
                kind = type(frame).__name__
                raise ParameterError(
                    "results", f"a {kind} is no frame", hint="give what measure or evaluate gives"
                )
        columns = list(dict.fromkeys(str(name) for frame in frames for name in frame.columns))
        rows = [[row.get(name, "") for name in columns] for frame in frames for row in _texts(frame)]
        first = next(iter(_texts(headline)), None) if headline is not None else None
        return cls(columns, rows, first, _own_definitions(columns, rows))

    def records(self) -> list[dict[str, str]]:
        """Give the rows as mappings of column to text."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        data = {"version": VERSION, "columns": self.columns, "rows": self.rows}
        if self.headline:
            data["headline"] = dict(self.headline)
        if self.definitions:
            data["definitions"] = [dict(one) for one in self.definitions]
        return {MEDIA_TYPE: data, "text/plain": self.to_text(), "text/html": self.to_html()}

    def to_text(self) -> str:
        """Write the table with aligned columns."""
        table = [self.columns, *self.rows]
        # One name of many thousand letters would make every other row as long.
        longest = [max(map(len, cells)) for cells in zip(*table, strict=True)] if self.columns else []
        widths = [min(one, _WIDEST) for one in longest]
        lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in table]
        return "\n".join(lines)

    def to_html(self) -> str:
        """Write the first rows as an HTML table."""
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in self.rows[:_MOST_SHOWN])
        body = "".join(f"<tr>{row}</tr>" for row in rows)
        more = len(self.rows) - _MOST_SHOWN
        rest = f"<p>and {more} more rows</p>" if more > 0 else ""
        # JupyterLab would read what stands between two dollars, as in a target's name, as a formula.
        return (
            f'<table class="mathjax_ignore"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}'
        )


def results(*frames: pd.DataFrame, headline: pd.DataFrame | None = None) -> Results:
    """Show figures at the end of a notebook, so that `kpikit report` finds them in the run notebook.

    Parameters
    ----------
    *frames
        What `measure` and `evaluate` give. Money leaves with 4 decimals, ratios with 9 significant digits.
    headline
        A frame whose first row is the key figure of this report, for the index of a batch.

    Returns
    -------
    Results
        The figures as text; the last expression of a results cell.

    Raises
    ------
    ParameterError
        If what is given is no frame.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.reports.results import results
    >>> sales = kp.load("data/samples")
    >>> results(kp.measure(sales, "order_count", period="2026-Q3")).columns[:4]
    ['kpi', 'convention', 'period', 'start']
    """
    return Results.of(*frames, headline=headline)


def _texts(frame: pd.DataFrame) -> list[dict[str, str]]:
    names = [str(name) for name in frame.columns]
    told = []
    for row in frame.itertuples(index=False, name=None):
        cells = dict(zip(names, row, strict=True))
        unit = _unit(cells)
        told.append({name: text_of(cell, unit if name in IN_UNIT else "") for name, cell in cells.items()})
    return told


def _unit(cells: Mapping[str, object]) -> str:
    if isinstance(cells.get("unit"), str):
        return str(cells["unit"])
    try:
        return find(str(cells["kpi"])).unit
    except (KeyError, UnknownNameError):
        return ""


def _own_definitions(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    if "kpi" not in columns:
        return []
    places = [columns.index(name) for name in ("kpi", "convention") if name in columns]
    asked = dict.fromkeys(tuple(row[place] for place in places) for row in rows)
    return [definition(find(kpi), *convention) for kpi, *convention in asked if is_own(kpi)]


def text_of(value: object, unit: str = "") -> str:
    """Write a cell so that the same figure is the same text in every run.

    Parameters
    ----------
    value
        A number, text, date or nothing.
    unit
        `money` has 4 decimals; other numbers have 9 significant digits.

    Examples
    --------
    >>> from kpikit.reports.results import text_of
    >>> text_of(15000.0, "money"), text_of(2 / 3), text_of(3.0), text_of(None)
    ('15000.0000', '0.666666667', '3', '')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, (list, tuple)):
        return ", ".join(text_of(one, unit) for one in value)
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, (bool,)) or type(value).__name__ == "bool":
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    # Adding zero turns a negative zero into a plain one, before and after rounding.
    if unit == "money":
        return f"{round(number, 4) + 0.0:.4f}"
    return f"{number + 0.0:.9g}"
