"""How files belong together: the heads of order lines, side tables, and the keys by which tables name each other."""

from __future__ import annotations

from collections import Counter

from kpikit.data.contract import TABLES
from kpikit.data.drafting.columns import candidates, evidence, fit
from kpikit.data.drafting.contents import squash
from kpikit.data.drafting.names import ENTITIES, strength
from kpikit.data.drafting.roles import Entry, Look
from kpikit.data.drafting.sheets import Line, Sheet, overlap

__all__ = ["find_keys", "find_looks", "find_numbered", "find_persons"]

_MATCH, _SOME = 0.9, 0.5
_HEAD = ("order_date", "customer_id", "rep_id", "region", "channel", "currency", "refund_of")
_SIDES = ("product", "product_line", "region", "team", "channel")
_NAMES = {"name", "nama", "description", "title", "label", "code"}
_DIMS = {"customers": "customer_id", "reps": "rep_id"}
_STRONG = 100


def find_looks(entry: Entry, others: list[Entry]) -> None:
    """Add the joins of a table: to the heads of its lines, and to the side tables that its columns name."""
    if entry.table == "orders":
        _head(entry, others)
    sides = [one.sheet for one in others if not one.table and one.entity in _SIDES]
    for side in sides:
        for mine in entry.sheet.headers:
            _look(entry, mine, side, _entity(side, others))


def _entity(side: Sheet, others: list[Entry]) -> str:
    return next(one.entity for one in others if one.sheet is side)


def _unique(sheet: Sheet) -> list[str]:
    return [header for header, contents in sheet.contents.items() if contents.is_unique]


def _head(entry: Entry, others: list[Entry]) -> None:
    lacking = [column for column in _HEAD if column not in entry.lines]
    line = entry.lines.get("order_id")
    if line is None or not {"order_date", "customer_id"} & set(lacking):
        return
    for other in others:
        if other.table not in ("", "orders") or other is entry or other.entity not in ("orders", ""):
            continue
        for theirs in _unique(other.sheet):
            is_named = (
                squash(theirs) == squash(line.source)
                or squash(theirs) == "id"
                or strength("orders", "order_id", theirs)
            )
            match = overlap(entry.sheet.keys(line.source), other.sheet.keys(theirs)) if is_named else 0.0
            if match < _MATCH:
                continue
            take, weak, unsure = {}, [], set()
            for column in lacking:
                used = {*take.values(), theirs}
                offers = [
                    (points, one)
                    for points, one in candidates(other.sheet, "orders", column)
                    if one not in used
                ]
                if offers:
                    take[column] = offers[0][1]
                    if offers[0][0] <= _STRONG:
                        unsure.add(column)
                    if offers[0][0] <= _STRONG and TABLES["orders"][column].is_required:
                        weak.append(f"is {column} '{offers[0][1]}'?")
            if "order_date" in take or "customer_id" in take:
                why = f"{match:.0%} of the rows find theirs; each {theirs} stands once"
                entry.joins.append(Look(other.sheet, line.source, theirs, take, "sure", why, weak, unsure))
                other.table, other.why = "", f"the heads of {entry.sheet.name}: joined there"
                other.lines, other.joins, other.notes = {}, [], []
                return


def _look(entry: Entry, mine: str, side: Sheet, entity: str) -> None:
    """Look a column up in a side table, if its key stands there once and its name says the same."""
    words = {squash(one) for one in ENTITIES[entity]}
    ids = entry.sheet.keys(mine)
    if not ids or any(look.sheet is side for look in entry.joins):
        return
    for theirs in _unique(side):
        is_same = squash(theirs) == squash(mine)
        is_meant = squash(theirs) in ("id", "name", "code", "key") and _is_about(squash(mine), words)
        if not (is_same or is_meant):
            continue
        match = overlap(ids, side.keys(theirs))
        take = _taken(entry, side, entity, theirs)
        if not take or match < _SOME:
            continue
        where = f"{side.name} by {mine}"
        if match < _MATCH:
            lost = [one for one, _ in ids.most_common() if one not in side.keys(theirs)]
            entry.notes.append(
                f"{', '.join(take)} from {where}? Only {match:.0%} of the rows have a match there"
                f" (not {', '.join(lost[:3])})"
            )
            continue
        entry.joins.append(Look(side, mine, theirs, take, "sure" if match > 0.99 else "likely",
                                f"{match:.0%} of the rows find theirs; each {theirs} stands once"))  # fmt: skip
        for column in take:
            if column in entry.lines:
                entry.lines.pop(column)
        return


def _is_about(text: str, words: set[str]) -> bool:
    rest = text
    for tail in ("ids", "id", "code", "key", "no"):
        if text.endswith(tail) and len(text) > len(tail):
            rest = text.removesuffix(tail)
            break
    return any(rest == word or rest.startswith(word) for word in words)


def _taken(entry: Entry, side: Sheet, entity: str, key: str) -> dict[str, str]:
    """Say which columns of the contract a side table gives."""
    take = {}
    for column in (entity, "product_line") if entity == "product" else (entity,):
        if column not in TABLES[entry.table]:
            continue
        line = entry.lines.get(column)
        if line is not None and line.level == "sure" and not _is_code(entry.sheet, line.source):
            continue
        named = (
            [one for one in side.headers if one != key and _is_name(one, entity)] if column == entity else []
        )
        named += [
            one
            for points, one in candidates(side, entry.table, column)
            if one not in (key, *named, *take.values())
        ]
        if column == entity and not named and not _is_code(side, key):
            continue
        fits = [one for one in named if not _is_code(side, one)]
        if fits and fits[0] != key:
            take[column] = fits[0]
    return take


def _is_name(header: str, entity: str) -> bool:
    text = squash(header)
    return text in ("name", "nama") or any(
        text in (squash(w) + "name", "nama" + squash(w)) for w in ENTITIES[entity]
    )


def _is_code(sheet: Sheet, header: str) -> bool:
    """Say whether a column holds ids rather than names: numbers, or letters and digits mixed without a blank."""
    contents = sheet.contents[header]
    if contents.numbers.share > 0.9:
        return True
    some = list(contents.counts)[:200]
    mixed = sum(" " not in one and any(x.isdigit() for x in one) for one in some)
    return mixed > 0.9 * len(some)


def find_numbered(entry: Entry, others: list[Entry]) -> None:
    """Follow a side table to a further one: the category of a product, by the number that the product names."""
    for look in list(entry.joins):
        if (
            "product_line" in look.take
            or "product_line" in entry.lines
            or "product_line" not in TABLES[entry.table]
        ):
            continue
        for other in others:
            if other.table or other.entity != "product_line":
                continue
            for theirs in _unique(other.sheet):
                mine = look.sheet.squashed.get(squash(theirs))
                if mine is None or overlap(look.sheet.keys(mine), other.sheet.keys(theirs)) < _MATCH:
                    continue
                names = [one for one in other.sheet.headers if _is_name(one, "product_line")]
                if names and mine.isidentifier():
                    helper = f"_{mine}"
                    look.take[helper] = mine
                    why = f"by the {mine} that {look.sheet.name} gives; each {theirs} stands once"
                    entry.joins.append(
                        Look(other.sheet, helper, theirs, {"product_line": names[0]}, "sure", why)
                    )
                    return


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
        if entry.table not in _DIMS or "name" in entry.lines and entry.lines["name"].level == "sure":
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
    """Choose the key of members and customers by which the other tables name them; of two such files the one named."""
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
            what = "the other tables name" if facts and matches[id(best)] else "seems to be meant by"
            dim.why = f"{dim.table} are taken from {best.sheet.name}, which {what} {'them by' if facts else 'the others'}"
            dim.table, dim.lines, dim.joins, dim.notes = "", {}, [], []


def _choose_references(entries: list[Entry]) -> None:
    """Where a table names members or customers by a column that their file does not know, try its other ones."""
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
                    why = f"its values stand in {dim.sheet.name}; {evidence(entry.sheet, found, entry.table, column)}"
                    entry.lines[column] = Line(column, found, "sure", why)
                elif entry.sheet.keys(mine.source):
                    mine.question = f"only {match:.0%} of these stand in {dim.sheet.name}"
