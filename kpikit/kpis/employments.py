"""Who was employed from when until when: what headcounts are read from."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kpikit.data.frames import FOREVER, NO_DAY, ROW, Frame
from kpikit.data.frames_open import wrap
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.members import Members

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["employment_facts"]


def employment_facts(dataset: Dataset, facts: Callable[[str], Frame]) -> Frame:
    """One row for each stint of a member: from `start` to before `until`, of the team of that time."""
    reps = Members(dataset).reps
    first = reps[["hired_on", "valid_from"]].max(axis=1)
    last = reps[["left_on", "valid_to"]].min(axis=1)
    stints = pd.DataFrame(
        {
            # Who was never hired has always been there.
            "start": _days(first, NO_DAY + 1),
            "until": _days(last, FOREVER - 1) + np.int32(1),
            **{name: reps[name].to_numpy() for name in (*MEMBER_DIMENSIONS, "region", ROW) if name in reps},
        }
    )
    rows: Frame = wrap(stints)
    for name in (*MEMBER_DIMENSIONS, "region"):
        rows = rows.label(name, name) if name in stints else rows
    return rows


def _days(dates: pd.Series, missing: int) -> np.ndarray:
    days = dates.to_numpy().astype("datetime64[D]")
    return np.where(np.isnat(days), missing, days.astype("int64")).astype("int32")
