from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from pathlib import Path

import jsonschema
import pytest

from kpikit.data.findings import Finding
from kpikit.periods import parse_period
from kpikit.reports.job import Batch, Job
from kpikit.reports.making import make_reports
from kpikit.reports.provenance import Provenance, SourceFact
from kpikit.reports.record import RECORD, write_record
from kpikit.reports.record_form import RunResults, schema
from kpikit.reports.results import Results
from kpikit.reports.running import Failure, Outcome
from tests.reports.conftest import write_notebook

BEGAN, ENDED = datetime(2026, 4, 1, 2, 0, tzinfo=UTC), datetime(2026, 4, 1, 2, 1, 30, 500_000, tzinfo=UTC)
SHA = "ab" * 32


@pytest.fixture
def batch(tmp_path) -> Batch:
    notebook = write_notebook(
        tmp_path / "own.ipynb", "1", parameters='data = "c"\nmonths = 3\ntoken = "abc"\n'
    )
    jobs = [
        Job("company", "", "company", notebook, {}, "Acme", "T"),
        Job("rep", "Bo", "rep-bo", notebook, {"rep": "Bo", "url": "postgresql://a:b@h/d"}, "Bo", "T"),
    ]
    facts = Provenance(
        date(2026, 3, 31), parse_period("2026-Q1", date(2026, 3, 31)),
        (SourceFact("orders.csv", ("orders",), 12, SHA),
         SourceFact("DB", ("reps",), address="postgresql://h/d", rows={"reps": 4})),
        (Finding("no_rep", "orders", 3, "3 lines have no rep: shown apart"),),
        {"orders": 9, "reps": 4}, ("dataset.yaml", SHA),
    )  # fmt: skip
    return Batch(tuple(jobs), "T", "Acme", "USD", (), provenance=facts)


def outcomes(batch: Batch) -> list[Outcome]:
    results = Results(["kpi", "convention"], [["win_rate", "cohort"], ["revenue", "default"]])
    failure = Failure("ValueError: no figures", 4, "x = 1")
    return [Outcome(batch.jobs[0], results, None, 1.23456), Outcome(batch.jobs[1], None, failure, 0.5)]


def written(batch: Batch, folder: Path) -> dict:
    (folder / "company.html").write_text("page")
    (folder / "results.csv").write_text("a\n")
    (folder / "rep-bo.html").write_text("of an earlier run")
    path = write_record(batch, outcomes(batch), folder, started=BEGAN, ended=ENDED)
    assert path == folder / RECORD
    return json.loads(path.read_text(encoding="utf-8"))


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_is_written_has_the_form_that_is_promised(batch, tmp_path):
    told = written(batch, tmp_path)
    jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker()).validate(told)
    jsonschema.Draft202012Validator.check_schema(schema())
    assert list(told) == list(RunResults.model_fields)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told, "version": 2}, schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**told, "more": 1}, schema())


def test_it_tells_of_the_run_and_its_data(batch, tmp_path):
    told = written(batch, tmp_path)
    notebook = (tmp_path / "own.ipynb").read_text(encoding="utf-8")
    assert (told["started"], told["ended"], told["seconds"]) == (
        "2026-04-01T02:00:00Z", "2026-04-01T02:01:30.500000Z", 90.5,
    )  # fmt: skip
    assert told["inputs"][0]["notebook"] == {"name": "own.ipynb", "sha256": sha256(notebook), "title": "T"}
    assert told["inputs"][0]["period"] == {"label": "2026-Q1", "start": "2026-01-01", "end": "2026-03-31"}
    data = told["inputs"][0]["data"]
    assert (data["as_of"], data["currency"], data["rows"]) == ("2026-03-31", "USD", {"orders": 9, "reps": 4})
    assert data["mapping"] == {"name": "dataset.yaml", "sha256": SHA}
    assert data["sources"] == [
        {"name": "orders.csv", "kind": "file", "tables": ["orders"], "bytes": 12, "sha256": SHA,
         "address": None, "rows": None},
        {"name": "DB", "kind": "database", "tables": ["reps"], "bytes": None, "sha256": None,
         "address": "postgresql://h/d", "rows": {"reps": 4}},
    ]  # fmt: skip
    assert data["findings"] == [
        {"check": "no_rep", "table": "orders", "rows": 3, "severity": "warning",
         "message": "3 lines have no rep: shown apart"}
    ]  # fmt: skip
    assert told["conventions"] == {"revenue": ["default"], "win_rate": ["cohort"]}
    assert {"python", "kpikit", "pandas", "altair", "papermill"} <= set(told["versions"])


def test_it_tells_of_each_report_without_a_secret(batch, tmp_path):
    done, failed = written(batch, tmp_path)["reports"]
    assert (done["report"], done["status"], done["seconds"], done["rows"]) == ("company", "done", 1.235, 2)
    assert done["parameters"] == {"data": "c", "months": 3, "token": "***"}
    assert done["files"] == [{"name": "company.html", "bytes": 4, "sha256": sha256("page")}]
    assert done["failure"] is None
    assert (failed["report_for"], failed["report_name"], failed["status"]) == ("rep", "Bo", "failed")
    assert failed["parameters"]["url"] == "postgresql://***@h/d"
    assert failed["failure"] == {"cell": 4, "source": "x = 1", "error": "ValueError: no figures"}
    # What is still there is of an earlier run.
    assert failed["files"] == []


def test_the_same_run_is_the_same_text(batch, tmp_path):
    written(batch, tmp_path)
    first = (tmp_path / RECORD).read_bytes()
    written(batch, tmp_path)
    assert (tmp_path / RECORD).read_bytes() == first
    assert first.endswith(b"}\n")


@pytest.mark.parametrize(
    "value", ["float('inf')", "1e999", "(1, 2)", "b'x'", "{1: 2}", "'\\ud800'", "1j", "None"]
)
def test_any_literal_of_python_can_be_a_parameter(batch, tmp_path, value):
    write_notebook(tmp_path / "own.ipynb", "1", parameters=f"odd = {value}\n")
    jsonschema.validate(written(batch, tmp_path), schema())


def test_a_batch_without_a_known_origin_has_a_record_too(tmp_path):
    gone = Job("rep", "A", "rep-a", tmp_path / "gone.ipynb", {}, "A", "T")
    batch = Batch((gone,), "T", "Acme", "USD", ())
    path = write_record(batch, [Outcome(gone, None, Failure("x"), 0.0)], tmp_path, started=BEGAN, ended=ENDED)
    told = json.loads(path.read_text())
    jsonschema.validate(told, schema())
    assert (told["inputs"][0]["data"], told["status"], told["reports"][0]["failure"]["cell"]) == (
        None,
        "failed",
        None,
    )


@pytest.mark.notebooks
def test_a_real_batch_leaves_files_that_agree_with_its_record(place, tmp_path):
    from kpikit.reports.jobs import plan_batch

    planned = plan_batch(place / "small.ipynb", only={"rep": ["Ann", "Bo"]}, has_company=False)
    make_reports(planned, tmp_path / "out", workers=1)
    told = json.loads((tmp_path / "out" / RECORD).read_text(encoding="utf-8"))
    jsonschema.validate(told, schema())
    named = [*told["files"], *(one for report in told["reports"] for one in report["files"])]
    files = [one for one in (tmp_path / "out").rglob("*") if one.is_file() and one.name != RECORD]
    there = {one.relative_to(tmp_path / "out").as_posix(): one.read_bytes() for one in files}
    assert {one["name"]: one["sha256"] for one in named} == {
        name: hashlib.sha256(content).hexdigest() for name, content in there.items()
    }
    assert [one["status"] for one in told["reports"]] == ["done", "failed"]
    page = there[f"{planned.jobs[0].stem}.html"].decode()
    digest = next(
        one["sha256"] for one in told["inputs"][0]["data"]["sources"] if one["name"] == "orders.csv"
    )
    assert "Conventions: average_order_value" in page
    assert f"orders.csv (SHA-256 {digest[:12]})" in page
    assert "Data as of 10 Mar 2026" in page and "Versions: python 3" in page
