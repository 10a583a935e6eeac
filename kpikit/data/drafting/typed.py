"""Typed columns as the texts that loading makes of them."""

from __future__ import annotations

import pyarrow as pa

from kpikit.data.mapping import Writing
from kpikit.data.values import Bad, convert_texts

__all__ = ["as_texts"]


def as_texts(table: pa.Table) -> tuple[dict[str, list[str]], frozenset[str]]:
    """Give each column as texts, "" where there is nothing, and name the columns that are numbers by type.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from kpikit.data.drafting.typed import as_texts
    >>> columns, numbers = as_texts(pa.table({"id": ["A", None], "amount": [1.5, 2.0]}))
    >>> columns, sorted(numbers)
    ({'id': ['A', ''], 'amount': ['1.5', '2']}, ['amount'])
    """
    columns, numbers = {}, set()
    for name, column in zip(table.column_names, table.columns, strict=True):
        bads: list[Bad] = []
        try:
            texts = convert_texts(column, "text", Writing(nulls=()), bads).to_pylist()
        except pa.ArrowException:  # a type that is not read
            texts = [None] * len(column)
        columns[name] = ["" if one is None else one for one in texts]
        kind = column.type
        if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
            numbers.add(name)
    return columns, frozenset(numbers)
