"""What needs a whole history, derived once: first orders, time lines of customers, who a row belongs to.

Facts are built over the full history, before any period, scope or as-of date. Flags are never null; a day
that is missing is `NO_DAY`, an end that has not come is `FOREVER`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

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

__all__ = ["FACTS", "MEMBER_DIMENSIONS", "facts_of", "first_day_of"]

MEMBER_DIMENSIONS = ("rep", "team", "manager", "role")
_FIRST_DAYS: WeakKeyDictionary[Dataset, dict[tuple[str, str], int | None]] = WeakKeyDictionary()
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
        sources = needs_of(name)
        if not set(sources) & set(dataset.tables):
            raise NotAvailableError(name, f"{' or '.join(sources)} is missing")
        facts = FACTS[name](dataset)
        dataset.facts[name] = facts.keep(is_cheap=_is_cheap(dataset, name))
    return dataset.facts[name]


def _is_cheap(dataset: Dataset, name: str) -> bool:
    """Whether facts only rename and convert what is there, without a look-up in another table."""
    if name == "orders":
        return not {"reps", "customers"} & set(dataset.tables) and not dataset.has("orders", "refund_of")
    return name == "customers" and not {"acquired_on", "left_on"} & set(_columns(dataset, "customers"))


def first_day_of(dataset: Dataset, name: str, day: str) -> int | None:
    """Find (once for each dataset) the first day in a table of facts; None if it has none."""
    found = _FIRST_DAYS.setdefault(dataset, {})
    if (name, day) not in found:
        found[name, day] = facts_of(dataset, name).first_day(day)
    return found[name, day]


def needs_of(name: str) -> tuple[str, ...]:
    """Name the tables of the data contract of which a table of facts needs one."""
    derived = {
        "visits": ("orders",),
        "firsts": ("orders",),
        "acquisitions": ("customers",),
        "customers": ("orders", "customers"),
        "tenures": ("orders", "customers"),
    }
    return derived.get(name, (name,))


def _columns(dataset: Dataset, table: str) -> list[str]:
    return dataset.frame(table).columns if table in dataset.tables else []


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
    rows, numbers = _numbers(dataset.frame("orders").day("order_date", "order_date"))
    # A line without an amount is a sale whose amount is not known; only a negative line is a refund.
    rows = rows.flag(is_sale=col("amount") >= 0)
    if "refund_of" in rows.columns:
        rows = _refunded(rows)
    flags = ["is_sale"]
    if "cost" in rows.columns:
        rows = rows.flag(has_margin=col("has_amount") & col("has_cost"))
        margin = when(col("has_margin")).then(col("amount") - col("cost")).otherwise(lit(0))
        rows = rows.with_columns(margin=margin)
        flags += ["margin", "has_margin"]
    rows = _belongings(dataset, rows, "order_date")
    return _tidy(rows, ["order_id", "order_date", *numbers, *flags])


def visit_facts(dataset: Dataset) -> Frame:
    """One row for each order with a sale line, in the order of each customer's time.

    `visitor` is the customer, where customer and date are known; `region` is the order's and `own_region` the
    customer's own before the order's.
    """
    rows = facts_of(dataset, "orders")
    dimensions = [name for name in rows.columns if name in _dimensions() and name not in _LABELS]
    rows = rows.select(["order_id", "order_date", "is_sale", *dimensions]).heads("order_id", "is_sale")
    # An order without a date does not say when somebody became a customer.
    rows = (
        rows.flag(is_dated=col("order_date") > NO_DAY)
        .label("visitor", "customer")
        .only("visitor", "is_dated")
    )
    rows = rows.sequence("visitor", "order_date", "order_id", dataset.frame("orders").is_whole("order_id"))
    rows = rows.flag(is_visit=~col("visitor").is_null())
    side, has = _side(dataset, "customers", ("region",))
    if side is not None and has:
        side = side.label("region", "region").label("customer_id", "customer_id")
        rows = rows.lookup("customer", side, "customer_id", {"own_region": "region"})
        sources = ["own_region", *(["region"] if "region" in dimensions else [])]
        rows = rows.coalesce("own_region", sources)
    elif "region" in dimensions:
        rows = rows.label("own_region", "region")
    days = ["order_date", "next_day", "is_first", "is_visit", "own_region"]
    return _tidy(rows, days)


def _visits(dataset: Dataset) -> Frame:
    """The orders of known customers, with the customer's own region before the order's."""
    rows = facts_of(dataset, "visits").filter("is_visit")
    return rows.label("region", "own_region") if "own_region" in rows.columns else rows


def _refunded(rows: Frame) -> Frame:
    """Let refunds take what they lack of customer, rep, region and channel from the order they refund."""
    fields = [name for name in ("customer_id", "rep_id", "region", "channel") if name in rows.columns]
    rows = rows.flag(every=lit(True), is_refund=~col("is_sale")).label("refunded", "refund_of")
    side = rows.select(["order_id", "every", *fields]).heads("order_id", "every").label("order", "order_id")
    for name in fields:
        side = side.label(f"of_{name}", name)
    rows = rows.lookup("refunded", side, "order", {f"of_{name}": f"of_{name}" for name in fields})
    for name in fields:
        rows = rows.label(name, name).only(f"of_{name}", "is_refund").coalesce(name, [name, f"of_{name}"])
    return rows


def first_facts(dataset: Dataset) -> Frame:
    """One row for each customer who ever ordered: the day of the first order, and whose it was."""
    return _tidy(_visits(dataset).filter("is_first"), ["order_date"])


def acquisition_facts(dataset: Dataset) -> Frame:
    """One row for each customer of the table of customers: the day of acquisition, and their own fields."""
    rows = dataset.frame("customers")
    has = "acquired_on" in rows.columns
    rows = rows.day("acquired", "acquired_on") if has else rows.with_columns(acquired=whole(NO_DAY))
    rows = rows.label("customer", "customer_id")
    for name in ("region", "channel", "segment"):
        rows = rows.label(name, name) if name in rows.columns else rows
    return _tidy(rows, ["acquired"])


def customer_facts(dataset: Dataset) -> Frame:
    """The time line of each customer, in pieces from one order to the next.

    A piece lasts from `start` to before `stop`, and to before `alive_until` where the customer left within
    it. A customer who was acquired before the first order has a piece before it, of no member.
    """
    keep = ["start", "stop", "alive_until", "is_order"]
    rows = None
    if "orders" in dataset.tables:
        rows = _visits(dataset)
        rows = rows.with_columns(start=col("order_date"), stop=col("next_day")).flag(is_order=lit(True))
    side, has = _side(dataset, "customers", ("acquired_on", "left_on"))
    if side is None or not has:
        if rows is None:
            raise NotAvailableError("customers", "customers.acquired_on is missing")
        return _tidy(rows.with_columns(alive_until=col("stop")), keep)
    for new, name in (("acquired", "acquired_on"), ("left", "left_on")):
        side = side.day(new, name) if name in has else side.with_columns(**{new: whole(NO_DAY)})
    side = side.label("customer", "customer_id")
    keep[2] = "left"
    if rows is None:
        side = side.with_columns(first_order=whole(NO_DAY))
        rows = _before_first_order(side, None)
    else:
        first = rows.filter("is_first").select(["customer", "order_date"])
        side = side.lookup("customer", first, "customer", {"first_order": "order_date"})
        rows = rows.lookup("customer", side, "customer", {"left": "left"})
        rows = _tidy(rows, keep)
        rows = rows.append(_before_first_order(side, rows).select(rows.columns))
    rows = rows.with_columns(
        left=whole(when(col("left") == NO_DAY).then(lit(FOREVER)).otherwise(col("left")))
    )
    keep[2] = "alive_until"
    return _tidy(rows.with_columns(alive_until=earlier("stop", "left")), keep)


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
    for name in _dimensions() if rows is None else rows.columns:
        if name in own and name in side.columns:
            side = side.label(name, name)
        elif rows is not None and name in _dimensions() and name != "customer":
            side = side.no_label(name)
    return side


def tenure_facts(dataset: Dataset) -> Frame:
    """The time lines of customers with `since`: the day of acquisition or the first order, the earlier one."""
    rows = facts_of(dataset, "customers")
    known = []
    if "orders" in dataset.tables:
        rows = rows.lookup("customer", facts_of(dataset, "firsts"), "customer", {"ordered": "order_date"})
        known.append("ordered")
    if dataset.has("customers", "acquired_on"):
        rows = rows.lookup(
            "customer", facts_of(dataset, "acquisitions"), "customer", {"acquired": "acquired"}
        )
        known.append("acquired")
    for name in known:
        rows = rows.with_columns(
            **{name: whole(when(col(name) == NO_DAY).then(lit(FOREVER)).otherwise(col(name)))}
        )
    return rows.with_columns(since=earlier(*known))


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
    rows = rows.with_columns(
        judged=whole(when(col("closed") > NO_DAY).then(col("closed")).otherwise(col("created")))
    )
    rows = _belongings(dataset, rows, "judged")
    days = ["deal_id", "created", "closed", "dated", "until", "cycle_days"]
    return _tidy(rows, [*days, *numbers, "is_won", "is_closed", "is_cycle", "is_spanned"])


FACTS: dict[str, Callable[[Dataset], Frame]] = {
    "orders": order_facts,
    "visits": visit_facts,
    "firsts": first_facts,
    "acquisitions": acquisition_facts,
    "customers": customer_facts,
    "tenures": tenure_facts,
    "deals": deal_facts,
    "costs": cost_facts,
}
