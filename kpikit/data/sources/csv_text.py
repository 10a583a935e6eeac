"""CSV as text: its records with their lines, what its bytes count, and how its first bytes seem written."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import numpy as np

from kpikit.data.sources.bounds import MOST_RECORD
from kpikit.data.sources.place import Place

__all__ = [
    "LongRecordError",
    "Tally",
    "lines_of",
    "parted_by",
    "records",
    "tally",
    "undecoded_line",
    "wide_encoding",
]

_BLOCK = 1 << 18
_DELIMITERS = ",;\t|"
_SEEN = 64


class LongRecordError(ValueError):
    """A record that is longer than one may be, and the line on which it starts."""

    def __init__(self, line: int) -> None:
        self.line = line
        super().__init__(f"the record at line {line} is too long")


@dataclass(frozen=True)
class Tally:
    """How many quotes and lines a file has."""

    quotes: int
    lines: int


class _Lines:
    """The lines of a text, as long as the record that they belong to is not too long."""

    def __init__(self, text: TextIO, longest: int) -> None:
        self.text, self.longest = text, longest
        self.start = 1
        self.left = longest

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self.text.readline(self.left + 1)
        self.left -= len(line)
        if self.left < 0:
            raise LongRecordError(self.start)
        if not line:
            raise StopIteration
        return line

    def begin(self, line: int) -> None:
        """Begin a new record."""
        self.start, self.left = line, self.longest


def records(
    path: Path, place: Place, *, strict: bool = False, longest: int = MOST_RECORD
) -> Iterator[tuple[int, list[str]]]:
    """Read the records of a CSV file, the header first, each with the line on which it starts.

    Raises
    ------
    LongRecordError
        At a record with more letters than `longest`: a quote that is never closed makes one of a whole file.
    """
    # The csv module stops at 131,072 letters of a value. Here it only counts lines; who uses a value
    # bounds it.
    limit = csv.field_size_limit(longest)
    try:
        with path.open(encoding=place.encoding, newline="") as text:
            # Whatever the encoding, Arrow takes this letter at the start for a mark, and so it is.
            if text.read(1) != "\ufeff":
                text.seek(0)
            lines = _Lines(text, longest)
            for line in range(place.skip):
                lines.begin(line + 1)
                next(lines, None)
            line = place.skip + 1
            lines.begin(line)
            reader = csv.reader(lines, delimiter=place.delimiter, strict=strict)
            for record in reader:
                if record:
                    yield line, record
                line = place.skip + reader.line_num + 1
                lines.begin(line)
    finally:
        csv.field_size_limit(limit)


def tally(path: Path, encoding: str) -> Tally:
    """Count the quotes and the lines of a file, in one pass over its bytes."""
    quotes = ends = 0
    last = b""
    for block in _blocks(path, encoding):
        quotes += _count(block, '"')
        ends += _ends(block) - (last == b"\r" and block.startswith(b"\n"))
        last = block[-1:]
    return Tally(quotes, ends + (last not in (b"", b"\n", b"\r")))


def lines_of(content: bytes) -> int:
    r"""Count the lines of a text in ASCII or UTF-8.

    Examples
    --------
    >>> from kpikit.data.sources.csv_text import lines_of
    >>> lines_of(b"1,a\r\n2,b")
    2
    """
    return _ends(content) + (content[-1:] not in (b"", b"\n", b"\r"))


def _ends(block: bytes) -> int:
    r"""Count the ends of lines: \n, \r\n, or \r alone, as for the csv module."""
    lone = block.count(b"\r") - block.count(b"\r\n") if b"\r" in block else 0
    return _count(block, "\n") + lone


def _count(block: bytes, sign: str) -> int:
    """Count a sign; one that comes by the million is counted quicker by numpy."""
    return int(np.count_nonzero(np.frombuffer(block, dtype="u1") == ord(sign)))


def _blocks(path: Path, encoding: str) -> Iterator[bytes]:
    """Read a file in blocks in which each quote and line end is the byte that it is in ASCII."""
    is_plain = '"\r\n'.encode(encoding) == b'"\r\n'
    decoder = None if is_plain else codecs.getincrementaldecoder(encoding)(errors="replace")
    with path.open("rb") as opened:
        while block := opened.read(_BLOCK):
            if plain := block if decoder is None else decoder.decode(block).encode("utf-8", "replace"):
                yield plain


def undecoded_line(path: Path, encoding: str) -> int | None:
    """Find the line with the first byte that is not written in an encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as opened:
        while True:
            block = opened.read(_BLOCK)
            try:
                line += decoder.decode(block, final=not block).count("\n")
            except UnicodeDecodeError as fault:
                return line + fault.object[: fault.start].count(b"\n")
            except UnicodeError:
                return None
            if not block:
                return None


def wide_encoding(start: bytes) -> str:
    """Name the encoding of the first bytes of a file if each letter takes two; else an empty text.

    Examples
    --------
    >>> from kpikit.data.sources.csv_text import wide_encoding
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
    >>> from kpikit.data.sources.csv_text import parted_by
    >>> parted_by("order_id;order_date;amount"), parted_by("order_id")
    ("';'", '')
    """
    found = max(_DELIMITERS, key=header.count)
    if found not in header:
        return ""
    return "tab" if found == "\t" else f"'{found}'"
