"""Many KPIs over many windows at once, in arrays: groups × windows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import NoneType

import numpy as np
import pandas as pd

from kpikit.data.contract import DIMENSIONS
from kpikit.data.dataset import Dataset
from kpikit.data.frames import NO_DAY, day_number
from kpikit.errors import NotAvailableError, UnknownNameError, demand, listing, suggest
from kpikit.kpis.available import choose
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.card import KPI
from kpikit.kpis.credits import credited
from kpikit.kpis.facts import facts_of
from kpikit.kpis.formulas import Figures, evaluate
from kpikit.kpis.gathering import Gathered, gather
from kpikit.kpis.measures import Formula, Measure
from kpikit.kpis.members import Members
from kpikit.kpis.remarks import remarks
from kpikit.kpis.scope import Scope
from kpikit.periods import Period

__all__ = ["Asked", "Grid", "read_by", "read_where", "tabulate", "window_of"]

_LABELLED = ("orders", "firsts", "customers", "deals", "conversations", "costs")
Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Asked:
    """A KPI under one of its conventions."""

    kpi: KPI
    convention: str | None
    formula: Formula | None


@dataclass
class Grid:
    """Figures of several KPIs: arrays of shape (groups, periods), and what is to be said about them.

    `is_shown` is False where a member was not employed and nothing was gathered; `notes` are by KPI and
    period, `missing` says by KPI why it is not available.
    """

    keys: list[Key]
    value: list[np.ndarray] = field(default_factory=list)
    n: list[np.ndarray] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    is_shown: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), dtype=bool))


def read_by(by: str | Sequence[str] | None) -> tuple[str, ...]:
    """Check the dimensions to split by."""
    demand("measure", by=(by, (str, Sequence, NoneType), "A dimension, or several of them"))
    names = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    for name in names:
        if name not in DIMENSIONS:
            raise UnknownNameError(
                "measure",
                f"no dimension '{name}'",
                f"Dimensions: {listing(DIMENSIONS)}",
                suggest(name, DIMENSIONS),
            )
    return tuple(dict.fromkeys(names))


def read_where(dataset: Dataset, where: Mapping[str, object] | None) -> tuple[tuple[str, Key], ...]:
    """Check a scope: known dimensions, labels that occur; `no rep` stands for rows without one."""
    allowed = "Dimensions and their labels, such as {'region': 'Bali'}"
    demand("where", where=(where, (Mapping, type(None)), allowed))
    scope = []
    for name in sorted(read_by(tuple(where or ()))):
        given = where[name]
        labels = list(given) if isinstance(given, (list, tuple, set, frozenset)) else [given]
        known = _labels(dataset, name)
        for label in labels:
            if label is not None and str(label) not in known and label != f"no {name}":
                names = sorted(known)
                raise UnknownNameError(
                    "where",
                    f"no {name} '{label}'",
                    f"There are {listing(names) or 'none'}",
                    suggest(str(label), names),
                )
        wanted = [None if label is None or label == f"no {name}" else str(label) for label in labels]
        scope.append((name, tuple(dict.fromkeys(wanted))))
    return tuple(scope)


def _labels(dataset: Dataset, dimension: str) -> set[str]:
    known: set[str] = set(Members(dataset).labels(dimension)) if dimension in MEMBER_DIMENSIONS else set()
    if dimension == "customer_age":
        return {"new", "existing"}
    tables = ("stays",) if dimension == "stage" else _LABELLED
    own = {credited(dataset, table) for table in ("orders", "deals")} - set(tables)
    for table in (*tables, *(own if dimension in MEMBER_DIMENSIONS else ())):
        try:
            frame = facts_of(dataset, table)
        except NotAvailableError:
            continue
        if dimension in frame.columns:
            known |= set(frame.labels(dimension))
    return known


def tabulate(
    dataset: Dataset,
    asked: Sequence[Asked],
    periods: Sequence[Period],
    scope_by: tuple[str, ...],
    where: tuple[tuple[str, Key], ...],
    as_of: date,
) -> Grid:
    """Measure KPIs over periods, for every group that has rows or an employed member."""
    today = day_number(as_of)
    scope = Scope(scope_by, where, today)
    is_started = np.array([p.start is None or p.start <= as_of for p in periods], dtype=bool)
    windows = [window_of(p, as_of) for p, started in zip(periods, is_started, strict=True) if started]
    formulas, missing = zip(*(_settle(dataset, one, scope) for one in asked), strict=True)
    measures = [m for formula in formulas if formula is not None for m in formula.measures()]
    gathered = gather(dataset, measures, windows, scope) if windows else {}
    keys, has_rows = _align(gathered, len(windows), scope)
    members = Members(dataset, as_of, where)
    begun = [p for p, started in zip(periods, is_started, strict=True) if started]
    keys, employed = members.fill(keys, scope_by, begun)
    staffed = members.staffed(begun)
    grid = Grid(keys, missing=list(missing))
    shape = (len(keys), len(windows))
    shown = np.zeros(shape, dtype=bool)
    shown[: len(has_rows)] = has_rows
    grid.is_shown = _spread(shown | employed, is_started, True)
    figures = {measure: _place(measure, found, keys, shape) for measure, found in gathered.items()}
    places = {key: row for row, key in enumerate(keys)}
    for formula in formulas:
        value, n = np.full(shape, np.nan), np.full(shape, np.nan)
        notes = [""] * len(windows)
        if formula is not None and windows:
            result = evaluate(formula, figures, shape)
            value, n = np.where(np.isfinite(result.value), result.value, np.nan), result.n
            is_empty = ((value == 0) | np.isnan(value)).all(axis=0)
            notes, blank = remarks(dataset, formula, scope, begun, windows, as_of, is_empty)
            value, n = np.where(blank, np.nan, value), np.where(blank, 0.0, n)
            # Nobody was there to sell nothing: what other KPIs show of a group is no zero of this one.
            is_own = (employed & staffed) | _own_rows(formula, gathered, places, shape)
            value, n = np.where(is_own, value, np.nan), np.where(is_own, n, np.nan)
            notes = [
                note if there else "; ".join(filter(None, ["not employed", note]))
                for note, there in zip(notes, is_own.any(axis=0) | staffed, strict=True)
            ]
        grid.value.append(_spread(value, is_started, np.nan))
        grid.n.append(_spread(n, is_started, np.nan))
        told = iter(notes)
        grid.notes.append([next(told) if started else "not started" for started in is_started])
    return grid


def window_of(period: Period, as_of: date) -> tuple[int, int]:
    """Give the first and last day of a period that has started, as far as it is known."""
    begin = NO_DAY if period.start is None else day_number(period.start)
    return begin, min(day_number(period.end), day_number(as_of))


def _spread(array: np.ndarray, is_started: np.ndarray, empty: object) -> np.ndarray:
    """Put the columns of periods that have started back among all periods."""
    full = np.full((array.shape[0], len(is_started)), empty, dtype=array.dtype)
    full[:, is_started] = array
    return full


def _settle(dataset: Dataset, one: Asked, scope: Scope) -> tuple[Formula | None, str]:
    """Choose the formula that these data can give, or say what they lack."""
    if one.formula is None:
        return None, one.kpi.note or "no convention chosen"
    try:
        return choose(dataset, one.formula, scope), ""
    except NotAvailableError as error:
        return None, f"not available: {error.fault}"


def _align(gathered: Mapping[Measure, Gathered], width: int, scope: Scope) -> tuple[list[Key], np.ndarray]:
    """All groups with rows in any window, and in which windows they have some."""
    place: dict[Key, int] = {} if scope.by else {(): 0}
    for found in gathered.values():
        for key, used in zip(found.keys, (found.rows != 0).any(axis=1), strict=True):
            if used:
                place.setdefault(key, len(place))
    has_rows = np.zeros((len(place), width), dtype=bool)
    for found in gathered.values():
        rows = [place.get(key, -1) for key in found.keys]
        for row, counts in zip(rows, found.rows, strict=True):
            if row >= 0:
                has_rows[row] |= counts != 0
    if not scope.by:
        has_rows[:] = True
    return list(place), has_rows


def _own_rows(
    formula: Formula, gathered: Mapping[Measure, Gathered], places: Mapping[Key, int], shape: tuple[int, int]
) -> np.ndarray:
    """Tell in which groups and windows any measure of a formula has rows."""
    own = np.zeros(shape, dtype=bool)
    for measure in formula.measures():
        found = gathered[measure]
        for key, counts in zip(found.keys, found.rows, strict=True):
            if key in places:
                own[places[key]] |= counts != 0
    return own


def _place(measure: Measure, found: Gathered, keys: list[Key], shape: tuple[int, int]) -> Figures:
    """Lay a measure out over all groups; a group without rows has 0 of what is counted or summed."""
    empty = np.nan if measure.how in ("median", "min", "max") else 0.0
    is_count = measure.how in ("count", "distinct", "stayed") or (measure.is_read and measure.column is None)
    is_count &= not found.is_weighed
    if found.keys == keys:
        return Figures(found.value, found.n.astype("float64"), is_count)
    value, n = np.full(shape, empty), np.zeros(shape)
    place = {key: row for row, key in enumerate(keys)}
    rows = [place[key] for key in found.keys if key in place]
    kept = [number for number, key in enumerate(found.keys) if key in place]
    value[rows], n[rows] = found.value[kept], found.n[kept]
    return Figures(value, n, is_count)


def frame_of_keys(keys: Sequence[Key], by: Sequence[str]) -> pd.DataFrame:
    """Lay the labels of groups out, writing `no rep` where a row has none."""
    return pd.DataFrame(
        {name: [f"no {name}" if key[i] is None else key[i] for key in keys] for i, name in enumerate(by)},
        dtype="str",
    )
