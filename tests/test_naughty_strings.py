"""Strings that programs stumble over pass through all of kpikit unchanged, or are refused by name."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

import kpikit as kp
from kpikit.data import engines, forms
from kpikit.data.contract import DIMENSIONS, TABLES
from kpikit.reports.formulas import unguarded
from kpikit.reports.gathering import csv_text
from kpikit.reports.results import Results
from tests.naughty import BLANKS, strings

QUARTER = "2026-Q1"
# What is no text, and texts that only some words may be.
PLAIN = {"date": "2026-02-03", "moment": "2026-02-03 09:00", "month": "2026-02"}
FIXED = {
    ("deals", "outcome"): "won",
    ("deals", "currency"): "USD",
    ("orders", "currency"): "USD",
    ("quotas", "kpi"): "revenue",
}
UNUSED = {("orders", "refund_of"), ("reps", "valid_from"), ("reps", "valid_to"), ("credits", "deal_id")}
UNUSED |= {(table, "left_on") for table in TABLES} | {("conversations", "deal_id")}


# The age of a customer is none of the company's words, and all deals of this company are won.
WORDED = [one for one in DIMENSIONS if one not in ("customer_age", "stage")]


@dataclass(frozen=True)
class Company:
    """A company of which each id and text is one of the strings: the n-th order, of n, is all n-th string."""

    path: Path
    written: list[str]
    meant: list[str]

    @property
    def figures(self) -> dict[str, float]:
        return {text: place + 1.0 for place, text in enumerate(self.meant)}


def columns_of(table: str) -> list[str]:
    return [column for column in TABLES[table] if (table, column) not in UNUSED]


def is_string(table: str, column: str) -> bool:
    return TABLES[table][column].kind in ("id", "text") and (table, column) not in FIXED


def rows_of(table: str, texts: list[str]) -> list[dict[str, str]]:
    """Write a table with a row for each string; shares are whole, other numbers are the string's place."""

    def cell(column: str, text: str, place: int) -> str:
        if is_string(table, column):
            return text
        number = "1" if column == "share" else str(place + 1)
        return FIXED.get((table, column)) or PLAIN.get(TABLES[table][column].kind) or number

    return [{one: cell(one, text, place) for one in columns_of(table)} for place, text in enumerate(texts)]


@pytest.fixture(scope="module", params=["csv", "parquet"])
def company(request, tmp_path_factory) -> Company:
    folder = tmp_path_factory.mktemp("naughty")
    written = strings()
    assert len(written) > 600
    for table in TABLES:
        rows = rows_of(table, written)
        if request.param == "csv":
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as opened:
                writer = csv.DictWriter(opened, columns_of(table), quoting=csv.QUOTE_ALL)
                writer.writeheader()
                writer.writerows(rows)
        else:
            numbers = [one for one in columns_of(table) if TABLES[table][one].kind == "number"]
            pd.DataFrame(rows).astype(dict.fromkeys(numbers, float)).to_parquet(folder / f"{table}.parquet")
    entries = "".join(f"  {table}: {{file: {table}.{request.param}, nulls: []}}\n" for table in TABLES)
    (folder / "dataset.yaml").write_text(f"tables:\n{entries}", encoding="utf-8")
    return Company(folder, written, [one.strip(BLANKS) for one in written])


@pytest.fixture(scope="module", params=["pandas", pytest.param("polars", marks=pytest.mark.polars), "duckdb"])
def sales(request, company) -> kp.Dataset:
    return kp.load(company.path, engine=request.param)


@pytest.mark.parametrize("table", TABLES)
def test_each_string_is_loaded_unchanged_in_each_column(company, sales, table):
    loaded = forms.canonical(table, engines.to_pandas(sales.tables[table]))
    for column in columns_of(table):
        if is_string(table, column):
            assert loaded[column].tolist() == company.meant, column


def test_strings_are_loaded_unchanged_from_the_prepared_tables_and_without_them(company):
    for options in ({}, {"verify": True}, {"cache": False}):
        assert kp.load(company.path, **options).tables["orders"]["region"].tolist() == company.meant


@pytest.mark.parametrize("dimension", WORDED)
def test_each_string_is_a_label_of_its_own(company, sales, dimension):
    table = kp.measure(sales, "revenue", by=dimension, period=QUARTER)
    assert dict(zip(table[dimension], table["value"], strict=True)) == company.figures


@pytest.mark.slow
def test_each_string_is_a_scope_of_its_own(company, sales):
    # One dimension for each string in turn. The tables are the same from both kinds of files and on each
    # engine, as other tests hold: all strings once are enough.
    is_plain = isinstance(sales.tables["orders"], pd.DataFrame) and (company.path / "orders.csv").exists()
    step = 1 if is_plain else 41
    for place in range(0, len(company.meant), step):
        where = {WORDED[place % len(WORDED)]: company.meant[place]}
        assert kp.measure(sales, "revenue", period=QUARTER, where=where)["value"].tolist() == [place + 1.0]


def test_the_rows_behind_a_figure_hold_each_string(company, sales):
    behind = kp.rows(sales, "revenue", period=QUARTER).sort_values("part")
    texts = [one for one in columns_of("orders") if is_string("orders", one)]
    for column in (*texts, "rep", "team", "manager", "role", "segment", "customer", "counted_region"):
        assert behind[column].tolist() == company.meant, column
    place = company.meant.index("=1+1")
    one = kp.rows(sales, "revenue", period=QUARTER, where={"product": "=1+1"})
    assert (one["part"].tolist(), one["order_id"].tolist()) == ([place + 1.0], ["=1+1"])


@pytest.mark.parametrize("dimension", ["rep", "product"])
def test_each_string_stands_in_results_as_it_is_but_for_the_guard_of_formulas(company, sales, dimension):
    found = Results.of(kp.measure(sales, "revenue", by=dimension, period=QUARTER))
    text = csv_text([({"report": one}, found) for one in ("a", "=1+1")], ["report"])
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    for report in ("a", "=1+1"):
        own = [row for row in rows if unguarded(row["report"]) == report]
        figures = {unguarded(row[dimension]): float(row["value"]) for row in own}
        assert figures == company.figures


def test_strings_that_only_look_alike_are_told_apart(company):
    alike = ["é", "e\u0301", "Å", "A\u030a", "\u212b", "ß", "ss", "SS", "ﬁ", "fi", "Ann", "ann", "Αnn", "Аnn"]
    alike += ["Ann\u200b", "A nn", "1.0", "1.", "1,5", "１２", "\ufeff", "\ufeffa", "\u00a0a\u00a0"]
    assert set(alike) <= set(company.meant)
