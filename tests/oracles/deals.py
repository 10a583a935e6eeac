"""KPIs of deals."""

from datetime import date
from fractions import Fraction

from tests.oracles.company import Company
from tests.oracles.parts import (
    Gathered,
    Recipe,
    add_up,
    amount_of,
    count,
    entries_of,
    median,
    of_rows,
    ratio,
)
from tests.oracles.tables import Row, day_of


def closed_as(co: Company, outcome: str) -> list[Row]:
    """List the deals won, or lost, in the period."""
    return [d for d in co.deals if d["outcome"] == outcome and co.is_in(d.get("closed_on"))]


def cycle_of(deal: Row) -> int | None:
    """Give the days from creation to closing, where both are known and in their order."""
    created, closed = day_of(deal["created_on"]), day_of(deal["closed_on"])
    return None if created is None or closed is None or closed < created else (closed - created).days


def open_deals(co: Company) -> list[Row]:
    """List the deals that are open on the last day."""
    created = [d for d in co.deals if d["created_on"] is not None and day_of(d["created_on"]) <= co.t]
    return [d for d in created if d["outcome"] is None or day_of(d["closed_on"] or date.min) > co.t]


def share(g: Gathered) -> tuple[Fraction | None, int]:
    """Divide the deals won by all that count."""
    return ratio(count(g["won"]), count(g["all"])), entries_of(g["all"])


def won_value(co: Company, convention: str | None) -> Recipe:
    return {"won": of_rows(co, closed_as(co, "won"))}, lambda g: add_up(g["won"], amount_of)


def win_rate(co: Company, convention: str | None) -> Recipe:
    won = closed_as(co, "won")
    if convention == "closed":
        among = won + closed_as(co, "lost")
    elif convention == "created":
        # A closing date without an outcome says nothing, so it dates nothing.
        closed = {d["deal_id"]: None if d["outcome"] is None else d["closed_on"] for d in co.deals}
        among = [d for d in co.deals if co.is_in(d["created_on"] or closed[d["deal_id"]])]
    else:
        among = [d for d in co.deals if co.is_in(d["created_on"])]
        won = [d for d in among if d["outcome"] == "won"]
    return {"won": of_rows(co, won), "all": of_rows(co, among)}, share


def sales_cycle_days(co: Company, convention: str | None) -> Recipe:
    both = [d for d in closed_as(co, "won") if cycle_of(d) is not None]

    def cycle(g: Gathered) -> tuple[Fraction | None, int]:
        deals = {part.same: part.entry for part in g["closed"]}.values()
        return median([cycle_of(d) for d in deals]), len(deals)

    return {"closed": of_rows(co, both)}, cycle


def pipeline_value(co: Company, convention: str | None) -> Recipe:
    return {"open": of_rows(co, open_deals(co))}, lambda g: add_up(g["open"], amount_of)


RECIPES = {one.__name__: one for one in (won_value, win_rate, sales_cycle_days, pipeline_value)}
