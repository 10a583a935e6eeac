"""What a schedule may say, and how each fault in it is told: with its line, what is allowed, and a hint."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from kpikit.errors import ScheduleError, UnknownNameError
from kpikit.selection.schedule import matches, read_wanted
from kpikit.selection.scheduling import read_schedule


@pytest.fixture
def read(tmp_path):
    def write(text: str):
        path = tmp_path / "schedule.yaml"
        path.write_text(text, encoding="utf-8")
        return read_schedule(path)

    return write


def reports(*entries: str) -> str:
    return "reports:\n" + "".join(
        f"  - {{name: r{n}, notebook: n.ipynb, {one}}}\n" for n, one in enumerate(entries)
    )


def test_a_report_needs_a_name_and_a_notebook_alone(read):
    (entry,) = read("reports:\n  - {name: weekly, notebook: n.ipynb}\n").reports
    assert (entry.kinds, entry.recipient.text, entry.file.text) == (
        ("company",),
        "{member}",
        "{report}-{member}-{period}",
    )


def test_numbers_and_days_are_texts_where_texts_are_meant(read):
    schedule = read(
        "as_of: 2026-09-14\nmax_age: 2 weeks\n" + reports("period: 2026, only: {rep: 276}, for_each: rep")
    )
    assert (schedule.as_of, schedule.max_age) == ("2026-09-14", 14)
    assert (schedule.reports[0].period, schedule.reports[0].only) == ("2026", {"rep": ("276",)})


def test_one_word_stands_for_a_list_of_it(read):
    first, second = read(reports("tags: daily", "for_each: [none, rep, team]")).reports
    assert first.tags == ("daily",)
    assert second.kinds == ("company", "rep", "team")


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("", 1, "'reports' is missing"),
        ("reports: []\n", 1, "no report is named"),
        ("reports: {a: {notebook: n.ipynb}}\n", 1, "a list of reports is expected"),
        ("reports:\n  - name: a\n", 2, "report 'a', 'notebook' is missing"),
        ("outptu: x\nreports: [{name: a, notebook: n.ipynb}]\n", 1, "Did you mean 'output'?"),
        (reports("recipents: x"), 2, "Did you mean 'recipient'?"),
        ("reports:\n  - {name: 'a b', notebook: n.ipynb}\n", 2, "no name of a report or tag"),
        ("reports:\n  - {name: 7, notebook: n.ipynb}\n", 2, "no name of a report or tag"),
        ("reports:\n  - {name: a, notebook: n.py}\n", 2, "the name ends with .ipynb"),
        (reports("tags: 'a:b'"), 2, "no name of a report or tag"),
        (reports("for_each: reps"), 2, "Did you mean 'rep'?"),
        (reports("for_each: []"), 2, "nothing is named"),
        (reports("for_each: rep, only: {team: Bali}"), 2, "there is no report for each team"),
        (reports("for_each: rep, only: {moon: Bali}"), 2, "'none' is expected"),
        (reports("for_each: rep, only: {rep: []}"), 2, "no label for rep"),
        (reports("for_each: rep, only: {rep: true}"), 2, "a label is a text"),
        (reports("for_each: rep, only: Ayu"), 2, "a mapping of dimension to label"),
        (reports("period: soon"), 2, "'soon' is not a period"),
        (reports("as_of: soon"), 2, "'soon' is not a day"),
        (reports("as_of: today"), 2, "--as-of today on the command line"),
        (reports("language: fr"), 2, "Languages: en, id"),
        ("max_age: three days\n" + reports("tags: x"), 1, "such as '3 days'"),
        ("max_age: -1\n" + reports("tags: x"), 1, "such as '3 days'"),
        ("max_age: true\n" + reports("tags: x"), 1, "such as '3 days'"),
        (reports("parameters: [1]"), 2, "a mapping of names to values is expected"),
        (reports("parameters: {period: 2026-Q3}"), 2, "'period' has an entry of its own"),
        # names of folders and files
        (reports("recipient: ../../etc"), 2, "'.' cannot stand in the name"),
        (reports("recipient: a/b"), 2, "'/' cannot stand in the name"),
        (reports("recipient: 'a\\b'"), 2, "cannot stand in the name"),
        (reports('recipient: "a\\0b"'), 2, "a character that no text has"),
        (reports("recipient: päd"), 2, "'ä' cannot stand in the name"),
        (reports("recipient: 'a.'"), 2, "'.' cannot stand in the name"),
        (reports("recipient: CON"), 2, "'con' is a name that systems or kpikit keep"),
        (reports("recipient: lpt1"), 2, "'lpt1' is a name that systems"),
        (reports("recipient: ''"), 2, "a text is expected"),
        (reports("recipient: ' _-'"), 2, "has no letter and no digit"),
        (reports(f"recipient: {'x' * 61}"), 2, "At most 60 letters"),
        (reports("recipient: {rep}"), 2, 'write it in quotes: "{rep}"'),
        (reports("recipient: '{rep.__class__}', for_each: rep"), 2, "no name '{rep.__class__}'"),
        (reports("recipient: '{rep!r}', for_each: rep"), 2, "no name '{rep!r}'"),
        (reports("recipient: '{rep:>99999}', for_each: rep"), 2, "no name '{rep:>99999}'"),
        (reports("recipient: '{{rep}}', for_each: rep"), 2, "'{' cannot stand in the name"),
        (reports("recipient: '{reps}', for_each: rep"), 2, "Did you mean 'rep'?"),
        (reports("recipient: '{period}'"), 2, "no name '{period}'"),
        (reports("recipient: '{rep}-{rep}', for_each: rep"), 2, "several names"),
        (reports("recipient: '{rep}'"), 2, "'{rep}' has no value in a report for the whole company"),
        (reports("recipient: '{rep}', for_each: team"), 2, "'{rep}' has no value in a report for each team"),
        (reports("file: '{period}-{period}'"), 2, "a name twice"),
        (reports("file: index"), 2, "'index' is a name that systems or kpikit keep"),
        (reports("file: '{team}', for_each: rep"), 2, "'{team}' has no value"),
        (
            reports("file: x, recipient: boss, for_each: rep"),
            2,
            "the reports of all members would be one file",
        ),
        (
            "reports:\n  - {name: con, notebook: n.ipynb, file: '{report}'}\n",
            2,
            "'con' is a name that systems",
        ),
        # of several reports
        (
            "reports:\n  - {name: a_b, notebook: n.ipynb}\n  - {name: A-b, notebook: m.ipynb}\n",
            3,
            "stands twice",
        ),
        (
            reports("recipient: boss", "recipient: Boss"),
            3,
            "the recipient 'Boss' could have the folder of 'boss'",
        ),
        (
            reports("for_each: rep, recipient: '{rep}'", "recipient: rep-ayu"),
            3,
            "the recipient 'rep-ayu' could have the folder of '{rep}' (line 2)",
        ),
        (
            reports("for_each: rep, recipient: '{rep}'", "for_each: rep, recipient: '{rep}-x'"),
            3,
            "could have the folder of '{rep}'",
        ),
        (
            reports("file: a, recipient: boss", "file: A, recipient: boss"),
            3,
            "the files of report 'r0' (line 2)",
        ),
        (
            reports("file: '{period}', recipient: boss", "file: '{period}', recipient: boss"),
            3,
            "the files of report 'r0'",
        ),
    ],
)
def test_a_fault_is_told_with_its_line(read, text, line, told):
    with pytest.raises(ScheduleError) as fault:
        read(text)
    said = str(fault.value)
    assert f"schedule.yaml, line {line}: " in said, said
    assert told in said, said
    is_twofold = "stands twice" in told
    assert len(said.splitlines()) == (3 if is_twofold else 1), said


@pytest.mark.parametrize(
    "text",
    [
        reports("recipient: boss", "recipient: boss"),
        reports("for_each: rep", "for_each: team", "for_each: none", "recipient: company"),
        reports("for_each: rep, recipient: '{rep}'", "for_each: rep, recipient: '{member}'"),
        reports("for_each: rep, recipient: '{rep}'", "for_each: rep, recipient: 'about {rep}'"),
        reports("for_each: rep, recipient: boss, file: '{rep}'"),
        reports("file: '{period}', period: last month", "file: '{period}', period: last quarter"),
    ],
)
def test_reports_may_share_a_folder_whose_recipient_is_one(read, text):
    assert read(text).reports


def test_all_faults_are_told_at_once_in_the_order_of_their_lines(read):
    with pytest.raises(ScheduleError) as fault:
        read(
            "max_age: x\n"
            + reports("period: soon", "recipient: '../x'")
            + "  - {name: r1, notebook: n.ipynb}\n"
        )
    lines = str(fault.value).splitlines()
    assert lines[0] == "schedule.yaml: 4 faults"
    assert [one.split(":")[0] for one in lines[1:]] == [f"schedule.yaml, line {n}" for n in (1, 3, 4, 5)]


def test_the_schedule_of_the_documents_can_be_read(read):
    text = (Path(__file__).parents[2] / "docs" / "schedule.md").read_text(encoding="utf-8")
    shown = text.partition("```yaml\n")[2].partition("```")[0]
    assert [one.name for one in read(shown).reports] == [
        one["name"] for one in yaml.safe_load(shown)["reports"]
    ]


def test_reports_are_chosen_by_name_pattern_and_tag_in_the_order_of_the_schedule(read):
    schedule = read(reports("tags: [daily, leads]", "tags: weekly", "tags: daily"))
    chosen = {
        "r2 r0": ["r0", "r2"],
        "daily": ["r0", "r2"],
        "*": ["r0", "r1", "r2"],
        "lead* r1": ["r0", "r1"],
        "": ["r0", "r1", "r2"],
    }
    for words, names in chosen.items():
        assert [entry.name for entry in schedule.choose(words.split())] == names, words


def test_what_is_chosen_and_not_there_is_told_with_a_suggestion(read):
    schedule = read(reports("tags: daily"))
    with pytest.raises(
        UnknownNameError, match=r"no report and no tag 'daly'.*r0, daily.*Did you mean 'daily'"
    ):
        schedule.choose(["r0", "daly"])
    with pytest.raises(UnknownNameError, match=r"no reports for each 'reps'.*Did you mean 'rep'"):
        read_wanted(["reps:Ayu"])


def test_only_a_star_is_a_sign_in_a_pattern():
    assert read_wanted(["rep: Ann: the first "]).members == {"rep": ("Ann: the first",)}
    assert matches("Ann [1]?", "Ann [1]?")
    assert matches("Ann [1]?", "*[1]*")
    assert not matches("Ann", "An?")
    assert not matches("ann", "Ann*")
