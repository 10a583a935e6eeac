"""`evaluate`: what each target asks, what has been attained, and how it stands on the as-of date."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.errors import NotAvailableError, demand
from kpikit.periods import Period, parse_date, parse_period
from kpikit.targets.details import Row, details, not_available
from kpikit.targets.occurrences import occurrences
from kpikit.targets.plan import Placed, Plan
from kpikit.targets.quotas import quotas
from kpikit.targets.reading import narrow, question
from kpikit.targets.rollup import total

__all__ = ["COLUMNS", "evaluate"]

TEXTS = ("goal", "objective", "target", "kpi", "convention", "unit", "per", "member", "period")
RATIOS = ("attainment", "progress", "gap", "elapsed_calendar", "elapsed_business", "expected", "pace")
NUMBERS = ("target_value", "baseline", *RATIOS, "needed_per_day", "standing")
COLUMNS = (*TEXTS, "start", "end", "actual", "n", *NUMBERS, "status", "reached", "of", "scope_row", "note")


def evaluate(
    dataset: Dataset,
    plan: Plan,
    *,
    as_of: str | date | None = None,
    targets: str | list[str] | tuple[str, ...] | None = None,
    where: Mapping[str, object] | None = None,
    period: str | Period | None = None,
) -> pd.DataFrame:
    """Evaluate the targets of a plan.

    Parameters
    ----------
    dataset, plan
        The tables, as `load` gives them; the plan, as `read_plan` gives it.
    as_of
        The day on which all is judged, and after which nothing is known; the newest fact's by default.
    targets
        The names of the targets to evaluate; all by default.
    where
        Narrow to a scope: dimension to label or labels. A target that has no part in it is left out. Of a
        target that is for more than the scope, the part is measured, and its status is `not available`.
    period
        Only the occurrences that touch this period, also those that are still to come; a target without one
        is left out. Without a period, all until the as-of date.

    Returns
    -------
    pandas.DataFrame
        One row for each target × occurrence × member (`scope_row` is `detail`), and one with the roll-up of
        each target that has `per`, `every` or `from_quotas` (`total`), with the columns

        - `goal`, `objective`, `target`, `kpi`, `convention`, `unit`, `per`, `member` ("" for the company),
          `period`, `start` and `end` (null without an end);
        - `actual`, `n`, `target_value`, `baseline` (of growth, or the `from` of from → to), `gap`
          (actual − target), `expected` by now and `needed_per_day`, all in the KPI's unit;
        - `attainment`, `progress`, `elapsed_calendar`, `elapsed_business`, `pace` and `standing` as ratios;
        - `status`, `reached` of `of` occurrences that can be judged (ended or reached), and `note`.

        In a roll-up of a flow, `actual`, `target_value` and `expected` are sums over the members and
        occurrences that have a target.

    Raises
    ------
    PlanError
        If a target's scope or currency does not belong to the dataset.
    UnknownNameError
        If a target, dimension or label is not known.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.targets import evaluate, read_plan
    >>> sales, plan = kp.load("data/samples"), read_plan("data/samples/plan.yaml")
    >>> told = evaluate(sales, plan, as_of="2026-09-14", targets="$1.2 million in 2022 from Alaska")
    >>> told[["kpi", "period", "target_value", "scope_row"]].values.tolist()
    [['revenue', '2022', 1200000.0, 'detail']]
    """
    demand(
        "evaluate",
        dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"),
        plan=(plan, Plan, "A plan, as kpikit.read_plan gives it"),
    )
    known = dataset.as_of if as_of is None else parse_date(as_of, "evaluate")
    within = None if period is None else parse_period(period, known, dataset.calendar)
    rows: list[dict[str, object]] = []
    for placed in plan.choose(targets):
        rows += _one(dataset, plan, placed, known, where, within)
    return _frame(rows)


def _one(
    dataset: Dataset,
    plan: Plan,
    placed: Placed,
    as_of: date,
    where: Mapping[str, object] | None,
    within: Period | None,
) -> list[dict[str, object]]:
    target, per, own, fault = placed.target, placed.target.per, [], ""
    # Who asks for a period to come asks for what is set until its end.
    until = as_of if within is None else max(as_of, within.end)
    if target.from_quotas:
        try:
            per, own = quotas(dataset, target, until)
        except NotAvailableError as error:
            fault = f"not available: {error.fault}"
    asked = narrow(dataset, question(dataset, plan, target, per), where)
    if asked is None:
        return []
    if fault:
        found = [not_available(target, as_of, fault)]
    else:
        listed = None if target.from_quotas else occurrences(target, until, dataset.calendar)
        found = details(dataset, plan, target, asked, as_of, own, listed)
    if within is not None:
        found = [row for row in found if _touches(row, within)]
    if not found:
        return []
    if per is not None or target.every is not None or target.from_quotas:
        found = [*found, total(dataset, plan, target, asked, found, as_of)]
    kpi = asked.asked.kpi
    head = {
        "goal": placed.goal.name,
        "objective": placed.objective.name,
        "target": target.name,
        "kpi": kpi.name,
        "convention": asked.asked.convention,
        "unit": kpi.unit,
        "per": per or "",
    }
    return [head | _cells(row) for row in found]


def _touches(row: Row, period: Period) -> bool:
    is_begun = row.start <= period.end
    return is_begun and (period.start is None or row.end is None or row.end >= period.start)


def _cells(row: Row) -> dict[str, object]:
    told = row.judgement
    return {
        "member": row.member,
        "period": row.period,
        "start": row.start,
        "end": row.end,
        "actual": row.actual,
        "n": row.n,
        "target_value": row.target_value,
        "baseline": row.baseline,
        "attainment": told.attainment,
        "progress": told.progress,
        "gap": told.gap,
        "elapsed_calendar": row.course.calendar,
        "elapsed_business": row.course.business,
        "expected": told.expected,
        "pace": told.pace,
        "needed_per_day": told.needed_per_day,
        "standing": told.standing,
        "status": told.status,
        "reached": row.reached,
        "of": row.of,
        "scope_row": row.scope_row,
        "note": row.note,
    }


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = dict.fromkeys((*TEXTS, "status", "scope_row", "note"), "str")
    kinds |= dict.fromkeys(("actual", *NUMBERS), "float64") | dict.fromkeys(("n", "reached", "of"), "Int64")
    for name in ("start", "end"):
        table[name] = pd.to_datetime(table[name]).astype("datetime64[s]")
    return table.astype(kinds)
