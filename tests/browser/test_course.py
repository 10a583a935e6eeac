"""The first lesson of the course by hand: each wrong answer is explained, and the controls alone solve it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import kpikit as kp
from kpikit.course.lesson import Lesson
from kpikit.course.questions import Amount, Exercise, Question
from tests.browser.lab import Lab, Watched, jupyter_lab
from tests.browser.pages import opened, picture, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "notebooks/course/01_from_goal_to_report.ipynb"
SAID = "([form, text]) => document.querySelectorAll('.kpikit-exercise')[form].innerText.includes(text)"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def seen(lab: Lab) -> Iterator[Watched]:
    with opened(lab, NOTEBOOK, 0, "0 of 6 exercises solved.", 240_000) as watched:
        watched.page.wait_for_function("document.querySelectorAll('.kpikit-exercise button').length === 6")
        yield watched


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return kp.open_lesson("01", "data/samples", "data/samples/plan.yaml")


def form(page: Any, number: int) -> Any:
    return page.locator(".kpikit-exercise").nth(number - 1)


def put(box: Any, question: Question, answer: Any) -> None:
    """Answer a question with its control, which is found by its label."""
    if isinstance(question, Amount):
        box.get_by_label(question.label).fill(f"{answer}")
        return
    texts = {one.value: one.text for one in question.options}
    if question.control == "list":
        box.get_by_label(question.label, exact=True).select_option(label=texts[answer])
    elif question.control == "radio":
        box.get_by_role("radio", name=texts[answer], exact=True).check()
    else:
        for value, text in texts.items():
            box.get_by_role("checkbox", name=text, exact=True).set_checked(value in answer)


def check(page: Any, number: int, text: str) -> None:
    """Press Check until it is said: a slow kernel may hear of the button before it hears of the field."""
    for _ in range(40):
        form(page, number).get_by_role("button", name="Check").click()
        for _ in range(20):
            if page.evaluate(SAID, [number - 1, text]):
                return
            page.wait_for_timeout(250)
    raise AssertionError(f"exercise {number} does not say: {text}")


def wrong_answers(exercise: Exercise) -> Iterator[tuple[Question, Any]]:
    """Each wrong option alone, and each number that a wrong way leads to."""
    for question in exercise.questions:
        if isinstance(question, Amount):
            yield from ((question, round(number, 2)) for number, _ in question.readings)
            continue
        for option in question.options:
            answer = [option.value] if question.control == "many" else option.value
            if answer != exercise.answers[question.name]:
                yield question, answer


@pytest.mark.parametrize("number", range(1, 7))
def test_each_wrong_answer_is_explained_and_the_right_ones_solve_it(seen, lesson, number):
    page, exercise, box = seen.page, lesson.made(number), form(seen.page, number)
    picture(page, f"course-{number}-first")
    answers = dict(exercise.answers)
    for question in exercise.questions:
        put(box, question, answers[question.name])
    for question, answer in wrong_answers(exercise):
        put(box, question, answer)
        said = [one.text for one in exercise.check(answers | {question.name: answer}) if not one.is_right]
        for text in said:
            check(page, number, text)
        if not said:  # another growth may be right as well
            check(page, number, "✓ Right")
        put(box, question, answers[question.name])
    for one in exercise.check(answers):
        check(page, number, one.text)
    settle(page)
    picture(page, f"course-{number}-solved")
    assert box.get_by_role("status").count() == 1
    assert "Not yet" not in box.inner_text()
    assert seen.refused == [] and seen.errors == []


def test_all_six_are_solved_one_after_the_other(seen, lesson):
    page = seen.page
    for number in range(1, 7):
        exercise = lesson.made(number)
        for question in exercise.questions:
            put(form(page, number), question, exercise.answers[question.name])
        check(page, number, exercise.check(exercise.answers)[-1].text)
    page.wait_for_function("document.body.innerText.includes('6 of 6 exercises solved.')")
    settle(page)
    picture(page, "course-all")
    assert page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0
    assert seen.refused == [] and seen.errors == []


def test_an_exercise_is_solved_with_the_keyboard_alone(seen, lesson):
    """Exercise 4 has radio buttons only: Tab to the group, choose, Tab to Check, Enter."""
    page, exercise, box = seen.page, lesson.made(4), form(seen.page, 4)
    for question in exercise.questions:
        wrong = next(one for one in question.options if not one.is_right)
        put(box, question, wrong.value)
    check(page, 4, "Not yet")
    for question in exercise.questions:
        values = [one.value for one in question.options]
        box.get_by_role("radio", name=question.options[0].text, exact=True).focus()
        for _ in range(values.index(exercise.answers[question.name])):
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
    for _ in range(6):
        if page.evaluate("document.activeElement.tagName") == "BUTTON":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    check_text = exercise.check(exercise.answers)[-1].text
    page.wait_for_function(SAID, arg=[3, check_text])
    assert box.get_by_role("status").inner_text().count("✓ Right") == 2
