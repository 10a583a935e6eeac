"""Values that do not look like those beside them: quotas of ten times the size, days without any row."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

__all__ = ["gaps_of_days", "tenfold"]

_WHOSE = ("kpi", "rep_id", "team", "region", "product_line", "channel")
_TIMES = 8.0
_FEWEST_OTHERS = 3
_FEWEST_DAYS, _LONGEST_USUAL, _TIMES_USUAL = 20, 7, 5


def tenfold(quotas: pd.DataFrame) -> np.ndarray:
    """Mark the quotas that are 8 times as large as their neighbours, or 8 times as small.

    Parameters
    ----------
    quotas
        With `kpi`, `start` and `value`, and whose they are.

    Returns
    -------
    numpy.ndarray
        A boolean for each quota. Its neighbours are the ones before and after it of the same KPI and member;
        for a member with a single one, the quotas of the others that start on the same day (3 at least).

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.checks.neighbours import tenfold
    >>> starts = pd.to_datetime(["2026-01-01", "2026-02-01", "2026-03-01"])
    >>> quotas = pd.DataFrame({"kpi": "revenue", "start": starts, "value": [9000.0, 95000.0, 9500.0]})
    >>> tenfold(quotas).tolist()
    [False, True, False]
    """
    whose = [column for column in _WHOSE if column in quotas]
    rows = quotas.reset_index(drop=True).sort_values("start", kind="stable")
    value = rows["value"].where(rows["value"] > 0)
    groups = rows.groupby(whose, dropna=False, sort=False)["start"]
    keys = groups.ngroup()
    before, after = (value.groupby(keys).shift(step) for step in (1, -1))
    sides = np.stack([np.log(value / before), np.log(value / after)])
    known = ~np.isnan(sides)
    is_far = (np.abs(sides) >= np.log(_TIMES)) & known
    same_side = (np.nan_to_num(np.sign(sides)).sum(axis=0).__abs__()) == known.sum(axis=0)
    # A value between two others is far from both; at an end it is far from its one neighbour, and that one
    # is not far from its own.
    odd = known.any(axis=0) & (is_far == known).all(axis=0) & same_side
    odd &= (known.sum(axis=0) == 2) | ~_beside_odd(keys.to_numpy(), odd & (known.sum(axis=0) == 2))
    alone = groups.transform("size").to_numpy() == 1
    for at in np.flatnonzero(alone):
        row = rows.iloc[at]
        others = rows[(rows["kpi"] == row["kpi"]) & (rows["start"] == row["start"])]["value"].drop(
            rows.index[at]
        )
        others = others[others > 0]
        if len(others) >= _FEWEST_OTHERS and row["value"] > 0:
            odd[at] = abs(np.log(row["value"] / others.median())) >= np.log(_TIMES)
    marked = np.zeros(len(rows), dtype=bool)
    marked[rows.index.to_numpy()] = odd
    return marked


def _beside_odd(keys: np.ndarray, odd: np.ndarray) -> np.ndarray:
    """Mark what stands directly before or after an odd one of the same group."""
    found = np.zeros(len(keys), dtype=bool)
    for group in np.unique(keys[odd]):
        here = np.flatnonzero(keys == group)
        flags = odd[here]
        found[here] = np.append(flags[1:], False) | np.insert(flags[:-1], 0, False)
    return found


def gaps_of_days(days: pd.Series) -> list[tuple[date, date, int]]:
    """Find runs of days without any row that are long for these rows.

    Parameters
    ----------
    days
        The date of each row; what is missing is left out.

    Returns
    -------
    list of (date, date, int)
        First and last empty day, and how many there are: more than 7, and more than five times what 95 of
        100 steps from one day with rows to the next take. Nothing for fewer than 20 days with rows.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.checks.neighbours import gaps_of_days
    >>> days = [*pd.date_range("2026-01-01", periods=30), *pd.date_range("2026-03-01", periods=30)]
    >>> gaps_of_days(pd.Series(days))
    [(datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), 29)]
    """
    there = np.sort(pd.unique(days.dropna()).astype("datetime64[D]"))
    there = np.unique(there)
    if len(there) < _FEWEST_DAYS:
        return []
    steps = np.diff(there).astype(int)
    usual = float(np.quantile(steps, 0.95))
    empty = steps - 1
    long = np.flatnonzero((empty > _LONGEST_USUAL) & (empty > _TIMES_USUAL * usual))
    return [(there[at].item() + _DAY, there[at + 1].item() - _DAY, int(empty[at])) for at in long]


_DAY = pd.Timedelta(days=1).to_pytimedelta()
