"""All figures of a batch as a workbook: numbers as numbers, dates as dates, and what each KPI means."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kpikit.reports.definitions import COLUMNS, definitions_of
from kpikit.reports.files import write_whole
from kpikit.reports.gathering import gathered
from kpikit.reports.results import IN_UNIT, Results
from kpikit.reports.sheet_cells import MOST_COLUMNS, MOST_ROWS, fitting, format_of, typed, width_of

__all__ = ["workbook", "write_workbook"]

# The same figures are the same bytes, so that no clock is asked; a workbook cannot go without a date.
_CREATED = datetime(2000, 1, 1)
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDE = {"definition": 60, "formula": 60, "gaming": 60, "source": 40, "balance": 30}


def write_workbook(
    path: Path,
    tables: Iterable[tuple[Mapping[str, str], Results]],
    keys: Sequence[str],
    *,
    currency: str,
    title: str = "",
) -> list[str]:
    """Write the workbook of some reports' results, whole or not at all; give what it could not hold as it is.

    Parameters
    ----------
    path
        Its file.
    tables, keys
        As for `csv_text`, which has the same rows in the same order.
    currency
        The dataset's, for money.
    title
        What the reports are about, for the properties of the file.
    """
    tables = list(tables)
    columns, rows = gathered(tables, keys)
    told = [one for _, results in tables for one in results.definitions]
    content, notes = workbook(columns, rows, currency=currency, definitions=told, title=title)
    write_whole(path, content)
    return notes


def workbook(
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    currency: str,
    definitions: Iterable[Mapping[str, str]] = (),
    title: str = "",
) -> tuple[bytes, list[str]]:
    """Make a workbook of a table of results: the sheets "Results" and "Definitions".

    Rows beyond those of one sheet go on in "Results 2" and so on. What a cell cannot hold is told in a sheet
    "Notes".

    Parameters
    ----------
    columns, rows
        What `gathered` gives.
    currency
        The dataset's.
    definitions
        What notebooks have handed over of KPIs of their own.
    title
        The title in the file's properties.

    Returns
    -------
    tuple
        The file's bytes, the same for the same input, and the notes.

    Examples
    --------
    >>> from kpikit.reports.workbook import workbook
    >>> content, notes = workbook(["kpi", "value"], [["revenue", "12.5000"]], currency="USD")
    >>> content[:2], notes
    (b'PK', [])
    """
    import xlsxwriter

    records = [dict(zip(columns, row, strict=True)) for row in rows]
    meant = definitions_of(records, definitions)
    units = {(one["kpi"], one["convention"]): one["unit"] for one in meant}
    notes: list[str] = []
    file = io.BytesIO()
    # Rows wait on the disk rather than in memory; what an end by force leaves there has a folder of its own.
    with tempfile.TemporaryDirectory() as beside:
        book = xlsxwriter.Workbook(file, {**_OPTIONS, "constant_memory": True, "tmpdir": beside})
        book.set_properties({"title": title[:255], "created": _CREATED, "comments": "Made with kpikit"})
        styles = _Styles(book, currency)
        results = book.add_worksheet("Results")
        _table(book.add_worksheet("Definitions"), list(COLUMNS), [list(one.values()) for one in meant],
               styles, notes, widths=_WIDE)  # fmt: skip
        if len(columns) > MOST_COLUMNS:
            left = len(columns) - MOST_COLUMNS
            notes.append(f"Results: a sheet has {MOST_COLUMNS:,} columns; {left:,} are in results.csv alone")
        most = MOST_ROWS - 1
        for number, first in enumerate(range(0, max(len(rows), 1), most), 1):
            sheet = results if number == 1 else book.add_worksheet(f"Results {number}")
            _table(sheet, list(columns[:MOST_COLUMNS]), rows[first : first + most], styles, notes,
                   units=[_unit(one, units) for one in records[first : first + most]])  # fmt: skip
        if len(rows) > most:
            told = f"{len(rows):,} rows; those after the first {most:,} are in the sheets that follow"
            notes.append(f"Results: {told}")
        if notes:
            _table(book.add_worksheet("Notes"), ["note"], [[one] for one in notes[:most]], styles, [])
        book.close()
    return file.getvalue(), notes


def _unit(record: Mapping[str, str], units: Mapping[tuple[str, str], str]) -> str:
    return record.get("unit") or units.get((record.get("kpi", ""), record.get("convention", "")), "")


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any, currency: str) -> None:
        self._book, self._currency = book, currency
        self._made: dict[str, Any] = {}
        self.head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})

    def of(self, column: str, unit: str, value: object) -> Any:
        code = format_of(column, unit if column in IN_UNIT else "", value, self._currency)
        if code not in self._made:
            self._made[code] = self._book.add_format({"num_format": code}) if code else None
        return self._made[code]


def _table(
    sheet: Any,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    styles: _Styles,
    notes: list[str],
    *,
    units: Sequence[str] | None = None,
    widths: Mapping[str, int] | None = None,
) -> None:
    """Fill a sheet: a frozen header that filters, and rows; without units, all cells are texts."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    sheet.freeze_panes(1, 0)
    if columns:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)
        # An id of digits is a text on purpose.
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(len(rows), len(columns) - 1)}"})
    for place, name in enumerate(columns):
        width = (widths or {}).get(name) or width_of(name, [row[place] for row in rows])
        sheet.set_column(place, place, width)
    for number, cells in enumerate([columns, *rows]):
        for place, (name, text) in enumerate(zip(columns, cells, strict=False)):
            where = f"{sheet.get_name()}!{xl_rowcol_to_cell(number, place)}"
            value = typed(name, text) if number and units is not None else text
            if isinstance(value, str):
                told, lost = fitting(value)
                if lost:
                    notes.append(f"{where}: {lost}")
                style = styles.head if number == 0 else styles.wrapped if units is None else None
                if told:
                    sheet.write_string(number, place, told, style)
            elif units is not None:
                style = styles.of(name, units[number - 1], value)
                if isinstance(value, float):
                    sheet.write_number(number, place, value, style)
                else:
                    sheet.write_datetime(number, place, value, style)
