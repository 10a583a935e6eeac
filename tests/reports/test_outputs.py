"""Nothing is replaced that reports are made from, or that kpikit did not write; a dry run says so too."""

from __future__ import annotations

from pathlib import Path

import pytest

from kpikit.errors import ParameterError
from kpikit.reports.jobs import plan_batch
from kpikit.reports.making import check_ahead, make_reports
from tests.reports.conftest import MEASURE, PARAMETERS, RESULTS, command_line, write_notebook

ORDERS = "order_id,order_date,customer_id,amount\n" + "".join(
    f"{n},2026-01-0{n},C{n},10\n" for n in range(1, 8)
)


@pytest.fixture
def company(tmp_path) -> Path:
    """A company whose orders are named as a report's own file, and a notebook as the company's page."""
    (tmp_path / "results.csv").write_text(ORDERS)
    (tmp_path / "dataset.yaml").write_text("tables: {orders: {file: results.csv}}\n")
    parameters = PARAMETERS.replace('"company"', '"."')
    write_notebook(tmp_path / "small.ipynb", MEASURE, RESULTS, parameters=parameters)
    write_notebook(tmp_path / "company.ipynb", MEASURE, RESULTS, parameters=parameters)
    return tmp_path


def planned(company: Path, notebook: str = "small.ipynb"):
    return plan_batch(company / notebook, for_each=[], given={"period": "2026-01"})


def contents(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def test_neither_sources_nor_notebooks_are_replaced(company):
    before = contents(company)
    for place in (company, company / ".." / company.name):
        with pytest.raises(
            ParameterError, match=r"results.csv in \S+ would be replaced, and the reports are"
        ):
            check_ahead(planned(company), place)
    (company / "apart").mkdir()
    (company / "apart" / "company.ipynb").hardlink_to(company / "company.ipynb")
    with pytest.raises(ParameterError, match=r"company.ipynb in \S+ would be replaced, and the reports are"):
        check_ahead(planned(company, "company.ipynb"), company / "apart")
    assert {name: text for name, text in contents(company).items() if "apart" not in name} == before


@pytest.mark.parametrize(("name", "text"), [
    ("index.html", "<title>My own site</title>"), ("results.csv", "order_id,amount\n1,2\n"),
    ("results.xlsx", "PK no workbook"), ("run_results.json", '{"mine": 1}'), ("run_results.json", "[]"),
    ("company.ipynb", '{"cells": [], "metadata": {}}'), ("company.ipynb", "no JSON"),
    ("company.html", "<p>Our company"),
    ("index.html", "<p>kpikit is a tool that we use"), ("run_results.json", '{"version": 1, "inputs": []}'),
    ("run_results.json", "[" * 100_000), ("company.ipynb", '{"metadata": []}'),
    ("company.ipynb", '{"metadata": {"papermill": 5}}'),
])  # fmt: skip
def test_what_another_wrote_is_not_replaced(company, name, text):
    out = company / "out"
    out.mkdir()
    (out / name).write_text(text)
    with pytest.raises(ParameterError, match="would be replaced, and kpikit did not write it"):
        make_reports(planned(company), out)
    assert contents(out) == {name: text.encode()}


def test_an_empty_file_is_nobody_s(company):
    (company / "out").mkdir()
    (company / "out" / "index.html").write_text("")
    assert list(check_ahead(planned(company), company / "out")) == [""]


@pytest.mark.notebooks
def test_reports_are_made_again_where_reports_are(company):
    out = company / "out"
    for _ in range(2):
        (one,) = make_reports(planned(company), out, workers=1)
        assert one.is_done
    for name in ("index.html", "results.csv", "results.xlsx", "run_results.json", "company.ipynb"):
        kept = (out / name).read_bytes()
        (out / name).unlink()  # whatever an earlier run has left, the others are still kpikit's
        check_ahead(planned(company), out)
        (out / name).write_bytes(kept)


@pytest.mark.parametrize(("options", "told"), [
    (["-o", "{own}"], "would be replaced, and the reports are made from it"),
    (["-o", "{own}/small.ipynb"], "small.ipynb (it is no folder)"),
    (["-o", "{own}/small.ipynb/x"], "small.ipynb (it is no folder)"),
    (["-o", "{own}/loop"], "loop (it is no folder)"), (["-o", "{own}/taken"], "company.html in"),
    (["-j", "0"], "0 reports at once"),
])  # fmt: skip
def test_a_dry_run_stops_at_what_stops_the_run(monkeypatch, company, options, told):
    run = command_line(monkeypatch)
    words = ["report", company / "small.ipynb", "--for-each", "none", "--period", "2026-01"]
    words += [one.format(own=company) for one in options]
    (company / "loop").symlink_to(company / "loop")
    (company / "taken" / "company.html").mkdir(parents=True)
    before = contents(company)
    for more in ([], ["--dry-run"]):
        code, text = run(*words, *more)
        assert (code, told in " ".join(text.split())) == (2, True), text
    assert contents(company) == before
