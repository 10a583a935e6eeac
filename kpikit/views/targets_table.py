"""Tables of targets: goal → objective → target, and member by member; counts by status as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd

from kpikit.language import MISSING, count_word, day, quantity
from kpikit.views.axes import elide, shorten, width_of
from kpikit.views.canvas import picture, rows_of, texts_of
from kpikit.views.display import Html, Picture
from kpikit.views.lists import below, frame
from kpikit.views.standings import GOOD, JUDGED
from kpikit.views.theme import STATUS, THEME, symbol
from kpikit.views.words import every, join, part_of, share_text, upper

__all__ = ["grid", "member_grid", "status_chart", "status_finding", "targets_grid"]

CELL = f"padding:5px 8px;text-align:left;vertical-align:top;border-top:1px solid {THEME.line}"
HEAD = "padding:5px 8px;text-align:left;vertical-align:bottom;font-weight:bold"


def status_finding(statuses: Sequence[str]) -> str:
    """Say how many targets are reached or on pace, and how many are at risk or missed.

    Examples
    --------
    >>> from kpikit.views.targets_table import status_finding
    >>> status_finding(["reached", "on pace", "missed", "at risk", "no deadline"])
    'Two of four targets are reached or on pace; one is at risk and one was missed; one cannot be judged'
    >>> status_finding(["reached", "reached"])
    'Both targets are reached or on pace'
    """
    judged = [one for one in statuses if one in JUDGED]
    good, silent = sum(one in GOOD for one in judged), len(statuses) - len(judged)
    if not judged:
        return "No target can be judged yet" if statuses else "There are no targets"
    if len(judged) == 1:
        verb = {"missed": "was missed"}.get(judged[0], f"is {judged[0]}")
        which = "The one target" if not silent else "The one target that can be judged"
        more = f"; {count_word(silent)} cannot be judged" if silent else ""
        return f"{which} {verb}{more}"
    whole = every(len(judged), "target") if good == len(judged) else part_of(good, len(judged), "target")
    parts = [f"{upper(whole)} {'is' if good == 1 else 'are'} reached or on pace"]
    verbs = {"behind": ("is behind", "are behind"), "at risk": ("is at risk", "are at risk"),
             "missed": ("was missed", "were missed")}  # fmt: skip
    counts = {name: judged.count(name) for name in verbs if name in judged}
    if counts:
        parts.append(
            join([f"{count_word(count)} {verbs[name][count > 1]}" for name, count in counts.items()])
        )
    if silent:
        parts.append(f"{count_word(silent)} cannot be judged")
    return "; ".join(parts)


def status_chart(rows: pd.DataFrame, *, title: str, subtitle: str) -> Picture:
    """Draw how many targets have each status, with their names beside the bar.

    `rows` holds target and status.
    """
    import altair as alt

    shown = []
    for name in (one for one in STATUS if one in set(rows["status"])):
        own = list(rows.loc[rows["status"] == name, "target"])
        label = f"{symbol(name)} {name}"
        shown.append({"name": label, "value": len(own), "good": name in GOOD, "targets": own})
    most = max(one["value"] for one in shown)
    left = max(width_of(one["name"]) for one in shown)
    width = 200.0
    room = THEME.width - left - width - 40
    lines, marks = [], []
    for place, one in enumerate(shown):
        each = "; ".join(elide(name, 48) for name in one["targets"])
        text = shorten(f"{one['value']} · {each}", room)
        lines.append({"at": place, "value": one["value"], "good": one["good"], "text": text})
        marks.append(f"{one['name']}: {one['value']} ({'; '.join(one['targets'])})")
    names = texts_of([one["name"] for one in shown])
    axis = alt.Axis(title=None, grid=False, minExtent=left, labelExpr=f"{names}[datum.value]")
    y = alt.Y("at:O", axis=axis, scale=alt.Scale(domain=list(range(len(shown))), paddingInner=0.3))
    scale = alt.Scale(domain=[0, most], range=[0, width], nice=False)
    base = alt.Chart(rows_of(lines), width=width, height={"step": 26})
    colour = alt.condition("datum.good", alt.value(THEME.accent), alt.value(THEME.grey))
    bars = base.mark_bar().encode(x=alt.X("value:Q", scale=scale, axis=None), y=y, color=colour)
    text = base.mark_text(align="left").encode(x=alt.value(width + 10), y=y, text="text:N")
    table = [[one["name"], str(one["value"]), "; ".join(one["targets"])] for one in shown]
    return picture(alt.layer(bars, text), title, subtitle, marks, ["Status", "Targets", "Which"], table)


def grid(
    heads: Sequence[str],
    rows: Sequence[Sequence[str] | str],
    numbers: Sequence[str] = (),
    unbroken: Sequence[str] = (),
) -> str:
    """Write a table; a row that is a text alone is a heading over all columns.

    Columns of `numbers` stand on the right; these, and those that are `unbroken`, keep each text on one line.
    """

    def cell(place: int, text: str) -> str:
        right = ";text-align:right" if heads[place] in numbers else ""
        right += ";white-space:nowrap" if heads[place] in (*numbers, *unbroken) else ""
        known = text[2:] if text[2:] in STATUS else text[2:].partition(" · ")[0]
        mood = STATUS.get(known, ("", ""))[1]
        colour = {"good": THEME.good, "bad": THEME.bad}.get(mood, "")
        style = f"{CELL}{right}{f';color:{colour}' if colour else ''}"
        tag = 'th scope="row"' if not place else "td"
        weight = ";font-weight:normal" if not place else ""
        return f'<{tag} style="{style}{weight}">{escape(text)}</{tag.split(" ")[0]}>'

    right = dict.fromkeys(numbers, ";text-align:right")
    top = "".join(f'<th scope="col" style="{HEAD}{right.get(one, "")}">{escape(one)}</th>' for one in heads)
    lines = []
    for row in rows:
        if isinstance(row, str):
            head = f"padding:10px 8px 4px;text-align:left;color:{THEME.dark_grey};font-weight:bold"
            lines.append(
                f'<tr><th scope="colgroup" colspan="{len(heads)}" style="{head}">{escape(row)}</th></tr>'
            )
        else:
            lines.append(f"<tr>{''.join(cell(place, text) for place, text in enumerate(row))}</tr>")
    table = "table-layout:auto;border-collapse:collapse;width:100%;font-size:13px"
    return f'<table style="{table}"><thead><tr>{top}</tr></thead><tbody>{"".join(lines)}</tbody></table>'


def targets_grid(
    rows: pd.DataFrame, *, title: str, subtitle: str, notes: Sequence[str], day_name: str, currency: str,
    language: str,
) -> Html:  # fmt: skip
    """Show every target below its goal and objective, with what it stands at and what is needed."""
    heads = ["Target", "Stands at", "Attainment", "Pace", "Status", "Deadline", f"Needed a {day_name}"]
    table: list[list[str] | str] = []
    last = ("", "")
    for one in rows.to_dict("records"):
        if (one["goal"], one["objective"]) != last:
            last = one["goal"], one["objective"]
            table.append(" → ".join(last))
        table.append(_line(one, currency, language))
    numbers = [name for name in heads if name in ("Attainment", "Pace") or name.startswith("Needed")]
    text = "\n".join(row if isinstance(row, str) else " | ".join(row) for row in [heads, *table])
    return frame(title, subtitle, grid(heads, table, numbers) + below(notes), "\n".join([text, *notes]))


def _line(one: dict[str, Any], currency: str, language: str) -> list[str]:
    def amount(value: float) -> str:
        return quantity(value, one["unit"], currency=currency, language=language)

    stands = f"{amount(one['actual'])} of {amount(one['target_value'])}"
    if pd.isna(one["actual"]) or pd.isna(one["target_value"]):
        stands = "" if pd.isna(one["actual"]) else amount(one["actual"])
    stands += f" ({one['period']})" if one["period"] else ""
    attained = share_text(one["attainment"], language)
    if not pd.isna(one["progress"]):
        attained += f"; {share_text(one['progress'], language)} of the way"
    status = f"{symbol(one['status'])} {one['status']}"
    if one["members"] > 1 and one["judged"]:
        status += f" · {one['good']} of {one['judged']} {str(one['per']).replace('_', ' ')}s"
    if one["of"] > 1:
        status += f" · {one['reached']} of {one['of']} reached so far"
    needed = one["needed_per_day"]
    asked = MISSING if pd.isna(needed) or not needed else amount(needed)
    deadline = "no deadline" if pd.isna(one["end"]) else day(one["end"].date(), language)
    return [
        one["target"],
        stands.strip(),
        attained,
        share_text(one["pace"], language),
        status,
        deadline,
        asked,
    ]


def member_grid(
    now: pd.DataFrame, counts: pd.DataFrame, *, title: str, subtitle: str, notes: Sequence[str], language: str
) -> Html:
    """Show each rep's targets: how the running one stands, and how many of them were reached so far.

    `now` holds member, target, attainment and status; `counts` member, target, reached and of.
    """
    targets = list(dict.fromkeys(now["target"]))
    names = sorted(dict.fromkeys(now["member"]))
    standing = {(one["member"], one["target"]): one for one in now.to_dict("records")}
    past = {(one["member"], one["target"]): one for one in counts.to_dict("records")}
    table: list[list[str]] = []
    for name in names:
        row = [name]
        for target in targets:
            one, was = standing.get((name, target)), past.get((name, target))
            told = MISSING
            if one is not None:
                told = f"{symbol(one['status'])} {one['status']}"
                told += "" if pd.isna(one["attainment"]) else f" · {share_text(one['attainment'], language)}"
            row += [told, f"{was['reached']} of {was['of']}" if was is not None and was["of"] else MISSING]
        table.append(row)
    heads = ["Rep"]
    for target in targets:
        heads += [f"{target}: now", "reached so far"]
    text = "\n".join(" | ".join(row) for row in [heads, *table])
    return frame(
        title, subtitle, grid(heads, table, ["reached so far"]) + below(notes), "\n".join([text, *notes])
    )
