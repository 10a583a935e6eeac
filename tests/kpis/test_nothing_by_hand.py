"""Every KPI under each convention without a row, and with nothing to divide by, on every engine."""

import pytest

from kpikit import measure
from kpikit.data.contract import TABLES
from kpikit.kpis.catalog import find, names
from kpikit.kpis.formulas import ratio
from kpikit.kpis.measures import Else, Operation
from tests import oracles
from tests.builders import MARKED, dataset
from tests.kpis.nothing import ASKED, NOTHING

ALL = [f"{name}:{convention}" for name in names() for convention in find(name).convention_names]
CHANCES = {"stages": {"lead": 0.5}}


def empty(name):
    rows = oracles.Rows([])
    rows.columns = list(TABLES[name])
    return rows


@pytest.mark.parametrize("engine", MARKED)
def test_tables_without_a_row_give_null_and_say_so(engine):
    company = dataset({name: empty(name) for name in TABLES if name != "credits"}, engine, **CHANCES)
    figures = measure(company, ALL, **ASKED)
    assert figures["value"].isna().all() and (figures["n"] == 0).all()
    assert {note.split("; ")[0] for note in figures["note"]} == {"the data have none in any period"}
    # By rep, there is nobody to show.
    assert measure(company, ALL, by="rep", **ASKED).empty


@pytest.mark.parametrize("engine", MARKED)
def test_nothing_to_divide_by_gives_null_and_nothing_happened_gives_0(engine):
    companies = {id(tables): tables for tables, _ in NOTHING.values()}
    for one, tables in companies.items():
        asked = {name: value for name, (own, value) in NOTHING.items() if id(own) == one}
        figures = measure(dataset(tables, engine, **CHANCES), list(asked), **ASKED)
        for (name, value), row in zip(asked.items(), figures.itertuples(), strict=True):
            assert not row.note.startswith(("not available", "the data")), (name, row.note)
            assert (row.value == value) if value is not None else row.value != row.value, name


def divides(formula):
    if isinstance(formula, Else):
        return divides(formula.first) or divides(formula.second)
    is_median = getattr(formula, "how", None) == "median"
    return is_median or (
        isinstance(formula, Operation)
        and (formula.sign == "/" or divides(formula.left) or divides(formula.right))
    )


@pytest.mark.parametrize("asked", NOTHING)
def test_what_divides_is_null_and_only_that(asked):
    name, _, convention = asked.partition(":")
    _, formula = find(name).under(convention or None)
    assert divides(formula) == (NOTHING[asked][1] is None)


def test_every_division_goes_through_one_function_that_gives_null():
    import numpy as np

    assert np.isnan(ratio(np.array([1.0, 0.0, np.nan]), np.array([0.0, 0.0, 1.0]))).all()
