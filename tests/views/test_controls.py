"""The controls, in plain Python: what they offer, what Apply shows, and what Reset goes back to."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

import kpikit as kp
from kpikit.views.controls import CHOSEN, Controls
from kpikit.views.team import View, open_view
from tests.builders import dataset


@pytest.fixture(scope="module")
def sales():
    return kp.load("data/samples")


@pytest.fixture
def view(sales) -> View:
    return open_view(sales, kp.read_plan("data/samples/plan.yaml"), period="last quarter")


@pytest.fixture
def controls(view) -> Controls:
    return Controls(view)


def offered(controls: Controls, name: str) -> list[str]:
    return [value for _, value in controls.fields[name].options]


def put(controls: Controls, **values: Any) -> None:
    for name, value in values.items():
        controls.fields[name].value = value


def test_they_first_show_what_the_parameters_say(sales):
    view = open_view(sales, period="2026-Q2", rep="Ayu Lestari", compare="", kpi="win_rate", by="region")
    told = {name: field.value for name, field in Controls(view).fields.items() if name in CHOSEN}
    assert told == {"period": "2026-Q2", "compare": "", "kpi": "win_rate", "target": "", "by": "region",
                    "team": "", "rep": "Ayu Lestari"}  # fmt: skip


def test_no_field_is_blank(controls):
    assert all(field.index is not None for name, field in controls.fields.items() if name in CHOSEN)


def test_apply_shows_what_measure_gives(controls, view, sales):
    put(controls, period="last month", team="Jakarta", rep="Ayu Lestari", kpi="order_count")
    controls.apply.click()
    assert view.selection.line == (
        'period="last month", compare="previous", kpi="order_count", team="Jakarta", rep="Ayu Lestari"'
    )
    own = kp.measure(sales, "revenue", period="2026-09", where={"rep": "Ayu Lestari"})
    totals = view.figures.totals.set_index("kpi")
    assert totals.loc["revenue", "value"] == own["value"].iloc[0]
    assert view.selection.line in controls.line.value.replace("&quot;", '"')


def test_nothing_is_shown_before_apply(controls, view):
    put(controls, rep="Ayu Lestari")
    assert view.selection.rep is None


def test_reset_goes_back_to_the_parameters(controls, view):
    first = view.selection
    put(controls, team="Bali", period="last year")
    controls.apply.click()
    assert view.selection.team == "Bali"
    controls.reset.click()
    assert view.selection == first
    assert (controls.fields["team"].value, controls.fields["period"].value) == ("", "last quarter")


def test_what_is_impossible_is_not_offered(controls):
    assert "Walt Henriksen" not in offered(controls, "rep")  # left in 2022
    assert "$1.2 million in 2022 from Alaska" not in offered(controls, "target")
    put(controls, team="Bali")
    assert "Ayu Lestari" not in offered(controls, "rep") and "Kadek Wirawan" in offered(controls, "rep")
    put(controls, kpi="new_customers")
    assert "product_line" not in offered(controls, "by")
    assert "customer_lifetime_value" not in offered(controls, "kpi")  # it has no silent default
    assert "customer_lifetime_value:simple" in offered(controls, "kpi")


def test_the_period_decides_who_is_there(controls):
    put(controls, period="custom", start=date(2022, 1, 1), end=date(2022, 3, 31))
    assert "Walt Henriksen" in offered(controls, "rep")
    assert "$1.2 million in 2022 from Alaska" in offered(controls, "target")


def test_a_rep_of_another_team_is_let_go(controls):
    put(controls, team="Jakarta", rep="Ayu Lestari")
    put(controls, team="Bali")
    assert controls.fields["rep"].value == ""


def test_the_dates_stand_there_for_a_range_alone(controls):
    assert controls.fields["start"].layout.display == "none"
    put(controls, period="custom")
    assert controls.fields["start"].layout.display is None
    assert controls.fields["end"].max == date(2026, 10, 9)


def test_a_range_that_ends_before_it_starts_cannot_be_applied(controls, view):
    put(controls, period="custom", start=date(2026, 3, 1), end=date(2026, 2, 1))
    assert controls.apply.disabled and "The first day is after the last." in controls.message.value
    put(controls, end=date(2026, 3, 31))
    assert not controls.apply.disabled
    controls.apply.click()
    assert view.selection.period == "2026-03-01/2026-03-31"


def test_a_fault_is_told_and_what_was_shown_stays(controls, view, monkeypatch):
    before = view.selection
    monkeypatch.setattr(view._screen, "draw_again", lambda: (_ for _ in ()).throw(RuntimeError("<b>no</b>")))
    put(controls, team="Bali")
    with pytest.raises(RuntimeError):
        controls._apply()
    assert view.selection == before and not controls.apply.disabled
    assert "&lt;b&gt;no&lt;/b&gt;" in controls.message.value


def test_controls_without_a_plan_offer_no_target(sales):
    assert offered(Controls(open_view(sales, period="2026-Q3")), "target") == [""]


def test_a_notebook_shows_the_controls_that_it_names(view):
    controls = Controls(view, ("team", "rep"))
    shown = [field.description for field in controls.box.children[0].children]
    assert shown == ["Team", "Rep"]
    put(controls, team="Jakarta", rep="Ayu Lestari")
    controls.apply.click()
    assert view.selection.rep == "Ayu Lestari" and view.selection.period == "last quarter"


def test_before_a_period_the_periods_to_come_are_offered_and_who_will_be_there(sales):
    view = open_view(sales, kp.read_plan("data/samples/plan.yaml"), period="next quarter")
    controls = Controls(view, ("period", "team", "rep"))
    assert "next month" in offered(controls, "period") and "last quarter" not in offered(controls, "period")
    # By reps.csv 25 members have not left; Tyler Nakamura is one of the five of Alaska.
    assert len(offered(controls, "rep")) == 26
    put(controls, team="Alaska")
    assert "Tyler Nakamura" in offered(controls, "rep") and len(offered(controls, "rep")) == 6
    put(controls, period="this quarter")
    controls.apply.click()
    assert "next quarter" in offered(controls, "period")


# --- The scope, the as-of date and the grain

SCOPED = ("kpi", "period", "as_of", "target", "region", "product_line", "channel", "segment", "team", "rep")
SCOPED += ("by", "grain")


def scoped(sales, **parameters: Any) -> tuple[View, Controls]:
    view = open_view(sales, **{"period": "2026-Q3", **parameters})
    return view, Controls(view, SCOPED)


def labels(controls: Controls, name: str) -> list[str]:
    return [text for text, _ in controls.fields[name].options]


def test_the_labels_of_the_data_are_offered_and_no_others(sales):
    controls = scoped(sales)[1]
    customers = pd.read_csv("data/samples/customers.csv")
    products = pd.read_csv("data/samples/products.csv")
    assert labels(controls, "region") == ["all regions", *sorted(customers["region"].unique())]
    assert labels(controls, "product_line") == [
        "all product lines",
        *sorted(products["product_line"].unique()),
    ]
    assert labels(controls, "segment") == ["all segments", *sorted(customers["segment"].unique())]


def test_a_scope_is_applied_shown_in_the_line_and_reset(sales):
    view, controls = scoped(sales)
    put(controls, region=("Bali",), segment=("hotel",))
    assert view.selection.where == ()
    controls.apply.click()
    assert view.selection.where == (("region", ("Bali",)), ("segment", ("hotel",)))
    assert view.selection.line.endswith('kpi="revenue", where={"region": ["Bali"], "segment": ["hotel"]}')
    put(controls, region="")
    controls.apply.click()
    assert view.selection.where == (("segment", ("hotel",)),)
    controls.reset.click()
    assert view.selection.where == () and controls.fields["segment"].value == ""


def test_what_the_parameters_say_is_what_is_first_shown(sales):
    given = {"region": ["Bali", "Alaska"], "product": "House blend 5 kg"}
    view, controls = scoped(sales, where=given, as_of="2026-09-14", grain="week", rep="Ayu Lestari")
    assert controls.fields["region"].value == ("Bali", "Alaska")
    assert "Bali or Alaska" in labels(controls, "region")
    assert controls.fields["product"].value == (
        "House blend 5 kg",
    )  # a picker of its own, because it is given
    assert controls.fields["as_of"].value == date(2026, 9, 14) and controls.fields["grain"].value == "week"
    before = view.selection
    controls.apply.click()
    assert view.selection == before


def test_a_kpi_that_has_no_such_labels_lets_them_go(sales):
    view, controls = scoped(sales, where={"product_line": "Coffee", "region": "Bali"}, rep="Ayu Lestari")
    put(controls, kpi="customer_acquisition_cost")
    assert labels(controls, "product_line") == ["all product lines (not for this KPI)"]
    assert labels(controls, "rep") == ["all reps (not for this KPI)"]  # costs are of nobody
    assert controls.fields["product_line"].disabled and controls.fields["rep"].disabled
    assert controls.fields["region"].value == ("Bali",)
    controls.apply.click()
    assert view.selection.where == (("region", ("Bali",)),) and view.selection.rep is None
    put(controls, kpi="revenue")
    assert "Coffee" in labels(controls, "product_line") and not controls.fields["product_line"].disabled


def test_the_as_of_date_stays_within_the_data_and_moves_the_periods(sales):
    view, controls = scoped(sales, period="last quarter")
    field = controls.fields["as_of"]
    orders = pd.read_csv("data/samples/orders.csv")
    deals = pd.read_csv("data/samples/deals.csv")
    first = min(orders["order_date"].min(), deals["created_on"].min(), deals["closed_on"].min())
    assert field.max == date(2026, 10, 9) == field.value
    assert date(2020, 1, 1) < field.min <= date.fromisoformat(first)
    put(controls, as_of=date(2026, 6, 15))
    assert "last quarter (2026-Q1)" in labels(controls, "period")
    assert controls.fields["end"].max == date(2026, 6, 15)
    controls.apply.click()
    assert view.selection.as_of == "2026-06-15" and view.figures.period.label == "2026-Q1"
    put(controls, as_of=date(2026, 10, 9))
    controls.apply.click()
    put(controls, as_of=None)
    controls.apply.click()
    assert view.selection.as_of is None  # the newest day, whichever that is next week


def test_a_dimension_that_the_data_lack_has_no_field(sales):
    tables = {
        name: sales.tables[name].drop(columns="channel", errors="ignore") for name in ("orders", "reps")
    }
    bare = kp.Dataset(tables, sales.settings)
    shown = [field.description for field in Controls(open_view(bare), SCOPED).box.children[0].children]
    assert "Region" in shown and "Product line" in shown  # a rep's region counts where there is no customer's
    assert "Channel" not in shown and "Segment" not in shown


def test_who_was_given_stays_though_the_period_has_them_not(sales):
    controls = scoped(sales, rep="Walt Henriksen")[1]  # he left in 2022
    assert controls.fields["rep"].value == "Walt Henriksen"
    put(controls, period="last month")
    assert controls.fields["rep"].value == ""


def test_controls_without_a_scope_leave_it_as_it_is(sales):
    view = open_view(sales, period="2026-Q3", where={"region": "Bali"})
    controls = Controls(view, ("team", "rep"))
    put(controls, team="Bali")
    controls.apply.click()
    assert view.selection.where == (("region", ("Bali",)),) and view.selection.team == "Bali"


def test_labels_of_any_kind_can_be_chosen():
    rows = [
        {
            "order_id": str(n),
            "order_date": date(2026, 1, 5),
            "customer_id": "1",
            "amount": 1.0,
            "region": label,
        }
        for n, label in enumerate(["<b>x</b>", "a" * 99, "no", "", None, "1.0", 'quote"s'])
    ]
    view = open_view(dataset({"orders": [row | {"region": row["region"] or None} for row in rows]}))
    controls = Controls(view, ("period", "region"))
    offered = dict(controls.fields["region"].options)
    assert ("no region",) in offered.values() and max(map(len, offered)) <= 60
    for label in offered.values():
        put(controls, region=label)
        controls.apply.click()
        assert dict(view.selection.where).get("region", "") == label, controls.message.value
