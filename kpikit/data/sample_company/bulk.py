"""Orders by the million, from the ingredients of the sample company, to measure speed with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from kpikit.data.sample_company import market
from kpikit.data.sample_company.cast import CAST, FORMS, WEIGHTS
from kpikit.data.sample_company.draws import pick, spread, stream
from kpikit.data.sample_company.market import CHANNELS, COUNTRIES, LINES, REGION_NAMES, REGIONS, SEGMENTS
from kpikit.data.sample_company.orders import LINE_SHARES
from kpikit.data.sample_company.seasons import DAYS, YEARS, YEARS_ON, day_weights

ROWS_PER_CUSTOMER = 40
GAINED = 130  # customers the sample company gains on balance, which gives the regions their growth


def make_orders(
    rows: int = 10_000_000,
    seed: int = 7,
    reps: int = 24,
    customers: int | None = None,
    text_ids: bool = False,
) -> pd.DataFrame:
    """Make order lines by the million, with the seasons, channels and reps of the sample company.

    Parameters
    ----------
    rows
        Number of order lines; an order has one, two or three.
    seed
        Another seed makes other orders of the same kind.
    reps
        Number of reps.
    customers
        Number of customers to draw from; by default one for each 40 lines, but at least 100.
    text_ids
        Whether ids are text ("C0000123") instead of int32.

    Returns
    -------
    DataFrame
        order_id, order_date (datetime64), customer_id, rep_id, amount and cost (USD, 2 decimals), region,
        channel, product_line (text); sorted by date. No value is missing and nothing is refunded.

    Examples
    --------
    >>> from kpikit.data.samples import make_orders
    >>> orders = make_orders(rows=1_000)
    >>> orders.shape
    (1000, 9)
    >>> orders["order_id"].is_monotonic_increasing
    True
    """
    rng = stream(seed, "bulk")
    customers = customers or max(100, rows // ROWS_PER_CUSTOMER)
    count = _lines_per_order(rng, rows)
    day, region = _days_and_regions(rng, len(count))
    customer, homes = _customers(rng, day, region, customers)
    rep_of = _reps_of_customers(rng, homes, reps)
    rep = rep_of[customer]
    worth = _worths(rng, homes)[customer] * spread(rng, len(count), 0.35)
    worth *= FORMS[rep % len(CAST), day]
    channel = _channels(rng, day, region)

    head = np.repeat(np.arange(len(count), dtype=np.int32), count)
    line = pick(rng, np.mean([market.LINE_MIX[segment] for segment in SEGMENTS], axis=0), rows).astype(
        np.int8
    )
    amount = np.round((worth / count)[head] * (0.4 + 1.2 * rng.random(rows)), 2)
    year = YEARS[day][head]
    cost = np.round(amount * market.cost_share(line, year) * (0.95 + 0.1 * rng.random(rows)), 2)
    return pd.DataFrame(
        {
            "order_id": _ids("O", head, len(count), text_ids),
            "order_date": DAYS.astype("datetime64[s]")[day][head],
            "customer_id": _ids("C", customer[head], customers, text_ids),
            "rep_id": _ids("R", rep[head], reps, text_ids),
            "amount": amount,
            "cost": cost,
            "region": _texts(REGION_NAMES, region[head]),
            "channel": _texts(CHANNELS, channel[head]),
            "product_line": _texts(LINES, line),
        }
    )


def _lines_per_order(rng, rows: int) -> np.ndarray:
    """Draw orders until the rows are used up."""
    count = (pick(rng, LINE_SHARES, rows) + 1).astype(np.int8)
    ends = np.cumsum(count, dtype=np.int64)
    last = int(np.searchsorted(ends, rows))
    count = count[: last + 1]
    count[-1] -= ends[last] - rows
    return count


def _days_and_regions(rng, orders: int) -> tuple[np.ndarray, np.ndarray]:
    """Spread the orders over days by season and growth, and those of a day over the regions."""
    start = np.array([region.customers for region in REGIONS])[:, None]
    gained = np.array([region.newcomers for region in REGIONS])[:, None] * GAINED
    weights = np.stack([day_weights(r) for r in range(len(REGIONS))])
    weights = weights * (start + gained * YEARS_ON / YEARS_ON[-1])
    ends = np.round(np.cumsum(weights.sum(axis=0)) / weights.sum() * orders).astype(np.int64)
    day = np.repeat(np.arange(len(DAYS), dtype=np.int16), np.diff(ends, prepend=0))
    return day, _draw(rng, weights.T, day)


def _draw(rng, weights: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Draw a position for each entry, by the weights of its row."""
    edges = np.cumsum(weights, axis=1)
    edges /= edges[:, -1:]
    chance = rng.random(len(row))
    position = np.zeros(len(row), dtype=np.int8)
    for column in range(edges.shape[1] - 1):
        position += chance >= edges[:, column][row]
    return position


def _customers(rng, day, region, customers: int) -> tuple[np.ndarray, np.ndarray]:
    """Choose the customer of each order, old ones more often; return also the region of each customer."""
    ends = np.cumsum([facts.customers + GAINED * facts.newcomers for facts in REGIONS])
    ends = np.round(ends / ends[-1] * customers).astype(np.int64)
    starts = np.concatenate([[0], ends[:-1]])
    known = (ends - starts)[region] * (0.55 + 0.45 * YEARS_ON / YEARS_ON[-1])[day]
    customer = starts[region] + (rng.random(len(day)) ** 1.5 * known).astype(np.int64)
    customer = np.minimum(customer, customers - 1)  # a region may have none where there are few
    return customer.astype(np.int32), np.repeat(np.arange(len(REGIONS)), ends - starts)


def _reps_of_customers(rng, homes: np.ndarray, reps: int) -> np.ndarray:
    """Give each customer a rep of the region; few reps share the regions."""
    ends = np.cumsum([facts.customers + GAINED * facts.newcomers for facts in REGIONS])
    places = (np.arange(reps) + 0.5) / reps * ends[-1]
    home_of_rep = np.searchsorted(ends, places)
    weights = WEIGHTS[np.arange(reps) % len(CAST)]
    rep_of = np.empty(len(homes), dtype=np.int32)
    for r in range(len(REGIONS)):
        here = home_of_rep == r
        if not here.any():
            here = np.arange(reps) == r % reps
        rows = homes == r
        rep_of[rows] = pick(rng, weights * here, int(rows.sum()))
    return rep_of


def _worths(rng, homes: np.ndarray) -> np.ndarray:
    """Return what each customer spends on an order."""
    spend = np.array([facts.spend for facts in REGIONS])[homes] / market.SEGMENT_ORDERS.mean()
    return spend * spread(rng, len(homes), 0.45)


def _channels(rng, day, region) -> np.ndarray:
    countries = ("ID", "US")
    weights = np.concatenate([market.channel_weights(country, YEARS_ON) for country in countries])
    offset = (COUNTRIES[region] == "US").astype(np.int32) * len(DAYS)
    return _draw(rng, weights, day + offset)


def _ids(letter: str, number: np.ndarray, largest: int, text_ids: bool):
    """Number from 1, as int32 or as texts of one width."""
    if not text_ids:
        return (number + 1).astype(np.int32)
    width = {"R": max(2, len(str(largest)))}.get(letter, max(7, len(str(largest))))
    labels = [f"{letter}{n:0{width}d}" for n in range(1, largest + 1)]
    return _texts(labels, number)


def _texts(labels, codes: np.ndarray) -> pd.Series:
    """Write codes as texts, without a Python object for each row."""
    return pa.array(labels, pa.large_string()).take(pa.array(codes)).to_pandas()
