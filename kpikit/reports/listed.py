"""What there is to run: the reports of a schedule, or the notebooks of a folder with their parameters."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from kpikit.errors import KpikitError, ParameterError, cut
from kpikit.reports.masking import Mask, secrets_of
from kpikit.reports.notebooks import read_notebook
from kpikit.reports.paths import place_of
from kpikit.selection.schedule import Schedule
from kpikit.selection.scheduling import read_schedule

__all__ = ["is_schedule", "listed", "listed_json", "listed_lines"]

VERSION = 1
HOME = "notebooks"
ENDINGS = (".yaml", ".yml")


def is_schedule(path: Path) -> bool:
    """Tell whether a path is meant as a schedule.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.reports.listed import is_schedule
    >>> is_schedule(Path("schedule.yaml")), is_schedule(Path("a.ipynb"))
    (True, False)
    """
    return path.suffix.lower() in ENDINGS


def listed(path: str | Path | None = None) -> dict[str, list[dict[str, Any]]]:
    """List the reports of a schedule, or the notebooks of a folder; no data are read.

    Parameters
    ----------
    path
        A schedule, a notebook or a folder; by default the folder `notebooks`, else the working folder.

    Returns
    -------
    dict
        `reports` or `notebooks`, each a list of what is known of one. A notebook that cannot be used has a
        `fault`. What is named like a secret, and logins in addresses, are hidden.

    Raises
    ------
    KpikitError
        If the schedule cannot be used, or there is no such file.

    Examples
    --------
    >>> from kpikit.reports.listed import listed
    >>> [one["title"] for one in listed("notebooks")["notebooks"]][-1]
    'How is the sales team doing, and who reaches the target?'
    """
    if path is None:
        path = Path(HOME) if Path(HOME).is_dir() else Path()
    path = Path(path)
    if is_schedule(path):
        return {"reports": _reports(read_schedule(path))}
    if path.suffix == ".ipynb":
        return {"notebooks": [_notebook(path)]}
    if not path.is_dir():
        hint = "name a schedule (.yaml), a notebook (.ipynb) or a folder"
        raise ParameterError("ls", f"there is no folder {cut(path)}", hint=hint)
    found = path.rglob("*.ipynb") if path.name == HOME else path.glob("*.ipynb")
    # JupyterLab keeps copies in hidden folders.
    shown = [one for one in found if not any(part.startswith(".") for part in one.relative_to(path).parts)]
    return {"notebooks": [_notebook(one) for one in sorted(shown)]}


def listed_json(known: dict[str, list[dict[str, Any]]]) -> str:
    """Write what `listed` gives as JSON.

    Examples
    --------
    >>> import json
    >>> from kpikit.reports.listed import listed_json
    >>> json.loads(listed_json({"reports": []}))
    {'version': 1, 'reports': []}
    """
    return json.dumps({"version": VERSION, **known}, ensure_ascii=False, indent=2, default=str)


def listed_lines(known: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Say in lines what `listed` gives.

    Examples
    --------
    >>> from kpikit.reports.listed import listed, listed_lines
    >>> listed_lines(listed("data/samples/schedule.yaml"))[0]
    'team_performance  for each rep, last quarter -> {rep}/{notebook}-{period}'
    """
    if not (known.get("reports") or known.get("notebooks")):
        return ["There is no notebook here."]
    return [line for one in known.get("reports", ()) for line in _report_lines(one)] + [
        line for one in known.get("notebooks", ()) for line in _notebook_lines(one)
    ]


def _reports(schedule: Schedule) -> list[dict[str, Any]]:
    def known(name: str, entry: Any) -> Any:
        own = getattr(entry, name)
        return getattr(schedule, name) if own is None else own

    return [
        {
            "name": entry.name,
            "description": entry.description,
            "tags": list(entry.tags),
            "notebook": entry.notebook,
            "title": _title(schedule, entry.notebook),
            "for_each": list(entry.for_each),
            "only": {name: list(labels) for name, labels in entry.only.items()},
            "period": known("period", entry),
            "as_of": known("as_of", entry),
            "language": known("language", entry),
            "max_age_days": known("max_age", entry),
            "parameters": _hidden(entry.parameters),
            "recipient": entry.recipient.text,
            "file": entry.file.text,
        }
        for entry in schedule.reports
    ]


def _title(schedule: Schedule, notebook: str) -> str:
    return read_notebook(place_of(notebook, schedule.folder)).title


def _notebook(path: Path) -> dict[str, Any]:
    try:
        book = read_notebook(path)
    except KpikitError as fault:
        return {"path": path.as_posix(), "fault": str(fault)}
    return {"path": path.as_posix(), "title": book.title, "parameters": _hidden(book.parameters)}


def _hidden(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return Mask(secrets_of(parameters, os.environ)).parameters(parameters)


def _report_lines(one: dict[str, Any]) -> list[str]:
    whom = " and ".join("the company" if kind == "none" else f"each {kind}" for kind in one["for_each"])
    when = one["period"] or "the period of the notebook"
    lines = [f"{one['name']}  for {whom}, {when} -> {one['recipient']}/{one['file']}"]
    lines.append(f"  {one['description'] or one['title']}")
    if one["tags"]:
        lines.append(f"  tags: {', '.join(one['tags'])}")
    return lines


def _notebook_lines(one: dict[str, Any]) -> list[str]:
    if "fault" in one:
        return [f"{one['path']}  ✕ {one['fault']}"]
    return [f"{one['path']}  {one['title']}", *_parameters(one["parameters"])]


def _parameters(parameters: dict[str, Any]) -> Sequence[str]:
    told = ", ".join(f"{name}={value!r}" for name, value in parameters.items())
    return [f"  {told}"] if told else ["  no parameters"]
