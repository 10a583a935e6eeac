"""5 M orders loaded with all checks, beside other readers without any: `python -m benchmarks.load`.

Each work runs in a process of its own, in turns; what is compared is the median of its times after imports.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import readers

CSV_GOAL, PARQUET_GOAL, SECOND_GOAL, PRIVATE_GOAL = 2.5, 1.5, 0.1, 60
_TOUCHED = 3 << 30  # bytes: more than any work takes
FOLDER = Path(__file__).parent / ".cache" / "load"


def make_files(rows: int) -> Path:
    """Make the orders once, as CSV and as Parquet, each in a folder of its own."""
    folder = FOLDER / str(rows)
    if (folder / "done").exists():
        return folder
    import pyarrow as pa
    from pyarrow import csv, parquet

    from kpikit.data.samples import make_orders

    table = pa.Table.from_pandas(make_orders(rows, text_ids=True), preserve_index=False)
    place = table.column_names.index("order_date")
    table = table.set_column(place, "order_date", table["order_date"].cast(pa.date32()))
    for kind, write in (("csv", csv.write_csv), ("parquet", parquet.write_table)):
        (folder / kind).mkdir(parents=True, exist_ok=True)
        write(table, folder / kind / f"orders.{kind}")
    (folder / "done").touch()
    return folder


def kpikit_load(path: Path) -> Any:
    """Load with kpikit, with all checks, and keep what was loaded."""
    import kpikit as kp

    return kp.load(path.parent)


WORKS: dict[str, Callable[[Path], Any]] = {
    "kpikit": kpikit_load,
    "pandas": readers.pandas_csv,
    "polars": readers.polars_csv,
    "duckdb": readers.duckdb_csv,
    "by hand": readers.polars_checked,
}


def private() -> float:
    """Give the megabytes that are this process's alone, where the system tells."""
    try:
        rows = [line.split() for line in Path("/proc/self/smaps_rollup").read_text().splitlines()]
    except OSError:
        return float("nan")
    return sum(int(row[1]) for row in rows if row[0] in ("Anonymous:", "Swap:")) / 1024


def touch() -> None:
    """Let another process use and free memory, so that every work finds the same.

    A virtual machine may give free memory back to its host, and then has to ask for it anew, which takes
    several times what using it again takes. Who comes after a work that freed much would seem quick.
    """
    code = f"for _ in range({_TOUCHED // 2**24}): kept = [*locals().get('kept', []), b'\\1' * 2**24]"
    subprocess.run([sys.executable, "-c", code], check=True)


def work(name: str, path: Path, *, is_fresh: bool) -> None:
    """Do one work, and print its time and the most memory that the process took."""
    import importlib

    wanted = {"kpikit": ["kpikit.data.dataset"], "pandas": ["pandas", "pyarrow.csv"], "duckdb": ["duckdb"]}
    for module in wanted.get(name, ["polars"]):
        importlib.import_module(module)
    if not is_fresh:
        touch()
    before, begin = private(), time.perf_counter()
    done = WORKS[name](path)
    seconds = time.perf_counter() - begin
    own = private() - before
    counted = {}
    if name == "kpikit":
        counted = {one.check: one.rows for one in done.findings}
    elif name == "by hand":
        counted = {check: count for check, count in done.items() if count}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "memory": memory, "private": own, "found": counted}))


def ask(name: str, path: Path, cache: str, *, is_fresh: bool) -> dict[str, Any]:
    """Let a process of its own do a work."""
    command = [sys.executable, "-m", "benchmarks.load", "--work", name, str(path), *(["--fresh"] * is_fresh)]
    done = subprocess.run(command, env={**os.environ, "KPIKIT_CACHE": cache}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def turns(names: list[str], path: Path, repeat: int, *, is_fresh: bool) -> dict[str, dict[str, float]]:
    """Do several works in turns; give the median time and the most memory of each."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in (*names, "again")}
    for _ in range(repeat):
        cache = tempfile.mkdtemp(prefix="kpikit-load-")
        try:
            for name in names:
                found[name].append(ask(name, path, cache, is_fresh=is_fresh))
            found["again"].append(ask("kpikit", path, cache, is_fresh=is_fresh))
        finally:
            shutil.rmtree(cache)
    if "by hand" in names and found["kpikit"][0]["found"] != found["by hand"][0]["found"]:
        raise AssertionError(f"{found['kpikit'][0]['found']} and {found['by hand'][0]['found']} differ")
    return {
        name: {
            "seconds": sorted(one["seconds"] for one in many)[len(many) // 2],
            "memory": max(one["memory"] for one in many),
            "private": max(one["private"] for one in many),
        }
        for name, many in found.items()
    }


def figure(name: str, value: float, goal: float) -> bool:
    """Print a headline figure, and tell whether it reaches its goal."""
    print(f"figure: {name} {value:.2f} (goal at most {goal})", flush=True)
    return value <= goal


def run(rows: int, repeat: int, *, is_fresh: bool) -> bool:
    """Measure everything; tell whether all goals are reached."""
    folder, good = make_files(rows), []
    for kind, others in (("csv", ["pandas", "polars", "duckdb"]), ("parquet", ["by hand"])):
        found = turns([*others, "kpikit"], folder / kind / f"orders.{kind}", repeat, is_fresh=is_fresh)
        for name, one in found.items():
            label = {"again": "kpikit, second load"}.get(name, name)
            print(
                f"{kind}, {label}: {one['seconds']:.2f} s, {one['memory']:,.0f} MB at most,"
                f" {one['private']:,.0f} MB of its own kept",
                flush=True,
            )
        fastest = min(found[name]["seconds"] for name in others)
        goal = CSV_GOAL if kind == "csv" else PARQUET_GOAL
        good.append(figure(f"{kind}_first_load", found["kpikit"]["seconds"] / fastest, goal))
        good.append(figure(f"{kind}_second_load_seconds", found["again"]["seconds"], SECOND_GOAL))
        good.append(figure(f"{kind}_second_load_megabytes", found["again"]["private"], PRIVATE_GOAL))
    return all(good)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    told = "take memory as it comes, though the order of the works then matters"
    parser.add_argument("--fresh", action="store_true", help=told)
    parser.add_argument("--work", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.work[0], Path(given.work[1]), is_fresh=given.fresh)
        return
    sys.exit(0 if run(given.rows, given.repeat, is_fresh=given.fresh) else 1)


if __name__ == "__main__":
    main()
