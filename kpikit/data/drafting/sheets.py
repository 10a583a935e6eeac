"""A file with what its columns hold, and how its ids meet those of other files."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from kpikit.data.drafting.contents import Contents, contents_of, squash
from kpikit.data.drafting.names import entities_of
from kpikit.data.drafting.starts import Start

__all__ = ["Line", "Sheet", "overlap", "sheet_of"]

_WHOLE = re.compile(r"-?\d+\.0")
_BOOLS = frozenset({"true", "false", "yes", "no", "0", "1", "0.0", "1.0", "y", "n", "ya", "tidak", "t", "f"})


@dataclass
class Line:
    """A column of the contract in a draft: where it comes from, how sure that is, and why.

    `how` is columns, compute, constants or asks (nothing is mapped: the question stands alone).
    """

    column: str
    source: str
    level: str = "guess"
    why: str = ""
    question: str = ""
    how: str = "columns"


@dataclass(eq=False)
class Sheet:
    """A file, or a sheet or table of one: its name, its start, and the contents of each column."""

    name: str
    file: str
    start: Start
    contents: dict[str, Contents]
    entities: list[str]
    _keys: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def headers(self) -> list[str]:
        """The columns whose names stand once."""
        return list(self.contents)

    @cached_property
    def squashed(self) -> dict[str, str]:
        """Each header by what is left of it however it is written; the first of those that are alike."""
        found: dict[str, str] = {}
        for header in self.contents:
            found.setdefault(squash(header), header)
        return found

    def keys(self, header: str) -> Counter[str]:
        """Count the values of a column as ids: `2.0` is `2` in a column of whole numbers."""
        if header not in self._keys:
            counts = self.contents[header].counts
            if any(one.endswith(".0") for one in counts) and self.contents[header].numbers.is_whole:
                shorter: Counter[str] = Counter()
                for one, count in counts.items():
                    shorter[one[:-2] if _WHOLE.fullmatch(one) else one] += count
                counts = shorter
            self._keys[header] = counts
        return self._keys[header]

    def joined(self, headers: tuple[str, ...]) -> Counter[str]:
        """Count the texts that columns make when they are written one behind the other."""
        parts = [self.start.columns[header] for header in headers]
        return Counter(" ".join(row) for row in zip(*parts, strict=True) if all(row))

    def is_switch(self, header: str) -> bool:
        """Say whether a column holds yes and no alone."""
        counts = self.contents[header].counts
        return 0 < len(counts) <= 2 and all(one.casefold() in _BOOLS for one in counts)


def sheet_of(file: str, start: Start) -> Sheet:
    """Look at the columns of a file."""
    contents = {
        header: contents_of(values, are_numbers=header in start.numbers)
        for header, values in start.columns.items()
    }
    name = f"{file} ({start.part})" if start.part else file
    return Sheet(name, file, start, contents, entities_of(start.title or start.path.stem))


def overlap(ids: Counter[str], keys: Counter[str]) -> float:
    """Give the share of rows whose id stands among the keys.

    Examples
    --------
    >>> from collections import Counter
    >>> from kpikit.data.drafting.sheets import overlap
    >>> overlap(Counter({"A": 3, "B": 1}), Counter("AC"))
    0.75
    """
    total = sum(ids.values())
    return sum(count for one, count in ids.items() if one in keys) / total if total else 0.0
