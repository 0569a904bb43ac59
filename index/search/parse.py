"""Reads the text of a query. The language is described for its users in docs/search.md.

query        := alternatives { [AND] alternatives }
alternatives := part { OR part }                      OR binds tighter than the blank between words
part         := ("-" | NOT) part | "(" query ")" | field ":" ( value | "(" query ")" ) | phrase | word ["*"]
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Literal, NoReturn, cast

from index.search.analysis import tokens_with_offsets
from index.search.dates import FORMS, moment
from index.search.lexer import Token, tokenise
from index.search.query import (
    And,
    Filter,
    Node,
    Not,
    Or,
    Period,
    Phrase,
    Query,
    QueryError,
    Sort,
    TextField,
    Word,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_CHARACTERS = 1_000
MAX_TERMS = 64
MAX_DEPTH = 20  # parentheses and exclusions inside each other
MAX_WINDOW = 10_000  # last hit that can be paged to; Elasticsearch's default index.max_result_window

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")  # control characters count as blanks
_SURROGATE = re.compile("[\ud800-\udfff]")
_PREFIX = re.compile(r"([^*]+)\*[^\w*]*")
_PUNCTUATION = {"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk"}
_VALUES = {
    "lang": (re.compile(r"[a-z]{2,3}"), "a language code of two or three letters, like lang:ru"),
    "story": (re.compile(r"[0-9a-f]{32}"), "the 32 hexadecimal digits of a story_id"),
    "role": (re.compile("canonical|copy"), "role:canonical or role:copy"),
}


def parse(
    text: str,
    *,
    now: datetime | None = None,
    zone: tzinfo = UTC,
    copies: bool = False,
    sort: Sort | None = None,
    limit: int = 10,
    offset: int = 0,
) -> Query:
    """The query that a text means; raises `QueryError` with the reason, the place and the remedy.

    `now` (aware) is what `after:24h` counts back from, `zone` the time zone of dates that name none.
    """
    clean = _BLANK.sub(" ", text)
    if surrogate := _SURROGATE.search(clean):
        readable = _SURROGATE.sub("\ufffd", clean)
        raise QueryError("this is no character: the text is not valid UTF-8", readable, surrogate.start())
    if len(clean) > MAX_CHARACTERS:
        raise QueryError(
            f"the query is longer than {MAX_CHARACTERS:,} characters: cut it here", clean, MAX_CHARACTERS
        )
    if limit < 0 or offset < 0 or limit + offset > MAX_WINDOW:
        raise QueryError(
            f"hits can be listed up to the {MAX_WINDOW:,}th, offset and limit together: narrow the query down",
            "",
            0,
        )
    root = _Parser(clean, tokenise(clean), zone, now).query()
    return Query(clean.strip(), root, copies, sort, limit, offset)


@dataclass(slots=True)
class _Parser:
    text: str
    tokens: list[Token]
    zone: tzinfo
    now: datetime | None
    at: int = 0
    depth: int = 0
    terms: int = 0
    field: str = "any"  # the field that a word belongs to here

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def query(self) -> And:
        parts = self.conjunction()
        if self.token.kind == "close":
            self.refuse(") closes nothing: put ( before it or leave it out")
        if not parts and self.text.strip():
            self.refuse("there is nothing to look for: no letters or digits", self.tokens[0])
        return And(tuple(parts))

    def conjunction(self) -> list[Node]:
        parts: list[Node] = []
        while self.token.kind not in {"end", "close"}:
            if self.token.kind == "or":
                self.refuse(f"{self.token.text} needs something before it")
            if self.token.kind == "and" and not self.opens_sentence(parts):
                self.operator(parts)
            part = self.alternatives()
            if part:
                parts.append(part)
        return parts

    def opens_sentence(self, parts: Sequence[Node]) -> bool:
        """A capital И at the beginning is how a Russian sentence starts, not an operator."""
        return not parts and self.token.text == "И"

    def operator(self, parts: Sequence[Node]) -> None:
        if not parts:
            self.refuse(f"{self.token.text} needs something before it")
        self.step_over_operator("needs something after it")

    def step_over_operator(self, complaint: str) -> None:
        operator = self.token
        self.at += 1
        if self.token.kind in {"end", "close", "or", "and"}:
            self.refuse(f"{operator.text} {complaint}", operator)

    def alternatives(self) -> Node | None:
        first = self.token
        part = self.part()
        if self.token.kind != "or":
            return part
        parts = [self.wanted(part, first)]
        while self.token.kind == "or":
            self.step_over_operator("needs something after it")
            first = self.token
            parts.append(self.wanted(self.part(), first))
        return Or(tuple(parts))

    def part(self) -> Node | None:
        if self.token.kind == "not":
            return self.exclusion()
        if self.token.kind == "open":
            return self.group()
        if self.token.kind == "field":
            return self.fielded()
        token = self.token
        self.at += 1
        return self.value(token)

    def exclusion(self) -> Not:
        self.step_over_operator("needs something to exclude after it")
        first = self.token
        self.deeper(first)
        part = self.wanted(self.part(), first)
        self.depth -= 1
        return Not(part)

    def group(self) -> Node:
        opening = self.token
        self.at += 1
        self.deeper(opening)
        parts = self.conjunction()
        if self.token.kind == "end":
            self.refuse("this ( is never closed: put ) after the part", opening)
        if not parts:
            self.refuse("there is nothing to look for between these parentheses", opening)
        self.at += 1
        self.depth -= 1
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def fielded(self) -> Node:
        name = self.token
        if self.field != "any":
            self.refuse(f"{name.text}: cannot stand inside {self.field}:( )", name)
        self.at += 1
        value = self.token
        if value.start != name.end or value.kind in {"end", "close"}:
            self.refuse(f"{name.text}: has no value: write it without a blank, {_example(name.text)}", name)
        self.field = name.text
        if value.kind == "open":
            part: Node | None = self.group()
        else:
            self.at += 1
            part = self.value(value)
        self.field = "any"
        return self.wanted(part, value)

    def value(self, token: Token) -> Node | None:
        """The node of a word or phrase in the field we are in; None for mere punctuation."""
        self.terms += 1
        if self.terms > MAX_TERMS:
            self.refuse(f"the query has more than {MAX_TERMS} terms: cut it here", token)
        if self.field in {"after", "before"}:
            return self.period(token)
        if self.field not in {"any", "title", "author"}:
            return self.filter(token)
        return self.phrase(token) if token.kind == "phrase" else self.word(token)

    def period(self, token: Token) -> Period:
        try:
            when = moment(token.text.strip(), self.zone, self.now)
        except ValueError as error:
            self.refuse(f"{token.text!r} is no date ({error}): write {FORMS}", token)
        return Period(cast(Literal["after", "before"], self.field), when)

    def filter(self, token: Token) -> Filter:
        value = token.text.strip()
        if not value:
            self.refuse(f"{self.field}: has no value: write {_example(self.field)}", token)
        if token.kind != "phrase" and "*" in value:
            self.refuse(f"{self.field}: takes whole values: * is for words, title: and author:", token)
        pattern, expected = _VALUES.get(self.field, (None, ""))
        if pattern:
            value = value.lower()
            if not pattern.fullmatch(value):
                self.refuse(f"{self.field}: takes {expected}", token)
        return Filter(cast(Literal["site", "source", "lang", "section", "story", "role"], self.field), value)

    def phrase(self, token: Token) -> Node:
        if "*" in token.text:
            place = token.start + 1 + token.text.index("*")
            raise QueryError("* does not work inside quotes: take it out", self.text, place)
        found = self.words(token.text)
        if not found:
            self.refuse("there are no letters or digits between these quotes", token)
        return self.joined(found)

    def word(self, token: Token) -> Node | None:
        if "*" in token.text:
            return self.prefix(token)
        found = self.words(token.text)
        if found:
            return self.joined(found)
        if all(unicodedata.category(character) in _PUNCTUATION for character in token.text):
            return None
        return self.refuse(f"{token.text} has no letters or digits to look for: leave it out", token)

    def prefix(self, token: Token) -> Word:
        match = _PREFIX.fullmatch(token.text)
        if not match:
            self.refuse("* stands at the end of a word, once: угроз*", token)
        found = tokens_with_offsets(match[1])
        if len(found) != 1 or found[0].end != len(match[1]):
            self.refuse("* stands right after a single word: угроз*", token)
        if len(found[0].word) < 2:
            self.refuse("* needs at least two letters before it", token)
        return Word(match[1][found[0].start :], cast(TextField, self.field), prefix=True)

    def words(self, text: str) -> tuple[str, ...]:
        return tuple(text[token.start : token.end] for token in tokens_with_offsets(text))

    def joined(self, found: tuple[str, ...]) -> Node:
        """Several words without a blank between them (вице-премьер, AT&T) are a phrase."""
        field = cast(TextField, self.field)
        return Word(found[0], field) if len(found) == 1 else Phrase(found, field)

    def wanted(self, part: Node | None, token: Token) -> Node:
        return part or self.refuse(f"{token.text} has no letters or digits to look for", token)

    def deeper(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.refuse(
                f"parts are nested deeper than {MAX_DEPTH}: take parentheses or exclusions out", token
            )

    def refuse(self, message: str, token: Token | None = None) -> NoReturn:
        raise QueryError(message, self.text, (token or self.token).start)


def _example(name: str) -> str:
    values = {"lang": "ru", "after": "2022-01-18", "before": "7d", "role": "copy", "site": "ria.ru"}
    return f"{name}:" + values.get(name, '"…"')
