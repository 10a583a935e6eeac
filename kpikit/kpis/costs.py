"""Spend by day: a month's cost is spread over its days, so that a part of a month carries its part."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpikit.data.frames import NO_DAY, ROW, SCALE, Frame
from kpikit.data.frames_open import wrap

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["cost_facts"]


def cost_facts(dataset: Dataset, facts: Callable[[str], Frame]) -> Frame:
    """Costs by day; days 1 to k of a month of n days carry floor(amount · k / n) of its smallest parts."""
    costs = dataset.small("costs")
    dated = costs["month"].notna().to_numpy()
    start = pd.to_datetime(costs["month"]).dt.to_period("M")
    # A cost without a month is one row without a date.
    length = np.where(dated, start.dt.days_in_month.fillna(1), 1).astype(int)
    first = start.dt.to_timestamp().to_numpy().astype("datetime64[D]").astype("int64")
    row = np.repeat(np.arange(len(costs)), length)
    day = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    amount = costs["amount"].to_numpy(dtype=float)
    parts = np.floor(np.nan_to_num(amount) * SCALE + 0.5).astype("int64")[row]
    facts = pd.DataFrame(
        {
            "day": np.where(dated[row], first[row] + day, NO_DAY).astype("int32"),
            "amount": _share(parts, day + 1, length[row]) - _share(parts, day, length[row]),
            "has_amount": ~np.isnan(amount)[row],
        }
    )
    if ROW in costs:
        facts[ROW] = costs[ROW].to_numpy()[row]
    rows: Frame = wrap(facts)
    for name in ("channel", "region"):
        if name in costs:
            named = costs[name].to_numpy()[row]
            rows = wrap(rows.to_pandas().assign(**{name: named})).label(name, name)
    return rows


def _share(parts: np.ndarray, day: np.ndarray, length: np.ndarray) -> np.ndarray:
    """Give floor(parts · day / length) without leaving 64 bits: the whole months apart from the rest."""
    return parts // length * day + parts % length * day // length
