"""What an entry of dataset.yaml makes of the columns of a file."""

import re

import pytest

LINES = "No;Day;Who;Qty;Price;Off;State\n1;31/12/2025;C1;2;10,50;0,5;done\n2;01/01/2026;C2;1;1.000,00;;open\n"
ENTRY = """
tables:
  orders:
    file: lines.csv
    delimiter: ";"
    decimal: ","
    thousands: "."
    dates: "%d/%m/%Y"
    columns: {order_id: No, order_date: Day, customer_id: Who}
    compute: {amount: Qty * Price * (1 - Off)}
"""


def test_a_column_is_computed_and_a_missing_operand_gives_null(folder, values):
    folder.write("lines.csv", LINES)
    folder.map(ENTRY)
    table = folder.table()
    assert values(table["amount"]) == [10.5, None]
    assert values(table["order_date"]) == ["2025-12-31", "2026-01-01"]


def test_a_division_by_zero_gives_null(folder, values):
    folder.write(
        "orders.csv", "order_id,order_date,customer_id,a,b\n1,2026-01-05,C,6,3\n2,2026-01-05,C,6,0\n"
    )
    folder.map("tables: {orders: {file: orders.csv, compute: {amount: a / b}}}")
    assert values(folder.table()["amount"]) == [2.0, None]


def test_texts_are_joined_and_left_out_where_nothing_is_there(folder, values):
    folder.orders("1,2026-01-05,C,5")
    folder.write("staff.csv", "id,First,Last\n1,Ayu,Dewi\n2,,Budi\n3,,\n")
    folder.map(
        "tables: {orders: {file: orders.csv}, reps: {file: staff.csv, columns: {rep_id: id}, "
        "compute: {name: \"First + ' ' + Last\"}}}"
    )
    assert values(folder.table("reps")["name"]) == ["Ayu Dewi", "Budi", None]


def test_an_operand_that_is_no_number_is_told_with_its_line(folder):
    folder.write("orders.csv", "order_id,order_date,customer_id,a\n1,2026-01-05,C,6\n2,2026-01-05,C,six\n")
    folder.map("tables: {orders: {file: orders.csv, compute: {amount: a * 2}}}")
    assert folder.fault().startswith("load: orders.csv, line 3: a 'six' is not a number.")
    folder.map("tables: {orders: {file: orders.csv, compute: {amount: b * 2}}}")
    assert "column 'b' not found in orders.csv" in folder.fault()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("compute: {order_date: a + b}", "order_date is a date, which cannot be computed"),
        ("compute: {amount: \"a + 'x'\"}", "amount is a number, and no text can stand in it"),
        ("compute: {region: a * b}", "region is a text, and texts are only joined by +"),
        ("compute: {amount: 'a +'}", "something is missing at the end (after '+')"),
        ("compute: {amuont: a}", "'amuont' is no column of orders"),
        ("values: {amount: {a: b}}", "amount is a number, and values are written for ids and texts alone"),
        ("last_end: 2026-01-01", "only quotas have a last_end"),
        ("dates: {order_dat: '%Y'}", "'order_dat' is no column of orders"),
        ("dates: {order_date: dd/mm}", "dates are written as for strptime"),
        ("database: SALES", "rows come from a file or from a database, not from both"),
        ("skip: -1", "'skip'"),
        ('thousands: "\'", decimal: "\'"', "'decimal'"),
    ],
)
def test_an_entry_that_makes_no_sense_is_told_with_its_line(folder, entry, message):
    folder.orders("1,2026-01-05,C,5")
    folder.map(f"tables:\n  orders:\n    {{file: orders.csv, {entry}}}\n")
    fault = folder.fault()
    assert re.match("dataset.yaml, line [23]: ", fault) and message in fault


def test_an_entry_without_a_file_is_told(folder):
    folder.map("tables: {orders: {columns: {order_id: a}}}")
    assert "a file is missing" in folder.fault()


# Values, keep and drop


def test_values_are_written_one_way_and_the_star_stands_for_every_other(folder, values):
    folder.write(
        "deals.csv",
        "deal_id,stage,product\nD1,Won,GTXPro\nD2,Lost,GTX Pro\nD3,Engaging,MG Special\nD4,,GTXPro\n",
    )
    folder.map(
        "tables:\n  deals:\n    file: deals.csv\n    columns: {outcome: stage, product_line: product}\n"
        '    values: {outcome: {Won: won, Lost: lost, "*": null}, product_line: {GTXPro: GTX Pro}}\n'
    )
    table = folder.table("deals")
    assert values(table["outcome"]) == ["won", "lost", None, None]
    assert values(table["stage"]) == ["Won", "Lost", "Engaging", None]
    assert values(table["product_line"]) == ["GTX Pro", "GTX Pro", "MG Special", "GTX Pro"]


def test_a_join_sees_the_values_as_the_mapping_writes_them(folder, values):
    folder.write("deals.csv", "deal_id,stage,outcome,product\nD1,a,won,GTXPro\nD2,a,won,GTX Pro\n")
    folder.write("products.csv", "product,series\nGTX Pro,GTX\n")
    folder.map(
        "tables:\n  deals:\n    file: deals.csv\n    values: {product: {GTXPro: GTX Pro}}\n"
        "    joins: [{file: products.csv, on: {product: product}, take: {product_line: series}}]\n"
    )
    dataset = folder.load()
    assert [str(one) for one in dataset.warnings if one.check == "unmatched"] == []
    assert values(folder.table("deals")["product_line"]) == ["GTX", "GTX"]


@pytest.mark.parametrize(
    ("how", "left"),
    [
        ("keep: {State: done}", ["1", "3"]),
        ("keep: {State: [done, null]}", ["1", "3", "4"]),
        ("drop: {State: [open]}", ["1", "3", "4"]),
        ("drop: {State: null}", ["1", "2", "3"]),
        ("keep: {Code: 7}", ["1", "2"]),
        ("keep: {State: done}, drop: {Code: 7}", ["3"]),
    ],
)
def test_rows_are_kept_and_dropped_by_columns_of_the_file(folder, values, how, left):
    folder.orders(
        "1,2026-01-05,C,1,done,7",
        "2,2026-01-05,C,1,open,7",
        "3,2026-01-05,C,1,done,8",
        "4,2026-01-05,C,1,,8",
        header="order_id,order_date,customer_id,amount,State,Code\n",
    )
    folder.map(f"tables: {{orders: {{file: orders.csv, {how}}}}}")
    assert values(folder.table()["order_id"]) == left
    (told,) = [one for one in folder.load().warnings if one.check == "left_out"]
    assert (told.severity, told.rows) == ("note", 4 - len(left))


def test_a_row_that_is_left_out_may_hold_what_it_likes(folder, values):
    folder.orders(
        "1,2026-01-05,C,1,a", "2,never,C,free,b", header="order_id,order_date,customer_id,amount,State\n"
    )
    folder.map("tables: {orders: {file: orders.csv, drop: {State: b}}}")
    assert values(folder.table()["order_id"]) == ["1"]


def test_lines_stay_true_when_rows_are_left_out(folder):
    folder.orders(
        "1,2026-01-05,C,1,a", "2,2026-01-05,C,1,b", "3,2026-01-05,C,x,a",
        header="order_id,order_date,customer_id,amount,State\n",
    )  # fmt: skip
    folder.map("tables: {orders: {file: orders.csv, drop: {State: b}}}")
    assert folder.fault().startswith("load: orders.csv, line 4: amount 'x' is not a number.")


# Unions


def test_files_written_alike_are_one_table_and_keep_their_lines(folder, values):
    header = "order_id,order_date,customer_id,amount\n"
    folder.write("2025.csv", header + "1,2025-12-31,C,1\n")
    folder.write("2026.csv", header + "2,2026-01-05,C,2\n3,2026-01-05,C,3\n")
    for named in ("[2025.csv, 2026.csv]", '"202?.csv"', '"20*.csv"'):
        folder.map(f"tables: {{orders: {{file: {named}}}}}")
        assert values(folder.table()["order_id"]) == ["1", "2", "3"]
    folder.write("2026.csv", header + "2,2026-01-05,C,2\n1,2026-01-06,C,3\n")
    assert folder.fault().startswith(
        "load: 2026.csv, line 3: order '1' has order_date '2026-01-06' here and '2025-12-31' on another line."
    )
    folder.map('tables: {orders: {file: "19*.csv"}}')
    assert "no file in" in folder.fault() and "has such a name" in folder.fault()


def test_tables_of_two_systems_are_one_table(folder, values):
    folder.write("old.csv", "Nr;Tag;Kunde;Betrag\n1;31.12.2025;C;1,50\n")
    folder.write("new.csv", "order_id,order_date,customer_id,amount,region\n2,2026-01-05,C,2,Bali\n")
    folder.map(
        'tables:\n  orders:\n  - {file: old.csv, delimiter: ";", decimal: ",", dates: "%d.%m.%Y", '
        "columns: {order_id: Nr, order_date: Tag, customer_id: Kunde, amount: Betrag}}\n  - {file: new.csv}\n"
    )
    table = folder.table()
    assert values(table["amount"]) == [1.5, 2.0]
    assert values(table["region"]) == [None, "Bali"]
    assert values(table["order_date"]) == ["2025-12-31", "2026-01-05"]


# Joins


NORTH = {
    "lines.csv": "OrderID,ProductID,UnitPrice,Quantity\n1,11,2.5,2\n1,12,10,1\n2,11,2.5,4\n",
    "heads.csv": "OrderID,Customer,Day,Emp\n1,C1,2026-01-05,7\n2,C2,2026-01-06,8\n",
    "products.csv": "ProductID,Name,CategoryID\n11,Tofu,1\n12,Tea,2\n",
    "categories.csv": "CategoryID,Category\n1,Food\n2,Drinks\n",
}


def test_joins_chain_by_helpers(folder, values):
    for name, text in NORTH.items():
        folder.write(name, text)
    folder.map(
        """
tables:
  orders:
    file: lines.csv
    columns: {order_id: OrderID}
    compute: {amount: UnitPrice * Quantity}
    joins:
      - {file: heads.csv, on: {OrderID: OrderID}, take: {customer_id: Customer, order_date: Day, rep_id: Emp}}
      - {file: products.csv, on: {ProductID: ProductID}, take: {product: Name, _category: CategoryID}}
      - {file: categories.csv, on: {_category: CategoryID}, take: {product_line: Category}}
"""
    )
    table = folder.table()
    assert values(table["amount"]) == [5.0, 10.0, 10.0]
    assert values(table["product_line"]) == ["Food", "Drinks", "Food"]
    assert values(table["rep_id"]) == ["7", "7", "8"]


def test_a_helper_can_be_computed_with_and_sifted_by(folder, values):
    for name, text in NORTH.items():
        folder.write(name, text)
    folder.map(
        """
tables:
  orders:
    file: lines.csv
    columns: {order_id: OrderID}
    compute: {amount: UnitPrice * Quantity * _category}
    keep: {_category: 2}
    joins:
      - {file: heads.csv, on: {OrderID: OrderID}, take: {customer_id: Customer, order_date: Day}}
      - {file: products.csv, on: {ProductID: ProductID}, take: {_category: CategoryID}}
"""
    )
    assert values(folder.table()["amount"]) == [20.0]


def test_a_join_is_written_as_its_table_is_but_for_what_it_says_itself(folder, values):
    folder.write("orders.csv", "order_id;order_date;customer_id;amount;T\n1;2026-01-05;C;1;a\n")
    folder.write("side.csv", "T;Region\na;Bali\n")
    folder.write("other.csv", "T|Region\na|Bali\n")
    for file, more in (("side.csv", ""), ("other.csv", ', delimiter: "|"')):
        folder.map(
            f'tables: {{orders: {{file: orders.csv, delimiter: ";", joins: [{{file: {file}, '
            f"on: {{T: T}}, take: {{region: Region}}{more}}}]}}}}"
        )
        assert values(folder.table()["region"]) == ["Bali"]


def test_a_column_can_be_left_out(folder):
    folder.orders("1,2026-01-05,C,1,Home", header="order_id,order_date,customer_id,amount,region\n")
    folder.map("tables: {orders: {file: orders.csv, columns: {region: null}}}")
    assert "region" not in folder.table()
    folder.map("tables: {orders: {file: orders.csv, columns: {amount: null}}}")
    assert folder.fault() == "dataset.yaml, line 1: orders needs its amount."


# Files are read quicker as what their columns are likely to hold; the outcome is the same


@pytest.mark.parametrize(
    "odd",
    [
        "2,2026-01-05,C,nan",
        "2,2026-01-05,C,1e300",
        "2,2026-01-05,C,inf",
        "2,0000-01-01,C,1",
        "2,2026-1-5,C,1",
    ],
)
def test_a_value_that_is_no_plain_number_or_day_is_told_as_it_is_written(folder, odd):
    folder.orders("1,2026-01-05,C,1", odd)
    folder.map("tables: {orders: {file: orders.csv, nulls: [none]}}")
    value = odd.split(",")[3 if odd.split(",")[1] == "2026-01-05" else 1]
    assert folder.fault().startswith("load: orders.csv, line 3: ") and f"'{value}'" in folder.fault()


def test_numbers_and_days_that_stand_for_nothing_are_null(folder, values):
    folder.orders("1,2026-01-05,C,-1", "2,9999-12-31,C,5")
    folder.map("tables: {orders: {file: orders.csv, nulls: ['-1', '9999-12-31']}}")
    table = folder.table()
    assert values(table["amount"]) == [None, 5.0] and values(table["order_date"]) == ["2026-01-05", None]


def test_one_column_can_be_a_number_and_a_text(folder, values):
    folder.orders("1,2026-01-05,C,007", "2,2026-01-05,C,8.50")
    folder.map("tables: {orders: {file: orders.csv, columns: {product: amount}}}")
    table = folder.table()
    assert values(table["amount"]) == [7.0, 8.5] and values(table["product"]) == ["007", "8.50"]
