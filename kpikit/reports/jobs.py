"""Which reports a batch makes: the company's, and one for each member who was there; all checked first."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kpikit.data.dataset import Dataset, load
from kpikit.errors import ParameterError, UnknownNameError, cut, listing, suggest
from kpikit.kpis.measure import measure
from kpikit.language import check_language, day
from kpikit.periods import Period, parse_date, parse_period
from kpikit.reports.files import file_stems
from kpikit.reports.findings import footnotes
from kpikit.reports.notebooks import Notebook, read_notebook
from kpikit.selection import PARAMETERS, Selection, member_pairs
from kpikit.targets import evaluate, read_plan
from kpikit.views.words import named

__all__ = ["FOR_EACH", "Batch", "Job", "plan_batch"]

FOR_EACH = ("rep", "team", "region", "channel")
# Parameters that hold a path: written relative to the notebook's folder, in which its kernel runs.
PATHS = ("data", "plan")


@dataclass(frozen=True)
class Job:
    """One report to be made.

    Parameters
    ----------
    kind, label
        `company` and nothing, or a dimension such as `rep` and the member's label.
    stem
        The name of its files, without an ending.
    notebook
        The notebook's path.
    parameters
        What is passed to the notebook.
    heading, title, facts
        What the page says above the notebook: for whom, which report, and period and data.
    notes
        What the data check found, for the footer.
    """

    kind: str
    label: str
    stem: str
    notebook: Path
    parameters: Mapping[str, Any]
    heading: str
    title: str
    facts: tuple[str, ...] = ()
    language: str = "en"
    notes: tuple[str, ...] = ()

    @property
    def keys(self) -> dict[str, str]:
        """What tells this report's rows apart in the results of a batch."""
        return {"report": self.stem, "report_for": self.kind, "report_name": self.label}

    @property
    def files(self) -> tuple[str, str]:
        """The names of its files: the run notebook, and the page."""
        return f"{self.stem}.ipynb", f"{self.stem}.html"


@dataclass(frozen=True)
class Batch:
    """Reports that are made together from one notebook, and what their index says."""

    jobs: tuple[Job, ...]
    title: str
    company: str
    currency: str
    facts: tuple[str, ...]
    language: str = "en"
    notes: tuple[str, ...] = ()


def plan_batch(
    notebook: str | Path,
    *,
    for_each: Sequence[str] = ("rep",),
    only: Mapping[str, Sequence[str]] | None = None,
    has_company: bool = True,
    given: Mapping[str, str] | None = None,
) -> Batch:
    """Decide which reports to make, and check everything that can be checked without a kernel.

    Parameters
    ----------
    notebook
        The parameterized notebook.
    for_each
        Dimensions; one report for each member who was employed in the period or has rows in it.
    only
        Dimension to labels: reports for these members alone.
    has_company
        Whether to make the report of the whole company too.
    given
        Values for the notebook's parameters as text, as written on a command line. A path is relative to the
        working folder. Where `data` and `period` are not given, the notebook's own defaults hold; with other
        data there is no plan unless one is given.

    Returns
    -------
    Batch
        The jobs, the company's first, then members by name.

    Raises
    ------
    KpikitError
        For whatever cannot be used: a parameter, a period, a member, the data or the plan.
    """
    book = read_notebook(notebook)
    passed = {name: book.parse(name, text) for name, text in (given or {}).items()}
    if "data" in passed and "plan" in book.parameters:
        # The notebook's own plan is of the notebook's own data.
        passed.setdefault("plan", "")
    for name in [name for name in PATHS if passed.get(name)]:
        passed[name] = _from_folder(_expanded(passed[name]), book.path.parent)
    effective = {**book.parameters, **passed}
    if not effective.get("data"):
        book.require("data")
        raise ParameterError("report", "no data are named", hint="--data FOLDER")
    dataset = load(_place(effective["data"], book.path.parent))
    _check_selection(dataset, effective, book.path.parent)
    as_of = parse_date(effective["as_of"], "as_of") if effective.get("as_of") else dataset.as_of
    period = parse_period(effective.get("period") or "last quarter", as_of, dataset.calendar)
    language = check_language(str(effective.get("language") or "en"))
    members = [("company", "")] if has_company else []
    for dimension in dict.fromkeys([*for_each, *(only or {})]):
        there = members_of(dataset, dimension, period, as_of)
        _can_be_for(book, dimension)
        members += [(dimension, label) for label in _chosen(dimension, there, (only or {}).get(dimension))]
    if not members:
        raise ParameterError(
            "report", "no report is asked for", hint="--for-each rep, or leave out --no-company"
        )
    company = dataset.settings.name or "Whole company"
    # A notebook without a period, such as a review of all targets, tells how all stands on the as-of date.
    spans = [_told(period, language)] if "period" in book.parameters else []
    facts = (*spans, f"Data up to {day(as_of, language)}")
    notes = tuple(footnotes(dataset.warnings))
    jobs = [
        Job(
            kind, label, stem, book.path, {**passed, **_member(book, effective, kind, label)},
            named(label) if kind == "rep" else label or company, book.title,
            (*facts, *([company] if label else [])), language, notes,
        )
        for (kind, label), stem in zip(members, file_stems(members), strict=True)
    ]  # fmt: skip
    return Batch(tuple(jobs), book.title, company, dataset.settings.currency, facts, language, notes)


def members_of(dataset: Dataset, dimension: str, period: Period, as_of: date) -> list[str]:
    """List the members of a dimension who were employed in a period or have orders or deals in it.

    Examples
    --------
    >>> from datetime import date
    >>> import kpikit as kp
    >>> from kpikit.periods import parse_period
    >>> from kpikit.reports.jobs import members_of
    >>> sales, day = kp.load("data/samples"), date(2026, 9, 30)
    >>> members_of(sales, "team", parse_period("2026-Q3", day), day)
    ['Alaska', 'Bali', 'East Java & Sumatra', 'Jakarta', 'Lower 48']
    """
    if dimension not in FOR_EACH:
        raise UnknownNameError(
            "report",
            f"no reports for each '{dimension}'",
            f"Allowed: {listing(FOR_EACH)}",
            suggest(dimension, FOR_EACH),
        )
    if period.start is not None and period.start > as_of and dimension in ("rep", "team"):
        # Of a period to come nothing is measured; who will be there is known.
        pairs = member_pairs(dataset, period, as_of)
        return sorted({name for team, rep in pairs if (name := rep if dimension == "rep" else team)})
    figures = measure(dataset, ["order_count", "won_value"], period=period, by=dimension, as_of=as_of)
    labels = {str(label) for label in figures[dimension].dropna()} - {f"no {dimension}"}
    return sorted(labels)


def _check_selection(dataset: Dataset, effective: Mapping[str, Any], folder: Path) -> None:
    """Check what a selection, a plan and its evaluation check, as the notebook itself will."""
    goals = None
    if effective.get("plan"):
        goals = read_plan(_place(effective["plan"], folder))
        evaluate(dataset, goals, as_of=effective.get("as_of") or None)
    Selection.of(dataset, goals, **{name: value for name, value in effective.items() if name in PARAMETERS})


def _place(path: object, folder: Path) -> Path:
    return folder / _expanded(path)


def _expanded(path: object) -> Path:
    try:
        return Path(str(path)).expanduser()
    except RuntimeError:
        fault = f"'{cut(path)}' begins with a home folder that nobody knows"
        raise ParameterError("report", fault, hint="write the whole path") from None


def _chosen(dimension: str, there: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    for label in wanted or ():
        if label not in there:
            allowed = f"There are {listing(there, 40) or 'none'}"
            fault = f"no {dimension} '{label}' in the period"
            raise UnknownNameError("report", fault, allowed, suggest(label, there))
    return list(dict.fromkeys(wanted)) if wanted else list(there)


def _can_be_for(book: Notebook, dimension: str) -> None:
    """Check that a notebook can be one member's: by a parameter of the dimension's name, or by its scope."""
    has_scope = "where" in book.parameters and isinstance(book.parameters["where"], (dict, type(None)))
    if not has_scope:
        book.require(dimension)


def _member(book: Notebook, effective: Mapping[str, Any], kind: str, label: str) -> dict[str, Any]:
    """Name the parameters that make a report one member's."""
    if kind == "company":
        return {}
    if kind in book.parameters:
        is_many = isinstance(book.parameters[kind], (list, tuple))
        return {kind: book.check(kind, [label] if is_many else label)}
    return {"where": {**(effective["where"] or {}), kind: label}}


def _from_folder(path: Path, folder: Path) -> str:
    # What cannot be followed, such as links in a circle, is told when it is opened.
    path = Path(os.path.realpath(path))
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()


def _told(period: Period, language: str) -> str:
    if period.start is None:
        return "All time"
    span = f"{day(period.start, language)} – {day(period.end, language)}"
    return f"{period.label} ({span})" if period.unit != "range" else span
