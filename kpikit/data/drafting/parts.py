"""The starts of a file: one, or one for each sheet of a workbook and each table of a database file."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from kpikit.data.drafting.names import entities_of
from kpikit.data.drafting.starts import MOST_BYTES, MOST_ROWS, Start, read_start
from kpikit.data.drafting.typed import as_texts
from kpikit.data.sources.bounds import seconds
from kpikit.data.sources.opening import SHEETS, TABLES, list_names, open_source
from kpikit.data.sources.place import Place
from kpikit.errors import DataError, counted, cut, listing

__all__ = ["read_starts"]

_MOST_PARTS, _MOST_LETTERS = 50, 255
_TITLES = 10  # rows among which the header is looked for
_CELL = 8  # bytes that a value takes at least
_PATIENCE = 4  # times as long as one sheet or table may take


def read_starts(path: Path) -> list[Start]:
    """Read the start of a file, or of each of its sheets or tables; one that cannot be used says why.

    Raises
    ------
    DataError
        If the file cannot be read, or no sheet or table of it has rows.
    """
    kind = path.suffix.lower()
    if kind not in SHEETS + TABLES:
        return [read_start(path)]
    key = "sheet" if kind in SHEETS else "table"
    try:
        shown, others = list_names(path.parent, path.name)
        names, others = (shown, others) if shown else (others, [])
        names = sorted(names, key=lambda name: not entities_of(name)) if len(names) > _MOST_PARTS else names
        usable = [name for name in names if len(name) <= _MOST_LETTERS][:_MOST_PARTS]
        found = _starts(path, key, usable)
    except DataError as fault:
        raise _of_map(fault) from None
    if not any(start.rows for start in found):
        raise _nothing(path, key, found)
    chosen = {*usable}
    beyond = [name for name in names if name not in chosen]
    told = [
        (others, "hidden sheet" if key == "sheet" else "view"),
        (beyond, f"more {key}"),
    ]
    notes = [f"{counted(len(some), what)}: {listing(some)}" for some, what in told if some]
    return [*found, *([Start(path, {}, fault="; ".join(notes))] if notes else [])]


def _starts(path: Path, key: str, names: list[str]) -> list[Start]:
    until = time.monotonic() + _PATIENCE * seconds(path.stat().st_size)
    found = []
    for name in names:
        title = name if len(names) > 1 or entities_of(name) else ""
        start = Start(path, {}, is_text=False, title=title, **{key: name})
        try:
            if time.monotonic() > until:
                raise DataError("map", "not looked at: the other parts of the file took too long")
            start = _start(start, Place(path.name, most=MOST_ROWS + 1, **{key: name}))
        except DataError as fault:
            start = replace(start, fault=fault.fault)
        found.append(start)
    return found


def _start(start: Start, place: Place) -> Start:
    """Read the first rows below the header."""
    folder = start.path.parent
    source = open_source(folder, place)
    headers = [one for one in source.columns if one]
    table = source.read(headers)[0]
    skip = _titles(folder, place, source.columns, len(table)) if place.sheet is not None else 0
    if skip:
        source = open_source(folder, replace(place, skip=skip))
        headers = [one for one in source.columns if one]
        table = source.read(headers)[0]
    # Neither long texts nor many empty columns may take more than the start of a CSV file does.
    weight = max(table.nbytes, len(table) * len(headers) * _CELL)
    rows = min(len(table), MOST_ROWS, len(table) * MOST_BYTES // max(1, weight))
    columns, numbers = as_texts(table.slice(0, rows))
    is_whole = rows == len(table)
    return replace(start, columns=columns, numbers=numbers, skip=skip, is_whole=is_whole)


def _titles(folder: Path, place: Place, first: list[str], rows: int) -> int:
    """Count the rows above the header: titles, which fill one cell of a sheet that is wider."""
    columns = first
    for skip in range(min(_TITLES, rows) + 1):
        if skip:
            columns = open_source(folder, replace(place, skip=skip, most=0)).columns
        if len(columns) < 3 or sum(map(bool, columns)) > len(columns) // 3:
            return skip
    return 0


def _nothing(path: Path, key: str, found: list[Start]) -> DataError:
    """Tell that a file holds no table, and why each of its parts is none."""
    told = [f"{cut(one.part, 40)} ({one.fault or 'no rows below its header'})" for one in found]
    allowed = f"{key.capitalize()}s: {listing(told, 5) or 'none'}"
    hint = "give one a row of column names, and rows below it"
    return DataError(f"map: {cut(path.name)}", f"no {key} has rows below a header", allowed, hint)


def _of_map(fault: DataError) -> DataError:
    where = fault.where.replace("load:", "map:", 1)
    return DataError(where, fault.fault, fault.allowed, fault.hint)
