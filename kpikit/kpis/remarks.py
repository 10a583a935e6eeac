"""What is to be said about a figure: why it is null, or what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from kpikit.data.dataset import Dataset
from kpikit.data.frames import day_number
from kpikit.kpis.facts import first_day_of, needs_of
from kpikit.kpis.hours import hours_name
from kpikit.kpis.measures import Formula
from kpikit.kpis.replies import DUE, is_unripe
from kpikit.kpis.scope import Scope, is_of_stages
from kpikit.kpis.stays import has_history
from kpikit.periods import Period

__all__ = ["DAYS_CENSORED", "LEFT_OUT", "is_left_censored", "is_reason", "known_from", "parts_of", "remarks"]

DAYS_CENSORED = 365
LEFT_OUT = "are left out"
"""How a note ends that says what has not had its time."""
# Notes on a figure that is there; every other note says why there is none.
_UNTIL, _CENSORED = "until ", "left-censored: "


def remarks(
    dataset: Dataset,
    formula: Formula,
    scope: Scope,
    periods: Sequence[Period],
    windows: Sequence[tuple[int, int]],
    as_of: date,
    is_empty: np.ndarray,
) -> tuple[list[str], np.ndarray]:
    """What is to be said about each window, and in which of the empty ones there are no data yet."""
    first, last = _begun(dataset, formula, as_of, is_needed=bool(is_empty.any()))
    measures = formula.measures()
    is_new = any(m.rows.table == "firsts" or m.rows.flag in ("is_again", "is_prospect") for m in measures)
    is_new |= any(name == "customer_age" for m in formula.measures() for name, _ in m.rows.where)
    opened = first_day_of(dataset, "firsts", "order_date") if is_new else None
    if opened is not None and opened > day_number(as_of):
        opened = None
    is_of_today = any(is_of_stages(m, scope) or m.rows.table == "stays" for m in formula.measures())
    is_of_today &= not has_history(dataset)
    unripe = max((m.window.days for m in formula.measures() if m.window.kind == "ripe"), default=0)
    hours = max((DUE[m.rows.flag] for m in formula.measures() if m.rows.flag in DUE), default=0)
    notes, blank = [], []
    for period, (_, end), empty in zip(periods, windows, is_empty, strict=True):
        is_before = empty and period.start is not None and (first is None or end < first)
        is_before |= last is not None and end < last
        blank.append(is_before)
        said = []
        if is_before:
            is_late = first is not None
            said.append("the data start after this period" if is_late else "the data have none in any period")
        elif period.start is not None and period.end > as_of:
            said.append(f"{_UNTIL}{as_of}")
        if unripe and end > day_number(as_of) - unripe:
            said.append(f"deals younger than {unripe} days {LEFT_OUT}")
        if hours and is_unripe(dataset, end, day_number(as_of), hours):
            less = f"{hours} {hours_name(dataset, hours)}"
            said.append(f"unanswered conversations that have waited less than {less} {LEFT_OUT}")
        if is_of_today and end < day_number(dataset.as_of):
            said.append("deal_stages is missing, so that only the newest day's stages are known")
        if not is_before and opened is not None and _is_censored(period, opened):
            said.append(f"{_CENSORED}the data start within the year before")
        notes.append("; ".join(said))
    return notes, np.array(blank, dtype=bool)


def known_from(dataset: Dataset, formula: Formula, as_of: date) -> int | None:
    """Give the number of the day from which on the data have what a formula needs; None if they never do."""
    first, last = _begun(dataset, formula, as_of, is_needed=True)
    return first if last is None else last


def _begun(
    dataset: Dataset, formula: Formula, as_of: date, *, is_needed: bool
) -> tuple[int | None, int | None]:
    """Give the first day in any table of a formula, if that is needed, and of several, that of the last."""
    # A deal is there from its creation on, whatever dates are asked for.
    dated = {"deals": "dated"}
    tables = {(m.rows.table, dated.get(m.rows.table, m.rows.day)) for m in formula.measures()}
    # Who is employed says nothing of when the data start.
    tables = {(table, day) for table, day in tables if table != "employments"}
    is_mixed = len({needs_of(table) for table, _ in tables}) > 1
    if not (is_needed or is_mixed):
        return None, None
    days = [first_day_of(dataset, table, day, day_number(as_of)) for table, day in tables]
    # What comes after the as-of date is not known yet, that it will come is not either.
    known = [day for day in days if day is not None and day <= day_number(as_of)]
    # A profit without the orders, or without the costs, is none: each table must have begun.
    return min(known, default=None), max(known) if is_mixed and known else None


def is_reason(note: str) -> bool:
    """Tell whether the note of a null figure says why it is null."""
    return any(not part.startswith(_CENSORED) for part in parts_of(note))


def is_left_censored(note: str) -> bool:
    """Tell whether the data start so late that old customers may look new in a figure."""
    return any(part.startswith(_CENSORED) for part in parts_of(note))


def parts_of(note: str) -> list[str]:
    """Give what a note says, one by one; until when a running period is known explains no figure.

    Examples
    --------
    >>> from kpikit.kpis.remarks import parts_of
    >>> parts_of("until 2026-10-09; deal_stages is missing"), parts_of("")
    (['deal_stages is missing'], [])
    """
    return [part for part in note.split("; ") if part and not part.startswith(_UNTIL)]


def _is_censored(period: Period, first: int) -> bool:
    return period.start is not None and day_number(period.start) < first + DAYS_CENSORED
