"""Charts of conversations: how soon they are answered, when they come, and what became of their deals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpikit.data.settings import BusinessHours
from kpikit.language import MISSING, number, percent, quantity
from kpikit.language import weekday as day_name
from kpikit.people.positions import LEAST_ROWS
from kpikit.views.axes import elide, labels, width_of
from kpikit.views.canvas import picture, rows_of, texts_of
from kpikit.views.display import Picture
from kpikit.views.theme import THEME
from kpikit.views.words import share_text, upper

__all__ = ["SHARES", "arrivals_chart", "speed_chart", "wait_chart"]

STEP = 26
# From quick to late ever lighter; who got no answer is told apart by colour, place and number.
SHARES = {"quick": "#123e70", "soon": "#4f8fcf", "late": "#b9d3ee", "untimed": THEME.line, "none": "#d9822b"}


def speed_chart(
    rows: pd.DataFrame, *, by: str, bands: Mapping[str, str], hours: str, title: str, subtitle: str,
    language: str, chosen: str = "",
) -> Picture:  # fmt: skip
    """Draw how soon the conversations of each group were answered, as parts of all of them.

    Parameters
    ----------
    rows
        One row for each group, from top to bottom, as `speeds` gives them: the group, `n` (conversations),
        `SHARES` that add up to 1, `unanswered`, and `median` (hours; null without a reply).
    by
        The column with the groups.
    bands, hours
        What the shares are called, and the hours that are counted.
    chosen
        The group that is set apart.
    """
    import altair as alt

    # Few companies have replies that are dated before their start.
    bands = {one: name for one, name in bands.items() if one != "untimed" or rows[one].any()}
    shown, table, marks, lines = [], [], [], []
    for place, one in enumerate(rows.to_dict("records")):
        is_short = 0 <= one["median"] < 0.05
        median = quantity(0.1 if is_short else one["median"], "hours", language=language)
        median = f"under {median}" if is_short else median
        left, n = int(one["unanswered"]), int(one["n"])
        few = " (few)" if n < LEAST_ROWS else ""
        text = f"{number(n, language)}{few} · median {median} · {left} not answered"
        shares = [percent(one[name], language) for name in bands]
        told = ", ".join(f"{share} {band}" for share, band in zip(shares, bands.values(), strict=True))
        marks.append(f"{one[by]}: {told}; {text}")
        lines.append({"at": place, "text": text, "bold": bool(chosen and one[by] == chosen)})
        table.append([str(one[by]), number(n, language), *shares, number(left, language), median])
        at = 0.0
        for number_of, (name, band) in enumerate(bands.items()):
            size = float(one[name])
            inside = shares[number_of] if size >= 0.09 else ""
            shown.append({"at": place, "from": at, "to": at + size, "band": number_of, "inside": inside,
                          "mid": at + size / 2, "light": number_of in (0, 1),
                          "told": f"{one[by]}: {shares[number_of]} {band}"})  # fmt: skip
            at += size
    names = [elide(str(one), 30) for one in rows[by]]
    left_room, right = max(map(width_of, names)), max(width_of(one["text"]) for one in lines)
    width = max(220.0, THEME.width - left_room - right - 40)
    axis = alt.Axis(
        title=None, grid=False, labelExpr=f"slice({texts_of([f' {n}' for n in names])}[datum.value], 1)"
    )
    y = alt.Y("at:O", axis=axis, scale=alt.Scale(domain=list(range(len(names))), paddingInner=0.3))
    looks = labels([0, 0.25, 0.5, 0.75, 1], lambda value: percent(value, language))
    x_axis = alt.Axis(title="Share of the conversations (%)", titleAnchor="start", **looks)
    scale = alt.Scale(domain=[0, 1], range=[0, width], nice=False)
    base = alt.Chart(rows_of(shown), width=width, height={"step": STEP})
    names_of = texts_of(list(bands.values()))
    # Room between the names for a wider font than the one that draws.
    legend = alt.Legend(title=None, orient="top", symbolType="square", labelFontSize=12, labelLimit=0,
                        columnPadding=40, labelExpr=f"{names_of}[datum.value]", columns=4)  # fmt: skip
    scheme = alt.Scale(domain=list(range(len(bands))), range=[SHARES[name] for name in bands])
    colour = alt.Color("band:O", scale=scheme, legend=legend)
    bars = base.mark_bar(stroke=THEME.paper, strokeWidth=1).encode(
        x=alt.X("from:Q", scale=scale, axis=x_axis), x2="to:Q", y=y, color=colour, description="told:N"
    )
    inside = base.transform_filter("datum.inside != ''").mark_text(fontSize=11, aria=False).encode(
        x=alt.X("mid:Q", scale=scale), y=y, text="inside:N",
        color=alt.condition("datum.light", alt.value(THEME.paper), alt.value(THEME.ink)))  # fmt: skip
    beside = alt.Chart(rows_of(lines)).encode(x=alt.value(width + 10), y=y, text="text:N")
    bold = beside.transform_filter("datum.bold").mark_text(align="left", fontWeight="bold", aria=False)
    plain = beside.transform_filter("!datum.bold").mark_text(align="left", aria=False)
    headings = [upper(by), "Conversations (number)", *(f"{upper(band)} (%)" for band in bands.values())]
    headings += ["Not answered (number)", f"Median ({hours})"]
    return picture(alt.layer(bars, inside, bold, plain), title, subtitle, marks, headings, table)


def arrivals_chart(
    rows: pd.DataFrame, *, first_day: int, hours: BusinessHours | None, workdays: list[int], title: str,
    subtitle: str, language: str,
) -> Picture:  # fmt: skip
    """Draw how many conversations started in each hour of the week, with a frame around the business hours.

    `rows` holds weekday, hour and value; `first_day` is the first weekday, and 0 is Monday.
    """
    import altair as alt

    order = [(first_day + step) % 7 for step in range(7)]
    counts = {(one["weekday"], one["hour"]): int(one["value"]) for one in rows.to_dict("records")}
    first, last = int(rows["hour"].min()), int(rows["hour"].max()) + 1
    if hours is not None:
        opens, closes = (one.hour + one.minute / 60 for one in (hours.start, hours.end))
        first, last = min(first, int(opens)), max(last, int(-(-closes // 1)))
    most = max(counts.values())
    names = [day_name(weekday, language) for weekday in order]
    cells = [{"hour": hour, "next": hour + 1, "at": place, "below": place + 1, "value": count,
              "text": number(count, language) if count else "", "dark": count > 0.55 * most,
              "told": f"{names[place]}, {hour:02d}:00 to {hour + 1:02d}:00: {number(count, language)}"}
             for place, weekday in enumerate(order) for hour in range(first, last)
             for count in [counts.get((weekday, hour), 0)]]  # fmt: skip
    width, height = min(THEME.width - 120.0, 46.0 * (last - first)), 7 * 28
    x_looks = labels(list(range(first, last + 1)), lambda value: f"{int(value):02d}")
    x_axis = alt.Axis(title="Hour of the day", titleAnchor="start", grid=False, **x_looks)
    x_scale = alt.Scale(domain=[first, last], nice=False)
    y_scale = alt.Scale(domain=[7, 0], nice=False)
    base = alt.Chart(rows_of(cells), width=width, height=height)
    x, y = alt.X("hour:Q", scale=x_scale, axis=x_axis), alt.Y("at:Q", scale=y_scale, axis=None)
    shade = alt.Color(
        "value:Q", scale=alt.Scale(domain=[0, most], range=["#f3f5f8", SHARES["quick"]]), legend=None
    )
    squares = base.mark_rect(stroke=THEME.paper, strokeWidth=1).encode(
        x=x, x2="next:Q", y=y, y2="below:Q", color=shade, description="told:N"
    )
    texts = base.transform_calculate(mx="datum.hour + 0.5", my="datum.at + 0.5").mark_text(
        fontSize=11, aria=False
    ).encode(x=alt.X("mx:Q", scale=x_scale), y=alt.Y("my:Q", scale=y_scale, axis=None), text="text:N",
             color=alt.condition("datum.dark", alt.value(THEME.paper), alt.value(THEME.ink)))  # fmt: skip
    days = [{"name": name, "my": place + 0.5} for place, name in enumerate(names)]
    beside = alt.Chart(rows_of(days)).mark_text(align="right", aria=False).encode(
        x=alt.value(-8), y=alt.Y("my:Q", scale=y_scale, axis=None), text="name:N")  # fmt: skip
    layers: list[Any] = [squares, texts, beside]
    if hours is not None:
        frames = [{"hour": opens, "next": closes, "at": place, "below": place + size}
                  for place, size in _runs([weekday in workdays for weekday in order])]  # fmt: skip
        edge = alt.Chart(rows_of(frames)).mark_rect(
            filled=False, stroke=THEME.ink, strokeWidth=2.5, aria=False
        )
        layers.append(edge.encode(x=x, x2="next:Q", y=y, y2="below:Q"))
    spans = [f"{hour:02d} to {hour + 1:02d}" for hour in range(first, last)]
    table = [[name, *(number(counts.get((weekday, hour), 0), language) for hour in range(first, last))]
             for name, weekday in zip(names, order, strict=True)]  # fmt: skip
    marks = [f"{row[0]}: {sum(counts.get((weekday, hour), 0) for hour in range(24))}"
             for row, weekday in zip(table, order, strict=True)]  # fmt: skip
    return picture(alt.layer(*layers), title, subtitle, marks, ["Weekday", *spans], table)


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """Give where runs of true begin, and how long they are."""
    runs: list[tuple[int, int]] = []
    for place, flag in enumerate(flags):
        if flag and runs and sum(runs[-1]) == place:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif flag:
            runs.append((place, 1))
    return runs


def wait_chart(rows: pd.DataFrame, *, title: str, subtitle: str, language: str) -> Picture:
    """Draw the win rate by how soon the first conversation was answered, each with its range of chance.

    `rows` holds band, value, n, low and high; what has no deals is named in the table alone.
    """
    import altair as alt

    table = [[upper(one["band"]), share_text(one["value"], language), number(one["n"], language),
              MISSING if pd.isna(one["low"]) else percent(one["low"], language),
              MISSING if pd.isna(one["high"]) else percent(one["high"], language)]
             for one in rows.to_dict("records")]  # fmt: skip
    shown, marks = [], []
    for one, cells in zip(rows.to_dict("records"), table, strict=True):
        if not one["n"]:
            continue
        few = " (few)" if one["n"] < LEAST_ROWS else ""
        text = f"{cells[1]} of {cells[2]} deals{few}; likely between {cells[3]} and {cells[4]}"
        marks.append(f"{cells[0]}: {text}")
        told = {name: float(one[name]) for name in ("value", "low", "high")}
        shown.append({"at": len(shown), "text": text, "told": marks[-1], "few": bool(few)} | told)
    names = texts_of([row[0] for row in table if row[2] != "0"])
    width = 330.0
    axis = alt.Axis(title=None, grid=False, labelExpr=f"{names}[datum.value]")
    y = alt.Y("at:O", axis=axis, scale=alt.Scale(domain=list(range(len(shown))), paddingInner=0.35))
    looks = labels([0, 0.25, 0.5, 0.75, 1], lambda value: percent(value, language))
    scale = alt.Scale(domain=[0, 1], range=[0, width], nice=False)
    x_axis = alt.Axis(title="Win rate (%)", titleAnchor="start", **looks)
    base = alt.Chart(rows_of(shown), width=width, height={"step": 34})
    colour = alt.condition("datum.few", alt.value(THEME.grey), alt.value(THEME.accent))
    bars = base.mark_bar().encode(
        x=alt.X("value:Q", scale=scale, axis=x_axis), y=y, color=colour, description="told:N"
    )
    chance = base.mark_rule(color=THEME.ink, strokeWidth=2, aria=False).encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q", y=y
    )
    text = base.mark_text(align="left", aria=False).encode(x=alt.value(width + 10), y=y, text="text:N")
    headings = ["First answer", "Win rate (%)", "Deals won or lost (number)", "At least (%)", "At most (%)"]
    return picture(alt.layer(bars, chance, text), title, subtitle, marks, headings, table)
