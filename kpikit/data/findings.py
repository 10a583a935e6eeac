"""What there is to know about data: every check by name, and what it found, with file, line and value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

__all__ = ["CHECKS", "SEVERITIES", "Check", "Example", "Finding", "by_severity"]

Severity = Literal["error", "accepted", "warning", "note"]
Action = Literal["set_null", "drop_row"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
"""The kinds of findings, the worst first."""
_BOTH: tuple[Action, ...] = ("set_null", "drop_row")
_DROP: tuple[Action, ...] = ("drop_row",)


@dataclass(frozen=True)
class Check:
    """What a check looks for, and how its errors can be accepted; one without an action only warns.

    `actions` are what `accept` in dataset.yaml may do to the rows: `set_null` or `drop_row`.
    """

    severity: Literal["error", "warning", "note"]
    meaning: str
    actions: tuple[Action, ...] = ()


def _errors(**checks: tuple[str, tuple[Action, ...]]) -> dict[str, Check]:
    return {name: Check("error", meaning, actions) for name, (meaning, actions) in checks.items()}


def _warnings(**checks: str) -> dict[str, Check]:
    return {name: Check("warning", meaning) for name, meaning in checks.items()}


CHECKS: Mapping[str, Check] = {
    **_errors(
        cannot_read=("A file, a sheet or a query cannot be read", ()),
        ragged_row=("A row of a CSV file has more or fewer values than the header has columns", _DROP),
        missing_column=("A required column, or one that the mapping names, is not there", ()),
        unparseable_date=("A value is not a date", _BOTH),
        unparseable_number=("A value is not a number, or one that cannot be summed exactly", _BOTH),
        unreadable_value=("A value is longer than any cell, holds a zero byte, or is no plain value", _BOTH),
        label_taken=(
            "A value is written as rows without one are shown, or as another member; set_null empties it",
            _BOTH,
        ),
        empty_key=("A row has no id, or a quota no KPI, start or value", _DROP),
        duplicate_key=("An id stands more than once; drop_row keeps the first row", _DROP),
        lines_disagree=(
            "Lines of one order disagree on its date, customer, rep, region or channel; "
            "set_null empties the field on all lines, drop_row drops those that differ from the first",
            _BOTH,
        ),
        shares_not_one=(
            "The credits of an order or deal do not add up to 1; drop_row leaves it with its own rep",
            _DROP,
        ),
        foreign_currency=("An amount is in another currency; set_null empties the amounts", _BOTH),
        join_multiplies=(
            "A join's key stands more than once; set_null looks nothing up for it, drop_row drops its rows",
            _BOTH,
        ),
        unknown_outcome=("An outcome is neither won nor lost; set_null takes the deal for open", _BOTH),
        out_of_time=("Many dates are outside of the years 1900 to 2200", _BOTH),
        quota_ends_early=("A quota ends before it starts; set_null lets it end before the next one", _BOTH),
    ),
    **_warnings(
        closed_early="A deal closed before it was created: left out of sales cycles",
        no_closing="A won or lost deal has no closing date: counted in all time only",
        unknown_rep_id="A row has a rep that reps does not know",
        unknown_customer_id="A row has a customer that customers does not know",
        unknown_order_id="A credit or refund names an order that orders does not know",
        unknown_deal_id="A row names a deal that deals does not know",
        far_future="A fact stands alone, long after all others: ignored for the as-of date",
        date_out_of_time="A date is outside of the years 1900 to 2200: in no period",
        duplicate_rows="A row is the same as another one, in every column",
        no_rep="An order or deal has no rep: shown apart",
        no_customer="An order or deal has no customer",
        no_created="A deal has no creation date: left out of sales cycles and of cohorts",
        no_amount="A line, or a won deal, has no amount",
        no_date="A line has no date: counted in all time only",
        no_cost="A line has no cost: left out of profits",
        no_month="A cost has no month: counted in all time only",
        quota_tenfold="A quota looks ten times, or a tenth of, its neighbours",
        quotas_without_reps="A quota is of a rep, without a table of reps: who sold nothing is not judged",
        moved_without_dates="A member stands in two places without dates: the last row is used",
        gap_of_days="Many days pass without any row",
        empty_rows="A row has no value at all: left out",
        absent_value="A value that keep or drop names is on no row",
        not_kept="The checked tables cannot be kept, so that the next loading reads the files again",
        unmatched="A key is not found in the file that is joined",
    ),
    "left_out": Check("note", "A row is left out by keep or drop of the mapping"),
}
"""Every check by its name, which `accept` and `kpikit data check --json` use."""


@dataclass(frozen=True)
class Example:
    """One place that a finding speaks of: file, line ("line 7", "row 7") and value."""

    file: str
    line: str
    value: str = ""


@dataclass(frozen=True)
class Finding:
    """Something to know about the data: the check, the table, how many rows, and a sentence.

    Parameters
    ----------
    check
        A name in `CHECKS`.
    table
        The table of the data contract.
    rows
        How many rows.
    message
        A sentence without its end.
    severity
        `error` stops; `accepted` is an error that the mapping lets through; `warning` and `note` are told.
    hint
        What to do about it.
    examples
        The first places.

    Examples
    --------
    >>> from kpikit.data.findings import Finding
    >>> print(Finding("no_rep", "orders", 3, "3 lines have no rep: shown apart"))
    orders: 3 lines have no rep: shown apart
    """

    check: str
    table: str
    rows: int
    message: str
    severity: Severity = "warning"
    hint: str = ""
    examples: tuple[Example, ...] = ()

    def __str__(self) -> str:
        return f"{self.table}: {self.message}"

    def as_dict(self) -> dict[str, Any]:
        """Give the finding as plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Finding:
        """Read a finding from plain values."""
        examples = tuple(Example(**one) for one in found.get("examples", ()))
        return cls(**{**found, "examples": examples})


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Put findings in the order of their severity, errors first; those of one kind stay as they stand.

    Examples
    --------
    >>> from kpikit.data.findings import Finding, by_severity
    >>> found = [Finding("no_rep", "orders", 1, "a"), Finding("empty_key", "orders", 1, "b", "error")]
    >>> [one.severity for one in by_severity(found)]
    ['error', 'warning']
    """
    return sorted(findings, key=lambda one: SEVERITIES.index(one.severity))
