"""Whether conversations are answered in time: figures against plain pandas, and words for any data."""

from __future__ import annotations

import pandas as pd
import pytest

import kpikit as kp
from kpikit.views.answering import answer_finding, arrival_finding, quick_finding, rep_finding, speeds
from kpikit.views.answers import SHARES, _runs
from kpikit.views.channels import ALL, answer_rows, quick_rows
from kpikit.views.team import View, open_view


@pytest.fixture(scope="module")
def view() -> View:
    return open_view("data/samples", period="2026-Q3")


def test_answers_are_those_of_the_files(view):
    talks = pd.read_csv("data/samples/conversations.csv", parse_dates=["started_at", "first_reply_at"])
    own = talks[talks["started_at"].between("2026-07-01", "2026-09-30 23:59")]
    count, silent = own.groupby("channel").size(), own[own["first_reply_at"].isna()].groupby("channel").size()
    rows = speeds(answer_rows(view.figures, "channel"), "channel").set_index("channel")
    started, unanswered = rows["n"] + rows["waiting"], rows["unanswered"] + rows["waiting"]
    assert started.drop(ALL).to_dict() == count.to_dict() and started[ALL] == count.sum()
    assert unanswered.drop(ALL).to_dict() == silent.reindex(count.index, fill_value=0).to_dict()
    # The last day is Wednesday, 30 September, of eight business hours from 09:00 on.
    young = own["first_reply_at"].isna() & (own["started_at"] > "2026-09-30 09:00")
    assert rows.loc[ALL, "waiting"] == young.sum()
    assert rows[list(SHARES)].sum(axis=1).round(9).eq(1).all() and (rows[list(SHARES)] >= 0).all(axis=None)
    arrived = view.written(kp.results, ["arrivals"])
    place = arrived.columns.index("value")
    assert sum(int(row[place]) for row in arrived.rows) == count.sum()


def test_win_rates_by_answer_are_of_twelve_months(view):
    rows = quick_rows(view.figures)
    assert set(rows["period"]) == {"2025-10 to 2026-09"}
    deals = pd.read_csv("data/samples/deals.csv", parse_dates=["closed_on"])
    talks = pd.read_csv("data/samples/conversations.csv", parse_dates=["started_at"])
    closed = deals[deals["outcome"].notna() & deals["closed_on"].between("2025-10-01", "2026-09-30")]
    first = talks.groupby("deal_id")["started_at"].min().rename("first").reset_index()
    both = closed.merge(first, on="deal_id")
    both = both[both["first"].dt.normalize() <= both["closed_on"]]
    assert (rows["n"].sum(), rows["won"].sum()) == (len(both), (both["outcome"] == "won").sum())


def answered(*rows: tuple[str, int, float]) -> pd.DataFrame:
    return pd.DataFrame([{"channel": name, "rep": name, "n": n, "quick": share, "soon": 0.0}
                         for name, n, share in rows])  # fmt: skip


def test_answers_are_told():
    rows = answered(("A", 5, 0.8), ("B", 5, 0.4), ("C", 4, 0.0), (ALL, 14, 0.6))
    assert answer_finding(rows, "business hours") == (
        "60% of 14 conversations were answered within eight business hours; on B the fewest, 40%"
    )
    together = answered(("A", 5, 0.8), ("B", 5, 0.4), ("5 others", 9, 0.0), (ALL, 19, 0.3))
    assert answer_finding(together, "hours").endswith("on B the fewest, 40%")
    for share, told in [(1.0, "answered"), (0.0, "not answered")]:
        assert answer_finding(answered((ALL, 1, share)), "hours") == (
            f"The one conversation was {told} within eight hours"
        )
    people = answered(("Ayu", 5, 0.8), ("Budi", 5, 0.4), ("all reps", 10, 0.6), ("no rep", 9, 0.0))
    assert rep_finding(people, "", "hours") == (
        "Budi answered the smallest share within eight hours: 40%, all together 60%"
    )
    assert rep_finding(people, "Ayu", "hours") == "Ayu answered 80% within eight hours; all together 60%"
    for share, did in [(1.0, "answered"), (0.0, "did not answer")]:
        one = answered(("Ayu", 1, share), ("all reps", 10, 0.6))
        told = f"Ayu {did} the one conversation within eight hours; all together 60%"
        assert rep_finding(one, "Ayu", "hours") == told
    many = answered((ALL, 1234, 0.9999))
    assert answer_finding(many, "hours", "id").startswith("Just under 100% of 1.234 conversations")


def test_arrivals_are_told():
    rows = pd.DataFrame({"weekday": [0, 4], "hour": [9, 20], "value": [3, 1], "in_hours": [3, 0]})
    assert arrival_finding(rows, True) == (
        "25% of 4 conversations started outside of business hours; the busiest hour is Monday, 09:00 to 10:00"
    )
    assert arrival_finding(rows.assign(value=1), False) == "2 conversations"
    many = rows.assign(value=[1, 3999], in_hours=[1, 3998])
    assert arrival_finding(many, True).startswith("Under 0.1% of 4,000 conversations started outside")
    assert arrival_finding(rows.tail(1), True) == "The one conversation started outside of business hours"
    assert _runs([True, True, False, True]) == [(0, 2), (3, 1)]


QUICK = {"within an hour": "within one business hour", "within eight hours": "within eight business hours",
         "later": "later", "not answered": "not answered"}  # fmt: skip


def test_a_quick_answer_pays_only_beyond_chance():
    def told(*bands: tuple[str, float, float], n: int = 50) -> str:
        rows = [("within an hour", 0.45, 0.55), *bands]
        return quick_finding(pd.DataFrame([{"band": name, "n": 50 if name == "within an hour" else n,
                                            "value": (low + high) / 2, "low": low, "high": high}
                                           for name, low, high in rows]), QUICK)  # fmt: skip

    start = "Deals answered within one business hour are won"
    assert told(("later", 0.1, 0.3)) == f"{start} more often than those answered later"
    assert told(("later", 0.7, 0.9)) == f"{start} less often than those answered later"
    assert told(("later", 0.1, 0.3), ("not answered", 0.0, 0.1)) == (
        f"{start} more often than those answered later or not answered"
    )
    assert told(("not answered", 0.0, 0.1)) == f"{start} more often than those not answered"
    # Worse than the one and better than the other: nothing of this is by chance.
    assert told(("within eight hours", 0.85, 0.95), ("later", 0.08, 0.12)) == (
        f"{start} more often than those answered later, but less often than those answered within eight"
        " business hours"
    )
    assert "by chance alone" in told(("later", 0.4, 0.5))
    assert "by chance alone" in told(("later", 0.1, 0.3), n=4)
    few = pd.DataFrame({"band": ["later"], "n": [9], "value": [0.5], "low": [0.4], "high": [0.6]})
    assert quick_finding(few, QUICK).startswith("Too few deals were answered within one business hour")


def test_bands_of_answers_are_of_business_hours_where_there_are_some(view):
    drawn = view.drawn("quick_answers")
    assert [row[0] for row in drawn.table.rows] == [
        "Within one business hour", "Within eight business hours", "Later", "Not answered"
    ]  # fmt: skip
    assert "Within one business hour" in drawn.description


def talked(*talks: tuple[str, str | None]) -> View:
    """Conversations as they started and were answered, on one day."""
    started = pd.to_datetime([f"2026-10-01 {start}" for start, _ in talks])
    replied = pd.to_datetime([reply and f"2026-10-01 {reply}" for _, reply in talks])
    rows = pd.DataFrame({"started_at": started, "first_reply_at": replied, "channel": "mail", "rep_id": "R"})
    rows["conversation_id"] = [str(one) for one in range(len(talks))]
    reps = pd.DataFrame({"rep_id": ["R"], "name": ["Ayu"]})
    orders = pd.DataFrame({"order_id": ["1"], "order_date": pd.to_datetime(["2026-10-01"]),
                           "customer_id": ["K"], "amount": [1.0]})  # fmt: skip
    tables = {"conversations": rows, "reps": reps, "orders": orders}
    return open_view(kp.Dataset(tables), period="2026-10-01", as_of="2026-10-01")


def test_answers_before_the_start_are_a_part_and_waits_that_are_not_over_none():
    # Half an hour, nine hours, a reply before the start, a wait of 24 hours, and one of four.
    view = talked(
        ("09:00", "09:30"), ("09:00", "18:00"), ("09:00", "08:00"), ("00:00", None), ("20:00", None)
    )  # fmt: skip
    row = speeds(answer_rows(view.figures, "channel"), "channel").set_index("channel").loc[ALL]
    assert row[["n", *SHARES, "unanswered", "waiting"]].tolist() == [4, 0.25, 0, 0.25, 0.25, 0.25, 1, 1]
    for part in ("responses", "responses_by_rep"):
        drawn = view.drawn(part)
        assert "Time not known (%)" in drawn.table.headings
        assert "left out: 1 not answered, but still within eight hours" in drawn.svg
    alone = talked(("20:00", None)).drawn("responses")
    assert alone.text.endswith("what started is not answered, but still within eight hours.")
    plain = talked(("09:00", "09:30")).drawn("responses")
    assert "Time not known (%)" not in plain.table.headings and "left out" not in plain.svg


def test_a_mix_without_anything_that_adds_up_says_of_what(view):
    """A rate of conversations can be split by channel; the orders, of which the mix would be, have none."""
    shown = talked(("09:00", "09:30"))
    rates = open_view(shown.dataset, period="2026-10-01", as_of="2026-10-01", kpi="response_rate")
    told = rates.drawn("channel_mix").text
    assert told == "Revenue cannot be split by channel: the orders have no channel."


def test_win_rates_by_answer_are_kept_to_the_regions_of_deals(view):
    own = open_view(view.dataset, period="2026-Q3", where={"region": ["Bali"]})
    assert "the deal's, else the customer's" in own.drawn("quick_answers").table.subtitle
    assert "the deal's" not in own.drawn("responses").table.subtitle
