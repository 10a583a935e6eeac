"""The notebook by hand: in JupyterLab in a real Chromium, with no way out of this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

import kpikit as kp
from kpikit.language import quantity
from tests.browser.lab import Lab, Watched, jupyter_lab
from tests.browser.pages import DRAWN, apply, choose, opened, picture, shown

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "notebooks/team_performance.ipynb"
CHARTS = 5


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def watched(lab: Lab) -> Iterator[Watched]:
    """The notebook with all its cells run."""
    with opened(lab, NOTEBOOK, CHARTS) as seen:
        yield seen


def figures(kpis: list[str], **asked: Any) -> list[str]:
    """The figures as `measure` gives them, written as the notebook writes them."""
    sales = kp.load("data/samples")
    told = kp.measure(sales, kpis, **asked)
    return [quantity(one["value"], UNITS[one["kpi"]], currency="USD") for one in told.to_dict("records")]


UNITS = {"revenue": "money", "order_count": "count", "average_order_value": "money", "win_rate": "share"}
KPIS = list(UNITS)


def test_all_charts_are_drawn_without_a_network(watched: Watched):
    sizes = watched.page.eval_on_selector_all(DRAWN, "all => all.map(one => one.naturalWidth)")
    assert len(sizes) == CHARTS and min(sizes) > 600
    picture(watched.page, "team")
    assert watched.refused == []
    assert watched.errors == []


def test_the_figures_are_those_of_measure(watched: Watched):
    text = shown(watched.page)
    for figure in figures(KPIS, period="last quarter"):
        assert figure in text


def test_no_code_fails(watched: Watched):
    assert watched.page.locator(".jp-RenderedText[data-mime-type*=stderr]").count() == 0


def test_apply_draws_every_view_again(watched: Watched):
    page = watched.page
    choose(page, "Period", "last month (2026-09)")
    choose(page, "Team", "Jakarta")
    choose(page, "Rep", "Ayu Lestari")
    apply(page, "Ayu Lestari, 2026-09")
    text = shown(page)
    for figure in figures(KPIS, period="2026-09", where={"rep": "Ayu Lestari"}):
        assert figure in text
    assert 'period="last month"' in text and 'rep="Ayu Lestari"' in text
    sizes = page.eval_on_selector_all(DRAWN, "all => all.map(one => one.naturalWidth)")
    assert len(sizes) == CHARTS and min(sizes) > 600
    picture(page, "rep")


def test_only_what_is_there_is_offered(watched: Watched):
    page = watched.page
    field = page.locator(".widget-dropdown", has=page.locator("label", has_text=re.compile("^Rep$")))
    offered = [text.replace("\xa0", " ") for text in field.locator("option").all_inner_texts()]
    assert "Ayu Lestari" in offered
    assert "Kadek Wirawan" not in offered  # of team Bali
    assert "Walt Henriksen" not in offered  # left in 2022


def test_a_range_of_dates_and_reset(watched: Watched):
    page = watched.page
    choose(page, "Period", "a range of dates …")
    page.locator(".widget-datepicker input").nth(0).fill("2026-02-01")
    page.locator(".widget-datepicker input").nth(1).fill("2026-01-01")
    page.locator(".widget-datepicker input").nth(1).blur()
    page.wait_for_function(
        "document.querySelector('.jp-Notebook').innerText.includes('The first day is after the last.')"
    )
    assert page.get_by_role("button", name="Apply").is_disabled()
    page.locator(".widget-datepicker input").nth(1).fill("2026-03-15")
    page.locator(".widget-datepicker input").nth(1).blur()
    apply(page, "Ayu Lestari, 2026-02-01/2026-03-15")
    picture(page, "range")
    page.get_by_role("button", name="Reset").click()
    page.wait_for_function(
        "document.querySelector('.jp-Notebook').innerText.includes('The whole team, 2026-Q3')"
    )
    assert watched.refused == []
    assert watched.errors == []
