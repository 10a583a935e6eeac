from datetime import date

import pandas as pd
import pytest

from kpikit.data.quotas import with_ends


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


def test_the_last_quota_of_each_member_ends_on_the_day_that_is_named():
    quotas = pd.DataFrame(
        {
            "kpi": "revenue",
            "start": pd.to_datetime(["2026-01-01", "2026-04-01", "2026-02-01", "2026-05-01", None]),
            "end": pd.to_datetime([None, None, None, "2026-05-31", None]),
            "value": 5.0,
            "rep_id": ["A", "A", "B", "C", "D"],
        }
    )
    ended = with_ends(quotas, last_end=date(2026, 6, 30))["end"]
    # A's first ends before A's next, C's on its own day; a quota that never starts has no end either.
    days = ["2026-03-31", "2026-06-30", "2026-06-30", "2026-05-31", None]
    pd.testing.assert_series_equal(ended, pd.Series(pd.to_datetime(days), name="end"), check_dtype=False)
    assert with_ends(quotas)["end"].notna().tolist() == [True, False, False, True, False]
    assert quotas["end"].notna().sum() == 1


def test_no_quotas_have_no_ends(ends):
    assert ends("kpi,start,value\n") == []
