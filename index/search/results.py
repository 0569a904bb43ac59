"""What a search returns, on every engine."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any


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
    revision: int
    score: float
    highlights: list[str]  # passages with the matched words between « U+E000 » and « U+E001 »


@dataclass(frozen=True, slots=True)
class Bucket:
    """One value of a facet and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts over all hits, not only the page: by site, by source name and by day (UTC, ISO date)."""

    site: list[Bucket]
    source: list[Bucket]
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
        raise NotImplementedError
