"""A KPI's card as plain values; what it needs comes from its formula."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kpikit.data.contract import TABLES
from kpikit.kpis.available import ORIGINS
from kpikit.kpis.card import KPI
from kpikit.kpis.catalog import find
from kpikit.kpis.facts import needs_of
from kpikit.kpis.measures import Else, Formula, Measure, Operation
from kpikit.kpis.naming import name_measures, write

__all__ = ["Convention", "Description", "describe"]

_LIVES = "orders, or customers with acquired_on and left_on"
_SINCE = "orders, or customers.acquired_on"
_CHANCES = "stages in dataset.yaml"
_ORIGINS = ORIGINS | {("orders", "rep"): ("orders", "rep_id")}


@dataclass(frozen=True)
class Convention:
    """One of the definitions of a KPI: its name, its formula in words, and what of the tables it needs."""

    name: str
    formula: str
    needs: tuple[str, ...]
    is_default: bool = False


@dataclass(frozen=True)
class Description:
    """A KPI's card as plain values."""

    name: str
    definition: str
    unit: str
    kind: str
    direction: str
    conventions: tuple[Convention, ...]
    gaming: str = ""
    balance: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


def describe(kpi: str | KPI) -> Description:
    """Tell what a KPI is.

    Parameters
    ----------
    kpi
        A name, or a KPI; one of a user's own has what its author has written.

    Raises
    ------
    UnknownNameError
        If nobody knows the name.

    Examples
    --------
    >>> from kpikit.kpis.describing import describe
    >>> describe("win_rate").conventions[0].formula
    'deals won ÷ deals won or lost, both by closing date'
    >>> describe("gross_margin").conventions[0].needs
    ('orders', 'orders.cost')
    """
    card = find(kpi)
    conventions = tuple(
        Convention(name, _in_words(card, name), _needs(card.under(name)[1]), card.under(None)[0] == name)
        for name in card.convention_names
    )
    if card.formula is None and not conventions:
        # What is computed elsewhere is written on the card all the same.
        conventions = tuple(Convention(name, text, (), True) for name, text in card.written.items())
    direction = "higher is better" if card.is_higher_better else "lower is better"
    return Description(
        card.name, card.definition, card.unit, card.kind, direction, conventions,
        card.gaming, card.balance, card.source, card.note,
    )  # fmt: skip


def _in_words(card: KPI, convention: str) -> str:
    if convention in card.written:
        return card.written[convention]
    formula = card.under(convention)[1]
    assert formula is not None
    return write(_first(formula), name_measures(_first(formula)).__getitem__)


def _first(formula: Formula) -> Formula:
    """Take the side of each choice that data with all columns give."""
    if isinstance(formula, Else):
        return _first(formula.first)
    if isinstance(formula, Operation):
        return Operation(formula.sign, _first(formula.left), _first(formula.right))
    return formula


def _needs(formula: Formula | None) -> tuple[str, ...]:
    if formula is None:
        return ()
    found = dict.fromkeys(one for measure in _last(formula).measures() for one in _of_measure(measure))
    plain = [one for one in found if not ("orders" in found and one in (_LIVES, _SINCE))]
    return tuple(sorted(plain, key=lambda one: "." in one))


def _last(formula: Formula) -> Formula:
    """Take the side of each choice that needs least."""
    if isinstance(formula, Else):
        return _last(formula.second)
    if isinstance(formula, Operation):
        return Operation(formula.sign, _last(formula.left), _last(formula.right))
    return formula


def _of_measure(measure: Measure) -> Iterator[str]:
    rows = measure.rows
    if measure.how in ("alive", "stayed") and rows.flag != "is_order":
        yield _LIVES
        return
    yield from {"leads": ("orders",), "leavings": (_SINCE,)}.get(rows.table, ())
    # A line of life begins with an order where the table of customers does not tell.
    tables = ("orders",) if rows.table in ("customers", "tenures") else needs_of(rows.table)
    yield from tables
    (home,) = tables
    for name in (rows.day, measure.column, measure.key, rows.flag, *measure.known):
        table, column = _ORIGINS.get((rows.table, name or ""), (home, name))
        if column in TABLES[table]:
            yield table
            if not TABLES[table][column].is_required:
                yield f"{table}.{column}"
    if measure.column == "weighted_amount":
        yield _CHANCES
