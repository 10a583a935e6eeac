"""Small multiples: a KPI over time, a panel for each channel, with the others in grey behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import MISSING, quantity
from kpikit.views.axes import elide, labels, ticks
from kpikit.views.canvas import in_unit, picture, rows_of, texts_of, unit_name, writer
from kpikit.views.channels import is_channel
from kpikit.views.comparing import few_text
from kpikit.views.display import Picture
from kpikit.views.theme import THEME
from kpikit.views.words import every, is_plural, join, label, lower, moment, part_of, spoken, upper

__all__ = ["multiples_chart", "multiples_finding"]

ACROSS, WIDTH, HEIGHT = 3, 212, 110


def multiples_finding(rows: pd.DataFrame, *, kpi: str, grain: str) -> str:
    """Say which channel had the highest figure in how many units of time.

    `rows` holds kpi, channel, period, value and n. A rate of few rows is highest by chance, and not counted.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.multiples import multiples_finding
    >>> rows = pd.DataFrame({"kpi": "revenue", "channel": ["A", "B"] * 2, "period": ["1", "1", "2", "2"],
    ...     "value": [3.0, 1.0, 2.0, 1.0], "n": 9})
    >>> multiples_finding(rows, kpi="revenue", grain="month")
    'Revenue was highest for A in both months'
    """
    known = rows[rows["value"].notna() & rows["channel"].map(is_channel)]
    if known.empty:
        return f"{spoken(kpi)}: no channel has figures"
    if known["channel"].nunique() == 1:
        return f"{spoken(kpi)}: {known['channel'].iloc[0]} is the one channel with figures"
    count = known["period"].nunique()
    known = known[[not few_text(one) for one in known.to_dict("records")]]
    # Where one channel alone can be compared, there is nothing that it is ahead of.
    if find(kpi.partition(":")[0]).kind != "flow":
        known = known[known.groupby("period")["channel"].transform("nunique") > 1]
    if known.empty:
        return f"{spoken(kpi)}: too few figures can be compared between channels"
    top = known[known["value"] == known.groupby("period")["value"].transform("max")]
    alone = top[~top["period"].duplicated(keep=False)]
    unit = grain.replace("_", " ")
    was = "were" if is_plural(kpi) else "was"
    if alone.empty:
        return f"In no {unit} {was} {lower(spoken(kpi))} highest for one channel alone"
    wins = alone.groupby("channel", sort=False).size()
    names = [str(one) for one in wins[wins == wins.max()].index]
    times = int(wins.max())
    if count == 1:
        when = f"the one {unit}"
    else:
        when = every(count, unit) if times == count else part_of(times, count, unit)
    each = " each" if len(names) > 1 else ""
    return f"{spoken(kpi)} {was} highest for {join(names)} in {when}{each}"


def multiples_chart(
    rows: pd.DataFrame, *, kpi: str, grain: str, title: str, subtitle: str, unit: str, currency: str,
    language: str,
) -> Picture:  # fmt: skip
    """Draw a KPI over time in a panel for each channel, all on one scale.

    `rows` holds channel, period, start, value and n. A rate of few rows is an empty circle.
    """
    import altair as alt

    names = list(dict.fromkeys(rows["channel"]))
    spans = rows.drop_duplicates("period").sort_values("start")
    periods, starts = list(spans["period"]), list(spans["start"])
    place = {period: number for number, period in enumerate(periods)}
    lines = {
        name: [_point(one, place, unit, currency, language)
               for one in own.sort_values("start").to_dict("records")]
        for name, own in rows.groupby("channel", sort=False)
    }  # fmt: skip
    numbers = [one["value"] for line in lines.values() for one in line if one["value"] is not None]
    values = ticks(min(numbers, default=0), max(numbers, default=0), 4)
    texts = [moment(start, grain, period, language) for start, period in zip(starts, periods, strict=True)]
    ends = [0] if len(periods) == 1 else [0, len(periods) - 1]
    panels = []
    for number, name in enumerate(names):
        is_left = number % ACROSS == 0
        looks = labels(values, writer(unit, currency, language))
        axis_y = (
            alt.Axis(title=None, **looks) if is_left else alt.Axis(title=None, values=values, labels=False)
        )
        y = alt.Y("value:Q", scale=alt.Scale(domain=[values[0], values[-1]], nice=False), axis=axis_y)
        axis_x = alt.Axis(title=None, grid=False, values=ends, labelAlign=alt.expr(
            "datum.value == 0 ? 'left' : 'right'"), labelExpr=f"{texts_of(texts)}[datum.value]")  # fmt: skip
        scale = alt.Scale(domain=[0, max(1, len(periods) - 1)], nice=False)
        x = alt.X("at:Q", scale=scale, axis=axis_x)
        others = [one | {"of": other} for other in names if other != name for one in lines[other]
                  if one["value"] is not None]  # fmt: skip
        behind = alt.Chart(rows_of(others)).mark_line(color=THEME.grey, strokeWidth=1, aria=False)
        own = [one for one in lines[name] if one["value"] is not None]
        line = alt.Chart(rows_of(own)).mark_line(color=THEME.accent, strokeWidth=2.5, aria=False)
        dots = alt.Chart(rows_of(own)).mark_point(color=THEME.accent, size=26, opacity=1, strokeWidth=1.5)
        fill = alt.condition("datum.few", alt.value(THEME.paper), alt.value(THEME.accent))
        layers = [*([behind.encode(x=x, y=y, detail="of:N")] if others else []), line.encode(x=x, y=y)]
        layers.append(dots.encode(x=x, y=y, fill=fill, description="told:N"))
        told = own[-1]["text"] if own else "no figures"
        head = alt.Chart(rows_of([{"text": f"{elide(name, 24)} · {told}"}])).mark_text(
            align="left", fontSize=13, fontWeight="bold", aria=False
        )
        layers.append(head.encode(x=alt.value(0), y=alt.value(-14), text="text:N"))
        panels.append(alt.layer(*layers).properties(width=WIDTH, height=HEIGHT))
    across = [alt.hconcat(*panels[at : at + ACROSS], spacing=24) for at in range(0, len(panels), ACROSS)]
    table = [[f"{period}", *(_told(lines[name], place[period]) for name in names)] for period in periods]
    headings = [upper(grain.replace("_", " ")), *(in_unit(name, unit, currency) for name in names)]
    marks = [f"{name}: {lines[name][-1]['told']}" for name in names if lines[name]]
    chart = alt.vconcat(*across, spacing=28)
    under = f"{subtitle} · {label(kpi)} ({unit_name(unit, currency)})"
    return picture(chart, title, under, marks, headings, table)


def _point(
    one: dict[str, Any], place: dict[str, int], unit: str, currency: str, language: str
) -> dict[str, Any]:
    value = None if pd.isna(one["value"]) else float(one["value"])
    text = quantity(one["value"], unit, currency=currency, language=language, is_compact=unit == "money")
    full = quantity(one["value"], unit, currency=currency, language=language)
    few = f" ({told})" if (told := few_text(one)) else ""
    return {"at": place[one["period"]], "value": value, "few": bool(few), "text": text,
            "full": f"{full}{few}", "told": f"{one['channel']}, {one['period']}: {full}{few}"}  # fmt: skip


def _told(line: list[dict[str, Any]], at: int) -> str:
    return next((one["full"] for one in line if one["at"] == at), MISSING)
