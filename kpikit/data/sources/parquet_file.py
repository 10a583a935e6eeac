"""Parquet: what the footer claims is checked before anything is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from kpikit.data.sources.bounds import room
from kpikit.data.sources.place import Place
from kpikit.data.sources.source import Source, check_names
from kpikit.errors import DataError

__all__ = ["ParquetFile"]

Result = TypeVar("Result")
_END = 8  # bytes: the length of the footer, and the sign of the format
_MOST_FOOTER = 1 << 26
_WIDTHS = {"BOOLEAN": 1, "INT32": 4, "FLOAT": 4, "INT96": 8}


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)


def _is_utf_8(value: bytes | None) -> bool:
    try:
        return (value or b"").decode() is not None
    except UnicodeDecodeError:
        return False


class ParquetFile(Source):
    """A Parquet file; its values are typed."""

    def __init__(self, path: Path, place: Place) -> None:
        self.name, self.path = place.name, path
        self._size = path.stat().st_size
        self._check_end()
        with self._guard(self._open) as opened:
            self.columns = self._guard(lambda: opened.schema_arrow.names)
        check_names(self.name, self.columns)

    def files(self) -> list[Path]:
        """Name the file."""
        return [self.path]

    def read(
        self, columns: list[str], kinds: Mapping[str, str] | None = None
    ) -> tuple[pa.Table, np.ndarray, int]:
        """Read columns as they are typed.

        Raises
        ------
        DataError
            If the file is damaged, or its columns would take more memory than a file of its size may.
        """
        table = self._guard(lambda: self._read(columns))
        for name, values in zip(columns, table.columns, strict=True):
            if _is_text(values.type):
                self._check_text(name, values)
        return table, np.arange(len(table)), 0

    def _read(self, columns: list[str]) -> pa.Table:
        with self._open() as opened:
            coded = self._check_claims(opened.metadata, set(columns))
        # A text that stands once in a dictionary may stand in a million rows: it is spread out only when it
        # is known how much that takes.
        with self._open(sorted(coded)) as opened:
            table = opened.read(columns=columns)
        for place, name in enumerate(table.column_names):
            if pa.types.is_dictionary(table.schema.field(name).type):
                table = table.set_column(place, name, self._spread(table[name]))
        table.validate()
        return table.select(columns)

    def _open(self, dictionaries: list[str] | None = None) -> parquet.ParquetFile:
        return parquet.ParquetFile(self.path, read_dictionary=dictionaries)

    def _check_end(self) -> None:
        """Check the length that the footer claims."""
        with self.path.open("rb") as opened:
            opened.seek(max(0, self._size - _END))
            end = opened.read(_END)
        length = int.from_bytes(end[:4], "little")
        if end[4:] == b"PAR1" and length > min(self._size - 12, _MOST_FOOTER):
            raise self._unread(f"its footer claims {length:,} bytes")

    def _check_claims(self, metadata: parquet.FileMetaData, columns: set[str]) -> set[str]:
        """Check what the footer claims of the columns; give those whose texts are coded by a dictionary."""
        size, coded, rows = 0, set(), 0
        for number in range(metadata.num_row_groups):
            group = metadata.row_group(number)
            rows += group.num_rows
            for place in range(group.num_columns):
                chunk = group.column(place)
                path = chunk.path_in_schema
                if not any(path == column or path.startswith(f"{column}.") for column in columns):
                    continue
                counts = (chunk.num_values, chunk.total_compressed_size, chunk.total_uncompressed_size)
                if min(*counts, group.num_rows) < 0 or counts[1] > self._size:
                    raise self._unread(f"its footer claims {max(counts):,} bytes")
                kind = chunk.physical_type
                width = _WIDTHS.get(kind, 8)
                size += max(chunk.num_values, group.num_rows) * width
                if kind.endswith("BYTE_ARRAY"):
                    size += chunk.total_uncompressed_size
                if kind == "BYTE_ARRAY" and chunk.has_dictionary_page:
                    coded.add(path)
        if rows != metadata.num_rows:
            raise self._unread(f"its footer claims {metadata.num_rows:,} rows and {rows:,}")
        self._check_size(size)
        return coded

    def _check_text(self, name: str, values: pa.ChunkedArray) -> None:
        """Check that texts are UTF-8, as Parquet has them; halves of a character are not."""
        try:
            values.validate(full=True)
        except pa.ArrowInvalid:
            raw = values.cast(pa.large_binary())
            row = next((row for row, one in enumerate(raw) if not _is_utf_8(one.as_py())), None)
            hint = "write it again with the tool it is from"
            raise self.fault(row, f"{name} holds a text that is not UTF-8", hint=hint) from None

    def _spread(self, values: pa.ChunkedArray) -> pa.ChunkedArray:
        """Write each value of a coded column out."""
        size = 0
        for chunk in values.chunks:
            lengths = pc.binary_length(chunk.dictionary)
            longest = pc.max(lengths).as_py() or 0
            if size + longest * len(chunk) <= room(self._size):
                size += longest * len(chunk)  # at most
            else:
                size += pc.sum(lengths.take(chunk.indices).cast(pa.int64())).as_py() or 0
            self._check_size(size)
        return values.cast(values.type.value_type)

    def _check_size(self, size: int) -> None:
        if size > room(self._size):
            told = f"its {self._size:,} bytes would take {size >> 20:,} MB of memory"
            raise self.fault(
                None, f"the file is refused: {told}", hint="write it again with the tool it is from"
            )

    def _unread(self, why: str) -> DataError:
        return self.fault(None, f"the file cannot be read as Parquet ({why})")

    def _guard(self, read: Callable[[], Result]) -> Result:
        try:
            return read()
        except (pa.ArrowException, OSError, KeyError, ValueError, TypeError, MemoryError) as fault:
            text = (str(fault).splitlines() or [type(fault).__name__])[0].rstrip(".")
            raise self._unread(text[:120]) from None
