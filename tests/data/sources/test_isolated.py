"""The child that reads: what it prints does not garble its answer, and its death is an error as any other."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from kpikit.data.sources import isolated
from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place
from kpikit.errors import DataError
from tests.workbooks import write_xlsx

ROOT = Path(__file__).resolve().parents[3]
START = isolated._START


@pytest.fixture
def book(tmp_path) -> Path:
    return write_xlsx(tmp_path / "a.xlsx", [["id"], [1]])


def starting_with(code: str, after: str = "") -> str:
    """Write the start of a child that runs code in place of its reader, or before it."""
    patch = "import os, sys\nfrom kpikit.data.sources import workbook_reader as it\nread = it.read\n"
    patch += f"def instead(*given):\n    {code}\n    return read(*given)\nit.read = instead\n"
    return START.replace("main()\n", f"{patch}main(){after}\n")


@pytest.mark.parametrize(
    "code",
    ["print('x' * 9999)", "os.write(1, b'ARROW1')", "os.system('echo garbage')", "os.write(2, b'bar')"],
)
def test_what_a_library_prints_does_not_garble_the_rows(book, monkeypatch, code):
    monkeypatch.setattr(isolated, "_START", starting_with(code))
    source = open_source(book.parent, Place("a.xlsx"))
    assert source.read(["id"])[0].to_pydict() == {"id": [1.0]}


@pytest.mark.parametrize(
    "code", ["os.abort()", "os._exit(1)", "os.kill(os.getpid(), 11)", "raise ValueError('x')"]
)
def test_a_child_that_dies_is_told(book, monkeypatch, code):
    monkeypatch.setattr(isolated, "_START", starting_with(code))
    with pytest.raises(DataError) as caught:
        open_source(book.parent, Place("a.xlsx"))
    assert str(caught.value) == (
        "load: a.xlsx: the file cannot be read: it is damaged, or takes more than 864 MB of memory to read. "
        "Hint: save it again, or as CSV."
    )


@pytest.mark.parametrize("code", ["bytearray(2 << 30)", "raise MemoryError"])
def test_a_child_that_takes_too_much_memory_is_told(book, monkeypatch, code):
    if sys.platform != "linux" and "2 <<" in code:
        pytest.skip("only Linux bounds the memory of a process")
    monkeypatch.setattr(isolated, "_START", starting_with(code))
    with pytest.raises(DataError) as caught:
        open_source(book.parent, Place("a.xlsx"))
    assert str(caught.value) == (
        "load: a.xlsx: the file takes more than 864 MB of memory to read. "
        "Hint: ask for less, or save it as CSV."
    )


def test_a_child_that_hangs_is_ended(book, monkeypatch):
    monkeypatch.setenv("KPIKIT_QUERY_SECONDS", "2")
    monkeypatch.setattr(isolated, "_START", starting_with("import time; time.sleep(600)"))
    with pytest.raises(DataError, match="takes longer than 2 seconds"):
        open_source(book.parent, Place("a.xlsx"))


def test_the_child_asks_for_nothing_that_is_dear(book):
    request = {
        "reader": "workbook_reader",
        "path": str(book),
        "place": asdict(Place("a.xlsx")),
        "columns": None,
    }
    request |= {"memory": 1 << 30, "seconds": 30}
    code = f"{START}\nprint('LOADED', *sys.modules, file=sys.stderr)"
    command = [sys.executable, "-I", "-c", code, json.dumps([str(ROOT), *sys.path])]
    done = subprocess.run(command, input=json.dumps(request).encode(), capture_output=True, timeout=60)
    loaded = done.stderr.decode().rpartition("LOADED ")[2].split()
    assert "python_calamine" in loaded
    assert not {"pandas", "duckdb", "pydantic", "narwhals"} & {*loaded}
