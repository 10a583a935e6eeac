"""What the controls offer: only what data, plan and catalogue can give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from kpikit.data.dataset import Dataset
from kpikit.kpis.catalog import find, names
from kpikit.periods import parse_period
from kpikit.selection import available_kpis, labels_of, lacking
from kpikit.selection.offers import lacks
from kpikit.views.axes import elide
from kpikit.views.figures import Figures
from kpikit.views.words import label

__all__ = ["COMPARED", "CUSTOM", "GRAINED", "SCOPES", "dimensions", "kpis", "labels", "one_of", "periods"]
__all__ += ["reps", "scopes", "targets", "teams"]

CUSTOM = "custom"
PRESETS = ("last month", "last quarter", "last year", "month to date", "quarter to date", "year to date")
PRESETS += ("last 90 days", "last 12 months")
COMPARED = [
    ("the previous period", "previous"),
    ("the same period last year", "same_period_last_year"),
    ("the previous period, same elapsed part", "previous_elapsed"),
    ("last year, same elapsed part", "last_year_elapsed"),
    ("nothing", ""),
]
COMING = ("this month", "this quarter", "this year", "next month", "next quarter", "next year")
BREAKDOWNS = ("channel", "product_line", "region", "segment", "team", "rep")
GRAINED = [(name, name) for name in ("day", "week", "month", "quarter", "year")]
SCOPES = ("region", "product_line", "channel", "segment")
"""The dimensions of a scope that have a control each."""
MOST_LETTERS = 60
# An empty value stands for all, or for none: a widget takes None for "nothing chosen", and shows a blank.
Options = list[tuple[str, Any]]


def kpis(dataset: Dataset, as_of: date, chosen: Iterable[str] = ()) -> Options:
    """Offer each KPI, and each of its further conventions, that the data can give."""
    asked = [name if place == 0 and find(name).formula is not None else f"{name}:{convention}"
             for name in names() for place, convention in enumerate(find(name).convention_names)]  # fmt: skip
    there = list(dict.fromkeys([*available_kpis(dataset, asked, as_of), *chosen]))
    return [(label(one), one) for one in there]


def periods(dataset: Dataset, as_of: date, chosen: str, first: str = "") -> Options:
    """Offer the usual periods, each with its dates, the chosen one, and a range of one's own.

    Where the first one is still to come, as for what is asked before a period, so are those offered.
    """
    presets = COMING if first in COMING else PRESETS
    texts = list(dict.fromkeys([*presets, chosen]))
    offered: Options = []
    for text in texts:
        period = parse_period(text, as_of, dataset.calendar)
        is_named = text in presets
        offered.append((f"{text} ({period.label})" if is_named and period.label != text else text, text))
    return [*offered, ("a range of dates …", CUSTOM)]


def teams(pairs: list[tuple[str | None, str]]) -> Options:
    """Offer the teams of a period."""
    return [("all teams", ""), *((team, team) for team in sorted({team for team, _ in pairs if team}))]


def reps(pairs: list[tuple[str | None, str]], team: str) -> Options:
    """Offer the reps of a period, of the chosen team alone where there is one."""
    inside = sorted(
        {rep for own, rep in pairs if not team or own == team}, key=lambda rep: (rep == "no rep", rep)
    )
    return [("all reps", ""), *((rep, rep) for rep in inside)]


def targets(shown: Figures) -> Options:
    """Offer the targets that have an occurrence in the period."""
    rows = shown.in_period
    there = list(dict.fromkeys(rows["target"])) if len(rows) else []
    return [("the one that fits the KPI", ""), *((name, name) for name in there)]


def dimensions(dataset: Dataset, kpi: str, as_of: date) -> Options:
    """Offer the dimensions by which the data can split a KPI."""
    there = [name for name in BREAKDOWNS if not lacking(dataset, kpi, name, as_of)]
    return [(name.replace("_", " "), name) for name in there]


def labels(dataset: Dataset, kpi: str, name: str, as_of: date, chosen: Sequence[str] = ()) -> Options:
    """Offer the labels of a dimension to which a KPI can be kept; several that are chosen stand as one."""
    there, every = labels_of(dataset, kpi, name, as_of), f"all {name.replace('_', ' ')}s"
    if not there:
        return [(f"{every} (not for this KPI)", "")]
    several = [tuple(chosen)] if len(chosen) > 1 and set(chosen) <= set(there) else []
    return [(every, ""), *((one_of(many), many) for many in [*((one,) for one in there), *several])]


def one_of(chosen: Sequence[str]) -> str:
    """Write what is chosen of a dimension, as an option."""
    return elide(" or ".join(chosen), MOST_LETTERS)


def scopes(dataset: Dataset, as_of: date, kpis: Sequence[str]) -> tuple[str, ...]:
    """Name the dimensions to which at least one of some KPIs can be kept."""
    return tuple(name for name in SCOPES if not all(lacks(dataset, kpis, (name,), as_of)))
