"""From the name of a file in the mapping to a plain file inside of the dataset's folder."""

from __future__ import annotations

import contextlib
from pathlib import Path

from kpikit.errors import DataError, cut, listing, suggest

__all__ = ["inside"]


def inside(folder: Path, name: str) -> Path:
    """Find a file of a dataset.

    Raises
    ------
    DataError
        If the name, or a link on the way, leads out of the folder, or to what is not a plain file.
    """
    path, where = folder / name, f"load: {cut(name)}"
    hint = "set `folder` in dataset.yaml to where the files lie"
    try:
        if "\0" in name or not path.resolve().is_relative_to(folder.resolve()):
            raise DataError(where, "the file lies outside of the dataset's folder", hint=hint)
        # From Python 3.13 on, a link that leads to itself is merely no file to the questions below.
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
        if path.is_dir():
            raise DataError(where, "this is a folder, not a file", hint="name the file itself")
        if not path.is_file():
            raise _missing(path, where, hint)
    except (OSError, RuntimeError, ValueError) as fault:
        # A link that leads to itself, a name that no system takes, a folder that may not be read.
        told = getattr(fault, "strerror", None) or str(fault).partition(" from ")[0]
        raise DataError(
            where, f"the file cannot be opened ({told})", hint="check its name, or the link"
        ) from None
    return path


def _missing(path: Path, where: str, hint: str) -> DataError:
    if path.exists():
        # Reading it could wait for ever, or never come to an end.
        told = "this is a pipe, a socket or a device, not a file"
        return DataError(where, told, hint="save its content to a file")
    there = sorted(p.name for p in path.parent.iterdir() if p.is_file()) if path.parent.is_dir() else []
    near = suggest(path.name, there) or (hint if not there else "")
    told = f"there is no such file in {cut(path.parent)}"
    return DataError(where, told, f"Files there: {listing(there) or 'none'}", near)
