"""The deals that are open on a day: whose, how large, in which stage and since when, and what is overdue."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.data.frames import day_number
from kpikit.errors import demand
from kpikit.kpis.behind import rows
from kpikit.kpis.card import KPI
from kpikit.kpis.deals import deals_created, spans
from kpikit.kpis.stays import has_history, known_on, stays_of
from kpikit.periods import parse_date, unit_of

__all__ = ["OPEN", "OPEN_DEALS", "open_deals", "undated_deals"]

OPEN = KPI("open_deals", "level", "count", spans.open("until"))
"""The number of deals that pipeline_value adds up."""
OPEN_DEALS = ["deal_id", "customer", "rep", "stage", "amount", "created_on", "expected_close_on", "open_days"]
OPEN_DEALS += ["stage_days", "overdue_days"]


def open_deals(
    dataset: Dataset, *, where: Mapping[str, object] | None = None, as_of: str | date | None = None
) -> pd.DataFrame:
    """List the deals that are open at the end of a day: those that pipeline_value adds up.

    Parameters
    ----------
    dataset
        The tables, as `load` gives them.
    where, as_of
        As in `measure`.

    Returns
    -------
    pandas.DataFrame
        One row for each deal: `deal_id`; `customer` (the name, else the id) and `rep`; `stage` on that day;
        `amount` in money; `created_on` and `expected_close_on`; `open_days` since its creation, `stage_days`
        since it came to its stage (null where that is not known), and `overdue_days` since the day on which
        it was expected to close (null where that is not past, or not known).

    Raises
    ------
    NotAvailableError
        If the data cannot tell which deals are open.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.open_deals import open_deals
    >>> deals = open_deals(kp.load("data/samples"), where={"rep": "Ayu Lestari"})
    >>> bool((deals["open_days"] >= 0).all()), deals["rep"].unique().tolist()
    (True, ['Ayu Lestari'])
    """
    demand("open_deals", dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"))
    today = dataset.as_of if as_of is None else parse_date(as_of, "open_deals")
    found = rows(dataset, OPEN, period=unit_of(today, "day", dataset.calendar), where=where, as_of=today)
    deals = found.drop_duplicates("deal_id").reset_index(drop=True)
    told = {name: deals[name] if name in deals else _blank(name, deals.index) for name in _GIVEN}
    made = pd.DataFrame(told, index=deals.index)
    since = pd.Series(np.nan, index=made.index)
    if has_history(dataset):
        # As pipeline_value by stage reads it: from the entries, not from the deal's own field.
        last = stays_of(known_on(dataset, today)).drop_duplicates("deal_id", keep="last").set_index("deal_id")
        made["stage"] = made["deal_id"].map(last["stage"].astype(object))
        since = day_number(today) - made["deal_id"].map(last["entered"]).astype("float64")
    now = pd.Timestamp(today)
    overdue = (now - made["expected_close_on"]).dt.days.astype("float64")
    made = made.assign(
        customer=_names(dataset, made["customer"]),
        open_days=(now - made["created_on"]).dt.days,
        stage_days=since,
        overdue_days=overdue.where(overdue > 0),
    )
    return made[OPEN_DEALS]


def undated_deals(
    dataset: Dataset, *, where: Mapping[str, object] | None = None, as_of: str | date | None = None
) -> int:
    """Count the open deals without a date of creation: they are in no figure of the pipeline.

    Raises
    ------
    NotAvailableError
        If the data have no deals, or no dates of their creation.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.open_deals import undated_deals
    >>> undated_deals(kp.load("data/samples"))
    0
    """
    today = dataset.as_of if as_of is None else parse_date(as_of, "undated_deals")
    deals = rows(dataset, deals_created, period="all time", where=where, as_of=today)
    is_open = ~deals["outcome"].isin(["won", "lost"])
    return int(deals.loc[is_open & deals["created_on"].isna(), "deal_id"].nunique())


_GIVEN = ("deal_id", "customer", "rep", "stage", "amount", "created_on", "expected_close_on")


def _blank(name: str, index: pd.Index) -> pd.Series:
    if name.endswith("_on"):
        return pd.Series(pd.NaT, index=index, dtype="datetime64[s]")
    return pd.Series(np.nan, index=index) if name == "amount" else pd.Series(None, index=index, dtype="str")


def _names(dataset: Dataset, ids: pd.Series) -> pd.Series:
    """Write the names of customers; who has none, or whose id nobody knows, keeps the id."""
    customers = dataset.small("customers")
    if "name" not in customers:
        return ids
    names = customers.drop_duplicates("customer_id").set_index("customer_id")["name"].dropna()
    known = names.to_dict()
    return pd.Series([known.get(one, one) for one in ids], index=ids.index, dtype="str")
