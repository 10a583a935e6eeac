"""The entries of the cache: found, kept, and let go when they are many.

An entry is a folder `<dataset>-<key>` with an Arrow file for each table and `manifest.json`, which is written
last: its own digest, then what each file must be. It is made under another name and renamed, so that it is
whole or not there, whoever is killed meanwhile, and two processes that make the same one do not meet.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from kpikit.data.prepared.key import FORMAT, Key
from kpikit.data.prepared.mapped import (
    DamagedError,
    batch_of,
    map_file,
    new_file,
    open_table,
    page_digest,
    write_table,
)
from kpikit.data.prepared.opening import Opened
from kpikit.data.prepared.place import NoPlaceError, cache_folder, most_bytes, private_folder
from kpikit.errors import cut

__all__ = ["Prepared"]

_MANIFEST = "manifest.json"
_PART, _GONE = "part-", "gone-"
_OLD_SECONDS = 3600.0  # after which an unfinished entry is nobody's
_VERSIONS = 3  # entries kept of one dataset: going back and forth between two mappings costs nothing


class Prepared:
    """The prepared tables in a cache folder.

    Parameters
    ----------
    folder
        The cache folder; by default KPIKIT_CACHE, else the user's own.
    most
        The bytes that all entries may take; by default KPIKIT_CACHE_SIZE, else 20 GB.

    Raises
    ------
    ParameterError
        If KPIKIT_CACHE_SIZE is no size.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import pandas as pd
    >>> from kpikit.data.prepared import Prepared, key_of
    >>> from kpikit.data.settings import Settings
    >>> key = key_of(Settings(), Path("data/samples"), [Path("data/samples/reps.csv")])
    >>> store = Prepared(Path(tempfile.mkdtemp()))
    >>> store.find(key)
    >>> store.keep(key, {"reps": pd.DataFrame({"rep_id": ["R1", "R2"]})}, [])
    ''
    >>> store.find(key).into("pandas")["reps"]["rep_id"].tolist()
    ['R1', 'R2']
    """

    def __init__(self, folder: Path | None = None, most: int | None = None) -> None:
        self._folder, self._most = folder, most_bytes() if most is None else most

    def _place(self, *, is_made: bool) -> Path:
        return private_folder(self._folder or cache_folder(), is_made=is_made)

    def find(self, key: Key) -> Opened | None:
        """Open the entry of a key; a damaged one, or one of other contents, is removed.

        Every file is checked as far as `page_digest` sees; where the key knows contents, every byte of the
        entry and of the sources is compared.

        Returns
        -------
        Opened or None
            None where there is no entry that can be trusted.
        """
        try:
            entry = self._place(is_made=False) / _name(key)
            if not os.path.lexists(entry):
                return None
        except (NoPlaceError, OSError):
            return None
        try:
            if entry.is_symlink():
                raise DamagedError("a link")
            opened = _open(entry, key)
        except DamagedError:
            _discard(entry)
            return None
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(entry / _MANIFEST)  # the least recently used go first
        return opened

    def keep(
        self, key: Key, tables: Mapping[str, pd.DataFrame], findings: Sequence[Mapping[str, Any]]
    ) -> str:
        """Keep tables and findings; whatever cannot be kept costs time at the next loading, and nothing else.

        Parameters
        ----------
        key
            As it was before the sources were read.
        tables
            The contract's tables with columns of texts, numbers and dates.
        findings
            What the checks found, as JSON can hold it.

        Returns
        -------
        str
            Why the tables are not kept, as part of a sentence; empty where they are.
        """
        if changed := key.changed():
            return f"{cut(changed)} changed while it was read"
        part = None
        try:
            batches = {name: batch_of(table) for name, table in tables.items()}
            size = sum(batch.nbytes for batch in batches.values())
            if size > self._most:
                return (
                    f"they take {size / 1e9:,.1f} GB of at most {self._most / 1e9:g} GB (KPIKIT_CACHE_SIZE)"
                )
            place = self._place(is_made=True)
            part = place / f"{_PART}{secrets.token_hex(8)}"
            part.mkdir(mode=0o700)
            _write(part, key, batches, findings)
            if changed := key.changed():
                return f"{cut(changed)} changed while it was read"
            with contextlib.suppress(FileExistsError):
                _rename(
                    part, place / _name(key)
                )  # another process may have been quicker; its entry is the same
            _trim(place, _name(key), self._most)
        except NoPlaceError as fault:
            return str(fault)
        except OSError as fault:
            # Arrow tells what the system said at the end of its own words.
            return cut((fault.strerror or str(fault)).rpartition("] ")[2])
        except (TypeError, pa.ArrowException, MemoryError, RuntimeError) as fault:
            return cut(fault) or type(fault).__name__
        finally:
            if part is not None:
                shutil.rmtree(part, ignore_errors=True)
        return ""


def _name(key: Key) -> str:
    return f"{key.dataset[:16]}-{key.digest[:32]}"


def _write(part: Path, key: Key, batches: Mapping[str, pa.RecordBatch], findings: Sequence[Any]) -> None:
    """Write the files of an entry, and the manifest when all others are there.

    Whole contents are digested where they are asked for, by who verifies.
    """
    files = {}
    for name, batch in batches.items():
        write_table(batch, part / f"{name}.arrow")
        content = map_file(part / f"{name}.arrow")
        whole = None if key.contents is None else _sha256(content)
        files[name] = {"bytes": content.size, "pages": page_digest(content), "sha256": whole}
    body = {"format": FORMAT, "key": key.digest, "contents": key.contents, "tables": files}
    text = json.dumps({**body, "findings": list(findings)})
    with new_file(part / _MANIFEST) as file:
        file.write(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}".encode())
    _sync(part)


def _open(entry: Path, key: Key) -> Opened:
    try:
        digest, _, text = bytes(map_file(entry / _MANIFEST)).partition(b"\n")
        if digest.decode("ascii", "replace") != hashlib.sha256(text).hexdigest():
            raise DamagedError(_MANIFEST)
        manifest = json.loads(text)
        if manifest["format"] != FORMAT or manifest["key"] != key.digest:
            raise DamagedError(_MANIFEST)
        if key.contents is not None and list(key.contents) != manifest["contents"]:
            raise DamagedError("contents")
        batches = {}
        for name, wanted in manifest["tables"].items():
            content = map_file(entry / f"{name}.arrow", wanted["bytes"])
            is_same = page_digest(content) == wanted["pages"]
            if not is_same or (key.contents is not None and _sha256(content) != wanted["sha256"]):
                raise DamagedError(name)
            batches[name] = open_table(content)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as fault:
        raise DamagedError(str(fault)) from None
    except OSError as fault:
        if entry.is_dir() and any(one.is_symlink() for one in entry.iterdir()):
            raise DamagedError("a link") from None
        raise fault
    except (LookupError, TypeError, ValueError) as fault:
        raise DamagedError(str(fault)) from None
    return Opened(batches, manifest["findings"])


def _sha256(content: pa.Buffer) -> str:
    return hashlib.sha256(content).hexdigest()


def _rename(part: Path, entry: Path) -> None:
    """Give an entry its name.

    Raises
    ------
    FileExistsError
        If there is such an entry already.
    """
    try:
        os.rename(part, entry)
    except OSError:
        if entry.is_dir():
            raise FileExistsError from None
        raise
    _sync(entry.parent)


def _sync(folder: Path) -> None:
    """Wait until the disk knows the names in a folder, where the system can be asked to."""
    if hasattr(os, "O_DIRECTORY"):
        number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _discard(entry: Path) -> None:
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


def _trim(place: Path, newest: str, most: int) -> None:
    """Remove what nobody finishes, older entries of the same dataset, and the least recently used."""
    used: list[tuple[float, str, int]] = []
    for one in os.scandir(place):
        with contextlib.suppress(OSError):
            path = place / one.name
            if one.name.startswith((_PART, _GONE)):
                if time.time() - path.lstat().st_mtime > _OLD_SECONDS:
                    _discard(path)
                continue
            sizes = sum(file.lstat().st_size for file in path.iterdir())
            used.append(((path / _MANIFEST).lstat().st_mtime, one.name, sizes))
    used.sort(key=lambda entry: (entry[1] != newest, -entry[0]))
    total, seen = 0, dict.fromkeys((name.partition("-")[0] for _, name, _ in used), 0)
    for _, name, size in used:
        dataset = name.partition("-")[0]
        seen[dataset] += 1
        total += size
        if name != newest and (total > most or seen[dataset] > _VERSIONS):
            _discard(place / name)
            total -= size
