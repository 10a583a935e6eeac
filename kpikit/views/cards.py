"""KPI cards: the value, what it was before, and whether that is better or worse, in words."""

from __future__ import annotations

from html import escape

import pandas as pd

from kpikit.kpis.catalog import find
from kpikit.language import MISSING, number, percent, points, quantity, signed
from kpikit.views.axes import width_of
from kpikit.views.display import NO_FORMULA, Html
from kpikit.views.theme import THEME
from kpikit.views.words import DOWN, LEVEL, UP, asked_name, label, reasons, share_text

__all__ = ["NOT_COMPARED", "cards", "change_text", "points_text", "verdict"]

NOT_COMPARED = "not compared"
LARGE, SIDE = 24, 12
SMALL = 0.0005  # written with one decimal it would be nothing
MANY_TIMES = 9.0  # from ten times as much on, nobody counts in per cent


def change_text(
    value: float, reference: float, change_ratio: float, unit: str, currency: str, language: str
) -> str:
    """Write a change: shares in points, the rest in per cent of the reference, or in its unit.

    Examples
    --------
    >>> from kpikit.views.cards import change_text
    >>> change_text(112.0, 100.0, 0.12, "money", "USD", "en")
    '▲ +12%'
    >>> change_text(2500.0, 100.0, 24.0, "money", "USD", "en")
    '▲ 25 times as much'
    >>> change_text(0.3, 0.35, -0.14, "share", "", "en")
    '▼ −5.0 points'
    >>> change_text(3.9001, 3.9, 0.000026, "years", "", "en")
    '▲ under 0.1%'
    """
    if pd.isna(value) or pd.isna(reference):
        return MISSING
    change = value - reference
    if change == 0:
        return f"{LEVEL} unchanged"
    if unit == "share":
        text = points_text(change, language)
    elif abs(change_ratio) < SMALL:
        # An arrow never stands before nothing at all.
        text = f"under {number(0.1, language, 1)}%"
    elif pd.isna(change_ratio):
        text = signed(change, lambda v: quantity(v, unit, currency=currency, language=language))
    elif change_ratio >= MANY_TIMES:
        text = f"{number(1 + change_ratio, language)} times as much"
    else:
        # A change too small for a whole per cent gets a decimal, so that an arrow never stands before 0%.
        places = 0 if abs(change_ratio) >= 0.0095 else 1
        text = signed(change_ratio, lambda v: percent(v, language, places))
    return f"{UP if change > 0 else DOWN} {text}"


def points_text(change: float, language: str = "en") -> str:
    """Write in points how far a share moved; what moved a little did not move by nothing.

    Examples
    --------
    >>> from kpikit.views.cards import points_text
    >>> points_text(-0.05), points_text(0.0004)
    ('−5.0 points', 'under 0.1 points')
    """
    if 0 < abs(change) < SMALL:
        return f"under {points(0.001, language).lstrip('+')}"
    return points(change, language)


def verdict(kpi: str, change: float) -> str:
    """Say whether a change is better or worse, by the KPI's direction.

    Examples
    --------
    >>> from kpikit.views.cards import verdict
    >>> verdict("revenue", 1.0), verdict("sales_cycle_days", 1.0), verdict("revenue", 0.0)
    ('better', 'worse', 'unchanged')
    """
    if pd.isna(change):
        return ""
    if not change:
        return "unchanged"
    is_higher_better = find(kpi.partition(":")[0]).is_higher_better
    return "better" if (change > 0) == is_higher_better else "worse"


def cards(
    figures: pd.DataFrame, *, title: str, reference: str, currency: str, language: str,
    around: pd.DataFrame | None = None, around_name: str = "", is_fair: bool = True, subtitle: str = "",
    note: str = "",
) -> Html:  # fmt: skip
    """Show each KPI of a frame of `measure` as a card.

    Parameters
    ----------
    figures
        One row for each KPI, without dimensions.
    title, reference
        What the cards show, and the name of the period of comparison.
    around, around_name
        The same KPIs of those around the member, and what they are called.
    is_fair
        Whether sums can be compared; a running period is not judged against a whole one.
    subtitle
        What the title does not say: for whom, in which scope, as of which day.
    note
        A line below the cards.
    """
    shown, texts = [], list(filter(None, [title, subtitle]))
    others = {} if around is None else dict(zip(_keys(around), around["value"], strict=True))
    for key, one in zip(_keys(figures), figures.to_dict("records"), strict=True):
        unit = find(one["kpi"]).unit
        value = quantity(one["value"], unit, currency=currency, language=language)
        lines = _lines(one, unit, reference, currency, language, is_fair)
        if not pd.isna(others.get(key)):
            lines.append((_beside(one, unit, others[key], around_name, currency, language), THEME.dark_grey))
        name = label(asked_name(one["kpi"], one["convention"]))
        shown.append((name, value, lines))
        texts.append("; ".join([f"{name}: {value}", *(text for text, _ in lines)]))
    least = _least_width(len(shown))
    size = _size([value for _, value, _ in shown], least)
    boxes = [_box(*one, size) for one in shown]
    columns = f"repeat(auto-fit,minmax(min({least}px,100%),1fr))"
    grid = f"display:grid;grid-template-columns:{columns};gap:10px"
    outer = f"font-family:{THEME.font};color:{THEME.ink};background:{THEME.paper};padding:8px"
    outer += f";max-width:{THEME.width}px"
    room = 4 if subtitle else 10
    heading = (
        f'<div style="font-size:{THEME.title}px;font-weight:bold;margin:0 0 {room}px">{escape(title)}</div>'
    )
    if subtitle:
        under = f"font-size:{THEME.text + 1}px;color:{THEME.dark_grey};margin:0 0 10px"
        heading += f'<div style="{under}">{escape(subtitle)}</div>'
    inside = f'{heading}<div style="{grid}">{"".join(boxes)}</div>'
    if note:
        inside += f'<div style="font-size:12px;color:{THEME.dark_grey};margin-top:8px">{escape(note)}</div>'
        texts.append(note)
    named = f'{NO_FORMULA} aria-label="{escape(title)}" style="{escape(outer)}"'
    return Html(f"<section {named}>{inside}</section>", "\n".join(texts))


def _keys(figures: pd.DataFrame) -> list[tuple[str, str]]:
    return [
        (kpi, "" if pd.isna(of) else of)
        for kpi, of in zip(figures["kpi"], figures["convention"], strict=True)
    ]


def _least_width(count: int) -> int:
    """Choose the width from which cards break into rows, so that the rows come out even."""
    in_row = count if count <= 5 else -(-count // -(-count // 4))
    return max(150, (THEME.width - 20) // max(1, in_row) - 14)


def _size(values: list[str], width: int) -> int:
    """Choose the size of the values, the same on all cards, at which the longest fits."""
    longest = max((width_of(value, 1, is_bold=True) for value in values), default=0)
    return max(14, min(LARGE, int((width - 2 * SIDE - 4) / longest))) if longest else LARGE


def _lines(
    one: dict[str, object], unit: str, reference: str, currency: str, language: str, is_fair: bool
) -> list[tuple[str, str]]:
    """What a card says below its value, and the colour in which it says it."""
    was = f"{reference}: {quantity(one['reference'], unit, currency=currency, language=language)}"
    if pd.isna(one["value"]):
        why = reasons(one["note"])
        lines = [("; ".join(why) or "no figures", THEME.dark_grey)]
        if reference and not why and not pd.isna(one["reference"]):
            lines.append((was, THEME.dark_grey))
        return lines
    if not reference:
        return []
    if pd.isna(one["reference"]):
        return [(f"{reference}: nothing to compare with", THEME.dark_grey)]
    if pd.isna(one["change"]):
        why = f"{NOT_COMPARED}: the data start within a year of {reference}"
        return [(why, THEME.dark_grey), (was, THEME.dark_grey)]
    if not one["change"]:
        return [(f"{LEVEL} unchanged", THEME.dark_grey), (was, THEME.dark_grey)]
    is_judged = is_fair or find(str(one["kpi"])).kind != "flow"
    told = verdict(str(one["kpi"]), one["change"]) if is_judged else "so far"
    change = change_text(one["value"], one["reference"], one["change_ratio"], unit, currency, language)
    colour = {"better": THEME.good, "worse": THEME.bad}.get(told, THEME.dark_grey)
    return [(f"{change}, {told}", colour), (was, THEME.dark_grey)]


def _beside(one: dict[str, object], unit: str, other: float, name: str, currency: str, language: str) -> str:
    told = quantity(other, unit, currency=currency, language=language)
    # What adds up is a part of the whole; a rate stands beside the whole's rate.
    if find(str(one["kpi"])).kind == "flow" and not pd.isna(one["value"]) and other > 0 and one["value"] >= 0:
        return f"{share_text(one['value'] / other, language)} of {name} ({told})"
    return f"{name}: {told}"


def _box(name: str, value: str, lines: list[tuple[str, str]], size: int) -> str:
    style = f"border:1px solid {THEME.line};border-top:3px solid {THEME.accent};border-radius:4px"
    style += f";padding:10px {SIDE}px"
    below = "".join(
        f'<div style="font-size:12px;line-height:1.4;color:{colour};margin-top:4px">{escape(text)}</div>'
        for text, colour in lines
        if text
    )
    head = f'<div style="font-size:13px;color:{THEME.dark_grey}">{escape(name)}</div>'
    big = f'<div style="font-size:{size}px;font-weight:bold;margin-top:2px">{escape(value)}</div>'
    return f'<div style="{style}">{head}{big}{below}</div>'
