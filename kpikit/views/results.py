"""Every figure of a view as frames and as plain text: what a test, or a colleague, compares."""

from __future__ import annotations

import pandas as pd

from kpikit.views.figures import Figures

__all__ = ["headline_frame", "results_frames", "results_text"]

COLUMNS = (
    "kpi",
    "convention",
    "rep",
    "period",
    "value",
    "n",
    "reference",
    "change_ratio",
    "target",
    "member",
)
COLUMNS += ("actual", "target_value", "expected", "attainment", "status", "note")


def results_frames(shown: Figures) -> list[pd.DataFrame]:
    """Give what each part of a view shows: columns of `measure` and `evaluate`, with `part` first."""
    by = shown.chosen.by
    parts = {"cards": shown.totals, "team": shown.around if shown.chosen.rep else shown.totals.head(0)}
    parts |= {"members": shown.members, f"by {by}": shown.breakdown}
    parts |= {f"by {shown.chosen.grain}": shown.trend, "target": shown.target_rows}
    parts |= {"target in all": shown.headline}
    frames = []
    for name, frame in parts.items():
        if len(frame):
            kept = frame[[column for column in dict.fromkeys([by, *COLUMNS]) if column in frame]]
            kept.insert(0, "part", name)
            frames.append(kept)
    return frames


def headline_frame(shown: Figures) -> pd.DataFrame | None:
    """Give the key figure: the chosen target, of the member or of all together; else the first KPI."""
    rows = shown.headline
    return rows if len(rows) else shown.totals.head(1) if len(shown.totals) else None


def results_text(shown: Figures) -> str:
    """Write every figure of a view, one a line."""
    parts = []
    for frame in results_frames(shown):
        text = frame.astype(object).map(_cell)
        parts.append(text.loc[:, (text != "").any()].to_string(index=False))
    head = f"{shown.chosen.line}\nas of {shown.as_of}, target: {shown.target or 'none'}"
    return "\n\n".join([head, *parts])


def _cell(value: object) -> str:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        # Nine digits: the last ones of a division may differ between engines.
        return "" if value != value else f"{value:.9g}"
    return "" if pd.isna(value) else str(value)
