"""One report: its notebook run by papermill, its page, and both written whole."""

from __future__ import annotations

import logging
import time
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpikit.reports.files import write_whole
from kpikit.reports.jobs import Job
from kpikit.reports.results import Results

__all__ = ["Failure", "Outcome", "run_job"]

_MOST_LETTERS = 300


@dataclass(frozen=True)
class Failure:
    """Why a report was not made: the failing cell (0: none) with its first line, and the error."""

    error: str
    cell: int = 0
    source: str = ""

    def __str__(self) -> str:
        if not self.cell:
            return self.error
        return (
            f"cell {self.cell} ({self.source}): {self.error}"
            if self.source
            else f"cell {self.cell}: {self.error}"
        )


@dataclass(frozen=True)
class Outcome:
    """What became of a job: its results, or why it failed."""

    job: Job
    results: Results | None
    failure: Failure | None
    seconds: float

    @property
    def is_done(self) -> bool:
        """Whether the report was made."""
        return self.failure is None


def run_job(job: Job, folder: str | Path) -> Outcome:
    """Make one report in a folder: `<stem>.ipynb` and `<stem>.html`; earlier ones go when both are whole.

    Nothing that goes wrong in the notebook is raised: it is in the outcome.
    """
    started = time.monotonic()
    try:
        notebook = _execute(job)
        results = Results.read(notebook)
        _write(job, notebook, Path(folder))
        failure = None
    except Exception as fault:
        results, failure = None, _failure(fault, has_added_cell=bool(job.parameters))
    return Outcome(job, results, failure, time.monotonic() - started)


def _execute(job: Job) -> Any:
    import nbformat
    import papermill

    logging.getLogger("papermill").setLevel(logging.CRITICAL)
    # papermill formats paths with the parameters, so that a brace in a folder's name would be a field.
    path = str(job.notebook).replace("{", "{{").replace("}", "}}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        done = papermill.execute_notebook(
            path,
            None,
            parameters=dict(job.parameters),
            progress_bar=False,
            kernel_name="python3",
            language="python",
            # Not papermill's `cwd`, which moves the whole process.
            resources={"metadata": {"path": str(job.notebook.parent)}},
            # A kernel has nothing left to do after its last cell.
            shutdown_kernel="immediate",
            # Warnings of the kernel's own are no part of a report's progress.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
    done.metadata.papermill.update(input_path=job.notebook.name, output_path=f"{job.stem}.ipynb")
    return nbformat.from_dict(done)


def _write(job: Job, notebook: Any, folder: Path) -> None:
    import nbformat

    from kpikit.reports.export import page

    # Both are made before either is written.
    html = page(notebook, heading=job.heading, title=job.title, facts=job.facts, language=job.language)
    text = nbformat.writes(notebook)
    write_whole(folder / f"{job.stem}.ipynb", text + "\n")
    write_whole(folder / f"{job.stem}.html", html)


def _failure(fault: Exception, *, has_added_cell: bool) -> Failure:
    name = type(fault).__name__
    if name == "PapermillExecutionError":
        lines = [line.strip() for line in fault.source.splitlines() if line.strip()]
        error = f"{fault.ename}: {fault.evalue}" if fault.evalue else fault.ename
        # papermill adds a cell with what was passed; its author counts without it.
        number = fault.cell_index + 1 - has_added_cell
        return Failure(_short(error), number, _short(lines[0], 60) if lines else "")
    if name == "DeadKernelError":
        return Failure("the kernel died (out of memory, or ended by a cell)")
    if isinstance(fault, OSError):
        return Failure(_short(f"the report cannot be written: {fault.strerror or fault}"))
    return Failure(_short(f"{name}: {fault}"))


def _short(text: str, most: int = _MOST_LETTERS) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
