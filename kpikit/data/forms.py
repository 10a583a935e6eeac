"""The forms of tables in memory: which columns they have, and what these hold."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from kpikit.data import engines
from kpikit.data.contract import TABLES
from kpikit.data.values import DTYPES
from kpikit.errors import DataError, listing

__all__ = ["canonical", "check_columns"]

# What a column of the contract's kind may hold, and how to make it so.
_ACCEPTED = {
    "id": (("text", "whole"), "text or whole numbers", "write the ids as text"),
    "text": (("text", "whole", "number"), "text", "write it as text"),
    "number": (("whole", "number"), "numbers", "convert it, with pandas.to_numeric for example"),
    "date": (("date",), "dates", "convert it, with pandas.to_datetime for example"),
}


def check_columns(name: str, table: Any) -> None:
    """Check that a table has the contract's columns, each once, and that they hold what they should.

    Raises
    ------
    DataError
        Naming the column that is missing or holds something else.
    """
    engines.engine_of(table)
    columns = engines.columns(table)
    twice = listing(one for one, count in Counter(columns).items() if count > 1)
    if twice:
        raise DataError("Dataset", f"{name} has two columns with the name {twice}", hint="rename one of them")
    missing = [c for c, wanted in TABLES[name].items() if wanted.is_required and c not in columns]
    if missing:
        there = f"Columns: {listing(columns, 30) or 'none'}"
        raise DataError(
            "Dataset", f"{name} lacks {listing(missing)}", there, "rename the columns to these names"
        )
    for column, held in engines.kinds(table).items():
        wanted = TABLES[name].get(column)
        if wanted is None or held == "empty":
            continue
        kind = "date" if wanted.kind in ("month", "moment") else wanted.kind
        accepted, words, hint = _ACCEPTED[kind]
        if held not in accepted and not engines.is_empty(table, column):
            there = "moments with a time zone" if held == "zoned" else f"{held} values"
            if held == "zoned":
                hint = "put them on the clock of the dataset, without a zone"
            raise DataError("Dataset", f"{name}.{column} holds {there}, not {words}", hint=hint)


def canonical(name: str, rows: pd.DataFrame | None) -> pd.DataFrame:
    """Give a table of the contract its canonical dtypes; a table that is absent has no rows."""
    wanted = TABLES[name]
    if rows is None:
        return pd.DataFrame({one: pd.Series(dtype=DTYPES.get(c.kind, "str")) for one, c in wanted.items()})
    made = {one: _canonical(rows[one], wanted[one].kind) for one in rows if one in wanted}
    return rows.assign(**made).reset_index(drop=True)


def _canonical(values: pd.Series, kind: str) -> pd.Series:
    if kind in ("date", "month", "moment"):
        return pd.to_datetime(values).astype(DTYPES[kind])
    return values.astype(DTYPES[kind]) if kind == "number" else values.astype("str")
