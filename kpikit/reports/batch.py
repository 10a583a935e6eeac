"""Many reports at once, on a pool of processes or on any executor; one that fails stops no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from pathlib import Path

from kpikit.errors import ParameterError
from kpikit.reports.files import output_folder
from kpikit.reports.jobs import Job
from kpikit.reports.running import Failure, Outcome, run_job

__all__ = ["check_workers", "cpu_count", "run_batch"]

_TICK_SECONDS = 0.5
_STOPPING = False


def cpu_count() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def check_workers(workers: int | None) -> int:
    """Give how many reports to make at once; by default as many as there are processors."""
    # Kernels take free ports and hundreds of MB each: many at once fail, and are no faster.
    most = 4 * cpu_count()
    if workers is not None and not 1 <= workers <= most:
        raise ParameterError("--jobs", f"{workers} reports at once", f"Allowed: 1 to {most} on this machine")
    return cpu_count() if workers is None else workers


def run_batch(
    jobs: Iterable[Job],
    output: str | Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    follow: Callable[[Sequence[Outcome], int], None] | None = None,
) -> list[Outcome]:
    """Make the reports of some jobs in a folder.

    A script that calls this needs the usual `if __name__ == "__main__":`, because the processes of kpikit's
    own pool are started afresh.

    Parameters
    ----------
    jobs
        What `plan_batch` gives.
    output
        The folder; it is made if need be.
    workers
        How many reports are made at once; the number of processors by default.
    executor
        Where to run them instead, such as a Dask cluster's; it is not shut down.
    follow
        Called as reports end, and now and then in between, with the outcomes so far and how many reports are
        being made.

    Returns
    -------
    list of Outcome
        In the order of the jobs, whichever ended first.

    Raises
    ------
    KeyboardInterrupt
        After Ctrl-C, when the reports under way have ended and no kernel is left.
    """
    jobs, workers = list(jobs), check_workers(workers)
    folder = output_folder(output)
    if executor is not None:
        futures = [executor.submit(run_job, job, str(folder)) for job in jobs]
        try:
            return _gather(jobs, futures, workers, follow)
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    workers = max(1, min(workers, len(jobs)))
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_begin_worker)
    try:
        futures = [pool.submit(_run_unless_stopping, job, str(folder)) for job in jobs]
        return _gather(jobs, futures, workers, follow)
    except BaseException:
        # A worker ends its kernel when it is told to end; the pool itself would wait for the reports.
        for process in list((getattr(pool, "_processes", None) or {}).values()):
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _gather(
    jobs: Sequence[Job],
    futures: Sequence[Future],
    workers: int,
    follow: Callable[[Sequence[Outcome], int], None] | None,
) -> list[Outcome]:
    outcomes: dict[int, Outcome] = {}
    place = {future: number for number, future in enumerate(futures)}
    waiting = set(futures)
    told: list[Outcome] = []
    while waiting:
        if follow is not None:
            follow(told, min(workers, len(waiting)))
        done, waiting = wait(waiting, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=place.__getitem__):
            number = place[future]
            outcomes[number] = _outcome(jobs[number], future)
            told.append(outcomes[number])
    if follow is not None:
        follow(told, 0)
    return [outcomes[number] for number in range(len(jobs))]


def _outcome(job: Job, future: Future) -> Outcome:
    try:
        return future.result()
    except BrokenExecutor:
        return Outcome(job, None, Failure("a process that makes reports died (out of memory?)"), 0.0)
    except Exception as fault:  # an executor's own faults, such as a job that cannot be sent
        return Outcome(job, None, Failure(f"{type(fault).__name__}: {fault}"), 0.0)


def _begin_worker() -> None:
    # Ctrl-C reaches all processes of a terminal; the first process alone decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _stop)


def _stop(*_: object) -> None:
    global _STOPPING
    _STOPPING = True
    raise KeyboardInterrupt


def _run_unless_stopping(job: Job, folder: str) -> Outcome:
    if _STOPPING:
        return Outcome(job, None, Failure("stopped"), 0.0)
    try:
        return run_job(job, folder)
    except KeyboardInterrupt:
        return Outcome(job, None, Failure("stopped"), 0.0)
