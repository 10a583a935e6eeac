"""What is said of channels: which brought most, at which cost, and what is to be known of the figures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from kpikit.people.positions import LEAST_ROWS
from kpikit.views.cards import NOT_COMPARED, points_text
from kpikit.views.channel_table import is_comparable
from kpikit.views.channels import NO_COSTS, is_channel
from kpikit.views.comparing import few_text
from kpikit.views.page import asked
from kpikit.views.words import asked_name, join, label, lower, opening, share_text, spoken, upper

__all__ = ["cost_finding", "cost_notes", "costless", "mix_finding", "uncompared"]

WORTH_TELLING = 0.01  # of a share: what moved by less than a point did not move for a reader


def costless(rows: pd.DataFrame) -> list[str]:
    """Say which channels have new customers and no costs, and so no cost of a new customer."""
    names = list(dict.fromkeys(rows.loc[rows["note"] == NO_COSTS, "channel"]))
    return [f"What a new customer cost is not known where {NO_COSTS}: {', '.join(names)}."] if names else []


def uncompared(rows: pd.DataFrame, reference: str) -> list[str]:
    """Say which KPIs are not compared, since old customers look new in the first year of the data."""
    is_left = rows["value"].notna() & rows["reference"].notna() & rows["change"].isna()
    names = [lower(label(asked_name(*one))) for one in asked(rows[is_left])]
    why = f"the data start within a year of {reference}"
    return [f"{upper(NOT_COMPARED)}: {', '.join(names)} ({why})."] if names else []


def cost_notes(rows: pd.DataFrame) -> list[str]:
    """Say what is to be known of the costs of channels, as far as the table shows it."""
    notes = ["A month's cost is spread over its days."]
    if rows.loc[rows["kpi"].isin(["revenue", "revenue_per_cost"]), "value"].notna().any():
        notes.append("Revenue comes from old customers too: what a channel brings today was partly paid for"
                     " before.")  # fmt: skip
    few = {one["kpi"] for one in rows.to_dict("records") if few_text(one)}
    counted = {"customer_acquisition_cost": "new customers", "revenue_per_cost": "order lines"}
    if kinds := [kind for kpi, kind in counted.items() if kpi in few]:
        notes.append(f"few: of fewer than {LEAST_ROWS} {' or '.join(kinds)}, which says little of a channel.")
    return notes + costless(rows)


def mix_finding(rows: pd.DataFrame, *, kpi: str, language: str = "en") -> str:
    """Say which channel brought most, and whose share moved most.

    Parameters
    ----------
    rows
        channel, value, share and share_before, as `mix_rows` gives them.
    kpi
        The flow.

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.views.channel_findings import mix_finding
    >>> rows = pd.DataFrame({"channel": ["A", "B"], "value": [60.0, 40.0], "share": [0.6, 0.4],
    ...     "share_before": [0.5, 0.5]})
    >>> mix_finding(rows, kpi="revenue")
    'A brought 60% of revenue; the share of A grew most, by 10.0 points'
    """
    named = rows[rows["channel"].map(is_channel)]
    what = lower(spoken(kpi))
    if named.empty or named["share"].isna().all():
        return f"{spoken(kpi)} by channel"
    top = [str(one) for one in named.loc[named["value"] == named["value"].max(), "channel"]]
    share = share_text(float(named.loc[named["value"] == named["value"].max(), "share"].sum()), language)
    told = f"{opening(top, 'channel', rows['channel'])} brought"
    told += f"{' together' if len(top) > 1 else ''} {share} of {what}"
    # What differs in the last digits alone did not move.
    moved = (named["share"] - named["share_before"]).dropna().round(12)
    if moved.empty:
        return told
    if moved.abs().max() < WORTH_TELLING:
        return f"{told}; no share moved{' by a point' if moved.abs().max() > 0 else ''}"
    far, verb = (moved, "grew") if moved.max() >= WORTH_TELLING else (-moved, "fell")
    names = [str(one) for one in named.loc[far.index[far == far.max()], "channel"]]
    size = points_text(float(far.max()), language).lstrip("+")
    return f"{told}; the {'shares' if len(names) > 1 else 'share'} of {join(names)} {verb} most, by {size}"


def cost_finding(rows: pd.DataFrame, write: Any) -> str:
    """Say for which channel most revenue came with each unit of money that was spent, and for which least."""
    named = rows[rows["channel"].map(is_channel)]
    for kpi, told in (("revenue_per_cost", "Revenue per cost"),
                      ("customer_acquisition_cost", "The cost of a new customer")):  # fmt: skip
        own = [one for one in named[named["kpi"] == kpi].to_dict("records") if is_comparable(one)]
        values = [one["value"] for one in own]
        if len(set(values)) > 1:
            ends = []
            for end in (max(values), min(values)):
                who = join([str(one["channel"]) for one in own if one["value"] == end])
                ends.append(f"for {who} ({write(kpi, end)})")
            return f"{told} was highest {ends[0]} and lowest {ends[1]}"
    most = named[(named["kpi"] == "costs") & named["value"].notna()]
    top = most[most["value"] == most["value"].max()]
    who = join([str(one) for one in top["channel"]])
    return f"Most was spent on {who}" if len(top) else "Costs by channel"
