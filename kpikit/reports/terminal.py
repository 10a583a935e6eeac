"""A terminal that shows what tables hold, and is not steered by it."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from kpikit.errors import visible

__all__ = ["Terminal"]


class Terminal(Console):
    r"""A console that writes control signs of texts as Python does, cells of tables among them.

    Examples
    --------
    >>> from kpikit.reports.terminal import Terminal
    >>> with (terminal := Terminal(width=40)).capture() as said:
    ...     terminal.print("Ann \x1b[31m", markup=False)
    >>> said.get().strip() == r"Ann \x1b[31m"
    True
    """

    def render_str(self, text: str, **options: Any) -> Text:
        """Make a text of what is to be printed."""
        return super().render_str(visible(text), **options)
