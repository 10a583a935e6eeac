"""A question knows what is right, and says to each answer what is to be said to it."""

from __future__ import annotations

import pytest

from kpikit.course.questions import Amount, Choice, Exercise, Option
from kpikit.errors import ParameterError, UnknownNameError

WHEN = Choice(
    "when",
    "When",
    "When?",
    (Option("soon", "Soon", "Too early."), Option("then", "Then", "So it is.", True)),
)
WHO = Choice(
    "who",
    "Who",
    "Who? All of them.",
    (
        Option("ayu", "Ayu", "She was there.", True),
        Option("bo", "Bo", "He was ill."),
        Option("cy", "Cy", "He was there, too.", True),
    ),
    "many",
    "{left} more was there.",
)
HALF = Amount("half", "Half", "Half of 20?", "", 10.0, "20 ÷ 2.", ((20.0, "That is all."),), "More.", "Less.")


@pytest.mark.parametrize(
    ("question", "answer", "is_right", "text"),
    [
        (WHEN, "then", True, "So it is."),
        (WHEN, "soon", False, "Too early."),
        (WHEN, "", False, "When: nothing is chosen yet."),
        (WHEN, None, False, "When: nothing is chosen yet."),
        (WHO, ["ayu", "cy"], True, "She was there. He was there, too."),
        (WHO, ["cy", "ayu"], True, "She was there. He was there, too."),
        (WHO, ["ayu"], False, "1 more was there."),
        (WHO, ["ayu", "bo", "cy"], False, "He was ill."),
        (WHO, [], False, "Who: nothing is chosen yet."),
        (HALF, 10, True, "20 ÷ 2."),
        (HALF, 10.5, True, "20 ÷ 2."),
        (HALF, 20, False, "That is all."),
        (HALF, 3, False, "More."),
        (HALF, 11, False, "Less."),
        (HALF, -10, False, "More."),
        (HALF, None, False, "Half: no number is written yet."),
        (HALF, 0.0, False, "Half: no number is written yet."),
    ],
)
def test_each_answer_is_told_what_it_is(question, answer, is_right, text):
    said = question.say(answer)
    assert (said.label, said.is_right, said.text) == (question.label, is_right, text)


@pytest.mark.parametrize("question", [WHEN, WHO, HALF])
def test_its_own_solution_is_right(question):
    assert question.say(question.solution).is_right


def test_an_option_that_is_not_there_is_refused_with_a_hint():
    with pytest.raises(UnknownNameError, match=r"when cannot be 'than'.*Did you mean 'then'"):
        WHEN.say("than")


@pytest.mark.parametrize("answer", ["ten", True, float("nan"), [10]])
def test_what_is_no_number_is_refused(answer):
    with pytest.raises(ParameterError, match="half cannot be"):
        HALF.say(answer)


def test_a_question_that_is_not_asked_is_refused():
    exercise = Exercise("T", "S", questions=(WHEN, HALF))
    assert [one.is_right for one in exercise.check({"when": "then", "half": 10})] == [True, True]
    with pytest.raises(ParameterError, match=r"no question 'whan'.*Did you mean 'when'"):
        exercise.check({"whan": "then"})
