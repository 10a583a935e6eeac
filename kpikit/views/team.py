"""The view of a team and its members: each part is one call, shown once, and again after each Apply."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from kpikit.data.dataset import Dataset, load
from kpikit.errors import DataError, cut
from kpikit.selection import Selection
from kpikit.targets import Plan, evaluate, read_plan
from kpikit.views.display import Screen, Text, is_interactive
from kpikit.views.drawing import Drawing
from kpikit.views.figures import Figures
from kpikit.views.parts import PARTS
from kpikit.views.results import headline_frame, results_frames, results_text
from kpikit.views.showing import Showing

__all__ = ["View", "locate", "open_view"]


def open_view(data: str | Path | Dataset, plan: str | Path | Plan | None = None, **parameters: Any) -> View:
    """Open the view of a team.

    Parameters
    ----------
    data, plan
        A dataset and a plan, or their paths. A relative path is looked for in the working folder and then in
        the folders above it, so that a notebook finds it from its own folder and from the project's.
    **parameters
        What to show, as `Selection` takes it: period, as_of, compare, target, kpi, kpis, team, rep, by,
        grain, where, language.

    Returns
    -------
    View
        Its methods show the parts: controls, cards, attainment, path, trend, breakdown, members, results.

    Raises
    ------
    KpikitError
        Naming the parameter, file and line of what cannot be used.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.views.team import open_view
    >>> view = open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3", rep="Ayu Lestari")
    >>> print(view.selection.line)
    period="2026-Q3", compare="previous", kpi="revenue", rep="Ayu Lestari"
    """
    dataset = data if isinstance(data, Dataset) else load(locate(data))
    goals = plan if plan is None or isinstance(plan, Plan) else read_plan(locate(plan)) if plan else None
    return View(dataset, goals, Selection.of(dataset, goals, **parameters))


def locate(path: str | Path) -> Path:
    """Find a relative path in the working folder, or in the nearest folder above that has it.

    Examples
    --------
    >>> from kpikit.views.team import locate
    >>> locate("data/samples").name
    'samples'
    """
    path = Path(path)
    try:
        path = path.expanduser()
        if path.is_absolute() or path.exists():
            return path
    except RuntimeError:
        raise DataError(
            "open_view", f"'{cut(path)}': nobody has this home", hint="write the whole path"
        ) from None
    except OSError as fault:
        raise DataError("open_view", f"'{cut(path)}' cannot be opened ({fault.strerror})") from None
    # "../data", written for the notebooks' folder, is "data" for who works in the project's.
    plain = Path(*[part for part in path.parts if part != ".."])
    folders = [Path.cwd(), *Path.cwd().parents]
    found = next((folder / plain for folder in folders if (folder / plain).exists()), None)
    if found is None:
        raise DataError(
            "open_view", f"'{path}' is not there", f"Looked in {folders[0]} and the folders above it"
        )
    return found


class View(Showing):
    """One selection of one dataset, shown in parts. Made by `open_view`."""

    def __init__(self, dataset: Dataset, plan: Plan | None, selection: Selection) -> None:
        self.dataset, self.plan = dataset, plan
        self._screen = Screen()
        self._shown: list[str] = []
        self._evaluated: dict[date, pd.DataFrame] = {}
        self.first = selection
        self.figures = self.figures_of(selection)

    @property
    def selection(self) -> Selection:
        """What is shown now."""
        return self.figures.chosen

    @property
    def drawing(self) -> Drawing:
        """The parts as objects, for who wants them without showing them."""
        return Drawing(self.figures, self.plan)

    def apply(self, **parameters: Any) -> None:
        """Show something else: the same parameters as in `open_view`, in place of all that was chosen before.

        Raises
        ------
        KpikitError
            Naming the parameter that cannot be used; what is shown then stays.
        """
        before, self.figures = (
            self.figures,
            self.figures_of(Selection.of(self.dataset, self.plan, **parameters)),
        )
        try:
            self._screen.draw_again()
        except BaseException:
            self.figures = before
            raise

    def controls(self, *names: str) -> None:
        """Show the controls (those of these names, or all), where a person can use them."""
        if is_interactive():
            from IPython.display import display

            from kpikit.views.controls import Controls

            display(Controls(self, names).box)

    def results(self, write: Callable[..., Any] | None = None) -> None:
        """Show every figure of the parts that were shown, as a plain table, to compare.

        Parameters
        ----------
        write
            What writes frames and a headline, such as `kp.results`, from whose table a batch reads the
            figures; plain text by default.
        """
        self._screen.show("results", lambda: self.written(write))

    def written(self, write: Callable[..., Any] | None = None, parts: Sequence[str] | None = None) -> Any:
        """Write every figure of some parts (of those that were shown, by default), as `results` shows it."""
        names = self._shown if parts is None else parts
        if write is None:
            return Text(results_text(self.figures, names))
        return write(*results_frames(self.figures, names), headline=headline_frame(self.figures, names))

    def drawn(self, name: str) -> Any:
        """Draw a part without showing it."""
        return getattr(PARTS[name].home(self.figures, self.plan), name)()

    def _show(self, name: str) -> None:
        self._screen.show(name, lambda: self.drawn(name))
        if name not in self._shown:
            self._shown.append(name)

    def figures_of(self, selection: Selection) -> Figures:
        """Give the figures of another selection, without showing them."""
        known = selection.day(self.dataset)
        if known not in self._evaluated:
            told = evaluate(self.dataset, self.plan, as_of=known) if self.plan else pd.DataFrame()
            self._evaluated = {known: told}
        return Figures(self.dataset, selection, self._evaluated[known], self.plan)
