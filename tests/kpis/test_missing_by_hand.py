"""Every KPI under each convention where values are missing, on every engine, against figures by hand."""

import pytest

from kpikit import measure
from tests.builders import ENGINES, dataset
from tests.kpis import holes


def compare(company, expected, asked):
    figures = measure(company, list(expected), **asked)
    for (name, (value, n)), row in zip(expected.items(), figures.itertuples(), strict=True):
        assert not row.note.startswith("not available"), (name, row.note)
        if value is None:
            assert row.value != row.value, (name, row.value)
        else:
            assert row.value == pytest.approx(value, rel=1e-12), name
        assert n is None or row.n == n, (name, row.n)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_is_missing_is_left_out_and_nothing_else(engine):
    compare(dataset(holes.HOLES, engine, **holes.HOLES_SETTINGS), holes.OF_HOLES, holes.HOLES_ASKED)


@pytest.mark.parametrize("engine", ENGINES)
def test_customers_of_whom_not_every_day_is_known(engine):
    compare(dataset(holes.LEAVERS, engine), holes.OF_LEAVERS, holes.LEAVERS_ASKED)
