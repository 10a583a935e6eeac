"""Concentration: how much of a whole the largest customers bring."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from kpikit.kpis.formulas import ratio

__all__ = ["concentration", "counts_of"]

PARTS = {"tenth": 10, "fifth": 5, "half": 2}


def counts_of(customers: int) -> dict[int, str]:
    """Name the groups of the largest of so many customers by how many they are; a part is rounded up.

    Examples
    --------
    >>> from kpikit.kpis.concentration import counts_of
    >>> counts_of(45)
    {1: 'largest', 5: 'largest tenth', 9: 'largest fifth', 10: '10 largest', 23: 'largest half', 45: 'all'}
    """
    if customers < 1:
        return {}
    found = {1: "largest", 10: "10 largest", customers: "all"}
    for name, part in PARTS.items():
        found.setdefault(-(-customers // part), f"largest {name}")
    return {count: found[count] for count in sorted(found) if count <= customers}


def concentration(values: Iterable[float]) -> pd.DataFrame:
    """Give what the largest customers bring, and their share of all.

    Parameters
    ----------
    values
        What each customer brings, such as revenue; who brings nothing is no customer here.

    Returns
    -------
    pandas.DataFrame
        One row for each group of the largest: `group` (as `counts_of` names it), `customers`, `value` (their
        sum) and `share` of the sum of all.

    Examples
    --------
    >>> from kpikit.kpis.concentration import concentration
    >>> concentration([50.0, 30.0, 20.0, 0.0])[["group", "customers", "share"]].values.tolist()
    [['largest', 1, 0.5], ['largest half', 2, 0.8], ['all', 3, 1.0]]
    """
    known = sorted((float(value) for value in values if value > 0), reverse=True)
    sums = pd.Series(known, dtype="float64").cumsum()
    counts = counts_of(len(known))
    told = pd.DataFrame({"group": list(counts.values()), "customers": list(counts)})
    told["value"] = [float(sums.iloc[count - 1]) for count in counts]
    told = told.astype({"group": "str", "customers": "int64", "value": "float64"})
    whole = told["value"].max() if len(told) else 0.0
    return told.assign(share=ratio(told["value"].to_numpy(), whole))
