"""What a target takes: a flow in equal parts for each working day, and for each week of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from kpikit.calendars import Calendar
from kpikit.data.dataset import Dataset
from kpikit.kpis.catalog import find
from kpikit.periods import Period
from kpikit.targets.proration import Staff

__all__ = ["free_days", "is_divided", "takes", "working_days"]


def takes(target_value: float, days: int, calendar: Calendar) -> tuple[float | None, float | None]:
    """Divide a target by its working days: what it takes on each of them, and in a week of them.

    Parameters
    ----------
    target_value
        What is to be reached, in the KPI's unit.
    days, calendar
        The working days that there are for it; what says how many weekdays a week has for work.

    Returns
    -------
    tuple
        By day and by week; null without a working day, or where nothing is asked.

    Examples
    --------
    >>> from kpikit.calendars import Calendar
    >>> from kpikit.targets.takes import takes
    >>> takes(45_000.0, 60, Calendar())
    (750.0, 3750.0)
    """
    if not days or target_value != target_value or target_value <= 0:
        return None, None
    return target_value / days, target_value / days * len(calendar.workdays)


def working_days(dataset: Dataset, rows: pd.DataFrame, as_of: date) -> list[int | None]:
    """Count the working days of each row of `evaluate`: of a rep, those on the team; null without an end.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.targets.takes import working_days
    >>> sales, plan = kp.load("data/samples"), kp.read_plan("data/samples/plan.yaml")
    >>> rows = kp.evaluate(sales, plan, targets="$1.2 million in 2022 from Alaska")
    >>> working_days(sales, rows, sales.as_of)
    [250]
    """
    staff, told = Staff(dataset, as_of, ()), []
    for one in rows.to_dict("records"):
        if pd.isna(one["end"]):
            told.append(None)
            continue
        start, end = one["start"].date(), one["end"].date()
        span = Period(f"{start}/{end}", start, end, "range")
        worked = staff.worked(str(one["member"]), span) if one["per"] == "rep" else None
        told.append(worked.business[1] if worked else dataset.calendar.business_days(start, end))
    return told


def free_days(calendar: Calendar, start: date, end: date) -> Sequence[date]:
    """List the holidays that take a working day away.

    Examples
    --------
    >>> from datetime import date
    >>> from kpikit.calendars import Calendar
    >>> from kpikit.targets.takes import free_days
    >>> calendar = Calendar(holidays=frozenset({date(2026, 8, 17), date(2026, 8, 16)}))
    >>> free_days(calendar, date(2026, 8, 1), date(2026, 8, 31))
    [datetime.date(2026, 8, 17)]
    """
    days = [start + timedelta(ahead) for ahead in range((end - start).days + 1)]
    return [one for one in days if one in calendar.holidays and one.weekday() in calendar.workdays]


def is_divided(kpi: str) -> bool:
    """Tell whether a target of a KPI can be divided into days: a flow of which more is better.

    Examples
    --------
    >>> from kpikit.targets.takes import is_divided
    >>> is_divided("revenue"), is_divided("win_rate")
    (True, False)
    """
    found = find(kpi)
    return found.kind == "flow" and found.is_higher_better
