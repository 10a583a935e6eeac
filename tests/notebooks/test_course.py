"""The notebooks of exercises are made from those with solutions, and hold none of these."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kpikit.course.lesson import LESSONS
from tests.notebooks.books import COURSE, ROOT, SOLVED, read, sources
from tools.make_course import exercises, text_of


def test_they_are_current():
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    made = subprocess.run([sys.executable, "tools/make_course.py", "--check"], cwd=ROOT, env=own, check=False)
    assert made.returncode == 0, "run: python tools/make_course.py"


def test_each_lesson_has_both_and_a_note_for_trainers():
    assert [path.name for path in COURSE] == [path.name for path in SOLVED]
    assert [path.name.partition("_")[0] for path in COURSE] == list(LESSONS)
    assert all(path.with_suffix(".md").exists() for path in COURSE)


@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.stem)
def test_exercises_hold_no_solution(path):
    text = text_of(read(path))
    assert "solution" not in text.lower()
    calls = sources(path, "exercise")
    assert calls == [f"lesson.exercise({number})" for number in range(1, 7)]


@pytest.mark.parametrize("path", SOLVED, ids=lambda path: path.stem)
def test_each_exercise_is_solved_and_explained(path):
    assert sources(path, "exercise") == [f"lesson.solution({number})" for number in range(1, 7)]
    cells = read(path)["cells"]
    for place, one in enumerate(cells):
        if "exercise" in one["metadata"].get("tags", []):
            after = cells[place + 1]
            assert after["metadata"]["tags"] == ["solution"] and "*To discuss:*" in "".join(after["source"])


def test_what_cannot_be_turned_into_an_exercise_is_refused():
    cell = {"cell_type": "code", "id": "c", "metadata": {"tags": ["exercise"]}, "source": ["lesson.goals()"]}
    with pytest.raises(ValueError, match="cell c: no solution"):
        exercises({"cells": [cell]})
