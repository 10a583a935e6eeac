"""Charts of members and groups: bars, the largest first, each with its figures beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from kpikit.language import percent, quantity
from kpikit.views.axes import elide, labels, ticks, width_of
from kpikit.views.canvas import in_unit, picture, rows_of, texts_of, unit_name, writer
from kpikit.views.cards import change_text
from kpikit.views.display import Picture
from kpikit.views.theme import THEME, symbol
from kpikit.views.words import label, lower, share_text, upper

__all__ = ["attainment_chart", "breakdown_chart", "standing"]

STEP = 24
GOOD = ("reached", "on pace")


def attainment_chart(
    rows: pd.DataFrame,
    *,
    title: str,
    subtitle: str,
    unit: str,
    currency: str,
    language: str,
    chosen: str = "",
    whole: str = "The company",
) -> Picture:
    """Draw each member's attainment, the best first, with the target as a line at 100%.

    `rows` holds member, actual, target_value, attainment, status, reached, of. What is reached or on pace has
    the accent, or else the chosen member; symbol and word say the same without colour. `whole` is for whom a
    target is set that has no members.
    """
    import altair as alt

    rows = rows.sort_values(["attainment", "member"], ascending=[False, True], na_position="last")
    shown, marks, table = [], [], []
    has_way = bool(rows["progress"].notna().any())
    for one in rows.to_dict("records"):
        is_compact = unit == "money" and len(rows) > 1  # one bar alone has room for all digits
        amounts = [quantity(one[name], unit, currency=currency, language=language, is_compact=is_compact)
                   for name in ("actual", "target_value")]  # fmt: skip
        share = share_text(one["attainment"], language)
        state, is_good = standing(one)
        is_accent = one["member"] == chosen if chosen else is_good
        text = f"{state} · {share} · {amounts[0]} of {amounts[1]}"
        if not pd.isna(one["progress"]):
            text += f" · {share_text(one['progress'], language)} of the way"
        if pd.isna(one["target_value"]):
            text, state = f"no target · {amounts[0]}", "no target"
        name = elide(one["member"] or whole)
        marks.append(f"{name}: {text}")
        exact = [quantity(one[name], unit, currency=currency, language=language)
                 for name in ("actual", "target_value")]  # fmt: skip
        table.append([one["member"] or whole, *exact, share, state])
        if has_way:
            table[-1].append(share_text(one["progress"], language))
        told = f"actual {exact[0]}, target {exact[1]}, attainment {share}"
        known = 0.0 if pd.isna(one["attainment"]) else float(one["attainment"])
        shown.append({"name": name, "value": known, "text": text, "accent": bool(is_accent),
                      "told": f"{table[-1][0]}: {told} ({state})",
                      "bold": bool(chosen and one["member"] == chosen)})  # fmt: skip
    values = ticks(
        min([one["value"] for one in shown], default=0), max([1.0, *(one["value"] for one in shown)])
    )
    plot = _bars(shown, values, lambda v: percent(v, language), "Attainment (% of the target)")
    rule = alt.Chart(rows_of([{"value": 1}])).mark_rule(color=THEME.ink, strokeWidth=1.5, strokeDash=[4, 3])
    goal = rule.encode(
        x=alt.X("value:Q", scale=_scale(values, plot[1])), description=alt.value("Target: 100%")
    )
    headings = ["Name", *(in_unit(one, unit, currency) for one in ("Actual", "Target")), "Attainment (%)"]
    headings += ["Status", *(["Of the way (%)"] if has_way else [])]
    return picture(alt.layer(*plot[0], goal), title, subtitle, marks, headings, table)


def standing(one: dict[str, Any]) -> tuple[str, bool]:
    """Write how a member stands, with a symbol, and tell whether that is good."""
    if one["occurrences"] <= 1:
        return f"{symbol(one['status'])} {one['status']}", one["status"] in GOOD
    if not one["of"]:
        return f"{symbol('no deadline')} not judged", False
    # Of several occurrences the mark says what the words say; the sum says how a running one stands.
    if not one["is_over"] and not pd.isna(one["expected"]):
        status = "on pace" if one["actual"] >= one["expected"] else "behind"
    elif one["reached"] == one["of"]:
        status = "reached"
    else:
        status = "missed" if one["is_over"] and not one["reached"] else "behind"
    return f"{symbol(status)} {one['reached']} of {one['of']} reached", status in GOOD


def breakdown_chart(
    rows: pd.DataFrame, *, kpi: str, by: str, title: str, subtitle: str, unit: str, currency: str,
    language: str, most: int = 15, before_name: str = "Before",
) -> Picture:  # fmt: skip
    """Draw a KPI by group, the largest first, with a mark where the reference period was.

    `rows` holds the groups, value, reference, change_ratio, n. `before_name` is what the period of the marks
    is called.
    """
    import altair as alt

    rows = rows.sort_values(["value", by], ascending=[False, True], na_position="last").head(most)
    shown, marks, before, table = [], [], [], []
    has_before = bool(rows["reference"].notna().any())
    top = rows["value"].max()
    for one in rows.to_dict("records"):
        value = quantity(one["value"], unit, currency=currency, language=language)
        name = elide(str(one[by]))
        has_both = not pd.isna(one["reference"]) and not pd.isna(one["value"])
        text = f"{value} · {_against(one, unit, currency, language)}" if has_both else value
        marks.append(f"{name}: {text}")
        known = 0.0 if pd.isna(one["value"]) else float(one["value"])
        then = quantity(one["reference"], unit, currency=currency, language=language)
        change = _against(one, unit, currency, language)
        table.append([str(one[by]), value, *([then, change] if has_before else [])])
        told = f"{one[by]}: {value}" + (f", {lower(before_name)} {then}, {change}" if has_both else "")
        shown.append(
            {"name": name, "value": known, "text": text, "accent": bool(one["value"] == top), "bold": False,
             "told": told}
        )  # fmt: skip
        if not pd.isna(one["reference"]):
            before.append({"at": len(shown) - 1, "value": float(one["reference"]), "told": told})
    both = [one["value"] for one in shown + before]
    values = ticks(min(both, default=0), max(both, default=0), is_whole=unit == "count")
    layers, width = _bars(
        shown, values, writer(unit, currency, language), f"{label(kpi)} ({unit_name(unit, currency)})"
    )
    if before:
        tick = alt.Chart(rows_of(before)).mark_tick(color=THEME.ink, thickness=2, size=STEP - 4)
        names = [one["name"] for one in shown]
        x = alt.X("value:Q", scale=_scale(values, width))
        layers.append(tick.encode(x=x, y=_places(names), description="told:N"))
    headings = [upper(by.replace("_", " ")), in_unit(label(kpi), unit, currency)]
    headings += [in_unit(before_name, unit, currency), "Change"] if has_before else []
    return picture(alt.layer(*layers), title, subtitle, marks, headings, table)


def _bars(
    shown: list[dict[str, Any]], values: list[float], write: Callable[[float], str], title: str
) -> tuple[list[Any], float]:
    """Draw bars with a name at the left and a text at the right, in a plot that leaves room for both."""
    import altair as alt

    names = [one["name"] for one in shown]
    left = max(map(width_of, names), default=0)
    right = max((width_of(one["text"]) for one in shown), default=0)
    width = max(220.0, THEME.width - left - right - 40)
    y = _places(names)
    scale = _scale(values, width)
    x_axis = alt.Axis(title=title, titleAnchor="start", **labels(values, write))
    x = alt.X("value:Q", scale=scale, axis=x_axis)
    # By place and not by name: two long names that are cut may read alike.
    placed = [one | {"at": place} for place, one in enumerate(shown)]
    base = alt.Chart(rows_of(placed), width=width, height={"step": STEP})
    colour = alt.condition("datum.accent", alt.value(THEME.accent), alt.value(THEME.grey))
    text = base.encode(x=alt.value(width + 10), y=y, text="text:N")
    bold = text.transform_filter("datum.bold").mark_text(align="left", fontWeight="bold", aria=False)
    plain = text.transform_filter("!datum.bold").mark_text(align="left", aria=False)
    bars = base.mark_bar().encode(x=x, y=y, color=colour, description="told:N")
    return [bars, plain, bold], width


def _places(names: list[str]) -> Any:
    import altair as alt

    # In an expression of Vega's a text such as `constructor` stands for what JavaScript calls so; a blank
    # before it, which is cut off again, keeps it a text.
    texts = texts_of([f" {name}" for name in names])
    # Room for the names in a wider font than the one that draws, so that charts begin at the same place.
    extent = max(map(width_of, names), default=0)
    axis = alt.Axis(title=None, grid=False, minExtent=extent, labelExpr=f"slice({texts}[datum.value], 1)")
    return alt.Y("at:O", axis=axis, scale=alt.Scale(domain=list(range(len(names))), paddingInner=0.3))


def _scale(values: list[float], width: float) -> Any:
    import altair as alt

    return alt.Scale(domain=[values[0], values[-1]], range=[0, width], nice=False)


def _against(one: dict[str, Any], unit: str, currency: str, language: str) -> str:
    return change_text(one["value"], one["reference"], one["change_ratio"], unit, currency, language)
