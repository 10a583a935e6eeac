"""The entries of the cache folder: how they are named, and let go when they are many."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import time
from pathlib import Path

import pyarrow as pa

from kpikit.data.prepared.key import Key

__all__ = ["MANIFEST", "PART", "discard", "name_of", "sha256", "sweep", "trim"]

MANIFEST = "manifest.json"
PART, _GONE = "part-", "gone-"
_OLD_SECONDS = 3600.0  # after which an unfinished entry is nobody's
_VERSIONS = 3  # entries kept of one dataset: going back and forth between two mappings costs nothing


def name_of(key: Key) -> str:
    """Name the entry of a key."""
    return f"{key.dataset[:16]}-{key.digest[:32]}"


def sha256(content: pa.Buffer) -> str:
    """Digest every byte."""
    return hashlib.sha256(content).hexdigest()


def discard(entry: Path) -> None:
    """Remove an entry: renamed first, so that nobody finds a part of it.

    A process that has it open keeps its memory where the system lets open files be removed; Windows refuses,
    and the entry stays until it is not in use.
    """
    gone = entry.with_name(f"{_GONE}{secrets.token_hex(8)}")
    with contextlib.suppress(OSError):
        os.rename(entry, gone)
        if gone.is_symlink() or not gone.is_dir():
            gone.unlink()
        else:
            shutil.rmtree(gone, ignore_errors=True)


def sweep(place: Path) -> None:
    """Remove what nobody finishes: of a process that was stopped while it wrote."""
    for one in os.scandir(place):
        with contextlib.suppress(OSError):
            path = place / one.name
            if one.name.startswith((PART, _GONE)) and time.time() - path.lstat().st_mtime > _OLD_SECONDS:
                discard(path)


def trim(place: Path, newest: str, most: int) -> None:
    """Remove what nobody finishes, older entries of the same dataset, and the least recently used."""
    sweep(place)
    used: list[tuple[float, str, int]] = []
    for one in os.scandir(place):
        with contextlib.suppress(OSError):
            path = place / one.name
            if not one.name.startswith((PART, _GONE)):
                sizes = sum(file.lstat().st_size for file in path.iterdir())
                used.append(((path / MANIFEST).lstat().st_mtime, one.name, sizes))
    used.sort(key=lambda entry: (entry[1] != newest, -entry[0]))
    total, seen = 0, dict.fromkeys((name.partition("-")[0] for _, name, _ in used), 0)
    for _, name, size in used:
        dataset = name.partition("-")[0]
        seen[dataset] += 1
        total += size
        if name != newest and (total > most or seen[dataset] > _VERSIONS):
            discard(place / name)
            total -= size
