"""From where rows have their region and channel: only what the data have is named, in its precedence."""

from datetime import date

import pytest

from kpikit import KPI, Rows, measure
from kpikit.errors import UnknownNameError
from kpikit.kpis.sources import sources_of
from tests.builders import dataset

ORDER = {"order_id": "1", "order_date": date(2026, 1, 5), "customer_id": "c", "amount": 5.0}
CUSTOMER = {"customer_id": "c", "region": "Bali", "channel": "Shop"}
REP = {"rep_id": "a", "region": "Java"}
COST = {"month": date(2026, 1, 1), "amount": 31.0, "channel": "Shop"}
DEAL = {"deal_id": "1", "stage": "lead", "outcome": None, "created_on": date(2026, 1, 5), "rep_id": "a"}
DEAL |= {"closed_on": None, "amount": 5.0}


@pytest.mark.parametrize(
    ("tables", "kpi", "dimension", "expected"),
    [
        ({"orders": [ORDER]}, "revenue", "region", ()),
        ({"orders": [ORDER | {"region": "Java"}]}, "revenue", "region", (("order",),)),
        ({"orders": [ORDER], "customers": [CUSTOMER]}, "revenue", "region", (("customer",),)),
        # A rep has a region, and no channel; and is nobody's where the orders name none.
        ({"orders": [ORDER], "reps": [REP]}, "revenue", "region", ()),
        ({"orders": [ORDER | {"rep_id": "a"}], "reps": [REP]}, "revenue", "region", (("rep",),)),
        ({"orders": [ORDER | {"rep_id": "a"}], "reps": [REP]}, "revenue", "channel", ()),
        # A customer's own region goes before the order's; the channel is that of the order.
        ({"orders": [ORDER | {"region": "J"}], "customers": [CUSTOMER]}, "new_customers", "region",
         (("customer", "order"),)),
        ({"orders": [ORDER | {"channel": "J"}], "customers": [CUSTOMER]}, "active_customers", "channel",
         (("order", "customer"),)),
        ({"orders": [ORDER], "customers": [CUSTOMER | {"acquired_on": date(2026, 1, 5)}]},
         "new_customers:acquired_on", "channel", (("customer",),)),
        ({"orders": [ORDER | {"channel": "J"}], "costs": [COST]}, "customer_acquisition_cost", "channel",
         (("cost",), ("order",))),
        ({"deals": [DEAL | {"region": "J"}], "reps": [REP]}, "pipeline_value", "region", (("deal", "rep"),)),
        ({"orders": [ORDER | {"region": "J"}]}, "customer_lifetime_value", "region", ()),
    ],
)  # fmt: skip
def test_sources(tables, kpi, dimension, expected):
    company = dataset(tables)
    assert sources_of(company, kpi, dimension) == expected
    # What has no source cannot be measured by it either.
    figures = measure(company, kpi, period="2026-01", by=dimension)
    assert figures["value"].notna().any() == bool(expected)


def test_a_kpi_of_ones_own_has_sources_too():
    sales = Rows("orders", "order_date", "is_sale")
    largest = KPI("largest", "rate", "money", sales.max("amount"))
    assert sources_of(dataset({"orders": [ORDER | {"channel": "J"}]}), largest, "channel") == (("order",),)


def test_other_dimensions_have_one_source():
    with pytest.raises(UnknownNameError, match=r"team has one source\. Dimensions: region, channel"):
        sources_of(dataset({"orders": [ORDER]}), "revenue", "team")
