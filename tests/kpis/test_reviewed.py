"""Figures that were once wrong, found by reading the formulas against their definitions."""

from datetime import date

import pandas as pd
import pytest

from kpikit import Dataset, KpikitError, Rows, measure
from kpikit.kpis.card import KPI
from tests import oracles
from tests.builders import ENGINES, dataset


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


@pytest.mark.parametrize("engine", ENGINES)
def test_amounts_that_cannot_be_summed_exactly_are_refused(engine):
    orders = table(
        "order_id order_date customer_id amount",
        *((str(number), date(2026, 1, 5), "c", 1e13) for number in range(100)),
    )
    with pytest.raises(KpikitError, match="the values of amount add up to more than 461,168,601,842,739"):
        measure(dataset({"orders": orders}, engine), "revenue", period="2026-01")


@pytest.mark.parametrize("engine", ENGINES)
def test_large_amounts_are_summed_exactly(engine):
    orders = table(
        "order_id order_date customer_id amount",
        *((str(number), date(2026, 1, 5), "c", 1e13 + number) for number in range(40)),
    )
    figures = measure(dataset({"orders": orders}, engine), "revenue", period="2026-01")
    assert figures["value"].tolist() == [40 * 10**13 + 780]


@pytest.mark.parametrize("engine", ["pandas", "general", "polars", "duckdb"])
def test_whole_number_ids_stay_whole_where_one_is_missing(engine):
    from kpikit.data.engines import convert

    orders = pd.DataFrame(
        {
            "order_id": ["1", "2", "3"],
            "order_date": pd.to_datetime(["2026-01-05"] * 3),
            "customer_id": ["a", "b", "c"],
            "amount": [1.0, 2.0, 4.0],
            "rep_id": pd.array([7, 7, None], dtype="Int64"),
        }
    )
    tables = {"orders": orders} if engine in ("pandas", "general") else convert({"orders": orders}, engine)
    figures = measure(Dataset(tables, is_lazy=engine == "general"), "revenue", period="2026-01", by="rep")
    assert dict(zip(figures["rep"], figures["value"], strict=True)) == {"7": 3, "no rep": 4}


def test_an_open_deal_is_not_judged_by_a_closing_that_is_not_yet_known():
    reps = table(
        "rep_id team valid_from valid_to",
        ("a", "A", None, date(2026, 2, 28)),
        ("a", "B", date(2026, 3, 1), None),
    )
    deals = table(
        "deal_id stage outcome created_on closed_on amount rep_id",
        ("1", "won", "won", date(2026, 1, 10), date(2026, 4, 1), 100.0, "a"),
    )
    tables = {"deals": deals, "reps": reps}
    asked = {"kpis": ["pipeline_value", "win_rate:cohort"], "period": "2026-01", "by": "team"}
    known = measure(dataset(tables), as_of="2026-02-15", **asked)
    cut = measure(dataset(oracles.hide(tables, date(2026, 2, 15))), as_of="2026-02-15", **asked)
    pd.testing.assert_frame_equal(known, cut)
    assert known["value"].tolist() == [100, 0]
    assert set(known["team"]) == {"A"}


def test_a_name_that_is_somebody_elses_id_is_told_apart():
    reps = table("rep_id name", ("R1", "Ayu"), ("Ayu", None))
    orders = table(
        "order_id order_date customer_id amount rep_id",
        ("1", date(2026, 1, 5), "c", 5.0, "R1"),
        ("2", date(2026, 1, 5), "c", 7.0, "Ayu"),
    )
    figures = measure(dataset({"orders": orders, "reps": reps}), "revenue", period="2026-01", by="rep")
    assert dict(zip(figures["rep"], figures["value"], strict=True)) == {"Ayu (Ayu)": 7, "Ayu (R1)": 5}


def test_a_stint_without_an_end_ends_with_the_next_one():
    reps = table(
        "rep_id team valid_from valid_to", ("a", "A", None, None), ("a", "B", date(2026, 2, 1), None)
    )
    orders = table("order_id order_date customer_id amount rep_id", ("1", date(2026, 2, 5), "c", 5.0, "a"))
    company = dataset({"orders": orders, "reps": reps})
    assert measure(company, "revenue", period="2026-02", by="team")["team"].tolist() == ["B"]


def test_a_reference_does_not_depend_on_what_else_is_asked():
    reps = table("rep_id hired_on", ("b", date(2026, 1, 1)))
    orders = table(
        "order_id order_date customer_id amount rep_id",
        ("1", date(2025, 12, 5), "c", 5.0, "a"),
        ("2", date(2026, 1, 5), "c", 5.0, "b"),
    )
    deals = table(
        "deal_id stage outcome created_on closed_on amount rep_id",
        ("1", "won", "won", date(2025, 12, 1), date(2025, 12, 9), 1.0, "b"),
    )
    company = dataset({"orders": orders, "deals": deals, "reps": reps})
    asked = {"period": "2026-01", "by": "rep", "compare": "previous"}
    alone = measure(company, "revenue", **asked)
    beside = measure(company, ["revenue", "won_value"], **asked)
    for figures in (alone, beside[beside["kpi"] == "revenue"]):
        assert figures.loc[figures["rep"] == "b", "reference"].isna().all()


def test_new_customers_are_left_censored_by_the_orders_and_not_by_older_costs():
    orders = table("order_id order_date customer_id amount", ("1", date(2026, 1, 5), "c", 5.0))
    costs = table("month amount", (date(2020, 1, 1), 10.0), (date(2026, 1, 1), 31.0))
    company = dataset({"orders": orders, "costs": costs})
    figures = measure(company, "customer_acquisition_cost", period="2026-01", as_of="2026-01-31")
    assert "left-censored" in figures["note"].item()


def test_customers_can_be_told_apart_by_their_id():
    rows = Rows("orders", "order_date", "is_sale")
    buyers = KPI("buyers", "rate", "count", rows.distinct("customer_id"))
    stranger = KPI("strangers", "rate", "count", rows.distinct("shoe_size"))
    orders = table(
        "order_id order_date customer_id amount",
        ("1", date(2026, 1, 5), "c", 5.0),
        ("2", date(2026, 1, 6), "c", 5.0),
        ("3", date(2026, 1, 6), "d", 5.0),
    )
    figures = measure(dataset({"orders": orders}), [buyers, stranger], period="2026-01")
    assert figures["value"].tolist()[0] == 2
    assert figures["note"].tolist()[1] == "not available: orders.shoe_size cannot be told apart"
