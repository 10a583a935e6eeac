"""A schedule's reports are made: each recipient has a folder of their own reports and figures alone."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from kpikit.reports.files import check_folders
from kpikit.reports.making import make_reports
from kpikit.reports.scheduled import plan_schedule
from kpikit.selection.scheduling import read_schedule
from tests.reports.conftest import FAIL, HOSTILE, MEASURE, PARAMETERS, RESULTS, place, write_notebook  # noqa: F401

pytestmark = pytest.mark.slow

SCHEDULE = """
data: {company}
period: 2026-Q1
reports:
  - {{name: own, notebook: small.ipynb, for_each: rep, recipient: "{{rep}}", file: "{{report}}-{{period}}"}}
  - {{name: extra, notebook: other.ipynb, for_each: rep, recipient: "{{rep}}", period: 2026-01,
     only: {{rep: Ann}}}}
  - {{name: all, notebook: small.ipynb, recipient: management}}
  - {{name: each, notebook: small.ipynb, for_each: rep, recipient: management, only: {{rep: [Ann, ann]}}}}
"""
ANN, LOWER, BO = "rep-ann", "rep-ann-x", "rep-bo"

FIGURES = ["results.csv", "results.xlsx", "run_results.json"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, place) -> Path:  # noqa: F811
    """Make the reports of a schedule, then one of them again."""
    own = tmp_path_factory.mktemp("scheduled {rep}")
    write_notebook(own / "small.ipynb", MEASURE, FAIL, RESULTS, parameters=PARAMETERS)
    write_notebook(own / "other.ipynb", MEASURE, RESULTS, parameters=PARAMETERS, title="# Something <else>")
    (own / "schedule.yaml").write_text(SCHEDULE.format(company=f"'{place / 'company'}'"), encoding="utf-8")
    outcomes = make_reports(plan_schedule(read_schedule(own / "schedule.yaml")), own / "reports", workers=2)
    assert [one.job.called for one in outcomes if not one.is_done] == ["Bo (own)"]
    return own / "reports"


def figures(folder: Path) -> list[dict[str, str]]:
    with (folder / "results.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.notebooks
def test_each_recipient_has_a_folder_and_nothing_lies_beside_them(folder):
    names = sorted(os.listdir(folder))
    assert names[0] == "management"
    assert {ANN, BO} < set(names)
    assert len(names) == 5
    assert all((folder / name).is_dir() for name in names)
    assert sorted(os.listdir(folder.parent)) == ["other.ipynb", "reports", "schedule.yaml", "small.ipynb"]
    assert sorted(os.listdir(folder / ANN)) == [
        "assets", "extra-rep-ann-2026-01.html", "extra-rep-ann-2026-01.ipynb", "index.html",
        "own-2026-q1.html", "own-2026-q1.ipynb", *FIGURES,
    ]  # fmt: skip


@pytest.mark.notebooks
def test_figures_of_a_member_are_in_their_own_folder_and_in_that_of_management_alone(folder):
    # Ann has the orders 4 and 8, ann 1 and 5.
    ann, lower = folder / ANN, next(one for one in folder.iterdir() if one.name.startswith(LOWER))
    rows = [row for row in figures(ann) if row["kpi"] == "revenue"]
    assert {(row["report"], row["rep"], row["value"]) for row in rows} == {
        ("own-2026-q1", "Ann", "120.5000"),
        ("extra-rep-ann-2026-01", "Ann", "0.0000"),
    }
    assert {row["rep"] for row in figures(lower)} == {"ann"}
    assert {row["rep"] for row in figures(folder / "management")} == {"Ann", "ann", "Bo", HOSTILE}
    for one in folder.iterdir():
        if one.name != "management":
            page = (one / "index.html").read_text(encoding="utf-8")
            assert page.count('<th scope="row">') == (2 if one == ann else 1), one.name
            assert ("Ann" in page) == (one == ann), one.name


@pytest.mark.notebooks
def test_an_index_tells_reports_for_one_member_apart(folder):
    page = (folder / ANN / "index.html").read_text(encoding="utf-8")
    assert "How it goes; 2026-Q1 (1 Jan 2026 – 31 Mar 2026)" in page
    assert "Something &lt;else&gt;; 2026-01 (1 Jan 2026 – 31 Jan 2026)" in page
    assert "Other reports" not in page


@pytest.mark.notebooks
def test_a_failed_report_is_told_in_its_own_folder_alone(folder):
    told = [
        one.name for one in folder.iterdir() if "Bo has" in (one / "index.html").read_text(encoding="utf-8")
    ]
    assert told == [BO]
    assert sorted(os.listdir(folder / BO)) == ["assets", "index.html", *FIGURES]


@pytest.mark.notebooks
def test_reports_of_other_runs_stay_linked(folder, tmp_path):
    schedule = read_schedule(folder.parent / "schedule.yaml")
    output = tmp_path / "reports"
    make_reports(plan_schedule(schedule, select=["own", "rep:Ann"]), output, workers=1)
    make_reports(plan_schedule(schedule, select=["extra"]), output, workers=1)
    page = (output / ANN / "index.html").read_text(encoding="utf-8")
    assert os.listdir(output) == [ANN]
    assert page.count('<th scope="row">') == 1
    assert '<li><a href="own-2026-q1.html">own-2026-q1</a></li>' in page
    assert page.count("<li>") == 1


def test_folders_are_checked_before_anything_runs(tmp_path):
    (tmp_path / "reports" / "boss" / "a.html").mkdir(parents=True)
    with pytest.raises(Exception, match=r"a\.html in .* is a folder"):
        check_folders(tmp_path / "reports", {"boss": ["a.html"]})
    (tmp_path / "reports" / "ann").write_text("")
    with pytest.raises(Exception, match="cannot write into"):
        check_folders(tmp_path / "reports", {"ann": ["a.html"]})
