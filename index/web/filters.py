"""The filters that stand in the text of a query: found, added and taken out, so that each can be a link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.search.analysis import fold_value
from index.search.lexer import Token, tokenise
from index.search.parse import MAX_CHARACTERS

FILTERS = ("site", "source", "lang", "section", "after", "before", "story", "role", "author", "title")
_BARE = re.compile(r"[\w.-]+")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_QUOTES = ('""', "«»", "“”")


@dataclass(frozen=True, slots=True)
class InText:
    """A filter that every hit has to meet, and where it stands: `[start, end)` can be cut out of the query."""

    field: str
    value: str  # without quotes, as written; alternatives with their parentheses
    excluded: bool
    start: int
    end: int


def filters_in(text: str) -> list[InText]:
    """The filters of a query that can be parsed, but for those in parentheses or among alternatives."""
    tokens = tokenise(text)
    return list(_found(text, tokens))


def _found(text: str, tokens: Sequence[Token]) -> Iterator[InText]:
    depth = 0
    for at, token in enumerate(tokens):
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        if token.kind == "field" and depth == 0 and token.text in FILTERS:
            filter_at = _filter(text, tokens, at)
            if filter_at:
                yield filter_at


def _filter(text: str, tokens: Sequence[Token], at: int) -> InText | None:
    last = _last(tokens, at + 1)
    first = at
    while first and tokens[first - 1].kind == "not":
        first -= 1
    before = tokens[first - 1].kind if first else ""
    after = tokens[last + 1].kind
    if "or" in {before, after}:
        return None
    start = tokens[first - 1].start if before == "and" else tokens[first].start
    end = tokens[last + 1].end if after == "and" and before != "and" else tokens[last].end
    value = tokens[last].text.strip() if last == at + 1 else text[tokens[at + 1].start : tokens[last].end]
    return InText(tokens[at].text, value, (at - first) % 2 == 1, start, end)


def _last(tokens: Sequence[Token], at: int) -> int:
    """The last token of the value that begins at a token: itself, or the parenthesis that closes it."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += {"open": 1, "close": -1}.get(tokens[place].kind, 0)
        if depth == 0:
            return place
    return at


def without(text: str, filters: Iterable[InText]) -> str:
    """The query without these of its filters."""
    for each in sorted(filters, key=lambda found: -found.start):
        text = f"{text[: each.start].rstrip()} {text[each.end :].lstrip()}"
    return text.strip()


def with_filter(text: str, field: str, value: str) -> str | None:
    """The query with one filter more; None where it would be too long, or cannot say the value."""
    quoted = _quoted(value)
    made = f"{text} {field}:{quoted}".strip()
    return made if quoted and len(made) <= MAX_CHARACTERS else None


def _quoted(value: str) -> str:
    if _BARE.fullmatch(value):
        return value
    said = _BLANK.sub(" ", value).strip()  # as a query has it
    if not said or fold_value(said) != fold_value(value):
        return ""
    fitting = (pair for pair in _QUOTES if not set(pair) & set(value))
    pair = next(fitting, "")
    return f"{pair[0]}{value}{pair[1]}" if pair else ""


def is_set(filters: Iterable[InText], field: str, value: str) -> InText | None:
    """The filter that asks for this value of a field, folded as values are compared."""
    wanted = fold_value(value)
    same = (each for each in filters if each.field == field and not each.excluded)
    return next((each for each in same if fold_value(each.value) == wanted), None)
