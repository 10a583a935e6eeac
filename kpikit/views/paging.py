"""Which rows of targets belong on a page: those of its rep or team, and those that are of everybody."""

from __future__ import annotations

from datetime import date
from typing import Protocol

import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.periods import Period
from kpikit.selection import Selection
from kpikit.targets.proration import Staff

__all__ = ["Paged", "of_page"]


class Paged(Protocol):
    """What is needed of the figures of a view."""

    dataset: Dataset
    chosen: Selection

    @property
    def as_of(self) -> date: ...
    @property
    def period(self) -> Period: ...
    @property
    def team(self) -> str | None: ...


def of_page(rows: pd.DataFrame, shown: Paged) -> pd.DataFrame:
    """Keep, of targets for each rep or team, those of the page's; what is set for nobody of them stays.

    A page of a rep has the rep's own and those of the team; one of a team, those of who is on it.
    """
    chosen = shown.chosen
    is_of_reps, is_of_teams = rows["per"] == "rep", rows["per"] == "team"
    is_kept = pd.Series(True, index=rows.index)
    if chosen.rep:
        is_kept &= ~is_of_reps | (rows["member"] == chosen.rep)
    elif chosen.team:
        staff = Staff(shown.dataset, shown.as_of, (("team", (chosen.team,)),))
        is_kept &= ~is_of_reps | rows["member"].isin(staff.present("rep", shown.period))
    if shown.team:
        is_kept &= ~is_of_teams | (rows["member"] == shown.team)
    return rows[is_kept]
