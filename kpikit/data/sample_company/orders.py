"""The orders of the sample company, and what came back of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kpikit.data.sample_company import market
from kpikit.data.sample_company.accounts import Accounts
from kpikit.data.sample_company.cast import DISCOUNTS, FORMS, POSTS, REP_IDS
from kpikit.data.sample_company.draws import normal, pick, spread, stream, waits, weighted_sample
from kpikit.data.sample_company.market import CHANNELS, COUNTRIES, LINES, REGIONS, SEGMENTS
from kpikit.data.sample_company.seasons import DAYS, YEARS, YEARS_ON, day_weights, to_workday

FORM_REACH = 0.5  # a rep's form shows half in how often, half in how much is ordered
LINE_SHARES = (0.58, 0.29, 0.13)  # orders of one, two and three lines
REFUNDED = 0.02  # share of lines
TEAMWORK = 0.06  # share of orders that a colleague took


def orders_table(accounts: Accounts, seed: int) -> pd.DataFrame:
    """Return all order lines, refunds among them, in order of date."""
    rng = stream(seed, "orders")
    heads = _heads(rng, accounts)
    lines = _lines(rng, heads, accounts)
    refunds = _refunds(stream(seed, "refunds"), lines, accounts)
    table = pd.concat([lines.assign(refunded_head=-1), refunds], ignore_index=True)
    table["row"] = np.arange(len(table))
    table = table.sort_values(["day", "head", "row"], kind="stable", ignore_index=True)
    number = pd.factorize(table["head"])[0] + 1
    width = max(5, len(str(len(table))))
    ids = np.array([f"O{n:0{width}d}" for n in range(number.max() + 1)])
    id_of_head = dict(zip(table["head"], ids[number], strict=True))
    rep, channel = table["rep"].to_numpy(), table["channel"].to_numpy()
    return pd.DataFrame(
        {
            "order_id": ids[number],
            "line_id": (table.groupby("head").cumcount() + 1).astype("str"),
            "order_date": DAYS[table["day"].to_numpy()],
            "customer_id": accounts.ids[table["customer"].to_numpy()],
            "rep_id": pd.Series(REP_IDS[rep]).where(rep >= 0),
            "product": _product_ids()[table["product"].to_numpy()],
            "quantity": table["quantity"].to_numpy(),
            "amount": table["amount_cents"].to_numpy() / 100,
            "cost": (table["cost_cents"] / 100).to_numpy(),
            "discount": table["discount_cents"].to_numpy() / 100,
            "channel": pd.Series(np.array(CHANNELS)[channel]).where(channel >= 0),
            "refund_of": table["refunded_head"].map(id_of_head),
        }
    )


def order_rates(accounts: Accounts) -> np.ndarray:
    """Return the orders to expect of each customer on each day (customers × days)."""
    days = np.arange(len(DAYS))
    weights = np.stack([day_weights(r) for r in range(len(REGIONS))])
    rates = market.SEGMENT_ORDERS[accounts.segment][:, None] / 365.25 * weights[accounts.region]
    forms = FORMS[np.maximum(accounts.owner, 0), days] ** FORM_REACH
    age = days - accounts.acquired[:, None]
    ramp = np.clip(0.55 + 0.45 * age / 200, 0, 1)
    ramp[accounts.acquired < 0] = 1.0
    to_go = accounts.left[:, None] - days
    fade = np.clip((to_go - 25) / 200, 0.0, 1.0) ** 0.7
    return np.where(accounts.owner >= 0, rates * forms * ramp * fade, 0.0)


def _heads(rng: np.random.Generator, accounts: Accounts) -> pd.DataFrame:
    """Place the orders of each customer on days: regular waits, stretched by season, form and age."""
    customers, days = [], []
    for c, rates in enumerate(order_rates(accounts)):
        passed = np.cumsum(rates)
        steps = waits(rng, int(passed[-1] * 1.6) + 12)
        steps[0] *= rng.random() if accounts.acquired[c] < 0 else 0.0
        steps = np.cumsum(steps)
        placed = np.searchsorted(passed, steps[steps < passed[-1]], side="right")
        if accounts.acquired[c] >= 0 and len(placed):  # a newcomer's first order comes within days
            welcome = np.flatnonzero(rates > 0.2 * rates.max())
            placed[0] = welcome[min(int(9 * rng.random() ** 2), len(welcome) - 1)]
            placed = np.maximum(placed, placed[0])
        customers.append(np.full(len(placed), c))
        days.append(placed)
    heads = pd.DataFrame({"customer": np.concatenate(customers), "day": np.concatenate(days)})
    heads = heads.sort_values(["day", "customer"], kind="stable", ignore_index=True)
    heads["channel"] = _channels(rng, heads, accounts)
    heads["rep"] = _takers(rng, heads, accounts)
    return heads


def _channels(rng, heads, accounts) -> np.ndarray:
    """Most orders come through the customer's own channel, the others through the channels of the time."""
    country = COUNTRIES[accounts.region[heads["customer"]]]
    channel = np.empty(len(heads), dtype=int)
    for code in ("ID", "US"):
        rows = country == code
        channel[rows] = pick(rng, market.channel_weights(code, YEARS_ON[heads["day"]][rows]))
    own = rng.random(len(heads)) < 0.6
    return np.where(own, accounts.channel[heads["customer"]], channel)


def _takers(rng, heads, accounts) -> np.ndarray:
    """The rep of the customer takes the order, at times a colleague; none in part of the marketplace."""
    customer, day = heads["customer"].to_numpy(), heads["day"].to_numpy()
    rep = accounts.owner[customer, day].astype(int)
    for row in np.flatnonzero(rng.random(len(heads)) < TEAMWORK):
        colleagues = np.flatnonzero(POSTS[:, day[row]] == accounts.region[customer[row]])
        rep[row] = colleagues[int(rng.random() * len(colleagues))]
    nobody = (heads["channel"].to_numpy() == CHANNELS.index("marketplace")) & (
        rng.random(len(heads)) < market.WITHOUT_REP
    )
    rep[nobody] = -1
    return rep


def _lines(rng: np.random.Generator, heads: pd.DataFrame, accounts: Accounts) -> pd.DataFrame:
    """Fill each order with one to three lines, worth about what the customer spends on an order."""
    customer, day = heads["customer"].to_numpy(), heads["day"].to_numpy()
    owner = accounts.owner[customer, day]
    region, segment = accounts.region[customer], accounts.segment[customer]
    trend = np.array([facts.trend for facts in REGIONS])[region] ** YEARS_ON[day]
    worth = accounts.spend[customer] / market.SEGMENT_ORDERS[segment] * trend
    worth = worth * FORMS[owner, day] ** (1 - FORM_REACH) * spread(rng, len(heads), 0.30)

    count = pick(rng, LINE_SHARES, len(heads)) + 1
    head = np.repeat(np.arange(len(heads)), count)
    part = 0.35 + rng.random(len(head))
    part /= np.bincount(head, part)[head]
    target = worth[head] * part
    mix = np.array([market.LINE_MIX[name] for name in SEGMENTS])[segment[head]]
    product = _products(rng, pick(rng, mix), target)
    line = market.PRODUCT_LINE[product]
    years = YEARS[day[head]]
    price = np.round(market.LIST_PRICE[product] * market.prices_in(years) * 100).astype(np.int64)
    quantity = np.maximum(1, np.round(target / market.LIST_PRICE[product])).astype(np.int64)

    habit = DISCOUNTS[np.maximum(heads["rep"].to_numpy()[head], 0)]
    given = rng.random(len(head)) < np.minimum(0.9, 7 * habit)
    percent = np.where(
        given, np.clip(np.round(habit * 2.2 * (0.4 + 1.2 * rng.random(len(head))) * 40) * 2.5, 2.5, 25), 0
    )
    discount = np.round(price * quantity * percent / 100).astype(np.int64)
    share = market.cost_share(line, years) * (1 + 0.03 * normal(rng, len(head)))
    cost = np.round(price * quantity * share)
    # Service has its cost from another system, which forgets some; elsewhere a cost is seldom missing.
    cost[rng.random(len(head)) < np.where(line == LINES.index("Service"), 0.14, 0.016)] = np.nan
    return pd.DataFrame(
        {
            "head": head,
            "day": day[head],
            "customer": customer[head],
            "rep": heads["rep"].to_numpy()[head],
            "channel": heads["channel"].to_numpy()[head],
            "product": product,
            "quantity": quantity,
            "amount_cents": price * quantity - discount,
            "cost_cents": cost,
            "discount_cents": discount,
        }
    )


def _products(rng, line: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Choose a product of the line that fits the money; the nearest in price where none does."""
    weights = (line[:, None] == market.PRODUCT_LINE) * market.POPULARITY
    fits = weights * (1.5 * target[:, None] >= market.LIST_PRICE)
    # Nobody orders a dozen repairs at once.
    fits *= (line != LINES.index("Service"))[:, None] | (target[:, None] / 5 <= market.LIST_PRICE)
    away = np.where(weights > 0, np.abs(np.log(market.LIST_PRICE / target[:, None])), np.inf)
    unfit = ~fits.any(axis=1)
    fits[unfit, away.argmin(axis=1)[unfit]] = 1.0
    return pick(rng, fits)


def _refunds(rng: np.random.Generator, lines: pd.DataFrame, accounts: Accounts) -> pd.DataFrame:
    """Take back a share of the lines some days later, in whole or in part."""
    chosen = weighted_sample(rng, np.ones(len(lines)), round(len(lines) * REFUNDED))
    table = lines.iloc[chosen].assign(refunded_head=lines["head"].to_numpy()[chosen])
    share = np.where(rng.random(len(table)) < 0.45, 1.0, 0.15 + 0.6 * rng.random(len(table)))
    back = np.maximum(1, np.round(table["quantity"] * share)).astype(np.int64)
    part = (back / table["quantity"]).to_numpy()
    later = 3 + np.floor(40 * rng.random(len(table)) ** 1.5).astype(int)
    for country in ("ID", "US"):
        rows = COUNTRIES[accounts.region[table["customer"]]] == country
        dates = to_workday(DAYS[table["day"].to_numpy()[rows]] + later[rows], country)
        later[rows] = (dates - DAYS[table["day"].to_numpy()[rows]]).astype(int)
    table["day"] = table["day"] + later
    table["quantity"] = -back
    for column in ("amount_cents", "discount_cents", "cost_cents"):
        table[column] = -np.round(table[column] * part)
    table["head"] = lines["head"].max() + 1 + np.arange(len(table))
    table = table[table["day"] < np.minimum(len(DAYS), accounts.left[table["customer"]])]
    owner = accounts.owner[table["customer"], table["day"]]
    gone = (table["rep"] >= 0) & (POSTS[table["rep"], table["day"]] < 0)
    table["rep"] = np.where(gone, owner, table["rep"])
    # Accounting books some credit notes without a rep and a channel; the refunded order knows them.
    blank = np.arange(len(table)) % 12 == 5
    table.loc[blank, ["rep", "channel"]] = -1
    return table.astype({"amount_cents": "int64", "discount_cents": "int64"})


def _product_ids() -> np.ndarray:
    return np.array([f"P{n:02d}" for n in range(1, len(market.PRODUCTS) + 1)])


def products_table() -> pd.DataFrame:
    """Return the side table of products, which gives an order line its product and product line."""
    names, lines, prices, _popularity = zip(*market.PRODUCTS, strict=True)
    return pd.DataFrame(
        {"product_id": _product_ids(), "name": names, "product_line": lines, "list_price": prices}
    )
