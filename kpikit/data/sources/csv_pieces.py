"""A CSV file in pieces, each of whole lines: read by several threads, where no value has several lines.

A quoted value may hold line ends, so that a piece that begins after one may begin within a value. Pieces are
therefore believed only together, and only if for each piece without a doubt

- it holds no quote at all, or
- its records are as many as its lines, so that each record is one line, and its last line, read alone, leaves
  no quote open.

The first piece begins with the file. A piece that begins at a record and is such a piece ends at a record,
and so the next one begins at a record too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pyarrow as pa

from kpikit.data.sources.bounds import MOST_RECORD
from kpikit.data.sources.csv_text import lines_of
from kpikit.data.threads import each

__all__ = ["read_pieces"]

_PIECE = 1 << 22
_LOOK = 1 << 16  # bytes in which the end of a line is looked for at a time


def read_pieces(
    path: Path, delimiter: str, above: int, parse: Callable[[bytes, bool], pa.Table]
) -> tuple[pa.Table, int] | None:
    """Read a file in pieces, if that can be trusted.

    Parameters
    ----------
    path
        A file in UTF-8, or in ASCII.
    delimiter
        What parts the values.
    above
        How many lines the header and what stands above it take.
    parse
        Reads one piece as a table; told whether it is the first one, which holds the header.

    Returns
    -------
    tuple or None
        The table, and how many lines the file has; no quote is left open. None where only a reader from the
        first byte to the last can tell.

    Raises
    ------
    pyarrow.ArrowInvalid
        If a piece cannot be parsed.
    """
    starts = _starts(path)
    clean = _clean_line(delimiter)

    def read(start: int, end: int) -> tuple[pa.Table, int] | None:
        with path.open("rb") as opened:
            opened.seek(start)
            content = opened.read(end - start)
        lines = lines_of(content)
        table = parse(content, start == 0)
        is_a_line_each = len(table) == lines - (above if start == 0 else 0)
        is_sure = b'"' not in content or (is_a_line_each and clean.fullmatch(_last_line(content)))
        return (table, lines) if is_sure else None

    if any(end - start > MOST_RECORD for start, end in pairwise(starts)):
        return None
    found = [one for one in each(read, starts[:-1], starts[1:]) if one is not None]
    if len(found) < len(starts) - 1:
        return None
    return pa.concat_tables([table for table, _ in found]), sum(lines for _, lines in found)


def _starts(path: Path) -> list[int]:
    """Give where the pieces start, each behind the end of a line, and last where the file ends."""
    size = path.stat().st_size
    starts = [0]
    with path.open("rb") as opened:
        while starts[-1] + _PIECE < size:
            place = starts[-1] + _PIECE
            opened.seek(place)
            while block := opened.read(_LOOK):
                if (at := block.find(b"\n")) >= 0:
                    place += at + 1
                    break
                place += len(block)
            starts.append(min(place, size))
    return [*starts, size] if starts[-1] < size else starts


def _last_line(content: bytes) -> bytes:
    end = len(content) - (2 if content.endswith(b"\r\n") else content.endswith((b"\n", b"\r")))
    start = content.rfind(b"\n", 0, end) + 1
    return content[max(start, content.rfind(b"\r", start, end) + 1) : end]


def _clean_line(delimiter: str) -> re.Pattern[bytes]:
    """Match a line in which each value is quoted as a whole, or holds no quote."""
    sign = re.escape(delimiter.encode())
    value = rb'(?:"[^"]*(?:""[^"]*)*"|[^"' + sign + rb"]*)"
    return re.compile(value + rb"(?:" + sign + value + rb")*")
