"""What a person types at the command line, as Python has it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from kpikit.errors import ParameterError

__all__ = ["as_day", "clock", "dataset_and_plan", "pair", "scope_of", "tell_end"]


def as_day(text: str | None) -> str | None:
    """Read `today`, which the command line alone knows."""
    return date.today().isoformat() if text is not None and text.strip().lower() == "today" else text


def clock(text: str | None) -> date:
    """Give the day that is named, else today, which the command line alone knows."""
    from kpikit.periods import parse_date

    return parse_date(as_day(text), "--today") if text is not None else date.today()


def pair(text: str, option: str, usage: str) -> tuple[str, str]:
    """Split NAME=VALUE.

    Raises
    ------
    ParameterError
        If there is no value.
    """
    name, sign, value = text.partition("=")
    if not sign:
        raise ParameterError(option, f"'{text}' has no value", hint=usage)
    return name.strip(), value


def scope_of(where: Iterable[str] | None) -> dict[str, list[str]]:
    """Read a scope of DIMENSION=LABEL, each dimension once or more."""
    scope: dict[str, list[str]] = {}
    for name, label in (pair(one, "--where", "--where region=Bali") for one in where or ()):
        scope.setdefault(name, []).append(label)
    return scope


def tell_end(dataset: Any, as_of: str | None) -> None:
    """Say beside figures that the data end before the as-of date: what is not there counts as not done."""
    import typer

    from kpikit.errors import counted
    from kpikit.periods import parse_date

    if as_of and dataset.known_until(day := parse_date(as_of)) < day:
        ago = counted((day - dataset.as_of).days, "day")
        typer.echo(
            f"kpikit: the newest fact is of {dataset.as_of}, {ago} before the as-of date {day}", err=True
        )


def dataset_and_plan(plan: Path, data: str | None) -> tuple[Any, Any]:
    """Load a plan, and the dataset that is named, else that which the plan names.

    Raises
    ------
    ParameterError
        If neither names one.
    """
    from kpikit.data.dataset import load
    from kpikit.targets import read_plan

    goals = read_plan(plan)
    source = data or goals.dataset_path
    if source is None:
        raise ParameterError(
            "plan", f"{plan.name} names no dataset", hint="--data FOLDER, or dataset: in the plan"
        )
    return load(source), goals
