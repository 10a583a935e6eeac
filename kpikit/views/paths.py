"""The way to a target, day by day: what was reached, and what should have been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.kpis.catalog import find
from kpikit.kpis.measure import ask
from kpikit.kpis.tabulating import read_where, tabulate
from kpikit.periods import Period

__all__ = ["Path", "path_of"]

MOST_DAYS, WEEK = 400, 7


@dataclass(frozen=True)
class Path:
    """The way to a target.

    Parameters
    ----------
    rows
        One row for each day that is read, with actual and expected; null where not known.
    actual, expected, target
        As evaluated on the as-of date.
    is_over, has_end
        Whether the last day has come; whether there is one.
    is_cumulative
        Whether the KPI adds up.
    """

    rows: pd.DataFrame
    actual: float
    expected: float
    target: float
    is_over: bool
    has_end: bool
    is_cumulative: bool


def path_of(
    dataset: Dataset,
    target_rows: pd.DataFrame,
    *,
    scope: Mapping[str, Any],
    as_of: date,
    days: str = "business",
) -> Path | None:
    """Follow a target from the first to the last day of its occurrences.

    What adds up is added up day by day. A rate is that of the part that has passed, a level is read: so the
    last value is the one that is judged.

    Parameters
    ----------
    dataset
        The tables.
    target_rows
        The occurrences of one target, for one member or for several, as `evaluate` gives them.
    scope
        The scope of the target, and of the members that are shown.
    as_of
        The as-of date.
    days
        `business` or `calendar`: by which days the plan judges.
    """
    rows = target_rows[target_rows["start"].notna()]
    if rows.empty:
        return None
    is_flow = find(rows["kpi"].iloc[0]).kind == "flow"
    has_end = bool(rows["end"].notna().all())
    start = rows["start"].min().date()
    last = rows["end"].max().date() if has_end else max(as_of, start)
    read = [day for day in _days(start, last) if day <= as_of]
    if as_of < last and start <= as_of and as_of not in read:
        read.append(as_of)
    actual = dict(zip(read, _actual(dataset, rows.iloc[0], start, read, scope, as_of, is_flow), strict=True))
    shown = sorted({*read, *_days(start, last)})
    table = pd.DataFrame(
        {"day": pd.to_datetime(shown), "actual": [actual.get(day, float("nan")) for day in shown]}
    )
    table["expected"] = _expected(dataset, rows, table["day"], pd.Timestamp(as_of), is_flow, days)
    names = ("actual", "expected", "target_value")
    told = [rows[name].sum(min_count=len(rows)) if is_flow else rows[name].iloc[0] for name in names]
    return Path(table, *map(float, told), has_end and last <= as_of, has_end, is_flow)


def _days(start: date, last: date) -> list[date]:
    """The days that are read: all of a year, the last days of weeks or months of a longer span."""
    span = pd.Timestamp(start), pd.Timestamp(last)
    days = pd.date_range(*span) if (last - start).days <= MOST_DAYS else pd.date_range(*span, freq="ME")
    return sorted({start, last, *(day.date() for day in days)})


def _actual(
    dataset: Dataset, one: pd.Series, start: date, read: list[date], scope: Mapping[str, Any], as_of: date,
    is_flow: bool,
) -> list[float]:  # fmt: skip
    if not read:
        return []
    convention = one["convention"]
    asked = ask(one["kpi"] if pd.isna(convention) else f"{one['kpi']}:{convention}")
    if is_flow:
        befores = [start - timedelta(1), *read[:-1]]
        spans = [(before + timedelta(1), day) for before, day in zip(befores, read, strict=True)]
    else:
        # A rate so far needs a window of its own for each day: a reading a week is enough.
        kept = {*read[:: WEEK if len(read) > 2 * WEEK else 1], read[-1]}
        spans = [(start, day) for day in read if day in kept]
    periods = [Period(f"{first}/{day}", first, day, "range") for first, day in spans]
    value = tabulate(dataset, [asked], periods, (), read_where(dataset, scope), as_of).value[0][0]
    if is_flow:
        # Days before the data begin are not known, and add nothing.
        return list(np.nancumsum(value))
    known = {day: number for (_, day), number in zip(spans, value, strict=True)}
    return [known.get(day, float("nan")) for day in read]


def _expected(
    dataset: Dataset, rows: pd.DataFrame, dates: pd.Series, today: pd.Timestamp, is_flow: bool, days: str
) -> pd.Series:
    """What should have been reached on each day: through what was evaluated on the as-of date."""
    total = pd.Series(0.0 if is_flow else float("nan"), index=dates.index)
    if not is_flow:
        one = rows.iloc[0]
        if any(pd.isna(one[name]) for name in ("baseline", "end", "progress")):
            return total  # the target itself is all that is expected
        share = dates.map(lambda at: _share(dataset, one, at, days))
        return one["baseline"] + share * (one["target_value"] - one["baseline"])
    shared: dict[tuple[Any, Any], pd.Series] = {}
    for one in rows.to_dict("records"):
        if pd.isna(one["target_value"]) or pd.isna(one["end"]):
            return total * float("nan")
        key = (one["start"], one["end"])
        if key not in shared:
            shared[key] = dates.map(lambda at, one=one: _share(dataset, one, at, days))
        share, now = shared[key], _share(dataset, one, today, days)
        expected = share * one["target_value"]
        # A member who joined or left within the period has an expectation of their own.
        if 0 < now < 1 and not pd.isna(one["expected"]):
            left = one["target_value"] - one["expected"]
            later = one["expected"] + left * (share - now) / (1 - now)
            expected = (share / now * one["expected"]).where(dates <= today, later)
        total = total + expected
    return total


def _share(dataset: Dataset, one: Any, at: pd.Timestamp, days: str) -> float:
    start, end, until = one["start"].date(), one["end"].date(), min(at, one["end"]).date()
    if until < start:
        return 0.0
    if days == "business" and (total := dataset.calendar.business_days(start, end)):
        return dataset.calendar.business_days(start, until) / total
    return ((until - start).days + 1) / ((end - start).days + 1)
