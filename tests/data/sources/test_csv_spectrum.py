"""The dozen ways to write CSV that readers are known to stumble over, after the cases of `csv-spectrum`.

The files are our own; what they must give is stated by hand. An empty value is nothing.
"""

from __future__ import annotations

import pytest

from kpikit.data.sources.opening import open_source
from kpikit.data.sources.place import Place

CASES: dict[str, tuple[str, list[dict[str, str | None]]]] = {
    "comma in quotes": (
        'given,family,street,town,code\nAyu,Lestari,"Jl. Raya","Ubud, Bali",080571',
        [{"given": "Ayu", "family": "Lestari", "street": "Jl. Raya", "town": "Ubud, Bali", "code": "080571"}],
    ),
    "empty values": (
        'x,y,z\n7,"",""\n8,9,10',
        [{"x": "7", "y": None, "z": None}, {"x": "8", "y": "9", "z": "10"}],
    ),
    "empty values, CRLF": (
        'x,y,z\r\n7,"",""\r\n8,9,10',
        [{"x": "7", "y": None, "z": None}, {"x": "8", "y": "9", "z": "10"}],
    ),
    "escaped quotes": (
        'x,y\n7,"so ""good"" it is"\n8,9\n',
        [{"x": "7", "y": 'so "good" it is'}, {"x": "8", "y": "9"}],
    ),
    "json in a value": (
        'id,data\n7,"{""kind"": ""Line"", ""points"": [1.5, 0]}"\n',
        [{"id": "7", "data": '{"kind": "Line", "points": [1.5, 0]}'}],
    ),
    "newlines in quotes": (
        'x,y,z\n1,2,3\n"first \nsecond",5,6\n7,8,9\n',
        [
            {"x": "1", "y": "2", "z": "3"},
            {"x": "first \nsecond", "y": "5", "z": "6"},
            {"x": "7", "y": "8", "z": "9"},
        ],
    ),
    "newlines in quotes, CRLF": (
        'x,y,z\r\n1,2,3\r\n"first \r\nsecond",5,6\r\n7,8,9\r\n',
        [
            {"x": "1", "y": "2", "z": "3"},
            {"x": "first \r\nsecond", "y": "5", "z": "6"},
            {"x": "7", "y": "8", "z": "9"},
        ],
    ),
    "quotes and newlines": (
        'x,y\n7,"so \n""good"" \nit is"\n8,9\n',
        [{"x": "7", "y": 'so \n"good" \nit is'}, {"x": "8", "y": "9"}],
    ),
    "simple": ("x,y,z\n7,8,9\n", [{"x": "7", "y": "8", "z": "9"}]),
    "simple, CRLF": ("x,y,z\r\n7,8,9\r\n", [{"x": "7", "y": "8", "z": "9"}]),
    "utf-8": (
        "x,y,z\n7,8,9\n1,2,ʤ 日本 😀",
        [{"x": "7", "y": "8", "z": "9"}, {"x": "1", "y": "2", "z": "ʤ 日本 😀"}],
    ),
    # Quotes in the middle of a value that is not quoted are letters.
    "coordinates": (
        "Phone Number,Where It Is,Town\n0361975575,8°30'24.3\"S 115°15'45.9\"E,Ubud\n",
        [{"Phone Number": "0361975575", "Where It Is": "8°30'24.3\"S 115°15'45.9\"E", "Town": "Ubud"}],
    ),
    "an odd quote in a value": (
        'x,y\n7,21" frame\n8,9\n',
        [{"x": "7", "y": '21" frame'}, {"x": "8", "y": "9"}],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_csv_is_read_as_it_is_meant(tmp_path, case):
    text, rows = CASES[case]
    (tmp_path / "a.csv").write_bytes(text.encode())
    source = open_source(tmp_path, Place("a.csv"))
    assert source.read(source.columns)[0].to_pylist() == rows
