"""Tables of plain rows: what they hold, what was known on a day, and how a value is read."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import isnan
from typing import Any

Row = dict[str, Any]
Tables = Mapping[str, list[Row]]

# A plain empty list shows no columns, so it is taken to have these.
REQUIRED = {
    "orders": ("order_id", "order_date", "customer_id", "amount"),
    "deals": ("deal_id", "stage", "outcome"),
    "reps": ("rep_id",),
    "customers": ("customer_id",),
    "costs": ("month", "amount"),
    "credits": ("rep_id", "share"),
    "deal_stages": ("deal_id", "stage", "entered_on"),
    "conversations": ("conversation_id", "started_at", "channel"),
}
REFUND_TAKES = ("customer_id", "rep_id", "region", "channel")
REFUND_TAKES_IF_AGREED = ("product", "product_line")
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


class Rows(list):
    """A list of rows that still knows its columns when the last row is gone."""

    columns: tuple[str, ...] = ()


def money(value: Any) -> Fraction | None:
    """Read an amount exactly; a float is taken at 4 decimals, NaN is missing."""
    if value is None or isnan(value):
        return None
    return Fraction(round(Fraction(value) * 10_000), 10_000) if isinstance(value, float) else Fraction(value)


def day_of(value: date | datetime | None) -> date | None:
    """Give the day of a date or of a moment."""
    return value.date() if isinstance(value, datetime) else value


def columns_of(tables: Tables, table: str) -> tuple[str, ...]:
    """List a table's columns, in the order in which they appear."""
    rows = tables[table]
    if rows:
        return tuple(dict.fromkeys(name for row in rows for name in row))
    return getattr(rows, "columns", REQUIRED.get(table, ()))


def has(tables: Tables, table: str, *columns: str) -> bool:
    """Tell whether a table is there with these columns."""
    return table in tables and set(columns_of(tables, table)) >= set(columns)


def days_of_month(month: date | str) -> list[date]:
    """List the days of a month given as one of its days or as text like 2026-03."""
    year, number = map(int, month.split("-")[:2]) if isinstance(month, str) else (month.year, month.month)
    return [date(year, number, k) for k in range(1, monthrange(year, number)[1] + 1)]


def fill_refunds(tables: Tables) -> dict[str, Rows]:
    """Let refunds take the blank order fields from the order they refund; filling twice changes nothing."""
    filled: dict[str, Rows] = {}
    for name, rows in tables.items():
        filled[name] = Rows(map(dict, rows))
        filled[name].columns = columns_of(tables, name)
    for row in filled.get("orders", []):
        amount = money(row["amount"])
        if amount is None or amount >= 0 or row.get("refund_of") is None:
            continue
        for field in REFUND_TAKES:
            for other in tables["orders"]:
                if field in row and row[field] is None and other["order_id"] == row["refund_of"]:
                    row[field] = other[field]
        for field in REFUND_TAKES_IF_AGREED:
            lines = [line for line in tables["orders"] if line["order_id"] == row["refund_of"]]
            sold = {line.get(field) for line in lines if (money(line["amount"]) or 0) >= 0}
            if field in row and row[field] is None and len(sold) == 1:
                row[field] = sold.pop()
    return filled


def hide(tables: Tables, as_of: date) -> dict[str, Rows]:
    """Cut the tables down to what was known at the end of the as-of date."""

    def later(value: date | datetime | None) -> bool:
        day = day_of(value)
        return day is not None and day > as_of

    drops = {
        "orders": "order_date",
        "deals": "created_on",
        "conversations": "started_at",
        "deal_stages": "entered_on",
    }
    blanks = {
        "conversations": ("first_reply_at", "closed_at"),
        "reps": ("left_on",),
        "customers": ("left_on",),
    }
    hidden: dict[str, Rows] = {}
    for name, rows in tables.items():
        hidden[name] = Rows(dict(row) for row in rows if not later(row.get(drops.get(name, ""))))
        hidden[name].columns = columns_of(tables, name)
        for row in hidden[name]:
            for column in blanks.get(name, ()):
                if later(row.get(column)):
                    row[column] = None
    history = [
        s for s in tables.get("deal_stages", []) if s["entered_on"] is not None and s["stage"] is not None
    ]
    for deal in hidden.get("deals", []):
        own = [s for s in history if s["deal_id"] == deal["deal_id"]]
        past = [s for s in own if not later(s["entered_on"])]
        if later(deal.get("closed_on")) or len(past) < len(own):
            # Sorting is stable: of one moment, the entry that stands last.
            deal["stage"] = sorted(past, key=lambda s: s["entered_on"])[-1]["stage"] if past else None
        if later(deal.get("closed_on")):
            deal["outcome"] = deal["closed_on"] = None
    return hidden
