"""The figures of the published AdventureWorks tables, from the files as they come."""

from decimal import Decimal
from pathlib import Path

import pytest

import kpikit as kp

MAPPING = Path(__file__).resolve().parents[2] / "examples" / "adventureworks" / "dataset.yaml"


@pytest.fixture(params=["pandas", pytest.param("polars", marks=pytest.mark.polars), "duckdb"])
def company(request, external_data):
    return kp.load(MAPPING, folder=external_data("adventureworks"), engine=request.param)


def exact(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))


def test_the_mapping_is_short():
    assert len(MAPPING.read_text().splitlines()) < 40


def test_orders_and_their_value(company):
    figures = kp.measure(company, ["revenue", "order_count"], period="all time").set_index("kpi")["value"]
    assert exact(figures["revenue"]) == Decimal("109846381.4039")
    assert figures["order_count"] == 31_465


def test_orders_of_sales_people_and_those_without_one(company):
    figures = kp.measure(company, ["revenue", "order_count"], period="all time", by="rep")
    people = figures[figures["rep"] != "no rep"]
    revenue, orders = (people[people["kpi"] == kpi]["value"] for kpi in ("revenue", "order_count"))
    assert (len(revenue), exact(revenue.sum()), orders.sum()) == (17, Decimal("80487704.1832"), 3_806)
    unsold = figures[figures["rep"] == "no rep"].set_index("kpi")["value"]
    assert exact(unsold["revenue"]) == Decimal("109846381.4039") - Decimal("80487704.1832")
    assert unsold["order_count"] == 31_465 - 3_806
    online, low = company.warnings
    assert str(online) == "orders: 27,659 lines have no rep: shown apart"
    # 116,000 in the quarter before, and 1,000 in the last one: line 144 of the file.
    assert (low.check, low.rows) == ("quota_tenfold", 1)
    assert [(one.line, one.value) for one in low.examples] == [("line 144", "1000.0")]


def test_what_is_sold_online_has_no_sales_person(company):
    # The published total of internet sales is 29,358,677.22.
    figures = kp.measure(company, ["revenue", "order_count"], period="all time", by="channel")
    online = figures[figures["channel"] == "online"].set_index("kpi")["value"]
    assert (exact(online["revenue"]), online["order_count"]) == (Decimal("29358677.2207"), 27_659)
    assert set(figures["channel"]) == {"online", "sales person"}


def test_regions_have_their_names(company):
    figures = kp.measure(company, "revenue", period="all time", by="region")
    assert len(figures) == 10
    assert {"Northwest", "United Kingdom", "Australia"} <= set(figures["region"])
    assert exact(figures["value"].sum()) == Decimal("109846381.4039")


def test_a_quota_lasts_until_the_day_before_the_next_one(company):
    quotas = company.small("quotas")
    assert (len(quotas), set(quotas["kpi"])) == (163, {"revenue"})
    first = quotas[quotas["rep_id"] == "274"].sort_values("start").iloc[0]
    assert (str(first["start"].date()), str(first["end"].date()), first["value"]) == (
        "2011-05-31",
        "2011-08-30",
        28_000,
    )
    period = f"{first['start'].date()}/{first['end'].date()}"
    (revenue,) = kp.measure(company, "revenue", period=period, where={"rep": "274"})["value"]
    assert round(revenue / first["value"], 6) == 0.806596
    last = quotas.sort_values("start").groupby("rep_id").tail(1)
    assert len(last) == 17 and set(last["end"].dt.strftime("%Y-%m-%d")) == {"2014-05-31"}
