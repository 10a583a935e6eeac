"""Prepared tables give the figures that the sources give, on each engine: no calculation writes into them."""

from __future__ import annotations

import gc
import shutil
from pathlib import Path

import pandas as pd
import pytest

import kpikit as kp
from kpikit.data.engines import to_pandas
from kpikit.kpis.catalog import names
from tests.data.conftest import ENGINES

SAMPLES = Path(__file__).parents[3] / "data" / "samples"


@pytest.fixture(params=[*ENGINES[:2], pytest.param("duckdb", marks=pytest.mark.slow)])
def both(request, cache):
    fresh = kp.load(SAMPLES, engine=request.param, cache=False)
    kp.load(SAMPLES)
    return fresh, kp.load(SAMPLES, engine=request.param)


@pytest.mark.parametrize("by", [None, "rep", "region", "customer"])
def test_all_kpis_are_the_same(both, by):
    fresh, prepared = (
        kp.measure(one, names(), period="2026-H1", by=by, compare="previous", as_of="2026-08-31")
        for one in both
    )
    pd.testing.assert_frame_equal(prepared, fresh)
    assert prepared["value"].notna().any()


def test_a_plan_is_judged_the_same(both):
    plan = kp.read_plan(SAMPLES / "plan.yaml")
    fresh, prepared = (kp.evaluate(one, plan, as_of="2026-09-14") for one in both)
    pd.testing.assert_frame_equal(prepared, fresh)


def test_tables_live_as_long_as_they_are_held(both, cache):
    fresh, prepared = (to_pandas(one.tables["deals"]) for one in both)
    held = both[1].tables["deals"]
    shutil.rmtree(cache)
    gc.collect()
    pd.testing.assert_frame_equal(to_pandas(held), fresh)
    pd.testing.assert_frame_equal(prepared, fresh)
