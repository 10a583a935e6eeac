from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from kpikit.errors import ParameterError
from kpikit.reports.reading import ended_before_results, read_results
from kpikit.reports.results import MEDIA_TYPE, results

FIGURES = pd.DataFrame({"kpi": ["revenue"], "value": [2.0]})


def shown(bundle: object) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {MEDIA_TYPE: bundle}}


def code(source: str = "1", *outputs: dict, tags: object = (), is_run: bool = True) -> dict[str, Any]:
    count = 1 if is_run else None
    meta = {"tags": tags}
    return {
        "cell_type": "code",
        "source": source,
        "metadata": meta,
        "execution_count": count,
        "outputs": outputs,
    }


def notebook(*cells: dict) -> dict[str, Any]:
    return {"cells": [{"cell_type": "markdown", "source": "# How it goes"}, *cells]}


def table(columns: object, rows: object, **others: object) -> dict[str, Any]:
    return shown({"version": 1, "columns": columns, "rows": rows, **others})


def test_the_output_of_a_results_cell_is_read_back():
    one = results(FIGURES, headline=FIGURES[["kpi"]])._repr_mimebundle_()
    read = read_results(
        notebook(code("r", {"output_type": "execute_result", "data": one}), code("r", shown(one[MEDIA_TYPE])))
    )
    assert read.columns == ["kpi", "value"]
    assert read.rows == [["revenue", "2.0000"]] * 2
    assert read.headline == {"kpi": "revenue"}


def test_tables_of_other_columns_are_put_below_each_other():
    read = read_results(
        notebook(code("r", table(["kpi", "n"], [["a", "1"]]), table(["n", "gap"], [["2", "-3.5"]])))
    )
    assert read.columns == ["kpi", "n", "gap"]
    assert read.rows == [["a", "1", ""], ["", "2", "-3.5"]]


@pytest.mark.parametrize("text", ["abc", "1,5", "nan", "inf", "-inf", " ", "true"])
def test_text_is_refused_where_a_number_belongs(text):
    for output in (
        table(["kpi", "value"], [["a", text]]),
        table(["kpi"], [["a"]], headline={"actual": text}),
    ):
        with pytest.raises(ParameterError, match=f"has '{text}'. Allowed: numbers, or nothing"):
            read_results(notebook(code("r", output)))


@pytest.mark.parametrize("text", ["", "0", "-1.5", "1e+300"])
def test_a_number_or_nothing_is_well(text):
    assert read_results(notebook(code("r", table(["note", "value"], [["abc", text]])))).rows == [
        ["abc", text]
    ]


def test_a_column_of_the_batch_is_refused():
    with pytest.raises(ParameterError, match="the column 'report' is the batch's own"):
        read_results(notebook(code("r", table(["report"], []))), ["report"])


@pytest.mark.parametrize(
    "bundle",
    [
        "what",
        None,
        {},
        {"version": 2, "columns": [], "rows": []},
        {"version": 1, "columns": ["a"], "rows": [["1", "2"]]},
        {"version": 1, "columns": ["a"], "rows": [[1]]},
        {"version": 1, "columns": ["a", "a"], "rows": []},
        {"version": 1, "columns": "a", "rows": []},
        {"version": 1, "columns": ["a"], "rows": {}},
        {"version": 1, "columns": ["a"], "rows": [], "headline": {"a": 1}},
        {"version": 1, "columns": ["a"], "rows": [], "headline": ["a"]},
    ],
)
def test_what_results_does_not_give_is_refused(bundle):
    with pytest.raises(ParameterError, match="is not what results"):
        read_results(notebook(code("r", shown(bundle))))


RESULT = table(["kpi"], [])
EARLY = "the notebook ended before its results"


@pytest.mark.parametrize(
    ("cells", "end"),
    [
        ([code(), code("r", RESULT, tags=["results"])], None),
        ([code("", is_run=False), code("r", RESULT, tags=["results"]), code("  ", is_run=False)], None),
        # `sys.exit()` before the results cell, after it, and between two of them.
        ([code("exit"), code("r", tags=["results"], is_run=False)], (1, EARLY)),
        ([code("r", RESULT, tags=["results"]), code("exit"), code(is_run=False)], None),
        (
            [code("r", RESULT, tags=["results"]), code("r", tags=["results"], is_run=False)],
            (1, EARLY),
        ),
        # A notebook whose results cell has no tag, and one without any.
        ([code("r", RESULT), code("exit"), code(is_run=False)], None),
        ([code("exit"), code("r", is_run=False)], (1, EARLY)),
        ([code(), code(tags=None)], None),
        # A results cell that runs and shows nothing.
        ([code(), code("r", tags=["results"])], (2, "the results cell shows no results")),
        ([code("no", tags=["skip-execution"], is_run=False), code("r", RESULT, tags=["results"])], None),
    ],
)  # fmt: skip
def test_a_notebook_has_to_reach_its_results(cells, end):
    assert ended_before_results(notebook(*cells)) == end
