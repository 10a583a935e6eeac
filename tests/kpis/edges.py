"""A company with something on every day around the bounds of its period, so that no bound can move unseen."""

from datetime import date, timedelta

from tests.kpis.twin import Case

START, END, AS_OF = date(2026, 3, 10), date(2026, 3, 20), date(2026, 4, 30)


def _days():
    around = [START, END, *(day - timedelta(365) for day in (START, END)), END - timedelta(730)]
    return sorted({day + timedelta(shift) for day in around for shift in (-1, 0, 1)})


def cases(customers_leave=False):
    """Make the company, asked for in total, by rep and by product line."""
    orders, deals, customers = [], [], []
    for number, day in enumerate(_days(), start=1):
        amount = 2.0**number
        orders.append(_order(f"{number}", day, f"c{number}", "a", amount, amount / 3))
        # Somebody who has long been a customer orders again, from another rep.
        orders.append(_order(f"{number + 100}", day, "old", "b", amount * 3, amount))
        orders.append({**orders[-1], "product_line": "Home"})
        orders.append(
            {**_order(f"{number + 200}", day, f"c{number}", "a", -amount / 7, -1.0), "refund_of": f"{number}"}
        )
        long_ago, later = day - timedelta(40), day + timedelta(number)
        deals += [
            _deal(f"o{number}", day, None, None, amount),
            _deal(f"w{number}", long_ago, day, "won", amount),
            _deal(f"x{number}", day - timedelta(number), day, "lost", amount),
            _deal(f"y{number}", day, later, "won", amount * 5),
            _deal(f"z{number}", None, day, "lost", amount),
            _deal(f"v{number}", None, day, "won", amount / 3),
        ]
        left = day + timedelta(370) if number % 2 else day + timedelta(10)
        customers.append({"customer_id": f"c{number}", "acquired_on": day, "left_on": left})
    # A year before the end one customer more comes than goes.
    orders.append(_order("301", END - timedelta(364), "more", "b", 11.0, 4.0))
    # Nothing is known of when these were: they count in all time alone.
    orders.append(_order("300", None, "old", "a", 5.0, 2.0))
    deals += [_deal("u1", None, None, None, 7.0), _deal("u2", None, None, "won", 9.0)]
    orders.append(_order("99", START - timedelta(800), "old", "a", 1.0, 0.5))
    customers.append({"customer_id": "old", "acquired_on": None, "left_on": None})
    if not customers_leave:
        customers = [
            {"customer_id": row["customer_id"], "acquired_on": row["acquired_on"]} for row in customers
        ]
    costs = [{"month": date(2026, month, 1), "amount": 100.0 + month} for month in (2, 3, 4)]
    tables = {"orders": orders, "deals": deals, "customers": customers, "costs": costs}
    splits = ((), ("rep",), ("product_line",))
    return [
        *(Case(tables, START, END, AS_OF, by, {}) for by in splits),
        *(Case(tables, None, AS_OF, AS_OF, by, {}) for by in splits),
    ]


def _order(order_id, day, customer, rep, amount, cost):
    return {
        "order_id": order_id,
        "order_date": day,
        "customer_id": customer,
        "rep_id": rep,
        "amount": amount,
        "cost": cost,
        "product_line": "Food",
        "refund_of": None,
    }


def _deal(deal_id, created, closed, outcome, amount):
    return {
        "deal_id": deal_id,
        "stage": "any",
        "outcome": outcome,
        "created_on": created,
        "closed_on": closed,
        "amount": amount,
    }
