"""What an entry of dataset.yaml makes of the columns of a file."""

import re

import pandas as pd
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
        ("compute: {region: '1 + a'}", "region is a text, and a number in it stands in quotes"),
        ("values: {region: {'-': Bali}}", "values of region: '-' stands for nothing (nulls)"),
        ("drop: {State: [open, N/A]}", "keep or drop by State: 'N/A' stands for nothing. Write null"),
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


HEADER = "order_id,order_date,customer_id,amount,Gone,Sort\n"


def sorted_orders(folder, entry):
    folder.orders("1,2026-01-05,C,1,True,web", "2,2026-01-05,C,2,FALSE,mail", "3,2026-01-05,C,3,true,",
                  header=HEADER)  # fmt: skip
    folder.map(f"tables: {{orders: {{file: orders.csv, {entry}}}}}")


@pytest.mark.parametrize("word", ["True", "true", "TRUE"])
def test_true_and_false_are_found_however_a_file_writes_them(folder, values, word):
    sorted_orders(folder, f"drop: {{Gone: {word}}}")
    assert values(folder.table()["order_id"]) == ["2"]
    sorted_orders(folder, f"columns: {{channel: Gone}}, values: {{channel: {{'{word}': gone}}}}")
    assert values(folder.table()["channel"]) == ["gone", "FALSE", "gone"]


def test_rows_are_kept_by_a_column_of_the_contract_that_a_join_gives(folder, values):
    folder.write("side.csv", "sort,area\nweb,Java\nmail,Bali\n")
    joins = "joins: [{file: side.csv, on: {Sort: sort}, take: {region: area}}]"
    sorted_orders(folder, f"{joins}, keep: {{region: Bali}}")
    assert values(folder.table()["order_id"]) == ["2"]


def test_days_of_typed_files_are_sifted_as_days(folder, values):
    days = pd.to_datetime(["2026-01-05", "2026-01-06"])
    rows = pd.DataFrame({"order_id": ["1", "2"], "order_date": days, "customer_id": "C", "amount": 1.0})
    rows.to_parquet(folder.path / "orders.parquet")
    folder.map("tables: {orders: {file: orders.parquet, drop: {order_date: 2026-01-05}}}")
    assert values(folder.table()["order_id"]) == ["2"]


@pytest.mark.parametrize("files", ["[orders.csv, orders.csv]", "[o*.csv, ./orders.csv]"])
def test_a_file_that_is_named_twice_is_told(folder, files):
    folder.orders("1,2026-01-05,C,1")
    folder.map(f"tables: {{orders: {{file: {files}}}}}")
    assert "the file is named twice, so that each of its rows would count twice" in folder.fault()


def test_a_computed_number_that_cannot_be_summed_exactly_is_told(folder):
    sorted_orders(folder, "compute: {cost: amount * 100000000000000 * 100000000000000}")
    assert folder.fault().startswith("load: orders.csv, line 2: cost (computed) '1e+28' is too large")


def test_only_numbers_are_computed_with(folder, values):
    sorted_orders(folder, "columns: {region: Sort}, compute: {cost: region * 2}")
    assert folder.fault().startswith("load: orders.csv, line 2: region 'web' is not a number")
    sorted_orders(
        folder, "columns: {product: order_date, order_date: order_date}, compute: {cost: order_date}"
    )
    assert "order_date '2026-01-05' is not a number" in folder.fault()
    folder.write("side.csv", "sort,day\nweb,2026-01-01\n")
    joins = "joins: [{file: side.csv, on: {Sort: sort}, take: {order_date: day}}]"
    folder.orders("1,C,1,web", header="order_id,customer_id,amount,Sort\n")
    folder.map(f"tables: {{orders: {{file: orders.csv, {joins}, compute: {{cost: order_date * 2}}}}}}")
    assert "cost is computed with order_date, which is a date" in folder.fault()


def test_whole_numbers_are_joined_to_texts_without_decimals(folder, values):
    folder.orders("1,2026-01-05,C,1,7", header="order_id,order_date,customer_id,amount,Q\n")
    compute = "columns: {quantity: Q}, compute: {line_id: \"order_id + '-' + quantity\"}"
    folder.map(f"tables: {{orders: {{file: orders.csv, {compute}}}}}")
    assert values(folder.table()["line_id"]) == ["1-7"]


def test_a_value_that_is_used_several_times_is_told_once(folder):
    folder.orders(
        "1,2026-01-05,C,1,x", "2,2026-01-05,C,1,2", header="order_id,order_date,customer_id,amount,Q\n"
    )
    folder.map(
        "accept: {unparseable_number: set_null}\n"
        "tables: {orders: {file: orders.csv, columns: {quantity: Q}, "
        "compute: {cost: Q * 2, discount: Q * 3}}}"
    )
    found = [one for one in folder.load().warnings if one.severity == "accepted"]
    assert [(one.check, one.rows) for one in found] == [("unparseable_number", 1)]


def test_a_key_that_stands_twice_in_the_other_file_is_not_told_as_unknown(folder):
    folder.write("side.csv", "sort,area\nweb,Java\nweb,Bali\n")
    joins = "joins: [{file: side.csv, on: {Sort: sort}, take: {region: area}}]"
    sorted_orders(folder, joins)
    folder.map("accept: {join_multiplies: set_null}\n" + (folder.path / "dataset.yaml").read_text())
    (lost,) = [one for one in folder.load().warnings if one.check == "unmatched"]
    assert [one.value for one in lost.examples] == ["mail"]


def test_values_of_a_column_that_is_left_out_are_told(folder):
    sorted_orders(folder, "columns: {region: null}, values: {region: {web: mail}}")
    folder.orders("1,2026-01-05,C,1,web", header="order_id,order_date,customer_id,amount,region\n")
    assert "values are written for region, which comes from nowhere" in folder.fault()


def test_a_key_is_written_as_the_column_of_its_own_name_is(folder, values):
    folder.write("side.csv", "area,name\nBali,Ubud\nJava,Solo\n")
    folder.orders("1,2026-01-05,C,1,bali", "2,2026-01-05,C,1,Java",
                  header="order_id,order_date,customer_id,amount,region\n")  # fmt: skip
    folder.map(
        "tables: {orders: {file: orders.csv, columns: {channel: region}, values: {channel: {'*': null}, "
        "region: {bali: Bali}}, joins: [{file: side.csv, on: {region: area}, take: {product: name}}]}}"
    )
    table = folder.table()
    assert (values(table["product"]), values(table["region"])) == (["Ubud", "Solo"], ["Bali", "Java"])
    assert values(table["channel"]) == [None, None]


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


def test_an_id_that_lacks_a_part_is_none(folder):
    folder.orders("A,1,2026-01-05,C,1", "A,,2026-01-05,C,1", header="Shop,No,order_date,customer_id,amount\n")
    folder.map("tables: {orders: {file: orders.csv, compute: {order_id: \"Shop + '-' + No\"}}}")
    assert folder.fault().startswith("load: orders.csv, line 3: order_id is empty.")


def test_a_value_of_a_filter_that_no_row_has_is_told(folder):
    folder.orders("1,2026-01-05,C,1,done", header="order_id,order_date,customer_id,amount,State\n")
    folder.map(
        "tables: {orders: {file: orders.csv, drop: {State: [Canceled, null, Done]}, keep: {customer_id: C}}}"
    )
    (found,) = [one for one in folder.load().warnings if one.check == "absent_value"]
    assert found.message == "drop names 'Canceled', 'Done', which no row has as its State"


def test_numbers_of_a_workbook_that_stand_among_texts_are_written_with_its_decimal_sign(folder, values):
    from tests.workbooks import parts, sheet, write_parts

    rows = [["order_id", "order_date", "customer_id", "amount"], ["1", "2026-01-05", "C", 12.345]]
    rows.append(["2", "2026-01-05", "C", "1.250,50"])
    write_parts(folder.path / "a.xlsx", parts({"Orders": sheet(rows)}))
    folder.map("tables: {orders: {file: a.xlsx, decimal: ',', thousands: '.'}}")
    assert values(folder.table()["amount"]) == [12.345, 1250.5]


def test_percentages_are_hundredth_parts_in_shares_and_in_what_is_computed(folder, values):
    folder.write(
        "orders.csv",
        "order_id,order_date,customer_id,Price,Off\n1,2026-01-05,C,80,10%\n2,2026-01-05,C,80,0.5\n",
    )
    folder.write("credits.csv", "order_id,rep_id,share\n1,R1,60 %\n1,R2,40%\n")
    folder.map(
        "tables: {orders: {file: orders.csv, compute: {amount: Price * (1 - Off)}}, "
        "credits: {file: credits.csv}}"
    )
    assert values(folder.table()["amount"]) == [72.0, 40.0]
    assert values(folder.table("credits")["share"]) == [0.6, 0.4]
    folder.map("tables: {orders: {file: orders.csv, columns: {amount: Off}}}")
    assert "amount (column 'Off') '10%' is not a number" in folder.fault()


def test_nothing_can_be_written_as_a_value(folder, values):
    folder.write(
        "orders.csv", "order_id,order_date,customer_id,Price,Off\n1,2026-01-05,C,80,-\n2,2026-01-05,C,80,5\n"
    )
    folder.map("tables: {orders: {file: orders.csv, compute: {amount: Price - Off}, values: {Off: {'': 0}}}}")
    assert values(folder.table()["amount"]) == [80.0, 75.0]


def test_a_name_of_two_words_in_an_expression_is_recognized(folder):
    folder.orders("1,2026-01-05,C,5")
    folder.map("tables: {orders: {file: orders.csv, compute: {amount: Harga Satuan * 2}}}")
    assert (
        "'Satuan' is not expected here (after 'Harga'); is it one name? Then: [Harga Satuan]"
        in folder.fault()
    )
