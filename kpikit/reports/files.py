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
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from kpikit.errors import ParameterError, cut

__all__ = ["check_folders", "file_stems", "lasting_stem", "output_folder", "sweep", "write_whole"]

_MOST_LETTERS = 60
_DIGITS = re.compile("(^|-)x[0-9a-f]{10}$")


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


def lasting_stem(kind: str, label: str) -> str:
    """Give a label a safe name that depends on nothing else: who else is there changes no name.

    Of all labels that would come out alike, the one that is written as names are (`Ayu Lestari`) has the
    plain name; every other one has a few digits of its own.

    Parameters
    ----------
    kind
        A plain word that comes first (`rep`).
    label
        Anything.

    Examples
    --------
    >>> from kpikit.reports.files import lasting_stem
    >>> lasting_stem("rep", "Ayu Lestari"), lasting_stem("rep", "ayu lestari")
    ('rep-ayu-lestari', 'rep-ayu-lestari-xda8d37a866')
    """
    words = _words(label)
    # A label that looks as if it had such digits gets its own, so that nobody can be taken for another.
    is_plain = words and label == words.replace("-", " ").title() and not _DIGITS.search(words)
    return f"{kind}-{words}" if is_plain else f"{_stem(kind, words)}-x{_digest(kind, label)[:10]}"


def _stem(kind: str, label: str) -> str:
    words = _words(label)
    if label and not words:  # a name in a script that ASCII cannot hold
        words = _digest(kind, label)[:12]
    return f"{kind}-{words}" if words else kind


def _words(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MOST_LETTERS].strip("-")


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


def check_folders(output: str | Path, names: Mapping[str, Iterable[str]]) -> Path:
    """Make the folder that reports go to with the folders in it, each with the names of its files.

    Raises
    ------
    ParameterError
        As `output_folder` does.
    """
    # A folder that cannot be written to is told before others are made.
    folder = output_folder(output)
    for name, own in names.items():
        output_folder(folder / name, own)
    return folder


def sweep(folder: Path, process: int) -> None:
    """Remove what a process that was killed has left half written in a folder."""
    for beside in folder.glob(f"{_beside(process)}*"):
        with contextlib.suppress(OSError):
            beside.unlink()


def _beside(process: int) -> str:
    return f".unfinished-{process}-"
