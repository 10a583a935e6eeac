"""One KPI under each convention: ranks and statuses by hand, and what cannot be compared."""

import re
from datetime import date

import pytest

from kpikit import KPI, Rows, compare_conventions, load
from kpikit.errors import NotAvailableError, ParameterError, UnknownNameError
from tests.builders import ENGINES, dataset


def deal(number, rep, created, closed, outcome):
    return {
        "deal_id": str(number),
        "stage": "any",
        "outcome": outcome,
        "rep_id": rep,
        "created_on": None if created is None else date(2026, *created),
        "closed_on": None if closed is None else date(2026, *closed),
    }


# March: Ayu closes two and wins one (1/2), and of four created one is won (1/4 by creation and cohort).
# Budi closes three and wins one (1/3), and creates one, won in April: 1/1 by creation, 1/1 as cohort.
DEALS = [
    deal(1, "Ayu", (3, 1), (3, 10), "won"),
    deal(2, "Ayu", (3, 2), (3, 11), "lost"),
    deal(3, "Ayu", (3, 3), None, None),
    deal(4, "Ayu", (3, 4), None, None),
    deal(5, "Budi", (2, 1), (3, 5), "won"),
    deal(6, "Budi", (2, 1), (3, 6), "lost"),
    deal(7, "Budi", (2, 1), (3, 7), "lost"),
    deal(8, "Budi", (3, 8), (4, 2), "won"),
]
ASKED = {"period": "2026-03", "by": "rep", "as_of": "2026-04-30"}


@pytest.mark.parametrize("engine", ENGINES)
def test_ranks_turn_with_the_convention(engine):
    found = compare_conventions(dataset({"deals": DEALS}, engine), "win_rate", **ASKED)
    columns = ["convention", "rep", "value", "n", "rank", "usual_rank", "rank_change", "is_changed"]
    assert found[columns].values.tolist() == [
        ["closed", "Ayu", 1 / 2, 2, 1, 1, 0, False],
        ["closed", "Budi", pytest.approx(1 / 3), 3, 2, 2, 0, False],
        ["created", "Ayu", 1 / 4, 4, 2, 1, -1, True],
        ["created", "Budi", 1.0, 1, 1, 2, 1, True],
        ["cohort", "Ayu", 1 / 4, 4, 2, 1, -1, True],
        ["cohort", "Budi", 1.0, 1, 1, 2, 1, True],
    ]


def test_deals_of_nobody_are_shown_and_have_no_rank():
    # Nobody wins all, and is no rival of Ayu's.
    nobody = [deal(9, None, (3, 1), (3, 2), "won")]
    found = compare_conventions(dataset({"deals": [*DEALS, *nobody]}), "win_rate", **ASKED)
    apart, members = found[found["rep"] == "no rep"], found[found["rep"] != "no rep"]
    assert (
        apart["value"].tolist() == [1, 1, 1] and apart["rank"].isna().all() and not apart["is_changed"].any()
    )
    assert members["rank"].tolist() == [1, 2, 2, 1, 2, 1]


def test_one_member_is_first_under_each_convention():
    found = compare_conventions(dataset({"deals": DEALS[:4]}), "win_rate", **ASKED)
    assert found["rank"].tolist() == [1, 1, 1] and not found["is_changed"].any()


def test_a_target_tells_whose_status_turns():
    found = compare_conventions(dataset({"deals": DEALS}), "win_rate", target=0.4, **ASKED)
    told = {(row.convention, row.rep): (row.status, row.usual_status) for row in found.itertuples()}
    assert told["closed", "Ayu"] == ("reached", "reached")
    assert told["cohort", "Ayu"] == ("missed", "reached")
    assert told["cohort", "Budi"] == ("reached", "missed")


def test_lower_is_better_ranks_the_other_way_and_equals_share_a_rank():
    # Cycles of deals won in March: Ayu 9 days, Budi 32; in February nobody won.
    found = compare_conventions(dataset({"deals": DEALS}), "sales_cycle_days", **ASKED)
    assert dict(zip(found["rep"], found["rank"], strict=True)) == {"Ayu": 1, "Budi": 2}
    alike = [*DEALS[:1], deal(9, "Budi", (3, 1), (3, 10), "won")]
    found = compare_conventions(dataset({"deals": alike}), "sales_cycle_days:mean".partition(":")[0], **ASKED)
    assert set(found["rank"]) == {1}


def test_a_convention_that_the_data_cannot_give_has_a_note_and_no_rank():
    without_creation = [{name: one[name] for name in one if name != "created_on"} for one in DEALS]
    found = compare_conventions(dataset({"deals": without_creation}), "win_rate", **ASKED)
    told = found[found["convention"] == "cohort"]
    assert told["rank"].isna().all() and not told["is_changed"].any()
    assert set(told["note"]) == {"not available: deals.created_on is missing"}


def test_without_a_split_there_is_one_row_for_each_convention():
    found = compare_conventions(dataset({"deals": DEALS}), "win_rate", period="2026-03", as_of="2026-04-30")
    # Won 2 of 5 closed; 2 of 5 created; 2 of 5 created are won by the end of April.
    assert found["value"].tolist() == [pytest.approx(2 / 5)] * 3


def test_what_cannot_be_compared_is_named():
    company = dataset({"deals": DEALS})
    with pytest.raises(ParameterError, match="'deals_won' has one definition"):
        compare_conventions(company, "deals_won", **ASKED)
    with pytest.raises(ParameterError, match="'pipeline_coverage' has none: it needs a target"):
        compare_conventions(company, "pipeline_coverage", **ASKED)
    with pytest.raises(ParameterError, match="the target 'high' is no number"):
        compare_conventions(company, "win_rate", target="high", **ASKED)
    with pytest.raises(UnknownNameError, match="no KPI 'winrate'"):
        compare_conventions(company, "winrate", **ASKED)
    with pytest.raises(NotAvailableError, match="orders is missing"):
        compare_conventions(company, "order_count", **ASKED)


def test_a_kpi_of_ones_own_can_be_compared():
    won = Rows("deals", "closed", "is_won").count()
    own = KPI("wins", "flow", "count", won, conventions={"doubled": won + won})
    found = compare_conventions(dataset({"deals": DEALS}), own, period="2026-03", as_of="2026-04-30")
    assert found["value"].tolist() == [2, 4]


@pytest.mark.parametrize(
    ("asked", "told"),
    [({"kpi": ["win_rate"]}, "kpi is of the kind list"), ({"where": 5}, "where is of the kind int"),
     ({"kpi": "win_rate:cohort"}, "names one convention, and all are compared. Hint: 'win_rate'")],
)  # fmt: skip
def test_what_is_of_another_kind_is_named(asked, told):
    words = {"kpi": "win_rate", "period": "2026-Q3"} | asked
    with pytest.raises(ParameterError, match=re.escape(told)):
        compare_conventions(load("data/samples"), words.pop("kpi"), **words)
