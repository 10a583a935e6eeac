"""Sources that are read by a child of this process, within limits of memory and time.

The libraries that read workbooks and databases trust what they read: a sheet of one cell can claim the room
of a billion, a view can run for ever, a damaged page can end the process. In a child, that is an error as any
other.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa

from kpikit.data.sources.bounds import memory, room, seconds
from kpikit.data.sources.child import FAULT
from kpikit.data.sources.place import Place
from kpikit.data.sources.plain import plain_table
from kpikit.data.sources.queries import Clock
from kpikit.data.sources.source import Source, check_names
from kpikit.errors import DataError, cut

__all__ = ["IsolatedFile", "names_within"]

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from kpikit.data.sources.child import main
main()
"""
_MOST_TOLD = 1 << 24  # bytes of the first line of an answer


class _Child:
    """A question to a child: which reader, which file, what of it."""

    def __init__(self, reader: str, path: Path, place: Place) -> None:
        self._reader, self._path, self._place = reader, path, place
        self._where = f"load: {cut(place.name)}"
        self._size = path.stat().st_size

    def ask(
        self, columns: list[str] | None = None, *, names_alone: bool = False
    ) -> tuple[dict[str, Any], pa.Table]:
        """Let a child answer: what the file holds, or rows."""
        clock = Clock(seconds(self._size))
        request = {
            "reader": self._reader,
            "path": str(self._path),
            "place": asdict(self._place),
            "columns": columns,
            "names_alone": names_alone,
            "memory": memory(self._size),
            "seconds": clock.seconds,
        }
        command = [sys.executable, "-I", "-c", _START, json.dumps(sys.path)]
        with tempfile.TemporaryFile() as told:
            child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=told)
            assert child.stdin is not None and child.stdout is not None
            answer = None
            with child, clock.stopping(child.kill):
                try:
                    child.stdin.write(json.dumps(request).encode())
                    child.stdin.close()
                    answer = self._answer(child.stdout)
                except (OSError, ValueError, pa.ArrowException):
                    pass  # it has ended, or ends now, and how it does tells why
                except BaseException:
                    child.kill()
                    raise
                child.stdout.close()
                code = child.wait()
            if code == 0 and answer is not None:
                return answer
            told.seek(0)
            raise self._told(code, told.read(_MOST_TOLD), clock)

    def _answer(self, stream: IO[bytes]) -> tuple[dict[str, Any], pa.Table]:
        head = json.loads(stream.readline(_MOST_TOLD))
        if not head["has_rows"]:
            return head, pa.table({})
        with pa.ipc.open_stream(stream) as reader:
            return head, plain_table(pa.Table.from_batches(self._bounded(reader), reader.schema))

    def _bounded(self, batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        taken = 0
        for batch in batches:
            taken += batch.nbytes
            if taken > room(self._size):
                told = f"the rows take more than {room(self._size) >> 20:,} MB of memory"
                raise DataError(self._where, told, hint="ask for fewer rows, by a query")
            yield batch

    def _told(self, code: int, text: bytes, clock: Clock) -> DataError:
        if clock.is_over:
            return clock.fault(self._where)
        last = text.decode("utf-8", "replace").strip().splitlines()[-1:]
        if code == FAULT and last:
            return DataError(*json.loads(last[0]))
        told = f"it is damaged, or takes more than {memory(self._size) >> 20:,} MB of memory to read"
        return DataError(self._where, f"the file cannot be read: {told}", hint="save it again, or as CSV")


def names_within(reader: str, path: Path, place: Place) -> tuple[list[str], list[str]]:
    """Let a child name the sheets or tables of a file, and apart from them the hidden sheets or the views.

    Raises
    ------
    DataError
        If the file is damaged, or takes more time or memory than it may.
    """
    told = _Child(reader, path, place).ask(names_alone=True)[0]
    return told["columns"], told["others"]


class IsolatedFile(Source):
    """A file that is read by a child.

    Parameters
    ----------
    reader
        The module of this package that reads its kind.
    path, place
        Where the file is, and what is read of it.
    beside
        What a database calls the file of what is not yet put into the first one.
    """

    def __init__(self, reader: str, path: Path, place: Place, beside: str = "") -> None:
        self.name, self.path, self.place = place.name, path, place
        self._child, self._beside = _Child(reader, path, place), beside
        self._all: pa.Table | None = None
        told, table = self._child.ask()
        self.columns, self._first, self._skipped = told["columns"], told["first"], told["skipped"]
        check_names(self.name, self.columns)
        if told["has_rows"]:
            self._all = table

    def files(self) -> list[Path]:
        """Name the file, and what was written and not yet put into it."""
        log = self.path.with_name(self.path.name + self._beside)
        return [self.path, *([log] if self._beside and log.exists() else [])]

    def lines(self, rows: np.ndarray) -> list[str]:
        """Tell where rows (numbered from 0) stand: `row 7` as a spreadsheet shows it."""
        return [f"row {self._first + row + 1}" for row in rows]

    def read(
        self, columns: list[str], kinds: Mapping[str, str] | None = None
    ) -> tuple[pa.Table, np.ndarray, int]:
        """Read columns as they are typed.

        Raises
        ------
        DataError
            If the file is damaged, or takes more time or memory than it may.
        """
        if self._all is not None:
            places = [self.columns.index(name) for name in columns]
            table = self._all.select(places).rename_columns(columns)
            return table, self._all.column(len(self.columns)).to_numpy(), self._skipped
        table = self._child.ask(columns)[1]
        return table, np.arange(len(table)), 0
