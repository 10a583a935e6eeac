"""Names of folders and files with `{names}` in them: a few known names are put in, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kpikit.errors import cut, listing, suggest

__all__ = ["COMPANY", "MEMBER", "MOST_LETTERS", "RESERVED", "Pattern", "meet", "read_pattern", "slug"]

MEMBER = "member"  # whoever a report is for, of whatever dimension
COMPANY = "company"
MOST_LETTERS = 60
# What a system keeps for its devices, and what stands in each folder of reports.
RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin", "conout", "clock", "index", "results", "run-results"}
    | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)
_NAME = re.compile(r"\{([^{}]*)\}")
_LETTERS = re.compile(r"[A-Za-z0-9 _-]*")


@dataclass(frozen=True)
class Pattern:
    """A name in parts: texts, and the names that something is put in for.

    Parameters
    ----------
    text
        As it is written.
    parts
        Whether a part is a name, and its text.
    """

    text: str
    parts: tuple[tuple[bool, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names that something is put in for."""
        return tuple(text for is_name, text in self.parts if is_name)

    def fill(self, values: Mapping[str, str]) -> str:
        """Put values in, which are safe names themselves; the rest becomes small letters, digits and dashes.

        Examples
        --------
        >>> from kpikit.selection.patterns import read_pattern
        >>> read_pattern("Sales {rep}", ["rep"]).fill({"rep": "rep-ayu-lestari"})
        'sales-rep-ayu-lestari'
        """
        return slug("".join(values[text] if is_name else text for is_name, text in self.parts))

    def ends(self, kind: str) -> tuple[str, str] | None:
        """Give how the names for members of a dimension begin and end; None where there is one name."""
        if kind == COMPANY or not set(self.names) & {kind, MEMBER}:
            return None
        head, tail = self.fill(dict.fromkeys(self.names, f"{kind}-\0")).split("\0")
        return head, tail


def slug(text: str) -> str:
    """Write a text in small letters, with single dashes between its words.

    Examples
    --------
    >>> from kpikit.selection.patterns import slug
    >>> slug("Team_performance - 2026 ")
    'team-performance-2026'
    """
    return re.sub("[ _-]+", "-", text.lower()).strip("-")


def read_pattern(text: object, known: Iterable[str], most_names: int = 9) -> Pattern:
    """Read a pattern.

    Raises
    ------
    ValueError
        If it is no text, is empty or too long, has a name that is not known, or letters that no file should
        have.
    """
    known = list(known)
    if isinstance(text, dict):
        shown = next(iter(text), "rep")
        raise ValueError(f'a text is expected. Hint: write it in quotes: "{{{cut(shown, 40)}}}"')
    if not isinstance(text, str) or not text.strip():
        raise ValueError("a text is expected")
    if len(text) > MOST_LETTERS:
        raise ValueError(f"'{cut(text, 40)}' is too long. At most {MOST_LETTERS} letters")
    parts = tuple(
        (bool(number % 2), one) for number, one in enumerate(_NAME.split(text)) if number % 2 or one
    )
    names = [one for is_name, one in parts if is_name]
    for name in names:
        if name not in known:
            allowed = f"Allowed: {listing('{' + one + '}' for one in known)}, and plain text"
            raise ValueError(
                " ".join(filter(None, [f"no name '{{{cut(name)}}}'.", suggest(name, known), allowed]))
            )
    if len(set(names)) < len(names) or len(names) > most_names:
        raise ValueError(
            f"'{text}' has {'a name twice' if most_names > 1 else 'several names'}. Hint: keep one"
        )
    for is_name, one in parts:
        if not is_name and not _LETTERS.fullmatch(one):
            wrong = next(letter for letter in one if not _LETTERS.fullmatch(letter))
            allowed = "letters from a to z, digits, blanks, - and _"
            raise ValueError(f"{wrong!r} cannot stand in the name of a folder or file. Allowed: {allowed}")
    pattern = Pattern(text, parts)
    filled = pattern.fill(dict.fromkeys(names, "x0"))
    if not filled:
        raise ValueError(f"{text!r} has no letter and no digit")
    if filled in RESERVED:
        raise ValueError(
            f"'{filled}' is a name that systems or kpikit keep for themselves. Hint: another name"
        )
    return pattern


def meet(one: tuple[str, str] | str, other: tuple[str, str] | str) -> bool:
    """Tell whether two patterns can give one name: each a name, or how its names begin and end.

    Examples
    --------
    >>> from kpikit.selection.patterns import meet
    >>> meet(("rep-", ""), "rep-ayu"), meet(("rep-", ""), ("team-", "")), meet(("rep-", ""), ("rep-", "-b"))
    (True, False, True)
    """
    if isinstance(one, str):
        one, other = other, one
    if isinstance(one, str):
        return one == other
    if isinstance(other, str):
        return other.startswith(one[0]) and other.endswith(one[1])
    heads, tails = sorted((one[0], other[0]), key=len), sorted((one[1], other[1]), key=len)
    return heads[1].startswith(heads[0]) and tails[1].endswith(tails[0])
