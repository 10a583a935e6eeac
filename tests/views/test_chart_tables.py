"""Each chart carries its figures as a table, and each mark says its own."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pandas as pd

from kpikit.people.contribution import contribution
from kpikit.views.axes import width_of
from kpikit.views.charts import attainment_chart, breakdown_chart
from kpikit.views.contribution import contribution_chart
from kpikit.views.courses import path_chart, trend_chart
from kpikit.views.display import TABLE_TYPE
from kpikit.views.targets_table import status_chart
from tests.views.frames import NAN, attained, grouped, months

LOOKS = {"title": "A finding", "subtitle": "for whom", "unit": "money", "currency": "USD", "language": "en"}


def told(picture) -> set[str]:
    return set(
        re.findall(
            r'aria-label="([^"]*)" role="graphics-symbol" aria-roledescription="(?:bar|tick)"', picture.svg
        )
    )


def test_the_attainment_of_each_member_stands_in_the_table_in_full():
    rows = attained(("Ann", 12_345, 10_000, "reached"), ("Bo", 5, NAN, "not available"))
    picture = attainment_chart(rows, **LOOKS)
    assert picture.table.headings == ("Name", "Actual (USD)", "Target (USD)", "Attainment (%)", "Status")
    assert picture.table.rows == (
        ("Ann", "$12,345", "$10,000", "123%", "● reached"),
        ("Bo", "$5.00", "–", "–", "no target"),
    )
    assert "Ann: actual $12,345, target $10,000, attainment 123% (● reached)" in told(picture)


def test_a_breakdown_names_the_period_that_it_is_compared_with():
    picture = breakdown_chart(
        grouped(x=(3_000, 1_500)), kpi="revenue", by="channel", before_name="2026-Q2", **LOOKS
    )
    assert picture.table.headings == ("Channel", "Revenue (USD)", "2026-Q2 (USD)", "Change")
    assert picture.table.rows == (("x", "$3,000", "$1,500", "▲ +100%"),)
    assert told(picture) == {"x: $3,000, 2026-Q2 $1,500, ▲ +100%"}


def test_a_breakdown_without_a_comparison_has_no_column_for_it():
    picture = breakdown_chart(grouped(x=(3_000, NAN)), kpi="revenue", by="channel", **LOOKS)
    assert picture.table.headings == ("Channel", "Revenue (USD)")


def test_a_trend_says_which_month_is_not_over():
    picture = trend_chart(
        months([1_000, 2_000], [900, NAN], complete=1), kpi="revenue", grain="month", **LOOKS
    )
    assert picture.table.headings == ("Month", "Revenue (USD)", "A year before (USD)")
    assert picture.table.rows == (("2026-01", "$1,000", "$900"), ("2026-02 so far", "$2,000", "–"))


def test_the_table_of_a_long_way_has_its_first_and_last_days_and_no_more_than_can_be_read():
    days = pd.date_range("2026-01-01", "2026-12-31")
    rows = pd.DataFrame({"day": days, "actual": [1.0] * 365, "expected": [2.0] * 365})
    picture = path_chart(rows, kpi="revenue", target=500, as_of=date(2026, 1, 31), **LOOKS)
    table = picture.table
    assert table.headings == ("Day", "Actual (USD)", "Expected (USD)", "Target (USD)")
    assert table.rows[0] == ("1 Jan 2026", "$1.00", "$2.00", "$500")
    assert table.rows[-1] == ("31 Dec 2026", "–", "$2.00", "$500")
    assert 20 < len(table.rows) <= 33
    assert "31 Dec 2026: expected $2.00, target $500" in picture.svg


def brought(**members):
    """Rows of members by hand: value and reference."""
    return pd.DataFrame(
        [{"rep": name, "value": now, "reference": then, "change": now - then}
         for name, (now, then) in members.items()]
    )  # fmt: skip


def test_who_brought_what_stands_in_the_table_in_full():
    # Of 20,000 Ann brought 3/4; the whole grew by 5,000, Ann by 6,000 and Bo by -1,000.
    rows = contribution(brought(Ann=(15_000, 9_000), Bo=(5_000, 6_000)), value=20_000, reference=15_000)
    table = contribution_chart(rows, kpi="revenue", **LOOKS).table
    assert table.headings[:3] == ("Name", "Revenue (USD)", "Part of the whole (%)")
    assert table.headings[3:] == ("Growth (USD)", "Part of the growth (%)")
    assert table.rows == (
        ("Ann", "$15,000", "75%", "+$6,000", "120%"), ("Bo", "$5,000", "25%", "−$1,000", "−20%"),
    )  # fmt: skip
    alone = contribution(brought(Ann=(15_000, NAN)), value=15_000)
    assert contribution_chart(alone, kpi="revenue", **LOOKS).table.rows == (("Ann", "$15,000", "100%"),)


def test_all_targets_of_a_status_are_named_in_the_table():
    names = [f"A target with a name that is long enough to be cut {n}" for n in range(3)]
    rows = pd.DataFrame({"target": [*names, "One"], "status": ["missed"] * 3 + ["reached"]})
    picture = status_chart(rows, title="A finding", subtitle="for whom")
    assert picture.table.rows == (("● reached", "1", "One"), ("× missed", "3", "; ".join(names)))
    assert names[2] not in picture.svg.partition("</desc>")[2]


def test_figures_are_written_by_language():
    rows = attained(("Ann", 12_345, 10_000, "reached"))
    table = attainment_chart(rows, **LOOKS | {"language": "id", "currency": "IDR"}).table
    assert table.rows[0][1].replace("\xa0", "") == "Rp12.345"


def test_a_notebook_carries_the_table_beside_the_words():
    bundle = trend_chart(months([1_000]), kpi="revenue", grain="month", **LOOKS)._repr_mimebundle_()
    assert bundle[TABLE_TYPE]["rows"] == [["2026-01", "$1,000"]]
    assert bundle["text/plain"].startswith("A finding\nfor whom")


def test_the_figures_along_an_axis_stand_apart():
    grown = brought(**{"Margaret Peacock of the North": (63_600, 34_900), "Suyama": (8_900, 19_900)})
    picture = contribution_chart(contribution(grown, value=72_500, reference=54_800), kpi="revenue", **LOOKS)
    placed = r'<text text-anchor="middle" transform="translate\(([-\d.]+),[^>]*>(−?\$[\d.]+K?)</text>'
    panels: list[list[tuple[float, str]]] = []
    for at, text in re.findall(placed, picture.svg):
        if not panels or float(at) < panels[-1][-1][0]:
            panels.append([])
        panels[-1].append((float(at), text))
    assert len(panels) == 2 and all(len(panel) > 1 for panel in panels)
    for panel in panels:
        for (left, one), (right, other) in pairwise(panel):
            # In the widest of the usual fonts.
            assert right - left >= (width_of(one) + width_of(other)) / 2 + 4, (one, other)
