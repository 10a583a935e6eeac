"""Facts of conversations: when they started, whether and after how many working minutes somebody replied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpikit.data.engines import to_pandas
from kpikit.data.frames import NO_DAY, Frame, col, lit, when
from kpikit.data.frames_open import wrap_like
from kpikit.kpis.belongings import belongings, tidy
from kpikit.kpis.hours import MINUTES_A_DAY, business_minutes

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["DUE", "QUICK_HOURS", "conversation_facts", "is_unripe", "waited"]

QUICK_HOURS = (1, 8)
"""Within so many business hours a reply is quick: an hour, or a working day of eight."""
DUE = {f"is_due_in_{hours}": hours for hours in QUICK_HOURS}
"""The markers of what is answered or has waited for so many hours, so that it can be judged."""


def conversation_facts(dataset: Dataset, facts: Callable[[str], Frame]) -> Frame:
    """One row for each conversation: `started` and `replied` as days, `reply_minutes`, and whose it is.

    `clock` is the working minute of its start, from which the wait of who has no reply is counted.
    """
    native = dataset.tables["conversations"]
    talks = to_pandas(native)
    began, has_began = _minutes(talks["started_at"])
    replies = talks.get("first_reply_at", pd.Series(pd.NaT, index=talks.index))
    reply, has_reply = _minutes(replies)
    clock, answered = (business_minutes(dataset, moments) for moments in (began, reply))
    counted = has_began & (~has_reply | (reply >= began))
    minutes = np.where(has_reply & counted, answered - clock, 0)
    is_timed = has_reply & counted
    quick = {f"is_answered_in_{hours}": is_timed & (minutes <= 60 * hours) for hours in QUICK_HOURS}
    made = talks.assign(
        started=np.where(has_began, began // MINUTES_A_DAY, NO_DAY).astype("int32"),
        replied=np.where(has_reply, reply // MINUTES_A_DAY, NO_DAY).astype("int32"),
        reply_minutes=minutes,
        clock=clock,
        is_answered=has_reply,
        is_timed=is_timed,
        is_waiting=counted,
        **quick,
    )
    rows = wrap_like(made, native, lazy=dataset.is_lazy)
    rows = belongings(dataset, rows, "started")
    numbers = ["reply_minutes", "clock", "is_answered", "is_timed", "is_waiting", *quick]
    return tidy(rows, ["conversation_id", "started", "replied", *numbers])


def waited(dataset: Dataset, rows: Frame, as_of: int) -> Frame:
    """Add how long was waited by the end of a day, as `waited_minutes` and as the markers of `DUE`.

    A reply that is known on that day ends the wait. What has no start cannot be said to have had its time.
    """
    now = _clock_after(dataset, as_of)
    is_known = col("is_answered") & (col("replied") <= as_of)
    wait = when(is_known).then(col("reply_minutes")).otherwise(lit(now) - col("clock"))
    due = {flag: is_known | (col("is_waiting") & (lit(now) - col("clock") >= 60 * hours))
           for flag, hours in DUE.items()}  # fmt: skip
    return rows.with_columns(waited_minutes=wait).flag(**due)


def is_unripe(dataset: Dataset, day: int, as_of: int, hours: int) -> bool:
    """Tell whether what starts last on a day has waited less than some hours when the as-of date ends."""
    return _clock_after(dataset, as_of) - _clock_after(dataset, day) < 60 * hours


def _clock_after(dataset: Dataset, day: int) -> int:
    """Give the working minute in which a day ends."""
    return int(business_minutes(dataset, np.array([(day + 1) * MINUTES_A_DAY]))[0])


def _minutes(moments: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give moments as whole minutes since 1970-01-01, and which of them there are."""
    there = pd.to_datetime(moments).to_numpy().astype("datetime64[m]")
    return np.where(np.isnat(there), 0, there.astype("int64")), ~np.isnat(there)
