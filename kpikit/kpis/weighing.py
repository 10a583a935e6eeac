"""How a measure reads facts: plain ones as they are, credited ones in the parts of each credit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kpikit.data.frames import SCALE, Frame, Gather
from kpikit.kpis.credits import SHARES, base_of
from kpikit.kpis.measures import Measure
from kpikit.kpis.scope import Scope

__all__ = ["by_key", "is_counted_in_parts", "is_weighed", "marked", "of_whole", "scale_of", "wanted"]

_KEYS = ("order_id", "deal_id")


def is_weighed(measure: Measure) -> bool:
    """Tell whether the facts of a settled measure have a row for each credit."""
    return base_of(measure.rows.table) != measure.rows.table


def marked(frame: Frame, measures: Sequence[Measure], scope: Scope) -> tuple[Frame, dict[Measure, str]]:
    """Flag, for each measure, one row in each group of what several of its members share.

    What is not added up in parts (rows, medians) counts what a group shares once, and whole.
    """
    flags: dict[Measure, str] = {}
    names: dict[object, str] = {}
    for measure in filter(is_weighed, measures):
        where = measure.rows.where
        if where not in names:
            names[where] = f"once_{len(names)}"
            frame = frame.once(names[where], ["row"], scope.by, (), dict(scope.where) | dict(where))
        flags[measure] = names[where]
    return frame, flags


def of_whole(one: Gather, flag: str | None) -> Gather:
    """Keep to the rows that a flag marks, if there is one."""
    return replace(one, flags=(*one.flags, flag)) if flag else one


def wanted(columns: Sequence[str], measure: Measure, one: Gather, flag: str | None) -> dict[str, Gather]:
    """Name what a measure that adds up needs: its rows, those with a value, the value, the weight of rows."""
    what = {"rows": of_whole(one, flag)}
    column = "since" if measure.column == "tenure" else measure.column
    if flag and (column is None or column == "since"):
        what["weight"] = replace(one, column="weight")
    if column:
        what["value"] = replace(one, column=f"part_{column}" if flag else column)
        if f"has_{column}" in columns:
            what["n"] = of_whole(replace(one, flags=(*one.flags, f"has_{column}")), flag)
    return what


def scale_of(what: Mapping[str, object], flag: str | None) -> int:
    """Give the parts of one in a measure's value."""
    return SCALE if "n" in what else SHARES if flag else 1


def is_counted_in_parts(measure: Measure) -> bool:
    """Tell whether a measure tells shared orders or deals apart, and so adds up parts of them."""
    return is_weighed(measure) and measure.how == "distinct" and measure.key in _KEYS


def by_key(frame: Frame, measure: Measure, one: Gather, scope: Scope) -> tuple[Frame, dict[str, Gather]]:
    """Flag what is told apart, once for each group and once for each member, and say what to add up."""
    key = measure.key or ""
    where = dict(scope.where) | dict(measure.rows.where)
    frame = frame.once("once_key", [key], scope.by, one.flags, where)
    frame = frame.once("once_credit", [key, "credit_rep"], scope.by, one.flags, where)
    return frame, {
        "rows": of_whole(one, "once_key"),
        "weight": replace(of_whole(one, "once_credit"), column="weight"),
    }
