"""Facts of order lines and of deals: exact amounts, days, flags, and whose they are."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kpikit.data.frames import FOREVER, NO_DAY, Frame, col, lit, when, whole
from kpikit.errors import NotAvailableError
from kpikit.kpis.belongings import LABELS, belongings, numbers_of, tidy
from kpikit.kpis.credits import has_credits, with_key

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["WON_IN", "aged_facts", "deal_facts", "lead_facts", "opening_facts", "order_facts"]

WON_IN = (30, 90, 180)
"""Within so many days of its creation a deal may have been won, to count as converted."""
YEAR = 365
_LEAD_DAYS = 90

Facts = Callable[[str], Frame]


def order_facts(dataset: Dataset, facts: Facts) -> Frame:
    """Order lines: exact amounts, sale or refund, first line of its order, and whose they are."""
    rows, numbers = numbers_of(dataset.frame("orders").day("order_date", "order_date"))
    # A line without an amount is a sale whose amount is not known; only a negative line is a refund.
    rows = rows.flag(is_sale=col("amount") >= 0)
    if "refund_of" in rows.columns:
        rows = _refunded(rows)
    flags = ["is_sale"]
    if has_credits(dataset, "orders"):
        rows = with_key(dataset, rows, "orders")
        flags.append("credit_key")
    if "cost" in rows.columns:
        rows = rows.flag(has_margin=col("has_amount") & col("has_cost"))
        margin = when(col("has_margin")).then(col("amount") - col("cost")).otherwise(lit(0))
        rows = rows.with_columns(margin=margin)
        flags += ["margin", "has_margin"]
    rows = belongings(dataset, rows, "order_date")
    return tidy(rows, ["order_id", "order_date", *numbers, *flags])


def _refunded(rows: Frame) -> Frame:
    """Let refunds take what they lack from the order they refund: whose it is, and where, and what was sold.

    The product and its line are taken where all sale lines of the order agree.
    """
    fields = [name for name in ("customer_id", "rep_id", "region", "channel") if name in rows.columns]
    rows = rows.flag(every=lit(True), is_refund=~col("is_sale")).label("refunded", "refund_of")
    side = rows.select(["order_id", "every", *fields]).heads("order_id", "every").label("order", "order_id")
    for name in fields:
        side = side.label(f"of_{name}", name)
    rows = rows.lookup("refunded", side, "order", {f"of_{name}": f"of_{name}" for name in fields})
    for name in fields:
        rows = rows.label(name, name).only(f"of_{name}", "is_refund").coalesce(name, [name, f"of_{name}"])
    sold = [name for name in LABELS if name in rows.columns]
    if not sold:
        return rows
    for name in sold:
        rows = rows.label(name, name)
    side = rows.agreed("order_id", "is_sale", sold).label("sold", "order_id")
    rows = rows.lookup("refunded", side, "sold", {f"of_{name}": name for name in sold})
    for name in sold:
        rows = rows.only(f"of_{name}", "is_refund").coalesce(name, [name, f"of_{name}"])
    return rows


def aged_facts(dataset: Dataset, facts: Facts) -> Frame:
    """Order lines with `customer_age`: new within a year of the customer's first order, then existing."""
    first = facts("firsts").select(["customer", "order_date"])
    rows = facts("orders").lookup("customer", first, "customer", {"first_day": "order_date"})
    is_aged = (col("first_day") > NO_DAY) & (col("order_date") >= col("first_day"))
    age = col("order_date") - col("first_day")
    rows = rows.flag(is_young=is_aged & (age < YEAR), is_old=is_aged & (age >= YEAR))
    rows = rows.with_columns(young=lit("new"), old=lit("existing"))
    for name in ("young", "old"):
        rows = rows.label(name, name).only(name, f"is_{name}")
    return rows.coalesce("customer_age", ["young", "old"])


def deal_facts(dataset: Dataset, facts: Facts) -> Frame:
    """Deals, each of the team in which its member stood when it closed."""
    return _deals(dataset, "settled")


def opening_facts(dataset: Dataset, facts: Facts) -> Frame:
    """Deals, each of the team in which its member stood when it was created, whatever came later."""
    return _deals(dataset, "created")


def lead_facts(dataset: Dataset, facts: Facts) -> Frame:
    """Deals as they were created, and whether their customer then ordered for the first time ever.

    A deal of somebody who had ordered before is no prospect; one whose customer is not known has not ordered.
    """
    rows = facts("openings")
    if "customer" not in rows.columns:
        raise NotAvailableError("leads", "deals.customer_id is missing")
    first = facts("firsts").select(["customer", "order_date"])
    rows = rows.lookup("customer", first, "customer", {"first_day": "order_date"})
    has_ordered = (col("first_day") > NO_DAY) & (col("created") > NO_DAY)
    wait = col("first_day") - col("created")
    return rows.flag(
        is_prospect=(col("created") > NO_DAY) & ((col("first_day") == NO_DAY) | (wait >= 0)),
        is_converted=has_ordered & (wait >= 0) & (wait <= _LEAD_DAYS),
    )


def _deals(dataset: Dataset, judged: str) -> Frame:
    """Deals: their days, outcome flags, the days from creation to closing, and whose they are."""
    rows = dataset.frame("deals")
    for name, source in (("created", "created_on"), ("closing", "closed_on")):
        has = source in rows.columns
        rows = rows.day(name, source) if has else rows.with_columns(**{name: whole(NO_DAY)})
    rows, numbers = numbers_of(rows)
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
        is_closed_cycle=col("is_closed") & col("has_created") & (col("closed") >= col("created")),
        is_spanned=col("has_created") & (col("until") > NO_DAY),
    )
    rows = rows.flag(is_cycle=col("is_won") & col("is_closed_cycle"))
    quick = {f"is_won_in_{days}": col("is_cycle") & (col("cycle_days") <= days) for days in WON_IN}
    rows = rows.flag(**quick)
    last = when(col("closed") > NO_DAY).then(col("closed")).otherwise(col("created"))
    rows = rows.with_columns(settled=whole(last))
    rows = belongings(dataset, rows, judged)
    days = ["deal_id", "created", "closed", "dated", "until", "cycle_days"]
    flags = ["is_won", "is_closed", "is_cycle", "is_closed_cycle", "is_spanned", *quick]
    return tidy(rows, [*days, *numbers, *flags])
