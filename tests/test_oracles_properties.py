"""What must hold of the twin in any company, and what any random company must hold."""

from datetime import date, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.companies import as_ofs, companies, company_settings, dates_of, periods
from tests.oracles import CONVENTIONS, KPIS, NOT_AVAILABLE, fill_refunds, hide, measure

ALL = [(kpi, convention) for kpi in KPIS for convention in CONVENTIONS.get(kpi, (None,))]
ADDITIVE = (
    *("revenue", "net_revenue", "gross_profit", "won_value", "pipeline_value", "units_sold"),
    *("order_count", "active_customers", "new_customers", "deals_created", "deals_won"),
    *("new_customer_revenue", "existing_customer_revenue", "conversations_handled"),
)


class Asked(NamedTuple):
    tables: dict
    kpi: str
    period: tuple
    as_of: date
    options: dict

    def answer(self, tables, **more):
        return measure(tables, self.kpi, *self.period, self.as_of, **self.options, **more)


@st.composite
def questions(draw, kpis=KPIS):
    tables = draw(companies(absent=True))
    kpi, convention = draw(st.sampled_from([(k, c) for k, c in ALL if k in kpis]))
    options = {"convention": convention, "settings": draw(company_settings(dates_of(tables)))}
    return Asked(tables, kpi, draw(periods(tables)), draw(as_ofs(tables)), options)


# Which stages end deals is read from what comes after the as-of date, too.
@given(questions([kpi for kpi in KPIS if not kpi.startswith("stage_") and kpi != "pipeline_value"]))
def test_hiding_by_hand_changes_nothing(asked):
    cut = hide(asked.tables, asked.as_of)
    assert asked.answer(asked.tables, by=["rep"]) == asked.answer(cut, by=["rep"])


@given(questions(ADDITIVE))
def test_sums_and_counts_add_up_over_reps(asked):
    result = asked.answer(asked.tables, by=["rep"])
    if result != NOT_AVAILABLE and result[()].value is not None and asked.options["convention"] != "weighted":
        assert result[()].value == sum(r.value or 0 for key, r in result.items() if key)


@given(questions(["new_customer_revenue"]))
def test_revenue_is_of_new_of_existing_and_of_unknown_customers(asked):
    by_age = measure(asked.tables, "revenue", *asked.period, asked.as_of, by=["customer_age"])
    if by_age != NOT_AVAILABLE:
        for age in ("new", "existing"):
            own = measure(asked.tables, f"{age}_customer_revenue", *asked.period, asked.as_of)[()]
            if own.rows:
                assert own == by_age[age,]
            else:
                assert (age,) not in by_age


@given(questions(["retention_rate", "churn_rate"]))
def test_what_is_not_kept_is_lost(asked):
    kept, lost = (
        measure(asked.tables, kpi, *asked.period, asked.as_of, **asked.options, by=["customer"])
        for kpi in ("retention_rate", "churn_rate")
    )
    if kept != NOT_AVAILABLE:
        assert set(kept) == set(lost)
        for key in kept:
            assert kept[key].value is lost[key].value is None or kept[key].value + lost[key].value == 1


@given(questions(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(asked, shuffler):
    # But in the history of a deal, where the order tells what came first on a day.
    mixed = {
        name: rows if name == "deal_stages" else shuffler.sample(rows, len(rows))
        for name, rows in asked.tables.items()
    }
    by = ["rep", "region"]
    assert asked.answer(asked.tables, by=by) == asked.answer(mixed, by=by)


@given(questions())
def test_filling_refunds_first_changes_nothing(asked):
    filled = fill_refunds(asked.tables)
    assert fill_refunds(filled) == filled
    assert asked.answer(asked.tables, by=["region"]) == asked.answer(filled, by=["region"])


@given(st.data())
def test_companies_keep_the_contract(data):
    tables = data.draw(companies())
    lines = {}
    for row in tables["orders"]:
        head = tuple(row.get(c) for c in ("order_date", "customer_id", "rep_id", "region", "channel"))
        assert lines.setdefault(row["order_id"], head) == head
    tables.setdefault("conversations", [])
    keys = {"reps": "rep_id", "customers": "customer_id", "deals": "deal_id"}
    for table_name, key in (keys | {"conversations": "conversation_id"}).items():
        ids = [row[key] for row in tables[table_name]]
        assert len(ids) == len(set(ids))
    start, end = data.draw(periods(tables))
    assert start is None or start <= end
    assert isinstance(data.draw(as_ofs(tables)) + timedelta(days=1), date)
