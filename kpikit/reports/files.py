"""Files that are whole or absent, and names that every system can hold."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from kpikit.errors import ParameterError

__all__ = ["file_stems", "output_folder", "write_whole"]

_MOST_LETTERS = 60


def file_stems(names: Sequence[tuple[str, str]]) -> list[str]:
    """Give each report a file name without its ending: safe, and unique whatever the system does with case.

    Names that come out alike all get a few digits of their own, so that a name does not depend on its place.

    Parameters
    ----------
    names
        For each report a plain word that comes first (`rep`), and a label that may hold anything.

    Examples
    --------
    >>> from kpikit.reports.files import file_stems
    >>> file_stems([("company", ""), ("rep", "José Ramírez"), ("rep", "../../etc")])
    ['company', 'rep-jose-ramirez', 'rep-etc']
    """
    if len(set(names)) < len(names):
        twice = next(name for name, count in Counter(names).items() if count > 1)
        raise ParameterError("file_stems", f"{' '.join(twice)!r} is asked for twice")
    stems = [_stem(kind, label) for kind, label in names]
    digits = 6
    while len(set(stems)) < len(stems):
        counts = Counter(stems)
        plain = [_stem(kind, label) for kind, label in names]
        stems = [
            f"{base}-{_digest(kind, label)[:digits]}" if counts[stem] > 1 else stem
            for stem, base, (kind, label) in zip(stems, plain, names, strict=True)
        ]
        digits += 6
    return stems


def _stem(kind: str, label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MOST_LETTERS].strip("-")
    if label and not words:  # a name in a script that ASCII cannot hold
        words = _digest(kind, label)[:12]
    return f"{kind}-{words}" if words else kind


def _digest(kind: str, label: str) -> str:
    return hashlib.sha256(f"{kind}\0{label}".encode("utf-8", "surrogatepass")).hexdigest()


def output_folder(path: str | Path) -> Path:
    """Make the folder that reports go to, and check that files can be written there."""
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as fault:
        reason = fault.strerror or fault
        raise ParameterError(
            "--output", f"cannot write into {folder} ({reason})", hint="name another folder"
        ) from None
    return folder.resolve()


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that its name never stands for half of it: beside, synced, then renamed."""
    handle, beside = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, 0o666 & ~_umask())
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(beside)
        raise


def _umask() -> int:
    # The only portable way to read it is to set it.
    mask = os.umask(0)
    os.umask(mask)
    return mask
