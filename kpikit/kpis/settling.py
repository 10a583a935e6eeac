"""Settle which facts each measure is counted in, so that measures share passes over rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kpikit.data.dataset import Dataset
from kpikit.kpis.measures import Measure, Rows
from kpikit.kpis.scope import Scope, counted_in, is_of_stages, used

__all__ = ["settle"]

_ORDER_LEVEL = {"rep", "team", "manager", "role", "region", "channel", "segment", "customer"}


def settle(dataset: Dataset, measures: Sequence[Measure], scope: Scope) -> dict[Measure, Measure]:
    """Give each measure, stated over the facts that it is counted in along with the others."""
    settled = {measure: _settled(measure, scope) for measure in dict.fromkeys(measures)}
    tables = {one.rows.table for one in settled.values()}
    if "tenures" in tables:
        # Tenures are the time lines of customers with a column more: one pass serves both.
        settled = {measure: _on_tenures(one) for measure, one in settled.items()}
    if "visits" in tables:
        # First orders are visits too: one pass serves both.
        settled = {measure: _on_visits(one, scope) for measure, one in settled.items()}
    return {measure: _on_credits(dataset, one, scope) for measure, one in settled.items()}


def _on_credits(dataset: Dataset, measure: Measure, scope: Scope) -> Measure:
    """Count what members share in their parts, wherever a member dimension splits or keeps it."""
    table = counted_in(dataset, measure, scope)
    return (
        measure if table == measure.rows.table else replace(measure, rows=replace(measure.rows, table=table))
    )


def _settled(measure: Measure, scope: Scope) -> Measure:
    """Choose the facts: deals as they were created, and visits where orders are to be told apart.

    Visits do where what is asked for is the same on all lines of an order.
    """
    rows = measure.rows
    if is_of_stages(measure, scope):
        return replace(measure, rows=Rows("stays", "opened", "is_spanned", rows.where), key="until")
    if rows.table == "deals" and rows.day != "closed":
        return replace(measure, rows=replace(rows, table="openings"))
    asked = (measure.how, rows.table, rows.flag, measure.key)
    if asked != ("distinct", "orders", "is_sale", "order_id") or not used(measure, scope) <= _ORDER_LEVEL:
        return measure
    return replace(measure, rows=replace(rows, table="visits", flag=None), how="count", key=None)


def _on_visits(measure: Measure, scope: Scope) -> Measure:
    """Count first orders among the visits, except by region: a first order has its customer's own."""
    asked = (measure.how, measure.rows.table, measure.rows.flag)
    if asked != ("count", "firsts", None) or "region" in used(measure, scope):
        return measure
    return replace(measure, rows=replace(measure.rows, table="visits", flag="is_new"))


def _on_tenures(measure: Measure) -> Measure:
    if measure.rows.table != "customers":
        return measure
    return replace(measure, rows=replace(measure.rows, table="tenures"))
