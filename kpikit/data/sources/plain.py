"""Columns of a database as plain ones: types that only it knows, and codes in place of texts, are undone."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["plain_table"]

_DIGITS = 38  # of a decimal


def plain_table(table: pa.Table) -> pa.Table:
    """Give a table of plain texts, numbers and dates.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from kpikit.data.sources.plain import plain_table
    >>> coded = pa.table({"region": pa.array(["Bali", "Java"]).dictionary_encode()})
    >>> plain_table(coded).schema
    region: string
    """
    for place, field in enumerate(table.schema):
        column, kind = table.column(place), field.type
        if isinstance(kind, pa.UuidType):
            column = pa.chunked_array([[one and str(one) for one in column.to_pylist()]], pa.string())
        elif isinstance(kind, pa.BaseExtensionType):
            column = pa.chunked_array([one.storage for one in column.chunks], kind.storage_type)
            if isinstance(kind, pa.OpaqueType) and kind.type_name == "numeric":
                column = _decimals(column)
        elif pa.types.is_dictionary(kind):
            column = column.cast(kind.value_type)
        table = table.set_column(place, field.name, column)
    return table


def _decimals(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Read numbers that came as text, if each has a place in a decimal; NaN has none, and stays."""
    places = pc.binary_length(pc.replace_substring_regex(texts, r"^[^.]*\.?", ""))
    try:
        return texts.cast(pa.decimal128(_DIGITS, pc.max(places).as_py() or 0))
    except pa.ArrowException:
        return texts
