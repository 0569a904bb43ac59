"""Second stage: whose text is it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from crawler.agencies import agencies_of
from crawler.attribution import attribute
from crawler.run import run_of

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.page import Page


class AttributePipeline:
    """Sets `article.source` with its evidence, and `article.original_url`."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.agencies = agencies_of(crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy makes components this way."""
        return cls(crawler)

    def process_item(self, page: Page) -> Page:
        """Attribute one page; every page gets a source, its own site when nothing points elsewhere."""
        assert page.article is not None  # noqa: S101 - the stage before made it
        site = run_of(self.crawler).site
        found = attribute(
            page.extracted, page.url, site_name=site.title, agencies=self.agencies, domains=site.domains
        )
        page.article = page.article.model_copy(
            update={"source": found.source, "original_url": found.original_url}
        )
        return page
