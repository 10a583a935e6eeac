"""The parts of a view by name: what a notebook calls. Each shows the part where the cell stands."""

from __future__ import annotations

__all__ = ["Showing"]


class Showing:
    """One method for each part; what draws a part, and from which figures, is told in `parts`."""

    def _show(self, name: str) -> None:
        raise NotImplementedError

    # --- The team and its members

    def cards(self) -> None:
        """Show the KPIs as cards, with what they were in the period of comparison."""
        self._show("cards")

    def attainment(self) -> None:
        """Show how far each member has come to the target."""
        self._show("attainment")

    def path(self) -> None:
        """Show the way to the target, day by day."""
        self._show("path")

    def trend(self) -> None:
        """Show the KPI by month, or another unit, beside the year before."""
        self._show("trend")

    def breakdown(self) -> None:
        """Show the KPI by channel, or another dimension."""
        self._show("breakdown")

    def members(self) -> None:
        """Show the members side by side."""
        self._show("members")

    def contribution(self) -> None:
        """Show what each member brought to the whole, and to its growth."""
        self._show("contribution")

    def heat_map(self) -> None:
        """Show where each member stands within the team, KPI by KPI."""
        self._show("heat_map")

    def strengths(self) -> None:
        """Show what a rep is strong in, and what could help; of all, who leads in what."""
        self._show("strengths")

    # --- The targets of a plan

    def statuses(self) -> None:
        """Show how many targets of the plan are reached, on pace, behind, at risk or missed."""
        self._show("statuses")

    def targets(self) -> None:
        """Show every target of the plan: goal, objective, attainment, pace, status, deadline."""
        self._show("targets")

    def targets_by_member(self) -> None:
        """Show how each rep stands in the targets that are set for each rep."""
        self._show("targets_by_member")

    def attention(self) -> None:
        """Show who and what needs attention, the furthest behind first."""
        self._show("attention")

    def plan_check(self) -> None:
        """Show which targets of the plan could be set better, and why."""
        self._show("plan_check")

    # --- Before a period

    def brief(self) -> None:
        """Show what the period asks: goal, objective, target, what was reached before, the deadline."""
        self._show("brief")

    def what_it_takes(self) -> None:
        """Show what it takes in a week and on a working day, rep by rep."""
        self._show("what_it_takes")

    def meaning(self) -> None:
        """Show what the KPIs of the targets mean and how they are counted."""
        self._show("meaning")

    def questions(self) -> None:
        """Show questions for the conversation about the targets."""
        self._show("questions")

    def agreement(self) -> None:
        """Show lines to fill in by hand: what was agreed, on which day, by whom."""
        self._show("agreement")

    # --- One KPI

    def figure(self) -> None:
        """Show the figure of the KPI, and those of the KPIs that balance it."""
        self._show("figure")

    def definition(self) -> None:
        """Show what the KPI means, how each convention counts it, and how it can mislead."""
        self._show("definition")

    def rows_behind(self) -> None:
        """Show the rows behind the figure, the largest first, and how to get all of them."""
        self._show("rows_behind")
