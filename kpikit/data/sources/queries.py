"""What may be asked of a database: the rows of one table, or of one SELECT, within a limit of time."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from kpikit.data.sources.place import Place
from kpikit.errors import DataError, cut, listing, suggest

__all__ = ["Clock", "asked", "limited", "named_table", "quoted", "selecting"]

_MOST_LETTERS = 100_000
# What is no statement by itself: texts, quoted names, comments.
_SKIPPED = re.compile(
    r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|--[^\n]*|/\*.*?\*/|\$(\w*)\$.*?\$\1\$", re.DOTALL
)
_OPENED = re.compile(r"['\"`]|/\*|\$\w*\$")


def quoted(name: str) -> str:
    """Write a name for SQL.

    Examples
    --------
    >>> from kpikit.data.sources.queries import quoted
    >>> quoted('a "b" c')
    '"a ""b"" c"'
    """
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def selecting(columns: Sequence[str], rows: str) -> str:
    """Write the SELECT of columns from what `asked` gave."""
    return f"SELECT {', '.join(map(quoted, columns))} FROM {rows}"


def limited(place: Place) -> str:
    """Write the end of a SELECT that reads no more rows than a place allows.

    Examples
    --------
    >>> from kpikit.data.sources.place import Place
    >>> from kpikit.data.sources.queries import limited
    >>> limited(Place("sales.db", most=10)), limited(Place("sales.db"))
    (' LIMIT 10', '')
    """
    return "" if place.most is None else f" LIMIT {place.most:d}"


def asked(where: str, query: str) -> str:
    """Check that a query is one SELECT, and write it as what a SELECT reads from.

    Raises
    ------
    DataError
        If it is none, or more than one statement.

    Examples
    --------
    >>> from kpikit.data.sources.queries import asked
    >>> print(asked("load: sales.db", "SELECT * FROM orders;"))
    (
    SELECT * FROM orders
    ) AS asked
    """
    hint = "give one query that reads: SELECT … FROM …"
    if len(query) > _MOST_LETTERS or "\0" in query:
        raise DataError(where, f"the query has more than {_MOST_LETTERS:,} letters", hint=hint)
    query = query.strip()
    while query.endswith(";"):
        query = query[:-1].rstrip()
    bare = _SKIPPED.sub(" x ", query)
    if _OPENED.search(bare):
        raise DataError(where, "a quote or a comment of the query is opened and never closed", hint=hint)
    depth = 0
    for sign in bare:
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            break
    first = re.match(r"(?:\s|\(|\bx\b)*(\w*)", bare)
    if depth or not first or first[1].upper() not in ("SELECT", "WITH"):
        told = "the query is not a SELECT" if not depth else "the brackets of the query do not match"
        raise DataError(where, told, "Queries begin with SELECT or WITH", hint)
    if ";" in bare:
        raise DataError(where, "the query holds more than one statement", hint=hint)
    return f"(\n{query}\n) AS asked"


def named_table(where: str, place: Place, tables: Sequence[tuple[str, ...]]) -> str:
    """Find the table that a place names, among those there are (by schema and name); else the only one.

    Raises
    ------
    DataError
        Naming the tables that are there.
    """
    names = [".".join(one) for one in tables] + [one[-1] for one in tables]
    there = f"Tables: {listing(sorted({one[-1] for one in tables}), 30) or 'none'}"
    if place.table is None:
        if len(tables) == 1:
            return ".".join(map(quoted, tables[0]))
        raise DataError(where, "no table is named", there, "name one (table: …), or give a query")
    wanted = place.table.casefold()
    found = [one for one in tables if wanted in (".".join(one).casefold(), one[-1].casefold())]
    exact = [one for one in found if place.table in (".".join(one), one[-1])] or found
    if not exact:
        told = f"there is no table '{cut(place.table)}'"
        raise DataError(where, told, there, suggest(place.table, names))
    return ".".join(map(quoted, exact[0]))


class Clock:
    """A limit of time, and whether it has passed."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False

    @contextmanager
    def stopping(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` when the time is over."""

        def end() -> None:
            self.is_over = True
            stop()

        timer = threading.Timer(self.seconds, end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            timer.join()

    def fault(self, where: str) -> DataError:
        """Make the error that tells that the time is over."""
        told = f"the query takes longer than {self.seconds:.0f} seconds"
        hint = "ask for fewer rows, or set KPIKIT_QUERY_SECONDS to more"
        return DataError(where, told, hint=hint)
