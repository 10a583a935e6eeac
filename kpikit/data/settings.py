"""The company's settings: its name, currency, time zone, hours, fiscal year, week start and holidays."""

from __future__ import annotations

import re
from datetime import date, time
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    field_validator,
    model_validator,
)

from kpikit.calendars import FIRST_DAY, LAST_DAY
from kpikit.errors import suggest
from kpikit.periods import Calendar, national_holidays

__all__ = ["Settings", "Strict"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEARS = range(1990, 2101)


class Strict(BaseModel):
    """An entry of a file, in which nothing unknown may stand."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FiscalYear(Strict):
    """The month in which the fiscal year starts, and the calendar year that names it."""

    start_month: int = Field(1, ge=1, le=12)
    named_by: Literal["start", "end"] = "end"


class BusinessHours(Strict):
    """When replies can be expected, in the time zone of the dataset."""

    start: time
    end: time

    @field_validator("start", "end", mode="before")
    @classmethod
    def _written(cls, hour: Any) -> Any:
        # A number would be taken for seconds, so that 9 is nine seconds past midnight.
        if not isinstance(hour, time) and not re.fullmatch(r"\d\d:\d\d(:\d\d)?", str(hour)):
            raise ValueError("a time of day is expected, such as '09:00', on the clock of time_zone")
        return hour

    @model_validator(mode="after")
    def _in_order(self) -> BusinessHours:
        if self.start >= self.end:
            raise ValueError("the hours end before they start")
        return self


class Holidays(Strict):
    """The public holidays of a country, by its ISO code."""

    country: str
    subdivision: str | None = None


def _days(holidays: list[date]) -> list[date]:
    for day in holidays:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValueError(f"{day} is out of time. Years {FIRST_DAY.year} to {LAST_DAY.year} are read")
    return holidays


def _is_either(holidays: Any) -> Any:
    if not isinstance(holidays, (dict, list, Holidays)):
        raise ValueError("holidays are a country, such as {country: ID}, or a list of days")
    return holidays


def _form(holidays: Any) -> str:
    return "a list" if isinstance(holidays, list) else "a country"


class Settings(Strict):
    """The company: its name, currency, time zone, hours, fiscal year, week start and holidays.

    Examples
    --------
    >>> from kpikit.data.settings import Settings
    >>> Settings(currency="IDR", fiscal_year={"start_month": 4}).calendar().fiscal_start_month
    4
    """

    name: str = "Company"
    currency: str = "USD"
    time_zone: str = "UTC"
    business_hours: BusinessHours | None = None
    week_start: Literal[WEEKDAYS] = "monday"  # type: ignore[valid-type]
    fiscal_year: FiscalYear = FiscalYear()
    stages: dict[str, Annotated[float, Field(ge=0, le=1)]] = Field(default_factory=dict)
    holidays: Annotated[
        Annotated[Holidays, Tag("a country")] | Annotated[list[date], AfterValidator(_days), Tag("a list")],
        Discriminator(_form),
        BeforeValidator(_is_either),
    ] = Field(default_factory=list)

    @field_validator("currency")
    @classmethod
    def _currency(cls, currency: str) -> str:
        if not re.fullmatch("[A-Z]{3}", currency):
            raise ValueError("a currency is its ISO 4217 code of three capital letters, such as USD or IDR")
        return currency

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            near = suggest(zone, available_timezones()) or "Give an IANA name, such as Asia/Jakarta."
            raise ValueError(f"no time zone has this name. {near}") from None
        return zone

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return ZoneInfo(self.time_zone)

    def calendar(self) -> Calendar:
        """Give the calendar by which periods are read and business days counted.

        Raises
        ------
        PeriodError
            If the country of the holidays is not known.
        """
        days = self.holidays
        if isinstance(days, Holidays):
            found = national_holidays(days.country, _YEARS, days.subdivision)
        else:
            found = frozenset(days)
        return Calendar(
            fiscal_start_month=self.fiscal_year.start_month,
            fiscal_named_by=self.fiscal_year.named_by,
            week_start=WEEKDAYS.index(self.week_start),
            holidays=found,
        )
