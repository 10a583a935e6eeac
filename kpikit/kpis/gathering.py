"""Gather measures: all that share a table and a day in one pass, whatever windows they cover.

Windows of sums may overlap: days are cut at every bound of a window, each piece is summed once, and a
window is a difference of running sums. What does not add up (medians, distinct values) is gathered in
rounds of windows that do not overlap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kpikit.data.dataset import Dataset
from kpikit.data.frames import NO_DAY, SCALE, Cells, Frame, Gather, day_number
from kpikit.kpis.credits import SHARES, base_of
from kpikit.kpis.facts import facts_of
from kpikit.kpis.measures import Measure
from kpikit.kpis.replies import DUE, waited
from kpikit.kpis.scope import Scope
from kpikit.kpis.settling import settle
from kpikit.kpis.stays import has_history
from kpikit.kpis.weighing import by_key, is_counted_in_parts, is_weighed, marked, of_whole, scale_of, wanted
from kpikit.kpis.windows import Span, days_covered, days_read, rounds

__all__ = ["Gathered", "gather"]

# Flags of deals that say how it ended; a flag of a ripe deal has had its time to be known.
_OF_OUTCOMES = ("is_won", "is_closed", "is_cycle", "is_closed_cycle")
Where = Mapping[str, Sequence[str | None]]


@dataclass
class Gathered:
    """One measure: arrays of shape (groups, windows); `n` counts rows with a value, `rows` all rows.

    `is_weighed` tells that a count adds up the parts of members who share, and so is not `n`.
    """

    keys: list[tuple[str | None, ...]]
    value: np.ndarray
    n: np.ndarray
    rows: np.ndarray
    is_weighed: bool = False


def gather(
    dataset: Dataset, measures: Sequence[Measure], windows: Sequence[Span], scope: Scope
) -> dict[Measure, Gathered]:
    """Gather measures over windows of days (both ends included, not after the as-of day).

    What the data lack must have been refused before, by `require`.
    """
    found: dict[Measure, Gathered] = {}
    passes: dict[tuple[object, ...], list[Measure]] = {}
    settled = settle(dataset, measures, scope)
    for measure in dict.fromkeys(settled.values()):
        if measure.how == "stayed":
            found[measure] = _stayed(dataset, measure, windows, scope)
        elif measure.is_read:
            passes.setdefault(("read", measure.rows.table, measure.rows.day), []).append(measure)
        elif measure.how in ("sum", "count"):
            passes.setdefault(("sum", measure.rows.table, measure.rows.day), []).append(measure)
        else:
            found[measure] = _each(dataset, measure, windows, scope)
    for (kind, *_), together in passes.items():
        found |= (_read if kind == "read" else _sum)(dataset, together, windows, scope)
    return {measure: found[one] for measure, one in settled.items()}


def _flags(measure: Measure) -> tuple[str, ...]:
    own = (measure.rows.flag,) if measure.rows.flag else ()
    return (*own, *(f"has_{column}" for column in measure.known))


def _facts(dataset: Dataset, measures: Sequence[Measure], scope: Scope) -> Frame:
    """Give the facts of measures of one table; how long a conversation has waited depends on the day."""
    frame = facts_of(dataset, measures[0].rows.table, scope.as_of)
    if any(one.column == "waited_minutes" or one.rows.flag in DUE for one in measures):
        return waited(dataset, frame, scope.as_of)
    return frame


def _revealed(measure: Measure) -> tuple[str, ...]:
    """The days that must have come: a reply; a deal's creation, and its closing where the outcome counts."""
    rows = measure.rows
    if base_of(rows.table) == "stays":
        return ("created", "until") if (rows.flag, rows.day) == ("is_moved", "entered") else ("created",)
    if rows.table == "conversations":
        return () if rows.flag in (None, "is_waiting", *DUE) else ("replied",)
    if base_of(rows.table) not in ("deals", "openings"):
        return ()
    needs_outcome = rows.flag in _OF_OUTCOMES and rows.day != "closed"
    return ("created", "closed") if needs_outcome else ("created",)


def _sum(
    dataset: Dataset, measures: list[Measure], windows: Sequence[Span], scope: Scope
) -> dict[Measure, Gathered]:
    frame, once = marked(_facts(dataset, measures, scope), measures, scope)
    what: dict[str, Gather] = {}
    named: dict[Measure, dict[str, str]] = {}
    for measure in measures:
        one = Gather(None, _flags(measure), _revealed(measure), measure.rows.where)
        named[measure] = _name(wanted(frame.columns, measure, one, once.get(measure)), what)
    totals = _totals(frame, measures[0].rows.day, named, what, windows, scope)
    return {
        measure: _nothing(scope, len(windows), has_value=measure.column is not None)
        if totals is None
        else _added(measure, *totals[measure], scope)
        for measure in measures
    }


def _totals(
    frame: Frame,
    day: str,
    named: Mapping[Measure, Mapping[str, str]],
    what: Mapping[str, Gather],
    windows: Sequence[Span],
    scope: Scope,
) -> dict[Measure, tuple[Cells, dict[str, np.ndarray]]] | None:
    """Sum what measures want over their windows; None where there is no window."""
    spans = {measure: days_covered(measure, windows, scope.as_of) for measure in named}
    bounds = {bound for many in spans.values() for begin, end in many for bound in (begin, end + 1)}
    breaks = sorted(bounds)
    if len(breaks) < 2:
        return None
    cells = frame.gather(day, breaks, scope.by, what, scope.as_of, dict(scope.where))
    place = {bound: number for number, bound in enumerate(breaks)}
    running = {
        name: np.concatenate([np.zeros((len(array), 1), "int64"), np.cumsum(array, axis=1)], axis=1)
        for name, array in cells.values.items()
    }
    found = {}
    for measure, many in spans.items():
        first = [place[begin] for begin, _ in many]
        last = [place[end + 1] for _, end in many]
        total = {r: running[name][:, last] - running[name][:, first] for r, name in named[measure].items()}
        found[measure] = (cells, total)
    return found


def _added(measure: Measure, cells: Cells, total: Mapping[str, np.ndarray], scope: Scope) -> Gathered:
    count, weighed = total["rows"], is_weighed(measure)
    if "value" not in total:
        value = total["weight"] / SHARES if weighed else count.astype("float64")
        return Gathered(_keys(cells, scope), value, count, count, weighed)
    n = total.get("n", count)
    value = np.where((n == 0) & (count > 0), np.nan, total["value"] / scale_of(total, weighed))
    return Gathered(_keys(cells, scope), value, n, count, weighed)


def _span(dataset: Dataset, measure: Measure) -> Gather:
    """What a row must be to be read, until which day, and for how many days at most."""
    where = measure.rows.where
    if measure.how == "open":
        return Gather(None, _flags(measure), (), where, measure.key)
    if dataset.has("customers", "left_on") and measure.rows.flag != "is_order":
        return Gather(None, (), (), where, "alive_until")
    return Gather(None, ("is_order",), (), where, "stop", measure.days)


def _read(
    dataset: Dataset, measures: list[Measure], windows: Sequence[Span], scope: Scope
) -> dict[Measure, Gathered]:
    rows = measures[0].rows
    frame, once = marked(facts_of(dataset, rows.table, scope.as_of), measures, scope)
    what: dict[str, Gather] = {}
    named: dict[Measure, dict[str, str]] = {}
    readings: dict[Measure, list[int]] = {}
    for measure in measures:
        readings[measure] = days_read(measure, windows)
        named[measure] = _name(
            wanted(frame.columns, measure, _span(dataset, measure), once.get(measure)), what
        )
    days = sorted({day for many in readings.values() for day in many if day > NO_DAY})
    if not days:
        return {measure: _nothing(scope, len(windows)) for measure in measures}
    cells = frame.read(rows.day, days, scope.by, what, dict(scope.where))
    place = {day: number for number, day in enumerate(days)} | {NO_DAY: 0}
    found = {}
    for measure, many in readings.items():
        here = [place[day] for day in many]
        total = {role: cells.values[name][:, here] for role, name in named[measure].items()}
        one = _added(measure, cells, total, scope)
        if measure.column == "tenure":
            days_so_far = np.asarray(many) * total.get("weight", total["rows"]) - total["value"]
            one.value = days_so_far / scale_of(total, is_weighed(measure))
        unread = np.asarray(many) == NO_DAY
        if base_of(rows.table) == "stays" and not has_history(dataset):
            unread |= np.asarray(many) < day_number(dataset.as_of)
        one.value = np.where(unread, np.nan, one.value)
        found[measure] = one
    return found


def _name(wanted: Mapping[str, Gather], what: dict[str, Gather]) -> dict[str, str]:
    """Name each quantity of a measure, once if measures share it."""
    names = {}
    for role, one in wanted.items():
        names[role] = next((name for name, other in what.items() if other == one), f"q{len(what)}")
        what[names[role]] = one
    return names


def _stayed(dataset: Dataset, measure: Measure, windows: Sequence[Span], scope: Scope) -> Gathered:
    frame = facts_of(dataset, measure.rows.table, scope.as_of)
    days = list(zip(days_read(measure, windows), (end for _, end in windows), strict=True))
    one, weighed = _span(dataset, measure), is_weighed(measure)
    one = replace(one, column="weight") if weighed else one
    cells = frame.both(measure.key or "", measure.rows.day, days, scope.by, one, dict(scope.where))
    count = cells.values["value"]
    # How many they are, whole, nobody asks: only the share of them is used.
    rows = -(-count // SHARES) if weighed else count
    value = np.where([day == NO_DAY for day, _ in days], np.nan, count / (SHARES if weighed else 1))
    return Gathered(_keys(cells, scope), value, rows, rows, weighed)


def _each(dataset: Dataset, measure: Measure, windows: Sequence[Span], scope: Scope) -> Gathered:
    frame = _facts(dataset, [measure], scope)
    column = measure.key if measure.how == "distinct" else measure.column
    flags = _flags(measure)
    scaled = f"has_{column}" in frame.columns
    if scaled:
        flags = (*flags, f"has_{column}")
    one = Gather(column, flags, _revealed(measure), measure.rows.where)
    if is_counted_in_parts(measure):
        return _told_apart(frame, measure, replace(one, column=None), windows, scope)
    if measure.how != "distinct":
        frame, once = marked(frame, [measure], scope)
        one = of_whole(one, once.get(measure))
    spans = days_covered(measure, windows, scope.as_of)
    parts: list[tuple[list[int], Cells]] = []
    for together in rounds(spans):
        chosen = [spans[place] for place in together]
        cells = frame.gather_each(
            measure.rows.day, chosen, scope.by, measure.how, one, scope.as_of, dict(scope.where)
        )
        parts.append((together, cells))
    keys: dict[tuple[str | None, ...], int] = {}
    for _, cells in parts:
        for key in _keys(cells, scope):
            keys.setdefault(key, len(keys))
    empty = 0.0 if measure.how == "distinct" else np.nan
    value, n = np.full((len(keys), len(windows)), empty), np.zeros((len(keys), len(windows)), "int64")
    for together, cells in parts:
        rows = [keys[key] for key in _keys(cells, scope)]
        value[np.ix_(rows, together)] = cells.values["value"]
        n[np.ix_(rows, together)] = cells.values["rows"]
    if scaled:
        value = value / SCALE
    if measure.how == "distinct":
        return Gathered(list(keys), value, value.astype("int64"), n)
    return Gathered(list(keys), value, n, n)


def _told_apart(
    frame: Frame, measure: Measure, one: Gather, windows: Sequence[Span], scope: Scope
) -> Gathered:
    """Count orders or deals told apart, in the parts of each member."""
    frame, what = by_key(frame, measure, one, scope)
    totals = _totals(frame, measure.rows.day, {measure: {role: role for role in what}}, what, windows, scope)
    return _nothing(scope, len(windows)) if totals is None else _added(measure, *totals[measure], scope)


def _keys(cells: Cells, scope: Scope) -> list[tuple[str | None, ...]]:
    if not scope.by:
        return [()]
    return list(zip(*(cells.groups[name] for name in scope.by), strict=True))


def _nothing(scope: Scope, width: int, *, has_value: bool = True) -> Gathered:
    size = 0 if scope.by else 1
    empty = np.zeros((size, width), "int64")
    value = np.full((size, width), np.nan if has_value else 0.0)
    return Gathered([] if scope.by else [()], value, empty, empty)
