"""Evaluate a formula on gathered measures, with `n`; every ratio goes through one function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from kpikit.kpis.measures import Else, Formula, Measure, Number, Operation

__all__ = ["Figures", "evaluate", "growth", "ratio"]


class Figures(NamedTuple):
    """Arrays of shape (groups, windows): values (NaN: null), `n`, and whether they are counts."""

    value: np.ndarray
    n: np.ndarray
    is_count: bool


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Divide; null (NaN) where the denominator is 0 or null.

    Examples
    --------
    >>> import numpy as np
    >>> from kpikit.kpis.formulas import ratio
    >>> ratio(np.array([1.0, 1.0]), np.array([4.0, 0.0])).tolist()
    [0.25, nan]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(denominator == 0, np.nan, np.asarray(numerator, dtype=float) / denominator)


def growth(change: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Divide a change by what was before; null (NaN) unless that was above 0.

    Of a loss that became a profit no share says anything: it would be negative, as of a fall.

    Examples
    --------
    >>> import numpy as np
    >>> from kpikit.kpis.formulas import growth
    >>> growth(np.array([1.0, 3.0, 1.0]), np.array([4.0, -2.0, 0.0])).tolist()
    [0.25, nan, nan]
    """
    with np.errstate(invalid="ignore"):
        return np.where(np.asarray(before) > 0, ratio(change, before), np.nan)


def evaluate(formula: Formula, gathered: Mapping[Measure, Figures], shape: tuple[int, int]) -> Figures:
    """Evaluate a formula.

    Parameters
    ----------
    formula
        The formula; an `Else` must have been settled before.
    gathered
        The figures of each measure, aligned to the same groups.
    shape
        Groups and windows.
    """
    if isinstance(formula, Measure):
        return gathered[formula]
    if isinstance(formula, Number):
        return Figures(np.full(shape, formula.value), np.full(shape, np.nan), False)
    if isinstance(formula, Else):
        formula = formula.first if all(m in gathered for m in formula.first.measures()) else formula.second
        return evaluate(formula, gathered, shape)
    assert isinstance(formula, Operation)
    left, right = (evaluate(side, gathered, shape) for side in (formula.left, formula.right))
    n = np.where(np.isnan(left.n), right.n, left.n)
    if formula.sign == "/":
        if not isinstance(formula.right, Number):
            n = right.value if right.is_count else np.where(np.isnan(right.n), n, right.n)
        return Figures(ratio(left.value, right.value), n, False)
    value = {"+": np.add, "-": np.subtract, "*": np.multiply}[formula.sign](left.value, right.value)
    return Figures(value, n, left.is_count and right.is_count)
