"""A terminal that cannot write every letter: tables lose beauty, never the sign of a figure."""

from __future__ import annotations

import csv
import os
import subprocess
import sys

import pytest

SAMPLES = ["data/samples/plan.yaml", "--as-of", "2026-09-14"]


def kpikit(*words: object, encoding: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "kpikit", *map(str, words)],
        env={**os.environ, "PYTHONIOENCODING": encoding, "COLUMNS": "160"},
        capture_output=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "ascii:strict", "utf-8"])
@pytest.mark.parametrize("verb", ["show", "check"])
def test_a_plan_is_told_on_any_terminal(encoding, verb):
    done = kpikit("plan", verb, *SAMPLES, encoding=encoding)
    text = done.stdout.decode(encoding.partition(":")[0])
    assert (done.returncode, done.stderr) == (0, b"")
    assert "$1.2 million in 2022 from Alaska" in text
    assert "?" not in text.replace("time-bound?", "")
    if verb == "show":
        # The minus of a gap; the lines of the table.
        assert ("-$" in text) == (encoding != "utf-8")
        assert ("−$" in text) == (encoding == "utf-8")


def test_an_error_is_told_on_any_terminal():
    done = kpikit("plan", "show", "çà → 茶ĝ.yaml", encoding="cp1252")
    assert done.returncode == 2
    assert done.stderr.decode("cp1252").rstrip() == "kpikit: çà > ?g.yaml: there is no such file."


def test_what_a_user_has_chosen_stays():
    done = kpikit("plan", "show", "çà.yaml", encoding="ascii:xmlcharrefreplace")
    assert done.returncode == 2
    shown = kpikit("plan", "show", *SAMPLES, encoding="ascii:xmlcharrefreplace")
    assert b"&#8722;$" in shown.stdout


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_figures_for_other_programs_keep_every_letter(tmp_path, encoding):
    (tmp_path / "orders.csv").write_text(
        "order_id,order_date,customer_id,amount,rep_id\n1,2026-01-05,C,2.5,Joŝe 茶\n", encoding="utf-8"
    )
    words = ["measure", "revenue", "--data", tmp_path, "--period", "2026-01", "--by", "rep"]
    done = kpikit(*words, "--csv", encoding=encoding)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader(done.stdout.decode("utf-8").splitlines()))
    assert [(row["rep"], row["value"]) for row in rows] == [("Joŝe 茶", "2.5000")]
    table = kpikit(*words, encoding=encoding).stdout.decode(encoding)
    assert "Jose ?" in table
    assert "$2" in table
