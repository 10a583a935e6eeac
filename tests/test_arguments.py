"""Arguments of another kind than what is asked for are told in words."""

import pandas as pd
import pytest

import kpikit as kp
from kpikit.errors import KpikitError

ORDERS = pd.DataFrame(
    {
        "order_id": ["1"],
        "order_date": pd.to_datetime(["2026-01-05"]),
        "customer_id": ["C1"],
        "amount": [100.0],
    }
)
SALES = kp.Dataset({"orders": ORDERS})
PLAN = kp.read_plan("data/samples/plan.yaml")


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: kp.measure(PLAN, "revenue", period="2026"), "dataset is of the kind Plan"),
        (lambda: kp.measure(SALES, 5, period="2026"), "kpis is of the kind int"),
        (lambda: kp.measure(SALES, "revenue", period="2026", by=5), "by is of the kind int"),
        (lambda: kp.measure(SALES, "revenue", period="2026", by=[1]), "no dimension '1'"),
        (
            lambda: kp.measure(SALES, "revenue", period="2026", where={"region": "Bali", 1: "x"}),
            "no dimension '1'",
        ),
        (lambda: kp.rows(PLAN, "revenue", period="2026"), "rows: dataset is of the kind Plan"),
        (lambda: kp.rows(SALES, ["revenue"], period="2026"), "rows: kpi is of the kind list"),
        (lambda: kp.evaluate(PLAN, SALES), "dataset is of the kind Plan"),
        (lambda: kp.evaluate(SALES, SALES), "plan is of the kind Dataset"),
        (lambda: kp.review(PLAN, SALES), "dataset is of the kind Plan"),
        (lambda: kp.load(None), "path is of the kind NoneType"),
        (lambda: kp.read_plan(5), "path is of the kind int"),
    ],
)
def test_another_kind_of_argument_is_told(call, told):
    with pytest.raises(KpikitError, match=told):
        call()


def test_customers_without_acquisition_or_orders_have_no_time_line():
    deals = pd.DataFrame(
        {
            "deal_id": ["1"],
            "created_on": pd.to_datetime(["2026-01-01"]),
            "closed_on": pd.to_datetime(["2026-01-05"]),
            "amount": [100.0],
            "stage": ["won"],
            "outcome": ["won"],
        }
    )
    customers = pd.DataFrame({"customer_id": ["C1"], "left_on": pd.to_datetime(["2026-01-09"])})
    sales = kp.Dataset({"deals": deals, "customers": customers})
    figures = kp.measure(sales, ["active_customers", "relationship_years", "won_value"], period="2026-01")
    assert figures["value"].isna().tolist() == [True, True, False]
    assert figures["note"].tolist()[:2] == ["not available: orders is missing"] * 2
