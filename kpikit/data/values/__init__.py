"""From values as they are written to the kinds of the contract: ids, texts, numbers, days and moments."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.frames import day_number
from kpikit.data.mapping.writing import Writing
from kpikit.data.values.dates import as_pandas, read_moments
from kpikit.data.values.faults import Bad, refuse, shown
from kpikit.data.values.numbers import LARGEST, read_numbers
from kpikit.data.values.texts import clean_text, ids, plain

__all__ = [
    "DTYPES",
    "LARGEST",
    "Bad",
    "as_pandas",
    "convert_texts",
    "convert_values",
    "ids",
    "shown",
]

DTYPES = {"number": "float64", "date": "datetime64[s]", "month": "datetime64[s]", "moment": "datetime64[us]"}
"""The dtype of a column by its kind; ids and texts are `str`."""
_FIRST, _LAST = day_number(date.min), day_number(date.max)


def convert_values(
    values: pa.ChunkedArray, kind: str, writing: Writing, bads: list[Bad] | None = None
) -> pd.Series:
    """Convert the values of a column to a kind of the contract.

    Parameters
    ----------
    values
        As read from a file: texts, or typed by their source.
    kind
        `id`, `text`, `number`, `date`, `month` or `moment`.
    writing
        How dates, numbers and missing values are written; moments with a zone of their own are moved to its.
    bads
        Takes what cannot be converted, which is null in the result.

    Returns
    -------
    pandas.Series
        Of dtype `str`, `float64`, `datetime64[s]` (days) or `datetime64[us]` (moments).

    Examples
    --------
    >>> import pyarrow as pa
    >>> from kpikit.data.mapping import Writing
    >>> from kpikit.data.values import convert_values
    >>> written = pa.chunked_array([["1.234,50", "NULL", "(1.000)"]])
    >>> convert_values(written, "number", Writing(decimal=",", thousands=".")).tolist()
    [1234.5, nan, -1000.0]
    """
    bads = [] if bads is None else bads
    if kind in ("id", "text"):
        return as_pandas(_in_one_piece(convert_texts(values, kind, writing, bads)))
    values = plain(values, bads)
    if kind == "number":
        return pd.Series(read_numbers(values, writing, bads), dtype="float64")
    if pa.types.is_date32(values.type) and kind == "date":
        return _days(values, bads)
    moments = read_moments(values, kind, writing, bads)
    if kind == "month":
        moments = moments.dt.to_period("M").dt.to_timestamp()
    if kind == "moment":
        return moments.astype(DTYPES[kind])
    days = moments.astype(DTYPES[kind])
    return days if (days.dt.normalize() == days).all() else days.dt.normalize()


def _days(values: pa.ChunkedArray, bads: list[Bad]) -> pd.Series:
    """Convert days that their source has typed."""
    days = values.cast(pa.int32())
    known = pc.fill_null(days, 0) if days.null_count else days
    ends = pc.min_max(known).as_py()
    numbers = known.to_numpy().astype("int64")
    moments = np.multiply(numbers, 86_400, out=numbers).view("datetime64[s]")
    if ends["min"] is not None and (ends["min"] < _FIRST or ends["max"] > _LAST):
        beyond = pc.or_(pc.less(known, _FIRST), pc.greater(known, _LAST)).to_numpy()
        refuse(bads, "unparseable_date", beyond, "is not a date", "give a date of the years 1 to 9999")
        moments[beyond] = np.datetime64("NaT", "s")
    if days.null_count:
        moments[pc.is_null(days).to_numpy()] = np.datetime64("NaT", "s")
    return pd.Series(moments)


def convert_texts(values: pa.ChunkedArray, kind: str, writing: Writing, bads: list[Bad]) -> pa.ChunkedArray:
    """Convert the values of a column of ids or texts, and leave them in Arrow's form."""
    if pa.types.is_dictionary(values.type):
        return _of_words(values, kind, writing, bads)
    if kind == "id":
        return ids(values, writing.nulls, bads)
    return clean_text(plain(values, bads), writing.nulls, bads)


def _of_words(values: pa.ChunkedArray, kind: str, writing: Writing, bads: list[Bad]) -> pa.ChunkedArray:
    """Convert words that come again and again: each once."""
    parts = values.unify_dictionaries().chunks
    if not parts:
        return pa.chunked_array([], pa.large_string())
    codes = pa.chunked_array([part.indices for part in parts])
    found: list[Bad] = []
    words = convert_texts(pa.chunked_array([parts[0].dictionary]), kind, writing, found)
    for bad in found:
        wrong = pc.fill_null(pc.take(pa.array(bad.wrong), codes), False).to_numpy()
        refuse(bads, bad.check, wrong, bad.fault, bad.hint)
    return pa.chunked_array([words.combine_chunks().take(codes.combine_chunks())])


def _in_one_piece(text: pa.ChunkedArray) -> pa.ChunkedArray:
    """Put texts one after the other, so that they can be kept as they are."""
    return text if text.num_chunks < 2 else pa.chunked_array([pa.concat_arrays(text.chunks)])
