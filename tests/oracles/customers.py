"""KPIs of customers."""

from fractions import Fraction

from tests.oracles.company import Company
from tests.oracles.orders import lines_of
from tests.oracles.parts import (
    Gathered,
    Recipe,
    add_up,
    amount_of,
    count,
    count_orders,
    entries_of,
    margin_of,
    of_customers,
    of_rows,
    ratio,
)
from tests.oracles.tables import DAY, YEAR, day_of, days_of_month


def newcomers(co: Company) -> list[str]:
    """List the customers whose first order falls in the period."""
    return [c for c in co.ids if (o := co.first(c, co.t)) is not None and co.is_in(o["order_date"])]


def active_customers(co: Company, convention: str | None) -> Recipe:
    parts = {"active": of_customers(co, co.active(co.t), co.t, co.latest)}
    return parts, lambda g: (count(g["active"]), entries_of(g["active"]))


def new_customers(co: Company, convention: str | None) -> Recipe:
    if convention == "acquired_on":
        acquired = [row["customer_id"] for row in co.customer_rows if co.is_in(row["acquired_on"])]
        # A date of acquisition says nothing of orders: only the customer's own fields split it.
        parts = {"new": of_customers(co, acquired, co.t, lambda customer, day: None)}
    else:
        parts = {"new": of_customers(co, newcomers(co), co.t, co.first)}
    return parts, lambda g: (count(g["new"]), entries_of(g["new"]))


def acquisition_rate(co: Company, convention: str | None) -> Recipe:
    new = of_customers(co, newcomers(co), co.t, co.first)
    if co.start is None:
        return {"new": new}, lambda g: (None, None)
    eve = co.start - DAY
    parts = {"new": new, "active": of_customers(co, co.active(eve), eve, co.latest)}
    return parts, lambda g: (ratio(count(g["new"]), count(g["active"])), entries_of(g["active"]))


def relationship_years(co: Company, convention: str | None) -> Recipe:
    def tenure(g: Gathered) -> tuple[Fraction | None, int]:
        days = sum((co.t - co.since(part.entry)).days * part.weight for part in g["active"])
        return ratio(days / Fraction("365.25"), count(g["active"])), entries_of(g["active"])

    return {"active": of_customers(co, co.active(co.t), co.t, co.latest)}, tenure


def customer_lifetime_value(co: Company, convention: str | None) -> Recipe:
    return historic_value(co) if convention == "historic" else simple_value(co)


def historic_value(co: Company) -> Recipe:
    profit = margin_of if co.has_cost else amount_of
    past = [line for line in lines_of(co) if line["order_date"] is None]
    past += [line for line in co.lines if line["order_date"] and day_of(line["order_date"]) <= co.t]
    ever = of_customers(co, co.acquired_by(co.t), co.t, co.latest)
    return {"lines": of_rows(co, past), "ever": ever}, lambda g: (
        ratio(add_up(g["lines"], profit)[0], count(g["ever"])),
        entries_of(g["ever"]),
    )


def simple_value(co: Company) -> Recipe:
    profit = margin_of if co.has_cost else amount_of
    then, window = co.t - YEAR, {co.t - i * DAY for i in range(365)}
    before, now = co.active(then), co.active(co.t)
    parts = {
        "lines": of_rows(co, [line for line in co.lines if day_of(line["order_date"]) in window]),
        "sales": of_rows(co, [line for line in co.sales if day_of(line["order_date"]) in window]),
        "before": of_customers(co, before, then, co.latest),
        "kept": of_customers(co, [c for c in before if c in now], then, co.latest),
        "active": of_customers(co, now, co.t, co.latest),
    }

    def simple(g: Gathered) -> tuple[Fraction | None, int]:
        orders, active = count_orders(g["sales"])[0], count(g["active"])
        margin = ratio(add_up(g["lines"], profit)[0], orders)
        often = ratio(orders, active)
        kept = ratio(count(g["kept"]), count(g["before"]))
        life = None if kept is None else ratio(1, 1 - kept)
        return (None if None in (margin, often, life) else margin * often * life), entries_of(g["active"])

    return parts, simple


def customer_acquisition_cost(co: Company, convention: str | None) -> Recipe:
    spent = [c for c in co.costs if any(map(co.is_in, days_of_month(c["month"]) if c["month"] else [None]))]
    labelled = [(c, lambda c, d: c[d] if c[d] is not None else f"no {d}", c) for c in spent]
    parts = {"costs": labelled, "new": of_customers(co, newcomers(co), co.t, co.first)}
    return parts, lambda g: (ratio(add_up(g["costs"], co.spend)[0], count(g["new"])), entries_of(g["new"]))


RECIPES = {
    one.__name__: one
    for one in (
        active_customers,
        new_customers,
        acquisition_rate,
        relationship_years,
        customer_lifetime_value,
        customer_acquisition_cost,
    )
}
