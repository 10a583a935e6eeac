"""A look at one KPI: its figure and its rows are those of the files, and every case says something."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import kpikit as kp
from kpikit.language import quantity
from kpikit.periods import parse_period
from kpikit.targets import Plan
from kpikit.views.display import Html
from kpikit.views.explore_texts import figure_finding, when
from kpikit.views.explored import behind_of, figure_of
from kpikit.views.row_lines import equation, exact, heading, lines_of
from kpikit.views.team import View, open_view
from tests.builders import dataset
from tests.views.frames import HOSTILE

NEW = ["figure", "definition", "rows_behind"]
CASES = [
    {"period": "2026-Q3"},
    {"period": "2026-Q3", "rep": "Ayu Lestari", "where": {"channel": ["WhatsApp", "phone"]}},
    {"period": "this quarter", "team": "Alaska", "kpi": "active_customers"},
    {"period": "next quarter", "rep": "Ayu Lestari", "language": "id"},
    {"period": "2026-Q3", "rep": "Walt Henriksen", "kpi": "win_rate"},
    {"period": "2026-Q3", "rep": "no rep", "kpi": "average_order_value"},
    {"period": "2021-Q1", "compare": None, "kpi": "sales_velocity"},
    {"period": "all time", "kpi": "win_rate:cohort", "language": "id"},
    {"period": "2026-09", "as_of": "2019-01-01"},
    {"period": "2026-Q3", "kpi": "pipeline_coverage"},
    {"period": "2026-Q3", "kpi": "customer_lifetime_value"},
    {"period": "2026-Q3", "kpi": "customer_acquisition_cost", "where": {"segment": "hotel"}},
    {"period": "2026-02-28/2026-03-01", "kpi": "gross_margin"},
]


@pytest.fixture(scope="module")
def view() -> View:
    return open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3")


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """The order lines of the sample company as the files have them, with the customer's region."""
    orders = pd.read_csv("data/samples/orders.csv", dtype=str)
    customers = pd.read_csv("data/samples/customers.csv", dtype=str)
    reps = pd.read_csv("data/samples/reps.csv", dtype=str)
    products = pd.read_csv("data/samples/products.csv", dtype=str)
    told = orders.merge(customers[["customer_id", "region"]], on="customer_id", how="left")
    told = told.merge(products[["product_id", "product_line"]], left_on="product", right_on="product_id")
    reps = reps[["rep_id", "name"]].drop_duplicates("rep_id")
    return told.merge(reps, on="rep_id", how="left").assign(amount=told["amount"].astype(float))


def text(view: View, name: str, **parameters: object) -> str:
    return open_view(view.dataset, view.plan, **parameters).drawn(name).text


def of(lines: pd.DataFrame, start: str, end: str, **scope: str) -> pd.DataFrame:
    kept = lines[lines["order_date"].between(start, end) & (lines["amount"] >= 0)]
    for name, label in scope.items():
        kept = kept[kept[name] == label]
    return kept


@pytest.mark.parametrize("parameters", CASES, ids=str)
def test_whatever_can_be_chosen_can_be_drawn(view, parameters):
    other = open_view(view.dataset, view.plan, **parameters)
    for name in NEW:
        drawn = other.drawn(name)
        told = drawn.text
        assert isinstance(drawn, Html) and told.strip()
        assert not {"nan", "none", "nat", "<na>"} & set(told.lower().split()), name
        assert "$nan" not in told and "_customers" not in drawn.text.splitlines()[0], name
    assert other.written(kp.results, NEW).columns[:1] in (["part"], [])


@pytest.mark.parametrize("kpi", [one for one in kp.kpi_names() if one != "pipeline_coverage"])
def test_every_kpi_has_a_card_and_rows(view, kpi):
    name = kpi if kpi != "customer_lifetime_value" else f"{kpi}:simple"
    shown = open_view(view.dataset, period="2026-Q3", kpi=name)
    told = shown.drawn("rows_behind").text
    value = figure_of(shown.figures).iloc[0]["value"]
    figure = quantity(value, shown.figures.unit(name), currency="USD")
    assert f" = {figure}" in told and f": {figure}, from " in told.splitlines()[0]
    meaning = shown.drawn("definition").text
    assert "How it is counted" in meaning and "better." in meaning


def test_the_figure_is_that_of_the_files(view, lines):
    for start, end, period in (
        ("2026-07-01", "2026-09-30", "2026-Q3"),
        ("2026-05-01", "2026-05-31", "2026-05"),
    ):
        own = of(lines, start, end, region="Bali", channel="WhatsApp")["amount"].sum()
        shown = open_view(view.dataset, period=period, where={"region": "Bali", "channel": "WhatsApp"})
        assert figure_of(shown.figures)["value"].iloc[0] == pytest.approx(own, abs=1e-6)
        assert f"${own:,.0f}" in shown.drawn("figure").text
    of_rep = of(lines, "2026-07-01", "2026-09-30", name="Ayu Lestari", product_line="Coffee")
    shown = open_view(
        view.dataset, period="2026-Q3", rep="Ayu Lestari", kpi="order_count", where={"product_line": "Coffee"}
    )
    assert figure_of(shown.figures)["value"].iloc[0] == of_rep["order_id"].nunique() > 0


def test_the_figure_stands_beside_what_balances_it(view):
    rows = figure_of(view.figures)
    assert list(rows["kpi"]) == ["revenue", "net_revenue", "gross_margin", "discount_rate"]
    deals = kp.Dataset({"deals": view.dataset.tables["deals"]}, view.dataset.settings)
    told = figure_of(open_view(deals, period="2026-Q3").figures)
    # Revenue would balance it, too, if there were orders.
    assert list(told["kpi"]) == ["won_value", "average_deal_size"]


def test_a_rep_stands_beside_the_team(view):
    # By orders.csv Jakarta sold 219,843.41 in 2026-Q3, and Ayu Lestari 52,994.95 of it: 24%.
    assert "24% of team Jakarta ($219,843)" in text(view, "figure", period="2026-Q3", rep="Ayu Lestari")


def test_an_empty_figure_says_what_empties_it(view):
    told = text(view, "figure", period="2026-Q3", kpi="customer_acquisition_cost", where={"segment": "hotel"})
    assert told.startswith(
        "The whole team, segment hotel, 2026-Q3: no figures for customer acquisition cost (the costs have"
    )
    assert "Without segment hotel it is $" in told
    assert text(view, "figure", period="2027") == "2027 had not started on 9 Oct 2026."


def test_the_rows_add_up_to_the_figure(view, lines):
    own = of(lines, "2026-07-01", "2026-09-30", region="Bali").sort_values("amount", ascending=False)
    (table,) = lines_of(
        behind_of(open_view(view.dataset, period="2026-Q3", where={"region": "Bali"}).figures)
    )
    shown = [float(row[-1].replace(",", "")) for row in table.shown]
    assert shown == list(own["amount"].head(20)) and table.count == len(own)
    rest, whole = (float(one[0].replace(",", "")) for one in (table.rest, table.whole))
    assert sum(shown) + rest == pytest.approx(whole, abs=1e-6)
    assert whole == pytest.approx(own["amount"].sum(), abs=1e-6)
    assert table.share == pytest.approx(own["amount"].head(20).sum() / own["amount"].sum())


def test_the_call_gives_all_rows(view):
    shown = open_view(
        view.dataset, period="last quarter", team="Bali", kpi="win_rate:cohort",
        where={"channel": ["WhatsApp", "phone"]},
    )  # fmt: skip
    call = shown.drawn("rows_behind").text.splitlines()[-1].partition(": ")[2]
    rows = eval(call, {"kp": kp, "view": shown})
    assert rows.attrs["value"] == figure_of(shown.figures).iloc[0]["value"]
    assert f"{len(set(rows['deal_id']))} deals" in shown.drawn("rows_behind").text.splitlines()[0]


def test_another_convention_is_beside_the_one_that_is_used(view):
    told = text(view, "definition", period="2026-Q3", kpi="win_rate:cohort")
    asked = [f"win_rate:{one}" for one in ("closed", "created", "cohort")]
    values = kp.measure(view.dataset, asked, period="2026-Q3")["value"]
    for value in values:
        assert f"→ {quantity(value, 'share')}" in told
    assert [line[:9] for line in told.splitlines() if "(used here)" in line] == ["- Cohort:"]


# --- By hand: order lines, of which two are alike, one has no amount, and one is a refund

ORDERS = [
    {"order_id": "007", "order_date": date(2026, 1, 5), "customer_id": "1", "amount": 100.0, "rep_id": "a"},
    {"order_id": "007", "order_date": date(2026, 1, 5), "customer_id": "1", "amount": 100.0, "rep_id": "a"},
    {"order_id": "12", "order_date": date(2026, 1, 9), "customer_id": HOSTILE, "amount": 7.25, "rep_id": "b"},
    {"order_id": "13", "order_date": date(2026, 1, 8), "customer_id": "2", "amount": None, "rep_id": "b"},
    {"order_id": "14", "order_date": date(2026, 1, 7), "customer_id": "2", "amount": -150.0, "rep_id": "b"},
]
REPS = [{"rep_id": "a", "name": HOSTILE}, {"rep_id": "b", "name": "B" * 99}]


@pytest.fixture
def small() -> kp.Dataset:
    return dataset({"orders": ORDERS, "reps": REPS}, currency="USD")


def by_hand(small: kp.Dataset, kpi: str, **options: object) -> list[tuple[str, ...]]:
    shown = open_view(small, period="2026-01", as_of="2026-01-31", kpi=kpi)
    (table,) = lines_of(behind_of(shown.figures), **options)
    return [(row[0], row[-1]) for row in table.shown] + [(*table.rest, *table.whole)]


def test_the_largest_first_by_hand(small):
    # A refund of 150 is larger than a line of 100; a line without an amount is the last.
    assert by_hand(small, "net_revenue") == [
        ("14", "−150.00"), ("007", "100.00"), ("007", "100.00"), ("12", "7.25"), ("13", "–"),
        ("0.00", "57.25"),
    ]  # fmt: skip
    assert by_hand(small, "net_revenue", most=2)[2:] == [("107.25", "57.25")]
    assert by_hand(small, "net_revenue", language="id")[3] == ("12", "7,25")


def test_an_order_of_two_lines_counts_on_its_first(small):
    shown = open_view(small, period="2026-01", as_of="2026-01-31", kpi="average_order_value")
    (table,) = lines_of(behind_of(shown.figures))
    assert [row[-2:] for row in table.shown[:3]] == [("100.00", "1"), ("100.00", "0"), ("7.25", "1")]
    assert table.heads[-2:] == ("Amount", "Order count")
    # 207.25 in the orders 007, 12 and 13, whose amount is not known.
    assert table.whole == ("207.25", "3")


def test_names_are_elided_and_escaped_and_ids_stay_text(small):
    drawn = open_view(small, period="2026-01", as_of="2026-01-31", kpi="net_revenue").drawn("rows_behind")
    assert "<img" not in drawn.html and "&lt;img" in drawn.html
    assert "B" * 27 not in drawn.html and "…" in drawn.html
    assert ">007</th>" in drawn.html


@pytest.mark.parametrize("name", NEW)
def test_hostile_labels_stay_text(name):
    rows = [one | {"channel": HOSTILE, "product": "</code><script>alert(1)</script>"} for one in ORDERS]
    plan = Plan.model_validate({"goals": []})
    shown = open_view(dataset({"orders": rows, "reps": REPS}), plan, period="2026-01", as_of="2026-01-31",
                      where={"channel": HOSTILE}, rep=HOSTILE)  # fmt: skip
    html = shown.drawn(name).html
    assert "<img" not in html and "<script" not in html


def test_a_figure_without_rows_says_so(small):
    shown = open_view(small, period="2026-01-06/2026-01-06", as_of="2026-01-31")
    assert shown.drawn("rows_behind").text == (
        "The whole team, 2026-01-06/2026-01-06: no row is behind it (amount 0 = $0)."
    )


def test_a_median_is_no_sum(view):
    shown = open_view(view.dataset, period="2026-Q3", kpi="sales_cycle_days")
    (table,) = lines_of(behind_of(shown.figures))
    deals = pd.read_csv("data/samples/deals.csv", parse_dates=["created_on", "closed_on"])
    won = deals[(deals["outcome"] == "won") & deals["closed_on"].between("2026-07-01", "2026-09-30")]
    days = (won["closed_on"] - won["created_on"]).dt.days.dropna()
    assert table.whole == (f"{days.median():g}",) and table.rest == ("",)
    assert [int(row[-1]) for row in table.shown] == sorted(days, reverse=True)[:20]
    assert "largest bring" not in shown.drawn("rows_behind").text


def test_a_scope_that_is_chosen_has_no_column(view):
    shown = open_view(view.dataset, period="2026-Q3", rep="Ayu Lestari", where={"region": "Jakarta"})
    assert not {"Rep", "Region"} & set(lines_of(behind_of(shown.figures), fixed=["rep", "region"])[0].heads)


def test_tables_of_two_kinds_stand_one_below_the_other(view):
    shown = open_view(view.dataset, period="2026-Q3", kpi="operating_profit")
    orders, costs = lines_of(behind_of(shown.figures), most=20, currency="USD")
    assert (orders.table, costs.table) == ("orders", "costs")
    assert len(orders.shown) == len(costs.shown) == 10
    assert orders.heads[-1] == "Margin (USD)" and costs.heads[-1] == "Amount (USD)"


def test_numbers_have_the_decimals_that_they_have():
    assert [exact(one) for one in (1.0, 1.5, 0.1 + 0.2, 1 / 3, float("nan"))] == [
        "1",
        "1.5",
        "0.3",
        "0.3333",
        "–",
    ]
    assert (heading("counted_channel"), heading("order_id")) == ("Channel", "Order id")


def test_the_equation_is_the_formula(view):
    found = behind_of(open_view(view.dataset, period="2026-Q3", kpi="win_rate").figures)
    # By deals.csv 35 of the 95 deals that closed in 2026-Q3 were won.
    assert equation(found, currency="USD") == "won 35 ÷ closed 95 = 36.8%"


# --- Sentences

DAY = date(2026, 9, 14)


NAN = float("nan")
FOUND = [
    (("revenue", 9000, 10000, -0.1), "Revenue was $9,000 in 2026-Q2, 10% less than in 2026-Q1"),
    (("revenue", 9000, 9000, 0), "Revenue was $9,000 in 2026-Q2, the same as in 2026-Q1"),
    (("revenue", 9000, NAN, NAN), "Revenue was $9,000 in 2026-Q2"),
    (("revenue", 5000, -1000, NAN), "Revenue was $5,000 in 2026-Q2, up from −$1,000 in 2026-Q1"),
    (("revenue", 5000, 100, 49), "Revenue was $5,000 in 2026-Q2, 50 times as much as in 2026-Q1"),
    (("order_count", 1003, 1000, 0.003), "Orders were 1,003 in 2026-Q2, 0.3% more than in 2026-Q1"),
    (("win_rate", 0.5, 0.4, 0.25), "Win rate was 50.0% in 2026-Q2, 10.0 points more than in 2026-Q1"),
    (
        ("win_rate", 0.5, 0.4998, 0.0004),
        "Win rate was 50.0% in 2026-Q2, under 0.1 points more than in 2026-Q1",
    ),
    (
        ("active_customers", 5, 4, 0.25),
        "Active customers were 5 on 30 Jun 2026, 25% more than on 31 Mar 2026",
    ),
]


def finding(kpi: str, value: float, reference: float, ratio: float, period: str = "2026-Q2") -> str:
    now, then = (parse_period(one, DAY) for one in (period, "2026-Q1"))
    one = {"kpi": kpi, "convention": None, "value": value, "reference": reference, "change_ratio": ratio}
    is_fair = now.end <= DAY
    return figure_finding(one, period=now, reference=then, as_of=DAY, is_fair=is_fair, currency="USD")


@pytest.mark.parametrize(("told", "expected"), FOUND)
def test_what_a_figure_is_said_to_be(told, expected):
    assert finding(*told) == expected


def test_a_running_sum_is_not_held_against_a_whole_one():
    told = finding("order_count", 2, 8, -0.75, "2026-Q3")
    assert told == "Orders are 2 in 2026-Q3 so far, after 8 in 2026-Q1"
    told = finding("win_rate", 0.2, 0.3, -0.3, "2026-Q3")
    assert told == "Win rate is 20.0% in 2026-Q3 so far, 10.0 points less than in 2026-Q1"


def test_a_period_within_a_sentence():
    texts = ["2026-08", "2026-08-03", "quarter to date", "2026-01-05/2026-02-03", "all time"]
    assert [when(parse_period(one, DAY)) for one in texts] == [
        "in 2026-08", "on 3 Aug 2026", "from 1 Jul 2026 to 14 Sep 2026", "from 5 Jan 2026 to 3 Feb 2026",
        "over all time",
    ]  # fmt: skip


# --- The target beside a scope


def test_a_target_of_the_chosen_scope_comes_first(view):
    targets = [
        {"name": name, "kpi": "revenue", "period": "2026-Q3", "level": 1000, "set_on": "2026-06-01"} | scope
        for name, scope in (
            ("all", {}),
            ("both", {"scope": {"region": ["Alaska", "Bali"]}}),
            ("Bali", {"scope": {"region": "Bali"}}),
        )
    ]
    plan = Plan.model_validate(
        {"goals": [{"name": "G", "objectives": [{"name": "O", "kpis": [], "targets": targets}]}]}
    )

    def chosen(**where: object) -> str | None:
        return open_view(view.dataset, plan, period="2026-Q3", where=where).figures.target

    assert chosen() == "all"
    assert chosen(region="Bali") == "Bali"
    assert chosen(region=["Bali", "Alaska"]) == "both"
    assert chosen(region="Jakarta") == "all"
    assert chosen(region="Bali", channel="phone") == "all"


def test_a_target_beside_a_scope_says_whose_it_is(view):
    drawn = open_view(view.dataset, view.plan, period="2026-Q3", where={"region": "Bali"}).drawn("path")
    assert drawn.title.startswith("The whole team: revenue ended")
    assert "not only region Bali" in drawn.description
    assert "not only" not in view.drawn("path").description
    shown = open_view(view.dataset, view.plan, period="2022", where={"region": "Alaska"}, compare=None)
    assert shown.figures.target == "$1.2 million in 2022 from Alaska"
    assert "not only" not in shown.drawn("path").description


def test_the_day_until_which_is_known_is_no_reason(small):
    shown = open_view(small, period="2026-01-06/2026-01-12", as_of="2026-01-06", kpi="average_order_value")
    told = shown.drawn("figure").text
    assert told == "The whole team, 2026-01-06/2026-01-12: no figures for average order value."


def test_the_rows_behind_a_figure_name_the_customers():
    """The largest order line of the quarter, as the files of the sample company tell it."""
    orders, customers = (pd.read_csv(f"data/samples/{name}.csv") for name in ("orders", "customers"))
    quarter = orders[orders["order_date"].between("2026-07-01", "2026-09-30")]
    largest = quarter.loc[quarter["amount"].idxmax()]
    name = customers.set_index("customer_id").loc[largest["customer_id"], "name"]
    told = open_view("data/samples", "data/samples/plan.yaml", period="2026-Q3").drawn("rows_behind").text
    first = told.splitlines()[3]
    assert first.startswith(f"{largest['order_id']} | ") and f" | {name} | " in first


def test_what_is_not_known_does_not_add_up_to_zero():
    """Twenty lines without an amount: those that are not shown, and all of them, are not known either."""
    orders = [{"order_id": str(n), "order_date": date(2026, 1, 5), "customer_id": "C", "amount": None}
              for n in range(20)]  # fmt: skip
    blank = dataset({"orders": orders}, currency="USD")
    (rest, whole) = by_hand(blank, "revenue", most=3)[-1]
    assert (rest, whole) == ("–", "–")
    # Where all are shown, what is left is nothing.
    assert by_hand(blank, "revenue", most=20)[-1] == ("0", "–")


def test_a_deal_that_was_won_in_another_team_than_it_was_made_in_is_one_row():
    made = {"created_on": date(2026, 1, 10), "amount": 5.0, "rep_id": "a", "customer_id": "c"}
    deals = [{"deal_id": "d", "stage": "won", "outcome": "won", "closed_on": date(2026, 5, 10), **made},
             {"deal_id": "e", "stage": "lead", "outcome": "open", "closed_on": None, **made}]  # fmt: skip
    ayu = {"rep_id": "a", "name": "Ayu"}
    reps = [{**ayu, "team": "West", "valid_from": "2025-01-01", "valid_to": "2026-02-28"},
            {**ayu, "team": "East", "valid_from": "2026-03-01"}]  # fmt: skip
    company = dataset({"deals": deals, "reps": reps})
    shown = open_view(company, period="2026-H1", as_of="2026-06-30", kpi="win_rate:created")
    (table,) = lines_of(behind_of(shown.figures))
    assert table.count == 2 and table.whole == ("1", "2")
    assert sorted((row[0], *row[-2:]) for row in table.shown) == [("d", "1", "1"), ("e", "", "1")]
