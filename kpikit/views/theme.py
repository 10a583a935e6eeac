"""The one look of all views: colours, sizes, symbols, and the theme of the charts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["STATUS", "THEME", "Theme", "symbol"]


@dataclass(frozen=True)
class Theme:
    """Colours that stay apart for the colour-blind and in grey print, and sizes in pixels."""

    accent: str = "#1f5fa8"
    grey: str = "#c3c8cf"
    dark_grey: str = "#566070"
    ink: str = "#1f2328"
    paper: str = "#ffffff"
    band: str = "#eef3f9"
    line: str = "#e3e6ea"
    good: str = "#1f5fa8"
    bad: str = "#a8430b"
    font: str = "Arial, 'Liberation Sans', Helvetica, 'DejaVu Sans', sans-serif"
    width: int = 840
    text: int = 12
    title: int = 17

    def config(self) -> dict[str, Any]:
        """Give the part of a chart's specification that is the same in all charts."""
        label = {"labelColor": self.ink, "labelFontSize": self.text, "labelLimit": 0}
        title = {"titleColor": self.dark_grey, "titleFontSize": self.text, "titleFontWeight": "normal"}
        plain = {"domain": False, "ticks": False, "gridColor": self.line, "labelPadding": 6}
        # Each label stands at its line, the outer ones too.
        plain |= {"labelFlush": False}
        return {
            "background": self.paper,
            "padding": {"left": 8, "top": 8, "right": 12, "bottom": 8},
            "font": self.font,
            "view": {"stroke": None},
            "axis": label | title | plain,
            "text": {"color": self.ink, "fontSize": self.text},
            "title": {
                "anchor": "start",
                "frame": "bounds",
                "color": self.ink,
                "fontSize": self.title,
                "fontWeight": "bold",
                "lineHeight": self.title + 5,
                "subtitleColor": self.dark_grey,
                "subtitleFontSize": self.text + 1,
                "subtitleLineHeight": self.text + 5,
                "subtitlePadding": 5,
                "offset": 14,
            },
        }


THEME = Theme()

# A status is told by a symbol and its word; the colour only repeats it. The symbols are in every usual font.
STATUS: dict[str, tuple[str, str]] = {
    "reached": ("●", "good"),
    "on pace": ("►", "good"),
    "behind": ("◊", "bad"),
    "at risk": ("▼", "bad"),
    "missed": ("×", "bad"),
    "not started": ("○", "none"),
    "too early": ("○", "none"),
    "no deadline": ("–", "none"),
    "not available": ("–", "none"),
}


def symbol(status: str) -> str:
    """Give the symbol of a status."""
    return STATUS.get(status, ("–", "none"))[0]
