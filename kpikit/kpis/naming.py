"""Readable names for the measures of a formula, and the formula written with them."""

from __future__ import annotations

from collections.abc import Callable

from kpikit.kpis.measures import Else, Formula, Measure, Number, Operation

__all__ = ["name_measures", "write"]

# What is counted, by its marker, else by its table and day.
_COUNTED = {
    "is_sale": "sale_lines",
    "is_cycle": "won",
    "is_closed_cycle": "closed",
    "is_visit": "visitors",
    "is_again": "returning",
    "is_prospect": "prospects",
    "is_timed": "answered",
    "is_answered_in_1": "answered_in_1_hour",
    "is_answered_in_8": "answered_in_8_hours",
    "is_due_in_1": "due_in_1_hour",
    "is_due_in_8": "due_in_8_hours",
    "is_left": "left",
    "is_over": "ended_relationships",
    ("stays", "entered"): "entered",
    "is_moved": "moved_on",
    ("conversations", "started"): "conversations",
    ("orders", "order_date"): "order_lines",
    ("visits", "order_date"): "order_count",
    ("firsts", "order_date"): "new_customers",
    ("acquisitions", "acquired"): "acquired_customers",
    ("deals", "created"): "created",
    ("deals", "closed"): "closed",
}
_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}


def name_measures(formula: Formula) -> dict[Measure, str]:
    """Name each measure of a formula; measures of one name are told apart by what differs.

    Examples
    --------
    >>> from kpikit.kpis.catalog import find
    >>> from kpikit.kpis.naming import name_measures
    >>> list(name_measures(find("win_rate").formula).values())
    ['won', 'closed']
    """
    names = {one: _name(one) for one in formula.measures()}
    details: tuple[Callable[[Measure], str], ...] = (
        lambda one: ", ".join(f"{name} {' or '.join(map(str, labels))}" for name, labels in one.rows.where),
        lambda one: f"with {' and '.join(one.known)}" if one.known else "",
        lambda one: one.rows.table,
        lambda one: one.rows.flag or "",
        lambda one: one.rows.day,
        lambda one: str(one.days or ""),
    )
    for detail in details:
        for name in [*names.values()]:
            alike = [one for one in names if names[one] == name]
            told = {one: detail(one) for one in alike}
            if len(set(told.values())) > 1:
                names |= {one: f"{name} ({told[one]})" if told[one] else name for one in alike}
    return names


def _name(measure: Measure) -> str:
    rows, how, column = measure.rows, measure.how, measure.column
    if how == "distinct":
        name = _COUNTED.get(rows.flag or "") if rows.table == "visits" else None
        name = name or f"{(measure.key or '').removesuffix('_id')}_count"
    elif how == "count":
        day = (rows.table, rows.day)
        name = _COUNTED.get(rows.flag or day) or (rows.flag or rows.table).removeprefix("is_")
    elif how == "alive":
        name = f"{column}_days" if column else "active_customers"
    elif how == "stayed":
        return "stayed_customers" if measure.window.kind == "trailing" else "retained_customers"
    elif how == "open":
        if rows.table == "employments":
            name = "headcount"
        else:
            name = (
                f"open_{column or rows.table}"
                if rows.table in ("deals", "openings")
                else column or rows.table
            )
    else:
        name = column or how if how == "sum" else f"{how}_{column}"
    window, days = measure.window.kind, measure.window.days
    if window == "trailing":
        return f"{name}_{days}_days_before" if measure.is_read else f"{name}_in_{days}_days"
    if window == "ripe":
        return f"{name}_days" if name.endswith(f"_in_{days}") else f"{name}_{days}_days_ago"
    return {"opening": f"opening_{name}", "so_far": f"{name}_so_far"}.get(window, name)


def write(formula: Formula, measure: Callable[[Measure], str], *, above: int = 0) -> str:
    """Write a formula, each measure as a function writes it; in brackets where what is above it needs them.

    Examples
    --------
    >>> from kpikit.kpis.catalog import find
    >>> from kpikit.kpis.naming import name_measures, write
    >>> formula = find("win_rate").formula
    >>> write(formula, name_measures(formula).get)
    'won ÷ closed'
    """
    if isinstance(formula, Measure):
        return measure(formula)
    if isinstance(formula, Number):
        return f"{formula.value:g}"
    if isinstance(formula, Else):
        told = f"{write(formula.first, measure)}, else {write(formula.second, measure)}"
        return f"({told})" if above else told
    assert isinstance(formula, Operation)
    rank = 2 if formula.sign in "*/" else 1
    left, right = write(formula.left, measure, above=rank), write(formula.right, measure, above=rank + 1)
    text = f"{left} {_SIGNS[formula.sign]} {right}"
    return f"({text})" if rank < above else text
