"""The keys by which tables name members and customers, and the names of people."""

from __future__ import annotations

from collections import Counter

from kpikit.data.contract import TABLES
from kpikit.data.drafting.columns import candidates, evidence, fit
from kpikit.data.drafting.contents import squash
from kpikit.data.drafting.roles import Entry
from kpikit.data.drafting.sheets import Line, Sheet, overlap

__all__ = ["find_keys", "find_persons"]

_MATCH, _SOME = 0.9, 0.5
_DIMS = {"customers": "customer_id", "reps": "rep_id"}


def _unique(sheet: Sheet) -> list[str]:
    return [header for header, contents in sheet.contents.items() if contents.is_unique]


def _references(entries: list[Entry], column: str) -> list[tuple[Entry, Counter[str]]]:
    """Give the ids by which the other tables name the members or customers."""
    found = []
    for entry in entries:
        if entry.table in ("", "reps", "customers") or column not in TABLES.get(entry.table, {}):
            continue
        line = entry.lines.get(column)
        if line is not None and line.how == "columns":
            found.append((entry, entry.sheet.keys(line.source)))
        found += [(entry, look.sheet.keys(look.take[column])) for look in entry.joins if column in look.take]
    return [(entry, ids) for entry, ids in found if ids]


def find_persons(entries: list[Entry]) -> None:
    """Write a name as first and last name, where a file of people has no other."""
    for entry in entries:
        if entry.table not in _DIMS or ("name" in entry.lines and entry.lines["name"].level == "sure"):
            continue
        first = next(
            (h for s, h in entry.sheet.squashed.items() if s in ("firstname", "namadepan", "givenname")), None
        )
        last = next(
            (h for s, h in entry.sheet.squashed.items() if s in ("lastname", "namabelakang", "surname")), None
        )
        if first and last and first.isidentifier() and last.isidentifier():
            entry.lines["name"] = Line("name", f"{first} + ' ' + {last}", "sure", "headers", how="compute")
        elif first and last:
            entry.lines["name"] = Line(
                "name", f"[{first}] + ' ' + [{last}]", "sure", "headers", how="compute"
            )


def find_keys(entries: list[Entry]) -> None:
    """Choose the key by which the other tables name members and customers; of two files the one named."""
    for table, column in _DIMS.items():
        dims = [entry for entry in entries if entry.table == table]
        facts = _references(entries, column)
        if not facts:
            facts = []
        ranked = [(*_best_key(dim, column, facts), dim) for dim in dims]
        for match, source, how, dim in ranked:
            line = dim.lines.get(column)
            if line is None or not source or line.source == source:
                if line is not None and match >= _MATCH and line.level != "sure":
                    line.level, line.why = (
                        "likely",
                        f"{line.why}; {match:.0%} of the ids in other tables stand here",
                    )
                continue
            why = f"{match:.0%} of the ids in other tables stand here, and not in {line.source}"
            dim.lines[column] = Line(column, source, "sure", why, how=how)
            if "name" not in dim.lines and how == "columns":
                dim.lines["name"] = Line("name", source, "likely", "the name is the id")
        if len(dims) > 1:
            _choose(dims, {id(dim): match for match, _, _, dim in ranked}, facts)
    _choose_references(entries)


def _best_key(dim: Entry, column: str, facts: list[tuple[Entry, Counter[str]]]) -> tuple[float, str, str]:
    """Find the column, or the name made of two, in which most ids of the other tables stand."""

    def match(keys: Counter[str]) -> float:
        total = sum(sum(ids.values()) for _, ids in facts)
        return sum(overlap(ids, keys) * sum(ids.values()) for _, ids in facts) / total if total else 0.0

    line = dim.lines.get(column)
    if line is None or line.how != "columns":
        return 0.0, "", ""
    own = match(dim.sheet.keys(line.source))
    if own >= _SOME or not facts:
        return own, line.source, "columns"
    offers = [(match(dim.sheet.keys(one)), one, "columns") for one in _unique(dim.sheet)]
    name = dim.lines.get("name")
    if name is not None and name.how == "compute":
        headers = [part.strip("[]") for part in name.source.split(" + ' ' + ")]
        offers.append((match(dim.sheet.joined(tuple(headers))), name.source, "compute"))
    best = max(offers, default=(0.0, "", ""))
    return best if best[0] >= 0.8 else (own, line.source, "columns")


def _choose(dims: list[Entry], matches: dict[int, float], facts: list[tuple[Entry, Counter[str]]]) -> None:
    """Of several files of customers keep those that the other tables name."""
    ranks = {id(dim): (round(matches[id(dim)], 1), dim.entity != "contacts") for dim in dims}
    best = max(dims, key=lambda dim: ranks[id(dim)])
    for dim in dims:
        is_alike = {squash(one) for one in dim.sheet.headers} == {squash(one) for one in best.sheet.headers}
        if dim is not best and not is_alike:
            known = "the other tables name them by" if facts and matches[id(best)] else "is the likelier file"
            dim.why = f"{dim.table} are taken from {best.sheet.name}, which {known}"
            dim.table, dim.lines, dim.joins, dim.notes = "", {}, [], []


def _choose_references(entries: list[Entry]) -> None:
    """Where a table names members or customers by what their file does not know, try its other columns."""
    for table, column in _DIMS.items():
        for dim in entries:
            line = dim.lines.get(column)
            if dim.table != table or line is None or line.how != "columns":
                continue
            keys = dim.sheet.keys(line.source)
            for entry in entries:
                mine = entry.lines.get(column)
                if entry.table in ("", table) or mine is None or mine.how != "columns":
                    continue
                match = overlap(entry.sheet.keys(mine.source), keys)
                if match >= _SOME:
                    if match >= _MATCH and mine.level == "guess":
                        mine.level, mine.why = "likely", f"{mine.why}; {match:.0%} stand in {dim.sheet.name}"
                    continue
                others = [
                    one for _, one in candidates(entry.sheet, entry.table, column) if one != mine.source
                ]
                found = next((one for one in others if overlap(entry.sheet.keys(one), keys) >= _MATCH), None)
                if found is not None and fit(entry.sheet, found, entry.table, column):
                    why = f"stand in {dim.sheet.name}; {evidence(entry.sheet, found, entry.table, column)}"
                    entry.lines[column] = Line(column, found, "sure", why)
                elif entry.sheet.keys(mine.source):
                    mine.question = f"only {match:.0%} of these stand in {dim.sheet.name}"
