"""Last stage: articles go into the index in batches, then find their stories."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import CloseSpider
from scrapy.utils.defer import deferred_from_coro

from crawler.run import Run, run_of
from index.backend import BackendError
from index.stories.linker import link_batch, link_pending

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.page import Page

logger = logging.getLogger(__name__)


class StorePipeline:
    """Stores pages in batches of SVODKA_BATCH; a page's outcome is known when its batch is durable.

    What a killed process held in its batch was never entered in the site's state, so the next run finds
    those links new and fetches them again.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.size = crawler.settings.getint("SVODKA_BATCH")
        self.batch: list[Page] = []
        self.broken = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy makes components this way."""
        return cls(crawler)

    @property
    def run(self) -> Run:
        """The run that this pipeline stores for."""
        return run_of(self.crawler)

    def open_spider(self) -> None:
        """Link what an interrupted run has stored but not linked."""
        try:
            link_pending(self.run.backend)
        except BackendError as error:
            self.run.errors.append(f"index: {error}")
            raise CloseSpider("index_error") from error

    def process_item(self, page: Page) -> Page:
        """Take a page into the batch; store the batch when it is full."""
        self.batch.append(page)
        if len(self.batch) >= self.size:
            self.flush()
        return page

    def close_spider(self) -> None:
        """Store what is left."""
        self.flush()

    def flush(self) -> None:
        """Store the batch, enter every page's outcome, link the new and revised ones to their stories."""
        batch, self.batch = self.batch, []
        if not batch:
            return
        try:
            articles = [page.article for page in batch if page.article is not None]
            answers = self.run.backend.put(articles)
            for page, article, answer in zip(batch, articles, answers, strict=True):
                self.run.stored_as(page.link_id, article.id, answer)
            link_batch(self.run.backend, [article.id for article in articles])
        except BackendError as error:
            self._refused(batch, error)

    def _stop(self) -> None:
        """End the run of this site. Not awaited: closing waits for the items in flight, of which this is one."""
        if not self.broken:
            self.broken = True
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="index_error"))

    def _refused(self, batch: list[Page], error: BackendError) -> None:
        """Nothing of the batch was stored, or it was stored and not linked: later runs will see to both."""
        logger.error("index: %s", error)
        self._stop()
        if f"index: {error}" not in self.run.errors:
            self.run.errors.append(f"index: {error}")
        for page in batch:
            if self.run.ledger.is_open(page.link_id):
                self.run.ledger.end(page.link_id, "failed", "the index refused it")
