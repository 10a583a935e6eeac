"""Each notebook gives the same figures however it is run, and a changed figure does not go unseen."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.notebooks.books import NOTEBOOKS, RESULTS, ROOT, expected, parts, read

pytestmark = [pytest.mark.notebooks, pytest.mark.slow]

# What each notebook is asked for beside its defaults, and how many charts it then shows at least.
ASKED: dict[str, tuple[dict[str, str], int]] = {
    "team_performance": ({"period": "2026-Q2", "rep": "Ayu Lestari", "kpi": "order_count"}, 3),
    "rep_scorecard": ({"period": "2026-Q2", "rep": "Budi Hartanto"}, 3),
    "target_review": ({"as_of": "2026-09-14", "team": "Bali"}, 1),
    "channel_review": ({"period": "2026-Q2", "rep": "Ayu Lestari", "kpi": "order_count"}, 6),
    "customer_review": ({"period": "2026-Q2", "rep": "Ayu Lestari", "grain": "month"}, 5),
    "target_brief": ({"period": "2026-Q4", "rep": "Ayu Lestari"}, 0),
    "pipeline_review": ({"period": "2026-Q2", "rep": "Ni Luh Kartika", "by": "channel"}, 4),
    "explore": ({"period": "2026-Q2", "team": "Bali", "kpi": "order_count", "grain": "week"}, 2),
    "01_from_goal_to_report": ({"period": "2026-Q2", "as_of": "2026-09-14"}, 0),
}


# A wrong parameter, and what is then said; a rep's name where nothing else is told.
WRONG: dict[str, tuple[str, str, str]] = {
    "01_from_goal_to_report": ("language", "xx", "Languages: en, id"),
}


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> Path:
    return request.param


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_ADDOPTS"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True
    )


def papermill(notebook: Path, folder: Path, output: Path, **parameters: str) -> dict[str, Any]:
    """Run a notebook by plain papermill, as a person would, in a working folder."""
    passed = [part for name, value in parameters.items() for part in ("-p", name, value)]
    done = run("papermill", os.path.relpath(notebook, folder), str(output), *passed, folder=folder)
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


@pytest.fixture(scope="module")
def asked(notebook: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The notebook as papermill runs it for what it is asked here."""
    output = tmp_path_factory.mktemp("out") / "asked.ipynb"
    return papermill(notebook, ROOT, output, **ASKED[notebook.stem][0])


def test_every_notebook_is_asked_for_something_beside_its_defaults():
    assert {path.stem for path in NOTEBOOKS} == set(ASKED)


def test_papermill_gives_the_figures_of_the_package(notebook, asked):
    assert figures(asked) == expected(notebook, **ASKED[notebook.stem][0])


@pytest.mark.parametrize("stem", ["team_performance", "01_from_goal_to_report"])
def test_papermill_gives_the_same_from_the_notebooks_folder(stem, tmp_path):
    """Where the tables are is told from the notebook's folder; a lesson's is one below."""
    path = next(one for one in NOTEBOOKS if one.stem == stem)
    again = papermill(path, ROOT / "notebooks", tmp_path / "out.ipynb", **ASKED[stem][0])
    assert figures(again) == expected(path, **ASKED[stem][0])


def test_what_is_stored_is_what_the_defaults_give(notebook):
    assert figures(read(notebook)) == expected(notebook)


def test_every_part_that_has_figures_leaves_them_in_the_results(notebook):
    assert parts(notebook)
    stored = figures(read(notebook))
    assert stored["columns"][0] == "part" and stored["rows"] and stored.get("headline")


def test_in_batch_no_widget_appears_and_nothing_is_written_aside(asked):
    shown = outputs(asked)
    assert all("widget-view" not in kind for one in shown for kind in one.get("data", {}))
    assert [one for one in shown if one["output_type"] in ("stream", "error")] == []
    assert outputs(asked, "controls") == []


def test_in_batch_every_chart_is_a_picture_in_words_too(notebook, asked):
    pictures = [one["data"] for one in outputs(asked) if "image/svg+xml" in one.get("data", {})]
    assert len(pictures) >= ASKED[notebook.stem][1]
    assert all({"text/plain", "image/png"} <= set(one) for one in pictures)


def test_a_parameter_that_is_wrong_stops_the_notebook_with_a_hint(notebook, tmp_path):
    usual = ("rep", "Ayu Lestary", "Did you mean 'Ayu Lestari'?")
    name, value, said = WRONG.get(notebook.stem, usual)
    passed = ("-p", name, value)
    done = run("papermill", str(notebook), str(tmp_path / "out.ipynb"), *passed, folder=ROOT)
    assert done.returncode != 0 and said in done.stderr


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages of all notebooks for the company, made by one command."""
    place = tmp_path_factory.mktemp("pages")
    entries = [
        {"name": book.stem, "notebook": str(book), "recipient": "all", "file": book.stem, "for_each": "none"}
        | {name: value for name, value in ASKED[book.stem][0].items() if name == "period"}
        for book in NOTEBOOKS
    ]
    samples = ROOT / "data" / "samples"
    told = {"data": str(samples), "plan": str(samples / "plan.yaml"), "reports": entries}
    (place / "schedule.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    words = ("report", str(place / "schedule.yaml"), "--output", str(place / "out"))
    done = run("kpikit", *words, folder=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    return place / "out" / "all"


def test_the_command_makes_a_page_of_it(notebook, pages):
    text = (pages / f"{notebook.stem.replace('_', '-')}.html").read_text(encoding="utf-8")
    assert "<script" not in text and 'class="output"' in text


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the notebooks and their data, outside of the project."""
    shutil.copytree(ROOT / "data" / "samples", tmp_path / "data" / "samples")
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    return tmp_path


def nbval(project: Path, name: str) -> subprocess.CompletedProcess[str]:
    plain = ("-p", "no:cacheprovider", "--nbval", "--nbval-current-env", name)
    return run("pytest", "-q", *plain, folder=project)


def test_nbval_sees_a_changed_figure(notebook, project):
    """That it passes where nothing is changed is told by `make test`, which runs it on the notebooks."""
    name = notebook.relative_to(ROOT).as_posix()
    path = project / name
    text = path.read_text(encoding="utf-8")
    amount = next(c for row in figures(read(path))["rows"] for c in row if re.fullmatch(r"\d{4,}\.\d{4}", c))
    changed = f"{amount[:-1]}{(int(amount[-1]) + 1) % 10}"
    path.write_text(text.replace(amount, changed), encoding="utf-8")
    done = nbval(project, name)
    # Of a long table the message shows the beginning alone; that the figure is seen is told by the failure.
    assert done.returncode == 1 and "Cell outputs differ" in done.stdout
