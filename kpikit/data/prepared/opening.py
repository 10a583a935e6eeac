"""Prepared tables, handed to the engine that computes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from kpikit.data import engines
from kpikit.data.prepared.mapped import frame_of

__all__ = ["Opened"]


@dataclass(frozen=True)
class Opened:
    """The tables of an entry over mapped memory, and what the checks found when they were read.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.prepared import Opened
    >>> from kpikit.data.prepared.mapped import batch_of
    >>> reps = batch_of(pd.DataFrame({"rep_id": ["R1"]}))
    >>> Opened({"reps": reps}, []).into("pandas")["reps"]
      rep_id
    0     R1
    """

    batches: dict[str, pa.RecordBatch]
    findings: list[dict[str, Any]]

    def into(self, engine: str) -> dict[str, Any]:
        """Give the tables as an engine has them: pandas and DuckDB read the mapping, Polars copies texts."""
        if engine == "pandas":
            return {name: frame_of(batch) for name, batch in self.batches.items()}
        tables = {name: pa.Table.from_batches([batch]) for name, batch in self.batches.items()}
        return engines.from_arrow(tables, engine, is_copied=False)
