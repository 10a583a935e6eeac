"""Markup of anybody's is cleaned: what it looks like stays, what acts, loads or lies over does not."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pandas as pd
import pytest
from great_tables import GT

from kpikit.reports.drawings import described
from kpikit.reports.markup import clean
from kpikit.views.cards import cards
from tests.attacks import ATTACKS
from tests.naughty import strings

# Written out here, so that a tag that is added by mistake is found.
_TAGS = """
a abbr article aside b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em
figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp section small span strong sub
summary sup table tbody td tfoot th thead time tr u ul var wbr
"""
_ATTRIBUTES = """
abbr align alt aria-describedby aria-hidden aria-label aria-labelledby class colspan datetime dir headers
height href id lang open rel reversed rowspan scope span src start style title valign width
"""
HARMLESS, INERT = _TAGS.split(), _ATTRIBUTES.split()


class Reader(HTMLParser):
    """Names what is active in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in HARMLESS:
            self.faults.append(tag)
        for name, value in attrs:
            value = re.sub(r"[\t\r\n]", "", value or "").strip("".join(map(chr, range(33)))).lower()
            if name not in INERT:
                self.faults.append(name)
            scheme = re.match(r"[a-z][a-z0-9+.-]*(?=:)", value)
            if name == "href" and scheme and scheme[0] not in ("http", "https", "mailto"):
                self.faults.append(value)
            if name == "src" and not value.startswith("data:image/"):
                self.faults.append(value)
            if name == "style" and REACHES.search(value):
                self.faults.append(value)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"comment {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


REACHES = re.compile(
    r"url\s*\(|image|expression|@|\\|position|behavior|binding|content:|<|--x", re.IGNORECASE
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_active_is_left_of_an_attack(attack):
    html, style = clean(f"before {attack}", "o1")
    assert Reader(html).faults == []
    assert not REACHES.search(style)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_clean_stays_as_it_is_when_it_is_cleaned_again(attack):
    once, _ = clean(attack, "o1")
    again, _ = clean(once, "o1")
    assert re.sub("o1-o1-", "o1-", again) == once


def test_strings_that_programs_stumble_over_leave_nothing_active():
    for text in strings():
        assert Reader(clean(f"<p>{text}</p>", "o1")[0]).faults == []


def test_text_and_tables_stay():
    html = (
        '<h2>A</h2><table class="plain"><caption>C</caption><thead><tr><th scope="col" colspan="2">B</th>'
        '</tr></thead><tbody><tr><th scope="row">R</th><td rowspan="1">1 &lt; 2</td></tr></tbody></table>'
    )
    assert clean(html, "o1") == (html, "")


def test_the_first_heading_is_the_page_s():
    assert clean("<h1>A</h1>", "o1")[0] == "<h2>A</h2>"


def test_ids_and_what_names_them_are_the_piece_s_own():
    html = '<table id="t" aria-labelledby="a b"><tbody><tr><td headers="a">1</td></tr></tbody></table>'
    kept = '<table id="o7-t" aria-labelledby="o7-a o7-b"><tbody><tr><td headers="o7-a">1</td></tr></tbody>'
    assert clean(html, "o7")[0] == f"{kept}</table>"


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        ("td { color: red }", "#o1 td{color:red}"),
        ("#t th, td.x > b { padding : 1px  2px ; }", "#o1 #o1-t th,#o1 td.x > b{padding:1px 2px}"),
        ("body, html { color: red }", "#o1 body,#o1 html{color:red}"),
        ("td { position: fixed; color: red }", "#o1 td{color:red}"),
        ("td { background-color: url(x); color: red }", "#o1 td{color:red}"),
        ("td { color: \\72 ed }", ""),
        ("@import 'x'; td { color: red }", "#o1 td{color:red}"),
        ("@media print { td { color: red } } th { color: red }", "#o1 th{color:red}"),
        ("@font-face { font-family: x; src: url(y) } th { color: red }", "#o1 th{color:red}"),
        ("td { color: red /* } */ } /* b { color: red } */", "#o1 td{color:red}"),
        ("td { color: red", ""),
    ],
)
def test_a_style_sheet_keeps_to_its_piece_and_to_what_is_harmless(sheet, kept):
    assert clean(f"<style>{sheet}</style>", "o1")[1] == kept


def test_cards_look_the_same():
    figures = pd.DataFrame(
        {"kpi": ["revenue"], "convention": [None], "value": [12.0], "reference": [10.0], "change": [2.0],
         "change_ratio": [0.2], "note": [""]}
    )  # fmt: skip
    html = cards(figures, title="A <b>", reference="2026-Q2", currency="USD", language="en").html

    def plain(text: str) -> str:
        return re.sub(r"\s*([:;,])\s*", r"\1", text).replace("&#x27;", "'").replace("&quot;", '"')

    assert plain(clean(html, "o1")[0]) == plain(html)


def test_a_table_of_great_tables_keeps_each_rule_of_its_style():
    html = GT(pd.DataFrame({"a": ["<b>"], "b": [2]}), id="t").tab_header(title="T").as_raw_html()
    done, style = clean(html, "o1")
    assert "&lt;b&gt;" in done and 'class="gt_row gt_right"' in done and 'id="o1-t"' in done
    wanted = {
        name.strip()
        for selectors in re.findall(r"([^{}]*)\{", html[html.index("<style>") + 7 : html.index("</style>")])
        for name in re.findall(r"\.gt_\w+", selectors)
    }
    assert len(wanted) > 25
    assert wanted - set(re.findall(r"\.gt_\w+", style)) == set()


def test_a_styled_frame_of_pandas_keeps_its_colours():
    html = pd.DataFrame({"a": [1]}).style.map(lambda _: "background-color: #ff0").set_uuid("u").to_html()
    done, style = clean(html, "o1")
    assert "#o1 #o1-T_u_row0_col0{background-color:#ff0}" in style
    assert 'id="o1-T_u_row0_col0"' in done


def test_a_picture_within_stays_as_a_picture_and_one_from_elsewhere_goes():
    inner = clean('<svg xmlns="http://www.w3.org/2000/svg"><text>a</text></svg>', "o1")[0]
    assert inner.startswith('<img src="data:image/svg+xml;base64,')
    assert clean('<img src="https://x.invalid/a.png" alt="A">', "o1")[0] == '<img alt="A">'


def test_what_is_nested_without_end_is_left_out():
    assert clean("<div>" * 5_000 + "a", "o1") == ("", "")


ENDLESS = [
    "<style>",
    "<svg>",
    "<svg ",
    "<!>",
    "<!--",
    "<![",
    "<title ",
    "</style ",
    "<a ",
    "/*",
    "a(",
    "@a{",
    "&",
]


@pytest.mark.parametrize("part", ENDLESS)
def test_what_begins_without_end_takes_no_longer_than_it_is_long(part):
    """Where each beginning is followed to the end, one of these takes hours."""
    text = part * 40_000
    for html in (text, f"<style>{text}</style>b", f"<style>a{{{text}", f'<p style="color:{text}">b</p>'):
        assert Reader(clean(html, "o1")[0]).faults == []
    assert described(f"{text}x") == ""
    assert described(f'{text}><svg aria-label="A">') in ("A", "")


@pytest.mark.parametrize(
    ("sheet", "kept"),
    [
        ("/* a /* b */ td { color: red }", "#o1 td{color:red}"),
        ("td { color: red } /* b { color: red }", "#o1 td{color:red}"),
        ("/*/ td { color: red } */ th { color: red }", "#o1 th{color:red}"),
        ("b { c { td { color: red } } }", "#o1 td{color:red}"),
    ],
)
def test_comments_and_rules_are_read_as_browsers_do(sheet, kept):
    assert clean(f"<style>{sheet}</style>", "o1")[1] == kept
