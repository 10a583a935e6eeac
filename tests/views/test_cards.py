"""Cards say the value, what it was, and whether that is better, in words."""

from __future__ import annotations

import re

import pandas as pd

from kpikit.views.cards import cards, change_text, verdict
from tests.views.frames import HOSTILE, NAN


def figures(*rows: tuple) -> pd.DataFrame:
    table = [
        {"kpi": kpi, "convention": convention, "value": value, "reference": reference,
         "change": value - reference, "n": 1, "note": note,
         "change_ratio": (value - reference) / reference if reference else NAN}
        for kpi, convention, value, reference, note in rows
    ]  # fmt: skip
    return pd.DataFrame(table)


TOLD = {"title": "All", "reference": "2026-Q2", "currency": "USD", "language": "en"}


def lines(*rows: tuple, **options) -> list[str]:
    return cards(figures(*rows), **(TOLD | options)).text.splitlines()[1:]


def test_a_card_says_value_change_and_verdict():
    assert lines(("revenue", "default", 1120.0, 1000.0, "")) == [
        "Revenue: $1,120; ▲ +12%, better; 2026-Q2: $1,000"
    ]


def test_more_days_are_worse():
    (line,) = lines(("sales_cycle_days", "won", 40.0, 35.0, ""))
    assert line == "Sales cycle days: 40 days; ▲ +14%, worse; 2026-Q2: 35 days"
    assert verdict("sales_cycle_days", -1) == "better"


def test_shares_change_by_points_and_name_their_convention_where_it_is_not_the_default():
    told = lines(("win_rate", "closed", 0.35, 0.4, ""), ("win_rate", "cohort", 0.5, 0.5, ""))
    assert told[0] == "Win rate: 35.0%; ▼ −5.0 points, worse; 2026-Q2: 40.0%"
    assert told[1] == "Win rate (cohort): 50.0%; = unchanged; 2026-Q2: 50.0%"


def test_what_is_missing_says_why():
    told = lines(("revenue", "default", NAN, 1.0, "not started"), ("win_rate", "closed", NAN, NAN, ""))
    assert told == ["Revenue: –; not started", "Win rate: –; no figures"]
    assert lines(("revenue", "default", 5.0, NAN, "")) == ["Revenue: $5.00; 2026-Q2: nothing to compare with"]
    assert lines(("revenue", "default", 500.0, NAN, ""), reference="") == ["Revenue: $500"]


def test_until_when_a_figure_is_known_is_no_reason_that_it_is_missing():
    told = lines(("win_rate", "closed", NAN, 0.5, "until 2026-10-09"))
    assert told == ["Win rate: –; no figures; 2026-Q2: 50.0%"]
    told = lines(("revenue", "default", NAN, 5.0, "not available: orders has no team; until 2026-10-09"))
    assert told == ["Revenue: –; the orders have no team"]


def test_from_nothing_there_is_no_per_cent():
    assert "▲ +$500, better" in lines(("revenue", "default", 500.0, 0.0, ""))[0]


def test_what_cannot_be_compared_is_neither_better_nor_worse():
    frame = figures(("new_customers", "first_order", 18.0, 178.0, "left-censored: the data start late"))
    told = cards(frame.assign(change=NAN, change_ratio=NAN), **TOLD).text.splitlines()[1:]
    assert told == ["New customers: 18; not compared: the data start within a year of 2026-Q2; 2026-Q2: 178"]


def test_a_running_period_is_not_judged_against_a_whole_one():
    told = lines(("revenue", "default", 10.0, 100.0, ""), ("win_rate", "closed", 0.3, 0.4, ""), is_fair=False)
    assert "▼ −90%, so far" in told[0] and "worse" not in told[0]
    assert "worse" in told[1]  # a rate is comparable


def test_beside_a_whole_sums_are_parts_and_rates_stand_beside():
    around = figures(("revenue", "default", 2000.0, 1.0, ""), ("win_rate", "closed", 0.25, 0.2, ""))
    own = (("revenue", "default", 500.0, 400.0, ""), ("win_rate", "closed", 0.5, 0.5, ""))
    told = lines(*own, around=around, around_name="team Bali")
    assert told[0].endswith("25% of team Bali ($2,000)")
    assert told[1].endswith("team Bali: 25.0%")


def test_a_small_part_is_not_nothing_and_a_large_one_not_all():
    around = figures(
        ("order_count", "default", 5465.0, 1.0, ""), ("new_customers", "first_order", 2857.0, 1.0, "")
    )
    own = (("order_count", "default", 18.0, 18.0, ""), ("new_customers", "first_order", 2854.0, 2854.0, ""))
    told = lines(*own, around=around, around_name="the whole team")
    assert told[0].endswith("0.3% of the whole team (5,465)")
    assert told[1].endswith("99.9% of the whole team (2,857)")


def test_ten_times_as_much_is_no_per_cent():
    assert "▲ 10 times as much, better" in lines(("revenue", "default", 1000.0, 100.0, ""))[0]
    assert "▲ +899%, better" in lines(("revenue", "default", 999.0, 100.0, ""))[0]


def test_text_from_data_is_escaped():
    shown = cards(figures(("revenue", "default", NAN, 1.0, HOSTILE)), **(TOLD | {"title": HOSTILE}))
    assert "<img" not in shown.html and shown.html.count("&lt;img") == 3
    assert HOSTILE in shown.text


def test_better_and_worse_are_words_and_not_colours_alone():
    html = cards(figures(("revenue", "default", 2.0, 1.0, "")), **TOLD).html
    assert "▲" in html and "better" in html


def test_the_longest_value_fits_its_card():
    sizes = {}
    for value in (7.0, 1_234_567.0, 123_456_789_012.0):
        rows = [("revenue", "default", value, 1.0, ""), *[("order_count", "sales", 1.0, 1.0, "")] * 4]
        (sizes[value],) = set(
            re.findall(r"font-size:(\d+)px;font-weight:bold;margin-top", cards(figures(*rows), **TOLD).html)
        )
    # Five cards in 820 pixels, 150 each without the gaps, 24 of these at the sides: 12 for a letter of ten.
    assert sizes[7.0] == "24" and 16 <= int(sizes[1_234_567.0]) <= 19 and sizes[123_456_789_012.0] == "14"


def test_no_arrow_stands_before_nothing():
    assert change_text(100.04, 100.0, 0.0004, "money", "USD", "en") == "▲ under 0.1%"
    assert change_text(99.95, 100.0, -0.0005, "money", "USD", "id") == "▼ −0,1%"
    assert change_text(0.3004, 0.3, 0.0013, "share", "", "id") == "▲ under 0,1 poin"
    assert change_text(0.301, 0.3, 0.0033, "share", "", "en") == "▲ +0.1 points"
