"""Members whose names files, pages and notebooks stumble over have their reports, under their own names."""

from __future__ import annotations

import csv
import os
from collections import Counter
from html import unescape

import pytest

from kpikit.reports.batch import run_batch
from kpikit.reports.formulas import unguarded
from kpikit.reports.index import write_index
from kpikit.reports.jobs import plan_batch
from tests.reports.conftest import MEASURE, RESULTS, write_notebook

NAMES = [
    *(
        "=1+1",
        "a\rb",
        "a\r\nb",
        "a\u2028b",
        "../../etc/passwd",
        "\x1b[31mred\x1b[0m",
        "{rep}",
        "$HOME `id`",
        "NULL",
    ),
    *(
        "\u202ereversed",
        "\ufeffé",
        "e\u0301",
        "👩🏽‍🚀",
        "' + __import__('os') + '",
        '"""',
        "\\",
        "CON",
        "[a](b) | *a*",
    ),
    *("x" * 400, "\u200b", "\x01\ufffe"),
]


@pytest.mark.notebooks
@pytest.mark.slow
def test_members_of_any_name_have_their_reports_and_figures(tmp_path):
    company = tmp_path / "company"
    company.mkdir()
    with (company / "orders.csv").open("w", encoding="utf-8", newline="") as opened:
        rows = [[n, "2026-01-05", "C1", n + 1, n] for n in range(len(NAMES))]
        csv.writer(opened).writerows([["order_id", "order_date", "customer_id", "amount", "rep_id"], *rows])
    with (company / "reps.csv").open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, quoting=csv.QUOTE_ALL)
        writer.writerows([["rep_id", "name"], *([n, name] for n, name in enumerate(NAMES))])
    entries = "{orders: {file: orders.csv}, reps: {file: reps.csv, nulls: []}}"
    (company / "dataset.yaml").write_text(f"tables: {entries}", encoding="utf-8")
    batch = plan_batch(write_notebook(tmp_path / "small.ipynb", MEASURE, RESULTS))
    folder = tmp_path / "reports"
    outcomes = run_batch(batch.jobs, folder, workers=2)
    write_index(batch, outcomes, folder)
    assert [(one.job.label, str(one.failure)) for one in outcomes if not one.is_done] == []

    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        written = [row for row in csv.DictReader(file) if row["kpi"] == "revenue"]
    figures = {name: f"{n + 1}.0000" for n, name in enumerate(NAMES)}
    assert {unguarded(row["rep"]): row["value"] for row in written if row["report"] == "company"} == figures
    own = [row for row in written if row["report"] != "company"]
    assert {unguarded(row["report_name"]): row["value"] for row in own} == figures
    assert {row["rep"] for row in own} >= {"'=1+1", "'' + __import__('os') + '", "[a](b) | *a*"}
    assert all(row["report_name"] == row["rep"] for row in own)

    # Each report has files of its own in the folder, and nothing lies outside of it.
    stems = [one.job.stem for one in outcomes]
    assert max(Counter(stem.lower() for stem in stems).values()) == 1
    endings = {f"{stem}.{ending}" for stem in stems for ending in ("html", "ipynb")}
    assert set(os.listdir(folder)) == endings | {"assets", "index.html", "results.csv", "results.xlsx"}
    assert set(os.listdir(tmp_path)) == {"company", "small.ipynb", "reports"}
    index = unescape((folder / "index.html").read_bytes().decode())
    assert [name for name in NAMES if name not in index] == []
