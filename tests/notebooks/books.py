"""The notebooks of the project: their parameters, the parts that they show, and the results they keep."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import kpikit as kp
from kpikit.views.parts import PARTS
from kpikit.views.team import open_view

ROOT = Path(__file__).resolve().parents[2]
COURSE = sorted((ROOT / "notebooks" / "course").glob("*.ipynb"))
SOLVED = sorted((ROOT / "notebooks" / "course" / "solutions").glob("*.ipynb"))
NOTEBOOKS = [*sorted((ROOT / "notebooks").glob("*.ipynb")), *COURSE]
SAMPLES = ROOT / "data" / "samples"
RESULTS = "application/vnd.kpikit.results+json"


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def sources(path: Path, tag: str = "") -> list[str]:
    """Give the code cells of a notebook, or those with a tag."""
    cells = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    kept = [cell for cell in cells if not tag or tag in cell["metadata"].get("tags", [])]
    return ["".join(cell["source"]) for cell in kept]


def parameters(path: Path) -> dict[str, Any]:
    """Give the parameters of a notebook with their defaults, without data and plan."""
    (source,) = sources(path, "parameters")
    told = {one.targets[0].id: ast.literal_eval(one.value) for one in ast.parse(source).body}  # type: ignore
    return {name: value for name, value in told.items() if name not in ("data", "plan")}


def parts(path: Path) -> list[str]:
    """Give the parts that a notebook shows, in order; of a lesson, its steps and exercises."""
    if path in COURSE:
        return [source for source in sources(path) if source.startswith("lesson.")]
    calls = [source.removeprefix("view.").partition("(")[0] for source in sources(path)]
    return [name for name in calls if name in PARTS]


def expected(path: Path, **asked: Any) -> dict[str, Any]:
    """Give the results of a notebook as the package computes them, without a kernel."""
    if path in COURSE:
        number = path.name.partition("_")[0]
        lesson = kp.open_lesson(number, SAMPLES, SAMPLES / "plan.yaml", **(parameters(path) | asked))
        return lesson.written(kp.results)._repr_mimebundle_()[RESULTS]
    view = open_view(SAMPLES, SAMPLES / "plan.yaml", **(parameters(path) | asked))
    return view.written(kp.results, parts(path))._repr_mimebundle_()[RESULTS]
