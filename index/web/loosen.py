"""Wider queries than one that found nothing, the likeliest to help first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index.search.analysis import fold, stem
from index.search.lexer import Token, tokenise
from index.web.filters import filters_in, without

if TYPE_CHECKING:
    from index.web.asked import Asked

MOST = 4  # wider queries that are tried


@dataclass(frozen=True, slots=True)
class Wider:
    """A wider query: why it finds more (a key of the catalogue), what was changed, and the query itself."""

    key: str
    value: str
    asked: Asked


def wider(asked: Asked) -> list[Wider]:
    """At most `MOST` wider queries, none of them empty; the text of `asked` has to be one that can be parsed."""
    seen = {asked.but()}
    found: list[Wider] = []
    for each in _candidates(asked):
        if each.asked not in seen and (each.asked.text or not asked.text):
            seen.add(each.asked)
            found.append(each)
    return found[:MOST]


def _candidates(asked: Asked) -> Iterator[Wider]:
    filters = filters_in(asked.text)
    if not asked.copies:
        yield Wider("with_copies", "", asked.but(copies=True))
    if len(filters) > 1:
        yield Wider("no_filters", "", asked.but(text=without(asked.text, filters)))
    for each in filters:
        shown = f"{'-' * each.excluded}{each.field}:{each.value}"
        yield Wider("no_filter", shown, asked.but(text=without(asked.text, [each])))
    tokens = tokenise(asked.text)
    if text := _without_exclusions(asked.text, tokens):
        yield Wider("no_exclusions", text, asked.but(text=text))
    kinds = {token.kind for token in tokens}
    if "phrase" in kinds and "not" not in kinds and not filters:
        text = "".join(_unquoted(asked.text, tokens))
        yield Wider("no_quotes", text, asked.but(text=text))
    if all(token.kind in {"word", "phrase", "end"} for token in tokens) and len(tokens) > 2:
        text = " OR ".join(asked.text[token.start : token.end] for token in tokens[:-1])
        yield Wider("any_word", text, asked.but(text=text))
    yield from _beginnings(asked, tokens)


def _without_exclusions(text: str, tokens: list[Token]) -> str:
    """The query without the words and phrases that it excludes; '' where it excludes none."""
    excluded = [
        (before.start, each.end)
        for before, each in pairwise(tokens)
        if before.kind == "not" and each.kind in {"word", "phrase"}
    ]
    if not excluded or any(token.kind in {"open", "or"} for token in tokens):
        return ""
    starts, ends = [0, *(end for _, end in excluded)], [*(start for start, _ in excluded), len(text)]
    return " ".join("".join(text[a:b] for a, b in zip(starts, ends, strict=True)).split())


def _unquoted(text: str, tokens: list[Token]) -> Iterator[str]:
    """The query with the words of its phrases by themselves, pieces of it."""
    at = 0
    for token in tokens:
        yield text[at : token.start]
        yield token.text if token.kind == "phrase" else text[token.start : token.end]
        at = token.end


def _beginnings(asked: Asked, tokens: list[Token]) -> Iterator[Wider]:
    """Words by their beginnings: the stem, which other forms and derived words begin with."""
    words = [
        token for token in tokens if token.kind == "word" and token.text.isalpha() and len(token.text) > 3
    ]
    if not words or len(words) != len(tokens) - 1:
        return
    text = " ".join(f"{stem(fold(token.text))}*" for token in words)
    yield Wider("beginnings", text, asked.but(text=text))
