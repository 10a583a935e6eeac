"""Every KPI has a whole card, and what it says of other KPIs is true."""

import re

import pytest

from kpikit.kpis.catalog import find, names

ENGLISH = re.compile(r"[A-Z].*\.", re.DOTALL)


@pytest.mark.parametrize("name", names())
def test_a_card_is_whole(name):
    card = find(name)
    assert ENGLISH.fullmatch(card.definition) and card.definition.count(". ") == 0
    assert ENGLISH.fullmatch(card.gaming)
    assert card.source


@pytest.mark.parametrize("name", names())
def test_every_convention_is_written_in_words(name):
    card = find(name)
    # What is computed from a target has a formula on its card, and no convention to ask for.
    assert list(card.written) == (card.convention_names or ["default"])
    assert len(set(card.written.values())) == len(card.written)


@pytest.mark.parametrize("name", names())
def test_a_kpi_is_balanced_by_others(name):
    card = find(name)
    assert card.balance and name not in card.balance
    assert set(card.balance) <= set(names())


@pytest.mark.parametrize("name", names())
def test_the_names_in_a_formula_are_known(name):
    words = {word for text in find(name).written.values() for word in re.findall(r"\b[a-z]+_[a-z_]+\b", text)}
    assert words <= set(names())
