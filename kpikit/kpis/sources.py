"""From where a row has its region or channel: its own field, else its customer's, else its rep's."""

from __future__ import annotations

from kpikit.data.dataset import Dataset
from kpikit.errors import UnknownNameError, listing, suggest
from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import find

__all__ = ["TAKEN", "sources_of"]

TAKEN = ("region", "channel")
"""The dimensions that a row may take from its customer or its rep."""
_ROWS = {"orders": "order", "deals": "deal", "conversations": "conversation", "costs": "cost"}
_OF_CUSTOMERS = ("firsts", "customers", "tenures")


def sources_of(dataset: Dataset, kpi: str | KPI, dimension: str) -> tuple[tuple[str, ...], ...]:
    """Tell from where a KPI's rows have their region or channel, in these data.

    Parameters
    ----------
    dataset
        The tables.
    kpi
        A name, with or without a convention, or a KPI.
    dimension
        `region` or `channel`.

    Returns
    -------
    tuple of tuple of str
        One for each kind of row that the KPI counts: `order`, `deal`, `cost`, `customer`, `rep`, the first
        that is known counting. Only what the data have is named; nothing where they have none.

    Raises
    ------
    UnknownNameError
        If the KPI, its convention or the dimension is not known.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.sources import sources_of
    >>> sales = kp.load("data/samples")
    >>> sources_of(sales, "revenue", "region"), sources_of(sales, "customer_acquisition_cost", "region")
    ((('customer', 'rep'),), (('cost',), ('customer', 'rep')))
    """
    if dimension not in TAKEN:
        near = suggest(dimension, TAKEN)
        raise UnknownNameError(
            "sources_of", f"{dimension} has one source", f"Dimensions: {listing(TAKEN)}", near
        )
    name, _, convention = kpi.partition(":") if isinstance(kpi, str) else (kpi, "", "")
    found = find(name)
    _, formula = found.under(convention or None)
    measures = [] if formula is None else formula.measures()
    chains = [_sources(dataset, one.rows.table, dimension) for one in measures]
    return tuple(dict.fromkeys(chain for chain in chains if chain))


def _sources(dataset: Dataset, table: str, dimension: str) -> tuple[str, ...]:
    if table == "acquisitions":
        return ("customer",) if dataset.has("customers", dimension) else ()
    if table not in _OF_CUSTOMERS:
        return _of_rows(dataset, table, dimension)
    by_order = _of_rows(dataset, "orders", dimension)
    if dimension == "region" or "orders" not in dataset.tables:
        # A customer's own region goes before that of the order that the customer follows.
        own = ("customer",) if dataset.has("customers", dimension) else ()
        return tuple(dict.fromkeys([*own, *by_order]))
    return by_order


def _of_rows(dataset: Dataset, table: str, dimension: str) -> tuple[str, ...]:
    chain = [_ROWS.get(table, table)] if dataset.has(table, dimension) else []
    if dataset.has(table, "customer_id") and dataset.has("customers", dimension):
        chain.append("customer")
    if dimension == "region" and dataset.has(table, "rep_id") and dataset.has("reps", "region"):
        chain.append("rep")
    return tuple(chain)
