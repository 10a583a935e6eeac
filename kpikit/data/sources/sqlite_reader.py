"""SQLite: a file is read, never written, and nothing outside of it. Runs in a child.

SQLite types values, not columns: a column of values of several types becomes text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kpikit.data.sources.child import Answer
from kpikit.data.sources.place import Place
from kpikit.data.sources.queries import asked, limited, named_table, quoted
from kpikit.errors import DataError, cut

__all__ = ["names", "read"]

_SIGN = b"SQLite format 3\0"
_ROWS = 500  # fetched at a time, so that even long texts have room
_LETTERS = 32_768  # of a value: one more than a cell may have, so that a longer one is still told
_LARGEST_VALUE = 1 << 25
# What a query may do. All else is refused: ATTACH, PRAGMA, writing, and whatever a later version learns.
_ALLOWED = {
    sqlite3.SQLITE_SELECT,
    sqlite3.SQLITE_READ,
    sqlite3.SQLITE_FUNCTION,
    sqlite3.SQLITE_RECURSIVE,
}
_SETTINGS = ("query_only = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0")
_REFUSED = ("not authorized", "prohibited", "unsafe use of")
_TABLES = """
SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
"""
_OF_ONE_TYPE = f"{_TABLES} AND type = ? ORDER BY name"


def names(path: Path, place: Place) -> Answer:
    """Name the tables, and apart from them the views.

    Raises
    ------
    DataError
        If the file is not SQLite's, or is damaged.
    """
    with _guarded(path, place) as connection:
        stored, views = (connection.execute(_OF_ONE_TYPE, [one]).fetchall() for one in ("table", "view"))
    return Answer([name for (name,) in stored], others=[name for (name,) in views])


def read(path: Path, place: Place, columns: list[str] | None) -> Answer:
    """Name the columns of a table or a query, or read some of them.

    Raises
    ------
    DataError
        If the file is not SQLite's or is damaged, has no such table, or the query does more than read.
    """
    with _guarded(path, place) as connection:
        rows = _rows(connection, f"load: {cut(place.name)}", place)
        if columns is None:
            described = connection.execute(f"SELECT * FROM {rows} LIMIT 0").description
            return Answer([column[0] for column in described])
        return _selected(connection, rows + limited(place), columns, place.decimal)


@contextmanager
def _guarded(path: Path, place: Place) -> Iterator[sqlite3.Connection]:
    """Connect to a file; what goes wrong with it is told."""
    where = f"load: {cut(place.name)}"
    with path.open("rb") as opened:
        if opened.read(len(_SIGN)) != _SIGN:
            raise DataError(where, "the file is not a SQLite database")
    try:
        yield _connected(path)
    except (sqlite3.Error, sqlite3.Warning) as fault:
        text = (str(fault).splitlines() or [type(fault).__name__])[0].rstrip(".")
        if any(sign in text for sign in _REFUSED):
            told = "a view or the query does more than read the tables of the file"
            raise DataError(where, told, hint="keep what is needed in a table of the file") from None
        raise DataError(where, f"SQLite cannot read it ({cut(text, 200)})") from None


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    for setting in _SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_VALUE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    connection.set_authorizer(_allow)
    return connection


def _allow(action: int, _: object, name: str | None, *rest: object) -> int:
    is_allowed = action in _ALLOWED and (name or "").lower() != "load_extension"
    return sqlite3.SQLITE_OK if is_allowed else sqlite3.SQLITE_DENY


def _rows(connection: sqlite3.Connection, where: str, place: Place) -> str:
    """Write what a SELECT reads from."""
    if place.query is not None:
        return asked(where, place.query)
    return named_table(where, place, connection.execute(_TABLES).fetchall())


def _selected(connection: sqlite3.Connection, rows: str, columns: list[str], decimal: str) -> Answer:
    import pyarrow as pa

    from kpikit.data.sources.cells import CellTable

    wanted = ", ".join(_bounded(name) for name in map(quoted, columns))
    found = connection.execute(f"SELECT {wanted} FROM {rows}")
    cells = CellTable(len(columns), decimal)
    while fetched := found.fetchmany(_ROWS):
        cells.add(fetched)
    table = pa.table(cells.finish(), names=columns)
    return Answer(columns, table.schema, table.to_batches())


def _bounded(name: str) -> str:
    """Write a column of which no value takes much memory: the start of a longer one is enough to tell it.

    For SQLite's functions a text ends at a zero byte; what holds one is given as it is, or as bytes.
    """
    return (
        f"CASE WHEN typeof({name}) NOT IN ('text', 'blob') THEN {name} "
        f"WHEN length(CAST({name} AS BLOB)) <= {4 * _LETTERS} THEN {name} "
        f"WHEN instr({name}, char(0)) THEN substr(CAST({name} AS BLOB), 1, 64) "
        f"ELSE substr({name}, 1, {_LETTERS}) END AS {name}"
    )
