"""PostgreSQL: tables and queries of a server, read only; no message shows its address."""

from __future__ import annotations

import importlib
import socket
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place
from kpikit.errors import DataError

VARIABLE = "SALES_DB"


@pytest.fixture
def server(postgres_server, monkeypatch):
    """Name the server in the environment, and begin with two tables; run statements on it."""
    dbapi = importlib.import_module("adbc_driver_postgresql.dbapi")
    monkeypatch.setenv(VARIABLE, postgres_server)

    def run(*statements: str) -> list[tuple]:
        found = []
        with dbapi.connect(postgres_server, autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                found = cursor.fetchall() if cursor.description else []
        return found

    run(
        "DROP SCHEMA public CASCADE",
        "DROP SCHEMA IF EXISTS crm CASCADE",
        "CREATE SCHEMA public",
        "CREATE SCHEMA crm",
        "CREATE TABLE orders "
        "(id int, customer text, amount numeric(12, 2), day date, moment timestamptz, u uuid)",
        "INSERT INTO orders VALUES (1, 'C1', 10.50, '2026-01-05', '2026-01-05 09:30+00', "
        "'0f8fad5b-d9cb-469f-a165-70867728950e'), (2, NULL, NULL, NULL, NULL, NULL)",
        'CREATE TABLE crm."Deals" ("Deal Id" int)',
        'INSERT INTO crm."Deals" VALUES (7)',
    )
    return run


def read(*columns: str, **what: str) -> dict[str, list]:
    source = open_source(Path(), Place(database=VARIABLE, **what))
    return source.read(list(columns) or source.columns)[0].to_pydict()


def fault(**what: str) -> str:
    with pytest.raises(DataError) as caught:
        read(**what)
    # What is told further up could hold the address too.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return str(caught.value)


@pytest.fixture
def secrets(postgres_server) -> list[str]:
    """Give the parts of the address that nobody may see."""
    user, _, rest = postgres_server.removeprefix("postgresql://").partition(":")
    password, _, place = rest.partition("@")
    return [postgres_server, password, place, place.partition("/")[0], f"user {user}", f'"{user}"']


def test_a_table_is_read_with_its_types(server):
    assert read(table="orders") == {
        "id": [1, 2],
        "customer": ["C1", None],
        "amount": [Decimal("10.50"), None],
        "day": [date(2026, 1, 5), None],
        "moment": [datetime(2026, 1, 5, 9, 30, tzinfo=UTC), None],
        "u": ["0f8fad5b-d9cb-469f-a165-70867728950e", None],
    }


def test_a_table_of_a_schema_is_read_and_odd_names_are_kept(server):
    for table in ("crm.Deals", "Deals", "deals"):
        assert read(table=table) == {"Deal Id": [7]}


def test_a_query_is_read(server):
    assert read(query="SELECT id FROM orders WHERE customer IS NULL;") == {"id": [2]}
    assert read("id", query="WITH late AS (SELECT * FROM orders) SELECT * FROM late ORDER BY id DESC") == {
        "id": [2, 1]
    }


def test_numbers_are_exact_and_one_that_is_none_leaves_them_text(server):
    assert read(query="SELECT 'NaN'::numeric AS a UNION ALL SELECT 2.50") == {"a": ["nan", "2.50"]}
    assert read(query="SELECT 12345678901234567890.123::numeric AS a") == {
        "a": [Decimal("12345678901234567890.123")]
    }


def test_rows_are_numbered_and_depend_on_no_file(server):
    source = open_source(Path(), Place(database=VARIABLE, table="orders"))
    _, numbers, skipped = source.read(["id"])
    assert (source.lines(numbers), skipped, source.files()) == (["row 1", "row 2"], 0, [])
    assert str(source.fault(1, "bad")) == "load: SALES_DB, row 2: bad."


@pytest.mark.parametrize(
    ("what", "told"),
    [
        (
            {"table": "order"},
            "there is no table 'order'. Tables: Deals, orders. Hint: Did you mean 'orders'?",
        ),
        ({}, "no table is named. Tables: Deals, orders. Hint: name one (table: …), or give a query."),
        (
            {"query": "SELECT nothing FROM orders"},
            'the server cannot answer (column "nothing" does not exist).',
        ),
        ({"query": "SELECT * FROM nowhere"}, 'the server cannot answer (relation "nowhere" does not exist).'),
        ({"query": "SELECT 1 / 0 AS a"}, "the server cannot answer (division by zero)."),
        (
            {"query": "DELETE FROM orders"},
            "the query is not a SELECT. Queries begin with SELECT or WITH. "
            "Hint: give one query that reads: SELECT … FROM ….",
        ),
    ],
)
def test_what_cannot_be_asked_is_told(server, secrets, what, told):
    message = fault(**what)
    assert message == f"load: SALES_DB: {told}"
    assert not [secret for secret in secrets if secret in message]


@pytest.mark.parametrize(
    "query",
    [
        "WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone",
        "SELECT 1) AS asked; DELETE FROM orders; SELECT * FROM (SELECT 2 AS a",
        "SELECT 1 AS a; DELETE FROM orders",
        "SELECT $$a$$; DELETE FROM orders",
        "SELECT nextval('numbers') AS a",
        "SELECT wipe() AS a",
        "SELECT set_config('transaction_read_only', 'off', true) AS a, wipe() AS b",
    ],
)
def test_nothing_is_written(server, query):
    server(
        "CREATE SEQUENCE numbers",
        "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM orders; SELECT 1'",
    )
    fault(query=query)
    assert server("SELECT count(*) FROM orders") == [(2,)]
    assert server("SELECT is_called FROM numbers") == [(False,)]


def test_what_is_written_beside_tables_is_undone(server):
    read(query="SELECT lo_create(0)::text AS a")
    assert server("SELECT count(*) FROM pg_largeobject_metadata") == [(0,)]


def test_a_fault_that_comes_while_rows_arrive_is_told(server):
    assert fault(query="SELECT 1 / (9000 - g) AS a FROM generate_series(1, 9999) AS g") == (
        "load: SALES_DB: the server cannot answer (division by zero)."
    )


def test_a_query_without_end_is_stopped(server, monkeypatch):
    monkeypatch.setenv("KPIKIT_QUERY_SECONDS", "1")
    began = time.monotonic()
    assert fault(query="SELECT pg_sleep(60)::text AS a") == (
        "load: SALES_DB: the query takes longer than 1 seconds. "
        "Hint: ask for fewer rows, or set KPIKIT_QUERY_SECONDS to more."
    )
    assert time.monotonic() - began < 8


LOGIN = "the server refuses the login. Hint: see the user and the password in SALES_DB."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            ("kpi:", "kpi:wrong-"),
            "the server refuses the login. Hint: see the user and the password in SALES_DB.",
        ),
        (
            ("kpi:", "nobody:"),
            "the server refuses the login. Hint: see the user and the password in SALES_DB.",
        ),
        (("/postgres", "/nowhere"), "the server has no such database. Hint: see the end of SALES_DB."),
    ],
)
def test_a_server_that_refuses_is_told_without_its_address(
    server, postgres_server, secrets, monkeypatch, change, told
):
    start, address = postgres_server[:13], postgres_server[13:]
    monkeypatch.setenv(VARIABLE, start + address.replace(*change))
    message = fault(table="orders")
    assert message == f"load: SALES_DB: {told}"
    assert not [secret for secret in secrets if secret in message]


# What follows needs no server.


def test_a_server_that_is_not_there_is_told_without_its_address(monkeypatch):
    pytest.importorskip("adbc_driver_postgresql")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    monkeypatch.setenv(VARIABLE, f"postgresql://ada:secret@127.0.0.1:{port}/sales")
    assert fault(table="orders") == (
        "load: SALES_DB: the server cannot be reached. "
        "Hint: see the host and the port in SALES_DB, and whether it runs."
    )


@pytest.mark.parametrize("address", [None, "", "  "])
def test_a_variable_that_is_not_set_is_told(monkeypatch, address):
    monkeypatch.delenv(VARIABLE, raising=False)
    if address is not None:
        monkeypatch.setenv(VARIABLE, address)
    assert fault(table="orders") == (
        "load: SALES_DB: no environment variable has this name. "
        "Hint: export SALES_DB=postgresql://user:password@host/database."
    )


def test_another_kind_of_address_is_told_and_not_shown(monkeypatch):
    monkeypatch.setenv(VARIABLE, "mysql://ada:secret@host/sales")
    assert fault(table="orders") == (
        "load: SALES_DB: the variable holds no address of a PostgreSQL server. "
        "Hint: export SALES_DB=postgresql://user:password@host/database."
    )


def test_an_address_in_place_of_a_name_is_not_shown():
    with pytest.raises(DataError) as caught:
        open_source(Path(), Place(database="postgresql://ada:secret@host/sales", table="orders"))
    assert str(caught.value) == (
        "load: `database` is not the name of an environment variable. "
        "Hint: put the address into a variable, and name that: database: SALES_DB."
    )


def test_a_driver_that_is_not_installed_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "adbc_driver_postgresql", None)
    assert fault(table="orders") == (
        "load: SALES_DB: the driver for PostgreSQL is not installed. Hint: pip install 'kpikit[postgres]'."
    )
