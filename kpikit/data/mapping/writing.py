"""How values are written: dates, numbers, words for nothing, and the encoding and delimiter of texts."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pandas as pd

__all__ = ["EXCEL", "NULL_WORDS", "Writing", "check_dates", "check_delimiter", "check_encoding"]

NULL_WORDS = ("NULL", "null", "NaN", "nan", "N/A", "n/a", "None", "-", "#N/A")
"""The words that stand for nothing where a mapping names no others."""
EXCEL = "excel"
"""The format of dates that are the serial numbers of a spreadsheet."""
_MOST_LETTERS = 255
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Writing:
    """How the values of one column are written.

    Parameters
    ----------
    dates
        A format as for strptime, `excel` for serial numbers, or None for ISO 8601.
    decimal, thousands
        The signs within numbers.
    nulls
        Words for nothing.
    currency
        The currency of the dataset, whose signs may stand at an amount.
    has_percent
        Whether a percentage stands for its hundredth part (60% for 0.6); else it is no number.
    zone
        Where the clock of moments stands.

    Examples
    --------
    >>> from kpikit.data.mapping import Writing
    >>> Writing(decimal=",", thousands=".").decimal
    ','
    """

    dates: str | None = None
    decimal: str = "."
    thousands: str = ""
    nulls: tuple[str, ...] = NULL_WORDS
    currency: str = "USD"
    has_percent: bool = False
    zone: ZoneInfo = _UTC


def check_dates(form: str) -> str:
    """Check a format of dates.

    Raises
    ------
    ValueError
        Saying what is wrong with it.
    """
    if form == EXCEL:
        return form
    if not re.search("%[YyGcx]", form) or len(form) > _MOST_LETTERS:
        raise ValueError("dates are written as for strptime, with a year: '%d/%m/%Y', or 'excel' for numbers")
    parts = re.findall("%.", form.replace("%%", ""))
    twice = next((part for place, part in enumerate(parts) if part in parts[:place]), None)
    if twice:
        raise ValueError(f"this is no format of dates ('{twice}' stands in it twice)")
    try:
        pd.to_datetime(["1"], format=form, errors="coerce")
    except (ValueError, re.error) as fault:
        raise ValueError(f"this is no format of dates ({str(fault).rstrip('.')})") from None
    return form


def check_delimiter(delimiter: str) -> str:
    """Check the sign that parts the values of a line.

    Raises
    ------
    ValueError
        If it is not one sign.
    """
    delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
    is_sign = len(delimiter) == 1 and delimiter.isascii() and not delimiter.isalnum()
    if not is_sign or delimiter in '"\r\n.':
        raise ValueError("a delimiter is one sign, such as ';', '|' or tab")
    return delimiter


def check_encoding(encoding: str) -> str:
    """Check the name of an encoding, and give the one that Python knows it by.

    Raises
    ------
    ValueError
        If no encoding of texts has this name.
    """
    try:
        "a".encode(encoding)
        return codecs.lookup(encoding).name
    except (LookupError, UnicodeError, ValueError):
        raise ValueError("no encoding has this name, such as utf-8, utf-16 or cp1252") from None
