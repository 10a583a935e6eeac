"""From a mapping to the checked tables, and to all that was found in them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from kpikit.data.checks import check_tables
from kpikit.data.findings import Finding, by_severity
from kpikit.data.mapping import DatasetFile, find_mapping
from kpikit.data.quotas import with_ends
from kpikit.data.reading import Ledger, Loaded, read_table
from kpikit.data.reading.parts import places_of
from kpikit.errors import DataError, cut

__all__ = ["files_of", "inspect", "open_mapping", "read_tables"]


def open_mapping(path: str | Path, folder: str | Path | None = None) -> tuple[DatasetFile, Path]:
    """Find and read a mapping, and the folder where its files lie.

    Raises
    ------
    DataError
        If there is none, it has a fault, or the folder is not there.
    """
    mapping, place = find_mapping(Path(path))
    place = Path(folder) if folder is not None else place / mapping.folder
    if not place.is_dir():
        hint = "name it by folder, in dataset.yaml or in load"
        raise DataError("load", f"there is no folder {cut(place)}", hint=hint)
    return mapping, place


def files_of(mapping: DatasetFile, folder: Path) -> list[Path] | None:
    """List every file that a mapping names; None where rows come from a server, which can change unseen.

    Raises
    ------
    DataError
        If no file has a name that a pattern stands for.
    """
    files: list[Path] = []
    for entries in mapping.tables.values():
        for located in [one for entry in entries for one in (entry, *entry.joins)]:
            if located.database is not None:
                return None
            files += [folder / place.file for place in places_of(folder, located)]
    return files


def read_tables(
    mapping: DatasetFile,
    folder: Path,
    ledger: Ledger,
    offer: Callable[[str, pd.DataFrame], None] | None = None,
) -> dict[str, pd.DataFrame]:
    """Read and check every table of a mapping.

    Parameters
    ----------
    mapping, folder
        What `open_mapping` gives.
    ledger
        Takes what is found. If it is not strict, a table that cannot be read is noted and left out.
    offer
        Is shown each table when it is read and not yet checked.

    Raises
    ------
    DataError
        If the ledger is strict, at the first error that the mapping does not accept.
    """
    loaded: dict[str, Loaded] = {}
    for name, entries in mapping.tables.items():
        try:
            loaded[name] = read_table(folder, name, entries, mapping.settings, ledger)
        except DataError as fault:
            if ledger.is_strict:
                raise
            ledger.findings.append(_noted(name, fault))
        else:
            if offer is not None:
                offer(name, loaded[name].rows)
    check_tables(loaded, mapping.currency, ledger)
    if "quotas" in loaded:
        last = next((one.last_end for one in mapping.tables["quotas"] if one.last_end is not None), None)
        loaded["quotas"].rows = with_ends(loaded["quotas"].rows, last)
    return {name: table.rows for name, table in loaded.items()}


def _noted(table: str, fault: DataError) -> Finding:
    where = fault.where.removeprefix("load: ")
    told = ". ".join(filter(None, [fault.fault, fault.allowed]))
    told = told if where == "load" else f"{where}: {told}"
    return Finding(fault.check, table, 0, told, "error", fault.hint)


def inspect(path: str | Path, folder: str | Path | None = None) -> list[Finding]:
    """Check a company's tables, and list every error and warning, not only the first.

    Parameters
    ----------
    path, folder
        As for `load`.

    Returns
    -------
    list of Finding
        Errors first, then what is accepted, then warnings and notes.

    Raises
    ------
    DataError
        If there is no mapping that can be read.

    Examples
    --------
    >>> from kpikit.data.tables import inspect
    >>> [finding for finding in inspect("data/samples") if finding.severity == "error"]
    []
    """
    mapping, place = open_mapping(path, folder)
    ledger = Ledger(mapping.accept, is_strict=False)
    read_tables(mapping, place, ledger)
    found = list(ledger.findings)
    if not {"orders", "deals"} & set(mapping.tables):
        told = f"neither orders nor deals is there. Tables: {', '.join(mapping.tables)}"
        found.append(Finding("missing_column", "dataset", 0, told, "error"))
    return by_severity(found)
