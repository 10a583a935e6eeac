"""Where rows come from, and the book in which everything that is found in them is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from kpikit.data.findings import Example, Finding
from kpikit.data.sources.source import Source
from kpikit.errors import DataError

__all__ = ["Ledger", "Origin"]

_MOST_EXAMPLES = 20
_DONE = {"set_null": "set to null", "drop_row": "left out"}


@dataclass
class Origin:
    """Where each row of a table comes from: its source, and its number there (from 0).

    `parts` gives the place of each row's source; None where there is one source.
    """

    sources: list[Source]
    numbers: np.ndarray
    parts: np.ndarray | None = None

    def take(self, rows: np.ndarray) -> Origin:
        """Keep some rows, by a boolean for each or by their places."""
        return Origin(self.sources, self.numbers[rows], None if self.parts is None else self.parts[rows])

    def places(self, rows: np.ndarray) -> list[tuple[Source, str]]:
        """Name source and line of rows, given by their places."""
        found: list[tuple[Source, str]] = [(self.sources[0], "")] * len(rows)
        parts = np.zeros(len(rows), int) if self.parts is None else self.parts[rows]
        for part in np.unique(parts):
            here = np.flatnonzero(parts == part)
            source = self.sources[int(part)]
            for place, line in zip(here, source.lines(self.numbers[rows[here]]), strict=True):
                found[place] = (source, line)
        return found

    def fault(self, row: int, fault: str, allowed: str = "", hint: str = "") -> DataError:
        """Make the error that tells a fault of one row."""
        source = self.sources[0 if self.parts is None else int(self.parts[row])]
        return source.fault(int(self.numbers[row]), fault, allowed, hint)

    @staticmethod
    def joined(origins: Sequence[Origin]) -> Origin:
        """Put the rows of several parts one after the other."""
        if len(origins) == 1:
            return origins[0]
        sources: list[Source] = []
        parts = []
        for origin in origins:
            own = np.zeros(len(origin.numbers), "int32") if origin.parts is None else origin.parts
            parts.append(own + len(sources))
            sources += origin.sources
        return Origin(sources, np.concatenate([one.numbers for one in origins]), np.concatenate(parts))


@dataclass
class Ledger:
    """What is found while a dataset is read and checked.

    Parameters
    ----------
    accept
        Check to `set_null` or `drop_row`: errors that are let through, and counted.
    is_strict
        Whether an error that is not accepted stops at once; otherwise it is noted, and checking goes on.
    """

    accept: Mapping[str, str] = field(default_factory=dict)
    is_strict: bool = True
    findings: list[Finding] = field(default_factory=list)

    def goes_on(self, check: str) -> bool:
        """Say whether reading goes on after an error."""
        return check in self.accept or not self.is_strict

    def meet(
        self,
        check: str,
        table: str,
        origin: Origin,
        wrong: np.ndarray,
        fault: str,
        allowed: str = "",
        hint: str = "",
        value: Callable[[int], str] | None = None,
    ) -> str | None:
        """Meet an error in the rows that are marked.

        Returns
        -------
        str or None
            What the mapping says is to be done with these rows: `set_null`, `drop_row` or nothing.

        Raises
        ------
        DataError
            If the error is not accepted and the ledger is strict.
        """
        action = self.accept.get(check)
        if action is None and self.is_strict:
            error = origin.fault(int(wrong.argmax()), fault, allowed, hint)
            error.check = check
            raise error
        message = f"{fault}: {_DONE[action]}" if action else ". ".join(filter(None, [fault, allowed]))
        self.tell(check, table, message, origin, wrong, value, "accepted" if action else "error", hint)
        return action

    def tell(
        self,
        check: str,
        table: str,
        message: str,
        origin: Origin,
        rows: np.ndarray,
        value: Callable[[int], str] | None = None,
        severity: str = "warning",
        hint: str = "",
    ) -> None:
        """Note something about rows: marked by a boolean for each, or given by their places."""
        is_marked = rows.dtype == bool
        count = int(rows.sum()) if is_marked else len(rows)
        first = np.flatnonzero(rows)[:_MOST_EXAMPLES] if is_marked else rows[:_MOST_EXAMPLES]
        examples = tuple(
            Example(source.name, line, value(int(row)) if value else "")
            for row, (source, line) in zip(first, origin.places(first), strict=True)
        )
        self.findings.append(Finding(check, table, count, message, severity, hint, examples))

    def note(self, check: str, table: str, rows: int, message: str, severity: str = "warning") -> None:
        """Note something that no single rows can be named for."""
        self.findings.append(Finding(check, table, rows, message, severity))
