"""A company's tables, checked, with its settings: what every KPI is measured on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from kpikit.data import engines, forms
from kpikit.data.contract import TABLES
from kpikit.data.findings import Finding
from kpikit.data.frames import Frame
from kpikit.data.frames_open import wrap
from kpikit.data.hiding import HAPPENED, hide, newest_day
from kpikit.data.prepared import Prepared, is_verified, is_wanted, key_of
from kpikit.data.reading import Ledger
from kpikit.data.settings import Settings
from kpikit.data.tables import files_of, open_mapping, read_tables
from kpikit.errors import DataError, demand, listing, suggest
from kpikit.periods import Calendar

__all__ = ["Dataset", "load"]

Engine = Literal["pandas", "polars", "duckdb"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of one company, with its settings and what the checks found.

    `load` makes one from files, with all checks. Made from tables in memory, their names, columns and types
    are checked, and their rows are believed.

    Parameters
    ----------
    tables
        Table name to a pandas frame, a Polars frame or a DuckDB relation with the contract's columns. They
        are never changed.
    settings
        Currency, time zone, fiscal year, week start and holidays.
    findings
        What the checks found.
    source
        Where the tables came from.
    is_lazy
        Take the general path for pandas too (for tests).

    Raises
    ------
    DataError
        If neither orders nor deals is there, a table is not known, a required column is missing, or a column
        holds something else than the contract says.

    Examples
    --------
    >>> import pandas as pd
    >>> import kpikit as kp
    >>> orders = pd.DataFrame({"order_id": ["1"], "order_date": pd.to_datetime(["2026-01-05"]),
    ...                        "customer_id": ["C1"], "amount": [100.0]})
    >>> kp.Dataset({"orders": orders}).as_of
    datetime.date(2026, 1, 5)
    """

    tables: Mapping[str, Any]
    settings: Settings = field(default_factory=Settings)
    findings: tuple[Finding, ...] = ()
    source: str = ""
    is_lazy: bool = False
    facts: dict[str, Frame] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in self.tables:
            if name not in TABLES:
                near = suggest(name, TABLES)
                raise DataError(
                    "Dataset", f"no table has the name '{name}'", f"Tables: {listing(TABLES)}", near
                )
        if not {"orders", "deals"} & set(self.tables):
            there = listing(self.tables) or "none"
            raise DataError("Dataset", "neither orders nor deals is there", f"Tables: {there}")
        for name, table in self.tables.items():
            forms.check_columns(name, table)

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        return {name: engines.columns(table) for name, table in self.tables.items()}

    def frame(self, table: str) -> Frame:
        """Open a table for computing."""
        return wrap(self.tables[table], lazy=self.is_lazy or None)

    def has(self, table: str, column: str) -> bool:
        """Tell whether a table and its column are there."""
        return column in self._columns.get(table, ())

    @cached_property
    def calendar(self) -> Calendar:
        """The company's calendar."""
        return self.settings.calendar()

    @cached_property
    def _happened(self) -> Counter[date]:
        counts: Counter[date] = Counter()
        for table, column, filled in HAPPENED:
            if self.has(table, column):
                counts.update(engines.day_counts(self.tables[table], column, filled))
        return counts

    @cached_property
    def as_of(self) -> date:
        """The default as-of date: the newest date of a fact that has happened, whatever the clock says.

        Facts are orders, creations and closings of deals, and conversations. Fewer than five after a gap of
        30 days, which is long for this company, are ignored; `warnings` tells so.

        Raises
        ------
        DataError
            If there is no fact with a date.
        """
        return newest_day(self._happened)[0]

    def known_until(self, as_of: date) -> date:
        """Give the day up to which the data tell of an as-of date: an earlier one where their facts end.

        Parameters
        ----------
        as_of
            The day on which everything is judged.

        Examples
        --------
        >>> from datetime import date
        >>> import kpikit as kp
        >>> sales = kp.load("data/samples")
        >>> print(sales.known_until(date(2026, 12, 31)), sales.known_until(date(2026, 6, 30)))
        2026-10-09 2026-06-30
        """
        return min(as_of, self.as_of) if self._happened else as_of

    @cached_property
    def warnings(self) -> tuple[Finding, ...]:
        """What the checks found, with what finding the as-of date brought to light."""
        if any(one.check == "far_future" for one in self.findings):
            return self.findings  # told with its rows
        return (*self.findings, *(newest_day(self._happened)[1] if self._happened else ()))

    def hidden(self, as_of: date) -> dict[str, Any]:
        """Give the tables as they were known on a day.

        Parameters
        ----------
        as_of
            The day after which nothing is known.

        Returns
        -------
        dict
            The tables, of the same engine. Orders, deals and conversations that came later are dropped;
            later outcomes, closings, replies and leavings are null. The stage of a deal that closed later is
            the one that `deal_stages` gives for the day, else null.

        Examples
        --------
        >>> from datetime import date
        >>> import kpikit as kp
        >>> sales = kp.load("data/samples")
        >>> kp.Dataset(sales.hidden(date(2026, 6, 30))).as_of
        datetime.date(2026, 6, 30)
        """
        return hide(self.tables, as_of)

    @cached_property
    def reps(self) -> pd.DataFrame:
        """The members as a small pandas frame; empty without a table of reps."""
        return self.small("reps")

    def small(self, table: str) -> pd.DataFrame:
        """Give a small table (reps, quotas, costs) as a pandas frame of one form, whatever the engine.

        Returns
        -------
        pandas.DataFrame
            Ids and texts as `str`, dates as `datetime64[s]`, numbers as `float64`; without rows where the
            table is absent.
        """
        rows = engines.to_pandas(self.tables[table]) if table in self.tables else None
        return forms.canonical(table, rows)


def load(
    path: str | Path,
    *,
    engine: Engine | None = None,
    folder: str | Path | None = None,
    cache: bool = True,
    verify: bool = False,
) -> Dataset:
    """Load a company's tables from CSV or Parquet files.

    The checked tables are kept in the user's cache folder (or in KPIKIT_CACHE), and the next loading of the
    same files by the same mapping opens them from there, in memory that all processes share.

    Parameters
    ----------
    path
        A `dataset.yaml`, a folder that holds one, or a folder with files named as the tables (`orders.csv`,
        `deals.parquet`).
    engine
        What computes: `pandas`, `polars` or `duckdb`; by default what the mapping says, else pandas.
    folder
        Where the files lie, in place of the mapping's own `folder` (which is relative to the mapping, and is
        the mapping's folder by default). Files outside of it are refused.
    cache
        False reads the files anew and keeps nothing; so does KPIKIT_NO_CACHE=1.
    verify
        Compare the contents of the files and of what is kept, byte by byte, where otherwise the files' paths,
        sizes and times tell whether they changed; so does KPIKIT_VERIFY=1.

    Returns
    -------
    Dataset
        The checked tables. The files are never changed.

    Raises
    ------
    DataError
        Naming file, line and value of what cannot be used.

    Examples
    --------
    >>> import kpikit as kp
    >>> sales = kp.load("data/samples")
    >>> sales.settings.currency
    'USD'
    """
    demand("load", path=(path, (str, Path), "A dataset.yaml, or a folder"))
    if engine is not None and engine not in engines.ENGINES:
        raise DataError("load", f"no engine has the name '{engine}'", f"Engines: {listing(engines.ENGINES)}")
    mapping, place = open_mapping(path, folder)
    engine = engine or mapping.engine
    files = files_of(mapping, place) if is_wanted(cache) else None
    key = key_of(mapping, place, files, verify=is_verified(verify)) if files is not None else None
    store = Prepared() if key else None
    opened = store.find(key) if store else None
    if opened is None:
        ledger, not_kept = Ledger(mapping.accept), ""
        if store and key:
            with store.keeping(key) as keeping:
                tables = read_tables(mapping, place, ledger, keeping.offer)
                not_kept = keeping.finish(tables, [one.as_dict() for one in ledger.findings])
        else:
            tables = read_tables(mapping, place, ledger)
        if not_kept:
            told = f"the checked tables cannot be kept for the next time: {not_kept}"
            ledger.note("not_kept", "cache", 0, told)
        # From here on as at the next loading, so that both behave alike and share the memory.
        opened = store.find(key) if store and not not_kept else None
        if opened is None:
            findings = tuple(ledger.findings)
            return Dataset(engines.convert(tables, engine), mapping.settings, findings, str(path))
        del tables  # those that are kept take their place
        pa.default_memory_pool().release_unused()
    found = tuple(Finding.from_dict(one) for one in opened.findings)
    return Dataset(opened.into(engine), mapping.settings, found, str(path))
