"""An entry of the cache in the making: large tables are written while others are read, and all are checked.

It is made under another name and renamed, so that it is whole or not there, whoever is killed meanwhile, and
two processes that make the same one do not meet.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Any

import pandas as pd
import pyarrow as pa

from kpikit.data.prepared.entries import MANIFEST, PART, name_of, sha256, trim
from kpikit.data.prepared.key import FORMAT, Key
from kpikit.data.prepared.mapped import batch_of, map_file, new_file, page_digest, write_table
from kpikit.data.prepared.place import NoPlaceError
from kpikit.errors import cut

__all__ = ["Keeping"]

_FAULTS = (TypeError, pa.ArrowException, MemoryError, RuntimeError, OSError, NoPlaceError)
_LARGE = 1 << 25  # bytes of a table that takes a while to write


class Keeping:
    """An entry in the making, for a `with` statement; what is not finished is removed.

    Parameters
    ----------
    place
        Gives the cache folder.
    key
        As it was before the sources were read.
    most
        The bytes that all entries may take.
    """

    def __init__(self, place: Callable[[], Path], key: Key, most: int) -> None:
        self._place, self._key, self._most = place, key, most
        self._part: Path | None = None
        self._begun: dict[str, tuple[pd.DataFrame, Thread, list[bool]]] = {}

    def __enter__(self) -> Keeping:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, writer, _ in self._begun.values():
            writer.join()
        if self._part is not None:
            shutil.rmtree(self._part, ignore_errors=True)

    def offer(self, name: str, table: pd.DataFrame) -> None:
        """Begin to write a table that has been read, if it is large; the checks may yet change it.

        Whatever is wrong here is met again, and told, when the entry is finished.
        """
        with contextlib.suppress(*_FAULTS):
            batch = batch_of(table)
            if _LARGE <= batch.nbytes <= self._most:
                is_written: list[bool] = []
                writer = Thread(target=self._write_early, args=(batch, self._file(name), is_written))
                writer.start()
                self._begun[name] = (table, writer, is_written)

    @staticmethod
    def _write_early(batch: pa.RecordBatch, path: Path, is_written: list[bool]) -> None:
        with contextlib.suppress(*_FAULTS):
            write_table(batch, path)
            is_written.append(True)

    def _file(self, name: str) -> Path:
        if self._part is None:
            part = self._place() / f"{PART}{secrets.token_hex(8)}"
            part.mkdir(mode=0o700)
            self._part = part
        return self._part / f"{name}.arrow"

    def finish(self, tables: Mapping[str, pd.DataFrame], findings: Sequence[Mapping[str, Any]]) -> str:
        """Keep tables and findings; whatever cannot be kept costs time at the next loading, and nothing else.

        Parameters
        ----------
        tables
            The contract's tables with columns of texts, numbers and dates.
        findings
            What the checks found, as JSON can hold it.

        Returns
        -------
        str
            Why the tables are not kept, as part of a sentence; empty where they are.
        """
        try:
            return self._finished(tables, findings)
        except NoPlaceError as fault:
            return str(fault)
        except OSError as fault:
            # Arrow tells what the system said at the end of its own words.
            return cut((fault.strerror or str(fault)).rpartition("] ")[2])
        except (TypeError, pa.ArrowException, MemoryError, RuntimeError) as fault:
            return cut(fault) or type(fault).__name__

    def _finished(self, tables: Mapping[str, pd.DataFrame], findings: Sequence[Mapping[str, Any]]) -> str:
        if changed := self._key.changed():
            return f"{cut(changed)} changed while it was read"
        batches = {name: batch_of(table) for name, table in tables.items()}
        size = sum(batch.nbytes for batch in batches.values())
        if size > self._most:
            return f"they take {size / 1e9:,.1f} GB of at most {self._most / 1e9:g} GB (KPIKIT_CACHE_SIZE)"
        for name, batch in batches.items():
            file = self._file(name)
            if not self._is_written(name, tables[name]):
                file.unlink(missing_ok=True)
                write_table(batch, file)
        part = self._part or self._file("").parent
        self._describe(part, batches, findings)
        if changed := self._key.changed():
            return f"{cut(changed)} changed while it was read"
        with contextlib.suppress(FileExistsError):  # another process was quicker; its entry is the same
            _rename(part, part.parent / name_of(self._key))
        trim(part.parent, name_of(self._key), self._most)
        return ""

    def _is_written(self, name: str, table: pd.DataFrame) -> bool:
        """Tell whether a table has been written as it is now."""
        if name not in self._begun:
            return False
        offered, writer, is_written = self._begun[name]
        writer.join()
        return bool(is_written) and offered is table

    def _describe(self, part: Path, names: Iterable[str], findings: Sequence[Any]) -> None:
        """Write the manifest when all other files are there.

        Whole contents are digested where they are asked for, by who verifies.
        """
        files = {}
        for name in names:
            content = map_file(part / f"{name}.arrow")
            whole = None if self._key.contents is None else sha256(content)
            files[name] = {"bytes": content.size, "pages": page_digest(content), "sha256": whole}
        body = {"format": FORMAT, "key": self._key.digest, "contents": self._key.contents, "tables": files}
        text = json.dumps({**body, "findings": list(findings)})
        with new_file(part / MANIFEST) as file:
            file.write(f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}".encode())
        _sync(part)


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
