"""The start of a file: its columns and their values as text, and how the file is written.

`read_start` reads CSV and Parquet files; `parts.py` reads the sheets and tables of other files.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from kpikit.data.drafting.typed import as_texts
from kpikit.data.sources.opening import KINDS
from kpikit.errors import DataError, counted, cut, listing

__all__ = ["MOST_BYTES", "MOST_ROWS", "Start", "read_start"]

MOST_BYTES, MOST_ROWS = 64 << 20, 200_000
_TEXTS, _PARQUETS = (".csv", ".tsv", ".txt"), (".parquet", ".pq")
_SIGNS = ",;\t|"
_TRIED = 60  # lines by which the sign between columns is found
_FIELD = 10_000_000


@dataclass(frozen=True)
class Start:
    """The first rows of a file: column to values ("" where there is none), and how the file is written.

    `sheet` or `table` is the part of the file that holds them; `title` names what they are better than the
    file does. `numbers` are the columns that hold numbers by type, `fault` is why there are no columns.
    """

    path: Path
    columns: dict[str, list[str]]
    encoding: str = "utf-8"
    delimiter: str = ","
    skip: int = 0
    is_whole: bool = True
    is_text: bool = True
    doubled: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    sheet: str | None = None
    table: str | None = None
    title: str = ""
    numbers: frozenset[str] = frozenset()
    fault: str = ""

    @property
    def part(self) -> str:
        """The sheet or table, if the file has several."""
        return self.sheet or self.table or ""

    @property
    def rows(self) -> int:
        """The number of rows that were read."""
        return max((len(values) for values in self.columns.values()), default=0)


def read_start(path: Path) -> Start:
    """Read the start of a CSV, TSV, TXT or Parquet file.

    Raises
    ------
    DataError
        If there is no such file, or it is a folder, empty, of another kind, or no text.
    """
    where = f"map: {cut(path.name)}"
    try:
        if path.is_dir():
            raise DataError(where, "this is a folder, not a file", hint="name the files in it")
        if not path.is_file():
            raise DataError(where, "there is no such file")
        kind = path.suffix.lower()
        if kind not in _TEXTS + _PARQUETS:
            known = f"Kinds of files: {listing(KINDS, 20)}"
            raise DataError(
                where, f"files of the kind '{cut(kind, 20)}' are not read", known, "save it as CSV"
            )
        return _parquet(path, where) if kind in _PARQUETS else _text(path, where)
    except (OSError, ValueError) as fault:
        if isinstance(fault, pa.ArrowException):
            raise DataError(where, "this is not a Parquet file", hint="export it again") from None
        told = getattr(fault, "strerror", None) or "its name cannot be one"
        raise DataError(where, f"the file cannot be read ({told})") from None


def _parquet(path: Path, where: str) -> Start:
    with parquet.ParquetFile(path) as opened:
        batch = next(opened.iter_batches(MOST_ROWS), None)
        names = opened.schema_arrow.names
        is_whole = opened.metadata.num_rows <= MOST_ROWS
    if batch is None or not batch.num_rows:
        raise DataError(where, "the file has no rows")
    counts = Counter(names)
    single = [name for name in names if name and counts[name] == 1]
    columns, numbers = as_texts(pa.Table.from_batches([batch]).select(single))
    doubled = tuple(name for name, count in counts.items() if count > 1)
    return Start(path, columns, is_whole=is_whole, is_text=False, doubled=doubled, numbers=numbers)


def _text(path: Path, where: str) -> Start:
    with path.open("rb") as opened:
        content = opened.read(MOST_BYTES + 1)
    is_whole = len(content) <= MOST_BYTES
    if not content.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise DataError(where, "the file is empty", hint="export it again")
    encoding, text = _decoded(content[:MOST_BYTES], where)
    if not is_whole:
        text = text[: text.rfind("\n") + 1] or text
    delimiter = _sign(text, path.suffix.lower())
    records, notes = _records(text, delimiter)
    skip = _titles(records)
    header, rows = [one.strip() for one in records[skip]], records[skip + 1 : skip + 1 + MOST_ROWS]
    if len(records) - skip - 1 > MOST_ROWS:
        is_whole = False
    # What kpikit leaves out as empty counts nowhere.
    rows = [row for row in rows if any(one.strip() for one in row)]
    ragged = [row for row in rows if len(row) != len(header)]
    if ragged and len(ragged) < len(rows):
        told = counted(len(ragged), "row has", "rows have")
        notes.append(
            f"{told} more or fewer values than the header has columns, which kpikit refuses: "
            f"{cut(','.join(ragged[0]), 60)}"
        )
        rows = [row for row in rows if len(row) == len(header)]
    counts = Counter(header)
    columns = {}
    for place, name in enumerate(header):
        if name and counts[name] == 1:
            columns[name] = [row[place].strip() if place < len(row) else "" for row in rows]
    doubled = tuple(name for name, count in counts.items() if name and count > 1)
    lines = sum(1 + sum(one.count("\n") for one in record) for record in records[:skip])
    return Start(path, columns, encoding, delimiter, lines, is_whole, True, doubled, tuple(notes))


def _decoded(content: bytes, where: str) -> tuple[str, str]:
    """Decode the start of a text, which may end within a letter."""
    wide = _wide(content[:64])
    for name in [wide] if wide else ["utf-8", "cp1252"]:
        if name == "cp1252" and _is_binary(content):
            break
        if name == "utf-8" and b"\0" in content:
            break
        decoder = codecs.getincrementaldecoder("utf-8-sig" if name == "utf-8" else name)()
        try:
            return name, decoder.decode(content)
        except UnicodeDecodeError:
            continue
    raise DataError(
        where, "this is no text, or one in an encoding that is not known", hint="save it as UTF-8"
    )


def _wide(start: bytes) -> str:
    """Name the encoding of a text in which each letter takes two bytes; else an empty text."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for name, place in (("utf-16-be", 0), ("utf-16-le", 1)):
        if len(start) > 3 and not any(start[place::2]) and all(start[1 - place :: 2]):
            return name
    return ""


def _is_binary(content: bytes) -> bool:
    """Say whether bytes are no text: zeros, or many signs that steer a terminal."""
    start = content[:4096]
    return b"\0" in start or sum(one < 32 and one not in b"\t\r\n\f" for one in start) > len(start) / 100


def _sign(text: str, kind: str) -> str:
    """Find the sign between the columns: the one that parts most lines into equally many."""
    lines = [line for line in text[: 1 << 20].splitlines()[: _TRIED * 2] if line.strip()][:_TRIED]
    best, found = (0.0, 0), ""
    for sign in sorted(_SIGNS, key=lambda one: one != ("\t" if kind == ".tsv" else ",")):
        widths = Counter(len(record) for record in _parsed("\n".join(lines), sign) if record)
        width, count = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]), default=(1, 0))
        rank = (round(count / max(1, sum(widths.values())), 1), width)
        if width > 1 and rank > best:
            best, found = rank, sign
    return found or ("\t" if kind == ".tsv" else ",")


def _parsed(text: str, sign: str) -> list[list[str]]:
    limit = csv.field_size_limit(_FIELD)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=sign))
    except csv.Error:
        return []
    finally:
        csv.field_size_limit(limit)


def _records(text: str, sign: str) -> tuple[list[list[str]], list[str]]:
    limit, found, notes = csv.field_size_limit(_FIELD), [], []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            if record:
                found.append(record)
            if len(found) > MOST_ROWS + 20:
                break
    except csv.Error:
        notes.append("after some rows a value never ends: is a quote opened and not closed?")
    finally:
        csv.field_size_limit(limit)
    return found or [[""]], notes


def _titles(records: list[list[str]]) -> int:
    """Count the records above the header: titles, which fill one cell of a table that is wider."""
    widths = Counter(len(record) for record in records[:_TRIED])
    width = max(widths, key=lambda one: (widths[one], one))
    if width < 3:
        return 0
    for place, record in enumerate(records[:10]):
        if sum(bool(one.strip()) for one in record) > max(1, width // 3):
            return place
    return 0
