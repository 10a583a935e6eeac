"""Ticks, labels and lines of text."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kpikit.language import quantity
from kpikit.views.axes import apart, elide, labels, spaced, ticks, wrap
from kpikit.views.charts import attainment_chart
from tests.views.frames import attained

values = st.floats(-1e9, 1e9, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-3)


@given(values, values)
def test_ticks_cover_zero_and_both_ends(one, other):
    found = ticks(min(one, other), max(one, other))
    noise = 1e-8 * (found[-1] - found[0])  # a millionth of a pixel
    assert found[0] <= min(one, other, 0) + noise and found[-1] >= max(one, other, 0) - noise
    assert 0.0 in found and found == sorted(set(found)) and 2 <= len(found) <= 9


def test_ticks_are_fewer_where_their_texts_are_long():
    assert spaced(0, 40, 200, str) == [0.0, 10.0, 20.0, 30.0, 40.0]
    assert spaced(-20, 40, 200, lambda value: f"{value:.0f} thousand") == [-50.0, 0.0, 50.0]
    # Of next to nothing there is one whole tick.
    assert spaced(0, 1e-9, 200, str, is_whole=True) == [0.0]


@given(values, values)
def test_ticks_of_what_is_counted_are_whole(one, other):
    assert all(tick == int(tick) for tick in ticks(min(one, other), max(one, other), is_whole=True))


def test_ticks_are_written_as_they_are():
    def write(value: float) -> str:
        return quantity(value, "money", currency="USD", language="en", is_compact=True)

    # $1.25M, a step of 2.5, was written $1.3M.
    assert [write(one) for one in ticks(0, 1_240_000)] == ["$0", "$500K", "$1M", "$1.5M"]
    small = [write(one) for one in ticks(0, 1_100_000, 7)]
    assert small == ["$0", "$200K", "$400K", "$600K", "$800K", "$1M", "$1.2M"]


@given(st.lists(st.floats(0, 300), max_size=5))
def test_labels_never_stand_on_each_other_and_keep_their_order(places):
    moved = apart(places, 16)
    order = sorted(range(len(places)), key=lambda at: places[at])
    gaps = [moved[after] - moved[before] for before, after in pairwise(order)]
    assert all(gap >= 16 - 1e-6 for gap in gaps)


def test_labels_cannot_end_a_script():
    assert "<" not in labels([1.0], lambda _: "</script>")["labelExpr"]


def test_lines_keep_every_word():
    text = "Revenue reached 93% of its target; three of seven reps are on pace"
    assert " ".join(wrap(text, 17, 200)) == text and len(wrap(text, 17, 200)) > 1


def test_short_names_stay_whole():
    assert elide("Ayu Lestari") == "Ayu Lestari"
    assert len(elide("x" * 80)) == 44


def test_letters_that_end_the_drawing_are_not_drawn():
    rows = attained(
        *((name, 9, 10, "missed") for name in ("a\x0bb", "c\x01", "d\ufffe", "e\x1b[31m", "f\nf"))
    )
    looks = {"unit": "money", "currency": "USD", "language": "en"}
    svg = attainment_chart(rows, title="a\x07", subtitle="b\x00", **looks).svg
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe]", svg)
    assert "f f" in svg and "c\ufffd" in svg
