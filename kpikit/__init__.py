"""kpikit: sales KPIs from goal to report.

Load a company's tables, measure KPIs, judge targets, and open a view of a team:

>>> import kpikit as kp
>>> sales = kp.load("data/samples")
>>> figures = kp.measure(sales, "revenue", period="2026-Q3", by="rep")
>>> judged = kp.evaluate(sales, kp.read_plan("data/samples/plan.yaml"))
"""

from kpikit.data.dataset import Dataset, load
from kpikit.errors import KpikitError
from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import names as kpi_names
from kpikit.kpis.catalog import register
from kpikit.kpis.measure import measure
from kpikit.kpis.measures import Rows
from kpikit.targets import Plan, evaluate, read_plan, review

__all__ = [
    "KPI",
    "Dataset",
    "KpikitError",
    "Plan",
    "Rows",
    "evaluate",
    "kpi_names",
    "load",
    "measure",
    "open_view",
    "read_plan",
    "register",
    "results",
    "review",
]

__version__ = "0.1.0"
# Drawing takes seconds to import: these names are looked up when they are first used.
_LATE = {"open_view": "kpikit.views.team", "results": "kpikit.reports.results"}


def __getattr__(name: str) -> object:
    if name in _LATE:
        from importlib import import_module

        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(f"module 'kpikit' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *_LATE])
