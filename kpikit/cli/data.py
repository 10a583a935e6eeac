"""`kpikit data check`: every error and warning in a company's tables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kpikit.cli.options import Text, option

__all__ = ["check"]


def check(
    source: Annotated[Path, typer.Argument(help="Folder or dataset.yaml of the data.", metavar="FOLDER")],
    folder: Annotated[
        Text, option("--folder", text="Where the files lie, if elsewhere.", metavar="FOLDER")
    ] = None,
    as_json: Annotated[bool, option("--json", text="Write the findings as JSON.")] = False,
) -> None:
    """Check the tables of a company, and list every error and warning with its lines."""
    from kpikit.data.tables import inspect
    from kpikit.reports.findings import findings_json, print_findings
    from kpikit.reports.tables import print_text
    from kpikit.reports.terminal import Terminal

    found = inspect(source, folder)
    if as_json:
        print_text(findings_json(found, str(source)) + "\n")
    else:
        print_findings(Terminal(), found, str(source))
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)
