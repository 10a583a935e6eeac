"""The parts of a review of channels: figures against plain pandas, and words that hold for any data."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

import kpikit as kp
from kpikit.views.answering import answer_finding, arrival_finding, quick_finding, rep_finding, speeds
from kpikit.views.answers import _runs
from kpikit.views.channel_review import mix_finding
from kpikit.views.channel_table import channel_finding, marked
from kpikit.views.channels import ALL, answer_rows, channel_rows, mix_rows, quick_rows, split, trend_rows
from kpikit.views.display import Html, Picture
from kpikit.views.multiples import multiples_finding
from kpikit.views.team import View, open_view
from tests.views.frames import HOSTILE, NAN

PARTS = ["channels", "channel_costs", "channel_mix", "channel_customers", "channel_trend", "responses"]
PARTS += ["responses_by_rep", "arrivals", "quick_answers"]
CASES = [
    {"period": "2026-Q3", "rep": "Ayu Lestari", "kpi": "win_rate"},
    {"period": "this quarter", "team": "Alaska", "where": {"channel": "WhatsApp"}, "language": "id"},
    {"period": "2021-Q1", "compare": None},
    {"period": "next quarter", "rep": "no rep"},
    {"period": "2026-09", "as_of": "2019-01-01", "kpi": "sales_cycle_days"},
]


@pytest.fixture(scope="module")
def view() -> View:
    return open_view("data/samples", period="2026-Q3")


def text(drawn: Html | Picture) -> str:
    return f"{drawn.title}\n{drawn.description}" if isinstance(drawn, Picture) else drawn.text


@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_whatever_can_be_chosen_can_be_drawn(view, parameters):
    other = open_view(view.dataset, **parameters)
    for name in PARTS:
        drawn = other.drawn(name)
        told = text(drawn)
        assert told.strip() and not {"nan", "none", "nat", "<na>"} & set(told.lower().split()), name
        assert isinstance(drawn, Html) or (drawn.svg and drawn.table is not None and drawn.table.rows)
    other.written(kp.results, PARTS)


def test_the_mix_is_that_of_the_files(view):
    lines = pd.read_csv("data/samples/orders.csv", parse_dates=["order_date"])
    sold = lines[(lines["amount"] >= 0) & lines["channel"].notna()]
    now, then = (sold[sold["order_date"].between(*span)].groupby("channel")["amount"].sum()
                 for span in (("2026-07-01", "2026-09-30"), ("2026-04-01", "2026-06-30")))  # fmt: skip
    rows = mix_rows(view.figures, "revenue").set_index("channel")
    assert list(rows.index) == list(now.sort_values(ascending=False).index)
    assert rows["share"].to_dict() == pytest.approx((now / now.sum()).to_dict())
    assert rows["share_before"].to_dict() == pytest.approx((then / then.sum()).to_dict())
    assert rows["change"].to_dict() == pytest.approx((now - then).to_dict())


def test_answers_are_those_of_the_files(view):
    talks = pd.read_csv("data/samples/conversations.csv", parse_dates=["started_at", "first_reply_at"])
    own = talks[talks["started_at"].between("2026-07-01", "2026-09-30 23:59")]
    count, silent = own.groupby("channel").size(), own[own["first_reply_at"].isna()].groupby("channel").size()
    rows = speeds(answer_rows(view.figures, "channel"), "channel").set_index("channel")
    assert rows["n"].drop(ALL).to_dict() == count.to_dict() and rows.loc[ALL, "n"] == count.sum()
    assert rows["unanswered"].drop(ALL).to_dict() == silent.reindex(count.index, fill_value=0).to_dict()
    assert rows[["quick", "soon", "late", "none"]].sum(axis=1).round(9).eq(1).all()
    assert (rows[["quick", "soon", "late", "none"]] >= -1e-9).all(axis=None)
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


def company(channels: int) -> View:
    """Channel Cn sold n in January and 1 in February, the last one nothing in February."""
    rows = [(f"C{number:02d}", "2026-01-10", float(number)) for number in range(1, channels + 1)]
    rows += [(f"C{number:02d}", "2026-02-10", 1.0) for number in range(1, channels)]
    orders = pd.DataFrame(rows, columns=["channel", "order_date", "amount"])
    orders = orders.assign(order_id=[str(one) for one in range(len(orders))], customer_id="K",
                           order_date=pd.to_datetime(orders["order_date"]))  # fmt: skip
    return open_view(kp.Dataset({"orders": orders}), period="2026-01", as_of="2026-02-28")


def test_of_many_channels_the_smaller_ones_are_measured_together():
    figures = company(10).figures
    rows = split(figures, ["revenue", "average_order_value"])
    assert list(rows.loc[rows["kpi"] == "revenue", "channel"]) == [
        "C10", "C09", "C08", "C07", "C06", "C05", "C04", "3 others"
    ]  # fmt: skip
    others = rows[rows["channel"] == "3 others"].set_index("kpi")
    # 3 + 2 + 1, and the mean of three orders: a ratio of sums, not a mean of ratios.
    assert others["value"].to_dict() == {"revenue": 6, "average_order_value": 2}
    assert mix_rows(figures, "revenue")["share"].sum() == pytest.approx(1)
    assert set(channel_rows(figures)["channel"]) == {*rows["channel"], ALL}
    # C10 sold nothing in February: that is 0, and no gap.
    trend = trend_rows(figures)
    assert trend[trend["channel"] == "C10"]["value"].iloc[-1] == 10


def test_eight_channels_stand_by_themselves():
    rows = split(company(8).figures, ["revenue"])
    assert len(rows) == 8 and not rows["channel"].str.contains("others").any()


def test_without_a_channel_every_part_says_why():
    orders = pd.DataFrame({"order_id": ["1"], "order_date": pd.to_datetime(["2026-01-10"]),
                           "customer_id": ["K"], "amount": [1.0]})  # fmt: skip
    other = open_view(kp.Dataset({"orders": orders}), period="2026-01")
    told = {name: text(other.drawn(name)) for name in PARTS}
    assert told["channels"] == "These data tell nothing by channel: the orders have no channel."
    assert told["channel_mix"] == "Revenue cannot be split by channel: the orders have no channel."
    assert "the data have no table of costs" in told["channel_costs"]
    assert all("the data have no table of conversations" in told[name] for name in PARTS[5:])


def test_hostile_names_stay_text():
    days = pd.to_datetime(["2026-01-05", "2026-01-06", "2026-02-06"])
    orders = pd.DataFrame({"order_id": list("123"), "order_date": days, "customer_id": "C", "amount": 9.0,
                           "rep_id": "R", "channel": [HOSTILE, "mail", HOSTILE]})  # fmt: skip
    talks = pd.DataFrame({"conversation_id": list("123"), "started_at": days + pd.Timedelta(hours=9),
                          "first_reply_at": [datetime(2026, 1, 5, 10), None, None], "rep_id": "R",
                          "channel": [HOSTILE, "mail", HOSTILE]})  # fmt: skip
    costs = pd.DataFrame({"month": days[:1], "amount": [5.0], "channel": [HOSTILE]})
    reps = pd.DataFrame({"rep_id": ["R"], "name": [HOSTILE]})
    tables = {"orders": orders, "conversations": talks, "costs": costs, "reps": reps}
    other = open_view(kp.Dataset(tables), period="2026-01")
    for name in PARTS:
        drawn = other.drawn(name)
        html = drawn.svg if isinstance(drawn, Picture) else drawn.html
        assert "<img" not in html and "<script" not in html, name


def rates(*rows: tuple[str, float, int], kpi: str = "win_rate") -> pd.DataFrame:
    return pd.DataFrame([{"kpi": kpi, "convention": "x", "channel": name, "value": value, "n": n}
                         for name, value, n in rows])  # fmt: skip


MARKS = [
    (rates(("A", 0.5, 5), ("B", 0.2, 5), ("C", 0.9, 4)), ["best", "last", "few"]),
    (rates(("A", 0.5, 5), ("B", 0.5, 5)), ["", ""]),
    (rates(("A", 0.5, 5), ("B", NAN, 0), (ALL, 0.9, 9), ("no channel", 0.1, 9)), ["", "", "", ""]),
    (rates(("A", 3, 5), ("B", 9, 5), kpi="sales_cycle_days"), ["best", "last"]),
    (rates(("A", 3, 1), ("B", 9, 1), kpi="revenue"), ["", ""]),
]


@pytest.mark.parametrize(("rows", "told"), MARKS)
def test_only_rates_of_enough_rows_are_compared(rows, told):
    assert marked(rows, ALL)["standing"].tolist() == told


def test_who_is_ahead_is_counted():
    three = [rates(("A", 0.5, 5), ("B", 0.2, 5), kpi=kpi) for kpi in ("win_rate", "gross_margin")]
    three.append(rates(("A", 0.1, 5), ("B", 0.2, 5), kpi="response_rate"))
    assert channel_finding(marked(pd.concat(three), ALL)) == (
        "A is ahead in two of three rates that can be compared"
    )
    assert channel_finding(marked(rates(("A", 1, 1)), ALL)).startswith("No rate differs")
    even = pd.concat([three[0], three[2]])
    assert channel_finding(marked(even, ALL)).startswith("A and B are each ahead in one of two rates")


def mixed(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["channel", "value", "share", "share_before"])


MIXES = [
    (mixed(("A", 60, 0.6, NAN), ("B", 40, 0.4, NAN)), "A brought 60% of revenue"),
    (mixed(("A", 50, 0.5, 0.5), ("B", 50, 0.5, 0.5)),
     "A and B brought together 100% of revenue; no share moved"),
    (mixed(("A", 60, 0.6, 0.7), ("B", 40, 0.4, 0.3)),
     "A brought 60% of revenue; the share of B grew most, by 10.0 points"),
    (mixed(("no channel", 60, NAN, NAN)), "Revenue by channel"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), MIXES)
def test_the_mix_is_told(rows, told):
    assert mix_finding(rows, kpi="revenue") == told


def test_the_trend_is_told():
    rows = pd.DataFrame({"channel": ["A", "B"] * 3, "period": list("112233"),
                         "value": [3, 1, 2, 2, 1, 5.0]})  # fmt: skip
    told = multiples_finding(rows, kpi="order_count", grain="month")
    assert told == "Orders were highest for A and B in one of three months each"
    level = rows[rows["period"] == "2"]
    assert multiples_finding(level, kpi="revenue", grain="week").startswith("In no week was revenue highest")
    assert multiples_finding(rows[rows["channel"] == "A"], kpi="revenue", grain="month") == (
        "Revenue: A is the one channel with figures"
    )


def answered(*rows: tuple[str, int, float]) -> pd.DataFrame:
    return pd.DataFrame([{"channel": name, "rep": name, "n": n, "quick": share, "soon": 0.0}
                         for name, n, share in rows])  # fmt: skip


def test_answers_are_told():
    rows = answered(("A", 5, 0.8), ("B", 5, 0.4), ("C", 4, 0.0), (ALL, 14, 0.6))
    assert answer_finding(rows, "business hours") == (
        "60% of 14 conversations were answered within eight business hours; on B the fewest, 40%"
    )
    people = answered(("Ayu", 5, 0.8), ("Budi", 5, 0.4), ("all reps", 10, 0.6), ("no rep", 9, 0.0))
    assert rep_finding(people, "", "hours") == (
        "Help would count most for Budi: 40% within eight hours, all together 60%"
    )
    assert rep_finding(people, "Ayu", "hours") == "Ayu answered 80% within eight hours; all together 60%"


def test_arrivals_are_told():
    rows = pd.DataFrame({"weekday": [0, 4], "hour": [9, 20], "value": [3, 1], "in_hours": [3, 0]})
    assert arrival_finding(rows, True) == (
        "25% of 4 conversations started outside of business hours; the busiest hour is Monday, 09:00 to 10:00"
    )
    assert arrival_finding(rows.assign(value=1), False) == "2 conversations"
    assert arrival_finding(rows.tail(1), True) == "The one conversation started outside of business hours"
    assert _runs([True, True, False, True]) == [(0, 2), (3, 1)]


def test_a_quick_answer_pays_only_beyond_chance():
    def bands(low: float, high: float, n: int = 50) -> pd.DataFrame:
        return pd.DataFrame({"band": ["within an hour", "later"], "n": [50, n],
                             "value": [0.5, (low + high) / 2],
                             "low": [0.4, low], "high": [0.6, high]})  # fmt: skip

    assert quick_finding(bands(0.1, 0.3)) == (
        "Deals answered within an hour are won more often than those answered later"
    )
    assert quick_finding(bands(0.7, 0.9)).startswith("Deals answered within an hour are won less often")
    assert "by chance alone" in quick_finding(bands(0.3, 0.5))
    assert "by chance alone" in quick_finding(bands(0.1, 0.3, n=4))
