"""What stands where reports are to be written: nothing that kpikit did not write is ever replaced."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from kpikit.errors import ParameterError, cut

__all__ = ["check_outputs"]

_HINT = "name another folder, or move the file away"
_CSV = b"report,report_for,report_name"
_MOST = 64 << 20  # bytes of a file that is looked into


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
        for name in own:
            place = Path(output) / folder / name
            there = _found(place)
            if there is None or place.is_dir():
                continue
            why = "the reports are made from it" if (there.st_dev, there.st_ino) in known else ""
            why = why or ("" if _is_own(place) else "kpikit did not write it")
            if why:
                where = f"{cut(name)} in {cut(place.parent)}"
                raise ParameterError("--output", f"{where} would be replaced, and {why}", hint=_HINT)


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _is_own(path: Path) -> bool:
    """Tell whether kpikit wrote a file of a report, by what it holds."""
    try:
        with path.open("rb") as file:
            content = file.read(_MOST)
    except OSError:
        return True  # what cannot be read is told by the check that writes
    match path.suffix:
        case ".html":
            return b"kpikit" in content
        case ".csv":
            return content.removeprefix(b"\xef\xbb\xbf").startswith(_CSV)
        case ".xlsx":
            return _is_own_workbook(content)
    try:
        told = json.loads(content)
    except ValueError:
        return False
    if not isinstance(told, dict):
        return False
    if path.suffix == ".ipynb":
        run = told.get("metadata", {}).get("papermill", {})
        return isinstance(run, dict) and run.get("output_path") is not None
    return {"version", "inputs"} <= set(told)


def _is_own_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            return b"kpikit" in book.read("docProps/core.xml")
    except (zipfile.BadZipFile, KeyError, OSError, ValueError):
        return False
