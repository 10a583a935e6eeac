"""What a notebook takes: its parameters cell, read and checked before any kernel starts."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kpikit.errors import ParameterError, cut, listing, suggest
from kpikit.reports.masking import MASK, Mask, is_secret_name

__all__ = ["Notebook", "read_notebook"]

# What ast raises for a text that is no plain value; a TypeError for what cannot be a key, as in {[1]}.
_NO_LITERAL = (ValueError, SyntaxError, TypeError, RecursionError, MemoryError)
KINDS = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}


@dataclass(frozen=True)
class Notebook:
    """A parameterized notebook.

    Parameters
    ----------
    path
        Its file.
    title
        Its first heading, else the name of its file.
    parameters
        The names of its parameters cell, with their defaults.
    kinds
        The type that a parameter is annotated with, where that is one of bool, int, float and str.
    """

    path: Path
    title: str
    parameters: Mapping[str, Any]
    kinds: Mapping[str, type] = field(default_factory=dict)

    def require(self, name: str) -> None:
        """Check that the notebook takes a parameter.

        Raises
        ------
        ParameterError
            Naming the parameters that there are.
        """
        if name not in self.parameters:
            raise ParameterError(
                self.path.name,
                f"no parameter '{cut(name)}'",
                f"Its parameters: {listing(self.parameters, 30) or 'none'}",
                suggest(name, self.parameters),
            )

    def parse(self, name: str, text: str) -> Any:
        """Read a text from the command line as the type that the parameter's default has.

        Examples
        --------
        >>> from pathlib import Path
        >>> from kpikit.reports.notebooks import Notebook
        >>> Notebook(Path("n.ipynb"), "N", {"months": 3}).parse("months", "12")
        12
        """
        self.require(name)
        kind = self._kind(name)
        if self.parameters[name] is None and text in ("None", "null"):
            return None
        if kind is bool:
            if text.lower() not in ("true", "false"):
                raise self._wrong(name, text)
            return text.lower() == "true"
        if kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                raise self._wrong(name, text) from None
        if kind in (list, dict, tuple):
            try:
                value = ast.literal_eval(text)
            except _NO_LITERAL:
                raise self._wrong(name, text) from None
            return self.check(name, value)
        return text

    def check(self, name: str, value: Any) -> Any:
        """Check a value against the type of the parameter's default."""
        self.require(name)
        kind = self._kind(name)
        if value is None and self.parameters[name] is None:
            return value
        fits = kind is None or isinstance(value, kind) or (kind is float and isinstance(value, int))
        if not fits or (kind in (int, float) and isinstance(value, bool)):
            raise self._wrong(name, value)
        return value

    def _kind(self, name: str) -> type | None:
        default = self.parameters[name]
        return self.kinds.get(name) or (None if default is None else type(default))

    def _wrong(self, name: str, value: object) -> ParameterError:
        kind, mask = self._kind(name), Mask()
        shown = mask.parameters({name: value})[name]
        like = mask.parameters(self.parameters)[name]
        allowed = KINDS.get(kind) or f"a {getattr(kind, '__name__', 'value')} such as {like!r}"
        return ParameterError(
            self.path.name,
            f"{cut(repr(shown))} does not fit the parameter '{cut(name)}'",
            f"Allowed: {allowed}",
        )


def read_notebook(path: str | Path) -> Notebook:
    """Read a notebook's title and its parameters cell.

    Raises
    ------
    ParameterError
        If the file is missing or no notebook, or if its parameters are not plain values.
    """
    path = Path(path)
    if path.suffix != ".ipynb":
        raise ParameterError(
            "report", f"{cut(path)} is no notebook", hint="the name of a notebook ends with .ipynb"
        )
    try:
        # Not by nbformat, whose import takes seconds.
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["nbformat"], type(content.get("nbformat_minor", 0)), type(content["metadata"])
        is_known = version == (4, int, dict)
        cells = [(c["cell_type"], _text(c["source"]), _tags(path.name, n, c))
                 for n, c in enumerate(content["cells"], 1)]  # fmt: skip
    except FileNotFoundError:
        raise ParameterError("report", f"there is no notebook {cut(path)}") from None
    except OSError as fault:
        raise ParameterError("report", f"{cut(path)} cannot be read ({fault.strerror or fault})") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        is_known = False
    if not is_known:
        raise ParameterError("report", f"{cut(path)} is no notebook of format 4")
    title = next(
        (
            line[2:].strip()
            for kind, text, _ in cells
            if kind == "markdown"
            for line in text.splitlines()
            if line.startswith("# ") and line[2:].strip()
        ),
        path.stem.replace("_", " "),
    )
    sources = [text for kind, text, tags in cells if kind == "code" and "parameters" in tags]
    if len(sources) > 1:
        raise ParameterError(path.name, "several cells are tagged 'parameters'", hint="keep one")
    return Notebook(path.resolve(), title, *_literals(path.name, "".join(sources)))


def _text(source: str | list[str]) -> str:
    return source if isinstance(source, str) else "".join(source)


def _tags(where: str, number: int, cell: Mapping[str, Any]) -> list[str]:
    tags = cell.get("metadata", {}).get("tags", [])
    if not isinstance(tags, list):
        fault = f"the tags of cell {number} are {json.dumps(tags)}"
        raise ParameterError(where, fault, "Allowed: a list of words", "take 'tags' out of its metadata")
    return tags


def _literals(where: str, source: str) -> tuple[dict[str, Any], dict[str, type]]:
    values: dict[str, Any] = {}
    kinds: dict[str, type] = {}
    try:
        statements = ast.parse(source).body
    except SyntaxError as fault:
        raise ParameterError(where, f"line {fault.lineno} of the parameters cell is not Python") from None
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                annotated = {kind.__name__: kind for kind in KINDS}
                kind = annotated.get(ast.unparse(statement.annotation).split("|")[0].strip())
                if kind is not None:
                    kinds[name] = kind
            case ast.Expr(value=ast.Constant()):  # a note in quotes
                continue
            case _:
                raise _no_literal(where, statement)
        try:
            values[name] = ast.literal_eval(value)
        except _NO_LITERAL:
            raise _no_literal(where, statement) from None
    return values, kinds


def _no_literal(where: str, statement: ast.stmt) -> ParameterError:
    line = ast.unparse(statement).splitlines()[0]
    target = line.partition("=")[0].strip()
    if is_secret_name(target):
        line = f"{target} = {MASK}"
    return ParameterError(
        where,
        f"the parameters cell has '{Mask().text(line)}'",
        "Allowed: name = a plain value",
        "compute it in a later cell",
    )
