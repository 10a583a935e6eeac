"""Which rows belong to one order: quick where its lines stand together, as exports mostly have them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["Groups", "group"]

_LONGEST = 64  # rows of a group that are compared with each other one by one


@dataclass(frozen=True, eq=False)
class Groups:
    """Rows in groups of one key.

    `codes` numbers the groups (-1 without a key), `first` is the place of the first row of a row's group, and
    `is_together` tells that the rows of each group stand one after the other.
    """

    codes: np.ndarray
    first: np.ndarray
    is_together: bool

    def differ(self, column: pd.Series) -> np.ndarray | None:
        """Mark the rows whose value is another than on their group's first row; None if there is none."""
        if self.is_together:
            changed = changes(column)
            if not (changed[1:] & (self.codes[1:] == self.codes[:-1])).any():
                return None
        known = pd.factorize(column)[0]
        wrong = (known != known[self.first]) & (self.codes >= 0)
        return wrong if wrong.any() else None

    def repeated(self, bits: np.ndarray) -> np.ndarray:
        """Give the places of rows that share group and bits with another row."""
        if self.is_together and len(self.codes):
            longest = int((np.arange(len(self.codes)) - self.first).max()) + 1
            if longest <= _LONGEST:
                found = np.zeros(len(self.codes), dtype=bool)
                for step in range(1, longest):
                    same = (bits[step:] == bits[:-step]) & (self.codes[step:] == self.codes[:-step])
                    found[step:] |= same
                    found[:-step] |= same
                return np.flatnonzero(found)
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
    changed = changes(keys)
    starts = np.flatnonzero(changed)
    if not keys.isna().any() and _is_rising(keys, starts):
        codes = np.cumsum(changed, dtype="int32") - 1
        return Groups(codes, starts[codes], True)
    codes, _ = pd.factorize(keys)
    first = np.unique(codes, return_index=True)[1]
    missing = bool(len(codes)) and int(codes.min()) < 0
    return Groups(codes, first[codes + missing], False)


def changes(values: pd.Series) -> np.ndarray:
    """Mark the rows whose value is another than in the row before; the first row is marked."""
    changed = np.ones(len(values), dtype=bool)
    if len(values) < 2:
        return changed
    if values.dtype == "str":
        text = pa.chunked_array(pa.array(values, pa.large_string(), from_pandas=True))
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


def _is_rising(keys: pd.Series, starts: np.ndarray) -> bool:
    """Tell whether each run has a larger key than the one before, so that no key comes twice."""
    heads = pa.chunked_array(pa.array(keys, pa.large_string(), from_pandas=True)).take(pa.array(starts))
    size = len(heads)
    return size < 2 or pc.all(pc.less(heads.slice(0, size - 1), heads.slice(1))).as_py()
