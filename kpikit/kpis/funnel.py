"""The funnel: how far the deals of a period came, stage by stage, and where they were lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.errors import NotAvailableError, demand
from kpikit.kpis.behind import rows
from kpikit.kpis.deals import deals_created
from kpikit.kpis.formulas import ratio
from kpikit.kpis.stage_order import stage_order
from kpikit.kpis.stays import has_history, known_on, stays_of
from kpikit.periods import Period, parse_date

__all__ = ["FUNNEL", "funnel"]

FUNNEL = ["stage", "created", "open", "entered", "moved", "lost", "still", "back", "skipped"]
FUNNEL += ["share", "conversion"]


def funnel(
    dataset: Dataset,
    *,
    period: str | Period,
    where: Mapping[str, object] | None = None,
    as_of: str | date | None = None,
) -> pd.DataFrame:
    """Follow the deals created in a period through the stages.

    Parameters
    ----------
    dataset
        The tables, as `load` gives them.
    period, where, as_of
        As in `measure`.

    Returns
    -------
    pandas.DataFrame
        One row for each stage, in the order of `stage_order`, and one for `won`, where `stage` is null:

        - `created`: the deals of the period, and `open`: those of them that were neither won nor lost by the
          as-of date, with or without a stage; the same in each row;
        - `entered`: those that came to the stage, each once, or were won;
        - what became of these: `moved` on to a stage where they had not been or were won, `lost` from there,
          `still` there on the as-of date, or went `back` to an earlier stage for good;
        - `skipped`: those that came to a later stage, or were won, without coming to this one;
        - `share`: entered ÷ created;
        - `conversion`: moved ÷ entered, without those that are still there.

    Raises
    ------
    NotAvailableError
        If it is not known when deals were created, or when they came to their stages.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.funnel import funnel
    >>> told = funnel(kp.load("data/samples"), period="2026-Q2")
    >>> told["stage"].tolist()[:2], bool((told["entered"] <= told["created"]).all())
    (['lead', 'qualified'], True)
    """
    demand("funnel", dataset=(dataset, Dataset, "The tables, as kpikit.load gives them"))
    today = dataset.as_of if as_of is None else parse_date(as_of, "funnel")
    deals = rows(dataset, deals_created, period=period, where=where, as_of=today)
    if not has_history(dataset):
        raise NotAvailableError("funnel", "not available: deal_stages is missing")
    deals = deals.drop_duplicates("deal_id")
    known = known_on(dataset, today)
    stays = stays_of(known)
    own = stays[stays["deal_id"].isin(set(deals["deal_id"]))]
    order = stage_order(known)
    return _counted(_fates(own, deals), deals, order)


def _fates(stays: pd.DataFrame, deals: pd.DataFrame) -> pd.DataFrame:
    """Say of each deal and stage what became of it there: one row for each."""
    outcome = stays["deal_id"].map(deals.set_index("deal_id")["outcome"].astype(object))
    is_last = ~stays.duplicated("deal_id", keep="last")
    at_end = np.where(outcome == "won", "moved", np.where(outcome == "lost", "lost", "still"))
    fate = np.where(is_last, at_end, np.where(stays["is_moved"].astype(bool), "moved", "back"))
    told = stays[["deal_id", "stage"]].assign(fate=fate)
    # Where a deal came twice, the end of it tells; before the end, that it went on.
    rank = pd.Series(np.where(is_last, 2, np.where(told["fate"] == "moved", 1, 0)), index=told.index)
    told = told.assign(rank=rank).sort_values("rank", kind="stable")
    return told.drop_duplicates(["deal_id", "stage"], keep="last").drop(columns="rank")


def _counted(fates: pd.DataFrame, deals: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    place = {name: number for number, name in enumerate(order)}
    won = set(deals.loc[deals["outcome"] == "won", "deal_id"])
    reached = fates["stage"].map(place).groupby(fates["deal_id"]).max()
    furthest = reached.reindex(list(deals["deal_id"]), fill_value=-1).copy()
    furthest[furthest.index.isin(won)] = len(order)
    out = []
    for name in order:
        own = fates[fates["stage"] == name]
        counts = own["fate"].value_counts()
        further = furthest.index[furthest > place[name]]
        told: dict[str, object] = {"stage": name, "entered": len(own)}
        told |= {fate: int(counts.get(fate, 0)) for fate in ("moved", "lost", "still", "back")}
        told["skipped"] = len(set(further) - set(own["deal_id"]))
        out.append(told)
    nothing = dict.fromkeys(("moved", "lost", "still", "back", "skipped"), 0)
    out.append({"stage": None, "entered": len(won), **nothing})
    is_open = ~deals["outcome"].isin(["won", "lost"])
    told = pd.DataFrame(out).assign(created=len(deals), open=int(is_open.sum()))
    numbers = {name: told[name].to_numpy(dtype=float) for name in ("entered", "created", "moved", "still")}
    shares = ratio(numbers["entered"], numbers["created"])
    conversion = ratio(numbers["moved"], numbers["entered"] - numbers["still"])
    conversion[-1] = np.nan
    return told.assign(share=shares, conversion=conversion)[FUNNEL]
