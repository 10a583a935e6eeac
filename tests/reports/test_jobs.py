from __future__ import annotations

import pytest

from kpikit.errors import KpikitError
from kpikit.reports.jobs import plan_batch
from tests.reports.conftest import HOSTILE, write_notebook


@pytest.fixture
def planned(place):
    def plan(*, notebook=None, given=None, **options):
        return plan_batch(notebook or place / "small.ipynb", given=given, **options)

    return plan


def test_the_company_and_each_member_get_a_report(planned):
    batch = planned()
    assert [(job.kind, job.label) for job in batch.jobs] == [
        ("company", ""),
        ("rep", HOSTILE),
        ("rep", "Ann"),
        ("rep", "Bo"),
        ("rep", "ann"),
    ]
    assert [job.heading for job in batch.jobs] == ["Company", HOSTILE, "Ann", "Bo", "ann"]
    assert len({job.stem.lower() for job in batch.jobs}) == 5
    assert [job.parameters for job in batch.jobs[:3]] == [{}, {"rep": HOSTILE}, {"rep": "Ann"}]


def test_an_id_of_digits_alone_is_a_heading_with_what_it_is(tmp_path):
    folder, path = tmp_path / "company", tmp_path / "n.ipynb"
    folder.mkdir()
    lines = "order_id,order_date,customer_id,amount,rep_id\n1,2026-01-05,c1,10,276\n"
    (folder / "orders.csv").write_text(lines)
    write_notebook(path, "1", parameters=f'data = {str(folder)!r}\nperiod = "2026-01"\nrep = ""\n')
    jobs = plan_batch(path).jobs
    assert [(job.label, job.heading) for job in jobs] == [("", "Company"), ("276", "Rep 276")]


def test_chosen_members_get_a_report_alone(planned):
    jobs = planned(for_each=(), only={"rep": ["Bo", "Bo"]}, has_company=False).jobs
    assert [(job.label, job.stem) for job in jobs] == [("Bo", "rep-bo")]


def test_a_path_is_passed_relative_to_the_folder_of_the_notebook(planned, place, monkeypatch):
    monkeypatch.chdir(place.parent)
    batch = planned(given={"data": f"{place.name}/company", "period": "2026-02"})
    assert batch.jobs[1].parameters == {"data": "company", "plan": "", "period": "2026-02", "rep": HOSTILE}
    assert batch.facts[0] == "2026-02 (1 Feb 2026 – 28 Feb 2026)"


def test_a_dimension_without_a_parameter_of_its_own_goes_into_the_scope(planned, tmp_path, place):
    path = tmp_path / "scoped.ipynb"
    write_notebook(
        path, "1", parameters=f'data = {str(place / "company")!r}\nperiod = "2026-Q1"\nwhere = {{}}\n'
    )
    jobs = planned(notebook=path, for_each=("team",)).jobs
    assert [job.parameters for job in jobs[1:]] == [{"where": {"team": "T0"}}, {"where": {"team": "T1"}}]


@pytest.mark.parametrize(
    ("options", "fault"),
    [
        ({"given": {"perod": "2026"}}, "no parameter 'perod'"),
        ({"given": {"months": "many"}}, "does not fit the parameter 'months'"),
        ({"given": {"period": "soon"}}, "'soon' is not a period"),
        ({"given": {"as_of": "soon"}}, "'soon' is not a day"),
        ({"given": {"data": "nowhere"}}, "nowhere"),
        ({"given": {"plan": "nowhere.yaml"}}, "there is no such file"),
        ({"only": {"rep": ["An"]}}, "no rep 'An' in the period.*Did you mean 'Ann'"),
        ({"for_each": ("reps",)}, "no reports for each 'reps'.*Did you mean 'rep'"),
        ({"for_each": ("region",)}, "no parameter 'region'"),
        ({"for_each": (), "has_company": False}, "no report is asked for"),
    ],
)
def test_what_cannot_be_used_is_refused(planned, options, fault):
    with pytest.raises(KpikitError, match=fault):
        planned(**options)


def test_what_the_data_check_found_is_in_every_report(tmp_path):
    lines = "1,2026-01-05,C1,10,R1\n2,2026-01-06,C2,ten,R1\n3,2026-01-06,C2,5,\n"
    (tmp_path / "orders.csv").write_text("order_id,order_date,customer_id,amount,rep_id\n" + lines)
    (tmp_path / "dataset.yaml").write_text(
        "accept: {unparseable_number: drop_row}\ntables: {orders: {file: orders.csv}}\n"
    )
    batch = plan_batch("notebooks/team_performance.ipynb", given={"data": str(tmp_path), "period": "2026-01"})
    notes = (
        "Data check, accepted error: orders: amount 'ten' is not a number: left out",
        "Data check: orders: 1 line has no rep: shown apart",
    )
    assert batch.notes[2:] == notes
    assert [job.notes[2:] for job in batch.jobs] == [notes, notes]


def test_the_name_of_a_page_does_not_depend_on_who_else_is_asked_for(tmp_path):
    lines = "1,2026-01-05,C1,10,José Ana\n2,2026-02-06,C2,5,Jose Ana\n3,2026-02-06,C2,5,Bo\n"
    (tmp_path / "orders.csv").write_text("order_id,order_date,customer_id,amount,rep_id\n" + lines)
    book = write_notebook(tmp_path / "own.ipynb")

    def stems(*reps: str, period: str = "2026-Q1") -> list[str]:
        given = {"data": str(tmp_path), "period": period}
        return [job.stem for job in plan_batch(book, for_each=[], only={"rep": reps}, given=given,
                                               has_company=False).jobs]  # fmt: skip

    both = stems("José Ana", "Jose Ana")
    assert len(set(both)) == 2
    assert stems("José Ana") + stems("Jose Ana") == both == stems("José Ana", period="2026-01") + both[1:]
    assert stems("Bo") == ["rep-bo"]
