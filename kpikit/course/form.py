"""An exercise with controls, for JupyterLab: a field for each question, Check, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

import ipywidgets as widgets

from kpikit.course.questions import Amount, Choice, Exercise, Question
from kpikit.course.sheet import question_text, said_html
from kpikit.errors import KpikitError
from kpikit.views.theme import THEME

__all__ = ["Form"]

CLASS = "kpikit-exercise"
# A sentence is longer than a line: options of ipywidgets would be cut off.
STYLE = f"""<style>
.{CLASS} .widget-radio, .{CLASS} .widget-checkbox {{ width: 100%; height: auto; }}
.{CLASS} .widget-radio-box {{ height: auto; }}
.{CLASS} .widget-radio-box label, .{CLASS} .widget-checkbox label {{
  height: auto; white-space: normal; line-height: 1.45; padding: 2px 0; overflow: visible; }}
/* The button of an option comes after its text: beside it, also where the text has two lines. */
.{CLASS} .widget-radio-box label {{ display: flex; flex-direction: row-reverse; justify-content: flex-end;
  align-items: flex-start; }}
.{CLASS} .widget-radio-box input {{ flex: none; margin-top: 0; }}
.{CLASS} .widget-label-basic span {{ white-space: normal; }}
</style>"""
WIDE = {"description_width": "140px"}


class Form:
    """The controls of an exercise; `box` holds them.

    Parameters
    ----------
    exercise
        What is asked.
    answers
        What is chosen at first, by the names of the questions; with answers they are checked at once.
    told
        What is called after each check, with whether all is right.
    """

    def __init__(self, exercise: Exercise, answers: dict[str, Any], told: Callable[[bool], None]) -> None:
        self.exercise, self._told = exercise, told
        self.fields = {one.name: _field(one) for one in exercise.questions}
        self.check = widgets.Button(description="Check", button_style="primary", icon="check")
        self.message = widgets.HTML()
        self.check.on_click(lambda _: self._check())
        rows: list[Any] = [widgets.HTML(STYLE)]
        for number, one in enumerate(exercise.questions, 1):
            rows += [widgets.HTML(question_text(number, one)), self.fields[one.name]]
        layout = widgets.Layout(
            max_width=f"{THEME.width}px", border=f"1px solid {THEME.line}", padding="4px 12px 10px"
        )
        self.check.layout.margin = "12px 0 4px"
        self.box = widgets.VBox([*rows, self.check, self.message], layout=layout)
        self.box.add_class(CLASS)
        if answers:
            exercise.check(answers)  # a name that is not there is refused before anything is shown
            self.put(answers)
            self._check()

    def put(self, answers: dict[str, Any]) -> None:
        """Choose answers."""
        for one in self.exercise.questions:
            if one.name in answers:
                _put(one, self.fields[one.name], answers[one.name])

    @property
    def answers(self) -> dict[str, Any]:
        """What is chosen now."""
        return {one.name: _value(one, self.fields[one.name]) for one in self.exercise.questions}

    def _check(self) -> None:
        try:
            said = self.exercise.check(self.answers)
        except KpikitError as error:
            self.message.value = f'<div role="status" style="color:{THEME.bad}">{escape(str(error))}</div>'
            return
        self.message.value = said_html(said)
        self._told(all(one.is_right for one in said))


def _field(question: Question) -> Any:
    wide = widgets.Layout(width="auto", max_width="640px")
    if isinstance(question, Amount):
        head = (
            f"{question.label} ({question.unit})"
            if question.unit and question.unit != "%"
            else question.label
        )
        small = widgets.Layout(width="320px")
        return widgets.FloatText(question.first, description=head, layout=small, style=WIDE)
    offered = [(one.text, one.value) for one in question.options]
    if question.control == "many":
        # The boxes of a question carry it as their title, for who hears one box alone.
        boxes = [widgets.Checkbox(False, description=text, indent=False, tooltip=f"{question.label}: {text}")
                 for text, _ in offered]  # fmt: skip
        return widgets.VBox(boxes, layout=widgets.Layout(padding="0 0 0 8px"))
    if question.control == "radio":
        full = widgets.Layout(width="100%")
        return widgets.RadioButtons(
            options=offered,
            value=None,
            description=question.label,
            tooltip=question.label,
            layout=full,
            style=WIDE,
        )
    offered = offered if question.first else [("Choose …", ""), *offered]
    return widgets.Dropdown(
        options=offered, value=question.first, description=question.label, layout=wide, style=WIDE
    )


def _value(question: Question, field: Any) -> Any:
    if isinstance(question, Choice) and question.control == "many":
        pairs = zip(question.options, field.children, strict=True)
        return [option.value for option, box in pairs if box.value]
    return field.value


def _put(question: Question, field: Any, answer: Any) -> None:
    if isinstance(question, Choice) and question.control == "many":
        names = [one.value for one in question.chosen(answer)]
        for option, box in zip(question.options, field.children, strict=True):
            box.value = option.value in names
    else:
        field.value = answer
