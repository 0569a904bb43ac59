"""A reader of Kibana's query language (KQL), by the language's public reference.

A query is words, "phrases", field: value, field: (a or b), ranges (`copies >= 2`), `and`, `or`, `not`,
brackets, `*` in a word, and `nested: { field: value }`. `and` binds tighter than `or`, `not` tightest.
Words side by side are one value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Operator = Literal["<", "<=", ">", ">="]
_OPERATORS: dict[str, Operator] = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<quoted>"(?:\\.|[^"\\])*")
    | (?P<sign><=|>=|[<>:(){}])
    | (?P<word>(?:\\.|[^\s"<>:(){}\\])+)
    )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)
_WHITE = {"t": "\t", "r": "\r", "n": "\n"}
_KEYWORDS = frozenset({"and", "or", "not"})
_DEEPEST = 50  # brackets within brackets


class KqlError(ValueError):
    """Text that is no KQL; the message says where."""


@dataclass(frozen=True, slots=True)
class Value:
    """What is looked for: `pieces` are parted by the wildcards; one piece means that there is none."""

    pieces: tuple[str, ...]
    quoted: bool = False

    @property
    def text(self) -> str:
        """The value as written, wildcards as `*`."""
        return "*".join(self.pieces)

    @property
    def is_anything(self) -> bool:
        """Whether it is `*` alone."""
        return self.pieces == ("", "")


@dataclass(frozen=True, slots=True)
class Is:
    """A value in a field, or in any when `field` is None."""

    field: str | None
    value: Value


@dataclass(frozen=True, slots=True)
class Range:
    """A field compared with a bound."""

    field: str
    operator: Operator
    bound: str


@dataclass(frozen=True, slots=True)
class And:
    """All of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of these."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Not this."""

    part: Node


@dataclass(frozen=True, slots=True)
class Nested:
    """A condition on one object of a nested field."""

    path: str
    part: Node


Node = Is | Range | And | Or | Not | Nested


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Literal["quoted", "sign", "word", "end"]
    text: str
    at: int

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs

    def is_keyword(self, *words: str) -> bool:
        return self.kind == "word" and self.text.lower() in words


def parse_kql(text: str) -> Node | None:
    """The query as a tree, None for a blank one. Raises `KqlError`."""
    if not text.strip():
        return None
    return _Reader(text).whole()


def leaves(node: Node | None) -> Iterator[Is | Range | Nested]:
    """Every condition of a query that can name a field."""
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, Nested):
        yield node
        yield from leaves(node.part)
    elif node is not None:
        yield node


class _Reader:
    """One pass over the tokens; each method reads what its name says."""

    def __init__(self, text: str) -> None:
        self._tokens = list(_tokens(text))
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._any_of(self._condition)
        if self._peek().kind != "end":
            raise _unexpected(self._peek())
        return node

    def _peek(self) -> _Token:
        return self._tokens[self._next]

    def _take(self) -> _Token:
        token = self._peek()
        self._next += 1
        return token

    def _took(self, *signs: str) -> bool:
        if not self._peek().is_sign(*signs):
            return False
        self._next += 1
        return True

    def _any_of(self, part: Callable[[], Node]) -> Node:
        parts = [self._all_of(part)]
        while self._peek().is_keyword("or"):
            self._take()
            parts.append(self._all_of(part))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all_of(self, part: Callable[[], Node]) -> Node:
        parts = [self._perhaps_not(part)]
        while self._peek().is_keyword("and"):
            self._take()
            parts.append(self._perhaps_not(part))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _perhaps_not(self, part: Callable[[], Node]) -> Node:
        if not self._peek().is_keyword("not"):
            return self._bracketed(part) if self._peek().is_sign("(") else part()
        self._take()
        return Not(self._bracketed(part) if self._peek().is_sign("(") else part())

    def _bracketed(self, part: Callable[[], Node], close: str = ")") -> Node:
        opening = self._take()
        self._depth += 1
        if self._depth > _DEEPEST:
            raise KqlError(f"more than {_DEEPEST} brackets within brackets at character {opening.at + 1}")
        node = self._any_of(part)
        if not self._took(close):
            raise KqlError(f"the {opening.text!r} at character {opening.at + 1} has no {close!r}")
        self._depth -= 1
        return node

    def _condition(self) -> Node:
        value = self._value()
        if self._peek().is_sign("<", "<=", ">", ">="):
            operator = _OPERATORS[self._take().text]
            return Range(_field(value), operator, self._value().text)
        if not self._took(":"):
            return Is(None, value)
        field = _field(value)
        if self._peek().is_sign("{"):
            return Nested(field, self._bracketed(self._condition, "}"))
        within: Callable[[], Node] = lambda: Is(field, self._value())  # noqa: E731  # names the field once
        return self._bracketed(within) if self._peek().is_sign("(") else within()

    def _value(self) -> Value:
        if self._peek().kind == "quoted":
            return Value((_unescaped(self._take().text[1:-1]),), quoted=True)
        words: list[str] = []
        while self._peek().kind == "word" and not self._peek().is_keyword(*_KEYWORDS):
            words.append(self._take().text)
        if not words:
            raise _unexpected(self._peek())
        return Value(_pieces(" ".join(words)))


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            rest = text[at:].lstrip()
            what = "a quote that is not closed" if rest.startswith('"') else f"{rest[:1]!r}"
            raise KqlError(f"{what} at character {len(text) - len(rest) + 1}")
        if found["quoted"] is not None:
            yield _Token("quoted", found["quoted"], found.start("quoted"))
        elif found["sign"] is not None:
            yield _Token("sign", found["sign"], found.start("sign"))
        else:
            yield _Token("word", found["word"], found.start("word"))
        at = found.end()
    yield _Token("end", "", end)


def _pieces(raw: str) -> tuple[str, ...]:
    """Unescaped pieces between the wildcards; an escaped `*` is none."""
    pieces = [""]
    for part in re.findall(r"\\.|\*|[^\\*]+", raw, re.DOTALL):
        if part == "*":
            pieces.append("")
        else:
            pieces[-1] += _unescaped(part)
    return tuple(pieces)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else _WHITE.get(found[2], found[2]), text
    )


def _field(value: Value) -> str:
    if len(value.pieces) > 1:
        raise KqlError(f"a field's name with a wildcard: {value.text}")
    return value.text


def _unexpected(token: _Token) -> KqlError:
    if token.kind == "end":
        return KqlError("the query ends where a value should be")
    return KqlError(f"{token.text!r} at character {token.at + 1} is not expected there")
