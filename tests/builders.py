"""Make datasets from plain rows, on each engine, for the tests."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from kpikit.data.contract import TABLES
from kpikit.data.dataset import Dataset
from kpikit.data.engines import convert
from kpikit.data.mapping import Settings

ENGINES = ("pandas", "general", "polars", "duckdb")
"""`general` is pandas by the path that Polars and DuckDB take."""
MARKED = tuple(
    pytest.param(engine, marks=pytest.mark.slow) if engine in ("general", "duckdb") else engine
    for engine in ENGINES
)
"""The engines, of which those are marked that take long."""
RANDOM = tuple(one if one == "polars" else pytest.param(one, marks=pytest.mark.slow) for one in ENGINES)
"""The engines for random companies, which take minutes on each: on other Pythons one is enough."""


def frame(table: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Lay rows out with the types of the contract."""
    made = {}
    for name in columns:
        values = [row.get(name) for row in rows]
        kind = TABLES[table][name].kind
        if kind == "number":
            made[name] = pd.Series([None if v is None else float(v) for v in values], dtype="float64")
        elif kind in ("date", "month", "moment"):
            made[name] = pd.Series(pd.to_datetime(values), dtype="datetime64[us]")
        else:
            made[name] = pd.Series(values, dtype="str")
    return pd.DataFrame(made)


def dataset(
    tables: Mapping[str, Sequence[Mapping[str, Any]]], engine: str = "pandas", **settings: Any
) -> Dataset:
    """Make a dataset of plain rows; an empty table has its required columns."""
    frames = {}
    for name, rows in tables.items():
        required = [column for column, wanted in TABLES[name].items() if wanted.is_required]
        known = getattr(rows, "columns", ())
        columns = dict.fromkeys([*required, *known, *(column for row in rows for column in row)])
        frames[name] = frame(name, rows, list(columns))
    native = frames if engine in ("pandas", "general") else convert(frames, engine)
    return Dataset(native, Settings(**settings), is_lazy=engine == "general")


def money(value: Any) -> Decimal:
    """Read a number as exact as it was written."""
    return Decimal(str(value))
