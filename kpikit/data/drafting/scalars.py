"""Texts in YAML: a value that reads back as it is, and a comment that stays on its line."""

from __future__ import annotations

import re

__all__ = ["comment", "scalar"]

_PLAIN = re.compile(r"[A-Za-z_](?:[\w ./()%+-]*[\w)%])?", re.ASCII)
_WORDS = frozenset(["y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf"])
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_LONGEST = 160  # letters of a comment


def scalar(text: str) -> str:
    r"""Write a text so that YAML reads it back as it is: plain if it cannot be misread, else in quotes.

    Examples
    --------
    >>> from kpikit.data.drafting.scalars import scalar
    >>> scalar("Order No"), scalar("yes"), scalar("a: b"), scalar("x\ny")
    ('Order No', '"yes"', '"a: b"', '"x\\ny"')
    """
    if _PLAIN.fullmatch(text) and text.casefold() not in _WORDS and "  " not in text:
        return text
    return '"' + "".join(_NAMED.get(one) or _shown(one) for one in text) + '"'


def _shown(letter: str) -> str:
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}"


def comment(text: str) -> str:
    r"""Write a comment on one line, cut where it is long; what would break the line is escaped.

    Examples
    --------
    >>> from kpikit.data.drafting.scalars import comment
    >>> comment("sure: 'a\nb'")
    "# sure: 'a\\nb'"
    """
    shown = "".join(
        one if one.isprintable() else _NAMED.get(one) or _shown(one) for one in text[: _LONGEST * 4]
    )
    return "# " + (shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…")
