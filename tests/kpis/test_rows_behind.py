"""The rows behind a figure: they are the company's own, and their parts add up to the figure exactly."""

import math
import statistics
from collections import Counter
from datetime import date, datetime
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import kpikit as kp
from kpikit import KPI, Rows
from kpikit.errors import KpikitError, NotAvailableError, ParameterError, UnknownNameError
from tests import oracles
from tests.builders import ENGINES, RANDOM, dataset
from tests.kpis.test_by_hand import AS_OF, COMPANY, JANUARY, ORDERS, day, table
from tests.kpis.twin import ASKED, draw_case, name_of, period_of

NOTHING = math.nan


def ratio(numerator, denominator):
    return NOTHING if denominator == 0 else numerator / denominator


# Each KPI by the names of its measures, written down a second time.
FORMULAS = {
    "revenue": lambda m: m["amount"],
    "net_revenue": lambda m: m["amount"],
    "gross_profit": lambda m: m["margin"],
    "gross_margin": lambda m: ratio(m["margin"], m["amount"]),
    "operating_profit": lambda m: m["margin"] - m["amount"],
    "costs": lambda m: m["amount"],
    "revenue_per_cost": lambda m: ratio(m["amount (orders)"], m["amount (costs)"]),
    "units_sold": lambda m: m["quantity"],
    "discount_rate": lambda m: ratio(m["discount"], m["amount"] + m["discount"]),
    "order_count:sales": lambda m: m["order_count"],
    "order_count:with_refunds": lambda m: m["order_count"],
    "average_order_value:sales": lambda m: ratio(m["amount"], m["order_count"]),
    "average_order_value:with_refunds": lambda m: ratio(m["amount"], m["order_count"]),
    "revenue_per_customer": lambda m: ratio(m["amount"], m["customer_count"]),
    "repeat_purchase_rate": lambda m: ratio(m["returning"], m["visitors"]),
    "revenue_per_rep:employed": lambda m: ratio(m["amount"], (m["headcount"] + m["opening_headcount"]) / 2),
    "revenue_per_rep:selling": lambda m: ratio(m["amount"], m["rep_count"]),
    "new_customer_revenue": lambda m: m["amount"],
    "existing_customer_revenue": lambda m: m["amount"],
    "deals_created": lambda m: m["created"],
    "deals_won": lambda m: m["won"],
    "average_deal_size": lambda m: ratio(m["amount"], m["won"]),
    **{
        f"conversion_rate:within_{days}_days": lambda m, days=days: ratio(
            m[f"won_in_{days}_days"], m[f"created_{days}_days_ago"]
        )
        for days in (30, 90, 180)
    },
    "conversion_rate:first_order": lambda m: ratio(m["converted_90_days_ago"], m["prospects_90_days_ago"]),
    "sales_cycle_days:all_closed": lambda m: m["median_cycle_days"],
    "sales_cycle_days:mean": lambda m: ratio(m["cycle_days"], m["won"]),
    "sales_velocity:open": lambda m: velocity(m, m["open_deals"]),
    "sales_velocity:closed": lambda m: velocity(m, m["closed"]),
    "stage_conversion_rate:left": lambda m: ratio(m["moved_on"], m["left"]),
    "stage_conversion_rate:entered": lambda m: ratio(m["moved_on"], m["entered"]),
    "stage_days": lambda m: m["median_stay_days"],
    "pipeline_value:weighted": lambda m: m["weighted_amount"],
    **{
        f"active_customers:ordered_in_{days}_days": lambda m: m["active_customers"] for days in (90, 180, 365)
    },
    "acquisition_rate:prospects": lambda m: ratio(m["won"], m["created"]),
    "retention_rate:identity": lambda m: retained(m),
    "retention_rate:counts": lambda m: kept(m),
    "churn_rate:identity": lambda m: 1.0 - retained(m),
    "churn_rate:counts": lambda m: 1.0 - kept(m),
    "relationship_years:completed": lambda m: (
        ratio(m["stayed_days_so_far"], m["ended_relationships_so_far"]) / 365.25
    ),
    "relationship_years:inverse_churn": lambda m: ratio(
        1.0, 1.0 - ratio(m["stayed_customers"], m["active_customers_365_days_before"])
    ),
    "conversations_handled:answered": lambda m: m["answered"],
    "conversations_handled:started": lambda m: m["conversations"],
    "response_rate:answered": lambda m: ratio(m["answered"], m["conversations"]),
    "response_rate:within_1_hour": lambda m: ratio(m["answered_in_1_hour"], m["due_in_1_hour"]),
    "response_rate:within_8_hours": lambda m: ratio(m["answered_in_8_hours"], m["due_in_8_hours"]),
    "first_response_hours:answered": lambda m: m["median_reply_minutes"] / 60,
    "first_response_hours:waiting": lambda m: m["median_waited_minutes"] / 60,
    "won_value": lambda m: m["amount"],
    "win_rate:closed": lambda m: ratio(m["won"], m["closed"]),
    "win_rate:created": lambda m: ratio(m["won"], m["deals"]),
    "win_rate:cohort": lambda m: ratio(m["won"], m["created"]),
    "sales_cycle_days:won": lambda m: m["median_cycle_days"],
    "pipeline_value:amount": lambda m: m["open_amount"],
    "active_customers:active": lambda m: m["active_customers"],
    "new_customers:first_order": lambda m: m["new_customers"],
    "new_customers:acquired_on": lambda m: m["acquired_customers"],
    "acquisition_rate:active": lambda m: ratio(m["new_customers"], m["opening_active_customers"]),
    "relationship_years:active": lambda m: ratio(m["tenure_days"] / 365.25, m["active_customers"]),
    "customer_lifetime_value:historic": lambda m: ratio(
        m["margin_so_far"] if "margin_so_far" in m else m["amount_so_far"], m["customers"]
    ),
    "customer_lifetime_value:simple": lambda m: simple(
        m,
        m["order_count_in_365_days"],
        m["margin_in_365_days" if "margin_in_365_days" in m else "amount_in_365_days"],
    ),
    "customer_acquisition_cost": lambda m: ratio(m["amount"], m["new_customers"]),
}
NAMES = [name_of(*one) for one in ASKED]


def velocity(m, deals):
    size = ratio(m["amount"], m["won (with amount)"])
    won = m.get("won (is_won)", m.get("won"))
    rate = ratio(won, m["closed"])
    return ratio(deals * size * rate, ratio(m["cycle_days"], m["won (is_cycle)"]))


def retained(m):
    return ratio(m["retained_customers"], m["opening_active_customers"])


def kept(m):
    return ratio(m["active_customers"] - m["new_customers"], m["opening_active_customers"])


def simple(m, orders, margin):
    stays = ratio(m["stayed_customers"], m["active_customers_365_days_before"])
    return ratio(orders, m["active_customers"]) * ratio(margin, orders) * ratio(1.0, 1.0 - stays)


def recombined(rows, *, is_all_time=False):
    """Gather the parts of each measure: exactly, in plain Python."""
    found = {}
    for name in rows.attrs["measures"]:
        here = rows[rows["measure"] == name]
        parts = [Decimal(repr(part)) for part in here["part"] if part == part]
        if set(here["how"]) == {"median"} or name.startswith("median"):
            found[name] = float(statistics.median(parts)) if parts else NOTHING
        elif name.startswith(("opening", "retained")) and is_all_time:
            found[name] = NOTHING
        else:
            found[name] = NOTHING if len(here) and not parts else float(sum(parts))
    return found


def equal(left, right):
    return left == right or (left != left and right != right)


def told(rows, *columns, measure=None):
    """List rows as plain tuples, missing values as None."""
    rows = rows if measure is None else rows[rows["measure"] == measure]
    return [
        tuple(None if pd.isna(row[name]) else row[name] for name in columns)
        for row in rows.to_dict("records")
    ]


def january(kpi, engine="pandas", **asked):
    return kp.rows(dataset(COMPANY, engine), kpi, period="2026-01", as_of=AS_OF, **asked)


# --- By hand


@pytest.mark.parametrize("engine", ENGINES)
def test_the_lines_of_revenue(engine):
    rows = january("revenue", engine)
    assert told(
        rows, "measure", "how", "part", "table", "order_id", "order_date", "rep_id", "rep", "team"
    ) == [
        ("amount", "sum", 100.0, "orders", "1", pd.Timestamp(2026, 1, 5), "a", "Ayu", "North"),
        ("amount", "sum", 50.0, "orders", "1", pd.Timestamp(2026, 1, 5), "a", "Ayu", "North"),
        ("amount", "sum", 80.0, "orders", "10", pd.Timestamp(2026, 1, 10), "b", "Budi", "South"),
        ("amount", "sum", 20.0, "orders", "2", pd.Timestamp(2026, 1, 10), "a", "Ayu", "North"),
        ("amount", "sum", 7.5, "orders", "4", pd.Timestamp(2026, 1, 31), None, None, None),
    ]
    assert rows.attrs == {"value": 257.5, "n": 5, "note": "", "measures": {"amount": 257.5}}
    own = ["order_id", "order_date", "customer_id", "amount", "rep_id", "cost", "product_line", "region"]
    whose = ["rep", "team", "counted_region", "customer"]
    assert list(rows.columns) == ["measure", "how", "part", "table", *own, *whose]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_scope_keeps_its_own_rows(engine):
    assert told(january("revenue", engine, where={"rep": "Ayu"}), "order_id", "part") == [
        ("1", 100.0), ("1", 50.0), ("2", 20.0)
    ]  # fmt: skip
    assert told(january("revenue", engine, where={"rep": ["no rep", "Budi"]}), "order_id") == [
        ("10",),
        ("4",),
    ]
    home = january("revenue", engine, where={"product_line": "Home"})
    assert told(home, "order_id", "part") == [("1", 50.0), ("4", 7.5)]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_order_counts_once_on_its_first_line(engine):
    rows = january("average_order_value", engine)
    orders = told(rows, "order_id", "amount", "part", measure="order_count")
    assert orders == [
        ("1", 100.0, 1), ("1", 50.0, 0), ("10", 80.0, 1), ("2", 20.0, 1), ("4", 7.5, 1)
    ]  # fmt: skip
    # In the scope of Home alone, the second line of order 1 is the first that counts.
    home = january("order_count", engine, where={"product_line": "Home"})
    assert told(home, "order_id", "amount", "part") == [("1", 50.0, 1), ("4", 7.5, 1)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_line_without_a_cost_has_no_part_in_the_profit(engine):
    rows = january("gross_profit", engine)
    assert told(rows, "measure", "order_id", "part") == [
        ("margin", "1", 40.0), ("margin", "1", None), ("margin", "10", 30.0),
        ("margin", "2", 10.0), ("margin", "4", 2.5),
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_deals_won_and_closed(engine):
    rows = january("win_rate", engine)
    assert told(rows, "measure", "deal_id", "part", "outcome") == [
        ("won", "d1", 1, "won"), ("won", "d2", 1, "won"),
        ("closed", "d1", 1, "won"), ("closed", "d2", 1, "won"), ("closed", "d3", 1, "lost"),
    ]  # fmt: skip
    assert rows.attrs["measures"] == {"won": 2, "closed": 3}
    created = january("win_rate:created", engine)
    assert told(created, "deal_id", measure="won") == [("d1",), ("d2",)]
    assert told(created, "deal_id", measure="deals") == [("d1",), ("d3",), ("d4",), ("d5",)]
    cohort = january("win_rate:cohort", engine)
    assert told(cohort, "deal_id", measure="won") == [("d1",), ("d5",)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_median_has_its_values_for_parts(engine):
    assert told(january("sales_cycle_days", engine), "measure", "how", "deal_id", "part") == [
        ("median_cycle_days", "median", "d1", 10), ("median_cycle_days", "median", "d2", 50)
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_deals_open_on_the_day_are_shown_as_known_then(engine):
    # On 31 January d4 and d5 are open; that d5 is won is known on 10 February.
    later = january("pipeline_value", engine)
    assert told(later, "measure", "deal_id", "part", "outcome") == [
        ("open_amount", "d4", 400, None), ("open_amount", "d5", 900, "won")
    ]  # fmt: skip
    then = kp.rows(dataset(COMPANY, engine), "pipeline_value", period="2026-01", as_of="2026-01-31")
    assert told(then, "deal_id", "outcome", "closed_on", "stage") == [
        ("d4", None, None, "offer"), ("d5", None, None, None)
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_active_customers_come_with_their_latest_order(engine):
    rows = january("active_customers", engine)
    # c2's orders of 10 January are 2 and 10, in this order.
    assert sorted(told(rows, "customer", "order_id", "part")) == [
        ("c1", "1", 1),
        ("c2", "10", 1),
        ("c3", "4", 1),
    ]
    years = january("relationship_years", engine)
    days = told(years, "customer", "part", measure="tenure_days")
    assert sorted(days) == [("c1", 335), ("c2", 21), ("c3", 0)]
    rate = january("acquisition_rate", engine)
    assert told(rate, "customer", "order_id", measure="opening_active_customers") == [("c1", "6")]
    assert sorted(told(rate, "customer", "order_id", measure="new_customers")) == [("c2", "2"), ("c3", "4")]


@pytest.mark.parametrize("engine", ENGINES)
def test_what_spans_a_day_ends_on_its_day(engine):
    # An order keeps its customer active for 365 days; a deal is not open on the day of its closing.
    order = table("order_id order_date customer_id amount", ("1", day(1, 1, 2025), "c1", 5.0))
    deal = table(
        "deal_id stage outcome created_on closed_on amount", ("d", "won", "won", day(1, 1), day(1, 9), 7.0)
    )
    company = dataset({"orders": order, "deals": deal}, engine)

    def count(kpi, period):
        return len(kp.rows(company, kpi, period=period, as_of=AS_OF))

    assert (count("active_customers", "2025-12-31"), count("active_customers", "2026-01-01")) == (1, 0)
    assert (count("pipeline_value", "2026-01-08"), count("pipeline_value", "2026-01-09")) == (1, 0)


@pytest.mark.parametrize("engine", ENGINES)
def test_customers_who_never_ordered_come_from_their_own_table(engine):
    customers = table(
        "customer_id name acquired_on left_on",
        ("c1", "One", day(1, 1, 2020), None),
        ("c7", "Seven", day(1, 2), None),
        ("c8", "Eight", day(1, 3), day(1, 20)),
    )
    company = dataset({"orders": ORDERS, "customers": customers}, engine)
    rows = kp.rows(company, "active_customers", period="2026-01", as_of=AS_OF)
    assert sorted(told(rows, "table", "customer")) == [
        ("customers", "c7"), ("orders", "c1"), ("orders", "c2"), ("orders", "c3")
    ]  # fmt: skip
    own = rows[rows["table"] == "customers"]
    assert told(own, "customer_id", "name", "order_id") == [("c7", "Seven", None)]
    acquired = kp.rows(company, "new_customers:acquired_on", period="2026-01", as_of=AS_OF)
    assert told(acquired, "measure", "table", "name", "part") == [
        ("acquired_customers", "customers", "Seven", 1), ("acquired_customers", "customers", "Eight", 1)
    ]  # fmt: skip
    # On 10 January nobody knew that c8 would leave.
    early = kp.rows(company, "new_customers:acquired_on", period="2026-01", as_of="2026-01-10")
    assert told(early, "name", "left_on") == [("Seven", None), ("Eight", None)]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_months_cost_brings_the_part_of_its_days(engine):
    company = dataset(COMPANY, engine)
    rows = kp.rows(company, "customer_acquisition_cost", period="2026-01-22/2026-02-07", as_of=AS_OF)
    # Ten days of 310 ÷ 31 and seven of 280 ÷ 28; c3 is new.
    assert told(rows, "measure", "table", "month", "part") == [
        ("amount", "costs", pd.Timestamp(2026, 1, 1), 100),
        ("amount", "costs", pd.Timestamp(2026, 2, 1), 70),
        ("new_customers", "orders", None, 1),
    ]
    assert told(rows, "amount") == [(310,), (280,), (7.5,)]


@pytest.mark.parametrize("engine", ENGINES)
def test_windows_reach_beyond_the_period(engine):
    rows = january("customer_lifetime_value:historic", engine)
    margins = told(rows, "order_id", "part", measure="margin_so_far")
    assert margins[0] == ("6", 200.0) and len(margins) == 6
    assert len(told(rows, "customer", measure="customers")) == 3
    simple = kp.rows(
        dataset(COMPANY, engine), "customer_lifetime_value:simple", period="2026-02", as_of=AS_OF
    )
    # Of the 365 days that end on 28 February 2026; order 6 of 2 March 2025 is in.
    orders = told(simple, "order_id", measure="order_count_in_365_days")
    assert [one for (one,) in orders] == ["6", "1", "1", "10", "2", "4", "8"]
    assert "margin_in_365_days" in set(simple["measure"])
    no_cost = [{k: v for k, v in row.items() if k != "cost"} for row in ORDERS]
    other = kp.rows(
        dataset({"orders": no_cost}, engine), "customer_lifetime_value:historic", period="2026-01"
    )
    assert set(other["measure"]) == {"amount_so_far", "customers"}


@pytest.mark.parametrize("engine", ENGINES)
def test_refunds_show_their_own_blanks_and_whose_they_are(engine):
    orders = table(
        "order_id order_date customer_id rep_id amount refund_of",
        ("1", day(1, 5), "c1", "a", 100.0, None),
        ("2", day(1, 6), None, None, -40.0, "1"),
    )
    rows = kp.rows(dataset({"orders": orders}, engine), "net_revenue", period="2026-01", where={"rep": "a"})
    assert told(rows, "order_id", "customer_id", "rep_id", "customer", "rep", "part") == [
        ("1", "c1", "a", "c1", "a", 100), ("2", None, None, "c1", "a", -40)
    ]  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_who_shares_an_order_brings_their_part_of_it(engine):
    orders = table(
        "order_id order_date customer_id rep_id amount",
        ("1", day(1, 5), "c1", "a", 90.0),
        ("1", day(1, 5), "c1", "a", 0.03),
        ("2", day(1, 6), "c2", "b", 10.0),
    )
    credits = table("order_id rep_id share", ("1", "a", 1.0), ("1", "c", 2.0))
    reps = table("rep_id name", ("a", "Ayu"), ("b", "Budi"), ("c", "Citra"))
    company = dataset({"orders": orders, "credits": credits, "reps": reps}, engine)
    asked = {"period": "2026-01", "where": {"rep": "Citra"}, "as_of": AS_OF}
    rows = kp.rows(company, "average_order_value", **asked)
    # Two thirds of the lines, and of the order, in millionths.
    parts = told(rows, "measure", "order_id", "amount", "part", "rep_id", "rep")
    assert parts == [
        ("amount", "1", 90.0, 60.0, "a", "Ayu, Citra"),
        ("amount", "1", 0.03, 0.02, "a", "Ayu, Citra"),
        ("order_count", "1", 90.0, 0.666667, "a", "Ayu, Citra"),
        ("order_count", "1", 0.03, 0, "a", "Ayu, Citra"),
    ]
    assert kp.measure(company, "average_order_value", **asked)["value"].item() == 60.02 / 0.666667
    whole = kp.rows(company, "revenue", period="2026-01", as_of=AS_OF)
    assert told(whole, "part", "rep") == [(90.0, "Ayu"), (0.03, "Ayu"), (10.0, "Budi")]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_region_that_is_counted_stands_beside_the_rows_own(engine):
    customers = table("customer_id region segment", ("c2", "Java", "big"))
    company = dataset({"orders": ORDERS, "customers": customers}, engine)
    rows = kp.rows(company, "revenue", period="2026-01", where={"region": "Java"}, as_of=AS_OF)
    assert told(rows, "order_id", "region", "counted_region", "segment") == [("10", None, "Java", "big")]


@pytest.mark.parametrize("engine", ENGINES)
def test_kpis_of_ones_own(engine):
    sales = Rows("orders", "order_date", "is_sale")
    home = Rows("orders", "order_date", "is_sale", where={"product_line": "Home"})
    share = KPI("share_of_home", "rate", "share", home.money("amount") / sales.money("amount"))
    rows = january(share, engine)
    assert list(rows.attrs["measures"]) == ["amount (product_line Home)", "amount"]
    assert told(rows, "order_id", "part", measure="amount (product_line Home)") == [("1", 50), ("4", 7.5)]
    largest = january(KPI("largest", "rate", "money", sales.max("amount")), engine)
    assert set(largest["how"]) == {"max"} and max(largest["part"]) == 100 == largest.attrs["value"]
    lines = january(KPI("lines", "rate", "count", sales.distinct("product_line")), engine)
    assert told(lines, "product_line", "part") == [
        ("Food", 1), ("Home", 1), ("Food", 0), ("Food", 0), ("Home", 0)
    ]  # fmt: skip
    days = january(KPI("days", "flow", "count", sales.distinct("order_date")), engine)
    assert days["part"].tolist() == [1, 0, 1, 0, 1]
    kp.register(KPI("lines_of_home", "flow", "count", home.count()))
    named = january("lines_of_home", engine)
    assert told(named, "measure", "order_id") == [("sale_lines", "1"), ("sale_lines", "4")]


# --- What there is not


@pytest.mark.parametrize(
    ("kpi", "asked", "note"),
    [
        ("revenue", {"period": "2026-03"}, "not started"),
        ("revenue", {"period": "2024"}, "the data start after this period"),
        ("customer_lifetime_value", {}, "there is no silent default: choose historic or simple"),
        ("customer_acquisition_cost", {"where": {"rep": "Ayu"}}, "not available: costs has no rep"),
        ("new_customers:acquired_on", {}, "not available: customers is missing"),
        ("revenue", {"where": {"rep": "Eko"}}, "not employed"),
    ],
)
def test_a_figure_that_is_not_there_says_why(kpi, asked, note):
    asked = {"period": "2026-01", "as_of": AS_OF} | asked
    company = dataset(COMPANY)
    figure = kp.measure(company, kpi, **asked)
    assert figure["value"].isna().all() and figure["note"].tolist() == [note]
    with pytest.raises(NotAvailableError) as caught:
        kp.rows(company, kpi, **asked)
    assert str(caught.value) == f"rows: {kpi.partition(':')[0]} of {asked['period']} has no rows: {note}."


def test_a_zero_has_no_rows_and_all_columns():
    rows = january("revenue", where={"rep": "Dewi"})
    assert len(rows) == 0 and rows.attrs["value"] == 0
    assert list(rows.columns) == list(january("revenue").columns)
    assert rows.dtypes.to_dict() == january("revenue").dtypes.to_dict()


def test_an_undefined_ratio_shows_the_rows_there_are():
    lost = [{"deal_id": "1", "stage": "lost", "outcome": None, "created_on": day(1, 2), "closed_on": None}]
    rows = kp.rows(dataset({"deals": lost}), "win_rate", period="2026-01", as_of=AS_OF)
    assert len(rows) == 0 and rows.attrs["value"] is None and rows.attrs["note"] == ""


def test_a_ratio_that_is_undefined_so_far_has_the_note_of_the_figure():
    rows = kp.rows(dataset(COMPANY), "win_rate", period="2026-02", as_of="2026-02-05")
    assert len(rows) == 0 and rows.attrs["value"] is None and rows.attrs["note"] == "until 2026-02-05"


@pytest.mark.parametrize("kpi", ["revenue:default", "new_customers"])
def test_a_note_on_data_that_begin_late_is_told_too(kpi):
    asked = {"period": "2025-04", "as_of": AS_OF}
    figure = kp.measure(dataset(COMPANY), kpi, **asked).iloc[0]
    rows = kp.rows(dataset(COMPANY), kpi, **asked)
    assert (
        (rows.attrs["value"], rows.attrs["note"]) == (figure["value"], figure["note"]) == (0, figure["note"])
    )
    assert bool(figure["note"]) == (kpi == "new_customers")


def test_a_note_on_a_figure_comes_with_the_rows():
    rows = kp.rows(dataset(COMPANY), "revenue", period="2026-02", as_of="2026-02-10")
    assert rows.attrs["note"] == "until 2026-02-10" and len(rows) == 1


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: january(["revenue"]), ParameterError, "rows: kpi is of the kind list. One KPI"),
        (lambda: january("revenu"), UnknownNameError, "Did you mean 'revenue'?"),
        (lambda: january("win_rate:clsed"), UnknownNameError, "no convention 'clsed'"),
        (lambda: january("revenue", where={"rep": "Ayuu"}), UnknownNameError, "Did you mean 'Ayu'?"),
        (lambda: kp.rows(COMPANY, "revenue", period="2026"), ParameterError, "rows: dataset is of the kind"),
        (lambda: kp.rows(dataset(COMPANY), "revenue", period="soon"), KpikitError, "'soon' is not a period"),
    ],
)
def test_what_cannot_be_asked_is_named(call, kind, message):
    with pytest.raises(kind) as caught:
        call()
    assert message in str(caught.value)


# --- The company's own


HOSTILE = ["=1+1", "☕️ kopi", "‏متجر", "</script>", 'O\'Brien "x"', " two  spaces ", "@SUM(A1)", "007"]


@pytest.mark.parametrize("engine", ENGINES)
def test_texts_come_through_unchanged(engine):
    orders = [
        {"order_id": text, "order_date": day(1, 5), "customer_id": text, "rep_id": text, "amount": 1.25,
         "product": text, "channel": text}
        for text in HOSTILE
    ]  # fmt: skip
    reps = [{"rep_id": text, "name": f"{text} {text}"} for text in HOSTILE]
    rows = kp.rows(dataset({"orders": orders, "reps": reps}, engine), "revenue", period="2026-01")
    for name in ("order_id", "customer_id", "rep_id", "product", "channel", "customer", "counted_channel"):
        assert rows[name].tolist() == HOSTILE
    assert rows["rep"].tolist() == [f"{text} {text}" for text in HOSTILE]


@pytest.mark.parametrize("engine", ENGINES)
def test_columns_of_ones_own_come_too_and_none_is_lost(engine):
    company = dataset(COMPANY, "pandas")
    orders = company.tables["orders"].assign(part="p", rep="somebody", note="n", kpikit_row=7)
    from kpikit.data.engines import convert

    tables = {**company.tables, "orders": orders}
    made = kp.Dataset(tables if engine in ("pandas", "general") else convert(tables, engine))
    rows = kp.rows(made, "revenue", period="2026-01", as_of=AS_OF)
    assert set(rows["orders.part"]) == {"p"} and set(rows["note"]) == {"n"}
    assert set(rows["orders.rep"]) == {"somebody"} and "Ayu" in set(rows["rep"])
    assert rows["part"].sum() == 257.5


@pytest.mark.parametrize("engine", ENGINES)
def test_whole_numbers_for_ids_stay_whole(engine):
    orders = pd.DataFrame(
        {
            "order_id": [1, 2],
            "order_date": pd.to_datetime(["2026-01-05"] * 2),
            "customer_id": pd.array([5, None], dtype="Int64"),
            "amount": [1, 2],
        }
    )
    from kpikit.data.engines import convert

    tables = {"orders": orders}
    made = kp.Dataset(tables if engine in ("pandas", "general") else convert(tables, engine))
    rows = kp.rows(made, "revenue", period="2026-01")
    assert told(rows, "order_id", "customer_id", "customer", "amount") == [
        ("1", "5", "5", 1),
        ("2", None, None, 2),
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_input_is_left_as_it_was(engine):
    company = dataset(COMPANY, engine)
    before = {name: company.frame(name).to_pandas().copy() for name in company.tables}
    for name in JANUARY:
        rows = kp.rows(company, name, period="2026-01", as_of=AS_OF)
        rows.loc[:, "amount"] = 0.0
    for name, were in before.items():
        pd.testing.assert_frame_equal(company.frame(name).to_pandas(), were)
    # What is measured carries no numbers of rows.
    kp.measure(company, list(JANUARY), period="2026-01", as_of=AS_OF)
    assert not [name for name, facts in company.facts.items() if "kpikit_row" in facts.columns]


@pytest.mark.slow
def test_engines_give_the_same_rows():
    for name in JANUARY:
        expected = january(name)
        for engine in ENGINES[1:]:
            pd.testing.assert_frame_equal(january(name, engine), expected)


# --- On random companies

# DuckDB compiles each query: on it each company is asked for a few KPIs.
EXAMPLES = {"pandas": 8, "general": 3, "polars": 3, "duckdb": 3}


@pytest.mark.parametrize("engine", RANDOM)
def test_parts_recombine_to_the_figure(engine):
    @settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=EXAMPLES[engine])
    @given(data=st.data())
    def recombine(data):
        case = draw_case(data)
        company = dataset(case.tables, engine, **case.settings)
        asked = {"period": period_of(case.start, case.end), "where": case.where, "as_of": case.as_of}
        known = oracles.hide(case.tables, case.as_of)
        some = st.lists(st.sampled_from(NAMES), min_size=4, max_size=4, unique=True)
        for name in data.draw(some) if engine == "duckdb" else NAMES:
            figure = kp.measure(company, name, **asked).iloc[0]
            try:
                rows = kp.rows(company, name, **asked)
            except NotAvailableError as error:
                assert figure["value"] != figure["value"] and f"has no rows: {figure['note']}" in str(error)
                continue
            label = f"{name} {case} {figure.to_dict()} {rows.attrs}\n{rows.to_string()}"
            measures = recombined(rows, is_all_time=case.start is None)
            assert equal(FORMULAS[name](measures), figure["value"]), label
            for one, value in rows.attrs["measures"].items():
                assert equal(measures[one], NOTHING if value is None else value), label
            assert (rows.attrs["value"] is None) == (figure["value"] != figure["value"]), label
            assert rows.attrs["note"] == figure["note"], label
            check_source(rows, known, label)

    recombine()


def check_source(rows, known, label):
    """Each row is one of the company's as it was known, and at most once in a measure."""
    for (_, source), here in rows.groupby(["measure", "table"]):
        columns = [name for name in oracles.columns_of(known, source) if name in here]
        there = Counter(tuple(plain(row.get(name)) for name in columns) for row in known[source])
        found = Counter(tuple(plain(row[name]) for name in columns) for row in here.to_dict("records"))
        assert found <= there, label


def plain(value):
    if value is None or pd.isna(value):
        return None
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, (str, date)) else float(value)
