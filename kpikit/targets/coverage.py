"""Pipeline coverage: how often the open deals would fill what is still lacking to a target."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.errors import NotAvailableError, demand
from kpikit.kpis.formulas import ratio
from kpikit.kpis.measure import ask
from kpikit.periods import parse_date, unit_of
from kpikit.targets.details import Row, details
from kpikit.targets.plan import Placed, Plan
from kpikit.targets.quotas import quotas
from kpikit.targets.reading import Question, question, read

__all__ = ["COVERED", "pipeline_coverage"]

COVERED = ("revenue", "net_revenue", "won_value")
"""The KPIs that the amounts of open deals can bring forward."""
_TEXTS = ("target", "kpi", "per", "member", "period")
_NUMBERS = ("target_value", "actual", "remaining", "pipeline", "coverage")


def pipeline_coverage(
    dataset: Dataset,
    plan: Plan,
    *,
    as_of: str | date | None = None,
    targets: str | list[str] | tuple[str, ...] | None = None,
    convention: str | None = None,
) -> pd.DataFrame:
    """Compare the open pipeline with what is still lacking to each running target of a plan.

    Parameters
    ----------
    dataset, plan
        The tables, as `load` gives them; the plan, as `read_plan` gives it.
    as_of
        The day on which the pipeline is read; the newest fact's by default.
    targets
        The names of targets; by default all on revenue, net_revenue or won_value.
    convention
        That of pipeline_value, such as `weighted`.

    Returns
    -------
    pandas.DataFrame
        One row for each member and each period of a target that holds the as-of date: `target`, `kpi`,
        `per`, `member`, `period`, `start` and `end`; `target_value`, `actual`, `remaining` (never below 0)
        and `pipeline`, the pipeline_value of the same scope and member, in money; `coverage`, pipeline ÷
        remaining, null where nothing remains or the pipeline is not known; and `note`.

    Raises
    ------
    UnknownNameError
        If a target, or the convention, is not known.

    Notes
    -----
    All open deals count, whenever they are expected to close. The usual rule of thumb asks for three times
    what is lacking, which is right at a win rate of one in three.

    References
    ----------
    Farris, Bendle, Pfeifer, Reibstein: Marketing Metrics, ch. 6 (sales force tracking: pipeline analysis).

    Examples
    --------
    >>> import kpikit as kp
    >>> sales, plan = kp.load("data/samples"), kp.read_plan("data/samples/plan.yaml")
    >>> quota = "The quota of each representative"
    >>> covered = kp.pipeline_coverage(sales, plan, as_of="2026-08-15", targets=quota)
    >>> bool((covered["remaining"] >= 0).all())
    True
    """
    demand(
        "pipeline_coverage",
        dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"),
        plan=(plan, Plan, "A plan, as kpikit.read_plan gives it"),
    )
    known = dataset.as_of if as_of is None else parse_date(as_of, "pipeline_coverage")
    name = "pipeline_value" if convention is None else f"pipeline_value:{convention}"
    ask(name)
    rows = [
        row
        for placed in plan.choose(targets)
        if placed.target.kpi in COVERED
        for row in _covered(dataset, plan, placed, known, name)
    ]
    table = pd.DataFrame(rows, columns=[*_TEXTS, "start", "end", *_NUMBERS, "note"])
    for column in ("start", "end"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[s]")
    return table.astype(dict.fromkeys((*_TEXTS, "note"), "str") | dict.fromkeys(_NUMBERS, "float64"))


def _covered(
    dataset: Dataset, plan: Plan, placed: Placed, as_of: date, pipeline: str
) -> list[dict[str, object]]:
    target, per, own = placed.target, placed.target.per, []
    if target.from_quotas:
        try:
            per, own = quotas(dataset, target, as_of)
        except NotAvailableError:
            return []
    asked = question(dataset, plan, target, per)
    running = [row for row in details(dataset, plan, target, asked, as_of, own) if _is_running(row, as_of)]
    if not running:
        return []
    today = unit_of(as_of, "day", dataset.calendar)
    found = read(dataset, Question(ask(pipeline), asked.where, per), [today], as_of)
    value = {label or "": _value(found.figures[label, today].value) for label in found.labels}
    head = {"target": target.name, "kpi": target.kpi, "per": per or ""}
    return [head | _cells(row, value, found.missing) for row in running]


def _is_running(row: Row, as_of: date) -> bool:
    has_begun = row.start <= as_of and row.target_value is not None and row.actual is not None
    return has_begun and row.end is not None and as_of <= row.end


def _cells(row: Row, pipeline: dict[str, float], missing: str) -> dict[str, object]:
    assert row.target_value is not None and row.actual is not None
    remaining = max(row.target_value - row.actual, 0.0)
    # Who has no open deal has a pipeline of nothing; what the data cannot tell has none.
    there = np.nan if missing else pipeline.get(row.member, 0.0)
    note = missing or ("nothing remains to be reached" if not remaining else "")
    return {
        "member": row.member,
        "period": row.period,
        "start": row.start,
        "end": row.end,
        "target_value": row.target_value,
        "actual": row.actual,
        "remaining": remaining,
        "pipeline": there,
        "coverage": float(ratio(np.float64(there), np.float64(remaining))),
        "note": note,
    }


def _value(value: float | None) -> float:
    return np.nan if value is None else value
