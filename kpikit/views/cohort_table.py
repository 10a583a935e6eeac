"""Cohorts as a map: a row for the customers of each unit of time, a cell for who ordered so much later."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd

from kpikit.kpis.cohorts import judged, overall
from kpikit.language import number
from kpikit.views.display import Html
from kpikit.views.lists import frame
from kpikit.views.theme import THEME
from kpikit.views.words import people, share_text

__all__ = ["cohort_finding", "cohort_table"]

# The second age of which a title tells, by grain.
_LATER = {"day": 7, "week": 4, "month": 6, "quarter": 4, "half": 2, "year": 2}
LEAST = 5
_PALE, _DEEP = (246, 249, 252), (150, 189, 230)
_CELL = "padding:5px 7px;text-align:right;white-space:nowrap;border:1px solid transparent"
_NAME = "padding:5px 8px;text-align:left;font-weight:normal;white-space:nowrap"
_HEAD = "padding:5px 7px;text-align:right;vertical-align:bottom;font-weight:bold"
_TOP = f"border-top:1px solid {THEME.dark_grey}"
_SMALL = f"font-size:11px;color:{THEME.dark_grey}"


def cohort_finding(told: pd.DataFrame, *, grain: str, language: str = "en") -> str:
    """Say which share of new customers ordered again one unit after their first order, and later.

    `told` holds what `cohorts` gives.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.cohort_table import cohort_finding
    >>> told = pd.DataFrame({"age": [0, 1], "n": [8, 6], "of": [8, 8], "is_complete": True,
    ...     "is_censored": False})
    >>> cohort_finding(told, grain="quarter")
    '75% of new customers ordered again one quarter after their first order'
    """
    unit = grain.replace("_", " ")
    if told.empty or not told["of"].any():
        return "Nobody ordered for the first time here"
    shares = overall(told).set_index("age")["share"]
    if 1 not in shares.index:
        return "It is too early to say whether new customers come back"
    who = "customers" if judged(told)["is_censored"].any() else "new customers"
    count = int(judged(told).loc[judged(told)["age"] == 1, "of"].sum())
    if count < LEAST:
        followed = people(count, "customer")
        return f"Too few to say how many come back: {followed} with a first order can be followed"
    first = shares[1]
    if not first:
        text = f"None of the {who} ordered again one {unit} after their first order"
    else:
        some = "All" if first == 1 else f"{share_text(first, language)} of"
        text = f"{some} {who} ordered again one {unit} after their first order"
    age = _LATER.get(grain, 0)
    if age in shares.index:
        text += f", and {share_text(shares[age], language)} did {people(age, unit)} after it"
    return text


def cohort_table(
    told: pd.DataFrame, *, title: str, subtitle: str, notes: list[str], grain: str, language: str
) -> Html:
    """Show the share of each cohort that ordered one, two, three units after its first.

    Parameters
    ----------
    told
        What `cohorts` gives.
    title, subtitle, notes
        The finding, the scope, and the lines below.
    grain
        The unit of time.
    """
    unit = grain.replace("_", " ")
    ages = sorted(set(told.loc[told["of"] > 0, "age"]) - {0})
    cells = {(one["cohort"], one["age"]): one for one in told.to_dict("records")}
    cohorts = [name for name in dict.fromkeys(told["cohort"]) if cells[name, 0]["of"]]
    heads = [f"{unit.capitalize()} of the first order", "Customers", *(f"+{age}" for age in ages)]
    looks = [f"{_NAME};font-weight:bold", *[_HEAD] * (len(heads) - 1)]
    top = "".join(
        f'<th scope="col" style="{look}">{escape(one)}</th>' for look, one in zip(looks, heads, strict=True)
    )
    body, texts = [], [" | ".join(heads)]
    for name in cohorts:
        own = cells[name, 0]
        under = " *" if own["is_censored"] else ""
        if not own["is_complete"]:
            under += " so far"
        label = f"{name}{under}"
        shown = [_cell(cells.get((name, age)), language) for age in ages]
        row = f'<th scope="row" style="{_NAME}">{escape(label)}</th>'
        row += f'<td style="{_CELL}">{number(own["of"], language)}</td>'
        body.append(f"<tr>{row}{''.join(html for html, _ in shown)}</tr>")
        texts.append(" | ".join([label, number(own["of"], language), *(text for _, text in shown)]))
    last = overall(told).set_index("age")
    if len(cohorts) > 1 and len(last) and ages:
        shares = [share_text(last["share"].get(age), language) for age in ages]
        size = number(last["of"].get(0), language)
        foot = "".join(f'<td style="{_CELL};{_TOP};font-weight:bold">{escape(one)}</td>'
                       for one in [size, *shares])  # fmt: skip
        body.append(
            f'<tr><th scope="row" style="{_NAME};{_TOP};font-weight:bold">All together</th>{foot}</tr>'
        )
        texts.append(" | ".join(["All together", size, *shares]))
    below = [*_key(told, last, unit), *notes]
    lines = "".join(f'<div style="margin-top:3px">{escape(one)}</div>' for one in below)
    look = "table-layout:auto;border-collapse:separate;border-spacing:2px;margin:0;font-size:13px"
    table = f'<table style="{look}"><thead><tr>{top}</tr></thead><tbody>{"".join(body)}</tbody></table>'
    under = f'<div style="font-size:{THEME.text}px;color:{THEME.dark_grey};margin-top:8px">{lines}</div>'
    return frame(title, subtitle, table + under, "\n".join([*texts, *below]))


def _cell(one: dict[str, Any] | None, language: str) -> tuple[str, str]:
    """Write one cell, as HTML and in plain words; what has not come yet stays blank."""
    if one is None or pd.isna(one["share"]):
        return f'<td style="{_CELL}"></td>', ""
    told = share_text(one["share"], language)
    if not one["is_complete"]:
        dashed = f"border:1px dashed {THEME.dark_grey}"
        inside = f'{escape(told)}<div style="{_SMALL}">so far</div>'
        return f'<td style="{_CELL};{dashed}">{inside}</td>', f"{told} so far"
    mixed = (round(low + (high - low) * one["share"]) for low, high in zip(_PALE, _DEEP, strict=True))
    colour = "#" + "".join(f"{part:02x}" for part in mixed)
    return f'<td style="{_CELL};background:{colour}">{escape(told)}</td>', told


def _key(told: pd.DataFrame, last: pd.DataFrame, unit: str) -> list[str]:
    known = told[told["of"] > 0]
    key = [
        f"+1 is the {unit} after the one of the first order. Each cell is the share of the row's customers"
        f" with at least one order in that {unit}; a cell that is blank has not come yet.",
    ]
    if len(last):
        key.append(f"All together: each column over the cohorts that have come so far, as a ratio of sums"
                   f"{_left_out(known)}.")  # fmt: skip
    if known["is_censored"].any():
        key.append("* The data start within the year before: some of these may have been customers for long.")
    if not known["is_complete"].all():
        key.append(f"so far: the {unit} is still running, and is left out of the last row.")
    return key


def _left_out(known: pd.DataFrame) -> str:
    count = int(known.drop_duplicates("cohort")["is_censored"].sum())
    if not count or judged(known)["is_censored"].any():
        return ""
    return f", without the {people(count, 'cohort')} marked *"
