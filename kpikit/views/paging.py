"""Which rows of targets belong on a page: those of its rep or team, and those that are of everybody."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.periods import Period
from kpikit.selection import Selection, member_pairs
from kpikit.targets.proration import Staff

__all__ = ["Paged", "of_page", "teams_of"]


class Paged(Protocol):
    """What is needed of the figures of a view."""

    dataset: Dataset
    chosen: Selection

    @property
    def as_of(self) -> date: ...
    @property
    def period(self) -> Period: ...


def of_page(rows: pd.DataFrame, shown: Paged) -> pd.DataFrame:
    """Keep, of targets for each rep or team, those of the page's; what is set for nobody of them stays.

    A page of a rep has the rep's own and those of the rep's team in the time of each (see `teams_of`); one of
    a team, those of who is on it.
    """
    chosen = shown.chosen
    is_of_reps, is_of_teams = rows["per"] == "rep", rows["per"] == "team"
    is_kept = pd.Series(True, index=rows.index)
    if chosen.rep:
        is_kept &= ~is_of_reps | (rows["member"] == chosen.rep)
    elif chosen.team:
        staff = Staff(shown.dataset, shown.as_of, (("team", (chosen.team,)),))
        is_kept &= ~is_of_reps | rows["member"].isin(staff.present("rep", shown.period))
    if chosen.rep:
        is_kept &= ~is_of_teams | _is_of_team(chosen.rep, rows, is_of_teams, shown)
    elif chosen.team:
        is_kept &= ~is_of_teams | (rows["member"] == chosen.team)
    return rows[is_kept]


def teams_of(rep: str, start: date | None, end: date | None, shown: Paged) -> set[str | None]:
    """Name the team that a rep was on, on the newest known day of a span; else those of the whole span.

    Who comes within a span, or has left within it, was there on another day. None is no team.
    """
    day = shown.as_of if end is None else min(shown.as_of, end)
    day = day if start is None else max(day, start)
    for first, last in ((day, day), (start, day if end is None else end)):
        span = Period(f"{first}/{last}", first, last, "range" if first else "all")
        teams = {team for team, one in member_pairs(shown.dataset, span, shown.as_of) if one == rep}
        if teams:
            return teams
    return set()


def _is_of_team(rep: str, rows: pd.DataFrame, is_of_teams: pd.Series, shown: Paged) -> pd.Series:
    """Tell which rows are of the team of a rep in the time of the row."""
    told = pd.Series(False, index=rows.index)
    for (start, end), own in rows[is_of_teams].groupby(["start", "end"], dropna=False, sort=False):
        span = [None if pd.isna(one) else one.date() for one in (start, end)]
        told[own.index] = own["member"].isin(teams_of(rep, *span, shown))
    return told
