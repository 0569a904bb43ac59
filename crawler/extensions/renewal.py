"""`Renewal`: renews the lease of a site while its run goes on, and ends the run when another machine has it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.utils.defer import deferred_from_coro
from twisted.internet.task import LoopingCall

from crawler.run import run_of
from index.backend import BackendError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)

LOST = "another machine has taken the site over: this run stops; what it fetched is stored"


class Renewal:
    """Asks the cluster every SVODKA_RENEW_SECONDS."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.timer = LoopingCall(self._renew)
        crawler.signals.connect(self._opened, signal=signals.spider_opened)
        crawler.signals.connect(self._closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy makes components this way."""
        return cls(crawler)

    def _opened(self) -> None:
        if run_of(self.crawler).turn is not None:
            self.timer.start(self.crawler.settings.getfloat("SVODKA_RENEW_SECONDS"), now=False)

    def _closed(self) -> None:
        if self.timer.running:
            self.timer.stop()

    def _renew(self) -> None:
        run = run_of(self.crawler)
        try:
            lost = run.turn is not None and run.turn.renew() == "lost"
        except BackendError as error:  # someone has to act on the index: storing tells it and stops the run
            logger.warning("the lease of %s cannot be renewed: %s", run.site.name, error)
            return
        if lost:
            self.timer.stop()
            run.errors.append(LOST)
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="lease_lost"))
