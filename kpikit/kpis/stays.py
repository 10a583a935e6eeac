"""Facts of stages: how long a deal stayed in each, and whether it moved on from there.

A stage is an end, and no stay, if each of its entries is the last of its deal, and not before the deal was
closed: what CRM systems write when a deal is won or lost. A stay ends with the deal's next entry or its
closing, whichever comes first. It moves on if the deal comes to a stage in which it has not been before,
or is won. All this is judged by what is known on a day: `known_on` gives the tables of it.

What the pipeline holds is read from `opened`, the later of the entry and the deal's creation. An open deal
that has not come to a stage yet has a row without one, so that stages, with "no stage", add up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from kpikit.data.engines import to_pandas
from kpikit.data.frames import FOREVER, NO_DAY, ROW, SCALE, Frame
from kpikit.data.frames_open import wrap_like
from kpikit.data.hiding import hide
from kpikit.kpis.belongings import dimensions, tidy

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["has_history", "known_on", "stay_facts", "stays_of"]

_MOST_DAYS = 8
_KNOWN: WeakKeyDictionary[Dataset, dict[date, Dataset]] = WeakKeyDictionary()

_COLUMNS = [
    "deal_id",
    "entered",
    "opened",
    "until",
    "is_spanned",
    "stay_days",
    "is_left",
    "is_moved",
    "amount",
    "has_amount",
]
_COLUMNS += ["weighted_amount", "has_weighted_amount"]
_OF_STAYS = ["deal_id", "stage", "entered", "until", "is_left", "is_moved"]


def has_history(dataset: Dataset) -> bool:
    """Tell whether it is known when deals came to their stages; else only today's stages are."""
    return "deal_stages" in dataset.tables


def known_on(dataset: Dataset, as_of: date) -> Dataset:
    """Give a dataset with its deals and their stages as they were known on a day; a few days are kept."""
    days = _KNOWN.setdefault(dataset, {})
    if as_of not in days:
        told = {name: dataset.tables[name] for name in ("deals", "deal_stages") if name in dataset.tables}
        if len(days) == _MOST_DAYS:
            days.pop(next(iter(days)))
        days[as_of] = replace(dataset, tables={**dataset.tables, **hide(told, as_of)}, facts={})
    return days[as_of]


def stays_of(dataset: Dataset) -> pd.DataFrame:
    """Give the stays of deals in stages, each deal's in the order of time.

    Returns
    -------
    pandas.DataFrame
        One row for each stay: `deal_id`, `stage`, `entered` and `until` as days since 1970 (an end that has
        not come is `FOREVER`), `is_left` and `is_moved`; without rows where there is no `deal_stages`.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.stays import stays_of
    >>> stays_of(kp.load("data/samples"))["stage"].head(2).tolist()
    ['lead', 'qualified']
    """
    if not (has_history(dataset) and "deals" in dataset.tables):
        return pd.DataFrame(columns=_OF_STAYS)
    deals = _deals(to_pandas(dataset.tables["deals"]))
    stays = _stays(to_pandas(dataset.tables["deal_stages"]), deals)
    return stays.loc[stays["stage"].notna(), _OF_STAYS].reset_index(drop=True)


def stay_facts(dataset: Dataset, facts: Callable[[str], Frame]) -> Frame:
    """One row for each stay of a deal in a stage: from `entered` to before `until`, and whose the deal is.

    `is_spanned` marks the stays, and times without a stage, of deals whose creation and end are known.
    """
    native = dataset.tables["deals"]
    deals = _deals(to_pandas(native))
    stays = _stays(to_pandas(dataset.tables["deal_stages"]), deals) if has_history(dataset) else _today(deals)
    amount = stays["amount"].to_numpy(dtype="float64", na_value=np.nan)
    parts = np.floor(np.nan_to_num(amount) * SCALE + 0.5)
    chance = stays["stage"].astype(object).map(dataset.settings.stages).to_numpy(dtype="float64")
    weighted = np.floor(parts * np.nan_to_num(chance) + 0.5)
    made = stays.assign(
        stay_days=np.where(stays["is_left"], stays["until"] - stays["entered"], 0).astype("int32"),
        amount=parts.astype("int64"),
        has_amount=~np.isnan(amount),
        weighted_amount=weighted.astype("int64"),
        has_weighted_amount=~np.isnan(amount) & ~np.isnan(chance),
    )
    made = made[[*_COLUMNS, "stage", *([ROW] if ROW in made else [])]]
    rows = wrap_like(made, native, lazy=dataset.is_lazy)
    side = facts("openings")
    take = {name: name for name in ("created", *dimensions()) if name in side.columns}
    rows = rows.label("stage", "stage").label("deal", "deal_id")
    rows = rows.lookup("deal", side.label("deal_id", "deal_id"), "deal_id", take)
    return tidy(rows, ["created", "stage", *_COLUMNS])


def _deals(deals: pd.DataFrame) -> pd.DataFrame:
    """Give what stays need of deals: when each was closed (if open: never), and whether it was won."""
    is_closed = deals["outcome"].isin(["won", "lost"]).to_numpy()
    closed = _days(deals.get("closed_on", pd.Series(pd.NaT, index=deals.index)))
    return pd.DataFrame(
        {
            "deal_id": deals["deal_id"],
            "stage": deals["stage"],
            "created": _days(deals.get("created_on", pd.Series(pd.NaT, index=deals.index))),
            "closed": np.where(is_closed & (closed > NO_DAY), closed, FOREVER).astype("int32"),
            # Nobody knows until when a deal was open that was closed on no day.
            "is_dated": ~is_closed | (closed > NO_DAY),
            "is_open": ~is_closed,
            "is_won": deals["outcome"].eq("won").fillna(False).to_numpy(dtype=bool),
            "amount": deals.get("amount", pd.Series(np.nan, index=deals.index)),
            **({ROW: deals[ROW]} if ROW in deals else {}),
        }
    )


def _stays(entries: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    known = entries["entered_on"].notna() & entries["stage"].notna() & entries["deal_id"].notna()
    rows = entries.loc[known, ["deal_id", "stage", *([ROW] if ROW in entries else [])]]
    rows = rows.assign(entered=_days(entries.loc[known, "entered_on"]))
    own = deals.drop(columns=["stage", "is_open", ROW], errors="ignore")
    rows = rows.merge(own, on="deal_id", how="inner")
    rows = rows.sort_values(["deal_id", "entered"], kind="stable", ignore_index=True)
    deal = rows["deal_id"]
    is_last = deal.ne(deal.shift(-1))
    is_end = (is_last & (rows["closed"] < FOREVER) & (rows["entered"] >= rows["closed"])).groupby(
        rows["stage"]
    ).transform("all")  # fmt: skip
    following = rows["entered"].shift(-1).where(~is_last, FOREVER).astype("int32")
    is_new = ~rows.duplicated(["deal_id", "stage"])
    comes_to_new = (is_new & ~is_end).shift(-1, fill_value=False) & ~is_last
    until = np.minimum(following, rows["closed"])
    rows = rows.assign(until=until, comes_to_new=comes_to_new & (following <= rows["closed"]))
    rows = rows[~is_end & (rows["entered"] <= rows["closed"])]
    ends_won = rows["is_won"] & (rows["closed"] < FOREVER) & rows["deal_id"].ne(rows["deal_id"].shift(-1))
    is_left = rows["until"] < FOREVER
    rows = rows.assign(
        is_left=is_left,
        is_moved=is_left & (rows["comes_to_new"] | ends_won),
        opened=np.maximum(rows["entered"], rows["created"]),
        is_spanned=rows["is_dated"] & (rows["created"] > NO_DAY),
    )
    return pd.concat([rows, _before(rows, deals)], ignore_index=True)


def _before(stays: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Give the time of each deal before its first stay, in no stage; it is entered and left on no day."""
    first = deals["deal_id"].map(stays.groupby("deal_id")["entered"].min()).fillna(FOREVER)
    until = np.minimum(first, deals["closed"]).astype("int32")
    rows = deals[deals["is_dated"] & (deals["created"] > NO_DAY) & (deals["created"] < until)]
    return rows.assign(
        stage=None,
        entered=np.int32(FOREVER),
        opened=rows["created"],
        until=until[rows.index],
        is_left=False,
        is_moved=False,
        is_spanned=True,
    )


def _today(deals: pd.DataFrame) -> pd.DataFrame:
    """Give the stays of open deals in the stage of today, since nobody knows when.

    They are read on the newest day alone: on an earlier one, deals that were closed since would be lacking.
    """
    rows = deals[deals["is_open"] & (deals["created"] > NO_DAY)]
    ends = {"until": np.int32(FOREVER), "is_left": False, "is_moved": False, "is_spanned": True}
    return rows.assign(entered=rows["created"], opened=rows["created"], **ends)


def _days(dates: pd.Series) -> np.ndarray:
    days = pd.to_datetime(dates).to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), NO_DAY, days.astype("int64")).astype("int32")
