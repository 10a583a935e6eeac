"""How a KPI grows with the length of its period: a sum does, a share of two sums does not."""

from __future__ import annotations

import math

from kpikit.kpis.facts import needs_of
from kpikit.kpis.measures import Else, Formula, Measure, Operation

__all__ = ["is_of_length", "power_of"]

_OF_ONE_SIZE = ("median", "min", "max")


def is_of_length(formula: Formula) -> bool:
    """Tell whether a figure of a part of a period says something else than that of the whole.

    Sums do, and so do rates of a sum and of those who are there anyway, such as revenue per rep, and of sums
    of several tables, of which one may start later than the other.

    Examples
    --------
    >>> from kpikit.kpis.catalog import find
    >>> from kpikit.kpis.lengths import is_of_length
    >>> grown = ("revenue", "revenue_per_rep", "revenue_per_cost", "win_rate", "pipeline_value")
    >>> [is_of_length(find(name).under(None)[1]) for name in grown]
    [True, True, True, False, False]
    """
    sums = [one for one in formula.measures() if power_of(one) != 0]
    return power_of(formula) != 0 or len({needs_of(one.rows.table) for one in sums}) > 1


def power_of(formula: Formula) -> float:
    """Give the power of the length with which a figure grows: 1 of a sum, 0 of a mean; NaN where it has none.

    Different customers or reps have none: those of twice the time are more, but not twice as many. Nor have
    those who stayed since the period began.
    """
    if isinstance(formula, Operation):
        left, right = power_of(formula.left), power_of(formula.right)
        if formula.sign == "*":
            return left + right
        if formula.sign == "/":
            return left - right
        return left if left == right else math.nan
    if isinstance(formula, Else):
        return power_of(formula.first)
    return _power_of_measure(formula) if isinstance(formula, Measure) else 0.0


def _power_of_measure(one: Measure) -> float:
    if one.how == "stayed" and one.window.kind == "opening":
        return math.nan
    if one.is_read or one.how in _OF_ONE_SIZE or one.window.kind in ("so_far", "trailing"):
        return 0.0
    return math.nan if one.how == "distinct" and one.key != "order_id" else 1.0
