"""Members × KPIs as a map: where each one stands within the team, in words, symbols and colours."""

from __future__ import annotations

from html import escape

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import quantity
from kpikit.people.positions import LEAST_MEMBERS, LEAST_ROWS
from kpikit.views.display import Html
from kpikit.views.lists import frame
from kpikit.views.theme import THEME
from kpikit.views.words import asked_name, is_plural, join, label, lower, part_of, person, share_text, spoken

__all__ = ["MARKS", "heat_map", "heat_map_finding", "of_all", "rows_of_member"]

WIDEST = 1100
# A standing is told by a symbol and a number; the colour only repeats it.
MARKS = {"strong": ("▲", "#d5e4f4"), "middle": ("=", "#f0f1f3"), "weak": ("▼", "#f8e0d3")}
WHY = {"few rows": "few", "part of the period": "part", "no member": "–"}
KEY = (
    "▲ ahead of at least three quarters of the others that can be compared; ▼ behind as many; = in between.",
    "Below each figure: the share of those others that this one is ahead of (ties count half, and lower is"
    " better where the KPI says so).",
)


def rows_of_member(scores: pd.DataFrame, name: str) -> list[dict[str, object]]:
    """Give the scores of one member."""
    return scores[scores["rep"] == name].to_dict("records")  # type: ignore[return-value]


def heat_map_finding(scores: pd.DataFrame, *, chosen: str = "") -> str:
    """Say in what one member is among the strongest and the weakest; without one, how many are strong.

    `scores` holds what `positions` gives.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.people.positions import positions
    >>> from kpikit.views.heat_map import heat_map_finding
    >>> members = pd.DataFrame({"kpi": "revenue", "convention": "default", "rep": ["A", "B", "C"],
    ...     "value": [1.0, 2.0, 3.0], "n": [9, 9, 9]})
    >>> heat_map_finding(positions(members), chosen="C")
    'C is among the strongest in revenue'
    >>> heat_map_finding(positions(members))
    'One of three reps is among the strongest in at least one KPI'
    """
    judged = scores[scores["standing"] != ""]
    if judged.empty:
        return "Too few members can be compared to say who is strong in what"
    if chosen:
        own = [(one["standing"], _spoken(one)) for one in rows_of_member(judged, chosen)]
        if not own:
            return f"{person(chosen)} cannot be compared with the others here"
        strong, weak = ([name for standing, name in own if standing == one] for one in ("strong", "weak"))
        parts = [f"among the {word} in {join(names)}"
                 for word, names in (("strongest", strong), ("weakest", weak)) if names]  # fmt: skip
        return f"{person(chosen)} is {', and '.join(parts) or 'in the middle of the team in all of this'}"
    count = judged.loc[judged["standing"] == "strong", "rep"].nunique()
    of = judged["rep"].nunique()
    who = part_of(count, of)
    return (
        f"{who[:1].upper()}{who[1:]} {'is' if count == 1 else 'are'} among the strongest in at least one KPI"
    )


def heat_map(
    scores: pd.DataFrame, order: list[str], *, title: str, subtitle: str, notes: list[str], currency: str,
    language: str, chosen: str = "",
) -> Html:  # fmt: skip
    """Show each member's figures, with the position within the team.

    Parameters
    ----------
    scores
        What `positions` gives by rep.
    order
        The members from top to bottom.
    title, subtitle, notes
        The finding, the scope, and the lines below.
    chosen
        The member who is set apart.
    """
    pairs = list(dict.fromkeys(zip(scores["kpi"], scores["convention"], strict=True)))
    cells = {(one["rep"], one["kpi"], one["convention"]): one for one in scores.to_dict("records")}
    heads = [f'<th scope="col" style="{_HEAD}">{escape(label(asked_name(*pair)))}</th>' for pair in pairs]
    body, texts = [], []
    for name in order:
        shown = [_cell(cells.get((name, *pair)), currency, language) for pair in pairs]
        mark = f"border-left:4px solid {THEME.accent};font-weight:bold" if name == chosen else ""
        row = f'<th scope="row" style="{_NAME};{mark}">{escape(name)}</th>'
        body.append(f"<tr>{row}{''.join(html for html, _ in shown)}</tr>")
        told = [f"{label(asked_name(*pair))} {text}" for pair, (_, text) in zip(pairs, shown, strict=True)]
        texts.append(f"{name}: {'; '.join(told)}")
    medians = {(one["kpi"], one["convention"]): one["median"] for one in scores.to_dict("records")}
    last = [_median(pair, medians.get(pair), currency, language) for pair in pairs]
    foot = f'<th scope="row" style="{_NAME};{_TOP}">Median of who is compared</th>' + "".join(
        f'<td style="{_PLAIN};{_TOP}">{escape(text)}</td>' for text in last
    )
    texts.append(f"Median: {'; '.join(last)}")
    below = [*KEY, *notes]
    lines = "".join(f'<div style="margin-top:3px">{escape(one)}</div>' for one in below)
    look = "table-layout:auto;border-collapse:separate;border-spacing:2px;margin:0;font-size:13px"
    table = (
        f'<table style="{look}">'
        f'<thead><tr><th scope="col" style="{_NAME}">Rep</th>{"".join(heads)}</tr></thead>'
        f"<tbody>{''.join(body)}<tr>{foot}</tr></tbody></table>"
    )
    under = f'<div style="font-size:{THEME.text}px;color:{THEME.dark_grey};margin-top:8px">{lines}</div>'
    # Many KPIs need more room than a chart has.
    return frame(title, subtitle, table + under, "\n".join([*texts, *below]), width=WIDEST)


_PLAIN = "padding:5px 8px;text-align:right;vertical-align:top;white-space:nowrap;border:1px solid transparent"
_NAME = f"padding:5px 8px;text-align:left;font-weight:normal;color:{THEME.ink};white-space:nowrap"
_HEAD = "padding:5px 8px;text-align:right;vertical-align:bottom;font-weight:bold"
_TOP = f"border-top:1px solid {THEME.dark_grey}"
_SMALL = f"font-size:11px;color:{THEME.dark_grey}"


def _cell(one: dict[str, object] | None, currency: str, language: str) -> tuple[str, str]:
    """Write one cell, as HTML and in plain words."""
    if one is None or pd.isna(one["value"]):
        dashed = f"border:1px dashed {THEME.grey}"
        return f'<td style="{_PLAIN};{dashed};color:{THEME.dark_grey}">no data</td>', "no data"
    value = quantity(one["value"], find(str(one["kpi"])).unit, currency=currency, language=language)  # type: ignore[arg-type]
    if not one["standing"]:
        below = WHY.get(str(one["why"]), "")
        told = f"{value} ({one['why']})"
        return f'<td style="{_PLAIN}">{escape(value)}<div style="{_SMALL}">{below}</div></td>', told
    symbol, colour = MARKS[str(one["standing"])]
    share = share_text(one["position"], language)  # type: ignore[arg-type]
    inside = f'{symbol} {escape(value)}<div style="font-size:11px">{share}</div>'
    return f'<td style="{_PLAIN};background:{colour}">{inside}</td>', f"{symbol} {value}, ahead of {share}"


def of_all(scores: pd.DataFrame) -> list[str]:
    """Say what could not be compared, and why."""
    why, notes = set(scores["why"]), []
    if "too few members" in why:
        few = scores[scores["why"] == "too few members"]
        names = join([lower(label(asked_name(*one))) for one in _pairs(few)])
        notes.append(f"Fewer than {LEAST_MEMBERS} members can be compared in {names}.")
    if "few rows" in why:
        notes.append(f"few: a rate of fewer than {LEAST_ROWS} rows is not compared.")
    if "part of the period" in why:
        notes.append("part: on the team for a part of the period only, so that sums are not compared.")
    return notes


def _pairs(scores: pd.DataFrame) -> list[tuple[str, str]]:
    return list(dict.fromkeys(zip(scores["kpi"], scores["convention"], strict=True)))


def _spoken(one: dict[str, object]) -> str:
    kpi = asked_name(str(one["kpi"]), one["convention"])
    return lower(spoken(kpi)) if is_plural(kpi) else lower(label(kpi))


def _median(pair: tuple[str, str], value: float | None, currency: str, language: str) -> str:
    return quantity(value, find(pair[0]).unit, currency=currency, language=language)
