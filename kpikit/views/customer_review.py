"""The parts of a review of customers: who is won, who stays, what they are worth, and whom to call."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from kpikit.kpis.customers import DAYS_A_YEAR
from kpikit.kpis.measure import measure
from kpikit.kpis.remarks import DAYS_CENSORED
from kpikit.language import day
from kpikit.views.ages_chart import age_chart, age_finding
from kpikit.views.cohort_table import cohort_finding, cohort_table
from kpikit.views.courses import trend_chart
from kpikit.views.customer_tables import customers_grid, largest_finding, quiet_finding, quiet_grid
from kpikit.views.customer_worth import (
    concentration_chart,
    concentration_finding,
    worth_finding,
    worth_grid,
)
from kpikit.views.customers import (
    aged,
    by_customer,
    censored_year,
    concentrated,
    followed,
    nameless_share,
    names_of,
    planned_value,
    quiet_ones,
    standing_out,
    won,
    worth,
)
from kpikit.views.display import Html, Picture, notice
from kpikit.views.findings import trend_finding
from kpikit.views.page import Page
from kpikit.views.words import lower, reason, share_text, spoken

__all__ = ["CustomerReview"]


class CustomerReview(Page):
    """How customers are won and kept, and what they bring."""

    def acquisition(self) -> Picture | Html:
        """Make the chart of new customers beside the year before."""
        return self._won("new_customers")

    def acquisition_rate(self) -> Picture | Html:
        """Make the chart of new customers as a share of those who were active before."""
        return self._won("acquisition_rate")

    def cohorts(self) -> Html:
        """Make the map of cohorts: who ordered again, so long after the first order."""
        told, why = followed(self.figures)
        if why:
            return notice(f"Cohorts cannot be followed here: {reason(why)}.")
        if told.empty or not told["of"].any():
            until = day(self._last, self.selection.language)
            return notice(f"{self._who}: nobody ordered for the first time in the time until {until}.")
        grain, language = self.selection.grain, self.selection.language
        notes = []
        if self.selection.scope:
            notes.append("A customer belongs where the first order was; all later orders count, whose ever.")
        unit = grain.replace("_", " ")
        parts = [
            self._who,
            f"customers by the {unit} of their first order",
            self._as_of,
            *self._kept("new_customers"),
        ]
        return cohort_table(
            told, title=cohort_finding(told, grain=grain, language=language), subtitle=" · ".join(parts),
            notes=notes, grain=grain, language=language,
        )  # fmt: skip

    def customer_ages(self) -> Picture | Html:
        """Make the chart of the revenue of new and of existing customers."""
        rows, grain, language = aged(self.figures), self.selection.grain, self.selection.language
        if rows["value"].notna().sum() == 0:
            return notice(self._without("revenue"))
        parts = [
            self._who,
            "new: in the 365 days from the first order; existing: later",
            "below each bar: revenue, and the share of new customers",
            self._as_of,
            *self._kept("revenue"),
        ]
        known = censored_year(self.figures)
        title = age_finding(rows, grain=grain, known=known, language=language)
        if rows["is_censored"].any() and (rows["end"] >= pd.Timestamp(known)).any():
            note = f"before {day(known, language)} all"
            parts += [] if note in title else [f"{note} look new, for the data start a year before"]
        return age_chart(rows, grain=grain, title=title, subtitle=" · ".join(parts), **self._writing)

    def lifetime_value(self) -> Html:
        """Make the table of what a customer is worth, and what it costs to win one."""
        rows = worth(self.figures)
        if rows["value"].isna().all():
            return notice(self._without("customer_lifetime_value:simple"))
        planned, target = planned_value(self.plan)
        title = worth_finding(rows, planned=planned, language=self.selection.language,
                              currency=self._writing["currency"])  # fmt: skip
        return worth_grid(
            rows, title=title, subtitle=self._line, planned=planned, target=target, period=self._period,
            reference=self._reference,
            until=day(self._last, self.selection.language), years=self._years, **self._writing,
        )  # fmt: skip

    def concentration(self) -> Picture | Html:
        """Make the chart of how much of the revenue the largest customers bring."""
        rows = concentrated(self.figures)
        if rows.empty:
            return notice(self._without("revenue"))
        title = concentration_finding(rows, reference=self._reference, language=self.selection.language)
        marks = [f"marks: {self._reference}"] if rows["share_before"].notna().any() else []
        parts = [self._line, *marks, *self._nameless]
        return concentration_chart(
            rows, title=title, subtitle=" · ".join(parts), reference=self._reference, **self._writing
        )

    def largest_customers(self) -> Html:
        """Make the table of the largest customers, and of those whose revenue fell the most."""
        rows = standing_out(self.figures)
        if rows.empty:
            return notice(self._without("revenue"))
        known = by_customer(self.figures)
        title = largest_finding(
            rows, customers=int((known["value"] > 0).sum()), before=int((known["reference"] > 0).sum()),
            reference=self._reference, is_fair=self.figures.is_fair, language=self.selection.language,
        )  # fmt: skip
        notes = [f"Share: of all revenue; {one}." for one in self._nameless]
        if rows["last_order"].notna().any():
            whose = "of the customer as a whole, " if self.selection.scope else ""
            notes.append(f"Last order and rep: {whose}{self._as_of}.")
        if self.selection.scope:
            notes.append(
                "Revenue, share and change: of this page's scope alone; a customer may buy outside it, too."
            )
        if self._reference and not self.figures.is_fair:
            notes.append("The period is still running: changes are shown when it is over.")
        return customers_grid(
            rows, names_of(self.figures), title=title, subtitle=self._line, notes=notes, period=self._period,
            reference=self._reference, is_fair=self.figures.is_fair, **self._writing,
        )  # fmt: skip

    def quiet_customers(self) -> Html:
        """Make the table of customers who ordered regularly, and have not ordered for long."""
        rows, active, why = quiet_ones(self.figures)
        if why:
            return notice(f"Who has gone quiet cannot be told: {reason(why)}.")
        parts = [self._who, f"of customers who are active {self._as_of}", *self._kept("active_customers")]
        has_left = self.figures.dataset.has("customers", "left_on")
        title = quiet_finding(rows, active, has_left=has_left, language=self.selection.language)
        return quiet_grid(
            rows, names_of(self.figures), title=title, subtitle=" · ".join(parts), has_left=has_left,
            **self._writing,
        )  # fmt: skip

    def _won(self, kpi: str) -> Picture | Html:
        grain, language = self.selection.grain, self.selection.language
        rows = won(self.figures, kpi)
        if rows.empty:
            first = day(censored_year(self.figures) - timedelta(DAYS_CENSORED), language)
            return notice(f"{self._who}, {self._period}: no figures for {lower(spoken(kpi))}"
                          f" (the data start on {first}, after this period).")  # fmt: skip
        if rows["value"].isna().all():
            if not rows["is_censored"].any():
                return notice(self._why(rows))
            since = day(censored_year(self.figures), language)
            return notice(f"{self._who}: {lower(spoken(kpi))} is known from {since} on, a year after the data"
                          " start; until then customers of long ago look new.")  # fmt: skip
        sure = rows[~rows["is_censored"]]
        if (sure["is_complete"] & sure["value"].notna()).any():
            title = trend_finding(sure, kpi=kpi, grain=grain, language=language)
            if rows["is_censored"].any() and sure["reference"].isna().all():
                title += ", after the first year of the data"
        else:
            title = f"{spoken(kpi)}: the data start within the year before, so that old customers look new"
        marks = ", marks: the year before" if rows["reference"].notna().any() else ""
        parts = [
            self._who,
            f"bars: each {grain.replace('_', ' ')}, in blue {self._period}{marks}",
            self._as_of,
            *self._scope(rows),
        ]
        if rows["is_censored"].any():
            known = day(censored_year(self.figures), language)
            more = (
                "" if rows["value"][rows["is_censored"]].notna().any() else ", so that the rate is not known"
            )
            parts.append(
                f"before {known} customers of long ago look new, for the data start a year before{more}"
            )
        return trend_chart(
            rows, kpi=kpi, grain=grain, title=title, subtitle=" · ".join(parts),
            unit=self.figures.unit(kpi), **self._writing,
        )  # fmt: skip

    def _without(self, kpi: str) -> str:
        """Say why there are no figures of a KPI in the period."""
        shown = self.figures
        rows = measure(shown.dataset, kpi, period=shown.period, where=self.selection.scope, as_of=shown.as_of)
        if rows["value"].notna().any():
            return f"{self._who}, {self._period}{self._so_far}: no {lower(spoken(kpi))} of known customers."
        return self._why(rows)

    @property
    def _years(self) -> float:
        """How far the data reach back on the last day of the period."""
        known = censored_year(self.figures)
        return 0.0 if known is None else ((self._last - known).days + DAYS_CENSORED) / DAYS_A_YEAR

    @property
    def _last(self) -> date:
        """The last day of the period of which something is known."""
        return min(self.figures.period.end, self.figures.as_of)

    @property
    def _nameless(self) -> list[str]:
        """Say how much of the revenue has no customer, where some of it has none."""
        share = round(nameless_share(self.figures), 9)
        told = share_text(share, self.selection.language)
        return [f"{told} of revenue has no customer"] if share > 0 else []

    @property
    def _line(self) -> str:
        return " · ".join([self._who, f"{self._period}{self._so_far}", self._as_of, *self._kept("revenue")])
