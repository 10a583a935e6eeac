"""Files that are whole or absent, and names that every system can hold."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from kpikit.errors import ParameterError, cut

__all__ = ["file_stems", "output_folder", "sweep", "write_whole"]

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


def output_folder(path: str | Path, names: Iterable[str] = ()) -> Path:
    """Make the folder that reports go to, and check that files of some names can be written there.

    Raises
    ------
    ParameterError
        If it cannot be made or written to, or if a folder stands where a file is to be.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        taken = next((name for name in names if (folder / name).is_dir()), None)
    except OSError as fault:
        reason = fault.strerror or fault
        raise ParameterError(
            "--output", f"cannot write into {cut(folder)} ({reason})", hint="name another folder"
        ) from None
    if taken is not None:
        raise ParameterError(
            "--output", f"{taken} in {cut(folder)} is a folder", hint="move it away, or name another folder"
        )
    return folder.resolve()


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that its name never stands for half of it: beside, synced, then renamed.

    A text is written as UTF-8, with its line ends as they are.
    """
    written = content.encode("utf-8") if isinstance(content, str) else content
    # The name is made first, so that there is no moment in which a file is there and its name is not known.
    beside = path.parent / f"{_beside(os.getpid())}{secrets.token_hex(6)}"
    try:
        with open(beside, "xb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def sweep(folder: Path, process: int) -> None:
    """Remove what a process that was killed has left half written in a folder."""
    for beside in folder.glob(f"{_beside(process)}*"):
        with contextlib.suppress(OSError):
            beside.unlink()


def _beside(process: int) -> str:
    return f".unfinished-{process}-"
