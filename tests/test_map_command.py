"""`kpikit map` on the command line."""

from __future__ import annotations

import subprocess
import sys

import pytest
import yaml
from typer.testing import CliRunner

from kpikit import cli


@pytest.fixture
def folder(tmp_path, monkeypatch):
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,{n}.5\n" for n in range(30))
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Amount\n" + rows)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str):
    return CliRunner().invoke(cli.app, ["map", *words])


def test_the_draft_is_printed_and_the_summary_stands_beside(folder):
    done = run("orders.csv", "--currency", "idr")
    assert done.exit_code == 0
    assert yaml.safe_load(done.stdout)["currency"] == "IDR"
    assert "orders.csv  orders" in done.stderr
    assert "4 columns: 4 sure, 0 likely, 0 guessed, 1 asked." in done.stderr
    assert "kpikit data check dataset.yaml" in done.stderr


def test_the_draft_is_written_and_never_over_a_file_without_force(folder):
    assert run("orders.csv", "--output", "dataset.yaml").exit_code == 0
    first = (folder / "dataset.yaml").read_text()
    assert yaml.safe_load(first)["tables"]["orders"]["file"] == ["orders.csv"] or "file: orders.csv" in first
    (folder / "dataset.yaml").write_text("mine")
    done = run("orders.csv", "--output", "dataset.yaml")
    assert done.exit_code == 2
    assert "the file is there already" in done.stderr
    assert (folder / "dataset.yaml").read_text() == "mine"
    assert run("orders.csv", "--output", "dataset.yaml", "--force").exit_code == 0
    assert (folder / "dataset.yaml").read_text() == first
    assert sorted(one.name for one in folder.iterdir()) == ["dataset.yaml", "orders.csv"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["nowhere.csv"], "map: nowhere.csv: there is no such file."),
        (["."], "this is a folder, not a file. Hint: name the files in it."),
        (["orders.csv", "orders.csv"], "orders.csv is given twice"),
        (["orders.csv", "--currency", "rupiah"], "'rupiah' is no currency"),
        (["orders.csv", "--output", "orders.csv"], "a mapping is a .yaml file"),
        (["orders.csv", "--output", "."], "this is a folder"),
        (["orders.csv", "--output", "no/where.yaml"], "there is no folder no"),
    ],
)
def test_mistakes_are_told_in_a_sentence(folder, words, told):
    done = run(*words)
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_help_imports_no_pandas():
    code = "import sys; from kpikit import cli; print({'pandas', 'pyarrow', 'yaml'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()", done.stderr
