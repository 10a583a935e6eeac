"""`kpikit report`: a notebook for the company and for each member."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from kpikit.cli.options import AsOf, Data, Many, Text, option
from kpikit.cli.words import as_day, pair
from kpikit.errors import ParameterError

__all__ = ["report"]

OUTPUT = Path("reports")


class Each(StrEnum):
    """For whom there is a report each."""

    rep = "rep"
    team = "team"
    region = "region"
    channel = "channel"
    none = "none"


def report(
    notebook: Annotated[Path, typer.Argument(help="The parameterized notebook.")],
    data: Data = None,
    plan: Annotated[Text, option("--plan", text="The plan with the targets.", metavar="FILE")] = None,
    period: Annotated[Text, option("--period", text="Such as 2026-Q3 or 'last quarter'.")] = None,
    as_of: AsOf = None,
    for_each: Annotated[
        list[Each] | None,
        option("--for-each", text="A report for each who was there (default: rep); repeatable."),
    ] = None,
    rep: Annotated[Many, option("--rep", text="Only this rep; repeatable.", metavar="NAME")] = None,
    team: Annotated[Many, option("--team", text="Only this team; repeatable.", metavar="NAME")] = None,
    has_company: Annotated[
        bool, option("--company/--no-company", text="Also a report for the whole company.")
    ] = True,
    language: Annotated[Text, option("--language", text="en or id.")] = None,
    parameters: Annotated[
        Many,
        option("--parameter", "-p", text="A parameter of the notebook; repeatable.", metavar="NAME VALUE"),
    ] = None,
    output: Annotated[
        Path, option("--output", "-o", text="Where the reports go.", metavar="FOLDER")
    ] = OUTPUT,
    is_self_contained: Annotated[
        bool, option("--self-contained", text="Each page holds all that it needs, to be mailed alone.")
    ] = False,
    jobs: Annotated[int | None, option("--jobs", "-j", text="Reports at once (default: processors).")] = None,
) -> None:
    """Run a notebook for the company and for each member: notebooks, pages, an index and all figures."""
    from kpikit.reports.jobs import plan_batch

    options = {"data": data, "plan": plan, "period": period, "as_of": as_day(as_of), "language": language}
    given = {name: text for name, text in options.items() if text is not None}
    for name, value in (pair(one, "-p", "-p NAME VALUE") for one in parameters or ()):
        if name in given:
            raise ParameterError("-p", f"'{name}' is given twice", hint="give it once")
        given[name] = value
    only = {name: labels for name, labels in (("rep", rep), ("team", team)) if labels}
    dimensions = [one.value for one in for_each or ([] if only else [Each.rep])]
    batch = plan_batch(
        notebook,
        for_each=[one for one in dimensions if one != "none"],
        only=only,
        has_company=has_company,
        given=given,
        is_self_contained=is_self_contained,
    )

    from kpikit.reports.making import make_reports

    if not all(one.is_done for one in make_reports(batch, output, workers=jobs)):
        raise typer.Exit(1)
