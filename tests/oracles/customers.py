"""KPIs of customers: how many there are, come and stay, for how long, and what they are worth."""

from fractions import Fraction

from tests.oracles.company import Company
from tests.oracles.deals import closed_as, created_in
from tests.oracles.orders import lines_of, of_costs, spent_in
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
    share_of,
)
from tests.oracles.tables import DAY, YEAR, day_of

WINDOWS = {f"ordered_in_{days}_days": days for days in (90, 180, 365)}


def newcomers(co: Company) -> list[str]:
    """List the customers whose first order falls in the period."""
    return [c for c in co.ids if (o := co.first(c, co.t)) is not None and co.is_in(o["order_date"])]


def ordered_within(co: Company, days: int) -> list[str]:
    """List the customers who ordered in the days that end on the last day."""
    window = {co.t - i * DAY for i in range(days)}
    return [c for c in co.ids if any(day_of(o["order_date"]) in window for o in co.orders_of(c, co.t))]


def active_customers(co: Company, convention: str | None) -> Recipe:
    active = co.active(co.t) if convention == "active" else ordered_within(co, WINDOWS[convention])
    parts = {"active": of_customers(co, active, co.t, co.latest)}
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
    if convention == "prospects":
        parts = {"won": of_rows(co, closed_as(co, "won")), "created": of_rows(co, created_in(co))}
        return parts, share_of("won", "created")
    new = of_customers(co, newcomers(co), co.t, co.first)
    if co.start is None:
        return {"new": new}, lambda g: (None, None)
    eve = co.start - DAY
    return {"new": new, "active": of_customers(co, co.active(eve), eve, co.latest)}, share_of("new", "active")


def retention_rate(co: Company, convention: str | None) -> Recipe:
    now = co.active(co.t)
    if co.start is None:
        return {}, lambda g: (None, None)
    eve = co.start - DAY
    before = of_customers(co, co.active(eve), eve, co.latest)
    if convention == "identity":
        # Whoever stayed counts where they were on the day before, wherever they are now.
        return {"before": before, "kept": [one for one in before if one[0] in now]}, share_of(
            "kept", "before"
        )
    parts = {
        "before": before,
        "now": of_customers(co, now, co.t, co.latest),
        "new": of_customers(co, newcomers(co), co.t, co.first),
    }

    def left_over(g: Gathered) -> tuple[Fraction | None, int]:
        return ratio(count(g["now"]) - count(g["new"]), count(g["before"])), entries_of(g["before"])

    return parts, left_over


def churn_rate(co: Company, convention: str | None) -> Recipe:
    parts, retention = retention_rate(co, convention)

    def lost(g: Gathered) -> tuple[Fraction | None, int | None]:
        kept, n = retention(g)
        return None if kept is None else 1 - kept, n

    return parts, lost


def relationship_years(co: Company, convention: str | None) -> Recipe:
    if convention == "inverse_churn":
        return years_by_churn(co)
    left = {c: day_of(co.customers[c].get("left_on")) for c in co.customers}
    if convention == "completed":
        gone = [c for c in left if left[c] is not None and left[c] <= co.t and co.since(c) is not None]
        ends = {c: left[c] for c in gone if co.since(c) <= left[c]}
        # Only the customer's own fields split it: who served them last says nothing of a whole life.
        parts = {"ended": of_customers(co, list(ends), co.t, lambda customer, day: None)}
    else:
        ends = dict.fromkeys(co.active(co.t), co.t)
        parts = {"ended": of_customers(co, list(ends), co.t, co.latest)}

    def tenure(g: Gathered) -> tuple[Fraction | None, int]:
        days = sum((ends[part.entry] - co.since(part.entry)).days * part.weight for part in g["ended"])
        return ratio(days / Fraction("365.25"), count(g["ended"])), entries_of(g["ended"])

    return parts, tenure


def years_by_churn(co: Company) -> Recipe:
    """Divide one by the share of customers lost in the year that ends on the last day."""
    then, now = co.t - YEAR, co.active(co.t)
    before = of_customers(co, co.active(then), then, co.latest)

    def years(g: Gathered) -> tuple[Fraction | None, None]:
        kept = ratio(count(g["kept"]), count(g["before"]))
        return None if kept is None else ratio(1, 1 - kept), None

    return {"before": before, "kept": [one for one in before if one[0] in now]}, years


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
    parts = {"costs": of_costs(spent_in(co)), "new": of_customers(co, newcomers(co), co.t, co.first)}
    return parts, lambda g: (ratio(add_up(g["costs"], co.spend)[0], count(g["new"])), entries_of(g["new"]))


RECIPES = {
    one.__name__: one
    for one in (
        active_customers,
        new_customers,
        acquisition_rate,
        retention_rate,
        churn_rate,
        relationship_years,
        customer_lifetime_value,
        customer_acquisition_cost,
    )
}
