"""Labels that stand for one thing: not for rows without one too, and not for two members."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from kpikit.data.contract import DIMENSIONS
from kpikit.data.reading import Ledger, Loaded
from kpikit.data.reading.parts import texts_of
from kpikit.errors import cut

__all__ = ["check_labels"]

_DIMENSION_OF = {"rep_id": "rep", "customer_id": "customer"} | {one: one for one in DIMENSIONS}


def check_labels(table: Loaded, ledger: Ledger) -> None:
    """Check that no value is written as rows without one are shown, and no member as another one is.

    Raises
    ------
    DataError
        At the first such value, if the ledger is strict; where it is accepted, the value or its row goes.
    """
    named = _DIMENSION_OF | ({"name": "rep"} if table.name == "reps" else {})
    for column in [one for one in table.rows if one in named]:
        label = f"no {named[column]}"
        if pc.index(texts_of(table.rows[column]), label).as_py() >= 0:
            same = (table.rows[column] == label).fillna(False).to_numpy(dtype=bool)
            told = f"{column} '{label}' is how rows without a {named[column].replace('_', ' ')} are shown"
            hint = f"where it means that there is none: values: {{{column}: {{{label}: null}}}}"
            _meet(table, ledger, column, same, told, hint)
    if table.name == "reps" and "name" in table.rows:
        _check_members(table, ledger)


def _check_members(reps: Loaded, ledger: Ledger) -> None:
    """Members of one name are shown as `Ann (R1)` and `Ann (R2)`: nobody else may be called that."""
    ids = reps.rows["rep_id"].astype(object)
    shown = reps.rows["name"].astype(object).where(reps.rows["name"].notna(), ids)
    is_shared = _holders(shown, ids) > 1
    if not is_shared.any():
        return
    labels = shown.where(~is_shared, shown.astype(str) + " (" + ids.astype(str) + ")")
    wrong = ((_holders(labels, ids) > 1) & ~is_shared).to_numpy()
    if wrong.any():
        name = cut(shown.iloc[int(wrong.argmax())])
        told = f"name '{name}' is how a member is shown who shares their name with others"
        _meet(reps, ledger, "name", wrong, told, "write the names of these members in full")


def _holders(labels: pd.Series, ids: pd.Series) -> pd.Series:
    """Count for each row how many members have its label."""
    return ids.groupby(labels, dropna=False).transform("nunique")


def _meet(table: Loaded, ledger: Ledger, column: str, wrong: np.ndarray, told: str, hint: str) -> None:
    def value(row: int) -> str:
        return cut(table.rows[column].iloc[row])

    action = ledger.meet("label_taken", table.name, table.origin, wrong, told, "", hint, value)
    if action == "drop_row":
        table.drop(wrong)
    elif action == "set_null":
        table.blank(wrong, (column,))
