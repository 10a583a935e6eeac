"""Rows in pandas: labels as integer codes, buckets by a lookup table, sums by counting.

Group-bys of pandas hash the keys of every call. Here labels become codes once, a row's cell is
`code x buckets + bucket`, and numpy adds into cells directly: no hashing, no sorting.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from kpikit.data import cells
from kpikit.data.frames import FOREVER, NO_DAY, SCALE, Expr
from kpikit.data.frames_pandas_cells import PandasCells

__all__ = ["PandasRows"]


@dataclass(frozen=True)
class PandasRows(PandasCells):
    """A `Frame` over a pandas frame."""

    @property
    def columns(self) -> list[str]:
        return list(self.rows.columns)

    def to_pandas(self) -> pd.DataFrame:
        return self.rows

    def take(self, name: str, numbers: np.ndarray) -> pd.DataFrame:
        return self.rows[np.isin(self.rows[name].to_numpy(), numbers)].reset_index(drop=True)

    def select(self, names: Sequence[str]) -> PandasRows:
        return replace(self, rows=self.rows[list(names)])

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

    def keep(self, *, is_cheap: bool = False) -> PandasRows:
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
            if column.dtype.kind == "f" and (column.dropna() % 1 == 0).all():
                # Whole numbers that became decimals because one is missing.
                column = column.astype("Int64")
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
        return self._taken(side, np.append(place, -1)[keys.codes], take)

    def _taken(self, side: PandasRows, place_of_row: np.ndarray, take: Mapping[str, str]) -> PandasRows:
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

    def spread(self, key: str, side: PandasRows, on: str, take: Mapping[str, str]) -> PandasRows:
        """Look a key up where it may stand several times: a row for each, and one where it stands nowhere."""
        keys, (codes, known) = self.rows[key].array, pd.factorize(side.rows[on])
        ordered = replace(side, rows=side.rows.take(np.argsort(codes, kind="stable")))
        counts = np.bincount(codes, minlength=len(known))
        place = pd.Index(known).map(str).get_indexer(keys.categories.map(str))
        place = np.append(place, -1)[keys.codes]
        is_known = place >= 0
        times = np.where(is_known, np.append(counts, 1)[place], 1)
        first = np.where(is_known, np.append(np.cumsum(counts) - counts, -1)[place], -1)
        source = np.repeat(np.arange(len(place)), times)
        number = np.arange(len(source)) - np.repeat(np.cumsum(times) - times, times)
        rows = replace(self, rows=self.rows.take(source).reset_index(drop=True))
        return rows._taken(ordered, np.where(is_known[source], first[source] + number, -1), take)

    def shares(self, key: str, rep: str, share: str, parts: int) -> PandasRows:
        """Sum the shares of each key and rep, and run through them in the order of the reps' ids as text."""
        numbers = self.rows[share].to_numpy(dtype="float64", na_value=np.nan)
        units = np.floor(np.nan_to_num(numbers) * parts + 0.5).astype("int64")
        labels = [self.label(name, name).rows[name].astype(object).map(str) for name in (key, rep)]
        table = pd.DataFrame({"credit_of": labels[0], "credit_rep": labels[1], "units": units})
        table = table[(units > 0) & self.rows[key].notna().to_numpy()]
        sums = table.groupby(["credit_of", "credit_rep"], dropna=False)["units"].sum().reset_index()
        of_key = sums.groupby("credit_of")["units"]
        sums = sums.assign(upto=of_key.cumsum(), total=of_key.transform("sum"))
        sums["before"] = sums["upto"] - sums.pop("units")
        return replace(self, rows=sums).label("credit_of", "credit_of").label("credit_rep", "credit_rep")

    def number(self, name: str, order: str) -> PandasRows:
        """Number the rows."""
        return self._assign(**{name: np.arange(len(self.rows))})

    def once(
        self,
        name: str,
        keys: Sequence[str],
        by: Sequence[str],
        flags: Sequence[str],
        where: Mapping[str, Sequence[str | None]],
    ) -> PandasRows:
        """Flag one row of each key in each group, among the flagged rows of a scope."""
        inside = np.logical_and.reduce([self._mask(where), *(self.rows[one].to_numpy() for one in flags)])
        places = np.flatnonzero(inside)
        codes = pd.DataFrame({one: self._codes(one)[places] for one in dict.fromkeys([*keys, *by])})
        inside[places[codes.duplicated().to_numpy()]] = False
        return self._assign(**{name: inside})

    def coalesce(self, name: str, sources: Sequence[str]) -> PandasRows:
        first, *others = (self.rows[source].array for source in sources)
        for other in others:
            categories = cells.union(first, other)
            place = categories.get_indexer(other.categories.map(str))
            fallback = np.append(place, -1)[other.codes]
            codes = np.where(first.codes >= 0, first.codes, fallback)
            first = pd.Categorical.from_codes(codes, categories=categories)
        return self._assign(**{name: first})

    def only(self, name: str, flag: str) -> PandasRows:
        """Keep a label only where a flag is set."""
        labels = self.rows[name].array
        codes = np.where(self.rows[flag].to_numpy(), labels.codes, -1)
        return self._assign(**{name: pd.Categorical.from_codes(codes, categories=labels.categories)})

    def is_whole(self, name: str) -> Callable[[], bool]:
        """Tell, when asked, whether all ids are whole numbers."""
        return lambda: cells.are_whole(self.rows[name])

    def heads(self, key: str, among: str) -> PandasRows:
        """Keep the first of the flagged rows of each key."""
        rows = self.filter(among).rows
        first = cells.is_record(pd.factorize(rows[key])[0])
        return replace(self, rows=rows if first.all() else rows[first].reset_index(drop=True))

    def agreed(self, key: str, among: str, names: Sequence[str]) -> PandasRows:
        """Keep a row for each key of the flagged rows, with each label that all of its rows have."""
        rows = self.filter(among).rows
        codes, _ = pd.factorize(rows[key], use_na_sentinel=False)
        first = cells.is_record(codes)
        found = {}
        for name in names:
            labels = rows[name].array
            own = labels.codes[first]
            differs = np.bincount(codes, weights=labels.codes != own[codes], minlength=len(own)) > 0
            found[name] = pd.Categorical.from_codes(np.where(differs, -1, own), categories=labels.categories)
        return replace(self, rows=rows.loc[first, [key]].reset_index(drop=True))._assign(**found)

    def sequence(self, key: str, day: str, tie: str, is_number: Callable[[], bool]) -> PandasRows:
        codes, days = self.rows[key].array.codes.astype("int64"), self.rows[day].to_numpy().astype("int64")
        packed = codes * (1 << 22) + (days - NO_DAY)
        order = np.argsort(packed, kind="stable")
        packed = packed[order]
        same = np.flatnonzero(packed[1:] == packed[:-1]) if len(packed) else np.array([], dtype=int)
        if len(same):
            order = cells.break_ties(order, same, self.rows[tie], is_number())
        codes, days = codes[order], days[order]
        is_first = np.ones(len(order), dtype=bool)
        is_first[1:] = codes[1:] != codes[:-1]
        following = np.full(len(order), FOREVER)
        following[:-1][~is_first[1:]] = days[1:][~is_first[1:]]
        rows = self.rows.drop(columns=tie).take(order).reset_index(drop=True)
        return replace(self, rows=rows)._assign(is_first=is_first, next_day=following.astype("int32"))

    def totals(self, names: Sequence[str]) -> dict[str, float]:
        """Sum the absolute values of columns of numbers."""
        numbers = {name: self.rows[name].to_numpy(dtype="float64", na_value=np.nan) for name in names}
        with np.errstate(over="ignore"):
            return {name: float(np.nansum(np.abs(values))) for name, values in numbers.items()}

    def first_day(self, day: str) -> int | None:
        days = self.rows[day].to_numpy()
        days = days[days > NO_DAY] if len(days) and days.min() == NO_DAY else days
        return int(days.min()) if len(days) else None

    def labels(self, name: str) -> list[str]:
        column = self.rows[name].array
        used = np.bincount(column.codes + 1, minlength=len(column.categories) + 1)[1:] > 0
        return sorted(map(str, column.categories[used]))
