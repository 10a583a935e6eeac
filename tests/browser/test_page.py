"""Pages in a real Chromium, opened from disk: they load nothing, run nothing, and everybody can use them."""

from __future__ import annotations

import html as markup
import os
import re
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from kpikit.reports.export import page as make_page
from kpikit.reports.index import write_index
from kpikit.reports.job import Batch, Job
from kpikit.reports.results import Results
from kpikit.reports.running import Failure, Outcome
from kpikit.reports.style import write_assets
from kpikit.views.cards import cards
from kpikit.views.charts import attainment_chart, breakdown_chart
from kpikit.views.courses import path_chart, trend_chart
from kpikit.views.display import notice
from kpikit.views.tables import members_table
from tests.attacks import ATTACKS
from tests.naughty import strings
from tests.views.frames import NAN, attained, months

pytestmark = pytest.mark.browser

LOOKS = {"currency": "USD", "language": "en"}
MONEY = LOOKS | {"unit": "money"}


def output(shown: Any) -> dict[str, Any]:
    data = shown if isinstance(shown, dict) else shown._repr_mimebundle_()
    return {"output_type": "display_data", "data": data}


def code(*shown: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": "", "metadata": {}, "outputs": [output(one) for one in shown]}


def text(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}}


def measured(kpi: str, labels: list[str], by: str) -> pd.DataFrame:
    rows = [
        {"kpi": kpi, "convention": None, by: one, "value": 10.0 + place, "reference": 9.0,
         "change": 1.0 + place, "change_ratio": (1 + place) / 9, "n": 1, "note": ""}
        for place, one in enumerate(labels)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def parts(labels: list[str], said: str) -> list[dict[str, Any]]:
    """A report as our notebooks make it, in which members and groups have these labels."""
    members = attained(*((one, 90 + place, 100, "reached") for place, one in enumerate(labels)))
    days = pd.date_range("2026-07-01", "2026-09-30")
    way = pd.DataFrame({"day": days, "actual": range(92), "expected": [0.9 * one for one in range(92)]})
    way["actual"] = way["actual"].astype(float).where(way["day"] <= "2026-08-31")
    told = {"title": said, "subtitle": said}
    return [
        text("# A report\n\nIn short."),
        text("## Where we stand"),
        code(cards(measured("revenue", ["all"], "rep"), title=said, reference="2026-Q2", **LOOKS)),
        text("## Who reaches the target"),
        code(attainment_chart(members, **told, **MONEY)),
        text("## The way"),
        code(path_chart(way, kpi="revenue", target=82.8, as_of=date(2026, 8, 31), **told, **MONEY)),
        code(trend_chart(months([3e3, 2e3], [1e3, NAN]), kpi="revenue", grain="month", **told, **MONEY)),
        text("## Where it comes from"),
        *(
            code(
                breakdown_chart(
                    measured("revenue", labels, by), kpi="revenue", by=by, most=len(labels), **told, **MONEY
                )
            )
            for by in ("product", "region")
        ),
        text("## Side by side"),
        code(
            members_table(
                measured("revenue", labels, "rep"), measured("revenue", ["all"], "rep"), members,
                whole="All together", notes=[said], **told, **LOOKS,
            ),
            notice(said),
            {"text/html": pd.DataFrame({"customer": labels, "value": 1}).to_html(), "text/plain": ""},
        ),
    ]  # fmt: skip


def write(folder: Path, name: str, cells: list[dict[str, Any]], **options: Any) -> Path:
    told = {"heading": "Ayu", "title": "A report", "facts": ["2026-Q3"], "notes": ["A note"]} | options
    write_assets(folder)
    path = folder / name
    path.write_text(make_page({"cells": cells}, **told), encoding="utf-8", errors="replace")
    return path


@pytest.fixture(scope="module")
def browser(chromium_path) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield started
        started.close()


class Opened:
    """A page opened from disk, which remembers what went wrong and what it asked for."""

    def __init__(self, browser: Any, path: Path, width: int = 1300) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.faults: list[str] = []
        own = (path.as_uri(), f"{path.parent.as_uri()}/assets/", "data:")
        said = self.faults.append
        self.page.on("console", lambda line: said(line.text) if line.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: said(str(error)))
        self.page.on("dialog", lambda dialog: (said(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on(
            "request", lambda asked: None if asked.url.startswith(own) else said(f"request {asked.url}")
        )
        self.page.on("popup", lambda other: said(f"popup {other.url}"))
        self.page.goto(path.as_uri())

    def keep(self, name: str) -> None:
        """Keep a picture where KPIKIT_PICTURES says."""
        if folder := os.environ.get("KPIKIT_PICTURES"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


PEOPLE = ["Ayu Lestari", "José Ramírez", "Ni Komang Ariani"]


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    return write(
        tmp_path_factory.mktemp("pages"), "rep-ayu.html", parts(PEOPLE, "Revenue reached its target")
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory) -> Path:
    def job(kind: str, label: str, stem: str) -> Job:
        return Job(kind, label, stem, Path("a.ipynb"), {}, label, "A report")

    columns = ["kpi", "actual", "target_value", "attainment", "status", "unit"]
    found = Results(columns, [["revenue", "1200", "1000", "1.2", "reached", "money"]])
    jobs = (job("company", "", "company"), job("rep", "Ayu", "rep-ayu"), job("rep", "<b>Bo", "rep-bo"))
    batch = Batch(jobs, "A report", "Acme & <Sons>", "USD", ("2026-Q3",))
    outcomes = [Outcome(jobs[0], found, None, 1.0), Outcome(jobs[1], found, None, 1.0)]
    outcomes.append(Outcome(jobs[2], None, Failure("ValueError: <script>alert(1)</script>"), 1.0))
    return write_index(batch, outcomes, tmp_path_factory.mktemp("index"))


def test_a_page_and_its_style_sheet_are_all_that_is_read(browser, report):
    seen = Opened(browser, report)
    assert seen.faults == []
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.sheet')).borderRadius") == "10px"
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.gt_title')).fontWeight") == "700"
    cards_in_a_row = "getComputedStyle(document.querySelector('section > div + div')).display"
    assert seen.page.evaluate(cards_in_a_row) == "grid"
    seen.keep("page-1300")


def test_a_self_contained_page_looks_the_same_alone(browser, tmp_path):
    path = write(tmp_path, "alone.html", parts(PEOPLE, "Revenue"), is_self_contained=True)
    (tmp_path / "assets" / "kpikit.css").unlink()
    seen = Opened(browser, path)
    assert seen.faults == []
    assert seen.page.evaluate("getComputedStyle(document.querySelector('.sheet')).borderRadius") == "10px"


POINTED_AT = """place => {
    const mark = document.elementFromPoint(place.x, place.y);
    return mark?.querySelector(':scope > title')?.textContent ?? '';
}"""


def pointed_at(page: Any, chart: int, x: float, y: float) -> str:
    """What a pointer finds at a place of a chart, given as shares of its width and height."""
    drawn = page.locator(".output svg").nth(chart)
    drawn.scroll_into_view_if_needed()
    box = drawn.bounding_box()
    place = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
    return page.evaluate(POINTED_AT, place)


def test_a_pointer_finds_the_figures_of_a_mark(browser, report):
    page = Opened(browser, report).page
    bar = page.locator(".output svg").first.locator("path:has(> title)").first
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    told = page.evaluate(POINTED_AT, place)
    assert told == "Ni Komang Ariani: actual $92.00, target $100, attainment 92% (● reached)"


def test_a_pointer_finds_the_day_wherever_it_is_above_it(browser, report):
    page = Opened(browser, report).page
    # The plot is 580 of 840 pixels wide, from the 66th on: the middle is the 46th of 92 days.
    found = {pointed_at(page, 1, 0.45, y) for y in (0.4, 0.55, 0.7)}
    (told,) = found
    assert re.fullmatch(r"\d+ Aug 2026: actual \$[\d.]+, expected \$[\d.]+, target \$82\.80", told)
    later = pointed_at(page, 1, 0.72, 0.5)
    assert re.match(r"\d+ Sep 2026: expected", later)


def test_the_figures_of_a_chart_are_reached_by_keys_alone(browser, report):
    page = Opened(browser, report).page
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    table = page.locator("details.figures table").first
    assert table.is_visible()
    assert table.locator("tbody tr").count() == 3
    assert table.locator("tbody th[scope=row]").first.inner_text() == "Ni Komang Ariani"


@pytest.mark.slow
def test_hostile_text_of_the_data_stays_text(browser, tmp_path):
    labels = [*strings(), *ATTACKS]
    labels = [one for one in labels if len(one) < 2_000]
    assert len(labels) > 600
    said = " ".join(ATTACKS[:40])
    told = {"heading": ATTACKS[0], "title": ATTACKS[1], "facts": ATTACKS, "notes": ATTACKS}
    for name, cells in {
        "rep.html": parts(labels, said),
        "short.html": parts(ATTACKS[:9], ATTACKS[3]),
    }.items():
        path = write(tmp_path, name, cells, **told)
        for opened in (path, unguarded(path)):
            seen = Opened(browser, opened)
            seen.page.wait_for_timeout(300)
            assert seen.faults == []
            assert seen.page.evaluate("document.scripts.length") == 0
            seen.page.close()


def test_hostile_markup_of_a_notebook_does_nothing(browser, tmp_path):
    """Not even where the page's own policy does not forbid it."""
    shown = [{"text/html": one, "text/plain": "a"} for one in ATTACKS]
    shown += [{"text/markdown": one} for one in ATTACKS]
    shown += [{"image/svg+xml": one} for one in ATTACKS if one.startswith("<svg")]
    path = write(tmp_path, "own.html", [*map(text, ATTACKS), *map(code, shown)])
    for opened in (path, unguarded(path)):
        seen = Opened(browser, opened)
        for kind in ("mouseover", "click", "focus", "toggle", "animationstart"):
            everywhere = "kind => document.querySelectorAll('main *:not(a, summary)').forEach("
            seen.page.evaluate(f"{everywhere} one => one.dispatchEvent(new Event(kind)))", kind)
        seen.page.wait_for_timeout(300)
        assert seen.faults == []
        outside = (
            "[...document.querySelectorAll('script, iframe, object, embed, form, meta[http-equiv=refresh]')]"
        )
        assert seen.page.evaluate(f"{outside}.map(one => one.outerHTML)") == []


COVER = "background:#fff;width:2000px;height:2000px"
COVERS = [
    f'<div style="margin:-900px 0 0 -900px;{COVER}">a</div>',
    f'<div style="height:0"><div style="{COVER}">a</div></div>',
    f"<style>div{{margin-top:-900px;height:0}} p{{{COVER}}}</style><div><p>a</p></div>",
    f'<table style="margin-bottom:-900px"><tr><td style="{COVER}">a</td></tr></table>',
    f'<p style="text-indent:-900px;line-height:1;{COVER}">a</p>',
]


@pytest.mark.parametrize("cover", COVERS)
def test_an_output_lies_over_nothing_else(browser, tmp_path, cover):
    cells = [
        text("# A report"),
        text("Above, in words."),
        code({"text/html": cover}),
        text("Below, in words."),
    ]
    page = Opened(browser, write(tmp_path, "a.html", cells)).page
    shown = """one => {
        one.scrollIntoView({block: 'center'});
        const box = one.getBoundingClientRect();
        return one.contains(document.elementFromPoint(box.left + 20, box.top + box.height / 2));
    }"""
    paragraphs = page.locator(".text p")
    assert paragraphs.count() == 2
    assert [paragraphs.nth(place).evaluate(shown) for place in (0, 1)] == [True, True]
    assert page.locator("h1").evaluate(shown)


def unguarded(path: Path) -> Path:
    """The page without its policy: what it holds must be harmless by itself."""
    html = path.read_text(encoding="utf-8")
    plain = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    assert plain != html
    other = path.with_name(f"plain-{path.name}")
    other.write_text(plain, encoding="utf-8")
    return other


@pytest.mark.slow
def test_labels_are_shown_as_they_are(browser, tmp_path):
    labels = [one for one in strings() if one.isprintable() and one.split() == [one] and len(one) < 40]
    assert len(labels) > 200
    seen = Opened(browser, write(tmp_path, "a.html", parts(labels, "a")))
    found = seen.page.eval_on_selector_all(
        "table.dataframe td:first-of-type", "all => all.map(e => e.textContent)"
    )
    assert found == labels


@pytest.mark.parametrize("width", [1300, 700])
@pytest.mark.parametrize("name", ["report", "index"])
def test_nothing_serious_keeps_anybody_from_using_a_page(browser, request, name, width):
    from axe_playwright_python.sync_playwright import Axe

    seen = Opened(browser, request.getfixturevalue(name), width)
    assert seen.faults == []
    for one in seen.page.locator("summary").all():
        one.click()
    # Its script is run by the browser's tools, which the policy of the page does not bind.
    found = Axe().run(seen.page).response["violations"]
    serious = [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found
               if one["impact"] in ("serious", "critical", "moderate")]  # fmt: skip
    assert serious == []
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    seen.keep(f"{name}-{width}")


def test_a_page_has_a_language_landmarks_and_headings_in_order(browser, report):
    page = Opened(browser, report).page
    assert page.get_attribute("html", "lang") == "en"
    for one in ("nav", "main", "footer"):
        assert page.locator(one).count() == 1
    levels = page.eval_on_selector_all("h1, h2, h3, h4, h5, h6", "all => all.map(one => +one.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(two - one <= 1 for one, two in pairwise(levels))


def test_paper_has_charts_that_are_whole_and_no_tables_that_were_not_opened(browser, report):
    page = Opened(browser, report).page
    page.locator("summary").first.click()
    page.emulate_media(media="print")
    assert [one.is_visible() for one in page.locator("details.figures").all()] == [True] + [False] * 4
    assert not page.locator("nav").is_visible() and not page.locator("summary").first.is_visible()
    # A4 within its margins, at 96 pixels an inch.
    page.set_viewport_size({"width": 688, "height": 998})
    heights = page.eval_on_selector_all(
        ".output svg", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert max(heights) < 998
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
    assert 2 <= sheets <= 5


def test_a_page_of_many_members_prints_its_chart_on_one_sheet(browser, tmp_path):
    many = [f"Member {place:03}" for place in range(120)]
    page = Opened(browser, write(tmp_path, "many.html", parts(many, "a"))).page
    page.emulate_media(media="print")
    heights = page.eval_on_selector_all(
        ".output svg", "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert max(heights) < 998
    # Three charts and two tables of all of them: a page of ours has one.
    assert (tmp_path / "many.html").stat().st_size < 400_000


def test_a_title_above_each_sheet_cannot_end_the_style_sheet(browser, tmp_path):
    seen = Opened(browser, write(tmp_path, "a.html", [text("a")], heading='"} * { color: red } </style>\\'))
    assert seen.faults == []
    assert seen.page.evaluate("getComputedStyle(document.querySelector('h1')).color") != "rgb(255, 0, 0)"
    assert markup.escape('"} * { color: red }') in markup.escape(seen.page.locator("h1").inner_text())
