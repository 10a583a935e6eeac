"""What needs a whole history, derived once: first orders, time lines of customers, who a row belongs to.

Facts are built over the full history, before any period, scope or as-of date. Flags are never null; a day
that is missing is `NO_DAY`, an end that has not come is `FOREVER`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kpikit.data.frames import (
    FOREVER,
    NO_DAY,
    STINT,
    Frame,
    col,
    day_number,
    earlier,
    lit,
    unique_names,
    when,
    whole,
)
from kpikit.errors import NotAvailableError
from kpikit.kpis.costs import cost_facts

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["FACTS", "MEMBER_DIMENSIONS", "facts_of", "needs_of"]

MEMBER_DIMENSIONS = ("rep", "team", "manager", "role")
_NUMBERS = ("amount", "cost", "discount", "quantity")
_LABELS = ("product", "product_line")


def facts_of(dataset: Dataset, name: str) -> Frame:
    """Build (once for each dataset) a table of facts.

    Raises
    ------
    NotAvailableError
        If the dataset lacks the table that the facts come from.
    """
    if name not in dataset.facts:
        source = needs_of(name)
        if source not in dataset.tables:
            raise NotAvailableError(name, f"{source} is missing")
        dataset.facts[name] = FACTS[name](dataset).keep()
    return dataset.facts[name]


def needs_of(name: str) -> str:
    """Name the table of the data contract that a table of facts comes from."""
    return {"firsts": "orders", "customers": "orders"}.get(name, name)


def _side(dataset: Dataset, table: str, columns: tuple[str, ...]) -> tuple[Frame | None, list[str]]:
    """A table to look things up in, and which of the wanted columns it has."""
    if table not in dataset.tables:
        return None, []
    side = dataset.frame(table)
    return side, [name for name in columns if name in side.columns]


def _belongings(dataset: Dataset, rows: Frame, day: str) -> Frame:
    """Add the dimensions: of the member, of the customer, and region and channel by precedence."""
    sources: dict[str, list[str]] = {"region": [], "channel": []}
    for name in sources:
        if name in rows.columns:
            rows = rows.label(f"row_{name}", name)
            sources[name].append(f"row_{name}")
    for name in _LABELS:
        if name in rows.columns:
            rows = rows.label(name, name)
    if "customer_id" in rows.columns:
        rows = rows.label("customer", "customer_id")
        side, has = _side(dataset, "customers", ("region", "channel", "segment"))
        if side is not None and has:
            for name in has:
                side = side.label(name, name)
            take = {("segment" if name == "segment" else f"customer_{name}"): name for name in has}
            rows = rows.lookup("customer", side.label("customer_id", "customer_id"), "customer_id", take)
            for name in set(has) - {"segment"}:
                sources[name].append(f"customer_{name}")
    if "rep_id" in rows.columns:
        rows = _members(dataset, rows, day, sources)
    for name, found in sources.items():
        if found:
            rows = rows.coalesce(name, found)
    return rows


def _members(dataset: Dataset, rows: Frame, day: str, sources: dict[str, list[str]]) -> Frame:
    """Add who a row's member is, and where they stood on the row's day."""
    rows = rows.label("rep", "rep_id")
    side, has = _side(dataset, "reps", ("team", "manager", "role", "region"))
    if side is None:
        return rows
    named = unique_names("name", "rep_id") if "name" in side.columns else col("rep_id")
    side, has = side.with_columns(label=named), [*has, "label"]
    later = later_stints(dataset)
    side = side.label("stint", "rep_id")
    if later:
        side = side.day("valid_from", "valid_from").stint("stint", "stint", "valid_from", later)
    for name in has:
        side = side.label(name, name)
    take = {("rep_region" if name == "region" else name): name for name in has}
    rows = rows.stint("stint", "rep", day, later).lookup("stint", side, "stint", take)
    # A member that no table knows keeps the id as a label.
    rows = rows.coalesce("rep", ["label", "rep"])
    if "region" in has:
        sources["region"].append("rep_region")
    return rows


def later_stints(dataset: Dataset) -> list[tuple[str, int, str]]:
    """List the stints of members who moved, after their first: id, first day, key; in the order of time."""
    reps = dataset.reps
    if "valid_from" not in reps:
        return []
    ordered = reps.sort_values("valid_from", na_position="first", kind="stable")
    number = ordered.groupby("rep_id").cumcount() + 1
    later = ordered[number > 1]
    return [
        (str(one), day_number(start.date()), f"{one}{STINT}{count}")
        for one, start, count in zip(later["rep_id"], later["valid_from"], number[number > 1], strict=True)
    ]


def _tidy(rows: Frame, keep: list[str]) -> Frame:
    return rows.select([name for name in [*keep, *_dimensions()] if name in rows.columns])


def _dimensions() -> list[str]:
    return [*MEMBER_DIMENSIONS, "region", "channel", "segment", "customer", *_LABELS]


def _numbers(rows: Frame) -> tuple[Frame, list[str]]:
    names = [name for name in _NUMBERS if name in rows.columns]
    for name in names:
        rows = rows.minor(name, name)
    return rows, [column for name in names for column in (name, f"has_{name}")]


def order_facts(dataset: Dataset) -> Frame:
    """Order lines: exact amounts, sale or refund, first line of its order, and whose they are."""
    rows = dataset.frame("orders").day("order_date", "order_date")
    rows, numbers = _numbers(rows)
    # A line without an amount is a sale whose amount is not known; only a negative line is a refund.
    rows = rows.flag(is_sale=col("amount") >= 0)
    rows = rows.mark_first("is_order", "order_id", "is_sale")
    flags = ["is_sale", "is_order"]
    if "cost" in rows.columns:
        rows = rows.flag(has_margin=col("has_amount") & col("has_cost"))
        rows = rows.with_columns(margin=col("amount") - col("cost"))
        flags += ["margin", "has_margin"]
    rows = _belongings(dataset, rows, "order_date")
    return _tidy(rows, ["order_id", "order_date", *numbers, *flags])


def _sequence(dataset: Dataset) -> Frame:
    """Sale lines of known customers in the order of time, with the customer's own region first."""
    if "sequence" not in dataset.facts:
        rows = facts_of(dataset, "orders")
        if "customer" not in rows.columns:
            raise NotAvailableError("customers", "orders.customer_id is missing")
        rows = rows.flag(counts=col("is_sale") & ~col("customer").is_null() & (col("order_date") > NO_DAY))
        kept = _tidy(rows, ["order_id", "order_date", "counts"]).filter("counts")
        kept = kept.select([name for name in kept.columns if name not in ("counts", *_LABELS)])
        kept = kept.sequence("customer", "order_date", "order_id")
        side, has = _side(dataset, "customers", ("region",))
        if side is not None and has:
            side = side.label("region", "region").label("customer_id", "customer_id")
            kept = kept.lookup("customer", side, "customer_id", {"own_region": "region"})
            kept = kept.coalesce("region", ["own_region", "region"])
        dataset.facts["sequence"] = kept.keep()
    return dataset.facts["sequence"]


def first_facts(dataset: Dataset) -> Frame:
    """One row for each customer who ever ordered: the day of the first order, and whose it was."""
    rows = _sequence(dataset).filter("is_first")
    return _tidy(rows, ["order_date"])


def customer_facts(dataset: Dataset) -> Frame:
    """The time line of each customer, in pieces from one order to the next.

    A piece lasts from `start` to before `stop`, and to before `alive_until` where the customer left within
    it. A customer who was acquired before the first order has a piece before it, of no member.
    """
    rows = _sequence(dataset)
    side, has = _side(dataset, "customers", ("acquired_on", "left_on"))
    rows = rows.with_columns(start=col("order_date"), stop=col("next_day")).flag(is_order=lit(True))
    keep = ["start", "stop", "alive_until", "since", "acquired", "is_order", "is_first"]
    if side is None or not has:
        return _tidy(rows.with_columns(alive_until=col("stop"), acquired=whole(NO_DAY)), keep)
    for new, name, empty in (("acquired", "acquired_on", NO_DAY), ("left", "left_on", FOREVER)):
        if name in has:
            side = side.day(new, name)
            known = when(col(new) == NO_DAY).then(lit(empty)).otherwise(col(new))
            side = side.with_columns(**{new: whole(known)})
        else:
            side = side.with_columns(**{new: whole(empty)})
    side = side.label("customer", "customer_id")
    first = rows.filter("is_first").select(["customer", "order_date"])
    side = side.lookup("customer", first, "customer", {"first_order": "order_date"})
    rows = rows.lookup("customer", side, "customer", {"acquired": "acquired", "left": "left"})
    # A customer whom no table knows has no day of leaving.
    rows = rows.with_columns(
        left=whole(when(col("left") == NO_DAY).then(lit(FOREVER)).otherwise(col("left"))),
        since=whole(
            when((col("acquired") > NO_DAY) & (col("acquired") < col("since")))
            .then(col("acquired"))
            .otherwise(col("since"))
        ),
    )
    rows = _tidy(rows, ["start", "stop", "left", "since", "acquired", "is_order", "is_first"])
    rows = rows.append(_before_first_order(side, rows).select(rows.columns))
    return _tidy(rows.with_columns(alive_until=earlier("stop", "left")), keep)


def _before_first_order(side: Frame, rows: Frame) -> Frame:
    """The pieces of customers who were acquired before they ordered, or who never did."""
    side = side.flag(
        is_early=(col("acquired") > NO_DAY)
        & ((col("first_order") == NO_DAY) | (col("acquired") < col("first_order")))
    )
    side = side.filter("is_early").with_columns(
        start=col("acquired"),
        since=col("acquired"),
        stop=whole(when(col("first_order") == NO_DAY).then(lit(FOREVER)).otherwise(col("first_order"))),
    )
    side = side.flag(is_order=lit(False), is_first=col("first_order") == NO_DAY)
    for name in rows.columns:
        if name in ("region", "channel", "segment") and name in side.columns:
            side = side.label(name, name)
        elif name in _dimensions() and name != "customer":
            side = side.no_label(name)
    return side


def deal_facts(dataset: Dataset) -> Frame:
    """Deals: their days, outcome flags, the days from creation to closing, and whose they are."""
    rows = dataset.frame("deals")
    for name, source in (("created", "created_on"), ("closing", "closed_on")):
        has = source in rows.columns
        rows = rows.day(name, source) if has else rows.with_columns(**{name: whole(NO_DAY)})
    rows, numbers = _numbers(rows)
    rows = rows.flag(
        is_won=col("outcome") == "won",
        is_closed=col("outcome").is_in(["won", "lost"]),
        has_created=col("created") > NO_DAY,
    )
    # A closing date without an outcome says nothing: the deal is still open.
    rows = rows.with_columns(closed=whole(when(col("is_closed")).then(col("closing")).otherwise(lit(NO_DAY))))
    rows = rows.with_columns(
        dated=whole(when(col("has_created")).then(col("created")).otherwise(col("closed"))),
        until=whole(when(col("is_closed")).then(col("closed")).otherwise(lit(FOREVER))),
        cycle_days=whole(col("closed") - col("created")),
    )
    rows = rows.flag(
        is_cycle=col("is_won") & col("has_created") & (col("closed") >= col("created")),
        is_spanned=col("has_created") & (col("until") > NO_DAY),
    )
    rows = rows.with_columns(judged=whole(when(col("closed") > NO_DAY).then(col("closed")).otherwise(col("created"))))
    rows = _belongings(dataset, rows, "judged")
    days = ["deal_id", "created", "closed", "dated", "until", "cycle_days"]
    return _tidy(rows, [*days, *numbers, "is_won", "is_closed", "is_cycle", "is_spanned"])


FACTS: dict[str, Callable[[Dataset], Frame]] = {
    "orders": order_facts,
    "firsts": first_facts,
    "customers": customer_facts,
    "deals": deal_facts,
    "costs": cost_facts,
}
