"""What must hold between KPIs, and of every KPI of a company that is doubled, on random companies."""

import math

import hypothesis.strategies as st
import pandas as pd
import pytest
from hypothesis import Phase, given, settings

from kpikit import measure
from kpikit.kpis.catalog import find
from tests import companies, oracles
from tests.builders import dataset
from tests.kpis.test_properties import NAMES
from tests.kpis.twin import period_of

QUICK = settings(phases=[Phase.explicit, Phase.reuse, Phase.generate], max_examples=25)
IDS = ("order_id", "refund_of", "customer_id", "deal_id", "conversation_id", "rep_id")
# Levels that are the mean of something, or a ratio; all other levels, and flows, add up.
MEANS = ("relationship_years", "customer_lifetime_value")
SHARES = ("discount_rate", "win_rate:closed", "win_rate:cohort", "repeat_purchase_rate", "response_rate")
SHARES += ("conversion_rate:within_90_days", "conversion_rate:first_order", "retention_rate:identity")
SHARES += ("churn_rate:identity", "stage_conversion_rate:left", "stage_conversion_rate:entered")


def draw(data):
    tables = data.draw(companies.companies(drop_columns=False))
    as_of, (start, end) = data.draw(companies.as_ofs(tables)), data.draw(companies.periods(tables))
    return tables, {"period": period_of(start, end), "as_of": as_of}


def figures_of(tables, names, **asked):
    figures = measure(dataset(tables, stages={"lead": 0.25, "offer": 0.5}), names, **asked)
    told = zip(names, figures["value"], figures["n"], figures["note"], strict=True)
    return {name: (value, n) for name, value, n, note in told if not note.startswith(("not ", "the data"))}


def again(rows):
    """Give the same rows to others: their ids are others, and stay numbers where all are."""
    made = oracles.Rows()
    for row in rows:
        ids = {name: None if row[name] is None else f"{row[name]}000" for name in IDS if name in row}
        made.append(row | ids | ({"name": f"{row['name']} II"} if row.get("name") else {}))
    return made


@pytest.mark.slow
@QUICK
@given(data=st.data())
def test_a_company_twice_as_large_has_twice_the_sums_and_the_same_rates(data):
    tables, asked = draw(data)
    doubled = {}
    for name, rows in tables.items():
        doubled[name] = oracles.Rows([*rows, *again(rows)])
        doubled[name].columns = oracles.columns_of(tables, name)
    once, twice = figures_of(tables, NAMES, **asked), figures_of(doubled, NAMES, **asked)
    assert set(once) == set(twice)
    for name, (value, n) in once.items():
        if name == "pipeline_value:weighted" and "deal_stages" not in tables:
            continue  # stages of today are of the newest day, which strays may or may not be
        card = find(name.partition(":")[0])
        adds_up = card.kind != "rate" and card.name not in MEANS
        # A velocity is of the whole pipeline.
        times = 2 if adds_up or card.name == "sales_velocity" else 1
        found, number = twice[name]
        assert math.isnan(found) if math.isnan(value) else math.isclose(found, value * times, rel_tol=1e-9), (
            name
        )
        assert pd.isna(number) if pd.isna(n) else number == 2 * n, name


@pytest.mark.slow
@QUICK
@given(data=st.data())
def test_what_is_kept_and_lost_is_everyone_and_shares_are_shares(data):
    tables, asked = draw(data)
    found = {name: value for name, (value, _) in figures_of(tables, NAMES, **asked).items()}
    for convention in ("identity", "counts"):
        kept, lost = (
            found.get(f"{name}:{convention}", math.nan) for name in ("retention_rate", "churn_rate")
        )
        assert math.isnan(kept) == math.isnan(lost)
        assert math.isnan(kept) or math.isclose(kept + lost, 1, abs_tol=1e-12)
    for name in SHARES:
        assert math.isnan(found.get(name, math.nan)) or -1e-12 <= found[name] <= 1 + 1e-12, name


@pytest.mark.slow
@QUICK
@given(data=st.data())
def test_new_and_existing_customers_and_those_of_no_known_age_bring_the_revenue(data):
    tables, asked = draw(data)
    names = ["revenue", "new_customer_revenue", "existing_customer_revenue"]
    whole = {name: value for name, (value, _) in figures_of(tables, names, **asked).items()}
    ages = measure(dataset(tables), "revenue", by="customer_age", **asked)
    parts = dict(zip(ages["customer_age"], ages["value"].fillna(0), strict=True))
    if "revenue" in whole:
        revenue = 0 if math.isnan(whole["revenue"]) else whole["revenue"]
        assert math.isclose(sum(parts.values()), revenue, rel_tol=1e-12, abs_tol=1e-9)
        for age in ("new", "existing"):
            value = whole.get(f"{age}_customer_revenue", math.nan)
            assert parts.get(age, 0) == (0 if math.isnan(value) else value)
