"""Cuts the text of a query into words, phrases, field names, operators and parentheses."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal, NoReturn

from index.search.query import QueryError

FIELDS = ("title", "author", "site", "source", "lang", "section", "after", "before", "story", "role")

Kind = Literal["word", "phrase", "field", "open", "close", "and", "or", "not", "end"]

_OPERATORS: dict[str, Kind] = {"AND": "and", "И": "and", "OR": "or", "ИЛИ": "or", "NOT": "not", "НЕ": "not"}
_CLOSING = {'"': '"', "«": "»", "“": "”", "„": "“”", "”": "”"}
_PARENTHESES: dict[str, Kind] = {"(": "open", ")": "close"}
_WORD = re.compile(r'[^\s()"«»“”„]+')
_NAME = re.compile(r"([^\W\d_]+):")
_EXCLUSION = re.compile(r"-(?=[^\s\-)])")

# What people may write for a field, for the hint in the error.
_MEANT = {name: name for name in FIELDS} | {
    "language": "lang",
    "since": "after",
    "until": "before",
    "agency": "source",
    "headline": "title",
    "byline": "author",
    "заголовок": "title",
    "автор": "author",
    "сайт": "site",
    "источник": "source",
    "язык": "lang",
    "раздел": "section",
    "рубрика": "section",
    "после": "after",
    "до": "before",
    "сюжет": "story",
}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the query: `text` is its content (a phrase without quotes), the places are of all of it."""

    kind: Kind
    text: str
    start: int
    end: int


def tokenise(text: str) -> list[Token]:
    """All pieces of a query, the last one of kind `end`; raises `QueryError` for quotes and unknown fields."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        found.append(_next(text, at, found[-1] if found else None))
        at = found[-1].end
    return [*found, Token("end", "", len(text), len(text))]


def _next(text: str, at: int, before: Token | None) -> Token:
    if kind := _PARENTHESES.get(text[at]):
        return Token(kind, text[at], at, at + 1)
    if text[at] in _CLOSING:
        return _phrase(text, at)
    if text[at] == "»":
        raise QueryError("» closes nothing: put « before the phrase", text, at)
    if before and before.kind == "field" and before.end == at:  # a value: no operator, no further field
        return _word(text, at)
    starts_word = at == 0 or text[at - 1].isspace() or text[at - 1] == "("
    if starts_word and _EXCLUSION.match(text, at):
        return Token("not", "-", at, at + 1)
    return _field(text, at) or _word(text, at)


def _phrase(text: str, at: int) -> Token:
    closing = _CLOSING[text[at]]
    ends = [place for place in (text.find(mark, at + 1) for mark in closing) if place >= 0]
    if not ends:
        raise QueryError(f"this quote is never closed: put {closing[0]} after the phrase", text, at)
    return Token("phrase", text[at + 1 : min(ends)], at, min(ends) + 1)


def _word(text: str, at: int) -> Token:
    match = _WORD.match(text, at)
    assert match, "every other character was taken before"  # noqa: S101 - what the callers have made sure of
    kind = _OPERATORS.get(match[0], "word")
    return Token(kind, match[0], at, match.end())


def _field(text: str, at: int) -> Token | None:
    """A field name, if there is one here; `http://` and a headline's colon before a blank are none."""
    match = _NAME.match(text, at)
    if not match:
        return None
    name, rest = match[1].lower(), text[match.end() :]
    if name in FIELDS:
        return Token("field", name, at, match.end())
    if rest and not rest[0].isspace() and not rest.startswith(("//", ")")):
        _refuse(name, text, at)
    return None


def _refuse(name: str, text: str, at: int) -> NoReturn:
    near = difflib.get_close_matches(name, _MEANT, n=1, cutoff=0.5)
    hint = (
        f"did you mean {_MEANT[near[0]]}:?"
        if near
        else f"there are {', '.join(f'{each}:' for each in FIELDS)}."
    )
    raise QueryError(
        f'there is no field {name}: - {hint} As plain text write it in quotes, "{name}:…"', text, at
    )
