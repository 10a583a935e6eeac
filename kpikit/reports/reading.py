"""What a run notebook hands over: its results, or in plain words why it has none that can be used."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from kpikit.errors import ParameterError, cut
from kpikit.reports.results import FIGURES, LOOSE, MEDIA_TYPE, VERSION, Results

__all__ = ["ended_before_results", "read_results", "tags_of"]


def read_results(notebook: Mapping[str, Any], reserved: Collection[str] = ()) -> Results:
    """Read what the results cells of a run notebook show; without one, nothing.

    Parameters
    ----------
    notebook
        The notebook as nbformat gives it.
    reserved
        Columns that a notebook's results must not have.

    Raises
    ------
    ParameterError
        If the results are not what `results` gives: text where a number belongs, or a reserved column.

    Examples
    --------
    >>> from kpikit.reports.reading import read_results
    >>> read_results({"cells": []}).rows
    []
    """
    found = list(_shown(notebook))
    for one in found:
        _check(one, reserved)
    columns = list(dict.fromkeys(name for one in found for name in one["columns"]))
    rows = []
    for one in found:
        for row in one["rows"]:
            cells = dict(zip(one["columns"], row, strict=True))
            rows.append([cells.get(name, "") for name in columns])
    headline = next((one["headline"] for one in found if one.get("headline")), None)
    return Results(columns, rows, headline, [told for one in found for told in one.get("definitions", ())])


def ended_before_results(notebook: Mapping[str, Any]) -> tuple[int, str] | None:
    """Find where a notebook left off without its results: the place of a cell, and what happened there.

    `sys.exit()` ends a notebook without an error. That is well where each cell tagged `results` has run; and
    a notebook without one may end as it likes if it has shown results, or has run as a whole.
    """
    code = [
        (place, cell)
        for place, cell in enumerate(notebook["cells"])
        if cell["cell_type"] == "code"
        and "".join(cell["source"]).strip()
        and "skip-execution" not in tags_of(cell)
    ]
    ran = [(place, cell) for place, cell in code if cell.get("execution_count") is not None]
    tagged = [(place, cell) for place, cell in code if "results" in tags_of(cell)]
    has_results = any(True for _ in _shown(notebook))
    if len(ran) < len(code):
        is_late = has_results and all(one in ran for one in tagged)
        return None if is_late else (ran[-1][0] if ran else 0, "the notebook ended before its results")
    if tagged and not has_results:
        return tagged[-1][0], "the results cell shows no results"
    return None


def tags_of(cell: Mapping[str, Any]) -> Sequence[str]:
    """Give the tags of a cell."""
    return cell.get("metadata", {}).get("tags") or ()


def _shown(notebook: Mapping[str, Any]) -> Iterator[Any]:
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            if MEDIA_TYPE in output.get("data", {}):
                yield output["data"][MEDIA_TYPE]


def _check(one: Any, reserved: Collection[str]) -> None:
    if not _is_table(one):
        raise ParameterError("results", "what is shown as results is not what results() gives")
    for name in one["columns"]:
        if name in reserved:
            fault = f"the column '{name}' is the batch's own"
            raise ParameterError("results", fault, hint="give the notebook's column another name")
    records = [dict(zip(one["columns"], row, strict=True)) for row in one["rows"]]
    for record in [*records, one.get("headline") or {}]:
        for name in (FIGURES - LOOSE) & set(record):
            if not _is_number(record[name]):
                fault = f"the column '{name}' has '{cut(record[name])}'"
                raise ParameterError("results", fault, "Allowed: numbers, or nothing")


def _is_table(one: Any) -> bool:
    if not isinstance(one, Mapping) or one.get("version") != VERSION:
        return False
    columns, rows, headline = one.get("columns"), one.get("rows"), one.get("headline")
    return (
        _are_texts(columns)
        and len(set(columns)) == len(columns)
        and isinstance(rows, list)
        and all(_are_texts(row) and len(row) == len(columns) for row in rows)
        and (headline is None or _is_record(headline))
        and isinstance(one.get("definitions", []), list)
        and all(map(_is_record, one.get("definitions", [])))
    )


def _is_record(one: Any) -> bool:
    return isinstance(one, Mapping) and _are_texts(list(one.values()))


def _are_texts(cells: Any) -> bool:
    return isinstance(cells, list) and all(isinstance(cell, str) for cell in cells)


def _is_number(text: str) -> bool:
    try:
        return not text or math.isfinite(float(text))
    except ValueError:
        return False
