"""What is written as CSV is read as it was written."""

import csv

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.calendars import FIRST_DAY, LAST_DAY
from kpikit.data.dataset import load
from kpikit.data.mapping import NULL_WORDS
from kpikit.data.values import LARGEST
from tests.data.conftest import plain

BLANKS = " \t\n\r\x0b\x0c"
# Text files have no surrogates, and zero bytes are the mark of a file that is no text.
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
ODD = st.sampled_from(
    ['"', '""', ",", "a\nb", "a\r\nb", "\n", "#", "007", "2.0", "é", "👍🏽", "'", "\\", "-", "=1", ";"]
)
TEXT = st.one_of(ANY, ODD, st.lists(ODD, max_size=3).map("".join))
DAYS = st.one_of(st.none(), st.dates(FIRST_DAY, LAST_DAY))
NUMBERS = st.one_of(st.none(), st.floats(-LARGEST, LARGEST), st.integers(-(10**9), 10**9).map(float))
ROWS = st.lists(st.tuples(TEXT, TEXT, DAYS, NUMBERS), max_size=8)


def read_back(text: str) -> str | None:
    trimmed = text.strip(BLANKS)
    return None if trimmed in ("", *NULL_WORDS) else trimmed


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("round")


@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;|\t"),
    ending=st.sampled_from(["\n", "\r\n"]),
    quoting=st.booleans(),
)
def test_random_tables_come_back(place, rows, delimiter, ending, quoting):
    # Older versions of the csv module leave a lone carriage return unquoted, which nobody could read back.
    quoting = quoting or any("\r" in text for row in rows for text in row[:2])
    with (place / "orders.csv").open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(
            opened,
            delimiter=delimiter,
            lineterminator=ending,
            quoting=csv.QUOTE_ALL if quoting else csv.QUOTE_MINIMAL,
        )
        writer.writerow(["order_id", "product", "order_date", "amount", "customer_id"])
        for number, (product, customer, day, amount) in enumerate(rows):
            writer.writerow(
                [f"O{number}", product, day or "", "" if amount is None else repr(amount), f"#{customer}#"]
            )
    sign = "tab" if delimiter == "\t" else delimiter
    (place / "dataset.yaml").write_text(f"tables: {{orders: {{file: orders.csv, delimiter: '{sign}'}}}}")
    table = plain(load(place), "orders")
    expected = pd.DataFrame(
        {
            "order_id": pd.Series([f"O{number}" for number in range(len(rows))], dtype="str"),
            "order_date": pd.Series(
                [str(day) if day else None for _, _, day, _ in rows], dtype="datetime64[s]"
            ),
            "customer_id": pd.Series([f"#{customer}#" for _, customer, _, _ in rows], dtype="str"),
            "amount": pd.Series([amount for _, _, _, amount in rows], dtype="float64"),
            "product": pd.Series([read_back(product) for product, _, _, _ in rows], dtype="str"),
        }
    )
    pd.testing.assert_frame_equal(table, expected)
