"""`kpikit kpis`: the list, a card, the data, and a name that nobody knows."""

import json

import pytest

from tests.reports.conftest import command_line


@pytest.fixture
def run(monkeypatch):
    return command_line(monkeypatch)


def test_the_list_and_a_card_are_shown(run):
    code, text = run("kpis")
    assert code == 0 and "net_revenue" in text
    code, text = run("kpis", "sales_cycle_days", "--data", "data/samples")
    assert code == 0 and "median of (closing date − creation date)" in " ".join(text.split())
    assert "available in these data" in text


def test_json_is_for_other_programs(run):
    code, text = run("kpis", "--json")
    told = json.loads(text)
    assert code == 0 and {one["name"] for one in told["kpis"]} >= {"revenue", "first_response_hours"}


def test_a_name_with_a_convention_shows_the_card(run):
    code, text = run("kpis", "win_rate:cohort")
    assert code == 0 and text == run("kpis", "win_rate")[1]
    code, text = run("kpis", "win_rate:cohrt")
    assert code == 2 and "Conventions: closed, created, cohort. Hint: Did you mean 'cohort'?" in text
    code, text = run("kpis", "WIN_RATE")
    assert code == 2 and "Did you mean 'win_rate'?" in text


def test_what_needs_a_target_can_be_asked_of_data(run):
    code, text = run("kpis", "pipeline_coverage", "--data", "data/samples")
    assert code == 0 and "pipeline_value ÷ (target" in text


def test_an_unknown_name_is_told_with_a_hint(run):
    code, text = run("kpis", "win_rat")
    assert code == 2 and "Did you mean 'win_rate'?" in text and "Traceback" not in text
