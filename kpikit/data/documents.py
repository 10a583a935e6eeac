"""YAML documents with the line of every entry, checked by pydantic models, with errors that name the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kpikit.errors import DataError, KpikitError, listing, suggest

__all__ = ["Document", "check", "read_document"]

Model = TypeVar("Model", bound=BaseModel)
_MOST_BYTES = 5_000_000
_MOST_NODES = 100_000
_MOST_DEPTH = 50
_TAG = "tag:yaml.org,2002:"


class _Loader(yaml.SafeLoader):
    """YAML without the traps of its first version.

    Only true and false are booleans (`on` is the key of a join, `no` a word), and numbers are decimal: 17:00
    is a time of day and not 1020, 010 is not 8.
    """


_Loader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in known if tag.removeprefix(_TAG) not in ("bool", "int", "float")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _kind, _shape, _first in (
    ("bool", r"^(?:true|True|false|False)$", "tTfF"),
    ("int", r"^[-+]?(?:0|[1-9][0-9_]*)$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9][0-9_]*\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(_TAG + _kind, re.compile(_shape), list(_first))


class Document:
    """A read YAML file: its data, its path, and the line of each entry."""

    def __init__(self, path: Path, data: Any, lines: dict[tuple[Any, ...], int]) -> None:
        self.path, self.data, self.lines = path, data, lines

    def line(self, place: tuple[Any, ...]) -> int:
        """Give the line of an entry, or of the nearest one that holds it."""
        place = tuple(place)
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)

    def where(self, place: tuple[Any, ...]) -> str:
        """Name file and line of an entry."""
        return f"{self.path.name}, line {self.line(place)}"


def read_document(path: str | Path, error: type[KpikitError] = DataError) -> Document:
    """Read a YAML file.

    Parameters
    ----------
    path
        The file.
    error
        The kind of error to raise.

    Raises
    ------
    KpikitError
        Of the given kind, if the file is missing, is no YAML, repeats a key or is a nest of aliases.
    """
    path = Path(path)
    text = _text(path, error)
    lines: dict[tuple[Any, ...], int] = {}
    try:
        loader = _Loader(text)
    except yaml.YAMLError:
        fault = "this is not YAML: it holds characters that no text has"
        raise error(path.name, fault, hint="save it as UTF-8 text") from None
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(path, {}, {})
        _Walk(loader, path, error, lines).walk(node, ())
        data = loader.construct_document(node)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{path.name}, line {mark.line + 1}" if mark else path.name
        problem = getattr(fault, "problem", None) or str(fault).splitlines()[0]
        hint = "indent with spaces, not with tabs" if "\\t" in problem else "check indents and quotes"
        raise error(place, f"this is not YAML: {problem}", hint=hint) from None
    except RecursionError:
        raise error(path.name, "the document is nested too deep", f"At most {_MOST_DEPTH} levels") from None
    finally:
        loader.dispose()
    return Document(path, data, lines)


def _text(path: Path, error: type[KpikitError]) -> str:
    if not path.exists():
        raise error(str(path), "there is no such file")
    if not path.is_file():
        raise error(str(path), "this is not a file", hint="name the YAML file itself")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise error(str(path), "the file is too large", f"At most {_MOST_BYTES:,} bytes of YAML")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise error(str(path), "the file is not UTF-8 text", hint="save it as UTF-8") from None
    except OSError as fault:
        raise error(str(path), f"the file cannot be read ({fault.strerror})") from None


@dataclass
class _Walk:
    """Notes the line of every entry, and stops at what cannot be meant."""

    loader: _Loader
    path: Path
    error: type[KpikitError]
    lines: dict[tuple[Any, ...], int]
    count: int = 0

    def walk(self, node: yaml.Node, place: tuple[Any, ...]) -> None:
        # Aliases are followed, so that a bomb of aliases is counted as what it would grow to.
        self.count += 1
        if self.count > _MOST_NODES or len(place) > _MOST_DEPTH:
            allowed = f"At most {_MOST_NODES:,} entries in {_MOST_DEPTH} levels, aliases written out"
            raise self.error(self.path.name, "the document is too large or nested too deep", allowed)
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if isinstance(node, yaml.MappingNode):
            self._keys(node, place)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.walk(value, (*place, index))
        else:
            try:
                self.loader.construct_object(node)
            except (ValueError, OverflowError, TypeError) as fault:
                where = f"{self.path.name}, line {line}"
                raise self.error(where, f"'{node.value}' cannot be read: {fault}") from None

    def _keys(self, node: yaml.MappingNode, place: tuple[Any, ...]) -> None:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                where = f"{self.path.name}, line {line}"
                raise self.error(where, "a name is expected here", hint="quote text that starts with [ or {")
            if key.value in seen:
                fault = f"'{key.value}' stands twice (first on line {seen[key.value]})"
                raise self.error(f"{self.path.name}, line {line}", fault, hint="keep one of them")
            seen[key.value] = line
            self.lines[(*place, key.value)] = line
            self.walk(value, (*place, key.value))


def check(model: type[Model], document: Document, error: type[KpikitError] = DataError) -> Model:
    """Check a document against a model, and name every fault with its line.

    Raises
    ------
    KpikitError
        Of the given kind; one line of its message for each fault.
    """
    if not isinstance(document.data, dict):
        raise error(document.where(()), "a mapping of names to values is expected", hint="name: value")
    try:
        return model.model_validate(document.data)
    except ValidationError as faults:
        told = [_tell(document, model, fault) for fault in faults.errors()]
    if len(told) == 1:
        raise error(*told[0])
    more = "\n".join(str(KpikitError(*one)) for one in told)
    raise error(document.path.name, f"{len(told)} faults\n{more}")


def _tell(document: Document, model: type[BaseModel], fault: Any) -> tuple[str, str, str, str]:
    place = _written(fault["loc"], document.data)
    name = ".".join(map(str, place)) or "the document"
    kind, given = fault["type"], fault.get("input")
    where = document.where(place)
    if kind == "missing":
        return where, f"'{name}' is missing", "", ""
    if kind == "extra_forbidden":
        known = _fields(model, fault["loc"][:-1])
        hint = suggest(str(place[-1]), known)
        return where, f"'{name}' is not known here", f"Known: {listing(known)}" if known else "", hint
    message = str(fault["msg"]).removeprefix("Value error, ")
    shown = "" if isinstance(given, (dict, list)) or given is None else f"Given: {str(given)[:60]!r}"
    hint = "write it in quotes" if kind == "string_type" and not isinstance(given, (dict, list)) else ""
    return where, f"'{name}': {message[:1].lower()}{message[1:]}", shown, hint


def _written(loc: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    """Leave out the parts of a location that pydantic put in (the member of a union), not the writer."""
    place: list[Any] = []
    for number, part in enumerate(loc):
        is_last = number == len(loc) - 1
        if isinstance(data, dict) and (part in data or is_last):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
        else:
            continue
        if part != "[key]":
            place.append(part)
    return tuple(place)


def _fields(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """The names that a model knows at a place, as far as types tell."""
    current: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        found = _model_of(getattr(current, "model_fields", {}).get(part))
        if found is not None:
            current = found
    names = getattr(current, "model_fields", {})
    return [field.alias or name for name, field in names.items()]


def _model_of(field: Any) -> Any:
    stack = [getattr(field, "annotation", None)]
    while stack:
        one = stack.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
        stack += getattr(one, "__args__", ())
    return None
