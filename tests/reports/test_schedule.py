"""Which reports a schedule makes, in which folders and under which names, whatever members are called."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import PurePosixPath

import pytest

from kpikit.errors import DataError, KpikitError, ParameterError, UnknownNameError
from kpikit.reports import scheduled
from kpikit.reports.files import lasting_stem
from kpikit.reports.scheduled import by_folder, plan_schedule
from kpikit.selection.scheduling import read_schedule
from tests.reports.conftest import PARAMETERS, write_notebook
from tests.reports.test_naughty_names import NAMES

HOSTILE = [
    *NAMES,
    *("con", "Con", "NUL", "aux.txt", "COM1", "ann", "Ann", "ANN", "Ann.", "ann-", "..", ".", "~", "/"),
    *("C:\\Windows", "\\\\server\\share", "a/b", "a\\b", "a:b", "index", "results", "company", "boss"),
    *("{rep.__class__}", "{0}", "{{rep}}", "%s", "عربي", "עברית", "日本", "😀", "😁", "é" * 300, "x" * 401),
    *("José", "Jose", "jose", "Ａｎｎ", "Ann\u202e", "Ann X0123456789", "X0123456789", "rep-ann", "Rep Ann"),
]

# What Windows keeps for devices, with or without an ending; its own list, as `os.path.isreserved` has it from
# Python 3.13 on.
DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"}
DEVICES |= {f"{port}{number}" for port in ("com", "lpt") for number in "123456789¹²³"}


def is_reserved(name: str) -> bool:
    """Say whether Windows keeps a file name for itself."""
    return name.partition(".")[0].rstrip(" ").lower() in DEVICES


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Write a company whose members are called as no file should be, and a notebook."""
    folder = tmp_path_factory.mktemp("schedule")
    (folder / "company").mkdir()
    with (folder / "company" / "orders.csv").open("w", encoding="utf-8", newline="") as opened:
        rows = [[n, f"2026-0{1 + n % 2}-05", "C1", n + 1, n] for n in range(len(HOSTILE))]
        csv.writer(opened).writerows([["order_id", "order_date", "customer_id", "amount", "rep_id"], *rows])
    with (folder / "company" / "reps.csv").open("w", encoding="utf-8", newline="") as opened:
        rows = [[n, name, f"Team {n % 2}"] for n, name in enumerate(HOSTILE)]
        csv.writer(opened, quoting=csv.QUOTE_ALL).writerows([["rep_id", "name", "team"], *rows])
    entries = "{orders: {file: orders.csv}, reps: {file: reps.csv, nulls: []}}"
    (folder / "company" / "dataset.yaml").write_text(f"tables: {entries}", encoding="utf-8")
    write_notebook(
        folder / "small.ipynb", "1", parameters=PARAMETERS + 'team = ""\nlanguage = "en"\ndays = []\n'
    )
    return folder


@pytest.fixture
def planned(company):
    def plan(*entries: str, common: str = "", **options):
        entries = [one if "notebook:" in one else f"notebook: small.ipynb, {one}" for one in entries]
        lines = [f"  - {{name: r{n}, {one}}}\n" for n, one in enumerate(entries)]
        head = f"data: company\nperiod: 2026-Q1\n{common}" if "data:" not in common else common
        (company / "schedule.yaml").write_text(f"{head}\nreports:\n{''.join(lines)}", encoding="utf-8")
        return plan_schedule(read_schedule(company / "schedule.yaml"), **options)

    return plan


def places(batches) -> dict[tuple[str, str, str], str]:
    return {(job.report, job.kind, job.label): f"{job.folder}/{job.stem}" for b in batches for job in b.jobs}


# --- Names


@pytest.mark.parametrize(
    "entry",
    [
        "for_each: rep, recipient: '{rep}', file: '{notebook}-{period}'",
        "for_each: rep, recipient: boss, file: '{rep}'",
        "for_each: rep, recipient: 'For {member}', file: '{rep}{report}{notebook}{period}{as_of}{language}'",
        "for_each: [none, rep, team]",
    ],
)
def test_reports_of_members_of_any_name_are_files_of_their_own_below_the_output(planned, entry):
    (batch,) = planned(entry)
    assert {job.label for job in batch.jobs if job.kind == "rep"} == set(HOSTILE) - {""}
    names = [f"{job.folder}/{file}" for job in batch.jobs for file in job.files]
    # The same whatever a system does with case.
    assert max(Counter(name.lower() for name in names).values()) == 1
    for name in names:
        parts = PurePosixPath(name).parts
        assert len(parts) == 2, name
        assert all(set(part) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") for part in parts), name
        assert all(len(part) < 200 and part[-1] not in ". " and part[0] not in ".-" for part in parts), name
        assert not any(is_reserved(part) for part in parts), name
        assert parts[1] not in ("index.html", "results.csv")


def test_no_two_recipients_share_a_folder(planned):
    batches = planned("for_each: rep", "for_each: team", "for_each: none", "recipient: boss")
    whose: dict[str, set] = {}
    for batch in batches:
        for job in batch.jobs:
            whose.setdefault(job.folder.lower(), set()).add((job.kind, job.label))
    assert max(map(len, whose.values())) == 1
    assert len(whose) == len(set(HOSTILE)) + 2 + 1 + 1


def test_a_name_depends_on_its_label_alone(planned, company):
    batches = planned("for_each: rep, only: {rep: [Ann, ann, José]}", "for_each: rep, only: {rep: ann}")
    both, alone = (places([batch]) for batch in batches)
    assert both["r0", "rep", "Ann"] == "rep-ann/r0-rep-ann-2026-q1"
    assert both["r0", "rep", "ann"].partition("/")[0] == alone["r1", "rep", "ann"].partition("/")[0]
    assert both["r0", "rep", "ann"].startswith("rep-ann-x")
    chosen = planned("for_each: rep", select=["rep:ann"])
    assert [job.folder for job in chosen[0].jobs] == [both["r0", "rep", "ann"].partition("/")[0]]


def test_a_label_that_looks_like_anothers_digits_has_digits_of_its_own():
    stem = lasting_stem("rep", "ann")
    twin = stem.removeprefix("rep-").replace("-", " ").title()
    assert lasting_stem("rep", twin) != stem
    assert lasting_stem("rep", "Ayu Lestari") == "rep-ayu-lestari"


def test_files_that_come_out_alike_are_refused(planned):
    entries = ["recipient: boss, period: 2026-02", "recipient: boss, period: last month, as_of: 2026-03-05"]
    with pytest.raises(ParameterError, match=r"Company \(r0\) and Company \(r1\) would both be boss/2026-02"):
        planned(*[f"{one}, file: '{{period}}'" for one in entries])


# --- Parameters


def test_what_a_report_says_goes_before_what_the_schedule_says(planned):
    common = "data: company\nperiod: 2026-01\nlanguage: id\nas_of: 2026-02-28\n"
    first, second = planned(
        "parameters: {months: 6, days: [2026-01-05]}", "period: 2026-02, language: en", common=common
    )
    wanted = {"data": "company", "plan": "", "as_of": "2026-02-28"}
    assert first.jobs[0].parameters == wanted | {
        "period": "2026-01", "language": "id", "months": 6, "days": ["2026-01-05"],
    }  # fmt: skip
    assert second.jobs[0].parameters == wanted | {"period": "2026-02", "language": "en"}
    assert (first.as_of, second.period.label) == (date(2026, 2, 28), "2026-02")
    assert first.facts[1] == "Data up to 5 Feb 2026, judged on 28 Feb 2026"


def test_what_is_given_goes_before_all(planned):
    given = {"period": "2026-02", "as_of": "2026-02-10"}
    (batch,) = planned("period: 2026-01, as_of: 2026-01-31", given=given)
    assert (batch.period.label, batch.as_of) == ("2026-02", date(2026, 2, 10))
    assert batch.jobs[0].stem == "r0-company-2026-02"


def test_a_plan_of_the_schedule_is_of_the_schedules_data(planned, company, place):
    (company / "plan.yaml").write_text((place / "plan.yaml").read_text())
    first, second = planned("tags: x", "data: company/dataset.yaml", common="plan: plan.yaml")
    assert first.jobs[0].parameters["plan"] == "plan.yaml"
    assert second.jobs[0].parameters["plan"] == ""


def test_a_language_for_all_is_given_to_notebooks_that_take_one(planned, company):
    write_notebook(company / "plain.ipynb", "1", parameters='data = ""\nperiod = "2026"\n')
    plain, other = planned("notebook: plain.ipynb, file: 'a-{language}'", "tags: x", common="language: id")
    assert (plain.language, plain.jobs[0].stem, plain.jobs[0].parameters) == (
        "en",
        "a-en",
        {"data": "company", "period": "2026-Q1"},
    )
    assert (other.language, other.jobs[0].parameters["language"]) == ("id", "id")


def test_a_period_for_all_is_given_to_notebooks_that_take_one(planned, company):
    write_notebook(company / "plain.ipynb", "1", parameters='data = ""\n')
    for given, label in (({}, "2026-Q1"), ({"period": "2026-02"}, "2026-02")):
        plain, other = planned("notebook: plain.ipynb", "tags: x", given=given)
        assert plain.jobs[0].parameters == {"data": "company"}
        assert other.jobs[0].parameters["period"] == label
    with pytest.raises(KpikitError, match="no parameter 'period'"):
        planned("notebook: plain.ipynb, period: 2026-02")


def test_a_page_judged_after_the_newest_fact_says_where_the_data_end(planned):
    (late,), (early,) = (planned("tags: x", common=f"as_of: {day}\n") for day in ("2026-05-04", "2026-02-05"))
    assert late.facts[-1] == "Data up to 5 Feb 2026, judged on 4 May 2026"
    assert late.notes[0] == "Data as of 4 May 2026; the newest fact is of 5 Feb 2026"
    assert (early.facts[-1], early.notes[0]) == ("Data up to 5 Feb 2026", "Data as of 5 Feb 2026")


def test_each_dataset_is_loaded_once(planned, monkeypatch):
    loaded = []
    real = scheduled.load
    monkeypatch.setattr(scheduled, "load", lambda path: loaded.append(path) or real(path))
    planned("for_each: rep", "for_each: team", "tags: x", "data: ./company/../company, tags: y")
    assert len(loaded) == 1


def test_reports_for_many_are_those_of_the_members_who_are_named(planned):
    (batch,) = planned("for_each: [none, rep], only: {rep: [Ann, José]}")
    assert [(job.kind, job.label) for job in batch.jobs] == [("company", ""), ("rep", "Ann"), ("rep", "José")]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("parameters: {mnths: 3}", "no parameter 'mnths'.*Did you mean 'months'"),
        ("parameters: {months: many}", "does not fit the parameter 'months'"),
        ("parameters: {months: true}", "does not fit the parameter 'months'"),
        ("parameters: {is_bold: 1}", "does not fit the parameter 'is_bold'"),
        ("for_each: rep, only: {rep: Anne}", "no rep 'Anne' in the period"),
        ("data: nowhere", "nowhere"),
        ("plan: nowhere.yaml", "there is no such file"),
        ("data: ~nobody-at-all/x", "begins with a home folder that nobody knows"),
        ("for_each: region", "no parameter 'region'"),
    ],
)
def test_what_cannot_be_used_is_told_with_file_line_and_report(planned, entry, told):
    with pytest.raises(KpikitError, match=rf"schedule\.yaml, line 6: report 'r1': .*{told}"):
        planned("tags: x", entry)


# --- Which of them


def test_reports_and_members_are_chosen_together(planned):
    entries = ["for_each: rep, tags: daily", "for_each: [none, rep]", "for_each: team, tags: daily"]
    chosen = planned(*entries, select=["rep:Jos*", "rep:Ann", "team:Team 1"])
    assert list(places(chosen)) == [
        ("r0", "rep", "Ann"), ("r0", "rep", "Jose"), ("r0", "rep", "José"),
        ("r1", "rep", "Ann"), ("r1", "rep", "Jose"), ("r1", "rep", "José"),
        ("r2", "team", "Team 1"),
    ]  # fmt: skip
    chosen = planned(*entries, select=["daily", "rep:Ann"])
    assert list(places(chosen)) == [("r0", "rep", "Ann")]


def test_a_member_without_a_report_is_told_with_a_suggestion(planned):
    with pytest.raises(UnknownNameError, match=r"no report for the team 'Team1'.*Did you mean 'Team 1'"):
        planned("for_each: team", "for_each: rep", select=["team:Team1"])
    with pytest.raises(UnknownNameError, match=r"no report for the rep 'Ann'. There are none"):
        planned("for_each: team", select=["rep:Ann"])


# --- Stale data


@pytest.mark.parametrize(
    ("age", "today", "is_stale"),
    [
        ("max_age: 3 days", date(2026, 2, 8), False),
        ("max_age: 3 days", date(2026, 2, 9), True),
        ("max_age: 0", date(2026, 2, 6), True),
        ("max_age: 1 week", date(2026, 2, 12), False),
        ("max_age: 1 week", None, False),
        ("", date(2030, 1, 1), False),
        ("max_age: 3 days", date(2020, 1, 1), False),
    ],
)
def test_data_are_stale_where_the_newest_fact_is_too_old(planned, age, today, is_stale):
    # The newest order is of 5 February.
    if not is_stale:
        assert planned("as_of: 2026-01-31", common=age, today=today)
        return
    with pytest.raises(DataError, match=r"report 'r0'.*the newest fact is of 2026-02-05, [14] days? before"):
        planned("tags: x", common=age, today=today)


def test_a_report_may_have_an_age_of_its_own(planned):
    assert planned("max_age: 100 days", common="max_age: 0", today=date(2026, 3, 1))


# --- Folders


def test_a_folder_has_what_is_its_recipients_alone(planned):
    batches = planned("for_each: rep", "for_each: rep, period: 2026-01", "recipient: boss")
    folders = by_folder(batches)
    own = folders["rep-ann"]
    assert [(job.report, job.label) for job in own.jobs] == [("r0", "Ann"), ("r1", "Ann")]
    assert own.facts == ("Data up to 5 Feb 2026",)
    assert folders["boss"].facts[0] == "2026-Q1 (1 Jan 2026 – 31 Mar 2026)"
    assert sum(len(batch.jobs) for batch in folders.values()) == sum(len(batch.jobs) for batch in batches)


def test_a_folder_has_one_currency(planned, company):
    other = company / "other"
    other.mkdir()
    (other / "orders.csv").write_text("order_id,order_date,customer_id,amount\n1,2026-01-05,C1,10\n")
    (other / "dataset.yaml").write_text("currency: IDR\ntables: {orders: {file: orders.csv}}\n")
    with pytest.raises(ParameterError, match="the folder boss would have amounts in USD and in IDR"):
        planned("recipient: boss", "recipient: boss, data: other")
