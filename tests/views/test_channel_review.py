"""The parts of a review of channels: figures against plain pandas, and words that hold for any data."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

import kpikit as kp
from kpikit.views.channel_findings import mix_finding
from kpikit.views.channel_table import channel_finding, marked
from kpikit.views.channels import ALL, mix_rows
from kpikit.views.display import Html, Picture
from kpikit.views.multiples import multiples_finding
from kpikit.views.team import View, open_view
from tests.builders import dataset
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
    (rates(("A", 0.5, 5), ("B", 0.2, 5), ("5 others", 0.9, 50)), ["best", "last", ""]),
]


@pytest.mark.parametrize(("rows", "told"), MARKS)
def test_only_rates_of_enough_rows_are_compared(rows, told):
    assert marked(rows)["standing"].tolist() == told


def test_who_is_ahead_is_counted():
    three = [rates(("A", 0.5, 5), ("B", 0.2, 5), kpi=kpi) for kpi in ("win_rate", "gross_margin")]
    three.append(rates(("A", 0.1, 5), ("B", 0.2, 5), kpi="response_rate"))
    assert channel_finding(marked(pd.concat(three))) == (
        "A is ahead in two of three rates that can be compared"
    )
    assert channel_finding(marked(rates(("A", 1, 1)))).startswith("No rate differs")
    even = pd.concat([three[0], three[2]])
    assert channel_finding(marked(even)).startswith("A and B are each ahead in one of two rates")


@pytest.mark.parametrize("convention", ["identity", "counts"])
def test_who_keeps_most_and_so_loses_least_is_ahead_once(convention):
    kept = rates(("A", 0.9, 10), ("B", 0.8, 10), kpi="retention_rate").assign(convention=convention)
    lost = rates(("A", 0.1, 10), ("B", 0.2, 10), kpi="churn_rate").assign(convention=convention)
    won = rates(("A", 0.1, 10), ("B", 0.2, 10))
    for both in ([kept, lost], [lost, kept]):
        told = channel_finding(marked(pd.concat([*both, won])))
        assert told.startswith("A and B are each ahead in one of two rates")
    assert channel_finding(marked(lost)) == "A is ahead in the one rate that can be compared"


def mixed(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["channel", "value", "share", "share_before"])


MIXES = [
    (mixed(("A", 60, 0.6, NAN), ("B", 40, 0.4, NAN)), "A brought 60% of revenue"),
    (mixed(("A", 50, 0.5, 0.5), ("B", 50, 0.5, 0.5)),
     "A and B brought together 100% of revenue; no share moved"),
    (mixed(("A", 60, 0.6, 0.7), ("B", 40, 0.4, 0.3)),
     "A brought 60% of revenue; the share of B grew most, by 10.0 points"),
    (mixed(("no channel", 60, NAN, NAN)), "Revenue by channel"),
    # Several channels together are never ahead of one.
    (mixed(("A", 40, 0.4, 0.5), ("5 others", 60, 0.6, 0.5), ("no channel", 70, 0.7, 0.1)),
     "A brought 40% of revenue; the share of A fell most, by 10.0 points"),
    # 0.1 + 0.2 is not 0.3 in the last digit.
    (mixed(("A", 70, 0.7, 0.7), ("B", 30, 0.1 + 0.2, 0.3)), "A brought 70% of revenue; no share moved"),
    (mixed(("A", 60, 0.6, 0.6004), ("B", 40, 0.4, 0.3996)),
     "A brought 60% of revenue; no share moved by a point"),
    (mixed(("A", 999, 0.999, 0.9991), ("B", 1, 0.001, 0.0009)),
     "A brought 99.9% of revenue; no share moved by a point"),
    # Three that each grew by less than a point, and one that fell by more.
    (mixed(("A", 70, 0.7, 0.712), ("B", 12, 0.12, 0.116), ("C", 10, 0.1, 0.096), ("D", 8, 0.08, 0.076)),
     "A brought 70% of revenue; the share of A fell most, by 1.2 points"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "told"), MIXES)
def test_the_mix_is_told(rows, told):
    assert mix_finding(rows, kpi="revenue") == told


def test_the_trend_is_told():
    rows = pd.DataFrame({"kpi": "order_count", "channel": ["A", "B"] * 3, "period": list("112233"),
                         "value": [3, 1, 2, 2, 1, 5.0], "n": 1})  # fmt: skip
    told = multiples_finding(rows, kpi="order_count", grain="month")
    assert told == "Orders were highest for A and B in one of three months each"
    for kpi, words in [("new_customers:acquired_on", "New customers (acquired on) were"),
                       ("relationship_years:active", "Relationship years (active) were"),
                       ("costs", "Costs were"), ("gross_margin", "Gross margin was")]:  # fmt: skip
        assert multiples_finding(rows, kpi=kpi, grain="month").startswith(words)
    level = rows[rows["period"] == "2"]
    assert multiples_finding(level, kpi="revenue", grain="week").startswith("In no week was revenue highest")
    assert multiples_finding(rows[rows["channel"] == "A"], kpi="revenue", grain="month") == (
        "Revenue: A is the one channel with figures"
    )
    over = rows.replace({"channel": {"B": "5 others"}}).assign(value=[3, 9.0] * 3)
    over = pd.concat([over, rows[rows["channel"] == "B"].assign(value=1.0)])
    assert multiples_finding(over, kpi="revenue", grain="month").endswith("highest for A in all three months")
    # B has the highest rates, but of few.
    few = rows.assign(kpi="win_rate", value=[0.2, 1.0] * 3, n=[9, 2] * 3)
    untold = "Win rate: too few figures can be compared between channels"
    assert multiples_finding(few, kpi="win_rate", grain="month") == untold
    third = few.assign(n=[9, 9, 9, 9, 2, 2])
    assert multiples_finding(third, kpi="win_rate", grain="month").endswith("B in two of three months")
    assert multiples_finding(few.assign(n=2), kpi="win_rate", grain="month") == untold
    # A is ahead of B in the one month in which both can be compared, and of nobody in the others.
    once = few.assign(value=[0.9, 0.5, 0.9, 0.5, 0.9, 0.5], n=[9, 9, 9, 2, 9, 2])
    assert multiples_finding(once, kpi="win_rate", grain="month").endswith("for A in one of three months")
    never = few.assign(n=[9, 2, 2, 9, 9, 2])
    assert multiples_finding(never, kpi="win_rate", grain="month") == untold
    alone = rows.assign(channel="no channel")
    assert multiples_finding(alone, kpi="revenue", grain="month") == "Revenue: no channel has figures"


def test_new_customers_of_the_first_year_are_not_compared_by_channel():
    """A and B would look new in the first quarter, whenever they came; C alone is seen in the second."""
    sold = [("A", "2024-01-05", "mail"), ("B", "2024-02-05", "web"), ("C", "2024-04-05", "web"),
            ("A", "2024-04-06", "mail")]  # fmt: skip
    orders = [{"order_id": str(n), "customer_id": who, "order_date": day, "channel": channel, "amount": 10.0}
              for n, (who, day, channel) in enumerate(sold)]  # fmt: skip
    costs = [{"month": f"2024-0{n}-01", "amount": 8.0, "channel": "web"} for n in (1, 2, 3, 4, 5, 6)]
    shown = open_view(dataset({"orders": orders, "costs": costs}), period="2024-Q2", as_of="2024-06-30")
    mix = shown.drawn("channel_customers")
    assert mix.title == "Web brought 100% of new customers"
    assert "growth: not compared, for the data start within a year of 2024-Q1" in mix.description
    assert mix.table.headings == ("Channel", "New customers", "Share (%)")
    # Revenue is compared: 10 by each channel in both quarters.
    assert shown.drawn("channel_mix").title.endswith("; no share moved")
    for name in ("channels", "channel_costs"):
        told = text(shown.drawn(name))
        (note,) = [one for one in told.splitlines() if one.startswith("Not compared: ")]
        assert "new customers" in note and note.endswith(" (the data start within a year of 2024-Q1).")
    (line,) = [one for one in text(shown.drawn("channels")).splitlines() if one.startswith("New customers |")]
    assert line == "New customers | 1 | 0 | 1"
