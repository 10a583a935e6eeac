"""The prepared tables of the cache: found, opened and kept.

An entry is a folder `<dataset>-<key>` with an Arrow file for each table and `manifest.json`, which is written
last: its own digest, then what each file must be.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from kpikit.data.prepared.entries import MANIFEST, discard, name_of, sha256, sweep
from kpikit.data.prepared.keeping import Keeping
from kpikit.data.prepared.key import FORMAT, Key
from kpikit.data.prepared.mapped import (
    DamagedError,
    map_file,
    open_table,
    page_digest,
)
from kpikit.data.prepared.opening import Opened
from kpikit.data.prepared.place import NoPlaceError, cache_folder, most_bytes, private_folder

__all__ = ["Prepared"]


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
            entry = self._place(is_made=False) / name_of(key)
            if not os.path.lexists(entry):
                return None
        except (NoPlaceError, OSError):
            return None
        try:
            if entry.is_symlink():
                raise DamagedError("a link")
            opened = _open(entry, key)
        except DamagedError:
            discard(entry)
            return None
        except OSError:
            return None
        with contextlib.suppress(OSError):
            os.utime(entry / MANIFEST)  # the least recently used go first
            sweep(entry.parent)
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
        with self.keeping(key) as keeping:
            return keeping.finish(tables, findings)

    def keeping(self, key: Key) -> Keeping:
        """Begin to keep what is being read: an entry in the making, for a `with` statement."""
        return Keeping(lambda: self._place(is_made=True), key, self._most)


def _open(entry: Path, key: Key) -> Opened:
    try:
        digest, _, text = bytes(map_file(entry / MANIFEST)).partition(b"\n")
        if digest.decode("ascii", "replace") != hashlib.sha256(text).hexdigest():
            raise DamagedError(MANIFEST)
        manifest = json.loads(text)
        if manifest["format"] != FORMAT or manifest["key"] != key.digest:
            raise DamagedError(MANIFEST)
        if key.contents is not None and list(key.contents) != manifest["contents"]:
            raise DamagedError("contents")
        batches = {}
        for name, wanted in manifest["tables"].items():
            content = map_file(entry / f"{name}.arrow", wanted["bytes"])
            is_same = page_digest(content) == wanted["pages"]
            if not is_same or (key.contents is not None and sha256(content) != wanted["sha256"]):
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
