"""Lines of rows are right however a file is written, and found at once where each record has one line."""

from __future__ import annotations

import csv
import io
import random

import numpy as np
import pytest

from kpikit.data.sources import csv_file, csv_text
from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place
from kpikit.errors import DataError


def opened(folder, content: bytes, **how):
    (folder / "a.csv").write_bytes(content)
    return open_source(folder, Place("a.csv", **how))


def lines(folder, content: bytes, **how) -> list[str]:
    source = opened(folder, content, **how)
    _, numbers, _ = source.read(source.columns[:1])
    return source.lines(numbers)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a,b\n1,2\n3,4\n", [2, 3]),
        (b"a,b\n1,2\n3,4", [2, 3]),
        (b"a,b\r\n1,2\r\n3,4\r\n", [2, 3]),
        (b"a,b\r1,2\r3,4", [2, 3]),
        (b"a,b\n1,2\r\n3,4\r5,6\n", [2, 3, 4]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [2]),
        (b"a,b\n\n1,2\n\n\n3,4\n", [3, 6]),
        (b"\n\na,b\n1,2\n", [4]),
        (b'a,b\n"1\n2",3\n4,5\n', [2, 4]),
        (b'a,"b\nc"\n1,2\n', [3]),
        (b'a,b\n"1\r\n\r\n2",3\r\n4,5\r\n', [2, 5]),
        # As many line ends as records, and yet no row stands where it would be counted.
        (b'"a\nb",c\n1,2\n3,4', [3, 4]),
        (b'a,b\n\n"1",2\n3,4', [3, 4]),
        (b"a,b\n1,2\n,\n3,4\n", [2, 4]),
    ],
)
def test_lines_are_those_of_an_editor(tmp_path, content, expected):
    assert lines(tmp_path, content) == [f"line {line}" for line in expected]


def test_lines_above_the_header_are_skipped_and_counted(tmp_path):
    content = b'Report of "2026\nby region\na,b\n1,2\n3,4\n'
    assert lines(tmp_path, content, skip=2) == ["line 4", "line 5"]
    assert opened(tmp_path, content, skip=2).columns == ["a", "b"]
    assert lines(tmp_path, b"x\n\n\na,b\n\n1,2\n", skip=2) == ["line 6"]


def test_a_fault_below_skipped_lines_is_told_with_its_line(tmp_path):
    with pytest.raises(DataError) as caught:
        opened(tmp_path, b"title\na,b\n1,2\n1,2,3\n", skip=1).read(["a"])
    assert str(caught.value).startswith("load: a.csv, line 4: the row has 3 values, the header 2 columns.")


def test_more_lines_to_skip_than_there_are_leave_nothing(tmp_path):
    with pytest.raises(DataError, match="the file is empty"):
        opened(tmp_path, b"a,b\n1,2\n", skip=9)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "cp037", "cp1252", "shift_jis"])
def test_lines_are_counted_in_the_encoding(tmp_path, encoding):
    # In UTF-16, letters of the row U+0A00 hold the byte of a line end, and U+2200 that of a quote.
    letters = "\u0a0a\u2200" if encoding.startswith("utf") else "x"
    content = f'a,b\n1,{letters}\n2,"x\ny"\n3,z\n'.encode(encoding)
    assert lines(tmp_path, content, encoding=encoding) == ["line 2", "line 3", "line 5"]
    content = f"a,b\n1,{letters}\n3,z\n".encode(encoding)
    assert lines(tmp_path, content, encoding=encoding) == ["line 2", "line 3"]


def test_a_line_is_known_before_the_rows_are_read(tmp_path):
    source = opened(tmp_path, b'a,b\n"x\ny",1\n2,3\n')
    assert source.lines(np.array([1, 0])) == ["line 4", "line 2"]
    assert str(source.fault(1, "bad")) == "load: a.csv, line 4: bad."


def test_a_row_beyond_the_end_has_its_number(tmp_path):
    assert opened(tmp_path, b"a,b\n1,2\n").lines(np.array([0, 7])) == ["line 2", "row 8"]


def test_lines_of_plain_files_are_found_at_once(tmp_path, monkeypatch):
    source = opened(tmp_path, b'a,b\n1,"2"\n3,4\n')
    source.read(["a"])
    monkeypatch.setattr(csv_file, "records", None)  # what reads the file again is not there
    assert source.lines(np.array([1])) == ["line 3"]


@pytest.mark.parametrize("block", [1, 2, 3, 5, 1000])
def test_quotes_and_lines_are_counted_across_blocks(tmp_path, monkeypatch, block):
    monkeypatch.setattr(csv_text, "_BLOCK", block)
    (tmp_path / "a.csv").write_bytes(b'a,"b"\r\n1,2\r\r\n3,4\n5,"6')
    assert csv_text.tally(tmp_path / "a.csv", "utf-8") == csv_text.Tally(quotes=3, lines=5)


def test_random_files_have_the_lines_of_a_plain_twin(tmp_path):
    source = random.Random(5)
    for _ in range(60):
        end, text, twin, line = source.choice(["\n", "\r\n"]), "", [], 1
        for record in range(source.randint(1, 12)):
            if source.random() < 0.2:
                text, line = text + end, line + 1
            values = [source.choice(["1", "a,b", 'q"q', f"x{end}y", "é", f"{end}{end}"]) for _ in range(2)]
            values = ["a", "b"] if record == 0 else values
            written = io.StringIO()
            csv.writer(written, lineterminator=end).writerow(values)
            if record:
                twin.append(f"line {line}")
            text += written.getvalue()
            line += written.getvalue().count("\n")
        assert lines(tmp_path, text.encode()) == twin


def test_the_kinds_of_a_tsv_are_text_with_tabs(tmp_path):
    (tmp_path / "a.tsv").write_text("a\tb\n1\t2\n")
    source = open_source(tmp_path, Place("a.tsv", delimiter="\t"))
    assert source.read(["b"])[0].to_pydict() == {"b": ["2"]}
    assert source.files() == [tmp_path / "a.tsv"]
