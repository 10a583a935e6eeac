"""Pages opened from disk in a browser that may read the files of one folder, and nothing else at all."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["CHARTS", "FromDisk", "Printed", "chromium", "printed", "serious", "undrawn"]

CHARTS = ".output > svg, .output > img"
# A4 within the margins of our pages, at 96 pixels an inch.
SHEET = {"width": 688, "height": 998}


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a browser; end it after."""
    from playwright.sync_api import sync_playwright

    from tests.conftest import chromium as path

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=["--no-sandbox"])
        yield browser
        browser.close()


class FromDisk:
    """A file opened from disk: every request for anything but a file of its folder is refused.

    `faults` has each refused request, and whatever a page says that nobody should hear: errors, warnings,
    dialogs, other windows.
    """

    def __init__(self, browser: Any, path: Path, *, width: int = 1300, has_policy: bool = True) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=not has_policy)
        self.faults: list[str] = []
        self._folder = f"{path.parent.resolve().as_uri()}/"
        said = self.faults.append
        self.page.route("**/*", self._route)
        self.page.on("console", lambda line: said(line.text) if line.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: said(str(error)))
        self.page.on("dialog", lambda dialog: (said(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("popup", lambda other: said(f"popup {other.url}"))
        self.page.on("download", lambda one: said(f"download {one.url}"))
        self.page.goto(path.resolve().as_uri())
        self.page.wait_for_timeout(100)

    def _route(self, route: Any) -> None:
        address = route.request.url
        if address.startswith("data:") or (address.startswith(self._folder) and "/../" not in address):
            route.continue_()
        else:
            self.faults.append(f"request {address[:300]}")
            route.abort()


UNDRAWN = """all => all.map(one => {
    const box = one.getBoundingClientRect();
    if (one.tagName === 'IMG')
        return one.complete && one.naturalWidth > 100 && box.height > 40 ? '' : `no picture: ${one.alt}`;
    const marks = [...one.querySelectorAll('path, rect, line, circle, text')].filter(mark => {
        const drawn = mark.getBoundingClientRect();
        return drawn.width + drawn.height > 2 && drawn.right <= box.right + 2 && drawn.left >= box.left - 2;
    });
    return box.width > 200 && box.height > 40 && marks.length > 5 ? '' : `not drawn: ${one.ariaLabel}`;
}).filter(one => one)"""


def undrawn(page: Any) -> list[str]:
    """Name the charts of a page that cannot be seen."""
    return page.eval_on_selector_all(CHARTS, UNDRAWN)


def serious(page: Any) -> list[tuple[str, str, list[str]]]:
    """Name what axe-core calls serious or critical, each table of a chart opened."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    # Its script is run by the browser's tools, which the policy of the page does not bind.
    found = Axe().run(page).response["violations"]
    return [(one["id"], one["impact"], [node["html"][:200] for node in one["nodes"][:3]])
            for one in found if one["impact"] in ("serious", "critical")]  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """What a page is on paper: how many sheets, and on how many of them each chart stands, and its shape."""

    sheets: int
    parts: Counter[str]
    cut: list[str]


# A link around each chart: the file of a print tells where its parts stand.
MARK = """selector => [...document.querySelectorAll(selector)].map((one, place) => {
    const box = one.getBoundingClientRect(), link = document.createElement('a');
    link.href = `https://chart.invalid/${place}`;
    link.style.cssText = 'display: block; width: fit-content; max-width: 100%';
    one.replaceWith(link);
    link.append(one);
    return box.width / box.height;
})"""


def printed(page: Any) -> Printed:
    """Print a page on A4 and find its charts there; the page is changed by this."""
    shapes = page.evaluate(MARK, CHARTS)
    content = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/Type /Page\b.*?/MediaBox \[([\d. ]+)\]", content, re.DOTALL)
    found = re.findall(
        rb"/Subtype /Link\s.{0,120}?/Rect \[([-\d. ]+)\].{0,80}?/URI \(https://chart.invalid/(\d+)\)",
        content,
        re.DOTALL,
    )
    _, _, width, height = map(float, (boxes[0] if boxes else b"0 0 595 842").split())
    parts, cut = Counter(), list[str]()
    for rect, number in found:
        left, low, right, high = map(float, rect.split())
        parts[number.decode()] += 1
        shape = (right - left) / (high - low)
        is_inside = left >= 0 and low >= 0 and right <= width and high <= height
        if not is_inside or abs(shape / shapes[int(number)] - 1) > 0.03:
            cut.append(f"chart {number.decode()}: {rect.decode()} of shape {shapes[int(number)]:.2f}")
    return Printed(len(boxes), parts, cut)
