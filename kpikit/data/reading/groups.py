"""Which rows belong to one order: quick where its lines stand together, as exports mostly have them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Groups", "group"]

_LONGEST = 64  # rows of a group that are compared with each other one by one


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows in groups of one key.

    Parameters
    ----------
    keys
        The key of each row.
    starts
        Marks the first row of each group where the rows of each stand one after the other; else None.
    """

    keys: pd.Series
    starts: np.ndarray | None

    @cached_property
    def codes(self) -> np.ndarray:
        """The number of each row's group; -1 without a key."""
        if self.starts is not None:
            return np.cumsum(self.starts, dtype="int32") - 1
        return pd.factorize(self.keys)[0]

    @cached_property
    def first(self) -> np.ndarray:
        """The place of the first row of each row's group."""
        if self.starts is not None:
            return np.flatnonzero(self.starts)[self.codes]
        first = np.unique(self.codes, return_index=True)[1]
        missing = bool(len(self.codes)) and int(self.codes.min()) < 0
        return first[self.codes + missing]

    def differ(self, column: pd.Series) -> np.ndarray | None:
        """Mark the rows whose value is another than on their group's first row; None if there is none."""
        if self.starts is not None and not (changes(column) > self.starts).any():
            return None
        known = pd.factorize(column)[0]
        wrong = (known != known[self.first]) & (self.codes >= 0)
        return wrong if wrong.any() else None

    def repeated(self, bits: np.ndarray) -> np.ndarray:
        """Give the places of rows that share group and bits with another row."""
        if self.starts is not None:
            found = np.zeros(len(bits), dtype=bool)
            follows = ~self.starts
            inside = follows.copy()  # whether a row and that some steps before are of one group
            for step in range(1, _LONGEST):
                if not inside.any():
                    return np.flatnonzero(found)
                same = inside[step:] & (bits[step:] == bits[:-step])
                found[step:] |= same
                found[:-step] |= same
                inside[1:] = inside[:-1] & follows[1:]
        mixed = pd.Series(self.codes.astype("int64") * np.int64(0x9E3779B97F4A7C1) ^ bits)
        return np.flatnonzero(mixed.duplicated(keep=False).to_numpy())


def group(keys: pd.Series) -> Groups:
    """Put rows into groups of one key.

    Parameters
    ----------
    keys
        Texts; null where a row has none.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.reading.groups import group
    >>> group(pd.Series(["a", "a", "b", "a"], dtype="str")).first.tolist()
    [0, 0, 2, 0]
    """
    is_together = not keys.isna().any() and _is_rising(keys)
    return Groups(keys, changes(keys) if is_together else None)


def changes(values: pd.Series) -> np.ndarray:
    """Mark the rows whose value is another than in the row before; the first row is marked."""
    changed = np.ones(len(values), dtype=bool)
    if len(values) < 2:
        return changed
    if values.dtype == "str":
        text = _texts(values)
        after, before = text.slice(1), text.slice(0, len(text) - 1)
        differ = pc.fill_null(pc.not_equal(after, before), False).to_numpy()
        if text.null_count:
            empty = pc.is_null(text).to_numpy()
            differ = differ | (empty[1:] != empty[:-1])
    else:
        bits = values.to_numpy().view("int64")
        differ = bits[1:] != bits[:-1]
    changed[1:] = differ
    return changed


def _is_rising(keys: pd.Series) -> bool:
    """Tell whether no key is smaller than the one before, so that none comes back after another."""
    text = _texts(keys)
    return len(text) < 2 or not pc.any(pc.less(text.slice(1), text.slice(0, len(text) - 1))).as_py()


def _texts(values: pd.Series) -> pa.ChunkedArray:
    return pa.chunked_array(pa.array(values, pa.large_string(), from_pandas=True))
