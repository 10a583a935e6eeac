"""Reps, customers, and who shares what."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from tests.companies.values import CHANNELS, CUSTOMER_IDS, OPTIONAL, REGIONS, REP_IDS, REP_NAMES, Row, pick

# Shares of one; halves of one member; thirds to six places; shares that do not add up; nothing.
SPLITS = ["1", "0.5 0.5", "0.25 0.75", "0.333333 0.333333 0.333333", "0.3333 0.3333 0.3334", "0.6 0.6", "0 1"]


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
