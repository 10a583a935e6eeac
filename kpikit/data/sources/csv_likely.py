"""What columns of a CSV file are likely to hold, and whether it can be believed once Arrow has read it so."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.frames import day_number

__all__ = ["LIKELY", "is_plain"]

LIKELY = {
    "number": pa.float64(),
    "date": pa.date32(),
    "word": pa.dictionary(pa.int32(), pa.string()),
}
"""Arrow's types by what is likely."""
_LARGE = 1e14  # what is larger, or no number, is shown as it is written
_FIRST, _LAST = day_number(date.min), day_number(date.max)


def is_plain(column: pa.ChunkedArray) -> bool:
    """Tell whether numbers or days hold nothing that has to be told as it is written."""
    if pa.types.is_floating(column.type):
        if pc.any(pc.is_nan(column)).as_py():
            return False
        ends = pc.min_max(column).as_py()
        return ends["min"] is None or (ends["min"] >= -_LARGE and ends["max"] <= _LARGE)
    ends = pc.min_max(column.cast(pa.int32())).as_py()
    return ends["min"] is None or (ends["min"] >= _FIRST and ends["max"] <= _LAST)
