from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from xml.etree import ElementTree

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import kpikit as kp
from kpikit.kpis import catalog
from kpikit.reports import sheet_cells, workbook
from kpikit.reports.definitions import COLUMNS, UNKNOWN, definition
from kpikit.reports.formulas import unguarded
from kpikit.reports.gathering import csv_text
from kpikit.reports.reading import read_results
from kpikit.reports.results import FIGURES, Results, results
from kpikit.reports.workbook import write_workbook
from tests import naughty

KEYS = ("report", "report_for", "report_name")
KEY = {"report": "company", "report_for": "company", "report_name": ""}
NAMES = ["kpi", "convention", "rep", "start", "end", "value", "n", "change_ratio"]
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def row(rep: str, value: str, kpi: str = "revenue", n: str = "3", ratio: str = "-0.25") -> list[str]:
    return [kpi, "default", rep, "2026-01-01", "2026-03-31", value, n, ratio]


def made(tmp_path, *rows, columns=NAMES, currency="USD", definitions=()):
    """Write both files of one report; give the workbook's bytes, the rows of the CSV, and the notes."""
    tables = [(KEY, Results(list(columns), [list(one) for one in rows], None, definitions))]
    notes = write_workbook(tmp_path / "results.xlsx", tables, KEYS, currency=currency)
    lines = list(csv.reader(io.StringIO(csv_text(tables, KEYS), newline="")))
    return (tmp_path / "results.xlsx").read_bytes(), lines, notes


def sheets(content: bytes) -> dict[str, list[list]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def cell(content: bytes, place: str):
    """Give the type of a cell, its text, and the code of its number format."""
    there = parts(content)
    styles = ElementTree.fromstring(there["xl/styles.xml"])
    codes = {"3": "#,##0"} | {
        one.get("numFmtId"): one.get("formatCode") for one in styles.iter(f"{MAIN}numFmt")
    }
    formats = [one.get("numFmtId") for one in styles.find(f"{MAIN}cellXfs")]
    sheet = ElementTree.fromstring(there["xl/worksheets/sheet1.xml"])
    (found,) = (one for one in sheet.iter(f"{MAIN}c") if one.get("r") == place)
    number = formats[int(found.get("s", "0"))]
    return found.get("t"), "".join(found.itertext()), codes.get(number, number)


def as_text(value, text: str, column: str):
    """What a cell read back must be, for what the CSV has."""
    if column in FIGURES and text:
        return value == float(text)
    if column in ("start", "end") and text:
        return value == date.fromisoformat(text)
    return value == unguarded(text)


def same(read: list[list], lines: list[list[str]]) -> bool:
    columns = [unguarded(name) for name in lines[0]]
    assert read[0] == columns and len(read) == len(lines)
    return all(
        as_text(value, text, name)
        for cells, line in zip(read[1:], lines[1:], strict=True)
        for value, text, name in zip(cells, line, columns, strict=True)
    )


def test_every_cell_is_that_of_the_csv_in_the_same_order(tmp_path):
    content, lines, notes = made(
        tmp_path, row("Bo", "-5.2500"), row("Ann", "1234567.8910"), row("007", "", "win_rate", "", "")
    )
    assert same(sheets(content)["Results"], lines) and notes == []
    assert [line[5] for line in lines[1:]] == ["Ann", "Bo", "007"]


def test_results_of_the_sample_company_agree_cell_by_cell(tmp_path):
    sales = kp.load("data/samples")
    figures = kp.measure(
        sales, ["revenue", "win_rate", "sales_cycle_days", "order_count"], period="2026-Q3", by="rep"
    )
    judged = kp.evaluate(sales, kp.read_plan("data/samples/plan.yaml"))
    shown = Results.of(figures, judged)
    content, lines, notes = made(tmp_path, *shown.rows, columns=shown.columns)
    assert len(lines) > 60 and notes == []
    assert same(sheets(content)["Results"], lines)


def test_days_of_customers_and_of_deals_are_days(tmp_path):
    names = ["kpi", "last_order", "expected_close_on", "value"]
    rows = [["revenue", "2026-05-28", "", "1.0000"], ["pipeline_value", "", "2026-10-01", "2.0000"]]
    content, _, _ = made(tmp_path, *rows, columns=names)
    read = sheets(content)["Results"]
    column = read[0].index("last_order")
    # The rows stand in the order of their keys.
    assert [line[column : column + 2] for line in read[1:]] == [
        ["", date(2026, 10, 1)], [date(2026, 5, 28), ""]
    ]  # fmt: skip
    assert cell(content, f"{chr(ord('A') + column)}3")[2] == "yyyy-mm-dd"


def test_names_that_a_spreadsheet_would_run_are_texts_and_no_cell_is_a_formula(tmp_path):
    names = [name for name in naughty.strings() if not re.search("[\ud800-\udfff\ufffe\uffff]", name)]
    content, lines, notes = made(tmp_path, *(row(name, f"{n}.0000") for n, name in enumerate(names)))
    assert same(sheets(content)["Results"], lines)
    written = [text for name, text in parts(content).items() if "sheet" in name]
    assert not any(re.search(r"<f[ >/]|<hyperlink", text) for text in written)
    assert notes == []


@pytest.mark.parametrize("name", ["=1+1", "=cmd|'/c calc'!A0", "{=1+1}", "http://example.com", "12", "-12"])
def test_a_text_is_never_taken_for_a_formula_a_link_or_a_number(tmp_path, name):
    content, _, _ = made(tmp_path, row(name, "1.0000"))
    assert cell(content, "F2")[:2] == ("inlineStr", name)


def test_a_negative_figure_is_a_number_with_the_format_of_its_unit(tmp_path):
    content, _, _ = made(tmp_path, row("A", "-5.2500"), row("B", "-0.25", "win_rate"),
                         row("C", "7", "order_count"), row("D", "12.5", "sales_cycle_days"),
                         row("E", "2.5", "never_heard"))  # fmt: skip
    found = {cell(content, f"F{line}")[1]: cell(content, f"I{line}") for line in range(2, 7)}
    assert found == {
        "A": (None, "-5.25", "[$USD] #,##0.00"),
        "B": (None, "-0.25", "0.0%"),
        "C": (None, "7", "#,##0"),
        "D": (None, "12.5", '#,##0.0" d"'),
        "E": (None, "2.5", "0"),  # the number of General
    }
    assert {cell(content, f"J{line}")[2] for line in range(2, 7)} == {"#,##0"}
    assert {cell(content, f"K{line}") for line in range(2, 7)} == {(None, "-0.25", "0.0%")}


def test_money_has_the_places_of_its_currency(tmp_path):
    content, _, _ = made(tmp_path, row("A", "1500.0000"), currency="JPY")
    assert cell(content, "I2") == (None, "1500", "[$JPY] #,##0")


def test_dates_are_days_and_what_is_no_day_stays_a_text(tmp_path):
    columns = ["kpi", "start", "end", "rep", "set_on"]
    content, _, _ = made(
        tmp_path, ["revenue", "2026-01-01", "1899-12-31", "2026-01-01", "soon"], columns=columns
    )
    # 2026-01-01 is 46,023 days after the last of 1899.
    assert cell(content, "E2") == (None, "46023", "yyyy-mm-dd")
    assert [cell(content, f"{letter}2")[0] for letter in "FGH"] == ["inlineStr"] * 3


def test_the_header_is_frozen_and_filters(tmp_path):
    content, _, _ = made(tmp_path, row("Ann", "1.0000"))
    for name in ("sheet1", "sheet2"):
        text = parts(content)[f"xl/worksheets/{name}.xml"]
        assert 'state="frozen"' in text and 'ySplit="1"' in text and "<autoFilter" in text
        assert all(float(width) >= 8 for width in re.findall(r'<col [^>]*width="([\d.]+)"', text))


def test_the_same_input_gives_the_same_bytes(tmp_path):
    (tmp_path / "again").mkdir()
    rows = [row("Ann", "1.0000"), row("Bo", "2.0000")]
    first, second = made(tmp_path, *rows)[0], made(tmp_path / "again", *rows[::-1])[0]
    assert first == second
    assert "2000-01-01T00:00:00Z" in parts(first)["docProps/core.xml"]


def test_a_table_without_rows_has_its_header(tmp_path):
    assert sheets(made(tmp_path)[0])["Results"] == [[*KEYS, *NAMES]]
    write_workbook(tmp_path / "none.xlsx", [], KEYS, currency="USD")
    assert sheets((tmp_path / "none.xlsx").read_bytes())["Results"] == [list(KEYS)]


def test_definitions_tell_each_kpi_and_convention_of_the_results(tmp_path):
    rows = [row("A", "1"), row("B", "1"), ["win_rate", "cohort", *row("A", "0.5")[2:]]]
    found = sheets(made(tmp_path, *rows)[0])["Definitions"]
    assert found[0] == list(COLUMNS)
    told = [dict(zip(COLUMNS, one, strict=True)) for one in found[1:]]
    assert [(one["kpi"], one["convention"]) for one in told] == [
        ("revenue", "default"),
        ("win_rate", "cohort"),
    ]
    for one in told:
        card = catalog.find(one["kpi"])
        assert one["definition"] == card.definition and one["definition"]
        assert (one["unit"], one["kind"], one["source"]) == (card.unit, card.kind, card.source)
        assert (one["gaming"], one["balance"]) == (card.gaming, ", ".join(card.balance))
    assert told[1]["formula"] == "won ÷ created" or "cohort" in catalog.find("win_rate").written


@pytest.mark.parametrize("name", catalog.names())
def test_every_kpi_tells_its_formula_under_each_convention(name):
    kpi = catalog.find(name)
    for convention in kpi.convention_names:
        told = definition(kpi, convention)
        assert told["formula"] == kpi.written.get(convention, told["formula"]) and told["formula"]


def test_the_words_of_the_card_come_before_those_of_the_formula():
    sales = kp.Rows("orders", "order_date", "is_sale").sum("amount")
    told = kp.KPI("own", "flow", "money", sales, written={"default": "all that was sold"})
    assert definition(told)["formula"] == "all that was sold"
    assert definition(kp.KPI("own", "flow", "money", sales))["formula"] == "amount"


@pytest.fixture
def own_kpi():
    sales = kp.Rows("orders", "order_date", "is_sale")
    return kp.register(
        kp.KPI("largest_line", "rate", "money", sales.max("amount"), definition="The largest line")
    )


def test_a_kpi_that_only_the_notebook_knows_comes_with_its_definition_and_unit(tmp_path, own_kpi):
    shown = results(pd.DataFrame({"kpi": ["largest_line"], "convention": ["default"], "value": [2.5]}))
    cells = [{"cell_type": "code", "outputs": [{"data": shown._repr_mimebundle_()}]}]
    catalog._OWN.clear()
    read = read_results({"cells": cells})
    content, _, _ = made(tmp_path, *read.rows, columns=read.columns, definitions=read.definitions)
    catalog._OWN[own_kpi.name] = own_kpi
    assert cell(content, "F2") == (None, "2.5", "[$USD] #,##0.00")
    told = dict(zip(COLUMNS, sheets(content)["Definitions"][1], strict=True))
    assert (told["definition"], told["formula"], told["unit"]) == ("The largest line", "max_amount", "money")


def test_a_kpi_that_nobody_knows_breaks_nothing(tmp_path):
    content, _, _ = made(tmp_path, row("A", "1.5", "never_heard"))
    told = dict(zip(COLUMNS, sheets(content)["Definitions"][1], strict=True))
    assert (told["kpi"], told["definition"], told["unit"]) == ("never_heard", UNKNOWN, "")


def test_a_text_that_is_too_long_is_cut_and_told(tmp_path):
    content, _, notes = made(tmp_path, row("x" * 32_767, "1"), row("😀" * 20_000, "1"))
    read = sheets(content)
    assert [one[5][:5] for one in read["Results"][1:]] == ["xxxxx", "😀" * 5]
    assert len(read["Results"][1][5]) == 32_767
    assert read["Results"][2][5].startswith("😀" * 16_000 + "… [cut here: it has 20,000 letters")
    assert notes == ["Results!F3: cut, as a cell holds 32,767 letters: results.csv has all 20,000"]
    assert read["Notes"] == [["note"], notes]


def test_control_signs_are_kept_and_what_xml_cannot_say_is_told(tmp_path):
    content, _, notes = made(
        tmp_path, row("a\x01\x1b\rb", "1"), row("a\uffff\ud800", "1"), row("_x0041_x0042_", "1")
    )
    names = {one[5] for one in sheets(content)["Results"][1:]}
    assert names == {"a\x01\x1b\rb", r"a\uffff\ud800", "_x0041 _x0042_"}
    assert sorted(note.split(": ")[1][:12] for note in notes) == ["a blank stan", "it has lette"]


def test_rows_beyond_a_sheet_go_on_in_another_and_none_is_lost(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 4)
    content, lines, notes = made(tmp_path, *(row(f"R{n}", f"{n}.0000") for n in range(8)))
    read = sheets(content)
    assert list(read) == ["Results", "Definitions", "Results 2", "Results 3", "Notes"]
    joined = read["Results"] + read["Results 2"][1:] + read["Results 3"][1:]
    assert len(read["Results"]) == 4 and same(joined, lines)
    assert notes == ["Results: 8 rows; those after the first 3 are in the sheets that follow"]


def test_columns_beyond_a_sheet_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_COLUMNS", 9)
    content, _, notes = made(tmp_path, row("Ann", "1"))
    assert sheets(content)["Results"][0] == [*KEYS, *NAMES][:9]
    assert notes == ["Results: a sheet has 9 columns; 2 are in results.csv alone"]


def test_the_real_bounds_are_those_of_a_sheet():
    assert (sheet_cells.MOST_ROWS, sheet_cells.MOST_COLUMNS) == (2**20, 2**14)
    assert sheet_cells.MOST_LETTERS == 2**15 - 1


def test_an_earlier_workbook_stays_where_writing_fails(tmp_path, monkeypatch):
    first = made(tmp_path, row("Ann", "1"))[0]

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        made(tmp_path, row("Bo", "2"))
    assert [one.name for one in tmp_path.iterdir()] == ["results.xlsx"]
    assert (tmp_path / "results.xlsx").read_bytes() == first
