"""What must hold in the tables for their KPIs to be right; the rest is counted and told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from kpikit.data.contract import KEYS
from kpikit.data.frames import Frame, col
from kpikit.errors import DataError, listing

__all__ = ["Finding", "check_tables", "closed_deals", "newest_day"]

_EPOCH = date(1970, 1, 1)
_OF_AN_ORDER = ("order_date", "customer_id", "rep_id", "region", "channel")


@dataclass(frozen=True)
class Finding:
    """Something to know about the data: the check, the table, how many rows, and a sentence."""

    check: str
    table: str
    rows: int
    message: str

    def __str__(self) -> str:
        return f"{self.table}: {self.message}"


def check_tables(
    tables: Mapping[str, pd.DataFrame], sources: Mapping[str, str], currency: str
) -> tuple[Finding, ...]:
    """Check loaded tables: errors stop, the rest is found and counted.

    Raises
    ------
    DataError
        On a key that stands twice, lines of one order that disagree, an outcome that is neither won nor
        lost, or amounts in another currency.
    """
    for table, keys in KEYS.items():
        if table in tables and not (table == "reps" and "valid_from" in tables[table]):
            _unique(tables[table], sources[table], keys)
    for table, column in (("orders", "order_id"), ("reps", "rep_id"), ("customers", "customer_id")):
        if table in tables:
            _filled(tables[table], sources[table], column)
    if "orders" in tables:
        _one_order(tables["orders"], sources["orders"])
        _one_currency(tables["orders"], sources["orders"], currency)
    if "deals" in tables:
        _outcomes(tables["deals"], sources["deals"])
    return tuple(_warnings(tables))


def _at(file: str, rows: pd.Series) -> str:
    return f"load: {file}, line {int(rows.index[rows.to_numpy().argmax()]) + 2}"


def _unique(table: pd.DataFrame, file: str, keys: tuple[str, ...]) -> None:
    twice = table.duplicated(list(keys)) & table[list(keys)].notna().all(axis=1)
    if twice.any():
        key = ", ".join(f"{name} '{table.loc[twice.idxmax(), name]}'" for name in keys)
        raise DataError(_at(file, twice), f"{key} stands more than once ({int(twice.sum())} such rows)")


def _filled(table: pd.DataFrame, file: str, column: str) -> None:
    empty = table[column].isna()
    if empty.any():
        raise DataError(_at(file, empty), f"{column} is empty ({int(empty.sum())} such rows)")


def _one_order(orders: pd.DataFrame, file: str) -> None:
    several = orders[orders["order_id"].duplicated(keep=False)]
    for column in _OF_AN_ORDER:
        if column not in several:
            continue
        known = several[column]
        line = several["order_id"].map(several["order_id"].drop_duplicates().reset_index().set_index("order_id")["index"])
        first = known.loc[line].set_axis(known.index)
        differs = ~((known == first).fillna(False) | (known.isna() & first.isna()))
        if differs.any():
            place = differs.idxmax()
            raise DataError(
                _at(file, differs),
                f"order '{several.loc[place, 'order_id']}' has {column} '{known[place]}' here "
                f"and '{first[place]}' on another line",
                "An order has one date, customer, rep, region and channel",
                "split the order, or give shares of it in credits",
            )


def _one_currency(orders: pd.DataFrame, file: str, currency: str) -> None:
    if "currency" in orders:
        other = orders["currency"].notna() & (orders["currency"] != currency)
        if other.any():
            fault = f"currency '{orders.loc[other.idxmax(), 'currency']}' is not the dataset's {currency}"
            raise DataError(_at(file, other), fault, hint="convert the amounts, or leave these rows out")


def _outcomes(deals: pd.DataFrame, file: str) -> None:
    other = deals["outcome"].notna() & ~deals["outcome"].isin(["won", "lost"])
    if other.any():
        fault = f"outcome '{deals.loc[other.idxmax(), 'outcome']}' is not known"
        raise DataError(_at(file, other), fault, "Outcomes: won, lost, or empty for an open deal")


def _warnings(tables: Mapping[str, pd.DataFrame]) -> list[Finding]:
    found = []

    def tell(check: str, table: str, rows: int, message: str) -> None:
        if rows:
            found.append(Finding(check, table, rows, f"{rows:,} {message}"))

    orders, deals = tables.get("orders"), tables.get("deals")
    if orders is not None:
        tell("no amount", "orders", int(orders["amount"].isna().sum()), "lines have no amount")
        tell("no date", "orders", int(orders["order_date"].isna().sum()), "lines have no date: in all time alone")
        if "rep_id" in orders:
            tell("no rep", "orders", int(orders["rep_id"].isna().sum()), "lines have no rep: shown apart")
        if "cost" in orders:
            tell("no cost", "orders", int(orders["cost"].isna().sum()), "lines have no cost: left out of profits")
    if deals is not None and {"created_on", "closed_on"} <= set(deals):
        early = deals["closed_on"] < deals["created_on"]
        tell("closed early", "deals", int(early.sum()), "deals closed before they were created: left out of cycles")
        undated = deals["outcome"].notna() & deals["closed_on"].isna()
        tell("no closing", "deals", int(undated.sum()), "closed deals have no closing date: in all time alone")
    for table in ("orders", "deals", "conversations"):
        for key, side in (("rep_id", "reps"), ("customer_id", "customers")):
            if table in tables and side in tables and key in tables[table]:
                ids = tables[table][key].dropna().astype(str)
                unknown = ids[~ids.isin(set(tables[side][key].dropna().astype(str)))]
                names = listing(unknown.unique(), 5)
                tell(f"unknown {key}", table, len(unknown), f"rows have a {key} that {side} does not know: {names}")
    return found


def closed_deals(deals: Frame) -> Frame:
    """Keep the deals that have an outcome."""
    return deals.flag(is_closed=~col("outcome").is_null()).filter("is_closed")


def newest_day(counts: Mapping[int, int], few: int, gap: int) -> tuple[date, tuple[Finding, ...]]:
    """Find the newest day with facts; a few rows after a long gap are taken for mistakes.

    Parameters
    ----------
    counts
        Day number to rows on that day.
    few, gap
        Fewer rows than `few` after a gap of `gap` days are ignored.

    Raises
    ------
    DataError
        If no row has a date.

    Examples
    --------
    >>> from kpikit.data.checks import newest_day
    >>> newest_day({0: 40, 1: 40, 100: 2}, few=5, gap=30)[0]
    datetime.date(1970, 1, 2)
    """
    days = sorted(counts)
    if not days:
        raise DataError("Dataset", "no row has a date", hint="map order_date, or created_on of the deals")
    rows, cut = 0, len(days)
    for place in range(len(days) - 1, 0, -1):
        rows += counts[days[place]]
        if rows >= few:
            break
        if days[place] - days[place - 1] >= gap:
            cut = place
    newest = _EPOCH + timedelta(days=days[cut - 1])
    if cut == len(days):
        return newest, ()
    ignored = sum(counts[day] for day in days[cut:])
    last = _EPOCH + timedelta(days=days[-1])
    message = f"{ignored} rows up to {last} stand alone after {newest}: the as-of date ignores them"
    return newest, (Finding("far future", "dataset", ignored, message),)
