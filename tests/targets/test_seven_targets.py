"""The seven targets of the design, each on a small table with figures worked out by hand."""

from datetime import date

import pytest

from kpikit.targets import evaluate
from tests.builders import dataset

NUMBERS = ("gap", "attainment", "progress", "expected", "pace", "needed_per_day", "standing")


def order(day, amount, rep=None, customer="c1", **more):
    order.number = getattr(order, "number", 0) + 1
    row = {"order_id": str(order.number), "order_date": date.fromisoformat(day), "customer_id": customer}
    return row | {"amount": amount, "rep_id": rep} | more


def day(text):
    return None if text is None else date.fromisoformat(text)


# 1. Raise sales revenue by 15% in the next quarter
#
# 2026-Q2 brings 600 + 400 = 1000, so the target is 1150. 2026-Q3 has 66 business days less the holiday of
# Monday 17 August = 65: 23 in July, 20 in August, 22 in September; 92 calendar days.

QUARTERS = dataset(
    {
        "orders": [
            order("2025-08-03", 800),
            order("2026-04-15", 600),
            order("2026-06-20", 400),
            order("2026-07-10", 300),
            order("2026-08-14", 400),
            order("2026-09-25", 500),
        ]
    },
    holidays=[date(2026, 8, 17)],
)
RAISE = {"kpi": "revenue", "growth": "15%", "period": "next quarter", "set_on": "2026-06-15"}


@pytest.fixture
def raised(make_plan, one):
    def at(as_of, **changed):
        return one(evaluate(QUARTERS, make_plan(RAISE | changed), as_of=as_of))

    return at


def test_1_growth_is_judged_in_the_middle_of_its_quarter(raised):
    # On Friday 14 August 23 + 10 of 65 business days and 31 + 14 of 92 days have elapsed; 300 + 400 = 700.
    row = raised("2026-08-14")
    assert (row.period, row.baseline, row.target_value, row.actual, row.n) == ("2026-Q3", 1000, 1150, 700, 2)
    assert (row.start, row.end) == (date(2026, 7, 1), date(2026, 9, 30)) or str(row.end)[:10] == "2026-09-30"
    assert row.elapsed_business == pytest.approx(33 / 65)
    assert row.elapsed_calendar == pytest.approx(45 / 92)
    assert row.expected == pytest.approx(1150 * 33 / 65)  # 583.85
    assert row.pace == row.standing == pytest.approx(700 * 65 / (1150 * 33))  # 1.199
    assert row.attainment == pytest.approx(700 / 1150)
    assert row.gap == -450
    assert row.needed_per_day == pytest.approx(450 / 32)
    assert (row.progress, row.status) == (None, "on pace")


def test_1_calendar_days_when_the_plan_says_so(make_plan, one):
    row = one(evaluate(QUARTERS, make_plan(RAISE, days="calendar"), as_of="2026-08-14"))
    assert row.expected == pytest.approx(1150 * 45 / 92)
    assert row.needed_per_day == pytest.approx(450 / 47)


def test_1_is_not_started_before_its_quarter_and_provisional_until_the_baseline_closes(raised):
    # On 1 May the quarter before has brought 600 so far; on 20 June it has brought 1000.
    early = raised("2026-05-01", set_on="2026-04-20")
    assert (early.baseline, early.target_value, early.status) == (600, 690, "not started")
    row = raised("2026-06-20")
    assert (row.baseline, row.target_value, row.actual, row.n) == (1000, 1150, None, None)
    assert [row[name] for name in NUMBERS] == [None] * 7
    assert (row.elapsed_business, row.elapsed_calendar) == (0, 0)
    assert row.note == "baseline provisional until 2026-06-30; not started"
    assert "provisional" not in raised("2026-06-30").note


def test_1_is_too_early_under_a_tenth(raised):
    # 8 July: 6 of 65 business days; 9 July: 7 of 65.
    assert (raised("2026-07-08").status, raised("2026-07-08").actual) == ("too early", 0)
    assert raised("2026-07-09").status == "at risk"


def test_1_is_reached_before_its_end_and_stays_so(raised):
    # 300 + 400 + 500 = 1200 on 25 September.
    assert raised("2026-09-24").status == "at risk"
    for as_of in ("2026-09-25", "2026-09-30", "2026-12-31"):
        row = raised(as_of)
        assert (row.status, row.gap, row.needed_per_day, row.reached, row.of) == ("reached", 50, 0, 1, 1)
        assert row.attainment == pytest.approx(1200 / 1150)


def test_1_is_missed_when_its_end_has_come(raised):
    # 30% asks for 1300.
    row = raised("2026-09-29", growth=0.3)
    # One business day is left.
    assert (row.status, row.gap, row.needed_per_day, row.of) == ("behind", -100, 100, 0)
    row = raised("2026-09-30", growth=0.3)
    assert (row.status, row.gap, row.needed_per_day, row.reached, row.of) == ("missed", -100, None, 0, 1)
    assert row.pace == row.standing == row.attainment == pytest.approx(1200 / 1300)


def test_1_next_quarter_does_not_roll(raised):
    assert raised("2027-05-05").period == "2026-Q3"


def test_1_on_other_baselines(raised):
    # The third quarter of 2025 brought 800.
    assert raised("2026-08-14", baseline="same_period_last_year").target_value == 920
    assert raised("2026-08-14", baseline=2000).target_value == 2300


# 2. $15,000 of sales revenue for each representative, each month
#
# Budi joins on Monday 16 February: 10 of 20 business days, 7500. Citra leaves on Saturday 14 March: 10 of 22
# business days, 6818.18. Reached: Ayu in January and March, Budi in February, Citra in February and March.

REPS = [
    {"rep_id": "a", "name": "Ayu", "hired_on": date(2020, 1, 1), "left_on": None},
    {"rep_id": "b", "name": "Budi", "hired_on": date(2026, 2, 16), "left_on": None},
    {"rep_id": "c", "name": "Citra", "hired_on": date(2020, 1, 1), "left_on": date(2026, 3, 14)},
]
TEAM_ORDERS = [
    order("2025-12-30", 99_000, "a"),
    order("2026-01-15", 16_000, "a"),
    order("2026-01-15", 10_000, "c"),
    order("2026-01-15", 500),
    order("2026-02-10", 14_000, "a"),
    order("2026-02-19", 8_000, "b"),
    order("2026-02-10", 15_000, "c"),
    order("2026-03-02", 15_000, "a"),
    order("2026-03-03", 3_000, "b"),
    order("2026-03-04", 7_000, "c"),
    order("2026-03-05", 200),
]
TEAM = dataset({"orders": TEAM_ORDERS, "reps": REPS})
EACH = {"kpi": "revenue", "level": 15000, "per": "rep", "every": "month", "set_on": "2026-01-01"}


@pytest.fixture
def each(make_plan):
    return lambda as_of, company=TEAM, **changed: evaluate(company, make_plan(EACH | changed), as_of=as_of)


def test_2_every_rep_month_is_judged(each):
    told = each("2026-03-31")
    details = told[told["scope_row"] == "detail"]
    table = details[["period", "member", "actual", "target_value", "status"]].round(2).values.tolist()
    assert [row for row in table if row[1] != "no rep"] == [
        ["2026-01", "Ayu", 16000, 15000, "reached"],
        ["2026-01", "Citra", 10000, 15000, "missed"],
        ["2026-02", "Ayu", 14000, 15000, "missed"],
        ["2026-02", "Budi", 8000, 7500, "reached"],
        ["2026-02", "Citra", 15000, 15000, "reached"],
        ["2026-03", "Ayu", 15000, 15000, "reached"],
        ["2026-03", "Budi", 3000, 15000, "missed"],
        ["2026-03", "Citra", 7000, 6818.18, "reached"],
    ]


def test_2_orders_without_a_rep_are_shown_apart(each, one):
    row = one(each("2026-03-31"), member="no rep", period="2026-01")
    assert (row.actual, row.target_value, row.gap, row.status) == (500, None, None, "not available")
    assert (row.reached, row.of, row.note) == (0, 0, "no target: rows without a rep")


def test_2_rolls_up_as_k_of_n_and_as_the_sum(each, one):
    # Actual 26,000 + 37,000 + 25,000; target 30,000 + 37,500 + 36,818.1818; 700 without a rep are in neither.
    row = one(each("2026-03-31"), scope_row="total")
    assert (row.reached, row.of, row.actual, row.n) == (5, 8, 88_000, 8)
    assert row.target_value == pytest.approx(104_318.1818, abs=1e-4)
    assert row.gap == pytest.approx(-16_318.1818, abs=1e-4)
    assert row.pace == row.standing == row.attainment == pytest.approx(88_000 / 104_318.1818)  # 0.8436
    assert (row.status, row.member, row.note) == ("at risk", "", "5 of 8 reached")
    assert (str(row.start)[:10], str(row.end)[:10]) == ("2026-01-01", "2026-03-31")


def test_2_a_running_month_counts_once_it_is_reached(each, one):
    # On 10 February 7 of 20 business days have elapsed; Citra has 15,000 already, Budi is expected.
    told = each("2026-02-10")
    assert one(told, period="2026-02", member="Citra").status == "reached"
    ayu = one(told, period="2026-02", member="Ayu")
    assert (ayu.expected, ayu.status) == (5250, "on pace")
    assert ayu.needed_per_day == pytest.approx(1000 / 13)
    budi = one(told, period="2026-02", member="Budi")
    assert (budi.target_value, budi.elapsed_business, budi.status) == (7500, 0, "too early")
    total = one(told, scope_row="total")
    # Judged: both of January, and Citra's February.
    assert (total.reached, total.of) == (2, 3)
    # Expected: 30,000 of January, and 2 × 5250 + 0 of February; 26,000 + 29,000 are there.
    assert (total.expected, total.target_value) == (pytest.approx(40_500), 67_500)
    assert (total.pace, total.status) == (pytest.approx(55_000 / 40_500), "on pace")
    assert (total.elapsed_business, total.needed_per_day) == (None, None)


def test_2_a_roll_up_without_an_end_is_never_reached(each, one):
    # 26,000 of 25,000: ahead, but the months go on.
    total = one(each("2026-01-31", level=12_500), scope_row="total")
    assert (total.gap, total.status, total.reached, total.of) == (1000, "on pace", 1, 2)
    total = one(each("2026-01-31", level=12_500, until="2026-01-31"), scope_row="total")
    assert total.status == "reached"
    total = one(each("2026-03-31", level=1000), scope_row="total")
    assert (total.status, total.needed_per_day) == ("on pace", None)
    total = one(each("2026-02-28", level=99_000, until="2026-01-31"), scope_row="total")
    assert (total.status, total.target_value) == ("missed", 198_000)


def test_2_shares_of_a_month_elapse_by_the_own_days_of_a_member(each, one):
    # On Friday 20 February Budi has worked 5 of 10 business days, 5 of 13 days: 3750 expected.
    row = one(each("2026-02-20"), period="2026-02", member="Budi")
    assert (row.elapsed_business, row.expected, row.status) == (0.5, 3750, "reached")
    assert row.elapsed_calendar == pytest.approx(5 / 13)
    assert "pro-rated: 10 of 20 working days" in row.note


def test_2_a_holiday_is_no_working_day(each, one):
    # Tuesday 17 February off: 9 of 19 business days.
    company = dataset({"orders": TEAM_ORDERS, "reps": REPS}, holidays=[date(2026, 2, 17)])
    row = one(each("2026-03-31", company), period="2026-02", member="Budi")
    assert row.target_value == pytest.approx(15_000 * 9 / 19, abs=1e-4)


def test_2_a_leaving_is_not_known_before_its_day(each, one):
    assert one(each("2026-03-13"), period="2026-03", member="Citra").target_value == 15_000


def test_2_a_member_who_sold_nothing_is_missed_while_employed(each, one):
    april = each("2026-04-30")
    row = one(april, period="2026-04", member="Ayu")
    assert (row.actual, row.status, row.gap) == (0, "missed", -15_000)
    assert april[april["period"] == "2026-04"]["member"].tolist() == ["Ayu", "Budi"]


def test_2_starts_with_the_first_whole_month_after_it_was_set(each):
    def months(set_on):
        told = each("2026-03-31", set_on=set_on)
        return list(dict.fromkeys(told[told["scope_row"] == "detail"]["period"]))

    assert months("2026-01-01") == months("2025-12-15") == ["2026-01", "2026-02", "2026-03"]
    assert months("2026-01-02") == ["2026-02", "2026-03"]


def test_2_members_are_known_before_the_first_month(each, one):
    told = each("2025-12-31", set_on="2025-12-20")
    assert told["member"].tolist() == ["Ayu", "Citra", ""]
    assert set(told["status"]) == {"not started"}
    assert one(told, member="Ayu").target_value == 15_000
    total = one(told, scope_row="total")
    assert (total.actual, total.target_value, total.reached, total.of) == (None, None, 0, 0)


# 3. $1.2 million in 2022 from Alaska
#
# 2022 has 260 business days, 129 of them in the first half.

ALASKA = dataset(
    {
        "orders": [
            order("2021-12-31", 90_000, customer="k"),
            order("2022-03-01", 700_000, customer="k"),
            order("2022-03-02", 900_000, customer="b"),
            order("2022-12-31", 450_000, customer="k"),
            order("2022-12-30", 50_000, customer="b", region="Alaska"),
            order("2023-01-01", 80_000, customer="k"),
        ],
        "customers": [{"customer_id": "k", "region": "Alaska"}, {"customer_id": "b", "region": "Bali"}],
    }
)
IN_ALASKA = {
    "kpi": "revenue",
    "level": 1_200_000,
    "period": 2022,
    "scope": {"region": "Alaska"},
    "set_on": "2021-12-13",
}


def test_3_a_scope_and_a_closed_period(make_plan, one):
    plan = make_plan(IN_ALASKA)
    half = one(evaluate(ALASKA, plan, as_of="2022-06-30"))
    assert (half.actual, half.target_value, half.gap, half.n) == (700_000, 1_200_000, -500_000, 1)
    assert half.elapsed_business == pytest.approx(129 / 260)
    assert half.elapsed_calendar == pytest.approx(181 / 365)
    assert half.pace == pytest.approx(700_000 / (1_200_000 * 129 / 260))  # 1.176
    assert (half.needed_per_day, half.status) == (pytest.approx(500_000 / 131), "on pace")
    # On the last day 450,000 from Alaska, and 50,000 of a Balinese customer's order from Alaska.
    end = one(evaluate(ALASKA, plan, as_of="2022-12-31"))
    assert (end.actual, end.gap, end.status) == (1_200_000, 0, "reached")
    assert one(evaluate(ALASKA, plan, as_of="2022-12-30")).status == "at risk"
    assert one(evaluate(ALASKA, plan, as_of="2026-10-09")).status == "reached"
    assert one(evaluate(ALASKA, plan, as_of="2021-12-31")).status == "not started"


# 4. Raise the average customer lifetime value from $80k to $100k
#
# On 2026-09-30: three orders of the last 365 days bring 22,000 each, three customers are active, and of the
# four who were active a year before one is gone: 66,000/3 × 3/3 × 1/(1/4) = 88,000.

WORTH = dataset(
    {
        "orders": [
            *(order("2025-06-01", 1000, customer=c, cost=400) for c in ("c1", "c2", "c3", "c4")),
            *(order("2026-03-01", 40_000, customer=c, cost=18_000) for c in ("c1", "c2", "c3")),
        ]
    }
)
CLV = {
    "kpi": "customer_lifetime_value",
    "convention": "simple",
    "from": 80_000,
    "to": 100_000,
    "set_on": "2025-01-01",
}


def test_4_from_to_without_an_end(make_plan, one):
    row = one(evaluate(WORTH, make_plan(CLV), as_of="2026-09-30"))
    assert (row.actual, row.baseline, row.target_value) == (pytest.approx(88_000), 80_000, 100_000)
    assert row.progress == pytest.approx(0.4)
    assert row.attainment == pytest.approx(0.88)
    assert row.gap == pytest.approx(-12_000)
    assert (row.expected, row.pace, row.needed_per_day, row.standing) == (None, None, None, None)
    assert (row.elapsed_business, row.elapsed_calendar) == (None, None)
    assert (row.status, row.convention, row.period) == ("no deadline", "simple", "since 2025-01-01")
    assert (row.reached, row.of, row.end) == (0, 0, None)


def test_4_with_a_deadline_stands_by_progress_over_elapsed(make_plan, one):
    # 2026 has 261 business days, 195 until 30 September: 80,000 + 20,000 × 195/261 expected.
    row = one(evaluate(WORTH, make_plan(CLV | {"period": 2026}), as_of="2026-09-30"))
    assert row.expected == pytest.approx(80_000 + 20_000 * 195 / 261)
    assert row.standing == pytest.approx(0.4 / (195 / 261))  # 0.535
    assert (row.pace, row.status) == (None, "at risk")
    on_pace = one(evaluate(WORTH, make_plan(CLV | {"period": 2026, "to": 90_000}), as_of="2026-09-30"))
    assert (on_pace.progress, on_pace.status) == (pytest.approx(0.8), "on pace")


# 5. Raise the average customer relationship from 3 years to 5 years
#
# On 2026-09-30 one customer is there for 2191 days, one for 730; the third has left: 2921/2/365.25 years.

STAY = dataset(
    {
        "orders": [order("2026-01-05", 10, customer="c1")],
        "customers": [
            {"customer_id": "c1", "acquired_on": date(2020, 9, 30), "left_on": None},
            {"customer_id": "c2", "acquired_on": date(2024, 9, 30), "left_on": None},
            {"customer_id": "c3", "acquired_on": date(2010, 1, 1), "left_on": date(2026, 9, 30)},
        ],
    }
)


def test_5_from_to_on_a_level_read_on_the_as_of_date(make_plan, one):
    plan = make_plan({"kpi": "relationship_years", "from": 3, "to": 5, "set_on": "2024-01-01"})
    row = one(evaluate(STAY, plan, as_of="2026-09-30"))
    years = 2921 / 2 / 365.25  # 3.9986
    assert row.actual == pytest.approx(years)
    assert row.progress == pytest.approx((years - 3) / 2)
    assert row.attainment == pytest.approx(years / 5)
    assert (row.gap, row.status, row.n) == (pytest.approx(years - 5), "no deadline", 2)
    # The day before, the third is still there: (2190 + 729 + 6115) / 3 days.
    before = one(evaluate(STAY, plan, as_of="2026-09-29"))
    assert before.actual == pytest.approx((2190 + 729 + 6115) / 3 / 365.25)
    # A level can fall again: without a deadline it is never reached.
    assert (before.gap > 0, before.status) == (True, "no deadline")
    assert one(evaluate(STAY, plan, as_of="2023-12-31")).status == "not started"


# 6. The customer acquisition rate rises by 10% every quarter
#
# 2025-Q4: 1 new of 10 active, 0.1. 2026-Q1: 2 of 11, asked 0.11. 2026-Q2: 1 of 13, asked 0.121.

OLD = [(f"o{n}", "2024-01-05") for n in range(10)]
NEW = [("n1", "2025-11-01"), ("n2", "2026-02-01"), ("n3", "2026-02-02"), ("n4", "2026-05-04")]
GROWING = dataset(
    {
        "orders": [order(when, 10, customer=name) for name, when in (*OLD, *NEW)],
        "customers": [
            {"customer_id": name, "acquired_on": day(when), "left_on": None} for name, when in (*OLD, *NEW)
        ],
    }
)
RISES = {"kpi": "acquisition_rate", "growth": "10%", "every": "quarter", "set_on": "2026-01-01"}


def test_6_growth_of_a_rate_is_a_fixed_path_of_the_rate(make_plan, one):
    told = evaluate(GROWING, make_plan(RISES), as_of="2026-06-30")
    first, second = (one(told, period=period) for period in ("2026-Q1", "2026-Q2"))
    assert (first.baseline, first.target_value) == (pytest.approx(0.1), pytest.approx(0.11))
    assert (first.actual, first.status) == (pytest.approx(2 / 11), "reached")
    # From the same baseline, although the rate was 0.18 in between.
    assert (second.baseline, second.target_value) == (pytest.approx(0.1), pytest.approx(0.121))
    assert (second.actual, second.gap) == (pytest.approx(1 / 13), pytest.approx(1 / 13 - 0.121))
    assert (second.attainment, second.status) == (pytest.approx(1 / 13 / 0.121), "missed")
    total = one(told, scope_row="total")
    assert (total.reached, total.of, total.status, total.actual, total.target_value) == (
        1,
        2,
        "missed",
        None,
        None,
    )


def test_6_a_running_quarter_is_expected_to_be_at_the_target(make_plan, one):
    # 15 May: 33 of 65 business days; 1 of 13 of the 0.121 asked for: 0.636.
    row = one(evaluate(GROWING, make_plan(RISES), as_of="2026-05-15"), period="2026-Q2")
    assert row.expected == row.target_value == pytest.approx(0.121)
    assert row.standing == row.attainment == pytest.approx(1 / 13 / 0.121)
    assert (row.status, row.pace, row.needed_per_day) == ("at risk", None, None)
    assert row.elapsed_business == pytest.approx(33 / 65)


def test_6_on_the_last_actual(make_plan, one):
    told = evaluate(GROWING, make_plan(RISES | {"on": "last_actual"}), as_of="2026-06-30")
    row = one(told, period="2026-Q2")
    assert (row.baseline, row.target_value) == (pytest.approx(2 / 11), pytest.approx(0.2))


def test_6_on_a_number_and_on_the_year_before(make_plan, one):
    told = evaluate(GROWING, make_plan(RISES | {"baseline": 0.2}), as_of="2026-06-30")
    assert one(told, period="2026-Q2").target_value == pytest.approx(0.2 * 1.1**2)
    # 2025-Q2 had no new customer of 10: growth on a baseline of 0 says nothing.
    told = evaluate(GROWING, make_plan(RISES | {"baseline": "same_period_last_year"}), as_of="2026-06-30")
    row = one(told, period="2026-Q2")
    assert (row.baseline, row.target_value, row.status) == (0, None, "not available")
    assert row.note == "the baseline of 2025-Q2 is not positive"


# 7. 100 thousand new customers from Bali (here: 3)
#
# b1 was won before the target was set; b2 ordered first in Jakarta; b3, b4 and b5 are new, and in Bali.

BALI = dataset(
    {
        "orders": [
            order("2023-05-01", 5, customer="b1", region="Bali"),
            order("2024-02-01", 5, customer="b1", region="Bali"),
            order("2024-03-01", 5, customer="b2", region="Jakarta"),
            order("2024-03-02", 5, customer="b2", region="Bali"),
            order("2024-03-03", 5, customer="b3", region="Bali"),
            order("2025-03-03", 5, customer="b4", region="Bali"),
            order("2026-03-03", 5, customer="b5", region="Bali"),
        ]
    }
)


def test_7_is_counted_from_the_day_it_was_set(make_plan, one):
    new = {"kpi": "new_customers", "scope": {"region": "Bali"}, "level": 3, "set_on": "2024-01-01"}
    plan = make_plan(new)
    row = one(evaluate(BALI, plan, as_of="2025-12-31"))
    assert (row.actual, row.gap, row.attainment) == (2, -1, pytest.approx(2 / 3))
    assert (row.status, row.pace, row.needed_per_day, row.expected) == ("no deadline", None, None, None)
    # The count of new customers cannot fall again.
    row = one(evaluate(BALI, plan, as_of="2026-03-03"))
    assert (row.actual, row.status, row.reached, row.of) == (3, "reached", 1, 1)
    assert one(evaluate(BALI, plan, as_of="2023-12-31")).status == "not started"
    assert (
        one(evaluate(BALI, make_plan(new | {"level": 100_000}), as_of="2026-03-03")).status == "no deadline"
    )
