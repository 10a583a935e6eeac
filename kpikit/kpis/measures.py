"""Measures of a table of facts, and formulas over them.

A `Rows` names a table of facts, its day and a flag; a `Measure` says how its rows are gathered; arithmetic
of measures gives a `Formula`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kpikit.errors import ParameterError

__all__ = ["Else", "Formula", "Measure", "Number", "Operation", "Rows", "Window"]


class Formula(ABC):
    """An expression over measures; + − × ÷ of formulas and numbers give formulas."""

    def __add__(self, other: Formula | float) -> Formula:
        return Operation("+", self, _formula(other))

    def __sub__(self, other: Formula | float) -> Formula:
        return Operation("-", self, _formula(other))

    def __mul__(self, other: Formula | float) -> Formula:
        return Operation("*", self, _formula(other))

    def __truediv__(self, other: Formula | float) -> Formula:
        return Operation("/", self, _formula(other))

    def __rsub__(self, other: float) -> Formula:
        return Operation("-", _formula(other), self)

    def __rtruediv__(self, other: float) -> Formula:
        return Operation("/", _formula(other), self)

    __radd__, __rmul__ = __add__, __mul__

    @abstractmethod
    def measures(self) -> Iterator[Measure]:
        """Yield each measure of the expression."""

    def otherwise(self, other: Formula) -> Formula:
        """Use another formula where the data lack what this one needs."""
        return Else(self, other)


def _formula(value: Formula | float) -> Formula:
    if isinstance(value, Formula):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ParameterError("KPI", f"a formula cannot hold {value!r}", "Formulas hold measures and numbers")
    return Number(float(value))


@dataclass(frozen=True)
class Number(Formula):
    """A number in a formula."""

    value: float

    def measures(self) -> Iterator[Measure]:
        yield from ()


@dataclass(frozen=True)
class Operation(Formula):
    """Two formulas joined by an operator; every ÷ is null where its denominator is 0 or null."""

    sign: Literal["+", "-", "*", "/"]
    left: Formula
    right: Formula

    def measures(self) -> Iterator[Measure]:
        yield from self.left.measures()
        yield from self.right.measures()


@dataclass(frozen=True)
class Else(Formula):
    """The first formula, or the second where the data lack what the first needs."""

    first: Formula
    second: Formula

    def measures(self) -> Iterator[Measure]:
        yield from self.first.measures()
        yield from self.second.measures()


@dataclass(frozen=True)
class Window:
    """Which days a measure covers, relative to the period that is asked for.

    `period`: the period. `so_far`: everything until its last day. `trailing`: the `days` that end on its
    last day. `ripe`: the part of the period that ends `days` before the as-of date, or earlier. Measures read
    on one day (`alive`, `open`) are read on the last day, for `opening` on the day before the first, and for
    `trailing` also on the day `days` before.
    """

    kind: Literal["period", "opening", "so_far", "trailing", "ripe"] = "period"
    days: int = 0


@dataclass(frozen=True)
class Measure(Formula):
    """Rows of a table, gathered: a sum, a count, or what spans a day."""

    rows: Rows
    how: Literal["sum", "count", "distinct", "median", "min", "max", "alive", "stayed", "open"]
    column: str | None = None
    key: str | None = None
    days: int | None = None
    window: Window = Window()
    known: tuple[str, ...] = ()

    def measures(self) -> Iterator[Measure]:
        yield self

    @property
    def is_read(self) -> bool:
        """Whether the measure is read on one day."""
        return self.how in ("alive", "stayed", "open")

    @property
    def opening(self) -> Measure:
        """The same on the day before the period starts (of what is read on a day)."""
        if not self.is_read:
            raise ParameterError("KPI", f"'{self.how}' has no opening", "alive and open have one")
        return replace(self, window=Window("opening"))

    @property
    def so_far(self) -> Measure:
        """The same over everything until the last day of the period."""
        return replace(self, window=Window("so_far"))

    def trailing(self, days: int) -> Measure:
        """Cover the `days` that end on the last day of the period, whatever its length."""
        if not isinstance(days, int) or days < 1:
            raise ParameterError("KPI", f"{days!r} days cannot be covered", "A whole number from 1")
        return replace(self, window=Window("trailing", days))

    def ripe(self, days: int) -> Measure:
        """Leave out what is younger than `days` on the as-of date, and so has not had its time."""
        if not isinstance(days, int) or days < 0:
            raise ParameterError("KPI", f"{days!r} days cannot be waited", "A whole number from 0")
        return replace(self, window=Window("ripe", days))

    def where_known(self, *columns: str) -> Measure:
        """Keep to the rows that have a value in each of some columns of numbers."""
        return replace(self, known=tuple(dict.fromkeys([*self.known, *columns])))


@dataclass(frozen=True)
class Rows:
    """Rows of a table of facts: their day, a flag they must have, and a scope.

    Parameters
    ----------
    table
        `orders`, `deals`, `conversations` or `costs`; or what is derived from them: `visits` (orders in each
        customer's time), `firsts` (first orders), `customers` (their time line), `stays` (of deals in
        stages), `employments`.
    day
        The column with the day that dates a row.
    flag
        A marker that counted rows have, such as `is_sale` or `is_won`; None counts every row.
    where
        A scope of its own: dimension to label or labels.

    Examples
    --------
    >>> from kpikit import KPI, Rows
    >>> sales = Rows("orders", "order_date", "is_sale")
    >>> whatsapp = Rows("orders", "order_date", "is_sale", where={"channel": "WhatsApp"})
    >>> share = KPI("whatsapp_share", "rate", "share", whatsapp.money("amount") / sales.money("amount"))
    >>> share.kind, share.unit
    ('rate', 'share')
    """

    table: str
    day: str
    flag: str | None = None
    where: Any = field(default_factory=dict)

    def __post_init__(self) -> None:
        pairs = self.where.items() if isinstance(self.where, Mapping) else self.where
        labels = {k: (v,) if isinstance(v, str) or v is None else tuple(v) for k, v in pairs}
        object.__setattr__(self, "where", tuple(sorted(labels.items())))

    def money(self, column: str) -> Measure:
        """Sum a column of money, exact to 4 decimals."""
        return Measure(self, "sum", column)

    def sum(self, column: str) -> Measure:
        """Sum a column of numbers, exact to 4 decimals."""
        return Measure(self, "sum", column)

    def count(self) -> Measure:
        """Count the rows."""
        return Measure(self, "count")

    def distinct(self, key: str) -> Measure:
        """Count the different values of a key: `order_id`, `customer_id` or a dimension."""
        return Measure(self, "distinct", key="customer" if key == "customer_id" else key)

    def median(self, column: str) -> Measure:
        """Take the median of a column."""
        return Measure(self, "median", column)

    def min(self, column: str) -> Measure:
        """Take the smallest value of a column."""
        return Measure(self, "min", column)

    def max(self, column: str) -> Measure:
        """Take the largest value of a column."""
        return Measure(self, "max", column)

    def alive(self, key: str, days: int | None = None, column: str | None = None) -> Measure:
        """Count (or sum a column over) the keys alive on a day: until they leave, else for some days."""
        return Measure(self, "alive", column, key, days)

    def stayed(self, key: str, days: int | None, since: int | None = None) -> Measure:
        """Count the keys alive on the last day that were alive earlier, by the group of that time.

        Earlier is `since` days before, or else the day before the period.
        """
        window = Window("opening") if since is None else Window("trailing", since)
        return Measure(self, "stayed", None, key, days, window)

    def open(self, until: str, column: str | None = None) -> Measure:
        """Count (or sum a column over) the rows whose span, from their day until another, holds a day."""
        return Measure(self, "open", column, until)
