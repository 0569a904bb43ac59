"""Last stage: articles go into the index in batches, then find their stories."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self

from scrapy.exceptions import CloseSpider
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.task import LoopingCall

from crawler.run import Run, run_of
from index.backend import BackendError, IndexUnreachable, IndexWriteError
from index.outbox.backend import OutboxBackend
from index.stories.linker import link_batch, link_pending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.crawler import Crawler

    from crawler.page import Page
    from index.article import Article

logger = logging.getLogger(__name__)


class StorePipeline:
    """Stores pages in batches of SVODKA_BATCH, at the latest after SVODKA_BATCH_SECONDS; a page's outcome is known when its batch is durable.

    What a killed process held in its batch was never entered in the site's state, so the next run finds
    those links new and fetches them again. An index that does not answer stops nothing: articles wait in the
    outbox, and what is stored is linked later.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.size = crawler.settings.getint("SVODKA_BATCH")
        self.batch: list[Page] = []
        self.broken = False
        self.timer = LoopingCall(self.flush)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy makes components this way."""
        return cls(crawler)

    @property
    def run(self) -> Run:
        """The run that this pipeline stores for."""
        return run_of(self.crawler)

    def open_spider(self) -> None:
        """Link what an interrupted run has stored but not linked; a dry run changes nothing."""
        if getattr(self.crawler.spider, "dry_run", False):
            return
        try:
            link_pending(self.run.backend)
        except IndexUnreachable as error:
            self._unlinked(error)
        except BackendError as error:
            self.run.errors.append(f"index: {error}")
            raise CloseSpider("index_error") from error
        self.timer.start(self.crawler.settings.getfloat("SVODKA_BATCH_SECONDS"), now=False)

    def process_item(self, page: Page) -> Page:
        """Take a page into the batch; store the batch when it is full."""
        self.batch.append(page)
        if len(self.batch) >= self.size:
            self.flush()
        return page

    def close_spider(self) -> None:
        """Store what is left."""
        if self.timer.running:
            self.timer.stop()
        self.flush()

    def flush(self) -> None:
        """Store the batch, enter every page's outcome, link the new and revised ones to their stories."""
        batch, self.batch = self.batch, []
        if not batch:
            return
        try:
            self._store(batch)
        except BackendError as error:
            self._refused(batch, error)
        except Exception:  # one article that cannot be stored must not take the others with it
            logger.exception("the batch cannot be stored; its articles are tried one by one")
            for page in batch:
                self._store_alone(page)
        self._link(self._stored(batch))

    def _store(self, pages: list[Page]) -> None:
        articles = [page.article for page in pages if page.article is not None]
        answers = self.run.backend.put(articles)
        for page, article, answer in zip(pages, articles, answers, strict=True):
            reason = self._reason(article) if answer == "refused" else ""
            self.run.stored_as(page.link_id, article, answer, reason)

    def _reason(self, article: Article) -> str:
        """Why the index refused an article."""
        backend = self.run.backend
        if not isinstance(backend, OutboxBackend):
            return ""
        return backend.outbox.dead.reason(article.id, article.content_hash)

    def _store_alone(self, page: Page) -> None:
        if not self.run.ledger.is_open(page.link_id):
            return
        try:
            self._store([page])
        except BackendError as error:
            self._refused([page], error)
        except Exception as error:
            logger.exception("%s cannot be stored", page.url)
            self.run.ledger.end(page.link_id, "failed", f"cannot be stored: {type(error).__name__}")

    def _stored(self, batch: Iterable[Page]) -> list[str]:
        """Ids of the articles that are in the index."""
        entries = self.run.ledger.entries
        return [
            page.article.id
            for page in batch
            if page.article is not None
            and entries[page.link_id].outcome in {"indexed", "revised", "unchanged"}
        ]

    def _link(self, ids: list[str]) -> None:
        """What cannot be linked now stays pending in the index: a later run, or `index reconcile`, links it."""
        try:
            link_batch(self.run.backend, ids)
        except IndexUnreachable as error:
            self._unlinked(error)
        except BackendError as error:
            self._refused([], error)
        except Exception as error:
            logger.exception("the batch is stored but not linked")
            self.run.errors.append(f"linking: {type(error).__name__}: {error}")

    def _unlinked(self, error: IndexUnreachable) -> None:
        """Note it, once a site: the crawl goes on."""
        if not self.run.unlinked:
            logger.warning("linking is left for later: %s", error)
        self.run.unlinked = self.run.unlinked or str(error)

    def _stop(self) -> None:
        """End the run of this site. Not awaited: closing waits for the items in flight, of which this is one."""
        if not self.broken:
            self.broken = True
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="index_error"))

    def _refused(self, batch: list[Page], error: BackendError) -> None:
        """Nothing of the batch is in the index, or it is stored and not linked: later runs will see to both."""
        logger.error("index: %s", error)
        self._stop()
        if f"index: {error}" not in self.run.errors:
            self.run.errors.append(f"index: {error}")
        durable = set() if isinstance(error, IndexWriteError) else self._waiting(batch)
        for page in batch:
            if page.article is not None and page.article.id in durable:
                self.run.stored_as(page.link_id, page.article, "waiting")
            elif self.run.ledger.is_open(page.link_id):
                self.run.ledger.end(page.link_id, "failed", "the index refused it")

    def _waiting(self, batch: list[Page]) -> set[str]:
        """Ids of the articles that are durable in the outbox, though the index could not be used."""
        if not isinstance(self.run.backend, OutboxBackend):
            return set()
        return self.run.backend.outbox.letters.among(page.article.id for page in batch if page.article)
