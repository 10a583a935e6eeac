"""`kpikit report` with a schedule, `--dry-run`, and `kpikit ls`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from kpikit.cli import words
from tests.reports.conftest import (  # noqa: F401
    HOSTILE,
    MEASURE,
    PARAMETERS,
    RESULTS,
    command_line,
    forbid_batches,
    place,
    write_notebook,
)

SAMPLE = "data/samples/schedule.yaml"
SCHEDULE = """
data: company
period: 2026-Q1
output: out
max_age: 3 days
reports:
  - {name: own, notebook: small.ipynb, for_each: rep, recipient: "{rep}", tags: daily}
  - {name: all, notebook: small.ipynb, recipient: management, parameters: {months: 6}}
"""


@pytest.fixture
def run(monkeypatch):
    return command_line(monkeypatch)


@pytest.fixture
def no_kernel(monkeypatch):
    forbid_batches(monkeypatch)


@pytest.fixture
def schedule(tmp_path, place) -> Path:  # noqa: F811
    """Write a schedule with its notebook beside; the newest order is of 10 March 2026."""
    write_notebook(tmp_path / "small.ipynb", MEASURE, RESULTS, parameters=PARAMETERS)
    text = SCHEDULE.replace("data: company", f"data: '{place / 'company'}'")
    (tmp_path / "schedule.yaml").write_text(text, encoding="utf-8")
    return tmp_path / "schedule.yaml"


def test_a_dry_run_of_the_sample_says_what_would_be_made_for_whom(run, no_kernel):
    before = sorted(os.listdir())
    code, text = run("report", SAMPLE, "--dry-run")
    lines = text.splitlines()
    assert code == 0
    source = "data data/samples/dataset.yaml up to 9 Oct 2026"
    assert lines[0] == (
        f"team_performance: notebooks/team_performance.ipynb, 2026-Q3 (1 Jul 2026 – 30 Sep 2026), {source}"
    )
    assert "  rep Ayu Lestari (rep='Ayu Lestari') -> rep-ayu-lestari/team-performance-2026-q3.html" in lines
    assert "  Nusantara Coffee Supply -> management/team-performance-2026-09.html" in lines
    # Three pages for each of 25 reps, one for each of five leads, and five for management.
    assert lines[-1] == "85 reports in 31 folders below reports. Nothing was run or written."
    assert sorted(os.listdir()) == before


def test_a_report_for_members_of_whom_nobody_was_there_says_so(run, no_kernel):
    code, text = run("report", SAMPLE, "--select", "teams", "--period", "1990", "--dry-run")
    told = "schedule: teams: no team was there in 1990. Hint: leave it out of the schedule."
    assert (code, told in " ".join(text.split())) == (2, True), text


def test_a_report_for_nobody_does_not_keep_the_others_from_being_made(run, no_kernel):
    words = ["report", SAMPLE, "--select", "teams", "--select", "management", "--dry-run"]
    code, text = run(*words, "--period", "1990")
    lines = text.splitlines()
    assert code == 0 and "left out: teams: no team was there in 1990" in lines
    assert [line for line in lines if line.startswith("  Nusantara Coffee Supply -> ")]
    told = json.loads(run(*words, "--period", "1990", "--json")[1])
    assert "teams: no team was there in 1990" in told["left_out"] and told["reports"]


def test_a_parameter_that_would_be_replaced_for_each_is_refused(run, no_kernel, schedule):
    text = schedule.read_text().replace("for_each: rep,", "for_each: rep, parameters: {rep: Bo},")
    schedule.write_text(text)
    code, told = run("report", schedule, "--today", "2026-03-11", "--dry-run")
    assert code == 2 and "'rep' is given as a parameter, and a report for each rep" in " ".join(told.split())


def test_a_dry_run_as_json_has_each_report_with_its_data_and_parameters(run, no_kernel, schedule, place):  # noqa: F811
    words = ["--schedule", schedule, "--select", f"rep:{HOSTILE}", "--today", "2026-03-11"]
    code, text = run("report", *words, "--dry-run", "--json")
    told = json.loads(text)
    (one,) = told["reports"]
    assert (code, told["version"], told["output"]) == (0, 1, str(schedule.parent / "out"))
    digits = one["folder"].removeprefix("rep-script-script-alert-1-script")
    assert one == {
        "report": "own", "title": "How it goes", "for": "rep", "name": HOSTILE,
        "notebook": str(schedule.parent / "small.ipynb"), "data": str(place / "company"),
        "as_of": "2026-03-10",
        "period": {"label": "2026-Q1", "start": "2026-01-01", "end": "2026-03-31"}, "language": "en",
        "parameters": {**one["parameters"], "period": "2026-Q1", "plan": "", "rep": HOSTILE},
        "folder": f"rep-script-script-alert-1-script{digits}",
        "files": [f"own-{one['folder']}-2026-q1.{ending}" for ending in ("ipynb", "html")],
    }  # fmt: skip
    assert sorted(os.listdir(schedule.parent)) == ["schedule.yaml", "small.ipynb"]


def test_a_dry_run_of_a_notebook_alone_says_its_files(run, no_kernel, place, tmp_path):  # noqa: F811
    code, text = run(
        "report", place / "small.ipynb", "--rep", "Bo", "--dry-run", "--output", tmp_path / "reports"
    )
    assert code == 0
    assert "  rep Bo (rep='Bo') -> rep-bo.html" in text.splitlines()
    assert not (tmp_path / "reports").exists()


@pytest.mark.notebooks
def test_a_schedule_is_run_into_the_folder_that_it_names(run, schedule):
    code, text = run(
        "report",
        schedule,
        "--select",
        "all",
        "--select",
        "daily",
        "--select",
        "rep:Bo",
        "--today",
        "2026-03-11",
        "-j",
        "1",
    )
    assert code == 0, text
    assert sorted(os.listdir(schedule.parent / "out")) == ["rep-bo"]
    code, text = run(
        "report", schedule, "--select", "all", "--today", "2026-03-11", "-j", "1", "-o", schedule.parent / "b"
    )
    assert code == 0, text
    assert os.listdir(schedule.parent / "b") == ["management"]
    assert "[1/1] Company (all): done" in text
    assert text.splitlines()[-1] == f"Index: {schedule.parent / 'b' / 'management' / 'index.html'}"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--select", "al"], "no report and no tag 'al'. There are own, all, daily"),
        (["--select", "rep:bo"], "no report for the rep 'bo'"),
        (["--select", "reps:Bo"], "Did you mean 'rep'?"),
        (
            ["--rep", "Bo"],
            "--rep: a schedule says that itself. Hint: write it in the schedule, or choose with",
        ),
        (["--for-each", "team"], "--for-each: a schedule says that itself"),
        (["--data", "x"], "--data: a schedule says that itself"),
        (["--no-company"], "--no-company: a schedule says that itself"),
        (["-p", "months=3"], "-p: a schedule says that itself"),
        (["--schedule", "b.yaml"], "are both named. Hint: name one schedule"),
        (["--json"], "--json: it is for --dry-run"),
        (["--today", "soon"], "--today: 'soon' is not a day"),
        (["--period", "soon"], "'soon' is not a period"),
        (["--language", "id"], "no parameter 'language'"),
        (
            ["--today", "2026-03-14"],
            "the newest fact is of 2026-03-10, 4 days before 2026-03-14. At most 3 days old",
        ),
    ],
)
def test_bad_input_ends_before_anything_is_made(run, no_kernel, schedule, options, told):
    today = [] if "--today" in options else ["--today", "2026-03-11"]
    code, text = run("report", schedule, *options, *today)
    assert code == 2, text
    assert told in " ".join(text.split())
    assert "Traceback" not in text
    assert sorted(os.listdir(schedule.parent)) == ["schedule.yaml", "small.ipynb"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "no notebook or schedule is named"),
        (["a.ipynb", "--select", "x"], "--select: there is no schedule"),
        (["a.ipynb", "--schedule", "b.yaml"], "are both named"),
        (["nowhere.yaml"], "nowhere.yaml: there is no such file"),
    ],
)
def test_what_to_run_is_asked_for_plainly(run, no_kernel, options, told):
    code, text = run("report", *options)
    assert (code, told in text) == (2, True), text


def test_the_clock_of_the_command_line_tells_what_is_stale(run, no_kernel, schedule, monkeypatch):
    class Fixed(words.date):
        @classmethod
        def today(cls):
            return cls(2026, 3, 14)

    monkeypatch.setattr(words, "date", Fixed)
    code, text = run("report", schedule, "--dry-run")
    assert (code, "4 days before 2026-03-14" in text) == (2, True), text
    assert run("report", schedule, "--dry-run", "--today", "2026-03-13")[0] == 0


def test_the_reports_of_a_schedule_are_listed(run):
    code, text = run("ls", SAMPLE)
    assert code == 0
    assert text.splitlines()[:3] == [
        "team_performance  for each rep, last quarter -> {rep}/{notebook}-{period}",
        "  Each rep beside the quarter before and beside the target.",
        "  tags: quarterly",
    ]
    told = json.loads(run("ls", SAMPLE, "--json")[1])["reports"]
    assert [(one["name"], one["period"], one["for_each"]) for one in told] == [
        ("team_performance", "last quarter", ["rep"]),
        ("teams", "last quarter", ["team"]),
        ("management", "last month", ["none"]),
        ("scorecards", "last quarter", ["rep"]),
        ("briefs", "next quarter", ["rep"]),
        ("targets", "last quarter", ["none"]),
        ("pipeline", "last month", ["none"]),
        ("customers", "last quarter", ["none"]),
        ("channels", "last quarter", ["none"]),
    ]


def test_notebooks_are_listed_with_title_and_parameters(run, schedule, monkeypatch):
    monkeypatch.chdir(schedule.parent)
    Path("broken.ipynb").write_text("{}")
    Path(".ipynb_checkpoints").mkdir()
    Path(".ipynb_checkpoints", "small-checkpoint.ipynb").write_text("{}")
    code, text = run("ls")
    lines = text.splitlines()
    assert code == 1  # of what it cannot read
    assert lines[0].startswith("broken.ipynb  ✕ ")
    assert lines[1] == "small.ipynb  How it goes"
    assert lines[2].startswith("  data='company', plan='', period='2026-Q1'")
    assert len(lines) == 3
    told = json.loads(run("ls", "small.ipynb", "--json")[1])["notebooks"]
    assert told[0]["parameters"]["months"] == 3
    code, text = run("ls", "nowhere")
    assert (code, "there is no folder nowhere" in text) == (2, True)


def test_no_name_steers_the_terminal(run, no_kernel, schedule):
    text = schedule.read_text(encoding="utf-8").replace(
        "small.ipynb, recipient", 'small.ipynb, description: "a\\eb\\nc", recipient'
    )
    schedule.write_text(text, encoding="utf-8")
    told = run("ls", schedule)[1]
    assert "  a\\x1bb c" in told.splitlines()


def test_no_secret_of_a_parameter_is_told_before_a_run(run, no_kernel, schedule, monkeypatch):
    monkeypatch.setenv("SALES_DB", "postgresql://ann:from-around@host/db")
    hidden = ("from-notebook", "from-schedule", "in-an-address", "from-around", "short")
    own = 'api_token = "from-notebook"\naddress = ""\nlogin = {"user": "ann", "password": "short"}\n'
    write_notebook(schedule.parent / "small.ipynb", MEASURE, RESULTS, parameters=PARAMETERS + own)
    given = "{months: 6, api_token: from-schedule, address: 'postgresql://bo:in-an-address@host/from-around'}"
    schedule.write_text(schedule.read_text().replace("{months: 6}", given))
    for asked in (
        ("report", schedule, "--today", "2026-03-11", "--dry-run"),
        ("report", schedule, "--today", "2026-03-11", "--dry-run", "--json"),
        ("ls", schedule, "--json"),
        ("ls", schedule.parent),
        ("ls", schedule.parent, "--json"),
    ):
        code, text = run(*asked)
        assert code == 0 and "***" in text
        assert [one for one in hidden if one in text] == []
    assert "postgresql://***@host/" in run("report", schedule, "--today", "2026-03-11", "--dry-run")[1]


def test_a_secret_that_is_no_plain_value_is_not_told(run, no_kernel, schedule):
    own = 'api_token = "from-notebook" + "x"\n'
    write_notebook(schedule.parent / "small.ipynb", MEASURE, RESULTS, parameters=PARAMETERS + own)
    code, text = run("report", schedule, "--today", "2026-03-11")
    assert code == 2 and "the parameters cell has 'api_token = ***'" in text
    assert "from-notebook" not in text


def test_a_report_without_a_period_is_named_by_its_day(run, no_kernel, tmp_path):
    sample, notebooks = Path(SAMPLE).resolve(), Path("notebooks").resolve()
    text = f"""
data: '{sample.parent}'
plan: '{sample.parent / "plan.yaml"}'
reports:
  - {{name: all, notebook: '{notebooks / "target_review.ipynb"}', recipient: management}}
"""
    (tmp_path / "schedule.yaml").write_text(text, encoding="utf-8")
    code, told = run("report", tmp_path / "schedule.yaml", "--dry-run")
    # The newest fact of the sample is of 9 October 2026; no quarter is reviewed.
    assert code == 0 and told.splitlines()[2].endswith("-> management/all-company-2026-10-09.html"), told


def test_who_was_there_once_and_not_in_the_period_is_left_out(run, no_kernel, tmp_path):
    notebook = Path("notebooks/team_performance.ipynb").resolve()
    text = f"""
data: '{Path("data/samples").resolve()}'
period: 1990
reports:
  - {{name: all, notebook: '{notebook}'}}
  - {{name: own, notebook: '{notebook}', for_each: team, only: {{team: Bali}}}}
"""
    schedule = tmp_path / "schedule.yaml"
    schedule.write_text(text, encoding="utf-8")
    code, told = run("report", schedule, "--dry-run")
    assert code == 0 and "left out: own: team Bali was not there in 1990" in told.splitlines(), told
    schedule.write_text(text.replace("Bali", "Nowhere"), encoding="utf-8")
    code, told = run("report", schedule, "--dry-run")
    assert code == 2 and "no team 'Nowhere' in the period" in " ".join(told.split())


def test_what_is_left_out_is_told_whoever_is_selected_of_the_rest(run, no_kernel, tmp_path):
    notebook = Path("notebooks/team_performance.ipynb").resolve()
    text = f"""
data: '{Path("data/samples").resolve()}'
reports:
  - {{name: now, notebook: '{notebook}', for_each: team, only: {{team: Bali}}, period: 2026-Q3}}
  - {{name: old, notebook: '{notebook}', for_each: team, only: {{team: [Bali, Bali]}}, period: 1990}}
"""
    schedule = tmp_path / "schedule.yaml"
    schedule.write_text(text, encoding="utf-8")
    code, told = run("report", schedule, "--select", "team:Bali", "--dry-run")
    assert code == 0 and told.splitlines().count("left out: old: team Bali was not there in 1990") == 1, told
