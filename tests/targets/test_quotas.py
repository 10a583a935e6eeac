"""Targets from the table of quotas."""

from datetime import date

import pandas as pd
import pytest

from kpikit.data.quotas import with_ends
from kpikit.targets import evaluate
from tests.builders import dataset


def day(text):
    return None if text is None else date.fromisoformat(text)


def order(number, when, amount, rep, **more):
    row = {
        "order_id": str(number),
        "order_date": day(when),
        "customer_id": "c",
        "amount": amount,
        "rep_id": rep,
    }
    return row | more


def quota(start, value, rep=None, end=None, kpi="revenue", **more):
    return {"kpi": kpi, "start": day(start), "end": day(end), "value": value, "rep_id": rep} | more


ORDERS = [
    order(1, "2026-01-15", 100, "a"),
    order(2, "2026-04-15", 70, "a"),
    order(3, "2026-02-15", 40, "b"),
    order(4, "2026-03-15", 9, None),
    order(5, "2026-04-20", 3, None),
    order(6, "2026-04-21", 30, "z"),
]
REPS = [{"rep_id": "a", "name": "Ayu"}, {"rep_id": "b", "name": "Budi"}]
# Ayu's first quota lasts until the day before the next, which is open. Budi's has an end of its own.
QUOTAS = [
    quota("2026-01-01", 90, "a"),
    quota("2026-04-01", 80, "a"),
    quota("2026-02-02", 50, "b", "2026-03-31"),
    quota("2026-01-01", 7, None, kpi="new_customers"),
]
SHOP = dataset({"orders": ORDERS, "reps": REPS, "quotas": QUOTAS})
FROM = {"from_quotas": True, "set_on": "2026-01-01"}


def rows(told, *columns):
    return told[told["scope_row"] == "detail"][list(columns)].values.tolist()


def test_each_quota_is_an_occurrence_of_its_member(make_plan, one):
    told = evaluate(SHOP, make_plan(FROM), as_of="2026-06-30")
    assert rows(told, "period", "member", "actual", "target_value", "status") == [
        ["2026-Q1", "Ayu", 100, 90, "reached"],
        ["2026-Q1", "no rep", 9, pytest.approx(float("nan"), nan_ok=True), "not available"],
        ["2026-02-02/2026-03-31", "Budi", 40, 50, "missed"],
        ["since 2026-04-01", "Ayu", 70, 80, "no deadline"],
        ["since 2026-04-01", "no rep", 3, pytest.approx(float("nan"), nan_ok=True), "not available"],
    ]
    assert set(told["per"]) == {"rep"}
    total = one(told, scope_row="total")
    assert (total.reached, total.of, total.actual, total.target_value) == (1, 2, 210, 220)


def test_last_quotas_that_end_have_a_deadline_and_a_total(make_plan, one):
    ended = with_ends(SHOP.small("quotas"), last_end=day("2026-06-30"))
    ended = ended.replace({float("nan"): None}).to_dict("records")
    company = dataset({"orders": ORDERS, "reps": REPS, "quotas": ended})
    told = evaluate(company, make_plan(FROM | {"until": "2026-06-30"}), as_of="2026-06-30")
    assert rows(told, "period", "member", "actual", "target_value", "status")[3] == [
        "2026-Q2", "Ayu", 70, 80, "missed",
    ]  # fmt: skip
    assert "no deadline" not in told["status"].tolist()
    total = one(told, scope_row="total")
    assert (total.actual, total.target_value, total.status) == (210, 220, "missed")
    # Within its last quarter the quota is paced, with a day on which it ends.
    row = one(evaluate(company, make_plan(FROM | {"period": "2026-Q2"}), as_of="2026-05-15"), member="Ayu")
    assert (row.status, row.end) == ("on pace", pd.Timestamp("2026-06-30"))


def test_a_period_chooses_quotas_and_has_an_end(make_plan, one):
    told = evaluate(SHOP, make_plan(FROM | {"period": "2026-Q1"}), as_of="2026-06-30")
    assert rows(told, "member", "gap")[0] == ["Ayu", 10]
    total = one(told, scope_row="total")
    # 140 of 140: reached as a whole, though Budi missed.
    assert (total.actual, total.target_value, total.status, total.reached, total.of) == (
        140,
        140,
        "reached",
        1,
        2,
    )


def test_a_running_quota_is_paced(make_plan, one):
    # Budi's quota has 42 business days (2 February to 31 March), 10 of them until 13 February.
    told = evaluate(SHOP, make_plan(FROM), as_of="2026-02-13")
    row = one(told, member="Budi")
    assert (row.actual, row.expected, row.status) == (0, pytest.approx(50 * 10 / 42), "at risk")
    assert "since 2026-04-01" not in told["period"].tolist()


def test_quotas_that_start_before_the_target_was_set_are_left_out(make_plan):
    told = evaluate(SHOP, make_plan(FROM | {"set_on": "2026-02-01"}), as_of="2026-03-31")
    assert rows(told, "member", "period") == [
        ["Budi", "2026-02-02/2026-03-31"],
        ["no rep", "2026-02-02/2026-03-31"],
    ]


def test_a_quota_is_running_on_its_first_day(make_plan):
    told = evaluate(SHOP, make_plan(FROM), as_of="2026-04-01")
    assert rows(told, "period", "member", "status")[-1] == ["since 2026-04-01", "Ayu", "no deadline"]


@pytest.mark.parametrize(
    ("entries", "periods"),
    [
        ({"period": "2026-02-01/2026-12-31"}, ["2026-02-02/2026-03-31", "since 2026-04-01"]),
        ({"until": "2026-03-31"}, ["2026-Q1", "2026-02-02/2026-03-31"]),
        ({"until": "2026-03-30"}, ["not available"]),
    ],
)
def test_quotas_outside_of_the_targets_time_are_left_out(make_plan, entries, periods):
    told = evaluate(SHOP, make_plan(FROM | entries), as_of="2026-06-30")
    details = told[(told["scope_row"] == "detail") & (told["member"] != "no rep")]
    if periods == ["not available"]:
        assert details["status"].tolist() == periods
    else:
        assert details["period"].tolist() == periods


def test_the_first_quotas_are_shown_before_they_start(make_plan):
    told = evaluate(SHOP, make_plan(FROM | {"set_on": "2025-12-01"}), as_of="2025-12-15")
    assert rows(told, "member", "target_value", "status") == [["Ayu", 90, "not started"]]
    assert told["status"].tolist()[-1] == "not started"


def test_a_quota_of_the_company_has_no_member(make_plan):
    told = evaluate(SHOP, make_plan(FROM | {"kpi": "new_customers"}), as_of="2026-06-30")
    assert rows(told, "member", "actual", "target_value", "status") == [["", 1, 7, "no deadline"]]
    assert told["scope_row"].tolist() == ["detail", "total"]


def test_quotas_by_region(make_plan):
    orders = [order(1, "2026-01-15", 100, "a", region="Bali"), order(2, "2026-02-01", 5, "a", region="Java")]
    many = [quota("2026-01-01", 90, end="2026-12-31", region=r) for r in ("Bali", "Java", "Alaska")]
    company = dataset({"orders": orders, "quotas": many})
    told = evaluate(company, make_plan(FROM), as_of="2026-12-31")
    # A region that sold nothing is judged too.
    assert rows(told, "per", "member", "period", "gap") == [
        ["region", "Alaska", "2026", -90],
        ["region", "Bali", "2026", 10],
        ["region", "Java", "2026", -85],
    ]
    told = evaluate(company, make_plan(FROM), as_of="2026-12-31", where={"region": "Bali"})
    assert rows(told, "member", "status") == [["Bali", "reached"]]
    told = evaluate(company, make_plan(FROM | {"scope": {"region": ["Bali", "Java"]}}), as_of="2026-12-31")
    assert rows(told, "member") == [["Bali"], ["Java"]]


def test_a_member_without_a_name_is_the_id(make_plan):
    company = dataset({"orders": ORDERS, "quotas": [quota("2026-04-01", 20, "z", "2026-06-30")]})
    told = evaluate(company, make_plan(FROM), as_of="2026-06-30")
    assert rows(told, "member", "gap")[0] == ["z", 10]


def test_members_are_chosen_by_where(make_plan):
    told = evaluate(SHOP, make_plan(FROM), as_of="2026-06-30", where={"rep": "Budi"})
    assert rows(told, "member") == [["Budi"]]
    team = [{"rep_id": "a", "name": "Ayu", "team": "N"}, {"rep_id": "b", "name": "Budi", "team": "S"}]
    company = dataset({"orders": ORDERS, "reps": team, "quotas": QUOTAS})
    told = evaluate(company, make_plan(FROM), as_of="2026-06-30", where={"team": "S"})
    assert rows(told, "member") == [["Budi"]]


@pytest.mark.parametrize(
    ("quotas", "entries", "fault"),
    [
        (None, {}, "quotas is missing"),
        ([quota("2026-01-01", 5, "a")], {"kpi": "order_count"}, "quotas has no order_count"),
        ([quota("2026-01-01", 5, "a")], {"per": "team"}, "quotas of revenue are not set by team"),
        ([quota("2026-01-01", 5, "a", region="Bali")], {}, "a quota of revenue is set by two dimensions"),
        (
            [quota("2026-01-01", 5, "a"), quota("2026-01-01", 5, region="Bali")],
            {},
            "quotas of revenue are set by rep, region: say per which",
        ),
        (
            [quota("2026-01-01", 5, "a"), quota("2026-01-01", 5)],
            {},
            "quotas of revenue are set by rep, the company: say per which",
        ),
        (
            [quota("2026-01-01", 5, "a"), quota("2026-01-01", 6, "a")],
            {},
            "the quota of revenue of Ayu from 2026-01-01",
        ),
        ([quota("2026-01-09", 5, "a", "2026-01-01")], {}, "a quota ends on 2026-01-01, before it starts"),
        ([quota("2025-01-01", 5, "a")], {}, "no quota of revenue starts on or after 2026-01-01"),
    ],
)
def test_quotas_that_cannot_be_used_are_not_available(make_plan, one, quotas, entries, fault):
    tables = {"orders": ORDERS, "reps": REPS} | ({} if quotas is None else {"quotas": quotas})
    told = evaluate(dataset(tables), make_plan(FROM | entries), as_of="2026-06-30")
    row = one(told, scope_row="detail")
    assert (row.status, row.actual, row.target_value) == ("not available", None, None)
    assert fault in row.note


def test_per_chooses_among_quotas_of_several_kinds(make_plan):
    many = [
        quota("2026-01-01", 5, "a", "2026-03-31"),
        quota("2026-01-01", 6, end="2026-03-31", region="Bali"),
    ]
    company = dataset({"orders": [one | {"region": "Bali"} for one in ORDERS], "reps": REPS, "quotas": many})
    told = evaluate(company, make_plan(FROM | {"per": "region"}), as_of="2026-06-30")
    assert rows(told, "member", "actual", "target_value") == [["Bali", 149, 6]]


def test_a_quota_that_ends_out_of_time_is_open(make_plan):
    shop = dataset({"orders": ORDERS, "quotas": [quota("2026-01-01", 90, "a", "9999-12-31")]})
    told = evaluate(shop, make_plan(FROM), as_of="2026-04-30")
    assert rows(told, "member", "period", "status")[0] == ["a", "since 2026-01-01", "reached"]
