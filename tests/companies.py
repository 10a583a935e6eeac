"""Small random companies for property tests: plain rows, full of what exports are full of.

Days are drawn from a short list around an anchor, so that ties, and bounds missed by a day, come up often.
"""

from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]
Tables = dict[str, list[Row]]

ANCHORS = [date(2024, 2, 28), date(2024, 12, 31), date(2025, 3, 1), date(2025, 6, 15)]
SHIFTS = [0, 1, 2, 30, 31, 90, 364, 365, 366, 730, -1, -2, -30, -31, -364, -365, -366, -730]
NEAR = [0, 0, 0, 0, 1, 1, -1, -1, 7, 30, 364, 365, 366, -364, -365, -366]
REGIONS = [None, "Bali", "Alaska"]
CHANNELS = [None, "WhatsApp", "Shop"]
PRODUCTS = [None, "tea", "rice", "soap"]
PRODUCT_LINES = [None, "Food", "Home"]
REP_NAMES = ["Ayu", "Budi", "Citra", "Dewi"]
# r9 and c9 are never in their tables.
REP_IDS = ["r1", "r2", "r10"]
CUSTOMER_IDS = ["c1", "c2", "c3", "c10", "c11"]
SOME_REP = [*REP_IDS, *REP_IDS, "r9", None]
SOME_CUSTOMER = [*CUSTOMER_IDS, *CUSTOMER_IDS, "c9", None]
# Bytes put these in another order than a person, or a locale, would.
TEXT_IDS = ["O-{}", "o-{}", "Ö-{}", "O{}"]
OPTIONAL = {
    "orders": ["rep_id", "cost", "product", "product_line", "region", "channel", "refund_of"],
    "deals": [
        "created_on",
        "closed_on",
        "amount",
        "rep_id",
        "customer_id",
        "region",
        "channel",
        "product_line",
    ],
    "reps": ["name", "team", "manager", "role", "region", "hired_on", "left_on"],
    "customers": ["segment", "region", "channel", "acquired_on"],
    "costs": ["channel", "region"],
    "credits": ["order_id", "deal_id"],
    "deal_stages": [],
}
# Shares of one; halves of one member; thirds to six places; shares that do not add up; nothing.
SPLITS = ["1", "0.5 0.5", "0.25 0.75", "0.333333 0.333333 0.333333", "0.3333 0.3333 0.3334", "0.6 0.6", "0 1"]


def pick(values: list[Any]) -> st.SearchStrategy[Any]:
    """Draw one of the values; a value that is listed twice comes twice as often."""
    return st.sampled_from(values)


def amounts(*, can_miss: bool = True) -> st.SearchStrategy[Decimal | None]:
    """Draw amounts of 0 to 4 decimals, zero among them; one in six or so is missing."""
    some = st.builds(
        lambda units, places: Decimal(units).scaleb(-places), st.integers(0, 99_999), st.integers(0, 4)
    )
    return st.one_of(some, some, some, some, some, st.none()) if can_miss else some


def shifted(day: date | None, days: int) -> date | None:
    """Move a day; no day stays no day."""
    return None if day is None else day + timedelta(days=days)


@st.composite
def orders(
    draw: st.DrawFn, days: list[date], min_orders: int, max_orders: int, refund_blanks: bool
) -> list[Row]:
    """Draw orders of one to three lines, and refunds with order ids of their own."""
    count = draw(st.integers(min_orders, max_orders))
    shuffler = Random(draw(st.integers(0, 999)))
    numbers = shuffler.sample(range(1, 130), count)
    kind = draw(pick(["numbers", "numbers", "texts", "mixed"]))
    ids = [str(n) if kind != "texts" else shuffler.choice(TEXT_IDS).format(n) for n in numbers]
    when = st.one_of(pick([*days, *days]), pick([*days, None]))
    head = st.tuples(
        when, pick(SOME_CUSTOMER), pick(SOME_REP), pick(REGIONS), pick(CHANNELS), st.integers(1, 7)
    )
    line = st.tuples(amounts(), amounts(), pick(PRODUCTS), pick(PRODUCT_LINES))
    rows: list[Row] = []
    sold: list[Row] = []
    for order_id in ids:
        day, customer, rep, region, channel, shape = draw(head)
        order = {
            "order_id": order_id,
            "order_date": day,
            "customer_id": customer,
            "rep_id": rep,
            "region": region,
            "channel": channel,
            "refund_of": None,
        }
        is_refund = shape == 7
        if is_refund and sold:
            of = shuffler.choice(sold)
            # A refund is never known before what it refunds.
            later = [d for d in days if of["order_date"] is None or d >= of["order_date"]]
            order |= {name: of[name] for name in ("customer_id", "rep_id", "region", "channel")}
            order |= {"order_date": draw(pick(later)), "refund_of": of["order_id"]}
            blanks = ["customer_id", "rep_id", "region", "channel"] if refund_blanks else ["refund_of"]
            order |= dict.fromkeys(draw(st.lists(pick(blanks), max_size=2)))
        elif not is_refund:
            sold.append(order)
        for _ in range((1, 1, 1, 2, 2, 3, 1)[shape - 1]):
            amount, cost, product, product_line = draw(line)
            if is_refund:
                amount, cost = -((amount or Decimal(0)) + 1), None if cost is None else -cost
            rows.append(
                order | {"amount": amount, "cost": cost, "product": product, "product_line": product_line}
            )
    if kind == "mixed" and sold:
        # The oldest order is the last to be hidden, so ids stay mixed as long as there are any.
        oldest = min(sold, key=lambda order: order["order_date"] or date.min)["order_id"]
        for row in rows:
            row |= {k: "x" + oldest for k in ("order_id", "refund_of") if row[k] == oldest}
    shuffler.shuffle(rows)
    return rows


@st.composite
def deals(draw: st.DrawFn, days: list[date], max_deals: int) -> list[Row]:
    """Draw deals with every oddity: dates missing or crossed, won undated, closed without an outcome."""
    when = st.one_of(pick(days), pick(days), pick([*days, None]))
    closing = st.one_of(pick(days), pick([-1, 0, 1, 7, 30, 365]), st.none())
    deal = st.tuples(when, closing, pick(["won", "won", "lost", None]), amounts(), pick(SOME_REP))
    side = st.tuples(pick(SOME_CUSTOMER), pick(REGIONS), pick(CHANNELS), pick(PRODUCT_LINES))
    rows = []
    for number in range(1, draw(st.integers(1, max_deals)) + 1):
        created, closed, outcome, amount, rep = draw(deal)
        customer, region, channel, product_line = draw(side)
        rows.append(
            {
                "deal_id": f"d{number}",
                "stage": outcome or "offer",
                "outcome": outcome,
                "created_on": created,
                "closed_on": shifted(created, closed) if isinstance(closed, int) else closed,
                "amount": amount,
                "rep_id": rep,
                "customer_id": customer,
                "region": region,
                "channel": channel,
                "product_line": product_line,
            }
        )
    return rows


@st.composite
def reps(draw: st.DrawFn, days: list[date], same_names: bool) -> list[Row]:
    """Draw one to three reps, some of them without a name, a team or dates."""
    count = draw(st.integers(1, len(REP_IDS)))
    names = draw(st.lists(pick(REP_NAMES), min_size=count, max_size=count, unique=not same_names))
    rest = st.tuples(
        pick([True, True, True, False]),
        pick([None, "North", "South"]),
        pick([None, "Made", "Putu"]),
        pick([None, "junior", "senior"]),
        pick(REGIONS),
        pick([*days, None]),
        pick([*days, None, None, None]),
    )
    rows = []
    for rep_id, name in zip(REP_IDS, names, strict=False):
        has_name, *values = draw(rest)
        row = {"rep_id": rep_id, "name": name if has_name else None}
        rows.append(row | dict(zip(OPTIONAL["reps"][1:], values, strict=True)))
    return rows


@st.composite
def customers(draw: st.DrawFn, days: list[date], names: bool) -> list[Row]:
    """Draw some of the customers who order, with or without the column left_on."""
    ids = draw(st.lists(pick(CUSTOMER_IDS), min_size=1, unique=True))
    has_left_on = draw(st.booleans())
    rest = st.tuples(
        pick([None, "big", "small"]),
        pick(REGIONS),
        pick(CHANNELS),
        pick([*days, None, None]),
        pick([*days, None, None, None]),
        pick(["Warung Sari", "Toko Jaya"]),
    )
    rows = []
    for customer_id in ids:
        segment, region, channel, acquired_on, left_on, name = draw(rest)
        row = {"customer_id": customer_id, "segment": segment, "region": region, "channel": channel}
        row["acquired_on"] = acquired_on
        rows.append(row | ({"left_on": left_on} if has_left_on else {}) | ({"name": name} if names else {}))
    return rows


@st.composite
def costs(draw: st.DrawFn, days: list[date]) -> list[Row]:
    """Draw costs by month (its first day), with amounts that do not divide by its days."""
    months = sorted({day.replace(day=1) for day in days})
    cost = st.tuples(pick([*months, *months, *months, None]), amounts(), pick(CHANNELS), pick(REGIONS))
    rows = draw(st.lists(cost, min_size=1, max_size=5))
    return [dict(zip(("month", "amount", "channel", "region"), row, strict=True)) for row in rows]


@st.composite
def credits(draw: st.DrawFn, orders: list[Row], deals: list[Row]) -> list[Row]:
    """Draw who shares some of the orders, refunds among them, and deals; X is neither."""
    ids = [("order_id", one) for one in sorted({row["order_id"] for row in orders})]
    ids += [("deal_id", row["deal_id"]) for row in deals] + [("order_id", "X"), ("deal_id", "X")]
    rows = []
    for kind, one in draw(st.lists(pick(ids), max_size=8, unique=True)):
        shares = draw(pick(SPLITS)).split()
        for share in shares:
            row = {"order_id": None, "deal_id": None, "rep_id": draw(pick([*REP_IDS, "r9"]))}
            rows.append(row | {kind: one, "share": Decimal(share)})
    return rows


@st.composite
def deal_stages(draw: st.DrawFn, days: list[date], deals: list[Row]) -> list[Row]:
    """Draw entries into stages, in any order, some of them without a date."""
    entry = st.tuples(pick([row["deal_id"] for row in deals]), pick(["lead", "offer", "won", None]))
    entries = draw(st.lists(st.tuples(entry, pick([*days, *days, None])), max_size=12))
    return [{"deal_id": deal, "stage": stage, "entered_on": day} for (deal, stage), day in entries]


@st.composite
def companies(
    draw: st.DrawFn,
    max_orders: int = 25,
    max_deals: int = 10,
    *,
    min_orders: int = 1,
    same_names: bool = False,
    customer_names: bool = False,
    refund_blanks: bool = True,
    drop_columns: bool = True,
    absent: bool = False,
) -> Tables:
    """Draw the tables of a small company.

    Parameters
    ----------
    max_orders, max_deals, min_orders
        Bounds on orders (refunds among them) and deals; with `min_orders=0` orders may have no rows.
    same_names
        Whether two reps may have the same name.
    customer_names
        Whether customers carry names, which may repeat.
    refund_blanks
        Whether refunds may leave fields blank that the refunded order has.
    drop_columns
        Whether optional columns may be absent.
    absent
        Whether tables may be absent; orders or deals is always there.
    """
    anchor = draw(pick(ANCHORS))
    shifts = draw(st.lists(pick(SHIFTS), min_size=3, max_size=6, unique=True))
    days = sorted({shifted(anchor, shift) for shift in (0, *shifts)})
    tables: Tables = {
        "orders": draw(orders(days, min_orders, max_orders, refund_blanks)),
        "deals": draw(deals(days, max_deals)),
        "reps": draw(reps(days, same_names)),
        "customers": draw(customers(days, customer_names)),
        "costs": draw(costs(days)),
    }
    if draw(st.booleans()):
        tables["credits"] = draw(credits(tables["orders"], tables["deals"]))
        tables["deal_stages"] = draw(deal_stages(days, tables["deals"]))
    if absent:
        gone = draw(st.lists(pick(list(tables)), max_size=3, unique=True))
        if {"orders", "deals"} <= set(gone):
            gone.remove("orders")
        tables = {name: rows for name, rows in tables.items() if name not in gone}
    if drop_columns:
        choices = [(name, column) for name in tables for column in OPTIONAL[name]]
        for name, column in draw(st.one_of(st.just([]), st.lists(pick(choices), max_size=4, unique=True))):
            tables[name] = [{k: v for k, v in row.items() if k != column} for row in tables[name]]
    return tables


def dates_of(tables: Tables) -> list[date]:
    """List the days on which anything happens, or the anchors of an undated company."""
    found = {v for rows in tables.values() for row in rows for v in row.values() if isinstance(v, date)}
    return sorted(found) or ANCHORS


@st.composite
def moments(draw: st.DrawFn, tables: Tables) -> date:
    """Draw a day on or near a date of the company, at times moved to an end of its month."""
    day = draw(pick(dates_of(tables))) + timedelta(days=draw(pick(NEAR)))
    edge = draw(pick([None, None, None, "first", "last"]))
    if edge == "first":
        return day.replace(day=1)
    return day.replace(day=monthrange(day.year, day.month)[1]) if edge == "last" else day


def as_ofs(tables: Tables) -> st.SearchStrategy[date]:
    """Draw an as-of date: near any date of the company, or after them all."""
    latest = dates_of(tables)[-1]
    return st.one_of(moments(tables), st.just(latest), st.just(latest + timedelta(days=366)))


@st.composite
def periods(draw: st.DrawFn, tables: Tables) -> tuple[date | None, date]:
    """Draw the first and last day of a period; all time has no first day."""
    days = dates_of(tables)
    # Half of them start just after something happened, so that there is a past to compare with.
    after = st.builds(lambda day, ahead: day + timedelta(days=ahead), pick(days), pick([0, 1, 1, 2]))
    start, end = sorted(
        [draw(st.one_of(after, moments(tables))), draw(st.one_of(pick(days), moments(tables)))]
    )
    return draw(pick([start, start, start, start, None])), end
