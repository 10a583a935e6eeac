"""The only door to data-frame engines: a few operations, each with a pandas and a narwhals form.

Tables come as pandas frames, Polars frames or DuckDB relations. Everything that kpikit computes on rows
goes through a `Frame`, which offers the handful of operations that KPIs need. After `gather`, `read` and
`both` the results are small numpy arrays, and no engine is involved any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

import narwhals as nw
import numpy as np
import pandas as pd
from narwhals import Expr, col, lit, when

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "FOREVER",
    "NO_DAY",
    "ROW",
    "SCALE",
    "STINT",
    "Cells",
    "Expr",
    "Frame",
    "Gather",
    "col",
    "date_of",
    "day_number",
    "earlier",
    "lit",
    "unique_names",
    "when",
    "whole",
]

SCALE = 10_000
"""Quantities with decimals are summed as whole numbers of this many parts, so sums are exact."""
NO_DAY = -1_000_000
"""The day number of a row without a date: before every day, so it counts in all time alone."""
FOREVER = 1_000_000
"""The day number of an end that has not come."""

ROW = "kpikit_row"
"""The column that numbers the rows of source tables, in the few datasets that have it; facts keep it."""

STINT = "\x1f"
"""Stands between a member's id and the number of a later stint, in the keys of stints."""

_EPOCH = date(1970, 1, 1)


def day_number(day: date) -> int:
    """Count the days from 1970-01-01 to a date.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.data.frames import day_number
    >>> day_number(date(1970, 1, 31))
    30
    """
    return (day - _EPOCH).days


def date_of(number: int) -> date:
    """Give the date that is a number of days from 1970-01-01.

    Examples
    --------
    >>> from kpikit.data.frames import date_of
    >>> date_of(30)
    datetime.date(1970, 1, 31)
    """
    return _EPOCH + timedelta(days=number)


@dataclass(frozen=True)
class Gather:
    """One quantity to gather: a column (None counts rows), the flags that rows must have.

    A row also needs each day column in `revealed` to be empty or not after the as-of date. What is read on a
    day spans the days before `until`, and at most `limit` days.
    """

    column: str | None = None
    flags: tuple[str, ...] = ()
    revealed: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str | None, ...]], ...] = ()
    until: str | None = None
    limit: int | None = None


@dataclass
class Cells:
    """Gathered quantities: one row per group, one column per bucket of days.

    `groups` holds the labels (None where a row has none) and `values[name]` an array of shape
    (groups, buckets).
    """

    groups: pd.DataFrame
    values: dict[str, np.ndarray] = field(default_factory=dict)


class Frame(Protocol):
    """The operations on rows; `frames_pandas` and `frames_lazy` implement them."""

    @property
    def columns(self) -> list[str]: ...
    def select(self, names: Sequence[str]) -> Frame: ...
    def with_columns(self, **expressions: Expr) -> Frame: ...
    def flag(self, **expressions: Expr) -> Frame: ...
    def filter(self, flag: str) -> Frame: ...
    def day(self, name: str, source: str) -> Frame: ...
    def minor(self, name: str, source: str) -> Frame: ...
    def label(self, name: str, source: str) -> Frame: ...
    def no_label(self, name: str) -> Frame: ...
    def stint(self, name: str, key: str, day: str, later: Sequence[tuple[str, int, str]]) -> Frame: ...
    def lookup(self, key: str, side: Frame, on: str, take: Mapping[str, str]) -> Frame: ...
    def spread(self, key: str, side: Frame, on: str, take: Mapping[str, str]) -> Frame: ...
    def shares(self, key: str, rep: str, share: str, parts: int) -> Frame: ...
    def number(self, name: str, order: str) -> Frame: ...
    def once(
        self,
        name: str,
        keys: Sequence[str],
        by: Sequence[str],
        flags: Sequence[str],
        where: Mapping[str, Sequence[str | None]],
    ) -> Frame: ...
    def coalesce(self, name: str, sources: Sequence[str]) -> Frame: ...
    def only(self, name: str, flag: str) -> Frame: ...
    def is_whole(self, name: str) -> Callable[[], bool]: ...
    def heads(self, key: str, among: str) -> Frame: ...
    def agreed(self, key: str, among: str, names: Sequence[str]) -> Frame: ...
    def sequence(self, key: str, day: str, tie: str, is_number: Callable[[], bool]) -> Frame: ...
    def append(self, other: Frame) -> Frame: ...
    def keep(self, *, is_cheap: bool = False) -> Frame: ...
    def totals(self, names: Sequence[str]) -> dict[str, float]: ...
    def first_day(self, day: str) -> int | None: ...
    def labels(self, name: str) -> list[str]: ...
    def to_pandas(self) -> pd.DataFrame: ...

    def take(self, name: str, numbers: np.ndarray) -> pd.DataFrame:
        """Bring the rows in which a column holds one of these whole numbers to pandas."""
        ...

    def gather(
        self,
        day: str,
        breaks: Sequence[int],
        by: Sequence[str],
        what: Mapping[str, Gather],
        as_of: int,
        where: Mapping[str, Sequence[str | None]],
    ) -> Cells:
        """Sum each quantity in the buckets between consecutive breaks (the last one excluded)."""
        ...

    def gather_each(
        self,
        day: str,
        spans: Sequence[tuple[int, int]],
        by: Sequence[str],
        how: str,
        what: Gather,
        as_of: int,
        where: Mapping[str, Sequence[str | None]],
    ) -> Cells:
        """Take a distinct count, median, min or max in each of several disjoint spans of days."""
        ...

    def read(
        self,
        start: str,
        days: Sequence[int],
        by: Sequence[str],
        what: Mapping[str, Gather],
        where: Mapping[str, Sequence[str | None]],
    ) -> Cells:
        """Sum each quantity over the rows whose span, from `start`, holds each of the days."""
        ...

    def both(
        self,
        key: str,
        start: str,
        days: Sequence[tuple[int, int]],
        by: Sequence[str],
        what: Gather,
        where: Mapping[str, Sequence[str | None]],
    ) -> Cells:
        """Count the keys of each group that span the first day of a pair and, anywhere, the second.

        With a column, sum it over these rows.
        """
        ...


def whole(value: Expr | int) -> Expr:
    """Make a day or a number of days, as every engine stores it."""
    expression = lit(value) if isinstance(value, int) else value
    return expression.cast(nw.Int32)


def earlier(*names: str) -> Expr:
    """Take the earliest of several days, row by row."""
    return whole(nw.min_horizontal(*names))


def unique_names(name: str, key: str) -> Expr:
    """Name each row by its name, else its key; names that several rows bear get the key behind them."""
    named = nw.col(name).fill_null(nw.col(key))
    many = nw.col(key).min().over(name) != nw.col(key).max().over(name)
    both = nw.concat_str(nw.col(name), nw.lit(" ("), nw.col(key), nw.lit(")"))
    return nw.when(many & ~nw.col(name).is_null()).then(both).otherwise(named)


def text_labels(labels: Iterable[object]) -> list[str | None]:
    """Write labels as text, None where there is none."""
    return [None if pd.isna(label) else str(label) for label in labels]
