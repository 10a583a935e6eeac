"""Tables for the terminal: targets as they are judged, the check of a plan, and measured figures."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import pandas as pd
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kpikit.data.dataset import Dataset
from kpikit.errors import visible
from kpikit.kpis.catalog import find
from kpikit.language import MISSING, day, number, percent, quantity, signed
from kpikit.periods import parse_date
from kpikit.reports.gathering import csv_text
from kpikit.reports.results import Results
from kpikit.targets import Plan
from kpikit.views.theme import STATUS, symbol

__all__ = ["figures_table", "print_csv", "print_lines", "print_review", "print_targets", "print_text"]

COLOURS = {"reached": "green", "on pace": "green", "behind": "yellow", "at risk": "red", "missed": "red"}
_WIDE, _NARROW = 140, 95
_ALWAYS, _MORE, _MOST = (
    ("Actual", "Target", "Attained", "Pace"),
    ("Gap", "Elapsed"),
    ("Expected", "Needed/day"),
)
_ORDER = ("Actual", "Target", "Attained", "Gap", "Elapsed", "Expected", "Pace", "Needed/day")
VERDICTS = {"ok": ("✓", "green"), "warning": ("!", "yellow"), "fault": ("✕", "red")}


def print_targets(
    console: Console,
    rows: pd.DataFrame,
    plan: Plan,
    dataset: Dataset,
    as_of: str | None,
    *,
    has_details: bool,
) -> None:
    """Print evaluated targets, with the day and what days are counted."""
    known = dataset.as_of if as_of is None else parse_date(as_of)
    name = plan.path.name if plan.path else "Plan"
    head = f"{name} on {day(known)} · elapsed and needed in {plan.days} days"
    console.print(head, markup=False, highlight=False)
    currency = dataset.settings.currency
    console.print(targets_table(rows, currency, has_details=has_details, width=console.width))


def targets_table(rows: pd.DataFrame, currency: str, *, has_details: bool, width: int) -> Table:
    """Make the table of evaluated targets: roll-ups first, then what is judged on its own.

    Parameters
    ----------
    rows
        What `evaluate` gives.
    currency
        The dataset's, for money.
    has_details
        Whether to show the members and occurrences of a roll-up too.
    width
        The columns of the terminal. What has no column of its own in a narrow one stands below the name.
    """
    is_wide = width >= _WIDE
    columns = [*_ALWAYS, *(_MORE if width >= _NARROW else ()), *(_MOST if is_wide else ())]
    columns = [name for name in _ORDER if name in columns]
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1 + is_wide, 0, 0))
    table.add_column("Target", overflow="fold")
    for name in columns:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Status", no_wrap=True)
    for name, group in rows.groupby("target", sort=False):
        total, detail = group[group["scope_row"] == "total"], group[group["scope_row"] != "total"]
        shown = pd.concat([total, detail]) if has_details or total.empty else total
        for place, row in enumerate(shown.to_dict("records")):
            cells = _cells(row, currency, is_compact=not is_wide)
            lines = [escape(str(name))] if place == 0 else []
            rest = [
                f"{one.lower()} {cells[one]}"
                for one in _ORDER
                if one not in columns and cells[one] != MISSING
            ]
            lines += [f"[dim]{line}[/dim]" for line in [*_below(row), ", ".join(rest)] if line]
            table.add_row("\n".join(lines), *(cells[one] for one in columns), _status(row))
        table.add_section()
    return table


def _below(row: dict[str, Any]) -> list[str]:
    """What stands below a target's name: whose part a row is, in which period, and its note."""
    if row["scope_row"] == "total":
        whose = f"each {row['per']}" if _text(row["per"]) else ""
        return [escape(" · ".join(filter(None, [whose, _text(row["note"])])))]
    part = " · ".join(filter(None, [_text(row["member"]), _text(row["period"])]))
    return [escape(part), escape(_text(row["note"]))]


def _cells(row: dict[str, Any], currency: str, *, is_compact: bool) -> dict[str, str]:
    def write(value: Any) -> str:
        return quantity(_number(value), str(row["unit"]), currency=currency, is_compact=is_compact)

    attained = percent(_number(row["attainment"]))
    if pd.notna(row["progress"]):
        # From → to: how much of the way is done, beside the plain share of the target.
        attained = f"{attained}\n[dim]{percent(row['progress'])} of way[/dim]"
    return {
        "Actual": write(row["actual"]),
        "Target": write(row["target_value"]),
        "Attained": attained,
        "Gap": signed(_number(row["gap"]), write),
        "Elapsed": percent(_number(row["elapsed_business"])),
        "Expected": write(row["expected"]),
        "Pace": number(_number(row["pace"]), places=2),
        "Needed/day": write(row["needed_per_day"]),
    }


def _status(row: dict[str, Any]) -> str:
    status = _text(row["status"])
    colour = COLOURS.get(status, "default")
    sign = f"{symbol(status)} " if status in STATUS else ""
    return f"[{colour}]{sign}{escape(status)}[/{colour}]" if status else ""


def review_tables(rows: pd.DataFrame) -> list[Table]:
    """Make one small table for each target of a checked plan: verdict, check and reason."""
    tables = []
    for name, group in rows.groupby("target", sort=False):
        table = Table(
            box=None, pad_edge=False, show_header=False, title=escape(str(name)), title_justify="left"
        )
        table.title_style = "bold"
        table.add_column(no_wrap=True)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for row in group.to_dict("records"):
            sign, colour = VERDICTS.get(row["verdict"], ("", "default"))
            table.add_row(
                f"[{colour}]{sign} {row['verdict']}[/{colour}]", row["check"], escape(row["reason"])
            )
        tables.append(table)
    return tables


def print_review(console: Console, rows: pd.DataFrame) -> None:
    """Print the check of a plan, and how many verdicts there are of each kind."""
    for table in review_tables(rows):
        console.print(table)
        console.print()
    counts = rows["verdict"].value_counts()
    told = ", ".join(f"{counts.get(verdict, 0)} {verdict}" for verdict in VERDICTS)
    console.print(f"{rows['target'].nunique()} targets: {told}", markup=False, highlight=False)


def figures_table(rows: pd.DataFrame, currency: str) -> Table:
    """Make the table of measured figures."""
    own = ("value", "reference", "change", "change_ratio", "n", "note")
    known = {"kpi", "convention", "period", "start", "end", *own}
    dimensions = [name for name in rows.columns if name not in known]
    has_reference = bool(rows["reference"].notna().any())
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ["KPI", *dimensions, "Period"]:
        table.add_column(name.replace("_", " ").capitalize() if name != "KPI" else name, overflow="fold")
    for name in ["Value", *(["Before", "Change"] if has_reference else []), "n"]:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("Note", overflow="fold")
    for row in rows.to_dict("records"):
        unit = find(row["kpi"]).unit
        shown = row["convention"] if _text(row["convention"]) not in ("", "default") else ""
        cells = [escape(f"{row['kpi']}:{shown}" if shown else row["kpi"])]
        cells += [escape(_text(row[name])) for name in dimensions] + [escape(row["period"])]
        cells.append(quantity(_number(row["value"]), unit, currency=currency))
        if has_reference:
            cells.append(quantity(_number(row["reference"]), unit, currency=currency))
            cells.append(signed(_number(row["change_ratio"]), lambda share: percent(share, places=1)))
        cells += [MISSING if pd.isna(row["n"]) else number(float(row["n"])), escape(row["note"])]
        table.add_row(*cells)
    return table


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _number(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def print_csv(rows: pd.DataFrame) -> None:
    """Print figures as CSV, for other programs."""
    print_text(csv_text([({}, Results.of(rows))], [], is_sorted=False))


def print_lines(lines: Iterable[str]) -> None:
    """Print lines as they are, for a person: no control sign of a label steers the terminal."""
    for line in lines:
        print_text(visible(line.replace("\n", " ")) + "\n")


def print_text(text: str) -> None:
    """Print a text for other programs, with every letter as it is."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        # No letter is replaced, as it is in a table.
        sys.stdout.reconfigure(encoding="utf-8")
    typer.echo(text, nl=False)
