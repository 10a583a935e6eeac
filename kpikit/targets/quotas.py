"""Targets from the table of quotas: a value for each member and period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from kpikit.calendars import LAST_DAY
from kpikit.data.dataset import Dataset
from kpikit.errors import NotAvailableError, listing
from kpikit.kpis.members import Members
from kpikit.periods import Period, parse_period, unit_of
from kpikit.targets.occurrences import Occurrence, endless, of_period
from kpikit.targets.plan import Target

__all__ = ["Quota", "quotas"]

KEYS = {"rep": "rep_id"} | {name: name for name in ("team", "region", "product_line", "channel")}


@dataclass(frozen=True)
class Quota:
    """The quota of a member ("" for the company) in a period."""

    label: str
    occurrence: Occurrence
    value: float


def quotas(dataset: Dataset, target: Target, as_of: date) -> tuple[str | None, list[Quota]]:
    """Read the quotas of a target's KPI, and by which dimension they are set.

    A quota lasts until its end, else until the day before the same member's next quota; the last one is
    open. Those that start before the target was set are left out, as are those outside of `period` or that
    end after `until`. If none has started on the as-of date, those that start first are given.

    Raises
    ------
    NotAvailableError
        If there are none, or they do not say for whom they are.
    """
    table = dataset.small("quotas")
    if "quotas" not in dataset.tables:
        raise NotAvailableError("quotas", "quotas is missing")
    rows = table[(table["kpi"] == target.kpi) & table["value"].notna() & table["start"].notna()]
    per, rows = _set_by(rows, target)
    rows = rows.assign(label=_labels(dataset, rows, per))
    own = [_quota(row) for row in _with_ends(rows).to_dict("records")]
    _unique(own, target.kpi)
    window = parse_period(target.period, target.set_on, dataset.calendar) if target.period else None
    own = [one for one in own if _is_meant(one.occurrence, target, window)]
    if not own:
        raise NotAvailableError("quotas", f"no quota of {target.kpi} starts on or after {target.set_on}")
    begun = [one for one in own if one.occurrence.start <= as_of]
    first = min(one.occurrence.start for one in own)
    own = begun or [one for one in own if one.occurrence.start == first]
    return per, sorted(own, key=lambda one: (one.occurrence.start, str(one.occurrence.end), one.label))


def _set_by(rows: pd.DataFrame, target: Target) -> tuple[str | None, pd.DataFrame]:
    """The dimension by which the rows are set, and the rows that are set by it."""
    if rows.empty:
        raise NotAvailableError("quotas", f"quotas has no {target.kpi}")
    keys = {name: key for name, key in KEYS.items() if key in rows}
    has = pd.DataFrame({name: rows[key].notna() for name, key in keys.items()}, index=rows.index)
    if (has.sum(axis=1) > 1).any():
        raise NotAvailableError("quotas", f"a quota of {target.kpi} is set by two dimensions")
    used = [name for name in has if has[name].any()]
    if target.per is not None:
        if target.per not in used:
            raise NotAvailableError("quotas", f"quotas of {target.kpi} are not set by {target.per}")
        return target.per, rows[has[target.per]]
    if len(used) > 1 or (used and not has[used[0]].all()):
        kinds = listing([*used, *(["the company"] if not has.any(axis=1).all() else [])])
        raise NotAvailableError("quotas", f"quotas of {target.kpi} are set by {kinds}: say per which")
    return (used[0] if used else None), rows


def _labels(dataset: Dataset, rows: pd.DataFrame, per: str | None) -> pd.Series:
    if per is None:
        return pd.Series("", index=rows.index, dtype="str")
    labels = rows[KEYS[per]].astype("str")
    if per != "rep" or "reps" not in dataset.tables:
        return labels
    reps = Members(dataset).reps
    names = dict(zip(reps["rep_id"].astype("str"), reps["rep"].astype("str"), strict=True))
    return labels.map(lambda one: names.get(one, one))


def _with_ends(rows: pd.DataFrame) -> pd.DataFrame:
    rows = rows.assign(
        start=pd.to_datetime(rows["start"]), end=pd.to_datetime(rows["end"]) if "end" in rows else pd.NaT
    )
    starts = rows[["label", "start"]].drop_duplicates().sort_values(["label", "start"])
    starts["next"] = starts.groupby("label")["start"].shift(-1)
    rows = rows.merge(starts, on=["label", "start"], how="left")
    return rows.assign(end=rows["end"].fillna(rows["next"] - pd.Timedelta(days=1)))


def _quota(row: dict[str, object]) -> Quota:
    start, end = row["start"], row["end"]
    assert isinstance(start, pd.Timestamp)
    # A day out of time, such as 9999-12-31, is how a database writes that there is no end.
    if end is pd.NaT or not isinstance(end, pd.Timestamp) or end > pd.Timestamp(LAST_DAY):
        return Quota(str(row["label"]), endless(start.date()), float(row["value"]))  # type: ignore[arg-type]
    if end < start:
        raise NotAvailableError("quotas", f"a quota ends on {end.date()}, before it starts on {start.date()}")
    return Quota(str(row["label"]), of_period(_period(start.date(), end.date())), float(row["value"]))  # type: ignore[arg-type]


def _period(start: date, end: date) -> Period:
    """Give the days of a quota, under the name of a whole month, quarter, half or year if they are one."""
    for unit in ("month", "quarter", "half", "year"):
        whole = unit_of(start, unit)
        if (whole.start, whole.end) == (start, end):
            return whole
    return Period(f"{start}/{end}", start, end, "range")


def _unique(own: list[Quota], kpi: str) -> None:
    seen: set[tuple[str, date, date | None]] = set()
    for one in own:
        key = (one.label, one.occurrence.start, one.occurrence.end)
        if key in seen:
            whose = f" of {one.label}" if one.label else ""
            raise NotAvailableError("quotas", f"the quota of {kpi}{whose} from {key[1]} stands twice")
        seen.add(key)


def _is_meant(one: Occurrence, target: Target, window: Period | None) -> bool:
    last = one.end or one.start
    if window is not None:
        return window.start is not None and window.start <= one.start and last <= window.end
    return one.start >= target.set_on and (target.until is None or last <= target.until)


def common(own: list[Quota]) -> list[Occurrence]:
    """List the periods of quotas that no longer one holds, in which rows without a member are shown apart."""
    every = dict.fromkeys(one.occurrence for one in own)

    def holds(long: Occurrence, short: Occurrence) -> bool:
        if long == short or long.start > short.start:
            return False
        return long.end is None or (short.end is not None and short.end <= long.end)

    return [one for one in every if not any(holds(other, one) for other in every)]
