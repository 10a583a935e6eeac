"""Questions that check themselves: each wrong answer is told what is wrong with it, the right one why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kpikit.errors import ParameterError, UnknownNameError, listing, suggest

__all__ = ["Amount", "Choice", "Exercise", "Option", "Question", "Said", "blank"]


@dataclass(frozen=True)
class Said:
    """What is said to an answer: to which question, whether it is right, and why."""

    label: str
    is_right: bool
    text: str


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen: what code calls it, what is read, and what is said of it."""

    value: str
    text: str
    message: str = ""
    is_right: bool = False


@dataclass(frozen=True)
class Choice:
    """A question whose answer is chosen: one option, or all that are right.

    Parameters
    ----------
    name, label, text
        What code calls it; what its control is called; the question itself.
    options
        What can be chosen. Where an exercise judges its answers together, options have no messages.
    control
        `list` drops down, `radio` shows all options, `many` lets several be chosen.
    missing
        What is said where all that is chosen is right, and something is missing; `{left}` is how much.
    first
        What is chosen at first.

    Examples
    --------
    >>> from kpikit.course.questions import Choice, Option
    >>> options = [Option("a", "A", "Too early."), Option("b", "B", "So it is.", True)]
    >>> Choice("when", "When", "When?", tuple(options)).say("a")
    Said(label='When', is_right=False, text='Too early.')
    """

    name: str
    label: str
    text: str
    options: tuple[Option, ...]
    control: Literal["list", "radio", "many"] = "list"
    missing: str = "{left} more of these would be right."
    first: str = ""

    @property
    def solution(self) -> Any:
        """What is right: the value of an option, or the values of several."""
        right = [one.value for one in self.options if one.is_right]
        return right if self.control == "many" else right[0] if right else ""

    def say(self, answer: Any) -> Said:
        """Judge an answer.

        Raises
        ------
        UnknownNameError
            If no option is called so.
        """
        chosen = self.chosen(answer)
        if not chosen:
            return blank(self.label)
        wrong = [one.message for one in chosen if not one.is_right]
        if wrong:
            return Said(self.label, False, " ".join(wrong))
        left = sum(one.is_right for one in self.options) - len(chosen)
        if self.control == "many" and left:
            return Said(self.label, False, self.missing.format(left=left))
        return Said(self.label, True, " ".join(one.message for one in chosen))

    def chosen(self, answer: Any) -> list[Option]:
        """Give the options that an answer names, in their order.

        Raises
        ------
        UnknownNameError
            If no option is called so.
        """
        names = answer if isinstance(answer, (list, tuple)) else [answer] if answer else []
        known = {one.value: one for one in self.options}
        for name in names:
            if name not in known:
                fault = f"{self.name} cannot be {name!r}"
                raise UnknownNameError(
                    "exercise", fault, f"Allowed: {listing(known, 30)}", suggest(str(name), known)
                )
        return [one for one in self.options if one.value in names]


@dataclass(frozen=True)
class Amount:
    """A question whose answer is a number.

    Parameters
    ----------
    name, label, text, unit
        What code calls it; what its control is called; the question; the unit that stands beside.
    right, why
        The right number, and what is said to it.
    readings
        Numbers that a wrong way leads to, each with what is said to it.
    low, high
        What is said to other numbers below and above.
    tolerance
        How far from a number an answer may be.
    first
        What stands there at first.

    Examples
    --------
    >>> from kpikit.course.questions import Amount
    >>> ways = ((20.0, "That is all."),)
    >>> half = Amount("half", "Half", "Half of 20?", "", 10.0, "20 ÷ 2.", ways, "More.", "Less.")
    >>> [half.say(answer).text for answer in (10, 20, 3, 30)]
    ['20 ÷ 2.', 'That is all.', 'More.', 'Less.']
    """

    name: str
    label: str
    text: str
    unit: str
    right: float
    why: str
    readings: tuple[tuple[float, str], ...] = ()
    low: str = "That is too little."
    high: str = "That is too much."
    tolerance: float = 0.5
    first: float = 0.0

    @property
    def solution(self) -> float:
        """The right number, as a person would write it."""
        return round(self.right, 2)

    def say(self, answer: Any) -> Said:
        """Judge an answer.

        Raises
        ------
        ParameterError
            If it is no number.
        """
        if answer is None or answer == "" or answer == 0:
            return Said(self.label, False, f"{self.label}: no number is written yet.")
        if isinstance(answer, bool) or not isinstance(answer, (int, float)) or answer != answer:
            raise ParameterError("exercise", f"{self.name} cannot be {answer!r}", hint=f"{self.name}=1500")
        if abs(answer - self.right) <= self.tolerance:
            return Said(self.label, True, self.why)
        for number, message in self.readings:
            if abs(answer - number) <= self.tolerance:
                return Said(self.label, False, message)
        return Said(self.label, False, self.low if answer < self.right else self.high)


Question = Choice | Amount
Judge = Callable[[dict[str, Any]], Sequence[Said]]


@dataclass(frozen=True)
class Exercise:
    """Some questions about the figures of a company.

    Parameters
    ----------
    title, step
        What it asks for, and to which step of KPI design it belongs.
    story
        What one has to know, as paragraphs.
    heads, rows
        The figures, as a table of texts.
    texts
        The heads below which, beside the first, stand words and no figures.
    questions
        What is asked.
    frames
        The figures that it rests on, by name, for the results of a notebook.
    judge
        What judges all answers together, where no question is judged alone.
    solution
        The right answers, where the questions do not know them.
    lacks
        Why it cannot be done with these data; then the rest is empty.
    """

    title: str
    step: str
    story: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    questions: tuple[Question, ...] = ()
    frames: dict[str, Any] = field(default_factory=dict)
    judge: Judge | None = None
    solution: dict[str, Any] = field(default_factory=dict)
    lacks: str = ""
    texts: tuple[str, ...] = ()

    @property
    def answers(self) -> dict[str, Any]:
        """The right answers, by the names of the questions."""
        return {one.name: one.solution for one in self.questions} | self.solution

    def check(self, answers: dict[str, Any]) -> list[Said]:
        """Judge answers, by the names of the questions.

        Raises
        ------
        ParameterError
            If there is no such question.
        UnknownNameError
            If there is no such option.
        """
        names = [one.name for one in self.questions]
        for name in answers:
            if name not in names:
                fault = f"no question '{name}'"
                raise ParameterError("exercise", fault, f"Questions: {listing(names)}", suggest(name, names))
        if self.judge is not None:
            for one in self.questions:
                if isinstance(one, Choice):
                    one.chosen(answers.get(one.name))
            return list(self.judge(answers))
        return [one.say(answers.get(one.name)) for one in self.questions]


def blank(label: str) -> Said:
    """Say that nothing is chosen."""
    return Said(label, False, f"{label}: nothing is chosen yet.")
