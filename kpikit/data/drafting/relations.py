"""How files belong together: the heads of order lines, and side tables that columns name."""

from __future__ import annotations

from kpikit.data.contract import TABLES
from kpikit.data.drafting.columns import candidates
from kpikit.data.drafting.contents import squash
from kpikit.data.drafting.names import ENTITIES, strength
from kpikit.data.drafting.roles import Entry, Look
from kpikit.data.drafting.sheets import Sheet, overlap

__all__ = ["find_looks", "find_numbered"]

_MATCH, _SOME = 0.9, 0.5
_HEAD = ("order_date", "customer_id", "rep_id", "region", "channel", "currency", "refund_of")
_SIDES = ("product", "product_line", "region", "team", "channel")
_NAMES = {"name", "nama", "description", "title", "label", "code"}
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
        entry.joins.append(
            Look(
                side,
                mine,
                theirs,
                take,
                "sure" if match > 0.99 else "likely",
                f"{match:.0%} of the rows find theirs; each {theirs} stands once",
            )
        )
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
    """Say whether a column holds ids rather than names: numbers, or letters and digits without a blank."""
    contents = sheet.contents[header]
    if contents.numbers.share > 0.9:
        return True
    some = list(contents.counts)[:200]
    mixed = sum(" " not in one and any(x.isdigit() for x in one) for one in some)
    return mixed > 0.9 * len(some)


def find_numbered(entry: Entry, others: list[Entry]) -> None:
    """Follow a side table to a further one: from a product to the name of its category."""
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
