"""The scope of a look at one KPI reaches the notebook by papermill, by the command and by a schedule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from kpikit.reports.scheduled import plan_schedule
from kpikit.selection.scheduling import read_schedule
from tests.notebooks.books import ROOT
from tests.notebooks.test_four_ways import figures, run

pytestmark = [pytest.mark.notebooks]
NOTEBOOK = ROOT / "notebooks" / "explore.ipynb"
SCOPE = {"region": ["Bali", "Alaska"], "channel": "WhatsApp"}


def by_the_files() -> float:
    """The revenue of 2026-Q2 in that scope, by the files alone."""
    folder = ROOT / "data" / "samples"
    orders = pd.read_csv(folder / "orders.csv")
    customers = pd.read_csv(folder / "customers.csv")[["customer_id", "region"]]
    told = orders.merge(customers, on="customer_id")
    told = told[told["order_date"].between("2026-04-01", "2026-06-30") & (told["amount"] >= 0)]
    return float(
        told[told["region"].isin(["Bali", "Alaska"]) & (told["channel"] == "WhatsApp")]["amount"].sum()
    )


def headline(notebook: Path) -> dict[str, str]:
    return figures(json.loads(notebook.read_text(encoding="utf-8")))["headline"]


@pytest.mark.slow
def test_papermill_takes_a_scope(tmp_path):
    told = ("-y", yaml.safe_dump({"where": SCOPE}), "-p", "period", "2026-Q2", "-p", "plan", "")
    done = run("papermill", str(NOTEBOOK), str(tmp_path / "out.ipynb"), *told, folder=ROOT)
    assert done.returncode == 0, done.stderr
    assert headline(tmp_path / "out.ipynb")["value"] == f"{by_the_files():.4f}"


@pytest.mark.slow
def test_the_command_takes_a_scope(tmp_path):
    told = ("--data", "data/samples", "--period", "2026-Q2", "--for-each", "none", "-p", f"where={SCOPE}")
    done = run("kpikit", "report", str(NOTEBOOK), *told, "--output", str(tmp_path), folder=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert headline(tmp_path / "company.ipynb")["value"] == f"{by_the_files():.4f}"
    assert "region Bali or Alaska" in (tmp_path / "company.html").read_text(encoding="utf-8")


def scheduled(tmp_path: Path, **parameters: Any) -> list[dict[str, Any]]:
    report = {"name": "look", "notebook": str(NOTEBOOK), "recipient": "all", "parameters": parameters}
    written = {"data": str(ROOT / "data" / "samples"), "period": "2026-Q2", "reports": [report]}
    path = tmp_path / "schedule.yaml"
    path.write_text(yaml.safe_dump(written), encoding="utf-8")
    return [job.parameters for batch in plan_schedule(read_schedule(path)) for job in batch.jobs]


def test_a_schedule_takes_a_scope(tmp_path):
    (parameters,) = scheduled(tmp_path, where=SCOPE)
    assert parameters["where"] == SCOPE


def test_a_scope_that_is_not_there_is_refused_before_a_kernel_starts():
    told = ("--data", "data/samples", "--dry-run", "-p")
    done = run("kpikit", "report", str(NOTEBOOK), *told, "where={'region': 'Balli'}", folder=ROOT)
    assert done.returncode == 2 and "Did you mean 'Bali'?" in done.stderr
    done = run("kpikit", "report", str(NOTEBOOK), *told, "where=Bali", folder=ROOT)
    assert done.returncode == 2 and "a dict such as {}" in done.stderr
