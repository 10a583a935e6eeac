"""What small companies are made of: days, names and amounts, few of each, so that ties come often."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]
Tables = dict[str, list[Row]]

ANCHORS = [date(2024, 2, 28), date(2024, 12, 31), date(2025, 3, 1), date(2025, 6, 15)]
SHIFTS = [0, 1, 2, 30, 31, 90, 364, 365, 366, 730, -1, -2, -30, -31, -364, -365, -366, -730]
NEAR = [0, 0, 0, 0, 1, 1, -1, -1, 7, 30, 364, 365, 366, -364, -365, -366]
REGIONS = [None, "Bali", "Alaska"]
CHANNELS = [None, "WhatsApp", "Shop"]
PRODUCTS = [None, "tea", "rice", "soap"]
PRODUCT_LINES = [None, "Food", "Home"]
REP_NAMES = ["Ayu", "Budi", "Citra", "Dewi"]
# r9 and c9 are never in their tables.
REP_IDS = ["r1", "r2", "r10"]
CUSTOMER_IDS = ["c1", "c2", "c3", "c10", "c11"]
SOME_REP = [*REP_IDS, *REP_IDS, "r9", None]
SOME_CUSTOMER = [*CUSTOMER_IDS, *CUSTOMER_IDS, "c9", None]
# Bytes put these in another order than a person, or a locale, would.
TEXT_IDS = ["O-{}", "o-{}", "Ö-{}", "O{}"]
OPTIONAL = {
    "orders": [
        *("rep_id", "quantity", "cost", "discount", "product", "product_line", "region", "channel"),
        "refund_of",
    ],
    "deals": [
        "created_on",
        "closed_on",
        "amount",
        "rep_id",
        "customer_id",
        "region",
        "channel",
        "product_line",
    ],
    "reps": ["name", "team", "manager", "role", "region", "hired_on", "left_on"],
    "customers": ["segment", "region", "channel", "acquired_on"],
    "costs": ["channel", "region"],
    "credits": ["order_id", "deal_id"],
    "deal_stages": [],
    "conversations": ["rep_id", "customer_id", "deal_id", "first_reply_at"],
}


def pick(values: list[Any]) -> st.SearchStrategy[Any]:
    """Draw one of the values; a value that is listed twice comes twice as often."""
    return st.sampled_from(values)


def amounts(*, can_miss: bool = True) -> st.SearchStrategy[Decimal | None]:
    """Draw amounts of 0 to 4 decimals, zero among them; one in six or so is missing."""
    some = st.builds(
        lambda units, places: Decimal(units).scaleb(-places), st.integers(0, 99_999), st.integers(0, 4)
    )
    return st.one_of(some, some, some, some, some, st.none()) if can_miss else some


def shifted(day: date | None, days: int) -> date | None:
    """Move a day; no day stays no day."""
    return None if day is None else day + timedelta(days=days)
