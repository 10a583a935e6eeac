"""The days of the sample company: holidays, weekdays and seasons of its regions."""

from __future__ import annotations

from functools import cache

import numpy as np

from kpikit.data.sample_company.market import REGIONS

FIRST, LAST = np.datetime64("2022-01-03"), np.datetime64("2026-10-09")
DAY = np.timedelta64(1, "D")
DAYS = np.arange(FIRST, LAST + DAY)
YEARS = DAYS.astype("datetime64[Y]").astype(int) + 1970
YEARS_ON = np.arange(len(DAYS)) / 365.25

# Dates are written down, not taken from a calendar package, whose next release could change the sample.
LEBARAN = ("2022-05-02", "2023-04-22", "2024-04-10", "2025-03-31", "2026-03-21")
NYEPI = ("2022-03-03", "2023-03-22", "2024-03-11", "2025-03-29", "2026-03-19")
MOVABLE = {
    "ID": """
        2022-02-01 2022-02-28 2022-04-15 2022-05-16 2022-05-26 2022-07-10 2022-07-30 2022-10-08
        2023-01-22 2023-02-18 2023-04-07 2023-05-18 2023-06-04 2023-06-29 2023-07-19 2023-09-28
        2024-02-08 2024-02-10 2024-02-14 2024-03-29 2024-05-09 2024-05-23 2024-06-17 2024-07-07 2024-09-16
        2025-01-27 2025-01-29 2025-04-18 2025-05-12 2025-05-29 2025-06-06 2025-06-27 2025-09-05
        2026-01-16 2026-02-17 2026-04-03 2026-05-14 2026-05-27 2026-05-31 2026-06-16 2026-08-25""",
    "US": """
        2022-01-17 2022-02-21 2022-05-30 2022-09-05 2022-11-24 2022-12-26
        2023-01-02 2023-01-16 2023-02-20 2023-05-29 2023-09-04 2023-11-23
        2024-01-15 2024-02-19 2024-05-27 2024-09-02 2024-11-28
        2025-01-20 2025-02-17 2025-05-26 2025-09-01 2025-11-27
        2026-01-19 2026-02-16 2026-05-25 2026-07-03 2026-09-07""",
}
FIXED = {"ID": ("01-01", "05-01", "06-01", "08-17", "12-25"), "US": ("01-01", "06-19", "07-04", "12-25")}

MONTHS = {  # pull of the months, January to December
    "ID": (0.86, 0.90, 0.95, 0.96, 0.95, 0.96, 0.97, 0.97, 1.00, 1.10, 1.20, 1.22),
    "Bali": (0.90, 0.84, 0.88, 0.92, 0.96, 1.03, 1.08, 1.06, 0.98, 1.03, 1.14, 1.26),
    "US": (0.84, 0.88, 0.95, 0.96, 0.98, 0.97, 0.93, 0.94, 1.00, 1.14, 1.24, 1.22),
    "Alaska": (0.80, 0.84, 0.97, 1.08, 1.12, 1.05, 0.96, 0.90, 0.92, 1.08, 1.18, 1.15),
}
WEEKDAYS = {
    "ID": (1.12, 1.10, 1.05, 1.02, 0.80, 0.30, 0.03),
    "US": (1.06, 1.14, 1.10, 1.04, 0.86, 0.07, 0.02),
}


@cache
def holidays(country: str) -> np.ndarray:
    """Return the public holidays of a country as sorted dates."""
    dates = {np.datetime64(date) for date in MOVABLE[country].split()}
    dates |= {np.datetime64(f"{year}-{day}") for year in range(2021, 2027) for day in FIXED[country]}
    if country == "ID":
        dates |= {np.datetime64(date) + days * DAY for date in LEBARAN for days in (0, 1)}
        dates |= {np.datetime64(date) for date in NYEPI}
    return np.array(sorted(dates))


def to_workday(dates: np.ndarray, country: str, roll: str = "forward", days=0) -> np.ndarray:
    """Move dates to a working day of the country, and on by a number of working days."""
    return np.busday_offset(dates, days, roll=roll, holidays=holidays(country))


@cache
def day_weights(region: int) -> np.ndarray:
    """Return how much each day pulls in a region; an ordinary day is about 1."""
    name, country = REGIONS[region].name, REGIONS[region].country
    middles = np.arange(np.datetime64("2021-12"), np.datetime64("2027-02")).astype("datetime64[D]") + 14 * DAY
    pulls = np.array(MONTHS.get(name, MONTHS[country]))[middles.astype("datetime64[M]").astype(int) % 12]
    season = np.interp(DAYS.astype(int), middles.astype(int), pulls)
    weekday = np.array(WEEKDAYS[country])[(DAYS.astype(int) + 3) % 7]
    weights = season * weekday / np.mean(WEEKDAYS[country])
    if country == "ID":
        weights *= _lebaran(0.55 if name == "Bali" else 1.0)
    weights[np.isin(DAYS, holidays(country))] *= 0.04
    if name == "Bali":
        for date in NYEPI:  # the island closes for the day, and slows down on the eve
            day = int((np.datetime64(date) - FIRST).astype(int))
            weights[day - 1] *= 0.3
            weights[day] = 0.0
    return weights


def _lebaran(strength: float) -> np.ndarray:
    """Stock is bought in the weeks before Lebaran; then the country goes home."""
    pull = np.ones(len(DAYS))
    for date in LEBARAN:
        away = (DAYS - np.datetime64(date)).astype(int)
        pull += strength * 0.22 * ((away >= -30) & (away < -6))
        pull -= strength * 0.80 * ((away >= -3) & (away <= 6))
        pull -= strength * 0.25 * ((away > 6) & (away <= 14))
    return pull
