"""`Link`: what discovery hands to the spider."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["feed", "sitemap", "listing"]


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may be an article, with what its source says of it."""

    url: str  # absolute, http or https, without fragment
    kind: SourceKind
    title: str | None = None
    published: str | None = None  # the date as written there, for crawler.extraction.dates
    modified: str | None = None  # sitemap lastmod as written


class NotReadable(ValueError):
    """Bytes that are not what they should be (a feed that is HTML, an empty sitemap); the message says why."""
