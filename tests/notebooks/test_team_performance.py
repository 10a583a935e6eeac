"""The notebook gives the same figures however it is run, and a changed figure does not go unseen."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kpikit as kp
from kpikit.views.team import open_view

pytestmark = [pytest.mark.notebooks, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = ROOT / "notebooks" / "team_performance.ipynb"
RESULTS = "application/vnd.kpikit.results+json"
ASKED = {"period": "2026-Q2", "rep": "Ayu Lestari", "kpi": "order_count"}


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True
    )


def papermill(folder: Path, output: Path, **parameters: str) -> dict[str, Any]:
    """Run the notebook by plain papermill, as a person would, in a working folder."""
    passed = [part for name, value in parameters.items() for part in ("-p", name, value)]
    notebook = os.path.relpath(NOTEBOOK, folder)
    done = run("papermill", notebook, str(output), *passed, folder=folder)
    assert done.returncode == 0, done.stderr
    return json.loads(output.read_text(encoding="utf-8"))


def outputs(notebook: dict[str, Any], tag: str = "") -> list[dict[str, Any]]:
    cells = [
        c
        for c in notebook["cells"]
        if c["cell_type"] == "code" and (not tag or tag in c["metadata"].get("tags", []))
    ]
    return [one for cell in cells for one in cell["outputs"]]


def figures(notebook: dict[str, Any]) -> dict[str, Any]:
    (shown,) = outputs(notebook, "results")
    return shown["data"][RESULTS]


def expected(**parameters: str) -> dict[str, Any]:
    view = open_view(ROOT / "data" / "samples", ROOT / "data" / "samples" / "plan.yaml", **parameters)
    return view.written(kp.results)._repr_mimebundle_()[RESULTS]


@pytest.fixture(scope="module")
def of_a_rep(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return papermill(ROOT, tmp_path_factory.mktemp("out") / "rep.ipynb", **ASKED)


def test_papermill_gives_the_figures_of_the_package(of_a_rep):
    assert figures(of_a_rep) == expected(**ASKED)


def test_papermill_gives_the_same_from_the_notebooks_folder(of_a_rep, tmp_path):
    assert figures(papermill(ROOT / "notebooks", tmp_path / "out.ipynb", **ASKED)) == figures(of_a_rep)


def test_what_is_stored_is_what_the_defaults_give():
    assert figures(json.loads(NOTEBOOK.read_text(encoding="utf-8"))) == expected(period="last quarter")


def test_in_batch_no_widget_appears_and_nothing_is_written_aside(of_a_rep):
    shown = outputs(of_a_rep)
    assert all("widget-view" not in kind for one in shown for kind in one.get("data", {}))
    assert [one for one in shown if one["output_type"] in ("stream", "error")] == []
    assert outputs(of_a_rep, "controls") == []


def test_in_batch_every_chart_is_a_picture_in_words_too(of_a_rep):
    pictures = [one["data"] for one in outputs(of_a_rep) if "image/svg+xml" in one.get("data", {})]
    assert len(pictures) >= 2
    assert all({"text/plain", "image/png"} <= set(one) for one in pictures)


def test_a_parameter_that_is_wrong_stops_the_notebook_with_a_hint(tmp_path):
    passed = ("-p", "rep", "Ayu Lestary")
    done = run("papermill", str(NOTEBOOK), str(tmp_path / "out.ipynb"), *passed, folder=ROOT)
    assert done.returncode != 0 and "Did you mean 'Ayu Lestari'?" in done.stderr


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the notebook and its data, outside of the project."""
    shutil.copytree(ROOT / "data" / "samples", tmp_path / "data" / "samples")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return tmp_path


def nbval(project: Path) -> subprocess.CompletedProcess[str]:
    plain = ("-p", "no:cacheprovider", "--nbval", "--nbval-current-env", "notebooks/team_performance.ipynb")
    return run("pytest", "-q", *plain, folder=project)


def test_nbval_passes_and_sees_a_changed_figure(project):
    done = nbval(project)
    assert done.returncode == 0, done.stdout
    path = project / "notebooks" / "team_performance.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "1416887.5000" in text
    path.write_text(text.replace("1416887.5000", "1416887.5001"), encoding="utf-8")
    done = nbval(project)
    assert done.returncode == 1 and "1416887.5001" in done.stdout
