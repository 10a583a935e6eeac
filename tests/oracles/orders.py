"""KPIs of orders: what is sold, at what margin and discount, to whom and by how many."""

from collections.abc import Callable
from fractions import Fraction

from tests.oracles.company import Company
from tests.oracles.parts import (
    Gathered,
    Part,
    Recipe,
    add_up,
    amount_of,
    count,
    count_orders,
    entries_in,
    margin_of,
    of_rows,
    ratio,
    undiscounted_of,
)
from tests.oracles.staff import is_employed
from tests.oracles.tables import DAY, Row, days_of_month, money


def sales_of(co: Company) -> list[Row]:
    """List the sale lines of the period."""
    return [line for line in co.sales if co.is_in(line["order_date"])]


def lines_of(co: Company) -> list[Row]:
    """List the lines of the period, refunds among them."""
    return [line for line in co.lines if co.is_in(line["order_date"])]


def spent_in(co: Company) -> list[Row]:
    """List the costs of the months that the period touches."""
    return [c for c in co.costs if any(map(co.is_in, days_of_month(c["month"]) if c["month"] else [None]))]


def of_costs(costs: list[Row]) -> list[tuple[Row, Callable[[Row, str], str], Row]]:
    """Let costs be labelled by their own fields."""
    return [(c, lambda c, d: c[d] if c[d] is not None else f"no {d}", c) for c in costs]


def counted(co: Company, convention: str | None) -> list[Row]:
    """List the lines whose orders count: sales, or refunds too."""
    return lines_of(co) if convention == "with_refunds" else sales_of(co)


def revenue(co: Company, convention: str | None) -> Recipe:
    return {"sales": of_rows(co, sales_of(co))}, lambda g: add_up(g["sales"], amount_of)


def net_revenue(co: Company, convention: str | None) -> Recipe:
    return {"lines": of_rows(co, lines_of(co))}, lambda g: add_up(g["lines"], amount_of)


def gross_profit(co: Company, convention: str | None) -> Recipe:
    return {"lines": of_rows(co, lines_of(co))}, lambda g: add_up(g["lines"], margin_of)


def gross_margin(co: Company, convention: str | None) -> Recipe:
    both = [line for line in lines_of(co) if margin_of(line) is not None]

    def margin(g: Gathered) -> tuple[Fraction | None, int]:
        profit, n = add_up(g["lines"], margin_of)
        return ratio(profit, add_up(g["lines"], amount_of)[0]), n

    return {"lines": of_rows(co, both)}, margin


def operating_profit(co: Company, convention: str | None) -> Recipe:
    def profit(g: Gathered) -> tuple[Fraction | None, int]:
        gross, n = add_up(g["lines"], margin_of)
        spent = add_up(g["costs"], co.spend)[0]
        return None if None in (gross, spent) else gross - spent, n

    return {"lines": of_rows(co, lines_of(co)), "costs": of_costs(spent_in(co))}, profit


def days_paid(co: Company, parts: list[Part]) -> int:
    """Count the days of the period that carry a known cost, each row of costs by itself."""
    known = [row for row in entries_in(parts) if money(row["amount"]) is not None]
    return sum(sum(map(co.is_in, days_of_month(c["month"]) if c["month"] else [None])) for c in known)


def costs(co: Company, convention: str | None) -> Recipe:
    def spent(g: Gathered) -> tuple[Fraction | None, int]:
        return add_up(g["costs"], co.spend)[0], days_paid(co, g["costs"])

    return {"costs": of_costs(spent_in(co))}, spent


def revenue_per_cost(co: Company, convention: str | None) -> Recipe:
    def per_cost(g: Gathered) -> tuple[Fraction | None, int]:
        spent = add_up(g["costs"], co.spend)[0]
        return ratio(add_up(g["sales"], amount_of)[0], spent), days_paid(co, g["costs"])

    return {"sales": of_rows(co, sales_of(co)), "costs": of_costs(spent_in(co))}, per_cost


def order_count(co: Company, convention: str | None) -> Recipe:
    return {"lines": of_rows(co, counted(co, convention))}, lambda g: count_orders(g["lines"])


def average_order_value(co: Company, convention: str | None) -> Recipe:
    def average(g: Gathered) -> tuple[Fraction | None, int]:
        orders, n = count_orders(g["lines"])
        return ratio(add_up(g["lines"], amount_of)[0], orders), n

    return {"lines": of_rows(co, counted(co, convention))}, average


def units_sold(co: Company, convention: str | None) -> Recipe:
    return {"sales": of_rows(co, sales_of(co))}, lambda g: add_up(g["sales"], lambda s: money(s["quantity"]))


def discount_rate(co: Company, convention: str | None) -> Recipe:
    both = [line for line in sales_of(co) if undiscounted_of(line) is not None]

    def rate(g: Gathered) -> tuple[Fraction | None, int]:
        # Whoever shares an order has a part of its amount and a part of its discount.
        given, n = add_up(g["sales"], lambda line: money(line["discount"]))
        paid = add_up(g["sales"], amount_of)[0]
        return (None if None in (given, paid) else ratio(given, paid + given)), n

    return {"sales": of_rows(co, both)}, rate


def buyers_of(parts: list[Part]) -> set[str]:
    """List the customers of lines, each of them whole: nobody buys a half."""
    return {line["customer_id"] for line in entries_in(parts)} - {None}


def revenue_per_customer(co: Company, convention: str | None) -> Recipe:
    def per_customer(g: Gathered) -> tuple[Fraction | None, int]:
        n = len(buyers_of(g["sales"]))
        return ratio(add_up(g["sales"], amount_of)[0], n), n

    return {"sales": of_rows(co, sales_of(co))}, per_customer


def repeat_purchase_rate(co: Company, convention: str | None) -> Recipe:
    # An order is labelled by the first of its sale lines.
    orders: dict[str, Row] = {}
    for line in sales_of(co):
        if line["customer_id"] is not None and line["order_date"] is not None:
            orders.setdefault(line["order_id"], line)
    again = [
        line
        for line in orders.values()
        if co.first(line["customer_id"], co.t)["order_id"] != line["order_id"]
    ]

    def rate(g: Gathered) -> tuple[Fraction | None, int]:
        n = len(buyers_of(g["orders"]))
        return ratio(len(buyers_of(g["again"])), n), n

    return {"orders": of_rows(co, list(orders.values())), "again": of_rows(co, again)}, rate


def revenue_per_rep(co: Company, convention: str | None) -> Recipe:
    sales = of_rows(co, sales_of(co))
    if convention == "selling":

        def per_seller(g: Gathered) -> tuple[Fraction | None, int]:
            n = len({name for part in g["sales"] for name in sellers_of(co, part)})
            return ratio(add_up(g["sales"], amount_of)[0], n), n

        return {"sales": sales}, per_seller
    if co.start is None:
        return {"sales": sales}, lambda g: (None, None)
    staff = {"now": co.t, "before": co.start - DAY}
    parts = {
        name: [
            (rep, lambda _, d, rep=rep: co.rep_label(rep, d), None)
            for rep in co.reps.values()
            if is_employed(rep, day, day)
        ]
        for name, day in staff.items()
    }

    def per_head(g: Gathered) -> tuple[Fraction | None, int]:
        heads = (count(g["now"]) + count(g["before"])) / 2
        return ratio(add_up(g["sales"], amount_of)[0], heads), len(g["now"])

    return {"sales": sales, **parts}, per_head


def sellers_of(co: Company, part: Part) -> set[str]:
    """Name the reps of a part of a line; a line of nobody has none."""
    line = part.entry
    shares = co.credits_of(line) or [(line.get("rep_id"), Fraction(0), Fraction(1))]
    ids = {rep for rep, low, high in shares if part.low <= low and high <= part.high}
    return {co.row_label({"rep_id": rep}, "rep") for rep in ids - {None}}


def revenue_by_age(age: str) -> Callable[[Company, str | None], Recipe]:
    """Sum up the sale lines whose customer is new, or is not."""

    def summed(co: Company, convention: str | None) -> Recipe:
        sales = [line for line in sales_of(co) if co.age_of(line) == age]
        return {"sales": of_rows(co, sales)}, lambda g: add_up(g["sales"], amount_of)

    return summed


RECIPES = {
    "revenue": revenue,
    "net_revenue": net_revenue,
    "gross_profit": gross_profit,
    "gross_margin": gross_margin,
    "operating_profit": operating_profit,
    "costs": costs,
    "revenue_per_cost": revenue_per_cost,
    "order_count": order_count,
    "average_order_value": average_order_value,
    "units_sold": units_sold,
    "discount_rate": discount_rate,
    "revenue_per_customer": revenue_per_customer,
    "repeat_purchase_rate": repeat_purchase_rate,
    "revenue_per_rep": revenue_per_rep,
    "new_customer_revenue": revenue_by_age("new"),
    "existing_customer_revenue": revenue_by_age("existing"),
}
