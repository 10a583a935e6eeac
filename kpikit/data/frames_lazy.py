"""Rows of any engine by way of narwhals: Polars, DuckDB, and pandas when tests ask for it."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from kpikit.data import engines
from kpikit.data.frames import FOREVER, NO_DAY, SCALE, Expr
from kpikit.data.frames_lazy_cells import LazyCells, inside

__all__ = ["LazyRows"]

_MINUTES_A_DAY = 1440
NOWHERE = 1 << 62
_names = itertools.count(1)


@dataclass(frozen=True)
class LazyRows(LazyCells):
    """A `Frame` over a narwhals lazy frame."""

    @property
    def columns(self) -> list[str]:
        return self.rows.collect_schema().names()

    def to_pandas(self) -> pd.DataFrame:
        return self.rows.collect(backend="pandas").to_native()

    def take(self, name: str, numbers: np.ndarray) -> pd.DataFrame:
        if self.rows.implementation.is_duckdb():
            import pyarrow as pa

            # DuckDB finds the table by the name of the variable.
            wanted = pa.table({"number": numbers})  # noqa: F841
            join = f"FROM all_rows SEMI JOIN wanted ON all_rows.{name} = wanted.number"
            return engines.to_pandas(self.rows.to_native().query("all_rows", join))
        return engines.to_pandas(self.rows.filter(nw.col(name).is_in(numbers.tolist())).to_native())

    def select(self, names: Sequence[str]) -> LazyRows:
        return replace(self, rows=self.rows.select(*names))

    def with_columns(self, **expressions: Expr) -> LazyRows:
        return replace(self, rows=self.rows.with_columns(**expressions))

    def flag(self, **expressions: Expr) -> LazyRows:
        filled = {name: expression.fill_null(False) for name, expression in expressions.items()}
        return self.with_columns(**filled)

    def filter(self, flag: str) -> LazyRows:
        return replace(self, rows=self.rows.filter(nw.col(flag)))

    def append(self, other: LazyRows) -> LazyRows:
        here, there = self.rows.collect_schema(), other.rows.collect_schema()
        mixed = [nw.col(name).cast(nw.String) for name in self.columns if here[name] != there[name]]
        rows = [part.with_columns(*mixed) if mixed else part for part in (self.rows, other.rows)]
        return replace(self, rows=nw.concat([rows[0], rows[1].select(*self.columns)]))

    def keep(self, *, is_cheap: bool = False) -> LazyRows:
        """Compute once what later calls read: a frame in memory, or a temporary table of DuckDB.

        What is cheap to compute DuckDB computes with each call, faster than it would write and read it.
        """
        native = self.rows.to_native()
        if self.rows.implementation.is_duckdb():
            if is_cheap:
                return self
            name = f"kpikit_{next(_names)}"
            native.query("kept_rows", f"CREATE TEMP TABLE {name} AS SELECT * FROM kept_rows")
            table = native.query("kept_rows", f"FROM {name}")
            kept = LazyRows(nw.from_native(table))
            weakref.finalize(kept.rows, _drop, native, name)
            return kept
        return replace(self, rows=self.rows.collect().lazy())

    def day(self, name: str, source: str) -> LazyRows:
        moment = nw.col(source).cast(nw.Datetime("us"))
        minutes = (moment - nw.lit(pd.Timestamp(0).to_pydatetime())).dt.total_minutes()
        if self.rows.implementation.is_pandas_like():
            minutes = minutes.fill_null(NO_DAY * _MINUTES_A_DAY)
        # A true division and a floor: DuckDB spells a whole division out as five of its own.
        days = (minutes / _MINUTES_A_DAY).floor().fill_null(NO_DAY).cast(nw.Int32)
        return self.with_columns(**{name: days})

    def minor(self, name: str, source: str) -> LazyRows:
        number = nw.col(source).cast(nw.Float64)
        known = ~number.is_null() & ~number.fill_null(0.0).is_nan()
        plain = self.with_columns(**{f"has_{name}": known})
        number = nw.when(nw.col(f"has_{name}")).then(number).otherwise(nw.lit(0.0))
        parts = (number * SCALE + 0.5).floor().cast(nw.Int64)
        return plain.with_columns(**{name: parts})

    def label(self, name: str, source: str) -> LazyRows:
        column = nw.col(source)
        # Whole numbers stay: they are shorter to group by than text.
        is_plain = self.rows.collect_schema()[source].is_integer()
        return self.with_columns(**{name: column if is_plain else column.cast(nw.String)})

    def no_label(self, name: str) -> LazyRows:
        return self.with_columns(**{name: nw.lit(None).cast(nw.String)})

    def stint(self, name: str, key: str, day: str, later: Sequence[tuple[str, int, str]]) -> LazyRows:
        """Name the stint of each row: the key, or the last of its later stints that has begun."""
        stint: Expr = nw.col(key) if not later else nw.col(key).cast(nw.String)
        for one, begin, label in later:
            stint = (
                nw.when((nw.col(key) == one) & (nw.col(day) >= begin)).then(nw.lit(label)).otherwise(stint)
            )
        return self.with_columns(**{name: stint})

    def lookup(self, key: str, side: LazyRows, on: str, take: Mapping[str, str]) -> LazyRows:
        wanted = side.rows.select(kpikit_key=nw.col(on), **{new: nw.col(old) for new, old in take.items()})
        schema, rows = wanted.collect_schema(), self.rows
        if schema["kpikit_key"] != rows.collect_schema()[key]:
            wanted = wanted.with_columns(nw.col("kpikit_key").cast(nw.String))
            rows = rows.with_columns(nw.col(key).cast(nw.String))
        joined = replace(self, rows=rows.join(wanted, left_on=key, right_on="kpikit_key", how="left"))
        filled = {}
        for name in take:
            if schema[name] == nw.Boolean:
                filled[name] = nw.col(name).fill_null(False).cast(nw.Boolean)
            elif schema[name].is_integer():
                filled[name] = nw.col(name).fill_null(NO_DAY).cast(schema[name])
        return joined.with_columns(**filled) if filled else joined

    def spread(self, key: str, side: LazyRows, on: str, take: Mapping[str, str]) -> LazyRows:
        """Look a key up where it may stand several times: a row for each, and one where it stands nowhere."""
        return self.lookup(key, side, on, take)

    def shares(self, key: str, rep: str, share: str, parts: int) -> LazyRows:
        """Sum the shares of each key and rep, and run through them in the order of the reps' ids as text."""
        units = (nw.col("kpikit_share") * parts + 0.5).floor()
        ids = {"credit_of": nw.col(key).cast(nw.String), "credit_rep": nw.col(rep).cast(nw.String)}
        rows = self.rows.select(**ids, kpikit_share=nw.col(share).cast(nw.Float64).fill_null(0.0))
        rows = rows.filter(~nw.col("credit_of").is_null() & ~nw.col("kpikit_share").is_nan())
        rows = rows.with_columns(units=units.cast(nw.Int64)).filter(nw.col("units") > 0)
        sums = rows.group_by("credit_of", "credit_rep").agg(nw.col("units").sum())
        # An order that has no credited rep left has none; text is ordered by its bytes, as in pandas.
        sums = sums.with_columns(
            units=nw.col("units").cast(nw.Int64), kpikit_order=nw.col("credit_rep").fill_null("")
        )
        sums = sums.with_columns(
            upto=nw.col("units").cum_sum().over("credit_of", order_by="kpikit_order").cast(nw.Int64),
            total=nw.col("units").sum().over("credit_of").cast(nw.Int64),
        )
        sums = sums.with_columns(before=nw.col("upto") - nw.col("units"))
        return replace(self, rows=sums.drop("units", "kpikit_order"))

    def number(self, name: str, order: str) -> LazyRows:
        """Number the rows."""
        numbered = replace(self, rows=self.rows.with_row_index(name, order_by=order))
        return numbered.with_columns(**{name: nw.col(name).cast(nw.Int64)})

    def once(
        self,
        name: str,
        keys: Sequence[str],
        by: Sequence[str],
        flags: Sequence[str],
        where: Mapping[str, Sequence[str | None]],
    ) -> LazyRows:
        """Flag one row of each key in each group, among the flagged rows of a scope."""
        marks = [*map(nw.col, flags), *(inside(one, labels) for one, labels in where.items())]
        rows = self.with_columns(
            **{name: nw.all_horizontal(*marks, ignore_nulls=False) if marks else nw.lit(True)}
        )
        place = nw.when(nw.col(name)).then(nw.col("unit")).otherwise(nw.lit(NOWHERE))
        rows = rows.with_columns(kpikit_place=place.cast(nw.Int64))
        least = nw.col("kpikit_place").min().over(*dict.fromkeys([*keys, *by]))
        rows = rows.with_columns(kpikit_least=least)
        is_first = nw.col(name) & (nw.col("kpikit_place") == nw.col("kpikit_least"))
        return rows.with_columns(**{name: is_first})

    def coalesce(self, name: str, sources: Sequence[str]) -> LazyRows:
        schema = self.rows.collect_schema()
        is_mixed = len({schema[source] for source in sources}) > 1
        columns = [nw.col(source).cast(nw.String) if is_mixed else nw.col(source) for source in sources]
        return self.with_columns(**{name: nw.coalesce(*columns)})

    def only(self, name: str, flag: str) -> LazyRows:
        """Keep a label only where a flag is set."""
        kept = nw.when(nw.col(flag)).then(nw.col(name)).otherwise(nw.lit(None))
        return self.with_columns(**{name: kept})

    def is_whole(self, name: str) -> Callable[[], bool]:
        """Tell, when asked, whether all ids are whole numbers."""

        def ask() -> bool:
            if self.rows.collect_schema()[name].is_integer():
                return True
            whole = nw.col(name).str.contains(r"^[0-9]{1,18}$").fill_null(True).all()
            return bool(self.rows.select(whole=whole).collect(backend="pandas")["whole"][0])

        return ask

    def heads(self, key: str, among: str) -> LazyRows:
        """Keep one row of each key among the flagged ones, whose other columns agree."""
        others = [name for name in self.columns if name != key]
        rows = self.rows.filter(nw.col(among)).group_by(key)
        return replace(self, rows=rows.agg(*(nw.col(name).min() for name in others)))

    def agreed(self, key: str, among: str, names: Sequence[str]) -> LazyRows:
        """Keep a row for each key of the flagged rows, with each label that all of its rows have."""
        parts = [
            part
            for name in names
            for part in (
                nw.col(name).min().alias(f"least_{name}"),
                nw.col(name).max().alias(f"most_{name}"),
                nw.col(name).count().alias(f"known_{name}"),
            )
        ]
        rows = self.rows.filter(nw.col(among)).select(key, *names).group_by(key)
        rows = rows.agg(*parts, nw.len().alias("kpikit_rows"))
        found = {}
        for name in names:
            is_same = nw.col(f"least_{name}") == nw.col(f"most_{name}")
            is_same &= nw.col(f"known_{name}") == nw.col("kpikit_rows")
            found[name] = nw.when(is_same).then(nw.col(f"least_{name}"))
        return replace(self, rows=rows.select(key, **found))

    def sequence(self, key: str, day: str, tie: str, is_number: Callable[[], bool]) -> LazyRows:
        # Order ids as numbers if all are whole numbers, else as text.
        ordered = nw.col(tie).cast(nw.Int64) if is_number() else nw.col(tie)
        rows = self.with_columns(kpikit_tie=ordered).rows
        order = {"order_by": [day, "kpikit_tie"]}
        rows = rows.with_columns(
            next_day=nw.col(day).shift(-1).over(key, **order),
            before=nw.col(day).shift(1).over(key, **order),
        )
        rows = rows.with_columns(
            next_day=nw.col("next_day").fill_null(FOREVER).cast(nw.Int32),
            is_first=nw.col("before").is_null(),
        )
        return replace(self, rows=rows.drop("before", "kpikit_tie", tie))

    def totals(self, names: Sequence[str]) -> dict[str, float]:
        """Sum the absolute values of columns of numbers, in one pass."""
        if not names:
            return {}
        sizes = {}
        for name in names:
            number = nw.col(name).cast(nw.Float64)
            is_missing = number.is_null() | number.fill_null(0.0).is_nan()
            sizes[name] = nw.when(is_missing).then(nw.lit(0.0)).otherwise(number.abs())
        sums = self.rows.select(**sizes).select(*(nw.col(name).sum() for name in names))
        found = sums.collect(backend="pandas").to_native().iloc[0]
        return {name: 0.0 if pd.isna(found[name]) else float(found[name]) for name in names}

    def first_day(self, day: str) -> int | None:
        dated = self.rows.filter(nw.col(day) > NO_DAY)
        found = dated.select(nw.col(day).min()).collect(backend="pandas").to_native()[day]
        return None if found.isna().all() else int(found.iloc[0])

    def labels(self, name: str) -> list[str]:
        found = self.rows.select(name).unique().collect(backend="pandas").to_native()[name]
        return sorted(str(label) for label in found.dropna())


def _drop(native: Any, name: str) -> None:
    try:
        native.query("_rows", f"DROP TABLE IF EXISTS {name}")
    except Exception:  # the connection is gone, and its temporary tables with it
        return
