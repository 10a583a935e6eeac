"""What each part of a view shows: a picture, a table, or a sentence that says why there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import day
from kpikit.selection import NO_REP
from kpikit.views.cards import cards
from kpikit.views.charts import attainment_chart, breakdown_chart
from kpikit.views.courses import path_chart, trend_chart
from kpikit.views.display import Html, Picture, notice
from kpikit.views.findings import attainment_finding, breakdown_finding, path_finding, trend_finding
from kpikit.views.page import COMPANY, Page, asked, span_text
from kpikit.views.paths import path_of
from kpikit.views.tables import members_table
from kpikit.views.words import asked_name, join, label, lower, people, person, reason, spoken, upper

__all__ = ["Drawing"]


class Drawing(Page):
    """The parts of a view of a team, drawn from its figures."""

    def cards(self) -> Html:
        """Make the cards."""
        shown, chosen = self.figures, self.selection
        reference = shown.reference.label if shown.reference else ""
        around = shown.around if chosen.rep else None
        totals = shown.totals
        is_absent = totals["note"].str.startswith("not available") & totals["value"].isna()
        absent = _absent(totals[is_absent])
        if absent and is_absent.all():
            return notice(absent)
        return cards(
            totals[~is_absent],
            note=absent,
            title=" · ".join([f"{self._who}, {self._period}{self._so_far}", *self._scope(shown.totals)]),
            is_fair=shown.is_fair,
            reference=reference,
            around=around,
            around_name=self._around_name,
            **self._writing,
        )

    def attainment(self) -> Picture | Html:
        """Make the chart of the attainment."""
        rows = self.figures.attainment
        if rows.empty:
            return notice(self._without_target())
        one = self.figures.target_rows.iloc[0]
        name, per, unit = asked_name(one["kpi"], one["convention"]), str(one["per"] or ""), one["unit"]
        is_flow = find(one["kpi"]).kind == "flow"
        rep = self.selection.rep or ""
        has_own = rep in set(rows.loc[rows["target_value"].notna(), "member"])
        title = attainment_finding(
            rows, kpi=name, per=per, language=self.selection.language, is_flow=is_flow,
            chosen=rep if has_own else "", who=self._whose(has_own),
        )  # fmt: skip
        spans = list(dict.fromkeys(self.figures.target_rows["period"].dropna()))
        parts = [f"Target: {self.figures.target}", span_text(spans), self._as_of]
        if per == "rep":
            parts.insert(0, upper(self._around_name))
        if not per:
            whom = "the company" if self._whole == COMPANY else self._whole
            parts.insert(1, f"set for {whom}, not for each member")
        elif rep and not has_own and rep != NO_REP:
            parts.insert(-2, f"{self._who} has none")
        scope = self.plan.choose(self.figures.target)[0].target.scope
        parts += [*self._unscoped(scope), *self._taken(one["kpi"], [per, *scope])]
        return attainment_chart(
            rows, title=title, subtitle=" · ".join(filter(None, parts)), unit=unit,
            chosen=rep if has_own else "", whole=self._whole, **self._writing,
        )  # fmt: skip

    def path(self) -> Picture | Html:
        """Make the chart of the way to the target."""
        rows = self.figures.target_rows
        if rows.empty:
            return notice(self._without_target())
        one, who = rows.iloc[0], self._who
        target = self.plan.choose(self.figures.target)[0].target
        scope = {name: list(labels) for name, labels in target.scope.items()}
        rows = rows[rows["target_value"].notna()]
        is_own = bool(one["per"] == "rep" and self.selection.rep)
        if is_own:
            rows = rows[rows["member"] == self.selection.rep]
        if rows.empty:
            if self.selection.rep == NO_REP:
                return notice("What was sold without a rep has no target.")
            if self.selection.rep:
                return notice(f"{self._who} has no target in “{self.figures.target}”, {self._period}.")
            return notice(f"The target “{self.figures.target}” has no value in {self._period}.")
        if isinstance(one["per"], str) and one["per"]:
            scope[one["per"]] = list(dict.fromkeys(rows["member"]))
            own = scope[one["per"]]
            if len(own) > 1 and find(one["kpi"]).kind != "flow":
                return notice(f"{label(one['kpi'])} of several members does not add up: choose one of them.")
            many = upper(people(len(own), one["per"]))
            of = f" of team {self.figures.team}" if self.figures.team and one["per"] == "rep" else ""
            who = person(own[0]) if len(own) == 1 else f"{many}{of} with this target"
        else:
            who = self._whole
        path = path_of(self.figures.dataset, rows, scope=scope, as_of=self.figures.as_of, days=self.plan.days)
        if path is None or path.rows["actual"].isna().all():
            return notice(f"“{self.figures.target}” has no figures until {day(self.figures.as_of)}.")
        name = asked_name(one["kpi"], one["convention"])
        title = path_finding(
            kpi=name, actual=path.actual, expected=path.expected, target=path.target, is_over=path.is_over,
            has_end=path.has_end, who=self._whose(is_own), language=self.selection.language,
        )  # fmt: skip
        span = span_text(list(dict.fromkeys(rows["period"].dropna())))
        whence = self._taken(one["kpi"], scope)
        parts = [who, *self._unscoped(target.scope), f"target: {self.figures.target}", span, self._as_of]
        subtitle = " · ".join([*parts, *whence])
        return path_chart(
            path.rows, kpi=name, target=path.target, as_of=self.figures.as_of, title=title, subtitle=subtitle,
            unit=one["unit"], is_cumulative=path.is_cumulative, **self._writing,
        )  # fmt: skip

    def trend(self) -> Picture | Html:
        """Make the chart of the trend."""
        rows, kpi = self.figures.trend, self.figures.kpi
        if rows["value"].isna().all():
            return notice(self._why(rows))
        grain = self.selection.grain
        title = trend_finding(rows, kpi=kpi, grain=grain, language=self.selection.language)
        marks = ", marks: the year before" if rows["reference"].notna().any() else ""
        parts = [
            self._who,
            f"bars: each {grain.replace('_', ' ')}, in blue {self._period}{marks}",
            self._as_of,
            *self._scope(rows),
        ]
        return trend_chart(
            rows, kpi=kpi, grain=grain, title=title, subtitle=" · ".join(parts), unit=self.figures.unit(kpi),
            **self._writing,
        )  # fmt: skip

    def breakdown(self) -> Picture | Html:
        """Make the chart of the breakdown."""
        rows, kpi, by = self.figures.breakdown, self.figures.kpi, self.selection.by
        dimension = by.replace("_", " ")
        if why := self._unsplit(kpi, by):
            return notice(why)
        if rows.empty and self.figures.totals["value"].notna().any():
            return notice(f"{self._who}, {self._period}: no {lower(spoken(kpi))} to split by {dimension}.")
        if rows["value"].isna().all():
            return notice(self._why(rows))
        # An order with two products stands in both: of what does not add up nobody has a share.
        plain, totals = kpi.partition(":")[0], self.figures.totals
        wholes = totals.loc[totals["kpi"] == plain, "value"].to_numpy(dtype=float)
        adds = bool(np.isclose(wholes, rows["value"].sum(), rtol=1e-9, atol=1e-6).any())
        is_flow = find(plain).kind == "flow" and adds
        title = breakdown_finding(rows, kpi=kpi, by=by, language=self.selection.language, is_flow=is_flow)
        parts = [self._who, self._period]
        if rows["reference"].notna().any() and self.figures.reference:
            parts.append(f"marks: {self.figures.reference.label}")
        hidden = len(rows) - 15
        if hidden > 0:
            parts.append(f"the 15 largest of {len(rows)}")
        parts += [*self._taken(kpi, [by]), *self._scope(rows)]
        return breakdown_chart(
            rows, kpi=kpi, by=by, title=title, subtitle=" · ".join(parts), unit=self.figures.unit(kpi),
            before_name=self.figures.reference.label if self.figures.reference else "", **self._writing,
        )  # fmt: skip

    def members(self) -> Html:
        """Make the table of the members."""
        shown = self.figures
        if shown.members.empty:
            nobody = f"Nobody was employed or sold anything in {self._period}."
            return notice(self._unsplit(shown.kpi, "rep") or nobody)
        if shown.members["value"].isna().all():
            return notice(self._why(shown.members))
        is_per_rep = len(shown.target_rows) and shown.target_rows["per"].iloc[0] == "rep"
        judged = shown.attainment if is_per_rep else shown.attainment.head(0)
        notes = []
        if is_per_rep:
            span = span_text(list(dict.fromkeys(shown.target_rows["period"])))
            notes.append(f"Attainment and status: {shown.target}, {span}.")
        notes.append(" ".join(_definition(*one) for one in asked(shown.members)))
        if "credits" in shown.dataset.tables:
            notes.append("What several members share is counted for each by their share.")
        missing = shown.members.loc[shown.members["note"] != "", ["kpi", "note"]].drop_duplicates()
        notes += [f"{label(kpi)}: {reason(note)}." for kpi, note in missing.itertuples(index=False)]
        return members_table(
            shown.members, shown.around, judged,
            title=f"{upper(self._around_name)}, {self._period}{self._so_far}",
            subtitle=" · ".join([upper(self._as_of), *self._scope(shown.members)]),
            whole="All together", notes=notes, chosen=self.selection.rep or "",
            **self._writing,
        )  # fmt: skip

    def _without_target(self) -> str:
        if self.plan is None:
            return "There is no plan, so there are no targets to show."
        shown, kpi = self.figures, spoken(self.figures.kpi)
        if shown.target is None:
            return f"The plan has no target for {lower(kpi)} in {self._period}."
        if self.selection.rep or self.selection.team:
            return f"“{shown.target}” has nothing for {self._who} in {self._period}."
        return f"“{shown.target}” has no occurrence in {self._period}."


def _absent(rows: pd.DataFrame) -> str:
    """Say which KPIs the data cannot give, reason by reason."""
    told = []
    for note, own in rows.groupby("note", sort=False):
        names = [lower(label(asked_name(*one))) for one in asked(own)]
        told.append(f"{upper(join(names))} cannot be shown: {reason(str(note))}.")
    return " ".join(told)


def _definition(name: str, convention: str) -> str:
    kpi = find(name)
    has_choice = len(kpi.convention_names) > 1 and isinstance(convention, str)
    used = f" ({convention.replace('_', ' ')})" if has_choice else ""
    return f"{label(name)}{used}: {kpi.definition}"
