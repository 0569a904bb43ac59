"""The parsed query: what every engine's compiler reads. `index.search.parse` makes it from text."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

TextField = Literal["any", "title", "author"]
Sort = Literal["score", "date", "copies"]
"""Order of hits: best, newest, most copies first; then the newest, then by id."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word; matches every inflected form. `prefix` (`угроз*`) matches beginnings, unstemmed."""

    text: str
    field: TextField = "any"
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in this order, next to each other, each in any inflected form."""

    words: tuple[str, ...]
    field: TextField = "any"


@dataclass(frozen=True, slots=True)
class Filter:
    """An exact value of a field: `site: source: lang: section: story: role:`."""

    field: Literal["site", "source", "lang", "section", "story", "role"]
    value: str


@dataclass(frozen=True, slots=True)
class Period:
    """Publication time at or after (`after:`) or before (`before:`) a moment, UTC.

    `after:2022-01-18` takes in the whole of that day, `before:2022-01-18` none of it.
    """

    bound: Literal["after", "before"]
    moment: datetime


@dataclass(frozen=True, slots=True)
class Copied:
    """Canonical articles of stories with copies; with `since` (UTC) the latest copy was published at or after it."""

    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Not:
    """Excludes what its part matches: `-спорт`, `-source:tass.ru`."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All parts match; an empty one matches everything."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part matches."""

    parts: tuple[Node, ...]


Node = Word | Phrase | Filter | Period | Copied | Not | And | Or


@dataclass(frozen=True, slots=True)
class Query:
    """A whole request. An empty `root` lists the newest stories."""

    text: str = ""
    root: And = field(default_factory=lambda: And(()))
    copies: bool = False  # False: one canonical article a story; True: every article
    sort: Sort | None = None  # None: by score when there are words, else by date
    limit: int = 10
    offset: int = 0
    facets: bool = True  # False: not counted, all empty


class QueryError(ValueError):
    """A query that cannot be understood: what is wrong and where.

    `position` counts characters of `text` from 0; `str()` shows the query with a caret under the place. An empty
    `text` is for what is wrong with another option than the query.
    """

    def __init__(self, message: str, text: str, position: int) -> None:
        super().__init__(message)
        self.message, self.text, self.position = message, text, position

    def __str__(self) -> str:
        if not self.text.strip():
            return self.message
        start = max(0, self.position - 60)  # of a long query only what stands around the place
        return f"{self.message}\n  {self.text[start : start + 100]}\n  {' ' * (self.position - start)}^"
