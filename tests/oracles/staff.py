"""Who was employed."""

from collections.abc import Mapping, Sequence
from datetime import date

from tests.oracles.tables import Row, Tables, day_of, hide


def is_employed(row: Row, start: date | None, end: date) -> bool:
    """Tell whether a row of reps is of somebody employed on a day of the period; left_on is the last day."""
    hired, left = day_of(row.get("hired_on")), day_of(row.get("left_on"))
    starts = max((d for d in (hired, start) if d is not None), default=None)
    ends = min(d for d in (left, end) if d is not None)
    return starts is None or starts <= ends


def employed(reps: list[Row], rep: str, start: date | None, end: date) -> bool:
    """Tell whether the rep of this label was employed on a day of the period."""
    named = [row for row in reps if rep == (row["rep_id"] if row.get("name") is None else row["name"])]
    return any(is_employed(row, start, end) for row in named)


def staffed(
    tables: Tables, where: Mapping[str, Sequence[str]], start: date | None, end: date, as_of: date
) -> bool:
    """Tell whether a scope of known reps had one employed on a day of the period; others always have."""
    reps, wanted = hide(tables, as_of).get("reps", []), where.get("rep")
    known = {row["rep_id"] if row.get("name") is None else row["name"] for row in reps}
    if wanted is None or not set(wanted) <= known:
        return True
    return any(employed(reps, rep, start, end) for rep in wanted)
