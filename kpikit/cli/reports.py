"""`kpikit report`: a notebook for the company and for each member, or all reports of a schedule."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpikit.cli.options import AsJson, AsOf, Data, Many, Text, option
from kpikit.cli.words import as_day, clock, pair
from kpikit.errors import ParameterError

if TYPE_CHECKING:
    from kpikit.reports.job import Batch

__all__ = ["ls", "report"]

OUTPUT = Path("reports")
_WHAT = "The parameterized notebook, or a schedule (.yaml)."


class Each(StrEnum):
    """For whom there is a report each."""

    rep = "rep"
    team = "team"
    region = "region"
    channel = "channel"
    none = "none"


def report(
    notebook: Annotated[Path | None, typer.Argument(help=_WHAT, metavar="NOTEBOOK|SCHEDULE")] = None,
    schedule: Annotated[
        Path | None, option("--schedule", text="A schedule: which reports, for whom, when.", metavar="FILE")
    ] = None,
    select: Annotated[
        Many,
        option("--select", text="Only these of a schedule: name, week*, tag, rep:LABEL.", metavar="WHAT"),
    ] = None,
    data: Data = None,
    plan: Annotated[Text, option("--plan", text="The plan with the targets.", metavar="FILE")] = None,
    period: Annotated[Text, option("--period", text="Such as 2026-Q3 or 'last quarter'.")] = None,
    as_of: AsOf = None,
    today: Annotated[
        Text, option("--today", text="Whose max_age counts (default: the clock's).", metavar="DAY")
    ] = None,
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
        Path | None, option("--output", "-o", text="Where the reports go (default: reports).", metavar="DIR")
    ] = None,
    is_self_contained: Annotated[
        bool, option("--self-contained", text="Each page holds all that it needs, to be mailed alone.")
    ] = False,
    jobs: Annotated[int | None, option("--jobs", "-j", text="Reports at once (default: processors).")] = None,
    is_dry: Annotated[bool, option("--dry-run", text="Say what would be made, and make nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run a notebook for the company and for each member, or a schedule: pages, an index and all figures."""
    from kpikit.reports.listed import is_schedule

    options = {"data": data, "plan": plan, "period": period, "as_of": as_day(as_of), "language": language}
    given = {name: text for name, text in options.items() if text is not None}
    _refuse({"--json": as_json and not is_dry}, "it is for --dry-run", "--dry-run --json")
    if notebook is not None and is_schedule(notebook):
        notebook, schedule = None, _one("schedule", notebook, schedule)
    if schedule is not None:
        _one("notebook or schedule", notebook, schedule)
        own = {"--for-each": for_each, "--rep": rep, "--team": team, "-p": parameters, "--data": data}
        own |= {"--plan": plan, "--no-company": not has_company}
        _refuse(own, "a schedule says that itself", "write it in the schedule, or choose with --select")
        batches, place = _of_schedule(schedule, select, given, today)
    else:
        _refuse({"--select": select, "--today": today}, "there is no schedule", "--schedule FILE")
        batches, place = _of_notebook(notebook, given, for_each, rep, team, has_company, parameters), OUTPUT
    if is_self_contained:
        from kpikit.reports.job import single_files

        batches = [single_files(one) for one in batches]
    from kpikit.reports.making import check_ahead, make_reports

    if is_dry:
        check_ahead(batches, output or place, workers=jobs)
        _show(batches, output or place, as_json)
        return
    for why in (why for one in batches for why in one.left_out):
        typer.echo(f"kpikit: left out: {why}", err=True)
    if not all(one.is_done for one in make_reports(batches, output or place, workers=jobs)):
        raise typer.Exit(1)


def ls(
    source: Annotated[
        Path | None,
        typer.Argument(help="A schedule, a notebook or a folder (default: notebooks).", metavar="[SCHEDULE]"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the reports of a schedule, or notebooks with their titles and parameters."""
    from kpikit.reports.listed import listed, listed_json, listed_lines
    from kpikit.reports.tables import print_lines, print_text

    known = listed(source)
    if as_json:
        print_text(listed_json(known) + "\n")
    else:
        print_lines(listed_lines(known))
    if any("fault" in one for one in known.get("notebooks", ())):
        raise typer.Exit(1)


def _of_schedule(
    path: Path, select: list[str] | None, given: dict[str, str], today: str | None
) -> tuple[list[Batch], Path]:
    from kpikit.reports.paths import place_of
    from kpikit.reports.scheduled import plan_schedule
    from kpikit.selection.scheduling import read_schedule

    read = read_schedule(path)
    place = OUTPUT if read.output is None else place_of(read.output, read.folder)
    return plan_schedule(read, select=select or (), given=given, today=clock(today)), place


def _of_notebook(
    notebook: Path | None,
    given: dict[str, str],
    for_each: list[Each] | None,
    rep: list[str] | None,
    team: list[str] | None,
    has_company: bool,
    parameters: list[str] | None,
) -> list[Batch]:
    from kpikit.reports.jobs import plan_batch

    if notebook is None:
        raise ParameterError("report", "no notebook or schedule is named", hint="kpikit ls lists them")
    for name, value in (pair(one, "-p", "-p NAME VALUE") for one in parameters or ()):
        if name in given:
            raise ParameterError("-p", f"'{name}' is given twice", hint="give it once")
        given[name] = value
    only = {name: labels for name, labels in (("rep", rep), ("team", team)) if labels}
    dimensions = [one.value for one in for_each or ([] if only else [Each.rep])]
    asked = [one for one in dimensions if one != "none"]
    return [plan_batch(notebook, for_each=asked, only=only, has_company=has_company, given=given)]


def _show(batches: list[Batch], output: Path, as_json: bool) -> None:
    from kpikit.reports.ahead import ahead_json, ahead_lines
    from kpikit.reports.tables import print_lines, print_text

    if as_json:
        print_text(ahead_json(batches, output) + "\n")
    else:
        print_lines(ahead_lines(batches, output))


def _one(what: str, one: Path | None, other: Path | None) -> Path | None:
    if one is not None and other is not None:
        raise ParameterError("report", f"{one} and {other} are both named", hint=f"name one {what}")
    return one or other


def _refuse(options: dict[str, Any], why: str, hint: str) -> None:
    """Refuse options that do not go with what else is asked for."""
    for name, value in options.items():
        if value:
            raise ParameterError(name, why, hint=hint)
