"""Numbers, money, shares and dates, held to what each language writes."""

from datetime import date

import pytest

from kpikit.errors import ParameterError
from kpikit.language import (
    LANGUAGES,
    MISSING,
    check_language,
    compact,
    count_word,
    day,
    month,
    number,
    percent,
    points,
    quantity,
    signed,
)

SPACE = "\xa0"


@pytest.mark.parametrize(
    ("value", "english", "indonesian"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1K", f"1{SPACE}rb"),
        (12_345, "12.3K", f"12,3{SPACE}rb"),
        (999_949, "999.9K", f"999,9{SPACE}rb"),
        (999_950, "1M", f"1{SPACE}jt"),
        (1_416_888, "1.4M", f"1,4{SPACE}jt"),
        (1_250_000_000, "1.3B", f"1,3{SPACE}M"),
        (2_000_000_000_000, "2T", f"2{SPACE}T"),
        (-45_000, "−45K", f"−45{SPACE}rb"),
    ],
)
def test_compact_numbers_use_each_languages_letters(value, english, indonesian):
    assert (compact(value), compact(value, "id")) == (english, indonesian)


def test_m_is_million_in_english_and_milliard_in_indonesian():
    assert compact(3e6, "en").endswith("M") and compact(3e9, "id").endswith("M")
    assert not compact(3e6, "id").endswith("M")


@pytest.mark.parametrize(
    ("value", "currency", "language", "text"),
    [
        (1416887.5, "USD", "en", "$1,416,888"),
        (1416887.5, "USD", "id", "US$1.416.888"),
        (25_000, "IDR", "id", "Rp25.000"),
        (-1234.5, "USD", "en", "−$1,235"),
        (2.35, "USD", "en", "$2.35"),
        (0, "USD", "en", "$0"),
        (1500, "", "en", "1,500"),
    ],
)
def test_money(value, currency, language, text):
    assert quantity(value, "money", currency=currency, language=language).replace(SPACE, "") == text


@pytest.mark.parametrize(
    ("value", "unit", "english", "indonesian"),
    [
        (0.36842, "share", "36.8%", "36,8%"),
        (35.0, "days", "35 days", "35 hari"),
        (1.0, "days", "1 day", "1 hari"),
        (35.5, "days", "35.5 days", "35,5 hari"),
        (3.89, "years", "3.9 years", "3,9 tahun"),
        (12345, "count", "12,345", "12.345"),
    ],
)
def test_units(value, unit, english, indonesian):
    assert (quantity(value, unit), quantity(value, unit, language="id")) == (english, indonesian)


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf")])
def test_what_is_missing_is_a_dash_everywhere(missing):
    told = {number(missing), percent(missing), compact(missing), points(missing), signed(missing, number)}
    told |= {quantity(missing, unit, currency="USD") for unit in ("money", "share", "count", "days", "years")}
    assert told == {MISSING}


def test_compact_money_has_no_half_a_cent():
    written = [compact(value, currency="USD") for value in (907.9, 999.7, 99.94, 99.97, -100.4, 0)]
    assert written == ["$908", "$1K", "$99.9", "$100", "−$100", "$0"]


def test_what_nobody_can_read_is_cut():
    assert number(1e308) == "> 1,000,000,000,000,000,000"
    assert number(-1e308) == "< −1,000,000,000,000,000,000"
    assert percent(1e307).startswith("> 100,000,") and compact(1e308, currency="USD") == "$1000000T"
    assert [quantity(1e-308, unit, currency="USD") for unit in ("money", "share")] == ["$0.00", "0.0%"]


def test_halves_are_rounded_up_and_no_zero_is_negative():
    assert [number(value) for value in (0.5, 1.5, 2.5, -0.4)] == ["1", "2", "3", "0"]
    assert percent(0.125) == "13%"


def test_changes_carry_their_sign():
    assert signed(0.12, percent) == "+12%"
    assert signed(-0.12, percent) == "−12%"
    assert points(0.021, "id") == "+2,1 poin"


def test_dates():
    assert day(date(2026, 5, 1)) == "1 May 2026"
    assert day(date(2026, 5, 1), "id") == "1 Mei 2026"
    assert month(date(2026, 10, 1), "id") == "Okt 2026"
    assert month(date(2026, 10, 1), with_year=False) == "Oct"


def test_small_counts_are_words():
    assert [count_word(n) for n in (0, 1, 10, 11)] == ["none", "one", "ten", "11"]


def test_a_language_that_is_not_written_is_refused():
    assert [check_language(one) for one in LANGUAGES] == ["en", "id"]
    with pytest.raises(ParameterError, match="no language 'in'"):
        check_language("in")


def test_small_shares_keep_a_decimal_where_large_ones_are_short():
    told = [
        quantity(value, "share", is_compact=True)
        for value in (0.005, 0.01, 0.054, 0.0995, 0.1, 0.368, -0.063)
    ]
    assert told == ["0.5%", "1%", "5.4%", "10%", "10%", "37%", "−6.3%"]
