"""Short lists side by side, under a finding: as HTML without scripts, and in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from kpikit.views.display import NO_FORMULA, Html
from kpikit.views.theme import THEME

__all__ = ["below", "frame", "lists"]


def below(notes: Sequence[str]) -> str:
    """Write lines below a table.

    Examples
    --------
    >>> from kpikit.views.lists import below
    >>> below(["few & far"]).partition(">")[2]
    'few &amp; far</div>'
    """
    style = f"color:{THEME.dark_grey};font-size:{THEME.text}px;margin-top:6px"
    return "".join(f'<div style="{style}">{escape(one)}</div>' for one in notes if one)


def frame(title: str, subtitle: str, inside: str, text: str, *, width: int = THEME.width) -> Html:
    r"""Put a piece of HTML under its finding and what it shows.

    Examples
    --------
    >>> from kpikit.views.lists import frame
    >>> frame("Well done", "2026-Q3", "<p>All</p>", "All").text
    'Well done\n2026-Q3\nAll'
    """
    outer = f"font-family:{THEME.font};color:{THEME.ink};background:{THEME.paper};padding:8px"
    outer += f";max-width:{width}px;overflow-x:auto;font-size:13px"
    under = f"font-size:{THEME.text + 1}px;color:{THEME.dark_grey};margin:4px 0 10px"
    head = f'<div style="font-size:{THEME.title}px;font-weight:bold">{escape(title)}</div>'
    head += f'<div style="{under}">{escape(subtitle)}</div>'
    named = f'{NO_FORMULA} aria-label="{escape(title)}" style="{escape(outer)}"'
    whole = f"<section {named}>{head}{inside}</section>"
    return Html(whole, "\n".join(filter(None, [title, subtitle, text])))


def lists(
    title: str,
    subtitle: str,
    parts: Mapping[str, Sequence[str]],
    *,
    notes: Sequence[str] = (),
    empty: str = "none",
) -> Html:
    """Show lists, each under its own heading.

    Examples
    --------
    >>> from kpikit.views.lists import lists
    >>> print(lists("Ayu: one strength", "2026-Q3", {"Strong": ["Revenue"], "Weak": []}).text)
    Ayu: one strength
    2026-Q3
    Strong
    - Revenue
    Weak
    - none
    """
    boxes, texts = [], []
    for name, lines in parts.items():
        shown = list(lines) or [empty]
        items = "".join(f'<li style="margin:3px 0">{escape(one)}</li>' for one in shown)
        items = f'<ul style="margin:4px 0 0;padding-left:18px;line-height:1.45">{items}</ul>'
        boxes.append(f'<div><div style="font-weight:bold">{escape(name)}</div>{items}</div>')
        texts += [name, *(f"- {one}" for one in shown)]
    grid = "display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:10px 26px"
    inside = f'<div style="{grid}">{"".join(boxes)}</div>{below(notes)}'
    return frame(title, subtitle, inside, "\n".join([*texts, *notes]))
