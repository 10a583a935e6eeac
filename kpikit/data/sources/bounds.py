"""How much a source may ask of this machine, whatever it claims.

A file from elsewhere may be damaged, or made to do harm. What it may take is bounded before it is taken.
"""

from __future__ import annotations

import os

__all__ = ["MOST_COLUMNS", "MOST_HEADER", "MOST_RECORD", "memory", "room", "seconds"]

MOST_COLUMNS = 16_384
"""Columns of a table: what the widest spreadsheet has."""
MOST_HEADER = 1 << 20
"""Letters of a CSV file's header."""
MOST_RECORD = 1 << 24
"""Letters of one record of a CSV file: what Arrow reads at a time."""

_LEAST_ROOM, _MOST_GROWTH = 1 << 29, 64
_SECONDS, _BYTES_A_SECOND = 7, 1 << 20
_SETTING = "KPIKIT_QUERY_SECONDS"


def room(size: int) -> int:
    """Give how many bytes of memory the rows of a file may take, by the bytes of the file.

    Examples
    --------
    >>> from kpikit.data.sources.bounds import room
    >>> room(1000) // 2**20, room(2**24) // 2**20
    (512, 1024)
    """
    return max(_LEAST_ROOM, _MOST_GROWTH * size)


def memory(size: int) -> int:
    """Give how many bytes of memory the reader of a workbook or a database may take.

    Examples
    --------
    >>> from kpikit.data.sources.bounds import memory
    >>> memory(1000) // 2**20, memory(2**24) // 2**20
    (864, 928)
    """
    return (864 << 20) + 4 * size


def seconds(size: int, least: int = _SECONDS) -> float:
    """Give how long reading a workbook or a query may take: by the bytes of the file, or as it is set.

    Examples
    --------
    >>> from kpikit.data.sources.bounds import seconds
    >>> seconds(2**20), seconds(2**30)
    (8.0, 1031.0)
    """
    try:
        return max(1.0, float(os.environ[_SETTING]))
    except (KeyError, ValueError):
        return least + size / _BYTES_A_SECOND
