"""The one door to all kinds of sources."""

from __future__ import annotations

from pathlib import Path

from kpikit.data.sources.archives import check_workbook
from kpikit.data.sources.csv_file import CsvFile
from kpikit.data.sources.isolated import IsolatedFile, names_within
from kpikit.data.sources.parquet_file import ParquetFile
from kpikit.data.sources.paths import inside
from kpikit.data.sources.place import Place
from kpikit.data.sources.postgres import PostgresTable
from kpikit.data.sources.source import Source
from kpikit.errors import DataError, cut, listing

__all__ = ["KINDS", "SHEETS", "TABLES", "list_names", "open_source"]

_TEXTS, _PARQUETS = (".csv", ".tsv", ".txt"), (".parquet", ".pq")
SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
"""The endings of workbooks."""
TABLES = (".duckdb", ".db", ".sqlite", ".sqlite3")
"""The endings of database files."""
KINDS = _TEXTS + _PARQUETS + SHEETS + TABLES
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
    if place.sheet is not None and ending not in SHEETS:
        raise DataError(where, "this file has no sheets", f"Workbooks end in {listing(SHEETS)}")
    if (place.table, place.query) != (None, None) and ending not in TABLES:
        raise DataError(where, "this file has no tables to ask for", f"Databases end in {listing(TABLES)}")
    try:
        return _opened(path, place, ending)
    except OSError as fault:
        raise DataError(where, f"the file cannot be read ({fault.strerror})") from None


def _opened(path: Path, place: Place, ending: str) -> Source:
    if ending in _TEXTS:
        return CsvFile(path, place)
    if ending in _PARQUETS:
        return ParquetFile(path, place)
    reader, beside = _reader(path, place, ending)
    return IsolatedFile(reader, path, place, beside)


def _reader(path: Path, place: Place, ending: str) -> tuple[str, str]:
    """Name the reader of a workbook or a database, and what stands beside the file."""
    if ending in SHEETS:
        check_workbook(path, place)
        return "workbook_reader", ""
    if ending == ".duckdb" or _is_duckdb(path):
        return "duckdb_reader", ".wal"
    return "sqlite_reader", "-wal"


def list_names(folder: Path, file: str) -> tuple[list[str], list[str]]:
    """Name the sheets of a workbook, or the tables of a database file; apart, hidden sheets or views.

    Raises
    ------
    DataError
        If there is no such file, it is neither, is damaged, or takes more than it may.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.data.sources.opening import list_names
    >>> list_names(Path("data/samples"), "reps.csv")
    Traceback (most recent call last):
    kpikit.errors.DataError: load: reps.csv: only workbooks and databases hold more than one table.
    """
    path, place = inside(folder, file), Place(file)
    where, ending = f"load: {cut(file)}", path.suffix.lower()
    if ending not in SHEETS + TABLES:
        raise DataError(where, "only workbooks and databases hold more than one table")
    try:
        return names_within(_reader(path, place, ending)[0], path, place)
    except OSError as fault:
        raise DataError(where, f"the file cannot be read ({fault.strerror})") from None


def _is_duckdb(path: Path) -> bool:
    """Say whether a database is DuckDB's, by the sign after its checksum."""
    with path.open("rb") as opened:
        return opened.read(12)[8:] == _DUCKDB
