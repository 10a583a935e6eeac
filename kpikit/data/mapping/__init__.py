"""`dataset.yaml`: which files hold the tables, how their columns are named and written, and the settings."""

from kpikit.data.mapping.entries import Join, Located, TableFile
from kpikit.data.mapping.expressions import Expression, parse_expression
from kpikit.data.mapping.finding import DatasetFile, find_mapping, read_mapping
from kpikit.data.mapping.writing import EXCEL, NULL_WORDS, Writing
from kpikit.data.settings import Settings

__all__ = [
    "EXCEL",
    "NULL_WORDS",
    "DatasetFile",
    "Expression",
    "Join",
    "Located",
    "Settings",
    "TableFile",
    "Writing",
    "find_mapping",
    "parse_expression",
    "read_mapping",
]
