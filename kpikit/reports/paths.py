"""Paths as people write them, and as a notebook's kernel has them, which runs in the notebook's folder."""

from __future__ import annotations

import os
from pathlib import Path

from kpikit.errors import ParameterError, cut

__all__ = ["expanded", "from_folder", "place_of"]


def place_of(path: object, folder: Path) -> Path:
    """Give the place of a path that is relative to a folder.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.reports.paths import place_of
    >>> place_of("../data", Path("notebooks")).as_posix()
    'notebooks/../data'
    """
    return folder / expanded(path)


def expanded(path: object) -> Path:
    """Read a path, of which `~` is the home folder.

    Raises
    ------
    ParameterError
        If it begins with the home folder of somebody who is not known.
    """
    try:
        return Path(str(path)).expanduser()
    except RuntimeError:
        fault = f"'{cut(path)}' begins with a home folder that nobody knows"
        raise ParameterError("report", fault, hint="write the whole path") from None


def from_folder(path: Path, folder: Path) -> str:
    """Write a path as it is seen from a folder.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.reports.paths import from_folder
    >>> from_folder(Path("data"), Path("notebooks").resolve())
    '../data'
    """
    # What cannot be followed, such as links in a circle, is told when it is opened.
    path = Path(os.path.realpath(path))
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:  # another drive
        return path.as_posix()
