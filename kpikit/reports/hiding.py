"""Which secrets a report may meet, so that they are hidden in all that is written of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from kpikit.errors import KpikitError
from kpikit.reports.job import Job
from kpikit.reports.masking import Mask, secrets_of
from kpikit.reports.notebooks import read_notebook

__all__ = ["mask_of"]


def mask_of(job: Job, environment: Mapping[str, str] | None = None) -> Mask:
    """Make what hides the secrets that a report may meet.

    They are the parameters that it is given and those that its notebook has by default, and what the
    environment holds: values that are named like a secret, and passwords of addresses.

    Examples
    --------
    >>> from pathlib import Path
    >>> from kpikit.reports.hiding import mask_of
    >>> from kpikit.reports.job import Job
    >>> job = Job("company", "", "company", Path("n.ipynb"), {"api_token": "hush-hush"}, "Acme", "N")
    >>> mask_of(job, {"SALES_DB": "postgresql://ann:pa55word@host/db"}).text("hush-hush, pa55word")
    '***, ***'
    """
    try:
        defaults = read_notebook(job.notebook).parameters
    except KpikitError:  # told when it is run
        defaults = {}
    return Mask(secrets_of(defaults, job.parameters, os.environ if environment is None else environment))
