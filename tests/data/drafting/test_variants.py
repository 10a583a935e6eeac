"""Headers in other cases and in Indonesian, files in other encodings and signs, halves of one table."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kpikit.data.dataset import load
from kpikit.data.drafting import draft
from tests.data.drafting.company import make
from tests.data.drafting.judge import judge
from tests.data.drafting.test_judged import EXPORTS, holds, together, written


def snake(header: str) -> str:
    return re.sub(r"\W+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", header)).strip("_").lower()


CASES = {"lower": str.lower, "upper": str.upper, "snake": snake}


def renamed(told: dict, rename) -> dict:
    """Rename the headers of a truth as those of its files."""

    def source(true):
        if isinstance(true, list):
            return [source(one) for one in true]
        if true in ("", "?") or true is None:
            return true
        if true.startswith("= "):
            return "= " + " + ' ' + ".join(rename(one) for one in true[2:].split(" + ' ' + "))
        file, sign, header = true.partition(" > ")
        return f"{file} > {rename(header)}" if sign else rename(true)

    return {**told, "truth": {column: source(true) for column, true in told["truth"].items()}}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("vendor", EXPORTS)
def test_headers_in_another_case_are_drafted_alike(tmp_path, vendor, case):
    files = {name: renamed(told, CASES[case]) for name, told in together(vendor).items()}
    made = draft(written(tmp_path, vendor, list(files), rename=CASES[case]), folder=tmp_path)
    holds(judge(f"{vendor}, {case}", made, files))


# What an Indonesian company may call its columns; the truth is in the second place.
INDONESIAN = {
    "penjualan 2025.csv": ("orders", {
        "No. Pesanan": ("order_id", lambda n: f"PO-{n:04d}"),
        "Tgl Pesanan": ("order_date", lambda n: f"{n % 28 + 1:02d}/{n % 12 + 1:02d}/2025"),
        "Kode Pelanggan": ("customer_id", lambda n: f"C{n % 40:03d}"),
        "Nama Barang": ("product", lambda n: ["Kopi Bubuk", "Kopi Biji", "Mesin Espresso"][n % 3]),
        "Kategori": ("product_line", lambda n: ["Kopi", "Kopi", "Mesin"][n % 3]),
        "Kuantitas": ("quantity", lambda n: str(n % 9 + 1)),
        "Total Harga": ("amount", lambda n: f"{n * 12_500 + 1_250_000:,}".replace(",", ".") + ",50"),
        "Nama Sales": ("rep_id", lambda n: ["Ayu", "Budi", "Citra"][n % 3]),
        "Wilayah": ("region", lambda n: ["Bali", "Jawa"][n % 2]),
        "Saluran": ("channel", lambda n: ["WhatsApp", "Toko", "-"][n % 3]),
        "Catatan": (None, lambda n: "segera dikirim" * (n % 2)),
    }),
    "pelanggan.csv": ("customers", {
        "Kode Pelanggan": ("customer_id", lambda n: f"C{n:03d}"),
        "Nama Pelanggan": ("name", lambda n: f"Toko {n}"),
        "Segmen": ("segment", lambda n: ["Ritel", "Grosir"][n % 2]),
        "Kota": ("region", lambda n: ["Denpasar", "Surabaya"][n % 2]),
        "Pelanggan Sejak": ("acquired_on", lambda n: f"{n % 28 + 1:02d}/03/2024"),
        "No. Telepon": (None, lambda n: f"0812{n:07d}"),
    }),
    "peluang.csv": ("deals", {
        "No Peluang": ("deal_id", lambda n: str(n)),
        "Tahap": ("stage", lambda n: ["Negosiasi", "Menang", "Kalah"][n % 3]),
        "Tanggal Dibuat": ("created_on", lambda n: f"{n % 28 + 1:02d}/02/2025"),
        "Tanggal Tutup": ("closed_on", lambda n: f"{n % 28 + 1:02d}/06/2025" if n % 3 else ""),
        "Perkiraan Tanggal Tutup": ("expected_close_on", lambda n: f"{n % 28 + 1:02d}/07/2025"),
        "Nilai Peluang": ("amount", lambda n: f"{n * 1_000 + 25_000_000:,}".replace(",", ".")),
        "Nama Sales": ("rep_id", lambda n: ["Ayu", "Budi", "Citra"][n % 3]),
        "Pelanggan": ("customer_id", lambda n: f"C{n % 40:03d}"),
    }),
    "tim sales.csv": ("reps", {
        "Nama": ("rep_id", lambda n: ["Ayu", "Budi", "Citra"][n]),
        "Tim": ("team", lambda n: ["Utara", "Selatan", "Utara"][n]),
        "Atasan": ("manager", lambda n: "Dewi"),
        "Jabatan": ("role", lambda n: "Sales Eksekutif"),
        "Tanggal Masuk": ("hired_on", lambda n: f"{n + 14:02d}/01/2024"),
    }),
}  # fmt: skip
ROWS = {"tim sales.csv": 3, "pelanggan.csv": 40}


def indonesian(folder: Path, sign: str = ";", encoding: str = "utf-8-sig") -> list[Path]:
    paths = []
    for name, (_, columns) in INDONESIAN.items():
        lines = [sign.join(columns)]
        for n in range(ROWS.get(name, 90)):
            lines.append(sign.join(make_value(n) for _, make_value in columns.values()))
        (folder / name).write_text("\n".join(lines) + "\n", encoding=encoding)
        paths.append(folder / name)
    return paths


@pytest.mark.parametrize(("sign", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), ("|", "utf-8")])
def test_indonesian_tables_are_drafted_and_can_be_loaded(tmp_path, sign, encoding):
    made = draft(indonesian(tmp_path, sign, encoding), folder=tmp_path, currency="IDR")
    truth = {
        name: {"table": table, "truth": {column: header for header, (column, _) in columns.items() if column}}
        for name, (table, columns) in INDONESIAN.items()
    }
    truth["tim sales.csv"]["truth"]["name"] = ["", "Nama"]
    truth["peluang.csv"] |= {"outcomes": {"Menang": "won", "Kalah": "lost"}}
    truth["peluang.csv"]["truth"]["outcome"] = "Tahap"
    holds(judge("Indonesian", made, truth))
    (tmp_path / "dataset.yaml").write_text(made.text, encoding="utf-8")
    company = load(tmp_path)
    orders = company.small("orders")
    # 90 orders: 1,250,000.50 and 12,500 more with each.
    assert orders["amount"].sum() == 90 * 1_250_000.5 + 12_500 * (89 * 90 / 2)
    assert str(orders["order_date"].max().date()) == "2025-12-28"
    assert orders["channel"].isna().sum() == 30


def test_days_and_months_that_cannot_be_told_apart_are_asked_and_refused(tmp_path):
    path = tmp_path / "orders.csv"
    rows = "".join(f"O{n},0{n % 9 + 1}/0{n % 7 + 1}/2025,C1,{n + 1}.5\n" for n in range(60))
    path.write_text("Order No,Order Date,Customer,Amount\n" + rows)
    made = draft([path], folder=tmp_path, currency="USD")
    assert "# ? Order Date: day or month first: every value fits both" in made.text
    assert "dates" not in yaml.safe_load(made.text)["tables"]["orders"]
    (tmp_path / "dataset.yaml").write_text(made.text)
    with pytest.raises(Exception, match="is not a date"):
        load(tmp_path)
    (tmp_path / "dataset.yaml").write_text(made.text.replace("# dates:", "dates:"))
    assert len(load(tmp_path).small("orders")) == 60


def test_one_date_that_cannot_be_otherwise_tells_the_form(tmp_path):
    path = tmp_path / "orders.csv"
    rows = "".join(f"O{n},0{n % 9 + 1}/0{n % 7 + 1}/2025,C1,{n + 1}.5\n" for n in range(60))
    path.write_text("Order No,Order Date,Customer,Amount\n" + rows + "O99,05/31/2025,C1,1\n")
    made = draft([path], folder=tmp_path, currency="USD")
    assert yaml.safe_load(made.text)["tables"]["orders"]["dates"] == "%m/%d/%Y"
    assert "100% dates month-first (1 rows cannot be otherwise)" in made.text


def test_a_sign_that_may_be_decimal_or_thousands_is_asked_and_refused(tmp_path):
    path = tmp_path / "orders.csv"
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,{n % 90 + 1}.500\n" for n in range(60))
    path.write_text("order_id,order_date,customer_id,amount\n" + rows)
    made = draft([path], folder=tmp_path, currency="IDR")
    assert "# ? amount: is '.' the decimal or the thousands sign?" in made.text
    (tmp_path / "dataset.yaml").write_text(made.text)
    with pytest.raises(Exception, match="is not a number"):
        load(tmp_path)


def test_halves_of_one_table_are_read_as_one(tmp_path):
    header = "Order No;Order Date;Customer;Amount\n"
    for year in (2024, 2025):
        rows = "".join(f"{year}-{n};{year}-01-{n % 28 + 1:02d};C{n % 5};10,5\n" for n in range(40))
        (tmp_path / f"orders {year}.csv").write_text(header + rows)
    made = draft(
        [tmp_path / "orders 2024.csv", tmp_path / "orders 2025.csv"], folder=tmp_path, currency="USD"
    )
    assert yaml.safe_load(made.text)["tables"]["orders"]["file"] == ["orders 2024.csv", "orders 2025.csv"]
    (tmp_path / "dataset.yaml").write_text(made.text)
    assert load(tmp_path).small("orders")["amount"].sum() == 80 * 10.5


def test_halves_that_are_written_differently_are_two_entries(tmp_path):
    rows = "".join(f"A{n},2024-01-{n % 28 + 1:02d},C1,10.5\n" for n in range(40))
    (tmp_path / "sales.csv").write_text("Order No,Order Date,Customer,Amount\n" + rows)
    rows = "".join(f"B{n};{n % 28 + 1:02d}/01/2025;C1;10,5\n" for n in range(40))
    (tmp_path / "penjualan.csv").write_text("No Pesanan;Tanggal Pesanan;Pelanggan;Jumlah Bersih\n" + rows)
    made = draft([tmp_path / "sales.csv", tmp_path / "penjualan.csv"], folder=tmp_path, currency="USD")
    (tmp_path / "dataset.yaml").write_text(made.text)
    orders = load(tmp_path).small("orders")
    assert (len(orders), orders["amount"].sum()) == (80, 840)
    assert {str(day.date())[:4] for day in orders["order_date"]} == {"2024", "2025"}


def test_two_files_with_the_same_orders_are_not_added_up(tmp_path):
    rows = "".join(f"A{n},2024-01-{n % 28 + 1:02d},C1,10.5\n" for n in range(40))
    for name in ("orders.csv", "orders copy.csv"):
        (tmp_path / name).write_text("Order No,Order Date,Customer,Amount\n" + rows)
    made = draft([tmp_path / "orders.csv", tmp_path / "orders copy.csv"], folder=tmp_path)
    assert yaml.safe_load(made.text)["tables"]["orders"]["file"] == "orders.csv"
    assert "100% of its Order No stand in orders.csv too" in made.text


def test_a_file_without_a_known_header_is_left_and_said(tmp_path):
    (tmp_path / "weather.csv").write_text("day,rain,wind\n2025-01-01,3,4\n2025-01-02,1,2\n")
    made = draft([tmp_path / "weather.csv"], folder=tmp_path)
    assert yaml.safe_load(made.text)["tables"] == {}
    assert "weather.csv: not used: no table of kpikit is recognized in its headers" in made.text


def test_a_product_spelled_two_ways_is_proposed_as_one(tmp_path):
    rows = "".join(
        f"O{n},2025-01-{n % 28 + 1:02d},C1,{'GTXPro' if n % 4 else 'GTX Pro'},5.5\n" for n in range(60)
    ).replace("GTXPro", "GTX-Pro", 3)
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Product,Amount\n" + rows)
    made = yaml.safe_load(draft([tmp_path / "orders.csv"], folder=tmp_path).text)
    assert made["tables"]["orders"]["values"]["product"] == {"GTX Pro": "GTXPro", "GTX-Pro": "GTXPro"}


def test_titles_above_the_header_are_skipped(tmp_path):
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,{n}.5\n" for n in range(30))
    (tmp_path / "orders.csv").write_text(
        "Sales report\nprinted today\nOrder No,Order Date,Customer,Amount\n" + rows
    )
    made = draft([tmp_path / "orders.csv"], folder=tmp_path, currency="USD")
    orders = yaml.safe_load(made.text)["tables"]["orders"]
    assert (orders["skip"], orders["columns"]["order_id"]) == (2, "Order No")


def test_the_currency_is_taken_from_a_column_or_asked(tmp_path):
    files = together("pipedrive")
    made = draft(written(tmp_path, "pipedrive", list(files)), folder=tmp_path)
    assert yaml.safe_load(made.text)["currency"] == "USD"
    made = draft(written(tmp_path, "salesforce", ["Opportunity.csv"]), folder=tmp_path)
    assert "currency" not in yaml.safe_load(made.text)
    assert "# ? which currency?" in made.text


def test_the_company_of_the_tests_is_the_same_each_time():
    assert make("hubspot")["deals"][7].amount == make("hubspot")["deals"][7].amount


def test_cancelled_orders_are_asked_about_with_the_entry_that_drops_them(tmp_path):
    states = ["Shipped", "Cancelled", "Shipped"]
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,{n}.5,{states[n % 3]}\n" for n in range(60))
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Amount,Order Status\n" + rows)
    text = draft([tmp_path / "orders.csv"], folder=tmp_path, currency="USD").text
    asked = "are 20 rows with Order Status Cancelled to be left out? (drop: {Order Status: [Cancelled]})"
    assert f"# ? {asked}" in text
    (tmp_path / "dataset.yaml").write_text(
        text.replace("    columns:\n", "    drop: {Order Status: [Cancelled]}\n    columns:\n")
    )
    assert len(load(tmp_path).small("orders")) == 40


def test_a_stage_that_only_seems_to_be_lost_is_asked(tmp_path):
    stages = ["Closed Won", "Closed Lost", "Closed Lost to Competition", "Offer", "On hold - closed"]
    rows = "".join(f"D{n},{stages[n % 5]}\n" for n in range(60))
    (tmp_path / "deals.csv").write_text("Deal ID,Stage\n" + rows)
    text = draft([tmp_path / "deals.csv"], folder=tmp_path).text
    assert yaml.safe_load(text)["tables"]["deals"]["values"]["outcome"] == {
        "Closed Won": "won",
        "Closed Lost": "lost",
        "Closed Lost to Competition": "lost",
        "*": None,
    }
    assert "# ? Closed Lost to Competition, On hold - closed: won, lost, or open?" in text


def test_a_column_beside_tells_what_the_sign_in_an_amount_is(tmp_path):
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,{n % 90 + 1}.500,1.{n % 9}00.000\n" for n in range(60))
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Amount,Limit\n" + rows)
    made = draft([tmp_path / "orders.csv"], folder=tmp_path, currency="IDR")
    orders = yaml.safe_load(made.text)["tables"]["orders"]
    assert (orders["decimal"], orders["thousands"]) == (",", ".")
    assert "likely: as 'Limit' is written" in made.text


def test_a_file_without_a_header_is_told(tmp_path):
    rows = "".join(f"{n},2025-01-{n % 28 + 1:02d},{n}.5\n" for n in range(1, 30))
    (tmp_path / "orders.csv").write_text(rows)
    assert "its first line seems to be data: give it a header" in draft([tmp_path / "orders.csv"]).text


def test_customers_are_named_by_the_column_that_their_file_knows(tmp_path):
    rows = "".join(f"D{n},{['Won', 'Lost', 'Open'][n % 3]},9{n % 20},K{n % 20}\n" for n in range(60))
    (tmp_path / "deals.csv").write_text("Deal ID,Stage,Customer ID,Account\n" + rows)
    rows = "".join(f"K{n},Shop {n}\n" for n in range(20))
    (tmp_path / "customers.csv").write_text("Customer Code,Customer Name\n" + rows)
    made = yaml.safe_load(draft([tmp_path / "deals.csv", tmp_path / "customers.csv"], folder=tmp_path).text)
    assert made["tables"]["deals"]["columns"]["customer_id"] == "Account"
    assert made["tables"]["customers"]["columns"]["customer_id"] == "Customer Code"


@pytest.mark.parametrize("known", [10, 9, 7])
def test_a_side_table_is_joined_where_nine_of_ten_rows_find_theirs_and_asked_about_below(tmp_path, known):
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,5.5,{n % 10}\n" for n in range(60))
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Amount,Product ID\n" + rows)
    rows = "".join(f"{n},Coffee {n},Drinks\n" for n in range(known))
    (tmp_path / "products.csv").write_text("Product ID,Product Name,Category\n" + rows)
    text = draft([tmp_path / "orders.csv", tmp_path / "products.csv"], folder=tmp_path).text
    orders = yaml.safe_load(text)["tables"]["orders"]
    if known >= 9:
        assert orders["joins"][0]["take"] == {"product": "Product Name", "product_line": "Category"}
    else:
        assert "joins" not in orders
        assert "Only 70% of the rows have a match there" in text


def test_a_side_table_whose_key_stands_twice_is_not_joined(tmp_path):
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,5.5,{n % 10}\n" for n in range(60))
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Amount,Product ID\n" + rows)
    rows = "".join(f"{n // 2},Coffee {n},Drinks\n" for n in range(20))
    (tmp_path / "products.csv").write_text("Product ID,Product Name,Category\n" + rows)
    text = draft([tmp_path / "orders.csv", tmp_path / "products.csv"], folder=tmp_path).text
    assert "joins" not in yaml.safe_load(text)["tables"]["orders"]


def test_halves_with_the_same_header_and_other_dates_are_two_entries(tmp_path):
    for name, form in (("a", "{0:02d}/{1:02d}/2025"), ("b", "{1:02d}/{0:02d}/2025")):
        rows = "".join(f"{name}{n},{form.format(n % 28 + 1, n % 12 + 1)},C1,5.5\n" for n in range(60))
        (tmp_path / f"orders {name}.csv").write_text("Order No,Order Date,Customer,Amount\n" + rows)
    made = draft([tmp_path / "orders a.csv", tmp_path / "orders b.csv"], folder=tmp_path, currency="USD")
    entries = yaml.safe_load(made.text)["tables"]["orders"]
    assert [one["dates"] for one in entries] == ["%d/%m/%Y", "%m/%d/%Y"]


def test_a_file_of_visits_is_not_taken_for_members_or_customers(tmp_path):
    # Members and customers stand in it many times: no row is one of them.
    rows = "".join(f"{n},{['Ayu', 'Budi'][n % 2]},C{n % 5},2025-01-01\n" for n in range(60))
    (tmp_path / "visits.csv").write_text("Visit,Sales Rep,Customer,Day\n" + rows)
    assert yaml.safe_load(draft([tmp_path / "visits.csv"], folder=tmp_path).text)["tables"] == {}


def test_several_currencies_in_a_column_are_asked_about(tmp_path):
    rows = "".join(f"O{n},2025-01-{n % 28 + 1:02d},C1,5.5,{['USD', 'IDR'][n % 2]}\n" for n in range(60))
    (tmp_path / "orders.csv").write_text("Order No,Order Date,Customer,Amount,Currency\n" + rows)
    text = draft([tmp_path / "orders.csv"], folder=tmp_path).text
    assert "currency" not in yaml.safe_load(text)
    assert "# ? 'Currency' of orders.csv holds USD, IDR: keep one currency" in text


def test_quotas_are_of_revenue_as_a_guess_and_their_last_end_is_asked(tmp_path):
    rows = "".join(f"R{n % 4},2025-{n // 4 + 1:02d}-01,{n + 1}000\n" for n in range(48))
    (tmp_path / "targets.csv").write_text("Rep ID,Month,Target\n" + rows)
    text = draft([tmp_path / "targets.csv"], folder=tmp_path).text
    assert yaml.safe_load(text)["tables"]["quotas"]["constants"] == {"kpi": "revenue"}
    assert "kpi: revenue  # guess: a quota of sales # ? which KPI is the quota of?" in text
    assert "# ? on which day do the last quotas end? (last_end: 2026-12-31)" in text
