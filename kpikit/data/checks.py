"""What must hold in the tables for their KPIs to be right; the rest is counted and told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kpikit.calendars import FIRST_DAY, LAST_DAY
from kpikit.data.contract import KEYS
from kpikit.data.findings import Finding
from kpikit.data.hiding import FEW_ROWS
from kpikit.data.reading import Loaded
from kpikit.errors import counted, cut, listing

__all__ = ["Finding", "check_tables"]

_OF_AN_ORDER = ("order_date", "customer_id", "rep_id", "region", "channel")
_FILLED = {
    "orders": ("order_id",),
    "deals": ("deal_id",),
    "deal_stages": ("deal_id",),
    "conversations": ("conversation_id",),
    "reps": ("rep_id",),
    "customers": ("customer_id",),
    "quotas": ("kpi", "start", "value"),
}
# Dates on which something happened, or starts: they decide in which period a row counts.
_DATED = {
    "orders": ("order_date",),
    "deals": ("created_on", "closed_on"),
    "conversations": ("started_at",),
    "costs": ("month",),
    "quotas": ("start",),
}
_YEARS = f"Years {FIRST_DAY.year} to {LAST_DAY.year} are read"
_REFUND = "give a refund an order_id of its own, and name the order that it refunds in refund_of"


def check_tables(loaded: Mapping[str, Loaded], currency: str) -> tuple[Finding, ...]:
    """Check loaded tables: errors stop, the rest is found and counted.

    Parameters
    ----------
    loaded
        The tables by name.
    currency
        The currency of the dataset.

    Returns
    -------
    tuple of Finding
        What was found while reading and checking.

    Raises
    ------
    DataError
        On an empty key, a key that stands twice, a date out of time, lines of one order that disagree, an
        outcome that is neither won nor lost, a quota that ends before it starts, or amounts in another
        currency.
    """
    for name, table in loaded.items():
        for column in _FILLED.get(name, ()):
            empty = table.rows[column].isna().to_numpy()
            if empty.any():
                raise table.fault(
                    empty, f"{column} is empty{_such(empty, 'rows')}", hint="fill it, or drop the row"
                )
        _unique(table, KEYS.get(name, ()))
        _in_time(table)
    if "orders" in loaded:
        _one_order(loaded["orders"])
        _one_currency(loaded["orders"], currency)
    if "deals" in loaded:
        _outcomes(loaded["deals"])
    if "quotas" in loaded:
        _spans(loaded["quotas"])
    told = [finding for table in loaded.values() for finding in table.findings]
    return (*told, *_found({name: table.rows for name, table in loaded.items()}))


def _such(wrong: np.ndarray, what: str) -> str:
    count = int(wrong.sum())
    return f" ({count:,} such {what})" if count > 1 else ""


def _unique(table: Loaded, keys: tuple[str, ...]) -> None:
    rows, there = table.rows, [key for key in keys if key in table.rows]
    if not there or (table.name == "orders" and "line_id" not in there):
        return
    twice = rows.duplicated(there)
    if table.name == "orders":
        twice &= rows["line_id"].notna()
    if twice.any():
        first = rows.loc[twice.idxmax(), there].dropna()
        key = ", ".join(f"{name} '{_shown(value)}'" for name, value in first.items())
        fault = f"{key} stands more than once{_such(twice.to_numpy(), 'rows')}"
        raise table.fault(twice.to_numpy(), fault, hint="keep one of the rows")


def _out_of_time(days: pd.Series) -> np.ndarray:
    """Mark the dates outside of the years in which there are periods."""
    after = pd.Timestamp(LAST_DAY) + pd.Timedelta(days=1)
    return ((days < pd.Timestamp(FIRST_DAY)) | (days >= after)).to_numpy()


def _in_time(table: Loaded) -> None:
    """Check that dates are in time; a few that are not are slips, and are told with the rest."""
    for column in _DATED.get(table.name, ()):
        if column not in table.rows:
            continue
        days = table.rows[column]
        wrong = _out_of_time(days)
        is_few = wrong.sum() < min(FEW_ROWS, days.notna().sum()) and table.name != "quotas"
        if wrong.any() and not is_few:
            day = _shown(days.iloc[int(wrong.argmax())])
            raise table.fault(
                wrong,
                f"{column} '{day}' is out of time{_such(wrong, 'rows')}",
                _YEARS,
                f"where it stands for a date that is not known, name it in dataset.yaml (nulls: ['{day}'])",
            )


def _shown(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value.year > 999 else f"{value.year:04}-{value:%m-%d}"
    return "" if value is None or value != value else cut(value)


def _one_order(orders: Loaded) -> None:
    """Check that lines of one order agree, by comparing each with the first line of its order."""
    codes, _ = pd.factorize(orders.rows["order_id"])
    first = np.unique(codes, return_index=True)[1][codes]
    for column in _OF_AN_ORDER:
        if column not in orders.rows or len(first) == 0:
            continue
        known, _ = pd.factorize(orders.rows[column])
        differs = known != known[first]
        if differs.any():
            place = int(differs.argmax())
            row = orders.rows.iloc[place]
            here, there = (_shown(orders.rows[column].iloc[one]) for one in (place, first[place]))
            is_refund = row["amount"] < 0
            raise orders.fault(
                differs,
                f"order '{row['order_id']}' has {column} '{here}' here and '{there}' on another line"
                f"{_such(differs, 'lines')}",
                "An order has one date, customer, rep, region and channel",
                _REFUND if is_refund else "give each order an order_id of its own",
            )


def _one_currency(orders: Loaded, currency: str) -> None:
    if "currency" in orders.rows:
        named = orders.rows["currency"]
        other = (named.notna() & (named != currency)).to_numpy()
        if other.any():
            fault = f"currency '{named.iloc[int(other.argmax())]}' is not the dataset's {currency}"
            hint = "convert the amounts, or leave these rows out"
            raise orders.fault(other, fault + _such(other, "rows"), hint=hint)


def _outcomes(deals: Loaded) -> None:
    named = deals.rows["outcome"]
    other = (named.notna() & ~named.isin(["won", "lost"])).to_numpy()
    if other.any():
        fault = f"outcome '{named.iloc[int(other.argmax())]}' is not known{_such(other, 'rows')}"
        raise deals.fault(other, fault, "Outcomes: won, lost, or empty for an open deal")


def _spans(quotas: Loaded) -> None:
    if "end" in quotas.rows:
        early = (quotas.rows["end"] < quotas.rows["start"]).to_numpy()
        if early.any():
            row = quotas.rows.iloc[int(early.argmax())]
            fault = f"the quota ends on {_shown(row['end'])}, before it starts on {_shown(row['start'])}"
            raise quotas.fault(early, fault + _such(early, "rows"))


def _found(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    found = []

    def tell(check: str, table: str, wrong: pd.Series, one: str, many: str, more: str = "") -> None:
        if count := int(wrong.sum()):
            found.append(Finding(check, table, count, counted(count, one, many) + more))

    alone = ": counted in all time only"
    for table, column, check, one, many, more in (
        ("orders", "amount", "no amount", "line has no amount", "lines have no amount", ""),
        ("orders", "order_date", "no date", "line has no date", "lines have no date", alone),
        ("orders", "rep_id", "no rep", "line has no rep", "lines have no rep", ": shown apart"),
        ("orders", "cost", "no cost", "line has no cost", "lines have no cost", ": left out of profits"),
        ("costs", "month", "no month", "cost has no month", "costs have no month", alone),
    ):
        if column in tables.get(table, ()):
            tell(check, table, tables[table][column].isna(), one, many, more)
    for table, columns in _DATED.items():
        for column in columns:
            if column in tables.get(table, ()):
                wrong = pd.Series(_out_of_time(tables[table][column]))
                more = f" its {column} out of time: in no period. {_YEARS}"
                tell(f"{column} out of time", table, wrong, "row has", "rows have", more)
    deals = tables.get("deals")
    if deals is not None and "closed_on" in deals:
        undated = deals["outcome"].notna() & deals["closed_on"].isna()
        one, many = "closed deal has no closing date", "closed deals have no closing date"
        tell("no closing", "deals", undated, one, many, alone)
        if "created_on" in deals:
            early = deals["outcome"].notna() & (deals["closed_on"] < deals["created_on"])
            one, many = "deal closed before it was created", "deals closed before they were created"
            tell("closed early", "deals", early, one, many, ": left out of sales cycles")
    for table in ("orders", "deals", "conversations"):
        for key, side in (("rep_id", "reps"), ("customer_id", "customers")):
            if side in tables and key in tables.get(table, ()):
                unknown = tables[table][key].dropna()
                unknown = unknown[~unknown.isin(tables[side][key])]
                more = f" a {key} that {side} does not know: {listing(unknown.unique(), 5)}"
                tell(f"unknown {key}", table, unknown.notna(), "row has", "rows have", more)
    return found
