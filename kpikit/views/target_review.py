"""The parts of a review of targets: how many stand well, each of them, rep by rep, and who needs help."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.language import count_word, day, quantity
from kpikit.selection import NO_REP
from kpikit.targets import review
from kpikit.views.display import Html, Picture, notice
from kpikit.views.lists import lists
from kpikit.views.page import Page
from kpikit.views.standings import GOOD, JUDGED, current, member_rows, standings
from kpikit.views.targets_table import member_grid, status_chart, status_finding, targets_grid
from kpikit.views.theme import symbol
from kpikit.views.words import every, join, named, part_of, people, person, share_text, upper

__all__ = ["TargetReview"]

MOST = 10
NO_PLAN = "There is no plan, so there are no targets to show."


class TargetReview(Page):
    """How the targets of a plan stand on the as-of date."""

    def statuses(self) -> Picture | Html:
        """Make the chart of how many targets have each status."""
        rows = self._standings
        if rows.empty:
            return self._nothing()
        return status_chart(rows, title=status_finding(list(rows["status"])), subtitle=self._scope_line)

    def targets(self) -> Html:
        """Make the table of all targets."""
        rows = self._standings
        if rows.empty:
            return self._nothing()
        notes = ["A target that is judged again and again is shown for its newest period."]
        if (rows["members"] > 1).any():
            notes.append("One that is set for each rep or team is shown for all of them together.")
        notes.append("Pace: what was reached, divided by what should have been reached by now.")
        title = _deadlines(rows, self.figures.as_of, self.selection.language)
        return targets_grid(
            rows, title=title, subtitle=self._scope_line, notes=notes, day_name=self._day_name,
            **self._writing,
        )  # fmt: skip

    def targets_by_member(self) -> Html:
        """Make the table of the targets that are set for each rep."""
        rows = self._of_reps
        if rows.empty:
            return notice(f"{self._who}: no target is set for each rep.")
        now = current(rows)
        counts = rows.groupby(["member", "target"], sort=False)[["reached", "of"]].sum().reset_index()
        spans = dict.fromkeys(zip(now["target"], now["period"], strict=True))
        notes = [f"{target}: {period}" for target, period in spans]
        return member_grid(
            now, counts, title=_members(now), subtitle=self._scope_line, language=self.selection.language,
            notes=["The newest period of each: " + "; ".join(notes) + "."],
        )  # fmt: skip

    def attention(self) -> Html:
        """Make the list of who and what needs attention."""
        rows, chosen = self.figures.evaluated, self.selection.rep
        if rows.empty:
            return notice(NO_PLAN)
        if chosen == NO_REP:
            return notice("What was sold without a rep has no target.")
        now = current(member_rows(self.figures))
        if now.empty:
            return self._nothing()
        is_open = now["end"].isna() | (now["end"] > pd.Timestamp(self.figures.as_of))
        if not is_open.any():
            return notice(f"{self._who}: no target is open on this day, so nothing is left to catch up.")
        weak = now[now["status"].isin(["behind", "at risk"]) & is_open]
        weak = weak.sort_values(["standing", "member"], na_position="first")
        whole, rest = weak[weak["per"] == ""], weak[weak["per"] != ""]
        named_by = whole["target"] + ", " + whole["period"]
        known = zip(named_by, whole.to_dict("records"), strict=True)
        parts = {"Of the company": [f"{name}: {self._needs(one)}" for name, one in known]}
        for (target, period), own in rest.groupby(["target", "period"], sort=False):
            told = [f"{named(str(one['member']))}: {self._needs(one)}" for one in own.to_dict("records")]
            more = [f"and {len(told) - MOST} more, in the table above"] if len(told) > MOST else []
            parts[f"{target}, {period}"] = [*told[:MOST], *more]
        counts = rest.groupby("per")["member"].nunique()
        count = int(counts.sum())
        who = join([people(own, str(per)) for per, own in counts.items()]) if count else ""
        kinds = set(now["per"]) - {""}
        none = f"No {kinds.pop().replace('_', ' ')}" if len(kinds) == 1 else "Nobody"
        who = f"{upper(who)} could use help now" if count else f"{none} is behind now"
        if chosen:
            who = f"{self._who} {'could use help now' if counts.get('rep') else 'is not behind now'}"
            teams = [f"team {one}" for one in dict.fromkeys(rest.loc[rest["per"] == "team", "member"])]
            who += f"; {join(teams)} could use help" if teams else ""
        if len(whole):
            verb = "target needs" if len(whole) == 1 else "targets need"
            who += f"; of the company, {count_word(len(whole))} {verb} care"
        subtitle = f"{self._scope_line} · the furthest behind first"
        return lists(who, subtitle, parts, empty="nothing is behind")

    def plan_check(self) -> Html:
        """Make the list of what the check of the plan found."""
        if self.plan is None:
            return notice(NO_PLAN)
        told = review(self.figures.dataset, self.plan, self.figures.as_of)
        found = told[told["verdict"] != "ok"]
        parts = {
            str(target): [f"{one['check'].capitalize()}: {one['reason']}" for one in own.to_dict("records")]
            for target, own in found.groupby("target", sort=False)
        }
        of, count = told["target"].nunique(), len(parts)
        if not parts:
            return notice(f"{upper(every(of, 'target'))} passed the check of the plan.")
        which = every(of, "target") if count == of else part_of(count, of, "target")
        title = f"{upper(which)} could be set better"
        return lists(title, f"Specific, measurable, attainable, relevant, time-bound? · {self._as_of}", parts)

    @property
    def _standings(self) -> pd.DataFrame:
        if self.plan is None or self.figures.evaluated.empty:
            return pd.DataFrame()
        return standings(self.figures)

    def _nothing(self) -> Html:
        if self.plan is None or self.figures.evaluated.empty:
            return notice(NO_PLAN)
        return notice(f"No target of the plan is set for {self._who}.")

    @property
    def _of_reps(self) -> pd.DataFrame:
        rows = member_rows(self.figures)
        return rows[(rows["per"] == "rep") & (rows["member"] != NO_REP)] if len(rows) else rows

    @property
    def _scope_line(self) -> str:
        return f"{self._who} · {self._as_of}"

    @property
    def _day_name(self) -> str:
        return "working day" if self.plan is None or self.plan.days == "business" else "day"

    def _needs(self, one: dict[str, Any]) -> str:
        def amount(value: float) -> str:
            return quantity(value, one["unit"], **self._writing)

        told = f"{symbol(one['status'])} {one['status']}, "
        told += f"{amount(one['actual'])} of {amount(one['target_value'])}"
        if not pd.isna(one["pace"]):
            told += f" (pace {share_text(one['pace'], self.selection.language)})"
        needed = one["needed_per_day"]
        if not pd.isna(needed) and needed > 0:
            end = day(one["end"].date(), self.selection.language)
            told += f"; {amount(needed)} a {self._day_name} until {end}"
        return told


def _deadlines(rows: pd.DataFrame, as_of: Any, language: str) -> str:
    """Say when the next deadline is."""
    open_ones = rows[rows["end"].notna() & (rows["end"] > pd.Timestamp(as_of))]
    count = len(rows)
    if open_ones.empty:
        ended = int(rows["end"].notna().sum())
        if not ended:
            return "No target has a deadline"
        whole = every(count, "target") if ended == count else part_of(ended, count, "target")
        return f"No deadline is ahead: {whole} {'has' if ended == 1 else 'have'} ended"
    first = open_ones["end"].min()
    names = int((open_ones["end"] == first).sum())
    what = "one target is" if names == 1 else f"{count_word(names)} targets are"
    return f"The next deadline is {day(first.date(), language)}: {what} due"


def _members(now: pd.DataFrame) -> str:
    """Say how many reps stand well in all that is set for them."""
    judged = now[now["status"].isin(JUDGED)]
    if judged.empty:
        return "No rep's target can be judged yet"
    good = judged["status"].isin(GOOD).groupby(judged["member"]).all()
    if len(good) == 1:
        own = "on pace, or already there, in all of the own targets"
        return f"{person(str(good.index[0]))} is {'' if good.iloc[0] else 'not '}{own}"
    whole = every(len(good)) if good.all() else part_of(int(good.sum()), len(good))
    return (
        f"{upper(whole)} {'is' if good.sum() == 1 else 'are'} on pace, or already there, in all their targets"
    )
