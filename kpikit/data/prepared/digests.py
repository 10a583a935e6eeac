"""The SHA-256 of sources, computed once for each state of them and kept beside the prepared tables."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from pathlib import Path

from kpikit.data.prepared.entries import MANIFEST, name_of
from kpikit.data.prepared.key import Key, contents_of
from kpikit.data.prepared.place import NoPlaceError, cache_folder, is_verified, is_wanted, private_folder

__all__ = ["digests_of"]

_FILE = "sources.json"


def digests_of(key: Key) -> dict[str, str]:
    """Give the SHA-256 of each source of a key, by its whole path.

    What is kept is believed while the paths, sizes and times of the sources are the same, as the prepared
    tables are. Where contents are verified, that is what loading has just compared.

    Parameters
    ----------
    key
        What the prepared tables depend on.

    Raises
    ------
    OSError
        If a source cannot be read.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.data.prepared import digests_of, key_of
    >>> from kpikit.data.settings import Settings
    >>> folder = Path("data/samples")
    >>> [len(one) for one in digests_of(key_of(Settings(), folder, [folder / "reps.csv"])).values()]
    [64]
    """
    paths = [path for path, _, _ in key.sources]
    if key.contents is not None:
        return dict(zip(paths, key.contents, strict=True))
    entry = _entry(key)
    # Loading by contents has compared those of the manifest; others were believed by size and time.
    kept = entry and (
        _contents(entry / MANIFEST, key) or (None if is_verified() else _contents(entry / _FILE, key))
    )
    if kept:
        return dict(zip(paths, kept, strict=True))
    contents = contents_of(key.sources)
    if entry and not key.changed():
        with contextlib.suppress(OSError):
            _keep(entry, key, contents)
    return dict(zip(paths, contents, strict=True))


def _entry(key: Key) -> Path | None:
    if not is_wanted():
        return None
    try:
        entry = private_folder(cache_folder(), is_made=False) / name_of(key)
        return entry if entry.is_dir() and not entry.is_symlink() else None
    except (NoPlaceError, OSError):
        return None


def _contents(file: Path, key: Key) -> list[str] | None:
    """Read what is kept of a key in a file: its own digest, then a JSON text."""
    try:
        digest, _, text = file.read_bytes().partition(b"\n")
        body = json.loads(text)
        found = body["contents"]
        is_whole = digest.decode("ascii", "replace") == hashlib.sha256(text).hexdigest()
        is_own = body["key"] == key.digest and len(found) == len(key.sources)
    except (OSError, LookupError, TypeError, ValueError):
        return None
    return found if is_whole and is_own else None


def _keep(entry: Path, key: Key, contents: tuple[str, ...]) -> None:
    text = json.dumps({"key": key.digest, "contents": contents})
    beside = entry / f"{_FILE}-{secrets.token_hex(6)}"
    try:
        beside.write_text(
            f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}", encoding="ascii", newline="\n"
        )
        os.replace(beside, entry / _FILE)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
