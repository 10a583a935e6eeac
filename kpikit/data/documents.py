"""YAML documents with the line of every entry, checked by pydantic models, with errors that name the line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kpikit.data.wording import known_names, place_of, placed, worded
from kpikit.errors import DataError, KpikitError, cut, listing, suggest

__all__ = ["Document", "check", "read_document"]

Model = TypeVar("Model", bound=BaseModel)
_MOST_BYTES = 5_000_000
_MOST_NODES = 100_000
_MOST_DEPTH = 50
_TAG = "tag:yaml.org,2002:"
_TEXT = _TAG + "str"
_MERGE = _TAG + "merge"
_SHAPES = {
    "bool": r"^(?:true|True|false|False)$",
    "int": r"^[-+]?(?:0|[1-9][0-9_]*)$",
    "float": r"^[-+]?(?:[0-9][0-9_]*\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?$",
}
# What an entry may be, and how a message calls it.
_KINDS = {
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "timestamp": "a day",
    "null": "nothing",
    "seq": "a list",
    "map": "a mapping",
}
_NO_CALENDAR = (
    "day",
    "month",
    "year",
    "hour",
    "minute",
    "second",
)  # how datetime starts to say what is wrong


class _Loader(yaml.SafeLoader):
    """YAML without the traps of its first version.

    Only true and false are booleans (`on` is the key of a join, `no` a word), and numbers are decimal: 17:00
    is a time of day and not 1020, 010 is not 8.
    """


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, shape)
        for tag, shape in known
        if tag.removeprefix(_TAG) not in ("bool", "int", "float", "value")
    ]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _kind, _first in (("bool", "tTfF"), ("int", "-+0123456789"), ("float", "-+.0123456789")):
    _Loader.add_implicit_resolver(_TAG + _kind, re.compile(_SHAPES[_kind]), list(_first))


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
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        told = f"it holds a character that no text has ({chr(fault.character)!r})"
        raise error(f"{path.name}, line {line}", told, hint="remove it, and save the file as UTF-8") from None
    try:
        node = loader.get_single_node()
        if node is None:
            return Document(path, {}, {})
        _Walk(loader, path, error, lines).walk(node, ())
        data = loader.construct_document(node)
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        place = f"{path.name}, line {mark.line + 1}" if mark else path.name
        problem = cut(getattr(fault, "problem", None) or str(fault).splitlines()[0])
        hint = "indent with spaces, not with tabs" if "\\t" in problem else "check indents and quotes"
        raise error(place, f"this is not YAML: {problem}", hint=hint) from None
    except (ValueError, OverflowError):
        # A character written by a number that no character has.
        where = f"{path.name}, line {loader.line + 1}"
        raise error(
            where, "this is not YAML: there is no such character", hint="check what follows \\U"
        ) from None
    except RecursionError:
        raise error(path.name, "the document is nested too deep", f"At most {_MOST_DEPTH} levels") from None
    finally:
        loader.dispose()
    return Document(path, data, lines)


def _text(path: Path, error: type[KpikitError]) -> str:
    name, content = cut(path, 200), b""
    try:
        if not path.exists():
            raise error(name, "there is no such file")
        if not path.is_file():
            raise error(name, "this is not a file", hint="name the YAML file itself")
        if path.stat().st_size > _MOST_BYTES:
            raise error(name, "the file is too large", f"At most {_MOST_BYTES:,} bytes of YAML")
        content = path.read_bytes()
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:2]:
            wide = "UTF-32" if b"\0\0" in content[:4] else "UTF-16"
            raise error(name, f"the file is {wide}, not UTF-8", hint="save it as UTF-8")
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        where = f"{path.name}, line {line}"
        raise error(where, "the text is not UTF-8", hint="save it as UTF-8") from None
    except (OSError, RuntimeError) as fault:
        told = getattr(fault, "strerror", None) or fault
        raise error(name, f"the file cannot be read ({told})") from None


@dataclass
class _Walk:
    """Notes the line of every entry, and stops at what cannot be meant."""

    loader: _Loader
    path: Path
    error: type[KpikitError]
    lines: dict[tuple[Any, ...], int]
    count: int = 0
    around: set[int] = field(default_factory=set)

    def _fault(self, node: yaml.Node, fault: str, allowed: str = "", hint: str = "") -> KpikitError:
        return self.error(f"{self.path.name}, line {node.start_mark.line + 1}", fault, allowed, hint)

    def walk(self, node: yaml.Node, place: tuple[Any, ...]) -> None:
        # Aliases are followed, so that a bomb of aliases is counted as what it would grow to.
        self.count += 1
        if id(node) in self.around:
            raise self._fault(node, "an alias stands within what it names, and would never end")
        if self.count > _MOST_NODES or len(place) > _MOST_DEPTH:
            allowed = f"At most {_MOST_NODES:,} entries in {_MOST_DEPTH} levels, aliases written out"
            raise self.error(self.path.name, "the document is too large or nested too deep", allowed)
        self.lines.setdefault(place, node.start_mark.line + 1)
        kind = self._kind(node)
        self.around.add(id(node))
        if isinstance(node, yaml.MappingNode):
            self._keys(node, place)
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.walk(value, (*place, index))
        else:
            self._scalar(node, kind)
        self.around.discard(id(node))

    def _kind(self, node: yaml.Node) -> str:
        """What a node is; one that says that it is something else than it looks like is refused."""
        if isinstance(node, yaml.ScalarNode) and node.tag == _MERGE:
            node.tag = _TEXT
        kind = node.tag.removeprefix(_TAG)
        if kind not in _KINDS:
            tag = node.tag.replace(_TAG, "!!")
            known = listing(f"!!{one}" for one in _KINDS)
            raise self._fault(
                node, f"the tag '{cut(tag)}' is not known", f"Known: {known}", "leave the tag away"
            )
        looks = {yaml.MappingNode: "map", yaml.SequenceNode: "seq"}.get(type(node), "")
        if looks != (kind if kind in ("map", "seq") else ""):
            raise self._fault(node, f"this is not {_KINDS[kind]}", hint=f"leave the tag !!{kind} away")
        return kind

    def _scalar(self, node: yaml.ScalarNode, kind: str) -> None:
        self._is_text(node)
        shape, told = _SHAPES.get(kind), f"'{cut(node.value, 60)}' is not {_KINDS[kind]}"
        if shape and not re.match(shape, node.value):
            raise self._fault(node, told, hint=f"leave the tag !!{kind} away")
        try:
            self.loader.construct_object(node)
        except (ValueError, OverflowError, LookupError, TypeError, AttributeError) as fault:
            if str(fault).startswith(_NO_CALENDAR):
                told = f"'{cut(node.value, 60)}' cannot be read: {fault}"
            raise self._fault(node, told) from None

    def _is_text(self, node: yaml.ScalarNode) -> None:
        wrong = re.search("[\0\ud800-\udfff]", node.value)
        if wrong:
            fault = f"'{cut(node.value, 60)}' holds a character that no text has ({wrong[0]!r})"
            raise self._fault(node, fault, hint="remove it")

    def _keys(self, node: yaml.MappingNode, place: tuple[Any, ...]) -> None:
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise self._fault(key, "a name is expected here", hint="quote text that starts with [ or {")
            self._is_text(key)
            if key.tag not in (_TEXT, _MERGE):
                kind = _KINDS.get(key.tag.removeprefix(_TAG), "no text")
                fault = f"a name is expected here, and '{cut(key.value)}' is {kind}"
                raise self._fault(key, fault, hint="write it in quotes")
            if key.value in seen:
                fault = f"'{cut(key.value)}' stands twice (first on line {seen[key.value]})"
                raise self._fault(key, fault, hint="keep one of them")
            seen[key.value] = line
            self.lines[(*place, key.value)] = line
            self.walk(value, (*place, key.value))
            if key.tag == _MERGE and isinstance(value, yaml.MappingNode):
                for name, _ in value.value:  # what is merged in stands here too
                    self.lines.setdefault((*place, name.value), name.start_mark.line + 1)


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
    place = place_of(fault, document.data)
    where, name = document.where(place), placed(place, document.data)
    if fault["type"] == "missing":
        return where, f"{name} is missing", "", ""
    if fault["type"] == "extra_forbidden":
        known = known_names(model, fault["loc"][:-1])
        hint = suggest(str(place[-1]), known)
        return where, f"{name} is not known here", f"Known: {listing(known, 30)}" if known else "", hint
    said, allowed, hint = worded(fault)
    return where, f"{name}: {said}" if name else said, allowed, hint
