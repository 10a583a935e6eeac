"""Every kind of column comes back as it was, over mapped memory, on each engine."""

from __future__ import annotations

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from kpikit.data import forms
from kpikit.data.contract import TABLES
from kpikit.data.engines import to_pandas
from kpikit.data.prepared import mapped
from kpikit.data.prepared.opening import Opened
from tests.data.conftest import ENGINES

TEXTS = ["plain", "", None, "日本語 🎉 e\u0301", "\x00\n", "ß" * 40_000]


def through(frame: pd.DataFrame, path) -> pa.RecordBatch:
    """Write a frame and map it."""
    mapped.write_table(mapped.batch_of(frame), path)
    return mapped.open_table(mapped.map_file(path))


def every_table(rows: int) -> dict[str, pd.DataFrame]:
    """Make each table of the contract with all its columns; each has something missing."""
    random, tables = np.random.default_rng(1), {}
    for name in TABLES:
        frame = forms.canonical(name, None).reindex(range(rows))
        for column in frame:
            dtype, known = frame[column].dtype, random.random(rows) < 0.8
            if dtype == "float64":
                values = pd.Series(random.normal(size=rows).round(2), dtype=dtype)
            elif dtype == "str":
                values = pd.Series(random.choice(TEXTS[:4], rows), dtype=dtype)
            else:
                seconds = random.integers(0, 10**9, rows).astype("datetime64[s]")
                days = seconds.astype("datetime64[D]") if dtype == "datetime64[s]" else seconds
                values = pd.Series(days).astype(dtype)
            frame[column] = values.where(known)
        tables[name] = frame
    return tables


@pytest.mark.parametrize("rows", [0, 1, 70_000])
def test_each_table_of_the_contract_comes_back_as_it_was(tmp_path, rows):
    for name, frame in every_table(rows).items():
        before = frame.copy(deep=True)
        opened = mapped.frame_of(through(frame, tmp_path / name))
        pd.testing.assert_frame_equal(opened, before)
        pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_engine_sees_the_same(tmp_path, engine):
    frames = every_table(100)
    batches = {name: through(frame, tmp_path / name) for name, frame in frames.items()}
    for name, table in Opened(batches, []).into(engine).items():
        pd.testing.assert_frame_equal(forms.canonical(name, to_pandas(table)), frames[name])


@pytest.mark.parametrize("kind", ["str", "float64", "datetime64[s]", "datetime64[us]"])
def test_a_column_without_any_value_comes_back_empty(tmp_path, kind):
    frame = pd.DataFrame({"region": pd.Series([None] * 3, dtype=kind)})
    batch = through(frame, tmp_path / "file")
    assert batch["region"].null_count == 3
    pd.testing.assert_frame_equal(mapped.frame_of(batch), frame)


@hypothesis.given(st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"]))))
def test_texts_of_any_letters_come_back(tmp_path_factory, texts):
    frame = pd.DataFrame({"name": pd.Series(texts, dtype="str")})
    opened = mapped.frame_of(through(frame, tmp_path_factory.mktemp("texts") / "file"))
    pd.testing.assert_frame_equal(opened, frame)


def test_texts_in_pieces_become_one(tmp_path):
    pieces = pa.chunked_array([["a", None], [], ["b", "c"]], pa.large_string())
    whole = pd.Series(pd.arrays.ArrowStringArray(pieces, dtype=pd.StringDtype("pyarrow", na_value=np.nan)))
    frame = pd.DataFrame({"name": whole.iloc[1:].reset_index(drop=True)})
    batch = through(frame, tmp_path / "file")
    assert batch["name"].to_pylist() == [None, "b", "c"]


def test_numbers_and_days_are_the_mapping_itself_and_cannot_be_written(tmp_path):
    days = pd.to_datetime(["2026-01-01", None]).astype("datetime64[s]")
    batch = through(pd.DataFrame({"amount": [1.5, np.nan], "day": days}), tmp_path / "file")
    frame = mapped.frame_of(batch)
    for column in frame:
        values = frame[column].to_numpy()
        assert values.__array_interface__["data"][0] == batch[column].buffers()[1].address
        assert not values.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        frame["amount"].to_numpy()[0] = 2.0
    own = frame.copy()
    own.loc[0, "amount"] = 2.0
    assert (own["amount"][0], frame["amount"][0]) == (2.0, 1.5)


@pytest.mark.parametrize("values", [[1, "a"], [True, False], pd.to_datetime(["2026-01-01"], utc=True)])
def test_what_the_contract_does_not_know_is_not_written(values):
    with pytest.raises(TypeError, match="amount has the type"):
        mapped.batch_of(pd.DataFrame({"amount": values}))


@pytest.mark.parametrize("size", [1, 8, 4095, 4096, 70_000, 300_000])
def test_every_byte_counts_in_the_digest_of_pages(size):
    random = np.random.default_rng(size)
    content = random.integers(0, 256, size, dtype="u1")
    whole = mapped.page_digest(pa.py_buffer(content.tobytes()))
    for place in {0, size - 1, *random.integers(0, size, 40).tolist()}:
        other = content.copy()
        other[place] ^= 1 << int(random.integers(8))
        assert mapped.page_digest(pa.py_buffer(other.tobytes())) != whole
    assert mapped.page_digest(pa.py_buffer(content[:-1].tobytes())) != whole


def test_pages_that_change_places_are_noticed():
    pages = np.random.default_rng(1).integers(0, 256, (100, 4096), dtype="u1")
    before = mapped.page_digest(pa.py_buffer(pages.tobytes()))
    pages[[40, 60]] = pages[[60, 40]]
    assert mapped.page_digest(pa.py_buffer(pages.tobytes())) != before


@pytest.mark.parametrize("damage", [(0, -8), (1, 2**62), (1, 0), (2, 10**6), (3, -1), (3, 2**40)])
def test_an_offset_that_leads_out_of_the_texts_is_refused(damage):
    place, value = damage
    offsets = np.array([0, 2, 4, 6], dtype="i8")
    offsets[place] = value
    if damage == (1, 0):
        offsets[2] = -1
    sink = pa.BufferOutputStream()
    batch = pa.record_batch([pa.array(["aa", "bb", "cc"], pa.large_string())], ["name"])
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    written = bytearray(sink.getvalue())
    at = written.index(np.array([0, 2, 4, 6], dtype="i8").tobytes())
    written[at : at + 32] = offsets.tobytes()
    with pytest.raises(mapped.DamagedError):
        mapped.open_table(pa.py_buffer(bytes(written)))
