"""From a CSV or Parquet file to columns as they are written; every fault is a `DataError` with its line.

CSV is read as text by Arrow, which is fast and strict, and knows no lines: where something is to be told of a
row, the file is read again by the `csv` module, which knows them.
"""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from kpikit.data.csv_text import has_even_quotes, parted_by, records, wide_encoding
from kpikit.data.sources.place import Place as TableFile
from kpikit.errors import DataError, cut, listing, suggest

__all__ = ["RawFile", "open_file"]

Result = TypeVar("Result")
_TEXTS, _PARQUETS = (".csv", ".tsv", ".txt"), (".parquet", ".pq")
_BLOCK = 1 << 24
_MOST_COLUMNS = 30


@dataclass(frozen=True)
class RawFile:
    """An open file: its name in the mapping, its path, its columns, and how it is written."""

    name: str
    path: Path
    columns: list[str]
    source: TableFile

    @property
    def is_text(self) -> bool:
        """Whether the file is CSV, so that rows have lines."""
        return self.path.suffix.lower() in _TEXTS

    def fault(self, row: int | None, fault: str, allowed: str = "", hint: str = "") -> DataError:
        """Make the error that tells a fault of the file, or of one of its rows (numbered from 0)."""
        where = f"load: {cut(self.name)}" if row is None else f"load: {cut(self.name)}, {self._place(row)}"
        return DataError(where, fault, allowed, hint)

    def _place(self, row: int) -> str:
        if not self.is_text:
            return f"row {row + 1}"
        try:
            for number, (line, _) in enumerate(records(self.path, self.source), start=-1):
                if number == row:
                    return f"line {line}"
        except (csv.Error, OSError, UnicodeError):
            pass
        return f"row {row + 1}"

    def lines(self, rows):
        return [self._place(int(row)) for row in rows]

    def files(self):
        return [self.path]

    def require(self, column: str, hint: str) -> None:
        """Check that a column is there.

        Raises
        ------
        DataError
            Naming the columns that are there.
        """
        if column not in self.columns:
            fault = f"column '{cut(column)}' not found in {cut(self.name)}"
            there = f"Columns: {listing(self.columns, _MOST_COLUMNS) or 'none'}"
            sign = parted_by(self.columns[0]) if self.is_text and len(self.columns) == 1 else ""
            if sign:
                hint = f"the columns seem to be parted by {sign} (delimiter: {sign})"
            raise DataError("load", fault, there, hint)

    def read(self, columns: list[str]) -> tuple[pa.Table, np.ndarray, int]:
        """Read columns: as text from CSV, as they are typed from Parquet.

        Returns
        -------
        tuple
            The columns, the number of each row, and how many rows of a CSV file were left out because they
            have no value in any column.

        Raises
        ------
        DataError
            If the file is damaged, or a row has more or fewer values than there are columns.
        """
        if not self.is_text:
            table = _guard(self, lambda: parquet.read_table(self.path, columns=columns, partitioning=None))
            return table, np.arange(len(table)), 0
        table = self._read_text(columns)
        self.check_quotes()
        empty = _all_empty(table)
        if empty.any() and len(columns) < len(self.columns):
            empty = _all_empty(self._read_text([name for name in self.columns if name]))
        numbers = np.flatnonzero(~empty)
        return (table.take(pa.array(numbers)) if empty.any() else table), numbers, int(empty.sum())

    def _read_text(self, columns: list[str]) -> pa.Table:
        written = dict(zip(self.columns, _header(self), strict=True))
        names = [written[name] for name in columns]
        if not _guard(self, lambda: _has_rows(self)):
            # Arrow refuses a header alone if no line end follows it.
            return pa.table({name: pa.array([], pa.string()) for name in columns})
        encoding = "utf8" if self.source.encoding == "utf-8" else self.source.encoding
        reading = arrow_csv.ReadOptions(block_size=_BLOCK, encoding=encoding)
        parsing = arrow_csv.ParseOptions(delimiter=self.source.delimiter, newlines_in_values=True)
        converting = arrow_csv.ConvertOptions(
            include_columns=names,
            column_types=dict.fromkeys(names, pa.string()),
            strings_can_be_null=True,
            null_values=[""],
        )
        table = _guard(self, lambda: arrow_csv.read_csv(self.path, reading, parsing, converting))
        return table.rename_columns(columns)

    def check_quotes(self) -> None:
        """Find a quote that is never closed, which would swallow the rest of the file as one value.

        Raises
        ------
        DataError
            Naming the line after which it is opened.
        """
        if has_even_quotes(self.path):
            return
        last = 1
        try:
            for line, _ in records(self.path, self.source, strict=True):
                last = line
        except (UnicodeError, OSError):
            return  # told by who reads the values
        except csv.Error as fault:
            if "unexpected end" in str(fault):
                where, told = f"load: {self.name}, after line {last}", "a quote is opened and never closed"
                raise DataError(where, told, hint="close or remove it") from None


def open_file(folder: Path, name: str, source: TableFile) -> RawFile:
    """Open a file of a dataset and read its header.

    Parameters
    ----------
    folder
        Where the files lie; a file outside of it is refused.
    name
        The path of the file, relative to the folder.
    source
        How the table that needs the file is written.

    Raises
    ------
    DataError
        If there is no such file, it is neither CSV nor Parquet, is empty, or names a column twice.
    """
    path = _inside(folder, name)
    if path.suffix.lower() not in _TEXTS + _PARQUETS:
        kinds = f"Kinds of files: {listing(_TEXTS + _PARQUETS)}"
        raise DataError(f"load: {name}", f"files of the kind '{path.suffix}' are not read", kinds)
    file = RawFile(name, path, [], source)
    if file.is_text:
        columns = [column.strip() for column in _header(file)]
    else:
        columns = _guard(file, lambda: parquet.read_schema(path)).names
    named = [column for column in columns if column]
    twice = next((column for place, column in enumerate(named) if column in named[:place]), None)
    if twice is not None:
        hint = "rename or remove one of them"
        raise DataError(f"load: {name}", f"two columns have the name '{twice}'", hint=hint)
    return RawFile(name, path, columns, source)


def _inside(folder: Path, name: str) -> Path:
    path, where = folder / name, f"load: {cut(name)}"
    hint = "set `folder` in dataset.yaml to where the files lie"
    try:
        if "\0" in name or not path.resolve().is_relative_to(folder.resolve()):
            raise DataError(where, "the file lies outside of the dataset's folder", hint=hint)
        # From Python 3.13 on, a link that leads to itself is merely no file to the questions below.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
        if path.is_dir():
            raise DataError(where, "this is a folder, not a file", hint="name the file itself")
        if not path.is_file():
            there = (
                sorted(p.name for p in path.parent.iterdir() if p.is_file()) if path.parent.is_dir() else []
            )
            near = suggest(path.name, there) or (hint if not there else "")
            raise DataError(where, f"there is no such file in {cut(path.parent)}", _files(there), near)
    except (OSError, RuntimeError, ValueError) as fault:
        # A link that leads to itself, a name that no system takes, a folder that may not be read.
        told = getattr(fault, "strerror", None) or str(fault).partition(" from ")[0]
        raise DataError(
            where, f"the file cannot be opened ({told})", hint="check its name, or the link"
        ) from None
    return path


def _files(there: list[str]) -> str:
    return f"Files there: {listing(there) or 'none'}"


def _header(file: RawFile) -> list[str]:
    """Read the names of the columns as they are written."""
    try:
        with file.path.open("rb") as opened:
            start = opened.read(4096)
        is_wide = file.source.encoding.startswith(("utf-16", "utf-32"))
        if (wide := wide_encoding(start)) and not is_wide:
            raise file.fault(None, "the file is UTF-16", hint=f"encoding: {wide}")
        if b"\0" in start and not is_wide:
            raise file.fault(None, "the file is not text: it holds zero bytes", hint="export it as CSV")
        header = next((record for _, record in records(file.path, file.source)), None)
    except csv.Error as fault:
        raise file.fault(None, f"the header cannot be read ({fault})") from None
    except UnicodeError:
        raise _undecoded(file) from None
    except OSError as fault:
        raise file.fault(None, f"the file cannot be read ({fault.strerror})") from None
    if header is None:
        raise file.fault(None, "the file is empty", hint="keep at least its header, a line of column names")
    return header


def _has_rows(file: RawFile) -> bool:
    found = records(file.path, file.source)
    next(found, None)
    return next(found, None) is not None


def _guard(file: RawFile, read: Callable[[], Result]) -> Result:
    """Run a reader; whatever is wrong with the file becomes a `DataError`."""
    try:
        return read()
    except (pa.ArrowException, csv.Error, OSError, UnicodeError, KeyError, ValueError, MemoryError) as fault:
        if file.is_text:
            raise _damage(file, fault) from None
        text = (str(fault).splitlines() or [type(fault).__name__])[0].rstrip(".")
        raise file.fault(None, f"the file cannot be read as Parquet ({text[:120]})") from None


def _damage(file: RawFile, fault: Exception) -> DataError:
    """Find what is wrong with a CSV file that Arrow refused."""
    file.check_quotes()
    expected = None
    try:
        for line, record in records(file.path, file.source):
            expected = len(record) if expected is None else expected
            if len(record) != expected:
                where = f"load: {file.name}, line {line}"
                told = f"the row has {len(record)} values, the header {expected} columns"
                return DataError(where, told, hint="quote values that hold the delimiter")
    except UnicodeError:
        return _undecoded(file)
    except (csv.Error, OSError):
        pass
    return file.fault(None, f"the file cannot be read ({str(fault).splitlines()[0][:120]})")


def _undecoded(file: RawFile) -> DataError:
    """Name the line that is not written in the encoding."""
    encoding, content = file.source.encoding, file.path.read_bytes()
    try:
        content.decode(encoding)
    except UnicodeError as fault:
        line = content[: getattr(fault, "start", 0)].count(b"\n") + 1
        where = f"load: {file.name}, line {line}"
        return DataError(where, f"the text is not {encoding}", hint="name its encoding (encoding: cp1252)")
    return file.fault(None, f"the text is not {encoding}", hint="name its encoding (encoding: cp1252)")


def _all_empty(table: pa.Table) -> np.ndarray:
    """Mark the rows in which no column has a value."""
    empty = np.ones(len(table), dtype=bool)
    for column in table.columns:
        if not empty.any():
            break
        empty &= pc.is_null(column).to_numpy() if column.null_count else False
    return empty
