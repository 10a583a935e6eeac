"""Charts in a page: drawn into it, each mark with its figures where it is pointed at, and nothing active."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from kpikit.views.theme import THEME

__all__ = ["described", "inline", "table_of"]

_SVG = "http://www.w3.org/2000/svg"
# What vl-convert draws with. Anything else, and the picture is shown as an image, in which nothing is active.
_TAGS = """
svg g path rect line circle ellipse polygon polyline text tspan title desc defs clipPath linearGradient
radialGradient stop
"""
_ATTRIBUTES = """
class clip-path clip-rule cx cy d display dominant-baseline dx dy fill fill-opacity fill-rule font-family
font-size font-style font-weight gradientUnits height id offset opacity pointer-events points
preserveAspectRatio r rx ry stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor transform version viewBox width x x1
x2 y y1 y2
"""
TAGS, ATTRIBUTES = frozenset(_TAGS.split()), frozenset(_ATTRIBUTES.split())
# What only a screen reader hears: the picture as a whole says it better.
_DROPPED = frozenset({"aria-hidden", "aria-roledescription", "role"})
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOST_DEEP, _MOST_BYTES = 60, 5_000_000


class _NotOurs(Exception):
    """The picture holds something that a chart does not need."""


def described(svg: str) -> str:
    """Find what an SVG says of itself to a screen reader: its own label, title or description.

    Examples
    --------
    >>> from kpikit.reports.drawings import described
    >>> described('<svg aria-label="Revenue &amp; cost"><title>x</title></svg>')
    'Revenue & cost'
    """
    head = re.search(r"<svg\b[^<>]*>", svg)
    found = re.search(r'\baria-label="([^"]*)"', head[0]) if head else None
    found = (
        found
        or re.search(r"<(?:title|desc)\b[^<>]*>([^<]*)<", svg)
        or re.search(r'\baria-label="([^"]*)"', svg)
    )
    return unescape(found[1]).strip() if found else ""


def inline(svg: str, name: str, *, has_table: bool = False) -> str | None:
    """Write a chart's SVG for the inside of a page, where each mark tells its figures.

    It is read as XML and written anew from a short list of elements and attributes.

    Parameters
    ----------
    svg
        The picture.
    name
        What tells it from the other pictures of the page: its ids begin with it.
    has_table
        Whether a table beside it says what its description says.

    Returns
    -------
    str or None
        None for a picture that holds anything else than a chart needs, such as a link or a style sheet.

    Examples
    --------
    >>> from kpikit.reports.drawings import inline
    >>> head = '<svg xmlns="http://www.w3.org/2000/svg" aria-label="Revenue">'
    >>> mark = '<path role="graphics-symbol" aria-label="Ann: $3" d="M0,0h9"/>'
    >>> inline(f"{head}{mark}</svg>", "o1")
    '<svg role="img" aria-label="Revenue"><path d="M0,0h9"><title>Ann: $3</title></path></svg>'
    >>> inline(f"{head}<script/></svg>", "o1") is None
    True
    """
    if len(svg) > _MOST_BYTES:
        return None
    writer = _Writer(name, described(svg) or "Chart", has_table)
    parser = ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    # No entities: a few of them can stand for a text without end.
    parser.StartDoctypeDeclHandler = writer.refuse
    try:
        parser.Parse(_FORBIDDEN.sub("", svg).encode("utf-8"), True)
    except (_NotOurs, ExpatError):
        return None
    return "".join(writer.parts)


class _Writer:
    """Writes what a parser reads, as far as it is known to be harmless."""

    def __init__(self, name: str, label: str, has_table: bool) -> None:
        self.name, self.label, self.has_table = name, label, has_table
        self.parts: list[str] = []
        self.depth, self.skipped = 0, 0

    def refuse(self, *_: object) -> None:
        raise _NotOurs

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        space, _, tag = tag.rpartition(" ")
        self.depth += 1
        if space not in (_SVG, "") or tag not in TAGS or self.depth > _MOST_DEEP:
            raise _NotOurs
        if (tag == "svg") != (self.depth == 1):
            raise _NotOurs
        # The title of the whole would be shown wherever there is no mark.
        if self.skipped or (tag == "title" and self.depth == 2) or (tag == "desc" and self.has_table):
            self.skipped += 1
            return
        written = "".join(self._attribute(*one) for one in attributes.items())
        if tag == "svg":
            written += f' role="img" aria-label="{escape(self.label)}"'
        self.parts.append(f"<{tag}{written}>")
        told = attributes.get("aria-label", "")
        if told and tag != "svg" and attributes.get("role") == "graphics-symbol" and tag != "g":
            self.parts.append(f"<title>{escape(told)}</title>")

    def end(self, tag: str) -> None:
        self.depth -= 1
        if self.skipped:
            self.skipped -= 1
        else:
            self.parts.append(f"</{tag.rpartition(' ')[2]}>")

    def text(self, text: str) -> None:
        if not self.skipped:
            self.parts.append(escape(text, quote=False))

    def _attribute(self, attribute: str, value: str) -> str:
        if attribute in _DROPPED or attribute == "aria-label":
            return ""
        if (attribute, value) in (("font-family", THEME.font), ("opacity", "1")):
            return ""  # as the style sheet says
        if attribute not in ATTRIBUTES:
            raise _NotOurs
        if attribute == "id":
            value = f"{self.name}-{value}"
        elif "(" in value and attribute != "transform":
            # Of all functions, a colour's, and what leads to a part of this very picture.
            found = re.fullmatch(r"url\(['\"]?#([\w.-]+)['\"]?\)", value.strip())
            if found:
                value = f"url(#{self.name}-{found[1]})"
            elif attribute not in ("fill", "stroke", "stop-color") or not re.fullmatch(
                r"(rgb|rgba|hsl|hsla)\([\d.,%\s/]+\)", value.strip()
            ):
                raise _NotOurs
        elif attribute == "class":
            return ""
        return f' {attribute}="{escape(value)}"'


def table_of(data: Any, name: str) -> str:
    """Write the table that a picture carries, to be opened below it; nothing for what is no such table.

    Examples
    --------
    >>> from kpikit.reports.drawings import table_of
    >>> data = {"title": "Revenue", "subtitle": "", "headings": ["Rep", "Actual"], "rows": [["Ayu", "$120"]]}
    >>> '<th scope="row">Ayu</th><td>$120</td>' in table_of(data, "o1")
    True
    """
    try:
        title, subtitle = str(data["title"]), str(data["subtitle"])
        headings = [str(one) for one in data["headings"]]
        rows = [[str(cell) for cell in row] for row in data["rows"]]
    except (KeyError, TypeError):
        return ""
    if not headings or not rows:
        return ""
    head = "".join(f'<th scope="col">{escape(one)}</th>' for one in headings)
    body = "\n".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(one)}</td>" for one in rest)}</tr>'
        for first, *rest in filter(None, rows)
    )
    under = f' <span class="soft">{escape(subtitle)}</span>' if subtitle else ""
    return (
        f'<details class="figures" id="{name}-table"><summary>Table: {escape(title)}</summary>'
        f'<div class="scroll" role="group" aria-label="Table: {escape(title)}" tabindex="0">'
        f'<table class="plain"><caption>{escape(title)}{under}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div></details>"
    )
