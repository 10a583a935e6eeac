"""Reports of every notebook as they are mailed: opened from disk, with no way to anything but their folder.

One batch makes them all: each notebook for the company and for a rep, and the index.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kpikit.reports.export import page as make_page
from tests.browser.disk import CHARTS, FromDisk, chromium, printed, serious, undrawn
from tests.browser.pages import picture
from tests.notebooks.books import NOTEBOOKS, ROOT, SAMPLES, parameters

pytestmark = [pytest.mark.browser, pytest.mark.notebooks, pytest.mark.slow]

REP = "Ayu Lestari"
BOOKS = {book: ["company", "rep-ayu-lestari"][: 1 + ("rep" in parameters(book))] for book in NOTEBOOKS}
STEMS = [f"{book.stem.replace('_', '-')}-{member}" for book, members in BOOKS.items() for member in members]
NAMES = [f"{stem}.html" for stem in STEMS]
MOST_BYTES = 300_000


def kpikit(*words: object) -> None:
    command = [sys.executable, "-m", "kpikit", *map(str, words)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Path:
    """The folder of reports that share their assets, moved to another place after they were made."""
    place = tmp_path_factory.mktemp("disk")
    entries = [
        {"name": book.stem, "notebook": str(book), "recipient": "all", "file": "{report}-{member}"}
        | ({"for_each": ["none", "rep"], "only": {"rep": REP}} if len(members) > 1 else {})
        for book, members in BOOKS.items()
    ]
    told = {"data": str(SAMPLES), "plan": str(SAMPLES / "plan.yaml"), "reports": entries}
    (place / "schedule.yaml").write_text(yaml.safe_dump(told), encoding="utf-8")
    kpikit("report", place / "schedule.yaml", "--output", place / "out")
    shutil.move(place / "out" / "all", place / "post & ümlaut #1")
    return place / "post & ümlaut #1"


@pytest.fixture(scope="module")
def single(shared, tmp_path_factory) -> Path:
    """The same reports, each in one file: from the same run notebooks, as `--self-contained` makes them."""
    place = tmp_path_factory.mktemp("single")
    for stem in STEMS:
        told = json.loads((shared / f"{stem}.ipynb").read_text(encoding="utf-8"))
        html = make_page(told, heading=REP, title=stem, facts=["2026-Q3"], is_self_contained=True)
        (place / f"{stem}.html").write_text(html, encoding="utf-8")
    book = next(one for one in NOTEBOOKS if one.stem == "target_review")
    words = ["--data", SAMPLES, "--plan", SAMPLES / "plan.yaml", "--for-each", "none"]
    kpikit("report", book, *words, "--self-contained", "--output", place)
    assert not (place / "assets").exists()
    return place


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


def drawings(notebook: Path) -> int:
    """Count the charts that a run notebook shows."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [one for cell in cells for one in cell.get("outputs", ())]
    return sum("image/svg+xml" in one.get("data", {}) for one in outputs)


@pytest.mark.parametrize("name", [*NAMES, "index.html"])
@pytest.mark.parametrize("kind", ["shared", "single"])
def test_a_page_needs_its_folder_alone_and_everybody_can_use_it(browser, request, kind, name):
    folder = request.getfixturevalue(kind)
    seen = FromDisk(browser, folder / name)
    page = seen.page
    if name in NAMES:
        charts = drawings(request.getfixturevalue("shared") / f"{Path(name).stem}.ipynb")
        assert page.locator(CHARTS).count() == charts
    assert undrawn(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('.sheet')).borderRadius") == "10px"
    assert seen.faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, f"disk-{kind}-{Path(name).stem}")
    # A page in one file has the same elements; one of them is enough for what is about them alone.
    if kind == "shared" or name == NAMES[0]:
        assert serious(page) == []
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_weighs_little_beside_the_shared_assets(shared, name):
    assert 2_000 < (shared / name).stat().st_size < MOST_BYTES


@pytest.mark.parametrize("name", [*NAMES, "index.html"])
def test_on_paper_each_chart_is_whole(browser, shared, name):
    page = FromDisk(browser, shared / name).page
    charts = page.locator(CHARTS).count()
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 688, "height": 998})
    # What is wider than the sheet is made smaller by some browsers, and cut by others.
    assert page.evaluate("document.documentElement.scrollWidth") <= 688
    told = printed(page)
    assert told.cut == [] and dict(told.parts) == {str(place): 1 for place in range(charts)}
    assert 1 <= told.sheets <= 12
    page.close()


def test_every_notebook_that_there_is_is_looked_at(shared):
    assert {path.stem for path in shared.glob("*.ipynb")} == set(STEMS)
    assert sum(drawings(path) for path in shared.glob("*.ipynb")) >= 10


def test_what_is_outside_of_the_folder_is_refused_and_told(browser, tmp_path):
    """What the other tests rest on: a page that asks for more is found."""
    inside, outside = tmp_path / "in", tmp_path / "out.css"
    inside.mkdir()
    outside.write_text("body { color: red }")
    wanted = ["../out.css", "https://x.invalid/a.css", "http://127.0.0.1:9/a.css"]
    links = "".join(f'<link rel="stylesheet" href="{one}">' for one in wanted)
    broken = '<div class="output"><img src="data:image/png;base64,AAAA" alt="Revenue"></div>'
    page = f"<!DOCTYPE html><title>a</title>{links}{broken}<script>console.error('a')</script><input>"
    (inside / "a.html").write_text(page)
    seen = FromDisk(browser, inside / "a.html")
    for one in ("out.css", "x.invalid", "127.0.0.1:9"):
        assert any(fault.startswith("request ") and one in fault for fault in seen.faults)
    assert "a" in seen.faults
    assert seen.page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert undrawn(seen.page) == ["no picture: Revenue"]
    assert "label" in [name for name, _, _ in serious(seen.page)]


def test_a_chart_that_is_cut_by_the_end_of_a_sheet_is_found(browser, tmp_path):
    box = '<svg width="500" height="HEIGHT" style="display:block"><rect width="500" height="HEIGHT"/></svg>'
    tall, whole = box.replace("HEIGHT", "1500"), box.replace("HEIGHT", "200")
    wide = whole.replace('width="500"', 'width="3000"')
    for place, (inside, is_whole) in enumerate([(whole, True), (tall, False), (wide, False)]):
        html = f'<!DOCTYPE html><title>a</title><p>a</p><div class="output">{inside}</div>'
        (tmp_path / f"{place}.html").write_text(html)
        told = printed(FromDisk(browser, tmp_path / f"{place}.html").page)
        assert (told.cut == [] and dict(told.parts) == {"0": 1}) == is_whole
