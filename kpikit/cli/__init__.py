"""The command line; no logic of its own.

Exit codes: 0 all well; 1 some reports failed, a check found errors, or an unexpected error; 2 bad input; 130
stopped by Ctrl-C; 143 stopped by SIGTERM. What takes long to import is imported by the command that needs it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer

from kpikit.cli import data, figures, kpis, mapping, plans, reports
from kpikit.cli.options import told

__all__ = ["app", "main"]

app = typer.Typer(
    help="Sales KPIs from goal to report.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


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


@app.callback(invoke_without_command=True)
def _root(
    is_version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if is_version:
        from kpikit.reports.style import own_version

        typer.echo(f"kpikit {own_version()}")
        raise typer.Exit


def _group(name: str, text: str) -> typer.Typer:
    group = typer.Typer(help=text, no_args_is_help=True)
    app.add_typer(group, name=name)
    return group


app.command()(told(reports.report))
app.command()(told(reports.ls))
app.command()(told(figures.measure))
app.command()(told(figures.rows))
app.command()(told(kpis.kpis))
app.command("map")(told(mapping.map_files))
_plan = _group("plan", "Targets of a plan: how they stand, and what they are worth.")
_plan.command()(told(plans.show))
_plan.command()(told(plans.check))
_data = _group("data", "A company's tables: whether they can be used as they are.")
_data.command()(told(data.check))
