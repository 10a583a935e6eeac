"""The order of the stages of a pipeline: as deals went through them, else by the chance to win."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from kpikit.data.engines import to_pandas
from kpikit.kpis.stays import stays_of

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["is_ordered", "stage_order"]


def is_ordered(dataset: Dataset) -> bool:
    """Tell whether the data say in which order stages come."""
    return "deal_stages" in dataset.tables or bool(dataset.settings.stages)


def stage_order(dataset: Dataset) -> list[str]:
    """Give the stages that deals can be in while they are open, in the order in which deals come to them.

    Of two stages, the one goes first that most deals with both came to first. Where no deal tells, the one
    goes first whose chance to win in `dataset.yaml` is the smaller; where that is not told either, they stand
    by name. A stage comes the earlier, the more others it goes before. One that `dataset.yaml` alone names,
    with a chance of 0 or 1, is what deals are in when they are lost or won. `known_on` gives the dataset of a
    day.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.stage_order import stage_order
    >>> stage_order(kp.load("data/samples"))
    ['lead', 'qualified', 'proposal', 'negotiation']
    """
    stays, chances = stays_of(dataset), dataset.settings.stages
    named = {name for name, chance in chances.items() if 0 < chance < 1}
    names = set(stays["stage"]) | named | _open_stages(dataset)
    ahead = _came_first(stays)
    wins = dict.fromkeys(names, 0.0)
    for one, two in combinations(sorted(names), 2):
        lead = ahead.get((one, two), 0) - ahead.get((two, one), 0)
        if not lead and one in chances and two in chances:
            lead = (chances[two] > chances[one]) - (chances[two] < chances[one])
        wins[one] += 0.5 if not lead else lead > 0
        wins[two] += 0.5 if not lead else lead < 0
    return sorted(names, key=lambda name: (-wins[name], name))


def _open_stages(dataset: Dataset) -> set[str]:
    if "deals" not in dataset.tables:
        return set()
    deals = to_pandas(dataset.tables["deals"])
    is_open = ~deals["outcome"].isin(["won", "lost"])
    return set(deals.loc[is_open, "stage"].dropna().astype("str"))


def _came_first(stays: pd.DataFrame) -> dict[tuple[str, str], int]:
    """Count, for each two stages, the deals that came to the one before the other."""
    first = stays.drop_duplicates(["deal_id", "stage"])[["deal_id", "stage"]]
    first = first.assign(place=range(len(first)))
    both = first.merge(first, on="deal_id", suffixes=("", "_later"))
    both = both[both["place"] < both["place_later"]]
    return both.groupby(["stage", "stage_later"], observed=True).size().to_dict()
