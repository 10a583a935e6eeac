"""Results of many reports in one table, and as CSV that no spreadsheet runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpikit.errors import KpikitError
from kpikit.reports.formulas import guarded
from kpikit.reports.results import FIGURES, Results

__all__ = ["csv_text", "gathered"]

_QUOTE = '"'
_QUOTED = frozenset(',"\r\n')


def gathered(
    tables: Iterable[tuple[Mapping[str, str], Results]], keys: Sequence[str], *, is_sorted: bool = True
) -> tuple[list[str], list[list[str]]]:
    """Put tables of results into one, sorted by the text of its keys.

    Parameters
    ----------
    tables
        For each report what tells it apart (key column to text), and its results.
    keys
        The names of the columns that tell reports apart; they come first.
    is_sorted
        Whether to sort; else the rows stay as they are given.

    Returns
    -------
    tuple
        The names of the columns, and the rows.

    Examples
    --------
    >>> from kpikit.reports.gathering import gathered
    >>> from kpikit.reports.results import Results
    >>> gathered([({"report": "b"}, Results(["value"], [["2"]]))], ["report"])
    (['report', 'value'], [['b', '2']])
    """
    tables = list(tables)
    columns = list(dict.fromkeys([*keys, *(name for _, one in tables for name in one.columns)]))
    rows = []
    for own, one in tables:
        for record in one.records():
            if clash := set(own) & set(record):
                raise KpikitError("results", f"the notebook has a column of the batch's own: {min(clash)}")
            rows.append([{**record, **own}.get(name, "") for name in columns])
    # The keys are the columns without figures; whole rows break ties, so that the order is always the same.
    texts = [place for place, name in enumerate(columns) if name not in FIGURES]
    if is_sorted:
        rows.sort(key=lambda row: ([row[place] for place in texts], row))
    return columns, rows


def csv_text(
    tables: Iterable[tuple[Mapping[str, str], Results]], keys: Sequence[str], *, is_sorted: bool = True
) -> str:
    r"""Write tables of results as one CSV text; the parameters are those of `gathered`.

    A text that a spreadsheet would run has an apostrophe in front: see `guarded`.

    Examples
    --------
    >>> from kpikit.reports.gathering import csv_text
    >>> from kpikit.reports.results import Results
    >>> csv_text([({"report": "b"}, Results(["value"], [["2"]])), ({"report": "a"}, Results(["n"], [["1"]]))],
    ...          ["report"])
    'report,value,n\na,,1\nb,2,\n'
    """
    columns, rows = gathered(tables, keys, is_sorted=is_sorted)
    return "".join(_line(list(map(guarded, row))) for row in [columns, *rows])


def _line(cells: Sequence[str]) -> str:
    """Write one line of CSV; the csv module would leave a carriage return without quotes."""
    # A line of one empty cell would be a blank line.
    is_blank = list(cells) == [""]
    quoted = (
        f'"{one.replace(_QUOTE, _QUOTE * 2)}"' if is_blank or set(one) & _QUOTED else one for one in cells
    )
    return ",".join(quoted) + "\n"
