"""Who was on the team on which day, so that months of joining and leaving are pro-rated by working days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from kpikit.data.dataset import Dataset
from kpikit.kpis.members import Members
from kpikit.periods import Period, unit_of

__all__ = ["Staff", "Worked"]

Where = tuple[tuple[str, tuple[str | None, ...]], ...]


@dataclass(frozen=True)
class Worked:
    """The days of a member within a period, each as (so far, all), and the business days of the period."""

    calendar: tuple[int, int]
    business: tuple[int, int]
    of_business: int

    @property
    def is_whole(self) -> bool:
        """Whether no working day is missing."""
        return self.business[1] == self.of_business

    @property
    def share(self) -> float:
        """The share of the period's business days, or 1 where the period has none."""
        return self.business[1] / self.of_business if self.of_business else 1.0


class Staff:
    """The members of a dataset within a scope, as known on a day."""

    def __init__(self, dataset: Dataset, as_of: date, where: Where) -> None:
        self._members = Members(dataset, as_of, where)
        self._known = set(Members(dataset).labels("rep"))
        self._calendar, self._as_of = dataset.calendar, as_of
        self._days: dict[tuple[date, date], tuple[np.ndarray, np.ndarray]] = {}

    def present(self, dimension: str, period: Period) -> list[str]:
        """List the labels of a dimension that have a member on at least one day of a period."""
        reps = self._members.reps
        if dimension not in reps:
            return []
        is_there = self._members.employment([period])[:, 0]
        return sorted({str(label) for label in reps[dimension][is_there].dropna()})

    def worked(self, label: str, period: Period) -> Worked | None:
        """Count the days of a rep within a period; None for a rep whom no table knows."""
        if label not in self._known or period.start is None:
            return None
        start, end = period.start, period.end
        if (start, end) not in self._days:
            days = [start + timedelta(ahead) for ahead in range((end - start).days + 1)]
            there = self._members.employment([unit_of(day, "day") for day in days])
            self._days[start, end] = there, np.array([self._calendar.is_business_day(day) for day in days])
        there, is_business = self._days[start, end]
        own = self._stints(label)
        is_there = there[own].any(axis=0) if own else np.zeros(len(is_business), dtype=bool)
        past = slice(0, max((min(end, self._as_of) - start).days + 1, 0))
        return Worked(
            (int(is_there[past].sum()), int(is_there.sum())),
            (int((is_there & is_business)[past].sum()), int((is_there & is_business).sum())),
            int(is_business.sum()),
        )

    def _stints(self, label: str) -> Sequence[int]:
        return [row for row, name in enumerate(self._members.reps["rep"]) if name == label]
