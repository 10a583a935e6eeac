"""Columns that the mapping computes from others."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from kpikit.data.contract import TABLES
from kpikit.data.mapping import Expression
from kpikit.data.reading.parts import Part
from kpikit.data.values import Bad, as_pandas, convert_values
from kpikit.errors import DataError

__all__ = ["compute"]


def compute(part: Part, column: str, expression: Expression) -> pd.Series:
    """Work a computed column out, row by row.

    A number that one of its columns lacks, or a division by zero, gives null; so does an id that lacks a
    part, which would be another row's. A text is joined of the parts that are there, and null where none is.
    """
    kind = TABLES[part.table][column].kind
    if kind == "number":
        return _number(part, column, expression)
    texts: list[pd.Series] = []

    def text(name: str) -> pd.Series:
        texts.append(_column(part, name, ""))
        return texts[-1].fillna("")

    made = expression.work_out(text)
    if not texts:
        return pd.Series([made], dtype="str").repeat(len(part)).reset_index(drop=True)
    lacking = [one.isna().to_numpy() for one in texts]
    nothing = (np.logical_or if kind == "id" else np.logical_and).reduce(lacking)
    made = made.str.strip()
    return made.mask(nothing | (made == "").to_numpy())


def _number(part: Part, column: str, expression: Expression) -> pd.Series:
    def number(name: str) -> np.ndarray:
        return _column(part, name, column).to_numpy(dtype="float64")

    with np.errstate(all="ignore"):
        made = np.broadcast_to(np.asarray(expression.work_out(number), dtype="float64"), len(part)).copy()
    made[~np.isfinite(made)] = np.nan
    written = pa.chunked_array([pa.array(made, from_pandas=True)])
    return _read(part, f"{column} (computed)", written, column)


def _column(part: Part, name: str, wanted: str) -> pd.Series:
    """Give an operand: a column of the file, a helper, or a column of the contract that is made by now."""
    if name in part.raw:
        return part.converted(name, name, "number") if wanted else as_pandas(part.texts(name))
    if name not in part.columns:
        part.source.require(name, f"compute {wanted or 'texts'} from columns of the file")
    if not wanted:
        return as_pandas(part.written(name))
    kind = TABLES[part.table][name].kind
    if kind == "number":
        return part.columns[name]
    if kind not in ("id", "text"):
        fault = f"{wanted} is computed with {name}, which is a {kind}"
        raise DataError(f"load: compute of {part.table}", fault, "Numbers alone can be computed with")
    return _read(part, name, part.written(name), name)


def _read(part: Part, named: str, written: pa.ChunkedArray, column: str) -> pd.Series:
    """Read numbers, and tell those that are none, or too large."""
    bads: list[Bad] = []
    values = convert_values(written, "number", part.entry.writing(column, part.settings), bads)
    if bads:
        part.told(named, named, written, bads)
    return values
