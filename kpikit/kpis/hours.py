"""Business hours: how many working minutes lie between two moments."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from kpikit.data.frames import date_of

if TYPE_CHECKING:
    from kpikit.data.dataset import Dataset

__all__ = ["MINUTES_A_DAY", "business_minutes", "hours_name"]

MINUTES_A_DAY = 1440
_FIRST = date(1900, 1, 1)


def business_minutes(dataset: Dataset, moments: np.ndarray) -> np.ndarray:
    """Count the working minutes from a fixed moment to each of some, so that a difference is a time worked.

    Parameters
    ----------
    dataset
        The tables, whose settings give business hours and holidays; without hours, every minute counts.
    moments
        Minutes since 1970-01-01, on the company's clock.

    Returns
    -------
    numpy.ndarray
        Whole minutes; only their differences mean something.

    Examples
    --------
    >>> import numpy as np
    >>> import kpikit as kp
    >>> from kpikit.kpis.hours import business_minutes
    >>> friday, monday = np.datetime64("2026-09-11T16:30"), np.datetime64("2026-09-14T09:45")
    >>> minutes = np.array([friday, monday]).astype("datetime64[m]").astype("int64")
    >>> int(np.diff(business_minutes(kp.load("data/samples"), minutes))[0])
    75
    """
    hours = dataset.settings.business_hours
    if hours is None or not len(moments):
        return moments
    opens, closes = (60 * one.hour + one.minute for one in (hours.start, hours.end))
    days, minutes = np.divmod(moments, MINUTES_A_DAY)
    known, place = np.unique(days, return_inverse=True)
    dates = [date_of(int(number)) for number in known]
    calendar = dataset.calendar
    before = np.array([calendar.business_days(_FIRST, one - timedelta(days=1)) for one in dates])
    is_worked = np.array([calendar.is_business_day(one) for one in dates])
    today = np.clip(minutes - opens, 0, closes - opens) * is_worked[place]
    return before[place] * (closes - opens) + today


def hours_name(dataset: Dataset, count: int = 2) -> str:
    """Write what a time is counted in: business hours where the company names them.

    Examples
    --------
    >>> import kpikit as kp
    >>> from kpikit.kpis.hours import hours_name
    >>> sales = kp.load("data/samples")
    >>> hours_name(sales), hours_name(sales, 1)
    ('business hours', 'business hour')
    """
    name = "hour" if dataset.settings.business_hours is None else "business hour"
    return name if count == 1 else f"{name}s"
