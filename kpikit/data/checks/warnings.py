"""What is to be known about tables that can be used: counted, and listed with file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from kpikit.data import engines
from kpikit.data.checks.errors import DATED, YEARS, out_of_time, shown_value
from kpikit.data.checks.neighbours import gaps_of_days, tenfold
from kpikit.data.hiding import HAPPENED, newest_day
from kpikit.data.reading import Ledger, Loaded
from kpikit.data.reading.groups import group
from kpikit.errors import counted, listing

__all__ = ["find_warnings"]

_ALONE = ": counted in all time only"
_CYCLES = ": left out of sales cycles"
_MISSING = (
    ("orders", "amount", "no_amount", "line has no amount", "lines have no amount", ""),
    ("orders", "order_date", "no_date", "line has no date", "lines have no date", _ALONE),
    ("orders", "rep_id", "no_rep", "line has no rep", "lines have no rep", ": shown apart"),
    ("orders", "customer_id", "no_customer", "line has no customer", "lines have no customer", ""),
    ("deals", "rep_id", "no_rep", "deal has no rep", "deals have no rep", ": shown apart"),
    ("deals", "customer_id", "no_customer", "deal has no customer", "deals have no customer", ""),
    (
        "deals",
        "created_on",
        "no_created",
        "deal has no creation date",
        "deals have no creation date",
        _CYCLES,
    ),
    ("orders", "cost", "no_cost", "line has no cost", "lines have no cost", ": left out of profits"),
    ("costs", "month", "no_month", "cost has no month", "costs have no month", _ALONE),
)
_KNOWN = (
    ("orders", "rep_id", "reps", "rep_id"),
    ("orders", "customer_id", "customers", "customer_id"),
    ("deals", "rep_id", "reps", "rep_id"),
    ("deals", "customer_id", "customers", "customer_id"),
    ("conversations", "rep_id", "reps", "rep_id"),
    ("conversations", "customer_id", "customers", "customer_id"),
    ("conversations", "deal_id", "deals", "deal_id"),
    ("deal_stages", "deal_id", "deals", "deal_id"),
    ("credits", "rep_id", "reps", "rep_id"),
    ("credits", "order_id", "orders", "order_id"),
    ("credits", "deal_id", "deals", "deal_id"),
    ("quotas", "rep_id", "reps", "rep_id"),
    ("orders", "refund_of", "orders", "order_id"),
)


def find_warnings(loaded: Mapping[str, Loaded], ledger: Ledger) -> None:
    """Find and list what does not stop, table by table."""
    for table, column, check, one, many, more in _MISSING:
        if column in _columns(loaded, table):
            _tell(ledger, loaded[table], check, loaded[table].rows[column].isna(), one, many, more)
    for table, columns in DATED.items():
        for column in columns:
            if column in _columns(loaded, table):
                wrong = out_of_time(loaded[table].rows[column])
                more = f" its {column} out of time: in no period. {YEARS}"
                _tell(ledger, loaded[table], "date_out_of_time", wrong, "row has", "rows have", more, column)
    if "deals" in loaded:
        _deals(loaded["deals"], ledger)
    for table, key, side, own in _KNOWN:
        if own in _columns(loaded, side) and key in _columns(loaded, table):
            _unknown(loaded[table], key, loaded[side], own, ledger)
    for table in ("orders", "deal_stages", "credits", "costs"):
        if table in loaded:
            _same_rows(loaded[table], ledger)
    _far_future(loaded, ledger)
    if "quotas" in loaded:
        quotas = loaded["quotas"]
        if "rep_id" in quotas.rows and "reps" not in loaded:
            own = quotas.rows["rep_id"].notna()
            more = " of a rep, and there is no table of reps: who sold nothing in its time is not judged"
            _tell(ledger, quotas, "quotas_without_reps", own, "quota is", "quotas are", more, "rep_id")
        odd = tenfold(quotas.rows)
        one, many = "quota looks", "quotas look"
        more = " ten times, or a tenth of, its neighbours: see whether a digit is missing or too many"
        _tell(ledger, quotas, "quota_tenfold", odd, one, many, more, "value")
    for table, column in (("orders", "order_date"), ("conversations", "started_at")):
        if column in _columns(loaded, table):
            for start, end, days in gaps_of_days(loaded[table].rows[column]):
                told = f"{days} days without any row, from {start} to {end}"
                ledger.note("gap_of_days", table, days, told)


def _columns(loaded: Mapping[str, Loaded], table: str) -> list[str]:
    return list(loaded[table].rows) if table in loaded else []


def _tell(
    ledger: Ledger,
    table: Loaded,
    check: str,
    wrong: np.ndarray | pd.Series,
    one: str,
    many: str,
    more: str = "",
    column: str = "",
) -> None:
    wrong = np.asarray(wrong)
    if wrong.any():
        rows = table.rows
        value = (lambda row: shown_value(rows[column].iloc[row])) if column else None
        told = counted(int(wrong.sum()), one, many) + more
        ledger.tell(check, table.name, told, table.origin, wrong, value)


def _far_future(loaded: Mapping[str, Loaded], ledger: Ledger) -> None:
    """List the few facts that stand alone, long after all others."""
    counts: Counter[date] = Counter()
    for table, column, filled in HAPPENED:
        if column in _columns(loaded, table):
            counts.update(engines.day_counts(loaded[table].rows, column, filled))
    if not counts:
        return
    newest, found = newest_day(counts)
    if not found:
        return
    later: dict[str, np.ndarray] = {}
    days: dict[str, pd.Series] = {}
    for table, column, filled in HAPPENED:
        if column in _columns(loaded, table):
            rows = loaded[table].rows
            after = (rows[column] >= pd.Timestamp(newest) + pd.Timedelta(days=1)).to_numpy()
            if filled is not None:
                after = after & rows[filled].notna().to_numpy()
            later[table] = later.get(table, False) | after
            days[table] = days[table].where(~after, rows[column]) if table in days else rows[column]
    told = {table: rows for table, rows in later.items() if rows.any()}
    for table, rows in told.items():
        message = found[0].message
        if len(told) > 1:
            alone = counted(int(rows.sum()), "later row stands", "later rows stand")
            message = f"the as-of date is {newest}: {alone} alone, ignored"
        value = lambda row, values=days[table]: shown_value(values.iloc[row])  # noqa: E731
        ledger.tell(found[0].check, table, message, loaded[table].origin, rows, value)


def _deals(deals: Loaded, ledger: Ledger) -> None:
    rows = deals.rows
    if "amount" in rows:
        unpriced = (rows["outcome"] == "won") & rows["amount"].isna()
        _tell(ledger, deals, "no_amount", unpriced, "won deal has no amount", "won deals have no amount")
    if "closed_on" not in rows:
        return
    undated = rows["outcome"].notna() & rows["closed_on"].isna()
    one, many = "closed deal has no closing date", "closed deals have no closing date"
    _tell(ledger, deals, "no_closing", undated, one, many, _ALONE, "outcome")
    if "created_on" in rows:
        early = rows["outcome"].notna() & (rows["closed_on"] < rows["created_on"])
        one, many = "deal closed before it was created", "deals closed before they were created"
        _tell(ledger, deals, "closed_early", early, one, many, ": left out of sales cycles", "closed_on")


def _unknown(table: Loaded, key: str, side: Loaded, own: str, ledger: Ledger) -> None:
    named = table.rows[key]
    known = pd.Index(side.rows[own].dropna().unique())
    codes, labels = pd.factorize(named)
    lost = ~pd.Index(labels).isin(known)
    if lost.any():
        wrong = np.append(lost, False)[codes]
        article = "an" if key[0] in "aeiou" else "a"
        more = f" {article} {key} that {side.name} does not know: {listing(list(labels[lost]), 5)}"
        check = f"unknown_{own}"
        _tell(ledger, table, check, wrong, "row has", "rows have", more, key)


def _same_rows(table: Loaded, ledger: Ledger) -> None:
    """Find the rows that are the same as an earlier one in every column."""
    rows = table.rows
    if "line_id" in rows and rows["line_id"].notna().any():
        return  # told as a key that stands twice
    first = [column for column in ("order_id", "deal_id", "month") if column in rows]
    if not first or len(rows) == 0:
        return
    # Rows that are the same share key and number: only these are compared as a whole.
    number = next((c for c in ("amount", "share") if c in rows), None)
    bits = rows[number].to_numpy(dtype="float64").view("int64") if number else np.zeros(len(rows), "int64")
    key = rows[first[0]]
    is_order = table.name == "orders"
    groups = table.orders() if is_order else group(key if key.dtype == "str" else key.astype("str"))
    near = groups.repeated(bits)
    if len(near):
        again = near[rows.iloc[near].duplicated().to_numpy()]
        if len(again):
            told = counted(len(again), "row is", "rows are") + " the same as an earlier one in every column"
            value = lambda row: shown_value(rows[first[0]].iloc[row])  # noqa: E731
            ledger.tell("duplicate_rows", table.name, told, table.origin, again, value)
