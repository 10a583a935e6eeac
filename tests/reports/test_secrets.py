"""A password that a batch is given stands in nothing that it leaves, says, or shows to other users."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

from tests.data.sources.conftest import postgres_server  # noqa: F401
from tests.reports.conftest import MEASURE, write_notebook

ROOT = Path(__file__).resolve().parents[2]
CANARY, TOKEN = "Canary+Pa55/word", "tok3n-canary-0123456789"
SHOWN = """
import os
print(os.environ["SALES_DB"], os.environ["REPORT_TOKEN"], address)
[address, {"token": os.environ["REPORT_TOKEN"]}, api_token, headers]
"""
FAIL = 'if rep == "Bo":\n    raise ValueError(f"no answer from {address} with {api_token}")\n'
RESULTS = """
figures = kp.measure(sales, "revenue", period=period, by="rep", where=scope)
results(figures.assign(note=address, told=os.environ["REPORT_TOKEN"]))
"""


def write_asked(folder: Path, address: str, *, is_passed: bool) -> None:
    """Write a schedule and its notebook; the secrets are the notebook's defaults, or are passed to it."""
    secret = {
        "address": address,
        "login": {"user": "ann", "password": "short"},
        "api_token": TOKEN,
        "headers": [{"Authorization": f"Bearer {TOKEN}"}],
    }
    empty = {"address": "", "login": {}, "api_token": "", "headers": []}
    cell = {"data": "company", "period": "2026-01", "rep": "", **(empty if is_passed else secret)}
    parameters = "".join(f"{name} = {value!r}\n" for name, value in cell.items())
    write_notebook(folder / "own.ipynb", MEASURE, SHOWN, FAIL, RESULTS, parameters=parameters)
    own = {"name": "own", "notebook": "own.ipynb", "for_each": ["none", "rep"], "file": "{member}"}
    own |= {"recipient": "all", "parameters": secret if is_passed else {}}
    # A notebook of the project's own from the same server.
    team = {"name": "team", "notebook": str(ROOT / "notebooks" / "team_performance.ipynb")}
    team |= {"data": "company", "period": "2026-01", "recipient": "all", "file": "{report}"}
    (folder / "schedule.yaml").write_text(yaml.safe_dump({"reports": [own, team][: 1 + is_passed]}))


def company(folder: Path, *, is_server: bool) -> None:
    folder.mkdir()
    orders = "order_id,order_date,customer_id,amount,rep_id\n1,2026-01-05,C1,10,1\n2,2026-01-06,C1,20,2\n"
    (folder / "orders.csv").write_text(orders)
    (folder / "reps.csv").write_text("rep_id,name\n1,Ann\n2,Bo\n")
    source = "{database: SALES_DB, table: orders}" if is_server else "{file: orders.csv}"
    (folder / "dataset.yaml").write_text(f"tables: {{orders: {source}, reps: {{file: reps.csv}}}}\n")


def fill(address: str) -> None:
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(address, autocommit=True) as connection, connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS orders")
        columns = "order_id int, order_date date, customer_id text, amount numeric, rep_id text"
        cursor.execute(f"CREATE TABLE orders ({columns})")
        cursor.execute(
            "INSERT INTO orders VALUES (1, '2026-01-05', 'C1', 10, '1'), (2, '2026-01-06', 'C1', 20, '2')"
        )


def command_lines() -> set[str]:
    """Read the command line of every process that there is."""
    found = set()
    for one in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.add(one.read_bytes().decode("utf-8", "replace"))
        except OSError:
            continue
    return found


def run(folder: Path, address: str) -> tuple[int, str, set[str]]:
    words = [sys.executable, "-m", "kpikit", "report", folder / "schedule.yaml", "-o", folder / "made"]
    around = {**os.environ, "PYTHONPATH": str(ROOT), "SALES_DB": address, "REPORT_TOKEN": TOKEN}
    # Whatever is kept or left over anywhere is below this folder.
    for name in ("HOME", "TMPDIR", "KPIKIT_CACHE", "XDG_CACHE_HOME", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        around[name] = str(folder / "around" / name.lower())
        (folder / "around" / name.lower()).mkdir(parents=True)
    seen: set[str] = set()
    with open(folder / "said", "wb") as said:
        child = subprocess.Popen(words, stdout=said, stderr=said, cwd=folder, env=around)
        try:
            while child.poll() is None:
                seen |= command_lines()
                time.sleep(0.1)
        finally:
            child.kill()
            child.wait()
    return child.returncode, (folder / "said").read_text(), seen


@pytest.mark.notebooks
@pytest.mark.slow
@pytest.mark.parametrize("is_server", [False, pytest.param(True, marks=pytest.mark.postgres)])
def test_a_password_stands_in_no_file_no_output_and_no_command_line(tmp_path, request, is_server):
    address = f"postgresql://ann:{CANARY}@127.0.0.1:1/sales"
    if is_server:
        address = request.getfixturevalue("postgres_server")
        fill(address)
    password = address.partition("://")[2].partition("@")[0].partition(":")[2]
    company(tmp_path / "company", is_server=is_server)
    write_asked(tmp_path, address, is_passed=is_server)
    code, said, seen = run(tmp_path, address)

    # What is looked for could be found: reports were made, and one failed while it told of its address.
    assert code == 1 and f"{2 + is_server} reports made" in said
    assert "ValueError: no answer from postgresql://***@127.0.0.1" in said
    assert any("ipykernel" in one for one in seen)
    out = tmp_path / "made" / "all"
    files = {one.relative_to(out).as_posix(): one.read_bytes() for one in out.rglob("*") if one.is_file()}
    assert {"company.ipynb", "company.html", "rep-ann.ipynb", "run_results.json", "results.xlsx"} <= set(
        files
    )
    assert ("team.html" in files) == is_server
    around = [one for one in (tmp_path / "around").rglob("*") if one.is_file()]
    assert any("kpikit_cache" in one.parts for one in around) or is_server
    files |= {one.relative_to(tmp_path).as_posix(): one.read_bytes() for one in around}
    # Nothing temporary is left at all.
    assert [one for one in around if "tmpdir" in one.parts or "jupyter_runtime_dir" in one.parts] == []
    hidden = [password, TOKEN, '"short"', "'short'", f"ann:{CANARY}"]
    found = [(name, one) for name, text in files.items() for one in hidden if one.encode() in unpacked(text)]
    assert found == []
    assert [one for one in hidden if one in said] == []
    assert [line for line in seen for one in (password, TOKEN) if one in line] == []

    told = json.loads(files["run_results.json"])
    ann = next(one for one in told["reports"] if one["report"] == "rep-ann")
    assert ann["parameters"]["login"] == {"user": "ann", "password": "***"}
    assert ann["parameters"]["api_token"] == "***"
    assert ann["parameters"]["address"].startswith("postgresql://***@127.0.0.1")
    assert ann["parameters"]["headers"] == [{"Authorization": "***"}]
    (server,) = [one for one in told["inputs"][0]["data"]["sources"] if one["kind"] == "database"] or [None]
    if is_server:
        assert server["rows"] == {"orders": 2}
        assert server["address"].startswith("postgresql://127.0.0.1:")
    ran = json.loads(files["rep-ann.ipynb"])
    passed = {name: one for name, one in ann["parameters"].items() if name not in ("data", "period", "rep")}
    assert ran["metadata"]["papermill"]["parameters"] == {"rep": "Ann", **(passed if is_server else {})}
    assert "print(os.environ" in json.dumps(ran)


def unpacked(content: bytes) -> bytes:
    """Give the bytes of a file, and those of the files in it."""
    import io
    import zipfile

    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())
