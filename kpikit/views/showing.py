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

    # --- The pipeline

    def funnel(self) -> None:
        """Show how far the deals of the period came, stage by stage, and where they were lost."""
        self._show("funnel")

    def stages(self) -> None:
        """Show which share of deals moved on from each stage, and how long they stayed there."""
        self._show("stages")

    def pipeline(self) -> None:
        """Show what is open in each stage on the as-of date, what is overdue, what has no amount."""
        self._show("pipeline")

    def deal_trend(self) -> None:
        """Show win rate, sales cycle and sales velocity over time."""
        self._show("deal_trend")

    def win_rates(self) -> None:
        """Show win rates by rep, region or another dimension, with the number of deals."""
        self._show("win_rates")

    def coverage(self) -> None:
        """Show how often the open pipeline would fill what is lacking to each running target."""
        self._show("coverage")

    def open_deals(self) -> None:
        """Show the open deals to talk about: the largest, the longest overdue, the longest in their stage."""
        self._show("open_deals")

    # --- Channels and conversations

    def channels(self) -> None:
        """Show every KPI that can be split by channel, channel by channel."""
        self._show("channels")

    def channel_costs(self) -> None:
        """Show what each channel costs, and what comes with it."""
        self._show("channel_costs")

    def channel_mix(self) -> None:
        """Show the part of each channel in revenue, or another flow, and in its growth."""
        self._show("channel_mix")

    def channel_customers(self) -> None:
        """Show the part of each channel in new customers, and in their growth."""
        self._show("channel_customers")

    def channel_trend(self) -> None:
        """Show the KPI over time, a small chart for each channel."""
        self._show("channel_trend")

    def responses(self) -> None:
        """Show how soon the conversations on each channel are answered."""
        self._show("responses")

    def responses_by_rep(self) -> None:
        """Show how soon each rep answers, the slowest first."""
        self._show("responses_by_rep")

    def arrivals(self) -> None:
        """Show on which weekdays and in which hours conversations start."""
        self._show("arrivals")

    def quick_answers(self) -> None:
        """Show whether deals that were answered quickly are won more often."""
        self._show("quick_answers")

    # --- Customers

    def acquisition(self) -> None:
        """Show new customers by month, or another unit, beside the year before."""
        self._show("acquisition")

    def acquisition_rate(self) -> None:
        """Show new customers as a share of those who were active before, beside the year before."""
        self._show("acquisition_rate")

    def cohorts(self) -> None:
        """Show which share of the customers won in each unit of time ordered again in each later one."""
        self._show("cohorts")

    def customer_ages(self) -> None:
        """Show the revenue of new and of existing customers, which add up to all revenue."""
        self._show("customer_ages")

    def lifetime_value(self) -> None:
        """Show what a customer is worth by each convention, and what it costs to win one."""
        self._show("lifetime_value")

    def concentration(self) -> None:
        """Show how much of the revenue the largest customers bring."""
        self._show("concentration")

    def largest_customers(self) -> None:
        """Show the largest customers, and those whose revenue fell the most."""
        self._show("largest_customers")

    def quiet_customers(self) -> None:
        """Show customers who ordered regularly, and have not ordered for long."""
        self._show("quiet_customers")

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
