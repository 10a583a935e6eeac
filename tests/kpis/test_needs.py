"""What a card names is what its KPI needs: with just that it can be had, with any of it gone it cannot."""

from datetime import date, datetime

import pytest

from kpikit import measure
from kpikit.data.contract import TABLES
from kpikit.kpis.catalog import names
from kpikit.kpis.describing import describe
from tests.builders import dataset

CASES = {
    f"{name}:{one.name}": one.needs for name in names() for one in describe(name).conventions if one.needs
}
DAY = date(2026, 1, 5)
VALUES = {"date": DAY, "month": DAY, "moment": datetime(2026, 1, 5, 10), "number": 1.0}
# What a card says with an "or": each way of having it.
WAYS = {
    "orders, or customers with acquired_on and left_on": [
        ("orders",),
        ("customers", "customers.acquired_on", "customers.left_on"),
    ],
    "orders, or customers.acquired_on": [("orders",), ("customers.acquired_on",)],
}
CHANCES = "stages in dataset.yaml"


def ways(needs):
    """Give every way of having what is needed."""
    found = [()]
    for need in needs:
        found = [one + more for one in found for more in WAYS.get(need, [(need,)])]
    return [tuple(dict.fromkeys(one)) for one in found]


def company(needs, gone=""):
    """Make a company that has what is needed, and the least of everything else."""
    tables = {}
    for need in needs:
        table, _, column = need.partition(".")
        if table not in TABLES or (column and table not in needs):
            continue
        required = [name for name, one in TABLES[table].items() if one.is_required]
        for name in [column] if column else required:
            value = VALUES.get(TABLES[table][name].kind, "1")
            tables.setdefault(table, {})[name] = "won" if name == "outcome" else value
    if not {"orders", "deals"} & set(tables):
        # A company has one of both, if without a row.
        tables["orders" if gone == "deals" else "deals"] = None
    rows = {name: [row] if row else [] for name, row in tables.items()}
    return dataset(rows, **({"stages": {"1": 0.5}} if CHANCES in needs else {}))


def note(asked, needs, gone=""):
    return measure(company(needs, gone), asked, period="2026-01-05", as_of=DAY)["note"].item()


@pytest.mark.parametrize("asked", CASES)
def test_what_a_card_names_is_enough(asked):
    for needs in ways(CASES[asked]):
        assert "not available" not in note(asked, needs), needs


@pytest.mark.parametrize("asked", CASES)
def test_all_that_a_card_names_is_needed(asked):
    for needs in ways(CASES[asked]):
        for gone in needs:
            left = tuple(one for one in needs if one != gone)
            assert note(asked, left, gone).startswith("not available: "), (needs, gone)


def test_the_cards_of_stages_name_the_history_and_the_chances():
    assert describe("stage_days").conventions[0].needs == ("deals", "deal_stages")
    assert CHANCES in describe("pipeline_value").conventions[1].needs
