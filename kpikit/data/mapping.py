"""`dataset.yaml`: which files hold the tables, how their columns are named and written, and the settings."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import AfterValidator, Field, field_validator, model_validator

from kpikit.data.contract import TABLES
from kpikit.data.documents import Document, check, read_document
from kpikit.data.settings import Holidays, Settings, Strict
from kpikit.errors import DataError, PeriodError, cut, listing, suggest
from kpikit.periods import national_holidays

__all__ = ["DatasetFile", "Join", "Settings", "TableFile", "find_mapping", "read_mapping"]

_MOST_LETTERS = 255  # of one part of a path, and of a format
NULL_WORDS = ("NULL", "null", "NaN", "nan", "N/A", "n/a", "None")


def _path(path: str) -> str:
    """Check that a path can be one."""
    if any(len(part.encode()) > _MOST_LETTERS for part in re.split(r"[/\\]", path)) or len(path) > 4000:
        raise ValueError(f"no file has so long a name. At most {_MOST_LETTERS} letters")
    return path


FilePath = Annotated[str, Field(min_length=1), AfterValidator(_path)]


class Join(Strict):
    """Columns looked up in another file by a key that stands there once.

    `on` names the key: {column of the table: column of the other file}. `take` names what is looked up:
    {column of the contract: column of the other file}. The other file is written as the table's is.
    """

    file: FilePath
    on: dict[str, str]
    take: dict[str, str]

    @field_validator("on")
    @classmethod
    def _one_key(cls, on: dict[str, str]) -> dict[str, str]:
        if len(on) != 1:
            raise ValueError("a join has one key: {column of the table: column of the file}")
        return on


class TableFile(Strict):
    """One table: its file, the source of each column, and how dates and numbers are written.

    A column of the contract comes from a join, else from `constants`, else from the column of the file that
    `columns` names, else from the one of its own name.
    """

    file: FilePath
    columns: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str] = Field(default_factory=dict)
    joins: list[Join] = Field(default_factory=list)
    dates: str | None = None
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " "] = ""
    nulls: list[str] = Field(default_factory=lambda: list(NULL_WORDS))
    delimiter: str = ","
    encoding: str = "utf-8"

    @field_validator("constants", mode="before")
    @classmethod
    def _as_text(cls, constants: Any) -> Any:
        def written(value: Any) -> Any:
            is_plain = isinstance(value, (int, float, date, datetime)) and not isinstance(value, bool)
            return str(value) if is_plain else value

        return {k: written(v) for k, v in constants.items()} if isinstance(constants, dict) else constants

    @field_validator("dates")
    @classmethod
    def _format(cls, dates: str | None) -> str | None:
        if dates is not None:
            if not re.search("%[YyGcx]", dates) or len(dates) > _MOST_LETTERS:
                raise ValueError("dates are written as for strptime, with a year: '%d/%m/%Y'")
            parts = re.findall("%.", dates.replace("%%", ""))
            twice = next((part for place, part in enumerate(parts) if part in parts[:place]), None)
            if twice:
                raise ValueError(f"this is no format of dates ('{twice}' stands in it twice)")
            try:
                pd.to_datetime(["1"], format=dates, errors="coerce")
            except (ValueError, re.error) as fault:
                raise ValueError(f"this is no format of dates ({str(fault).rstrip('.')})") from None
        return dates

    @field_validator("delimiter")
    @classmethod
    def _one_sign(cls, delimiter: str) -> str:
        delimiter = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
        is_sign = len(delimiter) == 1 and delimiter.isascii() and not delimiter.isalnum()
        if not is_sign or delimiter in '"\r\n.':
            raise ValueError("a delimiter is one sign, such as ';', '|' or tab")
        return delimiter

    @field_validator("encoding")
    @classmethod
    def _known_encoding(cls, encoding: str) -> str:
        try:
            "a".encode(encoding)
            return codecs.lookup(encoding).name
        except (LookupError, UnicodeError, ValueError):
            raise ValueError("no encoding has this name, such as utf-8, utf-16 or cp1252") from None

    @model_validator(mode="after")
    def _signs_differ(self) -> TableFile:
        if self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands cannot both be '{self.decimal}'")
        return self


class DatasetFile(Settings):
    """A whole `dataset.yaml`: settings, folder of the files (its own by default), engine and tables."""

    folder: Annotated[str, AfterValidator(_path)] = ""
    engine: Literal["pandas", "polars", "duckdb"] = "pandas"
    tables: dict[str, TableFile] = Field(default_factory=dict)

    @property
    def settings(self) -> Settings:
        """The settings alone."""
        return Settings(**{name: getattr(self, name) for name in Settings.model_fields})


def read_mapping(path: Path) -> DatasetFile:
    """Read and check a `dataset.yaml`.

    Raises
    ------
    DataError
        Naming the line of each fault.
    """
    document = read_document(path, DataError)
    mapping = check(DatasetFile, document, DataError)
    if not mapping.tables:
        raise DataError(path.name, "no tables are named", hint="tables: {orders: {file: orders.csv}}")
    for name, table in mapping.tables.items():
        _known(name, TABLES, "table", document, ("tables", name))
        for entry in ("columns", "constants"):
            for column in getattr(table, entry):
                _known(column, TABLES[name], f"column of {name}", document, ("tables", name, entry, column))
        for number, join in enumerate(table.joins):
            for column in join.take:
                place = ("tables", name, "joins", number, "take", column)
                _known(column, TABLES[name], f"column of {name}", document, place)
    if isinstance(mapping.holidays, Holidays):
        try:
            national_holidays(mapping.holidays.country, [2026], mapping.holidays.subdivision)
        except PeriodError as fault:
            where = document.where(("holidays",))
            allowed = fault.allowed
            raise DataError(where, fault.fault, allowed, fault.hint) from None
    return mapping


def _known(name: str, names: Iterable[str], kind: str, document: Document, place: tuple[Any, ...]) -> None:
    names = list(names)
    if name not in names:
        fault, allowed = f"'{cut(name)}' is no {kind}", f"Known: {listing(names, 30)}"
        raise DataError(document.where(place), fault, allowed, suggest(name, names))


def find_mapping(path: Path) -> tuple[DatasetFile, Path]:
    """Find the mapping of a dataset, and the folder to which its own paths are relative.

    Parameters
    ----------
    path
        A `dataset.yaml`, a folder that holds one, or a folder with files named as the tables.

    Raises
    ------
    DataError
        If there is none of these, or the mapping has a fault.
    """
    try:
        if path.is_dir():
            named = path / "dataset.yaml"
            return (read_mapping(named) if named.exists() else _named_as_tables(path)), path
        if not path.exists():
            hint = "name a folder of files, or a dataset.yaml"
            raise DataError("load", f"there is no {cut(path)}", hint=hint)
    except OSError as fault:  # a name that no system takes, a folder that may not be read
        raise DataError("load", f"{cut(path)} cannot be opened ({fault.strerror})") from None
    if path.suffix not in (".yaml", ".yml"):
        raise DataError(
            "load", f"{cut(path)} is neither a folder nor a dataset.yaml", hint="name the folder of the files"
        )
    return read_mapping(path), path.parent


def _named_as_tables(path: Path) -> DatasetFile:
    tables: dict[str, TableFile] = {}
    for file in sorted(path.iterdir()):
        if file.suffix in (".csv", ".parquet") and file.stem in TABLES:
            if file.stem in tables:
                both = f"{tables[file.stem].file} and {file.name}"
                raise DataError("load", f"{both} are both there", hint="name one in a dataset.yaml")
            tables[file.stem] = TableFile(file=file.name)
    if not tables:
        raise DataError(
            "load",
            f"no table is found in {path}",
            f"Files are named {listing(TABLES)} (.csv or .parquet)",
            "or write a dataset.yaml that names the files",
        )
    return DatasetFile(tables=tables)
