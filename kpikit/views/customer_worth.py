"""What customers are worth: their lifetime value beside its cost, and how much the largest of them bring."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.kpis.remarks import is_left_censored
from kpikit.language import MISSING, count_word, number, quantity
from kpikit.views.axes import ticks, width_of
from kpikit.views.canvas import picture, rows_of, texts_of
from kpikit.views.cards import NOT_COMPARED, change_text, verdict
from kpikit.views.customers import VALUE, VALUE_PER_COST
from kpikit.views.display import Html, Picture
from kpikit.views.lists import below, frame
from kpikit.views.targets_table import grid
from kpikit.views.theme import THEME
from kpikit.views.words import asked_name, label, reasons, share_text, upper

__all__ = ["concentration_chart", "concentration_finding", "worth_finding", "worth_grid"]

ROW_HEIGHT = 26
# A value below three times its cost is often called thin; the share of the largest customers has no norm.
THREE_TIMES = "A lifetime value of three times the cost of winning a customer is a common rule of thumb."


def worth_finding(rows: pd.DataFrame, *, planned: str = "", currency: str = "", language: str = "en") -> str:
    """Say what a customer is worth, by which convention, and how often that is what winning one costs.

    `rows` holds what `worth` gives.
    """
    known = rows[(rows["kpi"] == VALUE) & rows["value"].notna()]
    if known.empty:
        return "What a customer is worth is not known here"
    first = known.iloc[0]
    money = {one["convention"]: quantity(one["value"], "money", currency=currency, language=language)
             for one in known.to_dict("records")}  # fmt: skip
    if not planned and len(money) > 1:
        # Nobody has chosen a convention, and neither do we.
        return (f"A customer has brought {money['historic']} so far (historic), and may bring"
                f" {money['simple']} in all (simple)")  # fmt: skip
    whose = ", the plan's convention" if planned and first["convention"] == planned else ""
    told = f"A customer is worth {money[first['convention']]} ({first['convention']}{whose})"
    share = rows.loc[rows["group"] == VALUE_PER_COST, "value"].iloc[0]
    if pd.isna(share) or first["convention"] != rows["convention"].iloc[0]:
        return told
    return f"{told}, {number(share, language, 1)} times what it costs to win one"


def worth_grid(
    rows: pd.DataFrame, *, title: str, subtitle: str, planned: str, target: str, period: str, reference: str,
    until: str, years: float, currency: str, language: str,
) -> Html:  # fmt: skip
    """Show the lifetime value by each convention, how long customers stay, and what winning one costs.

    `until` is the day on which it is read, written; `years`, how far back the data reach.
    """
    first = str(rows["convention"].iloc[0])
    stay = rows.loc[rows["kpi"] == "relationship_years", "value"].iloc[0]
    table, missing = [], []
    rows = rows[(rows["kpi"] != "") | rows["value"].notna() | rows["reference"].notna()]
    for one in rows.to_dict("records"):
        name, unit, kpi = _named(one, planned, first)
        value = quantity(one["value"], unit, currency=currency, language=language)
        line = [name, value]
        if reference:
            then = quantity(one["reference"], unit, currency=currency, language=language)
            line += [then, _changed(one, unit, kpi, currency, language)]
        table.append(line)
        if pd.isna(one["value"]) and one["kpi"]:
            missing.append(f"{name}: {'; '.join(reasons(one['note'])) or _lack(one, stay, period, until)}.")
        elif one["kpi"] == "customer_acquisition_cost" and is_left_censored(one["note"]):
            since = "since the data start within the year before, so that winning one costs more than this"
            missing.append(f"{name}: customers of long ago look new in {period}, {since}.")
    heads = ["", period, *([reference, "Change"] if reference else [])]
    notes = [*missing, *(_meaning(one) for one in ("simple", "historic"))]
    if rows.loc[rows["group"] == VALUE_PER_COST, "value"].notna().any():
        notes.append(THREE_TIMES)
    has_simple = rows.loc[rows["convention"] == "simple", "value"].notna().any()
    if has_simple and not pd.isna(stay) and stay > years > 0:
        expected, known = (quantity(one, "years", language=language) for one in (stay, years))
        notes.append(f"Read the simple value with care: it expects customers to stay {expected}, and the data"
                     f" reach back {known}.")  # fmt: skip
    if target:
        notes.append(f"The plan counts by {planned}: “{target}”.")
    text = "\n".join(" | ".join(row) for row in [heads, *table])
    return frame(title, subtitle, grid(heads, table, heads[1:]) + below(notes), "\n".join([text, *notes]))


def _named(one: dict[str, Any], planned: str, first: str) -> tuple[str, str, str]:
    """Give the name of a row, its unit, and the KPI that says which change is better."""
    if not one["kpi"]:
        return f"Lifetime value ({first}) ÷ acquisition cost", "times", VALUE
    kpi = asked_name(one["kpi"], one["convention"])
    if one["kpi"] == "relationship_years":
        return "Relationship to expect (1 ÷ churn)", "years", kpi
    name = (
        f"{label(kpi)}, as in the plan"
        if one["kpi"] == VALUE and one["convention"] == planned
        else label(kpi)
    )
    return name, find(one["kpi"]).unit, kpi


def _changed(one: dict[str, Any], unit: str, kpi: str, currency: str, language: str) -> str:
    if pd.isna(one["change"]) and not (pd.isna(one["value"]) or pd.isna(one["reference"])):
        return NOT_COMPARED
    change = change_text(one["value"], one["reference"], one["change_ratio"], unit, currency, language)
    told = verdict(kpi, one["change"])
    return change if change == MISSING or told in ("", "unchanged") else f"{change}, {told}"


def _lack(one: dict[str, Any], stay: float, period: str, until: str) -> str:
    """Say why a figure that has no note is undefined; `stay` is how long customers are expected to."""
    if one["kpi"] == "customer_acquisition_cost":
        if one["n"]:
            return f"the costs of {period} are not known"
        return f"no customer was won in {period} up to {until}"
    if one["convention"] == "historic":
        return "the amounts are not known"
    year = f"in the 365 days up to {until}"
    if one["kpi"] == VALUE and not pd.isna(stay):
        return f"nobody ordered {year}, or the amounts are not known"
    return f"undefined, since nobody was lost {year}, or nobody was active before them"


def _meaning(convention: str) -> str:
    written = find(VALUE).written[convention]
    return f"{upper(convention)}: {written}."


def concentration_finding(rows: pd.DataFrame, *, reference: str = "", language: str = "en") -> str:
    """Say which share of revenue the largest customers brought, and whether that is more than before.

    `rows` holds what `concentrated` gives.

    Examples
    --------
    >>> from kpikit.kpis.concentration import concentration
    >>> from kpikit.views.customer_worth import concentration_finding
    >>> rows = concentration([60.0, 20.0, 10.0, 10.0]).rename(columns={"customers": "n"})
    >>> concentration_finding(rows)
    'The largest customer brought 60% of revenue; the half that bought the most, 80%'
    """
    count = int(rows["n"].max())
    shares = {
        name: share_text(share, language) for name, share in zip(rows["group"], rows["share"], strict=True)
    }
    if count == 1:
        share = shares["all"]
        return "One customer brought " + ("all revenue" if share == "100%" else f"{share} of revenue")
    if len(rows) and count <= 10:
        told = f"The largest customer brought {shares['largest']} of revenue"
        return (
            f"{told}; the half that bought the most, {shares['largest half']}"
            if "largest half" in shares
            else told
        )
    first = "10 largest" if "10 largest" in shares else "largest tenth"
    told = f"The {first.replace('10', 'ten')} of {number(count, language)} customers brought {shares[first]}"
    told += " of revenue"
    then = rows.loc[rows["group"] == first, "share_before"].iloc[0]
    if not reference or pd.isna(then):
        return told
    before = share_text(then, language)
    return (
        f"{told}, as in {reference}"
        if before == shares[first]
        else f"{told}, against {before} in {reference}"
    )


def concentration_chart(
    rows: pd.DataFrame, *, title: str, subtitle: str, reference: str, currency: str, language: str
) -> Picture:
    """Draw the share of revenue of the largest customers, with a mark where it was before.

    `rows` holds what `concentrated` gives.
    """
    import altair as alt

    shown, marks, table = [], [], []
    has_before = bool(rows["share_before"].notna().any())
    for place, one in enumerate(rows.to_dict("records")):
        name, share = _group(one, language), share_text(one["share"], language)
        money = quantity(one["value"], "money", currency=currency, language=language)
        then = share_text(one["share_before"], language)
        text = f"{share} · {then} in {reference}" if then != MISSING and reference else share
        marks.append(f"{name}: {share} ({money}), {then} in {reference}" if has_before else f"{name}: {text}")
        table.append([name, number(one["n"], language), money, share, *([then] if has_before else [])])
        before = None if pd.isna(one["share_before"]) else float(one["share_before"])
        shown.append({"at": place, "name": name, "value": float(one["share"]), "text": text,
                      "told": marks[-1], "before": before})  # fmt: skip
    names = [one["name"] for one in shown]
    left, right = max(map(width_of, names)), max(width_of(one["text"]) for one in shown)
    width = max(200.0, THEME.width - left - right - 60)
    axis = alt.Axis(title=None, grid=False, minExtent=left, labelExpr=f"{texts_of(names)}[datum.value]")
    y = alt.Y("at:O", axis=axis, scale=alt.Scale(domain=list(range(len(names))), paddingInner=0.3))
    values = ticks(0, 1)
    texts = texts_of([share_text(value, language) if value else "0%" for value in values])
    axis_x = alt.Axis(title="Share of revenue (%)", titleAnchor="start", values=values,
                      labelExpr=f"{texts}[indexof({values}, datum.value)]")  # fmt: skip
    x = alt.X("value:Q", axis=axis_x, scale=alt.Scale(domain=[0, 1], range=[0, width], nice=False))
    base = alt.Chart(rows_of(shown), width=width, height={"step": ROW_HEIGHT})
    bars = base.mark_bar(color=THEME.accent).encode(x=x, y=y, description="told:N")
    told = base.mark_text(align="left", aria=False).encode(x=alt.value(width + 10), y=y, text="text:N")
    # Where a font is wider than the one that was measured, this keeps the room.
    edge = alt.Chart(rows_of([{"at": 0}])).mark_rule(opacity=0, aria=False)
    layers = [bars, told, edge.encode(x=alt.value(width + 10 + right))]
    if has_before:
        tick = base.transform_filter("isValid(datum.before)").mark_tick(
            color=THEME.ink, thickness=2, size=ROW_HEIGHT - 6
        )
        layers.append(tick.encode(x=alt.X("before:Q"), y=y, description="told:N"))
    headings = ["Customers", "How many", f"Revenue ({currency or 'money'})", "Share (%)"]
    headings += [f"Share in {reference} (%)"] if has_before else []
    return picture(alt.layer(*layers), title, subtitle, marks, headings, table)


def _group(one: dict[str, Any], language: str) -> str:
    name, count = str(one["group"]), int(one["n"])
    if name == "all":
        return f"all {number(count, language)} customers" if count > 1 else "the one customer"
    if name in ("largest", "10 largest"):
        return f"{count_word(count)} largest" if count > 1 else "the largest"
    return f"{name} ({number(count, language)})"
