"""Articles of a labelled set as the crawler would hand them to the index: attributed and fingerprinted.

A record is a JSON object: `id` (at most 32 hex digits), `url`, `domain`, `title`, `text` (paragraphs parted by
a blank line), `lang`, `published` (ISO 8601; exact midnight counts as a date without a time) and `meta`
(`canonical` and `original-source` addresses, often empty).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.attribution import attribute
from crawler.extraction.extracted import Extracted, SourceLink
from crawler.extraction.source_lines import split_source_lines
from crawler.normalising.text import content_hash, normal_text, word_count
from index.article import Article
from index.day import at_noon
from index.stories.fingerprint import fingerprint_of

if TYPE_CHECKING:
    from crawler.agencies import Agencies

ID_LENGTH = 32

Record = dict[str, Any]


def article_id(record_id: str) -> str:
    """The id under which a record's article is stored."""
    return record_id.ljust(ID_LENGTH, "0")


def article_of(record: Record, agencies: Agencies) -> Article:
    """The article of a record, attributed and fingerprinted."""
    seen = _extracted(record)
    title, body = normal_text(seen.title or ""), normal_text(seen.body)
    published = datetime.fromisoformat(record["published"])
    at_midnight = (published.hour, published.minute, published.second) == (0, 0, 0)
    attribution = attribute(seen, record["url"], site_name=record["domain"], agencies=agencies)
    article = Article(
        id=article_id(record["id"]),
        url=record["url"],
        site=record["domain"],
        domain=agencies.main_domain(record["domain"]),
        title=title or record["url"],
        body=body,
        language=record["lang"],
        published_at=at_noon(published.date()) if at_midnight else published,
        published_precision="day" if at_midnight else "second",
        published_origin="meta",
        first_seen_at=published,
        fetched_at=published,
        word_count=word_count(body),
        content_hash=content_hash(title, "", body),
        source=attribution.source,
        original_url=attribution.original_url,
    )
    return article.model_copy(update={"fingerprint": fingerprint_of(article)})


def _extracted(record: Record) -> Extracted:
    """What extraction hands on: closing source lines set apart, links to an original by kind."""
    meta: dict[str, str] = record["meta"]
    links = [SourceLink("source_link", meta["original-source"])] if "original-source" in meta else []
    links += [SourceLink("foreign_canonical", meta["canonical"])] if "canonical" in meta else []
    text, marks = split_source_lines(record["text"].split("\n\n"))
    return Extracted(title=record["title"], body="\n\n".join(text), source_lines=marks, source_links=links)
