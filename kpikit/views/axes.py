"""Axes whose labels are written by language: ticks are chosen here, and each has its text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

__all__ = ["apart", "elide", "labels", "printable", "shorten", "spaced", "ticks", "width_of", "wrap"]

# Pixels between the texts of two ticks, at least.
BETWEEN = 8
# No XML can hold them, and the library that draws ends the process where it meets one.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def ticks(low: float, high: float, most: int = 6, *, is_whole: bool = False) -> list[float]:
    """Choose round ticks from zero, or from below it, to the largest value or beyond.

    `is_whole` keeps to whole numbers, for what is counted.

    Examples
    --------
    >>> from kpikit.views.axes import ticks
    >>> ticks(0, 93)
    [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    >>> ticks(-3, 0)
    [-3.0, -2.0, -1.0, 0.0]
    >>> ticks(0, 2, is_whole=True)
    [0.0, 1.0, 2.0]
    """
    low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        return [0.0, 1.0]
    rough = (high - low) / (most - 1)
    power = 10.0 ** math.floor(math.log10(rough))
    # No step of 2.5: $1.25M would be written $1.3M.
    step = next(power * size for size in (1, 2, 5, 10) if power * size >= rough * 0.999)
    step = max(step, 1.0) if is_whole else step
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def spaced(
    low: float, high: float, width: float, write: Callable[[float], str], *, is_whole: bool = False
) -> list[float]:
    """Choose ticks whose texts stand side by side along so many pixels: fewer where they are long.

    Examples
    --------
    >>> from kpikit.views.axes import spaced
    >>> spaced(0, 93, 300, lambda value: f"{value:.0f}")
    [0.0, 50.0, 100.0]
    >>> spaced(0, 93, 130, lambda value: f"{value:.0f} thousand")
    [0.0, 100.0]
    """
    for most in (5, 4, 3, 2):
        values = ticks(low, high, most, is_whole=is_whole)
        sizes = [width_of(write(value)) for value in values]
        step = width / max(len(values) - 1, 1)
        if all((one + other) / 2 + BETWEEN <= step for one, other in pairwise(sizes)):
            break
    return values


def labels(values: Sequence[float], write: Callable[[float], str]) -> dict[str, Any]:
    """Give the part of an axis that writes these ticks and no others."""
    # `<` stays escaped, so that the specification can stand in a page.
    texts = json.dumps([write(value) for value in values]).replace("<", "\\u003c")
    places = json.dumps(list(values))
    nearest = f"indexof({places}, datum.value)"
    return {"values": list(values), "labelExpr": f"{texts}[{nearest}]"}


def width_of(text: str, size: float = 12, *, is_bold: bool = False) -> float:
    """Estimate the width of a text in pixels, on the generous side: in the widest of the usual fonts.

    Examples
    --------
    >>> from kpikit.views.axes import width_of
    >>> round(width_of("Revenue", 10)), round(width_of("Revenue", 10, is_bold=True))
    (46, 51)
    """
    return sum(map(_letter, text)) * size * (1.12 if is_bold else 1.0)


def _letter(one: str) -> float:
    """Give the width of a letter as a part of the font's size, about as in DejaVu Sans."""
    if one in " .,:;'|!ijlIJ/\\·()[]-ftr":
        return 0.4
    if one in "mwMW%@+−=<>~…—●▲▼►◊○×":
        return 1.0 if one in "mMW@%…—" else 0.84
    if ord(one) > 0x2E80:
        return 1.0
    return 0.75 if one.isupper() else 0.635


def shorten(text: str, width: float, size: float = 12) -> str:
    """Shorten a text so that it fits a width in pixels.

    Examples
    --------
    >>> from kpikit.views.axes import shorten
    >>> shorten("Revenue of all", 60), shorten("Revenue", 60)
    ('Revenu…', 'Revenue')
    """
    if width_of(text, size) <= width:
        return text
    while text and width_of(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def elide(text: str, most: int = 44) -> str:
    """Shorten what would leave no room for the chart."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def printable(text: str) -> str:
    r"""Write a text so that a picture can hold it: a blank for ends of lines, a mark for what has no sign.

    Examples
    --------
    >>> from kpikit.views.axes import printable
    >>> printable("a\nb\x07"), printable("日本 é")
    ('a b\ufffd', '日本 é')
    """
    return _UNPRINTABLE.sub(lambda one: " " if one[0].isspace() else "\ufffd", text)


def wrap(text: str, size: float, width: float, *, is_bold: bool = False) -> list[str]:
    """Break a text into lines that fit a width."""
    lines: list[str] = [""]
    for word in printable(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer, size, is_bold=is_bold) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def apart(places: Sequence[float], least: float) -> list[float]:
    """Move labels apart that would stand on each other, and keep their order.

    Examples
    --------
    >>> from kpikit.views.axes import apart
    >>> apart([10, 12, 40], 16)
    [3.0, 19.0, 40.0]
    """
    order = sorted(range(len(places)), key=lambda at: places[at])
    groups: list[list[int]] = []
    centre: list[float] = []
    for at in order:
        groups.append([at])
        centre.append(float(places[at]))
        while len(groups) > 1 and centre[-1] - centre[-2] < least * (len(groups[-1]) + len(groups[-2])) / 2:
            joined = groups[-2] + groups[-1]
            groups[-2:], centre[-2:] = [joined], [sum(places[one] for one in joined) / len(joined)]
    moved = [0.0] * len(places)
    for middle, group in zip(centre, groups, strict=True):
        for number, at in enumerate(group):
            moved[at] = middle + (number - (len(group) - 1) / 2) * least
    return moved
