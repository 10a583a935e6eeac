"""What `kpikit report` does once it is known which reports to make: make them, list them, tell of them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

from kpikit.reports.batch import check_workers, run_batch
from kpikit.reports.console import Follower, print_summary
from kpikit.reports.files import output_folder
from kpikit.reports.index import INDEX, RESULTS, WORKBOOK, write_index
from kpikit.reports.jobs import Batch
from kpikit.reports.record import RECORD, write_record
from kpikit.reports.running import Outcome
from kpikit.reports.signals import held
from kpikit.reports.terminal import Terminal

__all__ = ["make_reports"]


def make_reports(batch: Batch, output: str | Path, *, workers: int | None = None) -> list[Outcome]:
    """Make the reports of a batch with their index in a folder, and tell on the terminal how it goes.

    Raises
    ------
    ParameterError
        If there are too many workers, or if the folder or a file in it cannot be written; before any kernel.
    KeyboardInterrupt
        After Ctrl-C, or another signal to end, when nothing of the batch runs any more.
    """
    check_workers(workers)
    own = (INDEX, RESULTS, WORKBOOK, RECORD)
    folder = output_folder(output, [*own, *(name for job in batch.jobs for name in job.files)])
    console, started, began = Terminal(), time.monotonic(), datetime.now(UTC)
    with held():
        with Follower(console, len(batch.jobs)) as follow:
            outcomes = run_batch(batch.jobs, folder, workers=workers, follow=follow)
        index = write_index(batch, outcomes, folder)
        write_record(batch, outcomes, folder, started=began, ended=datetime.now(UTC))
        print_summary(console, outcomes, time.monotonic() - started, index)
    return outcomes
