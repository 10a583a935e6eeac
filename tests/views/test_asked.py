"""What a target takes a day and a week, worked out by hand, and the occurrences of a period to come."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

import kpikit as kp
from kpikit.calendars import Calendar
from kpikit.targets import Plan
from kpikit.targets.takes import free_days, takes, working_days
from kpikit.views.asked import asked_of, last_complete, together
from kpikit.views.team import open_view

# February 2027 starts on a Monday: 20 weekdays. Monday 8 February is a holiday here: 19 working days.
HOLIDAY = date(2027, 2, 8)
MONTHLY = {"name": "Monthly", "kpi": "revenue", "per": "rep", "every": "month", "level": 1900,
           "set_on": "2026-01-01"}  # fmt: skip


def company() -> kp.Dataset:
    orders = pd.DataFrame(
        {"order_id": ["1", "2", "3"],
         "order_date": pd.to_datetime(["2026-01-15", "2026-02-10", "2026-02-26"]),
         "customer_id": ["C", "C", "D"], "amount": [500.0, 1000.0, 2000.0], "rep_id": ["A", "A", "B"]}
    )  # fmt: skip
    reps = pd.DataFrame(
        {"rep_id": ["A", "B", "N"], "name": ["Ayu", "Budi", "Nia"], "team": ["West", "East", "West"],
         "hired_on": pd.to_datetime(["2020-01-01", "2020-01-01", "2027-02-15"])}
    )  # fmt: skip
    return kp.Dataset({"orders": orders, "reps": reps}, kp.load("data/samples").settings.model_copy(
        update={"holidays": [HOLIDAY], "currency": "USD"}))  # fmt: skip


def plan(*targets: dict) -> Plan:
    objective = {"name": "O", "kpis": ["revenue", "win_rate"], "targets": list(targets)}
    return Plan.model_validate({"goals": [{"name": "G", "objectives": [objective]}]})


def asked(*targets: dict, **parameters: str) -> pd.DataFrame:
    view = open_view(company(), plan(*targets), **({"period": "2027-02", "as_of": "2026-02-28"} | parameters))
    return asked_of(view.figures).set_index("member")


def test_a_day_and_a_week_of_five_days():
    assert takes(1900.0, 19, Calendar()) == (100.0, 500.0)
    assert takes(1900.0, 19, Calendar(workdays=frozenset(range(6)))) == (100.0, 600.0)


@pytest.mark.parametrize(("value", "days"), [(1900.0, 0), (0.0, 19), (-5.0, 19), (float("nan"), 19)])
def test_what_cannot_be_divided_is_null(value, days):
    assert takes(value, days, Calendar()) == (None, None)


def test_a_holiday_takes_a_working_day_and_a_free_one_none():
    calendar = Calendar(holidays=frozenset({HOLIDAY, date(2027, 2, 7)}))
    assert free_days(calendar, date(2027, 2, 1), date(2027, 2, 28)) == [HOLIDAY]


def test_a_month_to_come_is_divided_by_its_working_days():
    told = asked(MONTHLY).loc["Ayu"]
    assert told["target_value"] == 1900 and told["business_days"] == 19
    assert told["per_day"] == 100 and told["per_week"] == 500


def test_who_joins_is_asked_for_a_part_and_has_as_much_a_day():
    # Nia joins on Monday 15 February: 10 of 19 working days are left, so that 1,000 is asked, 100 a day.
    told = asked(MONTHLY).loc["Nia"]
    assert told["target_value"] == 1000 and told["business_days"] == 10 and told["per_day"] == 100
    assert told["note"] == "pro-rated: 10 of 19 working days"


def test_before_is_the_last_complete_period_and_the_same_of_the_year_before():
    # As of 28 February 2026 that month is over; February 2027's year before is the same month.
    told = asked(MONTHLY).loc["Ayu"]
    assert (told["last_period"], told["reference"]) == ("2026-02", 1000)
    assert (told["year_before_period"], told["year_before"]) == ("2026-02", 1000)
    assert told["change"] == 900 and told["change_ratio"] == pytest.approx(0.9)
    assert pd.isna(asked(MONTHLY).loc["Nia", "reference"])


def test_the_months_of_a_quarter_are_added_up():
    # 2027-Q1: January 21, February 19, March 23 weekdays; Nia 10 and 23 of them.
    told = asked(MONTHLY, period="2027-Q1")
    assert told.loc["Ayu", ["times", "target_value", "business_days"]].tolist() == [3, 5700, 63]
    assert told.loc["Nia", ["times", "target_value", "business_days"]].tolist() == [2, 2900, 33]
    assert told.loc["Ayu", "period"] == "2027-01 to 2027-03"


def test_all_together_are_divided_by_the_working_days_of_the_period():
    # 1,900 + 1,900 + 1,000 = 4,800 in 19 days.
    told = together(asked(MONTHLY).reset_index(), company())
    assert told["target_value"] == 4800 and told["per_day"] == pytest.approx(4800 / 19)
    assert told["reference"] == 3000 and told["change_ratio"] == pytest.approx(0.6)


def test_a_page_is_for_its_member_or_team():
    assert list(asked(MONTHLY, rep="Budi").index) == ["Budi"]
    assert list(asked(MONTHLY, team="West").index) == ["Ayu", "Nia"]


def test_a_rate_is_not_divided_and_what_has_no_end_has_no_days():
    rate = {"name": "Rate", "kpi": "win_rate", "level": 0.3, "period": "2027-02", "set_on": "2026-01-01"}
    endless = {"name": "Endless", "kpi": "revenue", "level": 9000, "set_on": "2026-01-01"}
    told = asked(rate, endless).reset_index().set_index("target")
    assert told[["per_day", "per_week"]].isna().all(axis=None)
    assert told.loc["Endless", "last_period"] == "now" and told.loc["Endless", "reference"] == 3500
    assert pd.isna(told.loc["Endless", "end"])


def test_a_target_of_each_rep_is_of_nobody_where_no_reps_are_known():
    """Who will be there is told by the table of reps alone; each would be asked for 1,900."""
    orders = kp.Dataset({"orders": company().tables["orders"]}, company().settings)
    whole = {"name": "Whole", "kpi": "revenue", "level": 9000, "period": "2027-02", "set_on": "2026-01-01"}
    told = [open_view(orders, plan(*targets), period="2027-02", as_of="2026-02-28").drawn("brief").text
            for targets in ([MONTHLY], [MONTHLY, whole])]  # fmt: skip
    nobody = "“Monthly” is not shown: it is not known who will be there in 2027-02"
    assert told[0].startswith("The whole team: the plan asks for nothing of anybody who is known in 2027-02.")
    assert all(nobody in one and "1,900" not in one for one in told)
    assert "9,000" in told[1]


def test_a_target_of_another_period_is_not_asked():
    other = {"name": "Other", "kpi": "revenue", "level": 1, "period": "2027-03", "set_on": "2026-01-01"}
    assert asked(other).empty


def test_evaluate_gives_the_occurrences_of_a_period_to_come():
    told = kp.evaluate(company(), plan(MONTHLY), as_of="2026-02-28", period="2027-Q1")
    detail = told[told["scope_row"] == "detail"]
    assert set(detail["period"]) == {"2027-01", "2027-02", "2027-03"} and set(detail["status"]) == {
        "not started"
    }
    assert detail.groupby("member")["target_value"].sum().to_dict() == {
        "Ayu": 5700,
        "Budi": 5700,
        "Nia": 2900,
    }


def test_growth_on_a_path_is_told_from_its_own_start():
    # 500 in January 2026; from February on 10% more each month: February 550, March 605.
    path = {"name": "Path", "kpi": "revenue", "growth": "10%", "every": "month", "set_on": "2026-02-01"}
    told = kp.evaluate(company(), plan(path), as_of="2026-02-28", period="2026-03")
    assert told[told["scope_row"] == "detail"]["target_value"].tolist() == [pytest.approx(605)]


def test_the_newest_complete_period_of_a_kind():
    from kpikit.periods import parse_period

    dataset, day = company(), date(2026, 2, 28)
    told = [last_complete(parse_period(one, day), day, dataset) for one in ("2031-05", "2027-Q1", "2026-01")]
    assert [one.label for one in told if one] == ["2026-02", "2025-Q4", "2026-01"]
    assert last_complete(parse_period("all time", day), day, dataset) is None


def test_working_days_of_what_has_no_end_are_null():
    rows = pd.DataFrame({"start": [pd.Timestamp("2027-02-01")], "end": [pd.NaT], "per": [""], "member": [""]})
    assert working_days(company(), rows, date(2026, 2, 28)) == [None]


def test_what_a_day_takes_is_of_those_who_have_the_target():
    """Revenue of each in West, Ayu and Nia; orders of each of three."""
    west = MONTHLY | {"name": "West", "scope": {"team": "West"}}
    orders = MONTHLY | {"name": "Orders", "kpi": "order_count", "level": 19}
    shown = open_view(company(), plan(west, orders), period="2027-02", as_of="2026-02-28")
    told = shown.drawn("what_it_takes").text.splitlines()
    assert told[0] == "It takes $100 on each working day from both reps"
    assert told[1].startswith("Three reps")


QUARTER = {"name": "Quota", "kpi": "revenue", "per": "rep", "every": "quarter", "level": 6300,
           "set_on": "2026-01-01"}  # fmt: skip


def brief(*targets: dict, **parameters: str) -> list[str]:
    asked = {"period": "2027-02", "as_of": "2026-02-28"} | parameters
    return open_view(company(), plan(*targets), **asked).drawn("brief").text.splitlines()


def test_what_a_quarter_asks_is_not_told_as_what_its_month_asks():
    # 2027-Q1 has 63 working days: 100 a day.
    quarter = "Ayu: 2027-Q1 asks for $6,300 of revenue, $100 on each working day"
    assert brief(QUARTER, rep="Ayu")[0] == brief(QUARTER, rep="Ayu", period="2027-Q1")[0] == quarter
    # The month's own target is told first; it is not the lower of two, since the other is of a quarter.
    month = "Ayu: 2027-02 asks for $950 of revenue, $50.00 on each working day"
    assert brief(QUARTER, MONTHLY | {"level": 950}, rep="Ayu")[0] == month


def test_what_several_are_asked_has_its_period():
    # Ayu and Budi are there all the quarter, Nia for 33 of its 63 days.
    (line,) = [one for one in brief(QUARTER) if one.startswith("Quota | ")]
    assert line.split(" | ")[1] == "$15,900 together; three reps, each their own (2027-Q1)"


def test_of_a_past_below_zero_no_share_is_told():
    """From a loss of 500 to a profit of 1,900 is a rise; as a share of −500 it would look like a fall."""
    orders = company().tables["orders"].assign(cost=[0.0, 1500.0, 0.0])
    loss = kp.Dataset(company().tables | {"orders": orders}, company().settings)
    profit = plan(MONTHLY | {"kpi": "gross_profit"})
    view = open_view(loss, profit, period="2027-02", as_of="2026-02-28", rep="Ayu")
    told = asked_of(view.figures)
    assert told[["reference", "change"]].iloc[0].tolist() == [-500, 2400]
    whole = together(pd.concat([told] * 2), loss)
    assert whole["change"] == 4800 and pd.isna(whole["change_ratio"]) and told["change_ratio"].isna().all()
    (line,) = [one for one in view.drawn("brief").text.splitlines() if one.startswith("Monthly | ")]
    assert line.split(" | ")[3] == "▲ +$2,400"


@pytest.mark.parametrize(("first", "before"), [("2026-01-03", 1500), ("2026-02-20", None)])
def test_what_is_asked_does_not_stand_beside_a_quarter_within_which_the_data_start(first, before):
    """The quarter before would be one of five weeks, and any target a leap."""
    orders = company().tables["orders"].assign(order_date=pd.to_datetime([first, "2026-02-25", "2026-02-26"]))
    late = kp.Dataset(company().tables | {"orders": orders}, company().settings)
    view = open_view(late, plan(QUARTER), period="2026-Q2", as_of="2026-03-31", rep="Ayu")
    (told,) = asked_of(view.figures)["reference"]
    assert pd.isna(told) if before is None else told == before
