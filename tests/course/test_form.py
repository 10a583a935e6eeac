"""The controls of an exercise and its sheet, in plain Python: labels, what Check says, and hostile names."""

from __future__ import annotations

import pytest

from kpikit.course.form import Form
from kpikit.course.questions import Amount, Choice, Exercise, Option
from kpikit.course.sheet import answer_sheet, head

HOSTILE = "<img src=x onerror=alert(1)>"
SMALL = Exercise(
    f"Who is {HOSTILE}?",
    "Step",
    (HOSTILE,),
    ("", HOSTILE),
    ((HOSTILE, "1"),),
    (
        Choice("a", "First", HOSTILE, (Option("x", HOSTILE, HOSTILE, True), Option("y", "Y", "No, X."))),
        Choice("b", "Second", "B?", (Option("x", "X", "Yes.", True), Option("y", "Y", "No.")), "radio"),
        Choice("c", "Third", "C?", (Option("x", "X", "Yes!", True), Option("y", "Y", "No!")), "many"),
        Amount("d", "Fourth", "D?", "USD", 5.0, "So many."),
    ),
)


def made(answers=None):
    told = []
    return Form(SMALL, answers or {}, told.append), told


def test_nothing_is_chosen_at_first_and_check_asks_for_it():
    form, told = made()
    assert form.answers == {"a": "", "b": None, "c": [], "d": 0.0}
    form.check.click()
    assert form.message.value.count("yet.") == 4 and told == [False]


def test_check_says_what_is_said_to_each_answer():
    form, told = made()
    form.fields["a"].value, form.fields["b"].value = "y", "x"
    form.fields["c"].children[1].value, form.fields["d"].value = True, 5
    form.check.click()
    assert [one in form.message.value for one in ("No, X.", "Yes.", "No!", "So many.")] == [True] * 4
    assert form.message.value.count("✓ Right") == form.message.value.count("× Not yet") == 2
    form.put(SMALL.answers)
    form.check.click()
    assert "Not yet" not in form.message.value and told == [False, True]


def test_answers_that_are_given_are_chosen_and_checked():
    form, told = made(SMALL.answers)
    assert form.answers == SMALL.answers and told == [True]


def test_each_control_has_a_label():
    form, _ = made()
    for name in ("a", "b", "d"):
        assert form.fields[name].description
    assert [one.description for one in form.fields["c"].children] == ["X", "Y"]


def test_what_is_said_is_a_status_and_is_escaped():
    form, _ = made(SMALL.answers)
    assert 'role="status"' in form.message.value
    for shown in (form.message.value, head(1, SMALL).html, answer_sheet(1, SMALL, SMALL.answers).html):
        assert "<img" not in shown and "&lt;img" in shown


def test_on_paper_there_is_a_box_for_each_option_and_a_line_for_a_number():
    text = answer_sheet(1, SMALL, {}).text
    assert text.count("○") == 4 and text.count("☐") == 2 and "________ USD" in text
    assert "JupyterLab" in text and "Right" not in text
    solved = answer_sheet(1, SMALL, SMALL.answers).text
    assert solved.count("●") == 2 and solved.count("☒") == 1 and solved.count("✓ Right") == 4


@pytest.mark.parametrize("number", range(1, 7))
def test_every_exercise_of_the_lesson_has_controls_that_solve_it(lesson, number):
    exercise, told = lesson.made(number), []
    form = Form(exercise, {}, told.append)
    form.put(exercise.answers)
    form.check.click()
    assert told == [True] and len({one.label for one in exercise.questions}) == len(exercise.questions)
