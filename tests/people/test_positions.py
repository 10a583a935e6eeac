"""Positions within the team, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from kpikit.people.positions import positions


def members(kpi: str, values: list[float | None], n: list[int] | None = None) -> pd.DataFrame:
    names = [chr(ord("A") + place) for place in range(len(values))]
    frame = {"kpi": kpi, "convention": "default", "rep": names, "value": values, "n": n or [20] * len(values)}
    return pd.DataFrame(frame).astype({"value": float})


def places(frame: pd.DataFrame) -> list[float | None]:
    return [None if one != one else one for one in frame["position"]]


def test_a_position_is_the_share_of_the_others_who_are_behind():
    # Of five, the best is ahead of 4 of 4 others, the next of 3 of 4, and so on; a million is no further.
    told = positions(members("revenue", [30, 1_000_000, 10, 20, 40]))
    assert places(told) == [0.5, 1, 0, 0.25, 0.75]
    assert told["standing"].tolist() == ["middle", "strong", "weak", "weak", "strong"]
    assert set(told["median"]) == {30} and set(told["compared"]) == {5}


def test_of_fewer_than_three_there_is_no_median():
    # A alone has enough deals: their rate is the middle of nobody.
    told = positions(members("win_rate", [0.5, 0.4, 0.3], [9, 2, 1]))
    assert told["why"].tolist() == ["too few members", "few rows", "few rows"]
    assert told["median"].isna().all() and set(told["compared"]) == {1}
    assert positions(members("revenue", [10, 20]))["median"].isna().all()
    assert set(positions(members("revenue", [10, 20, 60]))["median"]) == {20}


def test_ties_count_half():
    # A and B are equal: each is ahead of C and level with one other: (1 + 1/2) / 2. All equal: 1/2.
    assert places(positions(members("revenue", [5, 5, 1]))) == [0.75, 0.75, 0]
    assert places(positions(members("revenue", [5, 5, 5, 5]))) == [0.5] * 4


def test_who_is_level_with_half_of_the_others_is_neither_strong_nor_weak():
    # Nobody but A has a new customer: the others share the last places, and none is worse than most.
    told = positions(members("new_customers", [1, 0, 0, 0, 0]))
    assert places(told) == [1, 0.375, 0.375, 0.375, 0.375]
    assert told["standing"].tolist() == ["strong"] + ["middle"] * 4
    # Of 25, 13 have none: (0 + 12/2) / 24 = 0.25, and yet 12 of 24 others are level.
    told = positions(members("new_customers", [0] * 13 + list(range(1, 13))))
    assert places(told)[0] == 0.25 and told["standing"].iloc[0] == "middle"


def test_lower_is_better_where_the_kpi_says_so():
    assert places(positions(members("sales_cycle_days", [10, 20, 30]))) == [1, 0.5, 0]
    assert places(positions(members("revenue", [10, 20, 30]))) == [0, 0.5, 1]


def test_fewer_than_three_are_not_compared():
    told = positions(members("revenue", [10, 20, None]))
    assert places(told) == [None] * 3
    assert told["why"].tolist() == ["too few members", "too few members", "no data"]
    assert set(told["standing"]) == {""}


def test_a_rate_of_few_rows_is_not_compared_and_not_bad():
    told = positions(members("win_rate", [0.0, 0.2, 0.4, 0.6], [4, 5, 10, 20]))
    assert places(told) == [None, 0, 0.5, 1]
    assert told["why"].tolist() == ["few rows", "", "", ""] and set(told["compared"]) == {3}


def test_nothing_sold_is_the_last_place_and_nothing_known_is_none():
    told = positions(members("revenue", [0, 10, 20, None]))
    assert places(told) == [0, 0.5, 1, None]


def test_sums_of_a_part_of_the_period_are_not_compared_but_rates_are():
    assert places(positions(members("revenue", [1, 10, 20, 30]), partly=["A"])) == [None, 0, 0.5, 1]
    assert places(positions(members("win_rate", [0.1, 0.2, 0.3]), partly=["A"])) == [0, 0.5, 1]


def test_what_has_no_rep_is_no_member():
    frame = members("revenue", [1, 2, 3, 99]).assign(rep=["A", "B", "C", "no rep"])
    assert places(positions(frame)) == [0, 0.5, 1, None]


def test_each_kpi_is_compared_on_its_own_and_the_input_stays():
    frame = pd.concat([members("revenue", [1, 2, 3]), members("win_rate", [0.3, 0.2, 0.1])])
    copy = frame.copy()
    assert places(positions(frame)) == [0, 0.5, 1, 1, 0.5, 0]
    pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("column", ["position", "median", "compared", "standing", "why"])
def test_of_nobody_there_are_no_positions(column):
    assert positions(members("revenue", []))[column].empty
