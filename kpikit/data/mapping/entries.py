"""The entries of `dataset.yaml`: where the rows of a table are, how they are written, what they become."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator

from kpikit.data.mapping.expressions import Expression, parse_expression
from kpikit.data.mapping.writing import NULL_WORDS, Writing, check_dates, check_delimiter, check_encoding
from kpikit.data.settings import Settings, Strict

__all__ = ["ALL", "Join", "Located", "TableFile", "check_path"]

ALL = "*"
"""Stands for every column in `dates`, and for every other value in `values`."""
_MOST_LETTERS = 255  # of one part of a path


def check_path(path: str) -> str:
    """Check that a path can be one.

    Raises
    ------
    ValueError
        If a part of it is longer than any file's name.
    """
    if any(len(part.encode()) > _MOST_LETTERS for part in re.split(r"[/\\]", path)) or len(path) > 4000:
        raise ValueError(f"no file has so long a name. At most {_MOST_LETTERS} letters")
    return path


def _written(value: Any) -> Any:
    """Take a plain value for its text, as it is written; nothing stays nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float, date, datetime)) else value


def _as_texts(values: Any) -> Any:
    return {k: _written(v) for k, v in values.items()} if isinstance(values, dict) else values


def _as_plain(values: Any) -> Any:
    if not isinstance(values, dict):
        return values
    return {k: v if isinstance(v, bool) else _written(v) for k, v in values.items()}


def _as_lists(wanted: Any) -> Any:
    if not isinstance(wanted, dict):
        return wanted
    return {k: [_written(one) for one in (v if isinstance(v, list) else [v])] for k, v in wanted.items()}


def _as_list(given: Any) -> Any:
    return given if isinstance(given, list) else [given]


def _by_column(dates: Any) -> Any:
    return dates if isinstance(dates, dict) else {} if dates is None else {ALL: dates}


def _expression(text: Any) -> Expression:
    text = _written(text)
    if not isinstance(text, str):
        raise ValueError("an expression is a text, such as 'Price * Quantity'")
    return parse_expression(text)


FilePath = Annotated[str, Field(min_length=1), AfterValidator(check_path)]
Form = Annotated[str, AfterValidator(check_dates)]
Chosen = Annotated[dict[str, list[str | None]], BeforeValidator(_as_lists)]


class Located(Strict):
    """Where rows are: files written alike, a sheet, a table of a database file, or a query.

    `database` names the environment variable that holds the address of a PostgreSQL server.
    """

    file: Annotated[list[FilePath], BeforeValidator(_as_list)] = Field(default_factory=list)
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    database: str | None = None
    delimiter: Annotated[str, AfterValidator(check_delimiter)] = ","
    encoding: Annotated[str, AfterValidator(check_encoding)] = "utf-8"
    skip: int = Field(0, ge=0, le=10_000)

    @model_validator(mode="after")
    def _one_place(self) -> Located:
        if not self.file and self.database is None:
            raise ValueError("a file is missing (file: orders.csv)")
        if self.file and self.database is not None:
            raise ValueError("rows come from a file or from a database, not from both")
        if self.database is not None and not (self.query or self.table):
            raise ValueError("a database needs a query (query: SELECT …) or a table")
        if self.query and self.table:
            raise ValueError("a query or a table is named, not both")
        return self


class Join(Located):
    """Columns looked up in another file by a key that stands there once.

    `on` names the key: {column of the table: column of the other file}. `take` names what is looked up:
    {column of the contract: column of the other file}; names that start with _ are helpers, for the keys of
    later joins, filters and computed columns. The other file is written as the table's is, but for what the
    join says itself.
    """

    on: dict[str, str]
    take: dict[str, str]

    @field_validator("on")
    @classmethod
    def _one_key(cls, on: dict[str, str]) -> dict[str, str]:
        if len(on) != 1:
            raise ValueError("a join has one key: {column of the table: column of the file}")
        return on


class TableFile(Located):
    """One table, or a part of it: its file, the source of each column, and how dates and numbers are written.

    A column of the contract comes from `compute`, else from a join, else from `constants`, else from the
    column of the file that `columns` names (null: from none), else from the one of its own name.
    """

    columns: dict[str, str | None] = Field(default_factory=dict)
    constants: Annotated[dict[str, str], BeforeValidator(_as_plain)] = Field(default_factory=dict)
    compute: dict[str, Annotated[Any, AfterValidator(_expression)]] = Field(default_factory=dict)
    values: dict[str, Annotated[dict[str, str | None], BeforeValidator(_as_texts)]] = Field(
        default_factory=dict
    )
    keep: Chosen = Field(default_factory=dict)
    drop: Chosen = Field(default_factory=dict)
    joins: list[Join] = Field(default_factory=list)
    dates: Annotated[dict[str, Form], BeforeValidator(_by_column)] = Field(default_factory=dict)
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    nulls: list[str] = Field(default_factory=lambda: list(NULL_WORDS))
    last_end: date | None = None

    @model_validator(mode="after")
    def _signs_differ(self) -> TableFile:
        if self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands cannot both be '{self.decimal}'")
        return self

    @model_validator(mode="after")
    def _words_are_left(self) -> TableFile:
        """Words for nothing are null before they could be mapped or sifted by."""
        for column, values in self.values.items():
            for word, to in values.items():
                if word in self.nulls and to is not None:
                    raise ValueError(f"values of {column}: '{word}' stands for nothing (nulls)")
        for column, chosen in (*self.keep.items(), *self.drop.items()):
            for word in chosen:
                if word in self.nulls:
                    raise ValueError(f"keep or drop by {column}: '{word}' stands for nothing. Write null")
        return self

    @property
    def taken(self) -> list[str]:
        """The columns that joins give, helpers among them."""
        return [column for join in self.joins for column in join.take]

    def writing(self, column: str, settings: Settings) -> Writing:
        """Tell how the values of a column are written."""
        return Writing(
            self.dates.get(column, self.dates.get(ALL)),
            self.decimal,
            self.thousands,
            tuple(self.nulls),
            settings.currency,
            column == "share",
            settings.zone,
        )
