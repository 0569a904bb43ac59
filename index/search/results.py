"""What a search returns, on every engine."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from html import escape
from typing import Any

from index.timestamp import timestamp

MATCH_START, MATCH_END = "\ue000", "\ue001"  # private use: no page's text may hold them, escaping leaves them


@dataclass(frozen=True, slots=True)
class Hit:
    """One found article, with what a list of results shows."""

    id: str
    url: str
    site: str
    title: str
    lead: str | None
    language: str
    section: str | None
    authors: list[str]
    published_at: datetime
    published_precision: str
    published_origin: str
    source_name: str
    source_domain: str
    story_id: str
    role: str
    copies: int
    outlets: list[str]
    first_copy_at: datetime | None
    last_copy_at: datetime | None
    revision: int
    score: float  # what the hits are ordered by: relevance, or the number of copies; 0 by date alone
    highlights: list[str]  # passages with the matched words between « U+E000 » and « U+E001 »

    def as_json(self) -> dict[str, Any]:
        """The hit as `Results.as_json` lists it."""
        return {
            "id": self.id,
            "url": self.url,
            "site": self.site,
            "title": self.title,
            "lead": self.lead,
            "language": self.language,
            "section": self.section,
            "authors": self.authors,
            "published_at": _timestamp(self.published_at),
            "published_precision": self.published_precision,
            "published_origin": self.published_origin,
            "source": {"name": self.source_name, "domain": self.source_domain},
            "story_id": self.story_id,
            "role": self.role,
            "copies": self.copies,
            "outlets": self.outlets,
            "first_copy_at": _timestamp(self.first_copy_at),
            "last_copy_at": _timestamp(self.last_copy_at),
            "revision": self.revision,
            "score": self.score,
            "highlights": [as_html(passage) for passage in self.highlights],
        }


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts over all hits, not only the page.

    By site, source name, section as written, language and role, most hits first, then by value; by day (UTC, ISO
    date), newest first. Articles without a section are in no bucket of `section`; the others add up to the total.
    """

    site: list[Bucket]
    source: list[Bucket]
    section: list[Bucket]
    language: list[Bucket]
    role: list[Bucket]
    day: list[Bucket]


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits and the counts over all of them."""

    query: str
    total: int
    hits: list[Hit]
    facets: Facets

    def as_json(self) -> dict[str, Any]:
        """The object that `svodka search --json` prints; times as ISO 8601 in UTC, matches in <mark>."""
        return {
            "query": self.query,
            "total": self.total,
            "hits": [hit.as_json() for hit in self.hits],
            "facets": {
                each.name: [
                    {"value": bucket.value, "count": bucket.count}
                    for bucket in getattr(self.facets, each.name)
                ]
                for each in fields(Facets)
            },
        }


def _timestamp(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def as_html(passage: str) -> str:
    """A passage as HTML: escaped, the matched words in <mark>."""
    return escape(passage).replace(MATCH_START, "<mark>").replace(MATCH_END, "</mark>")
