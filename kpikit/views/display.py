"""How a view reaches its reader: a picture or a piece of HTML, drawn once, or again after each change."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import Any

from kpikit.views.axes import printable
from kpikit.views.fitting import fitted

__all__ = ["NO_FORMULA", "TABLE_TYPE", "Html", "Picture", "Screen", "Table", "Text", "is_interactive"]
__all__ += ["notice"]

VEGA_LITE = "6.1"
# JupyterLab would read what stands between two dollars as a formula.
NO_FORMULA = 'class="mathjax_ignore"'
TABLE_TYPE = "application/vnd.kpikit.table+json"
"""Under which a picture carries its table: what shows a notebook passes it over, a page writes it out."""


@dataclass(frozen=True)
class Table:
    """The figures of a picture for who cannot see it: texts, as the picture writes them.

    Parameters
    ----------
    headings
        One for each column, with its unit; the first column names its row.
    rows
        The texts of each row.
    title, subtitle
        Those of the picture.
    """

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    subtitle: str = ""

    def data(self) -> dict[str, Any]:
        """Give it as plain values, for the output of a notebook.

        Examples
        --------
        >>> from kpikit.views.display import Table
        >>> Table(("Rep", "Actual (USD)"), (("Ayu", "$120"),), "Revenue").data()["rows"]
        [['Ayu', '$120']]
        """
        told = {"version": 1, "title": self.title, "subtitle": self.subtitle}
        return told | {"headings": list(self.headings), "rows": [list(row) for row in self.rows]}


@dataclass(frozen=True)
class Picture:
    """A chart: its specification, the finding that is its title, a description in words, and its figures.

    In a notebook it is shown as SVG, which needs neither a network nor a script.
    """

    specification: dict[str, Any] = field(repr=False)
    title: str
    description: str
    table: Table | None = field(default=None, repr=False)

    @cached_property
    def svg(self) -> str:
        """The picture as SVG, with title and description for screen readers."""
        import vl_convert

        drawn = vl_convert.vegalite_to_svg(self.specification, vl_version=VEGA_LITE)
        head, rest = drawn.split(">", 1)
        title, description = escape(printable(self.title)), escape(printable(self.description))
        told = f"<title>{title}</title><desc>{description}</desc>"
        return fitted(f'{head} role="img" aria-label="{title}">{told}{rest}')

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle = {"image/svg+xml": self.svg, "text/plain": f"{self.title}\n{self.description}"}
        if self.table is not None:
            bundle[TABLE_TYPE] = self.table.data()
        if not is_interactive():
            # JupyterLab draws no SVG in a notebook that somebody else ran, as papermill does; it draws a PNG.
            bundle["image/png"] = self.png
        return bundle

    @cached_property
    def png(self) -> str:
        """The picture as PNG, in base64."""
        import base64

        import vl_convert

        return base64.b64encode(vl_convert.svg_to_png(self.svg, scale=1.5)).decode()


@dataclass(frozen=True)
class Html:
    """A piece of HTML without scripts or addresses, and the same in plain text."""

    html: str = field(repr=False)
    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/html": self.html, "text/plain": self.text}


@dataclass(frozen=True)
class Text:
    """Plain text, shown as it is."""

    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {"text/plain": self.text}


def notice(text: str) -> Html:
    """Say why there is nothing to show.

    Examples
    --------
    >>> from kpikit.views.display import notice
    >>> notice("No orders in <2026-Q3>.").text
    'No orders in <2026-Q3>.'
    """
    from kpikit.views.theme import THEME

    style = (
        f"font-family:{THEME.font};font-size:14px;color:{THEME.ink};background:{THEME.band};"
        f"border-left:4px solid {THEME.dark_grey};padding:10px 14px;margin:4px 0;max-width:{THEME.width}px"
    )
    return Html(f'<div {NO_FORMULA} style="{escape(style)}">{escape(text)}</div>', text)


class Screen:
    """The places where views are shown; each can be drawn again where it stands."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[Callable[[], Any], Any]] = {}

    def show(self, name: str, draw: Callable[[], Any]) -> None:
        """Draw a view here; a second call for the same view moves it here."""
        from IPython.display import display

        self._places[name] = (draw, display(draw(), display_id=True))

    def draw_again(self) -> None:
        """Draw every view again: all first, so that a fault leaves all as they were."""
        drawn = [(handle, draw()) for draw, handle in self._places.values() if handle is not None]
        for handle, picture in drawn:
            handle.update(picture)


def is_interactive() -> bool:
    """Tell whether a person sits in front: JupyterLab and Voilà, but neither papermill nor nbval.

    JupyterLab lets a cell ask for input, which the batch runners do not; Voilà does not, and has a sign of
    its own.
    """
    if os.environ.get("SERVER_SOFTWARE", "").lower().startswith("voila"):
        return True
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    kernel = getattr(get_ipython(), "kernel", None)
    if kernel is None:
        return False
    request = kernel.get_parent("shell") or {}
    content = request.get("content") or {}
    # An Apply comes as a message of a widget, which only exists where a person sits in front.
    return bool(content.get("allow_stdin")) or request.get("msg_type", "").startswith("comm_")
