"""Charts over time: the trend of a KPI, and the way to a target."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd

from kpikit.language import MISSING, day, month, quantity
from kpikit.views.axes import apart, labels, ticks
from kpikit.views.canvas import in_unit, picture, rows_of, texts_of, unit_name, writer
from kpikit.views.display import Picture
from kpikit.views.theme import THEME
from kpikit.views.words import label, moment, upper

__all__ = ["path_chart", "trend_chart"]

MOST_TOLD = 13
# A year has a table that can be read, and bands that a pointer can hit.
MOST_ROWS, MOST_BANDS = 32, 120


def trend_chart(
    rows: pd.DataFrame,
    *,
    kpi: str,
    grain: str,
    title: str,
    subtitle: str,
    unit: str,
    currency: str,
    language: str,
) -> Picture:
    """Draw a KPI by unit of time as bars, the chosen period in the accent, last year's as marks.

    `rows` holds period, start, value, reference, is_chosen, is_complete.
    """
    import altair as alt

    width, height = THEME.width - 100, 240
    shown, marks, table = [], [], []
    has_before = bool(rows["reference"].notna().any())
    for place, one in enumerate(rows.to_dict("records")):
        first = place == 0 or one["start"].month == 1
        name = moment(one["start"], grain, one["period"], language, with_year=first and grain == "month")
        told = quantity(one["value"], unit, currency=currency, language=language)
        then = quantity(one["reference"], unit, currency=currency, language=language)
        soon = "" if one["is_complete"] else " so far"
        marks.append(
            f"{one['period']}: {told}{soon}" + ("" if then == MISSING else f", a year before {then}")
        )
        table.append([f"{one['period']}{soon}", told, *([then] if has_before else [])])
        shown.append(
            {
                "at": place,
                "told": marks[-1],
                "name": name,
                "value": None if pd.isna(one["value"]) else float(one["value"]),
                "before": None if pd.isna(one["reference"]) else float(one["reference"]),
                "accent": bool(one["is_chosen"]),
                "text": quantity(one["value"], unit, currency=currency, language=language, is_compact=True),
            }
        )
    numbers = [one[name] for one in shown for name in ("value", "before") if one[name] is not None]
    values = ticks(min(numbers, default=0), max(numbers, default=0), 5, is_whole=unit == "count")
    # The value stands below the name: above its bar it could be read as that of last year's mark.
    is_told = len(shown) <= MOST_TOLD
    texts = [[one["name"], one["text"]] if is_told else one["name"] for one in shown]
    every = 1 if is_told else -(-len(shown) // MOST_TOLD)
    axis = alt.Axis(
        title=None, labelAngle=0, labelExpr=f"datum.value % {every} ? '' : {texts_of(texts)}[datum.value]"
    )
    x = alt.X("at:O", axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))
    title_y = f"{label(kpi)} ({unit_name(unit, currency)})"
    axis_y = alt.Axis(title=title_y, **labels(values, writer(unit, currency, language)))
    y = alt.Y("value:Q", scale=alt.Scale(domain=[values[0], values[-1]], nice=False), axis=axis_y)
    base = alt.Chart(rows_of(shown))
    colour = alt.condition("datum.accent", alt.value(THEME.accent), alt.value(THEME.grey))
    layers = [base.mark_bar().encode(x=x, y=y, color=colour, description="told:N")]
    if has_before:
        size = max(6, 0.75 * width / max(1, len(shown)))
        tick = base.mark_tick(color=THEME.ink, thickness=2, size=size, orient="horizontal")
        layers.append(tick.encode(x=x, y=alt.Y("before:Q"), description="told:N"))
    headings = [upper(grain.replace("_", " ")), in_unit(label(kpi), unit, currency)]
    headings += [in_unit("A year before", unit, currency)] if has_before else []
    chart = alt.layer(*layers).properties(width=width, height=height)
    return picture(chart, title, subtitle, marks, headings, table)


def path_chart(
    rows: pd.DataFrame, *, kpi: str, target: float, as_of: date, title: str, subtitle: str, unit: str,
    currency: str, language: str, is_cumulative: bool = True,
) -> Picture:  # fmt: skip
    """Draw the way to a target: what was reached, what was expected, and the target.

    `rows` holds day, actual, expected.
    """
    import altair as alt

    height, room = 300, 180
    width = THEME.width - 80 - room
    days = [one.date() for one in rows["day"]]
    start, last = days[0], days[-1]
    numbers = [float(one) for name in ("actual", "expected") for one in rows[name].dropna()]
    numbers += [] if pd.isna(target) else [float(target)]
    values = ticks(min(numbers, default=0), max(numbers, default=0), is_whole=unit == "count")
    span = max(1, (last - start).days)
    axis_days = _day_ticks(start, last)
    names = [
        day(one, language).rsplit(" ", 1)[0] if span < 330 else month(one, language) for one in axis_days
    ]
    places = [(one - start).days for one in axis_days]
    texts = dict(zip(places, names, strict=True))
    x = alt.X("at:Q", scale=alt.Scale(domain=[0, span], nice=False), axis=alt.Axis(
        title=None, grid=False, **labels(places, lambda at: texts[int(at)])))  # fmt: skip
    scale = alt.Scale(domain=[values[0], values[-1]], nice=False)
    so_far = f"{label(kpi)}{' so far' if is_cumulative else ''} ({unit_name(unit, currency)})"
    axis = alt.Axis(title=so_far, **labels(values, writer(unit, currency, language)))
    layers, ends = [], []
    looks = {"expected": (THEME.dark_grey, 1.5, [5, 4]), "actual": (THEME.accent, 3, [1, 0])}
    for name, (colour, thick, dash) in looks.items():
        line = [
            {"at": (one - start).days, "value": float(v)}
            for one, v in zip(days, rows[name], strict=True)
            if v == v
        ]
        if not line:
            continue
        mark = alt.Chart(rows_of(line)).mark_line(
            color=colour, strokeWidth=thick, strokeDash=dash, aria=False
        )
        layers.append(mark.encode(x=x, y=alt.Y("value:Q", scale=scale, axis=axis)))
        if name == "actual":
            point = alt.Chart(rows_of(line[-1:])).mark_point(
                filled=True, size=70, color=colour, opacity=1, aria=False
            )
            layers.append(point.encode(x=x, y=alt.Y("value:Q", scale=scale, axis=axis)))
        now = [one for one in line if one["at"] <= (as_of - start).days][-1:] or line[:1]
        told = quantity(now[-1]["value"], unit, currency=currency, language=language)
        when = " by now" if name == "expected" and as_of < last else ""
        # When all is over, what was expected is the target itself.
        text = name if name == "expected" and as_of >= last else f"{name}{when} {told}"
        ends.append((line[-1]["value"], text, colour))
    if not pd.isna(target):
        rule = alt.Chart(rows_of([{"value": float(target)}])).mark_rule(
            color=THEME.ink, strokeWidth=1.5, aria=False
        )
        layers.append(rule.encode(y=alt.Y("value:Q", scale=scale, axis=axis)))
        told = quantity(target, unit, currency=currency, language=language)
        ends.append((float(target), f"target {told}", THEME.ink))
    pixels = [height * (1 - (one[0] - values[0]) / (values[-1] - values[0])) for one in ends]
    for (_, text, colour), y in zip(ends, apart(pixels, 17), strict=True):
        mark = alt.Chart(rows_of([{"text": text}])).mark_text(
            align="left", color=colour, fontSize=13, fontWeight="bold", aria=False
        )
        layers.append(mark.encode(x=alt.value(width + 10), y=alt.value(y), text="text:N"))
    told = [text for _, text, _ in ends if text != "expected"]
    table = _told_days(rows, as_of, target, unit, currency, language)
    # What is pointed at is the day, not the line: it has an invisible band from top to bottom.
    bands = _bands([(one - start).days for one in days], table, span)
    band = alt.Chart(rows_of(bands)).mark_rect(opacity=0, fill=THEME.paper)
    layers.append(band.encode(x=alt.X("at:Q"), x2="to:Q", y=alt.value(0), y2=alt.value(height),
                              description="told:N"))  # fmt: skip
    chart = alt.layer(*layers).properties(width=width, height=height)
    headings = ["Day", *(in_unit(one, unit, currency) for one in ("Actual", "Expected", "Target"))]
    return picture(chart, title, subtitle, told, headings, _thinned(table, MOST_ROWS))


def _told_days(
    rows: pd.DataFrame, as_of: date, target: float, unit: str, currency: str, language: str
) -> list[list[str]]:
    """Write the figures of each day; none is known after the as-of date."""

    def write(value: float) -> str:
        return quantity(value, unit, currency=currency, language=language)

    return [
        [day(one.day.date(), language), write(one.actual) if one.day.date() <= as_of else MISSING,
         write(one.expected), write(target)]
        for one in rows.itertuples()
    ]  # fmt: skip


def _bands(places: list[int], table: list[list[str]], span: int) -> list[dict[str, object]]:
    """Part the plot among the days, each up to the middle between it and the next."""
    names = ("actual", "expected", "target")
    kept = _thinned(list(zip(places, table, strict=True)), MOST_BANDS)
    edges = [0, *((one[0] + two[0]) / 2 for one, two in pairwise(kept)), span]
    bands = []
    for (_, (when, *texts)), left, right in zip(kept, edges, edges[1:], strict=False):
        known = [f"{name} {text}" for name, text in zip(names, texts, strict=True) if text != MISSING]
        bands.append({"at": left, "to": right, "told": f"{when}: {', '.join(known)}"})
    return bands


def _thinned(rows: list[Any], most: int) -> list[Any]:
    """Keep the first row, the last one, and those at equal steps back from it."""
    step = -(-len(rows) // most)
    kept = set(range(len(rows) - 1, -1, -step)) | {0}
    return [row for place, row in enumerate(rows) if place in kept]


def _day_ticks(start: date, last: date) -> list[date]:
    span = (last - start).days
    if span <= 45:
        return [one.date() for one in pd.date_range(start, last, freq="7D")]
    step = next(
        months for months in (1, 3, 6, 12, 24, 60, 120) if span / 30.4 / months <= 10 or months == 120
    )
    return [one.date() for one in pd.date_range(start, last, freq=f"{step}MS")]
