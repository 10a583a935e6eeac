"""How long a quota lasts: until its end, else until the day before the same member's next one."""

from __future__ import annotations

from datetime import date

import pandas as pd

__all__ = ["with_ends"]

_WHOSE = ("kpi", "rep_id", "team", "region", "product_line", "channel")


def with_ends(quotas: pd.DataFrame, last_end: date | None = None) -> pd.DataFrame:
    """Fill the ends that are missing.

    Parameters
    ----------
    quotas
        One row for each quota.
    last_end
        The day on which each member's last quota ends, where the table gives it no end of its own.

    Returns
    -------
    pandas.DataFrame
        The same rows with `end`: as given, else the day before the next quota of the same KPI and member (or
        team, region, …) starts. The last one ends on `last_end`; without it, its end stays open (null).

    Examples
    --------
    >>> import pandas as pd
    >>> from kpikit.data.quotas import with_ends
    >>> starts = pd.to_datetime(["2026-01-01", "2026-04-01"])
    >>> quotas = pd.DataFrame({"kpi": "revenue", "start": starts, "value": [100.0, 120.0]})
    >>> with_ends(quotas)["end"].dt.strftime("%Y-%m-%d").tolist()
    ['2026-03-31', nan]
    >>> from datetime import date
    >>> with_ends(quotas, last_end=date(2026, 6, 30))["end"].dt.strftime("%Y-%m-%d").tolist()
    ['2026-03-31', '2026-06-30']
    """
    whose = [column for column in _WHOSE if column in quotas]
    starts = quotas[[*whose, "start"]].drop_duplicates().sort_values("start", kind="stable")
    starts["next"] = starts.groupby(whose, dropna=False, sort=False)["start"].shift(-1)
    following = quotas[[*whose, "start"]].merge(starts, on=[*whose, "start"], how="left")["next"]
    before = following.to_numpy() - pd.Timedelta(days=1)
    ends = pd.Series(before, index=quotas.index).astype(quotas["start"].dtype)
    if last_end is not None:
        ends = ends.fillna(pd.Timestamp(last_end)).where(quotas["start"].notna())
    return quotas.assign(end=quotas["end"].fillna(ends) if "end" in quotas else ends)
