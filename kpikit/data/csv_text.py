"""CSV as text: its records with their lines, and what its first bytes tell of how it is written."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from kpikit.data.sources.place import Place as TableFile

__all__ = ["has_even_quotes", "parted_by", "records", "wide_encoding"]

_BLOCK = 1 << 24
# The csv module stops at 131,072 letters of a value. Here it only counts lines; who uses a value bounds it.
_LETTERS = 2**31 - 1
_DELIMITERS = ",;\t|"
_SEEN = 64


def records(path: Path, source: TableFile, *, strict: bool = False) -> Iterator[tuple[int, list[str]]]:
    """Read the records of a CSV file, the header first, each with the line on which it starts."""
    encoding = "utf-8-sig" if source.encoding == "utf-8" else source.encoding
    limit = csv.field_size_limit(_LETTERS)
    try:
        with path.open(encoding=encoding, newline="") as text:
            reader = csv.reader(text, delimiter=source.delimiter, strict=strict)
            line = 1
            for record in reader:
                if record:
                    yield line, record
                line = reader.line_num + 1
    finally:
        csv.field_size_limit(limit)


def has_even_quotes(path: Path) -> bool:
    """Tell whether a file has an even number of quotes."""
    count = 0
    with path.open("rb") as opened:
        while block := opened.read(_BLOCK):
            count += block.count(b'"')
    return count % 2 == 0


def wide_encoding(start: bytes) -> str:
    """Name the encoding of the first bytes of a file if each letter takes two; else an empty text.

    Examples
    --------
    >>> from kpikit.data.csv_text import wide_encoding
    >>> wide_encoding("order_id".encode("utf-16-le")), wide_encoding(b"order_id")
    ('utf-16-le', '')
    """
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    for name, at in (("utf-16-be", 0), ("utf-16-le", 1)):
        if len(start) > 3 and not any(start[at:_SEEN:2]) and all(start[1 - at : _SEEN : 2]):
            return name
    return ""


def parted_by(header: str) -> str:
    """Give the sign that seems to part the columns of a header, as it is written in YAML.

    Examples
    --------
    >>> from kpikit.data.csv_text import parted_by
    >>> parted_by("order_id;order_date;amount"), parted_by("order_id")
    ("';'", '')
    """
    found = max(_DELIMITERS, key=header.count)
    if found not in header:
        return ""
    return "tab" if found == "\t" else f"'{found}'"
