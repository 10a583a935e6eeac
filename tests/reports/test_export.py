from __future__ import annotations

import base64
import hashlib
import re

import pytest

from kpikit.errors import ParameterError
from kpikit.reports.export import page
from kpikit.reports.results import MEDIA_TYPE
from kpikit.reports.style import write_assets

ALERT = "</script><script>alert(1)</script>"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="Revenue &amp; cost"><text>a</text></svg>'
)


def code(data: dict | None = None, *tags: str, **output) -> dict:
    shown = output or {"output_type": "display_data", "data": data}
    return {"cell_type": "code", "source": "secret = 1", "metadata": {"tags": list(tags)}, "outputs": [shown]}


def text(source: str, *tags: str) -> dict:
    return {"cell_type": "markdown", "source": source, "metadata": {"tags": list(tags)}}


def made(*cells: dict, **options) -> str:
    return page({"cells": list(cells)}, **{"heading": "Ann", "title": "How it goes", **options})


def test_a_page_holds_texts_and_outputs_and_no_code():
    html = made(text("# How it goes\n\nIn *short*."), code({"text/html": "<b>12</b>"}), text("# Later"))
    assert "<em>short</em>" in html
    assert "<b>12</b>" in html
    assert "secret" not in html
    assert re.findall(r"<h1>(.*?)</h1>", html) == ["Ann"]
    assert "<h2>Later</h2>" in html


def test_a_page_loads_nothing_and_runs_nothing():
    html = made(text("a"), code({"image/svg+xml": SVG}))
    assert "default-src 'none'" in html
    assert "<script" not in html
    assert all(
        link.startswith("data:") or link in ("index.html", "assets/kpikit.css")
        for link in re.findall(r'(?:src|href)="(.*?)"', html)
    )


def test_a_self_contained_page_needs_no_other_file():
    html = made(text("a"), code({"image/svg+xml": SVG}), is_self_contained=True)
    assert set(re.findall(r'(?:src|href)="(.*?)"', html)) == {"data:,"}
    assert ".sheet {" in html
    assert "file:" not in re.search(r"style-src-elem ([^;]*);", html)[1]


@pytest.mark.parametrize("is_self_contained", [True, False])
def test_the_policy_names_the_page_s_own_style_sheet_by_its_hash(is_self_contained):
    hostile = code({"text/html": "<style>td{color:red}</style><table><tr><td>1</td></tr></table>"})
    html = made(hostile, heading="</style>\r\n\u2028é", is_self_contained=is_self_contained)
    (own,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in html and "\r" not in own and "#o1 td{color:red}" in own


def test_raw_markup_of_an_author_is_cleaned():
    html = made(
        text("a"), text('<b onclick="x()">b</b> <script>alert(1)</script>\n\n[c](javascript:alert(1))')
    )
    assert "<b>b</b>" in html and "alert" not in html.replace("[c](javascript:alert(1))", "")


def test_what_the_pages_of_a_folder_share_is_written_into_it(tmp_path):
    write_assets(tmp_path)
    assert "@media print" in (tmp_path / "assets" / "kpikit.css").read_text()
    assert 'href="assets/kpikit.css"' in made(text("a"))


def test_assets_that_cannot_be_written_are_a_fault_of_the_folder(tmp_path):
    (tmp_path / "assets").write_text("a file")
    with pytest.raises(ParameterError, match="cannot write into"):
        write_assets(tmp_path)


def test_an_end_by_sys_exit_is_no_error_and_others_are_shown():
    exits = [
        code(output_type="error", ename="SystemExit", evalue=value, traceback=[]) for value in ("", "0", "3")
    ]
    html = made(text("a"), *exits)
    assert re.findall(r"<pre>(.*?)</pre>", html) == ["SystemExit: 3"]


@pytest.mark.parametrize("place", ["heading", "title", "facts"])
def test_hostile_text_is_escaped(place):
    html = made(text("a"), **{place: [ALERT] if place == "facts" else ALERT})
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)" in html


@pytest.mark.parametrize(
    "cell",
    [
        code({"text/plain": ALERT}),
        code({"text/markdown": ALERT}),
        code(output_type="stream", name="stdout", text=ALERT),
        code(output_type="error", ename="E", evalue=ALERT, traceback=[]),
        code({"image/svg+xml": SVG.replace("Revenue", "&quot;&gt;&lt;script&gt;")}),
    ],
    ids=["text", "markdown", "stream", "error", "picture"],
)
def test_hostile_outputs_are_escaped(cell):
    assert "<script" not in made(cell)


def test_a_picture_says_what_it_shows():
    html = made(code({"image/svg+xml": SVG, "image/png": "AAAA", "text/plain": "<Chart>"}))
    assert '<svg role="img" aria-label="Revenue &amp; cost"><text>a</text></svg>' in html
    assert "AAAA" not in html


def test_a_picture_that_is_more_than_a_chart_is_an_image_that_says_what_it_shows():
    svg = SVG.replace("<text>", "<style></style><text>")
    html = made(code({"image/svg+xml": svg}))
    assert 'alt="Revenue &amp; cost"' in html
    shown = re.search(r'src="data:image/svg\+xml;base64,(.*?)"', html)[1]
    assert base64.b64decode(shown).decode() == svg


@pytest.mark.parametrize(
    "cell",
    [
        code({"text/plain": "shown"}, "results"),
        code({"text/plain": "shown"}, "hide-cell"),
        code({"text/plain": "shown"}, "controls"),
        text("shown", "hide-cell"),
        code({MEDIA_TYPE: {}, "text/html": "shown"}),
        code({"application/vnd.jupyter.widget-view+json": {}, "text/plain": "shown"}),
        code(output_type="stream", name="stderr", text="shown"),
    ],
)
def test_what_is_for_the_analyst_alone_is_left_out(cell):
    assert "shown" not in made(text("a"), cell)


def test_colours_of_a_terminal_are_taken_out():
    assert "<pre>red</pre>" in made(code({"text/plain": "\x1b[31mred\x1b[0m"}))


def test_what_is_to_be_known_of_the_data_stands_in_the_footer():
    html = made(text("a"), notes=["Data check: 3 lines have no rep", ALERT])
    footer = html[html.index("<footer>") :]
    assert "<p>Data check: 3 lines have no rep</p>" in footer
    assert "<script" not in footer
