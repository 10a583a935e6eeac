"""`run_results.json`: what a batch was made from and what became of it, for other programs and for later."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from kpikit.errors import KpikitError
from kpikit.reports.files import write_whole
from kpikit.reports.hiding import mask_of
from kpikit.reports.index import INDEX, RESULTS, WORKBOOK
from kpikit.reports.job import Batch
from kpikit.reports.masking import Mask, secrets_of
from kpikit.reports.notebooks import read_notebook
from kpikit.reports.provenance import Provenance, SourceFact, conventions_of, versions_of
from kpikit.reports.record_form import VERSION, RunResults
from kpikit.reports.running import Outcome
from kpikit.reports.style import ASSETS, SHEET

__all__ = ["RECORD", "record", "write_record"]

RECORD = "run_results.json"


def write_record(
    batch: Batch, outcomes: Sequence[Outcome], folder: Path, *, started: datetime, ended: datetime
) -> Path:
    """Write `run_results.json` beside the reports of a batch, and give its path; it is written last."""
    path = folder / RECORD
    told = record(batch, outcomes, folder, started=started, ended=ended)
    write_whole(path, told.model_dump_json(indent=2) + "\n")
    return path


def record(
    batch: Batch, outcomes: Sequence[Outcome], folder: Path, *, started: datetime, ended: datetime
) -> RunResults:
    """Tell what a batch was made from, and what became of it.

    Parameters
    ----------
    batch, outcomes
        The batch, and what became of its jobs.
    folder
        Where its files are.
    started, ended
        When it was begun and ended, with their time zone.

    Returns
    -------
    RunResults
        Without a secret: parameters that are named like one, and logins of addresses, are hidden.
    """
    failed = any(not one.is_done for one in outcomes)
    parts = batch.joined or (batch,)
    books = [_notebook(one) for one in parts]
    made_from = {
        (job.kind, job.label, job.stem): place for place, one in enumerate(parts) for job in one.jobs
    }
    told = [(one, made_from.get((one.job.kind, one.job.label, one.job.stem), 0)) for one in outcomes]
    mask = Mask(secrets_of(os.environ))
    content = {
        "version": VERSION,
        "started": started,
        "ended": ended,
        "seconds": round((ended - started).total_seconds(), 3),
        "status": "failed" if failed else "done",
        "inputs": [_input(one, book) for one, (book, _) in zip(parts, books, strict=True)],
        "conventions": _joined(conventions_of(one.results) for one in outcomes),
        "versions": versions_of(),
        "reports": [_report(one, place, books[place][1], folder) for one, place in told],
        "files": _files(folder, (INDEX, RESULTS, WORKBOOK, f"{ASSETS}/{SHEET}")),
    }
    return RunResults.model_validate(mask.value(content))


def _input(batch: Batch, book: Mapping[str, str]) -> dict[str, Any]:
    facts = batch.provenance
    return {
        "notebook": book,
        "plan": _named(facts.plan) if facts else None,
        "period": _period(facts) if facts else None,
        "data": _data(batch, facts) if facts else None,
    }


def _notebook(batch: Batch) -> tuple[dict[str, str], Mapping[str, Any]]:
    path = batch.jobs[0].notebook if batch.jobs else Path()
    try:
        defaults: Mapping[str, Any] = read_notebook(path).parameters
        digest = _sha256(path)
    except (KpikitError, OSError):  # gone since it was run
        defaults, digest = {}, ""
    return {"name": _relative(path), "title": batch.title, "sha256": digest}, defaults


def _relative(path: Path) -> str:
    """Name a file from the working folder; one outside of it by its name alone, which tells of no home."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path.name


def _named(file: tuple[str, str] | None) -> dict[str, str] | None:
    return dict(zip(("name", "sha256"), file, strict=True)) if file else None


def _period(facts: Provenance) -> dict[str, Any]:
    return {"label": facts.period.label, "start": facts.period.start, "end": facts.period.end}


def _data(batch: Batch, facts: Provenance) -> dict[str, Any]:
    names = ("check", "table", "rows", "severity", "message")
    return {
        "as_of": facts.as_of,
        "company": batch.company,
        "currency": batch.currency,
        "mapping": _named(facts.mapping),
        "rows": dict(facts.rows),
        "sources": [_source(one) for one in facts.sources],
        "findings": [{name: getattr(one, name) for name in names} for one in facts.findings],
    }


def _source(one: SourceFact) -> dict[str, Any]:
    is_database = one.rows is not None
    return {
        "name": one.name,
        "kind": "database" if is_database else "file",
        "tables": list(one.tables),
        "bytes": one.bytes,
        "sha256": one.sha256 or None,
        "address": one.address or None,
        "rows": dict(one.rows) if one.rows is not None else None,
    }


def _report(one: Outcome, place: int, defaults: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    mask, failure = mask_of(one.job), one.failure
    return {
        **one.job.keys,
        "input": place,
        "status": "done" if one.is_done else "failed",
        "seconds": round(one.seconds, 3),
        "parameters": mask.parameters(_plain({**defaults, **one.job.parameters})),
        "conventions": conventions_of(one.results),
        "rows": len(one.results.rows) if one.results else 0,
        # Earlier files may still be there where a report has failed; they are not of this run.
        "files": _files(folder, one.job.files) if one.is_done else [],
        "failure": failure
        and {"cell": failure.cell or None, "source": _plain(failure.source), "error": _plain(failure.error)},
    }


def _plain(value: Any) -> Any:
    """Write what JSON does not know as text; a notebook's parameters may hold any literal of Python."""
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, str):  # half a character cannot be written
        return value.encode("utf-8", "backslashreplace").decode()
    return value if value is None or isinstance(value, (int, float, bool)) else repr(value)


def _joined(found: Iterable[Mapping[str, Sequence[str]]]) -> dict[str, list[str]]:
    together: dict[str, set[str]] = {}
    for one in found:
        for kpi, names in one.items():
            together.setdefault(kpi, set()).update(names)
    return {kpi: sorted(together[kpi]) for kpi in sorted(together)}


def _files(folder: Path, names: Iterable[str]) -> list[dict[str, Any]]:
    there = [(name, folder / name) for name in names if (folder / name).is_file()]
    return [{"name": name, "bytes": path.stat().st_size, "sha256": _sha256(path)} for name, path in there]


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
