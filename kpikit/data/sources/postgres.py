"""PostgreSQL: a table or a query of a server, read in one transaction that cannot write.

The address of a server holds a password. It comes from the environment alone, and no message shows it.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from kpikit.data.sources.bounds import seconds
from kpikit.data.sources.place import Place
from kpikit.data.sources.plain import plain_table
from kpikit.data.sources.queries import asked, named_table, selecting
from kpikit.data.sources.source import Source, check_names
from kpikit.errors import DataError, cut

if TYPE_CHECKING:
    from adbc_driver_manager import dbapi

__all__ = ["PostgresTable"]

_SECONDS, _CONNECTING = 60, 10
_MOST_BYTES = 1 << 32
_TABLES = """
SELECT table_schema, table_name FROM information_schema.tables
WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2
"""
_LOGIN = re.compile(r"authentication|pg_hba|role .* does not exist|password", re.IGNORECASE)
_NO_DATABASE = re.compile(r"database .* does not exist")
_WHILE_READING = re.compile(r"\[PGRES_\w+\]: \w+: +(.+)")
_TOO_LATE, _FORBIDDEN = "57014", "42501"


class PostgresTable(Source):
    """A table of a PostgreSQL server, or the rows of a query on it."""

    def __init__(self, place: Place) -> None:
        if not re.fullmatch(r"\w{1,100}", place.database or ""):
            fault = "`database` is not the name of an environment variable"
            hint = "put the address into a variable, and name that: database: SALES_DB"
            raise DataError("load", fault, hint=hint)
        self.name = place.name
        self._seconds = seconds(0, least=_SECONDS)
        with self._connected() as cursor:
            self._rows = self._from(cursor, place)
            self.columns = self._asked(cursor, f"SELECT * FROM {self._rows} LIMIT 0").schema.names
        check_names(self.name, self.columns)

    def files(self) -> list[Path]:
        """Name no file: what a server holds can change at any time."""
        return []

    def read(
        self, columns: list[str], kinds: Mapping[str, str] | None = None
    ) -> tuple[pa.Table, np.ndarray, int]:
        """Read columns as the server types them.

        Raises
        ------
        DataError
            If the server cannot be reached, or the query takes more time or memory than it may.
        """
        with self._connected() as cursor:
            table = self._asked(cursor, selecting(columns, self._rows))
        return table, np.arange(len(table)), 0

    def _from(self, cursor: dbapi.Cursor, place: Place) -> str:
        where = f"load: {self.name}"
        if place.query is not None:
            return asked(where, place.query)
        tables = self._asked(cursor, _TABLES)
        return named_table(where, place, list(zip(*tables.to_pydict().values(), strict=True)))

    def _asked(self, cursor: dbapi.Cursor, query: str) -> pa.Table:
        cursor.execute(query)
        batches, taken = [], 0
        reader = cursor.fetch_record_batch()
        for batch in reader:
            batches.append(batch)
            taken += batch.nbytes
            if taken > _MOST_BYTES:
                told = f"the rows take more than {_MOST_BYTES >> 20:,} MB of memory"
                raise self.fault(None, told, hint="ask for fewer rows, by a query")
        return plain_table(pa.Table.from_batches(batches, reader.schema))

    @contextmanager
    def _connected(self) -> Iterator[dbapi.Cursor]:
        """Begin a transaction that cannot write; whatever is wrong becomes a `DataError`."""
        try:
            from adbc_driver_postgresql import dbapi
        except ImportError:
            hint = "pip install 'kpikit[postgres]'"
            raise self.fault(None, "the driver for PostgreSQL is not installed", hint=hint) from None
        try:
            connection = dbapi.connect(self._address())
        except dbapi.Error as fault:
            raise self._unreached(str(fault)) from None
        began = time.monotonic()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
                cursor.execute(f"SET LOCAL statement_timeout = {int(self._seconds * 1000)}")
                yield cursor
        except (dbapi.Error, pa.ArrowException, OSError) as fault:
            raise self._told(fault, began) from None

    def _address(self) -> str:
        address = os.environ.get(self.name, "").strip()
        hint = f"export {self.name}=postgresql://user:password@host/database"
        if not address:
            raise self.fault(None, "no environment variable has this name", hint=hint)
        if not address.startswith(("postgresql://", "postgres://")):
            raise self.fault(None, "the variable holds no address of a PostgreSQL server", hint=hint)
        if "connect_timeout" in address:
            return address
        return f"{address}{'&' if '?' in address else '?'}connect_timeout={_CONNECTING}"

    def _unreached(self, text: str) -> DataError:
        """Tell why there is no connection, without a word of the address."""
        if _NO_DATABASE.search(text):
            return self.fault(None, "the server has no such database", hint=f"see the end of {self.name}")
        if _LOGIN.search(text):
            told = "the server refuses the login"
            return self.fault(None, told, hint=f"see the user and the password in {self.name}")
        told = "the server cannot be reached"
        return self.fault(None, told, hint=f"see the host and the port in {self.name}, and whether it runs")

    def _told(self, fault: Any, began: float) -> DataError:
        state = getattr(fault, "sqlstate", None)
        # What fails while rows arrive has no code, and words in the language of the server.
        if state == _TOO_LATE or (state is None and time.monotonic() - began >= self._seconds):
            told = f"the query takes longer than {self._seconds:.0f} seconds"
            hint = "ask for fewer rows, or set KPIKIT_QUERY_SECONDS to more"
            return self.fault(None, told, hint=hint)
        details = dict(getattr(fault, "details", ()))
        text = details.get("PG_DIAG_MESSAGE_PRIMARY", details.get(b"PG_DIAG_MESSAGE_PRIMARY", b""))
        text = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        if said := _WHILE_READING.search(str(fault)):
            text = text or said[1]
        if not text:
            return self.fault(None, "the server cannot be reached any more", hint="see whether it runs")
        hint = "ask the owner of the table for the right to read it" if state == _FORBIDDEN else ""
        return self.fault(None, f"the server cannot answer ({cut(text, 200)})", hint=hint)
