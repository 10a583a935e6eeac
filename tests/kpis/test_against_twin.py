"""Every KPI, on every engine, equals its plain-Python twin on random companies."""

import math

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, given, note, settings
from kpikit import measure
from kpikit.kpis.tabulating import read_where
from kpikit.periods import Period

from tests import companies, oracles
from tests.builders import ENGINES, dataset

ASKED = [(kpi, convention) for kpi in oracles.KPIS for convention in oracles.CONVENTIONS.get(kpi, (None,))]
NAMES = [kpi if convention is None else f"{kpi}:{convention}" for kpi, convention in ASKED]


def period_of(start, end):
    """Make a period of two dates; no start is all time."""
    if start is None:
        return Period("all time", None, end, "all")
    return Period(f"{start}/{end}", start, end, "range")


@pytest.mark.parametrize("engine", ENGINES)
@settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=60)
@given(data=st.data())
def test_every_kpi_equals_its_twin(engine, data):
    tables = data.draw(companies.companies())
    as_of = data.draw(companies.as_ofs(tables))
    start, end = data.draw(companies.periods(tables))
    end = as_of if start is None else end
    by = data.draw(
        st.sampled_from(
            [
                (),
                ("rep",),
                ("team",),
                ("region",),
                ("channel",),
                ("customer",),
                ("product_line",),
                ("rep", "channel"),
            ]
        )
    )
    company = dataset(tables, engine)
    where = {}
    if data.draw(st.booleans()):
        scoped = data.draw(st.sampled_from(["rep", "region", "channel"]))
        labels = {
            key[0]
            for kpi in ("revenue", "won_value", "active_customers")
            if isinstance(found := oracles.measure(tables, kpi, None, as_of, as_of, by=(scoped,)), dict)
            for key in found
            if key
        }
        if labels:
            where = {scoped: data.draw(st.lists(st.sampled_from(sorted(labels)), min_size=1, unique=True))}
            read_where(company, where)
    figures = measure(company, NAMES, period=period_of(start, end), by=by, where=where, as_of=as_of)
    for number, (kpi, convention) in enumerate(ASKED):
        label = f"{kpi} {convention} by {by} where {where} {start}..{end} as of {as_of}"
        ours = figures[
            (figures["kpi"] == kpi) & (figures["convention"].fillna("") == (convention or "default"))
        ]
        twin = oracles.measure(tables, kpi, start, end, as_of, convention=convention, by=by, where=where)
        compare(ours, twin, by, label)


def compare(ours, twin, by, label):
    """Compare a KPI's rows with the groups of its twin."""
    values = {tuple(row[name] for name in by): row for row in ours.to_dict("records")}
    if twin == oracles.NOT_AVAILABLE:
        assert all("not available" in row["note"] and missing(row["value"]) for row in values.values()), label
        return
    if not by:
        assert set(values) == {()}, label
    for key, row in values.items():
        note(f"{label} {key}: {row['value']} n {row['n']} {row['note']}; twin {twin.get(key)}")
        if "not started" in row["note"]:
            assert twin[()].value is None and missing(row["value"]), label
            continue
        if "the data start after" in row["note"]:
            expected = twin.get(key)
            assert missing(row["value"]) and (expected is None or expected.rows == 0 or not expected.value), (
                label
            )
            continue
        expected = twin.get(key)
        if expected is None:
            # A group that has nothing of this KPI: 0 of a flow or of what is counted, else null.
            assert missing(row["value"]) or row["value"] == 0, label
            continue
        if expected.value is None:
            assert missing(row["value"]), label
        else:
            assert not missing(row["value"]), label
            assert math.isclose(row["value"], float(expected.value), rel_tol=1e-9, abs_tol=1e-9), label
        if expected.n is not None:
            assert row["n"] == expected.n, label
    shown = {key for key, result in twin.items() if key and result.rows > 0}
    if shown and not by == ():
        lost = shown - set(values)
        assert not lost, f"{label}: groups {lost} are not shown"


def missing(value):
    """Whether a value is null."""
    return value is None or value != value
