"""Gathering in pandas: labels as integer codes, a row's cell is `code x buckets + bucket`.

Group-bys of pandas hash the keys of every call. Here labels became codes once, and numpy adds into cells
directly: no hashing, no sorting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from kpikit.data import cells
from kpikit.data.frames import FOREVER, Cells, Gather

__all__ = ["PandasCells"]

Where = Mapping[str, Sequence[str | None]]
_DENSE = 1 << 22


@dataclass(frozen=True)
class PandasCells:
    """The gathering half of a `Frame` over a pandas frame."""

    rows: pd.DataFrame

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
        done: dict[Gather, np.ndarray] = {}
        for name, one in what.items():
            one = self._plain(one, as_of)
            if one not in done:
                done[one] = self._add(cell, one, as_of, kept, size * width)
            values[name] = done[one].reshape(size, width)[:, : width - 1]
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
        days: Sequence[int],
        by: Sequence[str],
        what: Mapping[str, Gather],
        where: Where,
    ) -> Cells:
        kept = self._scope(where)
        groups, code, size = self._groups(by, kept)
        width = len(days) + 1
        begins = self._column(start, kept)
        edges: dict[Any, np.ndarray] = {}
        done: dict[Any, np.ndarray] = {}
        values = {}
        for name, one in what.items():
            total = np.zeros(size * width, dtype="int64")
            plain = self._plain(replace(one, until=None, limit=None), FOREVER)
            for edge, sign in ((None, 1), ((one.until, one.limit), -1)):
                if edge not in edges:
                    moment = begins if edge is None else self._end(begins, one, kept)
                    edges[edge] = cells.reading(moment, days)
                    if code is not None:
                        edges[edge] += code * width
                if (edge, plain) not in done:
                    done[edge, plain] = self._add(edges[edge], plain, FOREVER, kept, size * width)
                total += sign * done[edge, plain]
            values[name] = np.cumsum(total.reshape(size, width), axis=1)[:, : width - 1]
        return cells.used(groups, values)

    def both(
        self,
        key: str,
        start: str,
        days: Sequence[tuple[int, int]],
        by: Sequence[str],
        what: Gather,
        where: Where,
    ) -> Cells:
        marked = self._marked(what, FOREVER, None)
        begins = self._column(start, None)
        ends = self._end(begins, what, None)
        keys = self._codes(key)
        groups, code, size = self._groups(by, None)
        inside = self._mask(where)
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
            cell = np.zeros(len(rows), dtype=int) if code is None else code[rows]
            weights = None if what.column is None else self._column(what.column, rows)
            total[:, place] = cells.add(cell, weights, None, size)
        return cells.used(groups, {"value": total})

    def _plain(self, one: Gather, as_of: int) -> Gather:
        """Leave out the conditions that every row meets, so that equal quantities are gathered once."""
        return replace(
            one,
            flags=tuple(name for name in one.flags if not self.rows[name].to_numpy().all()),
            revealed=tuple(
                n for n in one.revealed if len(self.rows) and self.rows[n].to_numpy().max() > as_of
            ),
        )

    def _add(
        self, cell: np.ndarray, one: Gather, as_of: int, kept: np.ndarray | None, size: int
    ) -> np.ndarray:
        weights = None if one.column is None else self._column(one.column, kept)
        return cells.add(cell, weights, self._marked(one, as_of, kept), size)

    def _end(self, begins: np.ndarray, one: Gather, kept: np.ndarray | None) -> np.ndarray:
        ends = self._column(one.until or "", kept)
        if one.limit is not None:
            ends = np.minimum(ends, begins + np.int32(one.limit))
        return np.maximum(begins, ends)

    def _column(self, name: str, kept: np.ndarray | None) -> np.ndarray:
        values = self.rows[name].to_numpy()
        return values if kept is None else values[kept]

    def _codes(self, name: str) -> np.ndarray:
        column = self.rows[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            return column.array.codes.astype("int64")
        return pd.factorize(column)[0]

    def _marked(self, one: Gather, as_of: int, kept: np.ndarray | None) -> np.ndarray | None:
        marks = [self._column(name, kept) for name in one.flags]
        marks += [self._column(name, kept) <= as_of for name in one.revealed]
        marks = [mark for mark in marks if not mark.all()]
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

    def _labelled(self, name: str, kept: np.ndarray | None) -> tuple[np.ndarray, pd.Index]:
        """Give the code of each row and the labels that codes stand for, whether labels or plain values."""
        column = self.rows[name]
        if isinstance(column.dtype, pd.CategoricalDtype):
            codes = column.array.codes
            return codes if kept is None else codes[kept], column.array.categories
        codes, found = pd.factorize(column if kept is None else column.iloc[kept])
        return codes, pd.Index(found)

    def _groups(
        self, by: Sequence[str], kept: np.ndarray | None
    ) -> tuple[pd.DataFrame, np.ndarray | None, int]:
        """Number the groups of rows; labels stay codes until the few groups are known."""
        if not by:
            return pd.DataFrame(index=range(1)), None, 1
        columns = [self._labelled(name, kept) for name in by]
        sizes = [len(categories) + 1 for _, categories in columns]
        code = np.zeros(len(self.rows) if kept is None else len(kept), dtype="int64")
        for (codes, _), size in zip(columns, sizes, strict=True):
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
        for name, (_, categories), size in reversed(list(zip(by, columns, sizes, strict=True))):
            numbers, place = np.divmod(numbers, size)
            groups[name] = pd.Categorical.from_codes(place - 1, categories=categories)
        return pd.DataFrame({name: groups[name] for name in by}), code, total
