import io
import json

from rich.console import Console

from kpikit.data.findings import Example, Finding
from kpikit.reports.findings import findings_json, footnotes, print_findings

PLACES = tuple(Example("a[b].csv", f"line {n}", "[red]=1+1") for n in range(2, 9))
FOUND = [
    Finding("unparseable_date", "orders", 7, "order_date 'x' is not a date", "error", "write it", PLACES),
    Finding("no_rep", "orders", 2, "2 lines have no rep"),
    Finding("empty_key", "deals", 1, "deal_id is empty: left out", "accepted"),
    Finding("left_out", "deals", 3, "3 rows are left out", "note"),
]


def printed(findings, width=200):
    console = Console(file=io.StringIO(), width=width)
    print_findings(console, findings, "data/samples")
    return console.file.getvalue()


def test_findings_are_printed_with_their_first_places_and_a_count():
    assert printed(FOUND[:1]).splitlines() == [
        "✕ error unparseable_date orders: order_date 'x' is not a date",
        *(f"    a[b].csv, line {n}: [red]=1+1" for n in range(2, 7)),
        "    and 2 more",
        "    Hint: write it",
        "data/samples: 1 error.",
    ]
    assert printed(FOUND).splitlines()[-1] == "data/samples: 1 error, 1 accepted error, 1 warning, 1 note."
    assert printed([]) == "data/samples: 0 errors.\n"


def test_lines_are_not_folded_in_a_narrow_terminal():
    assert printed(FOUND, width=20) == printed(FOUND)


def test_json_tells_everything():
    told = json.loads(findings_json(FOUND, "data"))
    assert (told["version"], told["source"]) == (1, "data")
    assert told["counts"] == {"error": 1, "accepted": 1, "warning": 1, "note": 1}
    assert told["findings"][0]["examples"][0] == {"file": "a[b].csv", "line": "line 2", "value": "[red]=1+1"}
    assert [Finding.from_dict(one) for one in told["findings"]] == FOUND


def test_accepted_errors_come_first_in_a_footer_and_a_long_list_is_cut():
    assert footnotes(FOUND[1:])[0] == "Data check, accepted error: deals: deal_id is empty: left out"
    many = footnotes([FOUND[1]] * 25)
    assert len(many) == 21 and many[-1] == "Data check: 5 more, listed by kpikit data check"
