"""Ending a run from outside: by Ctrl-C at any moment, by SIGTERM, by SIGKILL; and a worker that is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.reports.conftest import MEASURE, PARAMETERS, RESULTS, place, write_notebook  # noqa: F401

pytestmark = [
    pytest.mark.notebooks,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has other signals"),
]
# Each report says who makes it; the company's and Ann's end, the others go on for minutes.
TELL = """
import os, pathlib, time
place = pathlib.Path(TOLD) / (rep or "company")
place.with_suffix(".part").write_text(f"{os.getppid()} {os.getpid()}")
place.with_suffix(".part").rename(place)
"""
SLOW = "if rep not in ('', 'Ann'): time.sleep(300)"
# Runs in every Python of the command: a signal to all of them, as from a terminal, when a module is imported.
AT_IMPORT = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path=None, target=None):
        is_worker = any("multiprocessing" in word for word in sys.orig_argv)
        if name == os.environ["STOP_AT"] and is_worker == (os.environ["STOP_IN"] == "worker"):
            os.killpg(os.getpgrp(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
"""


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until(is_so: Callable[[], bool], what: str, seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, what
        time.sleep(0.05)


class Run:
    """A `kpikit report` under way in a session of its own, with reports of which some never end."""

    def __init__(self, place: Path, folder: Path, *words: str, cells: tuple[str, ...] = (TELL, SLOW)) -> None:  # noqa: F811
        self.told, self.reports = folder / "told", folder / "reports"
        self.told.mkdir()
        parameters = PARAMETERS.replace("company", str(place / "company"))
        cells = tuple(cell.replace("TOLD", repr(str(self.told))) for cell in cells)
        slow = write_notebook(folder / "slow.ipynb", MEASURE, *cells, RESULTS, parameters=parameters)
        words = ("report", str(slow), "--output", str(self.reports), *words)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "kpikit", *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def until_told(self, *names: str) -> list[int]:
        """Wait until the kernels of some reports run; give the processes of their workers and kernels."""

        def is_so() -> bool:
            assert self.process.poll() is None, self.process.communicate()
            return all((self.told / name).exists() for name in names)

        wait_until(is_so, "no kernel started")
        return [int(one) for name in names for one in (self.told / name).read_text().split()]

    def descendants(self) -> list[int]:
        return [one.pid for one in psutil.Process(self.process.pid).children(recursive=True)]

    def __enter__(self) -> Run:
        return self

    def __exit__(self, *_: object) -> None:
        # Workers that were left behind are in its group; their kernels end with them.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate(timeout=60)


@pytest.mark.parametrize(
    ("number", "is_to_all"),
    [(signal.SIGINT, True), (signal.SIGTERM, False), (signal.SIGTERM, True), (signal.SIGHUP, True)],
)
def test_a_signal_to_end_leaves_no_process_and_no_half_file(place, tmp_path, number, is_to_all):  # noqa: F811
    # One worker is at a report without an end; the other has made the company's and is at rest.
    with Run(place, tmp_path, "--rep", "Bo", "--jobs", "2") as run:
        run.until_told("Bo")
        wait_until((run.reports / "company.html").exists, "no report was made")
        alive = run.descendants()
        assert len(alive) >= 3
        (os.killpg if is_to_all else os.kill)(run.process.pid, number)
        _, errors = run.process.communicate(timeout=60)
    assert run.process.returncode == 128 + number
    stopped = "kpikit: stopped. Reports that were done are whole; the index is as it was.\n"
    assert errors == stopped
    wait_until(lambda: not any(map(is_alive, alive)), "a process is still there", 20)
    assert sorted(os.listdir(run.reports)) == ["assets", "company.html", "company.ipynb"]


def test_a_signal_that_comes_again_changes_nothing(place, tmp_path):  # noqa: F811
    with Run(place, tmp_path, "--rep", "Bo") as run:
        run.until_told("Bo")
        alive = run.descendants()
        while run.process.poll() is None:
            os.killpg(run.process.pid, signal.SIGINT)
            time.sleep(0.02)
        _, errors = run.process.communicate(timeout=60)
    assert run.process.returncode == 130
    assert errors.startswith("kpikit: stopped.")
    assert "Traceback" not in errors
    wait_until(lambda: not any(map(is_alive, alive)), "a process is still there", 20)


def test_a_runner_that_is_killed_takes_its_workers_and_kernels_along(place, tmp_path):  # noqa: F811
    with Run(place, tmp_path, "--rep", "Bo", "--rep", "ann", "--no-company", "--jobs", "2") as run:
        processes = run.until_told("Bo", "ann")
        assert len(set(processes)) == 4
        run.process.kill()
        run.process.wait()
        wait_until(lambda: not any(map(is_alive, processes)), "a worker or a kernel is still there", 60)
        assert "Traceback" not in run.process.communicate()[1]
    assert not os.listdir(run.reports)


def test_a_killed_worker_takes_only_its_own_report_along(place, tmp_path):  # noqa: F811
    # Bo's report leaves half a file and kills its worker while Ann's is under way beside it.
    beside = f"pathlib.Path({str(tmp_path)!r}, 'reports', f'.unfinished-{{os.getppid()}}-1').touch()"
    kill = f"if rep == 'Bo':\n    {beside}\n    os.kill(os.getppid(), {int(signal.SIGKILL)})"
    until = "while rep == 'Ann' and not (place.parent / 'Bo').exists(): time.sleep(0.05)\ntime.sleep(1)"
    words = ["--rep", "Ann", "--rep", "Bo", "--rep", "ann", "--jobs", "2"]
    with Run(place, tmp_path, *words, cells=(TELL, kill, until)) as run:
        text, errors = run.process.communicate(timeout=240)
        kernel = int((run.told / "Bo").read_text().split()[1])
        wait_until(lambda: not is_alive(kernel), "the kernel of the killed worker is still there", 60)
    assert run.process.returncode == 1, errors
    assert errors == ""
    assert "3 reports made" in text
    assert "1 failed:\n  ✕ Bo: its process was killed (SIGKILL; out of memory?)\n" in text
    assert sum(name.endswith(".html") for name in os.listdir(run.reports)) == 4
    assert "index.html" in os.listdir(run.reports)
    assert not [name for name in os.listdir(run.reports) if name.startswith((".", "rep-bo"))]


@pytest.mark.parametrize(
    ("module", "where"),
    [
        ("pandas", ""),
        ("numpy", ""),
        ("typer", ""),
        ("kpikit.reports.jobs", ""),
        ("rich.progress", ""),
        ("pandas", "worker"),
        ("papermill", "worker"),
    ],
)
def test_ctrl_c_is_quiet_whatever_is_just_being_imported(place, tmp_path, module, where):  # noqa: F811
    (tmp_path / "sitecustomize.py").write_text(AT_IMPORT, encoding="utf-8")
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), "STOP_AT": module, "STOP_IN": where}
    words = ["report", str(place / "small.ipynb"), "--output", str(tmp_path / "reports")]
    done = subprocess.run(
        [sys.executable, "-m", "kpikit", *words],
        env=environment, capture_output=True, text=True, timeout=120, start_new_session=True, check=False,
    )  # fmt: skip
    assert done.returncode == 130
    assert done.stderr.startswith("kpikit: stopped.")
    assert len(done.stderr.splitlines()) == 1
