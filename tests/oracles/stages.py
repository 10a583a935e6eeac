"""KPIs of stages: the stays of deals in them, how many move on, how long they last, and what they hold."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import floor
from typing import NamedTuple

from tests.oracles.company import Company
from tests.oracles.deals import open_deals
from tests.oracles.parts import (
    Entry,
    Gathered,
    Part,
    Recipe,
    add_up,
    amount_of,
    entries_in,
    entries_of,
    median,
    share_of,
)
from tests.oracles.tables import Row, day_of


class Stay(NamedTuple):
    """A deal in a stage: from when, until when (None: it is still there), and whether it moved on."""

    deal: Row
    stage: str
    begin: date
    end: date | None
    has_moved_on: bool


def history_of(deal: Row, entries: list[Row]) -> list[Row]:
    """List the entries of a deal that say something, oldest first; sorting is stable, so ties stay."""
    own = [e for e in entries if e["deal_id"] is not None and e["deal_id"] == deal["deal_id"]]
    return sorted(
        (e for e in own if e["entered_on"] is not None and e["stage"] is not None),
        key=lambda e: e["entered_on"],
    )


def closing_of(deal: Row) -> date | None:
    """Give the day on which a deal was won or lost."""
    return None if deal["outcome"] is None else day_of(deal.get("closed_on"))


def terminal_stages(co: Company) -> set[str]:
    """List the stages that only end deals, as far as is known on the as-of date."""
    ends: dict[str, list[bool]] = {}
    for deal in co.deals:
        entries, closing = history_of(deal, co.entries), closing_of(deal)
        for place, entry in enumerate(entries, start=1):
            is_end = place == len(entries) and closing is not None and day_of(entry["entered_on"]) >= closing
            ends.setdefault(entry["stage"], []).append(is_end)
    return {stage for stage, all_ends in ends.items() if all(all_ends)}


def stays_of(co: Company) -> list[Stay]:
    """List every stay that was known on the as-of date."""
    terminal, stays = terminal_stages(co), []
    for deal in co.deals:
        closing, entries = closing_of(deal), history_of(deal, co.entries)
        if closing is not None:
            # What was entered after the closing is no part of the deal's way, and cannot end a stay.
            entries = [e for e in entries if day_of(e["entered_on"]) <= closing or e["stage"] in terminal]
        for place, entry in enumerate(entries):
            if entry["stage"] in terminal:
                continue
            ends = [day_of(later["entered_on"]) for later in entries[place + 1 : place + 2]]
            end = min(ends + ([] if closing is None else [closing]), default=None)
            been = {earlier["stage"] for earlier in entries[: place + 1]} | terminal
            rest = [later["stage"] for later in entries[place + 1 :]]
            goes_on = bool(rest) and rest[0] not in been
            is_won = deal["outcome"] == "won" and closing is not None and set(rest) <= terminal
            stays.append(Stay(deal, entry["stage"], day_of(entry["entered_on"]), end, goes_on or is_won))
    return stays


def of_stays(co: Company, stays: list[Stay]) -> list[Entry]:
    """Let stays be labelled by their stage, and else as their deals are."""

    def labels(stay: Stay) -> Callable[..., str]:
        return lambda row, d: stay.stage if d == "stage" else co.row_label(row, d)

    return [(stay, labels(stay), stay.deal) for stay in stays]


def ended_in(co: Company) -> list[Stay]:
    """List the stays that ended in the period."""
    return [stay for stay in stays_of(co) if stay.end is not None and co.is_in(stay.end)]


def stage_conversion_rate(co: Company, convention: str | None) -> Recipe:
    stays = [s for s in stays_of(co) if co.is_in(s.begin)] if convention == "entered" else ended_in(co)
    moved = [stay for stay in stays if stay.has_moved_on]
    return {"moved": of_stays(co, moved), "all": of_stays(co, stays)}, share_of("moved", "all")


def stage_days(co: Company, convention: str | None) -> Recipe:
    def middle(g: Gathered) -> tuple[Fraction | None, int]:
        return median([(s.end - s.begin).days for s in entries_in(g["ended"])]), entries_of(g["ended"])

    return {"ended": of_stays(co, ended_in(co))}, middle


def pipeline_value(co: Company, convention: str | None) -> Recipe:
    still, stages = open_deals(co), {}
    if "deal_stages" in co.whole:
        holding = [s for s in stays_of(co) if s.begin <= co.t and (s.end is None or co.t < s.end)]
        stages = {id(stay.deal): stay.stage for stay in holding}

    def label(row: Row, dimension: str) -> str:
        return stages.get(id(row), "no stage") if dimension == "stage" else co.row_label(row, dimension)

    if convention != "weighted":
        return {"open": [(deal, label, deal) for deal in still]}, lambda g: add_up(g["open"], amount_of)
    chances = {stage: Fraction(str(p)) for stage, p in (co.settings.get("stages") or {}).items()}

    def weighted(g: Gathered) -> tuple[Fraction | None, int]:
        def chance(part: Part) -> Fraction | None:
            return chances.get(stages.get(id(part.entry)))

        def hoped(part: Part) -> Fraction:
            # Money has four decimals.
            return Fraction(floor(amount_of(part.entry) * chance(part) * 10_000 + Fraction(1, 2)), 10_000)

        known = [p for p in g["open"] if chance(p) is not None and amount_of(p.entry) is not None]
        total = sum((part.of(hoped(part)) for part in known), Fraction(0))
        return None if g["open"] and not known else total, entries_of(known)

    return {"open": [(deal, label, deal) for deal in still]}, weighted


RECIPES = {one.__name__: one for one in (stage_conversion_rate, stage_days, pipeline_value)}
