"""What there is to know about data that can be used."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """Something to know about the data: the check, the table, how many rows, and a sentence.

    Examples
    --------
    >>> from kpikit.data.findings import Finding
    >>> print(Finding("no rep", "orders", 3, "3 lines have no rep: shown apart"))
    orders: 3 lines have no rep: shown apart
    """

    check: str
    table: str
    rows: int
    message: str

    def __str__(self) -> str:
        return f"{self.table}: {self.message}"
