"""Processes of kpikit's own that make reports: one that dies takes its own report with it, and no other."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from multiprocessing.connection import Connection, wait
from pathlib import Path

from kpikit.reports.files import sweep
from kpikit.reports.job import Job
from kpikit.reports.running import Failure, Outcome, run_job
from kpikit.reports.signals import ENDING, blocked

__all__ = ["make_all"]

_TICK_SECONDS = 0.5
# A worker that is told to end ends its kernel first; one that does not come to it is killed.
_GRACE_SECONDS = 10.0
_MOST_BAD_STARTS = 3
_MOST_SAID = 4096


class Worker:
    """A process that makes reports, one after the other; what it says comes through `pipe`."""

    def __init__(self, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, str(folder)), daemon=True)
        with blocked():
            self.process.start()
        # From here on the pipe ends where the process ends.
        theirs.close()
        self.is_ready = False
        self.place: int | None = None
        self._since = 0.0

    @property
    def is_free(self) -> bool:
        return self.is_ready and self.place is None

    def give(self, place: int, job: Job) -> Failure | None:
        """Let it make a report; give why the job cannot be sent. One that has just died stays free."""
        try:
            self.pipe.send(job)
        except OSError:
            return None
        except Exception as fault:  # what pickle has against a job is of any kind
            return Failure(f"it cannot be sent to a process ({type(fault).__name__}: {fault})")
        self.place, self._since = place, time.monotonic()
        return None

    def death(self) -> tuple[Failure, float]:
        """Why the process is no more, and how long it had been at its report."""
        self.process.join(_GRACE_SECONDS)
        code, spent = self.process.exitcode, time.monotonic() - self._since
        if code is None or code >= 0:
            return Failure(f"its process ended (exit code {code})"), spent
        with contextlib.suppress(ValueError):
            code = signal.Signals(-code).name
        why = "; out of memory?" if code == "SIGKILL" else ""
        return Failure(f"its process was killed ({code}{why})"), spent


def make_all(
    jobs: Sequence[Job],
    folder: Path,
    size: int,
    *,
    tell: Callable[[int, Outcome], None],
    follow: Callable[[int], None],
    is_stopped: Callable[[], bool],
) -> None:
    """Make reports on some workers until each is told or it is to stop; then no worker is left.

    Parameters
    ----------
    jobs, folder, size
        What to make, where, and on how many workers.
    tell
        Called with the place of a job and its outcome when its report has ended.
    follow
        Called as reports end, and now and then in between, with how many are being made.
    is_stopped
        Asked as often whether to stop.
    """
    todo, crew = deque(range(len(jobs))), list[Worker]()
    bad_starts, is_whole = 0, False
    places = {folder / job.folder for job in jobs}

    def fail(place: int, failure: Failure, spent: float = 0.0) -> None:
        tell(place, Outcome(jobs[place], None, failure, spent))

    try:
        while not is_stopped():
            busy = sum(one.place is not None for one in crew)
            if not todo and not busy:
                is_whole = True
                return
            while len(crew) < min(size, len(todo) + busy):
                crew.append(Worker(folder))
            for one in crew:
                if todo and one.is_free:
                    if (failure := one.give(todo[0], jobs[todo[0]])) is not None:
                        fail(todo.popleft(), failure)
                    elif not one.is_free:
                        todo.popleft()
            follow(sum(one.place is not None for one in crew))
            heard = wait([one.pipe for one in crew], _TICK_SECONDS)
            for one in [one for one in crew if one.pipe in heard]:
                try:
                    said = one.pipe.recv()
                except (EOFError, OSError):
                    crew.remove(one)
                    failure, spent = one.death()
                    _end([one], places)
                    if one.place is not None:
                        fail(one.place, failure, spent)
                    elif not one.is_ready:
                        bad_starts += 1
                    if bad_starts == _MOST_BAD_STARTS:
                        while todo:
                            fail(todo.popleft(), Failure(f"no process could be started for it: {failure}"))
                else:
                    if one.place is not None:
                        tell(one.place, said)
                    one.is_ready, one.place, bad_starts = True, None, 0
    finally:
        _end(crew, places, is_whole=is_whole)


def _end(crew: Sequence[Worker], places: Iterable[Path], *, is_whole: bool = False) -> None:
    for one in crew:
        if is_whole:
            one.pipe.close()
        elif one.is_ready:
            one.process.terminate()
        else:
            # It has no kernel yet, and would hear of an end only when all is imported.
            one.process.kill()
    until = time.monotonic() + _GRACE_SECONDS
    for one in crew:
        one.process.join(max(0.0, until - time.monotonic()))
        if one.process.is_alive():
            # Its kernel sees that it is gone, and ends too.
            one.process.kill()
            one.process.join()
        one.pipe.close()
        for place in places:
            sweep(place, one.process.pid or 0)


# --- What runs in a worker

_IS_BUSY = False


def _serve(pipe: Connection, folder: str) -> None:
    """Make the reports that come through a pipe, until it is closed or the process is told to end."""
    for number in ENDING:
        # Ctrl-C reaches all processes of a terminal; the first process alone decides what it means.
        # SIGTERM is never ignored: one that waits already would be lost.
        signal.signal(number, _stop if number == signal.SIGTERM else signal.SIG_IGN)
    said = _caught()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    with contextlib.suppress(EOFError, OSError):
        pipe.send("ready")
        while True:
            pipe.send(_made(pipe.recv(), folder, said))


def _made(job: Job, folder: str, said: Callable[[], str]) -> Outcome:
    global _IS_BUSY
    started = time.monotonic()
    try:
        _IS_BUSY = True
        said()
        outcome = run_job(job, folder, said=said)
        _IS_BUSY = False
    except KeyboardInterrupt:
        # Told to end, and the kernel is ended: nobody waits for an outcome.
        os._exit(128 + signal.SIGTERM)
    except BaseException as fault:  # a panic of a library that is not written in Python
        _IS_BUSY = False
        outcome = Outcome(job, None, Failure(f"{type(fault).__name__}: {fault}"), time.monotonic() - started)
    return outcome


def _stop(*_: object) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if not _IS_BUSY:
        os._exit(128 + signal.SIGTERM)
    raise KeyboardInterrupt


def _end_with_parent() -> None:
    """End this process, and so its kernel, when the one that started it is gone."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    wait([parent.sentinel])
    if sys.platform != "win32":
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_GRACE_SECONDS)
    os._exit(1)


def _caught() -> Callable[[], str]:
    """Keep what this process and its kernels write out of the terminal; give what reads and clears it."""
    file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - as long as the process
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    for number in (1, 2):
        os.dup2(file.fileno(), number)

    def read() -> str:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _MOST_SAID))
        text = file.read().decode("utf-8", "replace")
        file.truncate(file.seek(0))
        return text

    return read
