"""What values mean: which stages are won and which lost, and which values are one, spelled two ways."""

from __future__ import annotations

import re
from collections import Counter

from kpikit.data.drafting.contents import Contents, squash

__all__ = ["outcomes", "respelled", "unclear"]

_WON = frozenset(
    {
        "won",
        "closedwon",
        "win",
        "menang",
        "dealwon",
        "berhasil",
        "closewon",
        "wonclosed",
        "sukses",
        "ganado",
        "gewonnen",
    }
    | {"tutupmenang", "selesaimenang", "wondeal", "contractsigned", "5won", "6won", "closing"}
)
_LOST = frozenset(
    {
        "lost",
        "closedlost",
        "loss",
        "lose",
        "kalah",
        "gagal",
        "closelost",
        "lostclosed",
        "deallost",
        "tutupkalah",
        "tutupgagal",
    }
    | {"tidakberhasil", "verloren", "lostdeal", "6lost", "7lost"}
)
_EITHER = (
    "cancel",
    "batal",
    "dead",
    "abandon",
    "reject",
    "tolak",
    "disqualif",
    "churn",
    "expired",
    "closed",
    "tutup",
    "selesai",
    "done",
    "deleted",
    "declin",
)
_WON_WORDS, _LOST_WORDS = {"won", "menang"}, {"lost", "kalah", "gagal"}
_NOT = {"not", "no", "non", "never", "tidak", "belum", "bukan", "tak"}
_MOST = 60  # stages that a company has
_LETTERS = 80


def outcomes(contents: Contents) -> dict[str, str] | None:
    """Say which values of a column mean won and which lost; None where it does not tell both.

    Examples
    --------
    >>> from kpikit.data.drafting.contents import contents_of
    >>> from kpikit.data.drafting.stages import outcomes
    >>> outcomes(contents_of(["Closed Won", "Prospecting", "Closed Lost"]))
    {'Closed Won': 'won', 'Closed Lost': 'lost'}
    """
    if not 2 <= len(contents.counts) <= _MOST:
        return None
    found = {one: what for one in contents.counts if (what := _outcome(one))}
    return found if {*found.values()} == {"won", "lost"} else None


def _outcome(value: str) -> str:
    text = squash(value).lstrip("0123456789")
    if text in _WON or text in _LOST:
        return "won" if text in _WON else "lost"
    words = {squash(word) for word in re.split(r"[\W_]+", value)}
    if words & _NOT:
        return ""  # what is not won may be lost or open
    won, lost = bool(words & _WON_WORDS), bool(words & _LOST_WORDS)
    return "" if won == lost else "won" if won else "lost"


def unclear(contents: Contents) -> list[str]:
    """Give the values that may mean closed or open, such as cancelled, or only seem to say how it ended."""
    found = []
    for one in contents.counts:
        text, told = squash(one), _outcome(one)
        is_loose = bool(told) and text.lstrip("0123456789") not in _WON | _LOST
        words = {squash(word) for word in re.split(r"[\W_]+", one)}
        is_denied = bool(words & _NOT) and bool(words & (_WON_WORDS | _LOST_WORDS))
        if is_loose or is_denied or (not told and any(part in text for part in _EITHER)):
            found.append(one)
    return found


def respelled(contents: Contents) -> dict[str, str]:
    """Give values that differ from a more frequent one by case, blanks and signs alone, each with that one.

    Examples
    --------
    >>> from kpikit.data.drafting.contents import contents_of
    >>> from kpikit.data.drafting.stages import respelled
    >>> respelled(contents_of(["GTX Pro", "GTX Pro", "GTXPro", "MG Special"]))
    {'GTXPro': 'GTX Pro'}
    """
    groups: dict[str, Counter[str]] = {}
    for one, count in contents.counts.items():
        if len(one) <= _LETTERS and squash(one):
            # A sign may be the whole difference (C and C++), so only blanks, case and hyphens are overlooked.
            signs = "".join(letter for letter in one if not letter.isalnum() and letter not in " -_.\u00a0")
            groups.setdefault(squash(one) + "\0" + signs, Counter())[one] += count
    found = {}
    for spellings in groups.values():
        if len(spellings) > 1:
            first = max(spellings, key=lambda one: (spellings[one], " " in one, one))
            found |= {one: first for one in spellings if one != first}
    return found
