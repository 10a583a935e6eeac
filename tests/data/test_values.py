from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pytest

from kpikit.data.mapping import Writing
from kpikit.data.values import convert_values, shown


class Refused(Exception):
    """What could not be converted: the first value, and what is told of it."""

    def __init__(self, value, bads):
        super().__init__(value)
        self.value, self.bads = value, bads
        self.fault, self.hint, self.check = bads[0].fault, bads[0].hint, bads[0].check
        self.place, self.count = bads[0].place, bads[0].count


def convert(values, kind, *, zone="UTC", type=None, **written):
    bads = []
    array = pa.chunked_array([pa.array(values, type)])
    writing = Writing(zone=ZoneInfo(zone), **written)
    series = convert_values(array, kind, writing, bads)
    if bads:
        raise Refused(shown(array, bads[0].place), bads)
    if kind == "moment":
        series = series.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif kind in ("date", "month"):
        assert (series.dropna() == series.dropna().dt.normalize()).all()
        series = series.dt.strftime("%Y-%m-%d")
    return [None if one != one else one for one in series.astype(object)]


def refused(values, kind, **written):
    with pytest.raises(Refused) as caught:
        convert(values, kind, **written)
    return caught.value


# Ids and texts


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (["2.0", "3", None], ["2", "3", None]),
        (["2.0", "A3"], ["2.0", "A3"]),
        (["2.5", "3.0"], ["2.5", "3.0"]),
        (["007", "7"], ["007", "7"]),
        (["007", "7.0"], ["007", "7"]),
        (["-1.0"], ["-1"]),
        ([" 7 ", "NULL", "", "n/a"], ["7", None, None, None]),
        (["12345678901234567890.0"], ["12345678901234567890"]),
    ],
)
def test_ids_are_text_and_whole_numbers_have_no_decimals(written, read):
    assert convert(written, "id") == read


@pytest.mark.parametrize(
    ("typed", "type", "read"),
    [
        ([1, None, 9007199254740993], pa.int64(), ["1", None, "9007199254740993"]),
        ([2.0, float("nan"), None], pa.float64(), ["2", None, None]),
        ([2.5, 3.0], pa.float64(), ["2.5", "3"]),
        ([123456789012345.0, 1e15], pa.float64(), ["123456789012345", "1000000000000000"]),
        ([Decimal("2.00"), None], pa.decimal128(9, 2), ["2", None]),
        ([Decimal("2.50")], pa.decimal128(9, 2), ["2.50"]),
        (["a", None], pa.dictionary(pa.int8(), pa.string()), ["a", None]),
        (["a", "NULL"], pa.large_string(), ["a", None]),
        ([None, None], pa.null(), [None, None]),
        ([True], pa.bool_(), ["true"]),
        ([date(2026, 1, 5)], pa.date32(), ["2026-01-05"]),
        ([datetime(2026, 1, 5), None], pa.timestamp("us"), ["2026-01-05", None]),
        ([datetime(2026, 1, 5, 9)], pa.timestamp("s"), ["2026-01-05 09:00:00"]),
    ],
)
def test_typed_ids_are_written_as_csv_would_write_them(typed, type, read):
    assert convert(typed, "id", type=type) == read


def test_words_for_nothing_are_null_in_texts():
    words = ["NULL", "null", "NaN", "nan", "N/A", "n/a", "None", "-", "#N/A", "", " ", "NA", "none", "Null"]
    assert convert(words, "text") == [None] * 11 + ["NA", "none", "Null"]


def test_words_for_nothing_can_be_chosen_and_nothing_written_is_always_null():
    assert convert(["-", "NULL", ""], "text", nulls=["-"]) == [None, "NULL", None]


def test_text_keeps_what_is_inside_of_it():
    odd = ["a  b", "é\nü", "=1+1", "'; --", "a\u00a0", "👍🏽", "true", "2.0"]
    assert convert(odd, "text") == odd


@pytest.mark.parametrize("kind", ["text", "id", "number", "date"])
def test_a_zero_byte_is_refused_with_its_place(kind):
    bad = refused(["1", None, "a\0b"], kind)
    assert (bad.place, bad.check, bad.fault) == (
        2,
        "unreadable_value",
        "holds a zero byte, which no text has",
    )


def test_nested_values_are_refused():
    assert refused([[1]], "text").fault == "is neither text, number nor date"


# Numbers


@pytest.mark.parametrize(
    ("written", "read", "how"),
    [
        (["1", "-2.5", "+3", ".5", "5.", "1e3", "1E-2"], [1, -2.5, 3, 0.5, 5, 1000, 0.01], {}),
        (["1,5", "-2"], [1.5, -2], {"decimal": ","}),
        (["1.234,5", "1234,5", "1.234.567"], [1234.5, 1234.5, 1234567], {"decimal": ",", "thousands": "."}),
        (["1,234.5", "12,34,567"], [1234.5, 1234567], {"thousands": ","}),
        (["1 234,5", "1\u00a0234", "1\u202f234"], [1234.5, 1234, 1234], {"decimal": ",", "thousands": " "}),
        (["NULL", "", "NaN"], [None, None, None], {}),
        (["nan"], [None], {}),
    ],
)
def test_numbers_are_read_as_the_mapping_writes_them(written, read, how):
    assert convert(written, "number", **how) == read


@pytest.mark.parametrize(
    ("written", "how", "read"),
    [
        ("$5", {}, 5.0),
        ("US$ 5.25", {}, 5.25),
        ("5 USD", {}, 5.0),
        ("$ 1 250", {"thousands": " "}, 1250.0),
        ("$\u00a01\u202f250", {"thousands": " "}, 1250.0),
        ("(120)", {}, -120.0),
        ("$(1,250.50)", {"thousands": ","}, -1250.5),
        ("(Rp 1.250,50)", {"decimal": ",", "thousands": ".", "currency": "IDR"}, -1250.5),
        ("Rp1.000.000", {"decimal": ",", "thousands": ".", "currency": "IDR"}, 1e6),
        ("1 250,75 €", {"decimal": ",", "thousands": " ", "currency": "EUR"}, 1250.75),
        ("120-", {}, -120.0),
        ("−120", {}, -120.0),
        ("- $5", {}, -5.0),
        ("+5", {}, 5.0),
        ("1'234.5", {"thousands": "'"}, 1234.5),
        ("-1.5e-3", {}, -0.0015),
        ("1.5e-3", {"thousands": ","}, 0.0015),
        ("(1e-3)", {}, -0.001),
        ("S$5", {"currency": "SGD"}, 5.0),
        ("$5", {"currency": "SGD"}, 5.0),
        ("RM 5", {"currency": "MYR"}, 5.0),
        ("5 kr", {"currency": "SEK"}, 5.0),
        ("-R 5", {"currency": "ZAR"}, -5.0),
    ],
)
def test_amounts_are_read_as_accountants_write_them(written, how, read):
    assert convert([written, "1"], "number", **how) == [read, 1.0]


@pytest.mark.parametrize("written", ["€5", "5 EUR", "A$5", "Rp 5", "JPY 5", "5 kr"])
def test_an_amount_in_another_currency_is_told_as_one(written):
    bad = refused(["1", written], "number")
    assert (bad.check, bad.place, bad.fault) == ("foreign_currency", 1, "is not an amount in USD")


@pytest.mark.parametrize(
    ("serial", "read"),
    [
        ("1", "1900-01-01"),
        ("59", "1900-02-28"),
        ("61", "1900-03-01"),
        ("25569", "1970-01-01"),
        ("45992", "2025-12-01"),
        ("45992.99", "2025-12-01"),
        ("2958465", "9999-12-31"),
    ],
)
def test_serial_numbers_of_a_spreadsheet_are_days(serial, read):
    assert convert([serial], "date", dates="excel") == [read]
    assert convert([float(serial)], "date", dates="excel") == [read]


def test_a_fraction_of_a_serial_number_is_a_time_of_day():
    assert convert(["45992.5", "45992.75"], "moment", dates="excel") == [
        "2025-12-01 12:00:00",
        "2025-12-01 18:00:00",
    ]


@pytest.mark.parametrize("serial", ["0", "-1", "60", "60.5", "2958466", "1e5", "abc", "2025-12-01"])
def test_what_is_no_serial_number_is_refused(serial):
    assert refused(["45992", serial], "date", dates="excel").place == 1


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("ten", {}),
        ("1,5", {}),
        ("1,234.5", {}),
        ("1.5", {"decimal": ","}),
        ("1,5", {"thousands": ","}),
        ("1,23,4", {"thousands": ","}),
        (",234", {"thousands": ","}),
        ("1.23.456", {"decimal": ",", "thousands": "."}),
        ("1,23,456,789", {"thousands": ","}),
        ("1.2.3", {}),
        ("0x10", {}),
        ("1_000", {}),
        ("1e", {}),
        ("--1", {}),
        ("$", {}),
        ("(5", {}),
        ("(-5)", {}),
        ("-5-", {}),
        ("5 apples", {}),
        ("$5$ 5", {}),
        ("NAN", {}),
        ("-nan", {}),
        ("nan", {"nulls": []}),
        ("٣", {}),
    ],
)
def test_what_is_not_a_number_is_refused_with_its_place(written, how):
    bad = refused(["1", written, written], "number", **how)
    assert (bad.place, bad.count, bad.value, bad.fault) == (1, 2, written, "is not a number")


@pytest.mark.parametrize("written", ["inf", "-inf", "Infinity", "1e999"])
def test_infinite_numbers_are_refused(written):
    assert refused(["1", written], "number").fault == "is not a finite number"


@pytest.mark.parametrize("written", ["1e308", "-1e308", "461168601842739", "9" * 300])
def test_numbers_that_cannot_be_summed_exactly_are_refused(written):
    bad = refused(["1", "461168601842738", written], "number")
    assert (bad.place, bad.fault) == (2, "is too large: numbers go up to 461,168,601,842,738")
    assert refused([1.0, float(written)], "number").place == 1


def test_the_hint_says_how_numbers_are_written():
    assert refused(["x"], "number").hint == (
        "numbers are written with the decimal sign '.' and no thousands sign (decimal, thousands)"
    )
    assert refused(["x"], "number", decimal=",", thousands=".").hint == (
        "numbers are written with the decimal sign ',' and the thousands sign '.' (decimal, thousands)"
    )


@pytest.mark.parametrize(
    ("typed", "type", "read"),
    [
        ([1, None], pa.int32(), [1.0, None]),
        ([1.5, float("nan")], pa.float32(), [1.5, None]),
        ([Decimal("1.50"), None], pa.decimal128(9, 2), [1.5, None]),
        (["1.5", "NULL"], pa.string(), [1.5, None]),
        ([None], pa.null(), [None]),
    ],
)
def test_typed_numbers_are_taken_as_they_are(typed, type, read):
    assert convert(typed, "number", type=type) == read


@pytest.mark.parametrize(
    ("typed", "type"),
    [([True], pa.bool_()), ([date(2026, 1, 5)], pa.date32()), ([float("inf")], pa.float64())],
)
def test_other_types_are_no_numbers(typed, type):
    assert "number" in refused(typed, "number", type=type).fault


# Days and moments


@pytest.mark.parametrize(
    ("written", "read", "how"),
    [
        (["2026-01-05", "NULL"], ["2026-01-05", None], {}),
        (["2011-05-31 00:00:00.000", "2011-05-31T00:00", "2011-05-31"], ["2011-05-31"] * 3, {}),
        (
            ["2014-09-12 11:15:07.2630000", "9999-12-31", "0001-01-01"],
            ["2014-09-12", "9999-12-31", "0001-01-01"],
            {},
        ),
        (["31/12/2025"], ["2025-12-31"], {"dates": "%d/%m/%Y"}),
        (["20251231"], ["2025-12-31"], {"dates": "%Y%m%d"}),
        (["05/01/26 13:30"], ["2026-01-05"], {"dates": "%d/%m/%y %H:%M"}),
    ],
)
def test_dates_are_read_as_the_mapping_writes_them(written, read, how):
    assert convert(written, "date", **how) == read


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("2026-02-30", {}),
        ("2026-13-01", {}),
        ("31/12/2025", {}),
        ("20260105", {}),
        ("2026-1-5", {}),
        ("2026-01", {}),
        ("5", {}),
        ("today", {}),
        ("2026-01-05 25:00", {}),
        ("0000-01-01", {}),
        ("2026-01-05", {"dates": "%d/%m/%Y"}),
        ("12/31/2025", {"dates": "%d/%m/%Y"}),
    ],
)
def test_what_is_not_a_date_is_refused_with_its_place(written, how):
    good = "05/01/2026" if how else "2026-01-05"
    bad = refused([good, None, written], "date", **how)
    assert (bad.place, bad.count, bad.value, bad.fault) == (2, 1, written, "is not a date")


@pytest.mark.parametrize("written", ["now", "today", "Today", "NOW", " now "])
@pytest.mark.parametrize("how", [None, "%d/%m/%Y", "%Y-%m-%d %z", "excel"])
def test_the_day_of_reading_is_no_date(written, how):
    assert refused([None, written], "date", dates=how).fault == "is not a date"


def test_the_hint_says_how_dates_are_written():
    assert refused(["x"], "date").hint == "dates are written as 2026-01-31 (dates: '%d/%m/%Y' for 31/01/2026)"
    assert refused(["x"], "date", dates="%Y%m%d").hint.startswith("dates are written as %Y%m%d (")


def test_months_are_read_with_and_without_a_day():
    assert convert(["2026-01", "2026-02-01", "2026-03-31", None], "month") == [
        "2026-01-01",
        "2026-02-01",
        "2026-03-01",
        None,
    ]


def test_moments_keep_their_time():
    assert convert(["2026-01-05 10:36", "2026-01-05T10:36:07.5", "2026-01-05"], "moment") == [
        "2026-01-05 10:36:00",
        "2026-01-05 10:36:07",
        "2026-01-05 00:00:00",
    ]


def test_moments_with_a_zone_are_put_on_the_clock_of_the_dataset():
    written = ["2026-01-05T20:00:00Z", "2026-01-05 20:00+02:00", "2026-01-05 20:00", None]
    read = ["2026-01-06 03:00:00", "2026-01-06 01:00:00", "2026-01-05 20:00:00", None]
    assert convert(written, "moment", zone="Asia/Jakarta") == read
    assert convert(written, "date", zone="Asia/Jakarta") == ["2026-01-06", "2026-01-06", "2026-01-05", None]
    assert convert(["05/01/2026 20:00 +0000"], "moment", zone="Asia/Jakarta", dates="%d/%m/%Y %H:%M %z") == [
        "2026-01-06 03:00:00"
    ]
    written = ["2026-01-05 20:00 UTC", "2026-01-05 20:00 EST"]
    read = ["2026-01-06 03:00:00", "2026-01-06 08:00:00"]
    assert convert(written, "moment", zone="Asia/Jakarta", dates="%Y-%m-%d %H:%M %Z") == read


@pytest.mark.parametrize(
    ("typed", "type"),
    [
        ([date(2026, 1, 5), None], pa.date32()),
        ([date(2026, 1, 5), None], pa.date64()),
        ([datetime(2026, 1, 5, 0, 0), None], pa.timestamp("ns")),
        ([datetime(2026, 1, 5, 20, 0), None], pa.timestamp("s")),
        ([datetime(2026, 1, 4, 20, 0), None], pa.timestamp("us", tz="UTC")),
    ],
)
def test_typed_dates_are_taken_as_they_are(typed, type):
    assert convert(typed, "date", type=type, zone="Asia/Jakarta") == ["2026-01-05", None]


def test_numbers_are_no_dates():
    assert refused([20260105], "date", type=pa.int64()).fault == "is not a date"


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [
        ("id", "str"),
        ("text", "str"),
        ("number", "float64"),
        ("date", "datetime64[s]"),
        ("month", "datetime64[s]"),
        ("moment", "datetime64[us]"),
    ],
)
@pytest.mark.parametrize("values", [[], [None], [""]])
def test_empty_columns_have_the_type_of_their_kind(kind, dtype, values):
    array = pa.chunked_array([pa.array(values, pa.string())])
    read = convert_values(array, kind, Writing())
    assert str(read.dtype) == dtype
    assert read.isna().all()
    assert isinstance(read, pd.Series)


def test_a_long_or_odd_value_is_shown_on_one_line():
    assert refused(["a\nb" + "c" * 100], "number").value == "a\\nb" + "c" * 56 + "…"


# Words that come again and again


@pytest.mark.parametrize("kind", ["id", "text"])
def test_words_in_a_dictionary_are_read_as_texts_are(kind):
    words = [" 7.0", "8", None, "NULL", "8", " 7.0", ""]
    parts = [pa.array(words[:4]).dictionary_encode(), pa.array(words[4:]).dictionary_encode()]
    writing, bads = Writing(), []
    read = convert_values(pa.chunked_array(parts), kind, writing, bads)
    plain = convert_values(pa.chunked_array([pa.array(words)]), kind, writing, bads)
    assert bads == [] and read.dtype == plain.dtype
    pd.testing.assert_series_equal(read, plain)


def test_a_word_that_is_too_long_is_told_at_each_row():
    long = "x" * 40_000
    values = pa.chunked_array([pa.array(["a", long, None, long]).dictionary_encode()])
    bads = []
    read = convert_values(values, "text", Writing(), bads)
    assert bads[0].wrong.tolist() == [False, True, False, True]
    assert [one if one == one else None for one in read] == ["a", None, None, None]


def test_days_that_are_typed_are_read_as_days():
    written = [date(1, 1, 1), None, date(1969, 12, 31), date(9999, 12, 31)]
    read = convert_values(pa.chunked_array([pa.array(written, pa.date32())]), "date", Writing())
    assert read.dtype == "datetime64[s]"
    assert [None if pd.isna(one) else one.date() for one in read] == written
