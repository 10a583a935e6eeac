"""Charts in a page: drawn into it with figures at each mark, a table below, and nothing active."""

from __future__ import annotations

import re

import pytest

from kpikit.reports import vega
from kpikit.reports.drawings import inline, table_of
from kpikit.reports.export import page
from kpikit.views.display import Picture, Table

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
BAR = {
    "mark": "bar",
    "data": {"values": [{"a": "Ann <b>", "n": 3, "told": "Ann <b>: $3 of $4"}]},
    "encoding": {
        "x": {"field": "n", "type": "quantitative"},
        "y": {"field": "a", "type": "nominal"},
        "description": {"field": "told"},
    },
}
PICTURE = Picture(BAR, "A title", "A description", Table(("Rep", "n"), (("Ann <b>", "3"),), "A title", "all"))


def shown(*bundles: dict, **options) -> str:
    outputs = [{"output_type": "display_data", "data": one} for one in bundles]
    cell = {"cell_type": "code", "source": "", "metadata": {}, "outputs": outputs}
    return page({"cells": [cell]}, heading="Ann", title="How it goes", **options)


def test_each_mark_tells_its_figures_where_it_is_pointed_at():
    html = shown(PICTURE._repr_mimebundle_())
    marks = re.findall(r"<path[^>]*><title>(.*?)</title></path>", html)
    assert marks == ["Ann &lt;b&gt;: $3 of $4"]


def test_the_whole_of_a_chart_has_a_label_and_no_title_of_its_own():
    html = shown(PICTURE._repr_mimebundle_())
    assert '<svg class="' not in html and 'role="img" aria-label="A title">' in html
    assert "<title>A title</title>" not in html
    assert html.count("aria-label=") == 3  # of the link above, the chart and its table


def test_a_chart_has_its_table_below_with_headings_of_columns_and_rows():
    html = shown(PICTURE._repr_mimebundle_())
    assert "<summary>Table: A title</summary>" in html
    assert '<caption>A title <span class="soft">all</span></caption>' in html
    assert '<tr><th scope="col">Rep</th><th scope="col">n</th></tr>' in html
    assert '<tr><th scope="row">Ann &lt;b&gt;</th><td>3</td></tr>' in html
    assert "A description" not in html  # the table says it


def test_a_chart_without_a_table_keeps_its_description():
    html = shown(Picture(BAR, "A title", "A description")._repr_mimebundle_())
    assert "<desc>A description</desc>" in html and "<details" not in html


@pytest.mark.parametrize(
    "data",
    [None, [], "a", {"title": "a"}, {"title": "a", "subtitle": "", "headings": [], "rows": []},
     {"title": "a", "subtitle": "", "headings": 3, "rows": []},
     {"title": "a", "subtitle": "", "headings": ["a"], "rows": [3]}],
)  # fmt: skip
def test_what_is_no_table_leaves_none(data):
    assert table_of(data, "o1") == ""


def test_pictures_of_a_page_do_not_share_ids():
    svg = (
        f'{HEAD}><defs><clipPath id="clip0"><rect width="9" height="9"/></clipPath></defs>'
        '<g clip-path="url(#clip0)"><path d="M0" fill="rgb(1, 2, 3)" transform="translate(1,2)"/></g></svg>'
    )
    html = shown({"image/svg+xml": svg}, {"image/svg+xml": svg})
    assert re.findall(r'clipPath id="(.*?)"', html) == ["o1-clip0", "o2-clip0"]
    assert re.findall(r"url\((.*?)\)", html) == ["#o1-clip0", "#o2-clip0"]
    assert len(re.findall(r' id="([^"]*)"', html)) == len(set(re.findall(r' id="([^"]*)"', html)))


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<a href="javascript:alert(1)"><text>a</text></a>',
        '<a xlink:href="https://x.invalid"><text>a</text></a>',
        "<foreignObject><p>a</p></foreignObject>",
        '<image href="https://x.invalid/a.png"/>',
        '<use href="https://x.invalid/a.svg#b"/>',
        '<path d="M0" onclick="alert(1)"/>',
        '<path d="M0" style="fill:url(https://x.invalid)"/>',
        '<path d="M0" fill="url(https://x.invalid/a.svg#b)"/>',
        '<path d="M0" fill="\\75rl(https://x.invalid)"/>',
        "<style>*{fill:url(https://x.invalid)}</style>",
        '<animate attributeName="href" to="javascript:alert(1)"/>',
        '<set attributeName="onclick" to="alert(1)"/>',
        '<p xmlns="http://www.w3.org/1999/xhtml">a</p>',
        '<script xmlns="http://www.w3.org/1999/xhtml">alert(1)</script>',
        '<svg><script/></svg>',
        "<g>" * 100 + "</g>" * 100,
        "<g>",
        "&nbsp;",
    ],
)  # fmt: skip
def test_what_a_chart_does_not_need_makes_the_picture_an_image(inside):
    svg = f"{HEAD}>{inside}</svg>"
    assert inline(svg, "o1") is None
    html = shown({"image/svg+xml": svg})
    assert '<img src="data:image/svg+xml;base64,' in html and "<svg" not in html


def test_entities_that_stand_for_a_text_without_end_are_not_read():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + f"{HEAD}><text>&b;</text></svg>"
    assert inline(bomb, "o1") is None


def test_hostile_text_in_a_chart_stays_text():
    text = "&lt;/text&gt;&lt;img src=x onerror=alert(1)&gt;"
    svg = f'{HEAD} aria-label="&lt;/svg&gt;&quot;"><text>{text}</text></svg>'
    told = inline(svg, "o1")
    assert "<img" not in told and told.count("</svg>") == 1 and 'aria-label="&lt;/svg&gt;&quot;"' in told


def test_letters_that_xml_does_not_know_are_left_out():
    assert "<text>ab</text>" in inline(f"{HEAD}><text>a\x01\x0b\ufffeb</text></svg>", "o1")


def test_a_picture_that_is_none_cannot_leave_its_element():
    html = shown({"image/png": '" onerror="alert(1)', "text/plain": "in words"})
    assert "onerror" not in html and "<pre>in words</pre>" in html


@pytest.mark.parametrize("kind", ["application/vnd.vegalite.v6.json", "application/vnd.vegalite.v5+json"])
def test_a_chart_of_a_notebook_s_own_is_drawn(kind):
    html = shown({kind: BAR, "text/plain": "alt.Chart(...)"})
    assert "<title>Ann &lt;b&gt;: $3 of $4</title>" in html and "alt.Chart" not in html


@pytest.mark.parametrize(
    "chart",
    [
        {"mark": "nonsense"},
        "text",
        {},
        BAR | {"data": {"url": "https://x.invalid/a.csv"}},
        {"layer": [BAR | {"data": {"url": "file:///etc/passwd", "format": {"type": "csv"}}}]},
    ],
)
def test_a_chart_that_cannot_be_drawn_is_told_in_words(chart):
    html = shown({"application/vnd.vegalite.v6.json": chart, "text/plain": "in words"})
    assert "<pre>in words</pre>" in html


def test_a_chart_that_takes_too_long_is_given_up():
    assert vega.drawn("vegalite", BAR, seconds=0.01) == ""


def test_html_that_is_nothing_without_its_script_is_told_in_words():
    chart = (
        '<div id="altair-viz-1"></div><script src="https://x.invalid/vega.js"></script><style>#a{}</style>'
    )
    html = shown({"text/html": chart, "text/plain": "alt.Chart(...)"})
    assert "<pre>alt.Chart(...)</pre>" in html and "script" not in html and "x.invalid" not in html
