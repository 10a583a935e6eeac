"""Where the figures of a batch come from, so that they can be defended a year later."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from kpikit.data.dataset import Dataset
from kpikit.data.engines import count_rows
from kpikit.data.findings import Finding
from kpikit.data.prepared import digests_of, key_of
from kpikit.data.prepared.key import LOGS
from kpikit.data.reading.parts import places_of
from kpikit.data.tables import open_mapping
from kpikit.language import day
from kpikit.periods import Period
from kpikit.reports.findings import footnotes
from kpikit.reports.results import Results

__all__ = [
    "Provenance",
    "SourceFact",
    "closing_lines",
    "conventions_of",
    "files_of",
    "provenance_of",
    "source_lines",
]

# What figures and pages depend on.
_PACKAGES = ("kpikit", "pandas", "numpy", "pyarrow", "duckdb", "altair", "papermill", "nbclient", "ipykernel")
_TOLD = ("kpikit", "pandas", "altair", "papermill")
_DIGITS = 12
_MOST_LISTED = 20


@dataclass(frozen=True)
class SourceFact:
    """One source of a dataset: a file with its size and SHA-256, or a database with its rows.

    Parameters
    ----------
    name
        The file as the mapping names it, relative to the dataset's folder; else the environment variable
        with the address of the database.
    tables
        Which tables take rows or columns from it.
    bytes, sha256
        Of a file.
    address
        Of a database: host, port and name, without a login.
    rows
        Of a database: the rows of the tables that come from it, as they were checked.
    """

    name: str
    tables: tuple[str, ...]
    bytes: int | None = None
    sha256: str = ""
    address: str = ""
    rows: Mapping[str, int] | None = None


@dataclass(frozen=True)
class Provenance:
    """What a batch was made from.

    Parameters
    ----------
    as_of, period
        The day and the period of the figures.
    sources, findings, rows
        Where the tables come from, what the data check found, and the checked rows of each table.
    mapping, plan
        The name and the SHA-256 of the dataset's mapping and of the plan, where there is one.
    known_until
        The day up to which the data tell: `as_of`, or that of the newest fact where it is earlier.
    """

    as_of: date
    period: Period
    sources: tuple[SourceFact, ...]
    findings: tuple[Finding, ...]
    rows: Mapping[str, int]
    mapping: tuple[str, str] | None = None
    plan: tuple[str, str] | None = None
    known_until: date | None = None

    def lines(self, language: str = "en") -> tuple[str, ...]:
        """Write what the footer of a page says of the data: as-of date, sources, findings."""
        told = f"Data as of {day(self.as_of, language)}"
        if self.known_until and self.known_until < self.as_of:
            told += f"; the newest fact is of {day(self.known_until, language)}"
        return (told, *source_lines(self.sources), *footnotes(self.findings))


def provenance_of(
    dataset: Dataset, source: str | Path, as_of: date, period: Period, *, plan: Path | None = None
) -> Provenance:
    """Find out what the figures of a dataset come from.

    Parameters
    ----------
    dataset, source
        The dataset, and what it was loaded from.
    as_of, period
        The day and the period of the figures.
    plan
        The file of the plan, if there is one.

    Raises
    ------
    DataError
        If the mapping cannot be read any more.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.periods import parse_period
    >>> from kpikit.reports.provenance import provenance_of
    >>> sales = kp.load("data/samples")
    >>> period = parse_period("2026-Q3", sales.as_of)
    >>> [one.name for one in provenance_of(sales, "data/samples", sales.as_of, period).sources][:2]
    ['orders.csv', 'products.csv']
    """
    rows = {name: count_rows(table) for name, table in dataset.tables.items()}
    facts = _sources(source, rows), dataset.warnings, rows, _written(_mapping_of(source)), _written(plan)
    return Provenance(as_of, period, *facts, dataset.known_until(as_of))


def files_of(source: str | Path) -> list[Path]:
    """Give the files that a dataset is made of: its mapping, if there is one, and its sources."""
    mapping, folder = open_mapping(source)
    sources = [folder / place.name for _, place in _places(mapping, folder) if place.file]
    return [*filter(None, [_mapping_of(source)]), *dict.fromkeys(sources)]


def _mapping_of(source: str | Path) -> Path | None:
    named = Path(source) / "dataset.yaml" if Path(source).is_dir() else Path(source)
    return named if named.is_file() else None


def _places(mapping: Any, folder: Path) -> Iterator[tuple[str, Any]]:
    """Give each table with each place that it takes rows or columns from."""
    for table, entries in mapping.tables.items():
        for located in [one for entry in entries for one in (entry, *entry.joins)]:
            for place in places_of(folder, located):
                yield table, place


def _written(file: Path | None) -> tuple[str, str] | None:
    return (file.name, hashlib.sha256(file.read_bytes()).hexdigest()) if file is not None else None


def _sources(path: str | Path, rows: Mapping[str, int]) -> tuple[SourceFact, ...]:
    mapping, folder = open_mapping(path)
    feeds: dict[str, dict[str, None]] = {}
    servers: dict[str, dict[str, None]] = {}
    for table, place in _places(mapping, folder):
        (feeds if place.file else servers).setdefault(place.name, {})[table] = None
    feeds |= _logs(folder, feeds)
    digests, sizes = _digests(mapping, folder, feeds)
    files = [
        SourceFact(Path(name).as_posix(), tuple(tables), sizes.get(name), digests.get(name, ""))
        for name, tables in feeds.items()
    ]
    databases = [
        SourceFact(
            name,
            tuple(tables),
            address=_address(name),
            rows={one: rows[one] for one in tables if one in rows},
        )
        for name, tables in servers.items()
    ]
    return tuple(files + databases)


def _digests(mapping: Any, folder: Path, names: Iterable[str]) -> tuple[dict[str, str], dict[str, int]]:
    names = list(names)
    key = key_of(mapping, folder, [folder / name for name in names]) if names else None
    if key is None:
        return {}, {}
    try:
        found = digests_of(key)
    except OSError:  # gone since it was loaded
        return {}, {}
    sizes = {path: size for path, size, _ in key.sources}
    real = {name: str((folder / name).resolve()) for name in names}
    return (
        {name: found[path] for name, path in real.items() if path in found},
        {name: sizes[path] for name, path in real.items() if path in sizes},
    )


def _logs(folder: Path, feeds: Mapping[str, Mapping[str, None]]) -> dict[str, Mapping[str, None]]:
    """Name the logs that databases keep beside their files: what is new stands there alone."""
    return {f"{name}{end}": tables for name, tables in feeds.items() for end in LOGS
            if (folder / f"{name}{end}").is_file()}  # fmt: skip


def _address(name: str) -> str:
    """Write a server's address without user, password and options."""
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(os.environ.get(name, "").strip())
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    # A password with signs that an address cannot hold would stand in the host or behind it.
    is_plain = "@" not in parts.path and "#" not in os.environ.get(name, "")
    return f"{parts.scheme}://{host}{port}{parts.path}" if parts.scheme and is_plain else ""


def source_lines(sources: Sequence[SourceFact]) -> list[str]:
    """Write the sources with the first digits of their SHA-256, as one line of a footer.

    Examples
    --------
    >>> from kpikit.reports.provenance import SourceFact, source_lines
    >>> source_lines([SourceFact("orders.csv", ("orders",), 12, "0123456789abcdef" * 4)])
    ['Sources: orders.csv (SHA-256 0123456789ab)']
    """
    told = []
    for one in sources[:_MOST_LISTED]:
        if one.rows is not None:
            counts = ", ".join(f"{name}: {count:,} rows" for name, count in one.rows.items())
            told.append(f"database {one.name} ({counts})" if counts else f"database {one.name}")
        else:
            told.append(f"{one.name} (SHA-256 {one.sha256[:_DIGITS]})" if one.sha256 else one.name)
    if len(sources) > _MOST_LISTED:
        told.append(f"{len(sources) - _MOST_LISTED} more, listed in run_results.json")
    return [f"Sources: {', '.join(told)}"] if told else []


def conventions_of(results: Results | None) -> dict[str, list[str]]:
    """Give the conventions under which the KPIs of some results were measured, by KPI.

    Examples
    --------
    >>> from kpikit.reports.provenance import conventions_of
    >>> from kpikit.reports.results import Results
    >>> conventions_of(Results(["kpi", "convention"], [["win_rate", "cohort"], ["revenue", "default"]]))
    {'revenue': ['default'], 'win_rate': ['cohort']}
    """
    pairs = {
        (row.get("kpi", ""), row.get("convention", "")) for row in (results.records() if results else ())
    }
    found: dict[str, list[str]] = {}
    for kpi, convention in sorted(pairs):
        if kpi:
            found.setdefault(kpi, [])
            found[kpi] += [convention] if convention else []
    return found


def closing_lines(results: Results | None) -> list[str]:
    """Write the last lines of a footer: the conventions of a report's results, and the versions.

    Examples
    --------
    >>> from kpikit.reports.provenance import closing_lines
    >>> from kpikit.reports.results import Results
    >>> closing_lines(Results(["kpi", "convention"], [["win_rate", "cohort"]]))[0]
    'Conventions: win_rate (cohort)'
    """
    told = [f"{kpi} ({', '.join(names)})" for kpi, names in conventions_of(results).items() if names]
    versions = versions_of(_TOLD)
    made = ", ".join(f"{name} {number}" for name, number in versions.items())
    return [*([f"Conventions: {', '.join(told)}"] if told else []), f"Versions: {made}"]


def versions_of(packages: Sequence[str] = _PACKAGES) -> dict[str, str]:
    """Give the versions of Python and of packages."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a folder that was not installed
            found[name] = ""
    return found
