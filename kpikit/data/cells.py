"""Arithmetic of cells on plain arrays: which bucket a day falls in, and exact sums by counting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kpikit.data.frames import Cells, text_labels

__all__ = [
    "add",
    "are_whole",
    "break_ties",
    "bucket",
    "bucket_of_spans",
    "is_record",
    "reading",
    "stack",
    "union",
    "used",
]


def is_record(codes: np.ndarray) -> np.ndarray:
    """Mark first appearances, given codes numbered in order of appearance."""
    before = np.maximum.accumulate(codes)
    first = np.ones(len(codes), dtype=bool)
    first[1:] = before[1:] > before[:-1]
    return first


def are_whole(ids: pd.Series) -> bool:
    """Whether all ids are whole numbers of at most 18 digits."""
    if isinstance(ids.dtype, pd.CategoricalDtype):
        ids = pd.Series(ids.cat.categories)
    if ids.dtype.kind in "iu" or isinstance(ids.dtype, pd.Int64Dtype):
        return True
    return bool(ids.dropna().astype("str").str.fullmatch(r"[0-9]{1,18}").all())


def break_ties(order: np.ndarray, same: np.ndarray, ties: pd.Series, is_number: bool) -> np.ndarray:
    """Put the rows of one key and day in the order of their tie: as numbers if all are, else as text."""
    tied = np.zeros(len(order), dtype=bool)
    tied[same] = tied[same + 1] = True
    places = np.flatnonzero(tied)
    is_next = np.zeros(len(order), dtype=bool)
    is_next[same + 1] = True
    run = np.cumsum(~is_next[places])
    values = ties.take(order[places])
    if values.dtype.kind not in "iu":
        text = values.astype("str")
        values = text.astype("int64") if is_number else pd.Series(pd.factorize(text, sort=True)[0])
    keys = values.to_numpy()
    settled = np.lexsort((keys, run))
    order = order.copy()
    order[places] = order[places[settled]]
    return order


def bucket(days: np.ndarray, breaks: Sequence[int]) -> np.ndarray:
    """Number the bucket of each day; days outside of all buckets get the number len(breaks) - 1."""
    edges = np.asarray(breaks)
    outside = len(edges) - 1
    # The first and the last bucket may be endless: a table of the days between them is enough.
    first, last = int(edges[1]) - 1, max(int(edges[1]) - 1, int(edges[-2]))
    table = np.searchsorted(edges, np.arange(first, last + 1), side="right") - 1
    numbers = table.astype("int64")[np.clip(days, first, last) - first]
    out = (days < edges[0]) | (days >= edges[-1])
    if out.any():
        numbers[out] = outside
    return numbers


def bucket_of_spans(days: np.ndarray, spans: Sequence[tuple[int, int]]) -> tuple[np.ndarray, int]:
    """Number the span (both ends included) of each day; days outside of all get the number len(spans)."""
    order = sorted(range(len(spans)), key=lambda place: spans[place])
    breaks, numbers = [], []
    for place in order:
        begin, end = spans[place]
        if breaks and breaks[-1] == begin:
            breaks.pop()
            numbers.pop()
        breaks += [begin, end + 1]
        numbers += [place, len(spans)]
    return np.asarray(numbers)[bucket(days, breaks)], len(spans) + 1


def reading(days: np.ndarray, readings: Sequence[int]) -> np.ndarray:
    """Number the first reading that is not before each day; len(readings) if there is none."""
    first, last = readings[0], readings[-1]
    table = np.searchsorted(np.asarray(readings), np.arange(first, last + 2), side="left")
    return table.astype("int64")[np.clip(days, first, last + 1) - first]


def add(cell: np.ndarray, weights: np.ndarray | None, marked: np.ndarray | None, size: int) -> np.ndarray:
    """Add weights (None: ones) into cells, exactly."""
    if marked is not None and (weights is None or 2 * np.count_nonzero(marked) < len(marked)):
        cell = cell[marked]
        weights = None if weights is None else weights[marked]
    elif marked is not None:
        weights = weights * marked
    if weights is None:
        return np.bincount(cell, minlength=size)
    if not len(weights):
        return np.zeros(size, dtype="int64")
    if max(abs(int(weights.min())), abs(int(weights.max()))) * len(weights) < 1 << 53:
        return np.bincount(cell, weights=weights, minlength=size).astype("int64")
    # Beyond what a float holds exactly: add the high and the low half on their own.
    high, low = weights >> 26, weights & ((1 << 26) - 1)
    parts = [np.bincount(cell, weights=half, minlength=size).astype("int64") for half in (high, low)]
    return (parts[0] << 26) + parts[1]


def used(groups: pd.DataFrame, values: dict[str, np.ndarray], by: str | None = None) -> Cells:
    """Leave out the groups in which nothing was gathered."""
    if not len(groups.columns):
        return Cells(groups, values)
    shown = [values[by]] if by else list(values.values())
    filled = np.logical_or.reduce([(array != 0).any(axis=1) for array in shown])
    labels = groups[filled]
    return Cells(
        pd.DataFrame({name: text_labels(labels[name].astype(object)) for name in labels}, dtype=object),
        {name: array[filled] for name, array in values.items()},
    )


def union(first: pd.Categorical, other: pd.Categorical) -> pd.Index:
    """Give the labels of both as text, those of the first in their places."""
    texts = first.categories.map(str)
    return texts.append(other.categories.map(str).difference(texts))


def stack(here: pd.Categorical, there: pd.Categorical) -> pd.Categorical:
    """Put the labels of more rows behind those of some."""
    categories = union(here, there)
    place = categories.get_indexer(there.categories.map(str))
    codes = np.concatenate([here.codes, np.append(place, -1)[there.codes]])
    return pd.Categorical.from_codes(codes, categories=categories)
