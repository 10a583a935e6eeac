"""Charts of a notebook's own, given as Vega or Vega-Lite: drawn by a child, which may fail."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

__all__ = ["drawn", "specification"]

_KIND = re.compile(r"application/vnd\.(vega|vegalite)\.v(\d+)(?:\.\d+)*(?:\+json|\.json)")
_MOST_BYTES, _SECONDS = 5_000_000, 30.0
# No address is allowed: a chart that loads its data has none in a page that loads nothing.
_DRAW = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
import vl_convert
kind, chart = json.load(sys.stdin.buffer)
if kind == "vega":
    svg = vl_convert.vega_to_svg(chart, allowed_base_urls=[])
else:
    svg = vl_convert.vegalite_to_svg(chart, allowed_base_urls=[])
sys.stdout.buffer.write(svg.encode())
"""


def specification(data: Mapping[str, Any]) -> tuple[str, Any] | None:
    """Find a chart among the kinds of an output: `vega` or `vegalite`, and its specification.

    Examples
    --------
    >>> from kpikit.reports.vega import specification
    >>> specification({"text/plain": "Chart", "application/vnd.vegalite.v6.json": {"mark": "bar"}})
    ('vegalite', {'mark': 'bar'})
    """
    for kind, content in data.items():
        if found := _KIND.fullmatch(kind):
            return found[1], content
    return None


def drawn(kind: str, chart: Any, *, seconds: float = _SECONDS) -> str:
    """Draw a chart as SVG; give an empty text for one that cannot be drawn, or not in time.

    Parameters
    ----------
    kind, chart
        What `specification` gives.
    seconds
        How long it may take.

    Examples
    --------
    >>> from kpikit.reports.vega import drawn
    >>> drawn("vegalite", {"mark": "bar", "data": {"url": "https://example.com/a.csv"}})
    ''
    """
    try:
        asked = json.dumps([kind, chart]).encode()
    except (TypeError, ValueError, RecursionError):
        return ""
    if not isinstance(chart, dict) or len(asked) > _MOST_BYTES or _loads(chart):
        return ""
    command = [sys.executable, "-c", _DRAW, json.dumps(sys.path)]
    try:
        # What draws can be made to run for ever, or out of memory: then the child ends, and no more.
        done = subprocess.run(command, input=asked, capture_output=True, timeout=seconds, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _loads(part: Any) -> bool:
    """Tell whether a chart names data, or a picture, that it would load."""
    if isinstance(part, Mapping):
        return any(
            (name in ("url", "href") and isinstance(value, str)) or _loads(value)
            for name, value in part.items()
            if name not in ("values", "datasets")
        )
    return isinstance(part, list) and any(map(_loads, part))
