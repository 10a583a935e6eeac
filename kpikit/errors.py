"""Errors that say what is wrong, where, what is allowed, and what to do about it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

__all__ = [
    "DataError",
    "KpikitError",
    "MissingColumnError",
    "NotAvailableError",
    "ParameterError",
    "PeriodError",
    "PlanError",
    "ScheduleError",
    "UnknownNameError",
    "counted",
    "cut",
    "demand",
    "listing",
    "plural",
    "suggest",
    "visible",
    "without_login",
]

LONGEST = 100  # letters of a name that a message shows


class KpikitError(Exception):
    """A fault in what was given to kpikit, told in one sentence or two.

    Parameters
    ----------
    where
        The function or file (with its line) that met the fault.
    fault
        What is wrong.
    allowed
        What is there, or what is allowed.
    hint
        What to do about it.

    Examples
    --------
    >>> from kpikit.errors import KpikitError
    >>> print(KpikitError("load", "column 'outcome' not found in deals.csv", "Columns: deal_id, status"))
    load: column 'outcome' not found in deals.csv. Columns: deal_id, status.
    """

    def __init__(self, where: str, fault: str, allowed: str = "", hint: str = "") -> None:
        self.where, self.fault, self.allowed, self.hint = where, fault, allowed, hint
        super().__init__(where, fault, allowed, hint)

    def __str__(self) -> str:
        # A hint may show how an address is written; the rest quotes what was given.
        told = [without_login(one) for one in (f"{self.where}: {self.fault}", self.allowed)]
        parts = [*told, f"Hint: {self.hint}" if self.hint else ""]
        text = " ".join(part if part[-1] in ".?!" else part + "." for part in parts if part)
        text = re.sub(rf"\S{{{LONGEST * 3},}}", lambda word: cut(word[0]), text)
        return visible(text)


class DataError(KpikitError):
    """A table, a file or a mapping that cannot be used; `check` names the check that found it."""

    check = "cannot_read"


class MissingColumnError(DataError):
    """A column that a table or a mapping needs is not there."""

    check = "missing_column"


class PeriodError(KpikitError):
    """A period or a date that cannot be read."""


class PlanError(KpikitError):
    """A plan with faults; each stands on its own line of the message."""


class ScheduleError(KpikitError):
    """A schedule with faults; each stands on its own line of the message."""


class UnknownNameError(KpikitError):
    """A name of a KPI, convention, dimension or member that nobody knows."""


class ParameterError(KpikitError):
    """An option or a parameter outside of what is allowed."""


class NotAvailableError(KpikitError):
    """A quantity that these data cannot give."""


def demand(where: str, /, **given: tuple[object, type | tuple[type, ...], str]) -> None:
    """Refuse arguments of another kind: name to value, kinds, and what is allowed in words.

    Raises
    ------
    ParameterError
        Naming the first that is of another kind.

    Examples
    --------
    >>> from kpikit.errors import demand
    >>> demand("measure", by=("rep", str, "The name of a dimension"))
    """
    for name, (value, kinds, allowed) in given.items():
        if not isinstance(value, kinds):
            raise ParameterError(where, f"{name} is of the kind {type(value).__name__}", allowed)


def _is_shown(letter: str) -> bool:
    # Control signs would steer a terminal, and halves of a character cannot be written at all.
    return unicodedata.category(letter) not in ("Cc", "Cs")


def visible(text: str) -> str:
    r"""Write the control signs of a text, all but line ends, as Python does.

    Examples
    --------
    >>> from kpikit.errors import visible
    >>> visible("Ann \x1b[31m") == r"Ann \x1b[31m"
    True
    """
    return "".join(one if one == "\n" or _is_shown(one) else repr(one)[1:-1] for one in text)


# One slash is what a path makes of two.
_LOGIN = re.compile(r"(?<![a-zA-Z0-9+.\-])([a-zA-Z][a-zA-Z0-9+.\-]*:/{1,2})[^\s/?#\"'<>]+@")


def without_login(text: str) -> str:
    """Hide user and password in the addresses of a text.

    Examples
    --------
    >>> from kpikit.errors import without_login
    >>> without_login("no answer from postgresql://ann:pw@host/db")
    'no answer from postgresql://***@host/db'
    """
    return _LOGIN.sub(r"\1***@", text)


def suggest(name: str, names: Iterable[str]) -> str:
    """Name the nearest known name, as the end of an error's sentence, or nothing.

    Examples
    --------
    >>> from kpikit.errors import suggest
    >>> suggest("revenu", ["revenue", "win_rate"])
    "Did you mean 'revenue'?"
    >>> suggest("REVENUE", ["revenue", "win_rate"])
    "Did you mean 'revenue'?"
    >>> suggest("zzz", ["revenue"])
    ''
    """
    if len(str(name)) > LONGEST:
        return ""  # no name is that long, and comparing would take its time
    known = [str(n) for n in names]
    near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.6)
    if not near:
        lower = {one.casefold(): one for one in known}
        near = [lower[one] for one in difflib.get_close_matches(str(name).casefold(), lower, n=1, cutoff=0.6)]
    return f"Did you mean '{near[0]}'?" if near else ""


def cut(value: object, most: int = LONGEST) -> str:
    """Write a value for a message, cut where it is long.

    Examples
    --------
    >>> from kpikit.errors import cut
    >>> cut("a long name", most=6)
    'a long…'
    """
    text = str(value)
    return text if len(text) <= most else f"{text[:most]}…"


def counted(count: int, one: str, many: str = "") -> str:
    """Write a number of things, for a message.

    Examples
    --------
    >>> from kpikit.errors import counted
    >>> counted(1, "line has", "lines have"), counted(1200, "row")
    ('1 line has', '1,200 rows')
    """
    return f"{count:,} {one if count == 1 else many or plural(one)}"


def plural(one: str) -> str:
    """Write the name of several units of time, or of other things.

    Examples
    --------
    >>> from kpikit.errors import plural
    >>> plural("quarter"), plural("fiscal half")
    ('quarters', 'fiscal halves')
    """
    return f"{one[:-1]}ves" if one.endswith("half") else f"{one}s"


def listing(names: Iterable[object], most: int = 12) -> str:
    """Join names for a message, cutting a long list.

    Examples
    --------
    >>> from kpikit.errors import listing
    >>> listing(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    names = [cut(n) for n in names]
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
