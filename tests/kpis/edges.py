"""A company with something on every day around the bounds of its period, so that no bound can move unseen."""

from datetime import date, datetime, time, timedelta

from tests.kpis.twin import Case

START, END, AS_OF = date(2026, 3, 10), date(2026, 3, 20), date(2026, 4, 30)
# When the deals of the period have had their 180 days.
LATER = END + timedelta(181)
# Minutes to the answer; one is written before the question.
WAITS = (None, -20, 30, 59, 60, 61, 479, 480, 481)


def _days():
    around = [START, END, *(day - timedelta(365) for day in (START, END)), END - timedelta(730)]
    return _around(*around)


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
    customers.append({"customer_id": "gone", "acquired_on": START - timedelta(100), "left_on": END})
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


def more_cases():
    """Make another company: reps who come and go, deals with their days, stages, conversations."""
    orders, deals, reps, talks, stages = [], [], [], [], []
    for number, day in enumerate(_around(START, END), start=1):
        amount = 2.0**number
        orders.append(
            _order(f"{number}", day, "old", "a", amount, 0.0) | {"quantity": number, "discount": amount / 10}
        )
        refund = {"refund_of": "99", "quantity": 1, "discount": 0.5}
        orders.append(_order(f"{number + 100}", day, "old", "a", -amount / 9, 0.0) | refund)
        deals.append(_deal(f"n{number}", START - timedelta(40), day, "won", None))
        # Deals that are won, and prospects who order, on either side of the days that they have.
        for days in (30, 90, 180):
            for late in (0, 1):
                won = day + timedelta(days + late)
                deals.append(_deal(f"{days}-{late}-{number}", day, won, "won", amount))
        for days in (90, 91):
            who = f"p{number}-{days}"
            deals.append(_deal(who, day, None, None, amount) | {"customer_id": who})
            orders.append(_order(who, day + timedelta(days), who, "b", amount, 0.0))
        # A rep who comes on the day, and one who goes on it.
        reps += [
            {"rep_id": f"r{number}", "hired_on": day, "left_on": None},
            {
                "rep_id": f"s{number}",
                "hired_on": START - timedelta(900),
                "left_on": day if number % 2 else None,
            },
        ]
        # The shares differ from day to day, so that no rate is the same when a day more counts.
        waits = [wait for place, wait in enumerate(WAITS) for _ in range(1 + place * number % 3)]
        talks += [_talk(f"{number}-{place}", day, wait) for place, wait in enumerate(waits)]
        lost = _deal(f"l{number}", day - timedelta(20), day, "lost", amount)
        gained = [
            _deal(f"g{number}-{n}", day - timedelta(10 + number), day, "won", amount) for n in range(number)
        ]
        deals += [lost, *gained]
        ways = [(f"30-0-{number}", None), (f"n{number}", day), (f"90-0-{number}", day + timedelta(1))]
        ways += [(one["deal_id"], day) for one in gained]
        for deal, moved in (*ways, (lost["deal_id"], None)):
            stages.append({"deal_id": deal, "stage": "lead", "entered_on": day - timedelta(number)})
            if moved:
                stages.append({"deal_id": deal, "stage": "offer", "entered_on": moved})
    orders.append(_order("99", START - timedelta(800), "old", "a", 1.0, 0.5))
    # Somebody was lost and comes back, somebody stays, one came again long ago, and one has no name.
    orders += [
        _order(f"back{n}", day, "back", "b", 3.0, 1.0) for n, day in enumerate((date(2023, 5, 1), END))
    ]
    orders += [_order(f"stay{n}", END - timedelta(n), "stay", "b", 3.0, 1.0) for n in (365, 10)]
    orders += [_order(f"once{n}", START - timedelta(n), "once", "b", 3.0, 1.0) for n in (50, 40)]
    orders.append(_order("nobody", END, None, "b", 3.0, 1.0))
    # A rep and a customer with nothing but a refund, a rep who sold before, and new customers without costs.
    orders.append(_order("back to c", END, "away", "c", -1.0, 0.0) | {"refund_of": "99"})
    orders.append(_order("long ago", START - timedelta(50), "away", "d", 3.0, 1.0))
    orders += [_order(who, END, who, "b", 3.0, None) for who in ("new1", "new2")]
    orders.append(_order("gift", END, "old", "a", None, 0.0) | {"discount": 7.0})
    # Nobody knows when this deal began.
    deals.append(_deal("u", None, None, None, 7.0))
    stages.append({"deal_id": "u", "stage": "lead", "entered_on": START})
    # On the evening of the last day some still have their hour, or their eight.
    talks += [_talk(f"late{hour}", END, None, hour) for hour in (15.5, 16, 16.5, 22.5, 23, 23.5)]
    # Active for a last day, or since a day, or not any more.
    for days in (90, 180, 365):
        for more in (-1, 0, 1):
            who = f"q{days + more}"
            orders.append(_order(who, END - timedelta(days + more), who, "b", 5.0, 1.0))
    tables = {"orders": orders, "deals": deals, "reps": reps, "conversations": talks, "deal_stages": stages}
    settings = {"business_hours": None, "holidays": [], "stages": {"lead": 0.25, "offer": 0.5}}
    return [Case(tables, START, END, as_of, (), {}, settings) for as_of in (END, AS_OF, LATER)]


def _around(*days):
    return sorted({day + timedelta(shift) for day in days for shift in (-1, 0, 1)})


def _order(order_id, day, customer, rep, amount, cost):
    return {
        "order_id": order_id,
        "order_date": day,
        "customer_id": customer,
        "rep_id": rep,
        "amount": amount,
        "cost": cost,
        "quantity": None,
        "discount": None,
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
        "customer_id": None,
        "amount": amount,
    }


def _talk(name, day, minutes, hour=9.0):
    start = datetime.combine(day, time()) + timedelta(hours=hour)
    return {
        "conversation_id": name,
        "started_at": start,
        "channel": "whatsapp",
        "rep_id": "a",
        "customer_id": "old",
        "first_reply_at": None if minutes is None else start + timedelta(minutes=minutes),
    }
