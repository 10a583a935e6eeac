"""The engines that tables can live in (pandas, Polars, DuckDB), and what loading asks of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from kpikit.data.contract import TABLES
from kpikit.errors import DataError

__all__ = [
    "ENGINES",
    "blank_later",
    "columns",
    "convert",
    "count_rows",
    "day_counts",
    "drop_later",
    "engine_of",
    "from_arrow",
    "is_empty",
    "kinds",
    "to_pandas",
]

ENGINES = ("pandas", "polars", "duckdb")
_KINDS = (
    ("zoned", r"timestamp with time zone|timestamp\[.*tz=|datetime\(.*time_zone='|datetime64\[\w+, "),
    ("date", r"date|timestamp"),
    ("other", r"interval"),
    ("whole", r"u?(tiny|small|big|huge)?int"),
    ("number", r"float|double|decimal|real|numeric"),
    ("truth", r"bool"),
    ("text", r"str|large_string|varchar|cat|enum"),
    ("empty", r"null"),
)


def convert(tables: Mapping[str, pd.DataFrame], engine: str) -> dict[str, Any]:
    """Move pandas frames into an engine.

    Raises
    ------
    DataError
        If Polars is asked for and not installed.
    """
    if engine == "pandas":
        return dict(tables)
    import pyarrow as pa

    arrow = {name: pa.Table.from_pandas(table, preserve_index=False) for name, table in tables.items()}
    return from_arrow(arrow, engine)


def from_arrow(tables: Mapping[str, Any], engine: str, *, is_copied: bool = True) -> dict[str, Any]:
    """Move Arrow tables into Polars or DuckDB.

    Parameters
    ----------
    tables
        Table name to Arrow table.
    engine
        `polars` or `duckdb`.
    is_copied
        False lets DuckDB read the memory of the Arrow tables, which its relations keep alive.

    Raises
    ------
    DataError
        If Polars is asked for and not installed.
    """
    arrow = {name: _with_days(name, table) for name, table in tables.items()}
    if engine == "polars":
        try:
            import polars as pl
        except ModuleNotFoundError:
            raise DataError("load", "Polars is not installed", hint="pip install 'kpikit[polars]'") from None
        return {name: pl.from_arrow(table) for name, table in arrow.items()}
    import duckdb

    connection = duckdb.connect()
    if not is_copied:
        return {name: connection.from_arrow(table) for name, table in arrow.items()}
    relations = {}
    for name, table in arrow.items():
        connection.register("incoming", table)
        connection.execute(f"CREATE TABLE {name} AS FROM incoming")
        connection.unregister("incoming")
        relations[name] = connection.table(name)
    return relations


def _with_days(name: str, table: Any) -> Any:
    """Give the days of an Arrow table as dates, not as moments at midnight."""
    import pyarrow as pa

    for place, column in enumerate(table.column_names):
        known = TABLES.get(name, {})
        is_day = column in known and known[column].kind in ("date", "month")
        if is_day and pa.types.is_timestamp(table[column].type):
            days = table[column].cast(pa.timestamp("s"), safe=False).cast(pa.date32(), safe=False)
            table = table.set_column(place, column, days)
    return table


def engine_of(native: Any) -> str:
    """Tell which engine a table lives in.

    Raises
    ------
    DataError
        If it is of none.
    """
    engine = type(native).__module__.split(".")[0].lstrip("_")
    is_table = type(native).__name__ in ("DataFrame", "LazyFrame", "DuckDBPyRelation")
    if not is_table or engine not in ENGINES:
        fault = f"a {type(native).__name__} is not a table"
        raise DataError("Dataset", fault, "Tables are pandas frames, Polars frames or DuckDB relations")
    return engine


def columns(native: Any) -> list[str]:
    """List the columns of a table."""
    if type(native).__name__ == "LazyFrame":
        return native.collect_schema().names()
    return list(native.columns)


def kinds(native: Any) -> dict[str, str]:
    """Tell what each column holds: date, zoned, whole, number, truth, text, empty or other."""
    engine = engine_of(native)
    if engine == "pandas":
        return {name: _pandas_kind(native[name]) for name in native.columns}
    if engine == "polars":
        types = dict(native.collect_schema())
    else:
        types = dict(zip(native.columns, native.types, strict=True))
    return {name: _kind(str(one)) for name, one in types.items()}


def _kind(dtype: str) -> str:
    for kind, shape in _KINDS:
        if re.match(shape, dtype.lower()):
            return kind
    return "other"


def _pandas_kind(values: pd.Series) -> str:
    if values.dtype != object:
        return _kind(str(values.dtype))
    inferred = pd.api.types.infer_dtype(values, skipna=True)
    named = {"string": "text", "integer": "whole", "decimal": "number", "floating": "number"}
    named |= {"mixed-integer-float": "number", "date": "date", "datetime": "date", "boolean": "truth"}
    return {"empty": "empty", **named}.get(inferred, "other")


def is_empty(native: Any, column: str) -> bool:
    """Tell whether a column holds no value at all."""
    engine = engine_of(native)
    if engine == "pandas":
        return bool(native[column].isna().all())
    if engine == "polars":
        return native.lazy().select(column).collect()[column].drop_nulls().is_empty()
    return native.aggregate(f"count({_quoted(column)})").fetchall()[0][0] == 0


def count_rows(native: Any) -> int:
    """Count the rows of a table."""
    engine = engine_of(native)
    if engine == "pandas":
        return len(native)
    if engine == "polars":
        return native.lazy().select(native.lazy().collect_schema().names()[0]).collect().height
    return int(native.aggregate("count(*)").fetchall()[0][0])


def to_pandas(native: Any) -> pd.DataFrame:
    """Copy a table of any engine into a pandas frame."""
    engine = engine_of(native)
    if engine == "pandas":
        return native
    arrow = native.lazy().collect().to_arrow() if engine == "polars" else native.to_arrow_table()
    # Whole numbers of which one is missing do not become decimals.
    return arrow.to_pandas(date_as_object=False, integer_object_nulls=True)


def day_counts(native: Any, column: str, filled: str | None = None) -> dict[date, int]:
    """Count the rows of each day; with `filled`, only those in which this column is not null."""
    engine = engine_of(native)
    if engine == "pandas":
        days = native[column] if filled is None else native.loc[native[filled].notna(), column]
        counts = pd.to_datetime(days).dropna().dt.floor("D").value_counts()
        return {day.date(): int(count) for day, count in counts.items()}
    if engine == "polars":
        import polars as pl

        rows = native.lazy() if filled is None else native.lazy().filter(pl.col(filled).is_not_null())
        days = rows.select(day=pl.col(column).cast(pl.Date)).filter(pl.col("day").is_not_null())
        return dict(days.group_by("day").agg(pl.len()).collect().iter_rows())
    where = "" if filled is None else f" AND {_quoted(filled)} IS NOT NULL"
    days = native.filter(f"{_quoted(column)} IS NOT NULL{where}").project(
        f"CAST({_quoted(column)} AS DATE) AS day"
    )
    return dict(days.aggregate("day, count(*)").fetchall())


def drop_later(native: Any, column: str, day: date) -> Any:
    """Keep the rows whose date is not after a day; those without a date stay."""
    engine = engine_of(native)
    if engine == "pandas":
        return native[~_is_later(native, column, day)].reset_index(drop=True)
    if engine == "polars":
        import polars as pl

        return native.filter((pl.col(column).cast(pl.Date) <= day).fill_null(True))
    return native.filter(f"{_quoted(column)} IS NULL OR CAST({_quoted(column)} AS DATE) <= DATE '{day}'")


def blank_later(native: Any, column: str, day: date, blank: Sequence[str]) -> Any:
    """Blank columns in the rows whose date is after a day."""
    engine = engine_of(native)
    if engine == "pandas":
        is_later = _is_later(native, column, day)
        return native.assign(**{name: native[name].mask(is_later) for name in blank})
    if engine == "polars":
        import polars as pl

        is_known = (pl.col(column).cast(pl.Date) <= day).fill_null(True)
        return native.with_columns(pl.when(is_known).then(pl.col(name)).alias(name) for name in blank)
    is_later = f"CAST({_quoted(column)} AS DATE) > DATE '{day}'"
    shown = [
        f"CASE WHEN {is_later} THEN NULL ELSE {_quoted(name)} END AS {_quoted(name)}"
        if name in blank
        else _quoted(name)
        for name in native.columns
    ]
    return native.project(", ".join(shown))


def _is_later(rows: pd.DataFrame, column: str, day: date) -> pd.Series:
    return pd.to_datetime(rows[column]).dt.floor("D") > pd.Timestamp(day)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
