"""The figures of Maven's CRM, from the files as they come; each expected one is counted by plain Python."""

import csv
from collections import Counter
from pathlib import Path

import pytest

import kpikit as kp
from kpikit.data.tables import inspect

MAPPING = Path(__file__).resolve().parents[2] / "examples" / "maven_crm" / "dataset.yaml"


@pytest.fixture
def place(external_data):
    return external_data("maven_crm")


@pytest.fixture(params=["pandas", pytest.param("polars", marks=pytest.mark.polars), "duckdb"])
def company(request, place):
    return kp.load(MAPPING, folder=place, engine=request.param)


def read(place, name):
    with open(place / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_mapping_is_short():
    assert len(MAPPING.read_text().splitlines()) < 40


def test_published_figures(company):
    asked = ["won_value", "win_rate", "win_rate:created"]
    figures = kp.measure(company, asked, period="all time")
    value, n = figures["value"].tolist(), figures["n"].tolist()
    assert value[0] == 10_005_534
    assert [round(one, 6) for one in value[1:]] == [0.631501, 0.481591]
    assert n == [4_238, 4_238 + 2_473, 8_800]


def test_a_product_spelled_two_ways_is_one(company, place):
    lines = {row["product"]: row["series"] for row in read(place, "products.csv")} | {"GTXPro": "GTX"}
    won = Counter()
    for row in read(place, "sales_pipeline.csv"):
        if row["deal_stage"] == "Won":
            won[lines[row["product"]]] += int(row["close_value"])
    figures = kp.measure(company, "won_value", period="all time", by="product_line")
    assert dict(zip(figures["product_line"], figures["value"], strict=True)) == won


def test_regions_come_through_the_agents(company, place):
    offices = {row["sales_agent"]: row["regional_office"] for row in read(place, "sales_teams.csv")}
    won = Counter(
        offices[row["sales_agent"]] for row in read(place, "sales_pipeline.csv") if row["deal_stage"] == "Won"
    )
    figures = kp.measure(company, "win_rate", period="all time", by="region")
    wins = (figures["value"] * figures["n"]).round().astype(int)
    assert dict(zip(figures["region"], wins, strict=True)) == won


def test_its_dirt_is_told(place):
    deals = read(place, "sales_pipeline.csv")
    found = {one.check: one for one in inspect(MAPPING, place)}
    assert set(found) == {"no_customer", "no_created"}
    assert found["no_customer"].rows == sum(not row["account"] for row in deals)
    undated = [n for n, row in enumerate(deals, start=2) if not row["engage_date"]]
    assert found["no_created"].rows == len(undated) == 500
    assert found["no_created"].examples[0].line == f"line {undated[0]}"
