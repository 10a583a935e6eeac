"""What `kpikit report` does once it is known which reports to make: make them, list them, tell of them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from kpikit.reports.batch import check_workers, names_of, run_batch
from kpikit.reports.console import Follower, print_summary
from kpikit.reports.files import check_folders
from kpikit.reports.index import INDEX, RESULTS, WORKBOOK, write_index
from kpikit.reports.job import Batch
from kpikit.reports.outputs import check_outputs
from kpikit.reports.record import RECORD, write_record
from kpikit.reports.running import Outcome
from kpikit.reports.scheduled import by_folder
from kpikit.reports.signals import held
from kpikit.reports.terminal import Terminal

__all__ = ["check_ahead", "make_reports", "write_folder"]

OWN_FILES = (INDEX, RESULTS, WORKBOOK, RECORD)


def make_reports(
    batches: Batch | Sequence[Batch], output: str | Path, *, workers: int | None = None
) -> list[Outcome]:
    """Make the reports of batches, each folder with its index, and tell on the terminal how it goes.

    Parameters
    ----------
    batches
        What `plan_batch` or `plan_schedule` gives.
    output
        The folder for reports, or for the folders of their recipients.
    workers
        How many reports are made at once; the number of processors by default.

    Raises
    ------
    ParameterError
        If there are too many workers, or if a folder or a file in it cannot be written; before any kernel.
    KeyboardInterrupt
        After Ctrl-C, or another signal to end, when nothing of the batches runs any more.
    """
    folders = check_ahead(batches, output, workers=workers)
    jobs = [job for batch in folders.values() for job in batch.jobs]
    root = check_folders(output, names_of(jobs, OWN_FILES))
    console, started, began = Terminal(), time.monotonic(), datetime.now(UTC)
    with held():
        with Follower(console, len(jobs)) as follow:
            outcomes = run_batch(jobs, root, workers=workers, follow=follow)
        made: dict[str, list[Outcome]] = {folder: [] for folder in folders}
        for one in outcomes:
            made[one.job.folder].append(one)
        indexes = [
            write_folder(batch, made[name], root / name, started=began) for name, batch in folders.items()
        ]
        print_summary(console, outcomes, time.monotonic() - started, *indexes)
    return outcomes


def check_ahead(
    batches: Batch | Sequence[Batch], output: str | Path, *, workers: int | None = None
) -> dict[str, Batch]:
    """Check what can be checked before anything is made or written; give the batch of each folder.

    Raises
    ------
    ParameterError
        If there are too many workers, if the output is no folder, or if a file would be replaced that is not
        kpikit's, or that reports are made from.
    """
    check_workers(workers)
    folders = by_folder([batches] if isinstance(batches, Batch) else batches)
    jobs = [job for batch in folders.values() for job in batch.jobs]
    inputs = dict.fromkeys(path for batch in folders.values() for path in batch.inputs)
    check_outputs(output, names_of(jobs, OWN_FILES), inputs)
    return folders


def write_folder(batch: Batch, outcomes: Sequence[Outcome], folder: Path, *, started: datetime) -> Path:
    """Write what stands beside the reports of one folder, of these alone; give the path of the index."""
    index = write_index(batch, outcomes, folder)
    write_record(batch, outcomes, folder, started=started, ended=datetime.now(UTC))
    return index
