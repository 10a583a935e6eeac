"""Conversations around the hours of a company, and what its settings say of hours, holidays and stages."""

from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.companies.values import CHANNELS, SOME_CUSTOMER, SOME_REP, Row, pick

# Around the start and the end of business hours, and at night; some with seconds.
HOURS = ["00:00", "03:15:40", "08:59:59", "09:00", "09:00:30", "12:20", "16:59", "17:00", "17:01", "23:59"]
# To the reply, in seconds: before the start, at once, soon, after a night, a weekend, a month or a year.
WAITS = [-86_400, -20, 0, 30, 60, 600, 3_601, 28_800, 57_600, 86_400, 239_999, 2_592_000, 31_536_000]


@st.composite
def conversations(draw: st.DrawFn, days: list[date], deals: list[Row]) -> list[Row]:
    """Draw conversations on and near the days of the company, weekends among them, one in four unanswered."""
    random = Random(draw(st.integers(0, 99_999)))
    rows = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        day = random.choice(days) + timedelta(days=random.choice([0, 0, 0, 1, 2, 3, -1]))
        start = datetime.combine(day, time.fromisoformat(random.choice(HOURS)))
        wait = random.choice(WAITS) if random.random() < 0.75 else None
        row = {
            "conversation_id": f"k{number}",
            "started_at": None if random.random() < 0.05 else start,
            "channel": random.choice(CHANNELS),
            "rep_id": random.choice(SOME_REP),
            "customer_id": random.choice(SOME_CUSTOMER),
            "deal_id": random.choice([None, deals[0]["deal_id"]]),
            "first_reply_at": None if wait is None else start + timedelta(seconds=wait),
        }
        rows.append(row)
    return rows


@st.composite
def company_settings(draw: st.DrawFn, days: list[date]) -> dict[str, Any]:
    """Draw business hours, or none, holidays on days of the company, and the chances of some stages."""
    hours = draw(pick([None, ("09:00", "17:00"), ("08:30", "12:15"), ("00:00", "23:59")]))
    chances = st.dictionaries(pick(["lead", "offer", "talk"]), pick([0, 0.1, 0.25, 0.5, 1]), max_size=3)
    return {
        "business_hours": None if hours is None else dict(zip(("start", "end"), hours, strict=True)),
        "holidays": draw(st.lists(pick(days), max_size=3, unique=True)),
        "stages": draw(chances),
    }
