"""The most republished stories of a time, and how their copies spread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from index.search.query import And, Filter, Period, Query

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend


@dataclass(frozen=True, slots=True)
class Asked:
    """Stories whose canonical article was published at or after `since`, before `until`, on `site` ('': any)."""

    since: datetime
    until: datetime | None = None
    site: str = ""
    top: int = 10  # so many at most

    def query(self) -> Query:
        """The search that lists these stories, most copies first."""
        until = [Period("before", self.until)] if self.until else []
        site = [Filter("site", self.site)] if self.site else []
        root = And((Period("after", self.since), *until, *site))
        return Query(root=root, sort="copies", limit=self.top)


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

    def as_json(self) -> dict[str, Any]:
        """The story as `svodka stories --json` lists it; times as ISO 8601 in UTC."""
        article = self.article
        return {
            "story_id": article.story_id,
            "copies": len(self.copies),
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
    """The answer: the most republished stories, and how many there are with and without copies (`published`)."""

    asked: Asked
    stories: list[Spread]
    published: int

    def as_json(self) -> dict[str, Any]:
        """The object that `svodka stories --json` prints."""
        return {
            "since": iso(self.asked.since),
            "until": iso(self.asked.until) if self.asked.until else None,
            "site": self.asked.site or None,
            "published": self.published,
            "stories": [story.as_json() for story in self.stories],
        }


def top_stories(backend: Backend, asked: Asked) -> TopStories:
    """The most republished stories: one search, and the members of each story that it found."""
    results = backend.search(asked.query())
    members = [backend.story(hit.id) for hit in results.hits if hit.copies]
    # A story may have fallen apart since it was found.
    stories = [Spread(first, copies) for first, *copies in members if copies]
    return TopStories(asked, stories, results.total)


def _published(article: Article) -> dict[str, Any]:
    return {
        "site": article.site,
        "published_at": iso(article.published_at),
        "published_precision": article.published_precision,
        "url": article.url,
    }


def iso(moment: datetime) -> str:
    """A moment as JSON has it: ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
