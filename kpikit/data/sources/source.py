"""What every source can do: name its columns, read them, and tell where a row stands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from kpikit.data.sources.bounds import MOST_COLUMNS
from kpikit.errors import DataError, MissingColumnError, cut, listing

__all__ = ["Source", "all_empty", "check_names"]

_MOST_NAMED = 30


class Source(ABC):
    """An open source of rows.

    Attributes
    ----------
    name
        The source as the mapping writes it.
    columns
        The names of its columns, without blanks around them; those without a name are empty.
    ragged
        The numbers of rows that were left out because they have more or fewer values than columns.
    """

    name: str
    columns: list[str]
    ragged: np.ndarray = np.array([], dtype="int64")

    def fault(self, row: int | None, fault: str, allowed: str = "", hint: str = "") -> DataError:
        """Make the error that tells a fault of the source, or of one of its rows (numbered from 0)."""
        where = f"load: {cut(self.name)}"
        if row is not None:
            where += f", {self.lines(np.array([row]))[0]}"
        return DataError(where, fault, allowed, hint)

    def require(self, column: str, hint: str) -> None:
        """Check that a column is there.

        Raises
        ------
        DataError
            Naming the columns that are there.
        """
        if column not in self.columns:
            fault = f"column '{cut(column)}' not found in {cut(self.name)}"
            there = f"Columns: {listing([one for one in self.columns if one], _MOST_NAMED) or 'none'}"
            raise MissingColumnError("load", fault, there, hint)

    def lines(self, rows: np.ndarray) -> list[str]:
        """Tell where rows (numbered from 0) stand: `line 7` of a CSV file, else `row 7`."""
        return [f"row {row + 1}" for row in rows]

    @abstractmethod
    def read(
        self, columns: list[str], kinds: Mapping[str, str] | None = None
    ) -> tuple[pa.Table, np.ndarray, int]:
        """Read columns: as text from CSV, as they are typed from all others.

        `kinds` says of some columns what they are likely to hold: `number` and `date` in the ways that need
        no mapping, `word` for texts that come again and again. A CSV file is read quicker so where it is
        true, and as text where it is not.

        Returns
        -------
        tuple
            The columns, the number of each row, and how many rows were left out because they have no value in
            any column of the source.

        Raises
        ------
        DataError
            If the source is damaged, or takes more time or memory than it may.
        """

    @abstractmethod
    def files(self) -> list[Path]:
        """Name the files on which the rows depend; none for a server."""


def check_names(name: str, columns: list[str]) -> None:
    """Check that no column is named twice, and that there are not too many.

    Raises
    ------
    DataError
        Naming the column.
    """
    if len(columns) > MOST_COLUMNS:
        fault = f"the header has {len(columns):,} columns"
        hint = "see whether rows and columns are swapped"
        raise DataError(f"load: {cut(name)}", fault, f"At most {MOST_COLUMNS:,}", hint)
    seen: set[str] = set()
    for column in filter(None, columns):
        if column in seen:
            hint = "rename or remove one of them"
            raise DataError(f"load: {cut(name)}", f"two columns have the name '{cut(column)}'", hint=hint)
        seen.add(column)


def all_empty(table: pa.Table) -> np.ndarray:
    """Mark the rows in which no column has a value."""
    empty = np.ones(len(table), dtype=bool)
    for column in table.columns:
        if not empty.any():
            break
        empty &= column.is_null().to_numpy() if column.null_count else False
    return empty
