"""What each member brought to the whole, and to its growth."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["OTHERS", "contribution"]

OTHERS = "others"  # who left, or moved to another team, and so is no member now
_NOISE = 0.00005  # sums of money are exact to 4 decimals


def contribution(
    members: pd.DataFrame, *, value: float | None, reference: float | None = None, by: str = "rep"
) -> pd.DataFrame:
    """Share a flow, and what it grew by, among the members, so that the parts add up to the whole.

    Parameters
    ----------
    members
        What `measure` gives for one flow by member: the members, value and reference. A member who was not
        there in the period of comparison has no reference, and grew from nothing.
    value, reference
        The whole, in the period and in the period of comparison; None for no comparison. What the members do
        not explain is a row of its own, named "others".
    by
        The column with the members' names.

    Returns
    -------
    pandas.DataFrame
        The largest first, others last: the member, `value`, `share` (of the whole; null where the whole is
        not positive, or a part of it is negative), `reference`, `change`, and `share_of_change` (of the
        whole's growth; null where the whole did not grow).

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.people.contribution import contribution
    >>> members = pd.DataFrame({"rep": ["Ayu", "Budi"], "value": [60.0, 30.0], "reference": [40.0, None]})
    >>> told = contribution(members, value=90.0, reference=65.0)
    >>> told[["rep", "value", "change"]].values.tolist()
    [['Ayu', 60.0, 20.0], ['Budi', 30.0, 30.0], ['others', 0.0, -25.0]]
    >>> told["share_of_change"].tolist()
    [0.8, 1.2, -1.0]
    """
    told = members[members["value"].notna()][[by, "value", "reference"]].copy()
    has_past = reference is not None and reference == reference
    told["reference"] = told["reference"].fillna(0.0) if has_past else np.nan
    rest = {"value": _left(value, told["value"]), "reference": _left(reference, told["reference"])}
    if any(abs(one) > _NOISE for one in rest.values()):
        rest["reference"] = rest["reference"] if has_past else np.nan
        told = pd.concat([told, pd.DataFrame([{by: OTHERS} | rest])], ignore_index=True)
    whole = told["value"].sum()
    is_shared = whole > 0 and bool((told["value"] >= 0).all())
    told["share"] = told["value"] / whole if is_shared else np.nan
    told["change"] = (told["value"] - told["reference"]).round(9)
    grown = told["change"].sum(min_count=1)
    told["share_of_change"] = told["change"] / grown if grown > _NOISE else np.nan
    told["is_rest"] = told[by] == OTHERS
    told = told.sort_values(["is_rest", "value", by], ascending=[True, False, True], ignore_index=True)
    return told[[by, "value", "share", "reference", "change", "share_of_change"]]


def _left(whole: float | None, parts: pd.Series) -> float:
    return 0.0 if whole is None or whole != whole else float(whole - parts.sum())
