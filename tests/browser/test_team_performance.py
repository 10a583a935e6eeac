"""The notebook by hand: in JupyterLab in a real Chromium, with no way out of this machine."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kpikit as kp
from kpikit.language import quantity
from tests.browser.lab import Lab, Watched, jupyter_lab

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NOTEBOOK = "notebooks/team_performance.ipynb"
CHARTS = 4
TIMEOUT = 60_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with jupyter_lab(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture(scope="module")
def watched(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    """The notebook with all its cells run."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 4600})
        seen = Watched(page)
        page.set_default_timeout(TIMEOUT)
        page.goto(lab.url(NOTEBOOK))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function("window.jupyterapp")
        page.evaluate(READY)
        # Without `void` the call would wait for the cells, and without a limit.
        page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        drawn(page)
        settle(page)
        yield seen
        browser.close()


KERNEL = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel"
# Before all is restored and connected, JupyterLab would ask which kernel to use.
READY = """async () => {
    const app = window.jupyterapp;
    await app.restored;
    const panel = app.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
}"""
DRAWN = '.jp-OutputArea-output img[src^="data:image/svg"]'


def drawn(page: Any) -> None:
    """Wait until all charts are there; on a slow machine JupyterLab may still ask which kernel to use."""
    for _ in range(TIMEOUT // 500):
        if page.locator(DRAWN).count() >= CHARTS:
            return
        if page.locator(".jp-Dialog button.jp-mod-accept").count():
            page.locator(".jp-Dialog button.jp-mod-accept").first.click()
        page.wait_for_timeout(500)
    picture(page, "failed")
    raise AssertionError(f"{page.locator(DRAWN).count()} of {CHARTS} charts were drawn")


def settle(page: Any) -> None:
    """Wait until the kernel has nothing left to do and what it sent is on the page."""
    page.wait_for_timeout(300)
    page.wait_for_function(f"{KERNEL}?.status === 'idle'")
    page.wait_for_timeout(700)


def picture(page: Any, name: str) -> None:
    """Keep a picture where KPIKIT_PICTURES says; without it none is kept."""
    if folder := os.environ.get("KPIKIT_PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def choose(page: Any, name: str, text: str) -> None:
    """Choose an option of a control by its text."""
    field = page.locator(".widget-dropdown", has=page.locator("label", has_text=re.compile(f"^{name}$")))
    field.locator("select").select_option(label=text)


def apply(page: Any, expected: str) -> None:
    page.get_by_role("button", name="Apply").click()
    page.wait_for_function(
        "text => document.querySelector('.jp-Notebook').innerText.includes(text)", arg=expected
    )
    settle(page)


def shown(page: Any) -> str:
    return page.locator(".jp-Notebook").inner_text()


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
