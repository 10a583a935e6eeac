"""The sentences of a target brief: its finding, how a KPI is counted, and questions that targets raise."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import find
from kpikit.language import MISSING, count_word, quantity
from kpikit.views.cards import change_text
from kpikit.views.words import is_plural, join, label, lower, named, part_of, people, spoken, upper

__all__ = ["brief_finding", "counted_as", "kind_text", "meaning_of", "questions", "step_text"]

SMALL, LARGE = 0.05, 0.15  # a step that nobody needs to talk about; a season that one should
MOST = 6


def brief_finding(
    targets: list[dict[str, Any]], *, who: str, period: str, currency: str, language: str
) -> str:
    """Say what is asked of whom, and what that is a working day; without such a target, how many there are.

    What a longer or a shorter period asks (a quarter's quota, in a brief for a month) has that period's name,
    the target's `when`; targets of one period are told before those of another.

    Examples
    --------
    >>> from kpikit.views.brief_texts import brief_finding
    >>> one = {"kpi": "revenue", "convention": "default", "unit": "money", "target_value": 45000.0,
    ...     "per_day": 750.0, "per": "rep", "end": 1, "members": 1}
    >>> brief_finding([one], who="Ayu", period="2027-Q1", currency="USD", language="en")
    'Ayu: 2027-Q1 asks for $45,000 of revenue, $750 on each working day'
    >>> brief_finding([one | {"when": "2027-Q1"}], who="Ayu", period="2027-01", currency="USD", language="en")
    'Ayu: 2027-Q1 asks for $45,000 of revenue, $750 on each working day'
    >>> two = one | {"target_value": 60000.0, "per_day": 1000.0}
    >>> told = brief_finding([one, two], who="Ayu", period="2027-Q1", currency="USD", language="en")
    >>> told.partition(", ")[2]
    '$1,000 on each working day; that is the higher of two targets'
    """
    own = [one for one in targets if one["per"] and not pd.isna(one["per_day"])] or [
        one for one in targets if not pd.isna(one["per_day"])
    ]
    if own:
        own = [one for one in own if one.get("when", period) == period] or own
        like = ("kpi", "convention", "when")
        same = [one for one in own if all(one.get(name) == own[0].get(name) for name in like)]
        top = max(same, key=lambda one: float(one["per_day"]))
        asked, a_day = (quantity(top[name], top["unit"], currency=currency, language=language)
                        for name in ("target_value", "per_day"))  # fmt: skip
        name = lower(spoken(top["kpi"]))
        what = f"{asked} of {name}" if top["unit"] == "money" else f"{asked} {name}"
        told = f"{who}: {top.get('when', period)} asks for {what}, {a_day} on each working day"
        if len({one["target_value"] for one in same}) == 1:
            return told
        return (
            f"{told}; that is the high{'er' if len(same) == 2 else 'est'} of {count_word(len(same))} targets"
        )
    count = len(targets)
    open_ends = sum(bool(pd.isna(one["end"])) for one in targets)
    told = f"{who}: {period} asks for {count_word(count)} target{'' if count == 1 else 's'}"
    return f"{told}, {count_word(open_ends)} without a deadline" if open_ends else told


def counted_as(one: dict[str, Any], *, currency: str, language: str) -> str:
    """Write what a target asks: the sum, and how it is made up."""

    def amount(value: float) -> str:
        return quantity(value, one["unit"], currency=currency, language=language)

    whole = amount(one["target_value"])
    members, times, own = one.get("members", 1), int(one["times"]), one.get("own")
    if members > 1:
        same = own["target_value"].nunique() == 1 if own is not None else False
        each = f"{amount(own['target_value'].iloc[0])} for each" if same else "each their own"
        told = f"{people(members, str(one['per']))}, {each} ({one['period']})"
        return f"{whole} together; {told}" if whole != MISSING else told
    if times > 1 and find(one["kpi"]).kind == "flow":
        each = "" if pd.isna(one["each"]) else f", {amount(one['each'])} each"
        return f"{whole} in {count_word(times)} parts{each} ({one['period']})"
    return f"{whole} ({one['period']})"


def step_text(one: dict[str, Any], *, currency: str, language: str) -> str:
    """Write the step from what was reached before to what is asked."""
    if pd.isna(one["reference"]) or pd.isna(one["target_value"]):
        return MISSING
    return change_text(
        one["target_value"], one["reference"], one["change_ratio"], one["unit"], currency, language
    )


def meaning_of(kpi: KPI, convention: object) -> list[str]:
    """Tell what a KPI means and how it is counted, from its card; what the card leaves open is left out.

    Examples
    --------
    >>> from kpikit import KPI, Rows
    >>> from kpikit.views.brief_texts import meaning_of
    >>> sold = Rows("orders", "order_date", "is_sale").sum("quantity")
    >>> units = KPI("units", "flow", "count", sold, definition="What was sold.", gaming="Splitting.")
    >>> meaning_of(units, None)
    ['What was sold.', 'It adds up over the period. More is better.', 'It can mislead. Splitting.']
    """
    has_name = isinstance(convention, str) and bool(convention)
    lines = [kpi.definition] if kpi.definition else []
    formula = kpi.written.get(str(convention)) if has_name else None
    if formula:
        lines.append(f"Counted as: {formula}")
    if has_name and len(kpi.convention_names) > 1:
        lines.append(f"By the convention “{str(convention).replace('_', ' ')}”.")
    lines.append(kind_text(kpi))
    if kpi.gaming:
        lines.append(f"It can mislead. {kpi.gaming}")
    if kpi.balance:
        lines.append(f"Read it beside {join([lower(label(one)) for one in kpi.balance])}.")
    return lines


def kind_text(kpi: KPI) -> str:
    """Say whether a KPI adds up, and whether more or less of it is better.

    Examples
    --------
    >>> from kpikit.kpis.catalog import find
    >>> from kpikit.views.brief_texts import kind_text
    >>> kind_text(find("sales_cycle_days"))
    'It is a rate of the whole period. Less is better.'
    """
    kinds = {"flow": "It adds up over the period.", "rate": "It is a rate of the whole period.",
             "level": "It is read on a day."}  # fmt: skip
    return f"{kinds[kpi.kind]} {'More' if kpi.is_higher_better else 'Less'} is better."


def questions(
    asked: pd.DataFrame, targets: list[dict[str, Any]], *, currency: str, language: str
) -> list[str]:
    """Draw a few questions from the targets: the largest step, the season, who joins, what has no end.

    Parameters
    ----------
    asked
        One row for each target × member, as `asked_of` gives it.
    targets
        One for each target, over its members.
    """

    def amount(one: dict[str, Any], value: float) -> str:
        return quantity(value, one["unit"], currency=currency, language=language)

    told = []
    dated = [one for one in targets if not pd.isna(one["end"]) and not pd.isna(one["change_ratio"])]
    steps = sorted(dated, key=_step, reverse=True)
    if steps and _step(steps[0]) > SMALL:
        one = steps[0]
        told.append(
            f"The largest step is “{one['target']}”: {amount(one, one['target_value'])} after"
            f" {amount(one, one['reference'])} in {one['last_period']}. What has to change, and who helps?"
        )
    if steps and _step(steps[-1]) < -SMALL:
        one = steps[-1]
        was = "was better than what is asked"
        told.append(
            f"“{one['target']}” asks for {amount(one, one['target_value'])}, and {one['last_period']}, with"
            f" {amount(one, one['reference'])}, {was}. Is that the right step, or is there room for more?"
        )
    told += _seasons(dated, amount)
    told += _reached(asked)
    joined = asked[asked["note"].str.contains("pro-rated", na=False)]
    if len(joined):
        names = [named(str(one)) for one in dict.fromkeys(joined["member"])]
        told.append(f"{join(names)}: on the team for a part of the period, so that the target is a part too."
                    " Is that fair?")  # fmt: skip
    silent = [one["target"] for one in targets if pd.isna(one["end"])]
    if silent:
        several = (
            f"{upper(count_word(len(silent)))} targets have" if len(silent) > 1 else f"“{silent[0]}” has"
        )
        told.append(f"{several} no deadline. By when do we want to be there?")
    watched = [find(one["kpi"]) for one in targets if find(one["kpi"]).balance]
    if watched:
        beside = join([lower(label(one)) for one in watched[0].balance])
        told.append(f"Beside {lower(spoken(watched[0].name))}, we look at {beside}. What must not suffer?")
    return told[:MOST]


def _step(one: dict[str, Any]) -> float:
    """The step towards what is better, as a share of what was reached."""
    return float(one["change_ratio"]) * (1 if find(one["kpi"]).is_higher_better else -1)


def _seasons(targets: list[dict[str, Any]], amount: Any) -> list[str]:
    """Ask about the season, where the year before was much lower or higher than the last."""
    for one in targets:
        last, year = one["reference"], one["year_before"]
        if pd.isna(last) or pd.isna(year) or last <= 0 or abs(year / last - 1) < LARGE:
            continue
        if find(one["kpi"]).kind != "flow" or one["last_period"] == one["year_before_period"]:
            continue
        verb = "were" if is_plural(one["kpi"]) else "was"
        # What the members brought is not all that the company has: some is without a rep.
        whose = f" of these {people(one['members'], str(one['per']))}" if one.get("members", 1) > 1 else ""
        return [
            f"{spoken(one['kpi'])}{whose} {verb} {amount(one, year)} in {one['year_before_period']}, and"
            f" {amount(one, last)} in {one['last_period']}. How much of that is the season?"
        ]
    return []


def _reached(asked: pd.DataFrame) -> list[str]:
    """Ask what can be shared, where some members were already there."""
    for name, own in asked[asked["per"] == "rep"].groupby("target", sort=False):
        known = own[own["reference"].notna()]
        if len(known) < 3 or known["last_period"].nunique() > 1:
            continue
        better = find(known["kpi"].iloc[0]).is_higher_better
        gap = known["reference"] - known["target_value"]
        there = int(((gap if better else -gap) >= 0).sum())
        if 0 < there < len(known):
            have = "was" if there == 1 else "were"
            who, when = upper(part_of(there, len(known))), known["last_period"].iloc[0]
            told = f"{who} {have} already where “{name}” asks them to be, in {when}."
            return [f"{told} What works for them that others could use?"]
    return []
