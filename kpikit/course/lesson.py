"""A lesson: the steps of KPI design on one company, with exercises; what a notebook calls."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from kpikit.course.comparing import comparing
from kpikit.course.counting import counting
from kpikit.course.fitting import fitting
from kpikit.course.mending import mending
from kpikit.course.pacing import pacing
from kpikit.course.questions import Exercise
from kpikit.course.setting import Setting
from kpikit.course.sheet import answer_sheet, head
from kpikit.course.telling import telling
from kpikit.data.dataset import Dataset
from kpikit.errors import ParameterError, listing
from kpikit.language import count_word
from kpikit.targets import Plan
from kpikit.views.display import Html, Text, is_interactive, notice
from kpikit.views.lists import lists
from kpikit.views.team import View, open_view
from kpikit.views.theme import THEME
from kpikit.views.words import label, lower, upper

__all__ = ["LESSONS", "Lesson", "open_lesson"]

LESSONS: dict[str, tuple[Callable[[Setting], Exercise], ...]] = {
    "01": (fitting, mending, pacing, comparing, counting, telling),
}
COLUMNS = ("kpi", "convention", "customer_age", "target", "member", "period", "value", "n", "rank")
COLUMNS += ("reference", "change_ratio", "last_year", "actual", "target_value", "attainment", "expected")
COLUMNS += ("pace", "status", "on_before", "rate", "deals", "team_rate")


def open_lesson(
    lesson: str,
    data: str | Path | Dataset,
    plan: str | Path | Plan | None = None,
    *,
    period: str = "last quarter",
    as_of: str = "",
    language: str = "en",
) -> Lesson:
    """Open a lesson of the course in KPI design on a company.

    Parameters
    ----------
    lesson
        The number of the lesson: `01`, from goal to report.
    data, plan
        A dataset and a plan, or their paths, as `open_view` takes them.
    period
        The period that is looked back on.
    as_of
        The day after which nothing is known; the newest fact's by default.
    language
        How numbers and dates are written: `en` or `id`.

    Returns
    -------
    Lesson
        Its methods show the parts: goals, brief, exercise, solution, progress, results.

    Raises
    ------
    KpikitError
        Naming the parameter, file and line of what cannot be used.

    Examples
    --------
    >>> import kpikit as kp
    >>> lesson = kp.open_lesson("01", "data/samples", "data/samples/plan.yaml")
    >>> [one.text for one in lesson.check(1, kpi="order_count") if one.label == "KPI"][0][:57]
    'Most orders are placed by who ordered before: in 2026-Q3 '
    """
    if lesson not in LESSONS:
        fault = f"no lesson {lesson!r}"
        raise ParameterError("open_lesson", fault, f"Lessons: {listing(LESSONS)}")
    view = open_view(data, plan, period=period, as_of=as_of, language=language)
    return Lesson(view, LESSONS[lesson])


class Lesson:
    """The steps and exercises of a lesson. Made by `open_lesson`."""

    def __init__(self, view: View, made: tuple[Callable[[Setting], Exercise], ...]) -> None:
        self._view, self._makers = view, made
        self._made: dict[int, Exercise] = {}
        self._solved: dict[int, bool] = {}
        self._progress: Any = None
        self.setting = Setting(view.dataset, view.plan, view.selection)

    def goals(self) -> None:
        """Show the goals of the plan, with their objectives and the KPIs that measure these."""
        self._display(self._goals())

    def brief(self) -> None:
        """Show what the team is told before the next period starts."""
        chosen = self._view.selection.parameters | {"period": "next quarter"}
        if self._view.plan is None:
            self._display(
                notice("There is no plan, so there is nothing to tell the team before the period starts.")
            )
        else:
            self._display(open_view(self._view.dataset, self._view.plan, **chosen).drawn("brief"))

    def exercise(self, number: int, **answers: Any) -> None:
        """Show an exercise, with controls or on paper in batch; answers that are given are checked."""
        one = self.made(number)
        if one.lacks or not is_interactive():
            self._display(answer_sheet(number, one, answers))
            return
        from kpikit.course.form import Form

        self._display(head(number, one))
        self._display(Form(one, answers, lambda is_right: self._solve(number, is_right)).box)

    def solution(self, number: int) -> None:
        """Show an exercise solved, and why: for trainers, with any data."""
        one = self.made(number)
        self._display(answer_sheet(number, one, {} if one.lacks else one.answers))

    def check(self, number: int, **answers: Any) -> list[Any]:
        """Judge answers without showing them."""
        return self.made(number).check(answers)

    def made(self, number: int) -> Exercise:
        """Give an exercise.

        Raises
        ------
        ParameterError
            If the lesson has none of this number.
        """
        if number not in range(1, len(self._makers) + 1):
            fault = f"no exercise {number!r}"
            raise ParameterError("exercise", fault, f"Exercises: 1 to {len(self._makers)}")
        if number not in self._made:
            self._made[number] = self._makers[number - 1](self.setting)
        return self._made[number]

    def progress(self) -> None:
        """Show how many exercises are solved; it follows each Check."""
        if not is_interactive():
            self._display(notice(f"This lesson has {count_word(len(self._makers))} exercises."))
            return
        import ipywidgets as widgets

        self._progress = widgets.HTML(self._standing())
        self._display(self._progress)

    def results(self, write: Callable[..., Any] | None = None) -> None:
        """Show the figures on which the exercises rest, as `write` writes frames; plain text by default."""
        self._display(self.written(write))

    def written(self, write: Callable[..., Any] | None = None) -> Any:
        """Write the figures on which the exercises rest."""
        frames = []
        for number in range(1, len(self._makers) + 1):
            for name, frame in self.made(number).frames.items():
                kept = frame[[column for column in COLUMNS if column in frame]]
                kept.insert(0, "part", name)
                frames.append(kept)
        if write is None:
            return Text("\n\n".join(one.to_string(index=False) for one in frames))
        setting = self.setting
        first = setting.measure(setting.money, period=setting.period)
        return write(*frames, headline=first)

    def _goals(self) -> Html:
        plan, parts = self._view.plan, {}
        if plan is None or not plan.goals:
            return notice("There is no plan. It would name the goals, and what sales does for each.")
        for goal in plan.goals:
            kpis = [
                f"{one.name}: {', '.join(lower(label(kpi)) for kpi in one.kpis)}" for one in goal.objectives
            ]
            parts[goal.name] = kpis
        count = sum(len(goal.objectives) for goal in plan.goals)
        whom = "it" if len(plan.goals) == 1 else "them"
        title = (
            f"{upper(count_word(len(plan.goals)))} {_many('goal', len(plan.goals))}, and {count_word(count)}"
        )
        return lists(
            f"{title} {_many('objective', count)} that {'serves' if count == 1 else 'serve'} {whom}",
            "Goal, then each objective with the KPIs that measure it",
            parts,
            empty="no objective yet",
        )

    def _solve(self, number: int, is_right: bool) -> None:
        self._solved[number] = self._solved.get(number, False) or is_right
        if self._progress is not None:
            self._progress.value = self._standing()

    def _standing(self) -> str:
        done = [number for number, is_right in sorted(self._solved.items()) if is_right]
        there = [number for number in range(1, len(self._makers) + 1) if not self.made(number).lacks]
        left = [str(number) for number in there if number not in done]
        told = f"{len(done)} of {len(there)} exercises solved."
        told += (
            f" Still open: {', '.join(left)}."
            if left
            else " ✓ You have gone all the way from goal to report."
        )
        style = escape(f"font-family:{THEME.font};color:{THEME.ink};font-size:14px;font-weight:bold")
        return f'<div role="status" style="{style}">{escape(told)}</div>'

    def _display(self, one: Any) -> None:
        from IPython.display import display

        display(one)


def _many(noun: str, count: int) -> str:
    return noun if count == 1 else f"{noun}s"
