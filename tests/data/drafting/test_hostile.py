"""Whatever stands in headers and values, a draft is YAML that reads back to what was meant."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pyarrow as pa
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from kpikit.data.documents import read_document
from kpikit.data.drafting import draft
from kpikit.data.drafting.scalars import comment, scalar
from kpikit.errors import DataError

SIGNS = [
    ": ",
    "#",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "&a",
    "*a",
    "!tag",
    "|",
    ">",
    "'",
    '"',
    "%",
    "@",
    "\n",
    "\t",
    "🎯",
    "\u2028",
    "\x85",
]
ORDERS = ["Order No", "Order Date", "Customer", "Amount"]


def written(path: Path, header: list[str], rows: list[list[str]], **manner) -> Path:
    with path.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened, **manner)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def orders(count: int = 30) -> list[list[str]]:
    return [[f"O{n}", f"2025-01-{n % 28 + 1:02d}", f"C{n % 4}", f"{n}.5"] for n in range(count)]


texts = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=60)


@given(texts)
def test_any_text_reads_back_from_yaml(text):
    line = f"key: {scalar(text)}  {comment(text)}\nafter: 1\n"
    assert yaml.safe_load(line) == {"key": text, "after": 1}


@given(texts)
def test_any_text_reads_back_as_a_key(text):
    assert yaml.safe_load(f"{scalar(text)}: null  {comment(text)}\n") == {text: None}


@pytest.mark.parametrize("sign", SIGNS)
def test_signs_of_yaml_in_a_header_and_in_values_are_kept(tmp_path, sign):
    # Around a name that is known, in a product of two spellings, and in a column of no meaning.
    header = [*ORDERS, f"{sign}Product{sign}", f"x{sign}y"]
    rows = [[*row, f"A{sign}B" if n % 3 else f"a{sign}b", "z"] for n, row in enumerate(orders())]
    made = draft([written(tmp_path / "orders.csv", header, rows)], folder=tmp_path)
    table = yaml.safe_load(made.text)["tables"]["orders"]
    assert table["columns"]["order_id"] == "Order No"
    if "product" in table["columns"]:
        assert table["columns"]["product"] == f"{sign}Product{sign}".strip()
        assert table["values"]["product"] == {f"a{sign}b": f"A{sign}B"}
    (tmp_path / "dataset.yaml").write_text(made.text, encoding="utf-8")
    assert read_document(tmp_path / "dataset.yaml").data == yaml.safe_load(made.text)


def test_most_signs_leave_the_product_known(tmp_path):
    # `&a`, `*a` and `!tag` bring letters of their own, so that the name is another one.
    for sign in [one for one in SIGNS if not any(letter.isalnum() for letter in one)]:
        rows = [[*row, "A"] for row in orders()]
        made = draft(
            [written(tmp_path / "orders.csv", [*ORDERS, f"{sign}Product{sign}"], rows)], folder=tmp_path
        )
        columns = yaml.safe_load(made.text)["tables"]["orders"]["columns"]
        assert columns["product"] == f"{sign}Product{sign}".strip(), sign


@given(st.lists(texts, min_size=1, max_size=6), st.integers(0, 10**6))
def test_any_headers_make_yaml(tmp_path_factory, headers, seed):
    folder = tmp_path_factory.mktemp("any")
    names = [*ORDERS, *headers]
    random.Random(seed).shuffle(names)
    rows = [[f"{n}{header[:1]}" for header in names] for n in range(5)]
    try:
        made = draft([written(folder / "orders.csv", names, rows)], folder=folder)
    except DataError:
        return
    (folder / "dataset.yaml").write_text(made.text, encoding="utf-8")
    assert read_document(folder / "dataset.yaml").data == yaml.safe_load(made.text)


def test_a_header_of_100_000_letters_is_met_in_time(tmp_path):
    long = "Very long name " * 7_000
    made = draft(
        [written(tmp_path / "orders.csv", [*ORDERS, long], [[*row, "1"] for row in orders()])],
        folder=tmp_path,
    )
    assert yaml.safe_load(made.text)["tables"]["orders"]["columns"]["amount"] == "Amount"
    assert len(made.text) < 5_000


def test_a_name_that_stands_twice_is_told_and_not_mapped(tmp_path):
    rows = [[*row, row[3]] for row in orders()]
    made = draft([written(tmp_path / "orders.csv", [*ORDERS, "Amount"], rows)], folder=tmp_path)
    assert "two columns have the name Amount: rename one" in made.text or "not used" in made.text
    tables = yaml.safe_load(made.text)["tables"]
    assert "amount" not in tables.get("orders", {}).get("columns", {})


def test_columns_without_a_name_are_passed_over(tmp_path):
    rows = [["", *row, ""] for row in orders()]
    made = draft([written(tmp_path / "orders.csv", ["", *ORDERS, ""], rows)], folder=tmp_path)
    assert set(yaml.safe_load(made.text)["tables"]["orders"]["columns"]) == {
        "order_id",
        "order_date",
        "customer_id",
        "amount",
    }


def test_old_text_of_windows_is_told_from_utf_8(tmp_path):
    path = tmp_path / "orders.csv"
    lines = [";".join([*ORDERS, "Product"]), *(";".join([*row, "Café"]) for row in orders())]
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    table = yaml.safe_load(draft([path], folder=tmp_path).text)["tables"]["orders"]
    assert (table["encoding"], table["delimiter"]) == ("cp1252", ";")


def test_parquet_is_read_by_its_own_types(tmp_path):
    columns = {name: [row[place] for row in orders()] for place, name in enumerate(ORDERS)}
    columns["Amount"] = [float(one) for one in columns["Amount"]]
    parquet.write_table(pa.table(columns), tmp_path / "orders.parquet")
    table = yaml.safe_load(draft([tmp_path / "orders.parquet"], folder=tmp_path).text)["tables"]["orders"]
    assert table["columns"]["amount"] == "Amount"


def test_files_of_other_folders_are_named_from_the_draft(tmp_path):
    (tmp_path / "in" / "a").mkdir(parents=True)
    path = written(tmp_path / "in" / "a" / "orders.csv", ORDERS, orders())
    made = yaml.safe_load(draft([path], folder=tmp_path / "out").text)
    assert (made["folder"], made["tables"]["orders"]["file"]) == ("../in/a", "orders.csv")


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("empty.csv", b"", "the file is empty"),
        ("blank.csv", b"\xef\xbb\xbf \r\n\r\n", "the file is empty"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 9, "this is no text"),
        ("noise.txt", bytes(range(256)) * 20, "this is no text"),
        ("book.docx", b"PK", "files of the kind '.docx' are not read"),
        ("bad.parquet", b"PAR1 no", "this is not a Parquet file"),
    ],
)
def test_files_that_cannot_be_read_are_told(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=told):
        draft([tmp_path / name], folder=tmp_path)


def test_a_header_alone_makes_a_draft_of_nothing(tmp_path):
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Amount\n")
    assert yaml.safe_load(draft([tmp_path / "orders.csv"], folder=tmp_path).text)["tables"] == {}


def test_no_file_a_folder_and_the_same_file_twice_are_told(tmp_path):
    path = written(tmp_path / "orders.csv", ORDERS, orders())
    for files, told in [
        ([], "no file is named"),
        ([tmp_path], "this is a folder"),
        ([tmp_path / "x.csv"], "no such file"),
        ([path, tmp_path / "." / "orders.csv"], "given twice"),
        ([Path("\0.csv")], "no such file|cannot be read"),
    ]:
        with pytest.raises(DataError, match=told):
            draft(files, folder=tmp_path)


@pytest.mark.parametrize(
    "word",
    ["yes", "NO", "null", "True", "on", "~", "", "12", "1.5", "2025-01-31", ".5", "=", "<<", "NaN", "y"],
)
def test_words_that_yaml_reads_as_something_else_are_quoted(word):
    assert scalar(word).startswith('"')
    assert yaml.safe_load(f"key: {scalar(word)}") == {"key": word}
