"""`Letter`: an article on its way to the index, as a row of the outbox."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime

from index.article import Article
from index.backend import Known

LEVEL = 1  # half the time of zlib's default for 8 % more bytes (measured); most rows live for a second
KNOWN_COLUMNS = "article_id, url, site, first_seen, fetched, published"


@dataclass(frozen=True, slots=True)
class Letter:
    """One article that waits, at its place in the order of arrival."""

    seq: int
    article_id: str
    content_hash: str
    attempts: int
    z: bytes

    def article(self) -> Article:
        """The article; ValueError (pydantic's, with all faults) when this program knows another schema."""
        return unpack(self.z)


def pack(article: Article) -> tuple[bytes, int]:
    """An article as deflated JSON, and the bytes it had before; ValueError for text that is no Unicode."""
    text = article.model_dump_json().encode()
    return zlib.compress(text, LEVEL), len(text)


def unpack(packed: bytes) -> Article:
    """The article in a row; ValueError for one that another version wrote, or that the disk has damaged."""
    try:
        return Article.model_validate_json(zlib.decompress(packed))
    except zlib.error as error:
        raise ValueError(f"damaged row: {error}") from None


def known_of(row: tuple[str, str, str, float, float, float]) -> Known:
    """What `KNOWN_COLUMNS` say."""
    id, url, site, *times = row
    first_seen, fetched, published = (datetime.fromtimestamp(each, UTC) for each in times)
    return Known(id, url, site, first_seen, fetched, published)


def joined(one: Known, other: Known) -> Known:
    """Two sightings of one article: first seen as early, fetched as late as either says."""
    late = max(one, other, key=lambda each: each.fetched_at)
    first_seen = min(one.first_seen_at, other.first_seen_at)
    return Known(late.id, late.url, late.site, first_seen, late.fetched_at, late.published_at)
