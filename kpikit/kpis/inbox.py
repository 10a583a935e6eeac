"""Conversations one by one, as known on a day: when they come, and what became of their deals."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.data.engines import to_pandas
from kpikit.data.frames import NO_DAY, Frame, col, day_number, text_labels
from kpikit.errors import NotAvailableError
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.credits import credited
from kpikit.kpis.facts import facts_of
from kpikit.kpis.formulas import ratio
from kpikit.kpis.replies import QUICK_HOURS
from kpikit.kpis.tabulating import read_where, window_of
from kpikit.periods import Period

__all__ = ["BANDS", "arrivals", "inbox", "is_in_hours", "won_by_wait"]

BANDS = ("within an hour", "within eight hours", "later", "not answered")
"""How soon a conversation was answered, by `QUICK_HOURS`: business hours, where the company names them."""
Z = 1.959963984540054  # of the standard normal distribution, for 95%


def inbox(
    dataset: Dataset, period: Period, *, where: Mapping[str, object] | None = None, as_of: date
) -> pd.DataFrame:
    """List the conversations that started in a period.

    Parameters
    ----------
    dataset
        The tables.
    period, where, as_of
        As in `measure`.

    Returns
    -------
    pandas.DataFrame
        One row for each, by their start: `conversation_id`, `started_at`, `channel`, `rep`, `deal_id`,
        `is_answered` (by the as-of date), `hours` until the reply (business hours where the company names
        them; null without a reply, or with one from before the start) and `band` (one of `BANDS`; null where
        the hours of a reply are not known).

    Raises
    ------
    NotAvailableError
        If there is no table of conversations, it does not tell replies, or it cannot be kept to the scope.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.inbox import inbox
    >>> from kpikit.periods import parse_period
    >>> sales = kp.load("data/samples")
    >>> talks = inbox(sales, parse_period("2026-Q3", sales.as_of), as_of=sales.as_of)
    >>> len(talks), int(talks["is_answered"].sum())
    (415, 388)
    """
    facts = facts_of(dataset, "conversations")
    if not dataset.has("conversations", "first_reply_at"):
        raise NotAvailableError("conversations", "conversations.first_reply_at is missing")
    begin, end = window_of(period, as_of)
    is_inside = (col("started") >= max(begin, NO_DAY + 1)) & (col("started") <= end)
    rows = _kept(dataset, facts.flag(inside=is_inside).filter("inside"), where, "conversations")
    known = to_pandas(dataset.tables["conversations"])
    taken = ["conversation_id", "started_at", *(["deal_id"] if "deal_id" in known else [])]
    rows = rows.merge(known[taken].drop_duplicates("conversation_id"), on="conversation_id", how="left")
    is_known = rows["is_answered"].to_numpy(bool) & (rows["replied"].to_numpy() <= day_number(as_of))
    is_timed = is_known & rows["is_timed"].to_numpy(bool)
    hours = np.where(is_timed, rows["reply_minutes"].to_numpy(float) / 60, np.nan)
    quick, soon = QUICK_HOURS
    bands = np.select([~is_known, ~is_timed, hours <= quick, hours <= soon],
                      [BANDS[3], "", BANDS[0], BANDS[1]], BANDS[2])  # fmt: skip
    told = pd.DataFrame(
        {
            "conversation_id": rows["conversation_id"].astype(str),
            "started_at": pd.to_datetime(rows["started_at"]),
            "channel": text_labels(rows["channel"].astype(object)),
            "rep": text_labels(rows["rep"].astype(object)) if "rep" in rows else None,
            "deal_id": text_labels(rows["deal_id"].astype(object)) if "deal_id" in rows else None,
            "is_answered": is_known,
            "hours": hours,
            "band": pd.Series(bands, dtype=object).where(bands != "", None),
        }
    )
    return told.sort_values(["started_at", "conversation_id"], ignore_index=True)


def is_in_hours(dataset: Dataset, moments: pd.Series) -> np.ndarray:
    """Tell which moments fall into the business hours; all of them where the company names none.

    Examples
    --------
    >>> import pandas as pd
    >>> import kpikit as kp
    >>> from kpikit.kpis.inbox import is_in_hours
    >>> moments = pd.Series(pd.to_datetime(["2026-09-11 16:59", "2026-09-11 17:00", "2026-09-12 10:00"]))
    >>> is_in_hours(kp.load("data/samples"), moments).tolist()
    [True, False, False]
    """
    hours = dataset.settings.business_hours
    if hours is None:
        return np.ones(len(moments), dtype=bool)
    known, place = np.unique(moments.dt.date.to_numpy(), return_inverse=True)
    is_worked = np.array([dataset.calendar.is_business_day(one) for one in known], dtype=bool)
    minutes = moments.dt.hour.to_numpy() * 60 + moments.dt.minute.to_numpy()
    opens, closes = (60 * one.hour + one.minute for one in (hours.start, hours.end))
    at_work = (minutes >= opens) & (minutes < closes)
    return at_work & is_worked[place] if len(known) else at_work


def arrivals(dataset: Dataset, talks: pd.DataFrame) -> pd.DataFrame:
    """Count conversations by weekday and hour of their start.

    Parameters
    ----------
    dataset
        The tables, whose settings give business hours, holidays and the first day of the week.
    talks
        What `inbox` gives.

    Returns
    -------
    pandas.DataFrame
        `weekday` (0 is Monday), `hour` (0 to 23), `value` (how many started), `in_hours` (how many of them in
        business hours) and `unanswered`; only where there is one, in the order of weekday and hour.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.inbox import arrivals, inbox
    >>> from kpikit.periods import parse_period
    >>> sales = kp.load("data/samples")
    >>> found = arrivals(sales, inbox(sales, parse_period("2026-Q3", sales.as_of), as_of=sales.as_of))
    >>> int(found["value"].sum())
    415
    """
    moments = talks["started_at"]
    rows = pd.DataFrame({"weekday": moments.dt.day_of_week, "hour": moments.dt.hour, "value": 1,
                         "in_hours": is_in_hours(dataset, moments).astype(int),
                         "unanswered": (~talks["is_answered"].astype(bool)).astype(int)})  # fmt: skip
    return rows.groupby(["weekday", "hour"], as_index=False)[["value", "in_hours", "unanswered"]].sum()


def won_by_wait(
    dataset: Dataset, period: Period, *, where: Mapping[str, object] | None = None, as_of: date
) -> pd.DataFrame:
    """Give the win rate of the deals closed in a period, by how soon their first conversation was answered.

    The deals are those of `win_rate`, by closing date, that a conversation is about which began by their
    closing. A deal that several share counts once.

    Parameters
    ----------
    dataset, period, where, as_of
        As in `inbox`; the scope is that of the deals.

    Returns
    -------
    pandas.DataFrame
        One row for each of `BANDS`: `band`, `won`, `n` (won or lost), `value` (won ÷ n; null without deals),
        and `low` and `high`, between which the rate lies with 95% confidence.

    References
    ----------
    The interval is Wilson's score interval: Newcombe, Two-sided confidence intervals for the single
    proportion, Statistics in Medicine 17, 1998, method 3.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.inbox import won_by_wait
    >>> from kpikit.periods import parse_period
    >>> sales = kp.load("data/samples")
    >>> found = won_by_wait(sales, parse_period("2025", sales.as_of), as_of=sales.as_of)
    >>> list(found["band"])
    ['within an hour', 'within eight hours', 'later', 'not answered']
    """
    facts_of(dataset, "conversations")
    if not dataset.has("conversations", "deal_id"):
        raise NotAvailableError("conversations", "conversations.deal_id is missing")
    if not dataset.has("deals", "closed_on"):
        raise NotAvailableError("deals", "deals.closed_on is missing")
    ever = inbox(dataset, Period("all time", None, as_of, "all"), as_of=as_of)
    first = ever[ever["deal_id"].notna()].drop_duplicates("deal_id").astype({"deal_id": object})
    begin, end = window_of(period, as_of)
    is_of_members = bool(set(where or ()) & set(MEMBER_DIMENSIONS))
    facts = facts_of(dataset, credited(dataset, "deals") if is_of_members else "deals")
    is_inside = col("is_closed") & (col("closed") >= max(begin, NO_DAY + 1)) & (col("closed") <= end)
    deals = _kept(dataset, facts.flag(inside=is_inside).filter("inside"), where, "deals")
    # Of no deals, too, the ids are texts: pandas would take an empty list for numbers.
    ids = pd.Series(text_labels(deals["deal_id"].astype(object)), deals.index, dtype=object)
    deals = deals.assign(deal_id=ids).drop_duplicates("deal_id")
    both = deals[["deal_id", "closed", "is_won"]].merge(first, on="deal_id")
    started = both["started_at"].to_numpy().astype("datetime64[D]").astype("int64")
    both = both[(started <= both["closed"].to_numpy()) & both["band"].notna()]
    won = both.groupby("band")["is_won"].agg(["sum", "count"]).reindex(list(BANDS), fill_value=0)
    counts, n = won["sum"].to_numpy(float), won["count"].to_numpy(float)
    low, high = _wilson(counts, n)
    return pd.DataFrame({"band": list(BANDS), "won": counts.astype(int), "n": n.astype(int),
                         "value": ratio(counts, n), "low": low, "high": high})  # fmt: skip


def _wilson(won: np.ndarray, n: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the bounds between which a share lies with 95% confidence; null without rows."""
    share = ratio(won, n)
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (2 * n * share + Z**2) / (2 * (n + Z**2))
        half = Z * np.sqrt(Z**2 + 4 * n * share * (1 - share)) / (2 * (n + Z**2))
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def _kept(dataset: Dataset, rows: Frame, where: Mapping[str, object] | None, table: str) -> pd.DataFrame:
    """Bring the rows of a scope to pandas."""
    found = rows.to_pandas()
    for name, labels in read_where(dataset, where):
        if name not in found:
            raise NotAvailableError(table, f"{table} has no {name}")
        told = pd.Series(text_labels(found[name].astype(object)), index=found.index, dtype=object)
        found = found[
            told.isin([one for one in labels if one is not None]) | (told.isna() if None in labels else False)
        ]
    return found.reset_index(drop=True)
