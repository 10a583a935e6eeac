"""Newer KPIs of orders and customers on one small company, against figures worked out by hand."""

from datetime import date

import pytest

from kpikit import measure
from tests.builders import ENGINES, dataset


def day(month, number, year=2026):
    return date(year, month, number)


def line(order_id, when, customer, rep, amount, cost, quantity, discount, product="tea"):
    return {
        "order_id": order_id,
        "order_date": when,
        "customer_id": customer,
        "rep_id": rep,
        "amount": amount,
        "cost": cost,
        "quantity": quantity,
        "discount": discount,
        "product": product,
    }


# k1 first bought in May 2024, k2 on 20 March 2025, k3 on 5 March 2026; in March 2026 all three order.
ORDERS = [
    line("1", day(5, 1, 2024), "k1", "a", 10.0, 6.0, 1, 0.0),
    line("2", day(3, 20, 2025), "k2", "a", 10.0, 6.0, 1, 0.0),
    line("3", day(3, 2), "k1", "a", 100.0, 60.0, 10, 25.0),
    line("3", day(3, 2), "k1", "a", 50.0, None, 4, None, "rice"),
    line("4", day(3, 3), "k2", "b", 30.0, 12.0, None, 0.0),
    line("5", day(3, 5), "k3", "b", 20.0, 12.0, 2, 5.0),
    line("6", day(3, 25), "k3", "b", 40.0, 30.0, 3, 0.0),
    line("7", day(3, 25), "k2", "b", 60.0, 40.0, 3, 0.0),
    line("8", day(3, 30), "k1", "a", -40.0, -24.0, -4, None),
    line("9", day(3, 31), None, None, 5.0, 2.0, 1, 0.0),
]
# Ayu is there throughout, Budi from 2 March, Citra until 15 March (her last day).
REPS = [
    {"rep_id": "a", "name": "Ayu", "team": "North", "hired_on": None, "left_on": None},
    {"rep_id": "b", "name": "Budi", "team": "South", "hired_on": day(3, 2), "left_on": None},
    {"rep_id": "c", "name": "Citra", "team": "South", "hired_on": None, "left_on": day(3, 15)},
]
COSTS = [{"month": day(3, 1), "amount": 31.0}]
COMPANY = {"orders": ORDERS, "reps": REPS, "costs": COSTS}

MARCH = {
    # 10 + 4 + 2 + 3 + 3 + 1; order 4 has no quantity, the refund is no sale.
    "units_sold": (23, 6),
    # Margins 40 + 18 + 8 + 10 + 20 − 16 + 3 = 83 of amounts 100 + 30 + 20 + 40 + 60 − 40 + 5 = 215.
    "gross_margin": (83 / 215, 7),
    "operating_profit": (83 - 31, 7),
    # 31 days of 1 each; revenue is 305.
    "costs": (31, 31),
    "revenue_per_cost": (305 / 31, 31),
    # 25 + 5 given away of 125 + 30 + 25 + 40 + 60 + 5; the line without a discount is left out.
    "discount_rate": (30 / 285, 6),
    # Orders 3, 4, 5, 6, 7, 9 have sale lines; with the refund 8 there are seven.
    "order_count": (6, 6),
    "order_count:with_refunds": (7, 7),
    # Revenue 305, net 265.
    "average_order_value": (305 / 6, 6),
    "average_order_value:with_refunds": (265 / 7, 7),
    # k1, k2 and k3; the customer of order 9 is not known.
    "revenue_per_customer": (305 / 3, 3),
    # k1 and k2 ordered before, k3 a second time on 25 March.
    "repeat_purchase_rate": (3 / 3, 3),
    # On 28 February Ayu and Citra, on 31 March Ayu and Budi.
    "revenue_per_rep": (305 / 2, 2),
    "revenue_per_rep:selling": (305 / 2, 2),
    # k3's 20 + 40, and k2's 30: on 3 March 348 days after the first order; on 25 March it is 370 days.
    "new_customer_revenue": (90, 3),
    # k1's 150, and k2's 60.
    "existing_customer_revenue": (210, 3),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_march_is_as_worked_out_by_hand(engine):
    figures = measure(dataset(COMPANY, engine), list(MARCH), period="2026-03", as_of=day(4, 30))
    for (name, (value, n)), row in zip(MARCH.items(), figures.itertuples(), strict=True):
        assert (row.value, row.n) == (pytest.approx(value, rel=1e-12), n), name


@pytest.mark.parametrize("engine", ENGINES)
def test_customers_who_come_back_are_counted_from_their_second_order(engine):
    # Until 24 March k3 has ordered once; k1 and k2 had ordered before.
    figures = measure(dataset(COMPANY, engine), "repeat_purchase_rate", period="2026-03-01/2026-03-24")
    assert figures["value"].tolist() == [pytest.approx(2 / 3)]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_age_of_customers_splits_what_orders_give(engine):
    figures = measure(
        dataset(COMPANY, engine), ["net_revenue", "order_count"], period="2026-03", by="customer_age"
    )
    told = {(row.kpi, row.customer_age): row.value for row in figures.itertuples()}
    # The refund of k1, a customer since 2024, is of an existing one.
    assert told["net_revenue", "new"] == 90 and told["net_revenue", "existing"] == 210 - 40
    assert told["net_revenue", "no customer_age"] == 5
    # New: orders 4, 5 and 6; existing: 3 and 7.
    assert (told["order_count", "new"], told["order_count", "existing"]) == (3, 2)


def test_the_age_of_a_customer_turns_on_the_365th_day():
    orders = [
        line("1", day(1, 1, 2025), "k", "a", 1.0, 0.0, 1, 0.0),
        line("2", day(12, 31, 2025), "k", "a", 10.0, 0.0, 1, 0.0),
        line("3", day(1, 1), "k", "a", 100.0, 0.0, 1, 0.0),
    ]
    figures = measure(dataset({"orders": orders}), "revenue", period="all time", by="customer_age")
    # 31 December 2025 is 364 days later, 1 January 2026 is 365.
    assert dict(zip(figures["customer_age"], figures["value"], strict=True)) == {"new": 11, "existing": 100}


@pytest.mark.parametrize("engine", ENGINES)
def test_headcounts_are_of_the_team_that_is_asked_for(engine):
    figures = measure(dataset(COMPANY, engine), "revenue_per_rep", period="2026-03", by="team")
    told = dict(zip(figures["team"], figures["value"], strict=True))
    # North: Ayu's 150. South: Budi's 150, by one member at the start (Citra) and one at the end (Budi).
    assert told["North"] == 150 and told["South"] == 150


@pytest.mark.parametrize("engine", ENGINES)
def test_zero_denominators_give_null(engine):
    empty = [line("1", day(3, 2), "k1", "a", 0.0, 0.0, 0, 0.0)]
    names = ["gross_margin", "discount_rate", "revenue_per_rep"]
    figures = measure(
        dataset({"orders": empty, "reps": REPS[2:]}, engine), names, period="2026-05", as_of=day(5, 31)
    )
    assert figures["value"].isna().all()


@pytest.mark.parametrize(
    ("name", "lacking", "note"),
    [
        ("units_sold", "quantity", "orders.quantity is missing"),
        ("gross_margin", "cost", "orders.cost is missing"),
        ("discount_rate", "discount", "orders.discount is missing"),
    ],
)
def test_a_column_that_is_missing_is_named(name, lacking, note):
    orders = [{key: value for key, value in one.items() if key != lacking} for one in ORDERS]
    figures = measure(dataset({"orders": orders}), name, period="2026-03")
    assert figures["note"].tolist() == [f"not available: {note}"] and figures["value"].isna().all()


def test_what_cannot_be_split_is_named():
    company = dataset(COMPANY)
    asked = {"period": "2026-03", "by": "product"}
    names = ["revenue", "repeat_purchase_rate", "revenue_per_rep", "operating_profit"]
    notes = measure(company, names, **asked).drop_duplicates("kpi").set_index("kpi")["note"]
    assert notes["repeat_purchase_rate"] == "not available: an order has no product"
    assert notes["revenue_per_rep"] == "not available: reps has no product"
    assert notes["operating_profit"] == "not available: costs has no product"
    aged = measure(company, ["revenue", "new_customers"], period="2026-03", by="customer_age")
    assert "a customer's first order has no customer_age" in set(aged["note"]).pop() + "".join(aged["note"])


def test_without_reps_the_selling_ones_can_still_be_counted():
    company = dataset({"orders": ORDERS})
    figures = measure(company, ["revenue_per_rep", "revenue_per_rep:selling"], period="2026-03")
    assert figures["note"].tolist() == ["not available: reps is missing", ""]
    assert figures["value"].tolist()[1] == pytest.approx(305 / 2)
