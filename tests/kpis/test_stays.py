"""Stays in stages, as they were known on a day: what deals do later does not change an earlier month."""

from datetime import date

import pytest

import kpikit as kp
from tests.builders import ENGINES, dataset

CUT = date(2026, 4, 30)
OPENED, LOST, LATE = date(2026, 4, 1), date(2026, 4, 20), date(2026, 5, 5)


def deal(name, closed=None, rep="R1"):
    outcome = None if closed is None else "lost"
    return {"deal_id": name, "stage": "void", "outcome": outcome, "created_on": OPENED, "closed_on": closed,
            "amount": 10.0, "rep_id": rep}  # fmt: skip


def enter(name, stage, day):
    return {"deal_id": name, "stage": stage, "entered_on": day}


# Three deals go from a to void when they are lost. After the cut an open deal enters void too.
DEALS = [deal("1", LOST), deal("2", LOST), deal("3", LOST), deal("4", rep="R2")]
ENTRIES = [enter(name, "a", OPENED) for name in "1234"] + [enter(name, "void", LOST) for name in "123"]
TABLES = {"deals": DEALS, "deal_stages": [*ENTRIES, enter("4", "void", LATE)]}
CREDITS = [{"deal_id": "1", "rep_id": rep, "share": 0.5} for rep in ("R1", "R2")]
ASKED = {"period": "2026-04", "as_of": CUT}


def told(company, kpi="stage_conversion_rate", **asked):
    figures = kp.measure(company, kpi, by="stage", **ASKED, **asked)
    return {row.stage: (row.value, row.n) for row in figures.itertuples()}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_stage_ends_deals_until_one_is_known_to_stay_in_it(engine):
    company = dataset(TABLES, engine)
    # As of 30 April void only ended deals: three left a, and none moved on.
    assert told(company) == {"a": (0.0, 3)}
    assert told(company, "stage_conversion_rate:entered") == {"a": (0.0, 4)}
    # As of 5 May it is a stage like another: four came to it from a.
    figures = kp.measure(company, "stage_conversion_rate", by="stage", period="2026-Q2", as_of=LATE)
    assert dict(zip(figures["stage"], figures["value"], strict=True)) == {"a": 1.0, "void": 0.0}
    assert told(company) == {"a": (0.0, 3)}


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_and_shared_deals_follow_what_was_known(engine):
    company = dataset({**TABLES, "credits": CREDITS}, engine)
    assert len(kp.rows(company, "stage_days", **ASKED)) == 3
    # R2 has half of one deal; R1 half of it and two more.
    assert told(company, where={"rep": "R2"})["a"] == (0.0, 1)
    assert told(company, where={"rep": "R1"})["a"][0] == 0.0


def test_days_are_kept_and_few_of_them():
    from kpikit.kpis.stays import known_on

    company = dataset(TABLES)
    assert known_on(company, CUT) is known_on(company, CUT)
    first = known_on(company, CUT)
    for day in range(1, 10):
        known_on(company, date(2026, 5, day))
    assert known_on(company, CUT) is not first
    assert len(first.tables["deal_stages"]) == len(TABLES["deal_stages"]) - 1
