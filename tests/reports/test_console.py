from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from kpikit.data.findings import Example, Finding
from kpikit.reports.console import Follower, print_summary
from kpikit.reports.findings import print_findings
from kpikit.reports.job import Job
from kpikit.reports.results import Results
from kpikit.reports.running import Failure, Outcome
from kpikit.reports.terminal import Terminal

NAMES = [f"Rep {number}" for number in range(1, 27)]


def outcome(name: str, fault: str = "") -> Outcome:
    job = Job("rep", name, f"rep-{name}", Path("n.ipynb"), {}, name, "How it goes")
    return Outcome(job, None if fault else Results([], []), Failure(fault) if fault else None, 1.0)


@pytest.fixture
def console():
    return lambda **options: Console(file=io.StringIO(), width=100, **options)


def test_a_failure_that_repeats_is_told_once_with_its_count_and_some_names(console):
    screen = console()
    outcomes = [
        outcome("Ann"),
        *(outcome(name, "no [bold] data") for name in NAMES),
        outcome("Bo", "another"),
    ]
    print_summary(screen, outcomes, 75, Path("index.html"))
    assert screen.file.getvalue().splitlines() == [
        "1 report made in 1 min 15 s.",
        "27 failed:",
        "  ✕ 26 reports (Rep 1, Rep 2, Rep 3, Rep 4, Rep 5 and 21 more): no [bold] data",
        "  ✕ Bo: another",
        "Index: index.html",
    ]


def test_lines_of_a_log_name_each_report_and_a_failure_once(console):
    screen = console()
    with Follower(screen, 4) as follow:
        follow([], 2)
        follow([outcome("Ann", "no data")], 2)
        follow(
            [outcome("Ann", "no data"), outcome("Bo", "no data"), outcome("Cy"), outcome("Di", "other")], 0
        )
    assert screen.file.getvalue().splitlines() == [
        "[1/4] Ann: failed: no data (1.0 s)",
        "[2/4] Bo: failed as Ann did (1.0 s)",
        "[3/4] Cy: done (1.0 s)",
        "[4/4] Di: failed: other (1.0 s)",
    ]


def test_a_terminal_shows_a_failure_once_and_counts_it(console):
    screen = console(force_terminal=True)
    with Follower(screen, 26) as follow:
        follow([outcome(name, "no data") for name in NAMES], 0)
    text = screen.file.getvalue()
    assert text.count("no data") == 1
    assert "0 of 26 done, 26 failed" in text


def test_a_name_does_not_steer_the_terminal():
    red = "\x1b[31mAnn\r\x07"
    shown = r"\x1b[31mAnn\r\x07"
    terminal = Terminal(width=100, force_terminal=True, color_system=None)
    table = Table("rep")
    table.add_row(red)
    finding = Finding(
        "no_rep", "orders", 1, f"{red} is odd", hint=red, examples=(Example("a.csv", "line 2", red),)
    )
    with terminal.capture() as said:
        terminal.print(red, markup=False, highlight=False)
        terminal.print(table)
        print_findings(terminal, [finding], red)
    assert said.get().count(shown) == 6
    assert "\x1b[31m" not in said.get() and "\x07" not in said.get()
