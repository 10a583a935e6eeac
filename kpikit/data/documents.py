"""YAML documents with the line of every entry, checked by pydantic models, with errors that name the line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kpikit.errors import DataError, KpikitError, listing, suggest

__all__ = ["Document", "check", "read_document"]

Model = TypeVar("Model", bound=BaseModel)
_MOST_NODES = 100_000


class _Loader(yaml.SafeLoader):
    """YAML in which only true and false are booleans: `on` is the key of a join, `no` a word."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))


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

    Raises
    ------
    KpikitError
        Of the given kind, if the file is missing, is no YAML, repeats a key or is a nest of aliases.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise error(str(path), "there is no such file") from None
    except (OSError, UnicodeDecodeError) as fault:
        raise error(str(path), f"the file cannot be read ({fault})", hint="save it as UTF-8 text") from None
    lines: dict[tuple[Any, ...], int] = {}
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(path, {}, {})
        _walk(node, (), lines, path, error, [0])
        data = loader.construct_document(node)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        problem = getattr(fault, "problem", None) or str(fault)
        raise error(f"{path.name}{place}", f"this is not YAML: {problem}", hint="check indents and quotes") from None
    except (ValueError, OverflowError, RecursionError) as fault:
        raise error(path.name, f"a value cannot be read: {fault}") from None
    finally:
        loader.dispose()
    return Document(path, data, lines)


def _walk(
    node: yaml.Node,
    place: tuple[Any, ...],
    lines: dict[tuple[Any, ...], int],
    path: Path,
    error: type[KpikitError],
    count: list[int],
) -> None:
    count[0] += 1
    if count[0] > _MOST_NODES or len(place) > 50:
        raise error(path.name, "the document is too large or nested too deep", f"At most {_MOST_NODES} entries")
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        seen: dict[Any, int] = {}
        for key, value in node.value:
            name, line = getattr(key, "value", None), key.start_mark.line + 1
            if isinstance(name, str) and name in seen:
                fault = f"'{name}' stands twice (first on line {seen[name]})"
                raise error(f"{path.name}, line {line}", fault, hint="keep one of them")
            if isinstance(name, str):
                seen[name] = line
            lines[(*place, name)] = line
            _walk(value, (*place, name), lines, path, error, count)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            _walk(value, (*place, index), lines, path, error, count)


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
    place = tuple(part for part in fault["loc"] if not _is_tag(part, document, fault["loc"]))
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
    return where, f"'{name}': {message}", f"Given: {given!r}" if not isinstance(given, (dict, list)) else "", ""


def _is_tag(part: Any, document: Document, loc: tuple[Any, ...]) -> bool:
    """Whether a part of a location was put in by pydantic (the member of a union), not by the writer."""
    if not isinstance(part, str):
        return False
    index = loc.index(part)
    value = document.data
    for step in loc[:index]:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return False
    return not isinstance(value, dict) and not isinstance(value, list)


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
