"""Where each member stands within the team, KPI by KPI: a position that one large figure cannot move."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np
import pandas as pd

from kpikit.kpis.catalog import find

__all__ = ["LEAST_MEMBERS", "LEAST_ROWS", "STRONG", "WEAK", "is_chance", "positions"]

LEAST_MEMBERS = 3  # of two, one is always the last
LEAST_ROWS = 5  # a rate of fewer rows is chance
STRONG, WEAK = 0.75, 0.25  # ahead of three quarters of the others; behind as many
NO_MEMBER = "no rep"


def is_chance(kpi: str, n: float) -> bool:
    """Tell whether a figure is a rate of so few rows that it says little.

    Examples
    --------
    >>> from kpikit.people.positions import is_chance
    >>> is_chance("win_rate", 4), is_chance("win_rate", 5), is_chance("revenue", 1)
    (True, False, False)
    """
    return find(kpi).kind == "rate" and bool(n < LEAST_ROWS)


def positions(members: pd.DataFrame, *, partly: Collection[str] = (), by: str = "rep") -> pd.DataFrame:
    """Give each member's position within the team, for each KPI.

    The position is the share of the other comparable members whose figure is worse, where one that is equal
    counts half: 1 for the best, 0 for the last, 0.5 for all if all are equal. It is a percentile rank, so it
    asks for order alone, and no outlier and no unit changes it. Better is lower where the KPI says so. Strong
    is from 0.75 on, weak up to 0.25; who is level with half of the others is in the middle.

    Parameters
    ----------
    members
        What `measure` gives by member: kpi, convention, the members, value and n.
    partly
        Members who were there for a part of the period; their sums are not compared.
    by
        The column with the members' names.

    Returns
    -------
    pandas.DataFrame
        The same rows with `position` (null where there is none), `median` of who is comparable (null where
        these are too few) and `compared` (how many they are), `standing` (strong, middle or weak; else
        empty) and `why` there is no position.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.people.positions import positions
    >>> members = pd.DataFrame({"kpi": "sales_cycle_days", "convention": "default", "rep": ["A", "B", "C"],
    ...     "value": [20.0, 35.0, 50.0], "n": [9, 9, 9]})
    >>> positions(members)[["rep", "position", "standing"]].values.tolist()
    [['A', 1.0, 'strong'], ['B', 0.5, 'middle'], ['C', 0.0, 'weak']]

    References
    ----------
    The percentile rank, with ties counted half: Roscoe, Fundamental Research Statistics for the Behavioral
    Sciences, 1975; here among the others, so that it runs from 0 to 1 in a team of any size.
    """
    keys = ["kpi", "convention"]
    parts = [_of_one(own, set(partly), by) for _, own in members.groupby(keys, sort=False, dropna=False)]
    added = {"position": float, "median": float, "compared": int, "standing": str, "why": str}
    return pd.concat(parts) if parts else members.assign(**{n: pd.Series(dtype=t) for n, t in added.items()})


def _of_one(own: pd.DataFrame, partly: set[str], by: str) -> pd.DataFrame:
    kpi = find(str(own["kpi"].iloc[0]))
    why = own.apply(_lacks(kpi.kind, partly, by), axis=1)
    values = own["value"].astype(float)
    better = (values if kpi.is_higher_better else -values)[why == ""].to_numpy()
    count = len(better)
    told = own.assign(position=np.nan, median=np.nan, compared=count, standing="", why=why)
    if count < LEAST_MEMBERS:
        told.loc[why == "", "why"] = "too few members"
        return told
    told["median"] = float(np.median(values[why == ""]))
    worse = (better[:, None] > better[None, :]).sum(axis=1)
    equal = (better[:, None] == better[None, :]).sum(axis=1) - 1
    place = (worse + equal / 2) / (count - 1)
    # Level with half of the others, as where most have none, is neither strong nor weak.
    is_level = equal >= (count - 1) / 2
    told.loc[why == "", "position"] = place
    standings = np.where(place >= STRONG, "strong", np.where(place <= WEAK, "weak", "middle"))
    standings = np.where(is_level, "middle", standings)
    told.loc[why == "", "standing"] = standings
    return told


def _lacks(kind: str, partly: set[str], by: str) -> Callable[[pd.Series], str]:
    """Say why a member's figure cannot be compared; an empty text where it can."""

    def lacks(one: pd.Series) -> str:
        if one[by] == NO_MEMBER:
            return "no member"
        if pd.isna(one["value"]):
            return "no data"
        if kind == "flow" and one[by] in partly:
            return "part of the period"
        return "few rows" if is_chance(str(one["kpi"]), one["n"]) else ""

    return lacks
