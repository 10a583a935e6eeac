"""Tables whose rows are numbered, so that what is derived from them still knows its source."""

from __future__ import annotations

from typing import Any

import numpy as np

from kpikit.data import engines
from kpikit.data.contract import TABLES
from kpikit.data.frames import ROW, Frame
from kpikit.data.frames_lazy import LazyRows
from kpikit.data.frames_open import wrap

__all__ = ["number_rows", "table_of"]

# Numbers of all tables are different: those of a table leave the same rest.
_PLACES = {table: place for place, table in enumerate(TABLES)}


def number_rows(table: str, native: Any) -> tuple[Any, Frame | None]:
    """Number the rows of a table, in a column more.

    Parameters
    ----------
    table
        The name of the table, which the numbers tell too.
    native
        A pandas frame, a Polars (lazy) frame or a DuckDB relation; it is left as it is.

    Returns
    -------
    tuple
        The numbered table, of the same engine, and what must live as long as it does.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.frames_numbered import number_rows, table_of
    >>> numbered, _ = number_rows("deals", pd.DataFrame({"deal_id": ["a", "b"]}))
    >>> [table_of(number) for number in numbered["kpikit_row"]]
    ['deals', 'deals']
    """
    many, place = len(_PLACES), _PLACES[table]
    engine = engines.engine_of(native)
    if engine == "pandas":
        return native.assign(**{ROW: np.arange(len(native), dtype="int64") * many + place}), None
    if engine == "polars":
        import polars as pl

        numbered = native.drop(ROW, strict=False).with_row_index(ROW)
        return numbered.with_columns(pl.col(ROW).cast(pl.Int64) * many + place), None
    others = ", ".join('"' + name.replace('"', '""') + '"' for name in native.columns if name != ROW)
    number = f"CAST((row_number() OVER () - 1) * {many} + {place} AS BIGINT) AS {ROW}"
    # Written down, for a query that runs twice may give its rows in another order.
    kept = wrap(native.project(f"{others}, {number}")).keep()
    assert isinstance(kept, LazyRows)
    return kept.rows.to_native(), kept


def table_of(number: int) -> str:
    """Name the table of a row by its number."""
    return list(_PLACES)[int(number) % len(_PLACES)]
