"""What commands share: their options, and how what they raise is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from pathlib import Path
from typing import Annotated, Any

import typer

from kpikit.errors import KpikitError, cut

__all__ = [
    "AsCsv",
    "AsJson",
    "AsOf",
    "Data",
    "Many",
    "PlanFile",
    "Source",
    "Text",
    "When",
    "Where",
    "option",
    "told",
]


def option(*names: str, text: str, metavar: str | None = None) -> Any:
    """Declare an option."""
    return typer.Option(*names, help=text, metavar=metavar)


def flag(name: str, text: str) -> Parameter:
    """Declare an option that is on or off, for commands that do not ask for it themselves."""
    kind = Annotated[bool, option(f"--{name}", text=text)]
    return Parameter(name.replace("-", "_"), Parameter.KEYWORD_ONLY, default=False, annotation=kind)


Text = str | None
Many = list[str] | None
Data = Annotated[Text, option("--data", text="Folder or dataset.yaml of the data.", metavar="FOLDER")]
Source = Annotated[str, option("--data", text="Folder or dataset.yaml of the data.", metavar="FOLDER")]
When = Annotated[str, option("--period", text="Such as 2026-Q3.")]
Where = Annotated[Many, option("--where", text="Only these; repeatable.", metavar="DIMENSION=LABEL")]
AsOf = Annotated[Text, option("--as-of", text="2026-09-14 or today (default: newest fact).", metavar="DAY")]
AsJson = Annotated[bool, option("--json", text="Write JSON for other programs.")]
AsCsv = Annotated[bool, option("--csv", text="Write every row and column as CSV.")]
PlanFile = Annotated[Path, typer.Argument(help="The plan.")]
# What every command takes, and what those take that load data.
DEBUG = [flag("debug", "Show the traceback of an unexpected error.")]
LOADING = [
    flag("no-cache", "Read the data anew, and keep nothing."),
    flag("verify", "Compare the data by content, not by time."),
]


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what a command raises into a message and an exit code; add the options that all commands take."""

    @wraps(command)
    def run(debug: bool, no_cache: bool = False, verify: bool = False, **options: Any) -> None:
        try:
            from kpikit.data.prepared.place import loading_as

            with loading_as(no_cache=no_cache, verify=verify):
                command(**options)
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

    own = signature(command, eval_str=True).parameters
    added = [*(LOADING if "data" in own else []), *DEBUG]
    run.__signature__ = Signature([*own.values(), *added])
    run.__annotations__ = {one.name: one.annotation for one in run.__signature__.parameters.values()}
    return run
