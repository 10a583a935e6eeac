"""What a chart's title says: a sentence computed from the frame that the chart shows, true in every case."""

from __future__ import annotations

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import MISSING, count_word, percent
from kpikit.views.words import (
    every,
    group_name,
    is_plural,
    join,
    lower,
    moment,
    opening,
    part_of,
    people,
    person,
    share_text,
    spoken,
)

__all__ = ["attainment_finding", "breakdown_finding", "path_finding", "trend_finding"]

JUDGED = ("reached", "on pace", "behind", "at risk", "missed")


def attainment_finding(
    rows: pd.DataFrame,
    *,
    kpi: str,
    per: str,
    language: str = "en",
    is_flow: bool = True,
    chosen: str = "",
    who: str = "",
) -> str:
    """Say how far a target is reached, in sum and by how many members.

    Parameters
    ----------
    rows
        One row for each member: actual, target_value, attainment, status, occurrences, reached, of, is_over.
    kpi, per
        The target's KPI; for whom it is set, empty for the company.
    is_flow
        Whether the members' figures add up.
    chosen
        The member of whom it is said first; empty for all together.
    who
        Whose figure it is, where the page does not say so; empty where it does.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.findings import attainment_finding
    >>> rows = pd.DataFrame({"member": ["A", "B"], "actual": [8.0, 12.0], "target_value": [10.0, 10.0],
    ...     "attainment": [0.8, 1.2], "status": ["missed", "reached"], "occurrences": [1, 1],
    ...     "reached": [0, 1], "of": [1, 1], "is_over": [True, True]})
    >>> attainment_finding(rows, kpi="revenue", per="rep")
    'Revenue reached 100% of its target; one of two reps reached theirs'
    """
    name, its = spoken(kpi), "their" if is_plural(kpi) else "its"
    rows = rows[rows["target_value"].notna()]  # who has no target takes no part in what is said of it
    if rows.empty:
        return f"There is no target for {lower(name)} here"
    if set(rows["status"]) == {"not started"}:
        return f"The target for {lower(name)} has not started"
    if rows["actual"].isna().all():
        return f"It is not known how {lower(name)} {_do(kpi, 'stand')} against {its} target"
    is_over = bool(rows["is_over"].all())
    own = rows[rows["member"] == chosen]
    if chosen and len(own):
        whole, is_own_over = _whole(own, language), bool(own["is_over"].all())
        verb = "reached" if is_own_over else "stands at"
        parts = [f"{person(chosen)} {verb} {whole} of the target for {lower(name)}"] if whole else []
    else:
        subject = f"{who}: {lower(name)}" if who else name
        verb = "reached" if is_over else f"{_do(kpi, 'stand')} at"
        whole = _whole(rows, language) if is_flow or len(rows) == 1 else ""
        parts = [f"{subject} {verb} {whole} of {its} target"] if whole else []
    if per and len(rows) > 1 and set(rows["status"]) == {"no deadline"}:
        return f"{parts[0]}, which has no deadline" if parts else f"{name}: {its} targets have no deadline"
    if per and len(rows) > 1:
        told = _members(rows, per, is_over)
        parts.append(told if parts else f"{name}: {told}")
    elif not whole:
        parts.append(f"{name} against {its} target: {rows['status'].iloc[0] or MISSING}")
    return "; ".join(parts)


def _do(kpi: str, verb: str) -> str:
    return verb if is_plural(kpi) else f"{verb}s"


def _whole(rows: pd.DataFrame, language: str) -> str:
    """The attainment of all together; nothing where one of them is not known."""
    if len(rows) == 1:
        one = rows["attainment"].iloc[0]
        return "" if pd.isna(one) else share_text(float(one), language)
    if rows["actual"].isna().any() or rows["target_value"].sum() <= 0:
        return ""
    return share_text(float(rows["actual"].sum() / rows["target_value"].sum()), language)


def _members(rows: pd.DataFrame, per: str, is_over: bool) -> str:
    if (rows["occurrences"] > 1).any():
        reached, of = int(rows["reached"].sum()), int(rows["of"].sum())
        if not of:
            return "none of their targets can be judged yet"
        targets = every(of, "target") if reached == of else part_of(reached, of, "target")
        return f"{targets} of {people(len(rows), per)} {'were' if reached > 1 else 'was'} reached"
    judged = rows[rows["status"].isin(JUDGED)]
    silent = len(rows) - len(judged)
    if judged.empty:
        return f"no {per.replace('_', ' ')} can be judged yet"
    reached, of = int((judged["status"] == "reached").sum()), len(judged)
    count = reached if is_over else reached + int((judged["status"] == "on pace").sum())
    if of == 1:
        who = f"the one {per.replace('_', ' ')} that can be judged"
        deed = "reached theirs" if is_over else "is on pace"
        if not count:
            deed = "did not reach theirs" if is_over else "is not on pace"
    elif is_over:
        who, deed = "", "reached theirs"
    else:
        who, deed = "", f"{'is' if count == 1 else 'are'} on pace{' or already there' if reached else ''}"
    who = who or (every(of, per) if count == of else part_of(count, of, per))
    return f"{who} {deed}" + (f" ({count_word(silent)} not judged)" if silent and of > 1 else "")


def path_finding(
    *,
    kpi: str,
    actual: float,
    expected: float | None,
    target: float,
    is_over: bool,
    has_end: bool = True,
    language: str = "en",
    who: str = "",
) -> str:
    """Say how far a figure is above or below its target, or, before the end, what was expected by now.

    `who` is whose figure it is, where the page does not say so.

    Examples
    --------
    >>> from kpikit.views.findings import path_finding
    >>> path_finding(kpi="revenue", actual=90.0, expected=100.0, target=200.0, is_over=False)
    'Revenue is 10% below what was expected by now'
    """
    name = spoken(kpi)
    its, be = ("their", "are") if is_plural(kpi) else ("its", "is")
    if _is_missing(actual) or _is_missing(target):
        return f"It is not known how {lower(name)} {_do(kpi, 'stand')} against {its} target"
    subject = f"{who}: {lower(name)}" if who else name
    if is_over:
        return _beside(subject, "ended", actual, target, f"{its} target", language)
    if not has_end:
        return _beside(subject, be, actual, target, f"{its} target, which has no deadline", language)
    if _is_missing(expected) or not expected:
        whose = f" of {lower(who)}" if who.startswith("The ") else f" of {who}" if who else ""
        return f"It is too early to say whether {lower(name)}{whose} {be} on pace"
    return _beside(subject, be, actual, float(expected), "what was expected by now", language)


def _beside(name: str, verb: str, actual: float, other: float, what: str, language: str) -> str:
    if actual == other:
        return f"{name} {verb} exactly at {what}"
    side = "above" if actual > other else "below"
    share = abs(actual - other) / abs(other) if other else None
    if share is None:
        far = ""
    elif share < 0.01:
        far = "less than 1% "
    else:
        # 99.9% below would round to 100% below, as if there were nothing.
        far = "more than 99% " if 0.99 < share < 1 else f"{percent(share, language)} "
    return f"{name} {verb} {far}{side} {what}"


def trend_finding(rows: pd.DataFrame, *, kpi: str, grain: str, language: str = "en") -> str:
    """Say in how many complete units a KPI was above the year before, or else which unit was the highest.

    `rows` holds period, start, value, reference, is_complete.
    """
    name, unit, was = spoken(kpi), grain.replace("_", " "), "were" if is_plural(kpi) else "was"
    whole = rows[rows["is_complete"] & rows["value"].notna()]
    if whole.empty:
        return f"There is no complete {unit} of {lower(name)} yet"
    both = whole[whole["reference"].notna()]
    is_flow = find(kpi.partition(":")[0]).kind == "flow"
    if is_flow and not both["reference"].any():
        # Beside a year in which nothing happened, or of which nothing is recorded, all is more.
        both = both.head(0)
    if is_flow and not whole["value"].any():
        when = f"the {unit}" if len(whole) == 1 else f"any of these {people(len(whole), unit)}"
        return f"There {was} no {lower(name)} in {when}"
    if len(both):
        above, count = int((both["value"] > both["reference"]).sum()), len(both)
        some = "" if count == len(whole) else " that can be compared"
        if count == 1:
            one = f"the one {unit}{some}" if some else f"the one complete {unit}"
            return f"{name} {was}{'' if above else ' not'} above the year before in {one}"
        if not above:
            of = "either of" if count == 2 else "any of"
            return f"{name} {was} not above the year before in {of} {people(count, unit)}{some}"
        of = every(count, unit) if above == count else part_of(above, count, unit)
        return f"{name} {was} above the year before in {of}{some}"
    if len(whole) == 1:
        return f"{name}: one complete {unit} so far"
    if whole["value"].nunique() == 1:
        return f"{name} {was} the same in {people(len(whole), unit)}"
    top = whole[whole["value"] == whole["value"].max()]
    names = [moment(one["start"], grain, one["period"], language) for one in top.to_dict("records")]
    return f"{name} {was} highest in {join(names)}"


def breakdown_finding(
    rows: pd.DataFrame, *, kpi: str, by: str, language: str = "en", is_flow: bool = True
) -> str:
    """Say which group is the largest: of a flow with its share of the whole.

    `rows` holds the groups and value.
    """
    name, be = spoken(kpi), "are" if is_plural(kpi) else "is"
    known = rows[rows["value"].notna()]
    if known.empty:
        return f"{name} by {by.replace('_', ' ')} {be} not known"
    if is_flow and not known["value"].any():
        return f"There {'were' if is_plural(kpi) else 'was'} no {lower(name)}"
    top = known[known["value"] == known["value"].max()]
    names = join([group_name(one, by) for one in top[by]])
    if len(known) == 1:
        whose = opening(list(top[by]), by, rows[by])
        return f"{whose} brought all {lower(name)}" if is_flow else f"{name} {be} known for {names} only"
    if len(top) == len(known):
        return f"{name} {be} the same for {every(len(known), by)}"
    whole = known["value"].sum()
    if is_flow and whole > 0 and (known["value"] >= 0).all():
        return _largest(known, top, kpi, by, language)
    low = known[known["value"] == known["value"].min()]
    return f"{name} {be} highest for {names} and lowest for {join([group_name(one, by) for one in low[by]])}"


def _largest(known: pd.DataFrame, top: pd.DataFrame, kpi: str, by: str, language: str) -> str:
    """Say what the largest group has of the whole; what has no group is none of them."""
    what, has, dimension = lower(spoken(kpi)), "have" if is_plural(kpi) else "has", by.replace("_", " ")
    share = share_text(float(top["value"].sum() / known["value"].sum()), language)
    named = known[known[by] != f"no {by}"]
    if len(top) == 1 and top[by].iloc[0] == f"no {by}":
        best = named[named["value"] == named["value"].max()]
        names = join([group_name(one, by) for one in best[by]])
        told = f"{share} of {what} {has} no {dimension}"
        return f"{told}; {names} brought the most of {people(len(named), by)}" if len(named) > 1 else told
    names = opening(list(top[by]), by, known[by])
    told = f"{names} brought{' together' if len(top) > 1 else ''} {share} of {what}"
    if len(named) > 1:
        return f"{told}, the most of {people(len(named), by)}"
    return f"{told}; the rest {has} no {dimension}"


def _is_missing(value: float | None) -> bool:
    return value is None or value != value
