"""What the exercises of a lesson rest on: one company, its plan, a day, and how figures are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Any

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.kpis.catalog import find
from kpikit.kpis.measure import measure
from kpikit.language import day, percent, quantity, signed
from kpikit.periods import Period, is_complete, parse_period
from kpikit.selection import Selection
from kpikit.targets import Plan
from kpikit.targets.plan import Goal, Objective

__all__ = ["MONEY", "Setting"]

# What a company has for sales, the first that its tables give.
MONEY = ("revenue", "won_value")
LAST_YEAR = "same_period_last_year"


@dataclass(frozen=True)
class Setting:
    """A company and its plan, as known on a day; figures are measured once and written in its language."""

    dataset: Dataset
    plan: Plan | None
    chosen: Selection

    @property
    def as_of(self) -> date:
        """The day on which all is judged."""
        return self.chosen.day(self.dataset)

    @cached_property
    def period(self) -> Period:
        """The period that is looked back on."""
        return self.chosen.span(self.dataset)

    @property
    def is_past(self) -> bool:
        """Whether that period has an end, and it has passed."""
        return self.period.start is not None and is_complete(self.period, self.as_of)

    @property
    def today(self) -> str:
        """The as-of date, written."""
        return self.day(self.as_of)

    def day(self, value: date) -> str:
        """Write a day."""
        return day(value, self.chosen.language)

    @cached_property
    def money(self) -> str:
        """The KPI that tells what was sold: revenue, or the value won where there are deals alone."""
        told = self.measure(list(MONEY), period="last 365 days")
        known = told[told["value"].notna()]["kpi"]
        return str(known.iloc[0]) if len(known) else MONEY[0]

    @property
    def sold(self) -> str:
        """That KPI within a sentence."""
        return self.money.replace("_", " ")

    def measure(self, kpis: str | Sequence[str], **asked: Any) -> pd.DataFrame:
        """Measure KPIs, as of the day."""
        return measure(self.dataset, kpis, as_of=self.as_of, **asked)

    @cached_property
    def last(self) -> dict[str, float | None]:
        """What was sold in the period by the whole company, before it, and a year before."""
        names = {"previous": "before", LAST_YEAR: "year_before"}
        told: dict[str, float | None] = {}
        for how, name in names.items():
            row = self.measure(self.money, period=self.period, compare=how).iloc[0]
            told |= {"value": number(row["value"]), name: number(row["reference"])}
        return told

    def write(self, value: Any, kpi: str) -> str:
        """Write a value of a KPI in its unit."""
        return self.in_unit(number(value), find(kpi).unit)

    def in_unit(self, value: float | None, unit: str) -> str:
        """Write a value in a unit."""
        currency = self.dataset.settings.currency or ""
        return quantity(value, unit, currency=currency, language=self.chosen.language)

    def share(self, value: Any, places: int = 0) -> str:
        """Write a share in per cent."""
        return percent(number(value), self.chosen.language, places)

    def change(self, value: Any) -> str:
        """Write a change with its sign."""
        return signed(number(value), partial(percent, language=self.chosen.language))

    def next_period(self, text: str) -> Period:
        """Read a period such as `next quarter`."""
        return parse_period(text, self.as_of, self.dataset.calendar)

    def objective(self, kpi: str, otherwise: Mapping[str, Any]) -> tuple[Goal, Objective]:
        """Find the objective of the plan that lists a KPI; without one, take the lesson's own."""
        for goal in self.plan.goals if self.plan else []:
            for one in goal.objectives:
                if kpi in one.kpis:
                    return goal, one
        goal = Goal.model_validate(otherwise)
        return goal, goal.objectives[0]


def number(value: Any) -> float | None:
    """Give a figure as a number, or None where there is none."""
    return None if value is None or pd.isna(value) else float(value)
