"""The parts that a view can show: what draws each, and the frames of the figures that it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from kpikit.views import channels, pipeline
from kpikit.views.answering import Answering
from kpikit.views.asked import together
from kpikit.views.brief import Brief
from kpikit.views.channel_review import ChannelReview
from kpikit.views.customer_review import CustomerReview
from kpikit.views.customers import aged, concentrated, followed, quiet_ones, standing_out, won, worth
from kpikit.views.drawing import Drawing
from kpikit.views.explored import conventions_of, figure_of, rows_told
from kpikit.views.exploring import Explore
from kpikit.views.figures import Figures
from kpikit.views.page import Page
from kpikit.views.pipeline_coverage import covered
from kpikit.views.pipeline_review import PipelineReview
from kpikit.views.scorecard import Scorecard
from kpikit.views.standings import current, headline, member_rows, standings
from kpikit.views.target_review import TargetReview

__all__ = ["PARTS", "Part"]

Frames = Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Part:
    """One part of a view.

    Parameters
    ----------
    home
        The class whose method of the part's name draws it.
    frames
        The figures that it shows: name to frame; a name that two parts share is told once.
    headline
        The key figure in its first row, where the part has one.
    """

    home: type[Page]
    frames: Callable[[Figures], Frames]
    headline: Callable[[Figures], pd.DataFrame] | None = None


def asked_first(shown: Figures) -> pd.DataFrame:
    """Give the first target that is asked for, of all together, as one row."""
    rows = shown.asked
    if rows.empty:
        return rows
    first = rows[rows["target"] == rows["target"].iloc[0]]
    told = together(first, shown.dataset)
    kept = {name: told[name] for name in ("target", "kpi", "convention", "unit", "target_value")}
    return pd.DataFrame([kept | {"status": "asked"}])


def _standings(shown: Figures) -> Frames:
    return {"targets": standings(shown)}


PARTS: dict[str, Part] = {
    "cards": Part(
        Drawing,
        lambda shown: {"cards": shown.totals} | ({"team": shown.around} if shown.chosen.rep else {}),
        lambda shown: shown.totals.head(1),
    ),
    "attainment": Part(
        Drawing,
        lambda shown: {"target": shown.target_rows, "target in all": shown.headline},
        lambda shown: shown.headline,
    ),
    "path": Part(Drawing, lambda shown: {"target": shown.target_rows}),
    "trend": Part(Drawing, lambda shown: {f"by {shown.chosen.grain}": shown.trend}),
    "breakdown": Part(Drawing, lambda shown: {f"by {shown.chosen.by}": shown.breakdown}),
    "members": Part(Drawing, lambda shown: {"members": shown.members}),
    "contribution": Part(Scorecard, lambda shown: {"contribution": shown.shares}),
    "heat_map": Part(Scorecard, lambda shown: {"positions": shown.scores}),
    "strengths": Part(Scorecard, lambda shown: {"positions": shown.scores}),
    "statuses": Part(TargetReview, _standings, headline),
    "targets": Part(TargetReview, _standings, headline),
    "targets_by_member": Part(TargetReview, lambda shown: {"by member": current(member_rows(shown))}),
    "attention": Part(TargetReview, lambda shown: {"by member": current(member_rows(shown))}),
    "plan_check": Part(TargetReview, lambda shown: {}),
    "brief": Part(Brief, lambda shown: {"asked": shown.asked}, asked_first),
    "what_it_takes": Part(Brief, lambda shown: {"asked": shown.asked}),
    "meaning": Part(Brief, lambda shown: {}),
    "questions": Part(Brief, lambda shown: {}),
    "agreement": Part(Brief, lambda shown: {}),
    "funnel": Part(PipelineReview, lambda shown: {"funnel": pipeline.funnel_rows(shown)}),
    "stages": Part(PipelineReview, lambda shown: {"stages": pipeline.stage_rates(shown)}),
    "pipeline": Part(PipelineReview, lambda shown: {"open by stage": pipeline.pipeline_now(shown)}),
    "deal_trend": Part(PipelineReview, lambda shown: {"deals over time": pipeline.deal_trend(shown)}),
    "win_rates": Part(PipelineReview, lambda shown: {"win rates": pipeline.win_rates(shown)}),
    "coverage": Part(PipelineReview, lambda shown: {"coverage": covered(shown)}),
    "open_deals": Part(PipelineReview, lambda shown: {"open deals": pipeline.deals_listed(shown)}),
    "channels": Part(ChannelReview, lambda shown: {"channels": channels.channel_rows(shown)}),
    "channel_costs": Part(ChannelReview, lambda shown: {"channel costs": channels.cost_rows(shown)}),
    "channel_mix": Part(
        ChannelReview, lambda shown: {"channel mix": channels.mix_rows(shown, channels.flow_of(shown))}
    ),
    "channel_customers": Part(
        ChannelReview, lambda shown: {"channel customers": channels.mix_rows(shown, "new_customers")}
    ),
    "channel_trend": Part(ChannelReview, lambda shown: {"channel trend": channels.trend_rows(shown)}),
    "responses": Part(Answering, lambda shown: {"responses": channels.answer_rows(shown, "channel")}),
    "responses_by_rep": Part(
        Answering, lambda shown: {"responses by rep": channels.answer_rows(shown, "rep")}
    ),
    "arrivals": Part(Answering, lambda shown: {"arrivals": channels.told_arrivals(shown)}),
    "quick_answers": Part(Answering, lambda shown: {"quick answers": channels.told_quick(shown)}),
    "acquisition": Part(
        CustomerReview, lambda shown: {f"new customers by {shown.chosen.grain}": won(shown, "new_customers")}
    ),
    "acquisition_rate": Part(
        CustomerReview, lambda shown: {f"acquisition by {shown.chosen.grain}": won(shown, "acquisition_rate")}
    ),
    "cohorts": Part(CustomerReview, lambda shown: {"cohorts": followed(shown)[0]}),
    "customer_ages": Part(CustomerReview, lambda shown: {"by age of customers": aged(shown)}),
    "lifetime_value": Part(CustomerReview, lambda shown: {"worth": worth(shown)}),
    "concentration": Part(CustomerReview, lambda shown: {"concentration": concentrated(shown)}),
    "largest_customers": Part(CustomerReview, lambda shown: {"largest customers": standing_out(shown)}),
    "quiet_customers": Part(CustomerReview, lambda shown: {"quiet customers": quiet_ones(shown)[0]}),
    "figure": Part(
        Explore, lambda shown: {"figure": figure_of(shown)}, lambda shown: figure_of(shown).head(1)
    ),
    "definition": Part(Explore, lambda shown: {"conventions": conventions_of(shown)}),
    "rows_behind": Part(Explore, lambda shown: {"rows behind": rows_told(shown)}),
}
