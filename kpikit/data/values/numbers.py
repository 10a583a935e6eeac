"""Numbers: with decimals and thousands, currency signs, and minus signs as accountants write them."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.frames import SCALE
from kpikit.data.mapping.writing import Writing
from kpikit.data.values.faults import Bad, refuse
from kpikit.data.values.texts import clean_text, nothing_where

__all__ = ["LARGEST", "read_numbers"]

LARGEST = 2**62 // SCALE
"""The largest number that is read: money is summed exactly, in whole smallest parts, up to here."""
_EXPONENT = r"(?:[eE][-+]?\d{1,3})?"
_BLANKS = ("\u00a0", "\u202f")
_FOREIGN = r"[A-Z]{0,3}\p{Sc}|[A-Z]{3}|Rp\.?|kr\.?|zł|RM|Fr\."
_OWN = {
    "IDR": ("Rp", "Rp."),
    "USD": ("US$", "$"),
    "SGD": ("S$", "$"),
    "MYR": ("RM",),
    "PLN": ("zł",),
    "CHF": ("Fr.",),
    "ZAR": ("R",),
} | dict.fromkeys(("SEK", "NOK", "DKK"), ("kr", "kr."))
_MINUS = "[-−]"


def read_numbers(values: pa.ChunkedArray, writing: Writing, bads: list[Bad]) -> np.ndarray:
    """Read numbers as 64-bit floats, NaN for what is missing.

    `(120)`, `120-` and `−120` are −120; the signs of the dataset's currency may stand before or behind.
    """
    kind = values.type
    if pa.types.is_large_string(kind):
        numbers = _from_text(values, writing, bads)
    elif pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        numbers = values.cast(pa.float64(), safe=False).to_numpy()
    else:
        wrong = pc.is_valid(values).to_numpy()
        refuse(bads, "unparseable_number", wrong, "is not a number", "give a column of numbers")
        return np.full(len(values), np.nan)
    # One comparison for both sides; what is missing is not beyond.
    beyond = np.abs(numbers) > LARGEST
    if beyond.any():
        endless = np.isinf(numbers)
        refuse(bads, "unparseable_number", endless, "is not a finite number", "leave it empty")
        told = f"is too large: numbers go up to {LARGEST:,}"
        refuse(bads, "unparseable_number", beyond, told, "state them in thousands or millions")
        numbers = np.where(beyond, np.nan, numbers)
    return numbers


def _from_text(values: pa.ChunkedArray, writing: Writing, bads: list[Bad]) -> np.ndarray:
    text = clean_text(values, writing.nulls, bads)
    if writing.decimal == "." and not writing.thousands:
        try:
            numbers = text.cast(pa.float64())
        except pa.ArrowInvalid:
            pass
        else:
            # What Arrow reads as not a number is a word, and nobody said that it means nothing.
            found = numbers.to_numpy()
            if numbers.null_count == 0 and not np.isnan(found).any():
                return found
            is_word = pc.fill_null(pc.is_nan(numbers), False).to_numpy()
            refuse(bads, "unparseable_number", is_word, "is not a number", _hint(writing))
            return found
    percent = None
    if writing.has_percent:
        percent = pc.fill_null(pc.match_substring_regex(text, r"%\s*$"), False).to_numpy()
        text = pc.replace_substring_regex(text, r"\s*%\s*$", "")
    if writing.thousands == " ":
        for blank in _BLANKS:
            text = pc.replace_substring(text, blank, " ")
    number = _shape(writing)
    own = "|".join(re.escape(sign) for sign in _signs_of(writing.currency))
    is_number = _matches(text, rf"^(?:{_around(number, own)})$")
    foreign = ~is_number & _matches(text, rf"^(?:{_around(number, _FOREIGN)})$")
    told, hint = f"is not an amount in {writing.currency}", "convert the amounts, or leave these rows out"
    refuse(bads, "foreign_currency", foreign, told, hint)
    refuse(bads, "unparseable_number", ~is_number, "is not a number", _hint(writing))
    text = nothing_where(text, ~is_number)
    if own:
        text = pc.replace_substring_regex(text, own, "")
    # A minus sign within an exponent is no sign of the number.
    whole = pc.replace_substring_regex(text, r"[eE][-+]?\d+", "")
    is_minus = pc.fill_null(pc.match_substring_regex(whole, "[-−(]"), False).to_numpy()
    text = pc.replace_substring_regex(text, r"^[\s(+−-]+|[\s)−-]+$", "")
    if writing.thousands:
        text = pc.replace_substring(text, writing.thousands, "")
    numbers = pc.replace_substring(text, writing.decimal, ".").cast(pa.float64()).to_numpy()
    numbers = np.where(is_minus, -numbers, numbers)
    return numbers if percent is None else np.where(percent, numbers / 100, numbers)


def _matches(text: pa.ChunkedArray, shape: str) -> np.ndarray:
    return pc.fill_null(pc.match_substring_regex(text, shape), True).to_numpy()


def _shape(writing: Writing) -> str:
    """A number without its sign: whole groups of thousands, and decimals."""
    sign, thousands = (re.escape(one) for one in (writing.decimal, writing.thousands))
    whole = r"\d+"
    if thousands:
        whole += rf"|\d{{1,3}}(?:{thousands}\d{{3}})+"
    if thousands == ",":  # lakhs and crores: 1,23,456
        whole += r"|\d{1,2}(?:,\d{2})+,\d{3}"
    whole = f"(?:{whole})"
    return rf"(?:{whole}(?:{sign}\d*)?|{sign}\d+){_EXPONENT}"


def _around(number: str, sign: str) -> str:
    """A number with its minus sign and the sign of a currency, in the orders that people write."""
    money = rf"(?:(?:{sign})\s*)?" if sign else ""
    behind = rf"(?:\s*(?:{sign}))?" if sign else ""
    plus = r"(?:[-+−]\s*)?"
    return (
        rf"{plus}{money}{number}{behind}|{money}{plus}{number}{behind}"
        rf"|{money}{number}{behind}\s*{_MINUS}|\(\s*{money}{number}{behind}\s*\)|{money}\(\s*{number}\s*\){behind}"
    )


@cache
def _signs_of(currency: str) -> tuple[str, ...]:
    """The signs by which people write a currency, the longest first: US$, USD, $."""
    from babel.numbers import get_currency_symbol

    found = {currency}
    for language in ("en", "en_US", "id", "en_GB"):
        symbol = get_currency_symbol(currency, locale=language)
        found |= {symbol, symbol.lstrip("".join(letter for letter in symbol if letter.isalpha())) or symbol}
    found |= set(_OWN.get(currency, ()))
    return tuple(sorted(filter(None, found), key=lambda sign: (-len(sign), sign)))


def _hint(writing: Writing) -> str:
    hint = f"numbers are written with the decimal sign '{writing.decimal}'"
    thousands = f" and the thousands sign '{writing.thousands}'" if writing.thousands else ""
    return f"{hint}{thousands or ' and no thousands sign'} (decimal, thousands)"
