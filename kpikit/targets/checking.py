"""Read `plan.yaml`, and tell all its faults at once, each with its line."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kpikit.calendars import Calendar
from kpikit.data.documents import Document, check, read_document
from kpikit.errors import KpikitError, PeriodError, PlanError, UnknownNameError, demand, listing, suggest
from kpikit.kpis import catalog
from kpikit.kpis.card import KPI
from kpikit.targets.occurrences import occurrences
from kpikit.targets.plan import Plan, Target

__all__ = ["read_plan"]

Place = tuple[Any, ...]
Fault = tuple[str, str, str, str]  # the entry at fault, the fault, what is allowed, a hint
MOST_FOLD = 1e6  # what a year of growth may multiply a figure by
# Occurrences in a year.
TIMES = {"day": 365, "week": 52, "month": 12, "quarter": 4, "half": 2, "year": 1}
WAYS = ("level", "growth", "from + to", "from_quotas")


def read_plan(path: str | Path) -> Plan:
    """Read and check a plan.

    Parameters
    ----------
    path
        The YAML file. Own KPIs that it uses are registered before.

    Returns
    -------
    Plan
        The checked plan.

    Raises
    ------
    PlanError
        With every fault, its line and a hint.

    Examples
    --------
    >>> from kpikit.targets import read_plan
    >>> plan = read_plan("data/samples/plan.yaml")
    >>> plan.placed[0].target.kpi
    'revenue'
    """
    demand("read_plan", path=(path, (str, Path), "A file such as plan.yaml"))
    document = read_document(path, PlanError)
    told: list[str] = []
    try:
        plan = check(Plan, document, PlanError)
    except PlanError as error:
        lines = error.fault.split("\n")
        told += lines[1:] or [str(error)]
    told += [str(PlanError(document.where(place), *fault)) for place, fault in _meaning(document)]
    if len(told) == 1:
        where, _, rest = told[0].partition(": ")
        raise PlanError(where, rest)
    if told:
        many = "\n".join(sorted(told, key=_line))
        raise PlanError(document.path.name, f"{len(told)} faults\n{many}")
    plan._path = document.path
    for place, target in _targets(document):
        if target is not None:
            plan._lines[target.name] = document.line(place)
    return plan


def _line(text: str) -> int:
    found = re.search(r", line ([0-9]+)", text)
    return int(found[1]) if found else 0


def _children(value: Any, key: str, place: Place) -> Iterator[tuple[Place, Any]]:
    """The mappings of a list below a key, whatever else is wrong there."""
    many = value.get(key) if isinstance(value, dict) else None
    for number, one in enumerate(many if isinstance(many, list) else []):
        if isinstance(one, dict):
            yield (*place, key, number), one


def _targets(document: Document) -> Iterator[tuple[Place, Target | None]]:
    for goal_at, goal in _children(document.data, "goals", ()):
        for objective_at, objective in _children(goal, "objectives", goal_at):
            for place, raw in _children(objective, "targets", objective_at):
                try:
                    yield place, Target.model_validate(raw)
                except ValidationError:  # told with the structure
                    yield place, None


def _meaning(document: Document) -> Iterator[tuple[Place, tuple[str, str, str]]]:
    """What the types of the entries cannot tell."""
    for goal_at, goal in _children(document.data, "goals", ()):
        for place, objective in _children(goal, "objectives", goal_at):
            kpis = objective.get("kpis")
            for number, name in enumerate(kpis if isinstance(kpis, list) else []):
                if isinstance(name, str) and name not in catalog.names():
                    yield (*place, "kpis", number), _unknown_kpi(name)
    first: dict[str, int] = {}
    for place, target in _targets(document):
        raw = _at(document.data, place)
        name = raw.get("name")
        if isinstance(name, str):
            if name in first:
                fault = f"target '{name}' stands twice (first on line {first[name]})"
                yield (*place, "name"), (fault, "", "give each target a name of its own")
            first.setdefault(name, document.line(place))
        if target is not None:
            for key, fault, allowed, hint in _faults(target, raw):
                yield (*place, key) if key else place, (f"target '{target.name}': {fault}", allowed, hint)


def _at(data: Any, place: Place) -> dict[str, Any]:
    for step in place:
        data = data[step]
    return data


def _unknown_kpi(name: str) -> tuple[str, str, str]:
    known = catalog.names()
    hint = suggest(name, known) or "register a KPI of your own before the plan is read"
    if ":" in name:
        hint = f"write {name.partition(':')[0]}, and convention: {name.partition(':')[2]}"
    return f"no KPI '{name}'", f"KPIs: {listing(known, 40)}", hint


def _faults(target: Target, raw: dict[str, Any]) -> Iterator[Fault]:
    yield from _ways(target)
    yield from _times(target)
    try:
        kpi = catalog.find(target.kpi)
    except UnknownNameError:
        yield "kpi", *_unknown_kpi(target.kpi)
        return
    yield from _numbers(target, raw, kpi)
    if target.convention is not None:
        try:
            kpi.under(target.convention)
        except KpikitError as error:
            yield "convention", f"{kpi.name} has {error.fault}", error.allowed, error.hint
    elif kpi.under(None)[1] is None:
        names = kpi.convention_names
        hint = f"write convention: {names[0]}"
        yield "", f"{kpi.name} has no default convention", f"Conventions: {listing(names)}", hint


def _ways(target: Target) -> Iterator[Fault]:
    """Exactly one way to say what is to be reached, and only the entries that belong to it."""
    has_way = (
        target.level is not None,
        target.growth is not None,
        target.origin is not None or target.to is not None,
        target.from_quotas,
    )
    chosen = [way for way, is_there in zip(WAYS, has_way, strict=True) if is_there]
    if not chosen:
        yield "", "nothing says what is to be reached", f"One of {listing(WAYS)}", "level: 15000"
    elif len(chosen) > 1:
        key = "to" if chosen[1] == "from + to" and target.origin is None else chosen[1].split()[0]
        fault = f"{' and '.join(chosen)} stand together"
        yield key, fault, f"Exactly one of {listing(WAYS)}", "keep one of them"
    if (target.origin is None) != (target.to is None):
        key, other, place = ("to", "from", "start") if target.origin is None else ("from", "to", "end")
        yield key, f"'{key}' stands without '{other}'", "", f"{other}: the value at the {place}"
    if target.growth is None:
        for key in ("baseline", "on"):
            if getattr(target, key) is not None:
                yield key, f"'{key}' belongs to growth", "", "leave it away, or write growth: 15%"
    if target.on is not None and target.growth is not None and target.every is None:
        yield "on", "'on' belongs to targets with every", "", "leave it away"
    if target.on == "last_actual" and target.baseline not in (None, "previous"):
        yield "on", f"last_actual takes no baseline of {target.baseline}", "", "leave the baseline away"
    if isinstance(target.baseline, float) and target.baseline <= 0:
        yield "baseline", "the baseline of growth is not positive", "", "write a level instead"


def _times(target: Target) -> Iterator[Fault]:
    if target.period is not None and target.every is not None:
        allowed, hint = "One of them, or neither to count from set_on", "every, and until: its last day"
        yield "period", "period and every stand together", allowed, hint
    if target.every is not None and target.from_quotas:
        yield "every", "each quota has a period of its own", "", "leave every away"
    if target.until is not None and target.every is None and not target.from_quotas:
        yield "until", "'until' belongs to targets with every", "", f"period: {target.set_on}/{target.until}"
    if target.until is not None and target.until <= target.set_on:
        yield "until", f"it ends on {target.until}, not after it was set on {target.set_on}", "", ""
    if target.every is not None:
        try:
            occurrences(target, target.set_on, Calendar())
        except PeriodError as error:
            yield "every", f"no {_unit(target)} starts after {target.set_on}", error.allowed, ""
    is_timeless = target.period is None and target.every is None
    if target.growth is not None and is_timeless and not isinstance(target.baseline, float):
        yield "growth", "growth without a period has nothing to compare with", "", "period: next quarter"


def _unit(target: Target) -> str:
    return (target.every or "").replace("_", " ")


def _is_beyond(target: Target) -> bool:
    """Tell whether growth on growth leaves all measure within a year."""
    is_path = target.on != "last_actual" and target.baseline != "same_period_last_year"
    if target.growth is None or target.every is None or not is_path:
        return False
    times = TIMES[target.every.removeprefix("fiscal_")]
    if target.until is not None:
        times = min(times, times * (target.until - target.set_on).days / 365)
    return times * math.log1p(target.growth) > math.log(MOST_FOLD)


def _numbers(target: Target, raw: dict[str, Any], kpi: KPI) -> Iterator[Fault]:
    if target.growth is not None:
        if target.growth == 0:
            yield "growth", "growth of zero is no target", "", "write a level, or growth: 15%"
        elif target.growth <= -1:
            yield "growth", f"growth of {target.growth:.0%} leaves nothing", "", "write -15% or -0.15"
        elif _is_beyond(target):
            fault = (
                f"growth of {target.growth:,.0%} every {_unit(target)} is more than a millionfold in a year"
            )
            one = _unit(target)
            yield "growth", fault, f"It adds to that of the {one} before", f"write the growth of one {one}"
        elif target.growth > 1 and not isinstance(raw["growth"], str):
            fault, hint = f"growth of {raw['growth']} is {target.growth:.0%}", f"write {raw['growth']}%"
            yield "growth", fault, "Above 1, write it with %", hint
    for key, name in (("level", "level"), ("from", "origin"), ("to", "to"), ("baseline", "baseline")):
        value = getattr(target, name)
        if not isinstance(value, float):
            continue
        given = raw[key]
        if kpi.unit != "share" and isinstance(given, str):
            allowed = f"Its unit: {kpi.unit}"
            yield key, f"{kpi.name} is no share, so {given} means nothing", allowed, "write a plain number"
        if kpi.unit == "share" and abs(value) > 1 and not isinstance(given, str):
            fault, allowed = f"{kpi.name} is a share, and {given} is {value:.0%}", "Above 1, write it with %"
            yield key, fault, allowed, f"write {given}%"
    if target.origin is not None and target.to is not None:
        if target.origin == target.to:
            yield "to", f"from and to are both {raw['to']}", "", "write a level to hold a value"
        elif (target.to > target.origin) != kpi.is_higher_better:
            better, way = ("higher", "falls") if kpi.is_higher_better else ("lower", "rises")
            yield "to", f"it {way}, and {better} is better for {kpi.name}", "", "swap from and to"
