from __future__ import annotations

import csv
import io
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.reports.formulas import guarded, unguarded
from kpikit.reports.gathering import csv_text
from kpikit.reports.results import Results
from tests import naughty

# From OWASP's page on CSV injection, and ways around a filter that looks at the first letter alone.
RUN = [
    "=1+1", "+1+1", "-1+1", "@SUM(1,1)", "=cmd|'/c calc'!A0", "-2+3+cmd|' /C calc'!A0", "\t=1+1", "\ttab",
    "\rcr", "\nlf", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", " =1+1", "   @x", '"=1+1', "'=1+1", "\u00a0=1+1",
    "\ufeff=1+1", "\u200b=1+1", "\x00=1+1", '" =1+1', "-", "=", "-A1", "+62 812", "--1", "-1-", "-1,5", "-٣",
    "=HYPERLINK(\"http://x\",\"y\")", "\x0b=1",
]  # fmt: skip
PLAIN = [
    "", "Ann", "a=1", "1-2", "12.5", "-12.5", "+3", "-0", "-1e-05", "1e+15", "-.5", " Ann", "'s", '"Bo"',
    "#N/A", "2026-01-05", "–", "− 5", "50%", "(1)", "a\tb", "a\n=1",
]  # fmt: skip


@pytest.mark.parametrize("text", RUN)
def test_a_text_that_a_spreadsheet_would_run_has_an_apostrophe_in_front(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", PLAIN)
def test_every_other_text_and_every_number_stays_as_it_is(text):
    assert guarded(text) == text


@given(st.text(alphabet="=+-@'\" \ta1.e", max_size=8) | st.text(max_size=30))
def test_the_exact_text_can_be_had_back(text):
    assert unguarded(guarded(text)) == text


def test_cells_and_headers_of_a_csv_are_guarded_and_negative_figures_are_numbers():
    figures = Results(["=rep", "value"], [["=1+1", "-5.2500"], ["@x", "3"]])
    assert csv_text([({}, figures)], []) == "'=rep,value\n'=1+1,-5.2500\n'@x,3\n"


def test_no_naughty_string_comes_out_as_a_formula():
    names = naughty.strings()
    text = csv_text([({}, Results(["rep"], [[name] for name in names]))], [], is_sorted=False)
    cells = [row[0] for row in list(csv.reader(io.StringIO(text, newline="")))[1:]]
    assert [unguarded(cell) for cell in cells] == names
    # What is left at the front, without what cannot be seen: a sign begins a number, or nothing does.
    shown = [cell.strip(' "\ufeff\u00a0\u200b') for cell in cells]
    run = [
        one for one in shown if one[:1] in set("=@＝＋－＠") or (one[:1] in set("+-") and not _is_number(one))
    ]
    assert run == []
    assert sum(cell != name for cell, name in zip(cells, names, strict=True)) > 20


def _is_number(text: str) -> bool:
    return set(text) <= set("+-.eE0123456789") and math.isfinite(float(text))
