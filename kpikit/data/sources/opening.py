"""The one door to all kinds of sources."""

from __future__ import annotations

from pathlib import Path

from kpikit.data.sources.archives import check_workbook
from kpikit.data.sources.csv_file import CsvFile
from kpikit.data.sources.isolated import IsolatedFile
from kpikit.data.sources.parquet_file import ParquetFile
from kpikit.data.sources.paths import inside
from kpikit.data.sources.place import Place
from kpikit.data.sources.postgres import PostgresTable
from kpikit.data.sources.source import Source
from kpikit.errors import DataError, cut, listing

__all__ = ["KINDS", "open_source"]

_TEXTS, _PARQUETS = (".csv", ".tsv", ".txt"), (".parquet", ".pq")
_SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
_TABLES = (".duckdb", ".db", ".sqlite", ".sqlite3")
KINDS = _TEXTS + _PARQUETS + _SHEETS + _TABLES
"""The endings of the files that are read."""
_DUCKDB = b"DUCK"


def open_source(folder: Path, place: Place) -> Source:
    """Open a source and read the names of its columns.

    Parameters
    ----------
    folder
        Where the files lie; a file outside of it is refused.
    place
        Where the source is, and how it is written.

    Raises
    ------
    DataError
        If there is no such source, it is of no kind that is read, is damaged, or names a column twice.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.data.sources.opening import open_source
    >>> from kpikit.data.sources.place import Place
    >>> open_source(Path("data/samples"), Place("reps.csv")).columns[:2]
    ['rep_id', 'name']
    """
    if not place.file:
        if not place.database:
            raise DataError("load", "no source is named", hint="name a file (file: …) or a database")
        return PostgresTable(place)
    path = inside(folder, place.file)
    ending = path.suffix.lower()
    where = f"load: {cut(place.name)}"
    if ending not in KINDS:
        raise DataError(
            where, f"files of the kind '{cut(ending)}' are not read", f"Kinds of files: {listing(KINDS, 20)}"
        )
    if place.sheet is not None and ending not in _SHEETS:
        raise DataError(where, "this file has no sheets", f"Workbooks end in {listing(_SHEETS)}")
    if (place.table, place.query) != (None, None) and ending not in _TABLES:
        raise DataError(where, "this file has no tables to ask for", f"Databases end in {listing(_TABLES)}")
    try:
        return _opened(path, place, ending)
    except OSError as fault:
        raise DataError(where, f"the file cannot be read ({fault.strerror})") from None


def _opened(path: Path, place: Place, ending: str) -> Source:
    if ending in _TEXTS:
        return CsvFile(path, place)
    if ending in _PARQUETS:
        return ParquetFile(path, place)
    if ending in _SHEETS:
        check_workbook(path, place)
        return IsolatedFile("workbook_reader", path, place)
    if ending == ".duckdb" or _is_duckdb(path):
        return IsolatedFile("duckdb_reader", path, place, beside=".wal")
    return IsolatedFile("sqlite_reader", path, place, beside="-wal")


def _is_duckdb(path: Path) -> bool:
    """Say whether a database is DuckDB's, by the sign after its checksum."""
    with path.open("rb") as opened:
        return opened.read(12)[8:] == _DUCKDB
