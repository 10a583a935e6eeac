"""Which column of a file may be a column of the contract: by its name, if its contents agree."""

from __future__ import annotations

from kpikit.data.contract import KEYS, TABLES
from kpikit.data.drafting.names import strength
from kpikit.data.drafting.sheets import Line, Sheet

__all__ = ["SHARED", "assign", "candidates", "evidence", "fit", "fuller", "is_serial"]

SHARED = {
    ("stage", "outcome"),
    ("closed_on", "expected_close_on"),
    ("rep_id", "name"),
    ("customer_id", "name"),
}
"""Columns of the contract that may come from one column of a file."""
_LONG = 120  # letters of a value that is neither an id nor a category
_STRONG = 100
_FREE = ("name",)
_SPARSE, _FULL = 0.7, 0.9


def is_serial(sheet: Sheet, header: str) -> bool:
    """Say whether a column holds days as a spreadsheet counts them."""
    numbers = sheet.contents[header].numbers
    return numbers.share >= 0.99 and 20_000 <= numbers.low <= numbers.high <= 73_000 and not numbers.sign


def fit(sheet: Sheet, header: str, table: str, column: str) -> float:
    """Give the share of values that can be what a column of the contract holds; 0 where most cannot."""
    contents, kind = sheet.contents[header], TABLES[table][column].kind
    if not contents.counts:
        return 0.0
    if kind in ("date", "moment", "month"):
        if contents.dates.share < 0.9 and is_serial(sheet, header):
            return 1.0
        return contents.dates.share if contents.dates.share >= 0.8 else 0.0
    if kind == "number":
        is_date = contents.dates.share > contents.numbers.share
        return contents.numbers.share if contents.numbers.share >= 0.8 and not is_date else 0.0
    if contents.dates.share >= 0.9 or (sheet.is_switch(header) and len(contents.counts) + 2 < contents.rows):
        return 0.0
    letters = sum(len(one) * count for one, count in contents.counts.items()) / sum(contents.counts.values())
    if letters > _LONG:
        return 0.0
    if (
        kind == "text"
        and column not in _FREE
        and contents.numbers.share > 0.9
        and contents.numbers.sign == ""
    ):
        return 0.85 if contents.are_categories else 0.0  # numbers of things, not their names
    if kind == "text" and column not in (*_FREE, "product") and contents.rows > 60 and contents.is_unique:
        return 0.0  # a dimension that splits nothing
    return 1.0


def candidates(sheet: Sheet, table: str, column: str) -> list[tuple[int, str]]:
    """Give the columns of a file that may be a column of the contract, with points, the best first."""
    found = []
    for place, header in enumerate(sheet.headers):
        points = strength(table, column, header)
        share = fit(sheet, header, table, column) if points else 0.0
        if points and share:
            filled = sheet.contents[header].filled
            # A column that is mostly empty gives way to one that is full, whichever has the better name.
            points = points - (30 if filled < 0.5 else 0) - (20 if share < 0.9 else 0)
            found.append((points, -place, header))
    return [(points, header) for points, _, header in sorted(found, reverse=True) if points > 0]


def evidence(sheet: Sheet, header: str, table: str, column: str) -> str:
    """Say what the contents of a column are, in a few words."""
    contents, kind = sheet.contents[header], TABLES[table][column].kind
    if kind in ("date", "moment", "month"):
        return contents.dates.evidence or "days as a spreadsheet counts them"
    if kind == "number":
        return f"{contents.numbers.share:.0%} numbers"
    if column in KEYS.get(table, ()) and contents.is_unique:
        return "each value once"
    count = len(contents.counts)
    return f"{count:,} different value{'s' * (count != 1)}"


def assign(sheet: Sheet, table: str) -> dict[str, Line]:
    """Give each column of the contract the best column of the file; no column of the file serves twice."""
    offers = sorted(
        (
            (points, -number, column, header)
            for number, column in enumerate(TABLES[table])
            for points, header in candidates(sheet, table, column)
        ),
        reverse=True,
    )
    lines: dict[str, Line] = {}
    taken: dict[str, list[str]] = {}
    for points, _, column, header in offers:
        if column in lines:
            continue
        others = taken.get(header, [])
        if any((column, other) not in SHARED and (other, column) not in SHARED for other in others):
            continue
        lines[column] = _line(sheet, table, column, header, points)
        taken.setdefault(header, []).append(column)
    for column in ("region", "channel", "segment"):
        if column in lines:
            fuller(sheet, table, column, lines[column], set(taken))
    return {column: lines[column] for column in TABLES[table] if column in lines}


def fuller(sheet: Sheet, table: str, column: str, line: Line, used: set[str]) -> None:
    """Give way to a fuller column where one by a better name is mostly empty (a state, which few have)."""
    if line.source not in sheet.contents or sheet.contents[line.source].filled >= _SPARSE:
        return
    for _, header in candidates(sheet, table, column):
        if header not in used and sheet.contents[header].filled > _FULL:
            filled = sheet.contents[line.source].filled
            line.question = f"or '{line.source}', which {filled:.0%} of the rows have?"
            line.source, line.level = header, "guess"
            line.why = f"header may mean it; {evidence(sheet, header, table, column)}"
            return


def _line(sheet: Sheet, table: str, column: str, header: str, points: int) -> Line:
    share, why = fit(sheet, header, table, column), evidence(sheet, header, table, column)
    level = "guess" if points <= _STRONG else ("sure" if share >= 0.99 else "likely")
    near = "header" if points > _STRONG else "header may mean it"
    question = ""
    if share < 0.99:
        question = f"{1 - share:.1%} of the values cannot be read so, or are ids without names"
    return Line(column, header, level, f"{near}; {why}", question)
