"""What prepared tables depend on: the sources, the mapping, and the code that read them."""

from __future__ import annotations

import hashlib
import json
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from pydantic import BaseModel

__all__ = ["FORMAT", "LOGS", "Key", "key_of"]

FORMAT = 1
"""The version of the files of an entry; a new form gets a new number."""

# Databases write what is new into a log beside themselves, and leave their own file as it was.
LOGS = ("-wal", ".wal", "-journal")


@dataclass(frozen=True)
class Key:
    """What an entry depends on.

    Parameters
    ----------
    digest
        Of everything: versions, mapping, folder, and of each source its path, size and time.
    dataset
        Of the folder and the sources' paths alone: entries of one dataset share it.
    sources
        Path, size and time (in nanoseconds) of each source.
    contents
        The SHA-256 of each source, where the contents were asked for.
    """

    digest: str
    dataset: str
    sources: tuple[tuple[str, int, int], ...]
    contents: tuple[str, ...] | None = None

    def changed(self) -> str:
        """Name the first source that is no longer what it was, or nothing."""
        for source in self.sources:
            try:
                if _state(Path(source[0])) != source:
                    return Path(source[0]).name
            except OSError:
                return Path(source[0]).name
        return ""


def key_of(mapping: BaseModel, folder: Path, files: Iterable[Path], *, verify: bool = False) -> Key | None:
    """Say what the prepared tables of a dataset depend on.

    The engine is no part of it: tables are the same for all.

    Parameters
    ----------
    mapping
        The dataset's mapping, as it was read.
    folder
        Where its files lie.
    files
        Every file that is read. A database is known by its log, too, where it has one.
    verify
        Know the sources by their contents, too.

    Returns
    -------
    Key or None
        None where a source is no file that can be asked for its size and time.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.data.prepared import key_of
    >>> from kpikit.data.settings import Settings
    >>> folder = Path("data/samples")
    >>> key_of(Settings(), folder, [folder / "orders.csv"]).changed()
    ''
    >>> key_of(Settings(), folder, [folder / "none.csv"])
    """
    try:
        paths = [path.resolve(strict=True) for path in files]
        paths += [log for path in paths for end in LOGS if (log := path.with_name(path.name + end)).is_file()]
        place = str(folder.resolve(strict=True))
        sources = tuple(sorted({_state(path) for path in paths}))
        contents = contents_of(sources) if verify else None
    except (OSError, RuntimeError, ValueError):  # whoever reads the source tells what is wrong with it
        return None
    written = mapping.model_dump_json(exclude={"engine"})
    names = [path for path, _, _ in sources if not path.endswith(LOGS)]
    return Key(
        _digest([FORMAT, reader(), written, place, sources]), _digest([place, names]), sources, contents
    )


def contents_of(sources: Iterable[tuple[str, int, int]]) -> tuple[str, ...]:
    """Give the SHA-256 of each source."""
    digests = []
    for path, _, _ in sources:
        with open(path, "rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    return tuple(digests)


@cache
def reader() -> str:
    """Name the code that reads tables: versions, and its own files, which change in a developer's hands."""
    try:
        own = version("kpikit")
    except PackageNotFoundError:
        own = ""
    folder = Path(__file__).parents[1]
    states = [(str(path.relative_to(folder)), *_state(path)[1:]) for path in sorted(folder.rglob("*.py"))]
    return _digest([own, version("pandas"), version("pyarrow"), states])


def _state(path: Path) -> tuple[str, int, int]:
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError("not a file")
    return str(path), found.st_size, found.st_mtime_ns


def _digest(parts: object) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
