"""What a browser does with a notebook in JupyterLab: open and run it, choose, apply, and look."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.lab import Lab, Watched

TIMEOUT = 60_000


@contextmanager
def opened(lab: Lab, notebook: str, charts: int, text: str = "", timeout: int = TIMEOUT) -> Iterator[Watched]:
    """Open a notebook, run all its cells, and wait until its charts, and a text, are on the page."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import chromium

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 4600})
        seen = Watched(page)
        page.set_default_timeout(timeout)
        page.goto(lab.url(notebook))
        page.wait_for_selector(".jp-Notebook .jp-Cell")
        page.wait_for_function("window.jupyterapp")
        page.evaluate(READY)
        # Without `void` the call would wait for the cells, and without a limit.
        page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        drawn(page, charts, text, timeout)
        settle(page)
        yield seen
        browser.close()


SAYS = "text => document.querySelector('.jp-Notebook').innerText.includes(text)"
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


def drawn(page: Any, charts: int, text: str = "", timeout: int = TIMEOUT) -> None:
    """Wait for all charts and a text; on a slow machine JupyterLab may still ask which kernel to use."""
    for _ in range(timeout // 500):
        if page.locator(DRAWN).count() >= charts and page.evaluate(SAYS, text):
            return
        if page.locator(".jp-Dialog button.jp-mod-accept").count():
            page.locator(".jp-Dialog button.jp-mod-accept").first.click()
        page.wait_for_timeout(500)
    picture(page, "failed")
    raise AssertionError(f"{page.locator(DRAWN).count()} of {charts} charts were drawn; '{text}' is awaited")


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
    page.wait_for_function(SAYS, arg=expected)
    settle(page)


def shown(page: Any) -> str:
    return page.locator(".jp-Notebook").inner_text()
