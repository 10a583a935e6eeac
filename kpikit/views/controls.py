"""Controls in JupyterLab: what can be chosen, Apply and Reset; the state is one selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

import ipywidgets as widgets

from kpikit.errors import KpikitError
from kpikit.selection import Selection, member_pairs
from kpikit.views import choices
from kpikit.views.choices import CUSTOM
from kpikit.views.figures import Figures
from kpikit.views.theme import THEME

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["Controls"]

NAMES = {
    "period": "Period",
    "compare": "Compared with",
    "start": "From",
    "end": "Until",
    "kpi": "KPI",
    "target": "Target",
    "team": "Team",
    "rep": "Rep",
    "by": "Breakdown by",
    "grain": "Unit of time",
}
CHOSEN = ("period", "compare", "kpi", "target", "by", "team", "rep")


class Viewed(Protocol):
    """What controls need of the view that they steer."""

    dataset: Dataset
    first: Selection

    @property
    def selection(self) -> Selection: ...
    @property
    def figures(self) -> Figures: ...
    def apply(self, **parameters: Any) -> None: ...


class Controls:
    """The widgets of a view, or those of these names; `box` holds them.

    What is offered follows what is chosen: the period decides on teams, reps and targets, the team on reps,
    the KPI on dimensions.
    """

    def __init__(self, view: Viewed, names: Sequence[str] = ()) -> None:
        self.view = view
        self.names = tuple(names) or CHOSEN
        style = {"description_width": "100px"}
        self.fields: dict[str, Any] = {
            name: (widgets.DatePicker if name in ("start", "end") else widgets.Dropdown)(
                description=text, layout=widgets.Layout(width="auto"), style=style
            )
            for name, text in NAMES.items()
        }  # fmt: skip
        self.apply = widgets.Button(description="Apply", button_style="primary", icon="check")
        self.reset = widgets.Button(description="Reset", icon="undo")
        self.message, self.line = widgets.HTML(), widgets.HTML()
        self._is_filling = False
        self._fill(view.selection)
        for name in ("period", "start", "end", "team", "kpi"):
            self.fields[name].observe(self._follow, "value")
        self.apply.on_click(lambda _: self._apply())
        self.reset.on_click(lambda _: self._reset())
        grid = widgets.GridBox(
            [field for name, field in self.fields.items() if name in (*self.names, *self._days)],
            layout=widgets.Layout(
                grid_template_columns="repeat(auto-fit, minmax(280px, 1fr))",
                grid_gap="4px 18px",
                width="100%",
            ),
        )
        buttons = widgets.HBox(
            [self.apply, self.reset, self.message], layout=widgets.Layout(align_items="center")
        )
        self.box = widgets.VBox(
            [grid, buttons, self.line],
            layout=widgets.Layout(
                max_width=f"{THEME.width}px", border=f"1px solid {THEME.line}", padding="10px"
            ),
        )

    @property
    def _days(self) -> tuple[str, ...]:
        return ("start", "end") if "period" in self.names else ()

    def _fill(self, chosen: Selection) -> None:
        """Show a selection."""
        self._is_filling = True
        dataset, known = self.view.dataset, chosen.day(self.view.dataset)
        period = chosen.span(dataset)
        self._offer(
            "period", choices.periods(dataset, known, chosen.period, self.view.first.period), chosen.period
        )
        for name, value in (("start", period.start), ("end", period.end)):
            self.fields[name].max = known
            self.fields[name].value = None if value is None else min(value, known)
        self._offer("compare", choices.COMPARED, chosen.compare)
        self._offer("grain", choices.grains(chosen.grain), chosen.grain)
        self._offer("kpi", choices.kpis(dataset, known, [str(chosen.kpi)]), chosen.kpi)
        self._offer_rest(chosen)
        self._is_filling = False
        self._tell()

    def _offer_rest(self, chosen: Selection) -> None:
        """Offer what depends on period, team and KPI; what is no longer offered falls back to the first."""
        dataset, known = self.view.dataset, chosen.day(self.view.dataset)
        pairs = member_pairs(dataset, chosen.span(dataset), known)
        evaluated = self.view.figures.evaluated
        self._offer("team", choices.teams(pairs), chosen.team)
        self._offer("rep", choices.reps(pairs, self.fields["team"].value), chosen.rep)
        self._offer("target", choices.targets(Figures(dataset, chosen, evaluated)), chosen.target)
        self._offer("by", choices.dimensions(dataset, str(chosen.kpi), known), chosen.by)
        is_custom = self.fields["period"].value == CUSTOM
        for name in ("start", "end"):
            self.fields[name].layout.display = None if is_custom else "none"

    def _offer(self, name: str, options: choices.Options, value: str | None) -> None:
        field, offered, value = self.fields[name], [one for _, one in options], value or ""
        # Set together: a list that lacks the present value would first choose its first.
        field.options, field.value = options, value if value in offered else (offered[0] if offered else None)
        field.disabled = not options

    def _follow(self, _: Any) -> None:
        if self._is_filling:
            return
        fault = self._range_fault()
        self.apply.disabled = bool(fault)
        if fault:
            is_custom = self.fields["period"].value == CUSTOM
            for name in ("start", "end"):
                self.fields[name].layout.display = None if is_custom else "none"
            self._say(fault)
            return
        self._is_filling = True
        try:
            self._offer_rest(replace(self.view.selection, **self.parameters))
        finally:
            self._is_filling = False
        self._say("")

    def _range_fault(self) -> str:
        if self.fields["period"].value != CUSTOM:
            return ""
        start, end = self.fields["start"].value, self.fields["end"].value
        if start is None or end is None:
            return "Choose the first and the last day."
        return "The first day is after the last." if start > end else ""

    @property
    def parameters(self) -> dict[str, Any]:
        """What the widgets say, as parameters."""
        chosen = {name: self.fields[name].value or None for name in self.names}
        if chosen.get("period") == CUSTOM:
            chosen["period"] = f"{self.fields['start'].value}/{self.fields['end'].value}"
        if chosen.get("by", "") is None:
            del chosen["by"]
        return chosen

    def _apply(self) -> None:
        self._show(self.view.selection.parameters | self.parameters)

    def _reset(self) -> None:
        self._show(self.view.first.parameters)
        self._fill(self.view.selection)

    def _show(self, parameters: dict[str, Any]) -> None:
        self.apply.disabled = self.reset.disabled = True
        self._say("Working …")
        try:
            self.view.apply(**parameters)
            self._say("")
            self._tell()
        except KpikitError as error:
            self._say(str(error))
        except Exception as error:
            self._say(
                f"This could not be shown ({type(error).__name__}: {error}); the figures are as before."
            )
            raise
        finally:
            self.apply.disabled = self.reset.disabled = False

    def _say(self, text: str) -> None:
        self.message.value = f'<span role="status" style="color:{THEME.bad}">{escape(text)}</span>'

    def _tell(self) -> None:
        style = f"font-size:12px;color:{THEME.dark_grey}"
        code = f'<code style="user-select:all">{escape(self.view.selection.line)}</code>'
        self.line.value = f'<span style="{style}">Shown now: {code}</span>'
