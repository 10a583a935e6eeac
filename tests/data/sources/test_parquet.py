"""Parquet: columns as they are typed; a damaged file is told."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place


def opened(folder, table: pa.Table, **how):
    parquet.write_table(table, folder / "a.parquet", **how)
    return open_source(folder, Place("a.parquet"))


def test_columns_are_read_in_the_order_that_is_asked_for(tmp_path):
    source = opened(tmp_path, pa.table({"id": [1, 2], "name": ["a", None], "amount": [0.5, 2.0]}))
    table, numbers, skipped = source.read(["amount", "id"])
    assert list(table.to_pydict().items()) == [("amount", [0.5, 2.0]), ("id", [1, 2])]
    assert (numbers.tolist(), skipped, source.lines(numbers)) == ([0, 1], 0, ["row 1", "row 2"])
    assert source.files() == [tmp_path / "a.parquet"]


@pytest.mark.parametrize("coded", [True, False])
def test_texts_are_texts_however_they_are_coded(tmp_path, coded):
    names = ["Bali", None, "Java", "Bali"]
    table = pa.table({"name": names, "category": pa.array(names).dictionary_encode()})
    source = opened(tmp_path, table, use_dictionary=coded, row_group_size=3)
    found = source.read(["name", "category"])[0]
    assert found.schema.types == [pa.string(), pa.string()]
    assert found.to_pydict() == {"name": names, "category": names}


def test_columns_of_lists_and_records_are_read(tmp_path):
    columns = {"tags": [["a", "b"], None, ["a"]], "place": [{"town": "Ubud"}, {"town": None}, None]}
    assert opened(tmp_path, pa.table(columns)).read(["tags", "place"])[0].to_pydict() == columns


def test_a_column_with_a_point_in_its_name_is_read(tmp_path):
    source = opened(tmp_path, pa.table({"unit.price": [1.5], "unit": ["x"]}))
    assert source.read(["unit.price", "unit"])[0].to_pydict() == {"unit.price": [1.5], "unit": ["x"]}


def test_a_file_of_many_rows_that_repeat_is_read(tmp_path):
    # A hundred times smaller than in memory, and nothing to refuse.
    table = pa.table({"region": ["a region with a long name"] * 1_000_000, "amount": [1.0] * 1_000_000})
    assert len(opened(tmp_path, table).read(["region", "amount"])[0]) == 1_000_000


def test_a_file_without_rows_or_columns_is_read(tmp_path):
    empty = opened(tmp_path, pa.table({"id": pa.array([], pa.string())}))
    assert empty.read(["id"])[0].to_pydict() == {"id": []}
    assert opened(tmp_path, pa.table({})).columns == []


def test_no_file_stays_open(tmp_path):
    source = opened(tmp_path, pa.table({"id": [1]}))
    source.read(["id"])
    (tmp_path / "a.parquet").unlink()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" + b"\x00" * 50 + b"PAR1", b"junk" * 100])
def test_a_damaged_parquet_file_is_told(folder, content):
    folder.write("orders.parquet", content)
    message = folder.fault()
    assert message.startswith("load: orders.parquet: the file cannot be read as Parquet (")
    assert "\n" not in message


def test_a_truncated_parquet_file_is_told(folder):
    pd.DataFrame({"order_id": ["1"] * 1000}).to_parquet(folder.path / "orders.parquet")
    whole = (folder.path / "orders.parquet").read_bytes()
    for size in (len(whole) // 2, len(whole) - 1, len(whole) - 9):
        folder.write("orders.parquet", whole[:size])
        assert folder.fault().startswith("load: orders.parquet: the file cannot be read as Parquet (")
