"""What a user would do in place of `kp.load`: read a file, and check it by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

NULLS = ["", "NULL", "null", "NaN", "nan", "N/A", "n/a", "None", "-", "#N/A"]
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)


def pandas_csv(path: Path) -> Any:
    """Read CSV with pandas' fastest reader."""
    import pandas as pd

    return pd.read_csv(path, engine="pyarrow", dtype_backend="pyarrow")


def polars_csv(path: Path) -> Any:
    """Read CSV with Polars."""
    import polars as pl

    return pl.read_csv(path, try_parse_dates=True)


def duckdb_csv(path: Path) -> Any:
    """Read CSV with DuckDB into a table in memory."""
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE orders AS FROM read_csv('{path}')")
    return connection


def polars_checked(path: Path) -> dict[str, int]:
    """Read Parquet with Polars, and check the same by hand: errors stop, the rest is counted."""
    import polars as pl

    texts = ["order_id", "customer_id", "rep_id", "region", "channel", "product_line"]
    rows = pl.read_parquet(path).with_columns(
        pl.col(texts).str.strip_chars(" \t\r\n\x0b\x0c"),
        pl.col("order_date").cast(pl.Date),
        pl.col("amount", "cost").cast(pl.Float64),
    )
    rows = rows.with_columns(
        pl.when(pl.col(name).is_in(NULLS)).then(None).otherwise(pl.col(name)).alias(name) for name in texts
    )
    facts = rows.select(
        empty=pl.col("order_id").is_null().sum(),
        early=((pl.col("order_date") < FIRST) | (pl.col("order_date") > LAST)).sum(),
        large=((pl.col("amount").abs() > 2**48) | (pl.col("cost").abs() > 2**48)).sum(),
        endless=(pl.col("amount").is_infinite() | pl.col("cost").is_infinite()).sum(),
        longest=pl.max_horizontal(pl.col(name).str.len_bytes().max() for name in texts),
        no_rep=pl.col("rep_id").is_null().sum(),
        no_amount=pl.col("amount").is_null().sum(),
        no_date=pl.col("order_date").is_null().sum(),
        no_cost=pl.col("cost").is_null().sum(),
        no_customer=pl.col("customer_id").is_null().sum(),
    ).row(0, named=True)
    if any(facts[name] for name in ("empty", "early", "large", "endless")) or facts["longest"] > 32_767:
        raise ValueError("the orders have a fault")
    own = ["order_date", "customer_id", "rep_id", "region", "channel"]
    orders = rows.group_by("order_id").agg(
        *(pl.col(name).min().alias(f"{name}_least") for name in own),
        *(pl.col(name).max().alias(f"{name}_most") for name in own),
        *(pl.col(name).null_count().alias(f"{name}_null") for name in own),
        lines=pl.len(),
    )
    differ = [
        (pl.col(f"{name}_least") != pl.col(f"{name}_most"))
        | ((pl.col(f"{name}_null") > 0) & (pl.col(f"{name}_null") < pl.col("lines")))
        for name in own
    ]
    if orders.filter(pl.any_horizontal(differ)).height:
        raise ValueError("lines of one order disagree")
    again = rows.height - rows.unique().height
    days = rows["order_date"].drop_nulls().unique().sort()
    steps = days.diff().dt.total_days().drop_nulls()
    gaps = int(((steps > 8) & (steps - 1 > 5 * (steps.quantile(0.95) or 1))).sum())
    counted = {name: facts[name] for name in ("no_rep", "no_amount", "no_date", "no_cost", "no_customer")}
    return {"duplicate_rows": again, "gap_of_days": gaps, **counted}
