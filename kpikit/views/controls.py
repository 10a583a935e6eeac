"""Controls in JupyterLab: what can be chosen, Apply and Reset; the state is one selection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any, Protocol

import ipywidgets as widgets

from kpikit.errors import KpikitError
from kpikit.selection import Selection, first_day, lacking, member_pairs
from kpikit.views import choices
from kpikit.views.choices import CUSTOM, SCOPES
from kpikit.views.figures import Figures
from kpikit.views.theme import THEME
from kpikit.views.words import upper

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["Controls"]

NAMES = {
    "period": "Period",
    "compare": "Compared with",
    "start": "From",
    "end": "Until",
    "as_of": "As of",
    "kpi": "KPI",
    "target": "Target",
    "team": "Team",
    "rep": "Rep",
    "by": "Breakdown by",
    "grain": "Unit of time",
}
DAYS = ("start", "end", "as_of")
CHOSEN = ("period", "compare", "kpi", "target", "team", "rep", "by")
LEADING = ("period", "start", "end", "as_of", "team", "kpi")


class Viewed(Protocol):
    """What controls need of the view that they steer."""

    dataset: Dataset
    first: Selection

    @property
    def selection(self) -> Selection: ...
    def figures_of(self, selection: Selection) -> Figures: ...
    def apply(self, **parameters: Any) -> None: ...


class Controls:
    """The widgets of a view, or those of these names; `box` holds them.

    What is offered follows what is chosen: the as-of date decides on periods and KPIs, the period on teams,
    reps and targets, the team on reps, the KPI on dimensions and labels. `region`, `product_line`, `channel`
    and `segment` choose the scope; where one of them is named, so has each dimension to which the selection
    is kept at first. One that the data do not have has no widget.
    """

    def __init__(self, view: Viewed, names: Sequence[str] = ()) -> None:
        self.view = view
        names = tuple(names) or CHOSEN
        self._kpis: dict[Any, choices.Options] = {}
        self.scopes = self._scopes(names)
        names = dict.fromkeys([*(one for one in names if one not in SCOPES or one in self.scopes)])
        self.names = (*names, *(one for one in self.scopes if one not in names))
        self.fields: dict[str, Any] = {name: _field(name) for name in [*NAMES, *self.scopes]}
        self.apply = widgets.Button(description="Apply", button_style="primary", icon="check")
        self.reset = widgets.Button(description="Reset", icon="undo")
        self.message, self.line = widgets.HTML(), widgets.HTML()
        self._is_filling = False
        self._fill(view.selection)
        for name in LEADING:
            self.fields[name].observe(self._follow, "value")
        self.apply.on_click(lambda _: self._apply())
        self.reset.on_click(lambda _: self._reset())
        grid = widgets.GridBox(
            [self.fields[name] for name in self._shown],
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
    def _shown(self) -> list[str]:
        """The fields in their order; the dates of a range stand behind the period."""
        shown = list(self.names)
        if "period" in shown:
            place = max(shown.index(name) for name in ("period", "compare") if name in shown)
            shown[place + 1 : place + 1] = ["start", "end"]
        return shown

    def _scopes(self, names: Sequence[str]) -> tuple[str, ...]:
        """The dimensions that are chosen here: those named, as far as the data have them, and those given."""
        asked = [name for name in names if name in SCOPES]
        if not asked:
            return ()
        chosen, dataset = self.view.selection, self.view.dataset
        offered = [one for _, one in self._offered_kpis(chosen)]
        there = choices.scopes(dataset, chosen.day(dataset), offered)
        given = [name for one in (self.view.first, chosen) for name, _ in one.where]
        return tuple(dict.fromkeys([*(name for name in asked if name in there), *given]))

    def _offered_kpis(self, chosen: Selection) -> choices.Options:
        key = chosen.day(self.view.dataset), str(chosen.kpi)
        if key not in self._kpis:
            self._kpis[key] = choices.kpis(self.view.dataset, key[0], [key[1]])
        return self._kpis[key]

    def _fill(self, chosen: Selection) -> None:
        """Show a selection."""
        self._is_filling = True
        dataset, known = self.view.dataset, chosen.day(self.view.dataset)
        day, period = self.fields["as_of"], chosen.span(dataset)
        day.min, day.max, day.value = first_day(dataset), max(known, dataset.as_of), known
        for name, value in (("start", period.start), ("end", period.end)):
            self.fields[name].max = known
            self.fields[name].value = None if value is None else min(value, known)
        self._offer("compare", choices.COMPARED, chosen.compare)
        self._offer("grain", choices.GRAINED, chosen.grain, is_kept=True)
        self._offer_rest(chosen, period=chosen.period, is_kept=True)
        self._is_filling = False
        self._tell()

    def _offer_rest(self, chosen: Selection, *, period: str, is_kept: bool = False) -> None:
        """Offer what depends on something else; what is no longer offered falls back to the first.

        `is_kept` keeps it nevertheless: what the parameters say is what is first shown.
        """
        dataset, known, kpi = self.view.dataset, chosen.day(self.view.dataset), str(chosen.kpi)
        named = period if period != CUSTOM else self.view.selection.period
        offered = choices.periods(dataset, known, named, self.view.first.period)
        self._offer("period", offered, period)
        self._offer("kpi", self._offered_kpis(chosen), kpi)
        pairs = member_pairs(dataset, chosen.span(dataset), known)
        self._offer("team", self._of_kpi("team", choices.teams(pairs), chosen), chosen.team, is_kept=is_kept)
        reps = self._of_kpi("rep", choices.reps(pairs, self.fields["team"].value), chosen)
        self._offer("rep", reps, chosen.rep, is_kept=is_kept)
        self._offer("target", choices.targets(self.view.figures_of(chosen)), chosen.target, is_kept=is_kept)
        self._offer("by", choices.dimensions(dataset, kpi, known), chosen.by)
        where = dict(chosen.where)
        for name in self.scopes:
            options = choices.labels(dataset, kpi, name, known, where.get(name, ()))
            self._offer(name, options, where.get(name), is_kept=is_kept)
        # Shown last: what is typed while all this is worked out would be lost.
        for name in ("start", "end"):
            self.fields[name].max = known
            self.fields[name].layout.display = None if period == CUSTOM else "none"

    def _of_kpi(self, name: str, options: choices.Options, chosen: Selection) -> choices.Options:
        """Where the KPI alone is shown, as where its scope is chosen, offer members only if it has some."""
        dataset = self.view.dataset
        if not self.scopes or not lacking(dataset, str(chosen.kpi), name, chosen.day(dataset)):
            return options
        return [(f"all {name}s (not for this KPI)", "")]

    def _offer(self, name: str, options: choices.Options, value: Any, *, is_kept: bool = False) -> None:
        field, offered, value = self.fields[name], [one for _, one in options], value or ""
        if is_kept and value and value not in offered:
            text = value if isinstance(value, str) else choices.one_of(value)
            options, offered = [*options, (text, value)], [*offered, value]
        # Set together: a list that lacks the present value would first choose its first.
        field.options, field.value = options, value if value in offered else (offered[0] if offered else None)
        field.disabled = len(options) < 2

    def _follow(self, _: Any) -> None:
        if self._is_filling:
            return
        fault = self._range_fault()
        self.apply.disabled = bool(fault)
        if fault:
            for name in ("start", "end"):
                self.fields[name].layout.display = None
            self._say(fault)
            return
        self._is_filling = True
        try:
            told = self.parameters
            where = tuple((name, tuple(labels)) for name, labels in (told.pop("where", None) or {}).items())
            asked = replace(self.view.selection, **told | ({"where": where} if self.scopes else {}))
            self._offer_rest(asked, period=self.fields["period"].value)
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
        simple = [name for name in self.names if name not in (*self.scopes, *DAYS)]
        chosen = {name: self.fields[name].value or None for name in simple}
        if chosen.get("period") == CUSTOM:
            chosen["period"] = f"{self.fields['start'].value}/{self.fields['end'].value}"
        if chosen.get("by", "") is None:
            del chosen["by"]
        if "as_of" in self.names:
            chosen["as_of"] = self._day
        if self.scopes:
            picked = {name: list(self.fields[name].value) for name in self.scopes if self.fields[name].value}
            kept = {name: list(own) for name, own in self.view.selection.where if name not in self.scopes}
            chosen["where"] = kept | picked or None
        return chosen

    @property
    def _day(self) -> str | None:
        """The as-of date; none for the newest, which a later run with newer data moves on."""
        day, newest = self.fields["as_of"].value, self.view.dataset.as_of
        is_newest = day is None or (day == newest and self.view.selection.as_of is None)
        return None if is_newest else day.isoformat()

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


def _field(name: str) -> Any:
    kind = widgets.DatePicker if name in DAYS else widgets.Dropdown
    text = NAMES.get(name) or upper(name.replace("_", " "))
    style = {"description_width": "100px"}
    return kind(description=text, layout=widgets.Layout(width="auto"), style=style)
