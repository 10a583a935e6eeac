"""The table of members: sorted, escaped, with the whole below and the conventions in its notes."""

from __future__ import annotations

import re

import pandas as pd

from kpikit.views.tables import members_table
from tests.views.frames import HOSTILE, NAN, attained


def measured(n: int = 9, **reps: tuple[float, float]) -> pd.DataFrame:
    rows = []
    for name, (revenue, wins) in reps.items():
        for kpi, convention, value in (("revenue", "default", revenue), ("win_rate", "closed", wins)):
            own = {"kpi": kpi, "convention": convention, "rep": name.replace("_", " ")}
            rows.append(own | {"value": value, "n": n})
    return pd.DataFrame(rows)


def table(members: pd.DataFrame, attainment: pd.DataFrame, **options):
    told = {"title": "All", "subtitle": "As of", "whole": "All together", "notes": ["Revenue: all sales."],
            "currency": "USD", "language": "en"}  # fmt: skip
    return members_table(members, measured(x=(300.0, 0.4)), attainment, **(told | options))


MEMBERS = measured(Ayu=(100.0, 0.5), Budi=(200.0, NAN), no_rep=(900.0, NAN))
JUDGED = attained(
    ("Ayu", 100, 80, "reached"), ("Budi", 200, 400, "missed"), ("no rep", 900, NAN, "not available")
)


def body(html: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>|<tr[^>]*>(.*?)</tr>", html, re.DOTALL)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", "".join(row), re.DOTALL) for row in rows]
    return [row for row in cells if len(row) > 1]


def test_the_largest_comes_first_then_no_rep_then_the_whole():
    assert body(table(MEMBERS, JUDGED).html) == [
        ["Budi", "$200", "–", "50%", "× missed"],
        ["Ayu", "$100", "50.0%", "125%", "● reached"],
        ["no rep", "$900", "–", "–", "no target"],
        ["All together", "$300", "40.0%", "", ""],
    ]


def test_a_rate_of_few_is_marked_and_what_few_means_is_said_once():
    few = pd.concat(
        [measured(4, Ayu=(100.0, 1.0)), measured(5, Budi=(90.0, 0.4)), measured(0, Cut=(1.0, NAN))]
    )
    shown = table(few, JUDGED.head(0))
    # Of four deals and of five; a sum is no rate, and nothing is not few.
    assert body(shown.html)[:3] == [
        ["Ayu", "$100", "100.0% (few)"], ["Budi", "$90.00", "40.0%"], ["Cut", "$1.00", "–"]
    ]  # fmt: skip
    said = "few: a rate of fewer than 5 rows, which may be chance."
    assert shown.html.count(said) == shown.text.count(said) == 1
    assert "few" not in table(MEMBERS, JUDGED).text


def test_without_a_target_there_is_no_attainment():
    html = table(MEMBERS, JUDGED.head(0)).html
    assert "Attainment" not in html and "Status" not in html


def test_two_conventions_of_one_kpi_have_a_column_each():
    both = pd.concat([MEMBERS, MEMBERS[MEMBERS["kpi"] == "win_rate"].assign(convention="cohort", value=0.9)])
    html = table(both, JUDGED).html
    assert "Win rate (cohort)" in html and "90.0%" in html and "50.0%" in html


def test_text_from_data_is_escaped_once():
    members = measured(**{"D'Angelo & Co": (1.0, 0.5)})
    hostile = pd.concat([members, measured(x=(2.0, 0.1)).replace({"rep": {"x": HOSTILE}})])
    options = {"title": HOSTILE, "subtitle": HOSTILE, "whole": HOSTILE, "notes": [HOSTILE], "chosen": HOSTILE}
    shown = table(hostile, JUDGED.head(0), **options)
    assert "<img" not in shown.html and shown.html.count("&lt;img") == 5
    assert "D&#x27;Angelo &amp; Co" in shown.html or "D'Angelo &amp; Co" in shown.html
    assert "&amp;amp;" not in shown.html and "&amp;#" not in shown.html


def test_nothing_is_loaded_from_elsewhere_and_the_notes_are_there():
    html = table(MEMBERS, JUDGED).html
    assert not re.findall(r"(?:src|href|url|@import)\s*[=(:]", html) and "<script" not in html
    assert "Revenue: all sales." in html


def test_the_same_table_is_the_same_text_twice():
    assert table(MEMBERS, JUDGED).html == table(MEMBERS, JUDGED).html


def test_the_chosen_member_is_set_apart():
    assert table(MEMBERS, JUDGED, chosen="Ayu").html != table(MEMBERS, JUDGED).html


def test_one_very_long_name_does_not_make_every_line_of_the_text_as_long():
    many = measured(**{"x" * 32_000: (1.0, 0.5)}, **{f"R{place}": (2.0, 0.5) for place in range(100)})
    assert len(table(many, JUDGED.head(0)).text) < 32_000
