"""Shared credit, against figures worked out by hand: parts of a member add up, the whole counts once."""

from datetime import date

import pytest

from kpikit import KPI, Rows, measure
from tests.builders import MARKED, dataset


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def day(month, number, year=2026):
    return date(year, month, number)


# Order 1 is Ayu's on paper, and shared by Ayu, Budi and Citra in thirds; order 2 by Budi and Citra, 3 to 1.
# Order 3 is Budi's alone; order 4 has no rep. 5 refunds 30 of order 1, 6 refunds 8 of order 2 with credits of
# its own. X is no order. Region: order 1 has none, so Ayu's, whose order it is on paper.
ORDERS = table(
    "order_id order_date customer_id rep_id amount cost product_line region refund_of",
    ("1", day(1, 5), "c1", "a", 100.0, 40.0, "Food", None, None),
    ("1", day(1, 5), "c1", "a", 50.0, None, "Home", None, None),
    ("2", day(1, 10), "c2", "b", 80.0, 50.0, "Food", "Java", None),
    ("3", day(1, 20), "c2", "b", 20.0, 10.0, "Food", "Java", None),
    ("4", day(1, 31), "c3", None, 7.5, 5.0, "Home", "Java", None),
    ("5", day(2, 1), "c1", "b", -30.0, -10.0, "Food", None, "1"),
    ("6", day(2, 2), "c2", None, -8.0, -4.0, "Food", "Java", "2"),
)
REPS = table(
    "rep_id name team region",
    ("a", "Ayu", "North", "Bali"),
    ("b", "Budi", "South", "Java"),
    ("c", "Citra", "South", "Alaska"),
)
CREDITS = table(
    "order_id deal_id rep_id share",
    ("1", None, "c", 1 / 3),
    ("1", None, "b", 1 / 3),
    ("1", None, "a", 1 / 3),
    ("2", None, "b", 0.75),
    ("2", None, "c", 0.25),
    ("6", None, "c", 1.0),
    ("X", None, "a", 1.0),
    (None, "d1", "a", 0.6),
    (None, "d1", "b", 0.4),
    (None, "d3", "b", 0.5),
    (None, "d3", "c", 0.5),
    (None, "d4", "a", 0.5),
    (None, "d4", "c", 0.5),
)
# Won in January: d1 (10 days) and d2 (20 days); d3 is lost; d4 is open.
DEALS = table(
    "deal_id stage outcome created_on closed_on amount rep_id",
    ("d1", "won", "won", day(1, 1), day(1, 11), 1000.0, "a"),
    ("d2", "won", "won", day(1, 1), day(1, 21), 500.0, "b"),
    ("d3", "lost", "lost", day(1, 2), day(1, 6), 70.0, "b"),
    ("d4", "offer", None, day(1, 15), None, 401.0, "a"),
)
COMPANY = {"orders": ORDERS, "reps": REPS, "deals": DEALS, "credits": CREDITS}
AS_OF = day(2, 28)


def shown(company, kpi, by, period="2026-01", what="value", **asked):
    figures = measure(company, kpi, period=period, by=by, as_of=AS_OF, **asked)
    return dict(zip(figures[by], figures[what], strict=True))


@pytest.fixture(params=MARKED)
def company(request):
    return dataset(COMPANY, request.param)


def test_sums_are_split_by_the_shares_and_add_up_exactly(company):
    # Thirds of 100 and of 50: 33.3333 and 16.6666 are Ayu's, then 33.3333 and 16.6667, 33.3334 and 16.6667.
    assert shown(company, "revenue", "rep") == {
        "Ayu": 49.9999,
        "Budi": 33.3333 + 16.6667 + 60 + 20,
        "Citra": pytest.approx(33.3334 + 16.6667 + 20),
        "no rep": 7.5,
    }
    # The line without a cost stays out: 60 in thirds, 30 at 3 to 1, 10 and 2.5.
    assert shown(company, "gross_profit", "rep") == {
        "Ayu": 20,
        "Budi": 20 + 22.5 + 10,
        "Citra": 20 + 7.5,
        "no rep": 2.5,
    }


def test_totals_and_regions_count_once(company):
    total = measure(company, ["revenue", "order_count", "won_value"], period="2026-01", as_of=AS_OF)
    assert total["value"].tolist() == [257.5, 4, 1500]
    # The region stays the order's own: of order 1, of the rep whose order it is on paper.
    assert shown(company, "revenue", "region") == {"Bali": 150, "Java": 107.5}
    both = measure(company, "revenue", period="2026-01", by=["rep", "region"], as_of=AS_OF)
    assert both.groupby("region")["value"].sum().round(9).to_dict() == {"Bali": 150, "Java": 107.5}
    assert shown(company, "revenue", "rep", where={"region": "Bali"}) == {
        "Ayu": 49.9999,
        "Budi": 50,
        "Citra": 50.0001,
    }


def test_orders_are_counted_in_parts_and_n_counts_them_whole(company):
    assert shown(company, "order_count", "rep") == pytest.approx(
        {"Ayu": 1 / 3, "Budi": 1 / 3 + 0.75 + 1, "Citra": 1 / 3 + 0.25, "no rep": 1}, abs=1e-6
    )
    assert sum(shown(company, "order_count", "rep").values()) == pytest.approx(4, abs=1e-12)
    assert shown(company, "order_count", "rep", what="n") == {"Ayu": 1, "Budi": 3, "Citra": 2, "no rep": 1}
    # In team South two share orders 1 and 2: 2/3 + 1 + 1, and they are three orders.
    assert shown(company, "order_count", "team")["South"] == pytest.approx(2 / 3 + 2, abs=1e-6)
    assert shown(company, "order_count", "team", what="n") == {"North": 1, "South": 3, "no team": 1}
    assert shown(company, "revenue", "team", what="n") == {"North": 2, "South": 4, "no team": 1}


def test_orders_by_product_line_are_told_apart_in_parts(company):
    figures = measure(company, "order_count", period="2026-01", by=["team", "product_line"], as_of=AS_OF)
    found = {(one.team, one.product_line): (one.value, one.n) for one in figures.itertuples()}
    # Food has orders 1, 2 and 3; Home 1 and 4.
    assert found["South", "Food"] == (pytest.approx(2 / 3 + 2, abs=1e-6), 3)
    assert found["South", "Home"] == (pytest.approx(2 / 3, abs=1e-6), 1)
    assert found["North", "Food"] == found["North", "Home"] == (pytest.approx(1 / 3, abs=1e-6), 1)


def test_ratios_divide_parts_by_parts(company):
    assert shown(company, "average_order_value", "rep") == pytest.approx(
        {"Ayu": 150, "Budi": 130 / (1 / 3 + 1.75), "Citra": 70 / (1 / 3 + 0.25), "no rep": 7.5}, rel=1e-5
    )


def test_a_refund_has_the_credits_of_its_order_unless_it_has_its_own(company):
    # 30 of order 1 in thirds; 8 are Citra's alone.
    assert shown(company, "net_revenue", "rep", "2026-02") == {"Ayu": -10, "Budi": -10, "Citra": -18}


def test_deals_are_won_in_parts(company):
    assert shown(company, "won_value", "rep") == {"Ayu": 600, "Budi": 400 + 500, "Citra": 0}
    # Won over closed: Ayu .6 of .6; Budi .4 + 1 of .4 + 1 + .5; Citra 0 of .5.
    assert shown(company, "win_rate", "rep") == pytest.approx({"Ayu": 1, "Budi": 1.4 / 1.9, "Citra": 0})
    assert shown(company, "win_rate", "rep", what="n") == {"Ayu": 1, "Budi": 3, "Citra": 1}
    assert shown(company, "win_rate:cohort", "rep") == pytest.approx(
        {"Ayu": 0.6 / 1.1, "Budi": 1.4 / 1.9, "Citra": 0}
    )
    assert shown(company, "win_rate", "team") == pytest.approx({"North": 1, "South": 1.4 / 2.4})
    assert shown(company, "win_rate", "team", what="n") == {"North": 1, "South": 3}
    assert shown(company, "pipeline_value", "rep") == {"Ayu": 200.5, "Citra": 200.5, "Budi": 0}


def test_a_median_takes_a_credited_deal_whole_and_once(company):
    cycles = shown(company, "sales_cycle_days", "rep")
    assert (cycles["Ayu"], cycles["Budi"]) == (10, 15)
    # Ayu and Budi share d1: in a scope of both it stands once, so the middle of 10 and 20.
    both = measure(company, "sales_cycle_days", period="2026-01", where={"rep": ["Ayu", "Budi"]}, as_of=AS_OF)
    assert (both["value"].item(), both["n"].item()) == (15, 2)
    lost = Rows("deals", "closed", "is_closed")
    middle = KPI("middle", "rate", "money", lost.median("amount"))
    # Team South closed d1, d2 and d3: whole amounts 1000, 500 and 70.
    assert shown(company, middle, "team") == {"North": 1000, "South": 500}
    largest = KPI("largest", "rate", "money", lost.max("amount"))
    assert shown(company, largest, "rep") == {"Ayu": 1000, "Budi": 1000, "Citra": 70}
    mean = KPI("mean_cycle", "rate", "days", lost.sum("cycle_days") / lost.count())
    assert shown(company, mean, "rep")["Budi"] == pytest.approx((0.4 * 10 + 20 + 0.5 * 4) / 1.9)


def test_customers_belong_to_the_members_of_the_order_they_follow(company):
    # c1 came by order 1, c2 by order 2, c3 by order 4.
    assert shown(company, "new_customers", "rep") == pytest.approx(
        {"Ayu": 1 / 3, "Budi": 1 / 3 + 0.75, "Citra": 1 / 3 + 0.25, "no rep": 1}, abs=1e-6
    )
    # c2 has gone on to order 3, of Budi alone.
    assert shown(company, "active_customers", "rep") == pytest.approx(
        {"Ayu": 1 / 3, "Budi": 1 / 3 + 1, "Citra": 1 / 3, "no rep": 1}, abs=1e-6
    )
    assert shown(company, "active_customers", "team", what="n") == {"North": 1, "South": 2, "no team": 1}
    # On 31 January c1 has been a customer for 26 days and c2 for 21.
    assert shown(company, "relationship_years", "rep") == pytest.approx(
        {
            "Ayu": 26 / 365.25,
            "Budi": (26 / 3 + 21) / (4 / 3) / 365.25,
            "Citra": 26 / 365.25,
            "no rep": 0,
        },
        rel=1e-5,
    )


@pytest.mark.parametrize("engine", MARKED)
def test_lifetime_values_weigh_who_stayed(engine):
    # Two years on end c1 and c2 buy of a and b, half and half; c2 does not come back.
    orders = table(
        "order_id order_date customer_id amount",
        ("1", day(6, 1, 2025), "c1", 10.0),
        ("2", day(6, 1, 2025), "c2", 10.0),
        ("3", day(6, 1), "c1", 30.0),
    )
    credits = table("order_id rep_id share", *((one, rep, 0.5) for one in "123" for rep in "ab"))
    company = dataset({"orders": orders, "credits": credits}, engine)
    asked = {"period": "2026", "as_of": day(12, 31), "where": {"rep": "a"}}
    # 1 order of 30 by 1 active customer, of whom half stayed, halved on both sides: 30 × 1 × 2.
    assert measure(company, "customer_lifetime_value:simple", **asked)["value"].tolist() == [60]
    assert measure(company, "customer_lifetime_value:historic", **asked)["value"].tolist() == [25]


@pytest.mark.parametrize("engine", MARKED)
def test_members_are_known_by_credits_alone(engine):
    orders = table(
        "order_id order_date customer_id amount", ("1", day(1, 5), "c1", 5.0), ("2", day(1, 5), "c1", 1.0)
    )
    credits = table("order_id rep_id share", ("1", "z", 1.0))
    company = dataset({"orders": orders, "credits": credits}, engine)
    assert shown(company, "revenue", "rep") == {"z": 5, "no rep": 1}
    assert measure(company, "revenue", period="2026-01", where={"rep": "z"})["value"].tolist() == [5]


@pytest.mark.parametrize("engine", MARKED)
def test_a_member_who_moved_is_credited_where_they_stood(engine):
    reps = table(
        "rep_id team valid_from valid_to",
        ("a", "North", None, day(1, 9)),
        ("a", "South", day(1, 10), None),
        ("b", "East", None, None),
    )
    credits = table(
        "order_id rep_id share", ("1", "a", 0.5), ("1", "b", 0.5), ("2", "a", 0.25), ("2", "b", 0.75)
    )
    company = dataset({"orders": ORDERS, "reps": reps, "credits": credits}, engine)
    found = shown(company, "revenue", "team")
    assert found == {"North": 75, "South": 20, "East": 75 + 60 + 20, "no team": 7.5}


@pytest.mark.parametrize("engine", MARKED)
def test_large_amounts_and_odd_shares_add_up_to_the_last_part(engine):
    orders = table(
        "order_id order_date customer_id amount",
        ("1", day(1, 5), "c1", 400_000_000_000.0001),
        ("2", day(1, 6), "c1", -0.0001),
    )
    # Shares that add up to something else than 1 are parts of their sum; a row of nothing is none.
    credits = table(
        "order_id rep_id share",
        *((one, rep, 0.3) for one in "12" for rep in "abc"),
        ("1", "d", 0.0),
        ("1", "e", None),
    )
    company = dataset({"orders": orders, "credits": credits}, engine)
    found = shown(company, "net_revenue", "rep", "2026-01-05/2026-01-05")
    assert found == {"a": 133_333_333_333.3333, "b": 133_333_333_333.3334, "c": 133_333_333_333.3334}
    # The floor of a third of minus one part is minus one part.
    assert shown(company, "net_revenue", "rep", "2026-01-06/2026-01-06") == {"a": -0.0001, "b": 0, "c": 0}


def test_credits_of_one_table_leave_the_other_as_it_is():
    company = dataset(
        {"orders": ORDERS, "deals": DEALS, "credits": [one for one in CREDITS if one["deal_id"]]}
    )
    assert shown(company, "revenue", "rep") == {"a": 150, "b": 100, "no rep": 7.5}
    assert shown(company, "won_value", "rep") == {"a": 600, "b": 900}


def test_two_rows_of_one_member_are_one_share():
    orders = table("order_id order_date customer_id amount", ("1", day(1, 5), "c1", 0.0003))
    credits = table("order_id rep_id share", ("1", "b", 0.25), ("1", "a", 0.5), ("1", "b", 0.25))
    found = shown(dataset({"orders": orders, "credits": credits}), "revenue", "rep")
    assert found == {"a": 0.0001, "b": 0.0002}
