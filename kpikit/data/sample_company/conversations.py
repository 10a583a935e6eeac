"""The conversations of the sample company: who wrote when, and how soon somebody replied."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpikit.data.sample_company import market
from kpikit.data.sample_company.accounts import Accounts
from kpikit.data.sample_company.cast import HASTE, POSTS, REP_IDS, WEIGHTS, day_of
from kpikit.data.sample_company.draws import normal, pick, stream
from kpikit.data.sample_company.market import CHANNELS, COUNTRIES, REGION_NAMES, REGIONS
from kpikit.data.sample_company.seasons import DAY, DAYS, FIRST, YEARS_ON, day_weights, to_workday

START = day_of("2024-07-01")  # the day on which the shared inbox was connected
COUNT = 2500
OPENS, CLOSES = 9 * 60, 17 * 60
# In the order of CHANNELS: hours to a reply, share unanswered, share that writes in the evening.
REPLY_HOURS = np.array([1.6, 0.45, 3.2, 0.03, 4.5, 0.15])
UNANSWERED = np.array([0.15, 0.06, 0.13, 0.09, 0.04, 0.11])
EVENING = np.array([0.38, 0.22, 0.30, 0.02, 0.05, 0.15])


def make_conversations(accounts: Accounts, deals: pd.DataFrame, seed: int, scale: float) -> pd.DataFrame:
    """Return the conversations since the inbox was connected: first words of deals, customers, strangers."""
    rng = stream(seed, "conversations")
    talks = pd.concat([_of_deals(deals), _of_anybody(rng, accounts, round(COUNT * scale))], ignore_index=True)
    n = len(talks)
    region, channel, rep = (talks[name].to_numpy() for name in ("region", "channel", "rep"))
    started = DAYS[talks["day"]].astype("datetime64[m]") + _minute(rng, channel)
    busy = 1 + 0.5 * (np.array([day_weights(r) for r in range(len(REGIONS))])[region, talks["day"]] > 1.15)
    hours = REPLY_HOURS[channel] * HASTE[rep] * busy * np.exp(0.85 * normal(rng, n))
    replied = _after(started, hours, region)
    # On the messengers some reply from the sofa.
    awake = np.isin(channel, [0, 1]) & (rng.random(n) < 0.3)
    replied = np.where(awake, started + np.maximum(1, np.round(hours * 60)).astype(int), replied)
    slow = 0.7 + 0.3 * HASTE[rep] * busy
    answered = (rng.random(n) >= UNANSWERED[channel] * slow) | (talks["deal"] != "").to_numpy()
    closed = replied + np.round(30 + 60 * 14 * -np.log1p(-rng.random(n))).astype(int)
    end = (DAYS[-1] + DAY).astype("datetime64[m]")
    answered &= replied < end
    done = answered & (closed < end) & (rng.random(n) < 0.97)
    taken = answered | (rng.random(n) < 0.5)
    customer = talks["customer"].to_numpy()
    table = pd.DataFrame(
        {
            "started_at": started.astype("datetime64[s]"),
            "channel": np.array(CHANNELS)[channel],
            "rep_id": pd.Series(REP_IDS[rep]).where(taken),
            "customer_id": pd.Series(accounts.ids[customer]).where(customer >= 0),
            "deal_id": talks["deal"].where(talks["deal"] != ""),
            "first_reply_at": pd.Series(replied.astype("datetime64[s]")).where(answered),
            "closed_at": pd.Series(closed.astype("datetime64[s]")).where(done),
        }
    )
    table = table.sort_values(["started_at", "rep_id", "channel"], kind="stable", ignore_index=True)
    width = max(4, len(str(n)))
    table.insert(0, "conversation_id", [f"V{number:0{width}d}" for number in range(1, n + 1)])
    return table


def _of_deals(deals: pd.DataFrame) -> pd.DataFrame:
    """Most deals since then began with a conversation, on the day they were created."""
    day = (deals["created_on"] - pd.Timestamp(FIRST)).dt.days.fillna(-1).astype(int)
    rep = pd.Series(pd.Index(REP_IDS).get_indexer(deals["rep_id"]))
    here = POSTS[rep, day.clip(0)] >= 0
    rows = deals[(day >= START) & here]
    return pd.DataFrame(
        {
            "day": day[rows.index],
            "region": pd.Index(REGION_NAMES).get_indexer(rows["region"]),
            "channel": pd.Index(CHANNELS).get_indexer(rows["channel"]),
            "rep": rep[rows.index],
            "customer": rows["customer"].where(rows["outcome"] != "won", -1),
            "deal": rows["deal_id"],
        }
    )


def _of_anybody(rng, accounts: Accounts, count: int) -> pd.DataFrame:
    """Customers ask about an order; strangers ask about a price, and are not heard of again."""
    days = np.arange(START, len(DAYS))
    sizes = np.array([region.customers / 165 + region.newcomers for region in REGIONS])
    region = pick(rng, sizes, count)
    pull = np.stack([day_weights(r)[days] + 0.12 for r in range(len(REGIONS))]) * (1 + 0.12 * YEARS_ON[days])
    day = days[pick(rng, pull[region])]
    channel = np.empty(count, dtype=int)
    for country in ("ID", "US"):
        rows = COUNTRIES[region] == country
        channel[rows] = pick(rng, market.channel_weights(country, YEARS_ON[day[rows]]))
    rep = pick(rng, (region[:, None] == POSTS[:, day].T) * WEIGHTS)
    customer = np.full(count, -1)
    for row in np.flatnonzero(rng.random(count) < 0.6):
        known = np.flatnonzero((accounts.owner[:, day[row]] == rep[row]) & (accounts.acquired < day[row]))
        if len(known):
            customer[row] = known[int(rng.random() * len(known))]
    return pd.DataFrame(
        {"day": day, "region": region, "channel": channel, "rep": rep, "customer": customer, "deal": ""}
    )


def _minute(rng, channel: np.ndarray) -> np.ndarray:
    """Return the minute of the day: two humps in office hours, and the evening on the messengers."""
    n = len(channel)
    hump = np.where(rng.random(n) < 0.55, 10.2, 14.4) + 1.25 * normal(rng, n)
    late = 19.6 + 1.1 * normal(rng, n)
    hour = np.where(rng.random(n) < EVENING[channel], late, hump)
    return np.clip(np.round(hour * 60), 6 * 60 + 5, 23 * 60 + 10).astype(int)


def _after(started: np.ndarray, hours: np.ndarray, region: np.ndarray) -> np.ndarray:
    """Return the moment some business hours after a start."""
    moment = np.empty_like(started)
    for country in ("ID", "US"):
        rows = COUNTRIES[region] == country
        day = started[rows].astype("datetime64[D]")
        minute = (started[rows] - day).astype(int)
        open_day = to_workday(day, country)
        minute = np.where(open_day > day, OPENS, np.clip(minute, OPENS, CLOSES))
        minute = minute - OPENS + np.maximum(1, np.round(hours[rows] * 60)).astype(int)
        length = CLOSES - OPENS
        moment[rows] = to_workday(day, country, days=minute // length).astype("datetime64[m]")
        moment[rows] += OPENS + minute % length
    return moment
