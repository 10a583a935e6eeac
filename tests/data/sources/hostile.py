"""Reads one source in a process of its own, and prints what came of it, with the time and the memory it took.

Run as a program: folder, then the place as JSON. In the tests' own process, memory that another test took
would count.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place
from kpikit.errors import DataError

__all__ = ["read_all", "taken"]


def read_all(folder: Path, place: Place) -> str:
    """Read every column; give the message of a fault, or how many rows there are."""
    try:
        source = open_source(folder, place)
        rows = source.read([column for column in source.columns if column])[0]
    except DataError as fault:
        return str(fault)
    return f"{len(rows)} rows"


def taken() -> dict[str, int]:
    """Give the most memory that this process and its children had at a time, in MB."""
    status = Path("/proc/self/status").read_text().splitlines()
    own = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {"own": own >> 10, "children": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10}


def _main() -> None:
    began = time.monotonic()
    message = read_all(Path(sys.argv[1]), Place(**json.loads(sys.argv[2])))
    print(json.dumps({"message": message, "seconds": time.monotonic() - began, **taken()}))


if __name__ == "__main__":
    _main()
