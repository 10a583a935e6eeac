"""DuckDB: a file is read, and nothing outside of it. Runs in a child."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from kpikit.data.sources.bounds import room
from kpikit.data.sources.child import Answer
from kpikit.data.sources.place import Place
from kpikit.data.sources.queries import asked, limited, named_table, selecting
from kpikit.errors import DataError, cut

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["names", "read"]

_BATCH = 65_536
# Without these, a view in the file could read any other file, fetch a program, or look at our own variables.
_CLOSED = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "lock_configuration": "true",
}
_OWN = "WHERE NOT internal AND database_name = current_database()"
_STORED = f"SELECT schema_name, table_name FROM duckdb_tables() {_OWN}"
_VIEWS = f"SELECT schema_name, view_name FROM duckdb_views() {_OWN}"
_TABLES = f"{_STORED} UNION ALL {_VIEWS} ORDER BY ALL"


def names(path: Path, place: Place) -> Answer:
    """Name the tables, and apart from them the views; by their schema too where a name stands twice.

    Raises
    ------
    DataError
        If the file is not DuckDB's, or is damaged.
    """
    where = f"load: {cut(place.name)}"
    try:
        connection = _connected(path)
        stored, views = (connection.execute(f"{one} ORDER BY ALL").fetchall() for one in (_STORED, _VIEWS))
    except (duckdb.Error, RuntimeError, ValueError) as fault:
        raise _fault(where, fault) from None
    counts = Counter(name.casefold() for _, name in (*stored, *views))
    named = [
        [name if counts[name.casefold()] == 1 else f"{schema}.{name}" for schema, name in some]
        for some in (stored, views)
    ]
    return Answer(named[0], others=named[1])


def read(path: Path, place: Place, columns: list[str] | None) -> Answer:
    """Name the columns of a table or a query, or read some of them.

    Raises
    ------
    DataError
        If there is no such table, the query is no SELECT, or either reaches outside of the file.
    """
    where = f"load: {cut(place.name)}"
    try:
        connection = _connected(path)
        rows = _rows(connection, where, place)
        if columns is None:
            return Answer(connection.sql(f"SELECT * FROM {rows}").columns)
        reader = connection.sql(selecting(columns, rows) + limited(place)).to_arrow_reader(_BATCH)
        return Answer(columns, reader.schema, _told(where, reader))
    except (duckdb.Error, RuntimeError, ValueError) as fault:
        raise _fault(where, fault) from None


def _connected(path: Path) -> duckdb.DuckDBPyConnection:
    bounded = {**_CLOSED, "memory_limit": f"{room(path.stat().st_size) // 2 >> 20}MB"}
    return duckdb.connect(str(path), read_only=True, config=bounded)


def _rows(connection: duckdb.DuckDBPyConnection, where: str, place: Place) -> str:
    """Write what a SELECT reads from."""
    if place.query is None:
        return named_table(where, place, connection.execute(_TABLES).fetchall())
    rows = asked(where, place.query)
    statements = duckdb.extract_statements(f"SELECT * FROM {rows}")
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise DataError(where, "the query holds more than one statement", hint="give one SELECT")
    return rows


def _told(where: str, reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Give the batches; a fault that comes while they do is told."""
    try:
        yield from reader
    except (duckdb.Error, OSError, RuntimeError, ValueError) as fault:
        raise _fault(where, fault) from None


def _fault(where: str, fault: Exception) -> DataError:
    text = str(fault)
    if isinstance(fault, duckdb.PermissionException) or "Permission Error" in text:
        told = "a view or the query reaches outside of the file, which is not allowed"
        return DataError(where, told, hint="keep what is needed in a table of the file")
    if isinstance(fault, duckdb.OutOfMemoryException) or "Out of Memory" in text:
        raise MemoryError from None
    line = (text.splitlines() or [type(fault).__name__])[0].rstrip(".")
    return DataError(where, f"DuckDB cannot read it ({cut(line, 200)})")
