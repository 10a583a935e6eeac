"""KPIs of conversations: how many are answered, and how soon, on the clock of the company's hours."""

from collections.abc import Container, Mapping
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.oracles.company import Company
from tests.oracles.parts import Gathered, Recipe, count, entries_in, entries_of, median, of_rows, share_of
from tests.oracles.tables import DAY, Row


def whole_minute(moment: datetime | None) -> datetime | None:
    """Drop the seconds."""
    return None if moment is None else moment.replace(second=0, microsecond=0)


def minute_of(hour: time | str) -> int:
    """Count the whole minutes from midnight to a time of day, given as itself or as text like 09:30."""
    hour = time.fromisoformat(hour) if isinstance(hour, str) else hour
    return hour.hour * 60 + hour.minute


def holidays_of(settings: Mapping[str, Any]) -> Container[date]:
    """Give the days on which nobody works: those listed, or the public holidays of a country."""
    days = settings.get("holidays") or []
    if isinstance(days, Mapping):
        from holidays import country_holidays

        return country_holidays(days["country"], subdiv=days.get("subdivision"))
    return set(days)


def hours_between(start: datetime, end: datetime, settings: Mapping[str, Any]) -> Fraction:
    """Count the hours from one moment to another: business hours where the company names them."""
    if not settings.get("business_hours"):
        return Fraction((end - start) // timedelta(minutes=1), 60)
    opens, closes = (minute_of(settings["business_hours"][name]) for name in ("start", "end"))
    free, minutes, day = holidays_of(settings), 0, start.date()
    while day <= end.date():
        if day.weekday() < 5 and day not in free:
            midnight = datetime.combine(day, time())
            first = max(opens, (start - midnight) // timedelta(minutes=1))
            last = min(closes, (end - midnight) // timedelta(minutes=1))
            minutes += max(0, last - first)
        day += DAY
    return Fraction(minutes, 60)


def started(co: Company) -> list[Row]:
    """List the conversations started in the period."""
    return [row for row in co.conversations if co.is_in(row["started_at"])]


def answered(co: Company) -> list[Row]:
    """List those with a reply, however it is dated."""
    return [row for row in started(co) if row["first_reply_at"] is not None]


def conversations_handled(co: Company, convention: str | None) -> Recipe:
    handled = started(co) if convention == "started" else answered(co)
    return {"handled": of_rows(co, handled)}, lambda g: (count(g["handled"]), entries_of(g["handled"]))


def response_rate(co: Company, convention: str | None) -> Recipe:
    replied, judged = answered(co), started(co)
    if convention in ("within_1_hour", "within_8_hours"):
        most = 1 if convention == "within_1_hour" else 8
        replied = [row for row in replied if (wait := wait_of(co, row)) is not None and wait <= most]
        # Whoever waits counts once the time for an answer is over.
        judged = [row for row in judged if row["first_reply_at"] is not None or waited_of(co, row) >= most]
    return {"answered": of_rows(co, replied), "all": of_rows(co, judged)}, share_of("answered", "all")


def waited_of(co: Company, row: Row) -> Fraction:
    """Count the hours from the start to the end of the last day that is known; none without a start."""
    start, now = whole_minute(row["started_at"]), datetime.combine(co.as_of + DAY, time())
    return Fraction(0) if start is None else hours_between(start, now, co.settings)


def wait_of(co: Company, row: Row) -> Fraction | None:
    """Count the hours from the start to the reply; None where they are not told, or the reply came before."""
    start, reply = whole_minute(row["started_at"]), whole_minute(row["first_reply_at"])
    if start is None or reply is None or reply < start:
        return None
    return hours_between(start, reply, co.settings)


def first_response_hours(co: Company, convention: str | None) -> Recipe:
    # Whoever is unanswered waits on, to the end of the last day that is known.
    now = datetime.combine(co.as_of + DAY, time())
    hours: dict[str, Fraction] = {}
    timed = []
    for row in started(co):
        start, reply = whole_minute(row["started_at"]), whole_minute(row["first_reply_at"])
        end = now if reply is None and convention == "waiting" else reply
        if start is not None and end is not None and start <= end:
            timed.append(row)
            hours[row["conversation_id"]] = hours_between(start, end, co.settings)

    def middle(g: Gathered) -> tuple[Fraction | None, int]:
        times = [hours[row["conversation_id"]] for row in entries_in(g["timed"])]
        return median(times), len(times)

    return {"timed": of_rows(co, timed)}, middle


RECIPES = {one.__name__: one for one in (conversations_handled, response_rate, first_response_hours)}
