"""Every KPI, on every engine, equals its plain-Python twin on random companies."""

import hypothesis.strategies as st
import pytest
from hypothesis import Phase, given, settings

from tests.builders import MARKED, RANDOM
from tests.kpis import edges
from tests.kpis.twin import check, draw_case

# DuckDB compiles each query, which costs 2 s a company: what it shares with Polars is tested on Polars.
EXAMPLES = {"pandas": 80, "general": 20, "polars": 40, "duckdb": 8}


@pytest.mark.parametrize("engine", RANDOM)
def test_every_kpi_equals_its_twin(engine):
    @settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=EXAMPLES[engine])
    @given(data=st.data())
    def equals(data):
        check(draw_case(data), engine)

    equals()


@pytest.mark.parametrize("engine", MARKED)
@pytest.mark.parametrize("customers_leave", [False, True])
def test_bounds_of_periods_are_where_the_twin_has_them(engine, customers_leave):
    for case in edges.cases(customers_leave):
        check(case, engine)


@pytest.mark.parametrize("engine", MARKED)
def test_bounds_of_waits_stages_and_employments_are_where_the_twin_has_them(engine):
    for case in edges.more_cases():
        check(case, engine)
