"""KPIs of orders."""

from fractions import Fraction

from tests.oracles.company import Company
from tests.oracles.parts import (
    Gathered,
    Recipe,
    add_up,
    amount_of,
    count_orders,
    margin_of,
    of_rows,
    ratio,
)
from tests.oracles.tables import Row


def sales_of(co: Company) -> list[Row]:
    """List the sale lines of the period."""
    return [line for line in co.sales if co.is_in(line["order_date"])]


def lines_of(co: Company) -> list[Row]:
    """List the lines of the period, refunds among them."""
    return [line for line in co.lines if co.is_in(line["order_date"])]


def revenue(co: Company, convention: str | None) -> Recipe:
    return {"sales": of_rows(co, sales_of(co))}, lambda g: add_up(g["sales"], amount_of)


def net_revenue(co: Company, convention: str | None) -> Recipe:
    return {"lines": of_rows(co, lines_of(co))}, lambda g: add_up(g["lines"], amount_of)


def gross_profit(co: Company, convention: str | None) -> Recipe:
    return {"lines": of_rows(co, lines_of(co))}, lambda g: add_up(g["lines"], margin_of)


def order_count(co: Company, convention: str | None) -> Recipe:
    return {"lines": of_rows(co, sales_of(co))}, lambda g: count_orders(g["lines"])


def average_order_value(co: Company, convention: str | None) -> Recipe:
    def average(g: Gathered) -> tuple[Fraction | None, int]:
        orders, n = count_orders(g["lines"])
        return ratio(add_up(g["lines"], amount_of)[0], orders), n

    return {"lines": of_rows(co, sales_of(co))}, average


RECIPES = {
    one.__name__: one for one in (revenue, net_revenue, gross_profit, order_count, average_order_value)
}
