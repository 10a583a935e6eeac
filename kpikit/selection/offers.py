"""What a dataset can give: KPIs, dimensions to split them by, and members of a period."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.data.frames import date_of, day_number
from kpikit.kpis.available import choose
from kpikit.kpis.facts import facts_of, first_day_of
from kpikit.kpis.measure import ask, measure
from kpikit.kpis.members import Members
from kpikit.kpis.scope import Scope, counted_in
from kpikit.kpis.tabulating import tabulate
from kpikit.periods import Period, unit_of

__all__ = ["SHOWN", "available_kpis", "default_kpis", "first_day", "labels_of", "lacking", "lacks"]
__all__ += ["member_pairs", "scored_kpis", "split_of"]

SHOWN = ("revenue", "won_value", "order_count", "average_order_value", "win_rate", "new_customers")
SCORED = ("revenue", "won_value", "order_count", "average_order_value", "gross_profit", "win_rate")
SCORED += ("sales_cycle_days", "new_customers")
SPLITS = ("channel", "region", "product_line", "segment", "product")
NO_REP, NO_TEAM = "no rep", "no team"


def available_kpis(dataset: Dataset, names: list[str], as_of: date) -> list[str]:
    """Give those of the KPIs that these data can give."""
    figures = measure(dataset, names, period=unit_of(as_of, "month", dataset.calendar), as_of=as_of)
    lacks = [note.startswith(("not available", "there is no")) for note in figures["note"]]
    return [name for name, is_lacking in zip(names, lacks, strict=True) if not is_lacking]


def default_kpis(dataset: Dataset, as_of: date) -> tuple[str, ...]:
    """Give the KPIs of the cards where none are asked for: of a short list, those that the data can give."""
    return _once(available_kpis(dataset, list(SHOWN), as_of))


def scored_kpis(dataset: Dataset, as_of: date) -> tuple[str, ...]:
    """Give the KPIs by which members are compared where none are asked for: those that the data can give."""
    return _once(available_kpis(dataset, list(SCORED), as_of))


def _once(there: list[str]) -> tuple[str, ...]:
    # Where there are orders, revenue is theirs; the value of won deals would tell the same sale twice.
    return tuple(name for name in there if not (name == "won_value" and "revenue" in there))


def lacking(dataset: Dataset, kpi: str, by: str, as_of: date) -> str:
    """Say why the data cannot split a KPI by a dimension; an empty text where they can.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.selection.offers import lacking
    >>> sales = kp.load("data/samples")
    >>> lacking(sales, "revenue", "channel", sales.as_of)
    ''
    >>> lacking(sales, "new_customers", "product", sales.as_of)
    "a customer's first order has no product"
    """
    return lacks(dataset, [kpi], (by,), as_of)[0]


def lacks(dataset: Dataset, kpis: Sequence[str], by: tuple[str, ...], as_of: date) -> list[str]:
    """Say of each KPI why the data cannot give it, split by dimensions; an empty text where they can.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.selection.offers import lacks
    >>> sales = kp.load("data/samples")
    >>> lacks(sales, ["revenue", "response_rate"], (), sales.as_of)
    ['', '']
    """
    day = unit_of(as_of, "day", dataset.calendar)
    missing = tabulate(dataset, [ask(one) for one in kpis], [day], by, (), as_of).missing
    return [one.removeprefix("not available: ") for one in missing]


def labels_of(dataset: Dataset, kpi: str, by: str, as_of: date) -> list[str]:
    """List the labels of a dimension to which a KPI can be kept: those that its rows have.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.selection.offers import labels_of
    >>> sales = kp.load("data/samples")
    >>> labels_of(sales, "win_rate", "region", sales.as_of)[:3]
    ['Alaska', 'Bali', 'California']
    >>> labels_of(sales, "new_customers", "product", sales.as_of)
    []
    """
    if lacking(dataset, kpi, by, as_of):
        return []
    asked = ask(kpi)
    there = {str(one) for one in measure(dataset, kpi, period="all time", by=by, as_of=as_of)[by]}
    if asked.kpi.kind == "level" and asked.formula is not None:
        # What is read on a day does not tell who was there on an earlier one.
        scope = Scope((by,), (), day_number(as_of))
        for one in choose(dataset, asked.formula, scope).measures():
            there |= set(facts_of(dataset, counted_in(dataset, one, scope), scope.as_of).labels(by))
    return sorted(there, key=lambda label: (label == f"no {by}", label))


def first_day(dataset: Dataset) -> date | None:
    """Give the day of the first fact of all: before it there is nothing to know.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.selection.offers import first_day
    >>> first_day(kp.load("data/samples")).isoformat()
    '2021-06-24'
    """
    days = {"orders": "order_date", "deals": "dated", "conversations": "started"}
    found = [first_day_of(dataset, name, day) for name, day in days.items() if name in dataset.tables]
    known = [day for day in found if day is not None]
    return date_of(min(known)) if known else None


def split_of(dataset: Dataset, kpi: str, as_of: date) -> str:
    """Give the dimension of a breakdown where none is asked for: the first that the data can give."""
    return next((by for by in SPLITS if not lacking(dataset, kpi, by, as_of)), SPLITS[0])


def member_pairs(dataset: Dataset, period: Period, as_of: date) -> list[tuple[str | None, str]]:
    """Give (team, rep) of those who were employed in a period or sold in it; rows without a rep come last.

    Of a period to come, they are those who will be on the team as far as is known.
    """
    if period.start is not None and period.start > as_of:
        members = Members(dataset, as_of)
        there = members.reps[members.employment([period])[:, 0]]
        teams = there["team"] if "team" in there else [None] * len(there)
        known = {
            (None if pd.isna(team) else str(team), str(rep))
            for team, rep in zip(teams, there["rep"], strict=True)
        }
        return sorted(known, key=lambda pair: (pair[0] or "", pair[1]))
    counted = "order_count" if "orders" in dataset.tables else "won_value"
    figures = measure(dataset, counted, period=period, by=["team", "rep"], as_of=as_of)
    pairs = [
        (None if team == NO_TEAM or team != team else str(team), str(rep))
        for team, rep in figures[["team", "rep"]].itertuples(index=False)
    ]
    return sorted(pairs, key=lambda pair: (pair[1] == NO_REP, pair[0] or "", pair[1]))
