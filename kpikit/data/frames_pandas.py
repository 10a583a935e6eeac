"""Rows in pandas: labels as integer codes, buckets by a lookup table, sums by counting.

Group-bys of pandas hash the keys of every call. Here labels become codes once, a row's cell is
`code x buckets + bucket`, and numpy adds into cells directly: no hashing, no sorting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from kpikit.data import cells
from kpikit.data.frames import FOREVER, NO_DAY, SCALE, Cells, Expr, Gather

__all__ = ["PandasRows"]

Where = Mapping[str, Sequence[str | None]]
_DENSE = 1 << 22


@dataclass(frozen=True)
class PandasRows:
    """A `Frame` over a pandas frame."""

    rows: pd.DataFrame

    @property
    def columns(self) -> list[str]:
        return list(self.rows.columns)

    def to_pandas(self) -> pd.DataFrame:
        return self.rows

    def select(self, names: Sequence[str]) -> PandasRows:
        return replace(self, rows=self.rows[list(names)])

    def rename(self, names: Mapping[str, str]) -> PandasRows:
        return replace(self, rows=self.rows.rename(columns=dict(names)))

    def _assign(self, **columns: Any) -> PandasRows:
        return replace(self, rows=self.rows.assign(**columns))

    def with_columns(self, **expressions: Expr) -> PandasRows:
        rows = nw.from_native(self.rows, eager_only=True).with_columns(**expressions)
        return replace(self, rows=rows.to_native())

    def flag(self, **expressions: Expr) -> PandasRows:
        flagged = self.with_columns(**expressions).rows
        plain = {name: flagged[name].fillna(False).to_numpy(dtype=bool) for name in expressions}
        return replace(self, rows=flagged.assign(**plain))

    def filter(self, flag: str) -> PandasRows:
        marked = self.rows[flag].to_numpy()
        return self if marked.all() else replace(self, rows=self.rows[marked].reset_index(drop=True))

    def append(self, other: PandasRows) -> PandasRows:
        columns: dict[str, Any] = {}
        for name in self.columns:
            here, there = self.rows[name], other.rows[name]
            if isinstance(here.dtype, pd.CategoricalDtype):
                columns[name] = cells.stack(here.array, there.array)
            else:
                columns[name] = np.concatenate([here.to_numpy(), there.to_numpy()])
        return replace(self, rows=pd.DataFrame(columns))

    def keep(self) -> PandasRows:
        return self

    def day(self, name: str, source: str) -> PandasRows:
        dates = pd.to_datetime(self.rows[source]).to_numpy().astype("datetime64[D]")
        days = dates.astype("int64")
        return self._assign(**{name: np.where(np.isnat(dates), NO_DAY, days).astype("int32")})

    def minor(self, name: str, source: str) -> PandasRows:
        numbers = self.rows[source].to_numpy(dtype="float64", na_value=np.nan)
        known = ~np.isnan(numbers)
        parts = np.floor(np.where(known, numbers, 0.0) * SCALE + 0.5).astype("int64")
        return self._assign(**{name: parts, f"has_{name}": known})

    def label(self, name: str, source: str) -> PandasRows:
        column = self.rows[source]
        if not isinstance(column.dtype, pd.CategoricalDtype):
            codes, found = pd.factorize(column)
            column = pd.Categorical.from_codes(codes, categories=pd.Index(found))
        return self._assign(**{name: column})

    def no_label(self, name: str) -> PandasRows:
        nothing = np.full(len(self.rows), -1, dtype="int8")
        return self._assign(**{name: pd.Categorical.from_codes(nothing, categories=pd.Index([], dtype=str))})

    def stint(self, name: str, key: str, day: str, later: Sequence[tuple[str, int, str]]) -> PandasRows:
        """Name the stint of each row: the key, or the last of its later stints that has begun."""
        labels, days = self.rows[key].array, self.rows[day].to_numpy()
        texts = labels.categories.map(str)
        codes = labels.codes.astype("int32")
        moved = np.flatnonzero(np.append(texts.isin([one for one, _, _ in later]), False)[codes])
        own, days = codes[moved], days[moved]
        for number, (one, begin, _) in enumerate(later):
            codes[moved[(own == texts.get_indexer([one])[0]) & (days >= begin)]] = len(texts) + number
        categories = texts.append(pd.Index([label for _, _, label in later], dtype=texts.dtype))
        return self._assign(**{name: pd.Categorical.from_codes(codes, categories=categories)})

    def lookup(self, key: str, side: PandasRows, on: str, take: Mapping[str, str]) -> PandasRows:
        keys, known = self.rows[key].array, side.rows[on]
        index = pd.Index(known.astype(object) if isinstance(known.dtype, pd.CategoricalDtype) else known)
        wanted = keys.categories
        if index.dtype != wanted.dtype:
            index, wanted = index.map(str), wanted.map(str)
        place = index.get_indexer(wanted)
        # A code of -1 (no key) and a key that the side does not know both end at the last place: nothing.
        place_of_row = np.append(place, -1)[keys.codes]
        found: dict[str, Any] = {}
        for name, source in take.items():
            column = side.rows[source]
            if isinstance(column.dtype, pd.CategoricalDtype):
                codes = np.append(column.array.codes, -1)[place_of_row]
                found[name] = pd.Categorical.from_codes(codes, categories=column.array.categories)
            else:
                values = column.to_numpy()
                empty = NO_DAY if values.dtype.kind == "i" else False
                found[name] = np.append(values, empty)[place_of_row].astype(values.dtype)
        return self._assign(**found)

    def coalesce(self, name: str, sources: Sequence[str]) -> PandasRows:
        first, *others = (self.rows[source].array for source in sources)
        for other in others:
            categories = cells.union(first, other)
            place = categories.get_indexer(other.categories.map(str))
            fallback = np.append(place, -1)[other.codes]
            codes = np.where(first.codes >= 0, first.codes, fallback)
            first = pd.Categorical.from_codes(codes, categories=categories)
        return self._assign(**{name: first})

    def mark_first(self, name: str, key: str, among: str) -> PandasRows:
        codes = pd.factorize(self.rows[key])[0]
        marked = self.rows[among].to_numpy()
        if not marked.all():
            codes = np.where(marked, codes, -1)
            codes = pd.factorize(codes)[0] if (codes < 0).any() else codes
            first = cells.is_record(codes) & marked
        else:
            first = cells.is_record(codes)
        return self._assign(**{name: first})

    def sequence(self, key: str, day: str, tie: str) -> PandasRows:
        codes, days = self.rows[key].array.codes.astype("int64"), self.rows[day].to_numpy().astype("int64")
        packed = codes * (1 << 22) + (days - NO_DAY)
        order = np.argsort(packed, kind="stable")
        packed = packed[order]
        same = np.flatnonzero(packed[1:] == packed[:-1]) if len(packed) else np.array([], dtype=int)
        if len(same):
            order = cells.break_ties(order, same, self.rows[tie])
        codes, days = codes[order], days[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = codes[1:] != codes[:-1]
        following = np.full(len(order), FOREVER)
        following[:-1][~is_first[1:]] = days[1:][~is_first[1:]]
        first = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
        rows = self.rows.take(order).reset_index(drop=True)
        return replace(self, rows=rows)._assign(
            is_first=is_first,
            next_day=following.astype("int32"),
            since=days[first].astype("int32") if len(order) else days.astype("int32"),
        )

    def first_day(self, day: str) -> int | None:
        days = self.rows[day].to_numpy()
        days = days[days > NO_DAY] if len(days) and days.min() == NO_DAY else days
        return int(days.min()) if len(days) else None

    def day_counts(self, day: str) -> dict[int, int]:
        days, counts = np.unique(self.rows[day].to_numpy(), return_counts=True)
        return dict(zip(days.tolist(), counts.tolist(), strict=True))

    def labels(self, name: str) -> list[str]:
        column = self.rows[name].array
        used = np.bincount(column.codes + 1, minlength=len(column.categories) + 1)[1:] > 0
        return sorted(map(str, column.categories[used]))

    def gather(
        self,
        day: str,
        breaks: Sequence[int],
        by: Sequence[str],
        what: Mapping[str, Gather],
        as_of: int,
        where: Where,
    ) -> Cells:
        kept = self._scope(where)
        bucket = cells.bucket(self._column(day, kept), breaks)
        groups, code, size = self._groups(by, kept)
        width = len(breaks)
        cell = bucket if code is None else code * width + bucket
        values = {}
        for name, one in what.items():
            marked = self._marked(one, as_of, kept)
            weights = None if one.column is None else self._column(one.column, kept)
            total = cells.add(cell, weights, marked, size * width)
            values[name] = total.reshape(size, width)[:, : width - 1]
        return cells.used(groups, values)

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
        kept = self._scope(where)
        bucket, width = cells.bucket_of_spans(self._column(day, kept), spans)
        groups, code, size = self._groups(by, kept)
        cell = bucket if code is None else code * width + bucket
        marked = self._marked(what, as_of, kept)
        keep = bucket < len(spans) if marked is None else marked & (bucket < len(spans))
        cell = cell[keep]
        result = np.full(size * width, 0.0 if how == "distinct" else np.nan)
        if how == "distinct":
            codes = self._codes(what.column)
            codes = (codes if kept is None else codes[kept])[keep]
            most = int(codes.max()) + 1 if len(codes) else 1
            pairs = pd.unique(cell[codes >= 0] * most + codes[codes >= 0])
            result += np.bincount(pairs // most, minlength=size * width)
        else:
            numbers = pd.Series(self._column(what.column, kept)[keep]).groupby(cell).agg(how)
            result[numbers.index.to_numpy()] = numbers.to_numpy()
        rows = np.bincount(cell, minlength=size * width)
        shaped = {
            "value": result.reshape(size, width)[:, : len(spans)],
            "rows": rows.reshape(size, width)[:, : len(spans)],
        }
        return cells.used(groups, shaped, "rows")

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
        kept = self._scope(where)
        begins, ends = self._span(start, end, kept, limit)
        groups, code, size = self._groups(by, kept)
        width = len(days) + 1
        first, last = cells.reading(begins, days), cells.reading(ends, days)
        if code is not None:
            first, last = code * width + first, code * width + last
        values = {}
        for name, one in what.items():
            marked = self._marked(one, FOREVER, kept)
            weights = None if one.column is None else self._column(one.column, kept)
            total = cells.add(first, weights, marked, size * width) - cells.add(last, weights, marked, size * width)
            values[name] = np.cumsum(total.reshape(size, width), axis=1)[:, : width - 1]
        return cells.used(groups, values)

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
        marked = self._marked(what, FOREVER, None)
        begins, ends = self._span(start, end, None, limit)
        keys = self._codes(key)
        groups, code, size = self._groups(by, None)
        scope = self._scope(where)
        inside = np.ones(len(keys), dtype=bool)
        if scope is not None:
            inside[:] = False
            inside[scope] = True
        total = np.zeros((size, len(days)), dtype="int64")
        for place, (early, late) in enumerate(days):
            there = (begins <= late) & (late < ends)
            here = inside & (begins <= early) & (early < ends)
            if marked is not None:
                there, here = there & marked, here & marked
            stayed = np.zeros(int(keys.max()) + 1 if len(keys) else 1, dtype=bool)
            stayed[keys[there]] = True
            rows = np.flatnonzero(here)
            rows = rows[stayed[keys[rows]]]
            total[:, place] = np.bincount(
                np.zeros(len(rows), dtype=int) if code is None else code[rows], minlength=size
            )
        return cells.used(groups, {"value": total})

    def _column(self, name: str, kept: np.ndarray | None) -> np.ndarray:
        values = self.rows[name].to_numpy()
        return values if kept is None else values[kept]

    def _codes(self, name: str) -> np.ndarray:
        column = self.rows[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column.array.codes.astype("int64")
        return pd.factorize(column)[0]

    def _span(self, start: str, end: str, kept: Any, limit: int | None) -> tuple[np.ndarray, np.ndarray]:
        begins, ends = self._column(start, kept), self._column(end, kept)
        if limit is not None:
            ends = np.minimum(ends, begins + np.int32(limit))
        return begins, np.maximum(begins, ends)

    def _marked(self, one: Gather, as_of: int, kept: np.ndarray | None) -> np.ndarray | None:
        marks = [self._column(name, kept) for name in one.flags]
        marks = [mark for mark in marks if not mark.all()]
        marks += [self._column(name, kept) <= as_of for name in one.revealed]
        if one.where:
            inside = self._mask(dict(one.where))
            marks.append(inside if kept is None else inside[kept])
        return np.logical_and.reduce(marks) if marks else None

    def _mask(self, where: Where) -> np.ndarray:
        inside = np.ones(len(self.rows), dtype=bool)
        for name, labels in where.items():
            column = self.rows[name].array
            wanted = column.categories.map(str).isin([label for label in labels if label is not None])
            inside &= np.append(wanted, None in labels)[column.codes]
        return inside

    def _scope(self, where: Where) -> np.ndarray | None:
        return np.flatnonzero(self._mask(where)) if where else None

    def _groups(
        self, by: Sequence[str], kept: np.ndarray | None
    ) -> tuple[pd.DataFrame, np.ndarray | None, int]:
        """Number the groups of rows; labels stay codes until the few groups are known."""
        if not by:
            return pd.DataFrame(index=range(1)), None, 1
        columns = [self.rows[name].array for name in by]
        sizes = [len(column.categories) + 1 for column in columns]
        code = np.zeros(len(self.rows) if kept is None else len(kept), dtype="int64")
        for column, size in zip(columns, sizes, strict=True):
            codes = column.codes if kept is None else column.codes[kept]
            code *= size
            code += codes
            code += 1
        total = int(np.prod([float(size) for size in sizes]))
        if total > _DENSE:
            code, numbers = pd.factorize(code)
            total = max(len(numbers), 1)
        else:
            numbers = np.arange(total)
        groups: dict[str, Any] = {}
        for name, column, size in reversed(list(zip(by, columns, sizes, strict=True))):
            numbers, place = np.divmod(numbers, size)
            groups[name] = pd.Categorical.from_codes(place - 1, categories=column.categories)
        return pd.DataFrame({name: groups[name] for name in by}), code, total
