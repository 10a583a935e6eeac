"""Charts of a pipeline: the funnel, what is open by stage, win rates by group and over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import MISSING, number, percent, quantity
from kpikit.views.axes import elide, labels, ticks, width_of
from kpikit.views.canvas import in_unit, picture, rows_of, texts_of, unit_name, writer
from kpikit.views.display import Picture
from kpikit.views.pipeline_findings import deals, is_few
from kpikit.views.theme import THEME
from kpikit.views.words import label, moment, named, share_text, upper

__all__ = ["deal_trend_chart", "funnel_chart", "pipeline_chart", "win_rate_chart"]

STEP, PANEL = 26, 74
WON = "won"


def funnel_chart(rows: pd.DataFrame, *, title: str, subtitle: str, language: str) -> Picture:
    """Draw how many deals came to each stage, and what became of them; `rows` is what `funnel` gives."""
    shown, table = [], []
    for one in rows.to_dict("records"):
        is_won = pd.isna(one["stage"])
        name = upper(WON) if is_won else str(one["stage"])
        share = share_text(one["share"], language)
        text = f"{number(one['entered'], language)} · {share}"
        fates = {"moved on": one["moved"], "still there": one["still"], "lost": one["lost"],
                 "went back": one["back"]}  # fmt: skip
        ends = [f"{number(count, language)} {what}" for what, count in fates.items()
                if count and what != "moved on"]  # fmt: skip
        text += f": {', '.join(ends)}" if ends else ""
        went = one["entered"] if is_won else one["moved"]
        parts = [(went, THEME.accent), (one["still"], THEME.grey), (one["lost"] + one["back"], THEME.ink)]
        shown.append({"name": name, "parts": parts, "text": text, "told": f"{name}: {text}"})
        cells = [one[column] for column in ("moved", "still", "lost", "back", "skipped")]
        told = [MISSING] * 5 if is_won else [number(count, language) for count in cells]
        conversion = percent(one["conversion"], language)
        table.append([name, number(one["entered"], language), share, *told, conversion])
    values = ticks(0, max([one["entered"] for one in rows.to_dict("records")], default=0))
    chart, _ = _bars(shown, values, lambda v: number(v, language), "Deals (number)")
    headings = ["Stage", "Came to it (number)", "Of all created (%)", "Moved on (number)",
                "Still there (number)", "Lost there (number)", "Went back (number)", "Skipped it (number)",
                "Moved on of those decided (%)"]  # fmt: skip
    return picture(chart, title, subtitle, [one["told"] for one in shown], headings, table)


def pipeline_chart(rows: pd.DataFrame, *, title: str, subtitle: str, currency: str, language: str) -> Picture:
    """Draw what is open in each stage, by value, or by number where no deal has an amount.

    `rows` holds stage, value, weighted, deals, overdue, without_amount.
    """
    has_value, has_weights = (bool(rows[name].notna().any()) for name in ("value", "weighted"))
    shown, table = [], []
    for one in rows.to_dict("records"):
        value, weighted = (quantity(one[name], "money", currency=currency, language=language)
                           for name in ("value", "weighted"))  # fmt: skip
        told = [value] if has_value and value != MISSING else []
        told += [f"weighted {weighted}"] if has_weights and weighted != MISSING else []
        told.append(deals(one["deals"], language))
        told += [f"{number(one['overdue'], language)} overdue"] if one["overdue"] else []
        if has_value and one["without_amount"]:
            told.append(f"{number(one['without_amount'], language)} without an amount")
        size = one["value"] if has_value else one["deals"]
        size = 0.0 if pd.isna(size) else float(size)
        text, name = " · ".join(told), str(one["stage"])
        shown.append({"name": name, "parts": [(size, THEME.accent)], "text": text, "told": f"{name}: {text}"})
        counts = [number(one[column], language) for column in ("deals", "overdue", "without_amount")]
        amounts = ([value] if has_value else []) + ([weighted] if has_weights else [])
        table.append([name, *amounts, *counts])
    unit = "money" if has_value else "count"
    sizes = [one["parts"][0][0] for one in shown]
    values = ticks(min(sizes), max(sizes))
    axis = f"Pipeline ({unit_name(unit, currency)})" if has_value else "Open deals (number)"
    chart, _ = _bars(shown, values, writer(unit, currency, language), axis)
    amounts = ["Value"] if has_value else []
    amounts += ["Weighted by the chance to win"] if has_weights else []
    headings = ["Stage", *(in_unit(one, "money", currency) for one in amounts), "Deals (number)",
                "Overdue (number)", "Without an amount (number)"]  # fmt: skip
    return picture(chart, title, subtitle, [one["told"] for one in shown], headings, table)


def win_rate_chart(
    rows: pd.DataFrame, *, by: str, whole: float, title: str, subtitle: str, language: str, chosen: str = "",
    most: int = 30,
) -> Picture:  # fmt: skip
    """Draw win rates by group, the highest first, and those of few deals last, in grey.

    `rows` holds the groups, win_rate, n, reference and cycle; `whole` is the rate of all together, a line.
    """
    import altair as alt

    few = is_few(rows["n"])
    rows = rows.assign(few=few).sort_values(
        ["few", "win_rate", by], ascending=[True, False, True], na_position="last"
    )
    shown, table = [], []
    for one in rows.head(most).to_dict("records"):
        rate, cycle = percent(one["win_rate"], language, 1), quantity(one["cycle"], "days", language=language)
        count = 0 if pd.isna(one["n"]) else int(one["n"])
        told = f"{rate} of {deals(count, language)}" if count else "no deal closed"
        told += f" · {cycle}" if cycle != MISSING else ""
        told += " · too few to compare" if count and one["few"] else ""
        name = named(str(one[by])) if by == "rep" else str(one[by])
        colour = THEME.grey if one["few"] else THEME.accent
        size = 0.0 if pd.isna(one["win_rate"]) else float(one["win_rate"])
        shown.append({"name": elide(name), "parts": [(size, colour)], "text": told, "told": f"{name}: {told}",
                      "bold": bool(chosen and one[by] == chosen)})  # fmt: skip
        before = percent(one["reference"], language, 1)
        table.append([name, rate, number(count, language), before, cycle, "too few" if one["few"] else "yes"])
    values = ticks(0, max([whole if whole == whole else 0.0, *(one["parts"][0][0] for one in shown)]))
    chart, width = _bars(shown, values, lambda v: percent(v, language), "Win rate (%)")
    if whole == whole:
        rule = alt.Chart(rows_of([{"value": float(whole)}])).mark_rule(
            color=THEME.ink, strokeWidth=1.5, strokeDash=[4, 3]
        )
        x = alt.X("value:Q", scale=_scale(values, width))
        chart += rule.encode(x=x, description=alt.value(f"All together: {percent(whole, language, 1)}"))
    headings = [upper(by.replace("_", " ")), "Win rate (%)", "Deals closed (number)", "Before (%)",
                "Cycle of those won (days)", "Can be compared"]  # fmt: skip
    return picture(chart, title, subtitle, [one["told"] for one in shown], headings, table)


def deal_trend_chart(
    rows: pd.DataFrame, *, grain: str, title: str, subtitle: str, currency: str, language: str
) -> Picture:
    """Draw win rate, cycle and velocity over time, one above the other, the chosen period in the accent.

    `rows` is what `measure` gives by grain, with is_chosen and is_complete. What rests on fewer than five
    deals has a star.
    """
    import altair as alt

    width = THEME.width - 60
    kpis = [kpi for kpi in dict.fromkeys(rows["kpi"]) if rows.loc[rows["kpi"] == kpi, "value"].notna().any()]
    panels, marks, columns = [], [], {}
    for kpi in kpis:
        unit = find(kpi).unit
        own = rows[rows["kpi"] == kpi].reset_index(drop=True)
        every = 1 if len(own) <= 13 else -(-len(own) // 13)
        shown = []
        for place, one in enumerate(own.to_dict("records")):
            exact = quantity(one["value"], unit, currency=currency, language=language)
            brief = quantity(one["value"], unit, currency=currency, language=language, is_compact=True)
            brief = number(one["value"], language) if unit == "days" else brief
            star = "*" if unit != "money" and bool(is_few(pd.Series([one["n"]])).iloc[0]) else ""
            soon = "" if one["is_complete"] else " so far"
            shown.append(
                {"at": place, "value": None if pd.isna(one["value"]) else float(one["value"]),
                 "accent": bool(one["is_chosen"]), "told": f"{label(kpi)}, {one['period']}{soon}: {exact}",
                 "text": "" if place % every else MISSING if exact == MISSING else f"{brief}{star}"}
            )  # fmt: skip
            columns.setdefault(f"{one['period']}{soon}", []).append(exact)
            if unit == "share":
                columns[f"{one['period']}{soon}"].append(
                    MISSING if pd.isna(one["n"]) else number(one["n"], language)
                )
        marks += [one["told"] for one in shown if one["value"] is not None]
        panels.append(_panel(shown, own, _heading(kpi, currency), grain, language, width))
    headings = [upper(grain.replace("_", " "))]
    for kpi in kpis:
        headings.append(_heading(kpi, currency))
        headings += ["Deals closed (number)"] if find(kpi).unit == "share" else []
    table = [[period, *cells] for period, cells in columns.items()]
    chart = alt.vconcat(*panels, spacing=12)
    return picture(chart, title, subtitle, marks, headings, table)


def _heading(kpi: str, currency: str) -> str:
    unit = unit_name(find(kpi).unit, currency)
    if kpi.endswith(f"_{unit}"):
        return label(kpi)
    return f"{label(kpi)} ({unit}{' a day' if find(kpi).unit == 'money' else ''})"


def _panel(
    shown: list[dict[str, Any]], own: pd.DataFrame, name: str, grain: str, language: str, width: int
) -> Any:
    import altair as alt

    names = [
        moment(one["start"], grain, one["period"], language,
               with_year=grain == "month" and (not place or one["start"].month == 1))
        for place, one in enumerate(own.to_dict("records"))
    ]  # fmt: skip
    every = 1 if len(names) <= 13 else -(-len(names) // 13)
    axis = alt.Axis(
        title=None, labelAngle=0, labelExpr=f"datum.value % {every} ? '' : {texts_of(names)}[datum.value]"
    )
    x = alt.X("at:O", axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))
    numbers = [0.0, *(one["value"] for one in shown if one["value"] is not None)]
    low, most = min(numbers), max(numbers)
    # Room above the highest bar for its figure.
    scale = alt.Scale(domain=[low, (most - low) * 1.25 + low or 1.0], nice=False)
    y = alt.Y("value:Q", axis=None, scale=scale)
    head = alt.TitleParams(name, fontSize=THEME.text, fontWeight="normal", color=THEME.dark_grey, offset=2)
    base = alt.Chart(rows_of(shown), width=width, height=PANEL, title=head)
    colour = alt.condition("datum.accent", alt.value(THEME.accent), alt.value(THEME.grey))
    bars = base.mark_bar().encode(x=x, y=y, color=colour, description="told:N")
    text = base.transform_calculate(top="datum.value === null ? 0 : max(datum.value, 0)")
    told = text.mark_text(dy=-7, aria=False).encode(
        x=x, y=alt.Y("top:Q", axis=None, scale=scale), text="text:N"
    )
    return alt.layer(bars, told)


def _bars(
    shown: Sequence[dict[str, Any]], values: list[float], write: Callable[[float], str], title: str
) -> tuple[Any, float]:
    """Draw bars, each of parts beside each other, with a name at the left and a text at the right."""
    import altair as alt

    left = max((width_of(one["name"]) for one in shown), default=0)
    right = max((width_of(one["text"]) for one in shown), default=0)
    width = max(160.0, THEME.width - left - right - 40)
    pieces = []
    for place, one in enumerate(shown):
        at = 0.0
        for size, colour in one["parts"]:
            if size or len(one["parts"]) == 1:
                pieces.append(
                    {"at": place, "from": at, "to": at + size, "colour": colour, "told": one["told"]}
                )
            at += size
    # A blank keeps a name such as `constructor` a text; by place, for two names may read alike.
    names = texts_of([f" {one['name']}" for one in shown])
    axis = alt.Axis(title=None, grid=False, labelExpr=f"slice({names}[datum.value], 1)")
    y = alt.Y("at:O", axis=axis, scale=alt.Scale(domain=list(range(len(shown))), paddingInner=0.3))
    x_axis = alt.Axis(title=title, titleAnchor="start", **labels(values, write))
    x = alt.X("from:Q", scale=_scale(values, width), axis=x_axis)
    base = alt.Chart(rows_of(pieces), width=width, height={"step": STEP})
    colour = alt.Color("colour:N", scale=None, legend=None)
    layers = [base.mark_bar().encode(x=x, x2="to:Q", y=y, color=colour, description="told:N")]
    told = [
        {"at": place, "text": one["text"], "bold": one.get("bold", False)} for place, one in enumerate(shown)
    ]
    text = alt.Chart(rows_of(told)).encode(x=alt.value(width + 10), y=y, text="text:N")
    layers.append(text.transform_filter("datum.bold").mark_text(align="left", fontWeight="bold", aria=False))
    layers.append(text.transform_filter("!datum.bold").mark_text(align="left", aria=False))
    # Where a browser lacks the fonts of the theme, it takes wider ones.
    room = {"left": 8, "top": 8, "bottom": 8, "right": 12 + round(right / 5)}
    return alt.layer(*layers, padding=room), width


def _scale(values: list[float], width: float) -> Any:
    import altair as alt

    return alt.Scale(domain=[values[0], values[-1]], range=[0, width], nice=False)
