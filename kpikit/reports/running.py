"""One report: its notebook run by papermill, its page, and both written whole."""

from __future__ import annotations

import logging
import re
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kpikit.errors import KpikitError
from kpikit.reports.files import write_whole
from kpikit.reports.hiding import mask_of
from kpikit.reports.job import Job
from kpikit.reports.masking import Mask
from kpikit.reports.provenance import closing_lines
from kpikit.reports.reading import ended_before_results, read_results, tags_of
from kpikit.reports.results import Results

__all__ = ["Failure", "Outcome", "run_job"]

_MOST_LETTERS = 300
# What a kernel says that lost a port to another: it dies, or is waited for where somebody else listens.
_LOST_PORT = ("Address already in use", "Kernel didn't respond")
_MOST_STARTS = 3
# What a cell has shown may come long after it has ended, where much is shown or the machine is busy. Usually
# 4 seconds are waited for it, and then the report is lost.
_OUTPUT_SECONDS = 300


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


def run_job(job: Job, folder: str | Path, *, said: Callable[[], str] | None = None) -> Outcome:
    """Make one report in a folder: `<stem>.ipynb` and `<stem>.html`; earlier ones go when both are whole.

    Nothing that goes wrong in the notebook is raised: it is in the outcome.

    Parameters
    ----------
    job, folder
        The report, and where it goes: there, or into the folder below it that the job names.
    said
        Gives what a kernel has written past its notebook, which may tell why it died.
    """
    started = time.monotonic()
    for _ in range(_MOST_STARTS):
        results, failure = _try(job, Path(folder), said)
        # A kernel's ports are chosen before it takes them; another process may have been quicker.
        if failure is None or failure.cell or not any(words in failure.error for words in _LOST_PORT):
            break
    return Outcome(job, results, failure, time.monotonic() - started)


def _try(job: Job, folder: Path, said: Callable[[], str] | None) -> tuple[Results | None, Failure | None]:
    running = _Running(bool(job.parameters), mask_of(job))
    results, failure = None, None
    try:
        # From here on nothing holds a secret: not the notebook, its results, its page, or what is told.
        notebook = running.mask.notebook(_execute(job, running))
        if (end := ended_before_results(notebook)) is None:
            results = read_results(notebook, job.keys)
            _write(job, notebook, folder, results)
        else:
            running.at(notebook["cells"][end[0]], end[0])
            failure = running.failure(end[1])
    except Exception as fault:
        results, failure = None, _failure(fault, running, said)
    return results, failure


@dataclass
class _Running:
    """Which cell a notebook is at."""

    has_added_cell: bool
    mask: Mask
    cell: int = 0
    source: str = ""

    def at(self, cell: Any, cell_index: int) -> None:
        # papermill adds a cell with what was passed; its author counts without it.
        is_added = "injected-parameters" in tags_of(cell)
        self.cell = 0 if is_added else cell_index + 1 - self.has_added_cell
        lines = [line.strip() for line in cell["source"].splitlines() if line.strip()]
        self.source = _short(self.mask.text(lines[0], is_code=True), 60) if lines else ""

    def failure(self, error: str) -> Failure:
        return Failure(self.told(error), self.cell, self.source if self.cell else "")

    def told(self, error: str) -> str:
        return _short(self.mask.text(error))


def _execute(job: Job, running: _Running) -> Any:
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
            iopub_timeout=_OUTPUT_SECONDS,
            # A kernel has nothing left to do after its last cell.
            shutdown_kernel="immediate",
            # Warnings of the kernel's own are no part of a report's progress.
            # What is passed to a report is not kept in the user's history of IPython.
            extra_arguments=["--IPKernelApp.log_level=ERROR", "--HistoryManager.hist_file=:memory:"],
            on_cell_execute=running.at,
        )
    done.metadata.papermill.update(input_path=job.notebook.name, output_path=f"{job.stem}.ipynb")
    return nbformat.from_dict(done)


def _write(job: Job, notebook: Any, folder: Path, results: Results) -> None:
    import nbformat

    from kpikit.reports.export import page
    from kpikit.reports.style import write_assets

    # Both are made before either is written.
    html = page(
        notebook,
        heading=job.heading,
        title=job.title,
        facts=job.facts,
        notes=(*job.notes, *closing_lines(results)),
        language=job.language,
        is_self_contained=job.is_self_contained,
    )
    text = nbformat.writes(notebook)
    if not job.is_self_contained:
        write_assets(folder / job.folder)
    for name, content in zip(job.files, (text + "\n", html), strict=True):
        write_whole(folder / job.folder / name, content)


def _failure(fault: Exception, running: _Running, said: Callable[[], str] | None) -> Failure:
    name = type(fault).__name__
    if name == "PapermillExecutionError":
        running.at({"source": fault.source}, fault.cell_index)
        return running.failure(f"{fault.ename}: {fault.evalue}" if fault.evalue else fault.ename)
    if name == "DeadKernelError" or (name == "RuntimeError" and "Kernel died" in str(fault)):
        words = _last_words(running.mask.text(said()) if said is not None else "")
        return running.failure(f"the kernel died ({words or 'out of memory, or ended by a cell'})")
    if isinstance(fault, OSError):
        return Failure(running.told(f"the report cannot be made: {fault.strerror or fault}"))
    if isinstance(fault, KpikitError):
        return Failure(running.told(str(fault).removesuffix(".")))
    return Failure(running.told(f"{name}: {fault}"))


def _last_words(text: str) -> str:
    """Find what a dying process said of it: a fatal error, else the last line that names an error."""
    lines = [line.strip() for line in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).splitlines()]
    told = [line for line in lines if re.match(r"Fatal |[\w.]*(Error|Exception)\b", line)]
    fatal = [line for line in told if line.startswith("Fatal ")]
    return _short((fatal or told or [""])[-1], 120)


def _short(text: str, most: int = _MOST_LETTERS) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"
