"""Passages of a found article that show why it was found.

The stored text is analysed as it was for the index, so every inflected form is marked. The same code
serves both engines: hits look alike wherever they come from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from index.search.analysis import Token, fold, stem, tokens_with_offsets
from index.search.query import And, Node, Or, Phrase, Word
from index.search.results import MATCH_END, MATCH_START

if TYPE_CHECKING:
    from index.article import Article

PASSAGE = 160  # characters, about two lines of a terminal
PASSAGES = 3
MAX_TEXT = 200_000  # characters that are looked at; the longest news texts have about 100,000


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    term: int  # which term of the query


@dataclass(frozen=True, slots=True)
class Term:
    """What one word, phrase or prefix of the query looks for: stems in a row, or the beginning of a word."""

    stems: tuple[str, ...] = ()
    prefix: str = ""


def terms(node: Node, fields: Iterable[str] = ("any",)) -> list[Term]:
    """The terms of a query that a found text may contain, those under an exclusion left out."""
    return list(dict.fromkeys(_terms(node, frozenset(fields))))


def _terms(node: Node, fields: frozenset[str]) -> Iterator[Term]:
    if isinstance(node, And | Or):
        for part in node.parts:
            yield from _terms(part, fields)
    elif isinstance(node, Word | Phrase) and node.field in fields:
        text = node.text if isinstance(node, Word) else " ".join(node.words)
        if isinstance(node, Word) and node.prefix:
            yield Term(prefix=fold(text))
        else:
            yield Term(stems=tuple(stem(token.word) for token in tokens_with_offsets(text)))


def highlights(article: Article, wanted: Sequence[Term]) -> list[str]:
    """The best passages of lead and body, in reading order, matched words between U+E000 and U+E001.

    A phrase from the end of the lead into the body is no match, to no engine.

    When nothing there matches (the title did, or the query has no words): how the text begins.
    """
    text = _clean("\n\n".join(article.paragraphs)[:MAX_TEXT])
    border = len(_clean(article.lead)) + 1 if article.lead else 0
    matches = [match for match in _matches(text, wanted) if not match.start < border < match.end]
    if not matches:
        return [_passage(text, *_around(text, 0, 0), [])] if text else []
    return [_passage(text, start, end, matches) for start, end in _best_places(text, matches, wanted)]


def mark(text: str, wanted: Sequence[Term]) -> str:
    """A whole short text (a title) with the matched words marked."""
    clean = _clean(text)
    return _marked(clean, 0, len(clean), _matches(clean, wanted))


def _clean(text: str) -> str:
    """A text that holds our marks itself must not look as if it matched."""
    return text.replace(MATCH_START, "").replace(MATCH_END, "")


def _matches(text: str, wanted: Sequence[Term]) -> list[_Match]:
    if not wanted:
        return []
    tokens = tokens_with_offsets(text)
    stemmed = [stem(token.word) for token in tokens]
    found = [
        _Match(tokens[first].start, tokens[last].end, number)
        for number, term in enumerate(wanted)
        for first, last in _occurrences(term, tokens, stemmed)
    ]
    return sorted(found, key=lambda match: (match.start, -match.end))


def _occurrences(term: Term, tokens: Sequence[Token], stemmed: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First and last token of every place where the term stands."""
    if term.prefix:
        yield from ((at, at) for at, token in enumerate(tokens) if token.word.startswith(term.prefix))
        return
    size = len(term.stems)
    for at, each in enumerate(stemmed if size else ()):
        if each == term.stems[0] and tuple(stemmed[at : at + size]) == term.stems:
            yield at, at + size - 1


def _best_places(text: str, matches: Sequence[_Match], wanted: Sequence[Term]) -> list[tuple[int, int]]:
    """The passage with most of the query, then up to `PASSAGES` in all for terms that it lacks."""
    groups = [_fitting(matches, first) for first in range(len(matches))]
    groups.sort(key=lambda group: -_worth(group, wanted))
    chosen: list[tuple[int, int]] = []
    shown: set[int] = set()
    for group in groups:
        start, end = _around(text, group[0].start, group[-1].end)
        new = {match.term for match in group} - shown
        if new and all(end <= other_start or start >= other_end for other_start, other_end in chosen):
            chosen.append((start, end))
            shown |= new
        if len(chosen) == PASSAGES:
            break
    return sorted(chosen)


def _fitting(matches: Sequence[_Match], first: int) -> list[_Match]:
    """The match and those after it that fit into one passage with it."""
    limit = matches[first].start + PASSAGE
    rest = takewhile(lambda match: match.start < limit, islice(matches, first + 1, None))
    return [matches[first], *(match for match in rest if match.end <= limit)]


def _worth(group: Sequence[_Match], wanted: Sequence[Term]) -> int:
    """Different terms count most, a phrase as much as two; then how often they stand there."""
    different = {match.term for match in group}
    return sum(20 if len(wanted[term].stems) > 1 else 10 for term in different) + min(len(group), 9)


def _around(text: str, first: int, last: int) -> tuple[int, int]:
    """A passage's length around [first, last), cut at words and not beyond the paragraphs it touches."""
    opening = text.rfind("\n\n", 0, first) + 2 if "\n\n" in text[:first] else 0
    closing = text.find("\n\n", last)
    closing = len(text) if closing < 0 else closing
    start = max(opening, min(first, first - (PASSAGE - (last - first)) // 3))
    end = min(closing, max(last, start + PASSAGE))
    start = max(opening, min(start, end - PASSAGE))
    if start > opening:
        start = max(start, text.find(" ", start, first) + 1)
    if end < closing:
        end = max(last, text.rfind(" ", last, end)) if " " in text[last:end] else end
    return start, end


def _passage(text: str, start: int, end: int, matches: Sequence[_Match]) -> str:
    before = "…" if start > 0 and not text[:start].endswith("\n\n") else ""
    after = "…" if end < len(text) and not text.startswith("\n\n", end) else ""
    inside = [match for match in matches if start <= match.start and match.end <= end]
    return before + " ".join(_marked(text, start, end, inside).split()) + after


def _marked(text: str, start: int, end: int, matches: Iterable[_Match]) -> str:
    pieces: list[str] = []
    at = start
    for match in matches:
        if match.start < at:  # inside a phrase that is marked already
            continue
        pieces += (text[at : match.start], MATCH_START, text[match.start : match.end], MATCH_END)
        at = match.end
    return "".join([*pieces, text[at:end]])
