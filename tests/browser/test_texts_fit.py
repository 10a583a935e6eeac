"""No text of a chart is cut in Chromium, with the fonts that it finds."""

from __future__ import annotations

import pytest

from kpikit.views.team import open_view
from tests.conftest import chromium
from tests.notebooks.books import SAMPLES

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# How far each text reaches beyond its picture, to the left or to the right, in pixels.
BEYOND = """() => [...document.querySelectorAll('svg')].flatMap(svg => {
    const box = svg.getBoundingClientRect();
    return [...svg.querySelectorAll('text')].filter(one => one.textContent.trim()).map(one => {
        const own = one.getBoundingClientRect();
        return [one.textContent, Math.max(box.left - own.left, own.right - box.right)];
    });
})"""


@pytest.mark.parametrize("font", ["'DejaVu Sans'", "'Liberation Sans'", "monospace"])
@pytest.mark.parametrize("asked", [{"rep": "Ayu Lestari"}, {"language": "id", "team": "Bali"}])
def test_every_text_is_inside_its_picture(font, asked):
    from playwright.sync_api import sync_playwright

    view = open_view(SAMPLES, SAMPLES / "plan.yaml", period="2026-Q3", **asked)
    names = ["attainment", "path", "trend", "breakdown", "contribution", "statuses"]
    drawn = "".join(view.drawn(name).svg for name in names)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.set_content(f"<style>text {{ font-family: {font} !important }}</style>{drawn}")
        found = page.evaluate(BEYOND)
        browser.close()
    assert len(found) > 100
    # A monospaced font is wider than any that a page names: it shows that the measure can fail.
    cut = [text for text, beyond in found if beyond > 1]
    assert bool(cut) == (font == "monospace"), cut
