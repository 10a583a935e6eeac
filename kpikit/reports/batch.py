"""Many reports at once, on processes of kpikit's own or on any executor; one that fails stops no other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from pathlib import Path

from kpikit.errors import ParameterError
from kpikit.reports.files import check_folders
from kpikit.reports.job import Job
from kpikit.reports.running import Failure, Outcome, run_job
from kpikit.reports.signals import held
from kpikit.reports.workers import make_all

__all__ = ["check_workers", "cpu_count", "names_of", "run_batch"]

_TICK_SECONDS = 0.5


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


def names_of(jobs: Iterable[Job], shared: Iterable[str] = ()) -> dict[str, list[str]]:
    """Give the names of the files in each folder of some jobs; those that are shared stand in all.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.reports.batch import names_of
    >>> from kpikit.reports.job import Job
    >>> names_of([Job("rep", "Ayu", "a", Path("n.ipynb"), {}, "Ayu", "N", folder="ayu")], ["index.html"])
    {'ayu': ['index.html', 'a.ipynb', 'a.html']}
    """
    names: dict[str, list[str]] = {}
    for job in jobs:
        names.setdefault(job.folder, [*shared]).extend(job.files)
    return names


def run_batch(
    jobs: Iterable[Job],
    output: str | Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    follow: Callable[[Sequence[Outcome], int], None] | None = None,
) -> list[Outcome]:
    """Make the reports of some jobs in a folder, or each in the folder below it that the job names.

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
        After Ctrl-C, or another signal to end, when no process and no kernel of the batch is left.
    """
    jobs, workers = list(jobs), check_workers(workers)
    folder = check_folders(output, names_of(jobs))
    book = _Book(jobs, follow)
    if executor is not None:
        futures = [executor.submit(run_job, job, str(folder)) for job in jobs]
        try:
            _gather(jobs, futures, workers, book)
        except BaseException:
            for future in futures:
                future.cancel()
            raise
        return book.all()
    with held() as signals:
        make_all(jobs, folder, workers, tell=book.tell, follow=book.follow, is_stopped=lambda: bool(signals))
        book.follow(0)
    return book.all()


class _Book:
    """What became of the jobs so far, and who is told of it."""

    def __init__(
        self, jobs: Sequence[Job], listener: Callable[[Sequence[Outcome], int], None] | None
    ) -> None:
        self.jobs, self.listener = jobs, listener
        self.outcomes: dict[int, Outcome] = {}

    def tell(self, place: int, outcome: Outcome) -> None:
        self.outcomes[place] = outcome

    def follow(self, running: int) -> None:
        if self.listener is not None:
            self.listener(list(self.outcomes.values()), running)

    def all(self) -> list[Outcome]:
        return [self.outcomes[place] for place in range(len(self.jobs))]


def _gather(jobs: Sequence[Job], futures: Sequence[Future], workers: int, book: _Book) -> None:
    place = {future: number for number, future in enumerate(futures)}
    waiting = set(futures)
    while waiting:
        book.follow(min(workers, len(waiting)))
        done, waiting = wait(waiting, timeout=_TICK_SECONDS, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=place.__getitem__):
            book.tell(place[future], _outcome(jobs[place[future]], future))
    book.follow(0)


def _outcome(job: Job, future: Future) -> Outcome:
    try:
        return future.result()
    except BrokenExecutor:
        return Outcome(job, None, Failure("a process that makes reports died (out of memory?)"), 0.0)
    except Exception as fault:  # an executor's own faults, such as a job that cannot be sent
        return Outcome(job, None, Failure(f"{type(fault).__name__}: {fault}"), 0.0)
