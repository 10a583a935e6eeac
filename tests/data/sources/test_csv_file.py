import csv
import random

import pytest

from kpikit.data.sources import csv_file, csv_pieces
from kpikit.data.sources.place import Place
from kpikit.errors import DataError

GOOD = "1,2026-01-05,C1,10"


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_the_values(folder, engine):
    folder.write(
        "orders.csv", b"\xef\xbb\xbforder_id,order_date,customer_id,amount\r\n1,2026-01-05,C1,10\r\n"
    )
    assert folder.table(engine=engine).values.tolist()[0][:1] == ["1"]
    assert folder.table(engine=engine)["amount"].tolist() == [10.0]


def test_a_header_without_rows_is_an_empty_table(folder, engine):
    for text in ("order_id,order_date,customer_id,amount\n", "order_id,order_date,customer_id,amount"):
        folder.write("orders.csv", text)
        table = folder.table(engine=engine)
        assert (len(table), list(table)) == (0, ["order_id", "order_date", "customer_id", "amount"])
        assert [str(dtype) for dtype in table.dtypes] == ["str", "datetime64[s]", "str", "float64"]


def test_blank_lines_are_no_rows(folder, engine):
    folder.orders("", GOOD, "", "2,2026-01-06,C1,20", "")
    assert folder.table(engine=engine)["order_id"].tolist() == ["1", "2"]


def test_rows_without_any_value_are_left_out_and_told(folder):
    folder.orders(GOOD, ",,,", "2,2026-01-06,C1,20", ",,,")
    assert folder.table()["order_id"].tolist() == ["1", "2"]
    assert [str(one) for one in folder.load().warnings] == ["orders: 2 rows are empty: left out"]


def test_a_row_with_a_value_in_a_column_that_is_not_used_is_not_empty(folder):
    folder.write(
        "orders.csv", "order_id,order_date,customer_id,amount,note\n1,2026-01-05,C1,10,\n,,,,Total\n"
    )
    assert folder.fault() == ("load: orders.csv, line 3: order_id is empty. Hint: fill it, or drop the row.")


def test_quoted_values_hold_delimiters_quotes_and_line_ends(folder, engine):
    folder.write(
        "orders.csv", 'order_id,order_date,customer_id,amount,product\n1,2026-01-05,C1,10,"a, ""b""\nc"\n'
    )
    assert folder.table(engine=engine)["product"].tolist() == ['a, "b"\nc']


def test_lines_are_counted_through_quoted_line_ends_and_blank_lines(folder):
    rows = '1,2026-01-05,C1,10,"a\nb"\n\n2,2026-01-06,C1,ten,c\n'
    folder.write("orders.csv", "order_id,order_date,customer_id,amount,product\n" + rows)
    assert folder.fault().startswith("load: orders.csv, line 5: amount 'ten' is not a number.")


def test_blanks_around_values_and_column_names_are_trimmed(folder, values):
    folder.write("orders.csv", "order_id, order_date ,customer_id,amount\n 1 , 2026-01-05,C1 , 10 \n")
    table = folder.table()
    assert [values(table[name])[0] for name in table] == ["1", "2026-01-05", "C1", 10.0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b"order_id,order_date,customer_id,amount,amount\n",
            "load: orders.csv: two columns have the name 'amount'. Hint: rename or remove one of them.",
        ),
        (
            b"order_id,order_date,customer_id,amount\n1,2026-01-05,C1,10\n2,2026-01-05,C1\n",
            "load: orders.csv, line 3: the row has 3 values, the header 4 columns. "
            "Hint: quote values that hold the delimiter.",
        ),
        (
            b"order_id,order_date,customer_id,amount\n1,2026-01-05,C1,1,000\n",
            "load: orders.csv, line 2: the row has 5 values, the header 4 columns. "
            "Hint: quote values that hold the delimiter.",
        ),
        (
            b'order_id,order_date,customer_id,amount\n1,2026-01-05,C1,10\n2,2026-01-06,"C1,10\n3,2026-01-07,C1,9\n',
            "load: orders.csv, after line 2: a quote is opened and never closed. Hint: close or remove it.",
        ),
        (
            b'order_id,order_date,customer_id,amount,product\n1,2026-01-05,C1,10,"a\n2,2026-01-06,C1,9,b\n',
            "load: orders.csv, after line 1: a quote is opened and never closed. Hint: close or remove it.",
        ),
        (b"", "load: orders.csv: the file is empty. Hint: keep at least its header, a line of column names."),
        (
            b"\xef\xbb\xbf",
            "load: orders.csv: the file is empty. Hint: keep at least its header, a line of column names.",
        ),
        (
            "order_id,order_date,customer_id,amount\n1,2026-01-05,Zoë,10\n".encode("cp1252"),
            "load: orders.csv, line 2: the text is not utf-8. Hint: name its encoding (encoding: cp1252).",
        ),
        (
            "order_id,amount\n".encode("utf-16"),
            "load: orders.csv: the file is UTF-16. Hint: encoding: utf-16.",
        ),
        (
            b"PK\x03\x04\x00\x00junk",
            "load: orders.csv: the file is not text: it holds zero bytes. Hint: export it as CSV.",
        ),
        (
            b"\x89\xff\xfe\xfa",
            "load: orders.csv, line 1: the text is not utf-8. Hint: name its encoding (encoding: cp1252).",
        ),
    ],
    ids=[
        "two columns of one name",
        "too few values",
        "too many values",
        "open quote in the middle",
        "open quote at the end",
        "nothing",
        "only a mark",
        "cp1252",
        "utf-16",
        "zip",
        "junk",
    ],
)
def test_a_damaged_csv_file_is_told_with_its_line(folder, content, message):
    folder.write("orders.csv", content)
    assert folder.fault() == message


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig", "latin-1"])
def test_text_is_read_in_its_encoding(folder, encoding):
    text = "order_id,order_date,customer_id,amount\n1,2026-01-05,Zoë,10\n"
    folder.write("orders.csv", text.encode(encoding))
    folder.map(f"tables: {{orders: {{file: orders.csv, encoding: {encoding}}}}}")
    assert folder.table()["customer_id"].tolist() == ["Zoë"]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
        ("\ufeff".encode("gb18030"), "gb18030"),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_byte_order_mark_is_no_part_of_a_column_name_in_any_encoding(folder, mark, encoding, quote):
    text = f"{quote}order_id{quote},order_date,customer_id,amount\n1,2026-01-05,日,10\n"
    folder.write("orders.csv", mark + text.encode(encoding.removesuffix("-sig")))
    folder.map(f"tables: {{orders: {{file: orders.csv, encoding: {encoding}}}}}")
    assert folder.table()["customer_id"].tolist() == ["日"]
    assert folder.table()["order_id"].tolist() == ["1"]


def test_an_open_quote_is_found_where_another_one_makes_their_number_even(folder):
    header = "order_id,order_date,customer_id,amount,product\n"
    folder.orders(f'{GOOD},21" wide', f'{GOOD},"open', "3,2026-01-07,C1,9,b", header=header)
    folder.map("tables: {orders: {file: orders.csv, columns: {product: null}}}")
    told = "load: orders.csv, after line 2: a quote is opened and never closed. Hint: close or remove it."
    assert folder.fault() == told
    folder.orders(f'{GOOD},21" wide', f'2{GOOD},"a\nb"', f'3{GOOD},19"', "", header=header)
    assert folder.table()["order_id"].tolist() == ["1", "21", "31"]


def test_utf_8_with_a_mark_is_not_read_in_another_encoding(folder):
    text = "note,order_id,order_date,customer_id,amount\n,1,2026-01-05,Zoë,10\n"
    folder.write("orders.csv", text.encode("utf-8-sig"))
    folder.map("tables: {orders: {file: orders.csv, encoding: cp1252}}")
    assert folder.fault() == "load: orders.csv: the file is UTF-8. Hint: encoding: utf-8."


def test_a_bad_value_in_another_encoding_is_told_with_its_line(folder):
    folder.write(
        "orders.csv", "order_id,order_date,customer_id,amount\n1,2026-01-05,Zoë,x\n".encode("utf-16")
    )
    folder.map("tables: {orders: {file: orders.csv, encoding: utf-16}}")
    assert folder.fault().startswith("load: orders.csv, line 2: amount 'x' is not a number.")


@pytest.mark.parametrize("delimiter", [";", "|", "\\t", "tab"])
def test_values_are_parted_by_the_delimiter(folder, delimiter):
    sign = {"\\t": "\t", "tab": "\t"}.get(delimiter, delimiter)
    folder.write("orders.csv", f"order_id,order_date,customer_id,amount\n{GOOD}\n".replace(",", sign))
    folder.map(f"tables: {{orders: {{file: orders.csv, delimiter: '{delimiter}'}}}}")
    assert folder.table()["order_id"].tolist() == ["1"]


def test_a_folder_in_place_of_a_file_is_told(folder):
    (folder.path / "orders.csv").mkdir()
    assert folder.fault() == "load: orders.csv: this is a folder, not a file. Hint: name the file itself."


def test_a_missing_file_is_told_with_those_that_are_there(folder):
    folder.orders()
    folder.map("tables: {orders: {file: order.csv}}")
    assert folder.fault() == (
        f"load: order.csv: there is no such file in {folder.path}. Files there: dataset.yaml, orders.csv. "
        "Hint: Did you mean 'orders.csv'?"
    )


@pytest.mark.parametrize("name", ["loop.csv", "round/orders.csv"])
def test_a_link_that_leads_to_itself_is_told(folder, name):
    (folder.path / "loop.csv").symlink_to("loop.csv")
    (folder.path / "round").symlink_to("round")
    folder.map(f"tables: {{orders: {{file: {name}}}}}")
    told = folder.fault()
    assert told.startswith(f"load: {name}: the file cannot be opened (")
    assert told.endswith("Hint: check its name, or the link.")


LONG = "x" * 200_000


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"2,2026-01-05,{LONG},10", "customer_id"),
        (f'2,2026-01-05,"{LONG}",10', "customer_id"),
        (f"{LONG},2026-01-05,C1,10", "order_id"),
        (f"2,{LONG},C1,10", "order_date"),
        (f"2,2026-01-05,C1,{LONG}", "amount"),
    ],
    ids=["text", "quoted", "id", "date", "number"],
)
def test_a_value_that_no_cell_holds_is_told_with_line_and_column(folder, engine, row, column):
    folder.orders(GOOD, row)
    assert folder.fault(engine=engine) == (
        f"load: orders.csv, line 3: {column} '{'x' * 60}…' has more than 32,767 letters. "
        "Hint: see whether a quote is opened there and closed too late."
    )


def test_a_long_value_in_a_column_that_is_not_used_hides_no_line(folder):
    header = "order_id,order_date,customer_id,amount,note\n"
    folder.orders(f"{GOOD},{LONG}", "2,2026-01-05,C1,20,", header=header)
    assert folder.table()["order_id"].tolist() == ["1", "2"]
    folder.orders(f"{GOOD},{LONG}", "2,2026-01-05,C1,ten,", header=header)
    assert folder.fault().startswith("load: orders.csv, line 3: amount 'ten' is not a number.")
    folder.orders(f"{GOOD},{LONG}", "2,2026-01-05", header=header)
    assert folder.fault().startswith("load: orders.csv, line 3: the row has 2 values, the header 5 columns.")


def test_the_limit_of_the_csv_module_stays_as_it_was(folder):
    limit = csv.field_size_limit(100)
    try:
        folder.orders(GOOD, f"2,2026-01-05,{'x' * 200},10")
        assert len(folder.table()) == 2
        assert csv.field_size_limit() == 100
    finally:
        csv.field_size_limit(limit)


@pytest.mark.parametrize(("sign", "written"), [(";", "';'"), ("\t", "tab"), ("|", "'|'")])
def test_another_delimiter_is_seen(folder, sign, written):
    folder.write("orders.csv", f"order_id,order_date,customer_id,amount\n{GOOD}\n".replace(",", sign))
    assert folder.fault().endswith(
        f"Hint: the columns seem to be parted by {written} (delimiter: {written})."
    )
    folder.map(f"tables: {{orders: {{file: orders.csv, delimiter: {written}}}}}")
    assert len(folder.table()) == 1


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
def test_utf_16_is_seen(folder, encoding):
    folder.write("orders.csv", f"order_id,order_date,customer_id,amount\n{GOOD}\n".encode(encoding))
    assert folder.fault() == f"load: orders.csv: the file is UTF-16. Hint: encoding: {encoding}."
    folder.map(f"tables: {{orders: {{file: orders.csv, encoding: {encoding}}}}}")
    assert len(folder.table()) == 1


def test_a_file_of_another_kind_is_told(folder):
    folder.write("orders.docx", b"PK")
    folder.map("tables: {orders: {file: orders.docx}}")
    assert folder.fault() == (
        "load: orders.docx: files of the kind '.docx' are not read. Kinds of files: .csv, .tsv, .txt, "
        ".parquet, .pq, .xlsx, .xlsm, .xls, .ods, .duckdb, .db, .sqlite, .sqlite3."
    )


@pytest.mark.parametrize(
    "name", ["../orders.csv", "/etc/hostname.csv", "a/../../orders.csv", "link/orders.csv"]
)
def test_a_file_outside_of_the_folder_is_refused(folder, name):
    folder.orders(GOOD)
    folder.write("inner/dataset.yaml", f"tables: {{orders: {{file: {name}}}}}")
    (folder.path / "inner" / "link").symlink_to(folder.path)
    folder.path /= "inner"
    assert folder.fault() == (
        f"load: {name}: the file lies outside of the dataset's folder. "
        "Hint: set `folder` in dataset.yaml to where the files lie."
    )


@pytest.mark.parametrize("block", [16, 24, 64])
def test_values_of_several_lines_are_whole_wherever_a_block_ends(tmp_path, monkeypatch, block):
    monkeypatch.setattr(csv_pieces, "_PIECE", block)
    dice = random.Random(block)
    path = tmp_path / "orders.csv"
    for _ in range(300):
        values = ["a", "b\nc", "x\r\ny", "\n", '"', 'x","y\n"z', "q" * dice.randint(1, 9)]
        rows = [[dice.choice(values), dice.choice(values)] for _ in range(dice.randint(1, 12))]
        with path.open("w", newline="") as file:
            writer = csv.writer(
                file, lineterminator="\n", quoting=dice.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
            )
            writer.writerows([["a", "b"], *rows])
        table, numbers, _ = csv_file.CsvFile(path, Place("orders.csv")).read(["a", "b"])
        assert [list(row.values()) for row in table.to_pylist()] == rows
        assert numbers.tolist() == list(range(len(rows)))


def read_anyhow(path, columns, skip):
    """Give what is read of a file, or why it is not."""
    try:
        opened = csv_file.CsvFile(path, Place(path.name, skip=skip))
        table, numbers, empty = opened.read(opened.columns[:columns])
        return table.to_pydict(), numbers.tolist(), empty, opened.lines(numbers)
    except DataError as fault:
        return str(fault)


def scrawled(dice):
    """Make a text that is nearly CSV: quotes in the wrong places, line ends of all kinds, blank lines."""
    letters = dice.choice(["ab", 'ab"', 'a"\n', 'ab\n\r"', 'a",\n'])
    width, ends = (
        dice.choice([1, 2, 3]),
        dice.choice([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n", "\r", "\n\n"]]),
    )
    text = ",".join("xyz"[:width]) + "\n"
    for _ in range(dice.randint(1, 20)):
        values = ["".join(dice.choices(letters, k=dice.randint(0, 8))) for _ in range(width)]
        quoted = ['"' + one.replace('"', '""') + '"' if dice.random() < 0.5 else one for one in values]
        text += ",".join(quoted) + dice.choice(ends)
    return text if dice.random() < 0.7 else text.rstrip()


@pytest.mark.parametrize("seed", range(4))
def test_a_file_read_in_pieces_is_what_a_reader_from_its_first_byte_makes_of_it(tmp_path, monkeypatch, seed):
    dice, path, believed = random.Random(seed), tmp_path / "orders.csv", 0

    def in_pieces(*given):
        nonlocal believed
        found = csv_pieces.read_pieces(*given)
        believed += found is not None and '"' in text and len(text) > csv_pieces._PIECE
        return found

    for _ in range(400):
        text, columns, skip = scrawled(dice), dice.randint(1, 3), dice.choice([0, 0, 1])
        path.write_bytes(text.encode())
        monkeypatch.setattr(csv_file, "read_pieces", lambda *_: None)
        wanted = read_anyhow(path, columns, skip)
        monkeypatch.setattr(csv_file, "read_pieces", in_pieces)
        for piece in (8, 16, 50):
            monkeypatch.setattr(csv_pieces, "_PIECE", piece)
            assert read_anyhow(path, columns, skip) == wanted, text
    assert believed > 20


def test_a_value_that_goes_on_behind_the_end_of_a_piece_is_no_row(folder, monkeypatch):
    rows = [GOOD + ",plain", '2,2026-01-05,C1,1,"yyy', '3,2026-01-05,C1,1000000,chair"', GOOD + ",plain"]
    folder.write("orders.csv", "order_id,order_date,customer_id,amount,product\n" + "\n".join(rows))
    for piece in range(1, 160):
        monkeypatch.setattr(csv_pieces, "_PIECE", piece)
        assert folder.table()["amount"].tolist() == [10, 1, 10]
