"""What the KPIs of a table of results mean: a row for each KPI under each convention, from its card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kpikit.errors import UnknownNameError
from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import find
from kpikit.kpis.naming import name_measures, write

__all__ = ["COLUMNS", "UNKNOWN", "definition", "definitions_of"]

COLUMNS = (
    "kpi",
    "convention",
    "definition",
    "formula",
    "unit",
    "kind",
    "direction",
    "gaming",
    "balance",
    "source",
)
UNKNOWN = "A KPI of the notebook's own, which has handed over no definition"


def definition(kpi: KPI, convention: str = "") -> dict[str, str]:
    """Write what a KPI means under a convention, as texts by the names in `COLUMNS`.

    Parameters
    ----------
    kpi
        The KPI, with its card.
    convention
        The convention as the results name it; empty is the default.

    Examples
    --------
    >>> from kpikit.kpis.catalog import find
    >>> from kpikit.reports.definitions import definition
    >>> told = definition(find("win_rate"), "default")
    >>> told["unit"], told["kind"], told["direction"]
    ('share', 'rate', 'higher is better')
    """
    return {
        "kpi": kpi.name,
        "convention": convention,
        "definition": kpi.definition,
        "formula": _in_words(kpi, convention),
        "unit": kpi.unit,
        "kind": kpi.kind,
        "direction": "higher is better" if kpi.is_higher_better else "lower is better",
        "gaming": kpi.gaming,
        "balance": ", ".join(kpi.balance),
        "source": kpi.source,
    }


def _in_words(kpi: KPI, convention: str) -> str:
    try:
        name, formula = kpi.under(convention or None)
    except UnknownNameError:  # a table of the notebook's own may say anything
        return ""
    if written := kpi.written.get(name or ""):
        return written
    if formula is None:
        return ""
    names = name_measures(formula)
    return write(formula, lambda one: names[one])


def definitions_of(
    records: Iterable[Mapping[str, str]], told: Iterable[Mapping[str, str]] = ()
) -> Sequence[Mapping[str, str]]:
    """Give a definition for each KPI under each convention that occurs in rows of results, by name.

    Parameters
    ----------
    records
        Rows of results as column to text.
    told
        Definitions that the notebooks have handed over, of KPIs of a user's own.

    Examples
    --------
    >>> from kpikit.reports.definitions import definitions_of
    >>> rows = [{"kpi": "win_rate", "convention": "cohort"}, {"kpi": "home_sales"}]
    >>> [(one["kpi"], one["convention"], one["unit"]) for one in definitions_of(rows)]
    [('home_sales', '', ''), ('win_rate', 'cohort', 'share')]
    """
    own = {(one.get("kpi", ""), one.get("convention", "")): one for one in told}
    asked = {(row.get("kpi", ""), row.get("convention", "")) for row in records}
    found = []
    for name, convention in sorted(one for one in asked if one[0]):
        try:
            one: Mapping[str, str] = definition(find(name), convention)
        except UnknownNameError:
            blank = {"kpi": name, "convention": convention, "definition": UNKNOWN}
            one = own.get((name, convention), blank)
        found.append({column: one.get(column, "") for column in COLUMNS})
    return found
