"""Entries and the parts of them that are a member's, and how parts are summed, counted and divided."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import floor
from typing import Any, NamedTuple

from tests.oracles.company import Company
from tests.oracles.tables import Row, money


class Part(NamedTuple):
    """The part of an entry that is a member's, between two shares of it; all of it where nobody shares."""

    entry: Any
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(1)

    @property
    def same(self) -> Any:
        """What parts of one entry have in common."""
        return self.entry if isinstance(self.entry, str) else id(self.entry)

    @property
    def weight(self) -> Fraction:
        """How much of one entry this is, in millionths."""
        return self.of(1, 1_000_000)

    def of(self, value: Fraction | int, scale: int = 10_000) -> Fraction:
        """Cut this part out of a value, down to whole smallest parts."""
        return Fraction(floor(value * scale * self.high) - floor(value * scale * self.low), scale)


class Result(NamedTuple):
    """A value, its denominator or count, and how many entries were gathered (0: nothing was there)."""

    value: Fraction | float | None
    n: int | None
    rows: int


Entry = tuple[Any, Callable[..., str], Row | None]
Gathered = dict[str, list[Part]]
Formula = Callable[[Gathered], tuple[Fraction | None, int | None]]
Recipe = tuple[dict[str, list[Entry]], Formula]
"""What a KPI reads, each entry with its labels and its row, and the formula of a group."""


def ratio(numerator: Fraction | int | None, denominator: Fraction | int | None) -> Fraction | None:
    """Divide; undefined is None."""
    return None if numerator is None or not denominator else Fraction(numerator) / denominator


def add_up(parts: list[Part], value: Callable[[Row], Fraction | None]) -> tuple[Fraction | None, int]:
    """Sum what is known: no rows are 0, rows that all lack the value are None."""
    known = [(part, v) for part in parts if (v := value(part.entry)) is not None]
    total = sum((part.of(v) for part, v in known), Fraction(0))
    return (None if parts and not known else total), len({part.same for part, _ in known})


def count(parts: list[Part]) -> Fraction:
    """Count entries, each by the parts of it that are there."""
    return sum((part.weight for part in parts), Fraction(0))


def entries_of(parts: list[Part]) -> int:
    """Count the different entries of which there is a part."""
    return len({part.same for part in parts})


def amount_of(row: Row) -> Fraction | None:
    """Read the amount of a line or a deal."""
    return money(row["amount"])


def margin_of(line: Row) -> Fraction | None:
    """Give amount less cost where both are known."""
    amount, cost = money(line["amount"]), money(line["cost"])
    return None if amount is None or cost is None else amount - cost


def undiscounted_of(line: Row) -> Fraction | None:
    """Give amount and discount where both are known."""
    amount, discount = money(line["amount"]), money(line["discount"])
    return None if amount is None or discount is None else amount + discount


def count_orders(lines: list[Part]) -> tuple[Fraction, int]:
    """Count distinct orders among sale lines, by their parts and whole."""
    parts = {(line.entry["order_id"], line.low): line.weight for line in lines}
    return sum(parts.values(), Fraction(0)), len({order for order, _ in parts})


def entries_in(parts: list[Part]) -> list[Any]:
    """List the different entries of which there is a part, each of them whole."""
    return list({part.same: part.entry for part in parts}.values())


def median(values: list[Fraction | int]) -> Fraction | None:
    """Give the middle, or the mean of the two in the middle."""
    values, half = sorted(values), len(values) // 2
    if not values:
        return None
    return Fraction(values[half]) if len(values) % 2 else Fraction(values[half - 1] + values[half]) / 2


def share_of(some: str, of: str) -> Formula:
    """Divide one kind of parts by another, which is counted."""
    return lambda g: (ratio(count(g[some]), count(g[of])), entries_of(g[of]))


def of_rows(co: Company, rows: list[Row]) -> list[Entry]:
    """Let rows be labelled by their own fields."""
    return [(row, co.row_label, row) for row in rows]


def of_customers(
    co: Company, ids: list[str], day: date, which: Callable[[str, date], Row | None]
) -> list[Entry]:
    """Let customers be labelled by one of their orders."""

    def labels(c: str) -> Callable[..., str]:
        return lambda row, d: co.customer_label(c, d, row)

    return [(c, labels(c), which(c, day)) for c in ids]
