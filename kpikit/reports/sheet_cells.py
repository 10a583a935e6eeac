"""What a cell of a workbook holds, how it is shown, and what it cannot hold."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date

from kpikit.reports.results import COUNTS, FIGURES, RATIOS, TIMES

__all__ = ["MOST_COLUMNS", "MOST_ROWS", "fitting", "format_of", "typed", "width_of"]

# Of a sheet, and of a cell in units of UTF-16.
MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 1_048_576, 16_384, 32_767
_KEPT_LETTERS = 32_000
_DAYS = frozenset({"start", "end", "as_of", "date", "day", "deadline", "last_order"})
# Before March 1900 spreadsheets count a day that never was.
_FIRST_DAY = date(1900, 3, 1)
_UNITS = {
    "share": "0.0%",
    "times": '0.00"×"',
    "hours": '#,##0.0" h"',
    "days": '#,##0.0" d"',
    "years": '#,##0.0" y"',
}
# What XML cannot say at all; control signs are said by their numbers.
_NO_LETTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")
# Two such numbers that share a sign are read wrongly by spreadsheets.
_TWO_NUMBERS = re.compile(r"(_x[0-9a-fA-F]{4})(?=_x[0-9a-fA-F]{4}_)")
_NARROWEST, _WIDEST = 8, 48


def typed(column: str, text: str) -> str | float | date:
    """Give a cell of a table of results as a number, a day or a text.

    Examples
    --------
    >>> from kpikit.reports.sheet_cells import typed
    >>> typed("value", "-12.5000"), typed("rep", "007"), typed("start", "2026-07-01")
    (-12.5, '007', datetime.date(2026, 7, 1))
    """
    if column in FIGURES:
        try:
            value = float(text)
        except ValueError:
            return text
        return value if math.isfinite(value) else text
    if (column in _DAYS or column.endswith(("_on", "_date"))) and len(text) == 10:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            return text
        return day if day >= _FIRST_DAY else text
    return text


def format_of(column: str, unit: str, value: object, currency: str) -> str:
    """Give the number format of a cell: by the unit of its KPI, else by its column.

    Parameters
    ----------
    column
        The name of the column.
    unit
        The unit of the row's KPI where the column is in it; else empty.
    value
        What the cell holds.
    currency
        The dataset's, as its code.

    Examples
    --------
    >>> from kpikit.reports.sheet_cells import format_of
    >>> format_of("value", "money", 2.5, "USD"), format_of("attainment", "", 0.9, "USD")
    ('[$USD] #,##0.00', '0.0%')
    >>> format_of("business_days", "", 22.0, "USD")
    '#,##0'
    """
    if isinstance(value, date):
        return "yyyy-mm-dd"
    if not isinstance(value, float):
        return ""
    is_whole = value.is_integer()
    if unit == "money":
        from babel.numbers import get_currency_precision

        places = get_currency_precision(currency) if currency else 2
        number = "#,##0" + ("." + "0" * places if places else "")
        return f"[${currency}] {number}" if currency else number
    if unit == "count" or column in COUNTS:
        return "#,##0" if is_whole else "#,##0.00"
    if unit:
        return _UNITS.get(unit, "General")
    if column in TIMES:
        return "0.00"
    # A figure of an unknown unit is shown as it is.
    return "0.0%" if column in RATIOS else "General"


def fitting(text: str) -> tuple[str, str]:
    r"""Give a text as a cell can hold it, and what was done to it; nothing for nearly every text.

    Examples
    --------
    >>> from kpikit.reports.sheet_cells import fitting
    >>> fitting("Ann")
    ('Ann', '')
    >>> fitting("A\uffffB")[0] == r"A\uffffB"
    True
    """
    told = []
    if _NO_LETTERS.search(text):
        text = _NO_LETTERS.sub(lambda one: f"\\u{ord(one[0]):04x}", text)
        told.append("it has letters that no workbook can hold, written as \\uffff")
    if _TWO_NUMBERS.search(text):
        text = _TWO_NUMBERS.sub(r"\1 ", text)
        told.append("a blank stands in what spreadsheets would read as the number of a sign")
    if _size(text) > MOST_LETTERS:
        count = len(text)
        kept = text.encode("utf-16-le")[: 2 * _KEPT_LETTERS].decode("utf-16-le", "ignore")
        text = f"{kept}… [cut here: it has {count:,} letters, which results.csv has all]"
        told.append(f"cut, as a cell holds {MOST_LETTERS:,} letters: results.csv has all {count:,}")
    return text, "; ".join(told)


def _size(text: str) -> int:
    return len(text) + sum(one > "\uffff" for one in text) if len(text) > MOST_LETTERS // 2 else len(text)


def width_of(column: str, texts: Sequence[str]) -> int:
    """Give a column its width in letters: as its longest line needs, within bounds.

    Examples
    --------
    >>> from kpikit.reports.sheet_cells import width_of
    >>> width_of("rep", ["Ann", "Marcus D'Angelo"]), width_of("n", ["3"]), width_of("note", ["x" * 500])
    (17, 8, 48)
    """
    # A filter's button takes the room of three letters; a currency and its commas take some of a number's.
    longest = max((min(len(one), _WIDEST) for one in texts), default=0) + 2
    if column in FIGURES:
        longest += 4 if longest > 4 else 0
    return max(_NARROWEST, min(max(len(column) + 4, longest), _WIDEST))
