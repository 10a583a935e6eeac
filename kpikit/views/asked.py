"""What a period to come asks of each member: the target, what it takes, and what was reached before."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.errors import PeriodError
from kpikit.kpis.catalog import find
from kpikit.kpis.formulas import growth
from kpikit.kpis.measure import measure
from kpikit.kpis.remarks import is_left_censored, parts_of
from kpikit.periods import Period, compare, is_complete, parse_period, shift
from kpikit.targets import Plan, evaluate
from kpikit.targets.plan import Target
from kpikit.targets.takes import is_divided, takes, working_days
from kpikit.views.comparing import is_half_known
from kpikit.views.paging import Paged, of_page
from kpikit.views.words import asked_name

__all__ = ["TOGETHER", "asked_of", "last_complete", "together"]

TOGETHER = "all together"
HEAD = ["goal", "objective", "target", "kpi", "convention", "unit", "per"]
COLUMNS = [*HEAD, "member", "period", "start", "end", "times", "each", "target_value", "business_days"]
COLUMNS += ["per_day", "per_week", "last_period", "reference", "change", "change_ratio"]
COLUMNS += ["year_before_period", "year_before", "note"]
# What was reached before, and the column that names when.
BEFORE = {"reference": "last_period", "year_before": "year_before_period"}


class Shown(Paged, Protocol):
    """What is needed of the figures of a view."""

    plan: Plan | None


def asked_of(shown: Shown) -> pd.DataFrame:
    """Give what the targets of a plan ask of each member in the period of the selection.

    Returns
    -------
    pandas.DataFrame
        One row for each target × member: the columns of `evaluate` that name it; `times` (how many of its
        occurrences fall into the period) and `each` (what one of them asks, where all ask the same);
        `target_value` (their sum for a flow, else the last); `business_days`, `per_day` and `per_week`;
        `reference`, the actual of `last_period`, with `change` and `change_ratio`; `year_before`; note.
        Its `attrs["nobody"]` names the targets of members of whom nobody is known in that period.
    """
    plan = shown.plan
    if plan is None:
        return pd.DataFrame(columns=COLUMNS)
    rows = evaluate(shown.dataset, plan, as_of=shown.as_of, period=shown.period)
    rows = of_page(rows[(rows["scope_row"] == "detail") & rows["target_value"].notna()], shown)
    is_nobody = (rows["per"] != "") & (rows["member"] == "")
    nobody, rows = list(dict.fromkeys(rows.loc[is_nobody, "target"])), rows[~is_nobody]
    rows = rows.assign(business_days=working_days(shown.dataset, rows, shown.as_of))
    out: list[dict[str, object]] = []
    for (target, _), own in rows.groupby(["target", "member"], sort=False):
        out.append(_one(own, shown) | {"target": target})
    if not out:
        empty = pd.DataFrame(columns=COLUMNS)
        empty.attrs["nobody"] = nobody
        return empty
    told = pd.DataFrame(out)
    # Who comes or goes within the period is asked for another time than the others, and had another before.
    alike = told.groupby(["target", "start", "end"], sort=False, dropna=False)
    parts = [_with_past(own, plan.choose(str(name))[0].target, shown) for (name, _, _), own in alike]
    whole = pd.concat(parts)[COLUMNS].sort_index()
    whole.attrs["nobody"] = nobody
    return whole


def together(own: pd.DataFrame, dataset: Dataset) -> dict[str, object]:
    """Add the members of one target up, where it is a flow; a target of one stays as it is."""
    first = own.iloc[0].to_dict()
    if len(own) == 1:
        return first
    first |= _whole_span(own)
    told = first | {"member": TOGETHER, "note": "", "each": np.nan}
    told |= dict.fromkeys(["target_value", "per_day", "per_week", "reference", "year_before"], np.nan)
    has_end = not pd.isna(first["end"])
    span = (first["start"].date(), first["end"].date()) if has_end else None
    told["business_days"] = dataset.calendar.business_days(*span) if span else np.nan
    if find(first["kpi"]).kind == "flow":
        told["target_value"] = own["target_value"].sum(min_count=1)
        for name, label in BEFORE.items():
            # What was reached in unlike times does not add up to anything.
            told[name] = own[name].sum(min_count=1) if own[label].nunique() == 1 else np.nan
        if span and is_divided(first["kpi"]):
            asked = float(told["target_value"])
            told["per_day"], told["per_week"] = takes(asked, told["business_days"], dataset.calendar)
    told["change"] = told["target_value"] - told["reference"]
    told["change_ratio"] = float(growth(np.float64(told["change"]), np.float64(told["reference"])))
    return told


def _whole_span(own: pd.DataFrame) -> dict[str, object]:
    """Give the span of several members: of those who are asked in different times, from first to last."""
    if len(own[["start", "end"]].drop_duplicates()) == 1:
        return {}
    begun, last = own.loc[own["start"].idxmin()], own.loc[own["end"].idxmax()]
    first, until = begun["period"].split(" to ")[0], last["period"].split(" to ")[-1]
    label = first if first == until else f"{first} to {until}"
    same = {name: own[name].iloc[0] if own[name].nunique() == 1 else "" for name in BEFORE.values()}
    return {"start": begun["start"], "end": last["end"], "period": label, **same}


def last_complete(period: Period, as_of: date, dataset: Dataset) -> Period | None:
    """Give the newest period of the same kind that is over; None where there is none."""
    if period.start is None:
        return None
    try:
        steps = 0
        while not is_complete(one := shift(period, -steps, dataset.calendar), as_of):
            # A period far ahead is reached in steps that grow.
            steps += max(1, (one.start - as_of).days // max(one.days or 1, 1)) if one.start else 1
        return one
    except PeriodError:
        return None


def _one(own: pd.DataFrame, shown: Shown) -> dict[str, object]:
    first, last = own.iloc[0], own.iloc[-1]
    told: dict[str, object] = {name: first[name] for name in [*HEAD, "member"]}
    is_flow = find(first["kpi"]).kind == "flow"
    is_many = len(own) > 1 and is_flow
    values = own["target_value"]
    told |= {
        "start": first["start"] if is_flow else last["start"], "end": last["end"], "times": len(own),
        "each": float(values.iloc[0]) if values.nunique() == 1 else np.nan,
        "target_value": float(values.sum() if is_flow else values.iloc[-1]),
        "period": f"{first['period']} to {last['period']}" if is_many else last["period"],
        "note": "; ".join(_said(own)), "now": last["actual"],
    }  # fmt: skip
    days = own["business_days"].sum(min_count=1) if is_flow else own["business_days"].iloc[-1]
    per_day = per_week = None
    if is_divided(first["kpi"]) and not pd.isna(last["end"]):
        asked = float(values.sum())
        per_day, per_week = takes(asked, int(days), shown.dataset.calendar)
    told |= {"business_days": days, "per_day": per_day, "per_week": per_week}
    return told


def _said(own: pd.DataFrame) -> list[str]:
    """What is to be known of a target before it starts, with the occurrence that it is about."""
    out = []
    for one in own.to_dict("records"):
        kept = [part for part in parts_of(one["note"]) if part != "not started"]
        out += [f"{one['period']}: {part}" if len(own) > 1 else part for part in kept]
    return list(dict.fromkeys(out))


def _with_past(own: pd.DataFrame, target: Target, shown: Shown) -> pd.DataFrame:
    """Set what was reached before beside what is asked; of what has no end, what it is now."""
    first = own.iloc[0]
    empty = {"last_period": "", "year_before_period": "", "reference": np.nan, "year_before": np.nan}
    if pd.isna(first["end"]):
        told = own.assign(**empty | {"last_period": "now"})
        told["reference"] = told["now"]
        return _changed(told)
    span = _span(first, shown)
    before: dict[str, Period | None] = {"reference": last_complete(span, shown.as_of, shown.dataset)}
    try:
        before["year_before"] = compare(span, "same_period_last_year", shown.as_of, shown.dataset.calendar)
    except PeriodError:
        before["year_before"] = None
    told = own.assign(**empty)
    for name, label in BEFORE.items():
        period = before[name]
        if period is None or not is_complete(period, shown.as_of):
            continue
        if is_half_known(_kpi_of(target), shown.dataset, period, shown.as_of):
            continue
        known = _actuals(shown, target, str(first["per"]), period)
        if known is not None:
            told[label] = period.label
            told[name] = told["member"].map(known)
    return _changed(told)


def _changed(told: pd.DataFrame) -> pd.DataFrame:
    change = told["target_value"] - told["reference"]
    shares = growth(change.to_numpy(dtype=float), told["reference"].to_numpy(dtype=float))
    return told.assign(change=change, change_ratio=shares)


def _span(one: pd.Series, shown: Shown) -> Period:
    start, end = one["start"].date(), one["end"].date()
    if (start, end) == (shown.period.start, shown.period.end):
        return shown.period
    label = f"{start}/{end}" if " to " in one["period"] else str(one["period"])
    return parse_period(label, shown.as_of, shown.dataset.calendar)


def _kpi_of(target: Target) -> str:
    return asked_name(target.kpi, target.convention or find(target.kpi).under(None)[0])


def _actuals(shown: Shown, target: Target, per: str, period: Period) -> dict[str, float] | None:
    """Give what each member reached in a period; None where old customers may look new in it."""
    where = {name: [one or f"no {name}" for one in labels] for name, labels in target.scope.items()}
    figures = measure(
        shown.dataset, _kpi_of(target), period=period, by=per or None, where=where, as_of=shown.as_of
    )  # fmt: skip
    if figures["note"].map(is_left_censored).any():
        return None
    keys = figures[per] if per else [""] * len(figures)
    return dict(zip(keys, figures["value"], strict=True))
