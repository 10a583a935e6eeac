from __future__ import annotations

import signal
import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest

from kpikit.reports import running
from kpikit.reports.batch import run_batch
from kpikit.reports.job import Job
from kpikit.reports.jobs import plan_batch
from kpikit.reports.signals import Stopped, held
from kpikit.reports.workers import _end

JOBS = """
from pathlib import Path
from kpikit.reports.batch import run_batch
from kpikit.reports.job import Job
jobs = [Job("rep", name, f"rep-{name}", Path("n.ipynb"), {}, name, "How it goes") for name in "abcde"]
"""


def test_processes_that_cannot_be_started_fail_the_reports_and_end(tmp_path):
    # Without `if __name__ == "__main__":` each process would run the script, and start more.
    script = tmp_path / "script.py"
    told = "for one in run_batch(jobs, 'reports', workers=2): print(one.job.label, one.failure)"
    script.write_text(f"{JOBS}\n{told}\n")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, timeout=240, check=False
    )
    failure = "no process could be started for it: its process ended (exit code 1)"
    assert done.returncode == 0
    assert done.stdout.splitlines() == [f"{name} {failure}" for name in "abcde"]


def test_a_job_that_cannot_be_sent_fails_alone(tmp_path):
    jobs = [
        Job("rep", "A", "rep-a", tmp_path / "none.ipynb", value, "A", "T")
        for value in ({"a": print}, {"a": lambda: 1})
    ]
    first, second = run_batch(jobs, tmp_path / "reports", workers=1)
    assert "the report cannot be made: No such file" in str(first.failure)
    assert str(second.failure).startswith("it cannot be sent to a process (")


def test_what_a_killed_process_left_is_swept_from_the_folders_of_all_recipients(tmp_path):
    places = [tmp_path / name for name in ("ann", "bo")]
    for place in places:
        place.mkdir()
        for name in (".unfinished-12-a", "a.html"):
            (place / name).touch()
    process = SimpleNamespace(pid=12, terminate=int, join=lambda _=None: None, is_alive=lambda: False)
    worker = SimpleNamespace(process=process, is_ready=True, pipe=SimpleNamespace(close=int))
    _end([worker], places)
    assert [[one.name for one in place.iterdir()] for place in places] == [["a.html"], ["a.html"]]


def test_no_jobs_need_no_process(tmp_path):
    assert run_batch([], tmp_path / "reports") == []


def test_a_signal_is_held_back_to_the_end_of_the_outermost_block():
    before = signal.getsignal(signal.SIGTERM)
    steps = []
    with pytest.raises(Stopped) as stop, held() as outer:
        steps.append("in")
        with pytest.raises(Stopped), held() as inner:
            signal.raise_signal(signal.SIGTERM)
            steps.append(list(inner))
        signal.raise_signal(signal.SIGINT)
        steps.append(list(outer))
    assert steps == ["in", [signal.SIGTERM], [signal.SIGINT]]
    assert stop.value.number == signal.SIGINT
    assert isinstance(stop.value, KeyboardInterrupt)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_is_ignored_stays_ignored():
    before = signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        with held() as came:
            signal.raise_signal(signal.SIGTERM)
        assert came == []
    finally:
        signal.signal(signal.SIGTERM, before)


def test_beside_the_main_thread_nothing_is_held():
    seen = []

    def look():
        with held():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]


@pytest.mark.parametrize(
    "fault", ["Kernel died before replying to kernel_info", "Kernel didn't respond in 60 seconds"]
)
@pytest.mark.parametrize(("taken", "tries"), [(0, 1), (2, 3), (9, 3)])
def test_a_kernel_whose_ports_were_taken_is_started_again(place, tmp_path, monkeypatch, taken, tries, fault):
    # Who is quicker cannot be arranged with real kernels: the first ones die as a real one does.
    real, seen = running._execute, []

    def execute(job, now):
        seen.append(job)
        if len(seen) <= taken:
            raise RuntimeError(fault)
        return real(job, now)

    monkeypatch.setattr(running, "_execute", execute)
    words = "zmq.error.ZMQError: Address already in use (addr='tcp://127.0.0.1:49577')"
    job = plan_batch(place / "small.ipynb", for_each=()).jobs[0]
    outcome = running.run_job(job, tmp_path, said=lambda: words)
    assert len(seen) == tries
    assert outcome.is_done == (taken < 3)


def test_a_kernel_that_cannot_start_is_not_tried_again(place, tmp_path, monkeypatch):
    seen = []

    def execute(job, now):
        seen.append(job)
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(running, "_execute", execute)
    job = plan_batch(place / "small.ipynb", for_each=()).jobs[0]
    outcome = running.run_job(job, tmp_path, said=lambda: "ModuleNotFoundError: No module named 'x'")
    assert len(seen) == 1 and "No module named 'x'" in str(outcome.failure)
