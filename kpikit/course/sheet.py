"""An exercise as it is read: its story and figures, the questions as on paper, and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from kpikit.course.questions import Amount, Exercise, Question, Said
from kpikit.views.display import NO_FORMULA, Html, notice
from kpikit.views.lists import frame
from kpikit.views.targets_table import grid
from kpikit.views.theme import THEME

__all__ = ["answer_sheet", "head", "question_text", "said_html"]

NARROW = 460  # two columns stand near to each other
RIGHT, WRONG = "✓ Right", "× Not yet"
INVITATION = (
    "To be solved in JupyterLab: there this exercise has controls, and tells what is right and what is wrong."
)


def head(number: int, exercise: Exercise, inside: str = "", text: str = "") -> Html:
    """Show the title, the story and the figures of an exercise, and below them `inside`."""
    title = f"Exercise {number}: {exercise.title}"
    if exercise.lacks:
        return notice(f"{title} It cannot be done with these data. {exercise.lacks}")
    story = "".join(f'<p style="margin:6px 0;line-height:1.5">{escape(one)}</p>' for one in exercise.story)
    table = ""
    if exercise.rows:
        numbers = [one for one in exercise.heads[1:] if one not in exercise.texts]
        width = NARROW if len(exercise.heads) == 2 else THEME.width
        table = f'<div style="max-width:{width}px">{grid(exercise.heads, exercise.rows, numbers)}</div>'
    lines = [*exercise.story, *(" | ".join(row) for row in (exercise.heads, *exercise.rows) if row)]
    return frame(title, exercise.step, story + table + inside, "\n".join(filter(None, [*lines, text])))


def question_text(number: int, question: Question) -> str:
    """Write a question, as it stands above its control."""
    style = f"font-family:{THEME.font};color:{THEME.ink};font-size:14px;line-height:1.45;margin:10px 0 2px"
    return f'<div style="{escape(style)}"><b>{number}.</b> {escape(question.text)}</div>'


def answer_sheet(number: int, exercise: Exercise, answers: dict[str, Any]) -> Html:
    """Show an exercise on paper: the options to tick, or with answers what is said to them."""
    if exercise.lacks:
        return head(number, exercise)
    said = exercise.check(answers) if answers else []
    parts, texts = [], []
    for place, one in enumerate(exercise.questions, 1):
        lines = _lines(one, answers.get(one.name, one.first))
        items = "".join(
            f'<div style="margin:3px 0 3px 18px;line-height:1.45">{escape(line)}</div>' for line in lines
        )
        parts.append(question_text(place, one) + items)
        texts += [f"{place}. {one.text}", *lines]
    below = (
        said_html(said) if said else f'<p style="color:{THEME.dark_grey};margin:12px 0 4px">{INVITATION}</p>'
    )
    told = _said_text(said) if said else INVITATION
    return head(number, exercise, "".join(parts) + below, "\n".join([*texts, told]))


def _lines(question: Question, answer: Any) -> list[str]:
    if isinstance(question, Amount):
        given = f"{answer:,.10g}" if answer else "________"
        return [f"{question.label}: {given} {question.unit}".rstrip()]
    chosen = [one.value for one in question.chosen(answer)] if answer else []
    empty, ticked = ("☐", "☒") if question.control == "many" else ("○", "●")
    return [f"{ticked if one.value in chosen else empty} {one.text}" for one in question.options]


def said_html(said: Sequence[Said]) -> str:
    """Show what is said to answers: a sign and a word for right and wrong, then why."""
    parts = []
    for one in said:
        colour = THEME.good if one.is_right else THEME.bad
        style = f"border-left:4px solid {colour};background:{THEME.band}"
        style += ";padding:7px 12px;margin:6px 0;line-height:1.45"
        sign = f'<b style="color:{colour}">{escape(RIGHT if one.is_right else WRONG)}</b>'
        parts.append(f'<div style="{style}">{sign} · <b>{escape(one.label)}</b>: {escape(one.text)}</div>')
    font = escape(f"font-family:{THEME.font};color:{THEME.ink};font-size:13px;max-width:{THEME.width}px")
    return f'<div role="status" {NO_FORMULA} style="{font}">{"".join(parts)}</div>'


def _said_text(said: Sequence[Said]) -> str:
    """Write what is said to answers."""
    return "\n".join(f"{RIGHT if one.is_right else WRONG} · {one.label}: {one.text}" for one in said)
