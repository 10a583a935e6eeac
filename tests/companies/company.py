"""A whole company, and what to ask of it: days, as-of dates and periods."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

from tests.companies.conversations import conversations
from tests.companies.deals import deal_stages, deals
from tests.companies.orders import costs, orders
from tests.companies.people import credits, customers, reps
from tests.companies.values import ANCHORS, NEAR, OPTIONAL, SHIFTS, Tables, pick, shifted


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
    if draw(st.booleans()):
        tables["deal_stages"] = draw(deal_stages(days, tables["deals"]))
    if draw(st.booleans()):
        tables["conversations"] = draw(conversations(days, tables["deals"]))
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
    return sorted({v.date() if isinstance(v, datetime) else v for v in found}) or ANCHORS


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
