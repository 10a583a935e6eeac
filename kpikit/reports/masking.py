"""Secrets kept out of what a batch writes: passwords in addresses, and what is named like a secret."""

from __future__ import annotations

import ast
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus, unquote

from kpikit.errors import without_login

__all__ = ["MASK", "Mask", "is_secret_name", "secrets_of"]

MASK = "***"
_WORDS = re.compile(
    r"passw|passphrase|secret|credential|(?:api|private|access)[_-]?key|connection[_-]?string|authorization",
    re.IGNORECASE,
)
_PARTS = frozenset({"token", "tokens", "pwd", "pw", "pass", "dsn", "cookie", "cookies", "bearer"})
_NAMES = r"(?:ssl)?passw(?:or)?d|passphrase|pwd|secret|token|api_?key|access_?key|access_token|credentials?"
# A login in the query of an address, or in the words of a connection.
_IN_QUERY = re.compile(rf"([?&;](?:{_NAMES})=)[^&\s'\";<]+", re.IGNORECASE)
_IN_WORDS = re.compile(rf"(\b(?:{_NAMES})=)('[^']*'|\"[^\"]*\"|[^&\s;'\"<]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"\A\s*[a-z][a-z0-9+.\-]*:/{1,2}([^/]*?):(.+)@[^@]*\Z", re.IGNORECASE | re.DOTALL)
# Shorter ones are words and figures that stand everywhere.
_LEAST_LETTERS, _LEAST_WORD, _LEAST_DIGITS = 6, 12, 10
_PICTURES = frozenset({"image/png", "image/jpeg"})
_PARAMETERS = frozenset({"parameters", "injected-parameters"})


def is_secret_name(name: str) -> bool:
    """Say whether what has this name is a secret: a parameter, a key or an environment variable.

    Examples
    --------
    >>> from kpikit.reports.masking import is_secret_name
    >>> [is_secret_name(name) for name in ("db_password", "apiKey", "API_TOKEN", "key", "author")]
    [True, True, True, False, False]
    """
    parts = re.split(r"[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])", name)
    return bool(_WORDS.search(name)) or any(one.lower() in _PARTS for one in parts)


class Mask:
    """What hides some secrets in texts and in values.

    Parameters
    ----------
    secrets
        Texts that must stand nowhere. Short ones are hidden only where a name or an address tells them.

    Examples
    --------
    >>> from kpikit.reports.masking import Mask
    >>> mask = Mask(["correct-horse-battery"])
    >>> mask.text("login with correct-horse-battery at postgresql://ann:pw@host/db")
    'login with *** at postgresql://***@host/db'
    >>> mask.parameters({"period": "2026-Q3", "api_token": "x1"})
    {'period': '2026-Q3', 'api_token': '***'}
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = sorted({form for one in secrets for form in _forms(one)}, key=lambda one: (-len(one), one))
        self._known = re.compile("|".join(map(_pattern, forms))) if forms else None

    def text(self, text: str, *, is_code: bool = False) -> str:
        """Hide secrets in a text; in code, `password=name` is none."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        if "@" in text:
            text = without_login(text)
        if "=" in text:
            text = _IN_QUERY.sub(rf"\1{MASK}", text)
            text = text if is_code else _IN_WORDS.sub(rf"\1{MASK}", text)
        return text

    def value(self, value: Any) -> Any:
        """Hide secrets in all texts of a value, as JSON has them; the value itself stays as it is."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {
                self.text(key) if isinstance(key, str) else key: one if key in _PICTURES else self.value(one)
                for key, one in value.items()
            }
        return type(value)(map(self.value, value)) if isinstance(value, (list, tuple)) else value

    def parameters(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Hide secrets in parameters: what a name tells, at any depth, and what stands in texts."""
        return {name: self._named(name, one) for name, one in given.items()}

    def _named(self, name: Any, value: Any) -> Any:
        if value not in (None, "") and not isinstance(value, bool) and is_secret_name(str(name)):
            return MASK
        if isinstance(value, Mapping):
            return {key: self._named(key, one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(self._named("", one) for one in value)
        return self.value(value)

    def notebook(self, notebook: Mapping[str, Any]) -> Any:
        """Hide secrets in a run notebook: papermill writes parameters into a cell and into the metadata."""
        import nbformat

        metadata = dict(notebook["metadata"])
        if "papermill" in metadata:
            own = metadata["papermill"]
            metadata["papermill"] = {**own, "parameters": self.parameters(own.get("parameters", {}))}
        cells = []
        for cell in notebook["cells"]:
            tags = cell.get("metadata", {}).get("tags") or ()
            source = self._assigned(cell["source"]) if _PARAMETERS & set(tags) else cell["source"]
            rest = {name: one for name, one in cell.items() if name != "source"}
            is_code = cell["cell_type"] == "code"
            cells.append({**self.value(rest), "source": self.text(source, is_code=is_code)})
        return nbformat.from_dict({**notebook, "metadata": self.value(metadata), "cells": cells})

    def _assigned(self, source: str) -> str:
        """Write each assignment of a parameters cell that holds a secret anew."""
        try:
            statements = ast.parse(source).body
        except SyntaxError:
            return source
        lines = source.splitlines()
        for statement in reversed(statements):
            for name, value in _literals(statement):
                hidden = self._named(name, value)
                if hidden != value:
                    lines[statement.lineno - 1 : statement.end_lineno] = [f"{name} = {hidden!r}"]
        return "\n".join(lines)


def secrets_of(*places: Mapping[Any, Any]) -> set[str]:
    """Find the secrets in mappings, at any depth.

    Examples
    --------
    >>> from kpikit.reports.masking import secrets_of
    >>> sorted(secrets_of({"SALES_DB": "postgresql://ann:pa55@host/db", "login": {"password": "hush"}}))
    ['ann:pa55', 'hush', 'pa55']
    """
    return {secret for place in places for name, one in place.items() for secret in _found(name, one)}


def _found(name: Any, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, one in value.items():
            yield from _found(key, one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from _found(name, one)
    elif isinstance(value, (str, int)) and not isinstance(value, bool):
        text = str(value)
        if is_secret_name(str(name)):
            yield text
        if address := _ADDRESS.match(text):
            yield address[2]
            yield f"{address[1]}:{address[2]}"
        for pair in _IN_WORDS.finditer(text):
            yield pair[2].strip("'\"")


def _literals(statement: ast.stmt) -> Iterator[tuple[str, Any]]:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            pass
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
            pass
        case _:
            return
    try:
        yield name, ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return


def _forms(secret: str) -> Iterator[str]:
    """Give the ways in which a secret may be written."""
    secret = secret.strip()
    if len(secret) < (_LEAST_DIGITS if secret.isdigit() else _LEAST_LETTERS) or secret == MASK:
        return
    for one in {secret, unquote(secret)}:
        yield from (one, quote(one, safe=""), quote_plus(one), repr(one)[1:-1], html.escape(one))
        yield from (json.dumps(one)[1:-1], json.dumps(one, ensure_ascii=False)[1:-1])


def _pattern(form: str) -> str:
    """Find a form; one that may be a part of a word or of a number stands on its own."""
    if len(form) >= _LEAST_WORD and not form.isdigit():
        return re.escape(form)
    return rf"(?<![\w.]){re.escape(form)}(?!\w|\.\d)"
