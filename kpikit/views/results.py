"""Every figure of a view as frames and as plain text: what a test, or a colleague, compares."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from kpikit.views.figures import Figures
from kpikit.views.parts import PARTS

__all__ = ["headline_frame", "results_frames", "results_text"]

COLUMNS = ("kpi", "convention", "rep", "period", "value", "n", "reference", "change", "change_ratio")
COLUMNS += ("share", "share_of_change", "median", "position", "compared", "why", "target", "member")
COLUMNS += ("actual", "target_value", "expected", "attainment", "progress", "pace", "needed_per_day")
COLUMNS += ("times", "business_days", "per_day", "per_week", "last_period", "year_before")
COLUMNS += ("group", "deal_id", "customer", "stage", "open_days", "stage_days", "overdue_days")
COLUMNS += ("expected_close_on",)
COLUMNS += ("created", "entered", "moved", "lost", "still", "back", "skipped", "conversion")
COLUMNS += ("weighted", "deals", "overdue", "without_amount", "remaining", "pipeline", "coverage")
COLUMNS += ("channel", "band", "weekday", "hour", "share_before")
COLUMNS += ("cohort", "age", "customer_age", "last_order", "days_silent", "usual_days")
COLUMNS += ("status", "members", "good", "judged", "reached", "of", "note")


def results_frames(shown: Figures, parts: Sequence[str]) -> list[pd.DataFrame]:
    """Give what some parts of a view show: columns of `measure` and `evaluate`, with `part` first."""
    told: dict[str, pd.DataFrame] = {}
    for name in parts:
        for what, frame in PARTS[name].frames(shown).items():
            told.setdefault(what, frame)
    frames = []
    for what, frame in told.items():
        if len(frame):
            kept = frame[[column for column in dict.fromkeys([shown.chosen.by, *COLUMNS]) if column in frame]]
            kept.insert(0, "part", what)
            frames.append(kept)
    return frames


def headline_frame(shown: Figures, parts: Sequence[str]) -> pd.DataFrame | None:
    """Give the key figure of some parts: how a target stands, where one of them tells it, else a KPI."""
    heads = [PARTS[name].headline for name in parts]
    told = [rows for head in heads if head is not None and len(rows := head(shown))]
    return next((rows for rows in told if "status" in rows), told[0] if told else None)


def results_text(shown: Figures, parts: Sequence[str]) -> str:
    """Write every figure of some parts of a view, one a line."""
    blocks = []
    for frame in results_frames(shown, parts):
        text = frame.astype(object).map(_cell)
        blocks.append(text.loc[:, (text != "").any()].to_string(index=False, max_colwidth=200))
    head = f"{shown.chosen.line}\nas of {shown.as_of}, target: {shown.target or 'none'}"
    return "\n\n".join([head, *blocks])


def _cell(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        # Nine digits: the last ones of a division may differ between engines.
        return "" if value != value else f"{value:.9g}"
    return "" if pd.isna(value) else str(value)
