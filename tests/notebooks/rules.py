"""The rules of a notebook: cells short and without logic, parameters literal, outputs stripped."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from typing import Any

MOST_LINES = 8
TAGS = ("parameters", "results", "controls")
# The controls of a lesson stand in its exercises.
LESSON_TAGS = ("parameters", "results")
EXERCISES = 6
# What a notebook may not do: it is computed in the package, where it is tested.
LOGIC = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try)
LOGIC += (ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.BinOp, ast.AugAssign)
CALLS = ("groupby", "apply", "merge", "agg", "pivot_table", "eval", "exec")


def faults(notebook: dict[str, Any]) -> list[str]:
    """Name every fault of a notebook."""
    return [*_of_parts(notebook), *(fault for one in _cells(notebook) for fault in _of_code(*one))]


def _cells(notebook: dict[str, Any]) -> Iterator[tuple[int, str, list[str], dict[str, Any]]]:
    for place, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            yield place, _source(cell), cell.get("metadata", {}).get("tags", []), cell


def _source(cell: dict[str, Any]) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def _of_parts(notebook: dict[str, Any]) -> Iterator[str]:
    cells = notebook["cells"]
    first = _source(cells[0]).splitlines()[0] if cells and cells[0]["cell_type"] == "markdown" else ""
    if not (first.startswith("# ") and first.rstrip().endswith("?")):
        yield "the title is no question"
    tagged = Counter(
        tag
        for cell in cells
        if cell["cell_type"] == "code"
        for tag in cell.get("metadata", {}).get("tags", [])
    )
    for tag in LESSON_TAGS if tagged["exercise"] else TAGS:
        if tagged[tag] != 1:
            yield f"{tagged[tag]} code cells are tagged {tag}"
    if tagged["exercise"] not in (0, EXERCISES):
        yield f"{tagged['exercise']} code cells are tagged exercise"
    if cells[-1]["cell_type"] != "code" or "results" not in cells[-1].get("metadata", {}).get("tags", []):
        yield "the last cell is not the results"
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code" and (place == 0 or cells[place - 1]["cell_type"] != "markdown"):
            yield f"cell {place}: no sentence introduces it"


def _of_code(place: int, source: str, tags: list[str], cell: dict[str, Any]) -> Iterator[str]:
    where, is_results = f"cell {place}", "results" in tags
    if bool(cell.get("outputs")) != is_results or (cell.get("execution_count") is not None) != is_results:
        yield f"{where}: {'no output is stored' if is_results else 'an output is stored'}"
    tree = ast.parse(source)
    if "parameters" in tags:
        for statement in tree.body:
            if not _is_parameter(statement):
                yield f"{where}: '{ast.unparse(statement)}' is no parameter with a plain value"
        return  # one line for each parameter, however many there are
    if len(source.splitlines()) > MOST_LINES:
        yield f"{where}: {len(source.splitlines())} lines"
    for node in ast.walk(tree):
        called = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        if isinstance(node, LOGIC) or called in CALLS:
            yield f"{where}: logic ({called or type(node).__name__})"


def _is_parameter(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name()], value=value):
            try:
                ast.literal_eval(value)
            except ValueError:
                return False
            return True
    return False
