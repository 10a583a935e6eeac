from __future__ import annotations

import hashlib
import re
import sqlite3
from contextlib import closing
from datetime import date

import pytest

import kpikit as kp
from kpikit.periods import parse_period
from kpikit.reports import provenance
from kpikit.reports.jobs import plan_batch
from kpikit.reports.provenance import SourceFact, closing_lines, conventions_of, provenance_of, source_lines
from kpikit.reports.results import Results

ORDERS = "order_id,order_date,customer_id,amount,rep_id\n1,2026-01-05,C1,10,R1\n2,2026-01-06,C2,20,\n"


def company(folder, mapping="", **files):
    folder.mkdir()
    for name, text in ({"orders": ORDERS} | files).items():
        (folder / f"{name}.csv").write_text(text)
    if mapping:
        (folder / "dataset.yaml").write_text(mapping)
    return folder


def found(folder, **options):
    sales = kp.load(folder)
    return provenance_of(sales, folder, sales.as_of, parse_period("2026-01", sales.as_of), **options)


def test_each_file_is_told_with_its_size_its_sha256_and_the_tables_it_feeds(tmp_path):
    join = "{file: side.csv, on: {customer_id: id}, take: {region: name}}"
    mapping = f"tables: {{orders: {{file: orders.csv, joins: [{join}]}}}}"
    folder = company(tmp_path / "c", mapping, side="id,name\nC1,North\nC2,South\n")
    orders = hashlib.sha256(ORDERS.encode()).hexdigest()
    side = hashlib.sha256(b"id,name\nC1,North\nC2,South\n").hexdigest()
    told = found(folder)
    assert told.sources == (
        SourceFact("orders.csv", ("orders",), len(ORDERS), orders),
        SourceFact("side.csv", ("orders",), 26, side),
    )
    assert told.rows == {"orders": 2}
    assert told.mapping == ("dataset.yaml", hashlib.sha256(mapping.encode()).hexdigest())
    line = f"Sources: orders.csv (SHA-256 {orders[:12]}), side.csv (SHA-256 {side[:12]})"
    assert source_lines(told.sources) == [line]


def test_the_log_of_a_database_is_a_source_too(tmp_path):
    folder = tmp_path / "c"
    folder.mkdir()
    (folder / "dataset.yaml").write_text("tables: {orders: {file: shop.db, table: orders}}")
    with closing(sqlite3.connect(folder / "shop.db")) as shop:
        shop.execute("PRAGMA journal_mode = WAL")
        shop.execute("CREATE TABLE orders (order_id, order_date, customer_id, amount)")
        shop.execute("INSERT INTO orders VALUES (1, '2026-01-05', 'C1', 10)")
        shop.commit()
        assert [(one.name, len(one.sha256)) for one in found(folder).sources] == [
            ("shop.db", 64),
            ("shop.db-wal", 64),
        ]


def test_a_server_is_told_by_its_variable_its_rows_and_its_address_without_a_login(monkeypatch):
    address = "postgresql://ann:pa55word@db.example.com:5432/sales?password=x"
    monkeypatch.setenv("SALES_DB", address)
    assert provenance._address("SALES_DB") == "postgresql://db.example.com:5432/sales"
    one = SourceFact("SALES_DB", ("orders",), address="postgresql://h/d", rows={"orders": 1200})
    assert source_lines([one]) == ["Sources: database SALES_DB (orders: 1,200 rows)"]


@pytest.mark.parametrize(
    "address",
    ["", "nonsense", "postgresql://a:p/q@h/d", "postgresql://a:p#q@h/d", "postgresql://a:p@h:port/d", "postgresql://[h/d"],
)  # fmt: skip
def test_an_address_that_is_not_understood_is_not_shown(monkeypatch, address):
    monkeypatch.setenv("SALES_DB", address)
    assert provenance._address("SALES_DB") in ("", "postgresql://h/d")
    assert not re.search("[pq]@|#|/q", provenance._address("SALES_DB"))


def test_many_sources_are_cut_and_the_rest_is_in_the_record():
    sources = [SourceFact(f"{n}.csv", ("orders",)) for n in range(25)]
    assert source_lines(sources)[0].endswith("19.csv, 5 more, listed in run_results.json")
    assert source_lines([]) == []


def test_conventions_are_those_of_the_results():
    rows = [
        ["win_rate", "cohort"],
        ["win_rate", "closed"],
        ["revenue", "default"],
        ["own", ""],
        ["win_rate", "cohort"],
    ]
    shown = Results(["kpi", "convention"], rows)
    assert conventions_of(shown) == {"own": [], "revenue": ["default"], "win_rate": ["closed", "cohort"]}
    assert closing_lines(shown)[0] == "Conventions: revenue (default), win_rate (closed, cohort)"
    assert conventions_of(None) == {}


def test_versions_close_the_footer():
    (line,) = closing_lines(None)
    assert re.fullmatch(
        r"Versions: python 3[\d.]+, kpikit \S+, pandas [\d.]+, altair [\d.]+, papermill [\d.]+", line
    )


def test_a_batch_tells_on_each_page_what_it_was_made_from(place):
    batch = plan_batch(place / "small.ipynb")
    digest = hashlib.sha256((place / "company" / "orders.csv").read_bytes()).hexdigest()[:12]
    assert batch.notes[0] == "Data as of 10 Mar 2026"
    assert batch.notes[1].startswith(f"Sources: orders.csv (SHA-256 {digest}), reps.csv (SHA-256 ")
    assert all(one.notes == batch.notes for one in batch.jobs)
    assert batch.provenance.as_of == date(2026, 3, 10)


def test_findings_stand_in_the_footer_and_the_plan_is_known_by_its_contents(tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("goals: []\n")
    told = found(company(tmp_path / "c"), plan=plan)
    assert told.lines()[2:] == ("Data check: orders: 1 line has no rep: shown apart",)
    assert told.plan == ("plan.yaml", hashlib.sha256(b"goals: []\n").hexdigest())
