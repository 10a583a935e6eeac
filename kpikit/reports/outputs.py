"""What stands where reports are to be written: nothing that kpikit did not write is ever replaced."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from kpikit.errors import ParameterError, cut

__all__ = ["check_outputs"]

_HINT = "move it away, or name another folder"
_CSV = b"report,report_for,report_name"


def check_outputs(output: str | Path, names: Mapping[str, Iterable[str]], inputs: Iterable[Path]) -> None:
    """Check that no file would be replaced that reports are made from, or that kpikit did not write.

    Nothing is made or written, so that a dry run can ask too.

    Parameters
    ----------
    output
        The folder that reports go to.
    names
        For each folder in it the names of the files that are to be written there.
    inputs
        The files that the reports are made from: notebooks, mapping, sources, plan.

    Raises
    ------
    ParameterError
        Naming the first such file.

    Examples
    --------
    >>> from kpikit.reports.outputs import check_outputs
    >>> check_outputs("data/samples", {"": ["orders.csv"]}, [])
    Traceback (most recent call last):
    kpikit.errors.ParameterError: --output: orders.csv in data/samples would be replaced, and ...
    """
    known = {(found.st_dev, found.st_ino): one for one in inputs if (found := _found(one))}
    for folder, own in names.items():
        where = Path(output) / folder
        nearest = next((one for one in (where, *where.parents) if os.path.lexists(one)), where)
        if os.path.lexists(nearest) and not os.path.isdir(nearest):
            raise ParameterError(
                "--output", f"cannot write into {cut(nearest)} (it is no folder)", hint=_HINT
            )
        for name in own:
            place = where / name
            there = _found(place)
            if there is None:
                continue
            if place.is_dir():
                raise ParameterError("--output", f"{name} in {cut(where)} is a folder", hint=_HINT)
            why = "the reports are made from it" if (there.st_dev, there.st_ino) in known else ""
            why = why or ("" if _is_own(place) else "kpikit did not write it")
            if why:
                told = f"{cut(name)} in {cut(where)} would be replaced, and {why}"
                raise ParameterError("--output", told, hint=_HINT)


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _is_own(path: Path) -> bool:
    """Tell whether kpikit wrote a file of a report, by what it holds; nothing is lost with an empty one."""
    try:
        if path.stat().st_size == 0:
            return True
        if path.suffix == ".xlsx":
            return _is_own_workbook(path)
        content = path.read_bytes()
    except OSError:
        return True  # what cannot be read is told by the check that writes
    if path.suffix == ".html":
        return b"Made with kpikit" in content
    if path.suffix == ".csv":
        return content.removeprefix(b"\xef\xbb\xbf").startswith(_CSV)
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return _is_run(told) if path.suffix == ".ipynb" else _is_record(told)


def _is_run(told: object) -> bool:
    """Tell whether a notebook is the run of another: papermill writes into it where it was to go."""
    for name in ("metadata", "papermill", "output_path"):
        told = told.get(name) if isinstance(told, dict) else None
    return told is not None


def _is_record(told: object) -> bool:
    return isinstance(told, dict) and "inputs" in told and "kpikit" in (told.get("versions") or ())


def _is_own_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as book:
            return b"Made with kpikit" in book.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, ValueError):
        return False
