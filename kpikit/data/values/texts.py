"""Ids and texts: without blanks around them, with words for nothing made null."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.values.faults import Bad, refuse

__all__ = ["MOST_LETTERS", "clean_text", "ids", "plain"]

MOST_LETTERS = 32_767
"""The longest text that is read: what a cell of a spreadsheet holds."""
TEXT = pa.large_string()
_BLANK = ord(" ")  # the blanks of ASCII are no larger


def plain(values: pa.ChunkedArray, bads: list[Bad]) -> pa.ChunkedArray:
    """Undo what only saves space: dictionaries, and the second kinds of text and bytes."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    kind = values.type
    if pa.types.is_string(kind) or pa.types.is_string_view(kind) or pa.types.is_null(kind):
        return values.cast(TEXT)
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        wrong = pc.is_valid(values).to_numpy()
        refuse(bads, "unreadable_value", wrong, "is neither text, number nor date", "write plain values")
        return pa.chunked_array([pa.nulls(len(values), TEXT)])
    return values


def clean_text(values: pa.ChunkedArray, nulls: Sequence[str], bads: list[Bad]) -> pa.ChunkedArray:
    """Write values as text without blanks around it; words for nothing become null."""
    if not pa.types.is_large_string(values.type):
        return _written(values)
    text = pc.ascii_trim_whitespace(values) if _has_blank_ends(values) else values
    text = _without_zeros(text, bads)
    lengths = pc.min_max(pc.binary_length(text)).as_py()
    if (lengths["max"] or 0) > MOST_LETTERS:
        long = pc.fill_null(pc.greater(pc.utf8_length(text), MOST_LETTERS), False)
        hint = "see whether a quote is opened there and closed too late"
        if refuse(bads, "unreadable_value", long.to_numpy(), f"has more than {MOST_LETTERS:,} letters", hint):
            text = pc.if_else(long, pa.scalar(None, TEXT), text)
    most = max((len(word.encode()) for word in nulls), default=0)
    if lengths["min"] is None or lengths["min"] > most:
        return text  # every value is longer than any word for nothing
    nothing = pc.is_in(text, value_set=pa.array(["", *nulls], TEXT))
    if not pc.any(nothing).as_py():
        return text
    return pc.if_else(nothing, pa.scalar(None, TEXT), text)


def _without_zeros(text: pa.ChunkedArray, bads: list[Bad]) -> pa.ChunkedArray:
    """Refuse texts with zero bytes, which end a text for half of the programs that read it."""
    # One look at all bytes is far cheaper than one at each text.
    if not any(_least_byte(chunk) == 0 for chunk in text.chunks):
        return text
    wrong = pc.fill_null(pc.match_substring(text, "\0"), False)
    if refuse(
        bads, "unreadable_value", wrong.to_numpy(), "holds a zero byte, which no text has", "remove it"
    ):
        text = pc.if_else(wrong, pa.scalar(None, TEXT), text)
    return text


def _least_byte(text: pa.Array) -> int:
    """The smallest byte of the buffer behind texts."""
    buffer = text.buffers()[2]
    return int(np.frombuffer(buffer, "u1").min()) if buffer is not None and buffer.size else 1


def _has_blank_ends(text: pa.ChunkedArray) -> bool:
    """Tell whether any text may begin or end with a blank; the first and last bytes are enough to see it."""
    for chunk in text.chunks:
        _, offsets, data = chunk.buffers()
        if len(chunk) == 0 or data is None or data.size == 0:
            continue
        ends = np.frombuffer(offsets, dtype="int64")[chunk.offset : chunk.offset + len(chunk) + 1]
        letters = np.frombuffer(data, dtype="u1")
        starts, stops = ends[:-1], ends[1:] - 1
        if not len(letters) or (letters[np.minimum(starts, len(letters) - 1)] <= _BLANK).any():
            return True
        if (letters[np.maximum(stops, 0)] <= _BLANK).any():
            return True
    return False


def ids(values: pa.ChunkedArray, nulls: Sequence[str], bads: list[Bad]) -> pa.ChunkedArray:
    """Write ids as text; `2.0` in a column of whole numbers is `2`, and leading zeros stay."""
    text = clean_text(plain(values, bads), nulls, bads)
    if (
        pc.any(pc.ends_with(text, ".0")).as_py()
        and pc.all(pc.match_substring_regex(text, r"^-?\d+(\.0)?$")).as_py()
    ):
        text = pc.replace_substring_regex(text, r"\.0$", "")
    return text


def _written(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_decimal(values.type):
        whole = pc.all(pc.equal(pc.floor(values), values)).as_py()
        text = values.cast(TEXT)
        return pc.replace_substring_regex(text, r"\.0+$", "") if whole else text
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
        is_whole = pc.all(
            pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 2.0**53))
        ).as_py()
        return (values.cast(pa.int64()) if is_whole else values).cast(TEXT)
    if pa.types.is_timestamp(values.type) and values.type.tz is None:
        days = values.cast(pa.date32(), safe=False)
        if pc.all(pc.equal(days.cast(values.type), values)).as_py() is not False:
            return days.cast(TEXT)
    return values.cast(TEXT)


def nothing_where(text: pa.ChunkedArray, wrong: np.ndarray) -> pa.ChunkedArray:
    """Blank the texts that are marked."""
    return pc.if_else(pa.array(wrong), pa.scalar(None, text.type), text)
