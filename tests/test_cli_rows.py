"""`kpikit rows`: the rows behind a figure in the terminal and as CSV."""

import io
from decimal import Decimal

import pandas as pd
import pytest

import kpikit as kp
from kpikit.reports.formulas import unguarded
from tests.reports.conftest import HOSTILE, command_line

ROWS = ["rows", "average_order_value", "--data", "data/samples", "--period", "2026-09"]
ORDERS = "order_id,order_date,customer_id,amount,cost\n"


@pytest.fixture
def run(monkeypatch):
    return command_line(monkeypatch)


@pytest.fixture
def company(tmp_path):
    """Write a company of orders; give its folder."""

    def make(*lines):
        (tmp_path / "orders.csv").write_text(ORDERS + "".join(f"{line}\n" for line in lines), "utf-8")
        return tmp_path

    return make


def test_parts_of_the_csv_add_up_to_what_is_measured(run):
    scope = {"region": ["Bali", "Alaska"]}
    code, text = run(*ROWS, "--where", "region=Bali", "--where", "region=Alaska", "--csv")
    rows = pd.read_csv(io.StringIO(text), dtype=str)
    amount, orders = (
        sum(map(Decimal, rows.loc[rows["measure"] == name, "part"])) for name in ("amount", "order_count")
    )
    sales = kp.load("data/samples")
    figure = kp.measure(sales, "average_order_value", period="2026-09", where=scope)["value"].item()
    assert code == 0
    assert float(amount) / float(orders) == figure
    assert set(rows["counted_region"]) == {"Bali", "Alaska"}


def test_a_number_in_the_csv_has_all_its_digits(run, company):
    folder = company("1,2026-01-05,c1,123456789.0123,1", "2,2026-01-05,c1,0.1,", "3,2026-01-06,c1,7,1")
    code, text = run("rows", "gross_profit", "--data", folder, "--period", "2026-01", "--csv")
    assert code == 0
    assert [line.split(",")[:8] for line in text.splitlines()[1:]] == [
        ["margin", "sum", "123456788.0123", "orders", "1", "2026-01-05", "c1", "123456789.0123"],
        ["margin", "sum", "", "orders", "2", "2026-01-05", "c1", "0.1"],
        ["margin", "sum", "6", "orders", "3", "2026-01-06", "c1", "7"],
    ]


def test_the_last_line_tells_how_the_measures_make_the_figure(run, company):
    folder = company("1,2026-01-05,c1,100,60", "1,2026-01-05,c1,50.25,", "2,2026-01-31,c2,50,10")
    code, text = run("rows", "average_order_value", "--data", folder, "--period", "2026-01")
    assert code == 0
    # Money of a hundred and more is shown without its cents.
    assert text.splitlines()[-1] == "average_order_value:sales, 2026-01: amount 200.25 ÷ order_count 2 = $100"
    code, text = run("rows", "revenue", "--data", folder, "--period", "2026-01", "--as-of", "2026-01-05")
    assert text.splitlines()[-1] == "revenue, 2026-01: amount 150.25 = $150 (until 2026-01-05)"


@pytest.mark.parametrize("columns", [80, 160])
def test_a_long_table_is_cut_and_says_so(run, columns):
    code, text = run(*ROWS, columns=columns)
    lines = text.splitlines()
    assert code == 0
    assert sum("2026-09-" in line for line in lines) == 60
    assert lines[-2].startswith("… and ") and lines[-2].endswith(" more rows: --csv writes all")
    assert max(map(len, lines)) <= columns
    assert "Region" in text if columns == 160 else "Region" not in text


def test_texts_are_shown_and_written_as_they_are(run, company):
    ids = [name for name in HOSTILE if not set(name) & set(',"\n\r')]
    folder = company(*(f"{name},2026-01-05,{name},1,1" for name in ids))
    words = ["rows", "revenue", "--data", folder, "--period", "2026-01"]
    assert run(*words)[0] == 0
    code, text = run(*words, "--csv")
    assert code == 0
    written = pd.read_csv(io.StringIO(text), dtype=str)["customer"]
    assert [unguarded(name) for name in written] == [name.strip() for name in ids]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["revnue"], "Did you mean 'revenue'?"),
        (["revenue", "--where", "Bali"], "--where region=Bali"),
        (["revenue", "--period", "soon"], "'soon' is not a period"),
        (["customer_lifetime_value"], "there is no silent default: choose historic or simple"),
        (["revenue", "--period", "2031"], "revenue of 2031 has no rows: not started"),
        (["revenue", "win_rate"], "win_rate"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(run, words, told):
    code, text = run("rows", "--data", "data/samples", *words)
    assert code == 2, text
    assert told in text
    assert "Traceback" not in text
