"""The words of titles and captions: names of KPIs, counts of members, shares that do not lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from kpikit.errors import plural
from kpikit.kpis.catalog import find
from kpikit.kpis.remarks import parts_of
from kpikit.language import MISSING, count_word, day, month, percent

__all__ = ["DOWN", "LEVEL", "UP", "asked_name", "every", "group_name", "is_plural", "join", "label", "lower"]
__all__ += [
    "moment",
    "named",
    "opening",
    "part_of",
    "people",
    "person",
    "reason",
    "reasons",
    "scope_name",
    "share_text",
    "spoken",
    "taken",
    "upper",
]

UP, DOWN, LEVEL = "▲", "▼", "="
# What a KPI is called in a sentence, where its name does not read well in one.
_SPOKEN = {"order_count": "Orders"}


def label(kpi: str) -> str:
    """Write the name of a KPI, with the convention that it names.

    Examples
    --------
    >>> from kpikit.views.words import label
    >>> label("average_order_value"), label("win_rate:cohort")
    ('Average order value', 'Win rate (cohort)')
    """
    name, _, convention = kpi.partition(":")
    return upper(name.replace("_", " ")) + (f" ({convention.replace('_', ' ')})" if convention else "")


def asked_name(kpi: str, convention: object) -> str:
    """Write a KPI as it is asked for: with its convention only where that is not the default.

    Examples
    --------
    >>> from kpikit.views.words import asked_name
    >>> asked_name("win_rate", "closed"), asked_name("win_rate", "cohort")
    ('win_rate', 'win_rate:cohort')
    """
    is_missing = convention is None or convention != convention
    return kpi if is_missing or find(kpi).under(None)[0] == convention else f"{kpi}:{convention}"


def spoken(kpi: str) -> str:
    """Write what a KPI measures, as the subject of a sentence.

    Examples
    --------
    >>> from kpikit.views.words import spoken
    >>> spoken("order_count"), spoken("win_rate:cohort")
    ('Orders', 'Win rate (cohort)')
    """
    return _SPOKEN.get(kpi.partition(":")[0]) or label(kpi)


def is_plural(kpi: str) -> bool:
    """Tell whether a KPI, as `spoken` writes it, takes a plural verb."""
    name = _SPOKEN.get(kpi.partition(":")[0]) or kpi.partition(":")[0]
    return name.endswith("s") and not name.endswith("ss")


def people(count: int, per: str = "rep") -> str:
    """Write a number of members, or of other groups.

    Examples
    --------
    >>> from kpikit.views.words import people
    >>> people(1), people(3)
    ('one rep', 'three reps')
    """
    one = per.replace("_", " ")
    return f"{count_word(count)} {one if count == 1 else plural(one)}"


def part_of(part: int, count: int, per: str = "rep") -> str:
    """Write some of a number of members; both numbers in words, or both in digits.

    Examples
    --------
    >>> from kpikit.views.words import part_of
    >>> part_of(1, 2), part_of(0, 3), part_of(9, 12, "month")
    ('one of two reps', 'none of three reps', '9 of 12 months')
    """
    return f"{count_word(part) if count <= 10 or not part else part} of {people(count, per)}"


def every(count: int, per: str = "rep") -> str:
    """Write all of some members.

    Examples
    --------
    >>> from kpikit.views.words import every
    >>> every(1), every(2), every(3, "product_line")
    ('the one rep', 'both reps', 'all three product lines')
    """
    if count == 1:
        return f"the {people(1, per)}"
    return f"both {people(2, per).removeprefix('two ')}" if count == 2 else f"all {people(count, per)}"


def named(name: str) -> str:
    """Write a member alone, as a heading: an id of digits could be read as a number.

    Examples
    --------
    >>> from kpikit.views.words import named
    >>> named("ann"), named("276")
    ('ann', 'Rep 276')
    """
    return f"Rep {name}" if name.isdigit() else name


def person(name: str) -> str:
    """Write a member at the start of a sentence.

    Examples
    --------
    >>> from kpikit.views.words import person
    >>> person("Ayu Lestari"), person("276")
    ('Ayu Lestari', 'Rep 276')
    """
    return upper(named(name))


def group_name(group: object, by: str) -> str:
    """Write a group in a sentence.

    Examples
    --------
    >>> from kpikit.views.words import group_name
    >>> group_name("Bali", "region"), group_name("no region", "region"), group_name("276", "rep")
    ('Bali', 'what has no region', 'Rep 276')
    """
    if group == f"no {by}":
        return f"what has no {by.replace('_', ' ')}"
    return named(str(group)) if by == "rep" else str(group)


_WORDS = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")


def opening(groups: Sequence[object], by: str, among: Iterable[object]) -> str:
    """Write groups at the start of a sentence: a plain word with a capital, else as the data write them.

    `among` are all groups: where one differs from the first by case alone, no case is changed.

    Examples
    --------
    >>> from kpikit.views.words import opening
    >>> opening(["online"], "channel", ["online", "Shop"]), opening(["web"], "channel", ["web", "Web"])
    ('Online', 'web')
    >>> opening(["a/b", "web"], "channel", ["a/b", "web"])
    'a/b and web'
    """
    names = [group_name(one, by) for one in groups]
    is_word = names[0] == names[0].lower() and _WORDS.fullmatch(names[0])
    alike = {str(one) for one in among if str(one).lower() == str(groups[0]).lower()}
    return upper(join(names)) if is_word and len(alike) < 2 else join(names)


def scope_name(scope: Mapping[str, Sequence[str | None]]) -> str:
    """Write the scope of a target as what it is set for; nothing for the whole company.

    Examples
    --------
    >>> from kpikit.views.words import scope_name
    >>> scope_name({"region": ["Alaska"], "channel": ["web", None]}), scope_name({})
    ('Alaska, web or no channel', '')
    """
    told = (" or ".join(one or f"no {name}" for one in labels) for name, labels in scope.items())
    return ", ".join(told)


def taken(chains: Sequence[Sequence[str]]) -> str:
    """Write whose region or channel is taken, as `sources_of` gives it.

    Examples
    --------
    >>> from kpikit.views.words import taken
    >>> taken([["order", "customer", "rep"]]), taken([["cost"], ["customer", "order"]])
    ("the order's, else the customer's, else the rep's", "the cost's; the customer's, else the order's")
    """
    return "; ".join(", else ".join(f"the {one}'s" for one in chain) for chain in chains)


_MISSING = re.compile(r"(\w+(?: or \w+)*)(?:\.(\w+))? is missing")


def reason(note: str) -> str:
    """Write why the data lack something, as in a sentence.

    Examples
    --------
    >>> from kpikit.views.words import reason
    >>> reason("not available: orders has no channel"), reason("not started")
    ('the orders have no channel', 'not started')
    >>> reason("not available: costs is missing"), reason("deals.closed_on is missing")
    ('the data have no table of costs', 'the table of deals has no closed_on')
    """
    note = note.removeprefix("not available: ")
    if found := _MISSING.fullmatch(note):
        tables, column = found.groups()
        tables = tables.replace("_", " ")
        return f"the table of {tables} has no {column}" if column else f"the data have no table of {tables}"
    table, _, rest = note.partition(" has no ")
    if not rest or not table.isidentifier():
        return note
    return f"the {table.replace('_', ' ')} have no {rest.replace('_', ' ')}"


def reasons(*notes: object) -> list[str]:
    """Write what some notes say, each thing once, as in a sentence.

    Examples
    --------
    >>> from kpikit.views.words import reasons
    >>> reasons("not available: orders has no channel; until 2026-10-09", "until 2026-10-09", "")
    ['the orders have no channel']
    """
    return list(dict.fromkeys(reason(part) for note in notes for part in parts_of(str(note))))


def share_text(value: float | None, language: str = "en") -> str:
    """Write an attainment so that rounding never makes a target reached, nor something nothing.

    Examples
    --------
    >>> from kpikit.views.words import share_text
    >>> share_text(0.93), share_text(0.996), share_text(0.9999), share_text(0.0006)
    ('93%', '99.6%', 'just under 100%', '0.1%')
    """
    if value is None or value != value:
        return MISSING
    if 0.995 <= value < 1:
        return "just under 100%" if value >= 0.9995 else percent(value, language, 1)
    if 0 < abs(value) < 0.0095:
        return percent(value, language, 1) if abs(value) >= 0.0005 else "under 0.1%"
    return percent(value, language)


def moment(start: date, grain: str, period: str, language: str = "en", *, with_year: bool = True) -> str:
    """Write a unit of time as on an axis; `period` is its label."""
    if grain == "month":
        return month(start, language, with_year=with_year)
    if grain in ("day", "week"):
        return day(start, language) if with_year else day(start, language).rsplit(" ", 1)[0]
    return period


def join(names: Sequence[str]) -> str:
    """Join names as in a sentence; of many, the first two and how many more.

    Examples
    --------
    >>> from kpikit.views.words import join
    >>> join(["a"]), join(["a", "b", "c"]), join(["a", "b", "c", "d"])
    ('a', 'a, b and c', 'a, b and 2 more')
    """
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def lower(text: str) -> str:
    """Write a text as within a sentence."""
    return text[:1].lower() + text[1:]


def upper(text: str) -> str:
    """Write a text as at the start of a sentence; what follows stays as it is."""
    return text[:1].upper() + text[1:]
