"""A second loading of 5 M orders, each in a process of its own: `python -m benchmarks.prepared`.

The first loading reads a CSV file and keeps what it read; what that costs is told beside it. The later ones
are timed after imports, with the memory that is theirs alone (Linux tells it).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from kpikit.data.samples import make_orders

GOAL_SECONDS, GOAL_MEGABYTES = 0.1, 60.0
LOAD = """
import json, sys, time
import kpikit as kp
from kpikit.data import dataset  # so that no import is timed

def private():
    try:
        rows = [line.split() for line in open("/proc/self/smaps_rollup")]
    except OSError:
        return float("nan")
    return sum(int(row[1]) for row in rows if row[0] in ("Private_Dirty:", "Swap:")) / 1e3

before, begin = private(), time.perf_counter()
sales = kp.load(sys.argv[1], cache=sys.argv[2] == "cache")
seconds, opened = time.perf_counter() - begin, private()
total = None
if sys.argv[2] == "cache":
    kpis = ["revenue", "order_count", "new_customers"]
    total = kp.measure(sales, kpis, period="2023-01-01/2026-09-30", by="rep")["value"].sum()
print(json.dumps([seconds, opened - before, private() - before, total]))
"""


def load(folder: Path, cache: Path, how: str = "cache") -> list[float]:
    """Load in a fresh process: seconds, private MB after opening and measuring, and a sum to compare."""
    words = [sys.executable, "-c", LOAD, str(folder), how]
    environment = {**os.environ, "KPIKIT_CACHE": str(cache)}
    return json.loads(subprocess.run(words, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def figure(name: str, value: float, goal: float) -> bool:
    """Print a headline figure, and tell whether it reaches its goal."""
    print(f"figure: {name} {value:.3f} (goal at most {goal})", flush=True)
    return not value > goal


def run(rows: int, repeat: int) -> bool:
    """Measure everything; tell whether all goals are reached."""
    with tempfile.TemporaryDirectory() as place:
        folder, cache = Path(place, "company"), Path(place, "cache")
        folder.mkdir()
        make_orders(rows, text_ids=True).to_csv(folder / "orders.csv", index=False)
        read, first = load(folder, cache, "no cache"), load(folder, cache)
        later = sorted(load(folder, cache) for _ in range(repeat))
        assert all(one[3] == first[3] for one in later), "a prepared dataset gives other figures"
    seconds, opened, measured, _ = later[len(later) // 2]
    print(f"read {read[0]:.2f} s, {read[1]:.0f} MB; read and kept {first[0]:.2f} s; opened {seconds:.3f} s")
    print(f"private after opening {opened:.0f} MB, after measuring {measured:.0f} MB")
    return all(
        [
            figure("prepared_seconds", seconds, GOAL_SECONDS),
            figure("prepared_private_megabytes", opened, GOAL_MEGABYTES),
        ]
    )


def main() -> int:
    """Run from the command line; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5_000_000, help="order lines (default: 5 million)")
    parser.add_argument("--repeat", type=int, default=5, help="later loadings (default: 5)")
    given = parser.parse_args()
    return 0 if run(given.rows, given.repeat) else 1


if __name__ == "__main__":
    sys.exit(main())
