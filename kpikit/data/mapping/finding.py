"""From a path to a checked mapping: a `dataset.yaml`, or a folder with files named as the tables."""

from __future__ import annotations

from collections.abc import Iterable
from os.path import normpath
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from kpikit.data.contract import TABLES
from kpikit.data.documents import Document, check, read_document
from kpikit.data.findings import CHECKS
from kpikit.data.mapping.entries import ALL, TableFile, check_path
from kpikit.data.settings import Holidays, Settings
from kpikit.errors import DataError, PeriodError, cut, listing, suggest
from kpikit.periods import national_holidays

__all__ = ["DatasetFile", "find_mapping", "read_mapping"]

_KINDS = (".csv", ".parquet")


def _as_list(entry: Any) -> Any:
    return entry if isinstance(entry, list) else [entry]


class DatasetFile(Settings):
    """A whole `dataset.yaml`: settings, folder of the files (its own by default), engine and tables."""

    folder: Annotated[str, AfterValidator(check_path)] = ""
    engine: Literal["pandas", "polars", "duckdb"] = "pandas"
    accept: dict[str, Literal["set_null", "drop_row"]] = Field(default_factory=dict)
    tables: dict[str, Annotated[list[TableFile], BeforeValidator(_as_list), Field(min_length=1)]] = Field(
        default_factory=dict
    )

    @field_validator("accept")
    @classmethod
    def _acceptable(cls, accept: dict[str, str]) -> dict[str, str]:
        known = [name for name, one in CHECKS.items() if one.actions]
        for name, action in accept.items():
            if name not in known:
                raise ValueError(f"no error has the name '{name}'. Known: {listing(known, 30)}")
            if action not in CHECKS[name].actions:
                raise ValueError(f"{name} allows {listing(CHECKS[name].actions)}, not {action}")
        return accept

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
    for name, parts in mapping.tables.items():
        _known(name, TABLES, "table", document, ("tables", name))
        for number, part in enumerate(parts):
            is_listed = isinstance(document.data["tables"][name], list)
            place = ("tables", name, number) if is_listed else ("tables", name)
            _check_part(name, part, document, place)
    if isinstance(mapping.holidays, Holidays):
        try:
            national_holidays(mapping.holidays.country, [2026], mapping.holidays.subdivision)
        except PeriodError as fault:
            where = document.where(("holidays",))
            allowed = fault.allowed
            raise DataError(where, fault.fault, allowed, fault.hint) from None
    return mapping


def _check_part(name: str, part: TableFile, document: Document, place: tuple[Any, ...]) -> None:
    """Check what an entry says of columns: they are the contract's, and each computed one can be."""
    columns = TABLES[name]
    for entry, named in (
        ("columns", part.columns),
        ("constants", part.constants),
        ("compute", part.compute),
        ("dates", [column for column in part.dates if column != ALL]),
    ):
        for column in named:
            _known(column, columns, f"column of {name}", document, (*place, entry, column))
    given = {*part.constants, *part.compute, *part.taken}
    for column, origin in part.columns.items():
        if origin is None and columns[column].is_required and column not in given:
            raise DataError(document.where((*place, "columns", column)), f"{name} needs its {column}")
    for number, join in enumerate(part.joins):
        for column in join.take:
            if not column.startswith("_"):
                at = (*place, "joins", number, "take", column)
                _known(column, columns, f"column of {name}", document, at)
    for column, expression in part.compute.items():
        kind, where = columns[column].kind, document.where((*place, "compute", column))
        if kind not in ("number", "id", "text"):
            fault = f"{column} is a {kind}, which cannot be computed"
            raise DataError(where, fault, "Numbers and texts can")
        if kind != "number" and not expression.signs <= {"+"}:
            raise DataError(where, f"{column} is a text, and texts are only joined by +")
        if kind != "number" and expression.has_numbers:
            raise DataError(where, f"{column} is a text, and a number in it stands in quotes")
        if kind == "number" and expression.is_text:
            raise DataError(where, f"{column} is a number, and no text can stand in it")
    for column in part.values:
        kind = columns[column].kind if column in columns else "text"
        if kind not in ("id", "text"):
            where = document.where((*place, "values", column))
            raise DataError(where, f"{column} is a {kind}, and values are written for ids and texts alone")
    if part.last_end is not None and name != "quotas":
        raise DataError(document.where((*place, "last_end")), "only quotas have a last_end")


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
            raise DataError("load", f"there is no {cut(normpath(path))}", hint=hint)
    except OSError as fault:  # a name that no system takes, a folder that may not be read
        raise DataError("load", f"{cut(path)} cannot be opened ({fault.strerror})") from None
    if path.suffix not in (".yaml", ".yml"):
        raise DataError(
            "load", f"{cut(path)} is neither a folder nor a dataset.yaml", hint="name the folder of the files"
        )
    return read_mapping(path), path.parent


def _named_as_tables(path: Path) -> DatasetFile:
    tables: dict[str, list[TableFile]] = {}
    for file in sorted(path.iterdir()):
        if file.suffix in _KINDS and file.stem in TABLES:
            if file.stem in tables:
                both = f"{tables[file.stem][0].file[0]} and {file.name}"
                raise DataError("load", f"{both} are both there", hint="name one in a dataset.yaml")
            tables[file.stem] = [TableFile(file=file.name)]
    if not tables:
        raise DataError(
            "load",
            f"no table is found in {path}",
            f"Files are named {listing(TABLES)} (.csv or .parquet)",
            "or write a dataset.yaml that names the files",
        )
    return DatasetFile(tables=tables)
