"""What growth is told from: a figure frozen on the last day of its period, provisional until then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kpikit.data.dataset import Dataset
from kpikit.data.values import LARGEST
from kpikit.errors import PeriodError
from kpikit.periods import Period, compare
from kpikit.targets.occurrences import Occurrence
from kpikit.targets.plan import Target
from kpikit.targets.reading import Question, Reading, read

__all__ = ["Base", "Baselines"]


@dataclass(frozen=True)
class Base:
    """The baseline of one occurrence, what is to be reached from it, and what is to be said about it."""

    baseline: float | None
    target_value: float | None
    note: str = ""


class Baselines:
    """The baselines of a target with growth, by occurrence and member.

    With `every`, growth is a fixed path: the k-th occurrence asks for baseline × (1 + growth)^k, where the
    baseline is that of the first occurrence; `on: last_actual` takes the occurrence before instead, and
    `same_period_last_year` each occurrence's own.
    """

    def __init__(
        self, dataset: Dataset, target: Target, asked: Question, found: Sequence[Occurrence], as_of: date
    ) -> None:
        self._target, self._as_of = target, as_of
        self._unit = asked.asked.kpi.unit
        self._first = found[0] if found else None
        self._periods = {one: self._period(one, dataset) for one in found}
        # Frozen is what was known on the last day of the period, so each has an as-of date of its own.
        self._readings: dict[Period, Reading] = {
            period: read(dataset, asked, [period], min(as_of, period.end))
            for period in dict.fromkeys(self._periods.values())
            if period is not None
        }

    def _period(self, one: Occurrence, dataset: Dataset) -> Period | None:
        how = self._target.baseline or "previous"
        is_path = self._target.on != "last_actual" and how == "previous"
        origin = self._first if is_path else one
        if isinstance(how, float) or origin is None or origin.period is None:
            return None
        try:
            return compare(origin.period, how, self._as_of, dataset.calendar)
        except PeriodError:  # before the first year that is read
            return None

    def of(self, one: Occurrence, label: str | None) -> Base:
        """Give the baseline of an occurrence for a member."""
        growth, how = self._target.growth or 0.0, self._target.baseline or "previous"
        is_path = self._target.on != "last_actual" and how != "same_period_last_year"
        steps = one.number if is_path else 1
        if isinstance(how, float):
            return self._grown(how, growth, steps)
        period = self._periods[one]
        if period is None:
            return Base(None, None, "no baseline")
        reading = self._readings[period]
        figure = reading.figures.get((label, period))
        if figure is None or figure.value is None:
            reason = reading.missing or reading.notes.get(period, "") or "no rows"
            return Base(None, None, f"no baseline: {reason} ({period.label})")
        if figure.value <= 0:
            return Base(figure.value, None, f"the baseline of {period.label} is not positive")
        note = f"baseline provisional until {period.end}" if period.end > self._as_of else ""
        return self._grown(figure.value, growth, steps, note)

    def _grown(self, baseline: float, growth: float, steps: int, note: str = "") -> Base:
        """Give what a baseline grows to; growth on growth leaves all measure in the end."""
        try:
            value = baseline * (1 + growth) ** steps
        except OverflowError:
            value = float("inf")
        if value > LARGEST:
            return Base(
                baseline, None, f"no target: {steps} times growth of {growth:,.0%} is beyond all measure"
            )
        return Base(baseline, tidy(value, self._unit), note)


def tidy(value: float, unit: str) -> float:
    """Round money to 4 decimals, as its sums are exact to."""
    return round(value, 4) if unit == "money" else value
