"""Texts that a spreadsheet would run as formulas, and how a CSV file keeps it from doing so."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["guarded", "is_run", "unguarded"]

# The full-width ones are those of Japanese keyboards, which Excel takes for the plain ones.
_STARTERS = frozenset("=+-@\t\r\n＝＋－＠")
_QUOTES = frozenset("\"'`‘’“”")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@lru_cache(maxsize=4096)
def is_run(text: str) -> bool:
    """Say whether a spreadsheet that opens a CSV file may take a text for a formula.

    Formulas start with `=`, `+`, `-` or `@`, in Excel also with the full-width forms; a tab or a line end in
    front is left out by some programs, and so are blanks, quotes and signs that cannot be seen. A plain
    number is none, whatever its sign.

    Examples
    --------
    >>> from kpikit.reports.formulas import is_run
    >>> [is_run(text) for text in ("=1+1", " =1+1", "-5.25", "-A1", "Ann=1")]
    [True, True, False, True, False]
    """
    if not text or _NUMBER.fullmatch(text):
        return False
    for letter in text:
        if letter in _STARTERS:
            return True
        # Blanks, controls and formats: nothing of these is seen in front of what follows.
        if letter not in _QUOTES and unicodedata.category(letter) not in ("Zs", "Zl", "Zp", "Cc", "Cf"):
            return False
    return False


def guarded(text: str) -> str:
    """Put an apostrophe in front of a text that a spreadsheet would run, and leave every other as it is.

    References
    ----------
    OWASP, CSV Injection: https://owasp.org/www-community/attacks/CSV_Injection

    Examples
    --------
    >>> from kpikit.reports.formulas import guarded
    >>> guarded("=1+1"), guarded("-12.5"), guarded("Ann")
    ("'=1+1", '-12.5', 'Ann')
    """
    return f"'{text}" if is_run(text) else text


def unguarded(text: str) -> str:
    """Give the text that `guarded` was given; no two texts are guarded alike.

    Examples
    --------
    >>> from kpikit.reports.formulas import unguarded
    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'s")
    ('=1+1', "'=1+1", "'s")
    """
    return text[1:] if text.startswith("'") and is_run(text[1:]) else text
