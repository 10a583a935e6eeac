"""What is looked at of one KPI: its figure beside those that balance it, its conventions, its rows."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kpikit.errors import NotAvailableError, ParameterError
from kpikit.kpis.behind import Behind, behind
from kpikit.kpis.catalog import find
from kpikit.kpis.conventions import compare_conventions
from kpikit.kpis.measure import measure
from kpikit.views.blanks import explained
from kpikit.views.comparing import compared
from kpikit.views.figures import Figures, bare
from kpikit.views.keeping import once
from kpikit.views.page import asked
from kpikit.views.row_lines import lines_of
from kpikit.views.words import asked_name

__all__ = ["around_of", "behind_of", "conventions_of", "figure_of", "rows_told", "without_each"]


@once
def figure_of(shown: Figures) -> pd.DataFrame:
    """Measure the selection's KPI, and those that balance it, as far as they have a figure.

    Returns
    -------
    pandas.DataFrame
        Rows of `measure`; the first is the KPI of the selection, whether it has a figure or not.
    """
    names = [shown.kpi, *find(bare(shown.kpi)).balance]
    rows = measure(
        shown.dataset, names, period=shown.period, compare=shown.chosen.compare, where=shown.chosen.scope,
        as_of=shown.as_of,
    )  # fmt: skip
    rows = explained(rows, shown.dataset, period=shown.period, where=shown.chosen.scope, as_of=shown.as_of)
    rows = compared(rows, shown.dataset, reference=shown.reference, as_of=shown.as_of)
    return rows[(rows.index == 0) | rows["value"].notna()]


@once
def around_of(shown: Figures) -> pd.DataFrame | None:
    """Measure the same KPIs for the team of the selected rep (all, where there is none); None for no rep."""
    if not shown.chosen.rep:
        return None
    scope = replace(shown.chosen, rep=None, team=shown.team).scope
    names = [asked_name(*one) for one in asked(figure_of(shown))]
    return measure(shown.dataset, names, period=shown.period, where=scope, as_of=shown.as_of)


@once
def without_each(shown: Figures) -> pd.DataFrame:
    """Measure the KPI again without each part of the scope: to tell which of them leaves nothing.

    Returns
    -------
    pandas.DataFrame
        One row for each dimension of the scope without which there is a figure: dimension, labels, value, n.
    """
    scope, out = shown.chosen.scope, []
    for name, labels in scope.items():
        rest = {other: own for other, own in scope.items() if other != name}
        told = measure(shown.dataset, shown.kpi, period=shown.period, where=rest, as_of=shown.as_of).iloc[0]
        out.append({"dimension": name, "labels": labels, "value": told["value"], "n": told["n"]})
    rows = pd.DataFrame(out, columns=["dimension", "labels", "value", "n"])
    return rows[rows["value"].notna()]


@once
def conventions_of(shown: Figures) -> pd.DataFrame:
    """Measure the KPI under each of its conventions, as `compare_conventions`; empty where there is one."""
    try:
        return compare_conventions(
            shown.dataset, bare(shown.kpi), period=shown.period, where=shown.chosen.scope, as_of=shown.as_of
        )
    except (NotAvailableError, ParameterError):
        return pd.DataFrame(columns=["kpi", "convention", "value", "n", "note"])


@once
def behind_of(shown: Figures) -> Behind | str:
    """Find the rows behind the selection's figure, or say why there are none."""
    try:
        return behind(
            shown.dataset, shown.kpi, period=shown.period, where=shown.chosen.scope, as_of=shown.as_of
        )
    except NotAvailableError as error:
        return error.fault


def rows_told(shown: Figures) -> pd.DataFrame:
    """Give the figure as its rows make it, as one row: kpi, convention, period, value, and n, the rows."""
    found = behind_of(shown)
    if isinstance(found, str):
        return pd.DataFrame()
    kpi, convention = found.asked.kpi.name, found.asked.convention
    told = {"kpi": kpi, "convention": convention, "period": found.period.label, "value": found.value}
    return pd.DataFrame([told | {"n": sum(one.count for one in lines_of(found))}])
