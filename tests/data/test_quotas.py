import pytest


@pytest.fixture
def ends(folder, values):
    def load(text: str, **options) -> list[str | None]:
        folder.orders("1,2026-01-05,C1,10")
        folder.write("quotas.csv", text)
        return values(folder.load(**options).small("quotas")["end"])

    return load


def test_a_quota_lasts_until_the_day_before_the_members_next_one(ends, engine):
    text = "kpi,start,value,rep_id\nrevenue,2026-04-01,5,A\nrevenue,2026-01-01,5,A\nrevenue,2026-02-01,5,B\n"
    assert ends(text, engine=engine) == [None, "2026-03-31", None]


def test_quotas_of_another_kpi_or_kind_of_member_do_not_end_it(ends):
    text = (
        "kpi,start,value,rep_id,team\nrevenue,2026-01-01,5,A,\norder_count,2026-02-01,5,A,\n"
        "revenue,2026-03-01,5,,A\nrevenue,2026-04-01,5,,\nrevenue,2026-05-01,5,A,\n"
    )
    assert ends(text) == ["2026-04-30", None, None, None, None]


def test_quotas_of_the_whole_company_follow_each_other(ends):
    assert ends("kpi,start,value\nrevenue,2026-01-01,5\nrevenue,2026-02-01,5\n") == ["2026-01-31", None]


def test_ends_that_are_given_stay(ends):
    text = (
        "kpi,start,value,end\nrevenue,2026-01-01,5,2026-01-15\nrevenue,2026-02-01,5,\n"
        "revenue,2026-03-01,5,2026-12-31\n"
    )
    assert ends(text) == ["2026-01-15", "2026-02-28", "2026-12-31"]


def test_no_quotas_have_no_ends(ends):
    assert ends("kpi,start,value\n") == []
