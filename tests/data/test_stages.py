"""The stage of a deal on an earlier day, on every engine."""

from datetime import date

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import Phase, given, settings

from kpikit import Dataset
from kpikit.data import engines
from tests import companies, oracles
from tests.builders import dataset

ENGINES = ("pandas", "polars", "duckdb")
DEALS = (
    # On the day two are as they are now; four have closed later, one of them without a history; two moved on.
    ("kept", "won", "won", "2026-01-01", "2026-01-10"),
    ("plain", "offer", None, "2026-01-01", None),
    ("closes", "won", "won", "2026-01-01", "2026-03-01"),
    ("unknown", "lost", "lost", "2026-01-01", "2026-03-01"),
    ("moves", "offer", None, "2026-01-01", None),
    ("starts", "offer", None, "2026-01-01", None),
    ("twice", "won", "won", "2026-01-01", "2026-03-01"),
    ("odd", "won", "won", "2026-01-01", "2026-03-01"),
)
STAGES = (
    ("kept", "lead", "2026-01-01"),
    ("closes", "won", "2026-03-01"),
    ("closes", "lead", "2026-01-01"),
    ("closes", "demo", "2026-01-31"),
    ("moves", "lead", "2026-01-15"),
    ("moves", "offer", "2026-02-01"),
    ("starts", "offer", "2026-02-01"),
    # Two stages on one day: the one that stands last.
    ("twice", "demo", "2026-01-20"),
    ("twice", "lead", "2026-01-20"),
    ("odd", "lead", "2026-01-02"),
    ("odd", None, "2026-01-03"),
    ("odd", "demo", None),
    ("nobody", "lead", "2026-01-01"),
)
ON_THE_DAY = {
    "kept": "won",
    "plain": "offer",
    "closes": "demo",
    "unknown": None,
    "moves": "lead",
    "starts": None,
    "twice": "lead",
    "odd": "lead",
}


def company(engine, deals=DEALS, stages=STAGES, columns=("outcome", "created_on", "closed_on")):
    table = pd.DataFrame(deals, columns=["deal_id", "stage", "outcome", "created_on", "closed_on"])
    history = pd.DataFrame(stages, columns=["deal_id", "stage", "entered_on"])
    for frame, names in ((table, ["created_on", "closed_on"]), (history, ["entered_on"])):
        for name in names:
            frame[name] = pd.to_datetime(frame[name])
    table = table.astype({"deal_id": "str", "stage": "str", "outcome": "str"})
    tables = {"deals": table[["deal_id", "stage", *columns]], "deal_stages": history.astype({"stage": "str"})}
    return Dataset(engines.convert(tables, engine))


def stages_of(made, day):
    rows = engines.to_pandas(made.hidden(day)["deals"])
    return {
        key: None if pd.isna(one) else one for key, one in zip(rows["deal_id"], rows["stage"], strict=True)
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_deals_have_the_stage_of_the_day(engine):
    made = company(engine)
    assert stages_of(made, date(2026, 1, 31)) == ON_THE_DAY
    # On the last day nothing is hidden, so nothing changes.
    assert stages_of(made, date(2026, 3, 1)) == {one[0]: one[1] for one in DEALS}
    assert stages_of(made, date(2026, 1, 30))["closes"] == "lead"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_rest_of_a_deal_is_hidden_as_ever(engine):
    hidden = company(engine).hidden(date(2026, 1, 31))["deals"]
    assert engines.engine_of(hidden) == engine
    assert engines.columns(hidden) == ["deal_id", "stage", "outcome", "created_on", "closed_on"]
    rows = engines.to_pandas(hidden).set_index("deal_id")
    assert rows.loc[["closes", "twice"], ["outcome", "closed_on"]].isna().all(axis=None)
    assert rows.loc["kept", "outcome"] == "won"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_history_is_read_where_no_closing_is_known(engine):
    made = company(engine, columns=("outcome", "created_on"))
    # Without closing dates only what the history says came later is known to have changed.
    assert stages_of(made, date(2026, 1, 31)) == ON_THE_DAY | {
        "unknown": "lost",
        "twice": "won",
        "odd": "won",
    }


def test_moments_of_one_day_are_told_apart():
    stages = (("closes", "late", "2026-01-20 15:00"), ("closes", "early", "2026-01-20 09:00"))
    assert stages_of(company("pandas", stages=stages), date(2026, 1, 20))["closes"] == "late"


@pytest.mark.parametrize(("engine", "examples"), [("pandas", 80), ("polars", 80), ("duckdb", 30)])
def test_random_histories_are_read_as_the_twin_reads_them(engine, examples):
    @settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=examples)
    @given(data=st.data())
    def agree(data):
        tables = data.draw(companies.companies(max_orders=2))
        day = data.draw(companies.as_ofs(tables))
        expected = {row["deal_id"]: row["stage"] for row in oracles.hide(tables, day)["deals"]}
        assert stages_of(dataset(tables, engine), day) == expected

    agree()
