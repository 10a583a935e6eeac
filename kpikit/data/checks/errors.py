"""What must hold in the tables for their KPIs to be right; an error that the mapping accepts is mended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from kpikit.calendars import FIRST_DAY, LAST_DAY
from kpikit.data.checks.labels import check_labels
from kpikit.data.contract import KEYS
from kpikit.data.hiding import FEW_ROWS
from kpikit.data.reading import Ledger, Loaded
from kpikit.errors import cut

__all__ = ["DATED", "YEARS", "check_errors", "out_of_time", "shown_value"]

_OF_AN_ORDER = ("order_date", "customer_id", "rep_id", "region", "channel")
_FILLED = {
    "orders": ("order_id",),
    "deals": ("deal_id",),
    "deal_stages": ("deal_id",),
    "conversations": ("conversation_id",),
    "reps": ("rep_id",),
    "customers": ("customer_id",),
    "credits": ("rep_id", "share"),
    "quotas": ("kpi", "start", "value"),
}
DATED = {
    "orders": ("order_date",),
    "deals": ("created_on", "closed_on"),
    "conversations": ("started_at",),
    "costs": ("month",),
    "quotas": ("start",),
}
"""Dates on which something happened, or starts: they decide in which period a row counts."""
YEARS = f"Years {FIRST_DAY.year} to {LAST_DAY.year} are read"
_REFUND = "give a refund an order_id of its own, and name the order that it refunds in refund_of"
# Shares are written with a few decimals: three thirds make 0.999.
_NEARLY = 0.0011


def check_errors(loaded: Mapping[str, Loaded], currency: str, ledger: Ledger) -> None:
    """Check loaded tables for errors; those that the mapping accepts are mended in the tables.

    Raises
    ------
    DataError
        At the first error that is not accepted, if the ledger is strict.
    """
    for name, table in loaded.items():
        _in_time(table, ledger)  # what it empties may be needed
        check_labels(table, ledger)
        for column in _FILLED.get(name, ()):
            empty = table.rows[column].isna().to_numpy()
            if empty.any():
                told = f"{column} is empty{_such(empty, 'rows')}"
                _meet(table, ledger, "empty_key", empty, told, "", "fill it, or drop the row")
        _unique(table, KEYS.get(name, ()), ledger)
    if "orders" in loaded:
        _one_order(loaded["orders"], ledger)
        _one_currency(loaded["orders"], currency, ledger)
    if "deals" in loaded:
        _one_currency(loaded["deals"], currency, ledger)
        _outcomes(loaded["deals"], ledger)
    if "quotas" in loaded:
        _spans(loaded["quotas"], ledger)
    if "credits" in loaded:
        _shares(loaded["credits"], ledger)


def _meet(
    table: Loaded,
    ledger: Ledger,
    check: str,
    wrong: np.ndarray,
    fault: str,
    allowed: str = "",
    hint: str = "",
    value: Callable[[int], str] | None = None,
    blank: tuple[str, ...] = (),
    blanked: np.ndarray | None = None,
) -> None:
    """Meet an error; where it is accepted, drop its rows, or blank columns (of more rows, perhaps)."""
    action = ledger.meet(check, table.name, table.origin, wrong, fault, allowed, hint, value)
    if action == "drop_row":
        table.drop(wrong)
    elif action == "set_null":
        table.blank(wrong if blanked is None else blanked, blank)


def _such(wrong: np.ndarray, what: str) -> str:
    count = int(wrong.sum())
    return f" ({count:,} such {what})" if count > 1 else ""


def _unique(table: Loaded, keys: tuple[str, ...], ledger: Ledger) -> None:
    rows, there = table.rows, [key for key in keys if key in table.rows]
    if not there or (table.name == "orders" and "line_id" not in there):
        return
    needed = [*_FILLED[table.name], *(["line_id"] if table.name == "orders" else [])]
    twice = rows.duplicated(there) & rows[needed].notna().all(axis=1)
    if twice.any():

        def value(row: int) -> str:
            found = rows.loc[row, there].dropna()
            return ", ".join(f"{name} '{shown_value(one)}'" for name, one in found.items())

        fault = f"{value(int(twice.idxmax()))} stands more than once{_such(twice.to_numpy(), 'rows')}"
        hint = "keep one of the rows"
        if table.name == "quotas" and set(there) <= {"kpi", "start", "end"}:
            hint = "say whose quotas these are: map rep_id, team, region, product_line or channel"
        _meet(table, ledger, "duplicate_key", twice.to_numpy(), fault, hint=hint, value=value)


def out_of_time(days: pd.Series) -> np.ndarray:
    """Mark the dates outside of the years in which there are periods."""
    after = pd.Timestamp(LAST_DAY) + pd.Timedelta(days=1)
    return ((days < pd.Timestamp(FIRST_DAY)) | (days >= after)).to_numpy()


def _in_time(table: Loaded, ledger: Ledger) -> None:
    """Check that dates are in time; a few that are not are slips, and are told with the rest."""
    for column in DATED.get(table.name, ()):
        if column not in table.rows:
            continue
        days = table.rows[column]
        wrong = out_of_time(days)
        if not wrong.any():
            continue
        is_few = wrong.sum() < min(FEW_ROWS, days.notna().sum()) and table.name != "quotas"
        if not is_few:
            day = shown_value(days.iloc[int(wrong.argmax())])
            fault = f"{column} '{day}' is out of time{_such(wrong, 'rows')}"
            hint = f"where it stands for a date that is not known, name it in dataset.yaml (nulls: ['{day}'])"
            value = _values(days)
            _meet(table, ledger, "out_of_time", wrong, fault, YEARS, hint, value, (column,))


def shown_value(value: object) -> str:
    """Show a value of a table in a message; nothing as an empty text."""
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d") if value.year > 999 else f"{value.year:04}-{value:%m-%d}"
    return "" if value is None or value != value else cut(value)


def _values(column: pd.Series) -> Callable[[int], str]:
    return lambda row: shown_value(column.iloc[row])


def _one_order(orders: Loaded, ledger: Ledger) -> None:
    """Check that lines of one order agree, by comparing each with the first line of its order."""
    groups = orders.orders()
    for column in _OF_AN_ORDER:
        if column not in orders.rows:
            continue
        differs = groups.differ(orders.rows[column])
        if differs is not None:
            place = int(differs.argmax())
            row = orders.rows.iloc[place]
            here, there = (shown_value(orders.rows[column].iloc[one]) for one in (place, groups.first[place]))
            _meet(
                orders, ledger, "lines_disagree", differs,
                f"order '{row['order_id']}' has {column} '{here}' here and '{there}' on another line"
                f"{_such(differs, 'lines')}",
                "An order has one date, customer, rep, region and channel",
                _REFUND if row["amount"] < 0 else "give each order an order_id of its own",
                _values(orders.rows[column]), (column,), np.isin(groups.codes, groups.codes[differs]),
            )  # fmt: skip
            groups = orders.orders()


def _one_currency(table: Loaded, currency: str, ledger: Ledger) -> None:
    if "currency" in table.rows:
        named = table.rows["currency"]
        other = (named.notna() & (named != currency)).to_numpy()
        if other.any():
            fault = f"currency '{named.iloc[int(other.argmax())]}' is not the dataset's {currency}"
            hint = "convert the amounts, or leave these rows out"
            fault += _such(other, "rows")
            blank = ("amount", "cost", "discount")
            _meet(table, ledger, "foreign_currency", other, fault, "", hint, _values(named), blank)


def _outcomes(deals: Loaded, ledger: Ledger) -> None:
    named = deals.rows["outcome"]
    other = (named.notna() & ~named.isin(["won", "lost"])).to_numpy()
    if other.any():
        fault = f"outcome '{named.iloc[int(other.argmax())]}' is not known{_such(other, 'rows')}"
        allowed = "Outcomes: won, lost, or empty for an open deal"
        _meet(deals, ledger, "unknown_outcome", other, fault, allowed, "", _values(named), ("outcome",))


def _spans(quotas: Loaded, ledger: Ledger) -> None:
    if "end" in quotas.rows:
        early = (quotas.rows["end"] < quotas.rows["start"]).to_numpy()
        if early.any():
            row = quotas.rows.iloc[int(early.argmax())]
            ends, starts = shown_value(row["end"]), shown_value(row["start"])
            fault = f"the quota ends on {ends}, before it starts on {starts}"
            value = _values(quotas.rows["end"])
            fault += _such(early, "rows")
            _meet(quotas, ledger, "quota_ends_early", early, fault, "", "", value, ("end",))


def _shares(credits: Loaded, ledger: Ledger) -> None:
    """Check that the shares of each order or deal add up to 1, and that each row names one of the two."""
    rows = credits.rows
    for column in ("order_id", "deal_id"):
        if column not in rows:
            rows = rows.assign(**{column: pd.Series(None, index=rows.index, dtype="str")})
    is_one = (rows["order_id"].notna() ^ rows["deal_id"].notna()).to_numpy()
    if not is_one.all():
        fault = f"a credit names an order_id or a deal_id, and not both{_such(~is_one, 'rows')}"
        _meet(credits, ledger, "empty_key", ~is_one, fault)
        if len(rows) != len(credits.rows):
            _shares(credits, ledger)
            return
    shares = rows["share"]
    whole = rows.groupby(["order_id", "deal_id"], dropna=False, sort=False).ngroup().to_numpy()
    total = shares.groupby(whole).transform("sum")
    beyond = ((shares <= 0) | (shares > 1)).to_numpy()
    odd = ((total - 1).abs() > _NEARLY).to_numpy() | beyond
    # All shares of an order or none: what is left of them would be taken for the whole.
    odd = np.isin(whole, whole[odd & is_one]) & is_one
    if odd.any():
        place = int(odd.argmax())
        row = rows.iloc[place]
        name = (
            f"order '{cut(row['order_id'])}'"
            if isinstance(row["order_id"], str)
            else (f"deal '{cut(row['deal_id'])}'")
        )
        if abs(total.iloc[place] - 1) > _NEARLY:
            fault = f"the shares of {name} add up to {total.iloc[place]:.6g}{_such(odd, 'rows')}"
        else:
            place = int((beyond & (whole == whole[place])).argmax())
            fault = f"the share {shares.iloc[place]:g} of {name} is not between 0 and 1"
        hint = "let the shares of each order or deal add up to 1"
        _meet(credits, ledger, "shares_not_one", odd, fault, "", hint, _values(shares))
