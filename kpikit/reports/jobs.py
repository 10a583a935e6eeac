"""Which reports a batch makes: the company's, and one for each member who was there; all checked first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kpikit.data.dataset import Dataset, load
from kpikit.errors import ParameterError, UnknownNameError, listing, suggest
from kpikit.kpis.measure import measure
from kpikit.kpis.members import Members
from kpikit.language import check_language, day
from kpikit.periods import Period, parse_date, parse_period
from kpikit.reports.files import file_stems
from kpikit.reports.job import Batch, Job, single_files
from kpikit.reports.notebooks import Notebook, read_notebook
from kpikit.reports.paths import expanded, from_folder, place_of
from kpikit.reports.provenance import files_of, provenance_of
from kpikit.selection import PARAMETERS, Selection, member_pairs
from kpikit.selection.schedule import FOR_EACH
from kpikit.targets import evaluate, read_plan
from kpikit.views.words import named

__all__ = ["Batch", "Job", "plan_batch", "plan_of"]

# Parameters that hold a path: written relative to the notebook's folder, in which its kernel runs.
PATHS = ("data", "plan")
# Gives the folder and the stem of each report of some members, from period, as-of date and language.
Naming = Callable[[Sequence[tuple[str, str]], Period, date, str], Sequence[tuple[str, str]]]


def plan_batch(
    notebook: str | Path,
    *,
    for_each: Sequence[str] = ("rep",),
    only: Mapping[str, Sequence[str]] | None = None,
    has_company: bool = True,
    given: Mapping[str, str] | None = None,
    is_self_contained: bool = False,
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
    is_self_contained
        Whether each page holds all that it needs, to be mailed alone.

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
    batch = plan_of(book, passed, for_each=for_each, only=only, has_company=has_company)
    return single_files(batch) if is_self_contained else batch


def plan_of(
    book: Notebook,
    passed: Mapping[str, Any],
    *,
    for_each: Sequence[str],
    only: Mapping[str, Sequence[str]] | None = None,
    has_company: bool = True,
    opening: Callable[[Path], Dataset] = load,
    naming: Naming | None = None,
    report: str = "",
) -> Batch:
    """Plan the reports of a notebook that is read, with parameters that are checked.

    Parameters
    ----------
    book, passed
        The notebook, and values of its parameters.
    for_each, only, has_company
        As `plan_batch` takes them.
    opening
        What loads a dataset.
    naming
        What gives each report its folder and the name of its files; with it, there may be no report at all.
    report
        The name of the reports in a schedule.
    """
    passed = dict(passed)
    if "data" in passed and "plan" in book.parameters:
        # The notebook's own plan is of the notebook's own data.
        passed.setdefault("plan", "")
    for name in [name for name in PATHS if passed.get(name)]:
        passed[name] = from_folder(expanded(passed[name]), book.path.parent)
    effective = {**book.parameters, **passed}
    if not effective.get("data"):
        book.require("data")
        raise ParameterError("report", "no data are named", hint="--data FOLDER")
    source = place_of(effective["data"], book.path.parent)
    dataset = opening(source)
    _check_selection(dataset, effective, book.path.parent)
    as_of = parse_date(effective["as_of"], "as_of") if effective.get("as_of") else dataset.as_of
    period = parse_period(effective.get("period") or "last quarter", as_of, dataset.calendar)
    language = check_language(str(effective.get("language") or "en"))
    members = [("company", "")] if has_company else []
    left_out: list[str] = []
    for dimension in dict.fromkeys([*for_each, *(only or {})]):
        _check_given(passed, dimension, "only: {%s: NAME}" if naming else "--%s NAME, or --for-each none")
        there = members_of(dataset, dimension, period, as_of)
        _can_be_for(book, dimension)
        wanted = list(dict.fromkeys((only or {}).get(dimension) or ()))
        if not there and not wanted:
            left_out.append(f"no {dimension} was there in {period.label}")
        if naming is not None and set(wanted) - set(there):
            ever = set(_ever(dataset, dimension, as_of)) - set(there)
            gone = [one for one in wanted if one in ever]
            left_out += [f"{dimension} {one} was not there in {period.label}" for one in gone]
            there = there if wanted != gone else []
            wanted = [one for one in wanted if one not in gone]
        members += [(dimension, label) for label in _chosen(dimension, there, wanted)]
    # Of a schedule the other reports are made.
    if not members and naming is None:
        fault = " and ".join(left_out) or "no report is asked for"
        raise ParameterError("report", fault, hint="--for-each rep, or leave out --no-company")
    company = dataset.settings.name or "Whole company"
    # A notebook without a period, such as a review of all targets, tells how all stands on the as-of date.
    spans = [_told(period, language)] if "period" in book.parameters else []
    facts = (*spans, _known(dataset, as_of, language))
    plan = place_of(effective["plan"], book.path.parent) if effective.get("plan") else None
    provenance = provenance_of(dataset, source, as_of, period, plan=plan)
    notes = provenance.lines(language)
    if naming is None:
        stems = _stems(dataset, members, as_of)
        places: Sequence[tuple[str, str]] = [("", stems[member]) for member in members]
    else:
        places = naming(members, period, as_of, language)
    jobs = [
        Job(
            kind, label, stem, book.path, {**passed, **_member(book, effective, kind, label)},
            named(label) if kind == "rep" else label or company, book.title,
            (*facts, *([company] if label else [])), language, notes, folder, report,
        )
        for (kind, label), (folder, stem) in zip(members, places, strict=True)
    ]  # fmt: skip
    about = (book.title, company, dataset.settings.currency, facts, language, notes)
    inputs = (book.path, *files_of(source), *([plan] if plan else []))
    return Batch(tuple(jobs), *about, book.path, source, period, as_of, provenance, inputs=inputs,
                 left_out=tuple(left_out))  # fmt: skip


def _stems(dataset: Dataset, members: Sequence[tuple[str, str]], as_of: date) -> dict[tuple[str, str], str]:
    """Name the files of members among all who have ever been there: who else is asked for changes no name."""
    kinds = dict.fromkeys(kind for kind, label in members if label)
    others = [(kind, label) for kind in kinds for label in _ever(dataset, kind, as_of)]
    everybody = list(dict.fromkeys([*members, *others]))
    return dict(zip(everybody, file_stems(everybody), strict=True))


def _ever(dataset: Dataset, dimension: str, as_of: date) -> list[str]:
    """List the members of a dimension who have ever been there, or are known to come."""
    known = set(Members(dataset).labels(dimension)) if dimension in ("rep", "team") else set()
    return sorted(known.union(_measured(dataset, dimension, max(as_of, dataset.as_of))))


def _known(dataset: Dataset, as_of: date, language: str) -> str:
    known = dataset.known_until(as_of)
    judged = f", judged on {day(as_of, language)}" if known < as_of else ""
    return f"Data up to {day(known, language)}{judged}"


def members_of(dataset: Dataset, dimension: str, period: Period, as_of: date) -> list[str]:
    """List the members of a dimension who were employed in a period or have orders or deals in it.

    Of a period to come they are the reps and teams who will be there, and all regions and channels so far.

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
    if period.start is None or period.start <= as_of:
        return _measured(dataset, dimension, as_of, period)
    if dimension not in ("rep", "team"):
        return _measured(dataset, dimension, as_of)
    pairs = member_pairs(dataset, period, as_of)
    return sorted({name for team, rep in pairs if (name := rep if dimension == "rep" else team)})


def _measured(dataset: Dataset, dimension: str, as_of: date, period: Period | None = None) -> list[str]:
    period = period or Period("all time", None, as_of, "all")
    figures = measure(dataset, ["order_count", "won_value"], period=period, by=dimension, as_of=as_of)
    labels = {str(label) for label in figures[dimension].dropna()} - {f"no {dimension}"}
    return sorted(labels)


def _check_selection(dataset: Dataset, effective: Mapping[str, Any], folder: Path) -> None:
    """Check what a selection, a plan and its evaluation check, as the notebook itself will."""
    goals = None
    if effective.get("plan"):
        goals = read_plan(place_of(effective["plan"], folder))
        evaluate(dataset, goals, as_of=effective.get("as_of") or None)
    Selection.of(dataset, goals, **{name: value for name, value in effective.items() if name in PARAMETERS})


def _chosen(dimension: str, there: Sequence[str], wanted: Sequence[str] | None) -> list[str]:
    for label in wanted or ():
        if label not in there:
            allowed = f"There are {listing(there, 40) or 'none'}"
            fault = f"no {dimension} '{label}' in the period"
            raise UnknownNameError("report", fault, allowed, suggest(label, there))
    return list(dict.fromkeys(wanted)) if wanted else list(there)


def _check_given(passed: Mapping[str, Any], dimension: str, hint: str) -> None:
    """Check that no parameter says for whom a report is, which each report says for itself."""
    scope = passed.get("where")
    if passed.get(dimension) or (isinstance(scope, Mapping) and dimension in scope):
        fault = f"'{dimension}' is given as a parameter, and a report for each {dimension} is asked for"
        raise ParameterError("report", fault, hint=hint % dimension)


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


def _told(period: Period, language: str) -> str:
    if period.start is None:
        return "All time"
    span = f"{day(period.start, language)} – {day(period.end, language)}"
    return f"{period.label} ({span})" if period.unit != "range" else span
