"""From a run notebook to a page: what was written and what was shown, without code and without a network."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any

from kpikit.reports.drawings import described, inline, table_of
from kpikit.reports.markup import clean, image, text_of
from kpikit.reports.results import MEDIA_TYPE
from kpikit.reports.style import document, made_by
from kpikit.reports.vega import drawn, specification
from kpikit.views.display import TABLE_TYPE

__all__ = ["page"]

# A cell with one of these tags leaves nothing on the page.
LEFT_OUT = frozenset({"parameters", "injected-parameters", "results", "controls", "remove-cell", "hide-cell"})
SVG, PICTURES = "image/svg+xml", ("image/png", "image/jpeg", "image/gif")
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
    is_self_contained: bool = False,
) -> str:
    """Make the page of a run notebook.

    The page loads nothing but the style sheet that `write_assets` writes beside it, and runs no script: its
    own policy forbids both, and what the notebook shows is cleaned.

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
    is_self_contained
        Whether the page holds its style sheet too, so that it can be mailed alone.

    Examples
    --------
    >>> from kpikit.reports.export import page
    >>> cell = {"cell_type": "markdown", "source": "Well *done*", "metadata": {}}
    >>> "<p>Well <em>done</em></p>" in page({"cells": [cell]}, heading="Ayu")
    True
    """
    inside, is_first = _Inside(), True
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
                inside.add(
                    "text", lambda name, text=text: inside.cleaned(_markdown(text, is_ours=True), name)
                )
        elif cell["cell_type"] == "code":
            for output in cell.get("outputs", ()):
                inside.add("output", lambda name, output=output: inside.shown(output, name))
    return document(
        heading=heading,
        kicker=title,
        facts=facts,
        body="\n".join(inside.parts),
        footer=[*notes, made_by()],
        # Who gets one page by mail has no other.
        home="" if is_self_contained else home,
        language=language,
        style="\n".join(inside.styles),
        is_self_contained=is_self_contained,
    )


class _Inside:
    """The inside of a page: its pieces, each with a name of its own, and their style sheets."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.styles: list[str] = []

    def add(self, kind: str, make: Callable[[str], str]) -> None:
        name = f"o{len(self.parts) + 1}"
        if html := make(name):
            self.parts.append(f'<div class="{kind}" id="{name}">{html}</div>')

    def cleaned(self, html: str, name: str) -> str:
        html, style = clean(html, name)
        if not text_of(html):
            return ""
        if style:
            self.styles.append(style)
        # What is too wide is scrolled, by keys too.
        if "<table" in html:
            return f'<div class="scroll" role="group" aria-label="Table" tabindex="0">{html}</div>'
        return html

    def shown(self, output: Mapping[str, Any], name: str) -> str:
        kind = output["output_type"]
        if kind == "stream":
            # What goes to stderr is for who runs the notebook.
            return _plain(_joined(output["text"])) if output.get("name") == "stdout" else ""
        if kind == "error" and output["ename"] == "SystemExit" and output["evalue"] in ("", "0"):
            return ""  # `sys.exit()` is no error
        if kind == "error":
            return _plain(f"{output['ename']}: {output['evalue']}")
        data = output.get("data", {})
        return "" if WIDGET in data or MEDIA_TYPE in data else self._richest(data, name)

    def _richest(self, data: Mapping[str, Any], name: str) -> str:
        text = _joined(data.get("text/plain", ""))
        if shown := self._picture(data, text, name):
            return shown + table_of(data.get(TABLE_TYPE), name)
        if "text/html" in data and (shown := self.cleaned(_joined(data["text/html"]), name)):
            return shown
        if "text/markdown" in data:
            return self.cleaned(_markdown(_joined(data["text/markdown"]), is_ours=False), name)
        return _plain(text)

    def _picture(self, data: Mapping[str, Any], text: str, name: str) -> str:
        svg = _joined(data.get(SVG, ""))
        if not svg and not any(kind in data for kind in PICTURES) and (chart := specification(data)):
            svg = drawn(*chart)
        fallback = ("" if text.startswith("<") else _bare(text)) or "Chart"
        if svg:
            told = inline(svg, name, has_table=TABLE_TYPE in data)
            return told or image(SVG, svg, described(svg) or fallback)
        for kind in PICTURES:
            if kind in data:
                return image(kind, _joined(data[kind]), fallback)
        return ""


def _joined(source: str | Sequence[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _plain(text: str) -> str:
    text = _bare(text)
    return f"<pre>{escape(text)}</pre>" if text.strip() else ""


def _bare(text: str) -> str:
    """Take the colours of a terminal out of a text."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


def _markdown(text: str, *, is_ours: bool) -> str:
    # An author's cell may hold HTML; in the text of an output it is text. Both are cleaned afterwards.
    return _reader(is_ours).render(text)


@cache
def _reader(is_html_allowed: bool) -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": is_html_allowed}).enable(["table", "strikethrough"])
