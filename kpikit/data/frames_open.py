"""Open a table of any engine as a `Frame`."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import pandas as pd

from kpikit.data.engines import convert, engine_of
from kpikit.data.frames import Frame
from kpikit.data.frames_lazy import LazyRows
from kpikit.data.frames_pandas import PandasRows
from kpikit.errors import DataError

__all__ = ["wrap", "wrap_like"]


def wrap(native: Any, *, lazy: bool | None = None) -> Frame:
    """Open a table of any engine as a `Frame`.

    Parameters
    ----------
    native
        A pandas frame, a Polars (lazy) frame or a DuckDB relation.
    lazy
        True takes the general path for pandas too; tests use it to compare both.

    Raises
    ------
    DataError
        If the table is of no known engine.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.frames_open import wrap
    >>> wrap(pd.DataFrame({"a": [1]})).columns
    ['a']
    """
    if isinstance(native, pd.DataFrame) and not lazy:
        return PandasRows(native)
    try:
        rows = nw.from_native(native).lazy()
    except TypeError as error:
        raise DataError(
            "frame",
            f"a {type(native).__name__} is not a table",
            "Tables are pandas frames, Polars frames or DuckDB relations",
        ) from error
    return LazyRows(rows)


def wrap_like(made: pd.DataFrame, native: Any, *, lazy: bool | None = None) -> Frame:
    """Open what was made in pandas as a `Frame` of the engine of another table, so that both can be joined.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.frames_open import wrap_like
    >>> wrap_like(pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [2]})).columns
    ['a']
    """
    engine = engine_of(native)
    if engine != "duckdb":
        return wrap(convert({"made": made}, engine)["made"], lazy=lazy)
    import pyarrow as pa

    # DuckDB finds the table by the name of the variable, and joins what is in one connection alone.
    arrow = pa.Table.from_pandas(made, preserve_index=False)  # noqa: F841
    return wrap(native.query("all_rows", "FROM arrow"))
