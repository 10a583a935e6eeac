from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys

import pandas as pd
import pytest
from typer.testing import CliRunner

from kpikit import cli
from kpikit.cli import words
from tests.reports.conftest import HOSTILE, command_line, forbid_batches, place  # noqa: F401

SAMPLES = ["data/samples/plan.yaml", "--data", "data/samples", "--as-of", "2026-09-14"]


@pytest.fixture
def run(monkeypatch):
    return command_line(monkeypatch)


@pytest.fixture
def no_kernel(monkeypatch):
    forbid_batches(monkeypatch)


def command(*words: object, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "kpikit", *map(str, words)],
        capture_output=True, text=True, encoding="utf-8", timeout=240, **options,
    )  # fmt: skip


# --- report


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-p", "perod", "2026"], "no parameter 'perod'"),
        (["-p", "months", "many"], "does not fit the parameter 'months'"),
        (["-p", "months"], "'months' has no value. Hint: -p NAME VALUE"),
        (["-p", "period=2026", "--period", "2025"], "'period' is given twice"),
        (["--rep", "An"], "Did you mean 'Ann'?"),
        (["--team", "T9"], "no parameter 'team'"),
        (["--period", "soon"], "'soon' is not a period"),
        (["--language", "fr"], "no parameter 'language'"),
        (["--jobs", "0"], "Allowed: 1 to"),
        (["--for-each", "none", "--no-company"], "no report is asked for"),
        (["--data", "nowhere"], "nowhere"),
        (["--for-each", "moon"], "moon"),
    ],
)
def test_bad_input_ends_before_a_kernel_starts(run, no_kernel, place, tmp_path, words, told):  # noqa: F811
    code, text = run("report", place / "small.ipynb", "--output", tmp_path / "reports", *words)
    assert code == 2, text
    assert told in " ".join(text.split())
    assert "Traceback" not in text
    assert not (tmp_path / "reports").exists()


def test_a_missing_notebook_is_told(run, no_kernel):
    code, text = run("report", "nowhere.ipynb")
    assert code == 2
    assert "there is no notebook nowhere.ipynb" in text


@pytest.mark.notebooks
def test_reports_are_made_and_a_failed_one_is_named_at_the_end(place, tmp_path):  # noqa: F811
    folder = tmp_path / "{rep}"
    words = ["--rep", "Bo", "--rep", HOSTILE, "-p", "months", "6", "--output", folder]
    done = command("report", place / "small.ipynb", *words)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert sum(line.startswith("[") for line in lines) == 3
    assert lines[-3:-1] == ["1 failed:", '  ✕ Bo: cell 4 (if rep == "Bo":): ValueError: Bo has no figures']
    assert lines[-1] == f"Index: {folder.resolve() / 'index.html'}"
    assert len(list(folder.glob("*.html"))) == 3


# --- plan


@pytest.mark.parametrize("columns", [80, 100, 160])
def test_a_plan_is_readable_at_any_width(run, columns):
    code, text = run("plan", "show", *SAMPLES, columns=columns)
    assert code == 0, text
    assert max(map(len, text.splitlines())) <= columns
    assert "14 Sep 2026" in text
    for status in ("▲ behind", "● reached", "no deadline"):
        assert status.split()[-1] in text
    head = next(line for line in text.splitlines() if "Actual" in line)
    assert ("Expected" in head, "Gap" in head) == (columns >= 140, columns >= 95)


def test_a_wide_plan_has_every_figure_in_its_unit(run):
    _, text = run("plan", "show", *SAMPLES)
    alaska = next(line for line in text.splitlines() if "$1.2 million in 2022 from Alaska" in line)
    assert re.search(r"\$1,\d{3},\d{3} +\$1,200,000 +\d+% +[+−]\$[\d,]+ +100% +\$1,200,000 +\d\.\d\d", alaska)
    assert "years" in text


def test_one_target_and_its_members_can_be_shown(run):
    name = "The quota of each representative"
    _, total = run("plan", "show", *SAMPLES, "--target", name)
    _, detail = run("plan", "show", *SAMPLES, "--target", name, "--detail")
    assert "Alaska" not in total
    assert "Ayu Lestari" not in total
    assert "Ayu Lestari · 2026-Q3" in detail


def test_a_plan_as_csv_holds_all_rows(run):
    code, text = run("plan", "show", *SAMPLES, "--csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert code == 0
    assert {row["scope_row"] for row in rows} == {"detail", "total"}
    assert all(re.fullmatch(r"-?\d+\.\d{4}|", row["gap"]) for row in rows if row["unit"] == "money")


def test_a_plan_is_checked(run):
    code, text = run("plan", "check", "data/samples/plan.yaml")
    assert code == 0, text
    assert "time-bound" in text
    assert "! warning" in text
    assert "8 targets" in text


def test_a_faulty_plan_is_told_with_its_line(run, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("goals:\n  - name: Grow\n    objectivs: []\n", encoding="utf-8")
    for verb in ("show", "check"):
        code, text = run("plan", verb, plan)
        assert code == 2
        assert "plan.yaml, line 3" in text
        assert "Traceback" not in text


def test_a_plan_without_a_dataset_asks_for_one(run, tmp_path):
    plan = tmp_path / "plan.yaml"
    plan.write_text("goals: []\n", encoding="utf-8")
    code, text = run("plan", "show", plan)
    assert (code, "--data" in text) == (2, True)


def test_only_the_command_line_knows_today(run, monkeypatch):
    class Fixed(words.date):
        @classmethod
        def today(cls):
            return cls(2026, 9, 14)

    monkeypatch.setattr(words, "date", Fixed)
    show = ["plan", "show", "data/samples/plan.yaml", "--csv"]
    assert run(*show, "--as-of", "today") == run(*show, "--as-of", "2026-09-14")


# --- measure, and what holds for all


@pytest.mark.parametrize("words", [["measure", "revenue", "order_count"], ["rows", "revenue"]])
def test_what_the_data_check_found_is_told_beside_figures_and_not_among_them(tmp_path, words):
    lines = [f"{number},2026-01-05,C1,10" for number in range(9)] + ["9,2062-01-07,C1,7", "10,2026-01-06,C1,"]
    header = "order_id,order_date,customer_id,amount"
    (tmp_path / "orders.csv").write_text("\n".join([header, *lines]) + "\n")
    done = CliRunner().invoke(cli.app, [*words, "--data", str(tmp_path), "--period", "2026-01", "--csv"])
    assert done.exit_code == 0
    assert "kpikit" not in done.stdout
    later = "1 later fact, on 2062-01-07, stands alone and is ignored"
    assert done.stderr.splitlines() == [
        f"kpikit: orders: the as-of date is 2026-01-06: {later}",
        f"kpikit: data check: 2 warnings. Listed by: kpikit data check {tmp_path}",
    ]
    chosen = ["--as-of", "2026-01-31"]
    done = CliRunner().invoke(cli.app, [*words, "--data", str(tmp_path), "--period", "2026-01", *chosen])
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == [
        " data check",
        " the newest fact is of 2026-01-06, 25 days before the as-of date 2026-01-31",
    ]


@pytest.mark.parametrize(("day", "told"), [
    ("2026-10-09", ""), ("2026-10-10", "1 day before the as-of date 2026-10-10"),
    ("2026-11-30", "52 days before the as-of date 2026-11-30"),
])  # fmt: skip
@pytest.mark.parametrize("words", [
    ["measure", "revenue", "--data", "data/samples"],
    ["rows", "revenue", "--data", "data/samples", "--period", "2026-10-09"],
    ["plan", "show", "data/samples/plan.yaml"],
], ids=lambda one: one[0])  # fmt: skip
def test_an_as_of_date_after_the_newest_fact_is_told_beside_figures(words, day, told):
    done = CliRunner().invoke(cli.app, [*words, "--as-of", day])
    lines = [line for line in done.stderr.splitlines() if "newest fact" in line]
    assert lines == ([f"kpikit: the newest fact is of 2026-10-09, {told}"] if told else [])


def test_figures_are_measured_as_the_library_does(run):
    import kpikit as kp

    words = [
        "measure",
        "revenue",
        "win_rate:cohort",
        "--data",
        "data/samples",
        "--period",
        "2026-Q3",
        "--by",
        "team",
    ]
    code, text = run(*words, "--csv", "--where", "region=Bali")
    told = pd.read_csv(io.StringIO(text))
    sales, scope = kp.load("data/samples"), {"region": ["Bali"]}
    wanted = kp.measure(sales, ["revenue", "win_rate:cohort"], period="2026-Q3", by="team", where=scope)
    assert code == 0
    assert told["team"].tolist() == wanted["team"].tolist()
    assert told["value"].tolist() == pytest.approx(wanted["value"].tolist(), nan_ok=True)
    code, text = run(*words, "--compare", "previous")
    assert code == 0
    assert "win_rate:cohort" in text
    assert re.search(r"\$\d{3},\d{3}", text)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["measure", "revnue", "--data", "data/samples"], "Did you mean 'revenue'?"),
        (["measure", "revenue", "--data", "data/samples", "--where", "Bali"], "--where region=Bali"),
        (["measure", "revenue", "--data", "data/samples", "--by", "colour"], "no dimension 'colour'"),
        (["measure", "revenue", "--data", "data/nowhere"], "nowhere"),
        (["plan", "show", "data/samples/plan.yaml", "--target", "x"], "no target 'x'"),
        (["plan", "show", "nowhere.yaml"], "nowhere.yaml"),
        (["nonsense"], "nonsense"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(run, words, told):
    code, text = run(*words)
    assert code == 2, text
    assert told in text
    assert "Traceback" not in text


def test_an_unexpected_error_is_one_line_with_a_hint(run, monkeypatch):
    import kpikit.data.dataset

    def broken(_):
        raise RuntimeError("a bolt\nis loose")

    monkeypatch.setattr(kpikit.data.dataset, "load", broken)
    words = ["measure", "revenue", "--data", "data/samples"]
    code, text = run(*words)
    assert code == 1
    assert (
        text
        == "kpikit: unexpected error: RuntimeError: a bolt is loose. Hint: --debug shows the traceback.\n"
    )
    with pytest.raises(RuntimeError, match="a bolt"):
        run(*words, "--debug")


def test_the_version_is_shown(run):
    code, text = run("--version")
    assert code == 0
    assert text.startswith("kpikit ")


def test_a_reader_that_goes_away_is_no_error():
    words = [sys.executable, "-m", "kpikit", "plan", "show", "data/samples/plan.yaml", "--csv"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.close()
        errors = run.stderr.read()
    assert b"Traceback" not in errors


# --- prepared data


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A folder of orders, with a cache of its own; gives the folder and the entries of the cache."""
    monkeypatch.setenv("KPIKIT_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "data"
    folder.mkdir()
    write_orders(folder, "7.5")
    return folder, lambda: [*(tmp_path / "cache").glob("prepared/*")]


def write_orders(folder, amount):
    (folder / "orders.csv").write_text(
        f"order_id,order_date,customer_id,amount\n1,2026-01-05,C1,{amount}\n", encoding="utf-8"
    )
    os.utime(folder / "orders.csv", (1, 1))


def test_no_cache_reads_anew_and_keeps_nothing(run, small):
    folder, entries = small
    words = ["measure", "revenue", "--data", folder, "--period", "2026", "--csv"]
    assert run(*words, "--no-cache")[0] == 0 and entries() == []
    assert "7.5" in run(*words)[1] and len(entries()) == 1
    write_orders(folder, "8.5")  # with the same size and time
    assert "7.5" in run(*words)[1]
    assert "8.5" in run(*words, "--no-cache")[1]
    assert "7.5" in run(*words)[1]
    assert "8.5" in run(*words, "--verify")[1]
    assert "8.5" in run(*words)[1]
    assert "KPIKIT_NO_CACHE" not in os.environ and "KPIKIT_VERIFY" not in os.environ


@pytest.mark.parametrize("words", [["report"], ["measure"], ["plan", "show"], ["plan", "check"]])
def test_each_command_that_loads_data_takes_the_options(run, words):
    code, text = run(*words, "--help")
    assert code == 0
    assert all(option in text for option in ("--no-cache", "--verify", "--debug"))


@pytest.mark.slow
@pytest.mark.notebooks
def test_no_cache_reaches_the_kernels_of_reports(place, tmp_path):  # noqa: F811
    cache = tmp_path / "cache"
    words = ["report", place / "small.ipynb", "--rep", "Ann", "--no-company", "--jobs", "1"]
    for more, is_kept in (["--no-cache"], False), ([], True):
        done = command(*words, "-o", tmp_path / "out", *more, env={**os.environ, "KPIKIT_CACHE": str(cache)})
        assert done.returncode == 0, done.stderr
        assert cache.exists() == is_kept
