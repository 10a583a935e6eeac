"""Spend by day: a month's cost is spread over its days, so that a part of a month carries its part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpikit.data.frames import SCALE, Frame, wrap

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["cost_facts"]


def cost_facts(dataset: Dataset) -> Frame:
    """Costs by day; days 1 to k of a month of n days carry floor(amount · k / n) of its smallest parts."""
    costs = dataset.small("costs")
    costs = costs[costs["month"].notna() & costs["amount"].notna()]
    start = pd.to_datetime(costs["month"]).dt.to_period("M")
    length = start.dt.days_in_month.to_numpy(dtype=int)
    first = start.dt.to_timestamp().to_numpy().astype("datetime64[D]").astype("int64")
    parts = np.floor(costs["amount"].to_numpy(dtype=float) * SCALE + 0.5).astype("int64")
    row = np.repeat(np.arange(len(costs)), length)
    day = np.arange(len(row)) - np.repeat(np.cumsum(length) - length, length)
    # Python's integers, as amount · k could leave 64 bits for amounts beyond 10^13.
    upto = np.array([int(p) * (int(k) + 1) // int(n) for p, k, n in zip(parts[row], day, length[row], strict=True)])
    before = np.array([int(p) * int(k) // int(n) for p, k, n in zip(parts[row], day, length[row], strict=True)])
    facts = pd.DataFrame(
        {
            "day": (first[row] + day).astype("int32"),
            "amount": (upto - before).astype("int64"),
            "has_amount": np.ones(len(row), dtype=bool),
        }
    )
    rows: Frame = wrap(facts)
    for name in ("channel", "region"):
        if name in costs:
            named = costs[name].to_numpy()[row]
            rows = wrap(rows.to_pandas().assign(**{name: named})).label(name, name)
    return rows
