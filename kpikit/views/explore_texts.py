"""The sentences about one figure: how it stands, and what its rows are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import day, number, percent, quantity
from kpikit.periods import Period
from kpikit.views.cards import points_text
from kpikit.views.words import asked_name, is_plural, spoken

__all__ = ["figure_finding", "when"]

MANY_TIMES = 9.0


def when(period: Period, language: str = "en", *, on: date | None = None) -> str:
    """Write a period within a sentence; `on` is the day on which a level is read.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.periods import parse_period
    >>> from kpikit.views.explore_texts import when
    >>> texts = ("2026-Q3", "last 90 days", "all time")
    >>> [when(parse_period(one, date(2026, 9, 30))) for one in texts]
    ['in 2026-Q3', 'from 3 Jul 2026 to 30 Sep 2026', 'over all time']
    """
    if on is not None:
        return f"on {day(on, language)}"
    if period.start is None:
        return "over all time"
    if period.start == period.end:
        return f"on {day(period.start, language)}"
    if "/" in period.label or " to " in period.label:
        return f"from {day(period.start, language)} to {day(period.end, language)}"
    return f"in {period.label}"


def figure_finding(
    one: Mapping[str, Any], *, period: Period, reference: Period | None, as_of: date, is_fair: bool,
    currency: str = "", language: str = "en",
) -> str:  # fmt: skip
    """Say what a figure is, and how much more or less it is than in the period of comparison.

    Parameters
    ----------
    one
        A row of `measure` that has a value.
    period, reference
        Of the figure, and of its reference.
    is_fair
        Whether a sum can be held against its reference.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.periods import parse_period
    >>> from kpikit.views.explore_texts import figure_finding
    >>> now, then = (parse_period(one, date(2026, 9, 30)) for one in ("2026-Q3", "2026-Q2"))
    >>> one = {"kpi": "revenue", "convention": "default", "value": 112.0, "reference": 100.0,
    ...     "change_ratio": 0.12}
    >>> figure_finding(one, period=now, reference=then, as_of=date(2026, 9, 30), is_fair=True)
    'Revenue was 112 in 2026-Q3, 12% more than in 2026-Q2'
    """
    card = find(str(one["kpi"]))
    name = asked_name(card.name, one["convention"])
    is_over = period.end <= as_of
    verb = ("were" if is_plural(name) else "was") if is_over else "are" if is_plural(name) else "is"
    value = quantity(one["value"], card.unit, currency=currency, language=language)
    on = min(period.end, as_of) if card.kind == "level" else None
    so_far = "" if is_over or on or period.start is None else " so far"
    told = f"{spoken(name)} {verb} {value} {when(period, language, on=on)}{so_far}"
    if reference is None or pd.isna(one["reference"]):
        return told
    then = when(reference, language, on=min(reference.end, as_of) if on else None)
    was = quantity(one["reference"], card.unit, currency=currency, language=language)
    if card.kind == "flow" and not is_fair:
        return f"{told}, after {was} {then}"
    return f"{told}, {_beside(one, card.unit, was, language)} {then}"


def _beside(one: Mapping[str, Any], unit: str, was: str, language: str) -> str:
    change = one["value"] - one["reference"]
    if not change:
        return "the same as"
    more = "more" if change > 0 else "less"
    if unit == "share":
        return f"{points_text(abs(change), language).lstrip('+')} {more} than"
    if pd.isna(one["change_ratio"]):
        return f"{'up' if change > 0 else 'down'} from {was}"
    if one["change_ratio"] >= MANY_TIMES:
        return f"{number(1 + one['change_ratio'], language)} times as much as"
    share = abs(one["change_ratio"])
    far = "less than 0.1%" if share < 0.001 else percent(share, language, 0 if share >= 0.0095 else 1)
    return f"{far} {more} than"
