"""Cohorts: customers by the unit of time of their first order, and who of them ordered in each later unit.

A customer belongs to a scope by the first order ever, as in `new_customers`; of the later orders all count,
whoever took them and wherever. So a cohort keeps its customers when a rep leaves. Where several members share
a first order, its customer is whole in the cohort of each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.data.frames import Expr, Frame, Gather, col, day_number, lit, when, whole
from kpikit.errors import NotAvailableError
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.kpis.credits import credited
from kpikit.kpis.facts import facts_of, first_day_of
from kpikit.kpis.formulas import ratio
from kpikit.kpis.remarks import DAYS_CENSORED
from kpikit.kpis.tabulating import read_where
from kpikit.periods import Period

__all__ = ["censored_until", "cohorts", "judged", "overall"]

LEAST_CUSTOMERS = 20
COLUMNS = ["cohort", "cohort_start", "age", "period", "start", "end", "n", "of", "share"]
COLUMNS += ["is_complete", "is_censored"]


def cohorts(
    dataset: Dataset, units: Sequence[Period], *, as_of: date, where: Mapping[str, object] | None = None
) -> pd.DataFrame:
    """Follow the customers of each unit of time: the share that ordered in each unit since.

    Parameters
    ----------
    dataset
        The tables.
    units
        Units of time in order, without gap or overlap, as `split` gives them.
    as_of
        The day after which nothing is known.
    where
        A scope, as in `measure`: the first order counts by it.

    Returns
    -------
    pandas.DataFrame
        One row for each cohort and unit from its own on: `cohort`, `cohort_start`, `age` (units since the
        first), `period`, `start`, `end`, `n` (its customers with a sale in the unit), `of` (its customers),
        `share` (0 to 1; null for a cohort without customers), `is_complete` (the unit is over on the as-of
        date) and `is_censored` (the data start within the year before, so that some may be older customers).
        Units that start after the as-of date have no row.

    Raises
    ------
    NotAvailableError
        If the data have no orders, or a first order has no such dimension.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.cohorts import cohorts
    >>> from kpikit.periods import parse_period, split
    >>> sales = kp.load("data/samples")
    >>> quarters = split(parse_period("2026", sales.as_of), "quarter")
    >>> told = cohorts(sales, quarters, as_of=sales.as_of)
    >>> told.loc[told["age"] == 0, ["cohort", "of", "share"]].values.tolist()[:1]
    [['2026-Q1', 14, 1.0]]
    """
    scope = read_where(dataset, where)
    begun = [one for one in units if one.start is not None and one.start <= as_of]
    if not begun:
        return pd.DataFrame(columns=COLUMNS)
    starts = [day_number(one.start) for one in begun if one.start]
    rows, kept = _followed(dataset, scope)
    number: Expr = lit(0)
    for place, start in enumerate(starts, 1):
        number = when(col("first_day") >= start).then(lit(place)).otherwise(number)
    rows = rows.with_columns(cohort_number=whole(number)).label("cohort", "cohort_number")
    today = day_number(as_of)
    spans = [(start, min(day_number(one.end), today)) for start, one in zip(starts, begun, strict=True)]
    what = Gather("customer", ("is_visit",))
    found = rows.gather_each("order_date", spans, ["cohort"], "distinct", what, today, kept)
    counts = np.zeros((len(begun), len(begun)), dtype="int64")
    for label, values in zip(found.groups["cohort"], found.values["value"], strict=True):
        if label is not None and int(label):
            counts[int(label) - 1] = values
    return _laid_out(counts, begun, as_of, censored_until(dataset, as_of))


def censored_until(dataset: Dataset, as_of: date) -> date | None:
    """Give the day from which on a first order can be told from that of an older customer.

    That is a year after the data start, as in the notes of `measure`; None where nobody has ordered.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.cohorts import censored_until
    >>> sales = kp.load("data/samples")
    >>> censored_until(sales, sales.as_of)
    datetime.date(2023, 1, 3)
    """
    first = first_day_of(dataset, "firsts", "order_date")
    if first is None or first > day_number(as_of):
        return None
    return as_of + timedelta(first + DAYS_CENSORED - day_number(as_of))


def judged(told: pd.DataFrame) -> pd.DataFrame:
    """Keep the rows of `cohorts` that say how many come back: of units that are over, and of new customers.

    Cohorts that are censored are left out where the others have at least 20 customers who have had a whole
    unit to come back; else all are kept.
    """
    known = told[told["is_complete"].astype(bool) & (told["of"] > 0)]
    sure = known[~known["is_censored"].astype(bool)]
    return sure if sure.loc[sure["age"] == 1, "of"].sum() >= LEAST_CUSTOMERS else known


def overall(told: pd.DataFrame) -> pd.DataFrame:
    """Give the share of all cohorts together that ordered so many units after their first.

    Parameters
    ----------
    told
        What `cohorts` gives; of it counts what `judged` keeps.

    Returns
    -------
    pandas.DataFrame
        One row for each `age` with a customer: `n`, `of`, `share` (a ratio of sums) and `cohorts`, how many.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.kpis.cohorts import overall
    >>> told = pd.DataFrame({"age": [0, 1, 0], "n": [4, 1, 6], "of": [4, 4, 6],
    ...     "is_complete": True, "is_censored": False})
    >>> overall(told)[["age", "n", "of", "share", "cohorts"]].values.tolist()
    [[0.0, 10.0, 10.0, 1.0, 2.0], [1.0, 1.0, 4.0, 0.25, 1.0]]
    """
    known = judged(told)
    sums = known.groupby("age")[["n", "of"]].sum().assign(cohorts=known.groupby("age").size())
    sums["share"] = ratio(sums["n"].to_numpy(dtype=float), sums["of"].to_numpy(dtype=float))
    return sums.reset_index()[["age", "n", "of", "share", "cohorts"]]


def _followed(dataset: Dataset, scope: Sequence[tuple[str, tuple[str | None, ...]]]) -> tuple[Frame, dict]:
    """Give all visits with the day of their customer's first, and what the scope asks of that first."""
    table = credited(dataset, "firsts") if {name for name, _ in scope} & {*MEMBER_DIMENSIONS} else "firsts"
    firsts, take, kept = facts_of(dataset, table), {"first_day": "order_date"}, {}
    for name, labels in scope:
        if name not in firsts.columns:
            raise NotAvailableError("cohorts", f"a customer's first order has no {name}")
        take[f"first_{name}"], kept[f"first_{name}"] = name, labels
    visits = facts_of(dataset, "visits").select(["customer", "order_date", "is_visit"])
    firsts = firsts.select(["customer", "order_date", *(name for name, _ in scope)])
    # A first order that several members share has a row for each of them.
    follow = visits.lookup if table == "firsts" else visits.spread
    return follow("customer", firsts, "customer", take), kept


def _laid_out(counts: np.ndarray, units: Sequence[Period], as_of: date, known: date | None) -> pd.DataFrame:
    out = []
    for place, own in enumerate(units):
        size = int(counts[place, place])
        for age, unit in enumerate(units[place:]):
            out.append(
                {"cohort": own.label, "cohort_start": own.start, "age": age, "period": unit.label,
                 "start": unit.start, "end": unit.end, "n": int(counts[place, place + age]), "of": size,
                 "is_complete": unit.end <= as_of,
                 "is_censored": bool(known and own.start and own.start < known)}
            )  # fmt: skip
    told = pd.DataFrame(out)
    told["share"] = ratio(told["n"].to_numpy(dtype=float), told["of"].to_numpy(dtype=float))
    days = ["cohort_start", "start", "end"]
    return told.assign(**{name: pd.to_datetime(told[name]) for name in days})[COLUMNS]
