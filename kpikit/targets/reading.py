"""Read figures for targets: one KPI over some periods, by one dimension or for all, within a scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from kpikit.data.dataset import Dataset
from kpikit.errors import KpikitError, PlanError
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.measure import ask
from kpikit.kpis.tabulating import Asked, read_where, tabulate
from kpikit.periods import Period
from kpikit.targets.plan import Plan, Target
from kpikit.targets.proration import Where

__all__ = ["Figure", "Question", "Reading", "narrow", "question", "read"]

# Dimensions that choose among members without splitting what one of them does.
_CHOOSES = {"rep": ("rep", "team", "manager", "role")}


@dataclass(frozen=True)
class Question:
    """What a target asks of the data: a KPI within a scope, by `per`; `part` names a narrower scope."""

    asked: Asked
    where: Where
    per: str | None
    part: str = ""


@dataclass(frozen=True)
class Figure:
    """One value with its `n`, and whether its group is to be shown; None for what is not known."""

    value: float | None
    n: int | None
    is_shown: bool


@dataclass(frozen=True)
class Reading:
    """Figures by label (None: rows without one; "": no `per`) and period, and what is to be said."""

    labels: list[str | None]
    figures: dict[tuple[str | None, Period], Figure] = field(default_factory=dict)
    notes: dict[Period, str] = field(default_factory=dict)
    missing: str = ""


def question(dataset: Dataset, plan: Plan, target: Target, per: str | None) -> Question:
    """Check a target against the data: its currency, and the labels of its scope.

    Raises
    ------
    PlanError
        With the target's line.
    """
    ours = dataset.settings.currency
    for currency in (plan.currency, target.currency):
        if currency is not None and currency != ours:
            fault = f"target '{target.name}': its currency is {currency}, and the dataset's is {ours}"
            raise PlanError(plan.where(target), fault, "", f"give the amounts in {ours}")
    name = target.kpi if target.convention is None else f"{target.kpi}:{target.convention}"
    try:
        return Question(ask(name), read_where(dataset, target.scope), per)
    except KpikitError as error:
        fault = f"target '{target.name}': {error.fault}"
        raise PlanError(plan.where(target), fault, error.allowed, error.hint) from None


def narrow(dataset: Dataset, asked: Question, where: Mapping[str, object] | None) -> Question | None:
    """Narrow a question to a scope; None if the target has no part in it.

    Labels of the dimension by which a target is set, or that choose among its members, leave the target what
    it is. Any other scope leaves a part of what the target is for.
    """
    scope, part = dict(asked.where), []
    for name, labels in read_where(dataset, where):
        own = scope.get(name)
        scope[name] = labels if own is None else tuple(one for one in own if one in labels)
        if not scope[name]:
            return None
        is_whole = own is not None and set(scope[name]) == set(own)
        if not is_whole and name not in _CHOOSES.get(asked.per or "", (asked.per,)):
            part.append(f"{name} {', '.join(one or f'no {name}' for one in scope[name])}")
    return Question(asked.asked, tuple(sorted(scope.items())), asked.per, "; ".join(part))


def read(dataset: Dataset, asked: Question, periods: Sequence[Period], as_of: date) -> Reading:
    """Measure a question over periods."""
    every = list(dict.fromkeys(periods))
    by = () if asked.per is None else (asked.per,)
    # A group of a dimension without members of its own shows up only by its rows: a year is looked back for
    # groups that have none yet in the period, so that a target which nobody works on does not go unseen.
    extra = [_year_before(every, as_of)] if by and asked.per not in MEMBER_DIMENSIONS else []
    grid = tabulate(dataset, [asked.asked], [*every, *extra], by, asked.where, as_of)
    labels = [key[0] if by else "" for key in grid.keys]
    found = Reading(labels, notes=dict(zip(every, grid.notes[0], strict=False)), missing=grid.missing[0])
    for row, label in enumerate(labels):
        for column, period in enumerate(every):
            value, n = grid.value[0][row, column], grid.n[0][row, column]
            found.figures[label, period] = Figure(
                None if value != value else float(value),
                None if n != n else int(n),
                bool(grid.is_shown[row, column]),
            )
    return found


def _year_before(periods: Sequence[Period], as_of: date) -> Period:
    first = min(as_of, *(p.start for p in periods if p.start is not None))
    start = date.fromordinal(first.toordinal() - 365)
    return Period(f"{start}/{as_of}", start, as_of, "range")
