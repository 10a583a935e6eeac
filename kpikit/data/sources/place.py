"""Where one source of rows is, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Place"]


@dataclass(frozen=True)
class Place:
    """Where one source is, and how it is written.

    Parameters
    ----------
    file
        Path of a file, relative to the dataset's folder.
    sheet
        Sheet of a workbook; by default its only one.
    table, query
        What is read of a database: a table by its name, or the rows of one SELECT.
    database
        Name of the environment variable that holds the address of a database server, in place of a file.
    delimiter, encoding
        How a CSV file is written.
    skip
        How many lines stand above the header of a CSV file or of a sheet.
    decimal
        The decimal sign with which numbers are written that stand among texts in a column.
    skips_ragged
        Whether the rows of a CSV file with more or fewer values than columns are left out, and noted.
    most
        How many rows of a workbook or of a database file are read at most; by default all.

    Examples
    --------
    >>> from kpikit.data.sources.place import Place
    >>> Place("sales.xlsx", sheet="Orders").name, Place(database="SALES_DB", table="orders").name
    ('sales.xlsx', 'SALES_DB')
    """

    file: str = ""
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    database: str | None = None
    delimiter: str = ","
    encoding: str = "utf-8"
    skip: int = 0
    decimal: str = "."
    skips_ragged: bool = False
    most: int | None = None

    @property
    def name(self) -> str:
        """The source as the mapping names it."""
        return self.file or self.database or ""
