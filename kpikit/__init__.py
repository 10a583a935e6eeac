"""kpikit: sales KPIs from goal to report."""

from kpikit.data.dataset import Dataset, load
from kpikit.errors import KpikitError
from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import names as kpi_names
from kpikit.kpis.catalog import register
from kpikit.kpis.measure import measure
from kpikit.kpis.measures import Rows

__all__ = ["KPI", "Dataset", "KpikitError", "Rows", "kpi_names", "load", "measure", "register"]
