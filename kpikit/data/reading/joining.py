"""Columns looked up in another file, by a key that stands there once, so that no row is ever multiplied."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from kpikit.data.mapping import Join
from kpikit.data.reading.ledger import Origin
from kpikit.data.reading.parts import Part, mapped, open_rows, places_of, tell_ragged, texts_of
from kpikit.data.values import as_pandas
from kpikit.errors import DataError, counted, listing

__all__ = ["join"]


def join(folder: Path, part: Part, origins: dict[str, str], wanted: Join) -> None:
    """Add to a part what a join looks up: columns of the contract, and helpers.

    Raises
    ------
    DataError
        If a column is missing, or the key stands more than once in the other file.
    """
    ((mine, theirs),) = wanted.on.items()
    keys = _keys(part, origins, mine)
    places = places_of(folder, wanted, part.entry)
    if len(places) > 1:
        raise DataError(f"load: {places[0].file}", "a join looks up in one file", hint="name one")
    other = open_rows(folder, places[0], part.ledger)
    for column in (theirs, *wanted.take.values()):
        other.require(column, f"name a column of {other.name} in the join")
    raw, numbers, _ = other.read(list(dict.fromkeys([theirs, *wanted.take.values()])))
    tell_ragged(other, part.table, part.ledger)
    origin = Origin([other], numbers)
    columns = dict(zip(raw.column_names, raw.columns, strict=True))
    side = Part(part.table, part.entry, part.settings, other, part.ledger, origin, columns)
    known = as_pandas(side.texts(theirs, "id"))
    twice = (known.duplicated(keep=False) & known.notna()).to_numpy()
    if twice.any():
        again = (known.duplicated() & known.notna()).to_numpy()
        fault = f"key {theirs} '{known.iloc[int(again.argmax())]}' stands more than once"
        action = part.ledger.meet(
            "join_multiplies", part.table, origin, again, f"{fault}, so that a join would multiply rows",
            "", f"join a file in which each {theirs} stands once", lambda row: str(known.iloc[row]),
        )  # fmt: skip
        if action == "drop_row":
            part.doom(keys.isin(known[twice]).to_numpy())
    rows = np.flatnonzero(known.notna().to_numpy() & ~twice)
    found = pd.Index(known.iloc[rows]).get_indexer(keys)
    place = np.where((found >= 0) & keys.notna().to_numpy(), np.append(rows, -1)[found], -1)
    lost = (place < 0) & keys.notna().to_numpy() & ~keys.isin(known[twice]).to_numpy()
    _tell_lost(part, keys, lost, mine, other.name)
    for column, source in wanted.take.items():
        if column.startswith("_"):
            at = pa.array(place, mask=place < 0)
            part.raw[column] = pa.chunked_array([side.raw[source].combine_chunks().take(at)])
            if column in part.entry.values:
                part.raw[column] = mapped(part.texts(column), part.entry.values[column])
            continue
        values = side.converted(source, column)
        part.columns[column] = pd.Series(pd.api.extensions.take(values.array, place, allow_fill=True))
    if side.doomed is not None:
        part.doom(np.append(side.doomed, False)[place])


def _keys(part: Part, origins: dict[str, str], mine: str) -> pd.Series:
    """Give the keys by which a part's rows look up: a column of its file, a helper, or of the contract."""
    if mine in part.raw:
        keys = part.texts(mine, "id")
        for column, values in part.entry.values.items():
            # The value as the mapping writes it; under its own name, if it has one.
            if origins.get(column) == mine and (column == mine or origins.get(mine) != mine):
                keys = mapped(keys, values)
        return as_pandas(keys)
    if mine not in part.columns:
        part.source.require(mine, "the key of a join is a column of the table's file")
    return as_pandas(texts_of(part.columns[mine].astype("str")))


def _tell_lost(part: Part, keys: pd.Series, lost: np.ndarray, mine: str, other: str) -> None:
    if lost.any():
        article = "an" if mine[0].lower() in "aeiou" else "a"
        told = counted(int(lost.sum()), f"row has {article} {mine}", f"rows have {article} {mine}")
        told += f" that {other} does not know: {listing(keys[lost].unique(), 5)}"
        value = lambda row: str(keys.iloc[row])  # noqa: E731
        part.ledger.tell("unmatched", part.table, told, part.origin, lost, value)
