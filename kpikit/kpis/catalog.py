"""Every KPI by its name: those of the package, and those that a user adds."""

from __future__ import annotations

from kpikit.errors import ParameterError, UnknownNameError, listing, suggest
from kpikit.kpis import customers, deals, orders, talks
from kpikit.kpis.card import KPI

__all__ = ["find", "is_own", "names", "register"]

_BUILT_IN: dict[str, KPI] = {
    name: value
    for module in (orders, deals, customers, talks)
    for name, value in vars(module).items()
    if isinstance(value, KPI)
}
_OWN: dict[str, KPI] = {}


def names() -> list[str]:
    """List the names of all KPIs.

    Examples
    --------
    >>> import kpikit as kp
    >>> "win_rate" in kp.kpi_names()
    True
    """
    return [*_BUILT_IN, *_OWN]


def register(kpi: KPI) -> KPI:
    """Make a KPI of your own known by name: in `measure`, plans, pickers and reports.

    Raises
    ------
    ParameterError
        If the name is one of kpikit's own.

    Examples
    --------
    >>> import kpikit as kp
    >>> sales = kp.Rows("orders", "order_date", "is_sale")
    >>> kp.register(kp.KPI("largest_line", "rate", "money", sales.max("amount"))).name
    'largest_line'
    """
    if kpi.name in _BUILT_IN:
        raise ParameterError("register", f"'{kpi.name}' is a KPI of kpikit", hint="choose another name")
    _OWN[kpi.name] = kpi
    return kpi


def find(name: str | KPI) -> KPI:
    """Give the KPI of a name.

    Raises
    ------
    UnknownNameError
        If nobody knows it.

    Examples
    --------
    >>> from kpikit.kpis.catalog import find
    >>> find("revenue").unit
    'money'
    """
    if isinstance(name, KPI):
        return name
    known = _BUILT_IN.get(name) or _OWN.get(name)
    if known is None:
        raise UnknownNameError(
            "KPI", f"no KPI '{name}'", f"KPIs: {listing(names(), 30)}", suggest(name, names())
        )
    return known


def is_own(name: str) -> bool:
    """Say whether a KPI of this name is one that a user has added.

    Examples
    --------
    >>> from kpikit.kpis.catalog import is_own
    >>> is_own("revenue")
    False
    """
    return name in _OWN
