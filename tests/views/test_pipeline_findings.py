"""The findings of a review of the pipeline: each sentence holds in each case."""

from __future__ import annotations

import pandas as pd

from kpikit.views.pipeline_findings import (
    coverage_finding,
    funnel_finding,
    list_finding,
    pace_finding,
    pipeline_finding,
    stages_finding,
    win_rate_finding,
)

NAN = float("nan")


def stages_of(*rows: tuple[str, float, int, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["stage", "rate", "n", "days"])


def test_findings_of_stages_hold_in_each_case():
    assert stages_finding(stages_of(("a", 1.0, 4, 3.0))) == (
        "Too few deals left a stage to say where they get stuck"
    )
    assert stages_finding(stages_of(("a", 0.5, 8, 3.0), ("b", 0.1, 2, 9.0))) == "From a, 50.0% moved on"
    same = stages_of(("a", 0.5, 8, 3.0), ("b", 0.5, 9, 3.0))
    assert stages_finding(same) == "As many move on from both stages (50.0%)"
    ties = stages_of(("a", 0.5, 8, 3.0), ("b", 0.5, 9, 9.0), ("c", 0.9, 9, 9.0))
    assert (
        stages_finding(ties) == "Fewest move on from a and b (50.0%); deals stay longest in b and c (9 days)"
    )


def test_findings_of_the_funnel_hold_in_each_case():
    def told(created: int, entered: list[int], lost: list[int], still: int) -> str:
        names = ["lead", "offer", None]
        rows = pd.DataFrame({"stage": names, "created": created, "open": still, "entered": entered})
        return funnel_finding(rows.assign(lost=[*lost, 0]), "May")

    assert (
        told(4, [4, 2, 0], [0, 0], 4)
        == "Of 4 deals created in May, none was won so far; none was lost in a stage"
    )
    assert (
        told(2, [2, 2, 2], [0, 0], 0) == "Of 2 deals created in May, all were won; none was lost in a stage"
    )
    assert told(1, [1, 0, 0], [1, 0], 0) == (
        "The one deal created in May was not won; one was lost, from lead (1 of 1)"
    )
    assert told(10, [10, 4, 9], [1, 0], 0) == (
        "Of 10 deals created in May, 9 were won; one was lost, from lead (1 of 10)"
    )
    assert told(10, [10, 4, 7], [3, 0], 0) == (
        "Of 10 deals created in May, 7 were won; all that were lost were lost from lead (3 of 10)"
    )
    assert told(10, [10, 4, 4], [3, 2], 1).endswith("; most were lost from lead (3 of 10)")
    # One was lost without ever having come to a stage: all are decided.
    assert told(3, [2, 2, 2], [0, 0], 0).startswith("Of 3 deals created in May, 2 were won;")
    many = "two each were lost from lead and offer"
    assert told(6, [6, 4, 1], [2, 2], 1) == f"Of 6 deals created in May, 1 was won so far; {many}"
    assert told(9000, [9000, 6000, 1], [1500, 1500], 6000).endswith(
        "; 1,500 each were lost from lead and offer"
    )
    assert told(6, [6, 4, 4], [1, 1], 0).endswith("; one each was lost from lead and offer")
    # Of five that were lost, two are the most of any stage, but not most.
    rows = pd.DataFrame({"stage": ["a", "b", "c", "d", None], "created": 9, "open": 0})
    rows = rows.assign(entered=[9, 8, 7, 5, 4], lost=[1, 1, 2, 1, 0])
    ties = rows.assign(lost=[2, 1, 2, 0, 0])
    assert funnel_finding(ties, "May").endswith("; the most, 2 each, were lost from a and c")
    few = "Of 9 deals created in May, 4 were won; more were lost than from any other stage, from c (2 of 7)"
    assert funnel_finding(rows, "May") == few


def pace(
    rate: float, before: float, days: float, then: float, n: int = 50, won: int = 20, *,
    were: tuple[float, float] = (40, 20),
) -> str:  # fmt: skip
    rows = pd.DataFrame({"kpi": ["win_rate", "sales_cycle_days"], "value": [rate, days], "n": [n, won],
                         "reference": [before, then], "reference_n": were})  # fmt: skip
    return pace_finding(rows, period="May", reference="April")


def test_findings_of_the_pace_hold_in_each_case():
    assert (
        pace(0.4, 0.5, 35, 40)
        == "Deals were won less often, but faster than in April: 40.0% of 50 deals, in 35 days"
    )
    assert (
        pace(0.4, 0.4, 35, 35)
        == "Deals were won as often and as fast as in April: 40.0% of 50 deals, in 35 days"
    )
    assert pace(0.4, 0.4, 36, 35) == (
        "Deals were won more slowly than in April, and as often: 40.0% of 50 deals, in 36 days"
    )
    assert pace(0.4, NAN, 36, NAN) == "40.0% of 50 deals closed in May were won, half of these within 36 days"
    assert pace(0.0, 0.1, NAN, 3) == "Deals were won less often than in April: 0.0% of 50 deals"
    assert pace(1.0, 0.1, 5, 3, n=1) == (
        "100.0% of 1 deal closed in May was won, half of these within 5 days: too few to compare"
    )
    assert pace(NAN, 0.1, NAN, 3, n=0) == "No deal was closed in May"


def test_few_deals_now_or_then_are_not_compared():
    # Four were won: their days are chance, the win rate of 50 is not.
    assert pace(0.08, 0.5, 35, 40, won=4) == (
        "Deals were won less often than in April: 8.0% of 50 deals, in 35 days"
    )
    assert pace(0.4, 0.5, 35, 40, were=(40, 4)) == (
        "Deals were won less often than in April: 40.0% of 50 deals, in 35 days"
    )
    assert pace(0.4, 1.0, 35, 40, were=(1, 1)) == (
        "40.0% of 50 deals closed in May were won, half of these within 35 days: too few in April to compare"
    )


def test_findings_of_win_rates_and_coverage_hold_in_each_case():
    def rates(*rows: tuple[str, float, int]) -> str:
        return win_rate_finding(pd.DataFrame(rows, columns=["rep", "win_rate", "n"]), "rep")

    assert rates(("A", 1.0, 2)) == "Too few deals were closed to compare win rates"
    assert rates(("A", 0.5, 8), ("B", 1.0, 2)) == "A won 50.0%; one rep closed too few deals to compare"
    assert rates(("A", 0.5, 8), ("B", 0.5, 9)) == "The win rate is the same for both reps: 50.0%"
    assert rates(("A", 0.5, 8), ("B", 0.1, 9), ("no rep", 0.9, 9)) == (
        "A wins the most (50.0%), B the least (10.0%)"
    )

    def covers(*rows: tuple[float, float], needed: float = 2.5) -> str:
        told = pd.DataFrame(rows, columns=["remaining", "coverage"])
        return coverage_finding(told.assign(needed=needed, is_judged=True))

    assert covers((0.0, NAN)) == "Nothing is lacking to the running targets"
    assert covers((5.0, NAN)) == "What the pipeline covers is not known"
    assert (
        covers((5.0, 4.0))
        == "The pipeline is 4.0 times what is lacking, which is enough: 2.5 times are needed"
    )
    assert covers((5.0, 2.49)) == "The pipeline is 2.49 times what is lacking, and 2.50 times are needed"
    assert covers((5.0, 1.0), (5.0, 2.0)) == "The pipeline falls short of both targets"
    assert covers((5.0, 3.0), (5.0, 2.5)) == "There is enough in the pipeline for both targets"
    assert covers((5.0, 3.0), needed=NAN) == (
        "The pipeline is 3.0 times what is lacking, but no deal was won, so that none can be called enough"
    )
    assert covers((5.0, 3.0), (5.0, 9.0), needed=NAN) == (
        "No deal was won, so that no pipeline can be called enough"
    )


def test_findings_of_what_is_open_hold_in_each_case():
    def told(**row: object) -> str:
        rows = pd.DataFrame(
            [{"stage": "lead", "value": 900.0, "deals": 1, "overdue": 0, "without_amount": 0} | row]
        )
        return pipeline_finding(rows, currency="USD", language="en")

    assert told() == "1 open deal is worth $900; none is overdue"
    assert told(deals=3, overdue=2, without_amount=1) == (
        "3 open deals are worth $900; 2 are overdue, and 1 has no amount"
    )
    assert told(deals=3, value=NAN, without_amount=3) == "3 open deals, without amounts; none is overdue"
    assert list_finding(3, 0, NAN) == "3 open deals, none of them overdue"
    assert list_finding(1, 1, 4.0) == "The one open deal is overdue, by 4 days"
    assert list_finding(4, 1, 1.0) == "1 of 4 open deals is overdue (25%), by 1 day"
