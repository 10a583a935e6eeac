"""Where prepared tables are kept, for this user alone, and whether they are wanted at all."""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from kpikit.errors import ParameterError, cut

__all__ = [
    "NoPlaceError",
    "cache_folder",
    "is_verified",
    "is_wanted",
    "loading_as",
    "most_bytes",
    "private_folder",
]

_IS_POSIX = os.name == "posix"
_GIGABYTES = 20.0
_OTHERS_WRITE, _OTHERS = stat.S_IWGRP | stat.S_IWOTH, stat.S_IRWXG | stat.S_IRWXO


class NoPlaceError(Exception):
    """There is no folder in which tables can be kept; why."""


def is_wanted(cache: bool = True) -> bool:
    """Say whether prepared tables are used: not where `cache` is off or KPIKIT_NO_CACHE is set."""
    return cache and os.environ.get("KPIKIT_NO_CACHE", "") in ("", "0")


def is_verified(verify: bool = False) -> bool:
    """Say whether contents are compared: where `verify` is on or KPIKIT_VERIFY is set."""
    return verify or os.environ.get("KPIKIT_VERIFY", "") not in ("", "0")


@contextmanager
def loading_as(*, no_cache: bool = False, verify: bool = False) -> Iterator[None]:
    """Set, for a time, how this process and those that it starts load data."""
    given = {"KPIKIT_NO_CACHE": no_cache, "KPIKIT_VERIFY": verify}
    before = {name: os.environ.get(name) for name in given}
    os.environ.update({name: "1" for name, is_set in given.items() if is_set})
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ.update({} if value is None else {name: value})


def most_bytes() -> int:
    """Give the size up to which tables are kept: KPIKIT_CACHE_SIZE in GB, 20 by default.

    Raises
    ------
    ParameterError
        If it is no number.
    """
    written = os.environ.get("KPIKIT_CACHE_SIZE", "").strip()
    try:
        size = float(written or _GIGABYTES)
    except ValueError:
        size = math.nan
    if not 0 <= size < 1e9:
        raise ParameterError(
            "KPIKIT_CACHE_SIZE",
            f"'{cut(written)}' is no size",
            "A number of GB, such as 20",
            "0 keeps nothing",
        )
    return int(size * 1e9)


def cache_folder() -> Path:
    """Give kpikit's cache folder: KPIKIT_CACHE, else the user's own of this system.

    Raises
    ------
    NoPlaceError
        If the user has no home.
    """
    named = os.environ.get("KPIKIT_CACHE")
    try:
        if named:
            return Path(named).expanduser().absolute()
        folder = platformdirs.user_cache_path("kpikit", appauthor=False)
    except RuntimeError:  # raised for an unknown home; older versions of platformdirs give a path with "~"
        folder = Path("~")
    if not folder.is_absolute():
        raise NoPlaceError("this user has no home (set KPIKIT_CACHE to a folder)")
    return folder


def private_folder(folder: Path, *, is_made: bool) -> Path:
    """Give the folder of the prepared tables inside of a cache folder, which is this user's alone.

    Parameters
    ----------
    folder
        The cache folder; it may be a link.
    is_made
        Make the folders that are missing.

    Raises
    ------
    NoPlaceError
        If somebody else owns one of the two folders or can write there.
    OSError
        If it is not there, or cannot be made.
    """
    if is_made:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _IS_POSIX and folder.lstat().st_uid not in (0, os.geteuid()):
        raise NoPlaceError(f"{cut(folder)} belongs to somebody else")
    folder = folder.resolve(strict=True)
    _check(folder)
    inner = folder / "prepared"
    if is_made:
        inner.mkdir(mode=0o700, exist_ok=True)
    _check(inner)
    if _IS_POSIX and inner.stat().st_mode & _OTHERS:
        inner.chmod(0o700)
    return inner


def _check(folder: Path) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise NoPlaceError(f"{cut(folder)} is no folder")
    if not _IS_POSIX:
        return  # a user's profile is closed to others there
    if found.st_uid != os.geteuid():
        raise NoPlaceError(f"{cut(folder)} belongs to somebody else")
    if found.st_mode & _OTHERS_WRITE:
        raise NoPlaceError(f"others can write in {cut(folder)} (chmod go-w)")
