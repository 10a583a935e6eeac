"""The funnel and the order of stages: worked out by hand, and against plain Python on the sample company."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import kpikit as kp
from kpikit.data.settings import Settings
from kpikit.errors import NotAvailableError
from kpikit.kpis.funnel import funnel
from kpikit.kpis.stage_order import is_ordered, stage_order

SAMPLES = Path("data/samples")
# Seven deals of January 2026, and one from before. D goes back; F and G never came to a stage.
DEALS = [
    ("A", "won", "won", "2026-01-05", "2026-02-01", "R1"),
    ("B", "lost", "lost", "2026-01-06", "2026-01-20", "R1"),
    ("C", "offer", None, "2026-01-07", None, "R1"),
    ("D", "lost", "lost", "2026-01-08", "2026-02-10", "R2"),
    ("E", "trial", None, "2026-01-09", None, "R2"),
    ("F", "lead", None, "2026-01-10", None, "R2"),
    ("G", "won", "won", "2026-01-11", "2026-01-30", "R2"),
    ("H", "lead", None, "2025-12-20", None, "R1"),
]
ENTRIES = {
    "A": ["lead 2026-01-05", "offer 2026-01-15", "won 2026-02-01"],
    "B": ["lead 2026-01-06", "lost 2026-01-20"],
    "C": ["lead 2026-01-07", "trial 2026-01-12", "offer 2026-01-20"],
    "D": ["lead 2026-01-08", "trial 2026-01-10", "lead 2026-01-14", "lost 2026-02-10"],
    "E": ["lead 2026-01-09", "trial 2026-01-11"],
    "H": ["lead 2025-12-20"],
}
COUNTS = ["stage", "entered", "moved", "lost", "still", "back", "skipped"]


def company(engine: str = "pandas", *, stages: bool = True, **settings: object) -> kp.Dataset:
    from kpikit.data.engines import convert

    names = ["deal_id", "stage", "outcome", "created_on", "closed_on", "rep_id"]
    deals = pd.DataFrame(DEALS, columns=names)
    for name in ("created_on", "closed_on"):
        deals[name] = pd.to_datetime(deals[name])
    lines = [(deal, *entry.split()) for deal, entries in ENTRIES.items() for entry in entries]
    told = pd.DataFrame(lines, columns=["deal_id", "stage", "entered_on"])
    told["entered_on"] = pd.to_datetime(told["entered_on"])
    tables = {"deals": deals.astype({"outcome": "str"})} | ({"deal_stages": told} if stages else {})
    return kp.Dataset(convert(tables, engine), Settings(**settings))


def counts(rows: pd.DataFrame) -> list[tuple[object, ...]]:
    return [tuple(None if one != one else one for one in row) for row in rows[COUNTS].itertuples(index=False)]


@pytest.mark.parametrize("engine", ["pandas", pytest.param("polars", marks=pytest.mark.polars), "duckdb"])
def test_what_became_of_each_deal(engine):
    told = funnel(company(engine), period="2026-01", as_of="2026-03-31")
    # In lead: A, C and E went on, B was lost, and D was lost when it was back there. G skipped all of them.
    assert counts(told) == [
        ("lead", 5, 3, 2, 0, 0, 1),
        ("trial", 3, 1, 0, 1, 1, 2),
        ("offer", 2, 1, 0, 1, 0, 1),
        (None, 2, 0, 0, 0, 0, 0),
    ]
    # C, E and F are open; F and G, which was won, came to no stage.
    assert set(told["created"]) == {7} and set(told["open"]) == {3}
    assert told["share"].tolist() == [5 / 7, 3 / 7, 2 / 7, 2 / 7]
    # Without those that are still there: 3 of 5, 1 of 2, 1 of 1.
    assert told["conversion"].tolist()[:3] == [0.6, 0.5, 1.0] and told["conversion"].isna().tolist()[3]


def test_it_is_of_whom_it_is_asked_for_and_as_it_was_known():
    told = funnel(company(), period="2026-01", where={"rep": "R1"}, as_of="2026-03-31")
    assert counts(told)[0] == ("lead", 3, 2, 1, 0, 0, 0) and set(told["created"]) == {3}
    # On 16 January nothing was closed: A is in offer, C and E in trial, B and D (back) in lead.
    told = funnel(company(), period="2026-01", as_of="2026-01-16").set_index("stage")
    assert told.loc["lead", ["entered", "moved", "lost", "still"]].tolist() == [5, 3, 0, 2]
    assert told.loc["trial", ["entered", "still", "back"]].tolist() == [3, 2, 1]
    assert told.loc["offer", ["entered", "still"]].tolist() == [1, 1]
    assert told["entered"].iloc[-1] == 0 and set(told["open"]) == {7}


def test_each_deal_ends_in_one_place():
    for period, where in (("2026-01", {}), ("2026-Q1", {"rep": "R2"}), ("all time", {})):
        told = funnel(company(), period=period, where=where, as_of="2026-03-31")
        parts = told[["moved", "lost", "still", "back"]].sum(axis=1)
        stages = told["stage"].notna()
        assert parts[stages].tolist() == told.loc[stages, "entered"].tolist()


def test_without_deals_of_the_period_all_is_zero_and_shares_are_null():
    told = funnel(company(), period="2026-03", as_of="2026-03-31")
    assert told["created"].tolist() == [0] * 4 and told["entered"].tolist() == [0] * 4
    assert told["share"].isna().all() and told["conversion"].isna().all()


def test_what_nobody_knows_is_told():
    with pytest.raises(NotAvailableError, match="deal_stages is missing"):
        funnel(company(stages=False), period="2026-01")
    orders = pd.DataFrame({"order_id": ["1"], "order_date": pd.to_datetime(["2026-01-05"]),
                           "customer_id": ["C"], "amount": [1.0]})  # fmt: skip
    with pytest.raises(NotAvailableError, match="deals is missing"):
        funnel(kp.Dataset({"orders": orders}), period="2026-01")


def read(name: str) -> list[dict[str, str]]:
    with (SAMPLES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("period", "rep", "as_of"),
    [(("2026-07-01", "2026-09-30"), None, "2026-10-09"), (("2026-04-01", "2026-06-30"), "R17", "2026-10-09"),
     (("2026-01-01", "2026-03-31"), None, "2026-03-20")],
)  # fmt: skip
def test_the_sample_company_as_plain_python_counts_it(period, rep, as_of):
    first, last = period
    deals = {
        one["deal_id"]: one
        for one in read("deals")
        if first <= one["created_on"] <= min(last, as_of) and (rep is None or one["rep_id"] == rep)
    }
    entries: dict[str, list[str]] = {name: [] for name in deals}
    for one in read("deal_stages"):
        is_end = one["stage"] in ("won", "lost")
        if one["deal_id"] in deals and one["entered_on"] <= as_of and not is_end:
            entries[one["deal_id"]].append(one["stage"])
    ended = {
        name: one["outcome"] if one["closed_on"] and one["closed_on"] <= as_of else ""
        for name, one in deals.items()
    }
    expected = {}
    for stage in ("lead", "qualified", "proposal", "negotiation"):
        own = [name for name, went in entries.items() if stage in went]
        here = [name for name in own if entries[name][-1] == stage]
        lost, still = (sum(ended[name] == how for name in here) for how in ("lost", ""))
        expected[stage] = (len(own), len(own) - lost - still, lost, still)
    where = {} if rep is None else {"rep": next(one["name"] for one in read("reps") if one["rep_id"] == rep)}
    told = funnel(kp.load(SAMPLES), period=f"{first}/{last}", where=where, as_of=as_of)
    got = {one["stage"]: (one["entered"], one["moved"], one["lost"], one["still"])
           for one in told.to_dict("records") if one["stage"] == one["stage"]}  # fmt: skip
    assert got == expected and list(got) == list(expected)
    assert told["created"].iloc[0] == len(deals)
    assert told["entered"].iloc[-1] == sum(how == "won" for how in ended.values())


def test_stages_come_as_deals_went_through_them_and_not_by_their_chances():
    assert stage_order(company()) == ["lead", "trial", "offer"]
    assert stage_order(company(stages={"offer": 0.1, "lead": 0.9, "trial": 0.5})) == [
        "lead",
        "trial",
        "offer",
    ]


def test_where_no_deal_tells_the_chance_to_win_does_and_else_the_name():
    chances = {"trial": 0.9, "offer": 0.4, "lead": 0.1}
    assert stage_order(company_without(chances)) == ["lead", "offer", "trial"]
    assert stage_order(company_without({})) == ["lead", "offer", "trial"]
    assert stage_order(company_without({"trial": 0.1, "lead": 0.9, "offer": 0.5})) == [
        "trial",
        "offer",
        "lead",
    ]
    assert not is_ordered(company_without({})) and is_ordered(company_without(chances))


def company_without(chances: dict[str, float]) -> kp.Dataset:
    made = company(stages=False)
    return kp.Dataset(made.tables, Settings(stages=chances))


def test_a_stage_that_few_deals_come_to_the_other_way_round_keeps_its_place():
    # Two of three came to trial first.
    rows = [(name, stage, date(2026, 1, day)) for name, order in
            (("1", ["trial", "offer"]), ("2", ["trial", "offer"]), ("3", ["offer", "trial"]))
            for day, stage in enumerate(order, 1)]  # fmt: skip
    told = pd.DataFrame(rows, columns=["deal_id", "stage", "entered_on"])
    told["entered_on"] = pd.to_datetime(told["entered_on"])
    deals = pd.DataFrame({"deal_id": list("123"), "stage": "offer", "outcome": None,
                          "created_on": pd.Timestamp("2026-01-01"), "closed_on": pd.NaT})  # fmt: skip
    assert stage_order(kp.Dataset({"deals": deals, "deal_stages": told})) == ["trial", "offer"]


def test_an_end_that_has_a_chance_to_win_is_no_stage_of_open_deals():
    chances = {"lead": 0.1, "trial": 0.5, "offer": 0.8, "won": 1.0, "lost": 0.0}
    assert stage_order(company_without(chances)) == ["lead", "trial", "offer"]
    # Where an open deal is in it, it is one.
    made = company_without(chances | {"verbal": 1.0})
    deals = made.tables["deals"].assign(stage=lambda own: own["stage"].replace("offer", "verbal"))
    assert stage_order(kp.Dataset({"deals": deals}, made.settings))[-1] == "verbal"
