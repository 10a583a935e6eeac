"""From files to a draft of a `dataset.yaml`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kpikit.data.contract import KEYS, TABLES
from kpikit.data.drafting.identities import find_keys, find_persons
from kpikit.data.drafting.leavings import doubtful_rows
from kpikit.data.drafting.money import add_amounts, currency_of
from kpikit.data.drafting.parts import read_starts
from kpikit.data.drafting.relations import find_looks, find_numbered
from kpikit.data.drafting.roles import Entry, entry_of
from kpikit.data.drafting.scalars import comment, scalar
from kpikit.data.drafting.sheets import Line, overlap, sheet_of
from kpikit.data.drafting.stages import outcomes, respelled, unclear
from kpikit.data.drafting.writing import taken_for, write_table, write_unused
from kpikit.errors import DataError, counted

__all__ = ["Draft", "draft"]

_SPELLED = ("product", "product_line", "region", "channel", "segment", "team", "role", "stage")
_LEVELS = ("sure", "likely", "guess")


@dataclass(frozen=True)
class Draft:
    """The text of a `dataset.yaml`, what each file was taken for, and how sure the columns are.

    `files` gives each file (or sheet or table of it) with the table that it is, or why it is none; `counts`
    the number of columns that are sure, likely or a guess, and of questions (asks).
    """

    text: str
    files: dict[str, str]
    counts: dict[str, int]
    entries: tuple[Entry, ...] = ()


def draft(files: Sequence[str | Path], *, folder: str | Path = ".", currency: str | None = None) -> Draft:
    """Draft a `dataset.yaml` from the headers and contents of files.

    Parameters
    ----------
    files
        CSV, TSV, TXT and Parquet files; workbooks, of which each sheet is looked at, and DuckDB and SQLite
        files, of which each table is. The first 64 MB or 200,000 rows of each are looked at.
    folder
        Where the `dataset.yaml` will lie: the draft names the files from there.
    currency
        The ISO code of the currency, if it is known.

    Returns
    -------
    Draft
        Behind each line of its text stands how sure it is (sure, likely, guess) and why; `# ?` asks.

    Raises
    ------
    DataError
        If no file is given, one is given twice, or one cannot be read.

    Examples
    --------
    >>> from kpikit.data.drafting import draft
    >>> made = draft(["data/samples/orders.csv", "data/samples/reps.csv"], currency="USD")
    >>> made.files
    {'orders.csv': 'orders', 'reps.csv': 'reps'}
    """
    paths = [Path(one) for one in files]
    if not paths:
        raise DataError("map", "no file is named", hint="kpikit map orders.csv customers.csv")
    places = [Path(os.path.abspath(path)) for path in paths]
    twice = next((path for number, path in enumerate(places) if path in places[:number]), None)
    if twice is not None:
        raise DataError("map", f"{twice.name} is given twice", hint="name each file once")
    base = Path(os.path.commonpath([path.parent for path in places]))
    entries = [
        entry_of(sheet_of(path.relative_to(base).as_posix(), start))
        for path in places
        for start in read_starts(path)
    ]
    _relate(entries)
    for entry in entries:
        _finish(entry)
    text = "\n".join(
        [*_head(entries, base, Path(folder), currency), *_tables(entries), *write_unused(entries), ""]
    )
    counts = {level: sum(one.counts(level) for one in entries if one.table) for level in _LEVELS}
    counts["asks"] = sum("# ?" in line for line in text.splitlines()[2:])
    return Draft(
        text,
        {one.sheet.name: one.table or taken_for(one, entries) for one in entries},
        counts,
        tuple(entries),
    )


def _relate(entries: list[Entry]) -> None:
    find_persons(entries)
    for entry in entries:
        if entry.table:
            add_amounts(entry)
    for entry in sorted(entries, key=lambda one: "lines" not in one.sheet.entities and not _lacks_head(one)):
        if entry.table:
            find_looks(entry, [one for one in entries if one is not entry])
    for entry in entries:
        if entry.table:
            find_numbered(entry, entries)
    find_keys(entries)
    _settle_doubles(entries)


def _lacks_head(entry: Entry) -> bool:
    return entry.table == "orders" and not {"order_date", "customer_id"} <= set(entry.lines)


def _settle_doubles(entries: list[Entry]) -> None:
    """Keep one of two files of a table that hold the same keys: they are no halves of one whole."""
    for number, entry in enumerate(entries):
        key = next(iter(KEYS.get(entry.table, ())), "")
        line = entry.lines.get(key)
        for first in entries[:number]:
            other = first.lines.get(key)
            if not entry.table or first.table != entry.table or line is None or other is None:
                continue
            if line.how != "columns" or other.how != "columns":
                continue
            match = overlap(entry.sheet.keys(line.source), first.sheet.keys(other.source))
            if match > 0.5:
                entry.why = f"? {match:.0%} of its {line.source} stand in {first.sheet.name} too: one is used"
                entry.table, entry.lines, entry.joins, entry.notes = "", {}, [], []


def _finish(entry: Entry) -> None:
    """Say what values mean, what is constant, and what a required column lacks."""
    if not entry.table:
        return
    if entry.table == "deals":
        _deals(entry)
    entry.notes += doubtful_rows(entry)
    if entry.table == "quotas" and "end" not in entry.lines:
        entry.notes.append("on which day do the last quotas end? (last_end: 2026-12-31)")
    if entry.table == "quotas" and "kpi" not in entry.lines:
        told = any(
            "sales" in line.source.lower() or "penjualan" in line.source.lower()
            for line in entry.lines.values()
        )
        entry.lines["kpi"] = Line("kpi", "revenue", "likely" if told else "guess", "a quota of sales",
                                  "" if told else "which KPI is the quota of?", "constants")  # fmt: skip
    for column in _SPELLED:
        line = entry.lines.get(column)
        if line is not None and line.how == "columns" and column in TABLES[entry.table]:
            words = respelled(entry.sheet.contents[line.source])
            if words and len(words) <= 200:
                entry.values[column] = words
    if entry.table in ("reps", "customers"):
        _born(entry)
    manager = entry.lines.get("manager")
    if manager is not None and manager.source in entry.sheet.contents and not manager.question:
        key = entry.lines.get("rep_id")
        if (
            key is not None
            and key.how == "columns"
            and "name" in entry.lines
            and entry.lines["name"].source != key.source
        ):
            ids = entry.sheet.keys(manager.source)
            if overlap(ids, entry.sheet.keys(key.source)) > 0.9:
                manager.question = "these are ids of members, not names"
    joined = {column for look in entry.joins for column in look.take}
    for column, wanted in TABLES[entry.table].items():
        if wanted.is_required and column not in entry.lines and column not in joined:
            entry.lines[column] = Line(
                column, "", how="asks", question="required: no column is known to be it"
            )


def _deals(entry: Entry) -> None:
    line = entry.lines.get("outcome")
    if line is None:
        return
    told = outcomes(entry.sheet.contents[line.source]) or {}
    if set(told) != set(told.values()) or len(told) < len(entry.sheet.contents[line.source].counts):
        entry.values["outcome"] = {**told, "*": None}
    doubtful = unclear(entry.sheet.contents[line.source])
    if doubtful:
        line.question = f"{', '.join(doubtful[:3])}: won, lost, or open?"
    closed, expected = entry.lines.get("closed_on"), entry.lines.get("expected_close_on")
    if closed is None or expected is None or closed.source != expected.source:
        return
    rows = zip(entry.sheet.start.columns[line.source], entry.sheet.start.columns[closed.source], strict=True)
    dated = [bool(day) for what, day in rows if what not in told]
    if dated and sum(dated) < 0.5 * len(dated):
        entry.lines.pop("expected_close_on")
    else:
        expected.level, expected.why = (
            "likely",
            "open deals have this date too: the day on which they are to close",
        )


def _born(entry: Entry) -> None:
    """Ask where the only date of a member or customer is that on which the record was made."""
    column = "acquired_on" if entry.table == "customers" else "hired_on"
    names = (
        "createddate",
        "createdate",
        "createdat",
        "createdon",
        "created",
        "datecreated",
        "tanggaldibuat",
    )
    made = next((entry.sheet.squashed[one] for one in names if one in entry.sheet.squashed), None)
    if column not in entry.lines and made is not None:
        question = f"'{made}' seems to be the day on which the record was made or changed"
        entry.lines[column] = Line(column, "", how="asks", question=question)


def _head(entries: list[Entry], base: Path, folder: Path, currency: str | None) -> list[str]:
    count = counted(len({entry.sheet.file for entry in entries}), "file")
    found = [
        f"# A draft by `kpikit map` from {count}. Behind each line: how sure it is (sure, likely, guess)",
        "# Lines with `# ?` ask what the files do not tell. Then: kpikit data check",
        "name: Company  # ? the company's name",
    ]
    told, why, question = currency_of([entry for entry in entries if entry.table])
    if currency is not None:
        found.append(f"currency: {currency}  # as given")
        if told and told != currency:
            found.append(comment(f"? {why}"))
    elif told:
        found.append(f"currency: {told}  {comment(f'sure: {why}')}")
    else:
        found.append(comment(f"? {question} (currency: IDR; without it kpikit takes USD)"))
    if any(_has_moments(entry) for entry in entries):
        found.append("# ? on which clock? (time_zone: Asia/Jakarta; without it kpikit takes UTC)")
    place = os.path.relpath(base, os.path.abspath(folder))
    if place != ".":
        found.append(f"folder: {scalar(Path(place).as_posix())}")
    return found


def _has_moments(entry: Entry) -> bool:
    return any(
        line.how == "columns" and entry.sheet.contents[line.source].dates.has_time
        for line in entry.lines.values()
    )


def _tables(entries: list[Entry]) -> list[str]:
    used = [table for table in TABLES if any(entry.table == table for entry in entries)]
    if not used:
        return ["# ? no table is recognized: name the files here", "tables: {}"]
    found = ["tables:"]
    for table in used:
        found += write_table(table, [entry for entry in entries if entry.table == table])
    return found
