"""The most republished stories of a time, and how their copies spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from index.search.query import And, Copied, Filter, Or, Period, Query
from index.timestamp import timestamp

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend
    from index.search.results import Hit

PAGE = 50  # stories of one search at least, since those of one site are left out
WINDOW = 10_000  # hits that a search can be paged to; Elasticsearch's default index.max_result_window


@dataclass(frozen=True, slots=True)
class Asked:
    """Stories with copies of a time, on `site` ('': any), as far as the canonical article tells.

    It or its latest copy was published at or after `since`, and it before `until`.
    """

    since: datetime
    until: datetime | None = None
    site: str = ""
    top: int = 10  # so many at most

    def query(self, offset: int = 0) -> Query:
        """The search that lists these stories, most copies first, a page of them."""
        until = [Period("before", self.until)] if self.until else []
        site = [Filter("site", self.site)] if self.site else []
        alive = Or((Period("after", self.since), Copied(self.since)))
        root = And((alive, Copied(), *until, *site))
        limit = min(max(self.top, PAGE), WINDOW - offset)
        return Query(root=root, sort="copies", limit=limit, offset=offset, facets=False)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment is of the time that is asked for."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class SourcesAsked:
    """Articles published at or after `since`, before `until`, on `site` ('': any)."""

    since: datetime
    until: datetime | None = None
    site: str = ""


@dataclass(frozen=True, slots=True)
class Spread:
    """A story: its canonical article, and at least one copy, by publication time."""

    article: Article
    copies: list[Article]

    @property
    def dated(self) -> list[Article]:
        """The copies whose date is known, the earliest first."""
        return [copy for copy in self.copies if copy.published_precision != "unknown"]

    @property
    def undated(self) -> int:
        """How many copies tell no date."""
        return len(self.copies) - len(self.dated)

    @property
    def outlets(self) -> list[str]:
        """Sites that have the story, the canonical article's first, the others by name."""
        others = {copy.site for copy in self.copies} - {self.article.site}
        return [self.article.site, *sorted(others)]

    def copies_of(self, asked: Asked) -> int:
        """How many copies were published in the time that is asked for."""
        return sum(asked.holds(copy.published_at) for copy in self.copies)

    def as_json(self, asked: Asked) -> dict[str, Any]:
        """The story as `svodka stories --json` lists it; times as ISO 8601 in UTC."""
        article = self.article
        return {
            "story_id": article.story_id,
            "copies": len(self.copies),
            "copies_of_this_time": self.copies_of(asked),
            "outlets": self.outlets,
            "copies_without_date": self.undated,
            "first_copy": _published(self.dated[0]) if self.dated else None,
            "last_copy": _published(self.dated[-1]) if self.dated else None,
            "title": article.title,
            "source": {"name": article.source.name, "domain": article.source.domain},
            **_published(article),
        }


@dataclass(frozen=True, slots=True)
class TopStories:
    """The answer: the most republished stories, and of how many.

    A story that only one site has, at several addresses, was republished by nobody: it is left out and counted.
    """

    asked: Asked
    stories: list[Spread]
    total: int  # stories with copies, those of one site too
    one_site: int  # those of them that were met and left out

    @property
    def complete(self) -> bool:
        """Whether no republished story is left that is not listed."""
        return len(self.stories) + self.one_site >= self.total

    def as_json(self) -> dict[str, Any]:
        """The object that `svodka stories --json` prints."""
        return {
            "since": timestamp(self.asked.since),
            "until": timestamp(self.asked.until) if self.asked.until else None,
            "site": self.asked.site or None,
            "total": self.total,
            "one_site": self.one_site,
            "stories": [story.as_json(self.asked) for story in self.stories],
        }


@dataclass(frozen=True, slots=True)
class TopHits:
    """The canonical articles of the most republished stories as a search finds them; counts as in `TopStories`."""

    hits: list[Hit]
    total: int
    one_site: int


def top_stories(backend: Backend, asked: Asked) -> TopStories:
    """The most republished stories with their members."""
    found = top_hits(backend, asked)
    members = (backend.story(hit.id) for hit in found.hits)
    # A story may have fallen apart since it was found.
    stories = [Spread(first, copies) for first, *copies in members if copies]
    return TopStories(asked, stories, found.total, found.one_site)


def top_hits(backend: Backend, asked: Asked) -> TopHits:
    """The most republished stories: a search, and more where stories of one site took up its page."""
    found: list[Hit] = []
    offset = one_site = total = 0
    while len(found) < asked.top and offset < WINDOW:
        results = backend.search(asked.query(offset))
        total = results.total
        republished = [hit for hit in results.hits if len(hit.outlets) > 1]
        found += republished[: asked.top - len(found)]
        one_site += len(results.hits) - len(republished)
        offset += len(results.hits)
        if offset >= total or not results.hits:
            break
    return TopHits(found, total, one_site)


def _published(article: Article) -> dict[str, Any]:
    return {
        "site": article.site,
        "published_at": timestamp(article.published_at),
        "published_precision": article.published_precision,
        "url": article.url,
    }
