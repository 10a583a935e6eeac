"""From values of any types, as a spreadsheet or SQLite holds them, to columns of one type each.

A column keeps its type where all its values have one. Else it becomes text, written as a person would: a
column of `2.0`, `A7` and nothing is `2`, `A7` and nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["CellTable", "written"]

_EXACT = 2**53  # up to here each whole number is a float
_KINDS: dict[frozenset[type], pa.DataType] = {
    frozenset({str}): pa.string(),
    frozenset({bool}): pa.bool_(),
    frozenset({int}): pa.int64(),
    frozenset({float}): pa.float64(),
    frozenset({int, float}): pa.float64(),
    frozenset({date}): pa.date32(),
    frozenset({datetime}): pa.timestamp("us"),
    frozenset({date, datetime}): pa.timestamp("us"),
    frozenset({bytes}): pa.binary(),
}
_NUMBERS = {pa.int64(), pa.float64()}
_DAYS = {pa.date32(), pa.timestamp("us")}


def written(value: Any, decimal: str = ".") -> str | None:
    """Write a value as a person would, with a decimal sign.

    Examples
    --------
    >>> from datetime import date, datetime
    >>> from kpikit.data.sources.cells import written
    >>> [written(one) for one in (2.0, 0.1 + 0.2, True, date(2026, 1, 5), datetime(2026, 1, 5, 9, 30))]
    ['2', '0.3', 'TRUE', '2026-01-05', '2026-01-05 09:30:00']
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # A spreadsheet shows 15 digits; what lies beyond is an accident of the binary form.
        is_whole = value.is_integer() and abs(value) < _EXACT
        return str(int(value)) if is_whole else f"{value:.15g}".replace(".", decimal)
    if isinstance(value, datetime):
        is_day = value.time() == time() and value.tzinfo is None
        return value.strftime("%Y-%m-%d") if is_day else value.isoformat(" ")
    if isinstance(value, timedelta):
        minutes, second = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{second:02}"
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    return str(value)


class CellTable:
    """Columns that grow by batches of rows.

    Parameters
    ----------
    columns
        How many there are.
    decimal
        The decimal sign of numbers in a column that becomes text.

    Examples
    --------
    >>> from kpikit.data.sources.cells import CellTable
    >>> cells = CellTable(2)
    >>> cells.add([(1.0, "a"), ("", None)])
    >>> cells.add([(2.0, 3.0)])
    >>> [column.to_pylist() for column in cells.finish()]
    [[1.0, None, 2.0], ['a', None, '3']]
    """

    def __init__(self, columns: int, decimal: str = ".") -> None:
        self._decimal = decimal
        self._parts: list[list[pa.Array]] = [[] for _ in range(columns)]
        self.size = 0

    def add(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, each with one value for each column; an empty text is nothing."""
        for parts, values in zip(self._parts, zip(*rows, strict=True), strict=True):
            part = _array(values, self._decimal)
            self.size += part.nbytes
            parts.append(part)

    def finish(self) -> list[pa.ChunkedArray]:
        """Give the columns."""
        return [_joined(parts, self._decimal) for parts in self._parts]


def _array(values: Sequence[Any], decimal: str) -> pa.Array:
    plain = [None if value == "" else value for value in values]
    kinds = frozenset(map(type, plain)) - {type(None)}
    kind = _KINDS.get(kinds) if kinds else pa.null()
    if kinds == {int, float} and any(type(one) is int and abs(one) > _EXACT for one in plain):
        kind = None
    if kinds == {date, datetime}:
        plain = [datetime(*one.timetuple()[:3]) if type(one) is date else one for one in plain]
    if kind is not None:
        try:
            return pa.array(plain, kind)
        except (pa.ArrowException, OverflowError):
            pass  # a whole number, or a date, that has no place in 64 bits
    return pa.array([written(value, decimal) for value in plain], pa.string())


def _joined(parts: list[pa.Array], decimal: str) -> pa.ChunkedArray:
    kinds = {part.type for part in parts} - {pa.null()}
    if len(kinds) > 1:
        kind = pa.string()
        if kinds == _NUMBERS and all(map(_is_exact, parts)):
            kind = pa.float64()
        elif kinds == _DAYS:
            kind = pa.timestamp("us")
        parts = [_as(part, kind, decimal) for part in parts]
        kinds = {kind}
    kind = kinds.pop() if kinds else pa.null()
    return pa.chunked_array([part.cast(kind) for part in parts], kind)


def _is_exact(part: pa.Array) -> bool:
    return part.type != pa.int64() or (pc.max(pc.abs_checked(part)).as_py() or 0) <= _EXACT


def _as(part: pa.Array, kind: pa.DataType, decimal: str) -> pa.Array:
    if kind != pa.string() or part.type in (pa.string(), pa.null()):
        return part.cast(kind)
    return pa.array([written(value, decimal) for value in part.to_pylist()], pa.string())
