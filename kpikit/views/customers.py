"""The frames of a review of customers: who is won, who stays, who brings what, and who has gone quiet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd

from kpikit.errors import NotAvailableError
from kpikit.kpis.catalog import find
from kpikit.kpis.cohorts import censored_until, cohorts
from kpikit.kpis.concentration import concentration
from kpikit.kpis.formulas import growth, ratio
from kpikit.kpis.measure import measure
from kpikit.kpis.remarks import DAYS_CENSORED, is_left_censored
from kpikit.kpis.silences import quiet, silences
from kpikit.periods import Period, split
from kpikit.targets import Plan
from kpikit.views.comparing import compared, is_half_known
from kpikit.views.figures import Figures, trend_period
from kpikit.views.keeping import once

__all__ = ["AGES", "VALUE", "VALUE_PER_COST", "aged", "by_customer", "censored_year", "concentrated"]
__all__ += ["followed", "nameless_share", "names_of", "planned_value", "quiet_ones", "standing_out"]
__all__ += ["won", "worth"]

COHORTS, LARGEST, LOST = 12, 10, 5
MONEY_PLACES = 4  # of money; in floating point, sums of it in another order differ far behind
AGES = ("existing", "new", "no customer_age")
"""The ages of customers as `measure` names them; in a chart from the bottom to the top."""
VALUE, VALUE_PER_COST = "customer_lifetime_value", "lifetime value ÷ acquisition cost"
CONVENTIONS = ("simple", "historic")


@once
def won(shown: Figures, kpi: str) -> pd.DataFrame:
    """Give a KPI of new customers by grain, as the trend; without what cannot be known or compared.

    In the first year of the data customers of long ago look new: `is_censored` marks the units that start in
    it. A rate has no value in them.
    """
    rows = replace(shown, chosen=replace(shown.chosen, kpi=kpi)).trend
    known = censored_year(shown)
    if known is None:
        return rows.assign(is_censored=False)
    rows = _of_data(rows, shown)
    is_censored = rows["start"] < pd.Timestamp(known)
    value = rows["value"].where(~is_censored) if find(kpi).kind == "rate" else rows["value"]
    return rows.assign(is_censored=is_censored, value=value)


@once
def censored_year(shown: Figures) -> date | None:
    """Give the day until which customers of long ago may look new; None where there are no orders."""
    if "orders" not in shown.dataset.tables:
        return None
    return censored_until(shown.dataset, shown.as_of)


@once
def followed(shown: Figures) -> tuple[pd.DataFrame, str]:
    """Give the newest cohorts by grain, as `cohorts` does, or why there are none."""
    period = trend_period(shown.period, shown.chosen.grain, shown.as_of, shown.dataset)
    units = split(period, shown.chosen.grain, None, shown.dataset.calendar)[-COHORTS:]
    try:
        told = cohorts(shown.dataset, units, as_of=shown.as_of, where=shown.chosen.scope)
    except NotAvailableError as error:
        return pd.DataFrame(), error.fault
    return told, ""


@once
def aged(shown: Figures) -> pd.DataFrame:
    """Give the revenue of new and of existing customers by grain, as `measure` does, with `share`.

    Columns: those of `measure`, `customer_age`, `share` of the unit's revenue, `is_complete`, `is_chosen` and
    `is_censored` (it starts before a year has passed since the data start: until then nobody can be an
    existing customer).
    """
    period = trend_period(shown.period, shown.chosen.grain, shown.as_of, shown.dataset)
    rows = measure(
        shown.dataset, "revenue", period=period, by="customer_age", grain=shown.chosen.grain,
        where=shown.chosen.scope, as_of=shown.as_of,
    )  # fmt: skip
    rows, known = _of_data(rows, shown), censored_year(shown)
    wholes = rows.groupby("period")["value"].transform("sum")
    start = pd.Timestamp(shown.period.start or date(1900, 1, 1))
    return rows.assign(
        share=ratio(rows["value"].to_numpy(dtype=float), wholes.to_numpy(dtype=float)),
        is_complete=rows["end"] <= pd.Timestamp(shown.as_of),
        is_chosen=(rows["end"] >= start) & (rows["start"] <= pd.Timestamp(shown.period.end)),
        is_censored=False if known is None else rows["start"] < pd.Timestamp(known),
    )


def planned_value(plan: Plan | None) -> tuple[str, str]:
    """Give the convention of the lifetime value that a plan names, and the target that does."""
    for one in plan.placed if plan else []:
        if one.target.kpi == VALUE and one.target.convention:
            return one.target.convention, one.target.name
    return "", ""


@once
def worth(shown: Figures) -> pd.DataFrame:
    """Give what a customer is worth, by the plan's convention first; what winning one costs; and their ratio.

    The last row, of the group `VALUE_PER_COST`, divides the first lifetime value by the cost: it has no KPI,
    and is null where the cost is left-censored.
    """
    planned, _ = planned_value(shown.plan)
    conventions = sorted(CONVENTIONS, key=lambda one: one != planned)
    kpis = [*(f"{VALUE}:{one}" for one in conventions), "relationship_years:inverse_churn"]
    rows = measure(
        shown.dataset, [*kpis, "customer_acquisition_cost"], period=shown.period,
        compare=shown.chosen.compare, where=shown.chosen.scope, as_of=shown.as_of,
    )  # fmt: skip
    rows = compared(rows, shown.dataset, reference=shown.reference, as_of=shown.as_of)
    value, cost = rows.iloc[0], rows.iloc[-1]
    told = {name: float(ratio(np.float64(value[name]), np.float64(cost[name])))
            for name in ("value", "reference")}  # fmt: skip
    if is_left_censored(cost["note"]):
        # Customers of long ago look new, so that winning one looks cheap.
        told["value"] = float("nan")
    if pd.isna(cost["change"]):
        told["reference"] = float("nan")
    change = told["value"] - told["reference"]
    last = told | {"change": change, "change_ratio": float(growth(change, np.float64(told["reference"])))}
    last |= {"kpi": "", "convention": "", "period": shown.period.label, "note": cost["note"]}
    told = pd.concat([rows, pd.DataFrame([last])], ignore_index=True)
    return told.assign(group=["" if kpi else VALUE_PER_COST for kpi in told["kpi"]])


@once
def by_customer(shown: Figures) -> pd.DataFrame:
    """Give each customer's revenue in the period and in the one of comparison, the largest first.

    Columns: customer, value, share (of all revenue, with that of nobody known), reference, change,
    change_ratio; the last three are null where nothing is compared. Customers who bought in the earlier
    period alone have a value of 0.
    """
    told = _of_known(shown, shown.period).rename("value").to_frame()
    reference = shown.reference
    if reference is None or not _is_known(shown, reference) or _is_half_known(shown, reference):
        told["reference"] = np.nan
    else:
        told = told.join(_of_known(shown, reference).rename("reference"), how="outer").fillna(0.0)
    change = (told["value"] - told["reference"]).to_numpy(dtype=float)
    told = told.assign(
        share=ratio(told["value"].to_numpy(), _whole(shown, shown.period)),
        change=change,
        change_ratio=growth(change, told["reference"].to_numpy(dtype=float)),
    )
    told = told.rename_axis("customer").reset_index()
    return told.sort_values(["value", "customer"], ascending=[False, True], ignore_index=True)


@once
def concentrated(shown: Figures) -> pd.DataFrame:
    """Give what the largest customers brought, as `concentration`, with how much it was before.

    The largest of the period of comparison are those of that period: `reference` and `share_before`. `n` is
    how many customers a group has. Shares are of all revenue, with that of nobody known.
    """
    rows = by_customer(shown)
    told = concentration(rows["value"]).rename(columns={"customers": "n"})
    then = concentration(rows["reference"].fillna(0.0)).set_index("group")["value"]
    told["reference"], told["share_before"] = told["group"].map(then), np.nan
    told = told.round({"value": MONEY_PLACES, "reference": MONEY_PLACES})
    told["share"] = ratio(told["value"].to_numpy(), _whole(shown, shown.period))
    # In a part of a period few have bought: the largest of them have more of it than of a whole one.
    if shown.reference is not None and shown.is_fair and told["reference"].notna().any():
        told["share_before"] = ratio(told["reference"].to_numpy(), _whole(shown, shown.reference))
    return _of_revenue(told, shown)


@once
def nameless_share(shown: Figures) -> float:
    """Give the share of the period's revenue that has no customer."""
    known = _of_known(shown, shown.period)
    return 1 - float(ratio(known[known > 0].sum(), np.float64(_whole(shown, shown.period))))


@once
def standing_out(shown: Figures) -> pd.DataFrame:
    """Give the largest customers, and those whose revenue fell the most, with their last order and rep.

    Columns: those of `by_customer`, `group` (largest, or fell most), last_order, days_silent, is_quiet, rep;
    the last four are of the customer as a whole, whatever the scope. Quiet is only who is active.
    """
    rows = by_customer(shown)
    largest = rows[rows["value"] > 0].head(LARGEST)
    fell = rows.drop(largest.index)
    fell = fell[fell["change"] < 0].sort_values(["change", "customer"]) if shown.is_fair else fell.head(0)
    told = pd.concat([largest.assign(group="largest"), fell.head(LOST).assign(group="fell most")])
    if told.empty:
        return told
    active = silences(shown.dataset, as_of=shown.as_of)
    is_known = told["customer"].isin(active["customer"]).all()
    known = active if is_known else silences(shown.dataset, as_of=shown.as_of, has_lost=True)
    known = known.set_index("customer")
    for name in ("last_order", "days_silent", "rep"):
        told[name] = told["customer"].map(known[name])
    told = told.assign(is_quiet=told["customer"].isin(quiet(active)["customer"]))
    return _of_revenue(told.reset_index(drop=True), shown)


@once
def quiet_ones(shown: Figures) -> tuple[pd.DataFrame, int, str]:
    """Give the customers who have gone quiet, how many active ones have ordered, or why nobody knows.

    `value` is what they bought in the year up to their last order, `n` on how many days they ordered.
    """
    waits, why = _silences(shown)
    told = quiet(waits)
    told = told.assign(value=told["last_year"], n=told["gaps"] + 1, kpi="revenue", convention="default")
    return told, len(waits), why


@once
def names_of(shown: Figures) -> dict[str, str]:
    """Give the names of customers by id; a name that several bear has the id behind it."""
    if not shown.dataset.has("customers", "name"):
        return {}
    rows = shown.dataset.frame("customers").label("id", "customer_id").select(["id", "name"]).to_pandas()
    rows = rows.dropna().astype("str").drop_duplicates("id")
    is_shared = rows["name"].duplicated(keep=False)
    names = rows["name"].where(~is_shared, rows["name"] + " (" + rows["id"] + ")")
    return dict(zip(rows["id"], names, strict=True))


@once
def _silences(shown: Figures) -> tuple[pd.DataFrame, str]:
    try:
        return silences(shown.dataset, as_of=shown.as_of, where=shown.chosen.scope), ""
    except NotAvailableError as error:
        return pd.DataFrame(
            columns=["customer", "gaps", "days_silent", "usual_days", "last_year"]
        ), error.fault


def _of_data(rows: pd.DataFrame, shown: Figures) -> pd.DataFrame:
    """Leave out the units that ended before the data start."""
    known = censored_year(shown)
    if known is None:
        return rows
    first = pd.Timestamp(known - timedelta(DAYS_CENSORED))
    return rows[rows["end"] >= first].reset_index(drop=True)


def _is_known(shown: Figures, period: Period) -> bool:
    """Tell whether there is a figure of the revenue of a period, if only a zero."""
    rows = measure(
        shown.dataset, "revenue", period=period, where=shown.chosen.scope, as_of=shown.as_of
    )  # fmt: skip
    return bool(rows["value"].notna().all())


def _is_half_known(shown: Figures, period: Period) -> bool:
    """Tell whether the data start within a period, so that more is not growth."""
    return is_half_known("revenue", shown.dataset, period, shown.as_of)


def _of_revenue(rows: pd.DataFrame, shown: Figures) -> pd.DataFrame:
    return rows.assign(kpi="revenue", convention="default", period=shown.period.label)


def _of_known(shown: Figures, period: Period) -> pd.Series:
    return _revenue(shown, period).drop("no customer", errors="ignore")


def _whole(shown: Figures, period: Period) -> float:
    """Sum what was bought; a customer with less than nothing would make the parts more than the whole."""
    rows = _revenue(shown, period)
    return round(float(rows[rows > 0].sum()), MONEY_PLACES)


@once
def _revenue(shown: Figures, period: Period) -> pd.Series:
    rows = measure(
        shown.dataset, "revenue", period=period, by="customer", where=shown.chosen.scope, as_of=shown.as_of
    )  # fmt: skip
    return rows[rows["value"].notna()].set_index("customer")["value"]
