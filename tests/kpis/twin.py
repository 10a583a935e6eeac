"""Compare KPIs of a random company with their plain-Python twins."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import hypothesis.strategies as st

from kpikit import measure
from kpikit.periods import Period
from tests import companies, oracles
from tests.builders import dataset

ASKED = [(kpi, convention) for kpi in oracles.KPIS for convention in oracles.CONVENTIONS.get(kpi, (None,))]
SPLITS = [
    (),
    ("rep",),
    ("team",),
    ("region",),
    ("channel",),
    ("customer",),
    ("product_line",),
    ("rep", "channel"),
    ("team", "product_line"),
    ("stage",),
    ("customer_age",),
    ("rep", "stage"),
    ("customer_age", "channel"),
]


class Case(NamedTuple):
    """A company and a question."""

    tables: dict[str, Any]
    start: Any
    end: Any
    as_of: Any
    by: tuple[str, ...]
    where: dict[str, list[str]]
    settings: Mapping[str, Any] = MappingProxyType({})


def name_of(kpi, convention):
    """Name a KPI under a convention."""
    return kpi if convention is None else f"{kpi}:{convention}"


def period_of(start, end):
    """Make a period of two dates; no start is all time."""
    if start is None:
        return Period("all time", None, end, "all")
    return Period(f"{start}/{end}", start, end, "range")


def draw_case(data):
    """Draw a company and a question."""
    tables = data.draw(companies.companies())
    as_of = data.draw(companies.as_ofs(tables))
    start, end = data.draw(companies.periods(tables))
    by = data.draw(st.sampled_from(SPLITS))
    where = {}
    if data.draw(st.booleans()):
        scoped = data.draw(st.sampled_from(["rep", "team", "region", "channel"]))
        labels = set()
        for kpi in ("revenue", "won_value", "active_customers"):
            found = oracles.measure(tables, kpi, None, as_of, as_of, by=(scoped,))
            labels |= {key[0] for key in found if key} if isinstance(found, dict) else set()
        if labels:
            where = {scoped: data.draw(st.lists(st.sampled_from(sorted(labels)), min_size=1, unique=True))}
    settings = data.draw(companies.company_settings(companies.dates_of(tables) or [as_of]))
    return Case(tables, start, as_of if start is None else end, as_of, by, where, settings)


def twin_of(case, kpi, convention):
    """Ask the twin."""
    return oracles.measure(
        case.tables,
        kpi,
        case.start,
        case.end,
        case.as_of,
        convention=convention,
        by=case.by,
        where=case.where,
        settings=case.settings,
    )


def check(case, engine="pandas", asked=ASKED, twins=None):
    """Assert that each KPI equals its twin in every group."""
    names = [name_of(*one) for one in asked]
    figures = measure(
        dataset(case.tables, engine, **case.settings),
        names,
        period=period_of(case.start, case.end),
        by=case.by,
        where=case.where,
        as_of=case.as_of,
    )
    rows = len(figures) // len(names)
    has_history = "deal_stages" in case.tables
    for number, (kpi, convention) in enumerate(asked):
        if not has_history and kpi == "pipeline_value" and ("stage" in case.by or convention == "weighted"):
            continue  # the twin knows no stages of today; they are worked out by hand
        label = (
            f"{kpi} {convention} {case.start}..{case.end} as of {case.as_of} by {case.by} where {case.where}"
        )
        twin = twin_of(case, kpi, convention) if twins is None else twins[kpi, convention]
        is_half = kpi == "operating_profit" and _is_before_orders_or_costs(case)
        _compare(figures.iloc[number * rows : (number + 1) * rows], twin, case.by, label, is_half=is_half)


def _is_before_orders_or_costs(case):
    """Tell whether one of the two has nothing yet, and the other has: their difference is no profit then."""
    days = [[row["order_date"] for row in case.tables.get("orders", [])],
            [row["month"] for row in case.tables.get("costs", [])]]  # fmt: skip
    known = [[day for day in one if day and _day(day) <= case.as_of] for one in days]
    if not all(known):
        return False
    return min(case.end, case.as_of) < max(min(map(_day, one)) for one in known)


def _day(moment):
    return getattr(moment, "date", lambda: moment)()


def _compare(ours, twin, by, label, *, is_half):
    values = {tuple(row[name] for name in by): row for row in ours.to_dict("records")}
    if twin == oracles.NOT_AVAILABLE:
        for row in values.values():
            assert "not available" in row["note"] and _missing(row["value"]), label
        return
    if not by:
        assert set(values) == {()}, label
    for key, row in values.items():
        expected = twin.get(key)
        told = f"{label} {key}: {row['value']} n {row['n']} {row['note']}; twin {expected}"
        if "not started" in row["note"]:
            assert twin[()].value is None and _missing(row["value"]), told
        elif "the data start after" in row["note"] or "the data have none" in row["note"]:
            assert _missing(row["value"]) and (expected is None or is_half or not expected.value), told
        elif is_half:
            raise AssertionError(told)
        elif expected is None:
            # A group that has nothing of this KPI: 0 of a flow or of what is counted, else null.
            assert _missing(row["value"]) or row["value"] == 0, told
        else:
            if expected.value is None:
                assert _missing(row["value"]), told
            else:
                assert math.isclose(row["value"], expected.value, rel_tol=1e-9, abs_tol=1e-9), told
            assert expected.n is None or row["n"] == expected.n, told
    lost = {key for key, result in twin.items() if len(key) == len(by) and by and result.rows} - set(values)
    assert not lost, f"{label}: groups {lost} are not shown"


def _missing(value):
    return value is None or value != value
