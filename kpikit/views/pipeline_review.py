"""The parts of a review of the pipeline: is there enough in it, and where deals get stuck."""

from __future__ import annotations

from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.stage_order import is_ordered
from kpikit.language import count_word
from kpikit.people.positions import LEAST_ROWS
from kpikit.selection import lacking
from kpikit.views import pipeline
from kpikit.views.display import Html, Picture, notice
from kpikit.views.pipeline_charts import deal_trend_chart, funnel_chart, pipeline_chart, win_rate_chart
from kpikit.views.pipeline_findings import (
    deals,
    funnel_finding,
    is_few,
    pace_finding,
    pipeline_finding,
    win_rate_finding,
)
from kpikit.views.pipeline_tables import PipelineTables, no_deals
from kpikit.views.words import lower, reason, spoken, upper

__all__ = ["PipelineReview"]

MOST = 30


class PipelineReview(PipelineTables):
    """Deals, from their creation to their end, and what is open on the as-of date."""

    def funnel(self) -> Picture | Html:
        """Make the chart of how far the deals of the period came."""
        if why := self._missing("deals_created"):
            return why
        if "deal_stages" not in self.figures.dataset.tables:
            return notice(f"How far deals come is not known: {reason('deal_stages is missing')}.")
        rows = pipeline.funnel_rows(self.figures)
        if rows.empty:
            return notice(self._ahead or f"{self._whom}, {self._period}: no deals were created.")
        if not rows["created"].iloc[0]:
            return notice(f"{self._whom}, {self._period}: no deals were created.")
        parts = [self._who, f"deals created in {self._period}, as they stand {self._as_of}",
                 "blue: moved on, grey: still there, black: lost there"]  # fmt: skip
        skipped = int(rows["skipped"].sum())
        if skipped:
            most = rows.loc[rows["skipped"].idxmax()]
            parts.append(f"{self._number(most['skipped'])} went past {most['stage']} without stopping there")
        parts += [*self._shared(), *self._scope(rows)]
        title = funnel_finding(rows, self._period, self.selection.language)
        return funnel_chart(
            rows, title=title, subtitle=" · ".join(parts), language=self.selection.language
        )  # fmt: skip

    def pipeline(self) -> Picture | Html:
        """Make the chart of what is open by stage."""
        if why := self._open_is_unknown():
            return why
        rows, undated = pipeline.pipeline_now(self.figures), pipeline.undated(self.figures)
        aside = self._undated(undated)
        if rows.empty:
            return notice(f"{self._whom}: no open deals {self._as_of}. {aside}".strip())
        has_dates = bool(pipeline.deals_now(self.figures)["expected_close_on"].notna().any())
        title = pipeline_finding(rows, has_dates=has_dates, **self._writing)
        parts = [self._who, upper(self._as_of)]
        if "deal_stages" not in self.figures.dataset.tables:
            parts.append("the stages of today")
        if len(rows) > 1 and not is_ordered(self.figures.dataset):
            parts.append("by name: the data do not tell their order")
        if has_dates:
            parts.append("overdue: expected to close before that day")
        else:
            parts.append("nobody wrote when they are expected to close")
        parts += [lower(aside).rstrip(".")] if aside else []
        parts += [*self._shared(", but its value in parts"), *self._scope(rows)]
        return pipeline_chart(rows, title=title, subtitle=" · ".join(parts), **self._writing)

    def deal_trend(self) -> Picture | Html:
        """Make the chart of win rate, cycle and velocity over time."""
        if why := self._missing("win_rate"):
            return why
        rows, now = pipeline.deal_trend(self.figures), pipeline.pace_now(self.figures)
        if rows["value"].isna().all():
            return notice(self._why(now))
        reference = self.figures.reference.label if self.figures.reference else ""
        title = pace_finding(
            now, period=self._period, reference=reference, language=self.selection.language
        )  # fmt: skip
        grain = self.selection.grain.replace("_", " ")
        parts = [self._who, f"each {grain}, in blue {self._period}", self._as_of, *self._scope(now)]
        rates = rows[rows["kpi"] != "sales_velocity"]
        if bool((is_few(rates["n"]) & rates["value"].notna()).any()):
            parts.append(f"* of fewer than {count_word(LEAST_ROWS)} deals")
        return deal_trend_chart(
            rows, grain=self.selection.grain, title=title, subtitle=" · ".join(parts), **self._writing
        )  # fmt: skip

    def win_rates(self) -> Picture | Html:
        """Make the chart of win rates by the chosen dimension."""
        if why := self._missing("win_rate"):
            return why
        by, shown = self.selection.by, self.figures
        if why_not := lacking(shown.dataset, "win_rate", by, shown.as_of):
            return notice(f"Win rates cannot be split by {by.replace('_', ' ')}: {reason(why_not)}.")
        rows = pipeline.win_rates(shown)
        rates = rows[rows["kpi"] == "win_rate"]
        if rates["value"].isna().all():
            return notice(self._why(rates))
        cycles = rows[rows["kpi"] == "sales_cycle_days"].set_index(by)["value"]
        told = rates[[by, "n", "reference"]].assign(win_rate=rates["value"], cycle=rates[by].map(cycles))
        told = told[told["n"].fillna(0) > 0]
        of_members = by in MEMBER_DIMENSIONS
        whole = pipeline.whole_rate(shown)
        parts = [upper(self._around_name) if of_members else self._who, self._period + self._so_far]
        parts.append(f"dashed: all together, {self._share(whole)}")
        parts.append("days: the median from creation to winning")
        parts += [f"the first {MOST} of {len(told)}"] if len(told) > MOST else []
        parts += [*self._taken("win_rate", [by]), *self._scope(rates)]
        return win_rate_chart(
            told, by=by, whole=whole, title=win_rate_finding(told, by, self.selection.language),
            subtitle=" · ".join(parts), language=self.selection.language, most=MOST,
            chosen=self.selection.rep or "" if by == "rep" else "",
        )  # fmt: skip

    def _missing(self, kpi: str) -> Html | None:
        """Say why a KPI cannot be given."""
        if not pipeline.has_deals(self.figures):
            return no_deals()
        why = pipeline.lacks(self.figures, kpi)
        return notice(f"{spoken(kpi)}: {reason(why)}.") if why else None

    def _undated(self, count: int) -> str:
        if not count:
            return ""
        more = deals(count, self.selection.language, "more open deal")
        return f"{upper(more)} without a date of creation {'is' if count == 1 else 'are'} not counted."
