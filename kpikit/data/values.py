"""From values as they are written to the kinds of the contract: ids, texts, numbers, days and moments."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.frames import SCALE
from kpikit.data.mapping import TableFile

__all__ = ["LARGEST", "BadValueError", "clean_text", "convert_values", "ids"]

DTYPES = {"number": "float64", "date": "datetime64[s]", "month": "datetime64[s]", "moment": "datetime64[us]"}
LARGEST = 2**62 // SCALE
"""The largest number that is read: money is summed exactly, in whole smallest parts, up to here."""
MOST_LETTERS = 32_767  # what a cell of a spreadsheet holds
_SIGNED = r"^[-+]?"
_EXPONENT = r"(?:[eE][-+]?\d{1,3})?$"
_DAY = r"^\d{4}-\d{2}-\d{2}"
_CLOCK = r"(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?"
_OFFSET = r"(?: ?(?:Z|[-+]\d{2}:?\d{2}))$"
_BLANKS = ("\u00a0", "\u202f")


class BadValueError(Exception):
    """A value that cannot be what its column holds: its place, how many there are, and what to do."""

    def __init__(self, wrong: np.ndarray, values: pa.ChunkedArray, fault: str, hint: str) -> None:
        self.place, self.count = int(wrong.argmax()), int(wrong.sum())
        self.value = _shown(values[self.place].as_py())
        self.fault, self.hint = fault, hint
        super().__init__(fault)


def convert_values(values: pa.ChunkedArray, kind: str, source: TableFile, zone: ZoneInfo) -> pd.Series:
    """Convert the values of a column to a kind of the contract.

    Parameters
    ----------
    values
        As read from a file: texts, or typed by Parquet.
    kind
        `id`, `text`, `number`, `date`, `month` or `moment`.
    source
        How dates, numbers and missing values are written.
    zone
        Where the clock of moments stands; moments with a zone of their own are moved to it.

    Returns
    -------
    pandas.Series
        Of dtype `str`, `float64`, `datetime64[s]` (days) or `datetime64[us]` (moments).

    Raises
    ------
    BadValueError
        At the first value that is not of the kind.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from zoneinfo import ZoneInfo
    >>> from kpikit.data.mapping import TableFile
    >>> from kpikit.data.values import convert_values
    >>> written = pa.chunked_array([["1.234,50", "NULL"]])
    >>> source = TableFile(file="orders.csv", decimal=",", thousands=".")
    >>> convert_values(written, "number", source, ZoneInfo("UTC")).tolist()
    [1234.5, nan]
    """
    values = _plain(values)
    if kind == "id":
        return _as_pandas(ids(values, source.nulls))
    if kind == "text":
        return _as_pandas(clean_text(values, source.nulls))
    if kind == "number":
        return _numbers(values, source)
    moments = _moments(values, kind, source, zone)
    if kind == "month":
        moments = moments.dt.to_period("M").dt.to_timestamp()
    if kind != "moment":
        moments = moments.dt.normalize()
    return moments.astype(DTYPES[kind])


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Undo what only saves space: dictionaries, and the second kinds of text and bytes."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_large_string(values.type) or pa.types.is_string_view(values.type):
        return values.cast(pa.string())
    if pa.types.is_null(values.type):
        return values.cast(pa.string())
    if (
        pa.types.is_nested(values.type)
        or pa.types.is_binary(values.type)
        or pa.types.is_large_binary(values.type)
    ):
        wrong = pc.is_valid(values).to_numpy()
        if wrong.any():
            raise BadValueError(wrong, values, "is neither text, number nor date", "write plain values")
        return pa.nulls(len(values), pa.string())
    return values


def clean_text(values: pa.ChunkedArray, nulls: list[str]) -> pa.ChunkedArray:
    """Write values as text without blanks around it; words for nothing become null.

    Raises
    ------
    BadValueError
        At a value that is longer than any cell.
    """
    if not pa.types.is_string(values.type):
        return _written(values)
    text = pc.ascii_trim_whitespace(values)
    if (pc.max(pc.binary_length(text)).as_py() or 0) > MOST_LETTERS:
        long = pc.fill_null(pc.greater(pc.utf8_length(text), MOST_LETTERS), False).to_numpy()
        hint = "see whether a quote is opened there and closed too late"
        _refuse(long, values, f"has more than {MOST_LETTERS:,} letters", hint)
    nothing = pc.is_in(text, value_set=pa.array(["", *nulls], pa.string()))
    return pc.if_else(nothing, pa.scalar(None, pa.string()), text)


def ids(values: pa.ChunkedArray, nulls: list[str]) -> pa.ChunkedArray:
    """Write ids as text; `2.0` in a column of whole numbers is `2`, and leading zeros stay."""
    text = clean_text(_plain(values), nulls)
    if (
        pc.any(pc.ends_with(text, ".0")).as_py()
        and pc.all(pc.match_substring_regex(text, r"^-?\d+(\.0)?$")).as_py()
    ):
        text = pc.replace_substring_regex(text, r"\.0$", "")
    return text


def _written(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_decimal(values.type):
        whole = pc.all(pc.equal(pc.floor(values), values)).as_py()
        text = values.cast(pa.string())
        return pc.replace_substring_regex(text, r"\.0+$", "") if whole else text
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, values.type), values)
        is_whole = pc.all(
            pc.and_(pc.equal(pc.floor(values), values), pc.less(pc.abs(values), 2.0**53))
        ).as_py()
        return (values.cast(pa.int64()) if is_whole else values).cast(pa.string())
    return values.cast(pa.string())


def _numbers(values: pa.ChunkedArray, source: TableFile) -> pd.Series:
    hint = f"numbers are written with the decimal sign '{source.decimal}'"
    hint += f" and the thousands sign '{source.thousands}'" if source.thousands else " and no thousands sign"
    hint += " (decimal, thousands)"
    if pa.types.is_string(values.type):
        numbers = _read_numbers(values, source, hint)
    elif (
        pa.types.is_floating(values.type)
        or pa.types.is_integer(values.type)
        or pa.types.is_decimal(values.type)
    ):
        numbers = values.cast(pa.float64(), safe=False).to_numpy()
    else:
        _refuse(pc.is_valid(values).to_numpy(), values, "is not a number", "give a column of numbers")
        numbers = np.full(len(values), np.nan)
    _refuse(np.isinf(numbers), values, "is not a finite number", "leave it empty")
    # One comparison for both sides; what is missing is not beyond.
    beyond = np.abs(numbers) > LARGEST
    _refuse(
        beyond, values, f"is too large: numbers go up to {LARGEST:,}", "state them in thousands or millions"
    )
    return pd.Series(numbers, dtype="float64")


def _read_numbers(values: pa.ChunkedArray, source: TableFile, hint: str) -> np.ndarray:
    text = clean_text(values, source.nulls)
    if source.decimal == "." and not source.thousands:
        try:
            numbers = text.cast(pa.float64())
        except pa.ArrowInvalid:
            pass
        else:
            # What Arrow reads as not a number is a word, and nobody said that it means nothing.
            is_word = pc.fill_null(pc.is_nan(numbers), False).to_numpy()
            _refuse(is_word, values, "is not a number", hint)
            return numbers.to_numpy()
    if source.thousands == " ":
        for blank in _BLANKS:
            text = pc.replace_substring(text, blank, " ")
    sign, thousands = (f"\\{one}" if one.strip() else one for one in (source.decimal, source.thousands))
    whole = rf"(?:\d+|\d{{1,3}}(?:{thousands}\d{{2,3}})*{thousands}\d{{3}})" if thousands else r"\d+"
    shape = rf"{_SIGNED}(?:{whole}(?:{sign}\d*)?|{sign}\d+){_EXPONENT}"
    is_number = pc.fill_null(pc.match_substring_regex(text, shape), True).to_numpy()
    _refuse(~is_number, values, "is not a number", hint)
    if thousands:
        text = pc.replace_substring(text, source.thousands, "")
    return pc.replace_substring(text, source.decimal, ".").cast(pa.float64()).to_numpy()


def _moments(values: pa.ChunkedArray, kind: str, source: TableFile, zone: ZoneInfo) -> pd.Series:
    written = source.dates or ("2026-01, 2026-01-31" if kind == "month" else "2026-01-31")
    hint = f"dates are written as {written} (dates: '%d/%m/%Y' for 31/01/2026)"
    if pa.types.is_date(values.type):
        moments = values.cast(pa.timestamp("s")).to_pandas()
    elif pa.types.is_timestamp(values.type):
        moments = _local(values.to_pandas(), zone)
    elif not pa.types.is_string(values.type):
        _refuse(pc.is_valid(values).to_numpy(), values, "is not a date", "give a column of dates or texts")
        return pd.Series(np.full(len(values), "NaT"), dtype="datetime64[us]")
    else:
        text = clean_text(values, source.nulls)
        moments = _formatted(text, source.dates, zone) if source.dates else _iso(text, kind, zone)
        _refuse(pc.is_valid(text).to_numpy() & moments.isna().to_numpy(), values, "is not a date", hint)
    moments = pd.Series(moments).astype("datetime64[us]")
    years = moments.dt.year
    _refuse(((years < 1) | (years > 9999)).to_numpy(), values, "is not a date", hint)
    return moments


def _local(moments: pd.Series, zone: ZoneInfo) -> pd.Series:
    """Put moments with a time zone on the clock of the dataset's."""
    return moments.dt.tz_convert(zone).dt.tz_localize(None) if getattr(moments.dtype, "tz", None) else moments


def _formatted(text: pa.ChunkedArray, form: str, zone: ZoneInfo) -> pd.Series:
    has_zone = "%z" in form
    moments = pd.to_datetime(_as_pandas(text), format=form, errors="coerce", utc=has_zone)
    return _local(moments, zone)


def _iso(text: pa.ChunkedArray, kind: str, zone: ZoneInfo) -> pd.Series:
    try:
        return text.cast(pa.timestamp("us")).to_pandas()
    except pa.ArrowInvalid:
        pass
    if kind == "month":
        is_month = pc.match_substring_regex(text, r"^\d{4}-\d{2}$")
        text = pc.if_else(is_month, pc.binary_join_element_wise(text, "01", "-"), text)
    # A seventh digit of a second would make pandas count nanoseconds, in which the year 9999 has no place.
    text = pc.replace_substring_regex(text, r"(\.\d{6})\d+", r"\1")
    plain, zoned = (
        _as_pandas(
            pc.if_else(
                pc.match_substring_regex(text, _DAY + _CLOCK + end), text, pa.scalar(None, pa.string())
            )
        )
        for end in ("$", _OFFSET)
    )
    moments = pd.to_datetime(plain, format="ISO8601", errors="coerce").astype("datetime64[us]")
    if zoned.notna().any():
        moved = _local(pd.to_datetime(zoned, format="ISO8601", errors="coerce", utc=True), zone)
        moments = moments.fillna(moved.astype("datetime64[us]"))
    return moments


def _as_pandas(text: pa.ChunkedArray) -> pd.Series:
    return pd.Series(text.to_pandas(), dtype="str")


def _refuse(wrong: np.ndarray, values: pa.ChunkedArray, fault: str, hint: str) -> None:
    if wrong.any():
        raise BadValueError(wrong, values, fault, hint)


def _shown(value: object) -> str:
    """Show a value on one line, cut where it is long."""
    text = repr(str(value))[1:-1]
    return text if len(text) <= 60 else f"{text[:60]}…"
