"""Small finished frames for the charts and tables, and what a specification says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd

HOSTILE = "<img src=x onerror=alert(1)>"
LONG = "Raden Mas Bambang Tri Atmodjo Kusumo Wijoyo Hadiningrat van der Westhuizen"
NAN = float("nan")


def attained(*rows: tuple[Any, ...], is_over: bool = True, occurrences: int = 1) -> pd.DataFrame:
    """One row for each (member, actual, target, status); attainment and counts follow from them."""
    return pd.DataFrame(
        [
            {
                "member": member,
                "actual": float(actual),
                "target_value": float(target),
                "expected": float(target) if is_over else float(target) / 2,
                "attainment": float(actual) / float(target) if target else NAN,
                "progress": NAN,
                "status": status if occurrences == 1 else "",
                "occurrences": occurrences,
                "reached": int(status == "reached"),
                "of": occurrences,
                "is_over": is_over,
            }
            for member, actual, target, status in rows
        ]
    )


def grouped(by: str = "channel", kpi: str = "revenue", **values: tuple[float, float]) -> pd.DataFrame:
    """One row for each group, as `measure` gives it: value and reference."""
    rows = [
        {by: name.replace("_", " "), "value": value, "reference": reference, "n": 1, "kpi": kpi, "note": "",
         "change_ratio": (value - reference) / reference if reference else NAN}
        for name, (value, reference) in values.items()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=[by, "value", "reference", "change_ratio", "n", "kpi", "note"])


def months(
    values: list[float], references: list[float] | None = None, complete: int | None = None
) -> pd.DataFrame:
    """A trend from January 2026 on."""
    starts = pd.date_range("2026-01-01", periods=len(values), freq="MS")
    return pd.DataFrame(
        {
            "period": [f"{start:%Y-%m}" for start in starts],
            "start": starts,
            "value": pd.array(values, dtype="float64"),
            "reference": pd.array(references or [NAN] * len(values), dtype="float64"),
            "is_chosen": [place >= len(values) - 3 for place in range(len(values))],
            "is_complete": [complete is None or place < complete for place in range(len(values))],
        }
    )


def strings(part: Any) -> Iterator[str]:
    """Every text of a specification."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield name
            yield from strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from strings(value)
    elif isinstance(part, str):
        yield part


def addresses(specification: dict[str, Any]) -> list[str]:
    """Every address in a specification but the name of its schema."""
    text = json.dumps({name: value for name, value in specification.items() if name != "$schema"})
    return re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)
