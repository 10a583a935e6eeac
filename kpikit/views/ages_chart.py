"""Revenue of new and of existing customers over time: bars in two parts that add up to the whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd

from kpikit.language import day, quantity
from kpikit.views.axes import apart, labels, ticks
from kpikit.views.canvas import in_unit, picture, rows_of, texts_of, unit_name, writer
from kpikit.views.customers import AGES
from kpikit.views.display import Picture
from kpikit.views.theme import THEME
from kpikit.views.words import moment, share_text, upper

__all__ = ["age_chart", "age_finding"]

MOST_TOLD, NAMES = 13, {"new": "new", "existing": "existing", "no customer_age": "unknown"}


def age_finding(rows: pd.DataFrame, *, grain: str, known: date | None = None, language: str = "en") -> str:
    """Say what new customers brought in the newest complete unit, and what it was a year or a unit before.

    `rows` holds what `aged` gives; `known` is the day until which customers of long ago look new.
    """
    unit = grain.replace("_", " ")
    new = _shares(rows)
    whole = new[new["is_complete"]]
    if whole.empty:
        return f"There is no complete {unit} of revenue yet"
    last = whole.iloc[-1]
    when = moment(last["start"], grain, str(last["period"]), language)
    if last["is_censored"] and known is not None and last["end"] >= pd.Timestamp(known):
        return f"Who is new in {when} is not all known: before {day(known, language)} all customers look new"
    if last["is_censored"]:
        return f"In {when} nobody is an existing customer yet: the data start within the year before"
    if pd.isna(last["share"]):
        return f"There was no revenue in {when}"
    text = f"New customers brought {share_text(last['share'], language)} of revenue in {when}"
    earlier = whole[(whole["start"] == last["start"] - pd.DateOffset(years=1)) & ~whole["is_censored"]]
    name = "a year before"
    if earlier.empty and len(whole) > 1:
        earlier, name = whole.iloc[[-2]], f"in the {unit} before"
    if earlier.empty or earlier["is_censored"].any() or earlier["share"].isna().any():
        return text
    then = earlier["share"].iloc[0]
    if share_text(then, language) == share_text(last["share"], language):
        return f"{text}, as {name}"
    return f"{text}, against {share_text(then, language)} {name}"


def _shares(rows: pd.DataFrame) -> pd.DataFrame:
    """Give one row for each unit, with the share of new customers."""
    units = rows.drop_duplicates("period")[["period", "start", "end", "is_complete", "is_censored"]]
    new = rows[rows["customer_age"] == "new"].set_index("period")["share"]
    wholes = rows.groupby("period")["value"].sum(min_count=1)
    units = units.assign(share=units["period"].map(new), whole=units["period"].map(wholes))
    # Without a row of its own there was nothing from new customers.
    units["share"] = units["share"].where(units["share"].notna() | ~(units["whole"] > 0), 0.0)
    return units.sort_values("start", ignore_index=True)


def age_chart(
    rows: pd.DataFrame, *, grain: str, title: str, subtitle: str, currency: str, language: str
) -> Picture:
    """Draw revenue by unit of time, in parts by the age of customers; the share of new ones stands below.

    `rows` holds what `aged` gives.
    """
    import altair as alt

    room, height = 70, 240
    width = THEME.width - 100 - room
    units = _shares(rows).to_dict("records")
    values = {(one["period"], one["customer_age"]): one["value"] for one in rows.to_dict("records")}
    order = [age for age in AGES if any(values.get((one["period"], age), 0) > 0 for one in units)]

    def money(value: float, *, is_compact: bool = False) -> str:
        return quantity(value, "money", currency=currency, language=language, is_compact=is_compact)

    shown: list[dict[str, Any]] = []
    marks, table, texts = [], [], []
    for place, one in enumerate(units):
        soon = "" if one["is_complete"] else " so far"
        base, told = 0.0, []
        for age in order:
            value = values.get((one["period"], age), 0.0)
            value = 0.0 if pd.isna(value) else float(value)
            told.append(f"{NAMES[age]} {money(value)}")
            shown.append({"at": place, "from": base, "to": base + value, "age": age,
                          "told": f"{one['period']}{soon}: {NAMES[age]} {money(value)}"})  # fmt: skip
            base += value
        share = share_text(one["share"], language)
        marks.append(f"{one['period']}{soon}: {', '.join(told)}; new {share}")
        cells = [money(values.get((one["period"], age), 0.0)) for age in order]
        table.append([f"{one['period']}{soon}", *cells, money(one["whole"]), share])
        first = place == 0 or one["start"].month == 1
        name = moment(one["start"], grain, str(one["period"]), language, with_year=first and grain == "month")
        texts.append([name, money(one["whole"], is_compact=True), share])
    tops = [one["to"] for one in shown]
    steps = ticks(0, max(tops, default=0), 5)
    is_told = len(units) <= MOST_TOLD
    every = 1 if is_told else -(-len(units) // MOST_TOLD)
    written = texts if is_told else [one[0] for one in texts]
    axis = alt.Axis(
        title=None, labelAngle=0, labelExpr=f"datum.value % {every} ? '' : {texts_of(written)}[datum.value]"
    )
    x = alt.X("at:O", axis=axis, scale=alt.Scale(paddingInner=0.35, paddingOuter=0.2))
    title_y = f"Revenue ({unit_name('money', currency)})"
    axis_y = alt.Axis(title=title_y, **labels(steps, writer("money", currency, language)))
    y = alt.Y("from:Q", scale=alt.Scale(domain=[steps[0], steps[-1]], nice=False), axis=axis_y)
    looks = {"existing": THEME.grey, "new": THEME.accent, "no customer_age": THEME.paper}
    layers = []
    for age in order:
        own = [one for one in shown if one["age"] == age]
        outline = {"stroke": THEME.dark_grey, "strokeWidth": 1} if age == "no customer_age" else {}
        bar = alt.Chart(rows_of(own)).mark_bar(color=looks[age], **outline)
        layers.append(bar.encode(x=x, y=y, y2="to:Q", description="told:N"))
    layers += _names(shown, steps[-1], width, height)
    headings = [
        upper(grain.replace("_", " ")),
        *(in_unit(upper(NAMES[age]), "money", currency) for age in order),
    ]
    headings += [in_unit("Revenue", "money", currency), "New (%)"]
    chart = alt.layer(*layers).properties(width=width, height=height)
    return picture(chart, title, subtitle, marks, headings, table)


def _names(shown: list[dict[str, Any]], most: float, width: float, height: float) -> list[Any]:
    """Name the parts beside the last bar, so that nobody needs their colours."""
    import altair as alt

    last = max((one["at"] for one in shown), default=0)
    ends = [one for one in shown if one["at"] == last and one["to"] > one["from"]]
    places = [height * (1 - (one["from"] + one["to"]) / 2 / most) for one in ends]
    layers = []
    for one, place in zip(ends, apart(places, 17), strict=True):
        colour = THEME.accent if one["age"] == "new" else THEME.dark_grey
        mark = alt.Chart(rows_of([{"text": NAMES[one["age"]]}])).mark_text(
            align="left", color=colour, fontSize=13, fontWeight="bold", aria=False
        )
        layers.append(mark.encode(x=alt.value(width + 10), y=alt.value(place), text="text:N"))
    return layers
