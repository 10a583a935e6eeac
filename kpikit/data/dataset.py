"""A company's tables, checked, with its settings: what every KPI is measured on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from kpikit.data import checks, engines
from kpikit.data.checks import Finding
from kpikit.data.contract import TABLES
from kpikit.data.frames import NO_DAY, Frame
from kpikit.data.frames_open import wrap
from kpikit.data.mapping import DatasetFile, Settings, TableFile, read_mapping
from kpikit.data.reading import read_table
from kpikit.errors import DataError, listing, suggest
from kpikit.periods import Calendar

__all__ = ["Dataset", "load"]

Engine = Literal["pandas", "polars", "duckdb"]
HAPPENED = {
    "orders": ("order_date",),
    "deals": ("created_on", "closed_on"),
    "conversations": ("started_at",),
}
_FEW_ROWS, _LONG_GAP = 5, 30


@dataclass(frozen=True, eq=False)
class Dataset:
    """The tables of one company, with its settings and what the checks found.

    Parameters
    ----------
    tables
        Table name to a pandas frame, a Polars frame or a DuckDB relation with the contract's columns.
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
        If neither orders nor deals is there, a name is not known, or a required column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.dataset import Dataset
    >>> orders = pd.DataFrame({"order_id": ["1"], "order_date": pd.to_datetime(["2026-01-05"]),
    ...                        "customer_id": ["C1"], "amount": [100.0]})
    >>> Dataset({"orders": orders}).as_of
    datetime.date(2026, 1, 5)
    """

    tables: Mapping[str, Any]
    settings: Settings = Settings()
    findings: tuple[Finding, ...] = ()
    source: str = ""
    is_lazy: bool = False
    facts: dict[str, Frame] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for name in self.tables:
            if name not in TABLES:
                raise DataError("Dataset", f"no table '{name}'", f"Tables: {listing(TABLES)}", suggest(name, TABLES))
        if not {"orders", "deals"} & set(self.tables):
            raise DataError("Dataset", "neither orders nor deals is there", f"Tables: {listing(self.tables) or 'none'}")
        for name in self.tables:
            columns = self.frame(name).columns
            missing = [c for c, wanted in TABLES[name].items() if wanted.is_required and c not in columns]
            if missing:
                raise DataError("Dataset", f"{name} lacks {listing(missing)}", f"Columns: {listing(columns, 30)}")

    def frame(self, table: str) -> Frame:
        """Open a table for computing."""
        return wrap(self.tables[table], lazy=self.is_lazy or None)

    def has(self, table: str, column: str) -> bool:
        """Tell whether a table and its column are there."""
        return table in self.tables and column in self.frame(table).columns

    @cached_property
    def calendar(self) -> Calendar:
        """The company's calendar."""
        return self.settings.calendar()

    @cached_property
    def _newest(self) -> tuple[date, tuple[Finding, ...]]:
        counts: dict[int, int] = {}
        for table, columns in HAPPENED.items():
            for column in columns:
                if self.has(table, column):
                    rows = self.frame(table)
                    if column == "closed_on":
                        rows = checks.closed_deals(rows)
                    for day, count in rows.day("happened", column).day_counts("happened").items():
                        counts[day] = counts.get(day, 0) + count
        counts.pop(NO_DAY, None)
        return checks.newest_day(counts, few=_FEW_ROWS, gap=_LONG_GAP)

    @property
    def as_of(self) -> date:
        """The default as-of date: the newest date of a fact that has happened, whatever the clock says."""
        return self._newest[0]

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What the checks found, with what finding the as-of date brought to light."""
        return (*self.findings, *self._newest[1])

    @cached_property
    def reps(self) -> pd.DataFrame:
        """The members as a small pandas frame; empty without a table of reps."""
        return self.small("reps")

    def small(self, table: str) -> pd.DataFrame:
        """Give a small table (reps, quotas, costs) as a pandas frame; empty where it is absent."""
        if table not in self.tables:
            return pd.DataFrame({name: [] for name in TABLES[table]})
        return engines.to_pandas(self.tables[table]).reset_index(drop=True)

    def day_after(self, day: date) -> date:
        """Give the day after a day."""
        return day + timedelta(days=1)


def load(path: str | Path, *, engine: Engine = "pandas") -> Dataset:
    """Load a company's tables from CSV or Parquet files.

    Parameters
    ----------
    path
        A folder with `dataset.yaml` or with files named as the tables (`orders.csv`, `deals.parquet`), or
        the path of a `dataset.yaml`.
    engine
        What computes: `pandas`, `polars` or `duckdb`.

    Returns
    -------
    Dataset
        The checked tables.

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
    path = Path(path)
    if engine not in engines.ENGINES:
        raise DataError("load", f"no engine '{engine}'", f"Engines: {listing(engines.ENGINES)}")
    mapping, folder = _mapping(path)
    tables, sources = {}, {}
    for name, source in mapping.tables.items():
        tables[name], sources[name] = read_table(folder, name, source), source.file
    findings = checks.check_tables(tables, sources, mapping.currency)
    settings = Settings(**{name: getattr(mapping, name) for name in Settings.model_fields})
    return Dataset(engines.convert(tables, engine), settings, findings, str(path))


def _mapping(path: Path) -> tuple[DatasetFile, Path]:
    if path.is_dir():
        if (path / "dataset.yaml").is_file():
            return _mapping(path / "dataset.yaml")
        files = {p.stem: p.name for p in sorted(path.iterdir()) if p.suffix in (".csv", ".parquet")}
        tables = {name: TableFile(file=file) for name, file in files.items() if name in TABLES}
        if not tables:
            raise DataError(
                "load",
                f"no table found in {path}",
                f"Files are named {listing(TABLES)} (.csv or .parquet)",
                "or write a dataset.yaml that names the files",
            )
        return DatasetFile(tables=tables), path
    if path.suffix not in (".yaml", ".yml"):
        raise DataError("load", f"{path} is neither a folder nor a dataset.yaml", hint="name the folder of the files")
    mapping = read_mapping(path)
    if not mapping.tables:
        raise DataError(path.name, "no tables are named", hint="tables: {orders: {file: orders.csv}}")
    return mapping, path.parent
