from __future__ import annotations

import csv
import json
import multiprocessing
import os
import shutil
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from pathlib import Path

import pytest

from kpikit.errors import ParameterError
from kpikit.reports.batch import check_workers, run_batch
from kpikit.reports.index import headline, index_page, write_index
from kpikit.reports.job import Batch, Job
from kpikit.reports.jobs import plan_batch
from kpikit.reports.results import Results
from kpikit.reports.running import Failure, Outcome
from tests.reports.conftest import HOSTILE, MEASURE, PARAMETERS, RESULTS, write_notebook


def job(label: str) -> Job:
    return Job("rep", label, f"rep-{label.lower()}", Path("n.ipynb"), {}, label, "How it goes")


class Here(Executor):
    """An executor that does the work when it is asked, or says what it was told to say."""

    def __init__(self, answer) -> None:
        self.answer = answer

    def submit(self, _function, job, folder):
        future: Future = Future()
        try:
            future.set_result(self.answer(job, folder))
        except Exception as fault:
            future.set_exception(fault)
        return future


def done(job: Job, _folder: str) -> Outcome:
    return Outcome(job, Results(["kpi"], [["revenue"]]), None, 0.1)


def test_outcomes_come_in_the_order_of_the_jobs_and_are_followed(tmp_path):
    seen = []
    outcomes = run_batch(
        [job("B"), job("A")], tmp_path, executor=Here(done), follow=lambda o, n: seen.append((len(o), n))
    )
    assert [one.job.label for one in outcomes] == ["B", "A"]
    assert seen[-1] == (2, 0)


@pytest.mark.parametrize(
    ("fault", "told"), [(BrokenExecutor("x"), "died"), (TypeError("no pickle"), "TypeError")]
)
def test_a_fault_of_the_executor_is_a_failed_report(tmp_path, fault, told):
    def answer(job, folder):
        if job.label == "B":
            raise fault
        return done(job, folder)

    outcomes = run_batch([job("A"), job("B"), job("C")], tmp_path, executor=Here(answer))
    assert [one.is_done for one in outcomes] == [True, False, True]
    assert told in str(outcomes[1].failure)


def test_no_workers_are_refused_before_anything_is_made(tmp_path):
    with pytest.raises(ParameterError, match="Allowed: 1 to"):
        run_batch([job("A")], tmp_path / "reports", workers=0)
    with pytest.raises(ParameterError, match="100000 reports at once"):
        check_workers(100_000)
    assert not (tmp_path / "reports").exists()


def test_the_headline_is_the_notebooks_else_the_target_else_revenue():
    columns = ["kpi", "member", "value", "actual", "target_value"]
    rows = [["revenue", "", "7", "", ""], ["won_value", "Bo", "", "1", "2"], ["revenue", "Bo", "", "3", "4"]]
    assert headline(Results(columns, rows), "Bo")["actual"] == "3"
    assert headline(Results(columns, rows))["value"] == "7"
    assert headline(Results(columns, rows, {"kpi": "own"}))["kpi"] == "own"
    assert headline(None) == {}


def test_the_index_tells_a_change_as_the_page_does(tmp_path):
    """From 45% to 40% a share fell by five points, which are 11% of it."""
    names = ["kpi", "value", "change", "change_ratio"]
    for kpi, told in (("win_rate", "−5.0 points"), ("revenue", "−11.1%")):
        one = Outcome(job("A"), Results(names, [[kpi, "0.4", "-0.05", "-0.111"]]), None, 0.1)
        assert f'<td class="number">{told}</td>' in index_page(
            Batch((), "T", "R", "USD", ()), [one], tmp_path
        )


def test_the_index_tells_of_a_failed_report_and_links_the_earlier_one(tmp_path):
    (tmp_path / "rep-bo.html").touch()
    batch = Batch((), "How it goes", "<Acme>", "USD", ())
    figures = Results(["kpi", "unit", "actual", "target_value", "attainment", "status"],
                      [["revenue", "money", "90.5", "100", "0.905", "at risk"]])  # fmt: skip
    failed = Failure("ValueError: <no figures>", 3, "x")
    outcomes = [Outcome(job("Ann"), figures, None, 1.0), Outcome(job("Bo"), None, failed, 1.0)]
    html = index_page(batch, outcomes, tmp_path)
    assert "&lt;Acme&gt;" in html
    for told in (
        "$90.50",
        "$100",
        "91%",
        "at risk",
        "cell 3 (x): ValueError: &lt;no figures&gt;",
        "earlier report",
    ):
        assert told in html, told
    assert "<script" not in html


# With real kernels: one batch is made once and looked at from many sides.


@pytest.fixture(scope="session")
def made(place) -> tuple[Path, list[Outcome]]:
    batch = plan_batch(place / "small.ipynb")
    folder = place / "reports"
    outcomes = run_batch(batch.jobs, folder, workers=2)
    write_index(batch, outcomes, folder)
    return folder, outcomes


@pytest.mark.notebooks
def test_a_failed_report_stops_no_other_and_names_its_cell(made):
    folder, outcomes = made
    failed = [one for one in outcomes if not one.is_done]
    assert [one.job.label for one in failed] == ["Bo"]
    # Counted without the cell that papermill adds.
    assert str(failed[0].failure) == 'cell 4 (if rep == "Bo":): ValueError: Bo has no figures'
    assert not list(folder.glob("rep-bo.*"))


@pytest.mark.notebooks
def test_every_report_is_whole_and_nothing_else_is_left(made):
    folder, outcomes = made
    stems = [one.job.stem for one in outcomes if one.is_done]
    names = {f"{stem}.{ending}" for stem in stems for ending in ("html", "ipynb")}
    assert set(os.listdir(folder)) == names | {"assets", "index.html", "results.csv", "results.xlsx"}
    for stem in stems:
        assert (folder / f"{stem}.html").read_text(encoding="utf-8").endswith("</html>\n")
        ran = json.loads((folder / f"{stem}.ipynb").read_text(encoding="utf-8"))
        assert ran["metadata"]["papermill"]["input_path"] == "small.ipynb"
        assert all(cell["execution_count"] for cell in ran["cells"] if cell["cell_type"] == "code")


@pytest.mark.notebooks
def test_each_member_has_their_own_figures(made):
    folder, _ = made
    with open(folder / "results.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # Orders 2 and 6.
    assert [
        (row["value"], row["n"]) for row in rows if (row["report_name"], row["kpi"]) == (HOSTILE, "revenue")
    ] == [("80.5000", "2")]
    assert {row["rep"] for row in rows if row["report"] == "company"} == {"Ann", "ann", "Bo", HOSTILE}


@pytest.mark.slow
@pytest.mark.notebooks
def test_a_second_run_on_another_executor_gives_the_same_bytes(made, place):
    batch = plan_batch(place / "small.ipynb")
    folder = place / "again"
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        write_index(batch, run_batch(batch.jobs, folder, executor=pool), folder)
    assert (folder / "results.csv").read_bytes() == (made[0] / "results.csv").read_bytes()
    assert (folder / "results.xlsx").read_bytes() == (made[0] / "results.xlsx").read_bytes()
    assert (folder / "index.html").read_bytes() == (made[0] / "index.html").read_bytes()
    assert b"\r" not in (folder / "results.csv").read_bytes()


@pytest.mark.slow
@pytest.mark.notebooks
def test_runs_on_duckdb_give_the_same_bytes(made, place, tmp_path):
    written = []
    for name in ("one", "two"):
        folder = tmp_path / name
        shutil.copytree(place / "company", folder / "company")
        shutil.copy(place / "small.ipynb", folder)
        mapping = "engine: duckdb\ntables: {orders: {file: orders.csv}, reps: {file: reps.csv}}\n"
        (folder / "company" / "dataset.yaml").write_text(mapping, encoding="utf-8")
        batch = plan_batch(folder / "small.ipynb")
        write_index(batch, run_batch(batch.jobs, folder / "out"), folder / "out")
        written.append((folder / "out" / "results.csv").read_bytes())
    assert written[0] == written[1] == (made[0] / "results.csv").read_bytes()


@pytest.mark.notebooks
@pytest.mark.browser
def test_pages_open_from_disk_without_a_request_an_error_or_a_dialog(made, chromium_path, tmp_path):
    from playwright.sync_api import sync_playwright

    folder, outcomes = made
    trouble: list[str] = []
    with sync_playwright() as drive:
        browser = drive.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        tab = browser.new_page()

        def answer(route):
            url = route.request.url
            if url.startswith(("file:", "data:")):
                return route.continue_()
            trouble.append(url)
            return route.abort()

        tab.route("**/*", answer)
        tab.on("console", lambda message: trouble.append(message.text))
        tab.on("pageerror", lambda error: trouble.append(str(error)))
        tab.on("dialog", lambda dialog: (trouble.append(dialog.message), dialog.dismiss()))
        tab.goto((folder / "index.html").as_uri())
        links = tab.locator("table a").evaluate_all("found => found.map(one => one.href)")
        assert len(links) == sum(one.is_done for one in outcomes)
        assert "Bo" in tab.locator("td.fault").locator("..").inner_text()
        headings = []
        for link in links:
            tab.goto(link)
            headings.append(tab.locator("h1").inner_text())
            tab.get_by_text("All reports").click()
        browser.close()
    assert not trouble
    assert HOSTILE in headings


@pytest.mark.slow
@pytest.mark.notebooks
def test_what_a_busy_kernel_sends_late_is_waited_for(place, tmp_path):
    # The cell ends at once; what tells of its end comes seconds later.
    late = "import sys, time\nsys.stdout.flush_timeout = sys.stderr.flush_timeout = 0.1\n"
    late += "get_ipython().kernel.iopub_thread.io_loop.add_callback(time.sleep, 6)"
    parameters = PARAMETERS.replace("company", str(place / "company"))
    book = write_notebook(tmp_path / "late.ipynb", MEASURE, late, RESULTS, parameters=parameters)
    batch = plan_batch(book, for_each=[])
    (outcome,) = run_batch(batch.jobs, tmp_path / "reports", workers=1)
    assert outcome.failure is None
