"""First stage: from what a page says of itself to an `Article` with comparable fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from crawler.agencies import Agencies, agencies_of
from crawler.normalising.authors import people
from crawler.normalising.identity import choose_identity, without_noise
from crawler.normalising.language import detect_language
from crawler.normalising.published import choose_published
from crawler.normalising.text import content_hash, normal_text, word_count
from crawler.outcome import Rejected
from crawler.run import Run, run_of
from index.article import LONGEST_TEXT, Article, Source

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.crawler import Crawler

    from crawler.extraction import Extracted
    from crawler.page import Page


class NormalisePipeline:
    """Builds the article; its source is the site itself until the next stage has looked."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agencies = agencies_of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy makes components this way."""
        return cls(crawler)

    def process_item(self, page: Page) -> Page:
        """Set `page.article`; raises `Rejected` without a headline, and for a text that is no article's."""
        page.article = article_of(page, run_of(self.crawler), self.agencies)
        return page


def article_of(page: Page, run: Run, agencies: Agencies) -> Article:
    """The normalised article of a page."""
    seen = page.extracted
    title, lead, body = _texts(page)
    address = choose_identity(page.url, _sound_url(seen.canonical_url), run.site)
    published = choose_published(
        seen,
        page.link_published,
        page.url,
        now=page.fetched_at,
        zone=run.site.zone,
        first_seen=page.fetched_at,
    )
    return Article(
        id=run.identity(address),
        url=without_noise(page.url, run.rules_for(page.url)),
        canonical_url=_sound_url(seen.canonical_url),
        link_ids=_link_ids(page, run, address),
        site=run.site.name,
        domain=agencies.main_domain(run.site.domains[0]),
        section=normal_text(seen.section or "") or None,
        title=title,
        lead=lead or None,
        body=body,
        authors=people(seen.authors, agencies.is_agency),
        tags=[tag for tag in map(normal_text, seen.tags) if tag],
        image_url=_sound_url(seen.image),
        language=detect_language(f"{lead}\n\n{body}", seen.language, run.site.language),
        published_at=published.moment,
        published_precision=published.precision,
        published_origin=published.origin,
        published_offset=published.offset,
        modified_at=_modified(seen, page),
        first_seen_at=page.fetched_at,
        fetched_at=page.fetched_at,
        word_count=word_count(f"{lead} {body}"),
        content_hash=content_hash(title, lead, body),
        source=Source(name=run.site.title, domain=agencies.main_domain(run.site.domains[0]), confidence=0.0),
    )


def _texts(page: Page) -> tuple[str, str, str]:
    seen = page.extracted
    title = normal_text(seen.title or page.link_title or "")
    if not title:
        raise Rejected("not_an_article", "no headline")
    lead, body = normal_text(seen.lead or ""), normal_text(seen.body)
    if max(len(lead), len(body)) > LONGEST_TEXT:
        raise Rejected("not_an_article", f"a text of more than {LONGEST_TEXT:,} characters")
    return title, lead, body


def _sound_url(url: str | None) -> str | None:
    """An address that can be written down: JSON can hold half a surrogate pair, UTF-8 cannot."""
    return url if url and url.isprintable() else None


def _link_ids(page: Page, run: Run, address: str) -> list[str]:
    """Every way that led here, so that no link of it is fetched again as new."""
    return sorted({run.identity(url) for url in (page.link_url, page.url, address)})


def _modified(seen: Extracted, page: Page) -> datetime | None:
    """A change before the publication or after the fetch is a clock's fault, not a change."""
    if seen.modified is None or seen.modified > page.fetched_at:
        return None
    return seen.modified
