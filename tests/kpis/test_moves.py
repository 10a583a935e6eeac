"""Members who move: a row belongs to where its member stood on its day, on every engine."""

from datetime import date

import pytest

from kpikit import measure
from tests.builders import ENGINES, dataset


def day(month, number):
    return date(2026, month, number)


def order(number, when, amount, rep="a"):
    row = {"order_id": str(number), "order_date": when, "customer_id": f"c{number}"}
    return row | {"amount": amount, "rep_id": rep}


def stint(team, region, since, until, rep="a"):
    row = {"rep_id": rep, "name": "Ayu" if rep == "a" else "Budi", "team": team, "region": region}
    return row | {"valid_from": since, "valid_to": until}


# Ayu is North's in January, away in February, South's from 1 March to 30 April. Budi never moves.
REPS = [
    stint("South", "Java", day(3, 1), day(4, 30)),
    stint("North", "Bali", day(1, 1), day(1, 31)),
    stint("East", "Alaska", None, None, "b"),
]
ORDERS = [
    order(1, date(2025, 12, 31), 1.0),  # before the first stint
    order(2, day(1, 1), 2.0),
    order(3, day(1, 31), 4.0),
    order(4, day(2, 1), 8.0),  # in the gap
    order(5, day(2, 28), 16.0),
    order(6, day(3, 1), 32.0),
    order(7, day(4, 30), 64.0),
    order(8, day(5, 1), 128.0),  # after the last stint
    order(9, None, 256.0),  # on no day
    order(10, day(2, 15), 512.0, "b"),
]


def shown(company, by, period="all time"):
    figures = measure(company, "revenue", period=period, by=by, as_of="2026-05-31")
    return dict(zip(figures[by], figures["value"], strict=True))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_gap_belongs_to_the_stint_before_it_and_what_is_earlier_to_the_first(engine):
    company = dataset({"orders": ORDERS, "reps": REPS}, engine)
    # Whoever has stood nowhere yet, or stands nowhere now, keeps the nearest stint that has begun.
    assert shown(company, "team") == {
        "North": 1 + 2 + 4 + 8 + 16 + 256,
        "South": 32 + 64 + 128,
        "East": 512,
    }
    assert shown(company, "region") == {"Bali": 287, "Java": 224, "Alaska": 512}
    assert shown(company, "rep") == {"Ayu": 511, "Budi": 512}


@pytest.mark.parametrize("engine", ENGINES)
def test_a_team_of_nobody_in_a_gap_has_no_zeros(engine):
    company = dataset({"orders": [ORDERS[1], ORDERS[9]], "reps": REPS}, engine)
    # In February Ayu stands in no team, so only Budi's is shown.
    assert shown(company, "team", "2026-02") == {"East": 512}
    assert shown(company, "team", "2026-01") == {"North": 2, "East": 0}
    assert shown(company, "team", "2026-03") == {"South": 0, "East": 0}
    assert shown(company, "team", "2026-05") == {"East": 0}


@pytest.mark.parametrize("engine", ENGINES)
def test_new_and_active_customers_stay_where_their_order_was_made(engine):
    company = dataset({"orders": ORDERS[:8], "reps": REPS}, engine)
    asked = {"period": "all time", "by": "team", "as_of": "2026-05-31"}
    figures = measure(company, ["new_customers", "active_customers"], **asked)
    assert figures[figures["team"] != "East"]["value"].tolist() == [5, 3, 5, 3]


@pytest.mark.parametrize("engine", ENGINES)
def test_deals_are_won_where_their_member_stood_at_the_closing(engine):
    won = {"stage": "won", "outcome": "won", "created_on": day(1, 5), "rep_id": "a"}
    closings = [(day(1, 31), 1.0), (day(2, 10), 2.0), (day(3, 1), 4.0)]
    deals = [
        won | {"deal_id": str(number), "closed_on": closed, "amount": amount}
        for number, (closed, amount) in enumerate(closings)
    ]
    company = dataset({"deals": deals, "reps": REPS}, engine)
    figures = measure(company, ["won_value", "win_rate:cohort"], period="2026-Q1", by="team")
    won = figures[figures["kpi"] == "won_value"].set_index("team")["value"].to_dict()
    assert won == {"North": 3, "South": 4, "East": 0}
    # By creation all three are North's.
    cohort = figures[figures["kpi"] == "win_rate"].set_index("team")["n"].to_dict()
    assert cohort["North"] == 3
