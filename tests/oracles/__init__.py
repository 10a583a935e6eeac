"""The plain-Python twin of every KPI: naive loops over lists of dicts, in exact fractions.

It shares no code with the package. `measure` answers one question; the previous period is just another call.
"""

from tests.oracles.company import Company
from tests.oracles.measuring import CONVENTIONS, DIMENSIONS, KPIS, NOT_AVAILABLE, measure
from tests.oracles.parts import Part, Result
from tests.oracles.staff import employed
from tests.oracles.tables import REQUIRED, Rows, columns_of, fill_refunds, hide, money

__all__ = [
    "CONVENTIONS",
    "DIMENSIONS",
    "KPIS",
    "NOT_AVAILABLE",
    "REQUIRED",
    "Company",
    "Part",
    "Result",
    "Rows",
    "columns_of",
    "employed",
    "fill_refunds",
    "hide",
    "measure",
    "money",
]
