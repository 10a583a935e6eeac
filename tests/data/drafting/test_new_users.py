"""What people who had never seen kpikit stumbled over."""

import pytest
import yaml

from kpikit.data.drafting import draft
from kpikit.data.drafting.names import strength


def drafted(tmp_path, name, text):
    (tmp_path / name).write_text(text, encoding="utf-8")
    made = draft([tmp_path / name], folder=tmp_path)
    return made.text, yaml.safe_load(made.text)["tables"]


def test_jumlah_beside_a_price_is_the_quantity(tmp_path):
    lines = "".join(f"PO-{n},2025-01-{n % 28 + 1:02},C{n % 7},{n % 5 + 1},{12_500 + n}\n" for n in range(40))
    _, tables = drafted(
        tmp_path, "penjualan.csv", "No Pesanan,Tanggal,Kode Pelanggan,Jumlah,Harga Satuan\n" + lines
    )
    assert tables["orders"]["columns"]["quantity"] == "Jumlah"
    assert tables["orders"]["compute"]["amount"] == "[Harga Satuan] * Jumlah"


def test_a_stage_that_denies_is_asked_and_never_won(tmp_path):
    stages = ["Won", "Lost", "Not won", "Belum menang", "Prospecting"]
    lines = "".join(
        f"D{n},{stages[n % 5]},2025-01-{n % 28 + 1:02},2025-02-{n % 28 + 1:02},{n + 100}\n" for n in range(60)
    )
    text, tables = drafted(tmp_path, "pipeline.csv", "deal id,stage,created,closed,amount\n" + lines)
    values = tables["deals"]["values"]["outcome"]
    assert values["Won"] == "won" and values["Lost"] == "lost"
    assert "Not won" not in values and "Belum menang" not in values
    assert "Not won" in text
    assert tables["deals"]["columns"]["closed_on"] == "closed"


def test_columns_that_are_not_used_are_named(tmp_path):
    lines = "".join(f"{n},2025-01-{n % 28 + 1:02},C{n % 7},{n + 100},x{n % 3},{n}\n" for n in range(40))
    text, _ = drafted(
        tmp_path, "orders.csv", "order id,order date,customer id,amount,Mood,Shelf height\n" + lines
    )
    assert "# not used: Mood, Shelf height" in text


@pytest.mark.parametrize(
    ("header", "currency"),
    [
        ("Net Sales (USD)", "USD"),
        ("Total Penjualan (Rp)", "IDR"),
        ("Amount in EUR", "EUR"),
        ("Subtotal ($)", None),  # whose dollars?
        ("Net sales", None),
    ],
)
def test_a_currency_behind_a_header_of_amounts_is_no_part_of_its_name(tmp_path, header, currency):
    lines = "".join(f"{n},2025-01-{n % 28 + 1:02},C{n % 7},{n + 100}\n" for n in range(40))
    text, tables = drafted(tmp_path, "orders.csv", f"order id,order date,customer id,{header}\n{lines}")
    assert tables["orders"]["columns"]["amount"] == header
    assert yaml.safe_load(text).get("currency") == currency


def test_a_list_of_the_team_may_be_one_of_its_members(tmp_path):
    lines = "".join(f"R{n},Person {n},Team {n % 3}\n" for n in range(12))
    assert drafted(tmp_path, "Team.csv", "rep_id,name,team\n" + lines)[1]["reps"]["columns"]["team"] == "team"
    lines = "".join(f"T{n},Team {n},Person {n}\n" for n in range(12))
    assert drafted(tmp_path, "teams.csv", "team id,team,manager\n" + lines)[1] == {}


@pytest.mark.parametrize("header", ["Total QTY", "Sales (PCT)", "Value PER"])
def test_three_letters_that_are_no_currency_belong_to_the_name(header):
    assert not strength("orders", "amount", header)
