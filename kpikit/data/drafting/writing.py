"""A draft as the text of a `dataset.yaml`: behind each line how sure it is, and why."""

from __future__ import annotations

from kpikit.data.drafting.contents import Contents
from kpikit.data.drafting.manners import Manner, manner_of
from kpikit.data.drafting.roles import Entry, Look
from kpikit.data.drafting.scalars import comment, scalar
from kpikit.data.drafting.sheets import Line
from kpikit.data.drafting.starts import MOST_BYTES, MOST_ROWS, Start
from kpikit.errors import counted, cut, listing

__all__ = ["taken_for", "write_table", "write_unused"]

_KEY = 200  # letters of a key; YAML takes no more than 1,024


def write_table(table: str, entries: list[Entry]) -> list[str]:
    """Write a table: one entry, or a list of entries whose rows stand one after the other."""
    groups = _alike(entries)
    if len(groups) == 1:
        first = groups[0][0]
        return [f"  {table}:  {comment(_title(first, groups[0]))}", *_indented(_entry(groups[0]), 4)]
    what = "sheets or tables" if any(one.sheet.start.part for one in entries) else "files"
    found = [f"  {table}:  {comment(f'likely: {len(groups)} {what} of the same kind, one after the other')}"]
    for group in groups:
        lines = _entry(group)
        # The first line that is no comment carries the dash.
        place = next(number for number, line in enumerate(lines) if not line.startswith("#"))
        found += [f"    {comment(_title(group[0], group))}"]
        found += [f"    {line}" for line in lines[:place]]
        found += [f"    - {lines[place]}", *_indented(lines[place + 1 :], 6)]
    return found


def taken_for(entry: Entry, entries: list[Entry]) -> str:
    """Say what becomes of a file that is no table by itself."""
    users = [
        one.table for one in entries if one.table and any(look.sheet is entry.sheet for look in one.joins)
    ]
    return f"looked up by {listing(dict.fromkeys(users))}" if users else f"not used: {entry.why}"


def write_unused(entries: list[Entry]) -> list[str]:
    """List the files that are no table: those that a table looks up, and those that are not used."""
    found = [
        f"#   {comment(f'{cut(one.sheet.name)}: {taken_for(one, entries)}')[2:]}"
        for one in entries
        if not one.table
    ]
    return ["", "# No tables by themselves:", *found] if found else []


def _indented(lines: list[str], blanks: int) -> list[str]:
    return [" " * blanks + line if line else line for line in lines]


def _title(entry: Entry, group: list[Entry]) -> str:
    start = entry.sheet.start
    rows = counted(sum(one.sheet.start.rows for one in group), "row")
    whole = all(one.sheet.start.is_whole for one in group)
    said = (
        rows if whole else f"the first {rows}: at most {MOST_ROWS:,} or {MOST_BYTES >> 20} MB are looked at"
    )
    return f"{entry.level}: {entry.why}; {said}" + ("" if start.is_text or start.part else " (Parquet)")


def _alike(entries: list[Entry]) -> list[list[Entry]]:
    """Group files that are written alike, so that one entry reads them."""
    groups: list[list[Entry]] = []
    for entry in entries:
        for group in groups:
            first = group[0]
            one, two = entry.sheet.start, first.sheet.start
            same = (one.encoding, one.delimiter, one.skip, one.sheet, one.table, list(one.columns)) == (
                two.encoding, two.delimiter, two.skip, two.sheet, two.table, list(two.columns),
            )  # fmt: skip
            if same and _manners(entry) == _manners(first) and _mapped(entry) == _mapped(first):
                group.append(entry)
                break
        else:
            groups.append([entry])
    return groups


def _manners(entry: Entry) -> tuple[object, ...]:
    manner = manner_of(entry)
    return manner.dates, manner.decimal, manner.thousands, manner.nulls


def _mapped(entry: Entry) -> dict[str, tuple[str, str]]:
    return {column: (line.how, line.source) for column, line in entry.lines.items()}


def _entry(group: list[Entry]) -> list[str]:
    entry, manner = group[0], manner_of(group[0])
    names = [one.sheet.file for one in group]
    found = [comment(f"? {note}") for note in _notes(entry, manner)]
    file = scalar(names[0]) if len(names) == 1 else "[" + ", ".join(map(scalar, names)) + "]"
    found += [f"file: {file}", *_part(entry.sheet.start)]
    found += _written(entry, manner)
    found += _columns(entry, manner)
    for how in ("constants", "compute"):
        lines = [line for line in entry.lines.values() if line.how == how]
        if lines:
            found += [
                f"{how}:",
                *(f"  {line.column}: {scalar(line.source)}  {_said(line)}" for line in lines),
            ]
    found += _values(entry)
    if entry.joins:
        found.append("joins:")
        for look in entry.joins:
            found += _join(entry, look)
    text = "\n".join(found)
    unused = [one for one in entry.sheet.contents if one.strip() and one not in text]
    if unused:
        found.append(comment(f"not used: {listing(unused, 15)}"))
    return found


def _notes(entry: Entry, manner: Manner) -> list[str]:
    start = entry.sheet.start
    notes = [*entry.notes, *manner.questions, *start.notes]
    if start.doubled:
        notes.append(
            f"two columns have the name {listing(start.doubled, 3)}: rename one, kpikit reads no such file"
        )
    return notes


def _part(start: Start) -> list[str]:
    """Name the sheet or the table of the file."""
    parts = {"sheet": start.sheet, "table": start.table}
    return [f"{key}: {scalar(name)}" for key, name in parts.items() if name is not None]


def _file_manner(start: Start) -> list[str]:
    """Say how a file is written, where it is not as most are."""
    found = []
    if start.is_text and start.delimiter != ",":
        sign = "tab" if start.delimiter == "\t" else scalar(start.delimiter)
        found.append(f"delimiter: {sign}  # sure: it parts the lines into equally many columns")
    if start.encoding != "utf-8":
        level = (
            "likely: the text is not UTF-8"
            if start.encoding == "cp1252"
            else "sure: each letter takes two bytes"
        )
        found.append(f"encoding: {start.encoding}  # {level}")
    if start.skip:
        found.append(f"skip: {start.skip}  # likely: titles stand above the header")
    return found


def _written(entry: Entry, manner: Manner) -> list[str]:
    found = _file_manner(entry.sheet.start)
    if manner.thousands or manner.decimal != ".":
        why = manner.why.get("decimal", "guess")
        found.append(f"decimal: {scalar(manner.decimal)}  # {why}")
        if manner.thousands:
            found.append(f"thousands: {scalar(manner.thousands)}  # {why}")
    if set(manner.dates) == {""}:
        level = "sure" if entry.sheet.start.is_whole else "likely"
        found.append(f"dates: {scalar(manner.dates[''])}  # {level}: no other form fits every date")
    elif manner.dates:
        found.append("dates:")
        for column, form in manner.dates.items():
            found.append(f"  {column}: {scalar(form)}  {comment(f'sure: {manner.why.get(column) or form}')}")
    if manner.open_dates:
        found.append(f"# dates: {scalar(manner.open_dates)}  # ? take this in if the day comes first")
    if manner.nulls:
        words = ", ".join(scalar(word) for word in manner.nulls)
        found.append(f"nulls: [{words}]  {comment(manner.why['nulls'])}")
    return found


def _columns(entry: Entry, manner: Manner) -> list[str]:
    found, asked = [], []
    for line in entry.lines.values():
        if line.how == "columns":
            found.append(
                f"  {line.column}: {scalar(line.source)}  {_said(line, manner.why.get(line.column, ''))}"
            )
        elif line.how == "asks":
            said = f"? {line.question}" if line.question else "?"
            named = f" {comment(scalar(line.source))[2:]}" if line.source else " …"
            asked.append(f"  # {line.column}:{named}  {comment(said)}")
    return ["columns:", *found, *asked] if found else ([] if not asked else [one.strip() for one in asked])


def _said(line: Line, dates: str = "") -> str:
    why = line.why if not dates or dates in line.why else f"{line.why} ({dates})"
    # The question comes whole, whatever is cut.
    said = f"{line.level}: {cut(why, 90 if line.question else 150)}"
    return comment(said + (f" # ? {line.question}" if line.question else ""))


def _values(entry: Entry) -> list[str]:
    found = []
    for column, words in entry.values.items():
        kept = {one: meant for one, meant in words.items() if len(one) <= _KEY}
        if not kept:
            continue
        contents = _contents(entry, column)
        found.append(f"  {column}:")
        for one, meant in kept.items():
            count = contents.counts[one] if contents is not None else 0
            said = (
                f"sure: every other value is an open deal: {_others(contents, kept)}"
                if one == "*"
                else f"likely: {counted(count, 'row')}"
            )
            if column == "outcome" and meant:
                said = f"sure: {counted(count, 'row')}"
            found.append(f"    {scalar(one)}: {'null' if meant is None else scalar(meant)}  {comment(said)}")
    return ["values:", *found] if found else []


def _others(contents: Contents | None, kept: dict[str, str | None]) -> str:
    return listing([one for one in contents.counts if one not in kept], 6) if contents is not None else ""


def _contents(entry: Entry, column: str) -> Contents | None:
    line = entry.lines.get(column)
    return entry.sheet.contents.get(line.source) if line is not None else None


def _join(entry: Entry, look: Look) -> list[str]:
    if len(look.mine) > _KEY:
        return []
    found = [f"  - file: {scalar(look.sheet.file)}  {comment(f'{look.level}: {look.why}')}"]
    found += [f"    {line}" for line in _part(look.sheet.start)]
    found.append(f"    on: {{{scalar(look.mine)}: {scalar(look.theirs)}}}")
    there, here = look.sheet.start, entry.sheet.start
    found += [f"    {line}" for line in _file_manner(there) if line not in _file_manner(here)]
    # A join is written as its table is, but for what it says itself.
    plain = (("delimiter", ",", there.is_text), ("encoding", "utf-8", there.is_text), ("skip", 0, True))
    for key, usual, is_told in plain:
        if is_told and getattr(there, key) == usual != getattr(here, key):
            found.append(f"    {key}: {scalar(usual) if isinstance(usual, str) else usual}")
    found.append("    take:")
    for column, header in look.take.items():
        level = look.level_of(column)
        said = (
            "a helper" if column.startswith("_") else f"{level}: header{' may mean it' * (level == 'guess')}"
        )
        found.append(f"      {column}: {scalar(header)}  # {said}")
    return [*found[:1], *(f"    {comment(f'? {question}')}" for question in look.questions), *found[1:]]
