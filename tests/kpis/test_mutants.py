"""The tool that changes every KPI works: what is right passes its checks, and what is wrong fails them."""

from __future__ import annotations

import pytest

from kpikit.kpis import catalog
from tests.kpis.twin import ASKED
from tests.mutants import Judge, every_mutant, moved_bounds, put
from tests.mutants import bounds as companies


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(companies())


def test_every_kpi_has_mutants_that_differ_from_it():
    made = dict.fromkeys(ASKED, 0)
    for name, convention, what, mutant, bounds in every_mutant():
        made[name, convention] += 1
        assert mutant != catalog.find(name) or any(bounds), what
    assert min(made.values()) >= 2, made


def test_what_is_right_passes(judge):
    assert not judge.kills("win_rate", "closed")
    with put(catalog.find("win_rate")), moved_bounds(0, 0):
        assert not judge.kills("win_rate", "closed")


@pytest.mark.parametrize(
    "kpi, convention", [("win_rate", "closed"), ("revenue", None), ("pipeline_value", "amount")]
)
def test_what_is_wrong_fails(judge, kpi, convention):
    mutants = [one for one in every_mutant() if one[:2] == (kpi, convention)]
    assert {bounds for *_, bounds in mutants} >= {(0, 1), (0, -1)}
    for *_, what, mutant, bounds in mutants:
        with put(mutant), moved_bounds(*bounds):
            assert judge.kills(kpi, convention), what
    assert not judge.kills(kpi, convention)
