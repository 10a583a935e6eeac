"""A small company with names that no file and no page likes, and a small notebook that takes a rep."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kpikit import cli
from kpikit.reports import making

HOSTILE = "</script><script>alert(1)</script>"
REPS = {"1": "Ann", "2": "ann", "3": HOSTILE, "4": "Bo"}
PLAN = """
goals:
  - name: Grow
    objectives:
      - name: Sell
        kpis: [revenue]
        targets:
          - {name: Hundred each, kpi: revenue, per: rep, level: 100, period: 2026-Q1, set_on: 2026-01-01}
"""
PARAMETERS = (
    'data = "company"\nplan = ""\nperiod = "2026-Q1"\nas_of = ""\nrep = ""\nmonths = 3\nis_bold = False\n'
)
MEASURE = """
import kpikit as kp
from kpikit.reports.results import results

sales = kp.load(data)
scope = {"rep": rep} if rep else {}
"""
FAIL = 'if rep == "Bo":\n    raise ValueError("Bo has\\nno figures")\n'
SHOW = "kp.measure(sales, 'revenue', period=period, by='rep', where=scope)[['rep', 'value']]"
RESULTS = """
results(kp.measure(sales, ["revenue", "average_order_value"], period=period, by="rep", where=scope))
"""


@pytest.fixture(scope="session")
def place(tmp_path_factory) -> Path:
    """Write the company and the notebook into a folder of which the name is a trap too."""
    folder = tmp_path_factory.mktemp("a {rep} in a path")
    company = folder / "company"
    company.mkdir()
    orders = ["order_id,order_date,customer_id,amount,rep_id"]
    orders += [
        f"{number},2026-0{1 + number % 3}-10,C1,{number * 10}.25,{1 + number % 4}" for number in range(1, 9)
    ]
    (company / "orders.csv").write_text("\n".join(orders) + "\n", encoding="utf-8")
    reps = ["rep_id,name,team"] + [f'{key},"{name}",T{int(key) % 2}' for key, name in REPS.items()]
    (company / "reps.csv").write_text("\n".join(reps) + "\n", encoding="utf-8")
    (folder / "plan.yaml").write_text(f"dataset: company\n{PLAN}", encoding="utf-8")
    write_notebook(folder / "small.ipynb", MEASURE, FAIL, SHOW, RESULTS)
    return folder


def write_notebook(
    path: Path, *sources: str, parameters: str = PARAMETERS, title: str = "# How it goes"
) -> Path:
    """Write a notebook of a title, a parameters cell and some code; the last cell is its results cell."""
    cells = [{"cell_type": "markdown", "metadata": {}, "source": f"{title}\n\nFrom **orders**."}]
    for number, source in enumerate([parameters, *sources]):
        tags = ["parameters"] if number == 0 else ["results"] if number == len(sources) else []
        code = {"cell_type": "code", "execution_count": None, "outputs": [], "source": source.strip()}
        cells.append({**code, "metadata": {"tags": tags}})
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    content = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.fixture
def notebook(tmp_path) -> Callable[..., Path]:
    """Write a notebook of its own for a test."""
    return lambda *sources, **options: write_notebook(tmp_path / "own.ipynb", *sources, **options)


def command_line(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    """Give what runs a command line as a person types it, and gives its exit code and what it printed.

    Of a command that succeeds, that is what another program would read; of one that fails, all.
    """

    def call(*words: object, columns: int = 160) -> tuple[int, str]:
        monkeypatch.setenv("COLUMNS", str(columns))
        done = CliRunner().invoke(cli.app, list(cli._paired(map(str, words))))
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output if done.exit_code else done.stdout

    return call


def forbid_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where a batch would begin."""

    def begin(*_, **__):
        raise AssertionError("a batch was begun")

    monkeypatch.setattr(making, "run_batch", begin)
