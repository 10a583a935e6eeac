"""Workbooks: one sheet, its cells with their types. Runs in a child.

An error of a formula, such as #N/A, is read as nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import python_calamine as calamine

from kpikit.data.sources.cells import CellTable, written
from kpikit.data.sources.child import Answer
from kpikit.data.sources.place import Place
from kpikit.errors import DataError, cut, listing, suggest

__all__ = ["names", "read"]

_ROWS = 2_000  # converted at a time


def names(path: Path, place: Place) -> Answer:
    """Name the sheets that are shown, and apart from them those that are hidden.

    Raises
    ------
    DataError
        If the file is no workbook.
    """
    with _guarded(path, place) as book:
        shown, hidden = _named(book.sheets_metadata)
    return Answer(shown, others=hidden)


def read(path: Path, place: Place, columns: list[str] | None) -> Answer:
    """Read a sheet: all its columns, whichever are asked for.

    Raises
    ------
    DataError
        If the file is no workbook, there is no such sheet, or it has no header.
    """
    where = f"load: {cut(place.name)}"
    with _guarded(path, place) as book:
        sheet = book.get_sheet_by_name(_sheet(where, place, book.sheets_metadata))
        rows = sheet.iter_rows() if sheet.height else iter(())
        return _answer(where, place, rows)


@contextmanager
def _guarded(path: Path, place: Place) -> Iterator[calamine.CalamineWorkbook]:
    """Open a workbook; what goes wrong with it is told."""
    where = f"load: {cut(place.name)}"
    try:
        yield calamine.load_workbook(str(path))
    except calamine.PasswordError:
        told = "the workbook is protected by a password"
        raise DataError(where, told, hint="save it without one") from None
    except calamine.CalamineError as fault:
        text = (str(fault).splitlines() or [type(fault).__name__])[0].rstrip(".")
        raise DataError(where, f"the file cannot be read as a workbook ({cut(text, 200)})") from None


def _named(sheets: Sequence[calamine.SheetMetadata]) -> tuple[list[str], list[str]]:
    """Name the sheets that are shown, and those that are hidden."""
    sheets = [one for one in sheets if one.typ == calamine.SheetTypeEnum.WorkSheet]
    shown = [one.name for one in sheets if one.visible == calamine.SheetVisibleEnum.Visible]
    return shown, [one.name for one in sheets if one.visible != calamine.SheetVisibleEnum.Visible]


def _sheet(where: str, place: Place, sheets: Sequence[calamine.SheetMetadata]) -> str:
    """Find the sheet that is named, or the only one that is shown."""
    shown, hidden = _named(sheets)
    named = [one.name for one in sheets if one.name in (*shown, *hidden)]
    there = f"Sheets: {listing(named, 30) or 'none'}"
    if place.sheet is not None:
        if place.sheet in named:
            return place.sheet
        told = f"there is no sheet '{cut(place.sheet)}'"
        raise DataError(where, told, there, suggest(place.sheet, named))
    if len(shown) != 1:
        told = "the workbook has more than one sheet" if shown else "the workbook has no sheet"
        raise DataError(where, told, there, "name the sheet (sheet: …)" if shown else "")
    return shown[0]


def _answer(where: str, place: Place, rows: Any) -> Answer:
    above, header = next(
        ((at, row) for at, row in enumerate(rows) if at >= place.skip and any(one != "" for one in row)),
        (0, None),
    )
    if header is None:
        hint = "keep at least its header, a row of column names"
        raise DataError(where, "the sheet is empty", hint=hint)
    columns = [(written(one) or "").strip() for one in header]
    cells = CellTable(len(columns), place.decimal)
    numbers, skipped, empty, number = [], 0, 0, 0
    rows = islice(rows, place.most)
    while batch := list(islice(rows, _ROWS)):
        kept = []
        for row in batch:
            if any(one != "" for one in row):
                kept.append(row)
                numbers.append(number)
                skipped, empty = skipped + empty, 0
            else:
                empty += 1  # counted only if a row follows: a sheet may have been coloured far down
            number += 1
        cells.add(kept)
    parts = [*cells.finish(), pa.array(np.array(numbers, dtype="int64"))]
    table = pa.table(parts, names=[str(at) for at in range(len(parts))])
    return Answer(columns, table.schema, table.to_batches(), above + 1, skipped)
