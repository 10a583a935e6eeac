"""What each member brought, by hand: parts that add up, and shares only where they mean something."""

from __future__ import annotations

import pandas as pd
import pytest

from kpikit.people.contribution import contribution


def members(values: dict[str, tuple[float | None, float | None]]) -> pd.DataFrame:
    rows = [{"rep": rep, "value": now, "reference": before} for rep, (now, before) in values.items()]
    return pd.DataFrame(rows).astype({"value": float, "reference": float})


def test_shares_of_the_whole_and_of_its_growth():
    # 500 + 300 + 200 = 1,000; before 400 + 300 + 100 = 800: the whole grew by 200, of which 100, 0 and 100.
    told = contribution(
        members({"A": (500, 400), "B": (300, 300), "C": (200, 100)}), value=1000, reference=800
    )
    assert told["rep"].tolist() == ["A", "B", "C"]
    assert told["share"].tolist() == [0.5, 0.3, 0.2]
    assert told["change"].tolist() == [100, 0, 100]
    assert told["share_of_change"].tolist() == [0.5, 0, 0.5]


def test_who_left_is_in_the_others_so_that_the_parts_add_up():
    # D left: nothing now, 200 before. The team fell by 100, so that no part is a share of growth.
    told = contribution(members({"A": (500, 400)}), value=500, reference=600)
    assert told["rep"].tolist() == ["A", "others"]
    assert told["change"].tolist() == [100, -200] and told["change"].sum() == 500 - 600
    assert told["share_of_change"].isna().all()


def test_who_joined_grew_from_nothing():
    told = contribution(members({"A": (100, 100), "N": (50, None)}), value=150, reference=100)
    assert told.set_index("rep").loc["N", ["reference", "change", "share_of_change"]].tolist() == [0, 50, 1]


def test_without_a_comparison_there_is_no_growth():
    told = contribution(members({"A": (100, None), "B": (300, None)}), value=400, reference=None)
    assert told["share"].tolist() == [0.75, 0.25]
    assert told[["reference", "change", "share_of_change"]].isna().all(axis=None)


def test_a_negative_part_leaves_no_shares():
    told = contribution(members({"A": (100, 0), "B": (-20, 0)}), value=80, reference=0)
    assert told["share"].isna().all() and told["change"].tolist() == [100, -20]


def test_of_nothing_there_is_no_share():
    told = contribution(members({"A": (0, 0), "B": (0, 0)}), value=0, reference=0)
    assert told[["share", "share_of_change"]].isna().all(axis=None)


def test_the_largest_stands_first_and_the_input_stays():
    given = members({"A": (1, 1), "B": (2, 1), "C": (None, None)})
    copy = given.copy()
    assert contribution(given, value=3, reference=2)["rep"].tolist() == ["B", "A"]
    pd.testing.assert_frame_equal(given, copy)


@pytest.mark.parametrize("value", [None, float("nan")])
def test_a_whole_that_is_not_known_leaves_no_others(value):
    told = contribution(members({"A": (1, 1)}), value=value, reference=value)
    assert told["rep"].tolist() == ["A"]
