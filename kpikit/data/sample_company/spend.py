"""What the sample company spends to win customers, and what it asks of its reps."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpikit.data.sample_company.accounts import ACQUISITION
from kpikit.data.sample_company.cast import CAST, REP_IDS
from kpikit.data.sample_company.draws import normal, spread, stream
from kpikit.data.sample_company.market import CHANNELS, REGIONS
from kpikit.data.sample_company.seasons import DAYS, FIRST, LAST, day_weights

# USD a month in 2022 over all regions of a country, in the order of CHANNELS; nothing is spent on the phone.
MONTHLY = {"ID": (1900, 1300, 900, 0, 700, 650), "US": (1500, 0, 450, 0, 1400, 1900)}
YEARLY_RAISE = 1.07


def make_costs(seed: int, scale: float) -> pd.DataFrame:
    """Return the spend by month, channel and region: advertising, marketplace fees, referral rewards."""
    rng = stream(seed, "costs")
    months = np.arange(FIRST.astype("datetime64[M]"), LAST.astype("datetime64[M]") + np.timedelta64(1, "M"))
    shares = {c: sum(_weight(region) for region in REGIONS if region.country == c) for c in MONTHLY}
    rows = []
    for r, region in enumerate(REGIONS):
        season = _season(r, months)
        for channel, budget in zip(CHANNELS, MONTHLY[region.country], strict=True):
            base = budget * scale * _weight(region) / shares[region.country]
            noise = spread(rng, len(months), 0.16)
            growth = YEARLY_RAISE ** (np.arange(len(months)) / 12)
            amount = np.round(base * growth * season * noise / 5) * 5.0
            rows += [(m, channel, region.name, a) for m, a in zip(months, amount, strict=True) if a > 0]
    table = pd.DataFrame(rows, columns=["month", "channel", "region", "amount"])
    table["month"] = table["month"].to_numpy().astype("datetime64[s]")
    return table.sort_values(["month", "channel", "region"], kind="stable", ignore_index=True)


def _weight(region) -> float:
    return region.newcomers + 0.02


def _season(region: int, months: np.ndarray) -> np.ndarray:
    """Spend follows the season at half strength."""
    weights = pd.Series(day_weights(region), index=DAYS.astype("datetime64[M]"))
    return 0.5 + 0.5 * weights.groupby(level=0).mean().reindex(months).to_numpy()


def make_quotas(orders: pd.DataFrame, seed: int, scale: float) -> pd.DataFrame:
    """Return revenue quotas of each rep and quarter, and yearly quotas of new customers for each region.

    A manager asks for about what a rep usually sells in the season, and errs.
    """
    rng = stream(seed, "quotas")
    sold = orders[orders["amount"] >= 0]
    quarters = pd.period_range("2022Q1", "2026Q4", freq="Q")
    when = sold["order_date"].dt.to_period("Q")
    actual = sold.groupby(["rep_id", when])["amount"].sum().unstack().reindex(REP_IDS, columns=quarters)
    rows = []
    for rep_id, rep in zip(REP_IDS, CAST, strict=True):
        hired, left = pd.Timestamp(rep.hired), pd.Timestamp(rep.left or "2027-01-01")
        level = None if actual.loc[rep_id].notna().any() else 0.0
        for quarter, error in zip(quarters, normal(rng, len(quarters)), strict=True):
            first, last = quarter.start_time, quarter.end_time.normalize()
            start, end = max(first, hired), min(last, left - pd.Timedelta(days=1))
            if (end - start).days < 14:
                continue
            share = ((end - start).days + 1) / ((last - first).days + 1)
            season = {1: 0.90, 2: 1.01, 3: 0.99, 4: 1.10}[quarter.quarter]
            # The last quarter has only begun: what was sold in it says nothing yet.
            seen = actual.loc[rep_id, quarter] / share / season if quarter < quarters[-1] else np.nan
            if level is None or not np.isnan(seen):
                level = np.nan_to_num(seen) if level is None else 0.55 * level + 0.45 * seen
            asked = 1.03 * level * season * share * np.exp(0.09 * error)
            rows.append(("revenue", start, end, max(round(asked / 500) * 500, 500), rep_id, None))
    for year, rates in enumerate(np.reshape(ACQUISITION, (-1, 4))):
        for region in REGIONS:
            value = max(1, round((165 + 22 * year) * scale * rates.sum() * region.newcomers))
            start = pd.Timestamp(2022 + year, 1, 1)
            rows.append(("new_customers", start, pd.Timestamp(2022 + year, 12, 31), value, None, region.name))
    table = pd.DataFrame(rows, columns=["kpi", "start", "end", "value", "rep_id", "region"])
    return table.sort_values(["kpi", "start", "rep_id", "region"], kind="stable", ignore_index=True)
