"""A label stands for one thing, or the table is refused by name."""

import pyarrow as pa
import pytest
from pyarrow import parquet

import kpikit as kp

ORDERS = "order_id,order_date,customer_id,amount,rep_id,region\n"
NAMES = "rep_id,name\nA,Ann\nB,Ann\nD,Ann (A)\n"


def figures(dataset, by):
    table = kp.measure(dataset, "revenue", by=by, period="2026-Q1")
    return sorted(zip(table[by], table["value"], strict=True))


def test_a_value_written_as_rows_without_one_are_shown_is_refused(folder):
    folder.orders("1,2026-01-05,C1,1,A,no region", "2,2026-01-05,C1,2,A,", header=ORDERS)
    assert folder.fault() == (
        "load: orders.csv, line 2: region 'no region' is how rows without a region are shown. "
        "Hint: where it means that there is none: values: {region: {no region: null}}."
    )


@pytest.mark.parametrize(
    ("table", "text", "told"),
    [
        ("orders", f"{ORDERS}1,2026-01-05,no customer,1,A,x\n", "customer_id 'no customer' is how rows"),
        ("orders", f"{ORDERS}1,2026-01-05,C1,1,no rep,x\n", "rep_id 'no rep' is how rows without a rep"),
        ("reps", "rep_id,name\nA,no rep\n", "name 'no rep' is how rows without a rep are shown"),
        ("reps", "rep_id,team\nA,no team\n", "team 'no team' is how rows without a team are shown"),
        ("customers", "customer_id,segment\nC1,no segment\n", "segment 'no segment' is how rows"),
    ],
)
def test_each_dimension_has_a_label_of_its_own_for_nothing(folder, table, text, told):
    folder.orders("1,2026-01-05,C1,1,A,x", header=ORDERS)
    folder.write(f"{table}.csv", text)
    assert told in folder.fault()


def test_the_hint_makes_it_one_with_the_rows_without_one(folder, engine):
    folder.orders("1,2026-01-05,C1,1,A,no region", "2,2026-01-05,C1,2,A,", header=ORDERS)
    folder.map("tables: {orders: {file: orders.csv, values: {region: {no region: null}}}}")
    assert figures(folder.load(engine=engine), "region") == [("no region", 3)]
    folder.map("{accept: {label_taken: set_null}, tables: {orders: {file: orders.csv}}}")
    assert figures(folder.load(engine=engine), "region") == [("no region", 3)]
    folder.map("{accept: {label_taken: drop_row}, tables: {orders: {file: orders.csv}}}")
    assert figures(folder.load(engine=engine), "region") == [("no region", 2)]


@pytest.mark.parametrize("near", ["No region", "no  region", "no team", "none", "no"])
def test_what_is_only_near_to_it_is_a_label(folder, near):
    folder.orders(f"1,2026-01-05,C1,1,A,{near}", "2,2026-01-05,C1,2,A,", header=ORDERS)
    assert figures(folder.load(), "region") == sorted([(near, 1), ("no region", 2)])


def test_nobody_is_called_as_another_member_is_shown(folder, engine):
    folder.orders("1,2026-01-05,C1,1,A,", "2,2026-01-05,C1,2,B,", "3,2026-01-05,C1,4,D,", header=ORDERS)
    folder.write("reps.csv", NAMES)
    assert folder.fault() == (
        "load: reps.csv, line 4: name 'Ann (A)' is how a member is shown who shares their name with others. "
        "Hint: write the names of these members in full."
    )
    folder.map(
        "{accept: {label_taken: set_null}, tables: {orders: {file: orders.csv}, reps: {file: reps.csv}}}"
    )
    assert figures(folder.load(engine=engine), "rep") == [("Ann (A)", 1), ("Ann (B)", 2), ("D", 4)]


def test_a_member_who_moved_shares_a_name_with_nobody(folder):
    folder.orders("1,2026-01-05,C1,1,A,", "2,2026-01-05,C1,2,D,", header=ORDERS)
    folder.write("reps.csv", "rep_id,name,valid_from\nA,Ann,\nA,Ann,2026-02-01\nD,Ann (A),\n")
    assert figures(folder.load(), "rep") == [("Ann", 1), ("Ann (A)", 2)]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
@pytest.mark.parametrize("text", [b"\xed\xa0\x80", b"a\xff", b"\xc0\x80"])
def test_a_text_of_a_parquet_file_that_is_no_text_is_refused(folder, kind, text):
    raw = pa.array([b"C1", None, text], pa.large_binary() if kind == pa.large_string() else pa.binary())
    rows = {"order_id": ["1", "2", "3"], "order_date": ["2026-01-05"] * 3, "amount": [1.0] * 3}
    parquet.write_table(pa.table({**rows, "customer_id": raw.view(kind)}), folder.path / "orders.parquet")
    assert folder.fault() == (
        "load: orders.parquet, row 3: customer_id holds a text that is not UTF-8. "
        "Hint: write it again with the tool it is from."
    )
