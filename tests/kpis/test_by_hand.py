"""Every KPI on one small company, against figures worked out by hand."""

from datetime import date

import pytest

from kpikit import measure
from tests.builders import ENGINES, dataset


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def day(month, number, year=2026):
    return date(year, month, number)


# Ayu sells o1 (two lines), o2 and o6; Budi o3 and o5; nobody o4. o7 refunds 30 of o1 in the next month.
# c1 buys first in 2025, c2 on 10 January from both reps (o2 is the lower number), c3 on 31 January.
ORDERS = table(
    "order_id order_date customer_id rep_id amount cost product_line region",
    ("6", day(3, 2, 2025), "c1", "a", 500.0, 300.0, "Food", "Bali"),
    ("1", day(1, 5), "c1", "a", 100.0, 60.0, "Food", "Bali"),
    ("1", day(1, 5), "c1", "a", 50.0, None, "Home", "Bali"),
    ("10", day(1, 10), "c2", "b", 80.0, 50.0, "Food", None),
    ("2", day(1, 10), "c2", "a", 20.0, 10.0, "Food", "Alaska"),
    ("4", day(1, 31), "c3", None, 7.5, 5.0, "Home", "Alaska"),
    ("7", day(2, 1), "c1", "a", -30.0, -18.0, "Food", "Bali"),
    ("8", day(2, 3), "c2", "b", 200.0, 90.0, "Home", "Alaska"),
)
REPS = table(
    "rep_id name team hired_on left_on",
    ("a", "Ayu", "North", None, None),
    ("b", "Budi", "South", day(1, 8), None),
    ("d", "Dewi", "South", None, day(1, 20)),
    ("e", "Eko", "South", day(2, 1), None),
)
# Closed in January: d1 and d2 won, d3 lost. d4 stays open; d5 is won in February.
DEALS = table(
    "deal_id stage outcome created_on closed_on amount rep_id",
    ("d1", "won", "won", day(1, 1), day(1, 11), 1000.0, "a"),
    ("d2", "won", "won", day(12, 12, 2025), day(1, 31), 500.0, "b"),
    ("d3", "lost", "lost", day(1, 2), day(1, 3), 70.0, "b"),
    ("d4", "offer", None, day(1, 15), None, 400.0, "a"),
    ("d5", "won", "won", day(1, 20), day(2, 10), 900.0, "a"),
)
# 310 in January is 10 a day.
COSTS = table("month amount", (day(1, 1), 310.0), (day(2, 1), 280.0))
COMPANY = {"orders": ORDERS, "reps": REPS, "deals": DEALS, "costs": COSTS}
AS_OF = day(2, 28)

JANUARY = {
    # 100 + 50 + 80 + 20 + 7.5; the refund is of February.
    "revenue": (257.5, 5),
    "net_revenue": (257.5, 5),
    # 40 + 30 + 10 + 2.5; the line without a cost is left out.
    "gross_profit": (82.5, 4),
    # Orders 1, 10, 2, 4.
    "order_count": (4, 4),
    "average_order_value": (257.5 / 4, 4),
    "won_value": (1500, 2),
    "win_rate": (2 / 3, 3),
    # Won in January (d1, d2) over created in January (d1, d3, d4, d5).
    "win_rate:created": (2 / 4, 4),
    # Of d1, d3, d4, d5 two are won by the end of February.
    "win_rate:cohort": (2 / 4, 4),
    # 10 and 50 days.
    "sales_cycle_days": (30, 2),
    # On 31 January d4 and d5 are open; d2 closed on that day.
    "pipeline_value": (1300, 2),
    # c1, c2 and c3 ordered in the year that ends on 31 January.
    "active_customers": (3, 3),
    "new_customers": (2, 2),
    # On 31 December only c1 was active.
    "acquisition_rate": (2.0, 1),
    # c1 335 days, c2 21 days, c3 0 days.
    "relationship_years": ((335 + 21 + 0) / 3 / 365.25, 3),
    # Margins up to 31 January, 200 + 82.5, over three customers.
    "customer_lifetime_value:historic": (282.5 / 3, 3),
    "customer_acquisition_cost": (310 / 2, 2),
}


@pytest.mark.parametrize("engine", ENGINES)
def test_january_is_as_worked_out_by_hand(engine):
    figures = measure(dataset(COMPANY, engine), list(JANUARY), period="2026-01", as_of=AS_OF)
    found = {name: (row.value, row.n) for name, row in zip(JANUARY, figures.itertuples(), strict=True)}
    for name, (value, n) in JANUARY.items():
        assert found[name][0] == pytest.approx(value, rel=1e-12), name
        assert found[name][1] == n, name


YEAR = {"customer_lifetime_value:simple": (60 / 2) * (2 / 2) * 2}


@pytest.mark.parametrize("engine", ENGINES)
def test_lifetime_value_by_hand(engine):
    # Active on 31 Dec 2025: c1 and c9. Active on 31 Dec 2026: c1 and c8, so one of
    # two stayed and 1 / churn is 2. The year's margin is 40 + 20 in 2 orders; 2 orders / 2 active.
    orders = table(
        "order_id order_date customer_id amount cost",
        ("1", day(6, 1, 2025), "c1", 10.0, 5.0),
        ("2", day(6, 1, 2025), "c9", 10.0, 5.0),
        ("3", day(6, 1), "c1", 100.0, 60.0),
        ("4", day(7, 1), "c8", 50.0, 30.0),
    )
    company = dataset({"orders": orders}, engine)
    figures = measure(company, list(YEAR), period="2026", as_of=day(12, 31))
    assert figures["value"].tolist() == [pytest.approx(value) for value in YEAR.values()]
    assert figures["convention"].tolist() == ["simple"]


def test_new_customers_belong_to_the_rep_of_the_lowest_order_number():
    by_rep = measure(dataset(COMPANY), "new_customers", period="2026-01", by="rep", as_of=AS_OF)
    # c2's first day has orders 10 of Budi and 2 of Ayu: 2 < 10 as numbers.
    assert dict(zip(by_rep["rep"], by_rep["value"], strict=True)) == {
        "Ayu": 1,
        "Budi": 0,
        "Dewi": 0,
        "no rep": 1,
    }


def test_a_customer_is_new_only_once_whatever_the_period_or_scope():
    company = dataset(COMPANY)
    assert measure(company, "new_customers", period="2026-02", as_of=AS_OF)["value"].tolist() == [0]
    # c2's first order was in Alaska; the first one in another region does not make c2 new again.
    alaska = measure(company, "new_customers", period="2026-01", where={"region": "no region"}, as_of=AS_OF)
    assert alaska["value"].tolist() == [0]


def test_active_customers_follow_their_latest_order():
    on = {"period": "2026-02", "by": "rep", "as_of": AS_OF}
    active = measure(dataset(COMPANY), "active_customers", **on)
    # c2 went to Budi on 3 February; c1's refund is no order.
    assert dict(zip(active["rep"], active["value"], strict=True)) == {
        "Ayu": 1,
        "Budi": 1,
        "Eko": 0,
        "no rep": 1,
    }


def test_gaps_are_filled_only_while_a_member_was_employed():
    monthly = measure(dataset(COMPANY), "revenue", period="2026", by="rep", grain="month", as_of=AS_OF)
    shown = {(row.rep, row.period): row.value for row in monthly.itertuples()}
    assert shown["Dewi", "2026-01"] == 0 and ("Dewi", "2026-02") not in shown
    assert shown["Eko", "2026-02"] == 0 and ("Eko", "2026-01") not in shown
    assert shown["Ayu", "2026-02"] == 0


def test_a_scope_of_members_is_null_while_none_of_them_was_employed():
    def monthly(**where):
        asked = {"period": "2026", "grain": "month", "where": where, "as_of": AS_OF, "compare": "previous"}
        figures = measure(dataset(COMPANY), "revenue", **asked)
        return [(row.value, row.note) for row in figures.itertuples()][:2], figures["reference"].tolist()[1]

    (january, february), before = monthly(rep="Eko")
    assert january[0] != january[0] and january[1] == "not employed"
    assert february == (0, "") and before != before
    (january, february), before = monthly(rep="Dewi")
    assert january == (0, "") and february[0] != february[0] and before == 0
    # Budi, of the same team, is there from 8 January on.
    (january, february), before = monthly(team="South")
    assert (january[0], february[0], before) == (80, 200, 80)
    # Rows without a rep are nobody's employment.
    assert monthly(rep=["Eko", "no rep"])[0][0] == (7.5, "")


def test_a_customer_is_active_for_365_days():
    orders = table("order_id order_date customer_id amount", ("1", day(1, 1, 2025), "c1", 5.0))
    company = dataset({"orders": orders})
    last = measure(company, "active_customers", period="2025-12-31", as_of=AS_OF)
    after = measure(company, "active_customers", period="2026-01-01", as_of=AS_OF)
    assert (last["value"].item(), after["value"].item()) == (1, 0)


def test_known_leavings_end_activity_on_their_day():
    orders = table("order_id order_date customer_id amount", ("1", day(1, 1, 2020), "c1", 5.0))
    customers = table("customer_id left_on", ("c1", day(1, 10)), ("c2", None))
    company = dataset({"orders": orders, "customers": customers})
    before = measure(company, "active_customers", period="2026-01-09", as_of=AS_OF)
    on_the_day = measure(company, "active_customers", period="2026-01-10", as_of=AS_OF)
    assert (before["value"].item(), on_the_day["value"].item()) == (1, 0)


def test_a_members_rows_are_judged_by_where_they_stood_that_day():
    reps = table(
        "rep_id name team valid_from valid_to",
        ("a", "Ayu", "North", None, day(1, 9)),
        ("a", "Ayu", "South", day(1, 10), None),
    )
    figures = measure(
        dataset({"orders": ORDERS, "reps": reps}), "revenue", period="2026-01", by="team", as_of=AS_OF
    )
    # o1 of 5 January is North's, o2 of 10 January South's; Budi and nobody have no team.
    assert dict(zip(figures["team"], figures["value"], strict=True)) == {
        "North": 150,
        "South": 20,
        "no team": 87.5,
    }


def test_costs_cannot_be_split_by_rep():
    figures = measure(dataset(COMPANY), "customer_acquisition_cost", period="2026-01", by="rep", as_of=AS_OF)
    assert figures["value"].isna().all()
    assert set(figures["note"]) == {"not available: costs has no rep"}


def test_part_of_a_month_carries_its_part_of_the_cost():
    company = dataset(COMPANY)
    figures = measure(company, "customer_acquisition_cost", period="2026-01-01/2026-01-10", as_of=AS_OF)
    assert figures["value"].tolist() == [100]


def test_lifetime_value_has_no_silent_default():
    figures = measure(dataset(COMPANY), "customer_lifetime_value", period="2026-01", as_of=AS_OF)
    assert figures["value"].isna().all()
    assert figures["note"].tolist() == ["there is no silent default: choose historic or simple"]


def test_a_missing_column_makes_a_kpi_unavailable_and_no_other():
    orders = [{k: v for k, v in row.items() if k != "cost"} for row in ORDERS]
    figures = measure(dataset({"orders": orders}), ["gross_profit", "revenue"], period="2026-01", as_of=AS_OF)
    assert figures["note"].tolist() == ["not available: orders.cost is missing", ""]
    assert figures["value"].isna().tolist() == [True, False]


def test_a_missing_table_is_named():
    figures = measure(dataset({"orders": ORDERS}), "win_rate", period="2026-01", as_of=AS_OF)
    assert figures["note"].tolist() == ["not available: deals is missing"]


def test_a_period_after_the_as_of_date_has_not_started():
    figures = measure(dataset(COMPANY), ["revenue", "active_customers"], period="2026-03", as_of=AS_OF)
    assert figures["value"].isna().all() and figures["n"].isna().all()
    assert set(figures["note"]) == {"not started"}


def test_a_period_before_the_data_is_null_and_not_zero():
    figures = measure(dataset(COMPANY), "revenue", period="2024", as_of=AS_OF)
    assert figures["value"].isna().all()
    assert figures["note"].tolist() == ["the data start after this period"]


def test_before_the_first_order_there_is_no_profit_though_there_are_costs():
    """Costs from January, orders from March: in February only half of what makes a profit is known."""
    orders = [
        {"order_id": "1", "order_date": date(2026, 3, 2), "customer_id": "C", "amount": 90.0, "cost": 40.0}
    ]
    costs = [{"month": date(2026, month, 1), "amount": 28.0} for month in (1, 2, 3)]
    company = dataset({"orders": orders, "costs": costs})
    kpis = ["operating_profit", "revenue_per_cost", "costs"]
    before, after = (measure(company, kpis, period=one, as_of="2026-03-31") for one in ("2026-02", "2026-03"))
    assert before["value"].isna().tolist() == [True, True, False]
    assert before["note"].tolist() == ["the data start after this period"] * 2 + [""]
    assert after["value"].tolist() == [90 - 40 - 28, 90 / 28, 28]


def test_the_reference_and_its_change():
    figures = measure(dataset(COMPANY), "net_revenue", period="2026-02", compare="previous", as_of=AS_OF)
    row = figures.iloc[0]
    assert (row["value"], row["reference"], row["change"]) == (170, 257.5, -87.5)
    assert row["change_ratio"] == pytest.approx(-87.5 / 257.5)


def test_reference_of_the_same_elapsed_part():
    # Until 3 February: 200 − 30, against 1 to 3 January: nothing.
    figures = measure(
        dataset(COMPANY), "net_revenue", period="2026-02", compare="previous_elapsed", as_of=day(2, 3)
    )
    assert (figures["value"].item(), figures["reference"].item()) == (170, 0)
    assert figures["change_ratio"].isna().all()


def test_refunds_take_what_they_lack_from_their_order():
    orders = table(
        "order_id order_date customer_id rep_id amount refund_of",
        ("1", day(1, 5), "c1", "a", 100.0, None),
        ("2", day(1, 6), None, None, -40.0, "1"),
    )
    figures = measure(dataset({"orders": orders}), "net_revenue", period="2026-01", by="rep", as_of=AS_OF)
    assert dict(zip(figures["rep"], figures["value"], strict=True)) == {"a": 60}


@pytest.mark.parametrize("engine", ENGINES)
def test_refunds_take_the_product_where_all_sale_lines_of_their_order_agree(engine):
    orders = table(
        "order_id order_date customer_id amount product product_line refund_of",
        ("1", day(1, 5), "c1", 100.0, "tea", "Food", None),
        ("1", day(1, 5), "c1", 50.0, "rice", "Food", None),
        ("2", day(1, 5), "c1", 30.0, "soap", "Home", None),
        ("2", day(1, 5), "c1", 30.0, "soap", None, None),
        # What 2 took back itself is no sale line.
        ("2", day(1, 5), "c1", -1.0, "tea", "Food", None),
        ("3", day(1, 6), "c1", -10.0, None, None, "1"),
        ("4", day(1, 6), "c1", -5.0, None, None, "2"),
        ("5", day(1, 6), "c1", -2.0, "tea", None, "2"),
        ("6", day(1, 6), "c1", -3.0, None, None, "9"),
        # A sale that names another order is no refund.
        ("7", day(1, 6), "c1", 4.0, None, None, "2"),
    )
    company = dataset({"orders": orders}, engine)

    def shown(by):
        figures = measure(company, "net_revenue", period="2026-01", by=by, as_of=AS_OF)
        return dict(zip(figures[by], figures["value"], strict=True))

    assert shown("product") == {"tea": 97, "rice": 50, "soap": 55, "no product": -9}
    assert shown("product_line") == {"Food": 139, "Home": 30, "no product_line": 24}


def test_two_members_of_one_name_are_kept_apart():
    reps = table("rep_id name", ("a", "Ayu"), ("b", "Ayu"))
    figures = measure(
        dataset({"orders": ORDERS, "reps": reps}), "revenue", period="2026-01", by="rep", as_of=AS_OF
    )
    assert dict(zip(figures["rep"], figures["value"], strict=True)) == {
        "Ayu (a)": 170,
        "Ayu (b)": 80,
        "no rep": 7.5,
    }
