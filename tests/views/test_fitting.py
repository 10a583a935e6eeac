"""Pictures leave room for their texts in a wider font."""

from __future__ import annotations

import re

import pytest

from kpikit.views.fitting import fitted

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="20" viewBox="0 0 100 20">'


def box(inside: str, head: str = HEAD) -> tuple[float, ...]:
    found = re.search(r'width="([^"]*)".*?viewBox="([^"]*)"', fitted(f"{head}{inside}</svg>"))
    return float(found[1]), *map(float, found[2].split())


# Four letters of 0.635 at 10 pixels are 25.4 wide, bold 28.448; four pixels are left beside.
@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ('<text font-size="10px" transform="translate(50,9)">none</text>', (100, 0, 0, 100, 20)),
        ('<text font-size="10px" transform="translate(90,9)">none</text>', (119.4, 0, 0, 119.4, 20)),
        ('<text font-size="10px" font-weight="bold" transform="translate(90,9)">none</text>',
         (122.448, 0, 0, 122.448, 20)),
        ('<text font-size="10px" text-anchor="end" transform="translate(9,9)">none</text>',
         (120.4, -20.4, 0, 120.4, 20)),
        ('<text font-size="10px" text-anchor="middle" transform="translate(95,9)">none</text>',
         (111.7, 0, 0, 111.7, 20)),
        ('<g transform="translate(60,0)"><g transform="translate(30,2)"><text font-size="10px">none</text>'
         "</g></g><g transform='translate(50,2)'><text>a</text></g>", (119.4, 0, 0, 119.4, 20)),
        ('<text font-size="10px" transform="translate(90,9)"><tspan>one</tspan>'
         '<tspan x="0" dy="9">none</tspan></text>', (119.4, 0, 0, 119.4, 20)),
        ('<text font-size="10px" transform="translate(90,9) rotate(-90)">none none</text>',
         (100, 0, 0, 100, 20)),
    ],
)  # fmt: skip
def test_it_is_as_wide_as_its_texts(inside, expected):
    assert box(inside) == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    "svg", ["", "<svg", "no picture", f"{HEAD}<text>a</b></svg>", "<svg><text>a</text></svg>"]
)
def test_what_is_no_picture_stays_as_it_is(svg):
    assert fitted(svg) == svg


def test_all_else_stays_as_it_was():
    inside = '<text font-size="10px" transform="translate(90,9)">Ann &amp; &lt;Bo&gt;</text>'
    assert fitted(f"{HEAD}{inside}</svg>").partition(">")[2] == f"{inside}</svg>"
