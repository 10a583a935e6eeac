"""Days and moments: ISO 8601, a format as for strptime, or the serial numbers of a spreadsheet."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.mapping.writing import EXCEL, Writing
from kpikit.data.values.faults import Bad, refuse
from kpikit.data.values.texts import TEXT, clean_text

__all__ = ["read_moments"]

_DAY = r"^\d{4}-\d{2}-\d{2}"
_CLOCK = r"(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?"
_OFFSET = r"(?: ?(?:Z|[-+]\d{2}:?\d{2}))$"
_EPOCH = 25_569  # the serial number of 1970-01-01 in a spreadsheet
_LEAP = 60  # the serial number of 1900-02-29, a day that never was
_LAST = 2_958_465  # the serial number of 9999-12-31
_MICROSECONDS = 86_400_000_000


def read_moments(values: pa.ChunkedArray, kind: str, writing: Writing, bads: list[Bad]) -> pd.Series:
    """Read moments on the clock of the dataset, NaT for what is missing."""
    written = writing.dates or ("2026-01, 2026-01-31" if kind == "month" else "2026-01-31")
    hint = f"dates are written as {written} (dates: '%d/%m/%Y' for 31/01/2026)"
    if pa.types.is_date(values.type):
        moments = values.cast(pa.timestamp("s")).to_pandas()
    elif pa.types.is_timestamp(values.type):
        moments = _local(values.to_pandas(), writing.zone)
    elif pa.types.is_large_string(values.type):
        text = clean_text(values, writing.nulls, bads)
        moments = _of_text(text, kind, writing)
        wrong = moments.isna().to_numpy()
        if text.null_count < wrong.sum():
            refuse(bads, "unparseable_date", wrong & pc.is_valid(text).to_numpy(), "is not a date", hint)
    elif writing.dates == EXCEL and (pa.types.is_floating(values.type) or pa.types.is_integer(values.type)):
        moments = _serial(values.cast(pa.float64()))
        wrong = moments.isna().to_numpy() & pc.is_valid(values).to_numpy()
        refuse(bads, "unparseable_date", wrong, "is not the serial number of a day", hint)
    else:
        wrong = pc.is_valid(values).to_numpy()
        is_number = pa.types.is_floating(values.type) or pa.types.is_integer(values.type)
        hint = "give a column of dates or texts"
        hint += ", or say that these are a spreadsheet's numbers (dates: excel)" if is_number else ""
        refuse(bads, "unparseable_date", wrong, "is not a date", hint)
        return pd.Series(np.full(len(values), "NaT"), dtype="datetime64[us]")
    moments = pd.Series(moments).astype("datetime64[us]")
    years = moments.dt.year
    beyond = ((years < 1) | (years > 9999)).to_numpy()
    if refuse(bads, "unparseable_date", beyond, "is not a date", hint):
        moments = moments.mask(beyond)
    return moments


def _of_text(text: pa.ChunkedArray, kind: str, writing: Writing) -> pd.Series:
    if writing.dates == EXCEL:
        is_number = pc.match_substring_regex(text, r"^\d{1,7}(?:\.\d*)?$")
        numbers = pc.if_else(is_number, text, pa.scalar(None, TEXT)).cast(pa.float64())
        return _serial(numbers)
    return _formatted(text, writing.dates, writing.zone) if writing.dates else _iso(text, kind, writing.zone)


def _serial(numbers: pa.ChunkedArray) -> pd.Series:
    """Count days from 1899-12-31, with the 29th of February of 1900 that spreadsheets believe in."""
    serial = numbers.to_numpy().astype("float64")
    known = (serial >= 1) & (serial < _LAST + 1) & ~((serial >= _LEAP) & (serial < _LEAP + 1))
    days = np.where(known, serial, _EPOCH) - _EPOCH + (serial < _LEAP)
    # Spreadsheets keep moments to the millisecond.
    moments = (np.round(days * _MICROSECONDS / 1000) * 1000).astype("int64").view("datetime64[us]")
    return pd.Series(np.where(known, moments, np.datetime64("NaT", "us")))


def _local(moments: pd.Series, zone: ZoneInfo) -> pd.Series:
    """Put moments with a time zone on the clock of the dataset's."""
    return moments.dt.tz_convert(zone).dt.tz_localize(None) if getattr(moments.dtype, "tz", None) else moments


def _formatted(text: pa.ChunkedArray, form: str, zone: ZoneInfo) -> pd.Series:
    has_zone = "%z" in form.lower()
    # Whatever the format, pandas takes these words for the moment at which it reads them.
    is_word = pc.match_substring_regex(text, r"^(?i:now|today)$")
    text = pc.if_else(is_word, pa.scalar(None, TEXT), text)
    moments = pd.to_datetime(as_pandas(text), format=form, errors="coerce", utc=has_zone)
    return _local(moments, zone)


def _iso(text: pa.ChunkedArray, kind: str, zone: ZoneInfo) -> pd.Series:
    try:
        return text.cast(pa.timestamp("us")).to_pandas()
    except pa.ArrowInvalid:
        pass
    if kind == "month":
        is_month = pc.match_substring_regex(text, r"^\d{4}-\d{2}$")
        text = pc.if_else(
            is_month, pc.binary_join_element_wise(text, pa.scalar("01", TEXT), pa.scalar("-", TEXT)), text
        )
    # A seventh digit of a second would make pandas count nanoseconds, in which the year 9999 has no place.
    text = pc.replace_substring_regex(text, r"(\.\d{6})\d+", r"\1")
    plain, zoned = (
        as_pandas(
            pc.if_else(pc.match_substring_regex(text, _DAY + _CLOCK + end), text, pa.scalar(None, TEXT))
        )
        for end in ("$", _OFFSET)
    )
    moments = pd.to_datetime(plain, format="ISO8601", errors="coerce").astype("datetime64[us]")
    if zoned.notna().any():
        moved = _local(pd.to_datetime(zoned, format="ISO8601", errors="coerce", utc=True), zone)
        moments = moments.fillna(moved.astype("datetime64[us]"))
    return moments


def as_pandas(text: pa.ChunkedArray) -> pd.Series:
    """Make a column of texts, of the dtype that pandas has for them."""
    return pd.Series(text.to_pandas(), dtype="str")
