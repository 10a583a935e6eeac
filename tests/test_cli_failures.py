"""What can go wrong in a notebook or with a folder: one plain line for each, and an index all the same."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reports.conftest import (
    HOSTILE,
    MEASURE,
    PARAMETERS,
    RESULTS,
    command_line,
    forbid_batches,
    place,  # noqa: F401
    write_notebook,
)


def report(*words: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "kpikit", "report", *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", timeout=240, check=False, **options,
    )  # fmt: skip


def own_notebook(place: Path, folder: Path, *cells: str) -> Path:  # noqa: F811
    parameters = PARAMETERS.replace("company", str(place / "company"))
    return write_notebook(folder / "own.ipynb", MEASURE, *cells, parameters=parameters)


def lines_of(text: str) -> dict[str, str]:
    """Give what is told of each report, by whose it is."""
    told = [line.partition("] ")[2].rpartition(" (")[0] for line in text.splitlines() if line.startswith("[")]
    return dict(line.split(": ", 1) for line in told)


@pytest.mark.notebooks
@pytest.mark.slow
def test_results_that_cannot_be_used_fail_their_own_report_alone(place, tmp_path):  # noqa: F811
    show = """
import pandas as pd
figures = pd.DataFrame({"kpi": ["revenue"], "value": [5.0]})
if rep == "Bo": figures["value"] = "abc"
if rep == "Ann": figures["report"] = "1"
if rep == "ann": figures = pd.DataFrame({"value": [float("inf")]})
"""
    notebook = own_notebook(place, tmp_path, show, "results(figures)")
    folder = tmp_path / "reports"
    done = report(notebook, "--output", folder)
    told = lines_of(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert told == {
        "Company": "done",
        HOSTILE: "done",
        "Bo": "failed: results: the column 'value' has 'abc'. Allowed: numbers, or nothing",
        "ann": "failed: results: the column 'value' has 'inf'. Allowed: numbers, or nothing",
        "Ann": "failed: results: the column 'report' is the batch's own. Hint: give the notebook's column "
        "another name",
    }
    assert sum(name.endswith(".html") for name in os.listdir(folder)) == 3
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert "5 reports, 3 failed" in index
    assert "✕ failed: results: the column &#x27;value&#x27; has &#x27;abc&#x27;" in index
    with open(folder / "results.csv", encoding="utf-8", newline="") as file:
        assert {row["report_name"]: row["value"] for row in csv.DictReader(file)} == {
            "": "5.0000",
            HOSTILE: "5.0000",
        }


@pytest.mark.notebooks
@pytest.mark.slow
def test_a_notebook_that_ends_itself_is_one_plain_line(place, tmp_path):  # noqa: F811
    end = """
import os, sys, threading
if rep == "Bo": os._exit(3)
if rep == "Ann": sys.exit()
if rep == "ann": sys.exit("no data")
os.write(2, b"a cry past the notebook\\n")
threading.Thread(target=lambda: 1 / 0).start()
"""
    done = report(own_notebook(place, tmp_path, end, RESULTS), "--output", tmp_path / "reports")
    cell = "cell 4 (import os, sys, threading)"
    assert (done.returncode, done.stderr) == (1, "")
    assert lines_of(done.stdout) == {
        "Company": "done",
        HOSTILE: "done",
        "Bo": f"failed: {cell}: the kernel died (out of memory, or ended by a cell)",
        "Ann": f"failed: {cell}: the notebook ended before its results",
        "ann": f"failed: {cell}: SystemExit: no data",
    }


@pytest.mark.notebooks
@pytest.mark.slow
def test_a_kernel_that_does_not_start_says_why(place, tmp_path):  # noqa: F811
    kernel = tmp_path / "kernels" / "python3"
    kernel.mkdir(parents=True)
    argv = f'["{sys.executable}", "-c", "import no_such_module"]'
    (kernel / "kernel.json").write_text(f'{{"argv": {argv}, "display_name": "P", "language": "python"}}')
    words = [place / "small.ipynb", "--output", tmp_path / "reports", "--rep", "Ann"]
    done = report(*words, env={**os.environ, "JUPYTER_PATH": str(tmp_path)})
    assert (done.returncode, done.stderr) == (1, "")
    why = "the kernel died (ModuleNotFoundError: No module named 'no_such_module')"
    assert f"  ✕ 2 reports (Company, Ann): {why}\n" in done.stdout


@pytest.fixture
def run(monkeypatch):
    return command_line(monkeypatch)


@pytest.fixture
def no_kernel(monkeypatch):
    forbid_batches(monkeypatch)


@pytest.mark.parametrize("name", ["index.html", "results.csv", "company.html", "rep-bo.ipynb"])
def test_a_folder_in_a_files_place_is_told_before_a_kernel_starts(run, no_kernel, place, tmp_path, name):  # noqa: F811
    (tmp_path / name).mkdir()
    code, text = run("report", place / "small.ipynb", "--rep", "Bo", "--output", tmp_path)
    assert code == 2
    assert text.startswith(f"kpikit: --output: {name} in ")
    assert "is a folder. Hint: move it away" in text
    assert os.listdir(tmp_path) == [name]


LONG = "x" * 5000


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-p", "z", "{[1]}"], "'{[1]}' does not fit the parameter 'z'. Allowed: a list such as []"),
        (["-p", "z", "[" * 4000], "does not fit the parameter 'z'"),
        (["-p", "plan", "~nobody-here/x"], "'~nobody-here/x' begins with a home folder that nobody knows"),
        (["--data", "~nobody-here/x"], "'~nobody-here/x' begins with a home folder that nobody knows"),
        (["--output", LONG], "cannot write into xxx"),
        (["--output", f"{LONG}/y"], "cannot write into xxx"),
        (["--output", "LOOP"], "cannot write into"),
        (["--output", "LOOP/y"], "cannot write into"),
        (["--data", LONG], "xxx"),
        (["--data", "LOOP"], "loop"),
        (["--plan", LONG], "xxx"),
        (["--plan", "LOOP"], "loop"),
        (["--rep", LONG], "no rep 'xxx"),
        (["-p", LONG, "1"], "no parameter 'xxx"),
    ],
)
def test_a_name_that_leads_nowhere_is_told(run, no_kernel, place, tmp_path, monkeypatch, words, told):  # noqa: F811
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path / "pool")
    (tmp_path / "pool").symlink_to(tmp_path / "loop")
    parameters = PARAMETERS.replace("company", str(place / "company")) + "z = []\n"
    write_notebook(tmp_path / "own.ipynb", MEASURE, RESULTS, parameters=parameters)
    code, text = run("report", "own.ipynb", *(word.replace("LOOP", str(tmp_path / "loop")) for word in words))
    assert code == 2, text
    assert told in text
    assert len(text.splitlines()) == 1
    assert len(text) < 600


@pytest.mark.parametrize("name", [f"{LONG}.ipynb", "loop.ipynb", "loop.ipynb/x.ipynb"])
def test_a_notebook_that_cannot_be_opened_is_told(run, no_kernel, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop.ipynb").symlink_to(tmp_path / "loop.ipynb")
    code, text = run("report", name)
    assert code == 2
    assert "cannot be read" in text
    assert len(text) < 300


def test_a_file_that_nobody_foresaw_is_told_by_its_name(run, monkeypatch):
    def broken(_):
        raise PermissionError(13, "Permission denied", "/far/away.csv")

    monkeypatch.setattr("kpikit.data.dataset.load", broken)
    code, text = run("measure", "revenue", "--data", "data/samples")
    assert (code, text) == (2, "kpikit: /far/away.csv: Permission denied.\n")
