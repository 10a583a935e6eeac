"""One entry of a table: from the columns of its file to the columns of the contract."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from fnmatch import fnmatchcase
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from kpikit.data.contract import TABLES
from kpikit.data.mapping import Located, Settings, TableFile
from kpikit.data.mapping.entries import ALL
from kpikit.data.reading.ledger import Ledger, Origin
from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place
from kpikit.data.sources.source import Source
from kpikit.data.threads import each
from kpikit.data.values import Bad, convert_texts, convert_values, shown
from kpikit.errors import DataError, counted, cut, listing

__all__ = ["Part", "is_among", "mapped", "open_rows", "origins_of", "places_of", "tell_ragged", "texts_of"]


@dataclass
class Part:
    """The rows of one source: its columns as they are written, and those of the contract as they are made."""

    table: str
    entry: TableFile
    settings: Settings
    source: Source
    ledger: Ledger
    origin: Origin
    raw: dict[str, pa.ChunkedArray]
    columns: dict[str, pd.Series] = field(default_factory=dict)
    doomed: np.ndarray | None = None
    seen: dict[tuple[str, str], np.ndarray] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.origin.numbers)

    def keep(self, rows: np.ndarray) -> None:
        """Keep the rows that are marked."""
        if rows.all():
            return
        self.origin = self.origin.take(rows)
        mask = pa.array(rows)
        self.raw = {name: column.filter(mask) for name, column in self.raw.items()}
        self.columns = {name: column[rows].reset_index(drop=True) for name, column in self.columns.items()}
        self.doomed = None if self.doomed is None else self.doomed[rows]
        self.seen = {what: told[rows] for what, told in self.seen.items()}

    def doom(self, rows: np.ndarray) -> None:
        """Mark rows that are left out in the end, because an error in them is accepted so."""
        self.doomed = rows if self.doomed is None else self.doomed | rows

    def texts(self, name: str, kind: str = "text") -> pa.ChunkedArray:
        """Give a column of the file, or a helper, as texts."""
        bads: list[Bad] = []
        try:
            text = convert_texts(self.raw[name], kind, self.entry.writing("", self.settings), bads)
        except pa.ArrowException:
            raise self._unread(name, name) from None
        if bads:
            wrong = self.told(name, name, self.raw[name], bads)
            text = pc.if_else(pa.array(wrong), pa.scalar(None, text.type), text)
        return text

    def written(self, column: str) -> pa.ChunkedArray:
        """Give a column of the contract, as it is made by now, as texts."""
        made = pa.array(self.columns[column], from_pandas=True)
        made = made if isinstance(made, pa.ChunkedArray) else pa.chunked_array([made])
        return convert_texts(made, "text", self.entry.writing("", self.settings), [])

    def convert(self, origins: dict[str, str], needed: set[str]) -> None:
        """Convert columns of the file to columns of the contract; those that are not needed are let go."""

        def made(column: str, origin: str) -> tuple[pa.ChunkedArray | None, pd.Series, list[Bad]]:
            raw = self.raw[origin]
            values, bads = self._made(origin, column)
            if origin not in needed and uses[origin] == 1:
                del self.raw[origin]
                pa.default_memory_pool().release_unused()  # the next column has use for it
            return raw if bads else None, values, bads

        uses = Counter(origins.values())
        for (column, origin), (raw, values, bads) in zip(
            origins.items(), each(made, origins, origins.values()), strict=True
        ):
            self.columns[column] = values
            if bads:
                self.told(self._named(origin, column), origin, raw, bads)

    def converted(self, origin: str, column: str, kind: str = "") -> pd.Series:
        """Convert a column of the file to a column of the contract; what cannot be is told with its line."""
        values, bads = self._made(origin, column, kind)
        if bads:
            self.told(self._named(origin, column), origin, self.raw[origin], bads)
        return values

    def _made(self, origin: str, column: str, kind: str = "") -> tuple[pd.Series, list[Bad]]:
        bads: list[Bad] = []
        writing = self.entry.writing(column, self.settings)
        if kind:  # an operand of a computed column
            writing = replace(writing, has_percent=True)
        kind = kind or TABLES[self.table][column].kind
        try:
            return convert_values(self.raw[origin], kind, writing, bads), bads
        except pa.ArrowException:
            raise self._unread(self._named(origin, column), origin) from None

    @staticmethod
    def _named(origin: str, column: str) -> str:
        return column if origin == column else f"{column} (column '{origin}')"

    def _unread(self, named: str, origin: str) -> DataError:
        fault = f"{named} holds values of the type {self.raw[origin].type}, which are not read"
        return self.source.fault(None, fault, hint="write plain values")

    def told(self, named: str, origin: str, raw: pa.ChunkedArray, bads: list[Bad]) -> np.ndarray:
        """Tell the values that cannot be read, each once however often it is used, and mark their rows."""
        for every in bads:
            bad = self._untold(origin, every)
            if not bad.count:
                continue
            more = f" ({bad.count:,} such values)" if bad.count > 1 else ""
            fault = f"{named} '{shown(raw, bad.place)}' {bad.fault}{more}"
            action = self.ledger.meet(
                bad.check,
                self.table,
                self.origin,
                bad.wrong,
                fault,
                "",
                bad.hint,
                lambda row: shown(raw, row),
            )
            if action == "drop_row":
                self.doom(bad.wrong)
        return np.logical_or.reduce([bad.wrong for bad in bads])

    def _untold(self, origin: str, bad: Bad) -> Bad:
        before = self.seen.get((origin, bad.check), np.zeros(len(self), dtype=bool))
        self.seen[origin, bad.check] = before | bad.wrong
        return replace(bad, wrong=bad.wrong & ~before)

    def sift(self, names: set[str]) -> None:
        """Leave out the rows that `keep` and `drop` leave out, by these columns of the file."""
        wanted = np.ones(len(self), dtype=bool)
        for chosen, is_kept in ((self.entry.keep, True), (self.entry.drop, False)):
            for name in names & set(chosen):
                made = self.texts(name) if name in self.raw else self.written(name)
                self._tell_absent(name, made, chosen[name], "keep" if is_kept else "drop")
                wanted &= is_among(made, chosen[name]) == is_kept
        if not wanted.all():
            left = len(self) - int(wanted.sum())
            told = counted(left, "row is", "rows are") + " left out by keep or drop of the mapping"
            self.ledger.note("left_out", self.table, left, told, "note")
            self.keep(wanted)

    def _tell_absent(self, name: str, made: pa.ChunkedArray, chosen: list[str | None], how: str) -> None:
        """Tell the values of a filter that no row has: they may be misspelled."""
        there = pa.chunked_array([pc.unique(made)])
        absent = [one for one in chosen if one is not None and not is_among(there, [one]).any()]
        if absent and len(made):
            told = f"{how} names {listing(map(repr, absent), 5)}, which no row has as its {name}"
            self.ledger.note("absent_value", self.table, 0, told)


def places_of(folder: Path, entry: Located, fallback: Located | None = None) -> list[Place]:
    """List the sources of an entry, one for each file; a join is written as its table is."""
    writing = {
        name: getattr(entry if fallback is None or name in entry.model_fields_set else fallback, name)
        for name in ("delimiter", "encoding", "skip")
    }
    writing["decimal"] = getattr(entry if fallback is None else fallback, "decimal", ".")
    where = {name: getattr(entry, name) for name in ("sheet", "table", "query", "database")}
    if not entry.file:
        return [Place(**where, **writing)]
    files = [file for named in entry.file for file in _matching(folder, named)]
    places = [os.path.realpath(folder / file) for file in files]  # a loop of links is told later
    for number, file in enumerate(files):
        if places[number] in places[:number]:
            fault = "the file is named twice, so that each of its rows would count twice"
            raise DataError(f"load: {cut(file)}", fault, hint="name each file once")
    return [Place(file, **where, **writing) for file in files]


def _matching(folder: Path, named: str) -> list[str]:
    """List the files that a name with * or ? stands for; any other name stands for itself."""
    if not set(named) & set("*?") or (folder / named).exists():
        return [named]
    above = Path(named).parent
    there = folder / above
    names = [one.name for one in there.iterdir()] if there.is_dir() else []
    found = sorted(name for name in names if fnmatchcase(name, Path(named).name))
    if not found:
        raise DataError(f"load: {cut(named)}", f"no file in {cut(there)} has such a name")
    return [str(above / name) for name in found]


def open_rows(folder: Path, place: Place, ledger: Ledger) -> Source:
    """Open a source; whether its ragged rows are left out is the ledger's to say."""
    return open_source(folder, replace(place, skips_ragged=ledger.goes_on("ragged_row")))


def tell_ragged(source: Source, table: str, ledger: Ledger) -> None:
    """Tell the rows that were left out because they have more or fewer values than columns."""
    if len(source.ragged):
        count = len(source.ragged)
        fault = counted(count, "row has", "rows have") + " more or fewer values than the header has columns"
        origin = Origin([source], source.ragged)
        hint = "quote values that hold the delimiter"
        ledger.meet("ragged_row", table, origin, np.ones(count, dtype=bool), fault, "", hint)


def origins_of(source: Source, table: str, entry: TableFile) -> dict[str, str]:
    """Find the column of the file behind each column of the contract."""
    origins = {}
    given = {*entry.constants, *entry.compute, *entry.taken}
    for column, wanted in TABLES[table].items():
        origin = entry.columns.get(column, column)
        if origin is None:
            continue
        if column in entry.columns and column not in given:
            source.require(origin, f"name a column of the file (columns: {{{column}: …}})")
        elif wanted.is_required and column not in given:
            near = get_close_matches(column, [one.lower().replace(" ", "_") for one in source.columns], n=1)
            other = next((one for one in source.columns if [one.lower().replace(" ", "_")] == near), "…")
            source.require(column, f"map it in dataset.yaml (columns: {{{column}: {other}}})")
        if origin in source.columns and column not in given:
            origins[column] = origin
    return origins


def is_among(text: pa.ChunkedArray, wanted: list[str | None]) -> np.ndarray:
    """Mark the texts that are among some; None stands for nothing, and true for True and TRUE."""
    known = [each for one in wanted if one is not None for each in _spellings(one)]
    found = pc.is_in(text, value_set=pa.array(known, text.type))
    found = found.to_numpy()
    return found | pc.is_null(text).to_numpy() if None in wanted else found & pc.is_valid(text).to_numpy()


def mapped(text: pa.ChunkedArray, values: dict[str, str | None]) -> pa.ChunkedArray:
    """Write the values of a column as the mapping says; `*` stands for every other one, "" for nothing."""
    coded = text.combine_chunks().dictionary_encode()
    coded = coded if isinstance(coded, pa.DictionaryArray) else coded.chunk(0)
    others = ALL in values
    values = {each: to for one, to in values.items() for each in _spellings(one)} | values
    to = [values.get(one, values[ALL] if others else one) for one in coded.dictionary.to_pylist()]
    made = pa.chunked_array([pa.array(to, text.type).take(coded.indices)])
    empty = values.get("")
    return made if empty is None else pc.if_else(pc.is_null(text), pa.scalar(empty, text.type), made)


def _spellings(word: str) -> list[str]:
    """Give the ways in which files write true and false; any other word is written one way."""
    low = word.lower()
    return [low, low.capitalize(), low.upper()] if low in ("true", "false") else [word]


def texts_of(values: pd.Series) -> pa.ChunkedArray:
    """Give a column of texts in Arrow's form."""
    found = pa.array(values, pa.large_string(), from_pandas=True)
    return found if isinstance(found, pa.ChunkedArray) else pa.chunked_array([found])
