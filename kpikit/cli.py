"""The command line: `kpikit report`, `plan show`, `plan check` and `measure`; no logic of its own.

Exit codes: 0 all well; 1 some reports failed, or an unexpected error; 2 bad input; 130 stopped by Ctrl-C;
143 stopped by SIGTERM. What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from kpikit.commands.map import map_files
from kpikit.errors import KpikitError, ParameterError, cut

__all__ = ["app", "main"]

app = typer.Typer(
    help="Sales KPIs from goal to report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
plans = typer.Typer(help="Targets of a plan: how they stand, and what they are worth.", no_args_is_help=True)
app.add_typer(plans, name="plan")
OUTPUT = Path("reports")


class Each(StrEnum):
    """For whom there is a report each."""

    rep = "rep"
    team = "team"
    region = "region"
    channel = "channel"
    none = "none"


def option(*names: str, text: str, metavar: str | None = None) -> Any:
    """Declare an option."""
    return typer.Option(*names, help=text, metavar=metavar)


Text = str | None
Many = list[str] | None
Data = Annotated[Text, option("--data", text="Folder or dataset.yaml of the data.", metavar="FOLDER")]
Debug = Annotated[bool, option("--debug", text="Show the traceback of an unexpected error.")]
AsOf = Annotated[Text, option("--as-of", text="2026-09-14 or today (default: newest fact).", metavar="DAY")]
AsCsv = Annotated[bool, option("--csv", text="Write every row and column as CSV.")]
PlanFile = Annotated[Path, typer.Argument(help="The plan.")]


def main() -> None:
    """Run the command line."""
    app(args=list(_paired(sys.argv[1:])))


def _paired(words: Iterable[str]) -> Iterator[str]:
    """Join the two words after `-p`, as papermill takes them; typer knows no option with two words."""
    rest = iter(words)
    for word in rest:
        yield word
        if word in ("-p", "--parameter") and (name := next(rest, None)) is not None:
            value = None if "=" in name else next(rest, None)
            yield name if value is None else f"{name}={value}"


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what a command raises into a message and an exit code."""

    @wraps(command)
    def run(*args: Any, debug: bool = False, **options: Any) -> None:
        try:
            command(*args, **options)
        except KpikitError as error:
            typer.echo(f"kpikit: {error}", err=True)
            raise typer.Exit(2) from None
        except KeyboardInterrupt as stop:
            typer.echo("kpikit: stopped. Reports that were done are whole; the index is as it was.", err=True)
            raise typer.Exit(128 + getattr(stop, "number", 2)) from None
        except BrokenPipeError:
            # The reader (`| head`) has gone; nothing is left to tell it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None
        except Exception as error:
            if debug or isinstance(error, (typer.Exit, typer.Abort)):
                raise
            if isinstance(error, OSError) and error.filename is not None:
                # What was named cannot be used, for a reason that nobody foresaw in particular.
                typer.echo(f"kpikit: {cut(error.filename)}: {error.strerror}.", err=True)
                raise typer.Exit(2) from None
            text = " ".join(f"{type(error).__name__}: {error}".split())
            typer.echo(f"kpikit: unexpected error: {text}. Hint: --debug shows the traceback.", err=True)
            raise typer.Exit(1) from None

    return run


@app.callback(invoke_without_command=True)
def _root(
    is_version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if is_version:
        from kpikit.reports.style import own_version

        typer.echo(f"kpikit {own_version()}")
        raise typer.Exit


@app.command()
@told
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
    jobs: Annotated[int | None, option("--jobs", "-j", text="Reports at once (default: processors).")] = None,
    debug: Debug = False,
) -> None:
    """Run a notebook for the company and for each member: notebooks, pages, an index and all figures."""
    from kpikit.reports.jobs import plan_batch

    options = {"data": data, "plan": plan, "period": period, "as_of": _day(as_of), "language": language}
    given = {name: text for name, text in options.items() if text is not None}
    for name, value in (_pair(one, "-p", "-p NAME VALUE") for one in parameters or ()):
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
    )

    from kpikit.reports.making import make_reports

    if not all(one.is_done for one in make_reports(batch, output, workers=jobs)):
        raise typer.Exit(1)


@plans.command()
@told
def show(
    plan: PlanFile,
    as_of: AsOf = None,
    data: Data = None,
    target: Annotated[Many, option("--target", text="Only this target; repeatable.", metavar="NAME")] = None,
    detail: Annotated[bool, option("--detail", text="Show each member and each period too.")] = False,
    as_csv: AsCsv = False,
    debug: Debug = False,
) -> None:
    """Show how each target of a plan stands."""
    from kpikit.targets import evaluate

    dataset, goals = _dataset_and_plan(plan, data)
    rows = evaluate(dataset, goals, as_of=_day(as_of), targets=target or None)
    if as_csv:
        _print_csv(rows)
        return
    from rich.console import Console

    from kpikit.reports.tables import print_targets

    print_targets(Console(), rows, goals, dataset, _day(as_of), has_details=detail)


@plans.command()
@told
def check(
    plan: PlanFile,
    as_of: AsOf = None,
    data: Data = None,
    debug: Debug = False,
) -> None:
    """Check whether each target is specific, measurable, attainable, relevant and time-bound."""
    from rich.console import Console

    from kpikit.reports.tables import print_review
    from kpikit.targets import review

    dataset, goals = _dataset_and_plan(plan, data)
    rows = review(dataset, goals, as_of=_day(as_of))
    print_review(Console(), rows)
    if (rows["verdict"] == "fault").any():
        raise typer.Exit(1)


@app.command()
@told
def measure(
    kpis: Annotated[list[str], typer.Argument(help="KPIs, such as revenue or win_rate:cohort.")],
    data: Annotated[str, option("--data", text="Folder or dataset.yaml of the data.", metavar="FOLDER")],
    period: Annotated[str, option("--period", text="Such as 2026-Q3.")] = "last quarter",
    by: Annotated[Many, option("--by", text="Split by it; repeatable.", metavar="DIMENSION")] = None,
    grain: Annotated[Text, option("--grain", text="Split the period into month, quarter, ...")] = None,
    compare: Annotated[Text, option("--compare", text="previous, same_period_last_year, ...")] = None,
    where: Annotated[
        Many, option("--where", text="Only these; repeatable.", metavar="DIMENSION=LABEL")
    ] = None,
    as_of: AsOf = None,
    as_csv: AsCsv = False,
    debug: Debug = False,
) -> None:
    """Measure KPIs over a period."""
    from kpikit.data.dataset import load
    from kpikit.kpis.measure import measure as measure_kpis

    scope: dict[str, list[str]] = {}
    for name, label in (_pair(one, "--where", "--where region=Bali") for one in where or ()):
        scope.setdefault(name, []).append(label)
    dataset = load(data)
    rows = measure_kpis(
        dataset,
        kpis,
        period=period,
        by=by or None,
        grain=grain,
        compare=compare,
        where=scope,
        as_of=_day(as_of),
    )
    if as_csv:
        _print_csv(rows)
        return
    from rich.console import Console

    from kpikit.reports.tables import figures_table

    Console().print(figures_table(rows, dataset.settings.currency))


app.command("map")(told(map_files))


def _day(text: str | None) -> str | None:
    """Read `today`, which the command line alone knows."""
    return date.today().isoformat() if text is not None and text.strip().lower() == "today" else text


def _pair(text: str, option: str, usage: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise ParameterError(option, f"'{text}' has no value", hint=usage)
    return name.strip(), value


def _dataset_and_plan(plan: Path, data: str | None) -> tuple[Any, Any]:
    from kpikit.data.dataset import load
    from kpikit.targets import read_plan

    goals = read_plan(plan)
    source = data or goals.dataset_path
    if source is None:
        raise ParameterError(
            "plan", f"{plan.name} names no dataset", hint="--data FOLDER, or dataset: in the plan"
        )
    return load(source), goals


def _print_csv(rows: Any) -> None:
    from kpikit.reports.results import Results, csv_text

    text = csv_text([({}, Results.of(rows))], [], is_sorted=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        # Figures go on to other programs: no letter is replaced, as it is in a table.
        sys.stdout.reconfigure(encoding="utf-8")
    typer.echo(text, nl=False)
