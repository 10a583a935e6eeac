"""How each target of a plan stands now: its running occurrence, over all of its members, as one row."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.targets import Plan
from kpikit.targets.attainment import course, judge
from kpikit.views.figures import Figures
from kpikit.views.paging import of_page

__all__ = ["GOOD", "JUDGED", "current", "headline", "member_rows", "standings"]

GOOD = ("reached", "on pace")
JUDGED = (*GOOD, "behind", "at risk", "missed")
HEAD = ("goal", "objective", "target", "kpi", "convention", "unit", "per")
NUMBERS = ("actual", "target_value", "attainment", "progress", "expected", "pace", "needed_per_day")


def member_rows(shown: Figures) -> pd.DataFrame:
    """Give the rows of all targets, of the page's rep or team where a target is set for each."""
    rows = shown.evaluated
    if rows.empty:
        return rows
    rows = rows[rows["scope_row"] == "detail"]
    return of_page(rows, shown)


def current(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the newest occurrence of each target that has begun; where none has, the first."""
    parts = []
    for _, own in rows.groupby("target", sort=False) if len(rows) else []:
        begun = own[own["status"] != "not started"]
        parts.append(begun[begun["start"] == begun["start"].max()] if len(begun) else
                     own[own["start"] == own["start"].min()])  # fmt: skip
    return pd.concat(parts) if parts else rows


def standings(shown: Figures) -> pd.DataFrame:
    """Judge each target of a plan as a whole, in its running occurrence.

    Returns
    -------
    pandas.DataFrame
        One row for each target in the plan's order: goal, objective, target, kpi, convention, unit, per,
        period, end, the numbers of `evaluate`, status, `members` who have a target, how many of them are
        `good` (reached or on pace) of those `judged`, and `reached` of `of` occurrences so far.
    """
    rows, out, plan = member_rows(shown), [], shown.plan
    for _, own in rows.groupby("target", sort=False) if plan is not None and len(rows) else []:
        now = current(own)
        first = now.iloc[0]
        named = now[now["target_value"].notna()]
        told = {name: first[name] for name in (*HEAD, "period", "start", "end")}
        if len(named) <= 1:
            one = (named if len(named) else now).iloc[0]
            told |= {name: one[name] for name in (*NUMBERS, "status", "note")}
        else:
            told |= _together(named, shown, plan)
        told |= {"members": len(named), "good": int(named["status"].isin(GOOD).sum())}
        told |= {"judged": int(named["status"].isin(JUDGED).sum())}
        told |= {name: int(own[name].sum()) for name in ("reached", "of")}
        out.append(told)
    return pd.DataFrame(out, columns=COLUMNS)


def headline(shown: Figures) -> pd.DataFrame:
    """Give how many targets that can be judged are reached or on pace, as one row."""
    rows = standings(shown)
    judged = rows[rows["status"].isin(JUDGED)]
    good, count = int(judged["status"].isin(GOOD).sum()), len(judged)
    told = {"target": "Targets reached or on pace", "unit": "count", "actual": float(good)}
    share = good / count if count else float("nan")
    told |= {"target_value": float(count), "attainment": share, "status": f"{good} of {count}"}
    return pd.DataFrame([told]) if len(rows) else pd.DataFrame()


def _together(named: pd.DataFrame, shown: Figures, plan: Plan) -> dict[str, object]:
    """Judge several members as one: a flow by its sum, anything else by how many of them stand well."""
    kpi, first = find(named["kpi"].iloc[0]), named.iloc[0]
    nothing: dict[str, object] = dict.fromkeys(NUMBERS, float("nan")) | {"note": ""}
    statuses = set(named["status"])
    if len(statuses) == 1 and not statuses & set(JUDGED):
        return nothing | {"status": statuses.pop()}
    if kpi.kind != "flow":
        is_all = statuses <= set(GOOD)
        is_over = bool(named["end"].notna().all() and (named["end"] <= pd.Timestamp(shown.as_of)).all())
        told = ("reached" if is_all else "missed") if is_over else ("on pace" if is_all else "behind")
        return nothing | {"status": told}
    sums = {name: named[name].sum(min_count=len(named)) for name in ("actual", "target_value", "expected")}
    known = {name: None if pd.isna(value) else float(value) for name, value in sums.items()}
    end = None if pd.isna(first["end"]) else first["end"].date()
    span = course(first["start"].date(), end, shown.as_of, shown.dataset.calendar, plan.days)
    if known["expected"] is not None and known["target_value"]:
        # Who joined on the way is expected less by now: the share is that of all of them together.
        span = replace(span, share=known["expected"] / known["target_value"])
    marks = plan.thresholds.on_pace, plan.thresholds.behind
    one = judge(
        known["actual"], known["target_value"], span, kind="flow", is_higher_better=kpi.is_higher_better,
        thresholds=marks,
    )  # fmt: skip
    judged = {name: getattr(one, name) for name in ("attainment", "pace", "needed_per_day", "expected")}
    judged = {name: float("nan") if value is None else value for name, value in judged.items()}
    return (
        nothing | {name: sums[name] for name in ("actual", "target_value")} | judged | {"status": one.status}
    )


COLUMNS = [*HEAD, "period", "start", "end", *NUMBERS, "status", "note", "members", "good", "judged"]
COLUMNS += ["reached", "of"]
