"""Where one source is, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Place"]


@dataclass(frozen=True)
class Place:
    """Where one source is, and how it is written."""

    file: str = ""
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    database: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    skip: int = 0
