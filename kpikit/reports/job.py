"""One report to be made, and reports that are made together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from kpikit.periods import Period
from kpikit.reports.provenance import Provenance

__all__ = ["Batch", "Job", "single_files"]


@dataclass(frozen=True)
class Job:
    """One report to be made.

    Parameters
    ----------
    kind, label
        `company` and nothing, or a dimension such as `rep` and the member's label.
    stem
        The name of its files, without an ending.
    notebook
        The notebook's path.
    parameters
        What is passed to the notebook.
    heading, title, facts
        What the page says above the notebook: for whom, which report, and period and data.
    notes
        Where the figures come from and what the data check found, for the footer.
    folder
        The folder of its recipient below that of the batch; none where all reports lie in one.
    report
        Its name in a schedule.
    is_self_contained
        Whether the page holds all that it needs, to be mailed alone.
    """

    kind: str
    label: str
    stem: str
    notebook: Path
    parameters: Mapping[str, Any]
    heading: str
    title: str
    facts: tuple[str, ...] = ()
    language: str = "en"
    notes: tuple[str, ...] = ()
    folder: str = ""
    report: str = ""
    is_self_contained: bool = False

    @property
    def called(self) -> str:
        """How a person calls it: for whom it is, and its name in a schedule."""
        return f"{self.heading} ({self.report})" if self.report else self.heading

    @property
    def keys(self) -> dict[str, str]:
        """What tells this report's rows apart in the results of a batch."""
        return {"report": self.stem, "report_for": self.kind, "report_name": self.label}

    @property
    def files(self) -> tuple[str, str]:
        """The names of its files: the run notebook, and the page."""
        return f"{self.stem}.ipynb", f"{self.stem}.html"


@dataclass(frozen=True)
class Batch:
    """Reports that are made together, and what their index says.

    Parameters
    ----------
    jobs
        The reports.
    title, company, currency, facts, language, notes
        What the index says, and how.
    notebook, data, period, as_of
        From what they are made, and for when; None where a batch is put together from several.
    inputs
        Every file that they are made from: the notebook, the mapping, the sources, the plan.
    left_out
        For whom there is no report, and why.
    """

    jobs: tuple[Job, ...]
    title: str
    company: str
    currency: str
    facts: tuple[str, ...]
    language: str = "en"
    notes: tuple[str, ...] = ()
    notebook: Path | None = None
    data: Path | None = None
    period: Period | None = None
    as_of: date | None = None
    provenance: Provenance | None = None
    joined: tuple[Batch, ...] = ()
    inputs: tuple[Path, ...] = ()
    is_self_contained: bool = False
    left_out: tuple[str, ...] = ()


def single_files(batch: Batch) -> Batch:
    """Let each page of a batch hold all that it needs, to be mailed alone.

    Examples
    --------
    >>> from kpikit.reports.job import Batch, single_files
    >>> single_files(Batch((), "How it goes", "Acme", "USD", ())).is_self_contained
    True
    """
    jobs = tuple(replace(job, is_self_contained=True) for job in batch.jobs)
    return replace(batch, jobs=jobs, is_self_contained=True)
