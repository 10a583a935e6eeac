"""The engines that tables can live in: pandas, Polars, DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpikit.data.frames_open import wrap
from kpikit.errors import DataError

__all__ = ["ENGINES", "convert", "to_pandas"]

ENGINES = ("pandas", "polars", "duckdb")


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
    if engine == "polars":
        try:
            import polars as pl
        except ModuleNotFoundError:
            raise DataError("load", "Polars is not installed", hint="pip install 'kpikit[polars]'") from None
        return {name: pl.from_arrow(table) for name, table in arrow.items()}
    import duckdb

    connection = duckdb.connect()
    relations = {}
    for name, table in arrow.items():
        connection.register("incoming", table)
        connection.execute(f"CREATE TABLE {name} AS FROM incoming")
        connection.unregister("incoming")
        relations[name] = connection.table(name)
    return relations


def to_pandas(native: Any) -> pd.DataFrame:
    """Copy a table of any engine into a pandas frame."""
    return native if isinstance(native, pd.DataFrame) else wrap(native).to_pandas()
