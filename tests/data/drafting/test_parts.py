"""Workbooks and databases: an entry for each sheet or table, which loads as it is drafted."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from typer.testing import CliRunner

from kpikit import cli
from kpikit.data.documents import read_document
from kpikit.data.drafting import draft, parts
from kpikit.errors import DataError
from tests import workbooks
from tests.archives import bomb, write_archive
from tests.workbooks import sheet, write_parts, write_xlsx

DAY = 45658  # 2025-01-01 as a spreadsheet counts
ORDERS = [["Order No", "Order Date", "Customer", "Amount"]]
# Three digits behind the point: as texts they would leave open what the point is.
ORDERS += [[f"O{n}", (DAY + n, "date"), f"C{n % 4}", n + 1.125] for n in range(30)]
CUSTOMERS = [["Customer ID", "Name", "Region"], *([f"C{n}", f"Name {n}", "Bali"] for n in range(4))]
COLUMNS = {
    "order_id": "Order No",
    "order_date": "Order Date",
    "customer_id": "Customer",
    "amount": "Amount",
}


def book(path: Path, hidden: tuple[str, ...] = (), **sheets: list[list[Any]]) -> Path:
    written = {name: sheet(rows) for name, rows in sheets.items()}
    return write_parts(path, workbooks.parts(written, hidden))


def database(path: Path, *more: str) -> Path:
    connection = duckdb.connect(str(path)) if path.suffix == ".duckdb" else sqlite3.connect(path)
    for statement in (
        "CREATE TABLE penjualan (order_id VARCHAR, order_date DATE, customer_id VARCHAR, amount DOUBLE)",
        "CREATE TABLE customers (customer_id VARCHAR, name VARCHAR)",
        *(
            f"INSERT INTO penjualan VALUES ('O{n}', '2025-01-{n % 28 + 1:02}', 'C{n % 4}', {n}.125)"
            for n in range(30)
        ),
        *(f"INSERT INTO customers VALUES ('C{n}', 'Name {n}')" for n in range(4)),
        *more,
    ):
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


def mapped(folder: Path, *files: str) -> dict[str, Any]:
    """Draft a mapping on the command line, check that it loads without an error, and give it."""
    run, output = CliRunner(), str(folder / "dataset.yaml")
    done = run.invoke(cli.app, ["map", *(str(folder / one) for one in files), "-o", output])
    assert done.exit_code == 0, done.output
    done = run.invoke(cli.app, ["data", "check", output])
    assert done.exit_code == 0, done.output
    assert "0 errors." in done.output
    return read_document(Path(output)).data["tables"]


def fault(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        draft([path], folder=path.parent)
    return str(caught.value)


def test_each_sheet_is_an_entry_and_typed_values_need_no_settings(tmp_path):
    book(tmp_path / "Sales.xlsx", Orders=ORDERS, Customers=CUSTOMERS)
    assert mapped(tmp_path, "Sales.xlsx") == {
        "orders": {"file": "Sales.xlsx", "sheet": "Orders", "columns": COLUMNS},
        "customers": {
            "file": "Sales.xlsx",
            "sheet": "Customers",
            "columns": {"customer_id": "Customer ID", "name": "Name", "region": "Region"},
        },
    }


@pytest.mark.parametrize("name", ["crm.db", "crm.sqlite", "crm.duckdb"])
def test_each_table_of_a_database_is_an_entry(tmp_path, name):
    database(tmp_path / name)
    columns = {one: one for one in COLUMNS}
    assert mapped(tmp_path, name) == {
        "orders": {"file": name, "table": "penjualan", "columns": columns},
        "customers": {
            "file": name,
            "table": "customers",
            "columns": {"customer_id": "customer_id", "name": "name"},
        },
    }


def test_texts_in_a_sheet_are_written_in_some_way_as_in_a_csv_file(tmp_path):
    rows = [[f"O{n}", f"{n + 1:02}/01/2025", "C1", f"1.{n + 100},50"] for n in range(30)]
    book(tmp_path / "Sales.xlsx", Orders=[ORDERS[0], *rows])
    orders = mapped(tmp_path, "Sales.xlsx")["orders"]
    assert (orders["dates"], orders["decimal"], orders["thousands"]) == ("%d/%m/%Y", ",", ".")


def test_numbers_of_days_without_their_format_are_told(tmp_path):
    rows = [[one[0], DAY + n, *one[2:]] for n, one in enumerate(ORDERS[1:])]
    book(tmp_path / "Sales.xlsx", Orders=[ORDERS[0], *rows])
    assert mapped(tmp_path, "Sales.xlsx")["orders"]["dates"] == "excel"


def test_titles_above_the_header_are_passed_over(tmp_path):
    book(tmp_path / "Sales.xlsx", Orders=[["Sales of 2025", None, None, None], [], *ORDERS])
    orders = mapped(tmp_path, "Sales.xlsx")["orders"]
    assert (orders["skip"], orders["columns"]) == (1, COLUMNS)


def test_sheets_of_one_kind_are_a_list_and_so_are_workbooks(tmp_path):
    later = [ORDERS[0], *([f"P{one[0]}", *one[1:]] for one in ORDERS[1:])]
    book(tmp_path / "a.xlsx", January=ORDERS, February=later)
    tables = mapped(tmp_path, "a.xlsx")
    assert [(one["file"], one["sheet"]) for one in tables["orders"]] == [
        ("a.xlsx", "January"),
        ("a.xlsx", "February"),
    ]


def test_workbooks_written_alike_are_one_entry(tmp_path):
    later = [ORDERS[0], *([f"P{one[0]}", *one[1:]] for one in ORDERS[1:])]
    book(tmp_path / "a.xlsx", Orders=ORDERS)
    book(tmp_path / "b.xlsx", Orders=later)
    orders = yaml.safe_load(draft([tmp_path / "a.xlsx", tmp_path / "b.xlsx"], folder=tmp_path).text)
    assert orders["tables"]["orders"]["file"] == ["a.xlsx", "b.xlsx"]
    assert orders["tables"]["orders"]["sheet"] == "Orders"


def test_a_join_names_its_sheet_and_that_nothing_stands_above_its_header(tmp_path):
    lines = [["Order ID", "Product ID", "Quantity", "Amount"]]
    lines += [[f"O{n // 2}", f"P{n % 5}", n % 3 + 1, n + 0.5] for n in range(60)]
    heads = [["Order ID", "Order Date", "Customer ID"]]
    heads += [[f"O{n}", (DAY + n, "date"), f"C{n % 4}"] for n in range(30)]
    titled = [["Lines", None, None, None], *lines]
    book(tmp_path / "Sales.xlsx", **{"Order lines": titled, "Orders": heads})
    orders = mapped(tmp_path, "Sales.xlsx")["orders"]
    assert (orders["sheet"], orders["skip"]) == ("Order lines", 1)
    assert orders["joins"] == [
        {
            "file": "Sales.xlsx",
            "sheet": "Orders",
            "on": {"Order ID": "Order ID"},
            "skip": 0,
            "take": {"order_date": "Order Date", "customer_id": "Customer ID"},
        }
    ]


def test_a_workbook_and_a_csv_file_make_one_draft(tmp_path):
    book(tmp_path / "Sales.xlsx", Orders=ORDERS)
    (tmp_path / "customers.csv").write_text("Customer ID;Name\n" + "".join(f"C{n};N\n" for n in range(4)))
    tables = mapped(tmp_path, "Sales.xlsx", "customers.csv")
    assert tables["orders"]["sheet"] == "Orders"
    assert (tables["customers"]["file"], tables["customers"]["delimiter"]) == ("customers.csv", ";")


def test_sheets_that_are_no_tables_are_named_with_the_reason(tmp_path):
    doubled = [["Amount", "Amount"], [1, 2]]
    path = book(
        tmp_path / "Sales.xlsx",
        hidden=("Old",),
        Orders=ORDERS,
        Blank=[],
        Notes=[["Made"]],
        Twice=doubled,
        Old=ORDERS,
    )
    made = draft([path], folder=tmp_path)
    assert made.files == {
        "Sales.xlsx (Orders)": "orders",
        "Sales.xlsx (Blank)": "not used: the sheet is empty",
        "Sales.xlsx (Notes)": "not used: it has no rows below its header",
        "Sales.xlsx (Twice)": "not used: two columns have the name 'Amount'",
        "Sales.xlsx": "not used: 1 hidden sheet: Old",
    }
    assert "#   Sales.xlsx (Blank): not used: the sheet is empty\n" in made.text
    assert made.text.startswith("# A draft by `kpikit map` from 1 file.")


def test_views_are_named_and_not_read_unless_there_is_nothing_else(tmp_path):
    path = database(tmp_path / "crm.db", "CREATE VIEW large AS SELECT * FROM penjualan")
    assert draft([path], folder=tmp_path).files["crm.db"] == "not used: 1 view: large"


@pytest.mark.parametrize("name", ["yes", "a: b # c", "2025", "Größe 'x'", "x\u2028y"])
def test_odd_names_of_sheets_and_tables_read_back(tmp_path, name):
    book(tmp_path / "Sales.xlsx", **{name: ORDERS})
    assert mapped(tmp_path, "Sales.xlsx")["orders"]["sheet"] == name
    database(tmp_path / "crm.db", f'ALTER TABLE penjualan RENAME TO "{name}"')
    tables = yaml.safe_load(draft([tmp_path / "crm.db"], folder=tmp_path).text)["tables"]
    assert tables["orders"]["table"] == name


def test_no_more_than_some_tables_are_looked_at_those_of_known_names_first(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "_MOST_PARTS", 2)
    more = (f"CREATE TABLE a{n} (x INTEGER)" for n in range(3))
    made = draft([database(tmp_path / "crm.db", *more)], folder=tmp_path)
    assert made.files == {
        "crm.db (customers)": "customers",
        "crm.db (penjualan)": "orders",
        "crm.db": "not used: 3 more tables: a0, a1, a2",
    }


def test_no_more_than_the_first_rows_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "MOST_ROWS", 20)
    for path in (book(tmp_path / "a.xlsx", Orders=ORDERS), database(tmp_path / "a.duckdb")):
        (start,) = [one for one in parts.read_starts(path) if "amount" in map(str.lower, one.columns)]
        assert (start.rows, start.is_whole) == (20, False)


def test_wide_tables_are_looked_at_in_fewer_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(parts, "MOST_BYTES", 30 * 4 * 8 // 2)  # half of the cells of the orders, or less
    (start,) = parts.read_starts(book(tmp_path / "a.xlsx", Orders=ORDERS))
    assert 0 < start.rows <= 15
    assert not start.is_whole


HINT = "Hint: give one a row of column names, and rows below it."


def test_a_workbook_without_a_table_is_told(tmp_path):
    told = fault(book(tmp_path / "None.xlsx", Blank=[], Notes=[["Made"]]))
    assert told == (
        "map: None.xlsx: no sheet has rows below a header. "
        f"Sheets: Blank (the sheet is empty), Notes (no rows below its header). {HINT}"
    )


@pytest.mark.parametrize("name", ["crm.db", "crm.duckdb"])
def test_a_database_without_a_table_is_told(tmp_path, name):
    path = tmp_path / name
    connection = duckdb.connect(str(path)) if name == "crm.duckdb" else sqlite3.connect(path)
    connection.execute("CREATE TABLE a (x INTEGER)")
    connection.execute("DROP TABLE a")
    connection.close()
    assert fault(path) == f"map: {name}: no table has rows below a header. Tables: none. {HINT}"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.xlsx", b"", "map: a.xlsx: the file is empty."),
        ("a.xlsx", b"no book", "map: a.xlsx: the file is not a workbook of the kind .xlsx."),
        ("a.db", b"no database", "map: a.db: the file is not a SQLite database."),
        ("a.duckdb", b"\0" * 5000, "map: a.duckdb: DuckDB cannot read it"),
    ],
)
def test_damaged_files_are_told(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    done = CliRunner().invoke(cli.app, ["map", str(tmp_path / name)])
    assert (done.exit_code, isinstance(done.exception, SystemExit)) == (2, True)
    assert told in done.stderr


def test_a_workbook_that_claims_too_much_is_refused(tmp_path):
    write_archive(tmp_path / "a.xlsx", [bomb("xl/worksheets/sheet1.xml", b" " * (1 << 20), 1 << 9)])
    assert "map: a.xlsx: the workbook is refused: its" in fault(tmp_path / "a.xlsx")


def test_a_file_that_is_not_there_and_a_folder_are_told(tmp_path):
    write_xlsx(tmp_path / "Sales.xlsx", ORDERS)
    assert "there is no such file" in fault(tmp_path / "Sale.xlsx")
    assert "Did you mean 'Sales.xlsx'?" in fault(tmp_path / "Sale.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    assert "map: folder.xlsx: this is a folder" in fault(tmp_path / "folder.xlsx")


def test_a_view_that_never_ends_is_told_and_the_tables_are_drafted(tmp_path, monkeypatch):
    monkeypatch.setenv("KPIKIT_QUERY_SECONDS", "2")
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) AS x FROM n"
    path = tmp_path / "views.db"
    connection = sqlite3.connect(path)
    connection.execute(f"CREATE VIEW a AS {endless}")
    connection.close()
    assert fault(path) == (
        "map: views.db: no table has rows below a header. "
        f"Tables: a (the query takes longer than 2 seconds). {HINT}"
    )
