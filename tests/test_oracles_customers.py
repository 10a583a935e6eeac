"""The twin's later KPIs of customers against figures worked out by hand."""

from datetime import date
from fractions import Fraction

from tests.oracles import NOT_AVAILABLE, measure


def table(header, *rows):
    return [dict(zip(header.split(), row, strict=True)) for row in rows]


def on(month, day, year=2026):
    return date(year, month, day)


LATE = on(12, 31)
SPRING = (on(4, 1), on(6, 30))
# c1 orders in 2025 and in May, by another rep; c2 in 2025 alone; c3 is new in April; c4 in 2024 alone.
ORDERS = table(
    "order_id order_date customer_id rep_id amount",
    ("1", on(10, 1, 2025), "c1", "r1", 5),
    ("2", on(5, 1), "c1", "r2", 5),
    ("3", on(6, 1, 2025), "c2", "r1", 5),
    ("4", on(4, 2), "c3", "r2", 5),
    ("5", on(1, 1, 2024), "c4", "r1", 5),
    ("6", None, "c5", "r1", 5),
)
SHOP = {"orders": ORDERS}


def figures(result):
    return {key: (one.value, one.n) for key, one in result.items()}


def active(day, convention, tables=SHOP, **asked):
    return measure(tables, "active_customers", day, day, LATE, convention=convention, **asked)[()].value


def test_customers_are_active_for_the_days_of_the_convention():
    # c1's order of 1 May is in the 90 days that end on 29 July, and not in those that end on the 30th.
    assert active(on(7, 29), "ordered_in_90_days") == 1
    assert active(on(7, 30), "ordered_in_90_days") == 0
    # In 180 days: c3 (2 April) and c1 on 28 September; on the 29th c1 alone.
    assert active(on(9, 28), "ordered_in_180_days") == 2
    assert active(on(9, 29), "ordered_in_180_days") == 1
    # c2's order of 1 June 2025 counts up to 31 May.
    assert active(on(5, 31), "ordered_in_365_days") == 3
    assert active(on(6, 1), "ordered_in_365_days") == 2


def test_who_left_may_have_ordered_all_the_same():
    gone = {**SHOP, "customers": table("customer_id acquired_on left_on", ("c1", None, on(5, 2)))}
    assert active(on(6, 30), "active", gone) == 3  # c2 c3 c4, who have not left
    assert active(on(6, 30), "ordered_in_365_days", gone) == 2  # c1 c3
    people = {"customers": table("customer_id acquired_on left_on", ("c1", on(1, 1), None))}
    asked = {"convention": "ordered_in_90_days"}
    assert measure(people, "active_customers", *SPRING, LATE, **asked) == NOT_AVAILABLE


def test_retention_follows_each_customer():
    # Active on 31 March: c1 (October) and c2 (June), both r1's. On 30 June c1 is, by r2; c3 came since.
    result = measure(SHOP, "retention_rate", *SPRING, LATE, by=["rep"])
    assert figures(result) == {(): (Fraction(1, 2), 2), ("r1",): (Fraction(1, 2), 2)}
    churn = measure(SHOP, "churn_rate", *SPRING, on(5, 31), by=["rep"])
    # Up to 31 May c2 was still active.
    assert figures(churn) == {(): (0, 2), ("r1",): (0, 2)}
    assert measure(SHOP, "retention_rate", None, LATE, LATE)[()][:2] == (None, None)
    # Nobody was active on the last day of 2023.
    assert measure(SHOP, "churn_rate", on(1, 1, 2024), on(1, 31, 2024), LATE)[()][:2] == (None, 0)


def test_retention_by_counts_takes_the_new_from_those_at_the_end():
    # 30 June: c1 and c3, less new c3, of two. By rep: r1 0 of 2; r2 2 less 1 of nobody.
    counts = {"convention": "counts"}
    result = measure(SHOP, "retention_rate", *SPRING, LATE, by=["rep"], **counts)
    assert figures(result) == {(): (Fraction(1, 2), 2), ("r1",): (0, 2), ("r2",): (None, 0)}
    # Somebody who comes back counts: c4 orders again in June, and 2 of 2 are there.
    back = {"orders": [*ORDERS, ORDERS[4] | {"order_id": "7", "order_date": on(6, 2)}]}
    assert measure(back, "retention_rate", *SPRING, LATE, **counts)[()].value == 1
    assert measure(back, "retention_rate", *SPRING, LATE)[()].value == Fraction(1, 2)
    assert measure(back, "churn_rate", *SPRING, LATE, **counts)[()].value == 0
    # With dates of leaving, identity needs no orders, but counts do.
    people = {"customers": table("customer_id acquired_on left_on", ("c1", on(1, 1), on(5, 1)))}
    assert measure(people, "retention_rate", *SPRING, LATE)[()][:2] == (0, 1)
    assert measure(people, "churn_rate", *SPRING, LATE)[()][:2] == (1, 1)
    assert measure(people, "retention_rate", *SPRING, LATE, **counts) == NOT_AVAILABLE


def test_completed_relationships_are_of_those_who_left():
    # c1: 1 October 2025 (its order) to 1 March: 31 + 30 + 31 + 31 + 28 = 151 days.
    # c2: acquired on 1 May 2025, before its order, to 1 May: 365 days.
    # c3 leaves in July. c4 left before it came. Nobody knows since when c5 was.
    rows = table(
        "customer_id region acquired_on left_on",
        ("c1", "Bali", None, on(3, 1)),
        ("c2", None, on(5, 1, 2025), on(5, 1)),
        ("c3", "Bali", None, on(7, 1)),
        ("c4", "Bali", None, on(12, 31, 2023)),
        ("c5", "Bali", None, on(3, 1)),
    )
    tables, completed = {**SHOP, "customers": rows}, {"convention": "completed"}
    year = Fraction("365.25")
    result = measure(tables, "relationship_years", *SPRING, LATE, by=["region"], **completed)
    assert figures(result) == {
        (): (Fraction(151 + 365, 2) / year, 2),
        ("Bali",): (151 / year, 1),
        ("no region",): (365 / year, 1),
    }
    # On 30 April c2 had not left; seen on that day, nobody knows that it will.
    assert measure(tables, "relationship_years", *SPRING, on(4, 30), **completed)[()][:2] == (151 / year, 1)
    # On 1 May, the day on which it left, it had.
    assert measure(tables, "relationship_years", on(5, 1), on(5, 1), LATE, **completed)[()].n == 2
    assert measure(tables, "relationship_years", *SPRING, LATE, by=["rep"], **completed) == NOT_AVAILABLE
    assert measure(SHOP, "relationship_years", *SPRING, LATE, **completed) == NOT_AVAILABLE


def test_inverse_churn_tells_years_to_come():
    # 30 September 2026, a year after 30 September 2025: then c2 alone was active, and it is no more: 1 year.
    inverse, day = {"convention": "inverse_churn"}, on(9, 30)
    assert measure(SHOP, "relationship_years", day, day, LATE, **inverse)[()].value == 1
    # A day later, and c1 was there too, and still is: half are lost in a year. Both were r1's.
    day = on(10, 1)
    result = measure(SHOP, "relationship_years", day, day, LATE, by=["rep"], **inverse)
    assert {key: one.value for key, one in result.items()} == {(): 2, ("r1",): 2}
    # 365 days before 30 December 2024 nobody was there. 31 October 2026, of c1 alone: nobody left.
    day = on(12, 30, 2024)
    assert measure(SHOP, "relationship_years", day, day, LATE, **inverse)[()].value is None
    alone = {"orders": [row for row in ORDERS if row["customer_id"] == "c1"]}
    day = on(10, 31)
    assert measure(alone, "relationship_years", day, day, LATE, **inverse)[()].value is None
