"""KPIs of deals: how many are won, how large they are, how long they take, and what is open."""

from datetime import date, timedelta
from fractions import Fraction

from tests.oracles.company import Company
from tests.oracles.parts import (
    Formula,
    Gathered,
    Part,
    Recipe,
    add_up,
    amount_of,
    count,
    entries_in,
    entries_of,
    median,
    of_rows,
    ratio,
    share_of,
)
from tests.oracles.tables import Row, day_of

WITHIN = {"within_90_days": 90, "within_30_days": 30, "within_180_days": 180, "first_order": 90}


def closed_as(co: Company, outcome: str) -> list[Row]:
    """List the deals won, or lost, in the period."""
    return [d for d in co.deals if d["outcome"] == outcome and co.is_in(d.get("closed_on"))]


def created_in(co: Company) -> list[Row]:
    """List the deals created in the period."""
    return [d for d in co.deals if co.is_in(d["created_on"])]


def cycle_of(deal: Row) -> int | None:
    """Give the days from creation to closing, where both are known and in their order."""
    created, closed = day_of(deal["created_on"]), day_of(deal["closed_on"])
    return None if created is None or closed is None or closed < created else (closed - created).days


def open_deals(co: Company) -> list[Row]:
    """List the deals that are open on the last day."""
    created = [d for d in co.deals if d["created_on"] is not None and day_of(d["created_on"]) <= co.t]
    return [d for d in created if d["outcome"] is None or day_of(d["closed_on"] or date.min) > co.t]


def number_of(name: str) -> Formula:
    """Count deals."""
    return lambda g: (count(g[name]), entries_of(g[name]))


def won_value(co: Company, convention: str | None) -> Recipe:
    return {"won": of_rows(co, closed_as(co, "won"))}, lambda g: add_up(g["won"], amount_of)


def deals_created(co: Company, convention: str | None) -> Recipe:
    return {"created": of_rows(co, created_in(co))}, number_of("created")


def deals_won(co: Company, convention: str | None) -> Recipe:
    return {"won": of_rows(co, closed_as(co, "won"))}, number_of("won")


def average_size(won: list[Part]) -> tuple[Fraction | None, int]:
    """Divide the amounts of deals by the number of deals that have one."""
    sized = [part for part in won if amount_of(part.entry) is not None]
    return ratio(add_up(sized, amount_of)[0], count(sized)), entries_of(sized)


def average_deal_size(co: Company, convention: str | None) -> Recipe:
    return {"won": of_rows(co, closed_as(co, "won"))}, lambda g: average_size(g["won"])


def win_rate(co: Company, convention: str | None) -> Recipe:
    won = closed_as(co, "won")
    if convention == "closed":
        among = won + closed_as(co, "lost")
    elif convention == "created":
        # A closing date without an outcome says nothing, so it dates nothing.
        closed = {d["deal_id"]: None if d["outcome"] is None else d["closed_on"] for d in co.deals}
        among = [d for d in co.deals if co.is_in(d["created_on"] or closed[d["deal_id"]])]
    else:
        among = created_in(co)
        won = [d for d in among if d["outcome"] == "won"]
    return {"won": of_rows(co, won), "all": of_rows(co, among)}, share_of("won", "all")


def mean_cycle(closed: list[Part]) -> Fraction | None:
    """Give the mean days from creation to closing, of a shared deal by its parts."""
    timed = [part for part in closed if cycle_of(part.entry) is not None]
    return ratio(sum(cycle_of(part.entry) * part.weight for part in timed), count(timed))


def sales_cycle_days(co: Company, convention: str | None) -> Recipe:
    closed = closed_as(co, "won") + (closed_as(co, "lost") if convention == "all_closed" else [])
    parts = {"closed": of_rows(co, [d for d in closed if cycle_of(d) is not None])}

    def cycle(g: Gathered) -> tuple[Fraction | None, int]:
        if convention == "mean":
            return mean_cycle(g["closed"]), entries_of(g["closed"])
        return median([cycle_of(d) for d in entries_in(g["closed"])]), entries_of(g["closed"])

    return parts, cycle


def sales_velocity(co: Company, convention: str | None) -> Recipe:
    won = closed_as(co, "won")
    closed = won + closed_as(co, "lost")
    flowing = closed if convention == "closed" else open_deals(co)
    parts = {"won": of_rows(co, won), "all": of_rows(co, closed), "flowing": of_rows(co, flowing)}

    def velocity(g: Gathered) -> tuple[Fraction | None, None]:
        size, rate = average_size(g["won"])[0], ratio(count(g["won"]), count(g["all"]))
        worth = None if None in (size, rate) else count(g["flowing"]) * size * rate
        return ratio(worth, mean_cycle(g["won"])), None

    return parts, velocity


def conversion_rate(co: Company, convention: str | None) -> Recipe:
    days = timedelta(WITHIN[convention])
    ripe = [d for d in created_in(co) if d["created_on"] and day_of(d["created_on"]) <= co.as_of - days]

    def first_order(deal: Row) -> date | None:
        customer = deal["customer_id"]
        order = None if customer is None else co.first(customer, date.max)
        return None if order is None else day_of(order["order_date"])

    if convention == "first_order":
        # Who ordered before is no prospect; of whom nothing is known is one.
        among = [d for d in ripe if (o := first_order(d)) is None or o >= day_of(d["created_on"])]
        won = [d for d in among if (o := first_order(d)) is not None and o - day_of(d["created_on"]) <= days]
    else:
        among = ripe
        won = [d for d in ripe if d["outcome"] == "won" and cycle_of(d) is not None]
        won = [d for d in won if cycle_of(d) <= days.days]
    return {"won": of_rows(co, won), "all": of_rows(co, among)}, share_of("won", "all")


RECIPES = {
    one.__name__: one
    for one in (
        won_value,
        deals_created,
        deals_won,
        average_deal_size,
        win_rate,
        conversion_rate,
        sales_cycle_days,
        sales_velocity,
    )
}
