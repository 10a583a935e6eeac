"""Numbers, money, shares and dates as each language writes them."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from babel import dates, numbers

from kpikit.errors import ParameterError, listing, suggest

__all__ = ["LANGUAGES", "MISSING", "check_language", "compact", "count_word", "day", "month", "number"]
__all__ += ["percent", "points", "quantity", "signed", "weekday"]

LANGUAGES = ("en", "id")
MISSING = "–"
MINUS = "\u2212"
_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LARGEST = 4  # thousands, millions, billions, trillions: what both languages abbreviate
_BEYOND = Decimal(10) ** 18  # nobody reads more digits


def check_language(language: str) -> str:
    """Give the code of a language that kpikit writes.

    Raises
    ------
    ParameterError
        If it is another one.

    Examples
    --------
    >>> from kpikit.language import check_language
    >>> check_language("id")
    'id'
    """
    if language not in LANGUAGES:
        near = suggest(str(language), LANGUAGES)
        raise ParameterError(
            "language", f"no language '{language}'", f"Languages: {listing(LANGUAGES)}", near
        )
    return language


def number(value: float | None, language: str = "en", places: int = 0) -> str:
    """Write a number, rounded half up; a missing one is a dash.

    Examples
    --------
    >>> from kpikit.language import number
    >>> number(12345.5), number(12345.5, "id", 2), number(None)
    ('12,346', '12.345,50', '–')
    """
    return _write(value, places, lambda v: numbers.format_decimal(v, _digits(places), locale=language))


def percent(value: float | None, language: str = "en", places: int = 0) -> str:
    """Write a share of 1 in per cent.

    Examples
    --------
    >>> from kpikit.language import percent
    >>> percent(0.3684, "id", 1), percent(1.5)
    ('36,8%', '150%')
    """
    return _write(
        value, places + 2, lambda v: numbers.format_percent(v, _digits(places) + "%", locale=language)
    )


def points(value: float | None, language: str = "en") -> str:
    """Write a difference of two shares in percentage points.

    Examples
    --------
    >>> from kpikit.language import points
    >>> points(-0.0555)
    '−5.6 points'
    """
    if _is_missing(value):
        return MISSING
    unit = "poin" if language == "id" else "points"
    return f"{signed(value * 100, lambda v: number(v, language, 1))} {unit}"


def compact(value: float | None, language: str = "en", currency: str | None = None) -> str:
    r"""Write a number, or money, in at most four digits; `M` is million in English, milliard in Indonesian.

    Examples
    --------
    >>> from kpikit.language import compact
    >>> compact(1_416_888, "en", "USD"), compact(999_950)
    ('$1.4M', '1M')
    >>> compact(1_416_888, "id").replace("\xa0", " "), compact(1.2e9, "id").replace("\xa0", " ")
    ('1,4 jt', '1,2 M')
    """

    def write(v: Decimal) -> str:
        if currency is None:
            return numbers.format_compact_decimal(v, locale=language, fraction_digits=1)
        return numbers.format_compact_currency(v, currency, locale=language, fraction_digits=1)

    if _is_missing(value):
        return MISSING
    # The thousands are chosen after rounding, so that 999,950 is 1M and not 1000K.
    exact = max(-_BEYOND, min(_BEYOND, Decimal(str(value))))
    power = 0 if abs(exact) < 1 else min(int(abs(exact).log10()) // 3, _LARGEST)
    scale = Decimal(1000) ** power
    places = 0 if power == 0 and abs(exact) >= 100 else 1
    return _write(float(_round(exact / scale, places) * scale), 1, write)


def quantity(
    value: float | None,
    unit: str,
    *,
    currency: str = "",
    language: str = "en",
    is_compact: bool = False,
) -> str:
    """Write a value of a KPI in its unit.

    Parameters
    ----------
    value
        The value; shares as 0 to 1.
    unit
        `money`, `share`, `count`, `times`, `hours`, `days` or `years`.
    currency, language
        The code of the currency, for money; `en` or `id`.
    is_compact
        Abbreviate large amounts and counts, as on an axis.

    Examples
    --------
    >>> from kpikit.language import quantity
    >>> quantity(1416888.2, "money", currency="USD"), quantity(0.368, "share"), quantity(35, "days")
    ('$1,416,888', '36.8%', '35 days')
    >>> quantity(2.96, "times"), quantity(1.5, "hours", language="id")
    ('3.0×', '1,5 jam')
    """
    if _is_missing(value):
        return MISSING
    if unit == "share":
        # Of small shares a whole per cent would hide the difference.
        is_whole = abs(value) >= 0.0995 or math.isclose(value * 100, round(value * 100), abs_tol=1e-9)
        return percent(value, language, 0 if is_compact and is_whole else 1)
    if unit == "money":
        return compact(value, language, currency) if is_compact else _money(value, currency, language)
    if unit == "times":
        return f"{number(value, language, 1)}×"
    if unit in ("hours", "days", "years"):
        places = 1 if unit == "years" or value % 1 else 0
        return f"{number(value, language, places)} {_span(unit, value, language)}"
    return compact(value, language) if is_compact else number(value, language, 1 if value % 1 else 0)


def signed(value: float | None, write: Callable[[float], str]) -> str:
    """Write a change with its sign.

    Examples
    --------
    >>> from kpikit.language import percent, signed
    >>> signed(0.118, percent), signed(-0.118, percent), signed(0.0001, percent)
    ('+12%', '−12%', '0%')
    """
    if _is_missing(value):
        return MISSING
    size = write(abs(value))
    if not any(digit in size for digit in "123456789"):
        return size
    return f"{'+' if value > 0 else MINUS}{size}"


def day(value: date, language: str = "en") -> str:
    """Write a date.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.language import day
    >>> day(date(2026, 8, 5)), day(date(2026, 8, 5), "id")
    ('5 Aug 2026', '5 Agu 2026')
    """
    return dates.format_date(value, "d MMM y", locale=language)


def month(value: date, language: str = "en", *, with_year: bool = True) -> str:
    """Write the month of a date.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.language import month
    >>> month(date(2026, 8, 5)), month(date(2026, 8, 5), "id", with_year=False)
    ('Aug 2026', 'Agu')
    """
    return dates.format_date(value, "MMM y" if with_year else "MMM", locale=language)


def weekday(place: int, language: str = "en") -> str:
    """Name a day of the week, of which 0 is Monday.

    Examples
    --------
    >>> from kpikit.language import weekday
    >>> weekday(0), weekday(6, "id")
    ('Monday', 'Minggu')
    """
    return dates.get_day_names("wide", locale=language)[place]


def count_word(count: int) -> str:
    """Write a small count in words, as in a sentence.

    Examples
    --------
    >>> from kpikit.language import count_word
    >>> count_word(3), count_word(25), count_word(0)
    ('three', '25', 'none')
    """
    return _WORDS[count] if 0 <= count < len(_WORDS) else str(count)


def _money(value: float, currency: str, language: str) -> str:
    if not currency:
        return number(value, language)
    # Small amounts keep their cents: a price of $2.35 is not $2.
    places = 2 if 0 < abs(value) < 100 else 0
    pattern = numbers.Locale.parse(language).currency_formats["standard"].pattern
    plain = pattern.replace("0.00", _digits(places).removeprefix("#,##"))
    return _write(
        value,
        places,
        lambda v: numbers.format_currency(v, currency, plain, locale=language, currency_digits=False),
    )


def _span(unit: str, value: float, language: str) -> str:
    if language == "id":
        return {"hours": "jam", "days": "hari", "years": "tahun"}[unit]
    return unit.removesuffix("s") if value == 1 else unit


def _digits(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _write(value: float | None, places: int, write: Callable[[Decimal], str]) -> str:
    if _is_missing(value):
        return MISSING
    exact = Decimal(str(float(value)))
    rounded = _round(max(-_BEYOND, min(_BEYOND, exact)), places)
    text = f"{MINUS if rounded < 0 else ''}{write(abs(rounded))}"
    return text if abs(exact) <= _BEYOND else f"{'<' if rounded < 0 else '>'} {text}"


def _round(value: Decimal, places: int) -> Decimal:
    with localcontext() as context:
        context.prec, context.rounding = 60, ROUND_HALF_UP
        return value.quantize(Decimal(1).scaleb(-places))


def _is_missing(value: Any) -> bool:
    return value is None or value != value or (isinstance(value, float) and math.isinf(value))
