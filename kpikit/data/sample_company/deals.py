"""The deals of the sample company and the stages they went through."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpikit.data.sample_company import market
from kpikit.data.sample_company.accounts import Accounts
from kpikit.data.sample_company.cast import FORMS, POSTS, REP_IDS, WEIGHTS
from kpikit.data.sample_company.draws import normal, pick, spread, stream
from kpikit.data.sample_company.market import CHANNELS, COUNTRIES, LINES, REGION_NAMES, REGIONS
from kpikit.data.sample_company.seasons import DAYS, FIRST, LAST, YEARS_ON, day_weights, to_workday

STAGES = ("lead", "qualified", "proposal", "negotiation")
LOST_PER_WON = 1.75
BIG_ORDER = 2.8  # times the average order of a region: what takes a deal to win
OLD_FILE = np.datetime64("2022-02-15")  # deals closed before came from a spreadsheet
CYCLE = {"Coffee": 34, "Consumables": 27, "Espresso machines": 48, "Kitchen equipment": 58, "Service": 24}
COLUMNS = [
    *("deal_id", "stage", "outcome", "created_on", "closed_on", "expected_close_on", "amount", "rep_id"),
    *("customer", "region", "channel", "product_line"),
]


def make_deals(
    accounts: Accounts, orders: pd.DataFrame, seed: int, scale: float
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the deals and the stages they entered."""
    rng = stream(seed, "deals")
    won = pd.concat([_newcomers(rng, accounts), _big_orders(rng, accounts, orders)], ignore_index=True)
    shares = np.bincount(won["region"], minlength=len(REGIONS)) + 1.0
    lost = _lost(rng, accounts, round(len(won) * LOST_PER_WON), shares)
    still_open = _open(rng, accounts, round(115 * scale), shares)
    deals = pd.concat([won, lost, still_open], ignore_index=True)
    deals["created_on"] = _created(rng, deals)
    deals["reached"] = _reached(rng, deals)
    _forget(rng, deals)
    deals = deals.sort_values(
        ["created_on", "closed_on", "region", "amount"], kind="stable", ignore_index=True
    )
    width = max(4, len(str(len(deals))))
    deals["deal_id"] = [f"D{n:0{width}d}" for n in range(1, len(deals) + 1)]
    stages = _stages(stream(seed, "stages"), deals)
    return _deals_table(rng, deals), stages


def _newcomers(rng, accounts) -> pd.DataFrame:
    """Every new customer was won by a deal; it is worth a part of the first year."""
    rows = np.flatnonzero(accounts.acquired >= 0)
    day = accounts.acquired[rows]
    return pd.DataFrame(
        {
            "outcome": "won",
            "closed_on": DAYS[day],
            "amount": accounts.spend[rows] * (0.15 + 0.3 * rng.random(len(rows))),
            "rep": accounts.owner[rows, day].astype(int),
            "customer": rows,
            "region": accounts.region[rows],
            "channel": accounts.channel[rows],
            "line": pick(rng, (0.50, 0.10, 0.25, 0.10, 0.05), len(rows)),
        }
    )


def _big_orders(rng, accounts, orders) -> pd.DataFrame:
    """A large order of an old customer was won by a deal that closed some days before it."""
    sold = orders[orders["amount"] >= 0]
    by_worth = sold.sort_values(["order_id", "amount"], ascending=[True, False], kind="stable")
    heads = by_worth.groupby("order_id", sort=True).agg(
        amount=("amount", "sum"),
        day=("order_date", "first"),
        customer=("customer_id", "first"),
        rep=("rep_id", "first"),
        channel=("channel", "first"),
        product=("product", "first"),
    )
    region = accounts.region[pd.Index(accounts.ids).get_indexer(heads["customer"])]
    usual = (np.bincount(region, heads["amount"]) / np.maximum(np.bincount(region), 1))[region]
    heads = heads[(heads["amount"] >= BIG_ORDER * usual) & heads["rep"].notna()]
    customer = pd.Index(accounts.ids).get_indexer(heads["customer"])
    day = (heads["day"].to_numpy().astype("datetime64[D]") - FIRST).astype(int)
    rep = pd.Index(REP_IDS).get_indexer(heads["rep"])
    region = accounts.region[customer]
    closed = _workday(
        DAYS[day], region, roll="backward", days=-np.floor(7 * rng.random(len(heads))).astype(int)
    )
    closed_day = (closed - FIRST).astype(int)
    keep = (closed_day > np.maximum(accounts.acquired[customer] + 30, 0)) & (
        POSTS[rep, np.maximum(closed_day, 0)] >= 0
    )
    return pd.DataFrame(
        {
            "outcome": "won",
            "closed_on": closed,
            "amount": heads["amount"].to_numpy(),
            "rep": rep,
            "customer": customer,
            "region": region,
            "channel": pd.Index(CHANNELS).get_indexer(heads["channel"]),
            "line": market.PRODUCT_LINE[pd.Series(heads["product"]).str[1:].astype(int).to_numpy() - 1],
        }
    )[keep]


def _lost(rng, accounts, count, shares) -> pd.DataFrame:
    """Deals are lost where deals are made: by region, season and growth; a rep out of form loses more."""
    table = _prospects(rng, accounts, count, shares, np.arange(len(DAYS)))
    amount = table["amount"].where(rng.random(count) > 0.22)  # many are lost before anybody named a price
    return table.assign(outcome="lost", closed_on=DAYS[table["day"]], amount=amount).drop(columns="day")


def _open(rng, accounts, count, shares) -> pd.DataFrame:
    table = _prospects(rng, accounts, count, shares, np.array([len(DAYS) - 1]))
    return table.assign(outcome=None, closed_on=np.datetime64("NaT", "D")).drop(columns="day")


def _prospects(rng, accounts, count, shares, days) -> pd.DataFrame:
    """Draw deals that are not won: day, region, rep, channel; a quarter of them with customers."""
    region = pick(rng, shares, count)
    pull = np.stack([day_weights(r)[days] for r in range(len(REGIONS))]) * (1 + 0.10 * YEARS_ON[days])
    if len(days) == 1:
        pull = np.ones_like(pull)
    day = days[pick(rng, pull[region])]
    here = region[:, None] == POSTS[:, day].T
    rep = pick(rng, here * WEIGHTS / FORMS[:, day].T ** 1.5)
    customer = np.full(count, -1)
    for row in np.flatnonzero(rng.random(count) < 0.25):
        known = np.flatnonzero(accounts.owner[:, day[row]] == rep[row])
        if len(known):
            customer[row] = known[int(rng.random() * len(known))]
    channel = np.empty(count, dtype=int)
    for country in ("ID", "US"):
        rows = COUNTRIES[region] == country
        channel[rows] = pick(rng, market.channel_weights(country, YEARS_ON[day[rows]]))
    spend = np.array([facts.spend for facts in REGIONS])[region]
    return pd.DataFrame(
        {
            "day": day,
            "amount": spend * 0.24 * spread(rng, count, 0.7),
            "rep": rep,
            "customer": customer,
            "region": region,
            "channel": channel,
            "line": pick(rng, (0.40, 0.12, 0.26, 0.15, 0.07), count),
        }
    )


def _created(rng, deals) -> np.ndarray:
    """Step back from the closing by the length of a cycle: longer for machines and for what is lost."""
    middle = np.array([CYCLE[line] for line in LINES], dtype=float)[deals["line"]]
    haste = 0.6 + 0.4 / FORMS[deals["rep"], np.clip(_day(deals["closed_on"]), 0, len(DAYS) - 1)]
    cycle = middle * haste * np.exp(0.5 * normal(rng, len(deals)))
    cycle = np.where(deals["outcome"] == "lost", 1.25 * cycle, cycle)
    # What is open has had a part of its cycle, and some of it was forgotten long ago.
    forgotten = 1 + 3.5 * (rng.random(len(deals)) < 0.12)
    cycle = np.where(deals["outcome"].isna(), cycle * rng.random(len(deals)) * 1.6 * forgotten, cycle)
    end = deals["closed_on"].fillna(LAST).to_numpy().astype("datetime64[D]")
    created = end - np.maximum(1, np.round(cycle)).astype(int)
    return _workday(created, deals["region"].to_numpy(), roll="backward")


def _reached(rng, deals) -> np.ndarray:
    """Return the last working stage of each deal."""
    n = len(deals)
    lost = np.where(deals["amount"].isna(), pick(rng, (0.7, 0.3), n), pick(rng, (0.12, 0.33, 0.38, 0.17), n))
    age = (LAST - deals["created_on"].to_numpy().astype("datetime64[D]")).astype(int)
    fresh = np.clip(np.floor(age / 26 + 1.5 * rng.random(n) - 0.4), 0, 3).astype(int)
    return np.select([deals["outcome"] == "won", deals["outcome"] == "lost"], [3, lost], fresh)


def _forget(rng, deals) -> None:
    """Mark the old deals whose dates the spreadsheet did not know; their stages are not known either."""
    old = deals["closed_on"] <= OLD_FILE
    deals["no_start"] = old & (rng.random(len(deals)) < 0.35)
    deals["no_end"] = old & (deals["outcome"] == "lost") & (rng.random(len(deals)) < 0.35)


def _stages(rng, deals) -> pd.DataFrame:
    """Spread the stages over the life of each deal; a few deals skip one."""
    created = deals["created_on"].to_numpy().astype("datetime64[D]")
    closed = deals["closed_on"].fillna(LAST).to_numpy().astype("datetime64[D]")
    length = (closed - created).astype(int)
    reached = deals["reached"].to_numpy()
    fractions = np.cumsum(0.3 + rng.random((len(deals), 4)), axis=1)
    fractions /= fractions[:, -1:]
    skipped = rng.random(len(deals)) < 0.12
    parts = []
    for stage, name in enumerate(STAGES):
        share = (
            fractions[:, stage - 1] / fractions[np.arange(len(deals)), np.maximum(reached, 1)]
            if stage
            else 0.0
        )
        entered = created + np.floor(length * np.minimum(share, 1.0) * 0.92).astype("timedelta64[D]")
        rows = (reached >= stage) & ~(skipped & (stage == 1) & (reached > 1))
        parts.append(_stage_rows(deals, entered, name, stage, rows))
    for outcome in ("won", "lost"):
        parts.append(_stage_rows(deals, closed, outcome, 4, (deals["outcome"] == outcome).to_numpy()))
    known = deals.loc[~(deals["no_start"] | deals["no_end"]), "deal_id"]
    table = pd.concat(parts)
    table = table[table["deal_id"].isin(known)]
    table = table.sort_values(["deal_id", "order"], kind="stable", ignore_index=True)
    return table.drop(columns="order")


def _stage_rows(deals, entered, name, order, rows) -> pd.DataFrame:
    ids = deals["deal_id"].to_numpy()[rows]
    return pd.DataFrame({"deal_id": ids, "stage": name, "entered_on": entered[rows], "order": order})


def _deals_table(rng, deals) -> pd.DataFrame:
    """Bring the deals into the columns of the contract, with the gaps that sales teams leave."""
    n, reached, is_open = len(deals), deals["reached"].to_numpy(), deals["outcome"].isna().to_numpy()
    gap = np.array([0.75, 0.40, 0.06, 0.0])[reached]
    amount = deals["amount"].where(~(is_open & (rng.random(n) < gap)))
    stage = np.where(is_open, np.array(STAGES)[reached], deals["outcome"])
    created = deals["created_on"].to_numpy().astype("datetime64[D]")
    end = deals["closed_on"].fillna(LAST).to_numpy().astype("datetime64[D]")
    hoped = np.where(
        is_open, 25 + 55 * rng.random(n), (end - created).astype(int) * (0.6 + 0.5 * rng.random(n))
    )
    expected = _workday(created + np.maximum(7, hoped).astype("timedelta64[D]"), deals["region"].to_numpy())
    table = deals.assign(
        stage=stage,
        amount=(amount / 10).round() * 10,
        expected_close_on=pd.Series(expected).where(reached > 0),
        created_on=deals["created_on"].where(~deals["no_start"]),
        closed_on=deals["closed_on"].where(~deals["no_end"]),
        rep_id=REP_IDS[deals["rep"]],
        region=np.array(REGION_NAMES)[deals["region"]],
        channel=np.array(CHANNELS)[deals["channel"]],
        product_line=np.array(LINES)[deals["line"]],
    )
    return table[COLUMNS]


def _workday(dates, region, roll="forward", days=0) -> np.ndarray:
    moved = np.asarray(dates).astype("datetime64[D]").copy()
    steps = np.broadcast_to(days, moved.shape)
    for country in ("ID", "US"):
        rows = COUNTRIES[region] == country
        moved[rows] = to_workday(moved[rows], country, roll, steps[rows])
    return moved


def _day(dates: pd.Series) -> np.ndarray:
    return (dates.fillna(LAST).to_numpy().astype("datetime64[D]") - FIRST).astype(int)
