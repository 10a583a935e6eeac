"""DuckDB and SQLite files: a table or a query, typed; nothing is written, nothing outside is read."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from kpikit.data.sources.opening import list_names, open_source
from kpikit.data.sources.place import Place
from kpikit.errors import DataError

FILES = ["sales.duckdb", "sales.db"]


def write(path: Path, *statements: str) -> Path:
    """Run statements on a new database of the kind that the name says."""
    is_duckdb = path.suffix == ".duckdb"
    connection = duckdb.connect(str(path)) if is_duckdb else sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()
    return path


@pytest.fixture(params=FILES)
def sales(request, tmp_path) -> Callable[..., str]:
    """Write a database of each kind; give its name."""

    def make(*statements: str) -> str:
        write(tmp_path / request.param, *statements)
        return request.param

    return make


def read(folder: Path, name: str, *columns: str, **what: str) -> dict[str, list]:
    source = open_source(folder, Place(name, **what))
    return source.read(list(columns) or source.columns)[0].to_pydict()


def fault(folder: Path, name: str, **what: str) -> str:
    with pytest.raises(DataError) as caught:
        read(folder, name, **what)
    return str(caught.value)


ORDERS = "CREATE TABLE orders (id INTEGER, customer VARCHAR, amount DOUBLE)"
ROWS = "INSERT INTO orders VALUES (1, 'C1', 10.5), (2, NULL, 20)"


def test_the_only_table_is_read(sales, tmp_path):
    name = sales(ORDERS, ROWS)
    assert read(tmp_path, name) == {"id": [1, 2], "customer": ["C1", None], "amount": [10.5, 20.0]}


def test_only_the_columns_that_are_asked_for_are_read_in_their_order(sales, tmp_path):
    name = sales(ORDERS, ROWS)
    assert list(read(tmp_path, name, "amount", "id").items()) == [("amount", [10.5, 20.0]), ("id", [1, 2])]


def test_a_table_is_named_where_there_are_several(sales, tmp_path):
    name = sales(ORDERS, ROWS, "CREATE VIEW large AS SELECT * FROM orders WHERE amount > 15")
    assert read(tmp_path, name, table="large")["id"] == [2]
    assert read(tmp_path, name, table="ORDERS")["id"] == [1, 2]
    assert fault(tmp_path, name) == (
        f"load: {name}: no table is named. Tables: large, orders. Hint: name one (table: …), or give a query."
    )
    assert fault(tmp_path, name, table="order") == (
        f"load: {name}: there is no table 'order'. Tables: large, orders. Hint: Did you mean 'orders'?"
    )


@pytest.mark.parametrize("odd", ['a "quoted" name', "two words", "select", "Größe", "x; DROP TABLE orders"])
def test_odd_names_of_tables_and_columns_are_read(sales, tmp_path, odd):
    written = odd.replace('"', '""')
    name = sales(f'CREATE TABLE "{written}" ("{written}" INTEGER)', f'INSERT INTO "{written}" VALUES (7)')
    assert read(tmp_path, name, table=odd) == {odd: [7]}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT id FROM orders WHERE customer IS NULL",
        "select id from orders where customer is null;",
        "WITH late AS (SELECT * FROM orders WHERE id > 1) SELECT id FROM late",
        "SELECT id -- the order\nFROM orders WHERE id > 1 -- that is all",
        "/* ours; */ SELECT id FROM orders WHERE 'a;b' <> 'c)' AND id > 1",
        "SELECT max(id) AS id FROM orders",
    ],
)
def test_a_query_is_read(sales, tmp_path, query):
    assert read(tmp_path, sales(ORDERS, ROWS), query=query) == {"id": [2]}


def test_a_query_keeps_its_order(sales, tmp_path):
    assert read(tmp_path, sales(ORDERS, ROWS), query="SELECT id FROM orders ORDER BY id DESC")["id"] == [2, 1]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("DELETE FROM orders", "the query is not a SELECT"),
        ("", "the query is not a SELECT"),
        ("SELECT 1 AS a; SELECT 2", "the query holds more than one statement"),
        ("SELECT 1 AS a; DROP TABLE orders", "the query holds more than one statement"),
        (
            "SELECT 1 AS a) AS asked; DELETE FROM orders; SELECT * FROM (SELECT 2",
            "the brackets of the query do",
        ),
        ("SELECT 'a", "a quote or a comment of the query is opened and never closed"),
        ("SELECT 1 /* a", "a quote or a comment of the query is opened and never closed"),
        ("ATTACH 'other.db' AS other", "the query is not a SELECT"),
        ("PRAGMA table_info('orders')", "the query is not a SELECT"),
        ("SELECT nothing FROM orders", ""),
        ("SELECT * FROM nowhere", ""),
        ("SELECT FROM WHERE", ""),
    ],
)
def test_what_is_not_one_select_is_refused(sales, tmp_path, query, told):
    name = sales(ORDERS, ROWS)
    kind = "DuckDB" if name.endswith("duckdb") else "SQLite"
    assert fault(tmp_path, name, query=query).startswith(
        f"load: {name}: {told or f'{kind} cannot read it ('}"
    )
    assert read(tmp_path, name, "id") == {"id": [1, 2]}


def test_nothing_is_written(sales, tmp_path):
    name = sales(ORDERS, ROWS)
    before = (tmp_path / name).read_bytes()
    read(tmp_path, name)
    assert (tmp_path / name).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_rows_are_numbered(sales, tmp_path):
    source = open_source(tmp_path, Place(sales(ORDERS, ROWS)))
    _, numbers, skipped = source.read(["id"])
    assert (source.lines(numbers), skipped) == (["row 1", "row 2"], 0)


def test_a_database_depends_on_its_file_and_on_what_is_not_yet_in_it(sales, tmp_path):
    name = sales(ORDERS, ROWS)
    source = open_source(tmp_path, Place(name))
    assert source.files() == [tmp_path / name]
    beside = tmp_path / (name + (".wal" if name.endswith("duckdb") else "-wal"))
    beside.write_bytes(b"")
    assert source.files() == [tmp_path / name, beside]


def test_duckdb_keeps_its_types(tmp_path):
    create = "CREATE TABLE t (d DECIMAL(10, 2), day DATE, moment TIMESTAMP, u UUID,"
    create += " kind ENUM('won', 'lost'), b BOOLEAN)"
    row = "INSERT INTO t VALUES (2.5, '2026-01-05', '2026-01-05 09:30', '{}', 'won', true)"
    number = "0f8fad5b-d9cb-469f-a165-70867728950e"
    write(tmp_path / "a.duckdb", create, row.format(number))
    assert read(tmp_path, "a.duckdb") == {
        "d": [Decimal("2.50")],
        "day": [date(2026, 1, 5)],
        "moment": [datetime(2026, 1, 5, 9, 30)],
        "u": [number],
        "kind": ["won"],
        "b": [True],
    }


def test_a_schema_of_duckdb_may_be_named(tmp_path):
    write(tmp_path / "a.duckdb", "CREATE SCHEMA crm", "CREATE TABLE crm.deals AS SELECT 1 AS id")
    for table in ("crm.deals", "deals"):
        assert read(tmp_path, "a.duckdb", table=table) == {"id": [1]}


@pytest.mark.parametrize("ending", [".sqlite", ".sqlite3"])
def test_other_endings_of_sqlite_are_known(tmp_path, ending):
    write(tmp_path / f"a{ending}", ORDERS, ROWS)
    assert read(tmp_path, f"a{ending}", "id") == {"id": [1, 2]}


def test_a_duckdb_file_may_end_in_db(tmp_path):
    write(tmp_path / "a.duckdb", ORDERS, ROWS).rename(tmp_path / "a.db")
    assert read(tmp_path, "a.db", "id") == {"id": [1, 2]}


def test_a_column_of_sqlite_with_values_of_several_types_is_text(tmp_path):
    rows = "INSERT INTO t VALUES (1, 2.0), ('A7', 3), (2.5, NULL), (x'00ff', 4.5)"
    write(tmp_path / "a.db", "CREATE TABLE t (mixed, number)", rows)
    assert read(tmp_path, "a.db") == {
        "mixed": ["1", "A7", "2.5", "<2 bytes>"],
        "number": [2.0, 3.0, None, 4.5],
    }


def test_a_whole_number_of_sqlite_beyond_a_float_stays_exact(tmp_path):
    write(tmp_path / "a.db", "CREATE TABLE t (id)", f"INSERT INTO t VALUES ({2**53 + 1}), (1.5)")
    assert read(tmp_path, "a.db") == {"id": ["9007199254740993", "1.5"]}


def test_a_database_that_is_being_written_is_read(tmp_path):
    path = tmp_path / "a.db"
    writer = sqlite3.connect(path, isolation_level=None)
    try:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE t (id)")
        writer.execute("INSERT INTO t VALUES (1)")
        assert read(tmp_path, "a.db") == {"id": [1]}
    finally:
        writer.close()


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    "content", [b"", b"junk" * 100, b"SQLite format 3\0", b"\0" * 8 + b"DUCK" + b"\xff" * 5000]
)
def test_what_is_no_database_is_told(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    message = fault(tmp_path, name)
    assert message.startswith(f"load: {name}: ")
    assert "\n" not in message


def test_a_table_of_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("id\n")
    assert fault(tmp_path, "a.csv", table="orders") == (
        "load: a.csv: this file has no tables to ask for. Databases end in .duckdb, .db, .sqlite, .sqlite3."
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("CAST(x'610062' AS TEXT)", "customer_id 'a\\x00b' holds a zero byte, which no text has"),
        ("CAST(x'6100' || zeroblob(200000) AS TEXT)", "is neither text, number nor date"),
        ("hex(zeroblob(16384))", "has more than 32,767 letters"),
        ("CAST(x'61ff' AS TEXT)", "Could not decode to UTF-8 column 'customer_id'"),
    ],
    ids=["zero byte", "many zero bytes", "long", "not UTF-8"],
)
def test_no_part_of_a_text_of_sqlite_is_lost_at_a_zero_byte(folder, value, told):
    connection = sqlite3.connect(folder.path / "a.sqlite", isolation_level=None)
    connection.execute(
        f"CREATE TABLE orders AS SELECT '1' order_id, '2026-01-05' order_date, {value} customer_id, 1 amount"
    )
    connection.close()
    folder.map("tables: {orders: {file: a.sqlite, table: orders}}")
    assert told in folder.fault().replace("\\\\", "\\")


def test_tables_are_named_and_views_apart(sales, tmp_path):
    name = sales(ORDERS, "CREATE TABLE a (x INTEGER)", "CREATE VIEW v AS SELECT * FROM orders")
    assert list_names(tmp_path, name) == (["a", "orders"], ["v"])


def test_tables_of_one_name_are_named_by_their_schema(tmp_path):
    write(tmp_path / "a.duckdb", "CREATE SCHEMA old", "CREATE TABLE old.orders (x INTEGER)", ORDERS)
    assert list_names(tmp_path, "a.duckdb") == (["main.orders", "old.orders"], [])
    assert read(tmp_path, "a.duckdb", table="old.orders") == {"x": []}


def test_no_more_rows_are_read_than_a_place_allows(sales, tmp_path):
    assert read(tmp_path, sales(ORDERS, ROWS), "id", most=1) == {"id": [1]}
