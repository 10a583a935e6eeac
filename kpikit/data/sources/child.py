"""The child that reads a workbook or a database for its parent, and dies alone.

It takes one request as JSON, and answers with a line of JSON and a stream of Arrow. A fault is told in the
last line of what it says besides.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kpikit.data.sources.place import Place
from kpikit.errors import DataError, KpikitError, cut

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FAULT", "Answer", "main"]

FAULT = 3
"""How the child ends when it met a fault and told it."""


@dataclass(frozen=True)
class Answer:
    """What a reader found.

    Parameters
    ----------
    columns
        The names of the columns.
    schema, batches
        The rows, if they were asked for. Who reads all at once sends them with the columns: then their
        numbers are one more column, the last one.
    first
        How many rows of a sheet stand above the first one.
    skipped
        How many rows were left out because they are empty.
    others
        Where sheets or tables are named: the hidden sheets, or the views.
    """

    columns: list[str]
    schema: pa.Schema | None = None
    batches: Iterator[pa.RecordBatch] | list[pa.RecordBatch] = ()
    first: int = 0
    skipped: int = 0
    others: list[str] = field(default_factory=list)


def main() -> None:
    """Answer the request on the standard input."""
    request = json.load(sys.stdin.buffer)
    out = _own_output()
    sys.meta_path.insert(0, _WithoutPandas())
    _limit(request["memory"], request["seconds"])
    place = Place(**request["place"])
    try:
        reader = import_module(f"kpikit.data.sources.{request['reader']}")
        path = Path(request["path"])
        names_alone = request.get("names_alone", False)
        _send(out, reader.names(path, place) if names_alone else reader.read(path, place, request["columns"]))
    except KpikitError as fault:
        _tell(fault)
    except MemoryError:
        told = f"the file takes more than {request['memory'] >> 20:,} MB of memory to read"
        _tell(DataError(f"load: {cut(place.name)}", told, hint="ask for less, or save it as CSV"))


class _WithoutPandas:
    """Lets no pandas in: Arrow looks whether a list is one of its, and it takes longer than most files."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def _own_output() -> IO[bytes]:
    """Keep the output for the answer: what a library prints, such as how far it is, would garble it."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "wb")


def _send(out: IO[bytes], answer: Answer) -> None:
    head: dict[str, Any] = {"columns": answer.columns, "first": answer.first, "skipped": answer.skipped}
    head["others"] = answer.others
    out.write(json.dumps({**head, "has_rows": answer.schema is not None}).encode() + b"\n")
    if answer.schema is not None:
        import pyarrow as pa

        with pa.ipc.new_stream(out, answer.schema) as stream:
            for batch in answer.batches:
                stream.write_batch(batch)
    out.flush()


def _tell(fault: KpikitError) -> None:
    parts = [fault.where, fault.fault, *fault.args[2:]]
    sys.stderr.write("\n" + json.dumps(parts) + "\n")
    sys.stderr.flush()
    sys.exit(FAULT)


def _limit(memory: int, seconds: float) -> None:
    """Bound this process, where the system can."""
    try:
        import resource
    except ImportError:  # Windows, where the clock of the parent alone bounds
        return
    for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, int(seconds * 4) + 1)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    # A child that dies leaves no picture of its memory behind.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
