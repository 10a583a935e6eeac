"""Northwind's revenue, from the files as they come, beside plain Python over its lines."""

import csv
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

import kpikit as kp
from kpikit.data.tables import inspect
from kpikit.errors import DataError

MAPPING = Path(__file__).resolve().parents[2] / "examples" / "northwind" / "dataset.yaml"
TERRITORIES = (
    "- {file: employee-territories.csv, on: {employeeID: employeeID}, take: {team: territoryID}}\n      "
)


@pytest.fixture
def place(external_data):
    return external_data("northwind")


@pytest.fixture(params=["pandas", pytest.param("polars", marks=pytest.mark.polars), "duckdb"])
def company(request, place):
    return kp.load(MAPPING, folder=place, engine=request.param)


def read(place, name):
    with open(place / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def amount(line) -> Decimal:
    return Decimal(line["UnitPrice"]) * Decimal(line["Quantity"]) * (1 - Decimal(line["Discount"]))


def exact(values) -> list[Decimal]:
    return [Decimal(str(round(value, 4))) for value in values]


def test_the_mapping_is_short():
    assert len(MAPPING.read_text().splitlines()) < 40


def test_revenue_is_the_sum_of_the_lines(company, place):
    lines = read(place, "ms_order_details.csv")
    figures = kp.measure(company, ["revenue", "order_count"], period="all time")
    assert exact(figures["value"]) == [sum(map(amount, lines)), Decimal(830)]
    assert len(lines) == len(company.small("orders")) == 2_155


def test_revenue_by_employee_and_by_category(company, place):
    heads = {row["OrderID"]: row for row in read(place, "ms_orders.csv")}
    names = {
        row["employeeID"]: f"{row['firstName']} {row['lastName']}" for row in read(place, "employees.csv")
    }
    kinds = {row["categoryID"]: row["categoryName"] for row in read(place, "categories.csv")}
    products = {row["productID"]: kinds[row["categoryID"]] for row in read(place, "products.csv")}
    expected = {"rep": Counter(), "product_line": Counter(), "region": Counter()}
    for line in read(place, "ms_order_details.csv"):
        head = heads[line["OrderID"]]
        expected["rep"][names[head["EmployeeID"]]] += amount(line)
        expected["product_line"][products[line["ProductID"]]] += amount(line)
        expected["region"][head["ShipCountry"]] += amount(line)
    for dimension, sums in expected.items():
        figures = kp.measure(company, "revenue", period="all time", by=dimension)
        assert dict(zip(figures[dimension], exact(figures["value"]), strict=True)) == sums


def test_territories_cannot_multiply_revenue(place, tmp_path):
    several = Counter(row["employeeID"] for row in read(place, "employee-territories.csv"))
    assert max(several.values()) > 1
    text = MAPPING.read_text().replace("- {file: employees.csv", TERRITORIES + "- {file: employees.csv", 1)
    (tmp_path / "dataset.yaml").write_text(text)
    with pytest.raises(DataError) as caught:
        kp.load(tmp_path / "dataset.yaml", folder=place)
    assert "employee-territories.csv, line 3: key employeeID '1' stands more than once" in str(caught.value)


def test_its_dirt_is_told(place):
    found = {one.check: one for one in inspect(MAPPING, place)}
    assert set(found) == {"ragged_row", "unknown_customer_id"}
    ragged = defaultdict(list)
    with open(place / "customers.csv", encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file), start=1):
            ragged[len(row) != 11].append((number, row[0]))
    assert found["ragged_row"].severity == "accepted"
    assert found["ragged_row"].rows == len(ragged[True]) == 24
    assert found["ragged_row"].examples[0].line == f"line {ragged[True][0][0]}"
    lost = {name for _, name in ragged[True]}
    heads = {row["OrderID"]: row["CustomerID"] for row in read(place, "ms_orders.csv")}
    lines = [line for line in read(place, "ms_order_details.csv") if heads[line["OrderID"]] in lost]
    assert found["unknown_customer_id"].rows == len(lines)
