"""KPIs × channels as a table: each value with its change, and who is ahead where a rate can be compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import quantity
from kpikit.views.cards import change_text
from kpikit.views.channels import is_channel
from kpikit.views.comparing import few_text, is_compared
from kpikit.views.display import Html
from kpikit.views.lists import below, frame
from kpikit.views.theme import THEME
from kpikit.views.words import asked_name, every, label, opening, part_of

__all__ = ["WIDEST", "channel_finding", "channel_table", "is_comparable", "marked"]

WIDEST = 1180
LOOKS = {"best": "#d5e4f4", "last": "#f8e0d3"}


def is_comparable(one: Mapping[str, Any]) -> bool:
    """Tell whether a figure can be set beside that of another channel: a rate of five rows or more."""
    return find(str(one["kpi"])).kind == "rate" and not pd.isna(one["value"]) and not few_text(one)


def marked(rows: pd.DataFrame) -> pd.DataFrame:
    """Add `standing` to figures by channel: best and last of those that can be compared, few, or nothing.

    Parameters
    ----------
    rows
        kpi, convention, channel, value and n, as `channel_rows` gives them. All channels together take no
        part, nor do the smaller ones together, nor what has no channel.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.channel_table import marked
    >>> rows = pd.DataFrame({"kpi": "win_rate", "convention": "closed", "channel": ["A", "B", "C"],
    ...     "value": [0.5, 0.2, 0.9], "n": [10, 10, 2]})
    >>> marked(rows)["standing"].tolist()
    ['best', 'last', 'few']
    """
    parts = []
    for (kpi, _), own in rows.groupby(["kpi", "convention"], sort=False, dropna=False):
        card = find(str(kpi))
        records = own.to_dict("records")
        takes = [is_channel(one["channel"]) for one in records]
        is_judged = [part and is_comparable(one) for one, part in zip(records, takes, strict=True)]
        values = [one["value"] for one, judged in zip(records, is_judged, strict=True) if judged]
        ends = (max(values), min(values)) if len(set(values)) > 1 else (None, None)
        best, last = ends if card.is_higher_better else ends[::-1]
        told = []
        for one, part, judged in zip(records, takes, is_judged, strict=True):
            standing = "few" if part and few_text(one) else ""
            if judged and best is not None:
                standing = "best" if one["value"] == best else "last" if one["value"] == last else ""
            told.append(standing)
        parts.append(own.assign(standing=told))
    return pd.concat(parts) if parts else rows.assign(standing=pd.Series(dtype=str))


def channel_finding(rows: pd.DataFrame) -> str:
    """Say which channel is ahead in how many rates; `rows` is what `marked` gives.

    Who keeps most customers loses fewest: that is one rate, not two.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.channel_table import channel_finding, marked
    >>> rows = pd.DataFrame({"kpi": "win_rate", "convention": "closed", "channel": ["A", "B"],
    ...     "value": [0.5, 0.2], "n": [10, 10]})
    >>> channel_finding(marked(rows))
    'A is ahead in the one rate that can be compared'
    """
    best = _once(rows[rows["standing"] == "best"])
    count = len(best[["kpi", "convention"]].drop_duplicates())
    if not count:
        return "No rate differs between channels that can be compared"
    wins = best.groupby("channel", sort=False).size()
    top = list(wins[wins == wins.max()].index)
    is_all = wins.max() == count
    which = every(count, "rate") if is_all else part_of(int(wins.max()), count, "rate")
    verb = "are each" if len(top) > 1 else "is"
    return f"{opening(top, 'channel', rows['channel'])} {verb} ahead in {which} that can be compared"


def _once(rows: pd.DataFrame) -> pd.DataFrame:
    """Leave out what another rate of the frame leaves of the whole, as churn does of retention."""
    pairs = list(zip(rows["kpi"], rows["convention"], strict=True))
    cards = {one: find(str(one[0])) for one in pairs}
    formulas = {one: card.conventions.get(one[1], card.formula) for one, card in cards.items()}
    rests = [1 - one for one in formulas.values() if one is not None]
    return rows[pd.Series([formulas[one] not in rests for one in pairs], rows.index, dtype=bool)]


def channel_table(
    rows: pd.DataFrame, groups: Mapping[str, Sequence[str]], channels: Sequence[str], *, title: str,
    subtitle: str, notes: Sequence[str], is_fair: bool, currency: str, language: str,
) -> Html:  # fmt: skip
    """Show each KPI's value by channel, its change below, and who is ahead.

    Parameters
    ----------
    rows
        What `marked` gives.
    groups
        Heading to the KPIs below it, as they are asked for.
    channels
        The columns from left to right; the last one is all together.
    title, subtitle, notes
        The finding, the scope, and the lines below.
    is_fair
        Whether sums can be compared; those of a running period have no change.
    """
    cells = {(asked_name(one["kpi"], one["convention"]), one["channel"]): one
             for one in rows.to_dict("records")}  # fmt: skip
    heads = "".join(f'<th scope="col" style="{_HEAD}">{escape(one)}</th>' for one in channels)
    body, texts = [], [" | ".join(["KPI", *channels])]
    for heading, kpis in groups.items():
        span = f'colspan="{len(channels) + 1}" style="{_GROUP}"'
        body.append(f'<tr><th scope="colgroup" {span}>{escape(heading)}</th></tr>')
        texts.append(heading)
        for kpi in kpis:
            shown = [_cell(cells.get((kpi, one)), is_fair, currency, language, one == channels[-1])
                     for one in channels]  # fmt: skip
            body.append(f'<tr><th scope="row" style="{_NAME}">{escape(label(kpi))}</th>'
                        f"{''.join(html for html, _ in shown)}</tr>")  # fmt: skip
            texts.append(" | ".join([label(kpi), *(text for _, text in shown)]))
    look = "table-layout:auto;border-collapse:separate;border-spacing:2px;margin:0;font-size:13px"
    table = (
        f'<table style="{look}"><thead><tr><th scope="col" style="{_NAME}">KPI</th>{heads}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )
    return frame(title, subtitle, table + below(notes), "\n".join([*texts, *notes]), width=WIDEST)


_PLAIN = "padding:4px 8px;text-align:right;vertical-align:top;white-space:nowrap"
_NAME = f"padding:4px 8px;text-align:left;vertical-align:top;font-weight:normal;color:{THEME.ink}"
_HEAD = "padding:4px 8px;text-align:right;vertical-align:bottom;font-weight:bold"
_GROUP = f"padding:10px 8px 2px;text-align:left;font-weight:bold;border-bottom:1px solid {THEME.line}"
_SMALL = "font-size:11px"


def _cell(
    one: Mapping[str, Any] | None, is_fair: bool, currency: str, language: str, is_whole: bool
) -> tuple[str, str]:
    """Write one cell, as HTML and in plain words."""
    if one is None or pd.isna(one["value"]):
        return f'<td style="{_PLAIN};color:{THEME.dark_grey}">–</td>', "–"
    card = find(str(one["kpi"]))
    value = quantity(one["value"], card.unit, currency=currency, language=language)
    small = []
    if one["standing"] == "few":
        small.append(few_text(one))
    elif is_compared(one) and (is_fair or card.kind != "flow"):
        change = change_text(
            one["value"], one["reference"], one["change_ratio"], card.unit, currency, language
        )
        small.append(change)
    mark = one["standing"] if one["standing"] in LOOKS else ""
    look = f";background:{LOOKS[mark]}" if mark else ""
    look += f";color:{THEME.dark_grey}" if one["standing"] == "few" else ""
    look += ";font-weight:bold" if is_whole else ""
    tone = f"{_SMALL};color:{THEME.dark_grey}"
    tag = f'<span style="{tone}">{mark} </span>' if mark else ""
    under = "".join(f'<div style="{tone};font-weight:normal">{escape(text)}</div>' for text in small)
    text = f"{value} ({', '.join(filter(None, [mark, *small]))})" if mark or small else value
    return f'<td style="{_PLAIN}{look}">{tag}{escape(value)}{under}</td>', text
