"""The form of `run_results.json`, which tells what a batch was made from, and what became of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from kpikit.data.settings import Strict

__all__ = ["VERSION", "RunResults", "schema"]

VERSION = 1
_SHA256 = r"^([0-9a-f]{64})?$"


class WrittenFile(Strict):
    """A file in the folder of the reports."""

    name: str
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=_SHA256)


class NamedFile(Strict):
    """A file that was read; its name is relative, or the name alone."""

    name: str
    sha256: str = Field(pattern=_SHA256)


class Notebook(NamedFile):
    """The notebook that was run."""

    title: str


class Source(Strict):
    """A file of the dataset, or a database."""

    name: str
    kind: Literal["file", "database"]
    tables: list[str]
    bytes: int | None
    sha256: str | None = Field(pattern=_SHA256)
    address: str | None
    rows: dict[str, int] | None


class FoundInData(Strict):
    """Something that the data check found."""

    check: str
    table: str
    rows: int
    severity: Literal["error", "accepted", "warning", "note"]
    message: str


class Data(Strict):
    """The dataset."""

    as_of: date
    company: str
    currency: str
    mapping: NamedFile | None
    rows: dict[str, int]
    sources: list[Source]
    findings: list[FoundInData]


class PeriodOfFigures(Strict):
    """The period that was asked for; without ends, all time."""

    label: str
    start: date | None
    end: date | None


class Input(Strict):
    """What reports were made from: a notebook, its plan, the period and the dataset."""

    notebook: Notebook
    plan: NamedFile | None
    period: PeriodOfFigures | None
    data: Data | None


class Failed(Strict):
    """Why a report was not made: the cell (null: none), its first line, and the error."""

    cell: int | None
    source: str
    error: str


class Report(Strict):
    """One report; `input` is the place of what it was made from among the inputs, from 0."""

    report: str
    report_for: str
    report_name: str
    input: int = Field(ge=0)
    status: Literal["done", "failed"]
    seconds: float = Field(ge=0)
    parameters: dict[str, Any]
    conventions: dict[str, list[str]]
    rows: int
    files: list[WrittenFile]
    failure: Failed | None


class RunResults(Strict):
    """What `run_results.json` holds.

    Examples
    --------
    >>> from kpikit.reports.record_form import RunResults
    >>> list(RunResults.model_fields)[:4]
    ['version', 'started', 'ended', 'seconds']
    """

    version: Literal[1]
    started: datetime
    ended: datetime
    seconds: float = Field(ge=0)
    status: Literal["done", "failed"]
    inputs: list[Input]
    conventions: dict[str, list[str]]
    versions: dict[str, str]
    reports: list[Report]
    files: list[WrittenFile]


def schema() -> dict[str, Any]:
    """Give the JSON Schema of `run_results.json`.

    Examples
    --------
    >>> from kpikit.reports.record_form import schema
    >>> schema()["properties"]["version"]["const"]
    1
    """
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RunResults.model_json_schema()}
