"""What needs a whole history, derived once: first orders, time lines of customers, who a row belongs to.

Facts are built over the full history, before any period, scope or as-of date; but which stages end deals,
only what is known tells. Flags are never null; a day that is missing is `NO_DAY`, an end that has not come is
`FOREVER`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from kpikit.data.frames import Frame, date_of
from kpikit.errors import NotAvailableError
from kpikit.kpis import timelines
from kpikit.kpis.belongings import columns_of
from kpikit.kpis.costs import cost_facts
from kpikit.kpis.credits import CREDITED, base_of, has_credits
from kpikit.kpis.employments import employment_facts
from kpikit.kpis.replies import conversation_facts
from kpikit.kpis.rows import aged_facts, deal_facts, lead_facts, opening_facts, order_facts
from kpikit.kpis.stays import has_history, known_on, stay_facts

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["FACTS", "facts_of", "first_day_of"]

_FIRST_DAYS: WeakKeyDictionary[Dataset, dict[tuple[str, str], int | None]] = WeakKeyDictionary()
FACTS: dict[str, Callable[[Dataset, Callable[[str], Frame]], Frame]] = {
    "orders": order_facts,
    "aged": aged_facts,
    "visits": timelines.visit_facts,
    "firsts": timelines.first_facts,
    "acquisitions": timelines.acquisition_facts,
    "customers": timelines.customer_facts,
    "tenures": timelines.tenure_facts,
    "deals": deal_facts,
    "leavings": timelines.leaving_facts,
    "openings": opening_facts,
    "leads": lead_facts,
    "stays": stay_facts,
    "employments": employment_facts,
    "conversations": conversation_facts,
    "costs": cost_facts,
    **CREDITED,
}
"""Table of facts to the function that derives it, given the dataset and a way to other facts."""


def facts_of(dataset: Dataset, name: str, as_of: int | None = None) -> Frame:
    """Build (once for each dataset) a table of facts.

    Parameters
    ----------
    dataset
        The tables.
    name
        One of `FACTS`.
    as_of
        The day, since 1970, after which nothing is known; without one, the whole history is. It changes the
        facts of stays alone.

    Raises
    ------
    NotAvailableError
        If the dataset lacks the table that the facts come from.
    """
    home = _home(dataset, name, as_of)
    if name not in home.facts:
        sources = needs_of(name)
        if not set(sources) & set(dataset.tables):
            raise NotAvailableError(name, f"{' or '.join(sources)} is missing")
        facts = FACTS[name](home, lambda other: facts_of(dataset, other, as_of))
        home.facts[name] = facts.keep(is_cheap=_is_cheap(dataset, name))
    return home.facts[name]


def _home(dataset: Dataset, name: str, as_of: int | None) -> Dataset:
    """Give the dataset that keeps some facts: of stays, that of the day."""
    is_of_day = as_of is not None and base_of(name) == "stays" and has_history(dataset)
    return known_on(dataset, date_of(as_of)) if is_of_day else dataset


def _is_cheap(dataset: Dataset, name: str) -> bool:
    """Whether facts only rename and convert what is there, without a look-up in another table."""
    if name == "orders":
        is_plain = not dataset.has("orders", "refund_of") and not has_credits(dataset, "orders")
        return is_plain and not {"reps", "customers"} & set(dataset.tables)
    if name == "firsts":
        return True
    return name == "customers" and not {"acquired_on", "left_on"} & set(columns_of(dataset, "customers"))


def first_day_of(dataset: Dataset, name: str, day: str, as_of: int | None = None) -> int | None:
    """Find (once for each dataset) the first day in a table of facts; None if it has none."""
    found = _FIRST_DAYS.setdefault(_home(dataset, name, as_of), {})
    if (name, day) not in found:
        found[name, day] = facts_of(dataset, name, as_of).first_day(day)
    return found[name, day]


def needs_of(name: str) -> tuple[str, ...]:
    """Name the tables of the data contract of which a table of facts needs one."""
    derived = {
        "visits": ("orders",),
        "aged": ("orders",),
        "firsts": ("orders",),
        "acquisitions": ("customers",),
        "customers": ("orders", "customers"),
        "tenures": ("orders", "customers"),
        "leavings": ("customers",),
        "openings": ("deals",),
        "leads": ("deals",),
        "stays": ("deals",),
        "employments": ("reps",),
    }
    return derived.get(base_of(name), (base_of(name),))
