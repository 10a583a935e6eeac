"""Read `schedule.yaml`, and tell all its faults at once, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kpikit.data.documents import Document, check, read_document
from kpikit.errors import ScheduleError, cut, demand
from kpikit.selection.patterns import COMPANY, MEMBER, RESERVED, meet, slug
from kpikit.selection.schedule import FOR_EACH, OWN_ENTRIES, Entry, Schedule

__all__ = ["read_schedule"]

IN_TIME = ("period", "as_of", "language")
Place = tuple[Any, ...]
Fault = tuple[Place, str, str, str]  # the entry at fault, the fault, what is allowed, a hint


def read_schedule(path: str | Path) -> Schedule:
    """Read and check a schedule.

    Parameters
    ----------
    path
        The YAML file.

    Returns
    -------
    Schedule
        The checked schedule. Notebooks, data and members are checked when its reports are planned.

    Raises
    ------
    ScheduleError
        With every fault, its line and a hint.

    Examples
    --------
    >>> from kpikit.selection.scheduling import read_schedule
    >>> read_schedule("data/samples/schedule.yaml").max_age is None
    True
    """
    demand("read_schedule", path=(path, (str, Path), "A file such as schedule.yaml"))
    document = read_document(path, ScheduleError)
    told: list[str] = []
    try:
        schedule = check(Schedule, document, ScheduleError)
    except ScheduleError as error:
        lines = error.fault.split("\n")
        told += lines[1:] or [str(error)]
    entries = list(_entries(document))
    faults = [*_names(document), *(one for at, entry in entries for one in _own(at, entry))]
    faults += _folders(document, entries)
    faults += _files(document, entries)
    told += [str(ScheduleError(document.where(place), *fault)) for place, *fault in faults]
    if len(told) == 1:
        where, _, rest = told[0].partition(": ")
        raise ScheduleError(where, rest)
    if told:
        many = "\n".join(sorted(told, key=_line))
        raise ScheduleError(document.path.name, f"{len(told)} faults\n{many}")
    schedule._path = document.path
    for place, entry in entries:
        schedule._lines[entry.name] = document.line(place)
    return schedule


def _line(text: str) -> int:
    found = re.search(r", line ([0-9]+)", text)
    return int(found[1]) if found else 0


def _raw(document: Document) -> Iterator[tuple[Place, dict[str, Any]]]:
    many = document.data.get("reports") if isinstance(document.data, dict) else None
    for number, one in enumerate(many if isinstance(many, list) else []):
        if isinstance(one, dict):
            yield ("reports", number), one


def _entries(document: Document) -> Iterator[tuple[Place, Entry]]:
    """The reports that can be read, whatever is wrong with others."""
    for place, raw in _raw(document):
        try:
            yield place, Entry.model_validate(raw)
        except ValidationError:  # told with the structure
            continue


def _names(document: Document) -> Iterator[Fault]:
    first: dict[str, int] = {}
    for place, raw in _raw(document):
        name = raw.get("name")
        if isinstance(name, str):
            # Files are named by it, in small letters.
            if slug(name) in first:
                fault = f"report '{cut(name)}' stands twice (first on line {first[slug(name)]})"
                yield (*place, "name"), fault, "", "give each report a name of its own"
            first.setdefault(slug(name), document.line((*place, "name")))


def _own(place: Place, entry: Entry) -> Iterator[Fault]:
    """What is wrong with a report by itself."""
    said = f"report '{entry.name}': "
    for dimension in entry.only:
        if dimension not in entry.kinds:
            fault = (
                f"{said}'only' names the dimension {dimension}, and there is no report for each {dimension}"
            )
            yield (*place, "only"), fault, "", f"for_each: {dimension}"
    for name in entry.parameters:
        if name in OWN_ENTRIES:
            fault = f"{said}'{name}' has an entry of its own"
            yield (*place, "parameters", name), fault, "", f"write {name}: beside 'parameters'"
    for key, pattern in (("recipient", entry.recipient), ("file", entry.file)):
        for name in pattern.names:
            lacking = [kind for kind in entry.kinds if name in FOR_EACH and kind != name]
            if lacking:
                whom = f"for each {lacking[0]}" if lacking[0] != "company" else "for the whole company"
                fault = f"{said}'{{{name}}}' has no value in a report {whom}"
                yield (*place, key), fault, "", f"'{{{MEMBER}}}' is whoever a report is for"
    is_for_many = any(kind != "company" for kind in entry.kinds)
    if is_for_many and not {MEMBER, *FOR_EACH} & {*entry.recipient.names, *entry.file.names}:
        fault = f"{said}the reports of all members would be one file"
        yield (*place, "file"), fault, "", f"'{{{MEMBER}}}' in 'file' or in 'recipient'"
    if not set(entry.file.names) - {"report", "notebook"}:
        name = entry.file.fill(entry.known)
        if name in RESERVED:
            fault = f"{said}'{name}' is a name that systems or kpikit keep for themselves"
            yield (*place, "file"), fault, "", "put {period} into it"


def _folders(document: Document, entries: list[tuple[Place, Entry]]) -> Iterator[Fault]:
    """Recipients that could come into one folder without being one: their reports would be each other's."""
    seen: list[tuple[tuple[str, str] | str, str, int]] = []
    for place, entry in entries:
        for kind in entry.kinds:
            ends = entry.recipient.ends(kind)
            made = ends or entry.recipient.fill(_whom(kind))
            text = made if isinstance(made, str) and entry.recipient.names else entry.recipient.text.strip()
            for other, said, line in seen:
                # The same words are the same recipient, and so is the same member of the same dimension.
                is_same = made == other and (ends is not None or said == text)
                if not is_same and meet(made, other):
                    fault = f"report '{entry.name}': the recipient '{text}' could have the folder of '{said}'"
                    yield (*place, "recipient"), f"{fault} (line {line})", "", "begin it with another word"
                    break
            seen.append((made, text, document.line((*place, "recipient"))))


def _files(document: Document, entries: list[tuple[Place, Entry]]) -> Iterator[Fault]:
    """Reports that would be written over each other."""
    common = document.data if isinstance(document.data, dict) else {}
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for place, entry in entries:
        own = {name: f"<{getattr(entry, name) or common.get(name) or ''}>" for name in IN_TIME}
        keys = [
            (entry.recipient.fill(whom), entry.file.fill({**whom, **own, **entry.known}))
            for whom in map(_whom, entry.kinds)
        ]
        if taken := next((first[key] for key in keys if key in first), None):
            fault = f"report '{entry.name}' would have the files of report '{taken[0]}' (line {taken[1]})"
            yield (*place, "file"), fault, "", "put {report} into 'file'"
        first.update(dict.fromkeys(keys, (entry.name, document.line(place))))


def _whom(kind: str) -> dict[str, str]:
    """Put a sign in for the member of a dimension."""
    return dict.fromkeys((MEMBER, *FOR_EACH), kind if kind == COMPANY else f"<{kind}>")
