"""Columns that the mapping computes from others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpikit.data.contract import TABLES
from kpikit.data.mapping import Expression
from kpikit.data.reading.parts import Part
from kpikit.data.values import as_pandas

__all__ = ["compute"]


def compute(part: Part, column: str, expression: Expression) -> pd.Series:
    """Work a computed column out, row by row.

    A number that one of its columns lacks, or a division by zero, gives null; a text is joined of the parts
    that are there, and null where none is.
    """
    if TABLES[part.table][column].kind == "number":
        return _number(part, column, expression)
    texts: list[pd.Series] = []

    def text(name: str) -> pd.Series:
        texts.append(_column(part, name, ""))
        return texts[-1].fillna("")

    made = expression.work_out(text)
    if not texts:
        return pd.Series([made], dtype="str").repeat(len(part)).reset_index(drop=True)
    nothing = np.logical_and.reduce([one.isna().to_numpy() for one in texts])
    made = made.str.strip()
    return made.mask(nothing | (made == "").to_numpy())


def _number(part: Part, column: str, expression: Expression) -> pd.Series:
    def number(name: str) -> np.ndarray:
        return _column(part, name, column).to_numpy(dtype="float64")

    with np.errstate(all="ignore"):
        made = np.broadcast_to(np.asarray(expression.work_out(number), dtype="float64"), len(part)).copy()
    made[~np.isfinite(made)] = np.nan
    return pd.Series(made)


def _column(part: Part, name: str, wanted: str) -> pd.Series:
    """Give an operand: a column of the file, a helper, or a column of the contract that is made by now."""
    if name in part.raw:
        return part.converted(name, name, "number") if wanted else as_pandas(part.texts(name))
    if name not in part.columns:
        part.source.require(name, f"compute {wanted or 'texts'} from columns of the file")
    return part.columns[name] if wanted else part.columns[name].astype("str")
