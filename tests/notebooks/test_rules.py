"""The notebooks keep their rules, and the rules find what breaks them."""

from __future__ import annotations

import copy
import json

import pytest

from kpikit.selection import PARAMETERS
from tests.notebooks.books import COURSE, NOTEBOOKS, ROOT, SOLVED, parameters, sources
from tests.notebooks.rules import faults

TEAM = json.loads((ROOT / "notebooks" / "team_performance.ipynb").read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", [*NOTEBOOKS, *SOLVED], ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_notebook_keeps_the_rules(path):
    assert faults(json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_its_parameters_are_those_of_a_selection(path):
    names = ["data", "plan", *parameters(path)]
    assert set(names[2:]) <= set(PARAMETERS)
    (source,) = sources(path, "parameters")
    assert [line.split(" = ")[0] for line in source.splitlines()] == names
    (opened,) = [source for source in sources(path) if "kp.open_" in source]
    assert all(f"{name}={name}" in opened for name in names[2:])


def changed(source: str | None = None, *, at: int = -2, **changes: object) -> dict:
    notebook = copy.deepcopy(TEAM)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    if source is not None:
        code[at]["source"] = source
    code[at].update(changes)
    return notebook


@pytest.mark.parametrize(
    "source",
    [
        "def f(): pass",
        "for a in b: a",
        "[a for a in b]",
        "frame.groupby('rep').sum()",
        "view.total = 1 + 1",
        "f = lambda: 1",
        "if view: view.cards()",
        "\n".join(["view.cards()"] * 9),
    ],
)
def test_logic_and_long_cells_are_found(source):
    assert len(faults(changed(source))) >= 1


@pytest.mark.parametrize(
    "source", ["period = today()", "period: str", "import os", "a = b = 1", "a, b = 1, 2"]
)
def test_parameters_are_plain_values(source):
    (fault,) = faults(changed(source, at=0))
    assert fault.endswith("is no parameter with a plain value")


def test_outputs_are_stored_in_the_results_alone():
    output = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    last = len(TEAM["cells"]) - 1
    assert faults(changed(outputs=output)) == [f"cell {last - 2}: an output is stored"]
    assert faults(changed(execution_count=3)) == [f"cell {last - 2}: an output is stored"]
    assert faults(changed(at=-1, outputs=[])) == [f"cell {last}: no output is stored"]


def test_parts_that_are_missing_are_found():
    notebook = copy.deepcopy(TEAM)
    notebook["cells"][0]["source"] = "# A title"
    del notebook["cells"][1]
    notebook["cells"][-1]["metadata"]["tags"] = []
    found = faults(notebook)
    assert "the title is no question" in found
    assert "0 code cells are tagged results" in found
    assert "the last cell is not the results" in found


def test_exercises_are_six_and_need_no_controls_beside_them():
    lesson = json.loads(COURSE[0].read_text(encoding="utf-8"))
    place = next(n for n, one in enumerate(lesson["cells"]) if "exercise" in one["metadata"].get("tags", []))
    del lesson["cells"][place - 1 : place + 1]
    assert faults(lesson) == ["5 code cells are tagged exercise"]
