"""What is asked of every measure, and which facts a measure is counted in because of it."""

from __future__ import annotations

from dataclasses import dataclass

from kpikit.data.dataset import Dataset
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.credits import credited
from kpikit.kpis.measures import Measure

__all__ = ["Scope", "counted_in", "is_of_stages", "used"]


@dataclass(frozen=True)
class Scope:
    """What is asked of every measure: by which dimensions, of which rows, known on which day."""

    by: tuple[str, ...]
    where: tuple[tuple[str, tuple[str | None, ...]], ...]
    as_of: int


def used(measure: Measure, scope: Scope) -> set[str]:
    """Name the dimensions that a measure is split by or kept to."""
    return {*scope.by, *(name for name, _ in scope.where), *(name for name, _ in measure.rows.where)}


def is_of_stages(measure: Measure, scope: Scope) -> bool:
    """Tell whether open deals are told apart by stage, and so are read from their stays in stages."""
    return measure.how == "open" and measure.rows.table == "deals" and "stage" in used(measure, scope)


def counted_in(dataset: Dataset, measure: Measure, scope: Scope) -> str:
    """Name the facts that a measure is counted in.

    Of a member they are those with a row for each credit; the age of customers has facts of its own, because
    it takes long to derive.
    """
    asked, table = used(measure, scope), measure.rows.table
    if table == "orders" and "customer_age" in asked:
        table = "aged"
    if is_of_stages(measure, scope):
        table = "stays"
    is_of_members = {*asked, measure.key} & set(MEMBER_DIMENSIONS)
    return credited(dataset, table) if is_of_members else table
