"""From a run notebook to a page: what was written and what was shown, without code and without a network."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape, unescape
from typing import Any

from kpikit.reports.results import MEDIA_TYPE
from kpikit.reports.style import document, made_by

__all__ = ["page"]

# A cell with one of these tags leaves nothing on the page.
LEFT_OUT = frozenset({"parameters", "injected-parameters", "results", "controls", "remove-cell", "hide-cell"})
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
WIDGET = "application/vnd.jupyter.widget-view+json"


def page(
    notebook: Mapping[str, Any],
    *,
    heading: str,
    title: str = "",
    facts: Sequence[str] = (),
    notes: Sequence[str] = (),
    home: str = "index.html",
    language: str = "en",
) -> str:
    """Make the page of a run notebook.

    The page loads nothing and runs no script: its own policy forbids both.

    Parameters
    ----------
    notebook
        The notebook as nbformat gives it.
    heading
        For whom the report is.
    title
        Which report it is; the notebook's first heading, which the page says once.
    facts
        Period and data, below the heading.
    notes
        What is to be known of the data, at the end of the page.
    home
        Where the link above leads; none where empty.
    language
        The language of the page.

    Examples
    --------
    >>> from kpikit.reports.export import page
    >>> cell = {"cell_type": "markdown", "source": "Well *done*", "metadata": {}}
    >>> "<p>Well <em>done</em></p>" in page({"cells": [cell]}, heading="Ayu")
    True
    """
    parts, is_first = [], True
    for cell in notebook["cells"]:
        if LEFT_OUT & set(cell.get("metadata", {}).get("tags") or ()):
            continue
        if cell["cell_type"] == "markdown":
            text = _joined(cell["source"])
            if is_first:
                # The page has its own first heading.
                text = re.sub(r"\A\s*# .*\n?", "", text)
                is_first = False
            if text.strip():
                parts.append(f'<div class="text">{_markdown(text, is_ours=True)}</div>')
        elif cell["cell_type"] == "code":
            parts += filter(None, map(_output, cell.get("outputs", ())))
    return document(
        heading=heading,
        kicker=title,
        facts=facts,
        body="\n".join(parts),
        footer=[*notes, made_by()],
        home=home,
        language=language,
    )


def _output(output: Mapping[str, Any]) -> str:
    kind = output["output_type"]
    if kind == "stream":
        # What goes to stderr is for who runs the notebook.
        text = _joined(output["text"]) if output.get("name") == "stdout" else ""
        return f'<div class="output"><pre>{escape(_plain(text))}</pre></div>' if text.strip() else ""
    if kind == "error" and output["ename"] == "SystemExit" and output["evalue"] in ("", "0"):
        return ""  # `sys.exit()` is no error
    if kind == "error":
        return f'<div class="output"><pre>{escape(output["ename"])}: {escape(output["evalue"])}</pre></div>'
    data = output.get("data", {})
    if WIDGET in data or MEDIA_TYPE in data:
        return ""
    shown = _richest(data)
    return f'<div class="output">{shown}</div>' if shown else ""


def _richest(data: Mapping[str, Any]) -> str:
    for kind in PICTURES:
        if kind in data:
            return _picture(kind, _joined(data[kind]), _joined(data.get("text/plain", "")))
    if "text/html" in data:
        return _joined(data["text/html"])
    if "text/markdown" in data:
        return _markdown(_joined(data["text/markdown"]), is_ours=False)
    text = _plain(_joined(data.get("text/plain", "")))
    return f"<pre>{escape(text)}</pre>" if text.strip() else ""


def _picture(kind: str, content: str, fallback: str) -> str:
    # As an image, so that pictures do not share ids and nothing inside of one is active.
    coded = content
    description = ""
    if kind == "image/svg+xml":
        coded = base64.b64encode(content.encode("utf-8")).decode("ascii")
        description = _description(content)
    alt = description or ("" if fallback.startswith("<") else fallback) or "chart"
    return f'<img src="data:{kind};base64,{"".join(coded.split())}" alt="{escape(alt)}">'


def _description(svg: str) -> str:
    """What an SVG says of itself to a screen reader: its own label, title or description."""
    head = re.match(r"[^<]*(?:<\?.*?\?>|<!.*?>|\s)*<svg\b[^>]*>", svg, re.DOTALL)
    found = re.search(r'\baria-label="([^"]*)"', head[0]) if head else None
    found = (
        found
        or re.search(r"<(?:title|desc)\b[^>]*>([^<]*)<", svg)
        or re.search(r'\baria-label="([^"]*)"', svg)
    )
    return unescape(found[1]).strip() if found else ""


def _joined(source: str | Sequence[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _plain(text: str) -> str:
    """Take the colours of a terminal out of a text."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def _markdown(text: str, *, is_ours: bool) -> str:
    # An author's cell may hold HTML; the text of an output may hold anything.
    return _reader(is_ours).render(text)


@cache
def _reader(is_html_allowed: bool) -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": is_html_allowed}).enable(["table", "strikethrough"])
