"""Files made to do harm: each ends soon, in little memory, with a sentence."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet

from kpikit.data.sources.place import Place
from tests import workbooks
from tests.archives import Part, bomb, packed, stored, write_archive
from tests.workbooks import ods_cell, ods_row, parts, sheet, write_parts, xls_number, xls_record, xls_text

ROOT = Path(__file__).resolve().parents[3]
SECONDS, MEMORY = 10, 1024  # MB

Case = tuple[Callable[[Path], object], str]


def outcome(folder: Path, place: Place, **environment: str) -> str:
    """Read a source in a process of its own, within the bounds; give what came of it."""
    script = Path(__file__).with_name("hostile.py")
    command = [sys.executable, script, folder, json.dumps(asdict(place))]
    settings = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=60, cwd=folder)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert found["seconds"] < SECONDS, found
    assert max(found["own"], found["children"]) < MEMORY, found
    return found["message"]


def repeated(path: Path, *pieces: tuple[bytes, int]) -> None:
    """Write a file of pieces, each many times."""
    with path.open("wb") as opened:
        for piece, times in pieces:
            for _ in range(times):
                opened.write(piece)


MB = 1 << 20
HEADER = b"order_id,order_date,customer_id,amount\n"
ROW = b"1,2026-01-05,C1,10\n"
LONG = "the row has more than 16,777,216 letters. Hint: see whether a quote is opened there and closed too "
LONG += "late, or line ends are lacking."
LONG_HEADER = LONG.replace("the row", "the header").replace("16,777,216", "1,048,576")
TEXTS: dict[str, Case] = {
    "100,000 columns": (
        lambda path: path.write_text(",".join(f"c{n}" for n in range(100_000)) + "\n"),
        "load: a.csv: the header has 100,000 columns. At most 16,384. "
        "Hint: see whether rows and columns are swapped.",
    ),
    "a header of 100 MB": (
        lambda path: repeated(path, (b"x" * MB, 100)),
        f"load: a.csv, line 1: {LONG_HEADER}",
    ),
    "a header of 100 MB of delimiters": (
        lambda path: repeated(path, (b"," * MB, 100)),
        f"load: a.csv, line 1: {LONG_HEADER}",
    ),
    "a header of millions of lines": (
        lambda path: repeated(path, (b'"a\n",' * 100_000, 100)),
        f"load: a.csv, line 1: {LONG_HEADER}",
    ),
    "a line of 100 MB": (
        lambda path: repeated(
            path, (HEADER + ROW, 1), (b"1,2026-01-05,", 1), (b"x" * MB, 100), (b",10\n", 1)
        ),
        f"load: a.csv, line 3: {LONG}",
    ),
    "a line of 100 MB in quotes": (
        lambda path: repeated(path, (HEADER + ROW + b'1,2026-01-05,"', 1), (b"x" * MB, 100), (b'",10\n', 1)),
        f"load: a.csv, line 3: {LONG}",
    ),
    "a line of 100 MB of delimiters": (
        lambda path: repeated(path, (HEADER + ROW, 1), (b"," * MB, 100)),
        f"load: a.csv, line 3: {LONG}",
    ),
    "a value of a million lines": (
        lambda path: repeated(path, (HEADER + b'1,2026-01-05,"', 1), (ROW * 10_000, 100), (b'",10\n', 1)),
        f"load: a.csv, line 2: {LONG}",
    ),
    "a quote that is never closed": (
        lambda path: repeated(
            path, (HEADER, 1), (ROW, 9), (b'2,2026-01-05,"C1,10\n', 1), (ROW * 50_000, 100)
        ),
        "load: a.csv, after line 10: a quote is opened and never closed. Hint: close or remove it.",
    ),
    "packed by gzip": (
        lambda path: path.write_bytes(gzip.compress(HEADER + ROW * 10_000_0)),
        "load: a.csv: the file is packed by gzip. Hint: unpack it.",
    ),
    "100 GB of zeros": (
        lambda path: (path.touch(), os.truncate(path, 100 << 30)),
        "load: a.csv: the file is not text: it holds zero bytes. Hint: export it as CSV.",
    ),
    "nothing": (
        lambda path: path.touch(),
        "load: a.csv: the file is empty. Hint: keep at least its header, a line of column names.",
    ),
}


@pytest.mark.parametrize("case", TEXTS)
def test_hostile_csv_is_refused(tmp_path, case):
    write, told = TEXTS[case]
    write(tmp_path / "a.csv")
    assert outcome(tmp_path, Place("a.csv")) == told


# --- Workbooks


def xlsx(path: Path, *more: Part, without: str = "") -> None:
    """Write a workbook with other parts in place of its own or beside them."""
    plain = parts({"Orders": sheet([["id"], [1]])})
    replaced = {part.name for part in more} | {without}
    own = [packed(name, text) for name, text in plain.items() if name not in replaced]
    write_archive(path, [*own, *more])


SHEET = "xl/worksheets/sheet1.xml"
FIRST = sheet([["id"], [1]])
HEAD = FIRST[: FIRST.index("</sheetData>")].encode()
BAD = "load: a.xlsx: the workbook is refused: "
FAR = "the file cannot be read: it is damaged, or takes more than 864 MB of memory to read. "
FAR += "Hint: save it again, or as CSV."
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
FAR_ROW = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
ALL_CELLS = '<dimension ref="A1:XFD1048576"/>'
BOOKS: dict[str, Case] = {
    "a bomb": (
        lambda path: xlsx(path, bomb(SHEET, b" " * MB, 4000)),
        BAD + r"its [\d,]+ bytes would unpack to 4,194,3\d\d,\d\d\d\. Hint: save it again\.",
    ),
    "a bomb that claims little": (
        lambda path: xlsx(path, bomb(SHEET, b" " * MB, 4000, claimed=1000)),
        BAD + r"a part holds more than it claims\. .*",
    ),
    "a bomb of texts that claims little": (
        lambda path: xlsx(path, bomb("xl/sharedStrings.xml", b"<si/>" * 200_000, 4000, claimed=99)),
        BAD + r"a part holds more than it claims\. .*",
    ),
    "a small bomb, beside noise": (
        # Within all that is claimed, so that the library meets it: 60 MB of cells.
        lambda path: xlsx(
            path,
            bomb(SHEET, b"<row>" + b"<c><v>1</v></c>" * 16_000 + b"</row>", 250, head=HEAD),
            stored("noise", random.Random(1).randbytes(MB)),
        ),
        r"load: a\.xlsx: the file .*",
    ),
    "parts over each other": (
        lambda path: xlsx(path, *(Part(f"x{n}", b"a" * 90, 90, method=0, place=0) for n in range(200))),
        BAD + r"its parts lie over each other\. .*",
    ),
    "too many parts": (
        lambda path: xlsx(path, *(Part(f"x{n}", b"", 0, method=0) for n in range(20_000))),
        BAD + r"it has more than 10,000 parts\. .*",
    ),
    "a part that is cut off": (
        lambda path: xlsx(path, Part(SHEET, b"\x03", 5000)),
        r"load: a\.xlsx: the file cannot be read as a workbook \(a part is cut off\)\.",
    ),
    "a password": (
        lambda path: xlsx(path, Part("x", b"a", 1, method=0, flags=1)),
        BAD + r"it is protected by a password\. .*",
    ),
    "an unusual packing": (
        lambda path: xlsx(path, Part("x", b"a", 1, method=14)),
        BAD + r"it is packed in an unusual way\. .*",
    ),
    "entities in the sheet": (
        lambda path: xlsx(path, packed(SHEET, ENTITIES + FIRST)),
        BAD + r"it declares what XML of a workbook never does \(DOCTYPE or ENTITY\)\. .*",
    ),
    "entities behind a million spaces": (
        lambda path: xlsx(path, packed(SHEET, " " * (MB - 5) + '<!DOCTYPE x SYSTEM "a">' + FIRST)),
        BAD + r"it declares what XML of a workbook never does \(DOCTYPE or ENTITY\)\. .*",
    ),
    "entities in the list of sheets": (
        lambda path: xlsx(path, packed("xl/workbook.xml", '<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>')),
        BAD + r"it declares what XML of a workbook never does \(DOCTYPE or ENTITY\)\. .*",
    ),
    "entities in letters of two bytes": (
        lambda path: xlsx(path, stored(SHEET, (ENTITIES + FIRST).encode("utf-16"))),
        BAD + r"its XML is not UTF-8\. .*",
    ),
    "a cell at the far corner": (
        lambda path: write_parts(
            path,
            parts({"Orders": FIRST.replace("</sheetData>", FAR_ROW + "</sheetData>")}),
        ),
        re.escape(f"load: a.xlsx: {FAR}"),
    ),
    "a claim of all cells": (
        lambda path: write_parts(
            path, parts({"Orders": FIRST.replace("<sheetData>", ALL_CELLS + "<sheetData>")})
        ),
        "1 rows",
    ),
    "an archive in the archive": (
        lambda path: xlsx(path, stored("xl/embeddings/bomb.zip", bomb("x", b" " * MB, 4000).packed)),
        "1 rows",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", BOOKS)
def test_hostile_workbooks_are_refused(tmp_path, case):
    write, told = BOOKS[case]
    write(tmp_path / "a.xlsx")
    message = outcome(tmp_path, Place("a.xlsx"))
    assert re.fullmatch(told, message), message


CELLS = xls_text(0, 0, "id") + xls_number(1, 0, 1)
OLD_BOOKS: dict[str, tuple[bytes, str]] = {
    "a cell at the far corner": (
        workbooks.xls_stream(CELLS + xls_number(65_535, 65_535, 1)),
        re.escape(f"load: a.xls: {FAR}"),
    ),
    "a claim of two billion texts": (
        workbooks.xls_stream(CELLS, more=xls_record(0x00FC, b"\xff\xff\xff\x7f" * 2)),
        r"load: a\.xls: the file cannot be read.*|1 rows",
    ),
    "a claim of less than no texts": (
        workbooks.xls_stream(CELLS, more=xls_record(0x00FC, b"\xff\xff\xff\xff" * 2)),
        r"load: a\.xls: the file cannot be read.*|1 rows",
    ),
}


@pytest.mark.parametrize("case", OLD_BOOKS)
def test_hostile_old_workbooks_are_refused(tmp_path, case):
    stream, told = OLD_BOOKS[case]
    workbooks.write_xls(tmp_path / "a.xls", stream)
    message = outcome(tmp_path, Place("a.xls"))
    assert re.fullmatch(told, message), message


def test_mutated_old_workbooks_are_refused_or_read(tmp_path):
    whole = workbooks.write_xls(tmp_path / "a.xls", workbooks.xls_stream(CELLS)).read_bytes()
    for seed in range(3):
        (tmp_path / "a.xls").write_bytes(mutated(whole, random.Random(seed), whole.rstrip(b"\0")))
        assert re.match(r"load: a\.xls|\d+ rows", outcome(tmp_path, Place("a.xls")))


@pytest.mark.parametrize("repeated_cell", [None, 1])
def test_a_sheet_that_repeats_itself_is_refused(tmp_path, repeated_cell):
    full = ods_row(ods_cell(repeated_cell, repeated=16_384), repeated=1_048_576)
    rows = ods_row(ods_cell("id")) + full + ods_row(ods_cell(1))
    write_parts(tmp_path / "a.ods", workbooks.ods_content(rows))
    message = outcome(tmp_path, Place("a.ods"), KPIKIT_QUERY_SECONDS="2")
    assert message.startswith("load: a.ods: ") or message == "1 rows"


# --- Parquet


def mutated(whole: bytes, source: random.Random, part: bytes | None = None) -> bytes:
    """Change a few bytes of a file: of its end, where sizes are claimed, as often as elsewhere."""
    changed, size = bytearray(whole), len(part or whole)
    for _ in range(source.randint(1, 8)):
        start = source.choice([0, max(0, size - 600)])
        changed[source.randrange(start, size)] = source.choice([0, 0x7F, 0x80, 0xFF, source.randrange(256)])
    return bytes(changed[: source.randrange(size)] if source.random() < 0.1 else changed)


MUTANTS = """
import random, sys, json, time
from pathlib import Path
from kpikit.data.sources.place import Place
from tests.data.sources.hostile import read_all, taken
from tests.data.sources.test_hostile import mutated
folder, began, seen = Path(sys.argv[1]), time.monotonic(), []
whole = (folder / "whole.parquet").read_bytes()
for seed in range(400):
    (folder / "a.parquet").write_bytes(mutated(whole, random.Random(seed)))
    seen.append(read_all(folder, Place("a.parquet")))
print(json.dumps({"seen": seen, "seconds": time.monotonic() - began, **taken()}))
"""


@pytest.mark.parametrize("compression", ["none", "snappy", "zstd"])
def test_mutated_parquet_is_refused_or_read(tmp_path, compression):
    rows = 2000
    table = pa.table(
        {
            "id": [f"{n:05}" for n in range(rows)],
            "product": ["GTX", "MG", None, "GTX Plus"] * (rows // 4),
            "amount": [n / 7 for n in range(rows)],
            "day": pa.array(range(rows), pa.int32()).cast(pa.date32()),
            "tags": [["a"], None, [], ["b", "c"]] * (rows // 4),
        }
    )
    parquet.write_table(table, tmp_path / "whole.parquet", compression=compression, row_group_size=500)
    command = [sys.executable, "-c", MUTANTS, tmp_path]
    settings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    found = json.loads(done.stdout)
    strange = [one for one in found["seen"] if not re.match(r"load: a\.parquet|\d+ rows", one)]
    assert not strange
    assert sum(one.startswith("load") for one in found["seen"]) > 100
    assert found["seconds"] < SECONDS, found["seconds"]
    assert found["own"] < MEMORY


def repeated_text(path: Path) -> None:
    """Write a text of a MB once, and 200,000 rows that point to it."""
    codes = pa.array([0] * 200_000, pa.int32())
    column = pa.DictionaryArray.from_arrays(codes, pa.array(["x" * MB]))
    options = {"compression": "zstd", "dictionary_pagesize_limit": 8 * MB, "write_statistics": False}
    parquet.write_table(pa.table({"id": column}), path, store_schema=False, **options)


def repeated_number(path: Path) -> None:
    """Write the same number 80 million times, which takes a few bytes."""
    group = pa.table({"id": pa.array(bytearray(8 * 4_000_000)).cast(pa.int64())[:4_000_000]})
    with parquet.ParquetWriter(path, group.schema) as writer:
        for _ in range(20):
            writer.write_table(group)


GROWN = r"load: a\.parquet: the file is refused: its [\d,]+ bytes would take [\d,]+ MB of memory\. "
GROWN += r"Hint: write it again with the tool it is from\."


@pytest.mark.parametrize("write", [repeated_text, repeated_number])
def test_parquet_that_grows_without_end_is_refused(tmp_path, write):
    write(tmp_path / "a.parquet")
    assert (tmp_path / "a.parquet").stat().st_size < 2 * MB
    message = outcome(tmp_path, Place("a.parquet"))
    assert re.fullmatch(GROWN, message), message


@pytest.mark.parametrize("length", [2**32 - 1, 2**31, 10_000])
def test_a_footer_that_claims_more_than_there_is_is_refused(tmp_path, length):
    parquet.write_table(pa.table({"id": [1]}), tmp_path / "a.parquet")
    whole = (tmp_path / "a.parquet").read_bytes()
    (tmp_path / "a.parquet").write_bytes(whole[:-8] + length.to_bytes(4, "little") + b"PAR1")
    told = f"load: a.parquet: the file cannot be read as Parquet (its footer claims {length:,} bytes)."
    assert outcome(tmp_path, Place("a.parquet")) == told


# --- Databases

ENDLESS = "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT {} FROM r"
LATE = "the query takes longer than 1 seconds. Hint: ask for fewer rows, or set KPIKIT_QUERY_SECONDS to more."
OUTSIDE = "a view or the query reaches outside of the file, which is not allowed. "
OUTSIDE += "Hint: keep what is needed in a table of the file."
BEYOND = "a view or the query does more than read the tables of the file. "
BEYOND += "Hint: keep what is needed in a table of the file."
NO_SELECT = "the query is not a SELECT. Queries begin with SELECT or WITH. "
NO_SELECT += "Hint: give one query that reads: SELECT … FROM …."


def hurried(told: str) -> dict[str, str]:
    """Give a query that has no end one second, and any other the usual time."""
    return {"KPIKIT_QUERY_SECONDS": "1"} if LATE in told.replace("\\", "") else {}


UNREAD = r"DuckDB cannot read it \(.* does not exist!?.*\)\."
TOO_MUCH = r"the (rows|file) takes? more than \d+ MB of memory.*"
DUCKS = {
    "another file": ("SELECT * FROM read_csv('{folder}/secret.csv')", re.escape(OUTSIDE)),
    "another file as text": ("SELECT content AS a FROM read_text('/etc/passwd')", re.escape(OUTSIDE)),
    "another file by its name": ("SELECT * FROM '{folder}/secret.csv'", rf"{UNREAD}|{re.escape(OUTSIDE)}"),
    "names of files": ("SELECT * FROM glob('/etc/*')", re.escape(OUTSIDE)),
    "the environment": ("SELECT getenv('HOME') AS a", UNREAD),
    "our own variables": ("SELECT * FROM place", UNREAD),
    "rows without end": (ENDLESS.format("n"), re.escape(LATE)),
    "a sum without end": (
        "SELECT count(*) AS a FROM range(999999) a, range(99999999) b WHERE a.range * b.range % 7 = 3",
        re.escape(LATE),
    ),
    "more rows than there is room for": ("SELECT * FROM range(1000000000000)", TOO_MUCH),
    "values without end": ("SELECT repeat('x', 100000000) AS a FROM range(1000)", TOO_MUCH),
    "a list without end": ("SELECT string_agg(repeat('x', 1000000), '') AS a FROM range(100000)", TOO_MUCH),
}


@pytest.mark.parametrize("how", ["view", "query"])
@pytest.mark.parametrize("case", DUCKS)
def test_duckdb_keeps_to_its_file(tmp_path, case, how):
    query, told = DUCKS[case]
    query = query.format(folder=tmp_path)
    (tmp_path / "secret.csv").write_text("a\nsecret\n")
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.execute("CREATE TABLE t AS SELECT 1 AS id")
        if how == "view":
            try:
                database.execute(f"CREATE VIEW v AS {query}")
            except duckdb.Error:
                return  # this version writes no such view, so that no file holds one
    place = Place("a.duckdb", table="v") if how == "view" else Place("a.duckdb", query=query)
    message = outcome(tmp_path, place, **hurried(told))
    assert re.fullmatch(f"load: a.duckdb: ({told})", message), message
    assert "secret\n" not in message


@pytest.mark.parametrize(
    "query",
    ["ATTACH '{}/other.db'", "COPY t TO '{}/other.csv'", "INSTALL httpfs", "SET memory_limit = '9GB'"],
)
def test_duckdb_takes_no_command(tmp_path, query):
    with duckdb.connect(str(tmp_path / "a.duckdb")) as database:
        database.execute("CREATE TABLE t AS SELECT 1 AS id")
    place = Place("a.duckdb", query=query.format(tmp_path))
    assert outcome(tmp_path, place) == f"load: a.duckdb: {NO_SELECT}"
    assert [path.name for path in tmp_path.iterdir()] == ["a.duckdb"]


LITES = {
    "rows without end": (ENDLESS.format("n"), LATE),
    "a sum without end": (ENDLESS.format("count(*) AS a"), LATE),
    "a sort without end": (ENDLESS.format("hex(n) AS a") + " ORDER BY 1", LATE),
    "long values without end": (ENDLESS.format("printf('%.*c', 20000000, 'x') AS a"), LATE),
    "values that grow": (ENDLESS.format("group_concat(n) AS a"), LATE),
    "values that are too long": (
        "SELECT randomblob(2000000000) AS a",
        "SQLite cannot read it (string or blob too big).",
    ),
    "a program": ("SELECT load_extension('/tmp/x') AS a", BEYOND),
    "a setting": ("SELECT * FROM pragma_database_list", BEYOND),
}


@pytest.mark.parametrize("how", ["view", "query"])
@pytest.mark.parametrize("case", LITES)
def test_sqlite_keeps_to_its_file_and_time(tmp_path, case, how):
    query, told = LITES[case]
    database = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    database.execute("CREATE TABLE t (id)")
    if how == "view":
        database.execute(f"CREATE VIEW v AS {query}")
    database.close()
    place = Place("a.db", table="v") if how == "view" else Place("a.db", query=query)
    assert outcome(tmp_path, place, **hurried(told)) == f"load: a.db: {told}"


@pytest.mark.parametrize("name", ["a.db", "a.duckdb"])
def test_mutated_databases_are_refused_or_read(tmp_path, name):
    path = tmp_path / name
    database = sqlite3.connect(path, isolation_level=None) if name == "a.db" else duckdb.connect(str(path))
    database.execute("CREATE TABLE t (id INTEGER, name VARCHAR)")
    database.execute("INSERT INTO t VALUES " + ", ".join(f"({n}, 'name {n}')" for n in range(2000)))
    database.close()
    whole, seen = path.read_bytes(), []
    for seed in range(3):
        path.write_bytes(mutated(whole, random.Random(seed)))
        seen.append(outcome(tmp_path, Place(name)))
        assert re.match(rf"load: {name}|\d+ rows", seen[-1])
        assert "\n" not in seen[-1]


def test_a_corrupt_page_is_told(tmp_path):
    path = tmp_path / "a.db"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("CREATE TABLE t (id)")
    database.execute("INSERT INTO t VALUES " + ", ".join(f"('{n:0100}')" for n in range(2000)))
    database.close()
    whole = bytearray(path.read_bytes())
    whole[8192:12288] = b"\xff" * 4096
    path.write_bytes(whole)
    assert outcome(tmp_path, Place("a.db")) == (
        "load: a.db: SQLite cannot read it (database disk image is malformed)."
    )


# --- What is no file, and what lies elsewhere

NAMES = ["a.csv", "a.parquet", "a.xlsx", "a.duckdb", "a.db"]


@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_is_refused(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert outcome(tmp_path, Place(name)) == (
        f"load: {name}: this is a pipe, a socket or a device, not a file. Hint: save its content to a file."
    )


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("a.csv")
        told = outcome(tmp_path, Place("a.csv"))
    assert told.startswith("load: a.csv: this is a pipe, a socket or a device, not a file.")


def linked(folder: Path, name: str) -> str:
    (folder / name).symlink_to("/dev/zero")
    return name


def linked_parent(folder: Path, name: str) -> str:
    (folder.parent / "elsewhere").mkdir()
    (folder.parent / "elsewhere" / name).write_text("secret")
    (folder / "inner").symlink_to(folder.parent / "elsewhere")
    return f"inner/{name}"


def above(folder: Path, name: str) -> str:
    (folder.parent / name).write_text("secret")
    return f"../{name}"


def absolute(folder: Path, name: str) -> str:
    return str(folder.parent / name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lead", [linked, linked_parent, above, absolute])
def test_what_lies_outside_of_the_folder_is_refused(tmp_path, name, lead):
    folder = tmp_path / "data"
    folder.mkdir()
    written = lead(folder, name)
    from tests.data.sources.hostile import read_all

    assert "the file lies outside of the dataset's folder" in read_all(folder, Place(written))


# --- No code in data


def pickling(root: Path) -> list[str]:
    """Name the lines of a package that could make objects of data."""
    modules = "(?:c?pickle|cloudpickle|dill|marshal|shelve|joblib)"
    unsafe = re.compile(rf"(?:import|from)\s.*\b{modules}\b|\b{modules}\.\w|allow_pickle|read_pickle")
    return [
        f"{path.relative_to(root).as_posix()}:{number}"
        for path in sorted((root / "kpikit").rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if unsafe.search(line)
    ]


def test_nothing_is_unpickled():
    assert pickling(ROOT) == []


def test_unpickling_is_seen(tmp_path):
    (tmp_path / "kpikit").mkdir()
    (tmp_path / "kpikit" / "a.py").write_text("x = 1\nimport pickle\n")
    assert pickling(tmp_path) == ["kpikit/a.py:2"]
