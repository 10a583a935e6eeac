"""The customers of the sample company: who came, who left, who looked after them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpikit.data.sample_company import market
from kpikit.data.sample_company.cast import CAST, FORMS, POSTS, WEIGHTS
from kpikit.data.sample_company.draws import pick, spread, stream, weighted_sample
from kpikit.data.sample_company.market import CHANNELS, COUNTRIES, REGION_NAMES, REGIONS, SEGMENTS
from kpikit.data.sample_company.names import customer_names
from kpikit.data.sample_company.seasons import DAYS, FIRST, day_weights

NEVER = 10**6  # the day on which a customer leaves who has not left
CHURN = 0.079  # a year
# New customers of each quarter, as a share of those active when it starts.
ACQUISITION = (
    *(0.049, 0.053, 0.047, 0.055),  # 2022
    *(0.046, 0.054, 0.049, 0.052),
    *(0.044, 0.050, 0.055, 0.050),
    *(0.048, 0.053, 0.055, 0.057),
    *(0.047, 0.053, 0.059, 0.060),  # 2026
)
NEWCOMER_SPEND = 0.39  # of an old customer's: newcomers are smaller


@dataclass(frozen=True)
class Accounts:
    """One entry per customer, in order of acquisition; days count from the company's first."""

    region: np.ndarray
    segment: np.ndarray
    channel: np.ndarray
    spend: np.ndarray  # USD a year, in prices of 2022
    acquired: np.ndarray
    left: np.ndarray
    owner: np.ndarray  # customers × days: the rep who looks after the customer, -1 before and after
    ids: np.ndarray
    names: np.ndarray

    def __len__(self) -> int:
        """Return the number of customers."""
        return len(self.region)


def make_accounts(seed: int, scale: float) -> Accounts:
    """Let customers come, go and change hands, from month to month."""
    rng = stream(seed, "accounts")
    acquired, region = _arrivals(rng, scale)
    order = np.lexsort((region, acquired))
    acquired, region = acquired[order], region[order]
    segment = _segments(rng, region)
    years_on = np.maximum(acquired, 0) / 365.25
    channel = np.empty(len(region), dtype=int)
    for country in ("ID", "US"):
        rows = COUNTRIES[region] == country
        channel[rows] = pick(rng, market.channel_weights(country, years_on[rows]))
    spend = _spend(rng, region, segment, acquired >= 0)
    left, owner = _timeline(rng, region, acquired, spend)
    width = max(3, len(str(len(region))))
    ids = np.array([f"C{number:0{width}d}" for number in range(1, len(region) + 1)])
    names = customer_names(stream(seed, "names"), region, segment)
    return Accounts(region, segment, channel, spend, acquired, left, owner, ids, names)


def _arrivals(rng: np.random.Generator, scale: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the day and region of each arrival: the old ones before day 0, then quarter by quarter."""
    days, regions, active = [], [], 0.0
    for r, region in enumerate(REGIONS):
        count = max(1, round(region.customers * scale))
        years_ago = 5.6 * rng.random(count) ** 1.35  # the company was founded in 2015; it grew
        days.append(-1 - np.floor(years_ago * 365.25).astype(int))
        regions.append(np.full(count, r))
        active += count
    shares = np.array([region.newcomers for region in REGIONS])
    owed = rng.random(len(REGIONS)) * 0.5
    for quarter, rate in enumerate(ACQUISITION):
        start = np.datetime64("2022-01") + np.timedelta64(3 * quarter, "M")
        first = max(int((start.astype("datetime64[D]") - FIRST).astype(int)), 0)
        length = int(
            ((start + np.timedelta64(3, "M")).astype("datetime64[D]") - start.astype("datetime64[D]")).astype(
                int
            )
        )
        last = min(first + length, len(DAYS))
        count = round(active * rate)
        active += count - active * CHURN / 4
        count = round(count * (last - first) / length)  # the last quarter has only begun
        for _ in range(count):  # to the region that is owed the most, so that shares hold in every year
            owed += shares
            r = int(np.argmax(owed + 0.3 * rng.random(len(owed))))
            owed[r] -= 1
            pull = np.where(day_weights(r)[first:last] > 0.5, 1.0, 0.0)
            days.append(first + pick(rng, pull, 1))
            regions.append(np.array([r]))
    return np.concatenate(days), np.concatenate(regions)


def _segments(rng: np.random.Generator, region: np.ndarray) -> np.ndarray:
    mixes = np.array([market.SEGMENT_MIX.get(name, market.SEGMENT_MIX[""]) for name in REGION_NAMES])
    return pick(rng, mixes[region])


def _spend(rng: np.random.Generator, region, segment, is_new) -> np.ndarray:
    """Spend a year, brought to the region's average so that chance does not move a whole region."""
    spend = market.SEGMENT_SPEND[segment] * spread(rng, len(region), 0.45)
    for r, facts in enumerate(REGIONS):
        for newcomers, share in ((False, 1.0), (True, NEWCOMER_SPEND)):
            rows = (region == r) & (is_new == newcomers)
            if rows.any():
                spend[rows] *= facts.spend * share / spend[rows].mean()
    return spend


def _timeline(rng, region, acquired, spend) -> tuple[np.ndarray, np.ndarray]:
    """Walk through all days on which hands change; return leaving days and the owner of each day."""
    left = np.full(len(region), NEVER)
    owner = np.full((len(region), len(DAYS)), -1, dtype=np.int8)
    current = np.full(len(region), -1)
    months = {int(day) for day in np.flatnonzero(np.diff(DAYS.astype("datetime64[M]").astype(int))) + 1}
    changes = {int(day) + 1 for day in np.flatnonzero((POSTS[:, 1:] != POSTS[:, :-1]).any(axis=0))}
    steps = sorted({0} | months | changes)
    owed = 0.0
    before = np.full(len(CAST), -1)
    for step, end in zip(steps, [*steps[1:], len(DAYS)], strict=True):
        here = POSTS[:, step]
        stays = left > step
        known = (acquired < end) & stays
        lost = known & ((current < 0) | (here[current] != region))
        _assign(rng, np.flatnonzero(lost), current, region, spend, known, here)
        for rep in np.flatnonzero((here >= 0) & (here != before) & (step > 0)):
            _welcome(rng, rep, current, region, spend, known, here)
        before = here
        rows = np.flatnonzero(known)
        owner[rows, step:end] = current[rows, None]
        owed += CHURN / 365.25 * (end - step) * ((acquired < step) & stays).sum()
        if int(owed):
            _leave(rng, int(owed), left, step, end, acquired, spend, current)
            owed -= int(owed)
    days = np.arange(len(DAYS))
    owner[(days < acquired[:, None]) | (days >= left[:, None])] = -1
    return left, owner


def _assign(rng, customers, current, region, spend, known, here) -> None:
    """Give each customer to the rep of the region who has the least to do for their weight."""
    for c in customers:
        reps = np.flatnonzero(here == region[c])
        load = np.array([spend[known & (current == rep)].sum() for rep in reps])
        current[c] = reps[
            np.argmin((load + spend[c] / 2) / WEIGHTS[reps] * (0.8 + 0.4 * rng.random(len(reps))))
        ]


def _welcome(rng, rep, current, region, spend, known, here) -> None:
    """Let a rep who has just come take over accounts, up to most of a fair share."""
    pool = np.flatnonzero(known & (region == here[rep]) & (current != rep))
    team = np.flatnonzero(here == here[rep])
    fair = 0.85 * spend[known & (region == here[rep])].sum() * WEIGHTS[rep] / WEIGHTS[team].sum()
    for c in pool[np.argsort(rng.random(len(pool)), kind="stable")]:
        if spend[known & (current == rep)].sum() + spend[c] / 2 > fair:
            break
        current[c] = rep


def _leave(rng, count, left, step, end, acquired, spend, current) -> None:
    """Let customers leave, small ones and those of a rep out of form more often; none in the first months."""
    weights = spend**-0.4 * FORMS[np.maximum(current, 0), step] ** -2.5
    weights[(left < NEVER) | (acquired > step - 200)] = 0.0
    count = min(count, int((weights > 0).sum()))
    leaving = weighted_sample(rng, weights, count)
    left[leaving] = step + 1 + np.floor(rng.random(count) * max(end - step - 1, 1)).astype(int)


def customers_table(accounts: Accounts) -> pd.DataFrame:
    """Return the table of customers; a few of the oldest have no date of acquisition."""
    acquired = pd.Series(FIRST + np.asarray(accounts.acquired).astype("timedelta64[D]"))
    oldest = np.flatnonzero(accounts.acquired < -1500)[::9]
    acquired[oldest] = pd.NaT
    left = pd.Series(FIRST + np.asarray(accounts.left).astype("timedelta64[D]")).where(
        accounts.left < len(DAYS)
    )
    return pd.DataFrame(
        {
            "customer_id": accounts.ids,
            "name": accounts.names,
            "segment": np.array(SEGMENTS)[accounts.segment],
            "region": np.array(REGION_NAMES)[accounts.region],
            "channel": np.array(CHANNELS)[accounts.channel],
            "acquired_on": acquired,
            "left_on": left,
        }
    )
