"""Deals and their ways through the stages."""

from datetime import date
from random import Random

from hypothesis import strategies as st

from tests.companies.values import (
    CHANNELS,
    PRODUCT_LINES,
    REGIONS,
    SOME_CUSTOMER,
    SOME_REP,
    Row,
    amounts,
    pick,
    shifted,
)

STAGES = ["lead", "lead", "offer", "offer", "talk"]


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
def loose_stages(draw: st.DrawFn, days: list[date], deals: list[Row]) -> list[Row]:
    """Draw entries into stages, in any order, some of them without a date."""
    entry = st.tuples(pick([row["deal_id"] for row in deals]), pick(["lead", "offer", "won", None]))
    entries = draw(st.lists(st.tuples(entry, pick([*days, *days, None])), max_size=12))
    return [{"deal_id": deal, "stage": stage, "entered_on": day} for (deal, stage), day in entries]


@st.composite
def ended_stages(draw: st.DrawFn, days: list[date], deals: list[Row]) -> list[Row]:
    """Draw ways that go forth and back, and end, a few days late at times, in a stage of their own.

    What was entered on one day stands in its order, as a history does; the rest is in any order.
    """
    random = Random(draw(st.integers(0, 9_999)))
    rows = []
    for deal in deals:
        closed = deal["closed_on"] if deal["outcome"] else None
        past = [day for day in days if closed is None or day <= closed]
        way = [random.choice([*past, *past, closed]) for _ in range(random.randrange(4))] if past else []
        way = sorted(day for day in way if day) + [None] * (random.random() < 0.1)
        own = [(random.choice(STAGES), day) for day in way]
        if closed is not None and random.random() < 0.8:
            own.append((deal["outcome"], shifted(closed, random.choice([0, 0, 0, 1, 30]))))
        rows.append([{"deal_id": deal["deal_id"], "stage": stage, "entered_on": day} for stage, day in own])
    random.shuffle(rows)
    return [row for own in rows for row in own]


def deal_stages(days: list[date], deals: list[Row]) -> st.SearchStrategy[list[Row]]:
    """Draw entries into stages: of some companies a few end all deals, of others no stage does."""
    return st.one_of(loose_stages(days, deals), ended_stages(days, deals))
