"""Facts of customers: their orders in the order of time, first orders, time lines and tenures."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kpikit.data.frames import FOREVER, NO_DAY, ROW, Frame, col, earlier, lit, when, whole
from kpikit.errors import NotAvailableError
from kpikit.kpis.belongings import LABELS, dimensions, side_of, tidy

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["acquisition_facts", "customer_facts", "first_facts", "firsts_among"]
__all__ += ["leaving_facts", "tenure_facts", "visit_facts"]

_OF_A_LEAVING = ["left", "stayed_days", "is_over"]

Facts = Callable[[str], Frame]


def visit_facts(dataset: Dataset, facts: Facts) -> Frame:
    """One row for each order with a sale line, in the order of each customer's time.

    `is_visit` marks the orders whose customer and date are known, `is_new` the first of each customer and
    `is_again` all later ones.
    `region` is the order's, `own_region` the customer's own before the order's.
    """
    rows = facts("orders")
    own = [name for name in rows.columns if name in dimensions() and name not in LABELS]
    own += [name for name in ("credit_key", ROW) if name in rows.columns]
    rows = rows.select(["order_id", "order_date", "is_sale", *own]).heads("order_id", "is_sale")
    # An order without a date does not say when somebody became a customer.
    rows = (
        rows.flag(is_dated=col("order_date") > NO_DAY)
        .label("visitor", "customer")
        .only("visitor", "is_dated")
    )
    rows = rows.sequence("visitor", "order_date", "order_id", dataset.frame("orders").is_whole("order_id"))
    known = ~col("visitor").is_null()
    rows = rows.flag(is_visit=known, is_new=known & col("is_first"), is_again=known & ~col("is_first"))
    side, has = side_of(dataset, "customers", ("region",))
    if side is not None and has:
        side = side.label("region", "region").label("customer_id", "customer_id")
        rows = rows.lookup("customer", side, "customer_id", {"own_region": "region"})
        sources = ["own_region", *(["region"] if "region" in own else [])]
        rows = rows.coalesce("own_region", sources)
    elif "region" in own:
        rows = rows.label("own_region", "region")
    days = ["order_date", "next_day", "is_new", "is_again", "is_visit", "own_region", "credit_key"]
    return tidy(rows, days)


def _visits(visits: Frame) -> Frame:
    """The orders of known customers, with the customer's own region before the order's."""
    rows = visits.filter("is_visit")
    return rows.label("region", "own_region") if "own_region" in rows.columns else rows


def firsts_among(visits: Frame) -> Frame:
    """Keep the first order of each customer."""
    return _visits(visits).filter("is_new")


def first_facts(dataset: Dataset, facts: Facts) -> Frame:
    """One row for each customer who ever ordered: the day of the first order, and whose it was."""
    return tidy(firsts_among(facts("visits")), ["order_date"])


def acquisition_facts(dataset: Dataset, facts: Facts) -> Frame:
    """One row for each customer of the table of customers: the day of acquisition, and their own fields."""
    rows = dataset.frame("customers")
    has = "acquired_on" in rows.columns
    rows = rows.day("acquired", "acquired_on") if has else rows.with_columns(acquired=whole(NO_DAY))
    rows = rows.label("customer", "customer_id")
    for name in ("region", "channel", "segment"):
        rows = rows.label(name, name) if name in rows.columns else rows
    return tidy(rows, ["acquired"])


def customer_facts(dataset: Dataset, facts: Facts) -> Frame:
    """The time line of each customer, in pieces from one order to the next.

    A piece lasts from `start` to before `stop`, and to before `alive_until` where the customer left within
    it. A customer who was acquired before the first order has a piece before it, of no member.
    """
    keep = ["start", "stop", "alive_until", "is_order", "credit_key"]
    rows = None
    if "orders" in dataset.tables:
        rows = _visits(facts("visits"))
        rows = rows.with_columns(start=col("order_date"), stop=col("next_day")).flag(is_order=lit(True))
    side, has = side_of(dataset, "customers", ("acquired_on", "left_on"))
    if rows is None and "acquired_on" not in has:
        raise NotAvailableError("customers", "orders is missing")
    if side is None or not has:
        return tidy(rows.with_columns(alive_until=col("stop")), keep)
    for new, name in (("acquired", "acquired_on"), ("left", "left_on")):
        side = side.day(new, name) if name in has else side.with_columns(**{new: whole(NO_DAY)})
    side = side.label("customer", "customer_id")
    keep[2] = "left"
    if rows is None:
        side = side.with_columns(first_order=whole(NO_DAY))
        rows = _before_first_order(side, None)
    else:
        first = rows.filter("is_new").select(["customer", "order_date"])
        side = side.lookup("customer", first, "customer", {"first_order": "order_date"})
        rows = rows.lookup("customer", side, "customer", {"left": "left"})
        rows = tidy(rows, keep)
        rows = rows.append(_before_first_order(side, rows).select(rows.columns))
    rows = rows.with_columns(
        left=whole(when(col("left") == NO_DAY).then(lit(FOREVER)).otherwise(col("left")))
    )
    keep[2] = "alive_until"
    return tidy(rows.with_columns(alive_until=earlier("stop", "left")), keep)


def _before_first_order(side: Frame, rows: Frame | None) -> Frame:
    """The pieces of customers who were acquired before they ordered, or who never did."""
    never = col("first_order") == NO_DAY
    side = side.flag(is_early=(col("acquired") > NO_DAY) & (never | (col("acquired") < col("first_order"))))
    side = side.filter("is_early").with_columns(
        start=col("acquired"),
        stop=whole(when(never).then(lit(FOREVER)).otherwise(col("first_order"))),
    )
    side = side.flag(is_order=lit(False))
    own = ("region", "channel", "segment")
    for name in dimensions() if rows is None else rows.columns:
        if name in own and name in side.columns:
            side = side.label(name, name)
        elif rows is not None and name in {*dimensions(), "credit_key"} - {"customer"}:
            side = side.no_label(name)
    return side


def leaving_facts(dataset: Dataset, facts: Facts) -> Frame:
    """One row for each customer who left: the day, and the days since they became one, where known."""
    rows = dataset.frame("customers")
    if "left_on" not in rows.columns:
        raise NotAvailableError("leavings", "customers.left_on is missing")
    rows = rows.day("left", "left_on").label("customer", "customer_id")
    known = []
    if "acquired_on" in rows.columns:
        rows, known = rows.day("acquired", "acquired_on"), ["acquired"]
    if "orders" in dataset.tables:
        first = facts("firsts").select(["customer", "order_date"])
        rows, known = (
            rows.lookup("customer", first, "customer", {"ordered": "order_date"}),
            [*known, "ordered"],
        )
    if not known:
        raise NotAvailableError("leavings", "customers.acquired_on is missing")
    for name in ("region", "channel", "segment"):
        rows = rows.label(name, name) if name in rows.columns else rows
    rows = _since(rows, known)
    rows = rows.flag(is_over=(col("left") > NO_DAY) & (col("since") <= col("left")))
    return tidy(rows.with_columns(stayed_days=whole(col("left") - col("since"))), _OF_A_LEAVING)


def tenure_facts(dataset: Dataset, facts: Facts) -> Frame:
    """The time lines of customers with `since`: the day of acquisition or of the first order, if earlier."""
    rows = facts("customers")
    known = []
    if "orders" in dataset.tables:
        rows = rows.lookup("customer", facts("firsts"), "customer", {"ordered": "order_date"})
        known.append("ordered")
    if dataset.has("customers", "acquired_on"):
        rows = rows.lookup("customer", facts("acquisitions"), "customer", {"acquired": "acquired"})
        known.append("acquired")
    return _since(rows, known)


def _since(rows: Frame, known: list[str]) -> Frame:
    """Add `since`, the earliest of some days; where none is known, a day that never comes."""
    for name in known:
        rows = rows.with_columns(
            **{name: whole(when(col(name) == NO_DAY).then(lit(FOREVER)).otherwise(col(name)))}
        )
    return rows.with_columns(since=earlier(*known))
