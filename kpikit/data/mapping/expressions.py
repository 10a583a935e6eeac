"""Computed columns: + − × ÷, parentheses, columns and literals, read once and worked out on whole columns.

There are no calls and no names but columns, so that a mapping cannot do anything but compute.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Expression", "parse_expression"]

_TOKENS = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<name>[^\W\d]\w*)|\[(?P<quoted>[^\]]+)\]"
    r"|'(?P<single>[^']*)'|\"(?P<double>[^\"]*)\"|(?P<sign>[-+*/()×÷−]))"
)
_SIGNS = {"×": "*", "÷": "/", "−": "-"}
_MOST_LETTERS, _MOST_DEPTH, _MOST_PARTS = 2_000, 50, 300


@dataclass(frozen=True)
class Expression:
    """A parsed expression: `tree` is a column ("column", name), a literal ("number" or "text", value),
    a negation ("-", tree) or an operation (sign, left, right).

    Examples
    --------
    >>> from kpikit.data.mapping import parse_expression
    >>> price = parse_expression("[Unit Price] * Quantity * (1 - Discount)")
    >>> price.columns
    ('Unit Price', 'Quantity', 'Discount')
    >>> price.work_out({"Unit Price": 10.0, "Quantity": 3.0, "Discount": 0.5}.get)
    15.0
    """  # noqa: D205

    text: str
    tree: tuple[Any, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it needs, each once."""
        return tuple(dict.fromkeys(node[1] for node in _nodes(self.tree) if node[0] == "column"))

    @property
    def is_text(self) -> bool:
        """Whether it can only be a text: it holds a literal text."""
        return any(node[0] == "text" for node in _nodes(self.tree))

    @property
    def has_numbers(self) -> bool:
        """Whether it holds a literal number."""
        return any(node[0] == "number" for node in _nodes(self.tree))

    @property
    def signs(self) -> set[str]:
        """The operators in it."""
        return {node[0] for node in _nodes(self.tree)} & {"+", "-", "*", "/"}

    def work_out(self, column: Callable[[str], Any]) -> Any:
        """Work the expression out, given a way to the values of each column."""
        return _value(self.tree, column)


def parse_expression(text: str) -> Expression:
    """Read an expression.

    Parameters
    ----------
    text
        Columns by their names (in [brackets] where a name is no single word), numbers, 'texts', + - * / and
        parentheses.

    Raises
    ------
    ValueError
        Saying what is wrong, and where.

    Examples
    --------
    >>> from kpikit.data.mapping import parse_expression
    >>> parse_expression("First + ' ' + Last").is_text
    True
    """
    if len(text) > _MOST_LETTERS:
        raise ValueError(f"an expression has at most {_MOST_LETTERS:,} letters")
    return Expression(text, _Parser(text).parse())


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place, text = 0, text.rstrip()
        while place < len(text):
            found = _TOKENS.match(text, place)
            if found is None:
                rest = text[place:].strip()
                raise ValueError(
                    f"'{rest[:20]}' cannot be read. Columns, numbers, 'texts', + - * / and parentheses are; "
                    "a name that is no single word stands in [brackets]"
                )
            kind = found.lastgroup or ""
            value = found[kind]
            kind = {"quoted": "name", "single": "text", "double": "text"}.get(kind, kind)
            self.tokens.append((kind, _SIGNS.get(value, value) if kind == "sign" else value))
            place = found.end()
        if len(self.tokens) > _MOST_PARTS:
            raise ValueError(f"an expression has at most {_MOST_PARTS} columns, numbers and signs")
        self.at, self.depth = 0, 0

    def parse(self) -> tuple[Any, ...]:
        tree = self.sum()
        if self.at < len(self.tokens):
            is_name = self.tokens[self.at][0] == "name" and self.tokens[self.at - 1][0] == "name"
            both = f"{self.tokens[self.at - 1][1]} {self.tokens[self.at][1]}"
            hint = f"; is it one name? Then: [{both}]" if is_name else ""
            raise ValueError(f"'{self.tokens[self.at][1]}' is not expected here{self._after()}{hint}")
        return tree

    def _after(self) -> str:
        return f" (after '{self.tokens[self.at - 1][1]}')" if self.at else ""

    def peek(self) -> str:
        here = self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")
        return here[1] if here[0] == "sign" else ""

    def sum(self) -> tuple[Any, ...]:
        tree = self.product()
        while self.peek() in ("+", "-"):
            self.at += 1
            tree = (self.tokens[self.at - 1][1], tree, self.product())
        return tree

    def product(self) -> tuple[Any, ...]:
        tree = self.atom()
        while self.peek() in ("*", "/"):
            self.at += 1
            tree = (self.tokens[self.at - 1][1], tree, self.atom())
        return tree

    def atom(self) -> tuple[Any, ...]:
        if self.at >= len(self.tokens):
            raise ValueError(f"something is missing at the end{self._after()}")
        kind, value = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return ("number", float(value))
        if kind == "text":
            return ("text", value)
        if kind == "name":
            if self.peek() == "(":
                raise ValueError(f"there are no calls, such as {value}(…)")
            return ("column", value)
        if value not in ("(", "-"):
            raise ValueError(f"'{value}' is not expected here")
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise ValueError(f"it is nested deeper than {_MOST_DEPTH} levels")
        tree = ("-", self.atom()) if value == "-" else self.sum()
        self.depth -= 1
        if value == "(":
            if self.peek() != ")":
                raise ValueError("a parenthesis is opened and never closed")
            self.at += 1
        return tree


def _nodes(tree: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield tree
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from _nodes(part)


def _value(tree: tuple[Any, ...], column: Callable[[str], Any]) -> Any:
    kind, *parts = tree
    if kind == "column":
        return column(parts[0])
    if kind in ("number", "text"):
        return parts[0]
    if len(parts) == 1:
        return -_value(parts[0], column)
    left, right = (_value(part, column) for part in parts)
    return _OPERATIONS[kind](left, right)


_OPERATIONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
