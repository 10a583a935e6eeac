"""What would be made, before anything is: the reports of batches, for a person or for another program."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kpikit.errors import counted
from kpikit.language import day
from kpikit.reports.job import Batch, Job
from kpikit.reports.masking import Mask, secrets_of

__all__ = ["ahead_json", "ahead_lines"]

VERSION = 1


def ahead_lines(batches: Sequence[Batch], output: str | Path) -> list[str]:
    """Say in lines what would be made: each report with its data and parameters, for whom, and its file.

    What is named like a secret, and logins in addresses, are hidden as they are in reports.

    Examples
    --------
    >>> from kpikit.reports.ahead import ahead_lines
    >>> ahead_lines([], "reports")
    ['0 reports in 0 folders below reports. Nothing was run or written.']
    """
    lines = []
    for batch in batches:
        lines += [f"left out: {why}" for why in batch.left_out]
        if not batch.jobs:
            continue
        first, passed = batch.jobs[0], _passed(batch)
        shared = _shared(passed)
        source = f"data {_near(batch.data)} up to {_day(batch)}"
        lines.append(f"{first.report or batch.title}: {_near(batch.notebook)}, {batch.facts[0]}, {source}")
        lines.append(f"  parameters: {_written(shared) or 'the defaults of the notebook'}")
        for job, given in zip(batch.jobs, passed, strict=True):
            whom = f"{job.kind} {job.label}" if job.label else batch.company
            own = {name: value for name, value in given.items() if name not in shared}
            added = f" ({_written(own)})" if own else ""
            lines.append(f"  {whom}{added} -> {_file(job)}")
    jobs = [job for batch in batches for job in batch.jobs]
    folders = len({job.folder for job in jobs})
    lines.append(
        f"{counted(len(jobs), 'report')} in {counted(folders, 'folder')} below {_near(Path(output))}. "
        "Nothing was run or written."
    )
    return lines


def ahead_json(batches: Sequence[Batch], output: str | Path) -> str:
    """Write what would be made as JSON; paths of notebooks, data and the output are whole.

    Examples
    --------
    >>> import json
    >>> from kpikit.reports.ahead import ahead_json
    >>> json.loads(ahead_json([], "reports"))["reports"]
    []
    """
    reports = [
        _record(batch, job, given)
        for batch in batches
        for job, given in zip(batch.jobs, _passed(batch), strict=True)
    ]
    told = {"version": VERSION, "output": os.path.abspath(output), "reports": reports}
    told["left_out"] = [why for batch in batches for why in batch.left_out]
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)


def _record(batch: Batch, job: Job, given: Mapping[str, Any]) -> dict[str, Any]:
    period = batch.period
    return {
        "report": job.report or None,
        "title": job.title,
        "for": job.kind,
        "name": job.label,
        "notebook": str(job.notebook),
        "data": None if batch.data is None else os.path.realpath(batch.data),
        "as_of": None if batch.as_of is None else batch.as_of.isoformat(),
        "period": None
        if period is None
        else {
            "label": period.label,
            "start": None if period.start is None else period.start.isoformat(),
            "end": None if period.end is None else period.end.isoformat(),
        },
        "language": job.language,
        "parameters": dict(given),
        "folder": job.folder,
        "files": list(job.files),
    }


def _passed(batch: Batch) -> list[dict[str, Any]]:
    """Give the parameters of each report without their secrets."""
    mask = Mask(secrets_of(*(job.parameters for job in batch.jobs), os.environ))
    return [mask.parameters(job.parameters) for job in batch.jobs]


def _shared(passed: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Give the parameters that are the same in all reports."""
    first, *others = passed
    return {n: v for n, v in first.items() if all(n in one and one[n] == v for one in others)}


def _written(parameters: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in parameters.items())


def _file(job: Job) -> str:
    return "/".join(filter(None, [job.folder, job.files[1]]))


def _near(path: Path | None) -> str:
    """Write a path as seen from the working folder, where it lies below it."""
    if path is None:
        return ""
    whole, here = Path(os.path.realpath(path)), Path(os.path.realpath("."))
    return (whole.relative_to(here) if whole.is_relative_to(here) else whole).as_posix()


def _day(batch: Batch) -> str:
    known = batch.provenance.known_until if batch.provenance else batch.as_of
    return "" if known is None else day(known, "en")
