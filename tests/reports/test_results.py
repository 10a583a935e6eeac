from __future__ import annotations

import csv
import io
import math
from datetime import date

import pandas as pd
import pytest

from kpikit.course.lesson import open_lesson
from kpikit.errors import KpikitError, ParameterError
from kpikit.reports.gathering import csv_text
from kpikit.reports.results import (
    COUNTS,
    FIGURES,
    IN_UNIT,
    MEDIA_TYPE,
    PLAIN,
    RATIOS,
    TIMES,
    Results,
    results,
    text_of,
)
from kpikit.reports.sheet_cells import format_of, typed
from kpikit.views.parts import PARTS
from kpikit.views.results import results_frames
from kpikit.views.team import open_view


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1 / 3, "share", "0.333333333"),
        (1234567.891, "money", "1234567.8910"),
        (0.00004, "money", "0.0000"),
        (-0.00004, "money", "0.0000"),
        (-0.0, "", "0"),
        (12.0, "count", "12"),
        (1e15, "count", "1e+15"),
        (math.nan, "money", ""),
        (None, "", ""),
        (pd.NA, "", ""),
        (pd.NaT, "", ""),
        (pd.Timestamp("2026-09-14"), "", "2026-09-14"),
        (True, "", "true"),
        ("=1+1", "", "=1+1"),
    ],
)
def test_a_cell_has_one_text(value, unit, text):
    assert text_of(value, unit) == text


def test_the_unit_comes_from_the_row_or_else_from_its_kpi():
    rows = pd.DataFrame(
        {"kpi": ["revenue", "win_rate", "own"], "unit": [None, None, "money"], "value": [2.0, 0.5, 3.0]}
    )
    assert [row[2] for row in results(rows).rows] == ["2.0000", "0.5", "3.0000"]


def test_hostile_text_is_escaped_where_it_is_shown():
    shown = results(pd.DataFrame({"rep": ["</td><script>alert(1)</script>"]}))._repr_mimebundle_()
    assert "<script" not in shown["text/html"]
    assert shown[MEDIA_TYPE]["rows"] == [["</td><script>alert(1)</script>"]]


def test_the_file_does_not_depend_on_the_order_of_rows():
    one = Results(["kpi", "rep", "value"], [["revenue", "B", "1.0000"], ["revenue", "A", "10.0000"]])
    two = Results(["kpi", "rep", "value"], one.rows[::-1])
    keys = {"report": "company"}
    assert csv_text([(keys, one)], ["report"]) == csv_text([(keys, two)], ["report"])
    assert csv_text([(keys, one)], ["report"]).splitlines()[1] == "company,revenue,A,10.0000"


def test_a_name_with_commas_quotes_and_line_ends_stays_one_cell():
    text = csv_text([({}, Results(["rep"], [['a,"b"\nc']]))], [])
    assert text == 'rep\n"a,""b""\nc"\n'


@pytest.mark.parametrize("cell", ["a\rb", "a\r\nb", "", '"', " a ", ",", "'", "a\u2028b", "-12.5"])
@pytest.mark.parametrize("columns", [["rep"], ["rep", "value"]])
def test_each_cell_is_read_back_as_it_is(cell, columns):
    text = csv_text([({}, Results(columns, [[cell] * len(columns)]))], [])
    assert list(csv.reader(io.StringIO(text, newline=""))) == [columns, [cell] * len(columns)]


def test_a_column_of_the_batch_is_not_overwritten():
    with pytest.raises(KpikitError, match="report"):
        csv_text([({"report": "a"}, Results(["report"], [["b"]]))], ["report"])


def test_what_is_no_frame_is_refused():
    with pytest.raises(ParameterError, match="a dict is no frame"):
        results({"value": 1})


def test_one_very_long_name_does_not_make_every_row_as_long():
    names = ["x" * 32_000, *map(str, range(500))]
    text = results(pd.DataFrame({"rep": names, "team": names, "value": 1.5})).to_text()
    assert len(text) < 4 * 32_000 + 500 * 250
    assert text.splitlines()[1].split() == ["x" * 32_000, "x" * 32_000, "1.5"]
    assert [line.split() for line in text.splitlines()[-1:]] == [["499", "499", "1.5"]]


def test_each_figure_is_of_one_kind_and_a_workbook_shows_it_as_such():
    kinds = {"in unit": IN_UNIT, "ratio": RATIOS, "count": COUNTS, "times": TIMES, "plain": PLAIN}
    assert {name: [kind for kind, own in kinds.items() if name in own] for name in FIGURES} == {
        name: [kind] for kind, own in kinds.items() for name in own
    }
    # 136 deals were created; what is lacking is covered 2.5 times.
    assert format_of("created", "", 136.0, "USD") == "#,##0"
    assert format_of("coverage", "", 2.5, "USD") == format_of("pace", "", 1.0, "USD") == "0.00"
    assert {format_of(name, "", 2.0, "USD") for name in COUNTS} == {"#,##0"}
    assert {format_of(name, "", 2.0, "USD") for name in RATIOS} == {"0.0%"}
    assert {format_of(name, "", 2.0, "USD") for name in PLAIN} == {"General"}


@pytest.mark.slow
def test_every_number_that_a_view_or_a_lesson_shows_is_a_number_in_a_workbook():
    told = open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3", kpi="revenue").figures
    ahead = open_view("data/samples", "data/samples/plan.yaml", period="2027-Q1", kpi="win_rate").figures
    frames = [*results_frames(told, list(PARTS)), *results_frames(ahead, list(PARTS))]
    lesson = open_lesson("01", "data/samples", "data/samples/plan.yaml", period="2026-Q3")
    lesson.written(lambda *made, headline: frames.extend(made))
    numbers = {name for one in frames for name in one.columns[one.notna().any()]
               if pd.api.types.is_numeric_dtype(one[name]) and one[name].dtype != bool}  # fmt: skip
    assert {"age", "value", "rank", "last_year", "conversion"} <= numbers <= FIGURES
    days = [name for one in frames for name in one.select_dtypes("datetime").columns]
    assert days and all(typed(name, "2026-07-01") == date(2026, 7, 1) for name in days)
