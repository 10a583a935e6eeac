"""The data contract: which tables there are, their columns, and what each date reveals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["DIMENSIONS", "KEYS", "REVEALS", "TABLES", "Column", "Reveal"]

ColumnKind = Literal["id", "text", "date", "month", "moment", "number"]


@dataclass(frozen=True)
class Column:
    """What a column holds, and whether its table must have it."""

    kind: ColumnKind
    is_required: bool = False


@dataclass(frozen=True)
class Reveal:
    """What becomes known on a date: the whole row, or these columns of it."""

    date: str
    columns: tuple[str, ...] = ()


def _table(required: dict[str, ColumnKind], optional: dict[str, ColumnKind]) -> dict[str, Column]:
    return {n: Column(k, True) for n, k in required.items()} | {n: Column(k) for n, k in optional.items()}


TABLES: dict[str, dict[str, Column]] = {
    "orders": _table(
        {"order_id": "id", "order_date": "date", "customer_id": "id", "amount": "number"},
        {
            "line_id": "id",
            "rep_id": "id",
            "quantity": "number",
            "cost": "number",
            "discount": "number",
            "product": "text",
            "product_line": "text",
            "region": "text",
            "channel": "text",
            "currency": "text",
            "refund_of": "id",
        },
    ),
    "deals": _table(
        {"deal_id": "id", "stage": "text", "outcome": "text"},
        {
            "created_on": "date",
            "closed_on": "date",
            "expected_close_on": "date",
            "amount": "number",
            "rep_id": "id",
            "customer_id": "id",
            "region": "text",
            "channel": "text",
            "product_line": "text",
            "currency": "text",
        },
    ),
    "deal_stages": _table({"deal_id": "id", "stage": "text", "entered_on": "date"}, {}),
    "conversations": _table(
        {"conversation_id": "id", "started_at": "moment", "channel": "text"},
        {
            "rep_id": "id",
            "customer_id": "id",
            "deal_id": "id",
            "first_reply_at": "moment",
            "closed_at": "moment",
        },
    ),
    "reps": _table(
        {"rep_id": "id"},
        {
            "name": "text",
            "team": "text",
            "manager": "text",
            "role": "text",
            "region": "text",
            "hired_on": "date",
            "left_on": "date",
            "valid_from": "date",
            "valid_to": "date",
        },
    ),
    "customers": _table(
        {"customer_id": "id"},
        {
            "name": "text",
            "segment": "text",
            "region": "text",
            "channel": "text",
            "acquired_on": "date",
            "left_on": "date",
        },
    ),
    "credits": _table({"rep_id": "id", "share": "number"}, {"order_id": "id", "deal_id": "id"}),
    "quotas": _table(
        {"kpi": "text", "start": "date", "value": "number"},
        {
            "end": "date",
            "rep_id": "id",
            "team": "text",
            "region": "text",
            "product_line": "text",
            "channel": "text",
        },
    ),
    "costs": _table({"month": "month", "amount": "number"}, {"channel": "text", "region": "text"}),
}
"""Table to column to `Column`; section 3 of the design in code."""

KEYS: dict[str, tuple[str, ...]] = {
    "orders": ("order_id", "line_id"),
    "deals": ("deal_id",),
    "conversations": ("conversation_id",),
    "reps": ("rep_id", "valid_from"),
    "customers": ("customer_id",),
    "quotas": ("kpi", "start", "end", "rep_id", "team", "region", "product_line", "channel"),
}
"""The columns that tell the rows of a table apart, as far as they are there; lines of orders need theirs."""

REVEALS: dict[str, tuple[Reveal, ...]] = {
    "orders": (Reveal("order_date"),),
    "deals": (Reveal("created_on"), Reveal("closed_on", ("outcome", "closed_on", "stage"))),
    "deal_stages": (Reveal("entered_on"),),
    "conversations": (
        Reveal("started_at"),
        Reveal("first_reply_at", ("first_reply_at",)),
        Reveal("closed_at", ("closed_at",)),
    ),
    "reps": (Reveal("left_on", ("left_on",)),),
    "customers": (Reveal("left_on", ("left_on",)),),
}
"""What each date reveals: on an earlier as-of date the row, or these columns, are not yet known."""

DIMENSIONS = (
    "rep",
    "team",
    "manager",
    "role",
    "region",
    "channel",
    "product_line",
    "product",
    "segment",
    "customer",
    "customer_age",
    "stage",
)
"""The dimensions by which figures can be split and scoped."""
