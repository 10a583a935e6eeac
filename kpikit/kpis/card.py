"""What a KPI is: a formula over measures, under one or more conventions, with its documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kpikit.errors import ParameterError, UnknownNameError, listing, suggest
from kpikit.kpis.measures import Formula

__all__ = ["KPI"]

Kind = Literal["flow", "rate", "level"]
Unit = Literal["money", "share", "count", "times", "hours", "days", "years"]
KINDS: tuple[str, ...] = ("flow", "rate", "level")
UNITS: tuple[str, ...] = ("money", "share", "count", "times", "hours", "days", "years")


@dataclass(frozen=True)
class KPI:
    """A named, documented quantity.

    Parameters
    ----------
    name
        A noun in snake_case.
    kind
        `flow` adds up over time; `rate` is a ratio or typical value of a period; `level` is read on a day.
    unit
        `money`, `share` (0 to 1), `count`, `times` (a multiple of 1), `hours`, `days` or `years`.
    formula
        The default convention's formula; None where there must be no silent default. A KPI without any
        formula has a `note` that says how it is computed.
    conventions
        Other accepted definitions, by name.
    default
        The name of the default convention.
    is_higher_better
        The direction.
    definition, source
        For the card: one sentence, and where the definition comes from.
    written
        Convention to its formula in words.
    gaming, balance
        How the figure can be made to look better than the work was, and the names of the KPIs that show it.

    Raises
    ------
    ParameterError
        If the kind, the unit or the name is not allowed.

    Examples
    --------
    >>> from kpikit import KPI, Rows
    >>> KPI("units_sold", "flow", "count", Rows("orders", "order_date", "is_sale").sum("quantity")).name
    'units_sold'
    """

    name: str
    kind: Kind
    unit: Unit
    formula: Formula | None
    conventions: Mapping[str, Formula] = field(default_factory=dict)
    default: str = "default"
    is_higher_better: bool = True
    definition: str = ""
    source: str = ""
    note: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    gaming: str = ""
    balance: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (isinstance(self.name, str) and self.name.isidentifier()):
            raise ParameterError("KPI", f"{self.name!r} cannot be a name", "Letters, digits and _")
        for what, value, allowed in (("kind", self.kind, KINDS), ("unit", self.unit, UNITS)):
            if value not in allowed:
                raise ParameterError(
                    f"KPI {self.name}", f"no {what} {value!r}", f"Allowed: {listing(allowed)}"
                )
        if self.formula is None and not self.conventions and not self.note:
            raise ParameterError(f"KPI {self.name}", "it has no formula")

    @property
    def convention_names(self) -> list[str]:
        """The conventions, the default first."""
        return [*([] if self.formula is None else [self.default]), *self.conventions]

    def under(self, convention: str | None) -> tuple[str | None, Formula | None]:
        """Give the formula of a convention (None: the default) and its name.

        Raises
        ------
        UnknownNameError
            If the KPI has no such convention.
        """
        if convention is None:
            return (self.default, self.formula) if self.formula is not None else (None, None)
        if self.formula is not None and convention == self.default:
            return convention, self.formula
        if convention in self.conventions:
            return convention, self.conventions[convention]
        raise UnknownNameError(
            self.name,
            f"no convention '{convention}'",
            f"Conventions: {listing(self.convention_names)}",
            suggest(convention, self.convention_names),
        )
