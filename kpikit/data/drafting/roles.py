"""Which table of the contract a file is, by its headers, its contents and its name."""

from __future__ import annotations

from dataclasses import dataclass, field

from kpikit.data.contract import TABLES
from kpikit.data.drafting.columns import assign, evidence, fit
from kpikit.data.drafting.exports import Known, known_export
from kpikit.data.drafting.names import strength
from kpikit.data.drafting.sheets import Line, Sheet
from kpikit.data.drafting.stages import outcomes
from kpikit.errors import listing

__all__ = ["Entry", "Look", "entry_of"]

_KEYS = {
    "deals": "deal_id",
    "conversations": "conversation_id",
    "reps": "rep_id",
    "customers": "customer_id",
}
# What a file must have of its own to be a table: one column of each group.
_ANCHORS: dict[str, tuple[tuple[str, ...], ...]] = {
    "orders": (("order_id",), ("amount", "quantity")),
    "deals": (("deal_id",), ("stage", "outcome")),
    "deal_stages": (("deal_id",), ("stage",), ("entered_on",)),
    "conversations": (("conversation_id",), ("started_at", "channel")),
    "reps": (("rep_id",),),
    "customers": (("customer_id",),),
    "credits": (("rep_id",), ("share",), ("order_id", "deal_id")),
    "quotas": (("start",), ("value",)),
    "costs": (("month",), ("amount",)),
}
_SIDES = ("product", "product_line", "region", "team", "channel")
_ENOUGH = 3.0
_STRONG = 100


@dataclass
class Look:
    """Columns looked up in another file: the key here and there, and what is taken."""

    sheet: Sheet
    mine: str
    theirs: str
    take: dict[str, str]
    level: str
    why: str
    questions: list[str] = field(default_factory=list)
    weak: set[str] = field(default_factory=set)  # taken by a name that can mean something else

    def level_of(self, column: str) -> str:
        """Say how sure a column is that is taken."""
        return "guess" if column in self.weak else self.level


@dataclass(eq=False)
class Entry:
    """A file as a table of the contract, or as none (""): its columns, joins, values and open questions."""

    sheet: Sheet
    table: str
    lines: dict[str, Line] = field(default_factory=dict)
    joins: list[Look] = field(default_factory=list)
    values: dict[str, dict[str, str | None]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    why: str = ""
    level: str = "guess"
    known: Known | None = None
    alike: list[Entry] = field(default_factory=list)

    @property
    def entity(self) -> str:
        """What the rows are, as far as the file says it."""
        if self.known is not None and self.known.entity:
            return self.known.entity
        return next(iter(self.sheet.entities), "")

    def counts(self, level: str) -> int:
        """Count the columns of a level."""
        taken = [look.level_of(column) for look in self.joins for column in look.take if column[0] != "_"]
        joined = sum(one == level for one in taken)
        return joined + sum(line.level == level and line.how != "asks" for line in self.lines.values())


def entry_of(sheet: Sheet) -> Entry:
    """Say which table a file is; "" where its headers do not tell."""
    known = known_export(sheet)
    if known is not None:
        return _known_entry(sheet, known)
    scores = sorted(
        ((_score(sheet, table, lines), table, lines) for table, lines in _offers(sheet)),
        reverse=True,
        key=lambda one: one[0],
    )
    if scores and scores[0][0] >= _ENOUGH:
        best, table, lines = scores[0]
        others = [name for score, name, _ in scores[1:] if score > best - 1]
        entry = Entry(
            sheet, table, lines, level="likely" if others or best < 6 else "sure", why="its headers"
        )
        if table in sheet.entities or (table == "orders" and "lines" in sheet.entities):
            entry.why = "its name and headers"
        if others:
            entry.notes.append(f"is this {table}, or {' or '.join(others[:2])}?")
        return entry
    return Entry(sheet, "", why=_no_table(sheet))


def _no_table(sheet: Sheet) -> str:
    """Say why a file is no table."""
    if sheet.start.fault:
        return sheet.start.fault
    if not sheet.start.rows:
        return "it has no rows below its header"
    if sheet.start.doubled:
        return f"two columns have the name {listing(sheet.start.doubled, 3)}: rename one"
    values = sum(any(letter.isdigit() for letter in one) and not one[0].isalpha() for one in sheet.headers)
    if values * 2 > len(sheet.headers):
        return "its first line seems to be data: give it a header"
    return "no table of kpikit is recognized in its headers"


def _offers(sheet: Sheet) -> list[tuple[str, dict[str, Line]]]:
    side = sheet.entities[0] if sheet.entities and sheet.entities[0] in _SIDES else ""
    found = []
    for table in TABLES:
        lines = assign(sheet, table)
        # A list of the team may be one of teams, or of its members by id and name.
        if side and not (side == "team" and table == "reps" and {"rep_id", "name"} <= lines.keys()):
            continue
        _outcome(sheet, table, lines)
        if all(any(column in lines for column in group) for group in _ANCHORS[table]):
            key = _KEYS.get(table)
            is_moved = table == "reps" and "valid_from" in lines
            if (
                key
                and not is_moved
                and not sheet.contents[lines[key].source].is_unique
                and not _is_dirty(sheet, lines[key])
            ):
                continue
            if key and _is_weak(table, key, lines[key].source) and not _fits_name(sheet, table):
                continue
            found.append((table, lines))
    return found


def _is_dirty(sheet: Sheet, line: Line) -> bool:
    """Say whether a key stands twice in few rows only: the faults of an export, not another grain."""
    contents = sheet.contents[line.source]
    return contents.filled > 0.9 and len(contents.counts) > 0.97 * sum(contents.counts.values()) > 20


def _is_weak(table: str, column: str, header: str) -> bool:
    return strength(table, column, header) <= _STRONG


def _fits_name(sheet: Sheet, table: str) -> bool:
    names = {"customers": {"customers", "contacts"}}.get(table, {table})
    return bool(names & set(sheet.entities[:1]))


def _outcome(sheet: Sheet, table: str, lines: dict[str, Line]) -> None:
    """Give deals the outcome that values tell: a stage named Closed Won, a status of its own."""
    if table != "deals":
        return
    named = lines.pop("outcome", None)
    headers = [one.source for one in (named, lines.get("stage")) if one is not None]
    headers += [one for one in sheet.headers if strength("deals", "outcome", one) and one not in headers]
    for header in headers:
        told = outcomes(sheet.contents[header])
        if told is not None:
            won = ", ".join(one for one, what in told.items() if what == "won")
            lost = ", ".join(one for one, what in told.items() if what == "lost")
            level = (
                "sure"
                if strength("deals", "outcome", header) or header == lines["stage"].source
                else "likely"
            )
            lines["outcome"] = Line("outcome", header, level, f"values: {won[:40]} / {lost[:40]}")
            break
    if "outcome" in lines and "stage" not in lines:
        lines["stage"] = Line("stage", lines["outcome"].source, "likely", "no other column tells the stage")


def _score(sheet: Sheet, table: str, lines: dict[str, Line]) -> float:
    score = 0.0
    for column, wanted in TABLES[table].items():
        if column in lines:
            points = strength(table, column, lines[column].source)
            score += (2.0 if wanted.is_required else 0.5) * (1.0 if points > _STRONG else 0.4)
        elif wanted.is_required and not (table == "quotas" and column == "kpi"):
            score -= 1.0
    names = {"orders": {"orders", "lines"}, "customers": {"customers", "contacts"}}.get(table, {table})
    if names & set(sheet.entities[:1]):
        score += 4.0
    elif names & set(sheet.entities):
        score += 1.0
    if table in ("deal_stages", "quotas", "costs", "credits") and not names & set(sheet.entities):
        score -= 1.5  # their columns stand in many other tables too
    return score


def _known_entry(sheet: Sheet, known: Known) -> Entry:
    what = f"{known.vendor}, {known.what}"
    entry = Entry(sheet, known.table, known=known, level="sure", why=known.why or f"the headers of {what}")
    if not known.table:
        return entry
    for column in TABLES[known.table]:
        headers = [sheet.squashed[one] for one in known.columns.get(column, ()) if one in sheet.squashed]
        shares = [(fit(sheet, header, known.table, column), header) for header in headers]
        share, header = next(((one, header) for one, header in shares if one), (0.0, ""))
        if header:
            why = f"{known.vendor}'s header; {evidence(sheet, header, known.table, column)}"
            question = (
                ""
                if share >= 0.99
                else f"{1 - share:.1%} of the values cannot be read so, or are ids without names"
            )
            entry.lines[column] = Line(column, header, "sure" if share >= 0.99 else "likely", why, question)
    if (
        known.table == "deals"
        and "outcome" in entry.lines
        and outcomes(sheet.contents[entry.lines["outcome"].source]) is None
    ):
        entry.lines.pop("outcome")
    # What the vendor's list does not name, such as fields of a company's own, is taken by strong names alone.
    used = {line.source for line in entry.lines.values()}
    for column, line in assign(sheet, known.table).items():
        is_asked = column in known.asks or column in entry.lines
        if not is_asked and line.source not in used and strength(known.table, column, line.source) > _STRONG:
            entry.lines[column] = line
    for column, question in known.asks.items():
        if column not in entry.lines:
            entry.lines[column] = Line(column, "", how="asks", question=question)
    return entry
