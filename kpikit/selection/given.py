"""Parameters as a person, papermill or a line of text gives them, and written again."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from kpikit.errors import ParameterError, cut, listing, suggest

__all__ = ["brought", "literal", "one_of", "plain", "read_line"]

_UNREADABLE = (SyntaxError, ValueError, TypeError, RecursionError, MemoryError)


def read_line(line: str) -> dict[str, Any]:
    """Read the parameters that a line holds.

    Raises
    ------
    ParameterError
        If it is not a list of `name=value`, where each value is a literal.
    """
    try:
        call = ast.parse(f"f({line})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args or not isinstance(call.func, ast.Name):
            raise ValueError
        return {str(one.arg): ast.literal_eval(one.value) for one in call.keywords}
    except _UNREADABLE:
        fault = f"{cut(repr(line))} cannot be read"
        raise ParameterError("selection", fault, hint='period="2026-Q3", rep="Ayu"') from None


def brought(name: str, value: Any) -> Any:
    """Bring a parameter to the form of its field; None for what is empty.

    Raises
    ------
    ParameterError
        If it cannot be brought there.
    """
    if value is None or (isinstance(value, (str, list, dict, tuple)) and not value):
        return None
    if name == "kpis":
        names = (value,) if isinstance(value, str) else value
        if not isinstance(names, (list, tuple)) or not all(isinstance(one, str) for one in names):
            raise _unfit(name, value, "no list of KPIs", '["revenue", "win_rate"]')
        return tuple(names)
    if name == "where":
        return _scope(value)
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise _unfit(name, value, "not a text", f'{name}="..."')
    return str(value)


def _scope(value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    is_pairs = isinstance(value, tuple) and all(isinstance(one, tuple) and len(one) == 2 for one in value)
    if not isinstance(value, Mapping) and not is_pairs:
        raise _unfit("where", value, "no scope", '{"region": "Bali"}')
    scope = []
    for name, labels in value.items() if isinstance(value, Mapping) else value:
        many = labels if isinstance(labels, (list, tuple)) else (labels,)
        if not many:
            raise ParameterError(
                "where", f"no label for {cut(name)}", hint='{"region": "Bali"}, or leave it out'
            )
        for one in many:
            # Labels are texts, which a number stands for; a truth or a list is a slip.
            if isinstance(one, bool) or not isinstance(one, (str, int, date)):
                raise _unfit("where", one, f"no label of {cut(name)}", '{"region": ["Bali", "Jakarta"]}')
        scope.append((str(name), tuple(map(str, many))))
    return tuple(scope)


def _unfit(name: str, value: Any, what: str, hint: str) -> ParameterError:
    return ParameterError(name, f"{cut(repr(value))} ({type(value).__name__}) is {what}", hint=hint)


def one_of(name: str, value: Any, allowed: Iterable[str], *, can_miss: bool = False) -> None:
    """Check that a value is one of those that are allowed.

    Raises
    ------
    ParameterError
        Naming those.
    """
    allowed = list(allowed)
    if value in allowed or (can_miss and value is None):
        return
    there = f"Allowed: {listing(allowed, 30) or 'none'}"
    fault = f"no target '{cut(value)}'" if name == "target" else f"it cannot be '{cut(value)}'"
    raise ParameterError(name, fault, there, suggest(str(value), allowed))


def plain(value: Any) -> Any:
    """Write a field as a list or a mapping, as a parameters cell holds it."""
    if not isinstance(value, tuple):
        return value
    if value and isinstance(value[0], tuple):
        return {name: list(labels) for name, labels in value}
    return list(value)


def literal(value: Any) -> str:
    """Write a value as it stands in Python."""
    # Texts, lists and mappings of texts are written in JSON as in Python.
    return repr(value) if value is None else json.dumps(value, ensure_ascii=False)
