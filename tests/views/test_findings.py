"""What a title says is true: in ties, with none, with all, with figures missing, and before the start."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpikit.language import count_word
from kpikit.views.findings import attainment_finding, breakdown_finding, path_finding, trend_finding
from kpikit.views.words import share_text
from tests.views.frames import NAN, attained, grouped, months

REACHED, MISSED, PACE, RISK = "reached", "missed", "on pace", "at risk"


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (
            attained(("A", 12, 10, REACHED), ("B", 8, 10, MISSED)),
            "Revenue reached 100% of its target; one of two reps reached theirs",
        ),
        (
            attained(("A", 9, 10, MISSED), ("B", 8, 10, MISSED)),
            "Revenue reached 85% of its target; none of two reps reached theirs",
        ),
        (
            attained(("A", 12, 10, REACHED), ("B", 11, 10, REACHED), ("C", 10, 10, REACHED)),
            "Revenue reached 110% of its target; all three reps reached theirs",
        ),
        (attained(("A", 9.96, 10, MISSED)), "Revenue reached 99.6% of its target"),
        (attained(("A", 9.9999, 10, MISSED)), "Revenue reached just under 100% of its target"),
        (attained(("A", 10, 10, REACHED)), "Revenue reached 100% of its target"),
        (
            attained(("A", 6, 10, PACE), ("B", 1, 10, RISK), is_over=False),
            "Revenue stands at 35% of its target; one of two reps is on pace",
        ),
        (
            attained(("A", 11, 10, REACHED), ("B", 6, 10, PACE), ("C", 1, 10, RISK), is_over=False),
            "Revenue stands at 60% of its target; two of three reps are on pace or already there",
        ),
        (
            attained(("A", 1, 10, "too early"), ("B", 1, 10, "too early"), is_over=False),
            "Revenue stands at 10% of its target; no rep can be judged yet",
        ),
        (
            attained(("A", 9, 10, MISSED), ("B", 5, NAN, "not available"), ("C", 11, 10, REACHED)),
            "Revenue reached 100% of its target; one of two reps reached theirs",
        ),
        (
            attained(("A", NAN, 10, "not available"), ("B", 12, 10, REACHED)),
            "Revenue: the one rep that can be judged reached theirs",
        ),
        (attained(("A", NAN, 10, "not started"), is_over=False), "The target for revenue has not started"),
        (attained(("A", NAN, 10, "not available")), "It is not known how revenue stands against its target"),
        (attained(("A", 5, NAN, "not available")), "There is no target for revenue here"),
        (
            attained(("A", 6, 10, "no deadline"), ("B", 1, 10, "no deadline"), is_over=False),
            "Revenue stands at 35% of its target, which has no deadline",
        ),
        (
            attained(("A", 12, 10, REACHED), ("B", 11, 10, REACHED)),
            "Revenue reached 115% of its target; both reps reached theirs",
        ),
        (
            attained(("A", 6, 10, PACE), ("B", 1, 10, "too early"), is_over=False),
            "Revenue stands at 35% of its target; the one rep that can be judged is on pace",
        ),
        (
            attained(("A", 2, 10, RISK), ("B", 1, 10, "too early"), is_over=False),
            "Revenue stands at 15% of its target; the one rep that can be judged is not on pace",
        ),
        (
            attained(("A", 30, 30, REACHED), ("B", 10, 30, MISSED), occurrences=3),
            "Revenue reached 67% of its target; one of six targets of two reps was reached",
        ),
    ],
)
def test_attainment(rows, finding):
    assert attainment_finding(rows, kpi="revenue", per="rep") == finding


def test_what_does_not_add_up_is_not_added_up():
    rows = attained(("A", 0.5, 0.4, REACHED), ("B", 0.3, 0.4, MISSED))
    finding = attainment_finding(rows, kpi="win_rate", per="rep", is_flow=False)
    assert finding == "Win rate: one of two reps reached theirs"


def test_a_chosen_member_comes_first():
    rows = attained(("Ayu", 9, 10, MISSED), ("Budi", 11, 10, REACHED))
    finding = attainment_finding(rows, kpi="revenue", per="rep", chosen="Ayu")
    assert finding == "Ayu reached 90% of the target for revenue; one of two reps reached theirs"


def test_several_halves_are_halves():
    rows = months([9, 8, 7], [1, 2, 9])
    assert trend_finding(rows, kpi="revenue", grain="half") == (
        "Revenue was above the year before in two of three halves"
    )
    rows = months([9, 8, 7], [1, 2, 3])
    assert trend_finding(rows, kpi="revenue", grain="half").endswith("in all three halves")
    rows = months([1, 2], [3, 4])
    assert trend_finding(rows, kpi="revenue", grain="half").endswith("in either of two halves")
    assert trend_finding(months([0, 0]), kpi="revenue", grain="half").endswith("in any of these two halves")
    assert trend_finding(months([2, 2]), kpi="revenue", grain="half").endswith("the same in two halves")


def test_it_says_whose_figure_it_is():
    rows = attained(("Ayu", NAN, NAN, "not available"), ("Budi", 9, 10, MISSED), ("Citra", 11, 10, REACHED))
    finding = attainment_finding(rows, kpi="revenue", per="rep", chosen="Ayu", who="Team Bali")
    assert finding == "Team Bali: revenue reached 100% of its target; one of two reps reached theirs"
    finding = attainment_finding(rows, kpi="order_count", per="rep", who="Team Bali")
    assert finding == "Team Bali: orders reached 100% of their target; one of two reps reached theirs"
    asked = {"kpi": "revenue", "actual": 60, "expected": 50, "target": 100, "is_over": False}
    assert path_finding(**asked, who="Bali") == "Bali: revenue is 20% above what was expected by now"
    early = path_finding(**asked | {"expected": 0}, who="The company")
    assert early == "It is too early to say whether revenue of the company is on pace"


def test_a_member_named_by_digits_is_no_number():
    rows = attained(("276", 9, 10, MISSED), ("277", 11, 10, REACHED))
    finding = attainment_finding(rows, kpi="revenue", per="rep", chosen="276")
    assert finding.startswith("Rep 276 reached 90% of the target for revenue; ")
    rows = grouped("rep", **{"276": (3, 1), "277": (1, 1)})
    assert breakdown_finding(rows, kpi="order_count", by="rep") == (
        "Rep 276 brought 75% of orders, the most of two reps"
    )


def test_rows_without_a_group_are_no_name():
    rows = grouped("product_line", **{"no_product_line": (3, 1), "Beans": (1, 1)})
    rows["product_line"] = ["no product_line", "Beans"]
    assert breakdown_finding(rows, kpi="revenue", by="product_line") == "75% of revenue has no product line"
    rows = grouped("channel", no_channel=(5, 1), phone=(3, 1), web=(2, 1))
    assert breakdown_finding(rows, kpi="order_count", by="channel") == (
        "50% of orders have no channel; phone brought the most of two channels"
    )
    rows = grouped("channel", no_channel=(1, 1), phone=(5, 1), web=(4, 1))
    assert breakdown_finding(rows, kpi="revenue", by="channel") == (
        "Phone brought 50% of revenue, the most of two channels"
    )
    rows = grouped("channel", no_channel=(1, 1), phone=(4, 1))
    assert breakdown_finding(rows, kpi="revenue", by="channel") == (
        "Phone brought 80% of revenue; the rest has no channel"
    )
    rows = grouped("channel", no_channel=(0.2, 1), phone=(0.4, 1))
    assert breakdown_finding(rows, kpi="win_rate", by="channel", is_flow=False) == (
        "Win rate is highest for phone and lowest for what has no channel"
    )


def test_a_plural_takes_a_plural_verb():
    rows = attained(("", 1, 1000, "no deadline"), is_over=False)
    assert (
        attainment_finding(rows, kpi="new_customers", per="") == "New customers stand at 0.1% of their target"
    )


statuses = st.sampled_from([REACHED, MISSED, "not available"])
members = st.lists(st.tuples(st.floats(0, 1e6), st.floats(1, 1e6), statuses), min_size=2, max_size=30)


@given(members)
def test_the_counts_are_those_of_the_frame(drawn):
    rows = attained(*((f"R{place}", *one) for place, one in enumerate(drawn)))
    finding = attainment_finding(rows, kpi="revenue", per="rep")
    reached, judged = (rows["status"] == REACHED).sum(), (rows["status"] != "not available").sum()
    if judged == 0:
        assert "no rep can be judged yet" in finding
    elif judged == 1:
        assert finding.endswith(
            f"the one rep that can be judged {'reached' if reached else 'did not reach'} theirs"
        )
    elif reached == judged:
        assert ("both reps" if judged == 2 else f"all {count_word(int(judged))} reps") in finding
    else:
        # Beside a number in digits stands no number in words.
        part = count_word(int(reached)) if judged <= 10 or not reached else reached
        assert f"{part} of {count_word(int(judged))} reps" in finding
    silent = len(rows) - judged
    assert ("not judged" in finding) == bool(silent and judged > 1)


def test_a_share_that_rounds_to_whole_per_cent_is_written_so():
    assert [share_text(one) for one in (0.0097, 0.0095, 0.0094, 0.01)] == ["1%", "1%", "0.9%", "1%"]


@given(st.floats(0, 3))
def test_no_rounding_reaches_a_target(value):
    assert share_text(value) != "100%" or value >= 1
    assert share_text(value) != "0%" or value == 0


@pytest.mark.parametrize(
    ("asked", "finding"),
    [
        ({"actual": 93, "expected": 9, "target": 100, "is_over": True}, "Revenue ended 7% below its target"),
        ({"actual": 9, "expected": 9, "target": 9, "is_over": True}, "Revenue ended exactly at its target"),
        ({"actual": 100.5, "expected": 100, "target": 100, "is_over": True},
         "Revenue ended less than 1% above its target"),
        ({"actual": 0.1, "expected": 100, "target": 100, "is_over": True},
         "Revenue ended more than 99% below its target"),
        ({"actual": 0, "expected": 9, "target": 100, "is_over": True}, "Revenue ended 100% below its target"),
        ({"actual": 60, "expected": 50, "target": 100, "is_over": False},
         "Revenue is 20% above what was expected by now"),
        ({"actual": 0, "expected": 0, "target": 100, "is_over": False},
         "It is too early to say whether revenue is on pace"),
        ({"actual": NAN, "expected": 50, "target": 100, "is_over": False},
         "It is not known how revenue stands against its target"),
        ({"actual": 57, "expected": NAN, "target": 100, "is_over": False, "has_end": False},
         "Revenue is 43% below its target, which has no deadline"),
        ({"actual": 5, "expected": 0, "target": 0, "is_over": True}, "Revenue ended above its target"),
    ],
)  # fmt: skip
def test_path(asked, finding):
    assert path_finding(kpi="revenue", **asked) == finding


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        (months([1, 2, 3], [0, 3, 1]), "Revenue was above the year before in two of three months"),
        (months([1, 2, 3], [0, 1, 1]), "Revenue was above the year before in all three months"),
        (months([1, 2], [1, 2]), "Revenue was not above the year before in either of two months"),
        (
            months([1, 2, 3], [NAN, 1, NAN]),
            "Revenue was above the year before in the one month that can be compared",
        ),
        (months([1, 2, 9], [2, 1, 1], complete=2), "Revenue was above the year before in one of two months"),
        (
            months([1, 2, 3], [NAN, 3, NAN]),
            "Revenue was not above the year before in the one month that can be compared",
        ),
        (months([1], [0.5]), "Revenue was above the year before in the one complete month"),
        # A year before without any revenue is no year to compare with.
        (months([1], [0]), "Revenue: one complete month so far"),
        (months([1, 3, 2], [0, 0, NAN]), "Revenue was highest in Feb 2026"),
        (months([1, 1, 1], [1, 2, 3]), "Revenue was not above the year before in any of three months"),
        (months([3, 4], [1, 2]), "Revenue was above the year before in both months"),
        (months([0, 0, 0], [1, 0, 1]), "There was no revenue in any of these three months"),
        (months([1, 3, 2]), "Revenue was highest in Feb 2026"),
        (months([3, 1, 3]), "Revenue was highest in Jan 2026 and Mar 2026"),
        (months([3, 3, 3]), "Revenue was the same in three months"),
        (months([NAN, NAN]), "There is no complete month of revenue yet"),
        (months([4], complete=0), "There is no complete month of revenue yet"),
    ],
)
def test_trend(rows, finding):
    assert trend_finding(rows, kpi="revenue", grain="month") == finding


@pytest.mark.parametrize(
    ("rows", "kpi", "is_flow", "finding"),
    [
        (
            grouped(phone=(3, 1), Shop=(1, 1)),
            "revenue",
            True,
            "Phone brought 75% of revenue, the most of two channels",
        ),
        (
            grouped(phone=(2, 1), Shop=(2, 1), web=(1, 1)),
            "revenue",
            True,
            "Phone and Shop brought together 80% of revenue, the most of three channels",
        ),
        (grouped(phone=(2, 1), Shop=(2, 1)), "revenue", True, "Revenue is the same for both channels"),
        (grouped(phone=(2, 1)), "revenue", True, "Phone brought all revenue"),
        (grouped(phone=(0, 1), Shop=(0, 1)), "revenue", True, "There was no revenue"),
        (grouped(phone=(NAN, 1)), "revenue", True, "Revenue by channel is not known"),
        (
            grouped(phone=(5, 1), Shop=(-1, 1)),
            "net_revenue",
            True,
            "Net revenue is highest for phone and lowest for Shop",
        ),
        (
            grouped(phone=(0.5, 1), Shop=(0.2, 1)),
            "win_rate",
            False,
            "Win rate is highest for phone and lowest for Shop",
        ),
        (grouped(phone=(0.5, 1)), "win_rate", False, "Win rate is known for phone only"),
        (grouped(), "revenue", True, "Revenue by channel is not known"),
    ],
)
def test_breakdown(rows, kpi, is_flow, finding):
    assert breakdown_finding(rows, kpi=kpi, by="channel", is_flow=is_flow) == finding
