"""Orders and refunds, and what was spent."""

from datetime import date
from decimal import Decimal
from random import Random

from hypothesis import strategies as st

from tests.companies.values import (
    CHANNELS,
    PRODUCT_LINES,
    PRODUCTS,
    REGIONS,
    SOME_CUSTOMER,
    SOME_REP,
    TEXT_IDS,
    Row,
    amounts,
    pick,
)


def extras(random: Random, is_refund: bool) -> Row:
    """Make a quantity and a discount, either of them missing now and then; a refund takes them back."""
    discount = Decimal(random.randrange(20_000)).scaleb(-random.randrange(5))
    row = {
        "quantity": random.choice([None, 0, 1, 1, 2, 12, Decimal("0.5"), Decimal("2.3333")]),
        "discount": random.choice([None, Decimal(0), discount, discount, discount]),
    }
    return {name: -value if is_refund and value is not None else value for name, value in row.items()}


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
            made = {"amount": amount, "cost": cost, "product": product, "product_line": product_line}
            rows.append(order | made | extras(shuffler, is_refund))
    if kind == "mixed" and sold:
        # The oldest order is the last to be hidden, so ids stay mixed as long as there are any.
        oldest = min(sold, key=lambda order: order["order_date"] or date.min)["order_id"]
        for row in rows:
            row |= {k: "x" + oldest for k in ("order_id", "refund_of") if row[k] == oldest}
    shuffler.shuffle(rows)
    return rows


@st.composite
def costs(draw: st.DrawFn, days: list[date]) -> list[Row]:
    """Draw costs by month (its first day), with amounts that do not divide by its days."""
    months = sorted({day.replace(day=1) for day in days})
    cost = st.tuples(pick([*months, *months, *months, None]), amounts(), pick(CHANNELS), pick(REGIONS))
    rows = draw(st.lists(cost, min_size=1, max_size=5))
    return [dict(zip(("month", "amount", "channel", "region"), row, strict=True)) for row in rows]
