"""How the files of a table are written: dates, signs of numbers, words for nothing; and what stays open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from kpikit.data.contract import TABLES
from kpikit.data.drafting.columns import is_serial
from kpikit.data.drafting.roles import Entry
from kpikit.data.drafting.sheets import Sheet
from kpikit.data.mapping import NULL_WORDS

__all__ = ["Manner", "manner_of"]


@dataclass
class Manner:
    """How a table's values are written, each with a comment, and the questions that the values leave."""

    dates: dict[str, str] = field(default_factory=dict)
    decimal: str = "."
    thousands: str = ""
    nulls: list[str] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    open_dates: str = ""


def _sources(entry: Entry) -> list[tuple[str, Sheet, str]]:
    """Give each column of the contract with the column of a file that it is."""
    found = [(c, entry.sheet, line.source) for c, line in entry.lines.items() if line.how == "columns"]
    for look in entry.joins:
        found += [(c, look.sheet, header) for c, header in look.take.items() if not c.startswith("_")]
    for line in entry.lines.values():
        if line.how == "compute":
            found += [(line.column, entry.sheet, one) for one in entry.sheet.headers if one in line.source]
    return [(column, sheet, header) for column, sheet, header in found if header in sheet.contents]


def manner_of(entry: Entry) -> Manner:
    """Say how the files of a table are written."""
    manner = Manner()
    sources = _sources(entry)
    _dates(entry, sources, manner)
    _numbers(entry, sources, manner)
    words: Counter[str] = Counter()
    for _, sheet, header in sources:
        words += sheet.contents[header].nulls
    if any(word not in NULL_WORDS for word in words):
        manner.nulls = [word for word, _ in words.most_common()]
        manner.why["nulls"] = f"likely: {sum(words.values()):,} values; are these all words for nothing?"
    return manner


def _dates(entry: Entry, sources: list[tuple[str, Sheet, str]], manner: Manner) -> None:
    forms: dict[str, str] = {}
    opened: dict[str, tuple[str, str, str]] = {}
    for column, sheet, header in sources:
        if TABLES[entry.table].get(column) is None or TABLES[entry.table][column].kind not in (
            "date",
            "month",
            "moment",
        ):
            continue
        dates = sheet.contents[header].dates
        if dates.share < 0.9 and is_serial(sheet, header):
            forms[column] = "excel"
        elif dates.other:
            opened[column] = (header, dates.form, dates.other)
        else:
            forms[column] = dates.form
            manner.why[column] = dates.evidence
    for column, (header, form, other) in opened.items():
        # A column beside it that cannot be otherwise tells how this file writes its days.
        written = {
            *forms.values(),
            *(one.dates.form for one in entry.sheet.contents.values() if not one.dates.other),
        }
        if (form in written) != (other in written):
            forms[column] = form if form in written else other
            manner.why[column] = "as the other dates of the file"
        else:
            manner.questions.append(
                f"{header}: day or month first: every value fits both ({form} or {other})"
            )
            manner.open_dates = form
    if manner.open_dates:
        # A format for some columns alone is told by column; those that are open have none, and are refused.
        manner.dates = {column: form for column, form in forms.items() if form}
    elif any(forms.values()):
        manner.dates = forms if len({*forms.values()}) > 1 else {"": next(iter(forms.values()))}
        manner.dates = {column: form for column, form in manner.dates.items() if form}


def _witness(entry: Entry) -> tuple[str, str, str] | None:
    """Find a column beside those that are mapped whose numbers tell the signs of this file."""
    for header, contents in entry.sheet.contents.items():
        numbers = contents.numbers
        if numbers.is_told and numbers.thousands and numbers.share > 0.99 and contents.dates.share < 0.5:
            return header, numbers.decimal, numbers.thousands
    return None


def _numbers(entry: Entry, sources: list[tuple[str, Sheet, str]], manner: Manner) -> None:
    told: Counter[tuple[str, str]] = Counter()
    opened, beside = [], {}
    for column, sheet, header in sources:
        if column not in TABLES[entry.table] or TABLES[entry.table][column].kind != "number":
            continue
        numbers = sheet.contents[header].numbers
        if numbers.is_told:
            told[numbers.decimal, numbers.thousands] += 1
        elif numbers.is_open:
            opened.append((header, numbers))
        if numbers.sign:
            beside[header] = numbers.sign
    if told:
        # `1.5` says less than `1.234,50`: a thousands sign is the better witness.
        (manner.decimal, manner.thousands), _ = max(told.items(), key=lambda one: (bool(one[0][1]), one[1]))
        if any(decimal != manner.decimal for decimal, _ in told):
            manner.questions.append(
                "are numbers written in two ways? Some with a decimal point, some with a comma"
            )
        manner.why["decimal"] = "sure: the values tell it"
    elif opened and (beside_them := _witness(entry)) is not None:
        header, manner.decimal, manner.thousands = beside_them
        manner.why["decimal"] = f"likely: as '{header}' is written"
    elif opened:
        header, numbers = opened[0]
        question = f"{header}: is '{numbers.decimal}' the decimal or the thousands sign?"
        manner.questions.append(f"{question} Three digits stand behind it in every value")
        # Until a person says which, the other sign is named, so that such numbers are refused, not misread.
        manner.decimal = "," if numbers.decimal == "." else "."
        manner.why["decimal"] = (
            f"? see above: decimal: '{numbers.decimal}', or thousands: '{numbers.decimal}'"
        )
    for header, sign in beside.items():
        if sign != "%":
            continue  # the sign of the currency is read
        manner.questions.append(
            f"{header}: '{sign}' stands behind the numbers: is the column really an amount?"
        )
