"""What is known on a day: the newest day on which something happened, and tables cut off at a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from kpikit.data import engines
from kpikit.data.contract import REVEALS
from kpikit.data.findings import Finding
from kpikit.data.stages import stages_on
from kpikit.errors import DataError, counted

__all__ = ["HAPPENED", "hide", "newest_day"]

HAPPENED: tuple[tuple[str, str, str | None], ...] = (
    ("orders", "order_date", None),
    ("deals", "created_on", None),
    ("deals", "closed_on", "outcome"),
    ("conversations", "started_at", None),
)
"""The dates of facts: table, column, and the column that must be filled for it to have happened."""
FEW_ROWS, LONG_GAP, _TIMES = 5, 30, 3


def newest_day(counts: Mapping[date, int]) -> tuple[date, tuple[Finding, ...]]:
    """Find the newest day with facts; a few rows after a long gap are taken for mistakes.

    Parameters
    ----------
    counts
        Facts by day. Fewer than five after a gap of 30 days are ignored, and told, if the gap is more than
        three times as long as nine in ten of all others, and more facts came before it than after.

    Raises
    ------
    DataError
        If there is no fact with a date.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.data.hiding import newest_day
    >>> newest_day({date(2026, 1, 5): 40, date(2026, 1, 6): 40, date(2062, 1, 7): 2})[0]
    datetime.date(2026, 1, 6)
    """
    days = sorted(counts)
    if not days:
        hint = "give order_date, or created_on of the deals"
        raise DataError("Dataset", "no row has a date, so there is no as-of date", hint=hint)
    gaps = [(after - before).days for before, after in pairwise(days)]
    rows, cut, total = 0, len(days), sum(counts.values())
    for place in range(len(days) - 1, 0, -1):
        rows += counts[days[place]]
        if rows >= FEW_ROWS or 2 * rows >= total:
            break
        others = gaps[: place - 1] + gaps[place : cut - 1]
        if gaps[place - 1] >= LONG_GAP and gaps[place - 1] > _TIMES * _usual(others):
            cut = place
    newest = days[cut - 1]
    if cut == len(days):
        return newest, ()
    ignored = sum(counts[day] for day in days[cut:])
    later = counted(
        ignored,
        f"later fact, on {days[-1]}, stands alone and is ignored",
        f"later facts, up to {days[-1]}, stand alone and are ignored",
    )
    message = f"the as-of date is {newest}: {later}"
    return newest, (Finding("far_future", "dataset", ignored, message),)


def _usual(gaps: list[int]) -> int:
    """Give the days that nine in ten gaps do not exceed."""
    return sorted(gaps)[int(0.9 * (len(gaps) - 1))] if gaps else 0


def hide(tables: Mapping[str, Any], as_of: date) -> dict[str, Any]:
    """Cut tables off at a day, by what each date reveals.

    Parameters
    ----------
    tables
        Tables by name, of any engine.
    as_of
        The day after which nothing is known.

    Returns
    -------
    dict
        The tables, of the same engine: rows that came later are dropped, and what became known later about
        the rows that stay (an outcome, a closing, a reply, a leaving) is null. With deal_stages, a deal has
        the stage that it had on the day.

    Examples
    --------
    >>> from datetime import date
    >>> import pandas as pd
    >>> from kpikit.data.hiding import hide
    >>> days = pd.to_datetime(["2026-01-05", "2026-02-05"])
    >>> len(hide({"orders": pd.DataFrame({"order_date": days})}, date(2026, 1, 31))["orders"])
    1
    """
    cut = dict(tables)
    has_stages = {"deals", "deal_stages"} <= set(tables)
    if has_stages:
        cut["deals"] = stages_on(tables["deals"], tables["deal_stages"], as_of)
    for name in tables:
        columns = engines.columns(tables[name])
        for reveal in REVEALS.get(name, ()):
            if reveal.date in columns and not reveal.columns:
                cut[name] = engines.drop_later(cut[name], reveal.date, as_of)
            elif reveal.date in columns:
                known = {"stage"} if has_stages else set()
                blank = [column for column in columns if column in set(reveal.columns) - known]
                cut[name] = engines.blank_later(cut[name], reveal.date, as_of, blank)
    return cut
