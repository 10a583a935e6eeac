"""Gathering by way of narwhals: Polars, DuckDB, and pandas when tests ask for it.

Only plain named columns are ever aggregated: an expression inside `agg` loses its condition on pandas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from kpikit.data import cells
from kpikit.data.frames import FOREVER, NO_DAY, Cells, Expr, Gather, text_labels

__all__ = ["LazyCells"]

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
        # Buckets by a join on days: an engine does that faster than a search in a list of breaks. The first
        # and the last bucket may be endless, so that their days are gathered on one day of each.
        edges = np.asarray(breaks)
        base, last = int(edges[1]) - 1, int(edges[-2])
        days = np.arange(base, max(base, last) + 1)
        buckets = np.searchsorted(edges, days, side="right") - 1
        rows = self._scope(where).filter((nw.col(day) >= int(edges[0])) & (nw.col(day) < int(edges[-1])))
        near = nw.min_horizontal(nw.max_horizontal(nw.col(day), nw.lit(base)), nw.lit(int(days[-1])))
        rows = self._bucketed(rows.with_columns(kpikit_day=near.cast(nw.Int32)), days, buckets)
        return self._sums(rows, by, what, as_of, len(breaks) - 1)

    def _sums(
        self, rows: nw.LazyFrame[Any], by: Sequence[str], what: Mapping[str, Gather], as_of: int, width: int
    ) -> Cells:
        rows = rows.with_columns(**{f"sum_{n}": self._weight(one, as_of) for n, one in what.items()})
        keys = ["kpikit_bucket", *by]
        sums = rows.group_by(*keys).agg(*(nw.col(f"sum_{name}").sum() for name in what))
        table = sums.collect(backend="pandas").to_native()
        dense = _dense(table, by, {name: table[f"sum_{name}"] for name in what}, width, "int64", 0)
        return cells.used(dense.groups, dense.values)

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
        rows = rows.filter(~nw.col(what.column).is_null())
        table = rows.group_by(*keys).agg(value=value, rows=nw.len()).collect(backend="pandas").to_native()
        empty = 0.0 if how == "distinct" else np.nan
        found = _dense(table, by, {"value": table["value"]}, len(spans), "float64", empty)
        found.values |= _dense(table, by, {"rows": table["rows"]}, len(spans), "int64", 0).values
        return found

    def read(
        self,
        start: str,
        end: str,
        days: Sequence[int],
        by: Sequence[str],
        what: Mapping[str, Gather],
        where: Where,
        limit: int | None = None,
    ) -> Cells:
        rows = self._spans(self._scope(where), start, end, limit)
        rows = rows.filter((nw.col("kpikit_end") > days[0]) & (nw.col(start) <= days[-1]))
        rows = rows.with_columns(
            **{f"sum_{name}": self._weight(one, FOREVER) for name, one in what.items()},
            kpikit_start=nw.max_horizontal(nw.col(start), nw.lit(days[0])).cast(nw.Int32),
            kpikit_end=nw.min_horizontal(nw.col("kpikit_end"), nw.lit(days[-1] + 1)).cast(nw.Int32),
        )
        every = np.arange(days[0], days[-1] + 2)
        buckets = np.searchsorted(np.asarray(days), every, side="left")
        width = len(days) + 1
        parts = []
        for edge, sign in (("kpikit_start", 1), ("kpikit_end", -1)):
            bucketed = self._bucketed(rows.with_columns(kpikit_day=nw.col(edge)), every, buckets)
            sums = bucketed.group_by("kpikit_bucket", *by).agg(*(nw.col(f"sum_{n}").sum() for n in what))
            table = sums.collect(backend="pandas").to_native()
            for name in what:
                table[f"sum_{name}"] = table[f"sum_{name}"].astype("int64") * sign
            parts.append(table)
        table = pd.concat(parts, ignore_index=True)
        found = _dense(table, by, {name: table[f"sum_{name}"] for name in what}, width, "int64", 0)
        running = {n: np.cumsum(array, axis=1)[:, : len(days)] for n, array in found.values.items()}
        return cells.used(found.groups, running)

    def both(
        self,
        key: str,
        start: str,
        end: str,
        days: Sequence[tuple[int, int]],
        by: Sequence[str],
        what: Gather,
        where: Where,
        limit: int | None = None,
    ) -> Cells:
        everywhere = self._spans(_kept(self.rows, what, FOREVER), start, end, limit)
        scoped = self._spans(_kept(self._scope(where), what, FOREVER), start, end, limit)
        parts = []
        for place, (early, late) in enumerate(days):
            here = scoped.filter((nw.col(start) <= early) & (nw.col("kpikit_end") > early))
            there = everywhere.filter((nw.col(start) <= late) & (nw.col("kpikit_end") > late))
            stayed = here.join(there.select(key).unique(), on=key, how="semi")
            stayed = stayed.with_columns(kpikit_bucket=nw.lit(place))
            count = stayed.group_by("kpikit_bucket", *by).agg(value=nw.len())
            parts.append(count.collect(backend="pandas").to_native())
        table = pd.concat(parts, ignore_index=True)
        return _dense(table, by, {"value": table["value"]}, len(days), "int64", 0)

    def _spans(self, rows: nw.LazyFrame[Any], start: str, end: str, limit: int | None) -> nw.LazyFrame[Any]:
        ends = nw.col(end) if limit is None else nw.min_horizontal(nw.col(end), nw.col(start) + limit)
        return rows.with_columns(kpikit_end=ends).filter(nw.col("kpikit_end") > nw.col(start))

    def _weight(self, one: Gather, as_of: int) -> Expr:
        value = nw.lit(1) if one.column is None else nw.col(one.column)
        marks = _marks(one, as_of)
        if marks:
            value = nw.when(nw.all_horizontal(*marks, ignore_nulls=False)).then(value).otherwise(nw.lit(0))
        return value.cast(nw.Int64)

    def _scope(self, where: Where) -> nw.LazyFrame[Any]:
        rows = self.rows
        for name, labels in where.items():
            rows = rows.filter(_inside(name, labels))
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


def _marks(one: Gather, as_of: int) -> list[Expr]:
    """Say what a row must be to count."""
    marks = [nw.col(name) for name in one.flags]
    marks += [nw.col(name) <= as_of for name in one.revealed]
    return marks + [_inside(name, labels) for name, labels in one.where]


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


def _inside(name: str, labels: Sequence[str | None]) -> Expr:
    known = nw.col(name).is_in([label for label in labels if label is not None]).fill_null(False)
    return known | nw.col(name).is_null() if None in labels else known


def _dense(
    table: pd.DataFrame, by: Sequence[str], sums: Mapping[str, pd.Series], width: int, dtype: str, empty: Any
) -> Cells:
    """Lay a long table of buckets and groups out as arrays of shape (groups, buckets)."""
    if by:
        labels = pd.DataFrame({name: table[name].astype(object) for name in by})
        labels = labels.where(labels.notna(), None)
        index = pd.MultiIndex.from_frame(labels.fillna("\0"))
        place, found = pd.factorize(index)
        first = pd.Series(range(len(place))).groupby(place).first().to_numpy(dtype=int)
        groups = labels.iloc[first].reset_index(drop=True)
        groups = pd.DataFrame({name: text_labels(groups[name]) for name in by}, dtype=object)
        size = len(found)
    else:
        place, size, groups = np.zeros(len(table), dtype=int), 1, pd.DataFrame(index=range(1))
    values = {}
    buckets = table["kpikit_bucket"].to_numpy(dtype="int64")
    for name, column in sums.items():
        array = np.full((size, width), empty, dtype=dtype)
        if dtype == "int64":
            np.add.at(array, (place, buckets), np.array([int(value) for value in column], dtype="int64"))
        else:
            array[place, buckets] = column.to_numpy(dtype="float64")
        values[name] = array
    return Cells(groups, values)
