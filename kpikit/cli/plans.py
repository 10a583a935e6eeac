"""`kpikit plan show` and `kpikit plan check`: how targets stand, and what they are worth."""

from __future__ import annotations

from typing import Annotated

import typer

from kpikit.cli.options import AsCsv, AsOf, Data, Many, PlanFile, option
from kpikit.cli.words import as_day, dataset_and_plan, tell_end

__all__ = ["check", "show"]


def show(
    plan: PlanFile,
    as_of: AsOf = None,
    data: Data = None,
    target: Annotated[Many, option("--target", text="Only this target; repeatable.", metavar="NAME")] = None,
    detail: Annotated[bool, option("--detail", text="Show each member and each period too.")] = False,
    as_csv: AsCsv = False,
) -> None:
    """Show how each target of a plan stands."""
    from kpikit.targets import evaluate

    dataset, goals = dataset_and_plan(plan, data)
    rows = evaluate(dataset, goals, as_of=as_day(as_of), targets=target or None)
    tell_end(dataset, as_day(as_of))
    from kpikit.reports.tables import print_csv, print_targets
    from kpikit.reports.terminal import Terminal

    if as_csv:
        print_csv(rows)
        return
    print_targets(Terminal(), rows, goals, dataset, as_day(as_of), has_details=detail)


def check(
    plan: PlanFile,
    as_of: AsOf = None,
    data: Data = None,
) -> None:
    """Check whether each target is specific, measurable, attainable, relevant and time-bound."""
    from kpikit.reports.tables import print_review
    from kpikit.reports.terminal import Terminal
    from kpikit.targets import review

    dataset, goals = dataset_and_plan(plan, data)
    rows = review(dataset, goals, as_of=as_day(as_of))
    tell_end(dataset, as_day(as_of))
    print_review(Terminal(), rows)
    if (rows["verdict"] == "fault").any():
        raise typer.Exit(1)
