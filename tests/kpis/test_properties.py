"""What holds for every KPI: order, parts and whole, as-of dates, engines' inputs, KPIs of one's own."""

import math

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import Phase, given, settings

from kpikit import KPI, Rows, measure, register
from kpikit.data.contract import REVEALS, TABLES
from kpikit.errors import KpikitError, ParameterError, UnknownNameError
from kpikit.kpis.catalog import find
from tests import companies, oracles
from tests.builders import ENGINES, dataset
from tests.kpis.test_by_hand import AS_OF, COMPANY
from tests.kpis.twin import ASKED, name_of, period_of

NAMES = [name_of(*one) for one in ASKED]
QUICK = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=30)
SUMS = ["revenue", "net_revenue", "gross_profit", "won_value", "pipeline_value"]
COUNTS = ["order_count", "new_customers", "active_customers"]
# These dates reveal nothing: what they say of the future is known from the start, so no test cuts them off.
UNDATED = {
    "customers.acquired_on",
    "costs.month",
    "deals.expected_close_on",
    "quotas.end",
    "quotas.start",
    "reps.hired_on",
    "reps.valid_from",
    "reps.valid_to",
}


def test_every_date_reveals_something_or_is_named_as_revealing_nothing():
    dates = {
        f"{table}.{name}"
        for table, columns in TABLES.items()
        for name, column in columns.items()
        if column.kind in ("date", "month", "moment")
    }
    revealing = {f"{table}.{one.date}" for table, many in REVEALS.items() for one in many}
    assert dates == revealing | UNDATED
    assert not revealing & UNDATED


def same(left, right):
    pd.testing.assert_frame_equal(left.reset_index(drop=True), right.reset_index(drop=True), rtol=1e-12)


@pytest.mark.slow
@QUICK
@given(data=st.data())
def test_the_order_of_rows_does_not_matter(data):
    tables = data.draw(companies.companies())
    as_of, (start, end) = data.draw(companies.as_ofs(tables)), data.draw(companies.periods(tables))
    # Stages that a deal entered on one day stand in the order of the table.
    moved = [name for name in tables if name != "deal_stages"]
    shuffled = {**tables, **{name: data.draw(st.permutations(list(tables[name]))) for name in moved}}
    for name in moved:
        shuffled[name] = oracles.Rows(shuffled[name])
        shuffled[name].columns = oracles.columns_of(tables, name)
    asked = {"period": period_of(start, end), "by": "rep", "as_of": as_of}
    same(measure(dataset(tables), NAMES, **asked), measure(dataset(shuffled), NAMES, **asked))


@pytest.mark.slow
@QUICK
@given(data=st.data())
def test_reps_with_no_rep_add_up_to_the_whole(data):
    tables = data.draw(companies.companies())
    as_of, (start, end) = data.draw(companies.as_ofs(tables)), data.draw(companies.periods(tables))
    company, asked = dataset(tables), {"period": period_of(start, end), "as_of": as_of}
    whole = measure(company, SUMS + COUNTS, **asked).set_index("kpi")
    parts = measure(company, SUMS + COUNTS, by="rep", **asked)
    for name in SUMS + COUNTS:
        if whole["note"][name].startswith(("not ", "the data start")) or parts.empty:
            continue
        rows = parts[parts["kpi"] == name]
        if rows["note"].str.startswith("not available").any():
            continue
        total = rows["value"].sum()
        value = whole["value"][name]
        assert math.isclose(total, 0 if math.isnan(value) else value, abs_tol=1e-9, rel_tol=1e-12), name
        if "credits" not in tables:
            assert rows["n"].sum() == whole["n"][name], name


@pytest.mark.slow
@pytest.mark.parametrize(("engine", "examples"), [("pandas", 30), ("general", 10)])
def test_as_of_equals_data_cut_off_by_hand(engine, examples):
    @settings(QUICK, max_examples=examples)
    @given(data=st.data())
    def equals(data):
        cut_off(engine, data)

    equals()


def cut_off(engine, data):
    tables = data.draw(companies.companies())
    as_of, (start, end) = data.draw(companies.as_ofs(tables)), data.draw(companies.periods(tables))
    end = as_of if start is None else end
    by = data.draw(st.sampled_from([(), ("rep",), ("region",), ("channel",), ("team", "product_line")]))
    asked = {"period": period_of(start, end), "by": by, "as_of": as_of}
    known, cut = dataset(tables, engine), dataset(oracles.hide(tables, as_of), engine)
    # Without a history of stages, those of an earlier day are not known.
    names = [name for name in NAMES if "deal_stages" in tables or "weighted" not in name]
    same(measure(known, names, **asked), measure(cut, names, **asked))
    if "deal_stages" in tables:
        asked["by"] = ("stage",)
        names = [name for name in names if name.startswith(("stage_", "pipeline_value"))]
        same(measure(known, names, **asked), measure(cut, names, **asked))


@pytest.mark.parametrize("engine", ENGINES)
def test_input_is_left_as_it_was(engine):
    company = dataset(COMPANY, engine)
    before = {name: company.frame(name).to_pandas().copy() for name in company.tables}
    measure(company, NAMES, period="2026-01", by="rep", compare="previous", as_of=AS_OF)
    for name, rows in before.items():
        pd.testing.assert_frame_equal(company.frame(name).to_pandas(), rows)


def test_rows_of_a_file_split_in_two_give_the_same():
    whole = dataset(COMPANY)
    orders = whole.tables["orders"]
    again = dataset(COMPANY)
    split = {**again.tables, "orders": pd.concat([orders.iloc[5:], orders.iloc[:5]])}
    asked = {"period": "2026-01", "by": "rep", "as_of": AS_OF}
    same(measure(whole, NAMES, **asked), measure(type(whole)(split), NAMES, **asked))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_kpi_of_ones_own_works_like_any_other(engine):
    home = Rows("orders", "order_date", "is_sale", where={"product_line": "Home"})
    sales = Rows("orders", "order_date", "is_sale")
    share = register(KPI("home_share", "rate", "share", home.money("amount") / sales.money("amount")))
    largest = KPI("largest_line", "rate", "money", sales.max("amount"))
    lines = KPI("product_lines", "rate", "count", sales.distinct("product_line"))
    figures = measure(
        dataset(COMPANY, engine),
        ["home_share", largest, lines],
        period="2026-01",
        compare="previous",
        as_of=AS_OF,
    )
    assert share.name == "home_share"
    # 50 + 7.5 of 257.5; the largest line is 100; Food and Home.
    assert figures["value"].tolist() == [pytest.approx(57.5 / 257.5), 100, 2]


def test_splitting_orders_by_product_line_counts_an_order_in_each():
    figures = measure(dataset(COMPANY), "order_count", period="2026-01", by="product_line", as_of=AS_OF)
    # Order 1 has a line of each; Food has 1, 10, 2 and Home 1, 4.
    assert dict(zip(figures["product_line"], figures["value"], strict=True)) == {"Food": 3, "Home": 2}


def test_windows_that_overlap_are_each_right():
    company = dataset(COMPANY)
    both = measure(
        company, NAMES, period="2026", grain="month", compare="previous_elapsed", by="rep", as_of="2026-02-10"
    )
    for row in both[both["period"] == "2026-02"].itertuples():
        asked = row.kpi if row.convention == find(row.kpi).under(None)[0] else f"{row.kpi}:{row.convention}"
        if row.kpi == "customer_lifetime_value" and row.convention != row.convention:
            continue
        alone = measure(company, asked, period="2026-02", by="rep", as_of="2026-02-10")
        # Alone, a KPI shows only the groups that have rows of it.
        value = alone.loc[alone["rep"] == row.rep, "value"].tolist() or [0]
        assert value == [pytest.approx(row.value, nan_ok=True)] or row.value != row.value, row.kpi


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"kpis": "revenu"}, "KPI: no KPI 'revenu'. KPIs: "),
        (
            {"kpis": "win_rate:clsed"},
            "win_rate: no convention 'clsed'. Conventions: closed, created, cohort.",
        ),
        ({"by": "reps"}, "measure: no dimension 'reps'. Dimensions: rep, team"),
        (
            {"where": {"rep": "Ayuu"}},
            "where: no rep 'Ayuu'. There are Ayu, Budi, Dewi, Eko. Hint: Did you mean 'Ayu'?",
        ),
        ({"compare": "before"}, "measure: no comparison 'before'. Allowed: previous"),
        ({"kpis": []}, "measure: no KPI is asked for."),
        ({"grain": "moon"}, "unit 'moon' is not known. Units: day, week, month"),
        ({"as_of": "yesterday"}, "yesterday"),
    ],
)
def test_what_cannot_be_asked_is_named(asked, message):
    given = {"kpis": "revenue", "period": "2026-01", "as_of": AS_OF} | asked
    with pytest.raises(KpikitError) as caught:
        measure(dataset(COMPANY), **given)
    assert message in str(caught.value)


def test_names_of_kpikit_cannot_be_taken():
    with pytest.raises(ParameterError, match="'revenue' is a KPI of kpikit"):
        register(KPI("revenue", "flow", "money", Rows("orders", "order_date").money("amount")))


def test_a_kpi_must_be_well_made():
    rows = Rows("orders", "order_date")
    for bad in ({"kind": "stock"}, {"unit": "euro"}, {"name": "my kpi"}, {"formula": None}):
        made = {"name": "own", "kind": "flow", "unit": "money", "formula": rows.money("amount")} | bad
        with pytest.raises(ParameterError):
            KPI(**made)
    with pytest.raises(ParameterError, match="no opening"):
        _ = rows.money("amount").opening
    with pytest.raises(UnknownNameError):
        KPI("own", "flow", "money", rows.money("amount")).under("other")
