"""Who brought what: each member's share of the whole, and of its growth, side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from kpikit.language import MISSING, quantity, signed
from kpikit.people.contribution import OTHERS
from kpikit.views.axes import elide, labels, spaced, width_of
from kpikit.views.canvas import in_unit, picture, rows_of, texts_of, unit_name, writer
from kpikit.views.display import Picture
from kpikit.views.theme import THEME
from kpikit.views.words import (
    DOWN,
    LEVEL,
    UP,
    every,
    is_plural,
    label,
    lower,
    part_of,
    person,
    share_text,
    spoken,
    upper,
)

__all__ = ["contribution_chart", "contribution_finding"]

STEP, GAP, LEAST = 24, 24, 130.0
LEFT = "who left or moved"


def contribution_finding(
    rows: pd.DataFrame, *, kpi: str, chosen: str = "", around: str = "", language: str = "en"
) -> str:
    """Say what one member brought of the whole and of its growth; without one, how many brought half.

    Parameters
    ----------
    rows
        rep, value, share, change and share_of_change, as `contribution` gives them.
    kpi, chosen, around
        The KPI; the member of whom it is said; what the whole is called.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.people.contribution import contribution
    >>> from kpikit.views.contribution import contribution_finding
    >>> members = pd.DataFrame({"rep": ["A", "B", "C"], "value": [60.0, 30.0, 10.0],
    ...     "reference": [40.0, 30.0, 5.0]})
    >>> rows = contribution(members, value=100.0, reference=75.0)
    >>> contribution_finding(rows, kpi="revenue", chosen="A", around="team Bali")
    'A brought 60% of the revenue of team Bali, and 80% of its growth'
    >>> contribution_finding(rows, kpi="revenue")
    'One of three reps brought more than half of the revenue; two of three reps grew'
    """
    name, of = lower(spoken(kpi)), f" of {around}" if around else ""
    own = rows[rows["rep"] == chosen]
    if chosen and len(own) and not pd.isna(own["share"].iloc[0]):
        one = own.iloc[0]
        told = f"{person(chosen)} brought {share_text(one['share'], language)} of the {name}{of}"
        grown = one["share_of_change"]
        if not pd.isna(grown) and grown > 0:
            return (
                f"{told}, and {share_text(grown, language)} of {'their' if is_plural(kpi) else 'its'} growth"
            )
        return told
    members = rows[~rows["rep"].isin([OTHERS, "no rep"])]
    grew = int((members["change"] > 0).sum())
    all_grew = members["change"].notna().all() and grew == len(members) > 0
    growing = f"{every(grew) if all_grew else part_of(grew, len(members))} grew"
    if members["share"].isna().all() or members.empty:
        told = f"{spoken(kpi)} by rep"
    else:
        shares = members["share"].sort_values(ascending=False).cumsum()
        half = int((shares < 0.5 - 1e-9).sum()) + 1
        if half > len(members):
            told = f"What has no rep brought more than half of the {name}"
        elif len(members) == 1:
            told = f"One rep brought {share_text(shares.iloc[0], language)} of the {name}"
        else:
            reached = "half" if abs(shares.iloc[half - 1] - 0.5) < 1e-9 else "more than half"
            told = f"{upper(part_of(half, len(members)))} brought {reached} of the {name}"
    return told if members["change"].isna().all() else f"{told}; {growing}"


def contribution_chart(
    rows: pd.DataFrame, *, kpi: str, title: str, subtitle: str, unit: str, currency: str, language: str,
    chosen: str = "",
) -> Picture:  # fmt: skip
    """Draw each member's part of a flow at the left, and of its growth at the right, the largest first."""
    import altair as alt

    has_growth = bool(rows["change"].notna().any())
    shown, marks, table = [], [], []
    for one in rows.to_dict("records"):
        whole = LEFT if one["rep"] == OTHERS else one["rep"]
        name = elide(whole, 30)
        part = quantity(one["value"], unit, currency=currency, language=language, is_compact=unit == "money")
        if not pd.isna(one["share"]):
            part = f"{share_text(one['share'], language)} · {part}"
        grown = _growth(one, unit, currency, language) if has_growth else ""
        marks.append(f"{name}: {part}" + (f", {grown}" if grown else ""))
        table.append([whole, *_cells(one, unit, currency, language, has_growth=has_growth)])
        sizes = {"value": _known(one["value"]), "change": _known(one["change"])}
        is_chosen = bool(chosen and one["rep"] == chosen)
        shown.append({"name": name, "part": part, "grown": grown, "bold": is_chosen} | sizes)
    accent = "bold" if any(one["bold"] for one in shown) else ""
    room = THEME.width - max(width_of(one["name"]) for one in shown) - 40
    texts = [max(width_of(one[name]) for one in shown) for name in ("part", "grown")]
    room = max(LEAST, (room - sum(texts) - GAP - 40) / 2 if has_growth else room - texts[0])
    write = writer(unit, currency, language)
    name = f"{label(kpi)} ({unit_name(unit, currency)})"
    is_whole = unit == "count"
    panels = [_panel(shown, "value", "part", room, write, name, accent, texts[0], is_whole=is_whole)]
    if has_growth:
        panels.append(_panel(shown, "change", "grown", room, write, f"Growth ({unit_name(unit, currency)})",
                             accent, texts[1], is_whole=is_whole))  # fmt: skip
    headings = ["Name", in_unit(label(kpi), unit, currency), "Part of the whole (%)"]
    headings += [in_unit("Growth", unit, currency), "Part of the growth (%)"] if has_growth else []
    return picture(alt.hconcat(*panels, spacing=GAP), title, subtitle, marks, headings, table)


def _panel(
    shown: list[dict[str, Any]], field: str, text: str, width: float, write: Callable[[float], str],
    title: str, accent: str, beside: float, *, is_whole: bool,
) -> Any:  # fmt: skip
    import altair as alt

    is_first = field == "value"
    known = [one[field] for one in shown]
    values = spaced(min(known), max(known), width, write, is_whole=is_whole)
    names = texts_of([one["name"] for one in shown])
    placed = [one | {"at": place} for place, one in enumerate(shown)]
    extent = max(width_of(one["name"]) for one in shown)
    axis = alt.Axis(title=None, grid=False, minExtent=extent, labelExpr=f"{names}[datum.value]")
    places = alt.Scale(domain=list(range(len(shown))), paddingInner=0.3)
    y = alt.Y("at:O", axis=axis if is_first else None, scale=places)
    scale = alt.Scale(domain=[values[0], values[-1]], range=[0, width], nice=False)
    x_axis = alt.Axis(title=title, titleAnchor="start", **labels(values, write))
    base = alt.Chart(rows_of(placed), width=width + beside + 10, height={"step": STEP})
    test = f"datum.{accent}" if accent else f"datum.{field} > 0"
    colour = alt.condition(test, alt.value(THEME.accent), alt.value(THEME.grey))
    bars = base.mark_bar().encode(x=alt.X(f"{field}:Q", scale=scale, axis=x_axis), y=y, color=colour)
    layers = [bars]
    for test, weight in (("datum.bold", "bold"), ("!datum.bold", "normal")):
        beside_bar = base.transform_filter(test).mark_text(align="left", fontWeight=weight)
        layers.append(beside_bar.encode(x=alt.value(width + 10), y=y, text=f"{text}:N"))
    if values[0] < 0:
        zero = alt.Chart(rows_of([{"zero": 0}])).mark_rule(color=THEME.ink, strokeWidth=1)
        layers.append(zero.encode(x=alt.X("zero:Q", scale=scale)))
    return alt.layer(*layers)


def _growth(one: dict[str, Any], unit: str, currency: str, language: str) -> str:
    change = one["change"]
    if pd.isna(change):
        return ""
    sign = UP if change > 0 else DOWN if change < 0 else LEVEL
    size = signed(
        change,
        lambda v: quantity(v, unit, currency=currency, language=language, is_compact=unit == "money"),
    )
    share = one["share_of_change"]
    of = f" · {share_text(share, language)}" if not pd.isna(share) and share > 0 else ""
    return f"{sign} {size}{of}"


def _cells(one: dict[str, Any], unit: str, currency: str, language: str, *, has_growth: bool) -> list[str]:
    """Write the figures of one member for the table: in full where the chart is short of room."""

    def whole(value: float) -> str:
        return quantity(value, unit, currency=currency, language=language)

    def share(value: float) -> str:
        return MISSING if pd.isna(value) else share_text(value, language)

    told = [whole(one["value"]), share(one["share"])]
    if has_growth:
        told += [MISSING if pd.isna(one["change"]) else signed(one["change"], whole)]
        told += [share(one["share_of_change"])]
    return told


def _known(value: float) -> float:
    return 0.0 if pd.isna(value) else float(value)
