"""`dataset.yaml`: which files hold the tables, how their columns are named and written, and the settings."""

from __future__ import annotations

import re
from datetime import date, time
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kpikit.data.contract import TABLES
from kpikit.data.documents import check, read_document
from kpikit.errors import DataError, listing, suggest
from kpikit.periods import Calendar, national_holidays

__all__ = ["DatasetFile", "Join", "Settings", "TableFile", "read_mapping"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NULL_WORDS = ("", "NULL", "null", "NaN", "nan", "N/A", "n/a", "None")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Join(_Strict):
    """Columns looked up in another file by a key that stands there once."""

    file: str
    on: dict[str, str]
    take: dict[str, str]

    @field_validator("on")
    @classmethod
    def _one_key(cls, on: dict[str, str]) -> dict[str, str]:
        if len(on) != 1:
            raise ValueError("a join has one key: {column of the table: column of the file}")
        return on


class TableFile(_Strict):
    """One table: its file, the source of each column, and how dates and numbers are written."""

    file: str
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    joins: list[Join] = Field(default_factory=list)
    dates: str | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " "] = ""
    nulls: list[str] = Field(default_factory=lambda: list(NULL_WORDS))
    delimiter: str = ","
    encoding: str = "utf-8"


class FiscalYear(_Strict):
    """The month in which the fiscal year starts, and the calendar year that names it."""

    start_month: int = Field(1, ge=1, le=12)
    named_by: Literal["start", "end"] = "end"


class BusinessHours(_Strict):
    """When replies can be expected, in the time zone of the dataset."""

    start: time
    end: time


class Holidays(_Strict):
    """The public holidays of a country, by its ISO code."""

    country: str
    subdivision: str | None = None


class Settings(_Strict):
    """The company: its name, currency, time zone, hours, fiscal year, week start and holidays."""

    name: str = "Company"
    currency: str = "USD"
    time_zone: str = "UTC"
    business_hours: BusinessHours | None = None
    week_start: Literal[WEEKDAYS] = "monday"  # type: ignore[valid-type]
    fiscal_year: FiscalYear = FiscalYear()
    holidays: Holidays | list[date] = Field(default_factory=list)

    @field_validator("currency")
    @classmethod
    def _currency(cls, currency: str) -> str:
        if not re.fullmatch("[A-Z]{3}", currency):
            raise ValueError("a currency is its ISO 4217 code of three capital letters, such as USD or IDR")
        return currency

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            near = suggest(zone, available_timezones())
            raise ValueError(f"no time zone of this name. {near or 'An IANA name, such as Asia/Jakarta'}")
        return zone

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    def calendar(self) -> Calendar:
        """Give the calendar by which periods are read and business days counted."""
        days = self.holidays
        if isinstance(days, Holidays):
            found = national_holidays(days.country, range(1990, 2101), days.subdivision)
        else:
            found = frozenset(days)
        return Calendar(
            fiscal_start_month=self.fiscal_year.start_month,
            fiscal_named_by=self.fiscal_year.named_by,
            week_start=WEEKDAYS.index(self.week_start),
            holidays=found,
        )


class DatasetFile(Settings):
    """A whole `dataset.yaml`."""

    tables: dict[str, TableFile] = Field(default_factory=dict)

    @field_validator("tables")
    @classmethod
    def _known(cls, tables: dict[str, TableFile]) -> dict[str, TableFile]:
        for name, table in tables.items():
            if name not in TABLES:
                raise ValueError(f"no table '{name}'. {suggest(name, TABLES)} Tables: {listing(TABLES)}")
            taken = [column for join in table.joins for column in join.take]
            for column in [*table.columns, *table.constants, *taken]:
                if column not in TABLES[name]:
                    near = suggest(column, TABLES[name])
                    raise ValueError(f"{name} has no column '{column}'. {near} Columns: {listing(TABLES[name], 30)}")
        return tables


def read_mapping(path: Path) -> DatasetFile:
    """Read and check a `dataset.yaml`.

    Raises
    ------
    DataError
        Naming the line of each fault.
    """
    return check(DatasetFile, read_document(path, DataError), DataError)
