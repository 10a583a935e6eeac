"""The parts of a scorecard: what each member brings, where they stand, and what could help."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import count_word, quantity
from kpikit.people.contribution import OTHERS
from kpikit.selection import NO_REP
from kpikit.views.cards import change_text, verdict
from kpikit.views.contribution import contribution_chart, contribution_finding
from kpikit.views.display import Html, Picture, notice
from kpikit.views.heat_map import heat_map, heat_map_finding, of_all, rows_of_member
from kpikit.views.lists import lists
from kpikit.views.page import Page
from kpikit.views.words import (
    asked_name,
    is_plural,
    join,
    label,
    lower,
    named,
    person,
    share_text,
    spoken,
    upper,
)

__all__ = ["Scorecard"]


class Scorecard(Page):
    """What sets one member beside the others of the team."""

    def contribution(self) -> Picture | Html:
        """Make the chart of who brought what."""
        shown, rows = self.figures, self.figures.shares
        chosen = "" if self.selection.rep in (None, NO_REP) else str(self.selection.rep)
        if shown.flow is None:
            return notice(f"{spoken(shown.kpi)} does not add up over members, so nobody has a part of it.")
        if not rows["value"].any():
            nothing = f"{self._whom}, {self._period}: no {lower(spoken(shown.flow))} to share."
            return notice(self._unsplit(shown.flow, "rep") or nothing)
        around = self._around_name if chosen else ""
        title = contribution_finding(
            rows, kpi=shown.flow, chosen=chosen, around=around, language=self.selection.language
        )
        parts = [f"{upper(self._around_name)}, {self._period}{self._so_far}"]
        if rows["change"].notna().any() and shown.reference:
            parts.append(f"growth: against {shown.reference.label}, with its share where the whole grew")
        elif shown.reference and not shown.is_fair:
            parts.append("growth is shown when the period is over")
        if OTHERS in set(rows["rep"]):
            parts.append("who left or moved since is one row")
        return contribution_chart(
            rows, kpi=shown.flow, title=title, subtitle=" · ".join([*parts, self._as_of, *self._scope(rows)]),
            unit=shown.unit(shown.flow), chosen=chosen, **self._writing,
        )  # fmt: skip

    def heat_map(self) -> Html:
        """Make the map of members and KPIs."""
        scores = self.figures.scores
        if scores.empty or scores["value"].isna().all():
            return notice(f"{upper(self._around_name)}, {self._period}: nobody has figures to compare.")
        chosen = self.selection.rep or ""
        first = scores[scores["kpi"] == scores["kpi"].iloc[0]].sort_values(
            ["value", "rep"], ascending=[False, True], na_position="last"
        )
        order = sorted(dict.fromkeys(first["rep"]), key=lambda name: name == NO_REP)
        notes = of_all(scores)
        if not self.figures.is_complete:
            notes.append("The period is still running.")
        return heat_map(
            scores, order, title=heat_map_finding(scores, chosen="" if chosen == NO_REP else chosen),
            subtitle=self._compared, notes=notes, chosen=chosen, **self._writing,
        )  # fmt: skip

    def strengths(self) -> Html:
        """Make the lists of strengths, of what got better, and of what could help."""
        scores, chosen = self.figures.scores, self.selection.rep or ""
        subtitle = self._compared
        if not chosen or chosen == NO_REP:
            return lists(
                "Who leads in what: worth asking what works there",
                subtitle, {"The best of those that can be compared": _leaders(scores, self._quantity)},
                empty="Too few members can be compared here.",
            )  # fmt: skip
        own = rows_of_member(scores, chosen)
        if not own:
            return notice(f"{named(chosen)} has no figures in {self._period}.")
        parts = {
            "Strong in the team": [self._placed(one) for one in own if one["standing"] == "strong"],
            "Better than before": self._better(own),
            "Where help would count": [self._placed(one, self._help(one)) for one in own
                                       if one["standing"] == "weak"],
        }  # fmt: skip
        silent = [lower(_label(one)) for one in own if not one["standing"] and not pd.isna(one["value"])]
        notes = [f"Not compared with the others: {join(silent)}."] if silent else []
        return lists(
            f"{person(chosen)}: {_summary(parts)}", subtitle, parts, notes=notes,
            empty="nothing that stands out here",
        )  # fmt: skip

    @property
    def _compared(self) -> str:
        """Say among whom, in which period and scope members are compared."""
        parts = [f"{upper(self._around_name)}, {self._period}{self._so_far}", self._as_of]
        return " · ".join([*parts, *self._scope(self.figures.scores)])

    def _placed(self, one: dict[str, Any], more: str = "") -> str:
        ahead = share_text(one["position"], self.selection.language)
        median = f"the median is {self._quantity(one, one['median'])}"
        place = "ahead of nobody" if not one["position"] else f"ahead of {ahead} of the others"
        if one["position"] == 1:
            place = "ahead of all others"
        return ". ".join(
            filter(None, [f"{_label(one)}: {self._quantity(one, one['value'])}, {place}; {median}", more])
        )

    def _help(self, one: dict[str, Any]) -> str:
        """Name who is ahead of all others in a KPI, where that is somebody alone."""
        scores = self.figures.scores
        same = scores[(scores["kpi"] == one["kpi"]) & (scores["convention"] == one["convention"])]
        best = list(same.loc[same["position"] == 1, "rep"])
        return f"{named(best[0])} is ahead of all here, and may know what works" if len(best) == 1 else ""

    def _better(self, own: list[dict[str, Any]]) -> list[str]:
        told, reference = [], self.figures.reference
        for one in own:
            is_judged = self.figures.is_fair or find(str(one["kpi"])).kind != "flow"
            if reference is None or not is_judged or one["why"] in ("few rows", "part of the period"):
                continue
            if pd.isna(one["change"]) or verdict(str(one["kpi"]), one["change"]) != "better":
                continue
            change = change_text(
                one["value"],
                one["reference"],
                one["change_ratio"],
                find(str(one["kpi"])).unit,
                **self._writing,
            )
            was = self._quantity(one, one["reference"])
            told.append(
                f"{_label(one)}: {self._quantity(one, one['value'])} ({change}; {reference.label}: {was})"
            )
        return told

    def _quantity(self, one: dict[str, Any], value: float) -> str:
        return quantity(value, find(str(one["kpi"])).unit, **self._writing)


def _leaders(scores: pd.DataFrame, write: Any) -> list[str]:
    told = []
    for _, same in scores.groupby(["kpi", "convention"], sort=False, dropna=False):
        judged = same[same["position"].notna()]
        if judged["position"].nunique() < 2:
            continue
        top = judged[judged["position"] == judged["position"].max()].to_dict("records")
        names = join([named(str(one["rep"])) for one in top])
        median = write(top[0], top[0]["median"])
        verb = "lead" if len(top) > 1 else "leads"
        told.append(f"{_label(top[0])}: {names} {verb} with {write(top[0], top[0]['value'])}; "
                    f"the median of {len(judged)} is {median}")  # fmt: skip
    return told


def _summary(parts: dict[str, list[str]]) -> str:
    strong, better, weak = map(len, parts.values())
    if not strong + better + weak:
        return "in the middle of the team"
    told = [f"{_count(strong, 'strength')} to build on"] if strong else []
    told += [f"{_count(better, 'figure')} better than before"] if better else []
    told += [f"{_count(weak, 'figure')} where help would count"] if weak else []
    return join(told)


def _count(count: int, what: str) -> str:
    return f"{count_word(count)} {what}{'' if count == 1 else 's'}"


def _label(one: dict[str, Any]) -> str:
    kpi = asked_name(str(one["kpi"]), one["convention"])
    return spoken(kpi) if is_plural(kpi) else label(kpi)
