import pandas as pd
import pytest

ROWS = ["1,2026-01-05,C1,10", "2,2026-01-06,C2,20"]


def test_columns_are_mapped_and_typed(folder, engine, values):
    folder.write("export.csv", "Order No,Date,Client,Net,Gross\n2.0,2026-01-05 00:00:00.000,7,10.5,11\n")
    folder.map(
        "tables:\n  orders:\n    file: export.csv\n    columns: {order_id: Order No, order_date: Date, "
        "customer_id: Client, amount: Net}\n"
    )
    table = folder.table(engine=engine)
    assert {name: values(table[name]) for name in table} == {
        "order_id": ["2"],
        "order_date": ["2026-01-05"],
        "customer_id": ["7"],
        "amount": [10.5],
    }
    assert [str(dtype) for dtype in table.dtypes] == ["str", "datetime64[s]", "str", "float64"]


def test_tables_live_in_the_engine_that_was_asked_for(folder, engine):
    folder.orders(*ROWS)
    assert type(folder.load(engine=engine).tables["orders"]).__module__.strip("_").startswith(engine)


def test_days_are_days_on_polars_and_duckdb(folder):
    folder.orders(*ROWS)
    polars = pytest.importorskip("polars")
    assert folder.load(engine="polars").tables["orders"].schema["order_date"] == polars.Date
    assert str(folder.load(engine="duckdb").tables["orders"].types[1]) == "DATE"


def test_columns_that_the_contract_does_not_know_are_left_out(folder):
    folder.orders("1,2026-01-05,C1,10,x", header="order_id,order_date,customer_id,amount,colour\n")
    assert list(folder.table()) == ["order_id", "order_date", "customer_id", "amount"]


def test_files_named_as_tables_need_no_mapping(folder, engine):
    folder.orders(*ROWS)
    folder.write("reps.csv", "rep_id\nR1\n")
    folder.write("notes.csv", "anything\n")
    assert list(folder.load(engine=engine).tables) == ["orders", "reps"]


def test_the_input_is_not_changed(folder, engine):
    folder.orders(*ROWS)
    before = (folder.path / "orders.csv").read_bytes()
    folder.load(engine=engine)
    assert (folder.path / "orders.csv").read_bytes() == before


# Constants and formats


def test_constants_fill_columns(folder, engine, values):
    folder.orders(*ROWS)
    folder.map("tables: {orders: {file: orders.csv, decimal: ',', constants: {region: Bali, cost: 2.5}}}\n")
    table = folder.table(engine=engine)
    assert (values(table["region"]), values(table["cost"])) == (["Bali", "Bali"], [2.5, 2.5])


def test_a_constant_takes_the_place_of_a_column(folder):
    folder.orders(*ROWS)
    folder.map("tables: {orders: {file: orders.csv, constants: {customer_id: all}}}")
    assert folder.table()["customer_id"].tolist() == ["all", "all"]


def test_formats_of_dates_numbers_and_missing_values(folder, engine, values):
    folder.write("orders.csv", "order_id;order_date;customer_id;amount\n1;31/12/2025;-;1.234,50\n2;;NULL;-\n")
    folder.map(
        "tables:\n  orders: {file: orders.csv, delimiter: ;, dates: '%d/%m/%Y', decimal: ',', thousands: ., "
        "nulls: ['-']}\n"
    )
    table = folder.table(engine=engine)
    assert {name: values(table[name]) for name in table} == {
        "order_id": ["1", "2"],
        "order_date": ["2025-12-31", None],
        "customer_id": [None, "NULL"],
        "amount": [1234.5, None],
    }


# Joins

SIDE = "id,name\n1.0,North\n2.0,South\n"
JOIN = """
tables:
  orders:
    file: orders.csv
    joins: [{file: areas.csv, on: {area: id}, take: {region: name}}]
"""


@pytest.fixture
def joined(folder):
    header = "order_id,order_date,customer_id,amount,area\n"
    folder.orders("1,2026-01-05,C1,10,2", "2,2026-01-06,C1,20,1", "3,2026-01-06,C1,5,", header=header)
    folder.write("areas.csv", SIDE)
    folder.map(JOIN)
    return folder


def test_a_join_looks_up_columns_and_keeps_the_rows(joined, engine, values):
    table = joined.table(engine=engine)
    assert values(table["region"]) == ["South", "North", None]
    assert table["amount"].tolist() == [10, 20, 5]
    assert joined.load(engine=engine).warnings == ()


def test_keys_without_a_match_are_null_and_told(joined, values):
    joined.write("areas.csv", "id,name\n1,North\n,Nowhere\n")
    assert values(joined.table()["region"]) == [None, "North", None]
    (finding,) = joined.load().warnings
    assert (finding.check, finding.table, finding.rows) == ("unmatched", "orders", 1)
    assert str(finding) == "orders: 1 row has an area that areas.csv does not know: 2"


def test_a_key_that_stands_twice_in_the_other_file_is_an_error(joined):
    joined.write("areas.csv", SIDE + "\n2,West\n")
    assert joined.fault() == (
        "load: areas.csv, line 5: key id '2' stands more than once, so that a join would multiply rows. "
        "Hint: join a file in which each id stands once."
    )


def test_empty_keys_in_the_other_file_may_repeat_and_match_nothing(joined, values):
    joined.write("areas.csv", "id,name\n,West\n,East\n1,North\n2,South\n")
    assert values(joined.table()["region"]) == ["South", "North", None]


def test_the_other_file_is_written_as_the_file_of_the_table(folder):
    folder.write("orders.csv", "order_id;order_date;customer_id;amount;item\n1;2026-01-05;C;1,5;P\n")
    folder.write("items.csv", "item;price\nP;0,5\n")
    folder.map(
        "tables: {orders: {file: orders.csv, delimiter: ;, decimal: ',', "
        "joins: [{file: items.csv, on: {item: item}, take: {cost: price}}]}}"
    )
    assert folder.table()[["amount", "cost"]].values.tolist() == [[1.5, 0.5]]


def test_a_join_whose_columns_are_missing_is_told(joined):
    joined.write("areas.csv", "id,title\n1,North\n")
    assert joined.fault() == (
        "load: column 'name' not found in areas.csv. Columns: id, title. "
        "Hint: name a column of areas.csv in the join."
    )
    joined.orders(*ROWS)
    assert joined.fault() == (
        "load: column 'area' not found in orders.csv. Columns: order_id, order_date, customer_id, amount. "
        "Hint: the key of a join is a column of the table's file."
    )


def test_joins_can_follow_each_other_and_give_required_columns(folder, values):
    folder.write("deals.csv", "deal_id,outcome,agent\nD1,won,A\nD2,,B\n")
    folder.write("agents.csv", "agent,office\nA,1\nB,2\n")
    folder.write("offices.csv", "office,region,stage\n1,Bali,open\n2,Alaska,shut\n")
    folder.map("""
tables:
  deals:
    file: deals.csv
    joins:
      - {file: agents.csv, on: {agent: agent}, take: {channel: office}}
      - {file: offices.csv, on: {channel: office}, take: {region: region, stage: stage}}
""")
    table = folder.table("deals")
    assert (values(table["region"]), values(table["stage"])) == (["Bali", "Alaska"], ["open", "shut"])


def test_a_bad_value_in_the_other_file_is_told_with_its_file_and_line(joined):
    joined.write("areas.csv", "id,name,price\n1,North,5\n2,South,dear\n")
    joined.map(JOIN.replace("region: name", "cost: price"))
    assert joined.fault() == (
        "load: areas.csv, line 3: cost (column 'price') 'dear' is not a number. Hint: numbers "
        "are written with "
        "the decimal sign '.' and no thousands sign (decimal, thousands)."
    )


def test_a_join_can_replace_the_column_of_its_key(folder):
    folder.orders("1,2026-01-05,C1,10,P1", header="order_id,order_date,customer_id,amount,product\n")
    folder.write("products.csv", "product_id,name\nP1,Tea\n")
    folder.map(
        "tables: {orders: {file: orders.csv, joins: [{file: products.csv, on: {product: product_id}, "
        "take: {product: name}}]}}"
    )
    assert folder.table()["product"].tolist() == ["Tea"]


# Faults of values and columns


def test_a_bad_number_is_told_with_line_column_count_and_hint(folder, engine):
    folder.orders(
        "1,2026-01-05,C1,10",
        "2,2026-01-06,C2,ten",
        "3,2026-01-06,C2,1,",
        header=("order_id,order_date,customer_id,amount\n"),
    )
    folder.orders("1,2026-01-05,C1,10", "2,2026-01-06,C2,ten", "3,2026-01-06,C2,two")
    assert folder.fault(engine=engine) == (
        "load: orders.csv, line 3: amount 'ten' is not a number (2 such values). Hint: "
        "numbers are written with "
        "the decimal sign '.' and no thousands sign (decimal, thousands)."
    )


def test_a_bad_date_is_told_with_the_name_of_its_column(folder):
    folder.write("orders.csv", "order_id,Placed,customer_id,amount\n1,31/12/2025,C1,10\n")
    folder.map("tables: {orders: {file: orders.csv, columns: {order_date: Placed}}}")
    assert folder.fault() == (
        "load: orders.csv, line 2: order_date (column 'Placed') '31/12/2025' is not a date. "
        "Hint: dates are written as 2026-01-31 (dates: '%d/%m/%Y' for 31/01/2026)."
    )


def test_infinite_amounts_are_errors(folder):
    folder.orders("1,2026-01-05,C1,inf")
    assert folder.fault() == (
        "load: orders.csv, line 2: amount 'inf' is not a finite number. Hint: leave it empty."
    )


def test_a_bad_constant_is_told(folder):
    folder.orders(*ROWS)
    folder.map("tables: {orders: {file: orders.csv, constants: {cost: dear}}}")
    assert folder.fault().startswith("load: constants of orders: cost 'dear' is not a number.")


def test_a_missing_column_is_told_with_a_likely_name(folder):
    folder.write("orders.csv", "Order ID,order_date,customer_id,amount\n")
    assert folder.fault() == (
        "load: column 'order_id' not found in orders.csv. Columns: Order ID, order_date, "
        "customer_id, amount. "
        "Hint: map it in dataset.yaml (columns: {order_id: Order ID})."
    )


def test_a_mapped_column_that_is_missing_is_told(folder):
    folder.orders()
    folder.map("tables: {orders: {file: orders.csv, columns: {region: Area}}}")
    assert folder.fault() == (
        "load: column 'Area' not found in orders.csv. Columns: order_id, order_date, customer_id, amount. "
        "Hint: name a column of the file (columns: {region: …})."
    )


# Parquet


def test_csv_and_parquet_give_the_same_table(folder, engine, values):
    days = pd.to_datetime(["2026-01-05", None])
    typed = pd.DataFrame(
        {
            "order_id": [1, 2],
            "order_date": days,
            "customer_id": [7.0, None],
            "amount": [10.5, None],
            "region": pd.Categorical(["Bali", None]),
        }
    )
    typed.to_parquet(folder.path / "orders.parquet", index=False)
    parquet = folder.table(engine=engine)
    (folder.path / "orders.parquet").unlink()
    typed.to_csv(folder.path / "orders.csv", index=False)
    pd.testing.assert_frame_equal(parquet, folder.table(engine=engine))
    assert values(parquet["customer_id"]) == ["7", None]


def test_whole_ids_of_parquet_match_the_text_ids_of_other_tables(folder, engine):
    folder.write("reps.csv", "rep_id\n12\n")
    pd.DataFrame(
        {
            "order_id": [1],
            "order_date": pd.to_datetime(["2026-01-05"]),
            "customer_id": ["C"],
            "amount": [1.0],
            "rep_id": [12],
        }
    ).to_parquet(folder.path / "orders.parquet")
    assert folder.load(engine=engine).warnings == ()


def test_a_bad_value_in_parquet_is_told_with_its_row(folder):
    pd.DataFrame(
        {"order_id": ["1", "2"], "order_date": ["2026-01-05", "soon"], "customer_id": "C", "amount": 1}
    ).to_parquet(folder.path / "orders.parquet")
    assert folder.fault().startswith("load: orders.parquet, row 2: order_date 'soon' is not a date.")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("amount", [1], "row 1: amount '[1]' is neither text, number nor date. Hint: write plain values."),
        (
            "amount",
            pd.Timedelta(1),
            "row 1: amount '0 days 00:00:00.000000001' is not a number. Hint: give a column of numbers.",
        ),
        (
            "order_date",
            20260105,
            "row 1: order_date '20260105' is not a date. Hint: give a column of dates or texts, "
            "or say that these are a spreadsheet's numbers (dates: excel).",
        ),
    ],
)
def test_types_of_parquet_that_make_no_sense_are_told(folder, column, value, message):
    row = {"order_id": ["1"], "order_date": ["2026-01-05"], "customer_id": ["C"], "amount": [1]}
    pd.DataFrame(row | {column: [value]}).to_parquet(folder.path / "orders.parquet")
    assert folder.fault() in (f"load: orders.parquet, {message}", f"load: orders.parquet: {message}")


# Where the files lie


def test_the_folder_of_the_files_is_relative_to_the_mapping(folder):
    folder.orders(*ROWS)
    mapping = folder.write("maps/dataset.yaml", "folder: ..\ntables: {orders: {file: orders.csv}}")
    folder.path = mapping
    assert len(folder.table()) == 2


def test_the_caller_can_name_another_folder(folder, tmp_path, engine):
    folder.write("elsewhere/orders.csv", "order_id,order_date,customer_id,amount\n9,2026-01-05,C,1\n")
    folder.path = folder.write("maps/dataset.yaml", "folder: gone\ntables: {orders: {file: orders.csv}}")
    assert folder.table(folder=tmp_path / "elsewhere", engine=engine)["order_id"].tolist() == ["9"]


def test_a_folder_that_is_not_there_is_told(folder, tmp_path):
    folder.map("folder: gone\ntables: {orders: {file: orders.csv}}")
    assert folder.fault() == (
        f"load: there is no folder {tmp_path / 'gone'}. Hint: name it by folder, in dataset.yaml or in load."
    )


def test_a_path_that_is_no_dataset_is_told(folder, tmp_path):
    assert folder.fault() == (
        f"load: no table is found in {tmp_path}. Files are named orders, deals, deal_stages, "
        f"conversations, reps, "
        "customers, credits, quotas, costs (.csv or .parquet). Hint: or write a dataset.yaml "
        "that names the files."
    )
    folder.orders(*ROWS)
    folder.path = tmp_path / "orders.csv"
    assert folder.fault() == (
        f"load: {tmp_path / 'orders.csv'} is neither a folder nor a dataset.yaml. "
        "Hint: name the folder of the files."
    )
    folder.path = tmp_path / "gone"
    assert folder.fault() == (
        f"load: there is no {tmp_path / 'gone'}. Hint: name a folder of files, or a dataset.yaml."
    )


def test_two_files_for_one_table_are_told(folder):
    folder.orders(*ROWS)
    folder.write("orders.parquet", b"")
    assert folder.fault() == (
        "load: orders.csv and orders.parquet are both there. Hint: name one in a dataset.yaml."
    )


def test_an_engine_that_nobody_knows_is_told(folder):
    assert folder.fault(engine="spark") == (
        "load: no engine has the name 'spark'. Engines: pandas, polars, duckdb."
    )
