"""Errors that say what is wrong, where, what is allowed, and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = [
    "DataError",
    "KpikitError",
    "NotAvailableError",
    "ParameterError",
    "PeriodError",
    "PlanError",
    "UnknownNameError",
    "listing",
    "suggest",
]


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
        parts = [f"{self.where}: {self.fault}", self.allowed, f"Hint: {self.hint}" if self.hint else ""]
        return " ".join(part if part[-1] in ".?!" else part + "." for part in parts if part)


class DataError(KpikitError):
    """A table, a file or a mapping that cannot be used."""


class PeriodError(KpikitError):
    """A period or a date that cannot be read."""


class PlanError(KpikitError):
    """A plan with faults; each stands on its own line of the message."""


class UnknownNameError(KpikitError):
    """A name of a KPI, convention, dimension or member that nobody knows."""


class ParameterError(KpikitError):
    """An option or a parameter outside of what is allowed."""


class NotAvailableError(KpikitError):
    """A quantity that these data cannot give."""


def suggest(name: str, names: Iterable[str]) -> str:
    """Name the nearest known name, as the end of an error's sentence, or nothing.

    Examples
    --------
    >>> from kpikit.errors import suggest
    >>> suggest("revenu", ["revenue", "win_rate"])
    "Did you mean 'revenue'?"
    >>> suggest("zzz", ["revenue"])
    ''
    """
    near = difflib.get_close_matches(str(name), [str(n) for n in names], n=1, cutoff=0.6)
    return f"Did you mean '{near[0]}'?" if near else ""


def listing(names: Iterable[object], most: int = 12) -> str:
    """Join names for a message, cutting a long list.

    Examples
    --------
    >>> from kpikit.errors import listing
    >>> listing(["a", "b", "c"], most=2)
    'a, b and 1 more'
    """
    names = [str(n) for n in names]
    if len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"
