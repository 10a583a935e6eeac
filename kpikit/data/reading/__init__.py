"""From the files of a table to its columns of the contract; every fault names file, line and value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.contract import TABLES
from kpikit.data.mapping import Settings, TableFile
from kpikit.data.reading.computing import compute
from kpikit.data.reading.groups import Groups, group
from kpikit.data.reading.joining import join
from kpikit.data.reading.ledger import Ledger, Origin
from kpikit.data.reading.parts import Part, mapped, open_rows, origins_of, places_of, tell_ragged, texts_of
from kpikit.data.sources.place import Place
from kpikit.data.sources.source import Source
from kpikit.data.values import DTYPES, Bad, as_pandas, convert_values, shown
from kpikit.errors import DataError, counted

__all__ = ["Ledger", "Loaded", "Origin", "read_table"]

# Texts that come again and again: they are few, however many rows there are.
_WORDS = ("rep_id", "region", "channel", "product", "product_line", "currency", "stage", "outcome", "segment")


@dataclass
class Loaded:
    """A table with the contract's columns and kinds, and where its rows come from."""

    name: str
    rows: pd.DataFrame
    origin: Origin
    _orders: tuple[pd.DataFrame, Groups] | None = None

    def orders(self) -> Groups:
        """Group the rows by their order; again only when the rows have changed."""
        if self._orders is None or self._orders[0] is not self.rows:
            self._orders = (self.rows, group(self.rows["order_id"]))
        return self._orders[1]

    def drop(self, rows: np.ndarray) -> None:
        """Leave out the rows that are marked."""
        self.rows, self.origin = self.rows[~rows].reset_index(drop=True), self.origin.take(~rows)

    def blank(self, rows: np.ndarray, columns: Sequence[str]) -> None:
        """Make columns null in the rows that are marked."""
        there = [column for column in columns if column in self.rows]
        self.rows = self.rows.assign(**{column: self.rows[column].mask(rows) for column in there})


def read_table(
    folder: Path, name: str, entries: Sequence[TableFile], settings: Settings, ledger: Ledger
) -> Loaded:
    """Read one table of a dataset.

    Parameters
    ----------
    folder
        Where the files lie.
    name
        The table of the data contract.
    entries
        Its entries in `dataset.yaml`: their rows are put one after the other.
    settings
        Currency and time zone.
    ledger
        Takes what is found, and says which errors are accepted.

    Returns
    -------
    Loaded
        The columns of the contract that the sources have, with their kinds; a column that one source lacks
        is null in its rows. Rows without any value are left out and told.

    Raises
    ------
    DataError
        If a file or a required column is missing, a key of a join stands twice, or a value cannot be read.
    """
    parts = [
        _read(folder, name, entry, place, settings, ledger)
        for entry in entries
        for place in places_of(folder, entry)
    ]
    there = {column for part in parts for column in part.columns}
    ordered = [column for column in TABLES[name] if column in there]
    frames = [
        pd.DataFrame(
            {c: part.columns[c] if c in part.columns else _nothing(name, c, len(part)) for c in ordered},
            copy=False,
        )
        for part in parts
    ]
    rows = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return Loaded(name, rows, Origin.joined([part.origin for part in parts]))


def _nothing(table: str, column: str, length: int) -> pd.Series:
    return pd.Series([None] * length, dtype=DTYPES.get(TABLES[table][column].kind, "str"))


def _read(
    folder: Path, name: str, entry: TableFile, place: Place, settings: Settings, ledger: Ledger
) -> Part:
    source = open_rows(folder, place, ledger)
    origins = origins_of(source, name, entry)
    named = [*origins.values(), *(mine for one in entry.joins for mine in one.on)]
    named += [column for one in entry.compute.values() for column in one.columns]
    named += [*entry.keep, *entry.drop, *entry.values]
    for column in (*entry.keep, *entry.drop):
        if column not in entry.taken:
            source.require(column, "keep and drop name columns of the file")
    columns = source.columns
    wanted = list(dict.fromkeys(one for one in named if one in columns)) or [c for c in columns if c][:1]
    raw, numbers, skipped = source.read(wanted, _likely(name, entry, origins))
    tell_ragged(source, name, ledger)
    part = Part(
        name,
        entry,
        settings,
        source,
        ledger,
        Origin([source], numbers),
        dict(zip(raw.column_names, raw.columns, strict=True)),
    )
    if skipped:
        told = counted(skipped, "row is empty: left out", "rows are empty: left out")
        ledger.note("empty_rows", name, skipped, told)
    _map_file_columns(part, source)
    part.sift(set(wanted))
    del raw  # each column goes when it is converted
    part.convert(origins, _needed(entry))
    for column, value in entry.constants.items():
        part.columns[column] = _constant(source, name, column, value, entry, settings, len(part))
    for one in entry.joins:
        join(folder, part, origins, one)
    part.sift(set(entry.taken))
    for column, expression in entry.compute.items():
        part.columns[column] = compute(part, column, expression)
    for column, values in entry.values.items():
        if column in TABLES[name]:
            if column not in part.columns:
                source.require(column, "values name columns of the contract or of the file")
                fault = f"values are written for {column}, which comes from nowhere"
                hint = f"name its column (columns: {{{column}: …}}), or leave its values out"
                raise DataError(f"load: values of {name}", fault, "", hint)
            part.columns[column] = as_pandas(mapped(texts_of(part.columns[column]), values))
    if part.doomed is not None:
        part.keep(~part.doomed)
    return part


def _likely(table: str, entry: TableFile, origins: dict[str, str]) -> dict[str, str]:
    """Say what columns of a file are likely to hold, where nothing else is done with them."""
    # A number or a day that stands for nothing is found among texts alone.
    is_plain = not any(letter.isdigit() for word in entry.nulls for letter in word)
    likely: dict[str, set[str]] = {}
    for column, origin in origins.items():
        kind = TABLES[table][column].kind
        if kind == "number":
            likely.setdefault(origin, set()).add(
                "number" if is_plain and not entry.thousands and entry.decimal == "." else ""
            )
        elif kind in ("date", "month"):
            likely.setdefault(origin, set()).add("date" if is_plain and not entry.dates else "")
        else:
            likely.setdefault(origin, set()).add("word" if column in _WORDS else "")
    needed = _needed(entry)
    return {
        origin: kinds.pop()
        for origin, kinds in likely.items()
        if len(kinds) == 1 and "" not in kinds and origin not in needed
    }


def _needed(entry: TableFile) -> set[str]:
    """Name the columns that an entry uses for more than a column of the contract."""
    operands = {name for one in entry.compute.values() for name in one.columns}
    keys = {mine for one in entry.joins for mine in one.on}
    return {*operands, *keys, *entry.keep, *entry.drop, *entry.values}


def _map_file_columns(part: Part, source: Source) -> None:
    """Write the values of columns of the file, and of helpers, as the mapping says."""
    for column, values in part.entry.values.items():
        if column in TABLES[part.table]:
            continue
        if column not in part.entry.taken:
            source.require(column, "values name columns of the contract or of the file")
            text = part.texts(column)
            if pa.types.is_floating(part.raw[column].type):
                # Written as the numbers of this table are, so that they are read again as what they were.
                text = pc.replace_substring(text, ".", part.entry.decimal)
            part.raw[column] = mapped(text, values)


def _constant(
    source: Source, table: str, column: str, value: str, entry: TableFile, settings: Settings, length: int
) -> pd.Series:
    bads: list[Bad] = []
    written = pa.chunked_array([[value]], pa.string())
    writing = TableFile(file=["constants"], nulls=[]).writing(column, settings)
    made = convert_values(written, TABLES[table][column].kind, writing, bads)
    if bads:
        fault = f"{column} '{shown(written, 0)}' {bads[0].fault}"
        raise DataError(f"load: constants of {table}", fault, "", bads[0].hint)
    return made.repeat(length).reset_index(drop=True)
