"""What the pipeline covers of the running targets: worked out by hand, and said of whom it is said."""

from __future__ import annotations

from datetime import date

import pytest

from kpikit.targets import Plan
from kpikit.views.display import Html
from kpikit.views.pipeline_coverage import covered_together
from kpikit.views.team import View, open_view
from tests.builders import dataset

TODAY = date(2026, 3, 20)
BALI = {"region": "Bali"}


def deal(number: int, rep: str, amount: float, outcome: str | None = None, region: str = "Bali"):
    return {"deal_id": str(number), "stage": "s", "outcome": outcome, "created_on": date(2026, 3, 1),
            "closed_on": TODAY if outcome else None, "rep_id": rep, "amount": amount, "region": region,
            "channel": "Web"}  # fmt: skip


def closed(first: int, rep: str, won: int, lost: int, amount: float, region: str = "Bali"):
    outcomes = ["won"] * won + ["lost"] * lost
    return [deal(first + place, rep, amount, one, region) for place, one in enumerate(outcomes)]


# A won 3 of 5 deals, of 100 each, and has 900 open; B won 1 of 7, of 10, in Java, and has 30 open.
DEALS = [deal(1, "A", 900.0), deal(2, "B", 30.0, region="Java"), *closed(10, "A", 3, 2, 100.0),
         *closed(20, "B", 1, 6, 10.0, "Java")]  # fmt: skip
REPS = [{"rep_id": name, "name": name} for name in "AB"]
EACH = {"name": "Each", "per": "rep", "level": 100}
WHOLE = {"name": "Whole", "level": 1000}


def page(
    *targets: dict[str, object], deals: list[dict[str, object]] = DEALS,
    orders: list[dict[str, object]] | None = None, **chosen: object,
) -> View:  # fmt: skip
    every = [{"kpi": "won_value", "period": "2026-03", "set_on": "2026-03-01", **one} for one in targets]
    objective = {"name": "O", "kpis": ["won_value"], "targets": every}
    plan = Plan.model_validate({"goals": [{"name": "G", "objectives": [objective]}]})
    company = dataset({"deals": deals, "reps": REPS, **({"orders": orders} if orders else {})})
    return open_view(company, plan, period="2026-03", as_of=str(TODAY), **chosen)


def told(view: View) -> str:
    drawn = view.drawn("coverage")
    assert isinstance(drawn, Html)
    return drawn.text


def test_what_one_has_who_has_reached_the_target_fills_no_gap_of_another():
    (one,) = covered_together(page(EACH).figures).to_dict("records")
    # A reached 300 of 100. B lacks 90 of 100, and has 30 open.
    assert (one["remaining"], one["pipeline"], one["members"], one["lacking"]) == (90, 30, 2, 1)
    assert one["coverage"] == pytest.approx(1 / 3)
    text = told(page(EACH))
    assert "The pipeline is 0.3 times what is lacking, and 3.0 times are needed" in text
    assert "Lacking and pipeline, all together: of those who have not reached their own." in text


def test_where_all_have_reached_theirs_the_pipeline_is_that_of_all():
    (one,) = covered_together(page({**EACH, "level": 10}).figures).to_dict("records")
    assert (one["remaining"], one["pipeline"], one["lacking"]) == (0, 930, 0)
    text = told(page({**EACH, "level": 10}))
    assert "Nothing is lacking" in text and "have not reached" not in text


def test_a_target_is_judged_by_the_win_rate_of_its_own_scope():
    # The company won 4 of 12: 3 times are needed. B alone won 1 of 7.
    view = page(EACH, WHOLE, rep="B")
    rates = covered_together(view.figures).set_index("target")
    assert rates["win_rate"].tolist() == pytest.approx([1 / 7, 1 / 3])
    assert rates["needed"].tolist() == pytest.approx([7, 3])
    text = told(view)
    assert (
        "Each: at a win rate of 14.3% (B, 2026-03), the pipeline must be 7.0 times what is lacking." in text
    )
    assert "Whole: at a win rate of 33.3% (the company, 2026-03), the pipeline must be 3.0 times" in text
    # In Bali, where A sells, 3 of 5 were won.
    (one,) = covered_together(page({**WHOLE, "scope": BALI}).figures).to_dict("records")
    assert one["needed"] == pytest.approx(5 / 3)


def test_a_line_is_named_by_the_scope_of_its_target():
    text = told(page({**WHOLE, "scope": BALI}, rep="B"))
    assert "\nBali | " in text and "The company" not in text
    assert "(Bali, 2026-03), the pipeline must be 1.7 times" in text
    assert "\nThe company | " in told(page(WHOLE))
    assert "\nAll together, Bali | " in told(page({**EACH, "scope": BALI}))


def test_what_a_choice_does_not_reach_is_said():
    chosen = {"where": {"region": ["Bali"], "channel": ["Web"]}}
    assert "not only channel Web and region Bali" in told(page(WHOLE, **chosen))
    within = told(page({**WHOLE, "scope": BALI}, **chosen))
    assert "not only channel Web" in within
    assert "not only" not in told(page(WHOLE))


def test_where_no_deal_was_won_no_pipeline_is_called_enough():
    deals = [deal(1, "A", 900.0), *closed(10, "A", 0, 6, 100.0)]
    text = told(page(WHOLE, deals=deals))
    assert (
        "The pipeline is 0.9 times what is lacking, but no deal was won, so that none can be called" in text
    )
    assert "No deal was won (the company, 2026-03), so that no pipeline can be called enough." in text
    assert "0.0%" not in text
    text = told(page(WHOLE, {**WHOLE, "name": "Small", "level": 10}, deals=deals))
    assert text.startswith("No deal was won, so that no pipeline can be called enough") and "►" not in text


def test_few_deals_are_no_win_rate():
    # 2 of 4 were won.
    deals = [deal(1, "A", 900.0), *closed(10, "A", 2, 2, 100.0)]
    assert "By the usual rule of thumb, the pipeline must be 3.0 times" in told(page(WHOLE, deals=deals))


@pytest.mark.parametrize(("ordered", "is_judged"), [(3100.0, False), (310.0, True)])
def test_a_target_that_is_reached_without_deals_is_not_judged_by_the_pipeline(ordered, is_judged):
    """Deals of 310 were won: a tenth of revenue, or all of it."""
    order = {"order_id": "1", "order_date": date(2026, 3, 2), "customer_id": "c", "amount": ordered}
    text = told(page({**WHOLE, "kpi": "revenue", "level": 9000}, orders=[order]))
    why = (
        "Won deals brought 10.0% of revenue (the company, 2026-03); what comes without one is in no pipeline."
    )
    mostly = "The running targets are reached mostly without deals, so that the pipeline does not decide"
    assert (mostly in text, why in text, "▼ 0.1×" in text) == (not is_judged, not is_judged, is_judged)
