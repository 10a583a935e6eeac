"""Workbooks: cells keep their types, rows are told as the spreadsheet shows them."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pytest

from kpikit.data.sources.opening import list_names, open_source
from kpikit.data.sources.place import Place
from kpikit.errors import DataError
from tests import workbooks
from tests.workbooks import ods_cell, ods_row, sheet, write_parts, write_xlsx, xls_number, xls_text

NEW_YEAR = 44927  # 2023-01-01 as a spreadsheet counts: days since 1899-12-30


def read(folder, name: str, **how) -> dict[str, list]:
    source = open_source(folder, Place(name, **how))
    return source.read([column for column in source.columns if column])[0].to_pydict()


def fault(folder, name: str, **how) -> str:
    with pytest.raises(DataError) as caught:
        open_source(folder, Place(name, **how))
    return str(caught.value)


@pytest.mark.parametrize("ending", [".xlsx", ".xlsm"])
def test_cells_keep_their_types(tmp_path, ending):
    rows = [
        ["id", "day", "moment", "text", "is_new", "formula"],
        [1, (NEW_YEAR, "date"), (NEW_YEAR + 0.5, "moment"), "a & b", True, "=x"],
        [2.5, (NEW_YEAR + 31, "date"), (NEW_YEAR + 0.25, "moment"), "é", False, "=y"],
    ]
    write_xlsx(tmp_path / f"a{ending}", rows)
    assert read(tmp_path, f"a{ending}") == {
        "id": [1.0, 2.5],
        "day": [date(2023, 1, 1), date(2023, 2, 1)],
        "moment": [datetime(2023, 1, 1, 12), datetime(2023, 1, 1, 6)],
        "text": ["a & b", "é"],
        "is_new": [True, False],
        "formula": ["x", "y"],
    }


def test_the_old_kind_keeps_types_too(tmp_path):
    cells = xls_text(0, 0, "id") + xls_text(0, 1, "day") + xls_text(0, 2, "text")
    cells += xls_number(1, 0, 7) + xls_number(1, 1, NEW_YEAR, 1) + xls_text(1, 2, "é")
    workbooks.write_xls(tmp_path / "a.xls", workbooks.xls_stream(cells))
    assert read(tmp_path, "a.xls") == {"id": [7.0], "day": [date(2023, 1, 1)], "text": ["é"]}


def test_open_document_keeps_types_too(tmp_path):
    rows = ods_row(ods_cell("id"), ods_cell("day"), ods_cell("text"))
    rows += ods_row(ods_cell(7), ods_cell("2023-01-01", "date"), ods_cell("é"))
    # As LibreOffice ends each sheet: the empty rest of it, repeated.
    rows += ods_row(ods_cell(None, repeated=16_384), repeated=1_048_574)
    write_parts(tmp_path / "a.ods", workbooks.ods_content(rows))
    assert read(tmp_path, "a.ods") == {"id": [7.0], "day": [date(2023, 1, 1)], "text": ["é"]}


def test_a_column_of_several_types_is_text_as_a_person_writes_it(tmp_path):
    mixed = [
        2.0,
        "A7",
        0.1 + 0.2,
        True,
        (NEW_YEAR, "date"),
        (NEW_YEAR + 0.5, "moment"),
        None,
        (0.25, "clock"),
    ]
    write_xlsx(tmp_path / "a.xlsx", [["mixed", "n"], *([value, 1] for value in mixed)])
    assert read(tmp_path, "a.xlsx")["mixed"] == [
        *("2", "A7", "0.3", "TRUE", "2023-01-01", "2023-01-01 12:00:00", None, "06:00:00")
    ]


def test_a_type_that_changes_far_down_makes_the_whole_column_text(tmp_path):
    rows = [["id", "number", "when"], *([place, 1, (NEW_YEAR, "date")] for place in range(5000))]
    rows += [["A", 2.5, (NEW_YEAR + 0.5, "moment")]]
    write_xlsx(tmp_path / "a.xlsx", rows)
    found = read(tmp_path, "a.xlsx")
    assert (found["id"][0], found["id"][4999], found["id"][5000]) == ("0", "4999", "A")
    assert found["number"][4999:] == [1.0, 2.5]
    assert found["when"][4999:] == [datetime(2023, 1, 1), datetime(2023, 1, 1, 12)]


def test_an_error_of_a_formula_is_nothing(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["id", "amount"], [1, "#N/A"], [2, 5]])
    assert read(tmp_path, "a.xlsx") == {"id": [1.0, 2.0], "amount": [None, 5.0]}


def test_rows_are_told_as_the_spreadsheet_shows_them(tmp_path):
    rows = [["Sales of 2023"], [], ["id", "amount"], [1, 10], [], [2, "ten"]]
    write_xlsx(tmp_path / "a.xlsx", rows)
    source = open_source(tmp_path, Place("a.xlsx", skip=1))
    table, numbers, skipped = source.read(["amount"])
    assert table.to_pydict() == {"amount": ["10", "ten"]}
    # Rows 4 and 6 of the sheet; row 5 is empty.
    assert source.lines(numbers) == ["row 4", "row 6"]
    assert skipped == 1
    assert str(source.fault(int(numbers[1]), "bad")) == "load: a.xlsx, row 6: bad."


def test_rows_are_told_where_the_sheet_begins_further_down_and_right(tmp_path):
    rows = [[], [], [None, None, "id"], [None, None, 1], [None, None, 2]]
    write_xlsx(tmp_path / "a.xlsx", rows)
    source = open_source(tmp_path, Place("a.xlsx"))
    assert [one for one in source.columns if one] == ["id"]
    table, numbers, _ = source.read(["id"])
    assert (table["id"].to_pylist(), source.lines(numbers)) == ([1.0, 2.0], ["row 4", "row 5"])


def test_empty_rows_after_the_last_are_not_told(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["id"], [1], [""], [""]])
    table, numbers, skipped = open_source(tmp_path, Place("a.xlsx")).read(["id"])
    assert (len(table), numbers.tolist(), skipped) == (1, [0], 0)


def test_a_header_may_be_a_number_or_a_date(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["id", 2023, (NEW_YEAR, "date")], [1, 2, 3]])
    assert open_source(tmp_path, Place("a.xlsx")).columns == ["id", "2023", "2023-01-01"]


def test_a_header_alone_is_an_empty_table(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["id", "amount"]])
    table, numbers, skipped = open_source(tmp_path, Place("a.xlsx")).read(["id"])
    assert (len(table), len(numbers), skipped) == (0, 0, 0)
    assert numbers.dtype == np.int64


def test_a_sheet_is_named_where_there_are_several(tmp_path):
    sheets = {"Orders": sheet([["id"], [1]]), "Deals": sheet([["id"], [2]])}
    write_parts(tmp_path / "a.xlsx", workbooks.parts(sheets))
    assert read(tmp_path, "a.xlsx", sheet="Deals") == {"id": [2.0]}
    assert fault(tmp_path, "a.xlsx") == (
        "load: a.xlsx: the workbook has more than one sheet. Sheets: Orders, Deals. "
        "Hint: name the sheet (sheet: …)."
    )
    assert fault(tmp_path, "a.xlsx", sheet="Order") == (
        "load: a.xlsx: there is no sheet 'Order'. Sheets: Orders, Deals. Hint: Did you mean 'Orders'?"
    )


def test_the_only_sheet_that_is_shown_is_read(tmp_path):
    sheets = {"Lists": sheet([["x"], [1]]), "Deals": sheet([["id"], [2]])}
    write_parts(tmp_path / "a.xlsx", workbooks.parts(sheets, hidden=["Lists"]))
    assert read(tmp_path, "a.xlsx") == {"id": [2.0]}
    assert read(tmp_path, "a.xlsx", sheet="Lists") == {"x": [1.0]}


def test_an_empty_sheet_is_told(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [])
    hint = "Hint: keep at least its header, a row of column names."
    assert fault(tmp_path, "a.xlsx") == f"load: a.xlsx: the sheet is empty. {hint}"


def test_two_columns_of_one_name_are_told(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["id", "id "], [1, 2]])
    assert fault(tmp_path, "a.xlsx") == (
        "load: a.xlsx: two columns have the name 'id'. Hint: rename or remove one of them."
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"", "the file is empty"),
        ("a.xls", b"", "the file is empty"),
        ("a.xlsx", b"id,amount\n1,2\n", "the file is not a workbook of the kind .xlsx"),
        ("a.xls", b"<html><table></table></html>", "the file is not a workbook of the kind .xls"),
        ("a.xls", b"PK\x03\x04", "the file is not a workbook of the kind .xls"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "the workbook is protected by a password",
        ),
        ("a.xlsx", b"PK\x03\x04 and no more", "the file cannot be read as a workbook (it is cut off)"),
    ],
    ids=["nothing", "old nothing", "csv", "html", "new as old", "old as new", "cut off"],
)
def test_what_is_no_workbook_is_told(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    assert fault(tmp_path, name).startswith(f"load: {name}: {told}")


def test_an_archive_that_is_no_workbook_is_told(tmp_path):
    write_parts(tmp_path / "a.xlsx", {"readme.txt": "hello"})
    assert fault(tmp_path, "a.xlsx").startswith("load: a.xlsx: the file cannot be read as a workbook (")


def test_a_sheet_of_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("id\n")
    assert fault(tmp_path, "a.csv", sheet="Orders") == (
        "load: a.csv: this file has no sheets. Workbooks end in .xlsx, .xlsm, .xls, .ods."
    )


def test_a_workbook_depends_on_its_file(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", [["id"], [1]])
    assert open_source(tmp_path, Place("a.xlsx")).files() == [path]


def test_sheets_are_named_those_that_are_hidden_apart(tmp_path):
    sheets = {name: sheet([]) for name in ("Orders", "Old", "Reps")}
    write_parts(tmp_path / "a.xlsx", workbooks.parts(sheets, hidden=["Old"]))
    assert list_names(tmp_path, "a.xlsx") == (["Orders", "Reps"], ["Old"])


def test_no_more_rows_are_read_than_a_place_allows(tmp_path):
    write_xlsx(tmp_path / "a.xlsx", [["id"], [1], [2], [3]])
    assert read(tmp_path, "a.xlsx", most=2) == {"id": [1.0, 2.0]}
