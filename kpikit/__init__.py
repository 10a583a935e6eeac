"""kpikit: sales KPIs from goal to report.

Load a company's tables, measure KPIs, judge targets, and open a view of a team:

>>> import kpikit as kp
>>> sales = kp.load("data/samples")
>>> figures = kp.measure(sales, "revenue", period="2026-Q3", by="rep")
>>> judged = kp.evaluate(sales, kp.read_plan("data/samples/plan.yaml"))
"""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from kpikit.course.lesson import open_lesson
    from kpikit.data.dataset import Dataset, load
    from kpikit.errors import KpikitError
    from kpikit.kpis.behind import rows
    from kpikit.kpis.card import KPI
    from kpikit.kpis.catalog import names as kpi_names
    from kpikit.kpis.catalog import register
    from kpikit.kpis.conventions import compare_conventions
    from kpikit.kpis.measure import measure
    from kpikit.kpis.measures import Rows
    from kpikit.reports.results import results
    from kpikit.targets import Plan, evaluate, pipeline_coverage, read_plan, review
    from kpikit.views.team import open_view

__all__ = [
    "KPI",
    "Dataset",
    "KpikitError",
    "Plan",
    "Rows",
    "compare_conventions",
    "evaluate",
    "kpi_names",
    "load",
    "measure",
    "open_lesson",
    "open_view",
    "pipeline_coverage",
    "read_plan",
    "register",
    "results",
    "review",
    "rows",
]

__version__ = "0.1.0"
# Tables take most of a second to import, and drawing takes more: a name is looked up when it is first used.
_HOMES = {
    "kpikit.course.lesson": ("open_lesson",),
    "kpikit.data.dataset": ("Dataset", "load"),
    "kpikit.errors": ("KpikitError",),
    "kpikit.kpis.behind": ("rows",),
    "kpikit.kpis.card": ("KPI",),
    "kpikit.kpis.catalog": ("kpi_names", "register"),
    "kpikit.kpis.conventions": ("compare_conventions",),
    "kpikit.kpis.measure": ("measure",),
    "kpikit.kpis.measures": ("Rows",),
    "kpikit.reports.results": ("results",),
    "kpikit.targets": ("Plan", "evaluate", "pipeline_coverage", "read_plan", "review"),
    "kpikit.views.team": ("open_view",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_OWN_NAMES = {"kpi_names": "names"}


def __getattr__(name: str) -> object:
    if name in _HOME:
        value = getattr(importlib.import_module(_HOME[name]), _OWN_NAMES.get(name, name))
        globals()[name] = value
        return value
    raise AttributeError(f"module 'kpikit' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
