"""Who was employed when: members whose gaps are zeros, and members who were not there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from kpikit.data.dataset import Dataset
from kpikit.kpis.belongings import MEMBER_DIMENSIONS
from kpikit.periods import Period

__all__ = ["Members"]

Key = tuple[str | None, ...]


class Members:
    """The sales team of a dataset, as known on a day, within a scope."""

    def __init__(
        self,
        dataset: Dataset,
        as_of: date | None = None,
        where: Sequence[tuple[str, Key]] = (),
    ) -> None:
        reps = dataset.reps.copy()
        ids = reps["rep_id"].astype("str")
        names = reps["name"].astype("str").where(reps["name"].notna(), ids) if "name" in reps else ids
        many = ids.groupby(names).transform("nunique") > 1
        reps["rep"] = names.where(~many, names + " (" + ids + ")")
        for column in ("hired_on", "left_on", "valid_from", "valid_to"):
            reps[column] = pd.to_datetime(reps[column]) if column in reps else pd.NaT
        # A stint ends at the latest on the day before the member's next one.
        order = reps.sort_values("valid_from", na_position="first", kind="stable")
        following = order.groupby("rep_id")["valid_from"].shift(-1) - pd.Timedelta(days=1)
        reps["valid_to"] = pd.concat([reps["valid_to"], following.reindex(reps.index)], axis=1).min(axis=1)
        if as_of is not None:
            # A leaving after the as-of date is not yet known.
            reps["left_on"] = reps["left_on"].where(reps["left_on"] <= pd.Timestamp(as_of))
        # Whether the scope holds members of the table alone, and so nobody else's rows.
        self._is_bound = False
        for name, labels in where:
            if name in MEMBER_DIMENSIONS:
                known = reps[name] if name in reps else pd.Series(None, index=reps.index, dtype=object)
                self._is_bound |= None not in labels and set(labels) <= set(known.dropna())
                inside = known.isin([label for label in labels if label is not None])
                reps = reps[inside | (known.isna() if None in labels else False)]
        self.reps = reps.reset_index(drop=True)

    def labels(self, dimension: str) -> list[str]:
        """List the labels of the members' own dimension."""
        if dimension not in self.reps:
            return []
        return sorted(map(str, self.reps[dimension].dropna().unique()))

    def employment(self, periods: Sequence[Period]) -> np.ndarray:
        """Tell who was employed, in each stint, on at least a day of each period: (stints, periods)."""
        since, until = (
            self.reps[list(columns)].agg(how, axis=1).to_numpy().astype("datetime64[D]")[:, None]
            for columns, how in ((("hired_on", "valid_from"), "max"), (("left_on", "valid_to"), "min"))
        )
        starts = np.array([np.datetime64(p.start or date.min, "D") for p in periods], dtype="datetime64[D]")
        ends = np.array([np.datetime64(p.end, "D") for p in periods], dtype="datetime64[D]")
        return (np.isnat(since) | (since <= ends)) & (np.isnat(until) | (until >= starts))

    def staffed(self, periods: Sequence[Period]) -> np.ndarray:
        """Tell in which periods somebody of the scope was employed; in all, where it names no members."""
        if not self._is_bound:
            return np.ones(len(periods), dtype=bool)
        return self.employment(periods).any(axis=0)

    def fill(
        self, keys: list[Key], by: tuple[str, ...], periods: Sequence[Period]
    ) -> tuple[list[Key], np.ndarray]:
        """Add the groups of employed members, and tell which groups are to be shown in which period.

        A group that no member dimension names is shown in every period.
        """
        own = [place for place, name in enumerate(by) if name in MEMBER_DIMENSIONS]
        if not own:
            return keys, np.ones((len(keys), len(periods)), dtype=bool)
        employed = self.employment(periods)
        there: dict[Key, np.ndarray] = {}
        for row, member in enumerate(self.reps.to_dict("records")):
            label = tuple(_text(member.get(by[place])) for place in own)
            there[label] = there.get(label, np.zeros(len(periods), dtype=bool)) | employed[row]
        if len(own) == len(by):
            keys = list(dict.fromkeys([*keys, *(label for label, when in there.items() if when.any())]))
        shown = np.zeros((len(keys), len(periods)), dtype=bool)
        for row, key in enumerate(keys):
            shown[row] = there.get(tuple(key[place] for place in own), False)
        return keys, shown


def _text(value: object) -> str | None:
    return None if value is None or value != value else str(value)
