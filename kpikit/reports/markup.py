"""Markup of anybody's, cleaned for a page: its look stays; what acts, loads or lies over does not."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape

__all__ = ["clean", "image", "text_of"]

_TAGS = """
a abbr b bdi bdo br cite code del dfn em i ins kbd mark q s samp small span strong sub sup time u var wbr
article aside blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img li ol p pre section
summary ul caption col colgroup table tbody td tfoot th thead tr
"""
# Their content goes with them: it is no text.
_EMPTIED = """
script style template iframe object noscript noembed noframes math svg select textarea title xmp audio video
canvas
"""
TAGS, EMPTIED = frozenset(_TAGS.split()), frozenset(_EMPTIED.split())
ATTRIBUTES: Mapping[str, set[str]] = {
    "*": {"aria-describedby", "aria-hidden", "aria-label", "aria-labelledby", "class", "dir", "id", "lang"}
    | {"style", "title"},
    "a": {"href"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "img": {"alt", "height", "src", "width"},
    "ol": {"start", "reversed"},
    "td": {"align", "colspan", "headers", "rowspan", "valign"},
    "th": {"abbr", "align", "colspan", "headers", "rowspan", "scope", "valign"},
    "time": {"datetime"},
}
_IDS = {"aria-describedby", "aria-labelledby", "headers", "id"}

# None of these takes an address, and none lifts a piece out of its place on the page.
_PROPERTIES = """
align-items background background-color border-collapse border-radius border-spacing caption-side color
column-gap display flex flex-direction flex-wrap font-family font-size font-style font-variant-numeric
font-weight gap grid-column grid-row grid-template-columns height justify-content letter-spacing line-height
max-height max-width min-height min-width overflow-wrap row-gap table-layout text-align text-decoration
text-indent text-transform vertical-align white-space width word-break
"""
_SIDES, _EDGES = ("", "-top", "-right", "-bottom", "-left"), ("", "-color", "-style", "-width")
PROPERTIES = frozenset(_PROPERTIES.split()) | {
    *(f"{name}{side}" for name in ("margin", "padding") for side in _SIDES),
    *(f"border{side}{part}" for side in _SIDES for part in _EDGES),
}
# Colours, lengths and words; of functions those that compute. No backslash: it can write any letter.
_VALUE = re.compile(r"[\w\s.,%#'\"!+*/()-]{1,400}")
_FUNCTIONS = frozenset(
    {"calc", "fit-content", "hsl", "hsla", "linear-gradient", "max", "min", "minmax", "repeat", "rgb", "rgba"}
)
_SELECTOR = re.compile(r"[\w\s.#>+~*:()\[\]=\"'-]{1,400}")
# Where an element begins and ends. Nothing is searched to the end from each place: a million openings without
# an end would take hours.
_STYLE = re.compile(r"<style\b[^<>]*>", re.IGNORECASE), re.compile(r"</style\s*>", re.IGNORECASE)
_SVG = re.compile(r"<svg\b", re.IGNORECASE), re.compile(r"</svg\s*>", re.IGNORECASE)
_MOST_DEEP = 200


def clean(html: str, name: str) -> tuple[str, str]:
    """Clean a piece of HTML for a page on which other pieces stand.

    Parameters
    ----------
    html
        The piece, from anybody.
    name
        What tells it from the others: its ids begin with it, and its styles hold below the element of this
        id.

    Returns
    -------
    html : str
        The piece without anything active: no script, no form, no address but links and pictures within.
    style : str
        Its own style sheet, kept to itself.

    Examples
    --------
    >>> from kpikit.reports.markup import clean
    >>> clean('<style>td { color: red }</style><b id="a" onclick="x()">1</b><script>x()</script>', "o1")
    ('<b id="o1-a">1</b>', '#o1 td{color:red}')
    """
    import nh3

    sheets = (html[start.end() : end.start()] for start, end in _elements(html, *_STYLE))
    style = "".join(_scoped(sheet, name) for sheet in sheets)
    # As pictures, in which nothing is active; whatever this makes of the text is cleaned below.
    parts, place = [], 0
    for start, end in _elements(html, *_SVG):
        drawn = image("image/svg+xml", html[start.start() : end.end()], "")
        parts += [html[place : start.start()], drawn]
        place = end.end()
    html = "".join([*parts, html[place:]])
    cleaner = nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(EMPTIED),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute(name),
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    done = cleaner.clean(html)
    # A reader of HTML gives up on what is nested without end.
    if _depth(done) > _MOST_DEEP:
        return "", ""
    # The page has its own first heading.
    return re.sub(r"<(/?)h1\b", r"<\1h2", done), style


def image(kind: str, content: str, alt: str) -> str:
    """Write a picture as an element that loads nothing; an empty text for what is no picture.

    Parameters
    ----------
    kind
        `image/svg+xml` and the SVG, or another kind and its base64.
    content, alt
        The picture, and what it says to who cannot see it.

    Examples
    --------
    >>> from kpikit.reports.markup import image
    >>> image("image/png", "iVBO Rw==", "A & B")
    '<img src="data:image/png;base64,iVBORw==" alt="A &amp; B">'
    >>> image("image/png", '"onerror="x', "")
    ''
    """
    if kind == "image/svg+xml":
        coded = base64.b64encode(content.encode("utf-8", "replace")).decode("ascii")
    else:
        coded = "".join(content.split())
    if not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", coded):
        return ""
    return f'<img src="data:{kind};base64,{coded}" alt="{escape(alt)}">'


def _elements(
    html: str, opening: re.Pattern[str], closing: re.Pattern[str]
) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Find where each element of a kind begins and ends."""
    place = 0
    while (start := opening.search(html, place)) and (end := closing.search(html, start.end())):
        yield start, end
        place = end.end()


def _attribute(name: str) -> Callable[[str, str, str], str | None]:
    def keep(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "style":
            return _declarations(value) or None
        if attribute in _IDS:
            return " ".join(f"{name}-{one}" for one in value.split()) or None
        if attribute == "src":
            return value if re.match(r"data:image/(png|jpeg|gif|webp|svg\+xml);base64,", value) else None
        if attribute == "href":
            if value.startswith("#"):
                return f"#{name}-{value[1:]}"
            return None if re.match(r"\s*data:", value, re.IGNORECASE) else value
        return value

    return keep


def _declarations(text: str) -> str:
    """Keep the declarations that are known to be harmless."""
    kept = []
    for one in _without_comments(text).split(";"):
        name, _, value = one.partition(":")
        name, value = name.strip().lower(), " ".join(value.split())
        if name not in PROPERTIES or not _VALUE.fullmatch(value) or value.count("(") != value.count(")"):
            continue
        functions = re.findall(r"([\w-]*)\s*\(", value)
        if all(function.lower() in _FUNCTIONS for function in functions if function):
            kept.append(f"{name}:{value}")
    return ";".join(kept)


def _scoped(sheet: str, name: str) -> str:
    """Keep the plain rules of a style sheet, and make them hold below one element only."""
    sheet = re.sub("<!--|-->", " ", _without_comments(sheet))
    rules = []
    for rule in _without_at_rules(sheet).split("}")[:-1]:
        before, _, body = rule.rpartition("{")
        selectors = re.split("[{@;]", before)[-1]
        told = _declarations(body)
        parts = [" ".join(part.split()) for part in selectors.split(",")]
        if told and all(part and _SELECTOR.fullmatch(part) for part in parts):
            inner = (re.sub(r"#([\w-]+)", rf"#{name}-\1", part) for part in parts)
            rules.append(f"{','.join(f'#{name} {part}' for part in inner)}{{{told}}}")
    return "\n".join(rules)


def _without_comments(sheet: str) -> str:
    """Take out comments; one that does not end goes on to the end, as browsers read it."""
    first, *others = sheet.split("/*")
    ended = (part.partition("*/") for part in others)
    return "".join([first, *(f" {rest}" for _, end, rest in ended if end)])


def _without_at_rules(sheet: str) -> str:
    """Take out `@media`, `@import` and their like, with all that stands in them."""
    kept, place = [], 0
    while (at := sheet.find("@", place)) >= 0:
        kept.append(sheet[place:at])
        place, depth = at, 0
        while place < len(sheet):
            letter = sheet[place]
            depth += (letter == "{") - (letter == "}")
            place += 1
            if (letter == ";" and not depth) or (letter == "}" and depth <= 0):
                break
    return "".join([*kept, sheet[place:]])


def _depth(html: str) -> int:
    """Count how deep elements stand in each other, in HTML that a serializer has written."""
    deepest = depth = 0
    for closing, tag in re.findall(r"<(/?)([a-z0-9]+)", html):
        if tag in ("br", "col", "hr", "img", "wbr"):
            continue
        depth += -1 if closing else 1
        deepest = max(deepest, depth)
    return deepest


def text_of(html: str) -> str:
    """Give what a reader sees of cleaned HTML without its tags; a picture counts as its tag.

    Examples
    --------
    >>> from kpikit.reports.markup import text_of
    >>> text_of('<div id="o1-plot"><p> </p></div>'), text_of("<b>1</b>")
    ('', '1')
    """
    return re.sub(r"<(?!img)[^>]*>|\s+", " ", html).strip()
