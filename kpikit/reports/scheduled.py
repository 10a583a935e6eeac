"""The reports of a schedule: which there are, and in which folder and under which name each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from kpikit.data.dataset import Dataset, load
from kpikit.errors import (
    DataError,
    KpikitError,
    ParameterError,
    UnknownNameError,
    counted,
    cut,
    listing,
    suggest,
)
from kpikit.periods import Period
from kpikit.reports.files import lasting_stem
from kpikit.reports.job import Batch, Job
from kpikit.reports.jobs import PATHS, Naming, plan_of
from kpikit.reports.notebooks import Notebook, read_notebook
from kpikit.reports.paths import place_of
from kpikit.selection.patterns import COMPANY, MEMBER, slug
from kpikit.selection.schedule import FOR_EACH, OWN_ENTRIES, Entry, Schedule, matches, read_wanted

__all__ = ["by_folder", "plan_schedule"]

# A schedule, or the command line, may say these for all reports, those included whose notebook has no such
# parameter: a review of targets is of a day, not of a period. The command line only if some notebook has it.
IF_TAKEN = ("plan", "period", "language")
_MOST_STEM = 150


def plan_schedule(
    schedule: Schedule,
    *,
    select: Sequence[str] = (),
    given: Mapping[str, str] | None = None,
    today: date | None = None,
) -> list[Batch]:
    """Plan the reports of a schedule, and check everything that can be checked without a kernel.

    Parameters
    ----------
    schedule
        What `read_schedule` gives.
    select
        Which of its reports: names, patterns such as `week*`, tags, and members such as `rep:Ayu Lestari`.
    given
        Values for `period`, `as_of` and `language` in place of all that the schedule says.
    today
        The day by which data are stale where the schedule has a `max_age`; None leaves that unchecked.

    Returns
    -------
    list of Batch
        One for each report of the schedule; each of their jobs has the folder of its recipient.

    Raises
    ------
    KpikitError
        For whatever cannot be used, naming the report with its file and line.

    Examples
    --------
    >>> from kpikit.reports.scheduled import plan_schedule
    >>> from kpikit.selection.scheduling import read_schedule
    >>> (batch,) = plan_schedule(read_schedule("data/samples/schedule.yaml"), select=["management"])
    >>> [(job.folder, job.kind) for job in batch.jobs]
    [('management', 'company')]
    """
    wanted = read_wanted(select)
    opening = cache(lambda place: load(place))
    batches = []
    entries = schedule.choose(wanted.names)
    some = _taken(schedule, entries) if given else set()

    def given_to(book: Notebook) -> Mapping[str, str]:
        has = book.parameters
        return {name: text for name, text in (given or {}).items() if name in has or name not in some}

    for entry in entries:
        dimensions = [one for one in entry.kinds if one in wanted.members]
        if wanted.members and not dimensions:
            continue
        batch = _planned(schedule, entry, given_to, lambda path: opening(path.resolve()), today)
        batches.append(replace(batch, left_out=tuple(f"{entry.name}: {why}" for why in batch.left_out)))
    if batches and not any(batch.jobs for batch in batches):
        fault = "; ".join(why for batch in batches for why in batch.left_out)
        raise ParameterError("schedule", fault, hint="leave it out of the schedule")
    if wanted.members:
        batches = _of_members(batches, wanted.members)
    _check_places(batches)
    return batches


def by_folder(batches: Sequence[Batch]) -> dict[str, Batch]:
    """Put the reports of each recipient's folder into one batch; a batch of one folder stays as it is.

    Examples
    --------
    >>> from kpikit.reports.job import Batch
    >>> from kpikit.reports.scheduled import by_folder
    >>> by_folder([Batch((), "How it goes", "Acme", "USD", ())])
    {}
    """
    folders: dict[str, list[Batch]] = {}
    for batch in batches:
        jobs: dict[str, list[Job]] = {}
        for job in batch.jobs:
            jobs.setdefault(job.folder, []).append(job)
        for folder, own in jobs.items():
            folders.setdefault(folder, []).append(replace(batch, jobs=tuple(own)))
    return {folder: _joined(many) for folder, many in folders.items()}


def _joined(batches: Sequence[Batch]) -> Batch:
    first, *others = batches
    if not others:
        return first
    titles = dict.fromkeys(one.title for one in batches)
    shared = [one for one in first.facts if all(one in other.facts for other in others)]
    return Batch(
        tuple(job for one in batches for job in one.jobs),
        title=first.title if len(titles) == 1 else "Reports",
        company=first.company,
        currency=first.currency,
        facts=tuple(shared),
        language=first.language,
        notes=tuple(dict.fromkeys(note for one in batches for note in one.notes)),
        joined=tuple(batches),
        inputs=tuple(dict.fromkeys(path for one in batches for path in one.inputs)),
        is_self_contained=first.is_self_contained,
    )


def _taken(schedule: Schedule, entries: Sequence[Entry]) -> set[str]:
    """Name what some of the notebooks take of what the others may do without."""
    taken: set[str] = set()
    for entry in entries:
        # A notebook that cannot be read is told with its report.
        with suppress(KpikitError):
            taken.update(read_notebook(place_of(entry.notebook, schedule.folder)).parameters)
    return taken.intersection(IF_TAKEN)


def _planned(
    schedule: Schedule,
    entry: Entry,
    given_to: Callable[[Notebook], Mapping[str, str]],
    opening: Callable[[Path], Dataset],
    today: date | None,
) -> Batch:
    """Plan one report of a schedule; what is wrong is told with its line."""
    try:
        book = read_notebook(place_of(entry.notebook, schedule.folder))
        passed = _passed(schedule, entry, book, given_to(book))
        days = schedule.max_age if entry.max_age is None else entry.max_age

        def fresh(place: Path) -> Dataset:
            dataset = opening(place)
            _check_age(dataset, place, days, today)
            return dataset

        return plan_of(
            book,
            passed,
            for_each=[one for one in entry.kinds if one != COMPANY],
            only=entry.only,
            has_company=COMPANY in entry.kinds,
            opening=fresh,
            naming=_naming(entry, has_period="period" in book.parameters),
            report=entry.name,
        )
    except KpikitError as error:
        where = f"{schedule.where(entry)}: report '{entry.name}': {error.where}"
        raise type(error)(where, error.fault, error.allowed, error.hint) from None


def _passed(schedule: Schedule, entry: Entry, book: Notebook, given: Mapping[str, str]) -> dict[str, Any]:
    """Gather the parameters of a report: its own, the schedule's, and what is given in place of both."""
    own: dict[str, Any] = {name: getattr(entry, name) for name in OWN_ENTRIES}
    common = {name: getattr(schedule, name) for name in OWN_ENTRIES}
    if own["data"] is not None:
        common["plan"] = None  # the schedule's plan is of the schedule's data
    said = {name: common[name] if own[name] is None else own[name] for name in OWN_ENTRIES}
    said = {name: text for name, text in said.items() if text is not None}
    for name in IF_TAKEN:
        if own[name] is None and name not in book.parameters:
            said.pop(name, None)
    for name in PATHS:
        if said.get(name):
            said[name] = str(place_of(said[name], schedule.folder).absolute())
    passed = {name: book.parse(name, text) for name, text in {**said, **given}.items()}
    return passed | {name: _value(book, name, value) for name, value in entry.parameters.items()}


def _value(book: Notebook, name: str, value: Any) -> Any:
    """Take a number or a day for a text where the notebook asks for one, as YAML does not know."""
    book.require(name)
    is_text = isinstance(book.parameters[name], str) or book.kinds.get(name) is str
    if is_text and isinstance(value, (int, float, date)) and not isinstance(value, bool):
        value = str(value)
    return book.check(name, _plain(value))


def _plain(value: Any) -> Any:
    """Write days as text, which a parameters cell can hold."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _naming(entry: Entry, *, has_period: bool) -> Naming:
    """Name files by what a report is of; one that has no period, as a review of targets, is of a day."""

    def named(
        members: Sequence[tuple[str, str]], period: Period, as_of: date, language: str
    ) -> Sequence[tuple[str, str]]:
        made = []
        for kind, label in members:
            name = lasting_stem(kind, label) if label else COMPANY
            whom = dict.fromkeys((MEMBER, *FOR_EACH), name)
            of = _safe(period.label) if has_period else as_of.isoformat()
            when = {"period": of, "as_of": as_of.isoformat(), "language": language}
            stem = entry.file.fill({**whom, **when, **entry.known})
            if len(stem) > _MOST_STEM:
                stem = lasting_stem(stem[: _MOST_STEM - 60].strip("-"), stem)
            made.append((entry.recipient.fill(whom), stem))
        return made

    return named


def _safe(label: str) -> str:
    return slug("".join(one if one.isascii() and one.isalnum() else "-" for one in label))


def _check_age(dataset: Dataset, place: Path, days: int | None, today: date | None) -> None:
    if days is None or today is None or today - dataset.as_of <= timedelta(days=days):
        return
    age = counted((today - dataset.as_of).days, "day")
    fault = f"the data are stale: the newest fact is of {dataset.as_of}, {age} before {today}"
    raise DataError(
        cut(place), fault, f"At most {counted(days, 'day')} old (max_age)", "export the data anew"
    )


def _of_members(batches: Sequence[Batch], wanted: Mapping[str, Sequence[str]]) -> list[Batch]:
    """Keep the reports of some members."""
    there = {(job.kind, job.label): None for batch in batches for job in batch.jobs if job.kind in wanted}
    chosen = set()
    for kind, labels in wanted.items():
        for label in labels:
            found = {one for one in there if one[0] == kind and matches(one[1], label)}
            if not found:
                known = [name for own, name in there if own == kind]
                allowed = f"There are {listing(known, 40) or 'none'}"
                fault = f"no report for the {kind} '{cut(label)}'"
                raise UnknownNameError("--select", fault, allowed, suggest(label, known))
            chosen |= found
    kept = [
        replace(batch, jobs=tuple(job for job in batch.jobs if (job.kind, job.label) in chosen))
        for batch in batches
    ]
    # What was left out of a schedule is told, whoever is selected of the rest.
    return [batch for batch in kept if batch.jobs or batch.left_out]


def _check_places(batches: Sequence[Batch]) -> None:
    """Check that each report has files of its own, and each folder one currency."""
    files: dict[tuple[str, str], str] = {}
    money: dict[str, tuple[str, str]] = {}
    for batch in batches:
        for job in batch.jobs:
            place = (job.folder, job.stem)
            if place in files:
                fault = f"{files[place]} and {job.called} would both be {job.folder}/{job.stem}.html"
                raise ParameterError("schedule", fault, hint="put {report} and {member} into 'file'")
            files[place] = job.called
            currency, other = money.setdefault(job.folder, (batch.currency, job.called))
            if currency != batch.currency:
                fault = f"the folder {job.folder} would have amounts in {currency} and in {batch.currency}"
                fault += f" ({other}, {job.called})"
                raise ParameterError("schedule", fault, hint="give each a recipient of its own")
