"""Values that cannot be what their column holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

__all__ = ["Bad", "refuse", "shown"]


@dataclass(frozen=True, eq=False)
class Bad:
    """Values of a column that cannot be used: which, by which check, what is wrong, what to do.

    Parameters
    ----------
    check
        A name of `kpikit.data.findings.CHECKS`.
    wrong
        A boolean for each row.
    fault, hint
        The end of a sentence that starts with the value, and what to do.

    Examples
    --------
    >>> import numpy as np
    >>> from kpikit.data.values import Bad
    >>> bad = Bad("unparseable_date", np.array([False, True, True]), "is not a date", "")
    >>> bad.place, bad.count
    (1, 2)
    """

    check: str
    wrong: np.ndarray
    fault: str
    hint: str

    @property
    def place(self) -> int:
        """The first such row."""
        return int(self.wrong.argmax())

    @property
    def count(self) -> int:
        """The number of such rows."""
        return int(self.wrong.sum())


def refuse(bads: list[Bad], check: str, wrong: np.ndarray, fault: str, hint: str) -> bool:
    """Note values that cannot be used, if there are any; values that were noted before are not told twice."""
    for bad in bads:
        wrong = wrong & ~bad.wrong
    if wrong.any():
        bads.append(Bad(check, wrong, fault, hint))
        return True
    return False


def shown(values: pa.ChunkedArray, place: int) -> str:
    """Show a value on one line, cut where it is long."""
    text = repr(str(values[place].as_py()))[1:-1]
    return text if len(text) <= 60 else f"{text[:60]}…"
