"""A plan: goals → objectives → targets, as `plan.yaml` holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, field_validator
from pydantic import ValidationInfo as Info

from kpikit.data.contract import DIMENSIONS
from kpikit.data.values import LARGEST
from kpikit.data.wording import retold
from kpikit.errors import UnknownNameError, cut, listing, suggest
from kpikit.periods import GRAINS, parse_date, parse_period

__all__ = ["Goal", "Objective", "Placed", "Plan", "Target", "Thresholds"]

BASELINES = ("previous", "same_period_last_year")
LEAST = 1e-9  # what is nearer to nothing is a slip of the pen, and nothing can be divided by it
_PERCENT = re.compile(r"\s*([+-]?[0-9]+(?:\.[0-9]+)?)\s*%\s*")


def _number(given: object) -> object:
    """Read a number, or a share written as 15%."""
    number = given
    if isinstance(given, str) and (percent := _PERCENT.fullmatch(given)):
        number = float(percent[1]) / 100
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, (int, float)) or number != number:
        raise ValueError("a plain number is expected, such as 15000, or 15% for a share")
    if abs(number) > LARGEST:
        raise ValueError(f"the number is too large. At most {LARGEST:,}")
    if number and abs(number) < LEAST:
        raise ValueError(f"the number is too near to zero. At least {LEAST:.9f}, or 0")
    return number


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    parts = (f"no {what} '{cut(name)}'.", suggest(name, known), f"Allowed: {listing(known)}")
    return " ".join(filter(None, parts))


def _day(given: object) -> object:
    return None if given is None else retold(lambda: parse_date(given))  # type: ignore[arg-type]


def _baseline(given: object) -> object:
    if given is None or given in BASELINES:
        return given
    if isinstance(given, str) and not _PERCENT.fullmatch(given):
        raise ValueError(f"{_unknown('baseline', given, BASELINES)}, or a number")
    return float(_number(given))  # type: ignore[arg-type]


def _label(given: object) -> str | None:
    if isinstance(given, (bool, dict, list)):
        raise ValueError("a label is a text; write it in quotes")
    return given.isoformat() if isinstance(given, date) else None if given is None else str(given)


def _scope(given: object) -> object:
    if not isinstance(given, dict):
        raise ValueError("a scope is a mapping of dimension to label or labels, such as {region: Bali}")
    for name, labels in given.items():
        if name not in DIMENSIONS:
            raise ValueError(_unknown("dimension", str(name), DIMENSIONS))
        if labels == []:
            raise ValueError(f"no label for {name}")
    return {n: tuple(_label(one) for one in (v if isinstance(v, list) else [v])) for n, v in given.items()}


Number = Annotated[float, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Thresholds(_Strict):
    """The standing from which a target is on pace, and from which it is behind; below that, at risk."""

    on_pace: Number = Field(1.0, gt=0)
    behind: Number = Field(0.9, gt=0)

    @field_validator("behind")
    @classmethod
    def _below(cls, behind: float, info: Info) -> float:
        if behind > info.data.get("on_pace", behind):
            raise ValueError("behind starts below on_pace")
        return behind


class Target(_Strict):
    """KPI + scope + period + what to reach + for whom (`per`) + how often (`every`) + the day it was set."""

    name: str = Field(min_length=1)
    kpi: str
    convention: str | None = None
    scope: Annotated[dict[str, tuple[str | None, ...]], BeforeValidator(_scope)] = Field(default_factory=dict)
    per: str | None = None
    level: Number | None = None
    growth: Number | None = None
    baseline: Annotated[Any, BeforeValidator(_baseline)] = None
    on: Literal["baseline", "last_actual"] | None = None
    origin: Number | None = Field(None, alias="from")
    to: Number | None = None
    from_quotas: bool = False
    set_on: Day
    period: str | None = None
    every: str | None = None
    until: Day | None = None
    currency: str | None = None
    description: str = ""

    @field_validator("per")
    @classmethod
    def _dimension(cls, per: str | None) -> str | None:
        if per is not None and per not in DIMENSIONS:
            raise ValueError(_unknown("dimension", per, DIMENSIONS))
        return per

    @field_validator("every", mode="before")
    @classmethod
    def _grain(cls, every: object) -> object:
        name = "_".join(every.lower().split()) if isinstance(every, str) else every
        if name is not None and name not in GRAINS:
            raise ValueError(_unknown("unit of time", str(every), GRAINS))
        return name

    @field_validator("period", mode="before")
    @classmethod
    def _period(cls, period: object, info: Info) -> object:
        if period is None:
            return None
        if isinstance(period, date):
            period = retold(lambda: parse_date(period)).isoformat()
        # The grammar alone is checked here: the calendar belongs to the dataset.
        read = retold(lambda: parse_period(period, info.data.get("set_on") or date(2026, 1, 1)))  # type: ignore[arg-type]
        if read.start is None:
            raise ValueError("all time is no period of a target; leave the period away to count from set_on")
        return str(period)


class Objective(_Strict):
    """A sales objective, with the KPIs that measure it and the targets that quantify it."""

    name: str = Field(min_length=1)
    description: str = ""
    kpis: list[str] = Field(default_factory=list)
    targets: list[Target] = Field(default_factory=list)


class Goal(_Strict):
    """What the business needs."""

    name: str = Field(min_length=1)
    description: str = ""
    objectives: list[Objective] = Field(default_factory=list)


class Placed(NamedTuple):
    """A target, with the goal and the objective that it hangs under."""

    goal: Goal
    objective: Objective
    target: Target


class Plan(_Strict):
    """Goals, objectives and targets of a company, checked.

    Read one with `read_plan`. `path` is its file, `dataset_path` the dataset that it names.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.targets import read_plan
    >>> plan = read_plan("data/samples/plan.yaml")
    >>> plan.days, plan.thresholds.behind, plan.dataset_path.name
    ('business', 0.9, 'dataset.yaml')
    """

    dataset: str | None = None
    currency: str | None = None
    days: Literal["business", "calendar"] = "business"
    thresholds: Thresholds = Thresholds()
    goals: list[Goal]

    _path: Path | None = PrivateAttr(None)
    _lines: dict[str, int] = PrivateAttr(default_factory=dict)

    @property
    def path(self) -> Path | None:
        """The file."""
        return self._path

    @property
    def dataset_path(self) -> Path | None:
        """The dataset that the plan names, relative to the plan."""
        if self.dataset is None:
            return None
        return Path(self.dataset) if self._path is None else self._path.parent / self.dataset

    @property
    def placed(self) -> list[Placed]:
        """All targets in order, each with its goal and objective."""
        return [Placed(g, o, t) for g in self.goals for o in g.objectives for t in o.targets]

    @property
    def target_names(self) -> list[str]:
        """The names of all targets in order."""
        return [one.target.name for one in self.placed]

    def choose(self, targets: str | list[str] | tuple[str, ...] | None) -> list[Placed]:
        """Give the targets of these names, in the plan's order; None gives all.

        Raises
        ------
        UnknownNameError
            If the plan has no target of a name.
        """
        names = self.target_names if targets is None else [targets] if isinstance(targets, str) else targets
        for name in names:
            if name not in self.target_names:
                known = self.target_names
                allowed, near = f"Targets: {listing(known)}", suggest(name, known)
                raise UnknownNameError("plan", f"no target '{name}'", allowed, near)
        return [one for one in self.placed if one.target.name in names]

    def where(self, target: Target) -> str:
        """Name file and line of a target."""
        file = self._path.name if self._path else "plan"
        return f"{file}, line {self._lines[target.name]}" if target.name in self._lines else file
