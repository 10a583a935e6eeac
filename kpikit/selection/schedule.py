"""A schedule: which notebooks to run, for whom, for which period, as `schedule.yaml` holds it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr

from kpikit.data.settings import Strict
from kpikit.data.wording import retold
from kpikit.errors import UnknownNameError, cut, listing, suggest
from kpikit.language import check_language
from kpikit.periods import parse_date, parse_period
from kpikit.selection.patterns import COMPANY, MEMBER, MOST_LETTERS, Pattern, read_pattern, slug

__all__ = ["FOR_EACH", "Entry", "Schedule", "Wanted", "matches", "read_wanted"]

FOR_EACH = ("rep", "team", "region", "channel")
NONE = "none"
# What stands in the name of a file, beside whoever the report is for.
IN_FILES = ("report", "notebook", "period", "as_of", "language")
OWN_ENTRIES = ("data", "plan", "period", "as_of", "language")
MOST_DAYS = 36_500
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_AGE = re.compile(r"\s*([0-9]{1,6})\s*(day|week)s?\s*")


def _list(given: object) -> object:
    """Take one word for a list of it."""
    return given if isinstance(given, list) else [given]


def _some(given: object) -> object:
    """Take one word for a list of it, which is not empty."""
    if given == []:
        raise ValueError("nothing is named")
    return _list(given)


def _reports(given: object) -> object:
    if not isinstance(given, list):
        raise ValueError("a list of reports is expected, each with a dash, a name and a notebook")
    if not given:
        raise ValueError("no report is named")
    return given


def _name(given: object) -> object:
    if not isinstance(given, str) or not _NAME.fullmatch(given):
        allowed = "letters from a to z, digits, - and _, 40 at most"
        raise ValueError(f"'{cut(given, 40)}' is no name of a report or tag. Allowed: {allowed}")
    return given


def _notebook(given: object) -> object:
    if not isinstance(given, str) or not given.endswith(".ipynb"):
        raise ValueError("a notebook is expected, of which the name ends with .ipynb")
    return given


def _period(given: object) -> object:
    if given is None:
        return None
    # The grammar alone is checked here: the calendar belongs to the dataset.
    retold(lambda: parse_period(given, date(2026, 1, 1)))  # type: ignore[arg-type]
    return given.isoformat() if isinstance(given, date) else str(given)


def _day(given: object) -> object:
    if isinstance(given, str) and given.strip().lower() == "today":
        raise ValueError("a schedule does not know today. Hint: --as-of today on the command line")
    return None if given is None else retold(lambda: parse_date(given)).isoformat()  # type: ignore[arg-type]


def _language(given: object) -> object:
    return None if given is None else retold(lambda: check_language(given))  # type: ignore[arg-type]


def _age(given: object) -> object:
    if given is None:
        return None
    found = _AGE.fullmatch(given) if isinstance(given, str) else None
    days = int(found[1]) * (7 if found[2] == "week" else 1) if found else given
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        raise ValueError(f"an age is expected, such as '3 days' or '2 weeks', at most {MOST_DAYS:,} days")
    return days


def _only(given: object) -> object:
    if not isinstance(given, dict):
        raise ValueError("a mapping of dimension to label or labels is expected, such as {rep: Ayu Lestari}")
    chosen = {}
    for name, labels in given.items():
        for one in labels if isinstance(labels, list) else [labels]:
            if isinstance(one, (bool, dict, list)) or one is None:
                raise ValueError(f"{cut(name)}: a label is a text; write it in quotes")
        many = labels if isinstance(labels, list) else [labels]
        chosen[name] = tuple(one.isoformat() if isinstance(one, date) else str(one) for one in many)
        if not many:
            raise ValueError(f"no label for {cut(name)}")
    return chosen


def _recipient(given: object) -> object:
    return given if isinstance(given, Pattern) else read_pattern(given, (*FOR_EACH, MEMBER), 1)


def _file(given: object) -> object:
    return given if isinstance(given, Pattern) else read_pattern(given, (*FOR_EACH, MEMBER, *IN_FILES))


Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, BeforeValidator(_name)]
Days = Annotated[int | None, BeforeValidator(_age)]
Each = Literal["rep", "team", "region", "channel", "none"]


class _Common(Strict):
    """What a report can say, and a schedule for all of its reports."""

    data: Text | None = None
    plan: Text | None = None
    period: Annotated[str | None, BeforeValidator(_period)] = None
    as_of: Annotated[str | None, BeforeValidator(_day)] = None
    language: Annotated[str | None, BeforeValidator(_language)] = None
    max_age: Days = None


class Entry(_Common):
    """One report of a schedule: a notebook, for whom, with which parameters, and to whom it goes."""

    name: Name
    notebook: Annotated[str, BeforeValidator(_notebook)]
    description: str = ""
    tags: Annotated[tuple[Name, ...], BeforeValidator(_list)] = ()
    for_each: Annotated[tuple[Each, ...], BeforeValidator(_some)] = ("none",)
    only: Annotated[dict[Each, tuple[str, ...]], BeforeValidator(_only)] = Field(default_factory=dict)
    parameters: dict[str, Any] = Field(default_factory=dict)
    recipient: Annotated[Pattern, BeforeValidator(_recipient)] = Field(
        default_factory=lambda: _recipient("{member}")
    )
    file: Annotated[Pattern, BeforeValidator(_file)] = Field(
        default_factory=lambda: _file("{report}-{member}-{period}")
    )

    @property
    def kinds(self) -> tuple[str, ...]:
        """For whom there is a report: `company`, or each member of a dimension."""
        return tuple(dict.fromkeys(COMPANY if one == NONE else one for one in self.for_each))

    @property
    def known(self) -> dict[str, str]:
        """What of its files' names the schedule itself knows."""
        notebook = re.sub(r"[^a-z0-9]+", "-", Path(self.notebook).stem.lower())[:MOST_LETTERS].strip("-")
        return {"report": slug(self.name), "notebook": notebook or "notebook"}


class Schedule(_Common):
    """Which reports to make, for whom and for which period, checked.

    Read one with `read_schedule`. Paths are relative to the folder of its file.

    Examples
    --------
    >>> from kpikit.selection.scheduling import read_schedule
    >>> schedule = read_schedule("data/samples/schedule.yaml")
    >>> [report.name for report in schedule.reports][0], schedule.reports[0].kinds
    ('team_performance', ('rep',))
    """

    output: Text | None = None
    reports: Annotated[tuple[Entry, ...], BeforeValidator(_reports)]

    _path: Path | None = PrivateAttr(None)
    _lines: dict[str, int] = PrivateAttr(default_factory=dict)

    @property
    def folder(self) -> Path:
        """The folder to which the paths are relative."""
        return Path() if self._path is None else self._path.parent

    def where(self, entry: Entry) -> str:
        """Name file and line of a report."""
        file = self._path.name if self._path else "schedule"
        return f"{file}, line {self._lines[entry.name]}" if entry.name in self._lines else file

    def choose(self, wanted: Sequence[str]) -> list[Entry]:
        """Give the reports of these names, patterns or tags, in the schedule's order; by default all.

        Raises
        ------
        UnknownNameError
            If one of them chooses nothing.
        """
        for one in wanted:
            if not any(_is_wanted(entry, one) for entry in self.reports):
                names = [entry.name for entry in self.reports]
                known = list(dict.fromkeys([*names, *(tag for entry in self.reports for tag in entry.tags)]))
                fault = f"no report and no tag '{cut(one)}'"
                raise UnknownNameError(
                    "--select", fault, f"There are {listing(known, 40)}", suggest(one, known)
                )
        return [e for e in self.reports if not wanted or any(_is_wanted(e, one) for one in wanted)]


@dataclass(frozen=True)
class Wanted:
    """What `--select` asks for: names of reports or tags, and members by dimension."""

    names: tuple[str, ...] = ()
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def read_wanted(terms: Iterable[str]) -> Wanted:
    """Read what `--select` asks for: `name`, `name*`, a tag, or `dimension:label`.

    Raises
    ------
    UnknownNameError
        If a dimension is none for which there are reports.

    Examples
    --------
    >>> from kpikit.selection.schedule import read_wanted
    >>> read_wanted(["weekly*", "rep:Ayu Lestari"]).members
    {'rep': ('Ayu Lestari',)}
    """
    names, members = [], dict[str, list[str]]()
    for term in terms:
        dimension, sign, label = (part.strip() for part in term.partition(":"))
        if not sign:
            names.append(dimension)
        elif dimension not in FOR_EACH:
            fault, allowed = (
                f"no reports for each '{cut(dimension)}'",
                f"Allowed: {listing(FOR_EACH)}",
            )
            raise UnknownNameError("--select", fault, allowed, suggest(dimension, FOR_EACH))
        else:
            members.setdefault(dimension, []).append(label)
    return Wanted(tuple(names), {name: tuple(labels) for name, labels in members.items()})


def matches(text: str, wanted: str) -> bool:
    """Tell whether a text is what is wanted, in which `*` stands for any letters.

    Examples
    --------
    >>> from kpikit.selection.schedule import matches
    >>> matches("team_performance", "team*"), matches("a[b]", "a[b]"), matches("ab", "a?")
    (True, True, False)
    """
    # Only the star is a sign: a label may hold the others.
    shape = "".join(f"[{one}]" if one in "[?" else one for one in wanted)
    return text == wanted or fnmatchcase(text, shape)


def _is_wanted(entry: Entry, wanted: str) -> bool:
    return any(matches(one, wanted) for one in (entry.name, *entry.tags))
