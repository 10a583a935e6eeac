"""kpikit: sales KPIs from goal to report."""

from kpikit.data.dataset import Dataset, load
from kpikit.errors import KpikitError
from kpikit.kpis.card import KPI, Rows
from kpikit.kpis.catalog import names as kpi_names, register
from kpikit.kpis.measure import measure

__all__ = ["KPI", "Dataset", "KpikitError", "Rows", "kpi_names", "load", "measure", "register"]
