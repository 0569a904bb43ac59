"""`Extracted`: what a page says of itself, before anything is normalised."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from crawler.outcome import Outcome
    from index.article import Origin, Precision

SourceLinkKind = Literal["source_link", "foreign_canonical"]


@dataclass(frozen=True, slots=True)
class SourceLink:
    """A machine-readable pointer to the original: meta original-source, JSON-LD isBasedOn and their like."""

    kind: SourceLinkKind
    url: str  # absolute


@dataclass(frozen=True, slots=True)
class Extracted:
    """Fields of one page. Text is plain, NFC, whitespace folded, paragraphs parted by a blank line."""

    title: str | None = None
    lead: str | None = None  # deck or opening paragraph that the page sets apart
    body: str = ""  # without the lead, boxes, teasers, captions; keeps datelines
    source_lines: list[str] = field(default_factory=list)  # closing lines that are only a source mark
    authors: list[str] = field(default_factory=list)  # byline as written: may name an agency
    organisations: list[str] = field(default_factory=list)  # sourceOrganization, author/creator organisations
    published: datetime | None = None  # aware; None: the page gives none
    precision: Precision = "unknown"
    origin: Origin = "first_seen"
    published_zoned: bool = False  # the page itself gave the UTC offset (else the site's zone was used)
    modified: datetime | None = None  # aware
    section: str | None = None
    tags: list[str] = field(default_factory=list)
    image: str | None = None
    language: str | None = None  # declared or detected, ISO 639-1
    canonical_url: str | None = None
    source_links: list[SourceLink] = field(default_factory=list)
    rejected: Outcome | None = None  # not_an_article, too_short or failed
    reason: str | None = None  # why, in words
