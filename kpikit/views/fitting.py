"""A picture wide enough for its texts, whatever font its reader has."""

from __future__ import annotations

import re
from xml.parsers.expat import ExpatError, ParserCreate

from kpikit.views.axes import width_of

__all__ = ["fitted"]

_SPACE = 4.0
_MOVED = re.compile(r"translate\(\s*([-+.\deE]+)[\s,]+([-+.\deE]+)\s*\)")
_BOX = re.compile(r'\bwidth="[^"]*"(.*?)\bviewBox="([^"]*)"', re.DOTALL)


def fitted(svg: str) -> str:
    """Widen a chart's SVG so that no text is cut where the reader's font is wider than the one at hand.

    The library that draws measures texts in the fonts of this machine; a browser elsewhere takes its own.
    A picture that is wide enough stays as it is.

    Examples
    --------
    >>> from kpikit.views.fitting import fitted
    >>> text = '<g transform="translate(90,10)"><text font-size="10px">ten letter</text></g>'
    >>> paper = '<rect width="100" height="20" fill="white"/>'
    >>> wide = fitted(f'<svg width="100" height="20" viewBox="0 0 100 20">{paper}{text}</svg>')
    >>> wide.partition("<g")[0].replace(">", "")
    '<svg width="143.4" height="20" viewBox="0 0 143.4 20"<rect x="0" width="143.4" height="20" fill="white"/'
    """
    found = _BOX.search(svg[: svg.find(">")])
    numbers = [float(one) for one in found[2].split()] if found else []
    texts = _Texts()
    try:
        texts.read(svg)
    except ExpatError:
        return svg
    if found is None or len(numbers) != 4 or not texts.spans:
        return svg
    left, top, width, height = numbers
    first = min(left, *(start - _SPACE for start, _ in texts.spans))
    last = max(left + width, *(end + _SPACE for _, end in texts.spans))
    if first == left and last == left + width:
        return svg
    wide = f"{last - first:g}"
    box = f'width="{wide}"{found[1]}viewBox="{first:g} {top:g} {wide} {height:g}"'
    # The paper is the first rectangle, as wide as the picture was.
    rest = svg[found.end() :].replace(
        f'<rect width="{found[2].split()[2]}"', f'<rect x="{first:g}" width="{wide}"', 1
    )
    return svg[: found.start()] + box + rest


class _Texts:
    """Reads where each line of text begins and ends, in pixels from the left, on the generous side."""

    def __init__(self) -> None:
        self.spans: list[tuple[float, float]] = []
        self._moves: list[float] = [0.0]
        self._words: list[str] = []
        self._style: dict[str, str] = {}
        self._is_turned = False

    def read(self, svg: str) -> None:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._words.append
        parser.Parse(svg.encode("utf-8", "replace"), True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        moved = attributes.get("transform", "")
        found = _MOVED.search(moved)
        self._moves.append(self._moves[-1] + (float(found[1]) if found else 0.0))
        self._words.clear()
        if tag == "text":
            self._style, self._is_turned = attributes, "rotate" in moved

    def _end(self, tag: str) -> None:
        at = self._moves.pop()
        text = "".join(self._words)
        self._words.clear()
        if tag not in ("text", "tspan") or not text or self._is_turned:
            return
        size = float(re.sub(r"[^\d.]", "", self._style.get("font-size", "")) or 12)
        width = width_of(text, size, is_bold=self._style.get("font-weight") in ("bold", "600", "700"))
        before = {"end": 1.0, "middle": 0.5}.get(self._style.get("text-anchor", ""), 0.0)
        self.spans.append((at - before * width, at + (1 - before) * width))
