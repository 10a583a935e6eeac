"""Whether the data have what a measure needs, and which formula they can give."""

from __future__ import annotations

from kpikit.data.dataset import Dataset
from kpikit.errors import NotAvailableError
from kpikit.kpis.facts import facts_of
from kpikit.kpis.measures import Else, Formula, Measure, Operation
from kpikit.kpis.scope import Scope, counted_in

__all__ = ["choose", "require"]

# What a column of facts comes from, where the facts give it a name of their own or fill it.
ORIGINS = {
    ("orders", "margin"): ("orders", "cost"),
    ("deals", "closed"): ("deals", "closed_on"),
    ("deals", "created"): ("deals", "created_on"),
    ("deals", "dated"): ("deals", "created_on"),
    ("deals", "cycle_days"): ("deals", "created_on"),
    ("deals", "until"): ("deals", "closed_on"),
    ("deals", "is_cycle"): ("deals", "created_on"),
    ("deals", "is_closed_cycle"): ("deals", "created_on"),
    ("deals", "is_spanned"): ("deals", "closed_on"),
    ("deals", "is_won_in_30"): ("deals", "closed_on"),
    ("deals", "is_won_in_90"): ("deals", "closed_on"),
    ("deals", "is_won_in_180"): ("deals", "closed_on"),
    ("leads", "created"): ("deals", "created_on"),
    ("leads", "is_prospect"): ("deals", "customer_id"),
    ("stays", "opened"): ("deals", "created_on"),
    ("stays", "is_spanned"): ("deals", "closed_on"),
    ("stays", "amount"): ("deals", "amount"),
    ("stays", "weighted_amount"): ("deals", "amount"),
    ("stays", "is_left"): ("deal_stages", "stage"),
    ("stays", "is_moved"): ("deal_stages", "stage"),
    ("acquisitions", "acquired"): ("customers", "acquired_on"),
    ("conversations", "is_answered"): ("conversations", "first_reply_at"),
    ("conversations", "is_answered_in_1"): ("conversations", "first_reply_at"),
    ("conversations", "is_answered_in_8"): ("conversations", "first_reply_at"),
    ("conversations", "is_due_in_1"): ("conversations", "first_reply_at"),
    ("conversations", "is_due_in_8"): ("conversations", "first_reply_at"),
    ("conversations", "is_timed"): ("conversations", "first_reply_at"),
    ("conversations", "is_waiting"): ("conversations", "first_reply_at"),
    ("leavings", "left"): ("customers", "left_on"),
}


def require(dataset: Dataset, measure: Measure, scope: Scope) -> None:
    """Check that the data have what a measure needs.

    Raises
    ------
    NotAvailableError
        Naming the missing table, column or dimension.
    """
    table = measure.rows.table
    frame = facts_of(dataset, counted_in(dataset, measure, scope), scope.as_of)
    for column in (measure.rows.day, measure.column, measure.key, measure.rows.flag, *measure.known):
        origin = ORIGINS.get((table, column or ""))
        if origin and not dataset.has(*origin):
            raise NotAvailableError(table, f"{'.'.join(origin)} is missing")
    if measure.how == "distinct" and measure.key not in frame.columns:
        raise NotAvailableError(table, f"{table}.{measure.key} cannot be told apart")
    if measure.column == "weighted_amount" and not dataset.settings.stages:
        raise NotAvailableError(table, "stages of dataset.yaml is missing")
    for column in measure.known:
        if f"has_{column}" not in frame.columns:
            raise NotAvailableError(table, f"{table}.{column} is missing")
    lives = measure.how in ("alive", "stayed") and "orders" not in dataset.tables
    is_by_orders = measure.rows.flag == "is_order"
    if lives and (is_by_orders or not _has_lives(dataset)):
        raise NotAvailableError(table, "orders is missing")
    derived = ("tenure", "waited_minutes")
    if measure.column and measure.column not in derived and measure.column not in frame.columns:
        raise NotAvailableError(table, f"{table}.{measure.column} is missing")
    for dimension in (*scope.by, *(n for n, _ in scope.where), *(n for n, _ in measure.rows.where)):
        if dimension == "stage" and "stage" not in frame.columns:
            raise NotAvailableError(table, "only open deals, and stays in stages, are told apart by stage")
        if dimension not in frame.columns:
            raise NotAvailableError(table, f"{_table_name(table)} has no {dimension}")


def _has_lives(dataset: Dataset) -> bool:
    """Tell whether the table of customers says from when until when somebody was one."""
    return dataset.has("customers", "left_on") and dataset.has("customers", "acquired_on")


def choose(dataset: Dataset, formula: Formula, scope: Scope) -> Formula:
    """Give the formula that these data can give: of each `Else`, the first side that they have.

    Raises
    ------
    NotAvailableError
        If a measure lacks what it needs.
    """
    if isinstance(formula, Else):
        try:
            return choose(dataset, formula.first, scope)
        except NotAvailableError:
            return choose(dataset, formula.second, scope)
    if isinstance(formula, Operation):
        sides = (choose(dataset, side, scope) for side in (formula.left, formula.right))
        return Operation(formula.sign, *sides)
    if isinstance(formula, Measure):
        require(dataset, formula, scope)
    return formula


def _table_name(table: str) -> str:
    names = {
        "visits": "an order",
        "firsts": "a customer's first order",
        "leads": "deals",
        "leavings": "a customer who left",
        "employments": "reps",
        "stays": "deals",
        "customers": "a customer",
        "tenures": "a customer",
        "acquisitions": "a customer",
    }
    return names.get(table, table)
