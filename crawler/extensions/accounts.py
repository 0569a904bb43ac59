"""`Accounts`: sees to it that every link ends in one outcome, and that the run leaves its record and state."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Self

from scrapy import signals

from crawler.outcome import Rejected
from crawler.page import Page
from crawler.run import Run, run_of
from index.backend import BackendError

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.record import RunRecord


logger = logging.getLogger(__name__)


class Accounts:
    """Listens where a page can leave the pipeline, and closes the account when the spider closes."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = monotonic()
        for handler, signal in (
            (self._item_dropped, signals.item_dropped),
            (self._item_error, signals.item_error),
            (self._spider_error, signals.spider_error),
            (self._spider_closed, signals.spider_closed),
        ):
            crawler.signals.connect(handler, signal=signal)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy makes components this way."""
        return cls(crawler)

    @property
    def _run(self) -> Run:
        return run_of(self.crawler)

    def _item_dropped(self, item: object, exception: BaseException) -> None:
        if isinstance(item, Page) and isinstance(exception, Rejected):
            self._run.ledger.end(item.link_id, exception.outcome, exception.reason)
        elif isinstance(item, Page):
            self._run.ledger.end(item.link_id, "failed", f"dropped: {exception}")

    def _item_error(self, item: object, failure: Failure) -> None:
        if isinstance(item, Page) and self._run.ledger.is_open(item.link_id):
            self._run.ledger.end(item.link_id, "failed", type(failure.value).__name__)
        else:
            self._run.errors.append(f"{item}: {type(failure.value).__name__}: {failure.value}")

    def _spider_error(self, failure: Failure, response: Response) -> None:
        link_id = response.request.cb_kwargs.get("link_id") if response.request else None
        if link_id is not None and self._run.ledger.is_open(link_id):
            self._run.ledger.end(link_id, "failed", type(failure.value).__name__)
        else:
            self._run.errors.append(f"{response.url}: {type(failure.value).__name__}: {failure.value}")

    def _spider_closed(self, spider: Spider, reason: str) -> None:
        run = self._run
        record = run.finish(reason)
        record.seconds = round(monotonic() - self.began, 2)
        try:
            if not getattr(spider, "dry_run", False):
                self._keep(run, record)
        finally:
            if run.turn is not None:
                if reason == "shutdown":
                    run.turn.give_back()
                run.turn.release()
            run.backend.close()
        logger.info("%s: %d links: %s", run.site.name, record.found, dict(run.ledger.outcomes()))

    @staticmethod
    def _keep(run: Run, record: RunRecord) -> None:
        """Keep state and record, the record also when the state could not be kept."""
        for keep in (run.keep_state, run.keep_record):
            try:
                keep()
            except BackendError as error:
                logger.error("the state of %s could not be kept: %s", run.site.name, error)
                if f"index: {error}" not in record.errors:
                    record.errors.append(f"index: {error}")
