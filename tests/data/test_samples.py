"""The sample company: made again byte for byte, free of contradictions, and of the size that is promised."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from kpikit.data.samples import make_company, make_orders

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "samples"
AS_OF, NEWEST = pd.Timestamp("2026-09-30"), pd.Timestamp("2026-10-09")
DAY, YEAR = pd.Timedelta(days=1), pd.Timedelta(days=365)


@pytest.fixture(scope="module")
def company():
    return make_company()


@pytest.fixture(scope="module")
def orders(company):
    customers = company["customers"][["customer_id", "region", "acquired_on", "left_on"]]
    return company["orders"].merge(customers, on="customer_id", how="left")


@pytest.fixture(scope="module")
def sales(orders):
    return orders[orders["amount"] >= 0]


@pytest.fixture(scope="module")
def since(company, sales):
    first = sales.groupby("customer_id")["order_date"].min()
    customers = company["customers"].set_index("customer_id")
    return pd.concat([customers["acquired_on"], first], axis=1).min(axis=1)


@pytest.fixture(scope="module")
def active(company, since):
    left = company["customers"].set_index("customer_id")["left_on"]
    return lambda day: since.index[(since <= day) & ~(left.reindex(since.index) <= day)]


# Files


def test_command_writes_the_committed_files_byte_for_byte_whatever_the_hash_seed(tmp_path):
    command = [sys.executable, "-m", "kpikit.data.samples", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4711"}, check=True)
    assert {path.name for path in tmp_path.iterdir()} == {path.name for path in FOLDER.glob("*.csv")}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name


def test_samples_stay_under_two_megabytes():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000


def test_files_are_plain_utf8_with_unix_line_ends():
    for path in FOLDER.glob("*.csv"):
        data = path.read_bytes()
        assert b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf"), path.name
        data.decode("utf-8")


def test_readme_documents_each_column_of_each_table_in_its_order():
    sections = re.split(r"^### (\w+\.csv)$", (FOLDER / "README.md").read_text("utf-8"), flags=re.M)
    pairs = zip(sections[1::2], sections[2::2], strict=True)
    documented = {name: re.findall(r"^\| `(\w+)` \|", text, flags=re.M) for name, text in pairs}
    texts = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.csv")}
    written = {name: text.split("\n", 1)[0].split(",") for name, text in texts.items()}
    assert documented == written


def test_dataset_file_names_each_file_and_existing_columns():
    settings = yaml.safe_load((FOLDER / "dataset.yaml").read_text("utf-8"))
    assert settings["currency"] == "USD"
    joins = settings["tables"]["orders"]["joins"]
    files = {table["file"] for table in settings["tables"].values()} | {join["file"] for join in joins}
    assert files == {path.name for path in FOLDER.glob("*.csv")}
    (join,) = joins
    products = pd.read_csv(FOLDER / join["file"])
    assert {*join["on"].values(), *join["take"].values()} <= set(products)


def test_another_seed_makes_another_company_and_scale_another_size(company):
    other = make_company(seed=8, scale=0.2)
    assert list(other["orders"]) == list(company["orders"])
    assert len(other["customers"]) < len(company["customers"]) / 3
    assert other["customers"]["name"].is_unique
    assert not other["orders"]["amount"].head(50).equals(company["orders"]["amount"].head(50))


# Free of contradictions

KEYS = """
    deals.deal_id conversations.conversation_id customers.customer_id customers.name
    products.product_id
"""
REFERENCES = {
    "customers": "orders.customer_id deals.customer_id conversations.customer_id",
    "reps": "orders.rep_id deals.rep_id conversations.rep_id quotas.rep_id",
    "deals": "deal_stages.deal_id conversations.deal_id",
}


@pytest.mark.parametrize("name", KEYS.split())
def test_keys_are_unique(company, name):
    table, column = name.split(".")
    assert company[table][column].is_unique and company[table][column].notna().all()


@pytest.mark.parametrize("other", REFERENCES)
def test_every_id_is_known(company, other):
    for name in REFERENCES[other].split():
        table, column = name.split(".")
        assert set(company[table][column].dropna()) <= set(company[other][column]), name


def test_order_lines_agree_in_their_order_and_are_in_whole_cents(company):
    heads = company["orders"].groupby("order_id")[["order_date", "customer_id", "rep_id", "channel"]]
    assert (heads.nunique(dropna=False) == 1).all(axis=None)
    assert company["orders"]["order_id"].is_monotonic_increasing
    assert company["orders"]["order_date"].is_monotonic_increasing
    assert set(company["orders"]["product"]) == set(company["products"]["product_id"])
    assert not company["orders"].duplicated(["order_id", "line_id"]).any()
    cents = company["orders"][["amount", "cost", "discount"]].fillna(0) * 100
    assert np.allclose(cents, cents.round(), atol=1e-6)


def _employed(reps, ids, days):
    spans = reps.drop_duplicates("rep_id").set_index("rep_id")
    hired, left = spans["hired_on"].reindex(ids).to_numpy(), spans["left_on"].reindex(ids).to_numpy()
    return (hired <= days) & ~(left < days)


def test_reps_sell_only_while_they_are_employed(company):
    reps, deals = company["reps"], company["deals"]
    orders = company["orders"].dropna(subset="rep_id")
    talks = company["conversations"].dropna(subset="rep_id")
    deals = deals[deals["closed_on"].notna() | deals["outcome"].isna()]
    assert _employed(reps, orders["rep_id"], orders["order_date"].to_numpy()).all()
    assert _employed(reps, deals["rep_id"], deals["closed_on"].fillna(NEWEST).to_numpy()).all()
    assert _employed(reps, talks["rep_id"], talks["started_at"].dt.normalize().to_numpy()).all()


def test_reps_move_without_gap_or_overlap(company):
    for _rep, rows in company["reps"].groupby("rep_id"):
        assert rows["valid_from"].isna().sum() == rows["valid_to"].isna().sum() == 1
        ends = rows["valid_to"].dropna() + DAY
        assert ends.tolist() == rows["valid_from"].dropna().tolist()


def test_customers_order_only_while_they_are_customers(orders):
    assert not (orders["order_date"] < orders["acquired_on"]).any()
    assert not (orders["order_date"] >= orders["left_on"]).any()


def test_refunds_follow_a_sale_of_the_same_customer_and_take_back_no_more(company):
    orders = company["orders"]
    refunds = orders[orders["refund_of"].notna()]
    assert set(orders.index[orders["amount"] < 0]) == set(refunds.index)
    pairs = refunds.merge(orders, left_on=["refund_of", "product"], right_on=["order_id", "product"])
    assert (pairs["order_date_x"] > pairs["order_date_y"]).all()
    assert (pairs["customer_id_x"] == pairs["customer_id_y"]).all()
    left = pairs["amount_x"] + pairs["amount_y"]
    assert (left.groupby(pairs["order_id_x"]).max().reindex(refunds["order_id"]) > -0.01).all()


def test_deals_agree_with_their_dates_and_stages(company):
    deals, stages = company["deals"], company["deal_stages"]
    is_open = deals["outcome"].isna()
    assert deals.loc[is_open, "closed_on"].isna().all()
    assert (deals.loc[~is_open, "stage"] == deals.loc[~is_open, "outcome"]).all()
    assert not (deals["closed_on"] < deals["created_on"]).any()
    assert deals.loc[deals["outcome"] == "won", "amount"].notna().all()
    assert not stages.duplicated(["deal_id", "stage"]).any()
    assert (stages.groupby("deal_id")["entered_on"].diff().dropna() >= pd.Timedelta(0)).all()
    known = deals.set_index("deal_id").loc[stages["deal_id"].unique()]
    ends = stages.groupby("deal_id")
    assert (ends["stage"].last() == known["stage"]).all()
    assert (ends["entered_on"].first() == known["created_on"]).all()


def test_conversations_go_forward_in_time(company):
    talks = company["conversations"]
    assert not (talks["first_reply_at"] <= talks["started_at"]).any()
    assert not (talks["closed_at"] < talks["first_reply_at"]).any()
    assert talks.loc[talks["first_reply_at"].isna(), "closed_at"].isna().all()


def test_newest_fact_leaves_the_third_quarter_complete_and_the_fourth_open(company):
    assert company["orders"]["order_date"].max() == NEWEST
    assert company["deals"][["created_on", "closed_on"]].max().max() <= NEWEST
    assert company["conversations"]["closed_at"].max() < NEWEST + DAY


def test_bali_rests_on_nyepi_and_holidays_are_quiet(orders):
    for day in ("2022-03-03", "2023-03-22", "2024-03-11", "2025-03-29", "2026-03-19"):
        assert not ((orders["order_date"] == day) & (orders["region"] == "Bali")).any()
    christmas = orders["order_date"].dt.strftime("%m-%d") == "12-25"
    assert orders[christmas]["order_id"].nunique() <= 3


# The promised figures


def test_revenue_is_of_the_promised_size_and_best_in_the_fourth_quarter(sales):
    by_year = sales.groupby(sales["order_date"].dt.year)["amount"].sum()
    alaska = sales[(sales["region"] == "Alaska") & (sales["order_date"].dt.year == 2022)]["amount"].sum()
    this_year = sales[sales["order_date"].between("2026-01-01", AS_OF)]["amount"].sum() / 9
    assert 4.0e6 <= by_year[2022] <= 5.0e6
    assert 1.10e6 <= alaska <= 1.25e6
    assert 380_000 <= this_year <= 440_000
    assert by_year[2022] < by_year[2023] < by_year[2024] < by_year[2025]
    quarters = sales.groupby(sales["order_date"].dt.to_period("Q"))["amount"].sum()
    for year in range(2022, 2026):
        assert quarters[f"{year}Q1" : f"{year}Q4"].idxmax() == pd.Period(f"{year}Q4")


def test_rep_months_are_of_the_promised_size(sales):
    before = sales[sales["order_date"] <= AS_OF]
    months = before.groupby(["rep_id", before["order_date"].dt.to_period("M")])["amount"].sum()
    assert 12_000 <= months.median() <= 16_000
    assert 0.35 <= (months >= 15_000).mean() <= 0.55
    assert months.groupby(level=1).size().between(22, 26).all()


def test_customers_are_of_the_promised_number_age_and_worth(company, active, since):
    now, before = active(AS_OF), active(AS_OF - YEAR)
    churn = 1 - len(before.intersection(now)) / len(before)
    orders = company["orders"]
    window = orders[orders["order_date"].between(AS_OF - YEAR + DAY, AS_OF)]
    profit = (window["amount"] - window["cost"]).sum()
    assert 250 <= len(now) <= 350
    assert 0.07 <= churn <= 0.12
    assert 80_000 <= profit / len(now) / churn <= 95_000
    assert 3.3 <= ((AS_OF - since[now]).dt.days / 365.25).mean() <= 4.0


def test_customers_come_at_the_promised_pace(company, active, sales):
    first = sales.groupby("customer_id")["order_date"].min()
    region = company["customers"].set_index("customer_id")["region"]
    for quarter in pd.period_range("2022Q3", "2026Q3", freq="Q"):
        new = first[first.between(quarter.start_time, quarter.end_time)]
        opening = len(active(quarter.start_time - DAY))
        assert 0.035 <= len(new) / opening <= 0.07
        assert 2 <= (region[new.index] == "Bali").sum() <= 8


def test_gaps_have_the_promised_size(company, sales):
    orders, deals = company["orders"], company["deals"]
    heads = sales.drop_duplicates("order_id")
    assert 0.025 <= heads["rep_id"].isna().mean() <= 0.04
    assert (heads.loc[heads["rep_id"].isna(), "channel"] == "marketplace").all()
    assert 0.015 <= (orders["amount"] < 0).mean() <= 0.025
    assert 0.02 <= orders["cost"].isna().mean() <= 0.045
    assert 1 <= deals["created_on"].isna().sum() <= 20
    assert 0.2 <= deals[deals["outcome"].isna()]["amount"].isna().mean() <= 0.5


def test_quotas_are_reached_as_quotas_are(company, sales):
    quotas = company["quotas"]
    quotas = quotas[(quotas["kpi"] == "revenue") & (quotas["end"] <= AS_OF)]
    by_rep = {rep_id: rows.set_index("order_date")["amount"] for rep_id, rows in sales.groupby("rep_id")}
    asked = quotas[["rep_id", "start", "end", "value"]].itertuples(index=False)
    attained = pd.Series([by_rep[rep_id][start:end].sum() / value for rep_id, start, end, value in asked])
    assert 0.9 <= attained.median() <= 1.1
    assert attained.quantile([0.05, 0.95]).between(0.65, 1.35).all()


def test_channels_differ_in_speed_and_form_differs_in_time(company, sales):
    talks = company["conversations"]
    waits = (talks["first_reply_at"] - talks["started_at"]).groupby(talks["channel"]).median()
    assert waits["phone"] < waits["web chat"] < waits["WhatsApp"] < waits["Instagram"] < waits["marketplace"]
    name = company["reps"].drop_duplicates("rep_id").set_index("name")["rep_id"]
    budi = sales[sales["rep_id"] == name["Budi Hartanto"]].set_index("order_date")["amount"]
    komang = sales[sales["rep_id"] == name["Ni Komang Ariani"]].set_index("order_date")["amount"]
    assert budi["2026-01":"2026-09"].sum() < 0.6 * budi["2024-01":"2024-09"].sum()
    assert komang["2026-01":"2026-09"].sum() > 1.5 * komang["2023-02":"2023-10"].sum()


# Orders by the million


def test_bulk_orders_have_one_to_three_lines_that_agree_and_the_types_of_a_benchmark():
    orders = make_orders(rows=20_000)
    types = "int32 datetime64[s] int32 int32 float64 float64 str str str"
    assert [str(kind) for kind in orders.dtypes] == types.split()
    assert len(orders) == 20_000 and orders.notna().all(axis=None)
    assert orders["order_date"].is_monotonic_increasing
    heads = orders.groupby("order_id")
    assert set(heads.size()) == {1, 2, 3}
    assert (heads[["order_date", "customer_id", "rep_id", "region", "channel"]].nunique() == 1).all(axis=None)


def test_bulk_orders_are_the_same_each_time_and_with_text_ids():
    numbers, texts = make_orders(rows=3_000), make_orders(rows=3_000, text_ids=True)
    pd.testing.assert_frame_equal(numbers, make_orders(rows=3_000))
    for column in ("order_id", "customer_id", "rep_id"):
        assert texts[column].str[1:].astype("int32").tolist() == numbers[column].tolist()
    assert re.fullmatch(r"C\d{7}", texts["customer_id"][0])
    assert not make_orders(rows=3_000, seed=8)["amount"].equals(numbers["amount"])


@pytest.mark.parametrize(("rows", "reps", "customers"), [(1, 24, None), (50, 3, 2), (2_000, 200, 500)])
def test_bulk_orders_come_in_any_size(rows, reps, customers):
    orders = make_orders(rows=rows, reps=reps, customers=customers)
    assert len(orders) == rows
    assert orders["rep_id"].between(1, reps).all()
    assert orders["customer_id"].between(1, customers or 100).all()
