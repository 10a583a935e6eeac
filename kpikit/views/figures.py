"""The figures of one view, measured and evaluated in as few passes as there are shapes of result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.kpis.catalog import find
from kpikit.kpis.formulas import ratio
from kpikit.kpis.measure import measure
from kpikit.kpis.tabulating import read_where
from kpikit.people.contribution import contribution
from kpikit.people.positions import positions
from kpikit.periods import Period, compare, is_complete, shift, split, unit_of
from kpikit.selection import Selection, default_kpis, member_pairs, scored_kpis
from kpikit.targets import Plan
from kpikit.targets.proration import Staff
from kpikit.views.adding import add_up, standing_of
from kpikit.views.asked import asked_of
from kpikit.views.blanks import explained
from kpikit.views.comparing import compared, with_sure_past
from kpikit.views.paging import of_page, teams_of
from kpikit.views.words import asked_name

__all__ = ["Figures", "bare", "trend_period"]

BUCKETS, MOST_BUCKETS = 12, 36


def bare(kpi: str) -> str:
    """Give the name of a KPI without its convention."""
    return kpi.partition(":")[0]


@dataclass(frozen=True)
class Figures:
    """What a selection shows: each frame is computed when it is first shown, and kept.

    Parameters
    ----------
    dataset
        The tables.
    chosen
        The checked selection.
    evaluated
        Every target of the plan as `evaluate` gives it on the as-of date; empty without a plan.
    plan
        The plan, where there is one.
    """

    dataset: Dataset
    chosen: Selection
    evaluated: pd.DataFrame
    plan: Plan | None = None

    @cached_property
    def as_of(self) -> date:
        """The as-of date."""
        return self.chosen.day(self.dataset)

    @cached_property
    def period(self) -> Period:
        """The period."""
        return self.chosen.span(self.dataset)

    @cached_property
    def reference(self) -> Period | None:
        """The period with which this one is compared."""
        how = self.chosen.compare
        return compare(self.period, how, self.as_of, self.dataset.calendar) if how else None

    @cached_property
    def kpis(self) -> tuple[str, ...]:
        """The KPIs of the cards and of the table; the one of the charts is always among them."""
        shown = self.chosen.kpis or default_kpis(self.dataset, self.as_of)
        return shown if self.kpi in shown else (self.kpi, *shown)

    @property
    def is_complete(self) -> bool:
        """Whether the period's last day has come."""
        return is_complete(self.period, self.as_of)

    @property
    def is_fair(self) -> bool:
        """Whether sums can be compared: a running period is not held against a whole one."""
        return self.is_complete or (self.chosen.compare or "").endswith("_elapsed")

    @cached_property
    def totals(self) -> pd.DataFrame:
        """The KPIs of the cards, in the scope of the selection."""
        return self._measure(self.kpis, where=self.chosen.scope)

    @cached_property
    def team(self) -> str | None:
        """The selected team, or that of the selected rep: of several in the period the newest."""
        if self.chosen.team or not self.chosen.rep:
            return self.chosen.team
        teams = {team for team, rep in self.pairs if rep == self.chosen.rep}
        if len(teams) > 1:
            teams = teams_of(self.chosen.rep, self.period.start, self.period.end, self)
        return min((team for team in teams if team), default=None)

    @cached_property
    def around(self) -> pd.DataFrame:
        """The KPIs of the cards for the team of the selected rep (all, where the rep has none)."""
        return self._measure(self.kpis, where=self._around)

    @property
    def _around(self) -> dict[str, list[str]]:
        return replace(self.chosen, rep=None, team=self.team).scope

    @cached_property
    def pairs(self) -> list[tuple[str | None, str]]:
        """Who is in which team in the period."""
        return member_pairs(self.dataset, self.period, self.as_of)

    @cached_property
    def members(self) -> pd.DataFrame:
        """The KPIs of the cards by rep, in the team of the selection."""
        return self._measure(self.kpis, by="rep", where=self._around)

    @cached_property
    def flow(self) -> str | None:
        """The KPI whose parts add up: that of the charts, else the first of the cards that does."""
        return next((one for one in (self.kpi, *self.kpis) if find(bare(one)).kind == "flow"), None)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """What each member brought to the flow and to its growth, as `contribution` gives it, with kpi."""
        rows, whole = (frame[_names(frame) == self.flow] for frame in (self.members, self.around))
        if rows.empty or whole.empty:
            return contribution(rows.head(0), value=None).assign(kpi="")
        one = whole.iloc[0]
        # What is still running grows until its end.
        was = one["reference"] if self.is_fair and not pd.isna(one["change"]) else None
        told = contribution(rows, value=one["value"], reference=was)
        return told.assign(kpi=one["kpi"], convention=one["convention"], period=self.period.label)

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Each member's KPIs with the position within the team, as `positions` gives it."""
        names = self.chosen.kpis or scored_kpis(self.dataset, self.as_of)
        members = self._measure(list(names) or [self.kpi], by="rep", where=self._around)
        staff = Staff(self.dataset, self.as_of, read_where(self.dataset, self._around))
        worked = {name: staff.worked(name, self.period) for name in dict.fromkeys(members["rep"])}
        return positions(members, partly=[name for name, own in worked.items() if own and not own.is_whole])

    @cached_property
    def asked(self) -> pd.DataFrame:
        """What the targets of the plan ask of each member in the period, as `asked_of` gives it."""
        return asked_of(self)

    @cached_property
    def breakdown(self) -> pd.DataFrame:
        """The selection's KPI by the dimension of the breakdown."""
        rows = self._measure([self.kpi], by=self.chosen.by, where=self.chosen.scope)
        is_known = rows["value"].notna() & rows["reference"].notna()
        return rows.assign(reference=np.nan) if (is_known & rows["change"].isna()).any() else rows

    @cached_property
    def trend(self) -> pd.DataFrame:
        """The selection's KPI by grain, until the period's end, beside the same part of the year before."""
        period = trend_period(self.period, self.chosen.grain, self.as_of, self.dataset)
        figures = measure(
            self.dataset,
            self.kpi,
            period=period,
            grain=self.chosen.grain,
            compare="last_year_elapsed" if self.chosen.compare else None,
            where=self.chosen.scope,
            as_of=self.as_of,
        )
        figures = with_sure_past(figures, self.dataset, as_of=self.as_of)
        start = pd.Timestamp(self.period.start or date(1900, 1, 1))
        inside = (figures["end"] >= start) & (figures["start"] <= pd.Timestamp(self.period.end))
        return figures.assign(is_chosen=inside, is_complete=figures["end"] <= pd.Timestamp(self.as_of))

    @property
    def kpi(self) -> str:
        """The KPI of the charts."""
        return str(self.chosen.kpi)

    def unit(self, kpi: str) -> str:
        """Give the unit of a KPI."""
        return find(bare(kpi)).unit

    @cached_property
    def in_period(self) -> pd.DataFrame:
        """The occurrences of all targets that fall into the period, or of which the period is a part."""
        if self.evaluated.empty:
            return self.evaluated
        rows = self.evaluated[self.evaluated["scope_row"] == "detail"]
        first = pd.Timestamp(self.period.start or date(1900, 1, 1))
        starts = rows["start"].isna() | (rows["start"] <= pd.Timestamp(self.period.end))
        ends = rows["end"].isna() | (rows["end"] >= first)
        return rows[starts & ends]

    @cached_property
    def target(self) -> str | None:
        """The chosen target: the selection's own, else the one that fits KPI and period best."""
        if self.chosen.target:
            return self.chosen.target
        rows = self.in_period
        if rows.empty:
            return None
        rows = rows[rows["kpi"] == bare(self.kpi)]
        if rows.empty:
            return None
        # Best: of the scope that is chosen, for each rep, of exactly this period, with an end; then by order.
        fits = 8 * rows["target"].map(self._is_of_scope) + 4 * (rows["per"] == "rep")
        fits = fits + 2 * (rows["period"] == self.period.label) + 1 * rows["end"].notna()
        return str(fits.groupby(rows["target"], sort=False).max().idxmax())

    def _is_of_scope(self, target: str) -> bool:
        """Tell whether a target is set for the scope that is chosen, beside rep and team."""
        own = {} if self.plan is None else self.plan.choose(target)[0].target.scope
        told = {name: sorted(one or f"no {name}" for one in labels) for name, labels in own.items()}
        return bool(told) and told == {name: sorted(labels) for name, labels in self.chosen.where}

    @cached_property
    def target_rows(self) -> pd.DataFrame:
        """The chosen target's occurrences in the period; of the page's team, if it is for reps or teams."""
        rows = (
            self.in_period[self.in_period["target"] == self.target] if len(self.in_period) else self.in_period
        )
        if rows.empty:
            return rows
        if find(rows["kpi"].iloc[0]).kind != "flow":
            # What does not add up is judged by its newest occurrence that has begun.
            begun = rows[rows["status"] != "not started"]
            newest = (begun if len(begun) else rows)["start"].max()
            rows = rows[rows["start"].isna() | (rows["start"] == newest)]
        per = str(rows["per"].iloc[0])
        if per == "rep" and self.team:
            return rows[rows["member"].isin({rep for team, rep in self.pairs if team == self.team})]
        return of_page(rows, self) if per == "team" else rows

    @cached_property
    def attainment(self) -> pd.DataFrame:
        """One row for each member: the chosen target in the period, its occurrences added up.

        Columns: member, actual, target_value, expected, attainment, progress and status (of a single
        occurrence), occurrences, reached, of, is_over.
        """
        return add_up(self.target_rows, self.as_of)

    @cached_property
    def headline(self) -> pd.DataFrame:
        """One row at most: the chosen target of the selected rep, else of all who have one together."""
        rows = self.attainment[self.attainment["target_value"].notna()]
        if len(rows) and self.chosen.rep and self.target_rows["per"].iloc[0] == "rep":
            rows = rows[rows["member"] == self.chosen.rep]
        if rows.empty:
            return rows
        one, first = rows.iloc[0].to_dict(), self.target_rows.iloc[0]
        if len(rows) > 1:
            one = dict.fromkeys(("actual", "target_value", "attainment"), np.nan)
            if find(first["kpi"]).kind == "flow":
                one = {name: rows[name].sum(min_count=len(rows)) for name in ("actual", "target_value")}
                one["attainment"] = float(ratio(np.float64(one["actual"]), np.float64(one["target_value"])))
        told = {name: one[name] for name in ("actual", "target_value", "attainment")}
        named = {name: first[name] for name in ("target", "kpi", "convention", "unit")}
        return pd.DataFrame([named | told | {"status": one.get("status") or standing_of(rows)}])

    def _measure(
        self, kpis: Sequence[str], *, by: str | None = None, where: dict[str, list[str]]
    ) -> pd.DataFrame:
        rows = measure(
            self.dataset, list(kpis), period=self.period, by=by, compare=self.chosen.compare, where=where,
            as_of=self.as_of,
        )  # fmt: skip
        if by is None:
            rows = explained(rows, self.dataset, period=self.period, where=where, as_of=self.as_of)
        return compared(rows, self.dataset, reference=self.reference, as_of=self.as_of)


def _names(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(
        [asked_name(*one) for one in zip(frame["kpi"], frame["convention"], strict=True)],
        index=frame.index, dtype="str",
    )  # fmt: skip


def trend_period(period: Period, grain: str, as_of: date, dataset: Dataset) -> Period:
    """Give the span of the trend: the period, and as many units before it as make it readable."""
    end = min(period.end, max(as_of, period.start or as_of))
    last = unit_of(end, grain, dataset.calendar)
    inside = (
        1 if period.start is None else len(split(replace(period, end=end), grain, None, dataset.calendar))
    )
    first = shift(last, 1 - min(max(inside, BUCKETS), MOST_BUCKETS), dataset.calendar)
    return Period(f"{first.start}/{last.end}", first.start, last.end, "range")
