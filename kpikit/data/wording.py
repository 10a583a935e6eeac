"""Faults that pydantic finds in a document, in the words of who wrote the document."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from kpikit.errors import KpikitError, cut, suggest

__all__ = ["known_names", "place_of", "placed", "retold", "worded"]

# What one entry of a list or of a mapping is called.
_ONE = {
    "goals": "goal",
    "objectives": "objective",
    "targets": "target",
    "kpis": "KPI",
    "tables": "table",
    "columns": "column",
    "constants": "constant",
    "joins": "join",
    "nulls": "null word",
    "holidays": "holiday",
    "reports": "report",
    "tags": "tag",
}
_NAMED_BY_KEY = ("tables", "columns", "constants")
_EXPECTED = {
    "a text is expected": ("string_type", "string_unicode"),
    "a text is expected, and this one is empty": ("string_too_short",),
    "a list is expected, each entry on a line of its own after a dash": ("list_type",),
    "a mapping of names to values is expected": ("dict_type", "model_type", "model_attributes_type"),
    "true or false is expected": ("bool_type", "bool_parsing"),
    "a whole number is expected": ("int_type", "int_parsing", "int_from_float", "int_parsing_size"),
    "a number is expected": ("float_type", "float_parsing", "finite_number"),
    "a time of day is expected, such as '09:00'": ("time_type", "time_parsing", "time_delta_type"),
    "a day is expected, such as 2026-09-14": (
        "date_type",
        "date_parsing",
        "date_from_datetime_parsing",
        "date_from_datetime_inexact",
    ),
}
_WORDS = {kind: words for words, kinds in _EXPECTED.items() for kind in kinds}


def placed(place: tuple[Any, ...], data: Any) -> str:
    """Say where in a document an entry stands; an empty text for the document itself.

    Examples
    --------
    >>> from kpikit.data.wording import placed
    >>> data = {"goals": [{"name": "Grow", "objectives": [{"targets": [{"name": "x"}]}]}]}
    >>> placed(("goals", 0, "objectives", 0, "targets", 0, "level"), data)
    "goal 1, objective 1, target 'x', 'level'"
    """
    words: list[str] = []
    plain: list[str] = []  # names without a word for what they are, one within the other
    innermost = max((at for at, part in enumerate(place) if isinstance(part, int)), default=-1)
    for at, part in enumerate(place):
        before = place[at - 1] if at else ""
        data = data[part] if _has(data, part) else None
        one = _ONE.get(str(before), str(before))
        if isinstance(part, int):
            name = data.get("name") if at == innermost and isinstance(data, dict) else None
            named = f"'{cut(name)}'" if name and isinstance(name, str) else str(part + 1)
        elif before in _NAMED_BY_KEY:
            named = f"'{cut(part)}'"
        else:
            after = place[at + 1] if at + 1 < len(place) else None
            if part not in _ONE or not (isinstance(after, int) or (after and part in _NAMED_BY_KEY)):
                plain.append(cut(part))
            continue
        words += [*([f"'{'.'.join(plain)}'"] if plain else []), f"{one} {named}"]
        plain = []
    return ", ".join([*words, *([f"'{'.'.join(plain)}'"] if plain else [])])


def place_of(fault: Any, data: Any) -> tuple[Any, ...]:
    """Leave out the parts of a location that pydantic put in (the member of a union), not the writer."""
    place: list[Any] = []
    loc = fault["loc"]
    for number, part in enumerate(loc):
        is_missing = fault["type"] == "missing" and number == len(loc) - 1
        if isinstance(data, dict) and (part in data or is_missing):
            data = data.get(part)
        elif isinstance(data, list) and isinstance(part, int):
            data = data[part] if part < len(data) else None
        else:
            continue
        place.append(part)
    return tuple(place)


def worded(fault: Any) -> tuple[str, str, str]:
    """Say what is wrong, what is allowed, and a hint."""
    kind, given = fault["type"], fault.get("input")
    is_plain = given is not None and not isinstance(given, (dict, list, set))
    shown = f"Given: {cut(given, 60)!r}" if is_plain and given != "" else ""
    message = str(fault["msg"])
    if kind == "literal_error":
        expected = str(fault.get("ctx", {}).get("expected", ""))
        near = suggest(str(given), re.findall("'([^']*)'", expected)) if is_plain else ""
        return f"{expected} is expected", shown, near
    if kind in _WORDS:
        told = _WORDS[kind]
    elif message.startswith("Input should be "):
        told = f"it {message.removeprefix('Input ')}"
    else:
        message = message.removeprefix("Value error, ")
        told = f"{message[:1].lower()}{message[1:]}"
    is_word = is_plain or given is None  # null and NULL are words for nothing, unless they are quoted
    hint = "write it in quotes" if kind == "string_type" and is_word else ""
    return told, shown, hint


def retold(read: Callable[[], Any]) -> Any:
    """Let pydantic tell an error of kpikit's own beside all others.

    Raises
    ------
    ValueError
        With what the error says, but for where.
    """
    try:
        return read()
    except KpikitError as error:
        parts = (cut(error.fault, 200), error.allowed, f"Hint: {error.hint}" if error.hint else "")
        raise ValueError(". ".join(part.rstrip(".") for part in parts if part)) from None


def known_names(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """List the names that a model knows at a place, as far as types tell."""
    current: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        found = _model_of(getattr(current, "model_fields", {}).get(part))
        if found is not None:
            current = found
    names = getattr(current, "model_fields", {})
    return [field.alias or name for name, field in names.items()]


def _has(data: Any, part: Any) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _model_of(field: Any) -> Any:
    stack = [getattr(field, "annotation", None)]
    while stack:
        one = stack.pop()
        if isinstance(one, type) and issubclass(one, BaseModel):
            return one
        stack += getattr(one, "__args__", ())
    return None
