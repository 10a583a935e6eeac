"""The catalogue on the terminal, as JSON and as a page: every KPI, every convention, and what data lack."""

import json
from datetime import date
from pathlib import Path

from rich.console import Console

from kpikit import KPI, Rows
from kpikit.kpis.catalog import find, names
from kpikit.kpis.describing import describe
from kpikit.reports.kpi_cards import availability, kpis_json, kpis_markdown, print_card, print_kpis
from tests.builders import dataset

DOCS = Path(__file__).resolve().parents[2] / "docs"
DEALS = [{"deal_id": "1", "stage": "won", "outcome": "won", "closed_on": date(2026, 1, 5), "amount": 10.0}]


def printed(show, *told, width=300):
    console = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    show(console, *told)
    console.file.close()
    return console.export_text()


def test_the_list_names_every_kpi_once():
    lines = [
        line.split()[0]
        for line in printed(print_kpis, [describe(n) for n in names()]).splitlines()
        if line.strip()
    ]
    assert [line for line in lines if line in names()] == names()


def test_a_card_tells_every_convention_and_its_formula():
    for name in names():
        text = printed(print_card, describe(name))
        card = find(name)
        for convention in card.convention_names:
            assert convention in text and card.written[convention] in text
        assert card.definition in text and card.gaming in text and card.source in text


def test_data_that_lack_something_are_named():
    company = dataset({"deals": DEALS})
    missing = availability(company, [describe("win_rate"), describe("deals_won"), describe("revenue")])
    assert missing == {
        "win_rate": {
            "closed": "",
            "created": "deals.created_on is missing",
            "cohort": "deals.created_on is missing",
        },
        "deals_won": {"default": ""},
        "revenue": {"default": "orders is missing"},
    }
    text = printed(print_card, describe("win_rate"), missing["win_rate"])
    assert "available in these data" in text and "not available: deals.created_on is missing" in text
    lines = printed(print_kpis, [describe("deals_won"), describe("revenue")], missing).splitlines()
    assert ["✓" in line for line in lines if "flow" in line] == [True, False]


def test_a_narrow_terminal_has_room_for_what_a_kpi_is():
    described = [describe("win_rate"), describe("revenue")]
    missing = availability(dataset({"deals": DEALS}), described)
    wide, narrow = (printed(print_kpis, described, missing, width=width) for width in (120, 70))
    assert "Kind" in wide and "rate" in wide.split("win_rate")[1]
    assert "Kind" not in narrow and all(len(line) <= 70 for line in narrow.splitlines())
    for text in (wide, narrow):
        assert "before refunds. Not available: orders is missing." in " ".join(text.split())


def test_what_needs_a_target_has_a_formula_and_a_note_with_any_data():
    card = describe("pipeline_coverage")
    missing = availability(dataset({"deals": DEALS}), [card, describe("deals_won")])
    assert missing["deals_won"] == {"default": ""} and missing["pipeline_coverage"]["default"] == card.note
    text = printed(print_card, card, missing["pipeline_coverage"])
    assert "pipeline_value ÷ (target − what has been reached of it)" in text
    assert text.count("it needs a target") == 1
    assert availability(dataset({"deals": DEALS}), [card]) == {"pipeline_coverage": {"default": card.note}}


def test_the_json_holds_the_cards():
    told = json.loads(
        kpis_json([describe("win_rate")], {"win_rate": {"closed": "", "created": "x", "cohort": ""}})
    )
    (card,) = told["kpis"]
    assert told["version"] == 1 and card["missing"]["created"] == "x"
    assert [one["name"] for one in card["conventions"]] == ["closed", "created", "cohort"]
    assert [one["is_default"] for one in card["conventions"]] == [True, False, False]


def test_a_kpi_of_ones_own_is_described_by_its_formula():
    sales = Rows("orders", "order_date", "is_sale")
    card = describe(KPI("per_unit", "rate", "money", sales.money("amount") / sales.sum("quantity")))
    assert card.conventions[0].formula == "amount ÷ quantity"
    assert card.conventions[0].needs == ("orders", "orders.quantity")
    text = printed(print_card, card)
    assert "Source" not in text and "Balanced by" not in text


def test_the_page_has_a_section_and_a_link_for_each_kpi():
    page = (DOCS / "kpis.md").read_text(encoding="utf-8")
    for name in names():
        assert f"\n### {name}\n" in page and f"| [{name}](#{name}) |" in page
    assert kpis_markdown([describe(name) for name in names()]) in page
