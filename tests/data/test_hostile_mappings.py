"""Mappings made to do harm, and hostile files behind a mapping: the command ends soon, with a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# How much of the processor, beside a plain reading of three million lines in the same minute: seconds alone
# told more of the machine than of kpikit. And MB.
READINGS, MEMORY = 60, 1024
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)
ENTRY = "tables: {{orders: {{file: orders.csv, {}}}}}\n"
ORDERS = "order_id,order_date,customer_id,amount\n1,2026-01-05,C1,10\n"
MAPPINGS = {
    "a bomb of aliases": (BOMB, "the document is too large or nested too deep"),
    "an alias of itself": ("tables: &a {orders: *a}\n", "an alias stands within what it names"),
    "deep nesting": ("tables: " + "[" * 5_000 + "]" * 5_000 + "\n", "nested"),
    "10 MB": ("#" * 10_000_000, "the file is too large. At most 5,000,000 bytes of YAML"),
    "an object": ("tables: !!python/object/apply:os.system [echo]\n", "the tag '!!python/object"),
    "a long expression": (ENTRY.format(f"compute: {{amount: {'1+' * 50_000}1}}"), "at most 2,000 letters"),
    "a deep expression": (ENTRY.format(f"compute: {{amount: '{'(' * 140}1{')' * 140}'}}"), "nested deeper"),
    "a call": (ENTRY.format("compute: {amount: \"open('/etc/passwd')\"}"), "there are no calls"),
    "a path above": ("tables: {orders: {file: ../orders.csv}}\n", "outside of the dataset's folder"),
    "an absolute path": ("tables: {orders: {file: /etc/passwd}}\n", "outside of the dataset's folder"),
    "a pattern above": ("tables: {orders: {file: '../*.csv'}}\n", "outside of the dataset's folder"),
    "a join above": (
        ENTRY.format("joins: [{file: /etc/passwd, on: {order_id: root}, take: {region: x}}]"),
        "outside of the dataset's folder",
    ),
    "an address in the mapping": (
        "tables: {orders: {database: 'postgresql://me:secret@nowhere/x', query: SELECT 1}}\n",
        "",
    ),
}


# A child's peak starts at the memory of the process that forked it; the tests' own may hold much.
LAUNCHER = """
import io, resource, subprocess, sys, time
begun = time.process_time()
sum(len(line) for line in io.StringIO("y\\n" * 3_000_000))
reading = time.process_time() - begun
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write(f"{code} {(used.ru_utime + used.ru_stime) / reading} {used.ru_maxrss >> 10}")
"""


def check(folder: Path) -> tuple[int, str]:
    """Let a process of its own check a dataset; watch its time (of the processor) and memory."""
    out, taken = folder / "said", folder / "taken"
    command = [sys.executable, "-m", "kpikit", "data", "check", folder / "data"]
    with out.open("w") as said:
        launched = [sys.executable, "-c", LAUNCHER, taken, *command]
        subprocess.run(launched, stdout=said, stderr=said, cwd=ROOT, check=True, timeout=120)
    code, readings, memory = taken.read_text().split()
    assert float(readings) < READINGS and int(memory) < MEMORY
    return int(code), out.read_text()


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "data" / "orders.csv").write_text(ORDERS)
    return tmp_path


@pytest.mark.parametrize("name", MAPPINGS)
def test_hostile_mappings_are_refused(folder, name):
    text, told = MAPPINGS[name]
    (folder / "data" / "dataset.yaml").write_text(text)
    code, said = check(folder)
    assert code in (1, 2) and told in said, said[-500:]
    assert "Traceback" not in said and "secret" not in said and "root:" not in said


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("x" * 100_000_000 + "\n", "line 3: the row has more than 16,777,216 letters"),
        ('2,2026-01-05,"' + "y\n" * 10_000_000, "a quote is opened"),
        ("2,2026-01-05,C1,10,\n" * 200_000, "200,000 rows have more or fewer values"),
        ("2,soon,C1,ten\n" * 500_000, "order_date 'soon' is not a date (500,000 such values)"),
    ],
    ids=["a long line", "an open quote", "ragged rows", "bad values"],
)
def test_hostile_rows_are_refused(folder, lines, told):
    (folder / "data" / "orders.csv").write_text(ORDERS + lines)
    code, said = check(folder)
    assert code == 1 and told in said, said[-500:]
