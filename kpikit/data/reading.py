"""From the files of a table to its columns of the contract; every fault names file, line and value."""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pyarrow as pa

from kpikit.data.contract import TABLES
from kpikit.data.findings import Finding
from kpikit.data.mapping import Join, TableFile
from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place
from kpikit.data.sources.source import Source
from kpikit.data.values import BadValueError, convert_values, ids
from kpikit.errors import DataError, counted, listing

__all__ = ["Loaded", "read_table"]


@dataclass
class Loaded:
    """A table with the contract's columns and kinds, and where its rows come from."""

    name: str
    file: Source
    rows: pd.DataFrame
    numbers: np.ndarray
    findings: list[Finding] = field(default_factory=list)

    def fault(self, wrong: np.ndarray, fault: str, allowed: str = "", hint: str = "") -> DataError:
        """Make the error that tells a fault at the first row that is marked."""
        return self.file.fault(int(self.numbers[int(wrong.argmax())]), fault, allowed, hint)


@dataclass
class _Side:
    """The columns of a file that a table needs, as they are written, and the numbers of their rows."""

    file: Source
    raw: pa.Table
    numbers: np.ndarray

    def convert(self, origin: str, table: str, column: str, source: TableFile, zone: ZoneInfo) -> pd.Series:
        """Convert a column; what cannot be converted is told with its line."""
        named = column if origin == column else f"{column} (column '{origin}')"
        try:
            return convert_values(self.raw[origin], TABLES[table][column].kind, source, zone)
        except BadValueError as bad:
            raise self.file.fault(int(self.numbers[bad.place]), *_told(named, bad)) from None
        except pa.ArrowException:
            fault = f"{named} holds values of the type {self.raw[origin].type}, which are not read"
            raise self.file.fault(None, fault, hint="write plain values") from None

    def keys(self, origin: str, source: TableFile) -> pd.Series:
        try:
            return pd.Series(ids(self.raw[origin], source.nulls).to_pandas(), dtype="str")
        except BadValueError as bad:
            raise self.file.fault(int(self.numbers[bad.place]), *_told(origin, bad)) from None
        except pa.ArrowException:
            fault = f"column '{origin}' holds {self.raw[origin].type}, which cannot be the key of a join"
            raise self.file.fault(None, fault) from None


def read_table(folder: Path, name: str, source: TableFile, zone: ZoneInfo) -> Loaded:
    """Read one table of a dataset.

    Parameters
    ----------
    folder
        Where the files lie.
    name
        The table of the data contract.
    source
        Its entry in `dataset.yaml`.
    zone
        Where the clock of the dataset stands.

    Returns
    -------
    Loaded
        The columns of the contract that the source has, with their kinds; rows without any value are left
        out and told.

    Raises
    ------
    DataError
        If a file or a required column is missing, a key of a join stands twice, or a value cannot be read.
    """
    file = open_source(folder, _place(source.file, source))
    origins = _origins(file, name, source)
    keys = [mine for join in source.joins for mine in join.on if mine in file.columns]
    wanted = (
        list(dict.fromkeys([*origins.values(), *keys])) or [column for column in file.columns if column][:1]
    )
    raw, numbers, skipped = file.read(wanted)
    side = _Side(file, raw, numbers)
    columns = {column: side.convert(origin, name, column, source, zone) for column, origin in origins.items()}
    for column, value in source.constants.items():
        columns[column] = _constant(file, name, column, value, zone).repeat(len(side.numbers))
    loaded = Loaded(name, file, pd.DataFrame(), side.numbers)
    if skipped:
        told = counted(skipped, "row is empty: left out", "rows are empty: left out")
        loaded.findings.append(Finding("empty rows", name, skipped, told))
    for join in source.joins:
        columns |= _join(folder, loaded, side, columns, join, source, zone)
    ordered = [column for column in TABLES[name] if column in columns]
    loaded.rows = pd.DataFrame({column: columns[column].array for column in ordered})
    return loaded


def _place(file: str, source: TableFile) -> Place:
    return Place(file, delimiter=source.delimiter, encoding=source.encoding)


def _origins(file: Source, name: str, source: TableFile) -> dict[str, str]:
    """Find the column of the file behind each column of the contract."""
    origins = {}
    given = {*source.constants, *(column for join in source.joins for column in join.take)}
    for column, wanted in TABLES[name].items():
        origin = source.columns.get(column, column)
        if column in source.columns and column not in given:
            file.require(origin, f"name a column of the file (columns: {{{column}: …}})")
        elif wanted.is_required and column not in given:
            near = get_close_matches(column, [one.lower().replace(" ", "_") for one in file.columns], n=1)
            other = next((one for one in file.columns if [one.lower().replace(" ", "_")] == near), "…")
            file.require(column, f"map it in dataset.yaml (columns: {{{column}: {other}}})")
        if origin in file.columns and column not in given:
            origins[column] = origin
    return origins


def _constant(file: Source, table: str, column: str, value: str, zone: ZoneInfo) -> pd.Series:
    plain = TableFile(file=file.name, nulls=[])
    try:
        return convert_values(
            pa.chunked_array([[value]], pa.string()), TABLES[table][column].kind, plain, zone
        )
    except BadValueError as bad:
        raise DataError(f"load: constants of {table}", *_told(column, bad)) from None


def _told(column: str, bad: BadValueError) -> tuple[str, str, str]:
    more = f" ({bad.count:,} such values)" if bad.count > 1 else ""
    return f"{column} '{bad.value}' {bad.fault}{more}", "", bad.hint


def _join(
    folder: Path,
    loaded: Loaded,
    side: _Side,
    columns: dict[str, pd.Series],
    join: Join,
    source: TableFile,
    zone: ZoneInfo,
) -> dict[str, pd.Series]:
    """Look columns up in another file, by a key that stands there once."""
    ((mine, theirs),) = join.on.items()
    keys = side.keys(mine, source) if mine in side.raw.column_names else columns.get(mine)
    if keys is None:
        side.file.require(mine, "the key of a join is a column of the table's file")
    other = open_source(folder, _place(join.file, source))
    for column in (theirs, *join.take.values()):
        other.require(column, f"name a column of {join.file} in the join")
    there = _Side(other, *other.read(list(dict.fromkeys([theirs, *join.take.values()])))[:2])
    known = there.keys(theirs, source)
    twice = (known.duplicated() & known.notna()).to_numpy()
    if twice.any():
        place = int(twice.argmax())
        raise other.fault(
            int(there.numbers[place]),
            f"key {theirs} '{known.iloc[place]}' stands more than once, so that a join would multiply rows",
            hint=f"join a file in which each {theirs} stands once",
        )
    rows = np.flatnonzero(known.notna())
    found = pd.Index(known.iloc[rows]).get_indexer(keys.astype("str"))
    place = np.where((found >= 0) & keys.notna().to_numpy(), np.append(rows, -1)[found], -1)
    lost = keys[(place < 0) & keys.notna().to_numpy()]
    if len(lost):
        article = "an" if mine[0].lower() in "aeiou" else "a"
        message = counted(len(lost), f"row has {article} {mine}", f"rows have {article} {mine}")
        message += f" that {join.file} does not know: {listing(lost.unique(), 5)}"
        loaded.findings.append(Finding("unmatched", loaded.name, len(lost), message))
    taken = {}
    for column, origin in join.take.items():
        values = there.convert(origin, loaded.name, column, source, zone)
        taken[column] = pd.Series(pd.api.extensions.take(values.array, place, allow_fill=True))
    return taken
