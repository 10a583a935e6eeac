"""What every part of a view says of itself: for whom, of which period and scope, as of which day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.kpis.sources import TAKEN, sources_of
from kpikit.language import day
from kpikit.selection import NO_REP, Selection, lacking
from kpikit.targets import Plan
from kpikit.views.figures import Figures
from kpikit.views.words import (
    asked_name,
    join,
    lower,
    person,
    reason,
    reasons,
    scope_name,
    spoken,
    taken,
    upper,
)

__all__ = ["COMPANY", "Page", "asked", "span_text"]

COMPANY = "The company"


class Page:
    """The figures and the plan that parts are drawn from, and the words that they share."""

    def __init__(self, figures: Figures, plan: Plan | None) -> None:
        self.figures, self.plan = figures, plan

    @property
    def selection(self) -> Selection:
        """What is shown."""
        return self.figures.chosen

    @property
    def _writing(self) -> dict[str, str]:
        return {"currency": self.figures.dataset.settings.currency or "", "language": self.selection.language}

    @property
    def _who(self) -> str:
        if self.selection.rep:
            return "Without a rep" if self.selection.rep == NO_REP else person(self.selection.rep)
        return f"Team {self.selection.team}" if self.selection.team else "The whole team"

    @property
    def _whole(self) -> str:
        """For whom the chosen target is set, where that is not each member."""
        return self._set_for(self.figures.target)

    def _set_for(self, name: str | None) -> str:
        """Say for whom a target is set that is not set for each member: its scope, else the company."""
        return scope_name(self.plan.choose(name)[0].target.scope) or COMPANY

    def _whose(self, is_own: bool) -> str:
        """Say whose figure a title tells, where that is not whom the page is for."""
        per, chosen = self.figures.target_rows["per"].iloc[0], self.selection
        if not per:
            is_clear = self._whole == COMPANY and not (chosen.rep or chosen.team or chosen.where)
            return "" if is_clear else self._whole
        if per == "team" and self.figures.team:
            return "" if chosen.team and not chosen.where else upper(self._around_name)
        if per != "rep":
            return COMPANY if chosen.rep or chosen.team or chosen.where else ""
        if is_own:
            return "" if not chosen.where else self._who
        if not (chosen.rep or chosen.where):
            return ""
        return upper(self._around_name)

    def _taken(self, kpi: str, names: Iterable[str]) -> list[str]:
        """Say whose region or channel is counted, for each of these dimensions that rows may take."""
        whose = {one: sources_of(self.figures.dataset, kpi, one) for one in names if one in TAKEN}
        return [f"{name}: {taken(chains)}" for name, chains in whose.items() if chains]

    def _scope(self, rows: pd.DataFrame) -> list[str]:
        """Say to what the figures of a frame are kept, beside the member or team of the page."""
        kept = []
        for name, labels in self.selection.where:
            chains = [sources_of(self.figures.dataset, asked_name(*one), name) if name in TAKEN else ()
                      for one in asked(rows)]  # fmt: skip
            whose = taken(list(dict.fromkeys(chain for many in chains for chain in many)))
            kept.append(f"{_kept_to(name, labels)}{f' ({whose})' if whose else ''}")
        return kept

    @property
    def _whom(self) -> str:
        """For whom the page is, and to what it is kept."""
        return ", ".join([self._who, *(_kept_to(*one) for one in self.selection.where)])

    def _kept(self, kpi: str) -> list[str]:
        """Say to what the figures of a KPI are kept, beside the member or team of the page."""
        return self._scope(pd.DataFrame({"kpi": [kpi], "convention": [find(kpi).under(None)[0]]}))

    def _unscoped(self, scope: Mapping[str, object]) -> list[str]:
        """Say that a target, which has a scope of its own, is not kept to that of the page."""
        kept = [_kept_to(name, labels) for name, labels in self.selection.where if name not in scope]
        return [f"not only {' and '.join(kept)}"] if kept else []

    @property
    def _so_far(self) -> str:
        start = self.figures.period.start or date.min
        return " so far" if start <= self.figures.as_of and not self.figures.is_complete else ""

    @property
    def _ahead(self) -> str:
        """Say that the period has not begun; an empty text where it has."""
        start, as_of = self.figures.period.start, self.figures.as_of
        if start is None or start <= as_of:
            return ""
        return f"{self._period} had not started on {day(as_of, self.selection.language)}."

    @property
    def _around_name(self) -> str:
        return f"team {self.figures.team}" if self.figures.team else "the whole team"

    @property
    def _period(self) -> str:
        return self.figures.period.label

    @property
    def _reference(self) -> str:
        return self.figures.reference.label if self.figures.reference else ""

    @property
    def _as_of(self) -> str:
        return f"as of {day(self.figures.as_of, self.selection.language)}"

    def _why(self, rows: pd.DataFrame) -> str:
        names = [lower(spoken(asked_name(*one))) for one in asked(rows)] or [lower(spoken(self.figures.kpi))]
        notes = reasons(*rows["note"])
        if notes == ["not started"]:
            return self._ahead
        why = f" ({'; '.join(notes)})" if notes else ""
        return f"{self._whom}, {self._period}: no figures for {join(names)}{why}."

    def _unsplit(self, kpi: str, dimension: str) -> str:
        """Say why a KPI cannot be split by a dimension; an empty text where it can."""
        why = lacking(self.figures.dataset, kpi, dimension, self.figures.as_of)
        by = dimension.replace("_", " ")
        return f"{spoken(kpi)} cannot be split by {by}: {reason(why)}." if why else ""


def _kept_to(name: str, labels: Iterable[str]) -> str:
    return f"{name.replace('_', ' ')} {' or '.join(labels)}"


def asked(rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Give the KPIs of a frame with their conventions, in order."""
    return list(dict.fromkeys(zip(rows["kpi"], rows["convention"], strict=True)))


def span_text(periods: list[str]) -> str:
    """Write the first and the last of some periods."""
    if len(periods) < 2:
        return "".join(periods)
    return f"{periods[0]} {'and' if periods[-1].startswith('since ') else 'to'} {periods[-1]}"
