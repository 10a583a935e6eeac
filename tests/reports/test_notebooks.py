from __future__ import annotations

import json

import pytest

from kpikit.errors import ParameterError
from kpikit.reports.notebooks import read_notebook

PARAMETERS = """
"What is asked for."
period: str | None = None
months = 3
share = 0.5
is_bold = True
kpis = ["revenue"]
where = {}
rep = ""
"""


@pytest.fixture
def read(notebook):
    return lambda text=PARAMETERS, **options: read_notebook(notebook("1", parameters=text, **options))


def test_title_and_parameters_are_read_without_a_kernel(read):
    book = read()
    assert book.title == "How it goes"
    assert book.parameters["kpis"] == ["revenue"]
    assert list(book.parameters) == ["period", "months", "share", "is_bold", "kpis", "where", "rep"]


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("period", "2026", "2026"),
        ("period", "None", None),
        ("months", "12", 12),
        ("share", "1", 1.0),
        ("is_bold", "False", False),
        ("kpis", "['win_rate']", ["win_rate"]),
        ("where", "{'region': 'Bali'}", {"region": "Bali"}),
        ("rep", "12", "12"),
    ],
)
def test_a_text_becomes_what_the_parameter_is(read, name, text, value):
    assert read().parse(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        ("months", "many", "'many' does not fit the parameter 'months'. Allowed: a whole number"),
        ("share", "half", "Allowed: a number"),
        ("is_bold", "1", "Allowed: true or false"),
        ("kpis", "revenue", r"Allowed: a list such as \['revenue'\]"),
        ("kpis", "{}", "Allowed: a list"),
        ("where", "__import__('os')", "Allowed: a dict"),
        ("kpis", "{[1]}", r"'\{\[1\]\}' does not fit the parameter 'kpis'. Allowed: a list"),
        ("kpis", "[" * 5000, "does not fit the parameter 'kpis'. Allowed: a list"),
        ("perid", "2026", "no parameter 'perid'. Its parameters: period, .* Hint: Did you mean 'period'?"),
    ],
)
def test_what_does_not_fit_is_refused(read, name, text, fault):
    with pytest.raises(ParameterError, match=fault):
        read().parse(name, text)


@pytest.mark.parametrize(
    "text", ["a = b", "import os", "a = 1 + x", "a, b = 1, 2", "for i in []: pass", "a = f()", "a = {[1]}"]
)
def test_a_parameter_is_a_plain_value(read, text):
    with pytest.raises(ParameterError, match="the parameters cell has"):
        read(text)


def test_a_notebook_without_parameters_takes_none(read):
    with pytest.raises(ParameterError, match="no parameter 'rep'"):
        read("").parse("rep", "Ann")


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("a.ipynb", "{", "no notebook of format 4"),
        ("a.ipynb", "[]", "no notebook of format 4"),
        ("a.ipynb", '{"cells": [1]}', "no notebook of format 4"),
        ("a.ipynb", '{"cells": [], "metadata": {}}', "no notebook of format 4"),
        ("a.ipynb", '{"cells": [], "metadata": {}, "nbformat": 3}', "no notebook of format 4"),
        ("a.ipynb", '{"cells": [], "metadata": null, "nbformat": 4}', "no notebook of format 4"),
        ("a.ipynb", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": "x"}', "of format 4"),
        ("a.ipynb", "[" * 100_000, "no notebook of format 4"),
        ("a.py", "", "is no notebook"),
        ("b.ipynb", None, "there is no notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_refused(tmp_path, name, content, fault):
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ParameterError, match=fault):
        read_notebook(tmp_path / name)


@pytest.mark.parametrize("tags", [None, "parameters", {}])
def test_tags_that_papermill_cannot_read_are_told_with_their_cell(notebook, tags):
    path = notebook("1", "2")
    content = json.loads(path.read_text())
    content["cells"][2]["metadata"]["tags"] = tags
    path.write_text(json.dumps(content))
    with pytest.raises(ParameterError, match=r"the tags of cell 3 are .* Allowed: a list of words"):
        read_notebook(path)
