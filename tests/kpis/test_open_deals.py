"""The deals that are open on a day: worked out by hand, and as the pipeline's own figures have them."""

from __future__ import annotations

import pandas as pd
import pytest

import kpikit as kp
from kpikit.errors import NotAvailableError
from kpikit.kpis.open_deals import OPEN, open_deals, undated_deals

NAN = float("nan")


def company(**extra: pd.DataFrame) -> kp.Dataset:
    deals = pd.DataFrame(
        {
            "deal_id": ["A", "B", "C", "D"],
            "stage": ["offer", "won", "lead", "lead"],
            "outcome": [None, "won", None, None],
            "created_on": pd.to_datetime(["2026-01-05", "2026-01-10", "2026-02-20", None]),
            "closed_on": pd.to_datetime([None, "2026-02-15", None, None]),
            "expected_close_on": pd.to_datetime(["2026-02-10", "2026-02-01", "2026-02-28", None]),
            "amount": [100.0, 50.0, NAN, 7.0],
            "rep_id": ["R1", "R2", "R2", "R2"],
            "customer_id": ["C1", "C1", "C9", None],
        }
    )
    customers = pd.DataFrame({"customer_id": ["C1", "C2"], "name": ["Kopi Kita", "Other"]})
    return kp.Dataset({"deals": deals, "customers": customers, **extra})


def entries() -> pd.DataFrame:
    days = pd.to_datetime(["2026-01-05", "2026-01-25", "2026-01-10", "2026-02-15"])
    return pd.DataFrame(
        {"deal_id": ["A", "A", "B", "B"], "stage": ["lead", "offer", "lead", "won"], "entered_on": days}
    )


def by_deal(rows: pd.DataFrame, column: str) -> dict[str, object]:
    values = rows[column].astype(object)
    return dict(zip(rows["deal_id"], values.where(values.notna(), None), strict=True))


def test_what_is_open_at_the_end_of_february():
    told = open_deals(company(), as_of="2026-02-28")
    assert by_deal(told, "customer") == {"A": "Kopi Kita", "C": "C9"}
    assert by_deal(told, "amount") == {"A": 100.0, "C": None}
    # From 5 January and 20 February to 28 February; expected on the day itself is not overdue.
    assert by_deal(told, "open_days") == {"A": 54, "C": 8}
    assert by_deal(told, "overdue_days") == {"A": 18.0, "C": None}
    assert by_deal(told, "stage_days") == {"A": None, "C": None}
    assert undated_deals(company(), as_of="2026-02-28") == 1
    assert undated_deals(company(), where={"rep": "R1"}, as_of="2026-02-28") == 0


def test_the_stage_is_that_of_the_last_entry_by_the_day():
    told = open_deals(company(deal_stages=entries()), as_of="2026-02-28")
    # C has no entry: it has not come to a stage, whatever its own field says.
    assert by_deal(told, "stage") == {"A": "offer", "C": None}
    assert by_deal(told, "stage_days") == {"A": 34.0, "C": None}
    told = open_deals(company(deal_stages=entries()), as_of="2026-01-20")
    assert by_deal(told, "stage") == {"A": "lead", "B": "lead"}
    assert by_deal(told, "stage_days") == {"A": 15.0, "B": 10.0}


def test_without_optional_columns_what_is_missing_is_null():
    made = company()
    deals = made.tables["deals"].drop(columns=["expected_close_on", "amount", "rep_id", "customer_id"])
    told = open_deals(kp.Dataset({"deals": deals}), as_of="2026-02-28")
    assert told["deal_id"].tolist() == ["A", "C"]
    assert told[["customer", "rep", "amount", "expected_close_on", "overdue_days"]].isna().all(axis=None)


def test_where_it_is_not_known_what_is_open_it_says_so():
    deals = company().tables["deals"].drop(columns="created_on")
    with pytest.raises(NotAvailableError, match="created_on is missing"):
        open_deals(kp.Dataset({"deals": deals}))


@pytest.mark.parametrize("as_of", ["2026-10-09", "2026-07-15"])
@pytest.mark.parametrize("where", [{}, {"team": "Bali"}, {"rep": "Ayu Lestari"}])
def test_it_is_what_the_pipeline_adds_up(as_of, where):
    sales = kp.load("data/samples")
    told = open_deals(sales, where=where, as_of=as_of)
    whole = kp.measure(sales, ["pipeline_value", OPEN], period=as_of, where=where, as_of=as_of)["value"]
    assert (told["amount"].sum(), len(told)) == tuple(whole)
    stages = kp.measure(sales, OPEN, period=as_of, by="stage", where=where, as_of=as_of)
    known = dict(zip(stages["stage"], stages["value"], strict=True))
    assert told["stage"].value_counts().to_dict() == {name: count for name, count in known.items() if count}
