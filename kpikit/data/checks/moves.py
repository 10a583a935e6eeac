"""Members who stand in several places, and nobody says since when."""

from __future__ import annotations

import pandas as pd

from kpikit.data.reading import Ledger, Loaded
from kpikit.errors import counted, listing

__all__ = ["settle_undated"]

_PLACE = ("team", "manager", "role", "region")


def settle_undated(reps: Loaded, ledger: Ledger) -> None:
    """Let the last of several rows of a member stand, where they tell places and no dates.

    Rows of a member without valid_from that differ in team, manager, role or region alone are told, and the
    last of them is kept. Others are no move, but a key that stands twice.
    """
    rows = reps.rows
    undated = rows["valid_from"].isna() if "valid_from" in rows else pd.Series(True, index=rows.index)
    named = rows["rep_id"].where(undated & rows["rep_id"].notna())
    again = named.notna() & named.duplicated(keep=False)
    if not again.any():
        return
    place = [column for column in _PLACE if column in rows]
    if not place:
        return
    other = [column for column in rows if column not in (*place, "valid_to")]
    moved = []
    for name, several in rows[again].groupby("rep_id", sort=False):
        is_one_person = len(several[other].drop_duplicates()) == 1
        if is_one_person and len(several[place].drop_duplicates()) == len(several):
            moved.append(name)
    if not moved:
        return
    told = counted(len(moved), "member stands", "members stand")
    told += f" in several rows without valid_from: {listing(moved, 5)}: the last row is used"
    earlier = (named.isin(moved) & named.duplicated(keep="last")).to_numpy()
    ledger.tell(
        "moved_without_dates", "reps", told, reps.origin, earlier, lambda row: str(rows["rep_id"].iloc[row])
    )
    reps.drop(earlier)
