"""Shared credit: the facts with a row for each member who shares an order or a deal, and its parts.

Facts of a member are counted in these tables where the dataset has credits: sums and counts in parts that add
up exactly to the whole, medians and the like once for each group. Whatever no member dimension splits or
keeps is counted in the plain facts, once.

- A quantity A goes to the k-th of an order's members as floor(A · c_k / c) − floor(A · c_(k−1) / c): A in
  ten-thousandths, c_k the sum of the first k shares, c of all. Members stand in the order of their ids as
  text, and several rows of one member are one share, so that the order of rows does not matter.
- An order counts as a million parts, and a customer, or a day of something, as a million parts each.
- A refund without credits of its own has those of the order that it refunds.
- A customer belongs to the members of the order that the customer follows, in their shares.
- Credits say who the members are; region and channel stay the order's own, so that they add up too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kpikit.data.frames import NO_DAY, Expr, Frame, col, lit, when, whole
from kpikit.kpis.belongings import MEMBER_DIMENSIONS, dimensions, members_of, tidy
from kpikit.kpis.timelines import firsts_among

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["CREDITED", "SHARES", "base_of", "credited", "has_credits", "with_key"]

SHARES = 1_000_000
"""A whole order, deal or customer is counted as this many parts."""
_PREFIX = "credited_"
_KEYS = {"orders": "order_id", "deals": "deal_id"}
_SOURCES = dict.fromkeys(("deals", "openings", "leads", "stays"), "deals") | dict.fromkeys(
    ("orders", "aged", "visits", "firsts", "customers", "tenures"), "orders"
)
_WEIGHED = ("cycle_days", "since")
_OF_A_CREDIT = ["row", "unit", "credit_rep", "weight"]

Facts = Callable[[str], Frame]


def has_credits(dataset: Dataset, source: str) -> bool:
    """Tell whether members share orders, or deals."""
    return source in dataset.tables and dataset.has("credits", _KEYS[source])


def credited(dataset: Dataset, table: str) -> str:
    """Name the facts in which members are counted: those with a row for each credit, where there are any."""
    source = _SOURCES.get(table)
    return _PREFIX + table if source and has_credits(dataset, source) else table


def base_of(table: str) -> str:
    """Name the plain facts of credited ones."""
    return table.removeprefix(_PREFIX)


def with_key(dataset: Dataset, rows: Frame, source: str) -> Frame:
    """Add by which order or deal a row is credited, and whether it is; a refund by its own or its order's."""
    key = _KEYS[source]
    known = _shares(dataset, source).flag(is_first=col("before") == 0).filter("is_first")
    known = known.flag(has_own=lit(True)).select(["credit_of", "has_own"])
    rows = rows.label("credit_key", key)
    if "refund_of" not in rows.columns or source != "orders":
        return rows
    rows = rows.lookup("credit_key", known, "credit_of", {"has_own": "has_own"})
    rows = rows.flag(is_refund=~col("is_sale")).label("refunded", "refund_of").only("refunded", "is_refund")
    return rows.only("credit_key", "has_own").coalesce("credit_key", ["credit_key", "refunded"])


def _shares(dataset: Dataset, source: str) -> Frame:
    """The members of each shared order, with the sum of the shares before, up to and over all of them."""
    return dataset.frame("credits").shares(_KEYS[source], "rep_id", "share", SHARES)


def _spread(dataset: Dataset, rows: Frame, source: str, day: str) -> Frame:
    """Give each member a row of what is shared, with their part of it; what is not shared stays whole."""
    side = _shares(dataset, source).flag(is_credited=lit(True))
    take = {name: name for name in ("credit_rep", "before", "upto", "total", "is_credited")}
    rows = rows.number("row", day).spread("credit_key", side, "credit_of", take).number("unit", "row")
    is_shared = col("is_credited")
    rows = rows.with_columns(
        before=when(is_shared).then(col("before")).otherwise(lit(0)),
        upto=when(is_shared).then(col("upto")).otherwise(lit(1)),
        total=when(is_shared).then(col("total")).otherwise(lit(1)),
    )
    rows = rows.with_columns(kpikit_one=col("row") * 0 + SHARES)
    rows = _part(rows, "weight", "kpikit_one")
    for name in rows.columns:
        if f"has_{name}" in rows.columns:
            rows = _part(rows, f"part_{name}", name)
        elif name in _WEIGHED:
            rows = rows.with_columns(**{f"part_{name}": col(name) * col("weight")})
    return _belonging(dataset, rows, day)


def _part(rows: Frame, name: str, source: str) -> Frame:
    """Split a quantity by cumulative floors; in steps that neither overflow nor depend on the engine."""
    total = col("total")
    rows = rows.with_columns(kpikit_rest=(col(source) % total + total) % total)
    rows = rows.with_columns(kpikit_times=(col(source) - col("kpikit_rest")) // total)

    def floor(of: str) -> Expr:
        return (col("kpikit_rest") * col(of)) // total

    times = col("kpikit_times") * (col("upto") - col("before"))
    return rows.with_columns(**{name: times + floor("upto") - floor("before")})


def _belonging(dataset: Dataset, rows: Frame, day: str) -> Frame:
    """Put the member of the credit, and where they stood that day, in place of the row's own."""
    rows, own = rows.flag(is_own=~col("is_credited")), []
    for name in MEMBER_DIMENSIONS:
        if name in rows.columns:
            rows, own = rows.label(f"own_{name}", name).only(f"own_{name}", "is_own"), [*own, name]
    rows = rows.select([name for name in rows.columns if name not in own])
    rows = members_of(dataset, rows, day, "credit_rep")
    for name in own:
        rows = rows.coalesce(name, [name, f"own_{name}"])
    return rows


def _kept(rows: Frame, names: list[str]) -> Frame:
    parts = [name for name in rows.columns if name.startswith("part_")]
    own = [name for name in names if name not in dimensions()]
    return tidy(rows, [*own, *_OF_A_CREDIT, *parts])


def _facts(table: str, day: str) -> Callable[[Dataset, Facts], Frame]:
    """Derive the credited facts of a table, whose rows are judged by a day."""

    def derive(dataset: Dataset, facts: Facts) -> Frame:
        rows = facts(table)
        if table == "deals":
            closed = when(col("closed") > NO_DAY).then(col("closed")).otherwise(col("created"))
            rows = rows.with_columns(settled=whole(closed))
        if _SOURCES[table] == "deals":
            rows = with_key(dataset, rows, "deals")
        names = [name for name in facts(table).columns if name != "credit_key"]
        return _kept(_spread(dataset, rows, _SOURCES[table], day), names)

    return derive


def _first_facts(dataset: Dataset, facts: Facts) -> Frame:
    """First orders, with a row for each member who shares one."""
    return _kept(firsts_among(facts("credited_visits")), ["order_date"])


CREDITED: dict[str, Callable[[Dataset, Facts], Frame]] = {
    "credited_orders": _facts("orders", "order_date"),
    "credited_aged": _facts("aged", "order_date"),
    "credited_visits": _facts("visits", "order_date"),
    "credited_firsts": _first_facts,
    "credited_customers": _facts("customers", "start"),
    "credited_tenures": _facts("tenures", "start"),
    "credited_deals": _facts("deals", "settled"),
    "credited_openings": _facts("openings", "created"),
    "credited_leads": _facts("leads", "created"),
    "credited_stays": _facts("stays", "created"),
}
"""Table of facts with a row for each credit to the function that derives it."""
