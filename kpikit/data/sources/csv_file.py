"""CSV: read as text by Arrow, which is fast and strict, and knows no lines.

Where something is to be told of a row, the file is read again by the `csv` module, which knows them.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from kpikit.data.sources.bounds import MOST_HEADER, MOST_RECORD
from kpikit.data.sources.csv_likely import LIKELY, is_plain
from kpikit.data.sources.csv_pieces import read_pieces
from kpikit.data.sources.csv_text import (
    LongRecordError,
    Tally,
    parted_by,
    records,
    tally,
    undecoded_line,
    wide_encoding,
)
from kpikit.data.sources.place import Place
from kpikit.data.sources.source import Source, all_empty, check_names
from kpikit.errors import DataError, cut

__all__ = ["CsvFile"]

Result = TypeVar("Result")
_TEXT = pa.large_string()
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"(\xb5/\xfd": "zstd"}


class CsvFile(Source):
    """A CSV file; all its values are texts."""

    def __init__(self, path: Path, place: Place) -> None:
        self.name, self.path, self.place = place.name, path, place
        self._records: int | None = None
        self._written = self._header()
        self.columns = [column.strip() for column in self._written]
        check_names(self.name, self.columns)

    def files(self) -> list[Path]:
        """Name the file."""
        return [self.path]

    @cached_property
    def _tally(self) -> Tally:
        return tally(self.path, self.place.encoding)

    def lines(self, rows: np.ndarray) -> list[str]:
        """Tell the lines of rows: at once where each record has one line, else by one pass over the file."""
        above = self.place.skip + 1
        if self._records is not None and self._tally.lines == above + self._records:
            return [f"line {above + row + 1}" for row in rows]
        wanted, found = {int(row) for row in rows}, {}
        last = max(wanted, default=-1)
        try:
            for number, (line, _) in enumerate(records(self.path, self.place), start=-1):
                if number in wanted:
                    found[number] = f"line {line}"
                if number >= last:
                    break
        except (csv.Error, OSError, ValueError):
            pass  # told by who reads the values; until then, a row has its number
        return [found.get(int(row), f"row {row + 1}") for row in rows]

    def require(self, column: str, hint: str) -> None:
        """Check that a column is there; a file that seems to be parted by another sign is told.

        Raises
        ------
        DataError
            Naming the columns that are there.
        """
        sign = parted_by(self.columns[0]) if len(self.columns) == 1 else ""
        super().require(
            column, f"the columns seem to be parted by {sign} (delimiter: {sign})" if sign else hint
        )

    def read(
        self, columns: list[str], kinds: Mapping[str, str] | None = None
    ) -> tuple[pa.Table, np.ndarray, int]:
        """Read columns as text, or as what they are likely to hold; rows without any value are left out.

        Raises
        ------
        DataError
            If the file is damaged, or a row has more or fewer values than there are columns.
        """
        table = self._read_likely(columns, kinds or {})
        self._records = len(table) + len(self.ragged)
        self._check_quotes()
        empty = all_empty(table)
        if empty.any() and len(columns) < len(self.columns):
            empty = all_empty(self._read_as([name for name in self.columns if name]))
        numbers = np.arange(self._records)
        if len(self.ragged):
            numbers = np.delete(numbers, self.ragged)
        if not empty.any():
            return table, numbers, 0
        return table.take(pa.array(np.flatnonzero(~empty))), numbers[~empty], int(empty.sum())

    def _read_likely(self, columns: list[str], kinds: Mapping[str, str]) -> pa.Table:
        """Read columns as what they are likely to hold, and as text those that hold anything else."""
        types = {name: LIKELY[kinds[name]] for name in columns if name in kinds}
        words = {name: kind for name, kind in types.items() if pa.types.is_dictionary(kind)}
        if len(words) < len(types) and self._guard(self._has_rows):
            with contextlib.suppress(pa.ArrowInvalid, KeyError, OSError, ValueError):
                table = self._read(columns, types)
                odd = [name for name in types if name not in words and not is_plain(table[name])]
                if not odd:
                    return table
                types = {name: kind for name, kind in types.items() if name not in odd}
                return self._read(columns, types)
        return self._read_as(columns, words)

    def _read_as(self, columns: list[str], types: Mapping[str, pa.DataType] | None = None) -> pa.Table:
        """Read columns as text, but for those that are said to be of another type."""
        if not self._guard(self._has_rows):
            # Arrow refuses a header alone if no line end follows it.
            return pa.table({name: pa.array([], _TEXT) for name in columns})
        return self._guard(lambda: self._read(columns, types or {}))

    def _read(self, columns: list[str], types: Mapping[str, pa.DataType]) -> pa.Table:
        if self.place.skips_ragged and not len(self.ragged):
            self.ragged = self._find_ragged()
        if not len(self.ragged) and self.place.encoding == "utf-8":
            # Arrow is twice as quick where it need not look for values of several lines.
            with contextlib.suppress(pa.ArrowInvalid):
                above = self.place.skip + 1
                parse = partial(self._parse_piece, columns, types)
                if found := read_pieces(self.path, self.place.delimiter, above, parse):
                    self._tally = Tally(0, found[1])  # no quote needs a look
                    return found[0]
        return self._parse(self.path, columns, types, arrow_csv.ReadOptions(block_size=MOST_RECORD))

    def _parse_piece(
        self, columns: list[str], types: Mapping[str, pa.DataType], content: bytes, is_first: bool
    ) -> pa.Table:
        names = None if is_first else self._written
        # In one block, so that it is read from its first byte to its last.
        reading = arrow_csv.ReadOptions(use_threads=False, block_size=len(content) + 1, column_names=names)
        return self._parse(pa.BufferReader(content), columns, types, reading, is_first=is_first)

    def _parse(
        self,
        content: Path | pa.BufferReader,
        columns: list[str],
        types: Mapping[str, pa.DataType],
        reading: arrow_csv.ReadOptions,
        *,
        is_first: bool = True,
    ) -> pa.Table:
        written = dict(zip(self.columns, self._written, strict=True))
        reading.encoding = "utf8" if self.place.encoding == "utf-8" else self.place.encoding
        reading.skip_rows = self.place.skip if is_first else 0
        parsing = arrow_csv.ParseOptions(
            delimiter=self.place.delimiter, newlines_in_values=isinstance(content, Path)
        )
        converting = arrow_csv.ConvertOptions(
            include_columns=[written[name] for name in columns],
            column_types={written[name]: types.get(name, _TEXT) for name in columns},
            strings_can_be_null=True,
            null_values=[""],
        )
        if len(self.ragged):
            parsing.invalid_row_handler = lambda row: "skip"
        return arrow_csv.read_csv(content, reading, parsing, converting).rename_columns(columns)

    def _find_ragged(self) -> np.ndarray:
        """Number the records that have more or fewer values than the header has columns."""
        found = records(self.path, self.place)
        width = len(next(found, (0, []))[1])
        return np.array([n for n, (_, one) in enumerate(found) if len(one) != width], dtype="int64")

    def _has_rows(self) -> bool:
        found = records(self.path, self.place)
        next(found, None)
        return next(found, None) is not None

    def _check_quotes(self) -> None:
        """Find a quote that is never closed, which would swallow the rest of the file as one value."""
        is_a_line_each = self._tally.lines == self.place.skip + 1 + (self._records or 0)
        # With a second one, as in 21" wide, their number is even; then some record has several lines.
        if self._tally.quotes % 2 == 0 and (not self._tally.quotes or is_a_line_each):
            return
        last = self.place.skip + 1
        try:
            for line, _ in records(self.path, self.place, strict=True):
                last = line
        except LongRecordError as long:
            is_open = self._tally.quotes % 2 == 1
            raise (self._unclosed(last) if is_open else self._too_long(long, MOST_RECORD)) from None
        except (ValueError, OSError):
            return  # told by who reads the values
        except csv.Error as fault:
            if "unexpected end" in str(fault):
                raise self._unclosed(last) from None

    def _unclosed(self, line: int) -> DataError:
        where = f"load: {cut(self.name)}, after line {line}"
        return DataError(where, "a quote is opened and never closed", hint="close or remove it")

    def _header(self) -> list[str]:
        """Read the names of the columns as they are written."""
        try:
            with self.path.open("rb") as opened:
                self._check_start(opened.read(4096))
            found = records(self.path, self.place, longest=MOST_HEADER)
            header = next((record for _, record in found), None)
        except LongRecordError as fault:
            raise self._too_long(fault, MOST_HEADER) from None
        except csv.Error as fault:
            raise self.fault(None, f"the header cannot be read ({fault})") from None
        except UnicodeError:
            raise self._undecoded() from None
        except OSError as fault:
            raise self.fault(None, f"the file cannot be read ({fault.strerror})") from None
        if header is None:
            hint = "keep at least its header, a line of column names"
            raise self.fault(None, "the file is empty", hint=hint)
        return header

    def _check_start(self, start: bytes) -> None:
        packed = next((kind for sign, kind in _PACKED.items() if start.startswith(sign)), "")
        if packed:
            raise self.fault(None, f"the file is packed by {packed}", hint="unpack it")
        is_wide = self.place.encoding.startswith(("utf-16", "utf-32"))
        if start.startswith(codecs.BOM_UTF8) and not self.place.encoding.startswith("utf"):
            raise self.fault(None, "the file is UTF-8", hint="encoding: utf-8")
        if (wide := wide_encoding(start)) and not is_wide:
            raise self.fault(None, "the file is UTF-16", hint=f"encoding: {wide}")
        if b"\0" in start and not is_wide:
            raise self.fault(None, "the file is not text: it holds zero bytes", hint="export it as CSV")

    def _guard(self, read: Callable[[], Result]) -> Result:
        """Run a reader; whatever is wrong with the file becomes a `DataError`."""
        try:
            return read()
        except (pa.ArrowException, csv.Error, OSError, KeyError, ValueError, MemoryError) as fault:
            raise self._damage(fault) from None

    def _damage(self, fault: Exception) -> DataError:
        """Find what is wrong with a CSV file that Arrow refused."""
        self._check_quotes()
        expected, line = None, self.place.skip + 1
        try:
            for line, record in records(self.path, self.place):
                expected = len(record) if expected is None else expected
                if len(record) != expected:
                    where = f"load: {cut(self.name)}, line {line}"
                    told = f"the row has {len(record):,} values, the header {expected:,} columns"
                    return DataError(where, told, hint="quote values that hold the delimiter")
        except LongRecordError as long:
            return self._too_long(long, MOST_RECORD)
        except UnicodeError:
            return self._undecoded()
        except (csv.Error, OSError):
            pass
        return self.fault(None, f"the file cannot be read ({str(fault).splitlines()[0][:120]})")

    def _too_long(self, fault: LongRecordError, most: int) -> DataError:
        what = "the header" if most == MOST_HEADER else "the row"
        where = f"load: {cut(self.name)}, line {fault.line}"
        hint = "see whether a quote is opened there and closed too late, or line ends are lacking"
        return DataError(where, f"{what} has more than {most:,} letters", hint=hint)

    def _undecoded(self) -> DataError:
        """Name the line that is not written in the encoding."""
        encoding, hint = self.place.encoding, "name its encoding (encoding: cp1252)"
        line = undecoded_line(self.path, encoding)
        where = f"load: {cut(self.name)}" + (f", line {line}" if line else "")
        return DataError(where, f"the text is not {encoding}", hint=hint)
