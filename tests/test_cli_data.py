"""`kpikit data check`, and that data with an error leave nothing behind."""

import json

import pytest

from kpikit.data.findings import CHECKS
from tests.reports.conftest import command_line

ORDERS = "order_id,order_date,customer_id,amount,rep_id,currency\n1,2026-01-05,C1,10,R1,USD\n"
TABLES = {
    "orders.csv": ORDERS,
    "deals.csv": "deal_id,stage,outcome\nD1,a,won\n",
    "quotas.csv": "kpi,start,end,value\nrevenue,2026-01-01,2026-01-31,5\n",
    "credits.csv": "order_id,rep_id,share\n1,R1,1\n",
    "side.csv": "id,name\nC1,North\n",
    "reps.csv": "rep_id,name\nR1,Ayu\n",
}
MAPPING = """
tables:
  orders: {file: orders.csv, joins: [{file: side.csv, on: {customer_id: id}, take: {region: name}}]}
  deals: {file: deals.csv}
  quotas: {file: quotas.csv}
  credits: {file: credits.csv}
  reps: {file: reps.csv}
"""
# Check to the file that is written in place of the clean one, the line that is told, and the value.
WRONG = {
    "cannot_read": ("reps.csv", None, "", ""),
    "ragged_row": ("orders.csv", ORDERS + "2,2026-01-05,C1\n", "line 3", ""),
    "missing_column": ("deals.csv", "deal_id,stage\nD1,a\n", "", ""),
    "unparseable_date": ("orders.csv", ORDERS + "2,31/12/2025,C1,10,R1,USD\n", "line 3", "31/12/2025"),
    "unparseable_number": ("orders.csv", ORDERS + "2,2026-01-05,C1,ten,R1,USD\n", "line 3", "ten"),
    "unreadable_value": ("reps.csv", f"rep_id,name\nR1,{'x' * 40_000}\n", "line 2", "x" * 60 + "…"),
    "empty_key": ("deals.csv", "deal_id,stage,outcome\n,a,won\n", "line 2", ""),
    "duplicate_key": ("deals.csv", "deal_id,stage,outcome\nD1,a,won\nD1,b,\n", "line 3", "deal_id 'D1'"),
    "lines_disagree": ("orders.csv", ORDERS + "1,2026-01-06,C1,10,R1,USD\n", "line 3", "2026-01-06"),
    "shares_not_one": ("credits.csv", "order_id,rep_id,share\n1,R1,0.5\n", "line 2", "0.5"),
    "foreign_currency": ("orders.csv", ORDERS + "2,2026-01-05,C1,10,R1,EUR\n", "line 3", "EUR"),
    "join_multiplies": ("side.csv", "id,name\nC1,North\nC1,South\n", "line 3", "C1"),
    "unknown_outcome": ("deals.csv", "deal_id,stage,outcome\nD1,a,Won\n", "line 2", "Won"),
    "out_of_time": ("orders.csv", ORDERS.replace("2026", "1026"), "line 2", "1026-01-05"),
    "label_taken": ("reps.csv", "rep_id,name\nR1,no rep\n", "line 2", "no rep"),
    "quota_ends_early": (
        "quotas.csv",
        "kpi,start,end,value\nrevenue,2026-01-01,2025-12-31,5\n",
        "line 2",
        "2025-12-31",
    ),
}


@pytest.fixture
def run(monkeypatch):
    return command_line(monkeypatch)


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "company"
    folder.mkdir()
    (folder / "dataset.yaml").write_text(MAPPING)
    for name, text in TABLES.items():
        (folder / name).write_text(text)
    return folder


def spoil(company, check):
    name, text, line, value = WRONG[check]
    if text is None:
        (company / name).unlink()
    else:
        (company / name).write_text(text)
    return name, line, value


def test_every_kind_of_error_is_tried():
    assert set(WRONG) == {name for name, check in CHECKS.items() if check.severity == "error"}


def test_clean_data_have_no_error(run, company):
    code, said = run("data", "check", company)
    assert (code, said.splitlines()[-1]) == (0, f"{company}: 0 errors.")


@pytest.mark.parametrize("check", WRONG)
def test_an_error_is_told_with_file_line_and_value_as_text_and_as_json(run, company, check):
    name, line, value = spoil(company, check)
    code, said = run("data", "check", company)
    assert code == 1 and f"✕ error {check} " in said
    code, told = run("data", "check", company, "--json")
    errors = [one for one in json.loads(told)["findings"] if one["severity"] == "error"]
    assert code == 1 and check in [one["check"] for one in errors]
    if line:
        (found,) = [one for one in errors if one["check"] == check]
        assert found["examples"][0] == {"file": name, "line": line, "value": value}
        assert f"    {name}, {line}" in said
    else:
        assert name in said


@pytest.mark.parametrize("check", WRONG)
def test_an_error_leaves_no_report_and_nothing_kept(run, company, check, tmp_path, monkeypatch):
    monkeypatch.setenv("KPIKIT_CACHE", str(tmp_path / "cache"))
    name, line, _ = spoil(company, check)
    book = "notebooks/team_performance.ipynb"
    code, said = run("report", book, "--data", company, "--period", "2026-01", "-o", tmp_path / "out")
    assert code == 2 and said.startswith("kpikit: load") and name in said
    assert not line or line.removeprefix("line ") in said
    assert "Traceback" not in said
    assert sorted(one.name for one in tmp_path.iterdir()) == ["company"]
    code, said = run("measure", "revenue", "--data", company, "--period", "2026-01", "--csv")
    assert code == 2 and "," not in said.splitlines()[0].split(":")[0]


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["data", "check"], "Missing argument"),
        (["data", "check", "nowhere"], "kpikit: load: there is no nowhere."),
        (["data", "check", "README.md"], "is neither a folder nor a dataset.yaml"),
        (["data", "check", "data/samples", "--folder", "nowhere"], "there is no folder nowhere"),
    ],
)
def test_a_mistake_is_told_in_a_line(run, words, fault):
    code, said = run(*words)
    assert code == 2 and fault in said and "Traceback" not in said


def test_a_pipe_gets_every_letter(run, company):
    (company / "deals.csv").write_text("deal_id,stage,outcome\nD1,a,日本\n", encoding="utf-8")
    code, told = run("data", "check", company, "--json")
    assert code == 1 and json.loads(told)["findings"][0]["examples"][0]["value"] == "日本"


def test_a_split_that_the_data_cannot_give_says_why(run, company):
    lines = "D1,a,won,2026-01-02,2026-01-05\n"
    (company / "deals.csv").write_text("deal_id,stage,outcome,created_on,closed_on\n" + lines)
    words = ("measure", "win_rate", "--data", company, "--period", "2026-01", "--by", "product")
    code, said = run(*words)
    assert code == 2 and said.startswith("kpikit: measure: not available: win_rate: ")
    assert "product" in said
