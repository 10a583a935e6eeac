"""What the sample company sells, where, to whom and through which channels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Region:
    """A region: customers at the start, share of newcomers, what an old customer spends a year, its trend."""

    name: str
    country: str
    customers: int
    newcomers: float
    spend: float
    trend: float


REGIONS = (
    Region("Alaska", "US", 34, 0.05, 42_000, 0.93),
    Region("Bali", "ID", 30, 0.39, 22_000, 1.0),
    Region("California", "US", 14, 0.06, 30_500, 1.0),
    Region("Jakarta", "ID", 36, 0.20, 23_500, 1.0),
    Region("Medan", "ID", 13, 0.06, 23_500, 0.98),
    Region("New York", "US", 11, 0.07, 34_000, 1.0),
    Region("Surabaya", "ID", 16, 0.12, 22_500, 1.0),
    Region("Texas", "US", 11, 0.05, 33_000, 0.98),
)
REGION_NAMES = tuple(region.name for region in REGIONS)
COUNTRIES = np.array([region.country for region in REGIONS])

SEGMENTS = ("cafe", "hotel", "office", "reseller", "restaurant")
SEGMENT_SPEND = np.array([0.7, 1.5, 0.75, 1.6, 1.0])
SEGMENT_ORDERS = np.array([11.0, 11.5, 6.5, 8.0, 9.5])  # a year
SEGMENT_MIX = {
    "Alaska": (0.14, 0.34, 0.12, 0.24, 0.16),
    "Bali": (0.34, 0.34, 0.03, 0.07, 0.22),
    "Jakarta": (0.28, 0.16, 0.26, 0.10, 0.20),
    "": (0.30, 0.18, 0.18, 0.12, 0.22),
}

CHANNELS = ("Instagram", "WhatsApp", "marketplace", "phone", "referral", "web chat")
CHANNEL_MIX = {"ID": (0.14, 0.40, 0.12, 0.14, 0.12, 0.08), "US": (0.12, 0.06, 0.07, 0.32, 0.20, 0.23)}
CHANNEL_DRIFT = np.array([0.16, 0.10, 0.04, -0.12, 0.0, 0.05])  # growth of a channel's weight a year
WITHOUT_REP = 0.35  # share of the marketplace orders that no rep has handled

LINES = ("Coffee", "Consumables", "Espresso machines", "Kitchen equipment", "Service")
LINE_MIX = {  # by segment, in the order of LINES
    "cafe": (0.44, 0.27, 0.12, 0.06, 0.11),
    "hotel": (0.34, 0.24, 0.13, 0.17, 0.12),
    "office": (0.42, 0.26, 0.15, 0.03, 0.14),
    "reseller": (0.42, 0.34, 0.14, 0.09, 0.01),
    "restaurant": (0.33, 0.25, 0.13, 0.18, 0.11),
}
COST_SHARE = np.array([0.52, 0.50, 0.67, 0.69, 0.37])

PRODUCTS = (  # name, product line, list price of 2022 in USD, popularity
    ("House blend 5 kg", "Coffee", 72.0, 5.0),
    ("Bali Kintamani 5 kg", "Coffee", 98.0, 3.0),
    ("Gayo Arabica 5 kg", "Coffee", 94.0, 2.5),
    ("Decaf blend 5 kg", "Coffee", 88.0, 1.0),
    ("Cold brew concentrate 10 l", "Coffee", 64.0, 1.5),
    ("Paper cups 1,000", "Consumables", 58.0, 4.0),
    ("Syrup, case of 6", "Consumables", 46.0, 2.5),
    ("Cleaning tablets", "Consumables", 34.0, 2.0),
    ("Water filter cartridge", "Consumables", 82.0, 2.0),
    ("Barista milk, case of 12", "Consumables", 39.0, 2.0),
    ("Espresso machine, 2 groups", "Espresso machines", 5400.0, 2.0),
    ("Espresso machine, 1 group", "Espresso machines", 2900.0, 2.0),
    ("Bean-to-cup machine", "Espresso machines", 3600.0, 2.0),
    ("Coffee grinder", "Espresso machines", 780.0, 3.0),
    ("Batch brewer", "Espresso machines", 460.0, 2.0),
    ("Undercounter fridge", "Kitchen equipment", 1450.0, 3.0),
    ("Glass washer", "Kitchen equipment", 2900.0, 1.5),
    ("Ice machine", "Kitchen equipment", 1850.0, 2.0),
    ("Panini grill", "Kitchen equipment", 390.0, 2.0),
    ("Maintenance contract, 1 year", "Service", 640.0, 3.0),
    ("Repair visit", "Service", 140.0, 3.0),
    ("Barista training, 1 day", "Service", 350.0, 2.0),
)
PRODUCT_LINE = np.array([LINES.index(product[1]) for product in PRODUCTS])
LIST_PRICE = np.array([product[2] for product in PRODUCTS])
POPULARITY = np.array([product[3] for product in PRODUCTS])

RAISE = 1.025  # list prices go up on each 1 January


def prices_in(years: np.ndarray) -> np.ndarray:
    """Return the price index of calendar years, 2022 = 1."""
    return RAISE ** (np.asarray(years) - 2022.0)


def cost_share(line: np.ndarray, years: np.ndarray) -> np.ndarray:
    """Return the cost of lines as a share of the list price; coffee became dear in 2025."""
    dear = np.where(years >= 2026, 0.03, np.where(years >= 2025, 0.06, 0.0))
    return COST_SHARE[line] + np.where(line == 0, dear, 0.0)


def channel_weights(country: str, years_on: np.ndarray) -> np.ndarray:
    """Return one row of channel weights for each point in time, in years since the start."""
    mix = np.array(CHANNEL_MIX[country])
    return mix * np.exp(np.asarray(years_on, dtype=float)[:, None] * CHANNEL_DRIFT)
