"""`kpikit map`: drafts a `dataset.yaml` from the headers and contents of files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kpikit.errors import DataError, ParameterError, counted, cut

if TYPE_CHECKING:
    from kpikit.data.drafting import Draft

__all__ = ["map_files"]

_FILES = "CSV, TSV, TXT and Parquet files, Excel and OpenDocument workbooks, DuckDB and SQLite files."
_LEVELS = (("sure", "sure"), ("likely", "likely"), ("guess", "guessed"), ("asks", "asked"))


def map_files(
    files: Annotated[list[Path], typer.Argument(help=_FILES, metavar="FILE...")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The dataset.yaml to write (default: print it).", metavar="FILE"),
    ] = None,
    currency: Annotated[
        str | None,
        typer.Option("--currency", help="The currency of the amounts, such as IDR.", metavar="CODE"),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Draft a dataset.yaml from files: behind each line how sure it is, and # ? where it asks."""
    if currency is not None:
        currency = _code(currency)
    if output is not None:
        _check(output, files, force)
    from kpikit.data.drafting import draft

    made = draft(files, folder=output.parent if output is not None else ".", currency=currency)
    if output is None:
        typer.echo(made.text, nl=False)
    else:
        from kpikit.reports.files import write_whole

        write_whole(output, made.text)
    for line in _summary(made, output):
        typer.echo(line, err=True)


def _code(text: str) -> str:
    code = text.strip().upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        allowed = "A currency is its ISO 4217 code, such as IDR or USD"
        raise ParameterError("--currency", f"'{cut(text, 40)}' is no currency", allowed)
    return code


def _check(output: Path, files: list[Path], force: bool) -> None:
    """Refuse an output that would lose something, before anything is read."""
    where = f"map: {cut(output)}"
    if output.is_dir():
        raise DataError(where, "this is a folder", hint=f"--output {cut(output)}/dataset.yaml")
    if output.suffix.lower() not in (".yaml", ".yml"):
        raise DataError(where, "a mapping is a .yaml file", hint="--output dataset.yaml")
    if output.exists() and not force:
        raise DataError(
            where, "the file is there already", hint="name another one, or write over it with --force"
        )
    if any(output.exists() and one.exists() and output.samefile(one) for one in files):
        raise DataError(where, "this is one of the files to read", hint="name another one")
    if not output.parent.is_dir():
        raise DataError(where, f"there is no folder {cut(output.parent)}", hint="make it first")


def _summary(made: Draft, output: Path | None) -> list[str]:
    """Tell what each file is taken for, how sure the columns are, and what to do next."""
    width = min(40, max(len(name) for name in made.files))
    found = [f"{_plain(name, 40):{width}}  {_plain(what)}" for name, what in made.files.items()]
    said = ", ".join(f"{made.counts[level]} {word}" for level, word in _LEVELS)
    found.append(f"{counted(sum(made.counts[level] for level, _ in _LEVELS[:3]), 'column')}: {said}.")
    name = cut(output) if output is not None else "dataset.yaml"
    first = f"{name} is written. " if output is not None else ""
    found.append(f"{first}Answer its lines with '# ?', then: kpikit data check {name}")
    return found


def _plain(text: Any, most: int = 120) -> str:
    return "".join(one if one.isprintable() else "?" for one in cut(text, most))
