"""The sales team of the sample company: who sold where, when, and in what form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kpikit.data.sample_company.market import REGION_NAMES
from kpikit.data.sample_company.seasons import DAY, DAYS, FIRST

TEAMS = {  # regions, manager
    "Alaska": (("Alaska",), "Erik Halvorsen"),
    "Bali": (("Bali",), "Ida Ayu Pradnyani"),
    "East Java & Sumatra": (("Surabaya", "Medan"), "Bonar Sitompul"),
    "Jakarta": (("Jakarta",), "Ratna Wibisono"),
    "Lower 48": (("California", "Texas", "New York"), "Colleen O'Brien"),
}


@dataclass(frozen=True)
class Rep:
    """A rep: share of the accounts (weight), form over the years, habit of giving discounts, speed of reply.

    `form` holds points of (year or years since hiring, factor); `moves` holds (date, region, role): what
    counts from a date on.
    """

    name: str
    region: str
    role: str
    hired: str
    left: str = ""
    weight: float = 1.0
    form: tuple = ((2022.0, 1.0),)
    discount: float = 0.05
    haste: float = 1.0
    moves: tuple = ()


DATES = ("hired_on", "left_on", "valid_from", "valid_to")
AE, SENIOR, KEY = "account executive", "senior account executive", "key account manager"
LEARNING = ((0.0, 0.72), (1.5, 1.12))  # years since hiring

# fmt: off
PEOPLE = (  # a person in a line or two reads better than in ten
    Rep("Ayu Lestari", "Jakarta", KEY, "2018-02-05", weight=1.25,
        form=((2022, 1.05), (2026.7, 1.12)), haste=0.6),
    Rep("Noah Sorensen", "Alaska", KEY, "2016-05-02", weight=1.25, discount=0.04),
    Rep("Ni Luh Kartika", "Bali", KEY, "2017-08-14", weight=1.2, form=((2022, 1.0), (2024, 1.1)), haste=0.7),
    Rep("Walt Henriksen", "Alaska", SENIOR, "2015-09-01", "2022-11-30", form=((2022, 1.0), (2022.9, 0.85))),
    Rep("Budi Hartanto", "Jakarta", SENIOR, "2019-03-04", weight=1.15, discount=0.07,
        form=((2022, 1.05), (2025.2, 1.05), (2025.8, 0.62), (2026.8, 0.55)), haste=1.5),
    Rep("José Ramírez", "California", SENIOR, "2018-10-15", weight=1.1, form=((2022, 0.95), (2026, 1.1))),
    Rep("Marcus D'Angelo", "New York", SENIOR, "2017-01-09", weight=1.15,
        form=((2022, 1.0), (2024, 1.15), (2026, 1.05))),
    Rep("Grace Ivanoff", "Alaska", SENIOR, "2019-06-03", weight=1.05,
        form=((2022, 0.95), (2025, 1.15)), haste=0.8),
    Rep("Dian Prasetyo", "Surabaya", SENIOR, "2018-04-02", weight=1.1),
    Rep("Tiur Simanjuntak", "Medan", SENIOR, "2019-01-14", weight=1.1, form=((2022, 1.0), (2026, 1.08))),
    Rep("Hannah Kowalski", "Texas", SENIOR, "2019-08-05", weight=1.1),
    Rep("Dewi Anggraini", "Jakarta", AE, "2020-07-01", form=((2022, 0.9), (2024.5, 1.05), (2026, 1.1)),
        moves=(("2024-07-01", "Bali", SENIOR),)),
    Rep("I Gede Pranata", "Bali", AE, "2020-02-03", weight=0.95,
        form=((2022, 1.0), (2024, 0.9)), discount=0.08),
    Rep("Kadek Wirawan", "Bali", AE, "2021-03-01", weight=0.9, form=((2022, 0.85), (2026, 1.1))),
    Rep("Rangga Wijaya", "Jakarta", AE, "2020-11-02", "2024-03-15", weight=0.85, discount=0.09,
        form=((2022, 0.95), (2024.2, 0.7)), haste=1.6),
    Rep("Kate Lindqvist", "Alaska", AE, "2020-09-14", weight=0.95),
    Rep("Dmitri Volkov", "Alaska", AE, "2019-11-04", "2024-05-31", weight=0.9,
        form=((2022, 1.05), (2024.3, 0.8))),
    Rep("Samuel Oktok", "Alaska", AE, "2021-05-10", weight=0.85, form=((2022, 0.8), (2023.5, 1.05))),
    Rep("Renée Thibault", "Alaska", AE, "2020-03-02", "2025-06-30", weight=0.95, discount=0.06),
    Rep("Rina Wulandari", "Surabaya", AE, "2021-01-11", "2025-02-28", weight=0.85),
    Rep("Parlin Hutagalung", "Medan", AE, "2020-05-04", weight=0.8,
        form=((2022, 0.95), (2024, 0.85), (2026.5, 1.0))),
    Rep("Mei-Ling Carter", "California", AE, "2021-02-01", weight=0.95, haste=0.7,
        form=((2022, 0.85), (2025, 1.1))),
    Rep("Darnell Brooks", "Texas", AE, "2020-10-05", "2023-09-15", weight=0.85,
        form=((2022, 1.0), (2023.7, 0.8))),
    Rep("Priya Raman", "New York", AE, "2020-06-15", weight=0.95,
        form=((2022, 0.85), (2025, 1.15), (2026.7, 1.25)),
        moves=(("2025-01-01", "New York", SENIOR),), haste=0.7),
    Rep("Fajar Nugroho", "Jakarta", AE, "2022-09-01", weight=0.95, form=LEARNING),
    Rep("Ni Komang Ariani", "Bali", AE, "2023-02-01", form=((0, 0.65), (1.0, 1.0), (3.5, 1.3)), haste=0.6),
    Rep("Zoë Whitfield", "Texas", AE, "2023-10-02", weight=0.9, form=LEARNING),
    Rep("Maya Kusumawati", "Jakarta", AE, "2024-03-01", weight=0.9, form=LEARNING, discount=0.03),
    Rep("Citra Paramita", "Jakarta", AE, "2024-08-01", weight=0.85, form=LEARNING),
    Rep("Yusuf Hidayat", "Surabaya", AE, "2025-02-03", weight=0.9, form=LEARNING),
    Rep("Tyler Nakamura", "Alaska", AE, "2025-07-01", weight=0.85, form=LEARNING, haste=1.3),
)
# fmt: on
CAST = tuple(sorted(PEOPLE, key=lambda rep: rep.hired))
REP_IDS = np.array([f"R{number:02d}" for number in range(1, len(CAST) + 1)])
WEIGHTS = np.array([rep.weight for rep in CAST])
DISCOUNTS = np.array([rep.discount for rep in CAST])
HASTE = np.array([rep.haste for rep in CAST])


def day_of(date: str) -> int:
    """Return the position of a date among the company's days; negative before the first."""
    return int((np.datetime64(date) - FIRST).astype(int))


def _posts() -> np.ndarray:
    """Return the region each rep works in on each day, -1 where not employed."""
    posts = np.full((len(CAST), len(DAYS)), -1, dtype=np.int8)
    for row, rep in enumerate(CAST):
        posts[row, max(day_of(rep.hired), 0) :] = REGION_NAMES.index(rep.region)
        for date, region, _role in rep.moves:
            posts[row, day_of(date) :] = REGION_NAMES.index(region)
        if rep.left:
            posts[row, day_of(rep.left) :] = -1
    return posts


def _forms() -> np.ndarray:
    """Return the form of each rep on each day; 1 is ordinary."""
    years = 2022 + np.arange(len(DAYS)) / 365.25
    forms = np.empty((len(CAST), len(DAYS)))
    for row, rep in enumerate(CAST):
        start = 0.0 if rep.form[0][0] >= 2000 else 2022 + day_of(rep.hired) / 365.25
        forms[row] = np.interp(
            years, [start + point[0] for point in rep.form], [point[1] for point in rep.form]
        )
    return forms


POSTS = _posts()
FORMS = _forms()


def team_of(region: str) -> tuple[str, str]:
    """Return the team of a region and its manager."""
    return next((team, manager) for team, (regions, manager) in TEAMS.items() if region in regions)


def reps_table() -> pd.DataFrame:
    """Return the table of reps: two rows for a rep who moved or was promoted."""
    rows = []
    for rep_id, rep in zip(REP_IDS, CAST, strict=True):
        stints = [("", rep.region, rep.role), *rep.moves]
        ends = [str(np.datetime64(date) - DAY) for date, _region, _role in rep.moves] + [""]
        # The cast names the first day without a rep, the table the last day with one.
        last = str(np.datetime64(rep.left) - DAY) if rep.left else ""
        for (start, region, role), end in zip(stints, ends, strict=True):
            rows.append((rep_id, rep.name, *team_of(region), role, region, rep.hired, last, start, end))
    names = ["rep_id", "name", "team", "manager", "role", "region", *DATES]
    table = pd.DataFrame(rows, columns=names)
    for column in DATES:
        table[column] = pd.to_datetime(table[column].replace("", None), format="%Y-%m-%d")
    return table
