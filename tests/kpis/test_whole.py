"""No KPI and no convention is left out: each has figures by hand, a twin, and what its edges are."""

import pytest

from kpikit.kpis.catalog import find, names
from tests import oracles
from tests.kpis import holes, test_properties
from tests.kpis.nothing import NOTHING
from tests.kpis.test_against_twin import EXAMPLES
from tests.kpis.test_by_hand import JANUARY, YEAR
from tests.kpis.test_customers_by_hand import ENDED, HALF, PROSPECTS
from tests.kpis.test_deals_by_hand import IN_STAGES, TALKED
from tests.kpis.test_deals_by_hand import MARCH as MARCH_DEALS
from tests.kpis.test_nothing_by_hand import ALL
from tests.kpis.test_orders_by_hand import MARCH as MARCH_ORDERS
from tests.kpis.twin import ASKED, name_of

BY_HAND = (JANUARY, YEAR, HALF, ENDED, PROSPECTS, MARCH_DEALS, MARCH_ORDERS, TALKED, IN_STAGES)
CATALOGUE = {f"{name}:{one}" for name in names() for one in find(name).convention_names}
TABLES = {
    "a table worked out by hand": [name for one in BY_HAND for name in one],
    "a plain-Python twin": [name_of(*one) for one in ASKED],
    "tables without a row": ALL,
    "nothing to divide by": NOTHING,
    "missing values": [*holes.OF_HOLES, *holes.OF_LEAVERS],
    "properties": test_properties.NAMES,
}


def whole(asked):
    """Name the convention of a KPI that is asked for by its name alone."""
    name, _, convention = asked.partition(":")
    return f"{name}:{convention or find(name).default}"


@pytest.mark.parametrize("what", TABLES)
def test_every_kpi_has(what):
    told = {whole(one) for one in TABLES[what]}
    assert told == CATALOGUE, f"{what}: {sorted(told ^ CATALOGUE)}"


def test_every_kpi_is_compared_with_its_twin_on_every_engine():
    from tests.builders import ENGINES

    assert set(EXAMPLES) == set(ENGINES) >= {"pandas", "polars", "duckdb"}
    assert min(EXAMPLES.values()) > 0
    for name in oracles.KPIS:
        conventions = oracles.CONVENTIONS.get(name, ("default",))
        assert list(conventions) == find(name).convention_names, name


def test_what_has_no_formula_of_its_own_is_tested_beside_targets():
    assert [name for name in names() if not find(name).convention_names] == ["pipeline_coverage"]
