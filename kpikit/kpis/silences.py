"""Silences: how long ago each active customer ordered last, beside how long they usually wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.data.frames import NO_DAY, SCALE, Cells, Gather, col, day_number, whole
from kpikit.errors import NotAvailableError
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.credits import credited
from kpikit.kpis.customers import YEAR
from kpikit.kpis.facts import facts_of, first_day_of
from kpikit.kpis.tabulating import read_where

__all__ = ["LEAST_GAPS", "LEAST_SILENCE", "LONGER", "quiet", "silences"]

LEAST_GAPS = 4
"""So many times a customer must have come back, for their usual wait to be known."""
LONGER, LEAST_SILENCE = 2.0, 30
"""Quiet is who waits longer than so many usual waits, and than so many days."""
COLUMNS = ["customer", "rep", "last_order", "days_silent", "usual_days", "gaps", "last_year"]


def silences(
    dataset: Dataset, *, as_of: date, where: Mapping[str, object] | None = None, has_lost: bool = False
) -> pd.DataFrame:
    """Give each active customer's last order and usual wait between two days with an order.

    Parameters
    ----------
    dataset
        The tables.
    as_of
        The day on which it is read.
    where
        A scope, as in `measure`: a customer belongs where the latest order was.
    has_lost
        Whether those who are no longer active are given as well.

    Returns
    -------
    pandas.DataFrame
        One row for each customer who has ordered and (without `has_lost`) is active on the day, as
        `active_customers` counts:
        `customer`, `rep` (of the latest order; all who share it, null without a rep), `last_order`,
        `days_silent` (since then), `usual_days` (the median of the days from one day with an order to the
        next), `gaps` (how many such waits there are), `last_year` (what they bought in the 365 days that end
        with their last order).

    Raises
    ------
    NotAvailableError
        If the data have no orders, or a customer has no such dimension.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.silences import quiet, silences
    >>> sales = kp.load("data/samples")
    >>> told = silences(sales, as_of=sales.as_of)
    >>> len(quiet(told)) < len(told)
    True
    """
    if "orders" not in dataset.tables:
        raise NotAvailableError("silences", "orders is missing")
    whose = _whose(dataset, as_of, where, has_lost)
    told = _waits(dataset, as_of).join(whose, how="inner")
    told = told.assign(
        last_order=pd.to_datetime(told["last"], unit="D").astype("datetime64[s]"),
        days_silent=day_number(as_of) - told["last"],
        last_year=_bought(dataset, as_of).reindex(told.index),
    )
    told = told.rename_axis("customer").reset_index()
    return told.sort_values("customer", ignore_index=True)[COLUMNS]


def quiet(told: pd.DataFrame) -> pd.DataFrame:
    """Keep the customers of `silences` who ordered regularly, and have been silent for long.

    They came back at least four times, and have waited more than twice as long as they usually do and more
    than 30 days. Who bought the most in their last year comes first.
    """
    is_regular = told["gaps"] >= LEAST_GAPS
    is_long = (told["days_silent"] > LONGER * told["usual_days"]) & (told["days_silent"] > LEAST_SILENCE)
    kept = told[is_regular & is_long]
    return kept.sort_values(["last_year", "customer"], ascending=[False, True], ignore_index=True)


def _whose(dataset: Dataset, as_of: date, where: Mapping[str, object] | None, has_lost: bool) -> pd.DataFrame:
    """Give the active customers of a scope, or all, with the reps of their latest order."""
    scope = read_where(dataset, where)
    has_rep = dataset.has("orders", "rep_id")
    of_members = has_rep or bool({name for name, _ in scope} & {*MEMBER_DIMENSIONS})
    lives = facts_of(dataset, credited(dataset, "customers") if of_members else "customers")
    for name, _ in scope:
        if name not in lives.columns:
            raise NotAvailableError("silences", f"a customer has no {name}")
    what = Gather(None, ("is_order",), (), (), "stop", None if has_lost else YEAR)
    if dataset.has("customers", "left_on") and not has_lost:
        what = Gather(None, (), (), (), "alive_until")
    by = ["customer", "rep"] if has_rep else ["customer"]
    found = lives.read("start", [day_number(as_of)], by, {"alive": what}, dict(scope))
    there = found.values["alive"][:, 0] > 0
    groups = found.groups[there]
    if not has_rep:
        return pd.DataFrame({"rep": None}, index=pd.Index(list(groups["customer"]), dtype=object))
    many = groups["customer"].duplicated(keep=False)
    # Only where several share the latest order are there names to join.
    shared = groups[many].groupby("customer")["rep"].agg(lambda own: ", ".join(sorted(own.dropna())) or None)
    names = pd.concat([groups[~many].set_index("customer")["rep"], shared])
    return names.astype(object).to_frame("rep")


def _waits(dataset: Dataset, as_of: date) -> pd.DataFrame:
    """Give the last day with an order, the median wait and the number of waits of each customer."""
    today, first = day_number(as_of), first_day_of(dataset, "firsts", "order_date")
    rows = facts_of(dataset, "visits")
    if first is None or first > today:
        return pd.DataFrame({"last": [], "usual_days": [], "gaps": []}, dtype="float64")
    # An order of the same day is no wait, and one after the as-of date is not known yet.
    rows = rows.flag(
        is_gap=col("is_visit") & (col("next_day") > col("order_date")) & (col("next_day") <= today)
    )
    rows = rows.with_columns(gap=whole(col("next_day") - col("order_date")), ordered=col("order_date"))
    span, by = [(first, today)], ["customer"]
    last = rows.gather_each("order_date", span, by, "max", Gather("ordered", ("is_visit",)), today, {})
    usual = rows.gather_each("order_date", span, by, "median", Gather("gap", ("is_gap",)), today, {})
    told = pd.DataFrame({"last": _by_customer(last), "usual_days": _by_customer(usual)})
    told["gaps"] = _by_customer(usual, "rows").reindex(told.index).fillna(0).astype("int64")
    told = told[told["last"].notna()]
    return told.assign(last=told["last"].astype("int64"))


def _by_customer(cells: Cells, name: str = "value") -> pd.Series:
    values = cells.values[name][:, 0]
    told = pd.Series(values, index=pd.Index(list(cells.groups["customer"]), dtype=object))
    return told[told.index.notna()]


def _bought(dataset: Dataset, as_of: date) -> pd.Series:
    """Sum what each customer bought in the year that ends with the last order."""
    today, first = day_number(as_of), first_day_of(dataset, "firsts", "order_date")
    if first is None or first > today:
        return pd.Series(dtype="float64")
    visits = facts_of(dataset, "visits").select(["customer", "order_date", "next_day", "is_visit"])
    visits = visits.flag(
        is_last=col("is_visit") & (col("order_date") <= today) & (col("next_day") > today)
    ).filter("is_last")
    rows = facts_of(dataset, "orders").lookup("customer", visits, "customer", {"last_day": "order_date"})
    age = col("last_day") - col("order_date")
    rows = rows.flag(is_of_year=col("is_sale") & (col("last_day") > NO_DAY) & (age >= 0) & (age < YEAR))
    what = {"sum": Gather("amount", ("is_of_year",)), "rows": Gather(None, ("is_of_year",))}
    found = rows.gather("order_date", [first, today + 1], ["customer"], what, today, {})
    return _by_customer(found, "sum") / SCALE
