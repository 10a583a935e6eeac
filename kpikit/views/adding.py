"""The occurrences of a target, added up for each member, and in words."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from kpikit.kpis.formulas import ratio

__all__ = ["add_up", "standing_of"]

COLUMNS = ["member", "actual", "target_value", "expected", "attainment", "progress", "status", "occurrences"]
COLUMNS += ["reached", "of", "is_over"]


def add_up(rows: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """Add the occurrences of a target up for each member; a single one stays as it is.

    The status is that of a single occurrence; of several there is `reached` of `of` that can be judged.
    """
    out = []
    for member, own in rows.groupby("member", sort=False) if len(rows) else []:
        begun = own[own["status"] != "not started"]
        known = begun if len(begun) else own
        told = known.iloc[0].to_dict()
        if len(known) > 1:
            names = ("actual", "target_value", "expected")
            told = {name: known[name].sum(min_count=len(known)) for name in names}
            share = ratio(np.float64(told["actual"]), np.float64(told["target_value"]))
            is_positive = told["target_value"] > 0
            told |= {"status": "", "progress": np.nan, "attainment": float(share) if is_positive else np.nan}
        told |= {"member": member, "occurrences": len(known)}
        told |= {name: int(known[name].sum()) for name in ("reached", "of")}
        told["is_over"] = bool((known["end"].notna() & (known["end"] <= pd.Timestamp(as_of))).all())
        out.append(told)
    return pd.DataFrame(out, columns=COLUMNS)


def standing_of(rows: pd.DataFrame) -> str:
    """Say in a few words how several members stand."""
    if (rows["occurrences"] > 1).any():
        return f"{int(rows['reached'].sum())} of {int(rows['of'].sum())} reached"
    if rows["is_over"].all():
        return f"{int((rows['status'] == 'reached').sum())} of {len(rows)} reached"
    return f"{int(rows['status'].isin(['reached', 'on pace']).sum())} of {len(rows)} on pace"
