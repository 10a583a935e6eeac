"""Gathering by way of narwhals: Polars, DuckDB, and pandas when tests ask for it.

Only plain named columns are ever aggregated: an expression inside `agg` loses its condition on pandas.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from kpikit.data import cells
from kpikit.data.frames import FOREVER, NO_DAY, Cells, Expr, Gather, text_labels

__all__ = ["LazyCells", "inside"]

Where = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class LazyCells:
    """The gathering half of a `Frame` over a narwhals lazy frame."""

    rows: nw.LazyFrame[Any]

    def gather(
        self,
        day: str,
        breaks: Sequence[int],
        by: Sequence[str],
        what: Mapping[str, Gather],
        as_of: int,
        where: Where,
    ) -> Cells:
        rows = self._scope(where).filter((nw.col(day) >= int(breaks[0])) & (nw.col(day) < int(breaks[-1])))
        rows = rows.with_columns(**{f"sum_{name}": _weight(one, as_of) for name, one in what.items()})
        table = _sums(rows, day, by, what)
        table["kpikit_bucket"] = cells.bucket(table[day].to_numpy(dtype="int64"), breaks)
        return _dense(table, by, list(what), len(breaks) - 1)

    def gather_each(
        self,
        day: str,
        spans: Sequence[tuple[int, int]],
        by: Sequence[str],
        how: str,
        what: Gather,
        as_of: int,
        where: Where,
    ) -> Cells:
        order = sorted(range(len(spans)), key=lambda place: spans[place])
        days, buckets = [], []
        rows = self._scope(where)
        first = nw.col(day)
        if spans[order[0]][0] == NO_DAY:
            first = nw.when(nw.col(day) == NO_DAY).then(nw.lit(spans[order[0]][1])).otherwise(nw.col(day))
            begin, end = spans[order[0]]
            floor = self.first_day(day)
            spans = [*spans]
            spans[order[0]] = (min(end, floor if floor is not None else end), end)
        for place in order:
            begin, end = spans[place]
            days += range(begin, end + 1)
            buckets += [place] * (end - begin + 1)
        rows = _kept(rows, what, as_of).with_columns(kpikit_day=first.cast(nw.Int32))
        rows = self._bucketed(rows, np.asarray(days), np.asarray(buckets))
        keys = ["kpikit_bucket", *by]
        column = nw.col(what.column)
        value = column.n_unique() if how == "distinct" else getattr(column, how)()
        rows = rows.filter(~column.is_null())
        sums = rows.group_by(*keys).agg(sum_value=value, sum_rows=nw.len())
        table = _texts(sums, by).collect(backend="pandas").to_native()
        found = _dense(table, by, ["value", "rows"], len(spans))
        value, is_empty = found.values["value"].astype("float64"), found.values["rows"] == 0
        found.values["value"] = value if how == "distinct" else np.where(is_empty, np.nan, value)
        return found

    def read(
        self,
        start: str,
        days: Sequence[int],
        by: Sequence[str],
        what: Mapping[str, Gather],
        where: Where,
    ) -> Cells:
        width = len(days) + 1
        spans: dict[tuple[str | None, int | None], list[str]] = {}
        for name, one in what.items():
            spans.setdefault((one.until, one.limit), []).append(name)
        weights = {f"sum_{name}": _weight(one, FOREVER) for name, one in what.items()}
        rows = self._scope(where).filter(nw.col(start) <= days[-1]).with_columns(**weights)
        if len(days) == len(spans) == 1:
            # What ended before the only day counts once and is taken off once.
            one = next(iter(what.values()))
            rows = rows.with_columns(kpikit_end=_end(start, one)).filter(nw.col("kpikit_end") > days[0])
        edges = [(start, rows, list(what), 1)]
        for names in spans.values():
            ended = rows.with_columns(kpikit_end=_end(start, what[names[0]]))
            edges.append(("kpikit_end", ended.filter(nw.col("kpikit_end") <= days[-1]), names, -1))
        parts = []
        for edge, these, names, sign in edges:
            table = _sums(these, edge, by, names)
            table["kpikit_bucket"] = cells.reading(table[edge].to_numpy(dtype="int64"), days)
            for name in what:
                table[f"sum_{name}"] = table[f"sum_{name}"] * sign if name in names else 0
            parts.append(table)
        found = _dense(pd.concat(parts, ignore_index=True), by, list(what), width)
        running = {n: np.cumsum(array, axis=1)[:, : len(days)] for n, array in found.values.items()}
        return cells.used(found.groups, running)

    def both(
        self,
        key: str,
        start: str,
        days: Sequence[tuple[int, int]],
        by: Sequence[str],
        what: Gather,
        where: Where,
    ) -> Cells:
        everywhere = _spanned(_kept(self.rows, what, FOREVER), start, what)
        scoped = _spanned(_kept(self._scope(where), what, FOREVER), start, what)
        parts = []
        for place, (early, late) in enumerate(days):
            here = scoped.filter((nw.col(start) <= early) & (nw.col("kpikit_end") > early))
            there = everywhere.filter((nw.col(start) <= late) & (nw.col("kpikit_end") > late))
            stayed = here.join(there.select(key).unique(), on=key, how="semi")
            count = stayed.with_columns(kpikit_bucket=nw.lit(place)).group_by("kpikit_bucket", *by)
            total = nw.len() if what.column is None else nw.col(what.column).sum()
            count = _texts(count.agg(sum_value=total), by).with_columns(
                sum_value=nw.col("sum_value").cast(nw.Int64)
            )
            parts.append(count.collect(backend="pandas").to_native())
        return _dense(pd.concat(parts, ignore_index=True), by, ["value"], len(days))

    def _scope(self, where: Where) -> nw.LazyFrame[Any]:
        rows = self.rows
        for name, labels in where.items():
            rows = rows.filter(inside(name, labels))
        return rows

    def _bucketed(self, rows: nw.LazyFrame[Any], days: np.ndarray, buckets: np.ndarray) -> nw.LazyFrame[Any]:
        """Give each row the bucket of its kpikit_day; rows of no bucket drop out."""
        native = self.rows.to_native()
        if self.rows.implementation.is_duckdb():
            small = native.query("_rows", _ranges(days, buckets))
        else:
            columns = {"kpikit_day": days.astype("int32"), "kpikit_bucket": buckets.astype("int32")}
            small = nw.from_dict(columns, backend=self.rows.implementation).to_native()
        return rows.join(nw.from_native(small).lazy(), on="kpikit_day", how="inner")


def _weight(one: Gather, as_of: int) -> Expr:
    """The quantity of each row, 0 where the row does not count."""
    value = nw.lit(1) if one.column is None else nw.col(one.column)
    marks = _marks(one, as_of)
    if marks:
        value = nw.when(nw.all_horizontal(*marks, ignore_nulls=False)).then(value).otherwise(nw.lit(0))
    return value.cast(nw.Int64)


def _sums(rows: nw.LazyFrame[Any], day: str, by: Sequence[str], names: Iterable[str]) -> pd.DataFrame:
    """Sum up each day: an engine is at its best with few groups, and days are quickly put into buckets."""
    sums = rows.group_by(day, *by).agg(*(nw.col(f"sum_{name}").sum() for name in names))
    whole = sums.with_columns(
        *(nw.col(f"sum_{name}").cast(nw.Int64) for name in names),
    )
    return _texts(whole, by).collect(backend="pandas").to_native()


def _spanned(rows: nw.LazyFrame[Any], start: str, one: Gather) -> nw.LazyFrame[Any]:
    """Add the end of each row's span."""
    return rows.with_columns(kpikit_end=_end(start, one))


def _end(start: str, one: Gather) -> Expr:
    """The day before which a span ends; never before its start."""
    ends = nw.col(one.until or "")
    if one.limit is not None:
        ends = nw.min_horizontal(ends, nw.col(start) + one.limit)
    return nw.max_horizontal(ends, nw.col(start))


def _marks(one: Gather, as_of: int) -> list[Expr]:
    """Say what a row must be to count."""
    marks = [nw.col(name) for name in one.flags]
    marks += [nw.col(name) <= as_of for name in one.revealed]
    return marks + [inside(name, labels) for name, labels in one.where]


def _kept(rows: nw.LazyFrame[Any], one: Gather, as_of: int) -> nw.LazyFrame[Any]:
    for mark in _marks(one, as_of):
        rows = rows.filter(mark)
    return rows


def _ranges(days: np.ndarray, buckets: np.ndarray) -> str:
    """Write days and their buckets in SQL, a line for each run of days with one bucket."""
    cuts = np.flatnonzero((np.diff(days) != 1) | (np.diff(buckets) != 0)) + 1
    begins, ends = np.concatenate([[0], cuts]), np.concatenate([cuts, [len(days)]]) - 1
    runs = ", ".join(f"({days[b]}, {days[e] + 1}, {buckets[b]})" for b, e in zip(begins, ends, strict=True))
    return (
        "SELECT unnest(range(first_day, last_day))::INTEGER AS kpikit_day, bucket::INTEGER AS kpikit_bucket "
        f"FROM (VALUES {runs}) AS runs(first_day, last_day, bucket)"
    )


def _texts(rows: nw.LazyFrame[Any], by: Sequence[str]) -> nw.LazyFrame[Any]:
    """Write labels as text, before pandas makes decimals of whole numbers of which one is missing."""
    return rows.with_columns(*(nw.col(name).cast(nw.String) for name in by)) if by else rows


def inside(name: str, labels: Sequence[str | None]) -> Expr:
    """Say that a row has one of the labels; None stands for rows without one."""
    wanted = [label for label in labels if label is not None]
    known = nw.col(name).cast(nw.String).is_in(wanted).fill_null(False)
    return known | nw.col(name).is_null() if None in labels else known


def _dense(table: pd.DataFrame, by: Sequence[str], names: Sequence[str], width: int) -> Cells:
    """Lay a long table of buckets and groups out as arrays of shape (groups, buckets)."""
    if by:
        place = np.zeros(len(table), dtype="int64")
        for name in by:
            codes, labels = pd.factorize(table[name])
            # Renumbered at each dimension, the numbers never leave 64 bits.
            place = pd.factorize(place * (len(labels) + 1) + codes)[0]
        _, first = np.unique(place, return_index=True)
        groups = table.iloc[first]
        groups = pd.DataFrame({name: text_labels(groups[name]) for name in by}, dtype=object)
        size = len(first)
    else:
        place, size, groups = np.zeros(len(table), dtype=int), 1, pd.DataFrame(index=range(1))
    values = {}
    buckets = table["kpikit_bucket"].to_numpy(dtype="int64")
    inside = buckets < width
    place, buckets = place[inside], buckets[inside]
    for name in names:
        numbers = table[f"sum_{name}"].to_numpy()[inside]
        array = np.zeros((size, width), dtype="int64" if numbers.dtype.kind in "iu" else "float64")
        np.add.at(array, (place, buckets), numbers)
        values[name] = array
    return cells.used(groups, values, "rows" if "rows" in values else None)
