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
    rows = quotas.reset_index(drop=True)
    keys = rows.groupby(whose, dropna=False, sort=False).ngroup()
    rows = rows.assign(key=keys).sort_values(["key", "start"], kind="stable")
    value, keys = rows["value"].where(rows["value"] > 0), rows["key"]
    step = np.log(value / value.groupby(keys).shift(1)).to_numpy()
    before, after = step, -pd.Series(step).groupby(keys.to_numpy()).shift(-1).to_numpy()
    far_before, far_after = (np.nan_to_num(np.abs(one)) >= np.log(_TIMES) for one in (before, after))
    is_first, is_last = np.isnan(before), np.isnan(after)
    # Between two others a value is odd that lies far above both, or far below both. At an end it is odd if
    # its one neighbour is not far from the next but one.
    odd = far_before & far_after & (np.sign(before) == np.sign(after))
    odd |= is_first & far_after & ~(_shifted(far_after, -1) & ~_shifted(is_first, -1))
    odd |= is_last & far_before & ~(_shifted(far_before, 1) & ~_shifted(is_last, 1))
    alone = keys.groupby(keys).transform("size").to_numpy() == 1
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


def _shifted(flags: np.ndarray, step: int) -> np.ndarray:
    """Give each row the flag of the one before (1) or after (-1) it."""
    return np.append(flags[1:], False) if step < 0 else np.insert(flags[:-1], 0, False)


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
