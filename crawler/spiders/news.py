"""`NewsSpider`: the one spider. A site file makes it a spider of that site.

A run reads the site's feeds, sitemaps and listings, leaves out what is known, fetches the rest, and hands
each page on as an item. Every link it enters in the ledger leaves it with one outcome.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.http import HtmlResponse

from crawler.discovery.link import Link
from crawler.extraction import extract
from crawler.failures import outcome_of
from crawler.page import Page
from crawler.run import WAITING, YOUNG, Run, due_articles, revisit_due
from crawler.spiders.sources import Sources, charset_of
from crawler.turn import Turn
from index.clock import clock_at
from index.engine import configured_index, open_index

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.settings import BaseSettings
    from twisted.python.failure import Failure

    from crawler.schedule.claim import Claim
    from crawler.site import Site
    from index.backend import Known

logger = logging.getLogger(__name__)


class NewsSpider(Spider):
    """Crawls one site once. Spider arguments: `limit` (pages), `since` (ISO date), `dry_run` (1), and `claim`,
    the schedule's turn that the run takes.
    """

    site: ClassVar[Site]
    run: Run

    def __init__(
        self, limit: str = "", since: str = "", dry_run: str = "", claim: Claim | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.limit = int(limit) if limit else None
        self.since = datetime.fromisoformat(since).replace(tzinfo=self.site.zone) if since else None
        self.dry_run = bool(dry_run)
        self.claim = claim
        self.requested = 0

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Take the site's own delay as the floor and the start of the throttle."""
        super().update_settings(settings)
        settings.set("DOWNLOAD_DELAY", cls.site.delay, priority="spider")
        settings.set("AUTOTHROTTLE_START_DELAY", cls.site.delay, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Open the index and the site's state; raises `IndexUnavailable` when that cannot be done, `SiteLocked`
        while another run of the site is under way, `TurnTaken` when another has taken the schedule's turn.
        """
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.run = _begun(cls.site, crawler.settings, spider.claim, dry_run=spider.dry_run)
        spider.sources = Sources(spider.run, spider.since)
        return spider

    sources: Sources

    async def start(self) -> AsyncIterator[Request]:
        """Ask the sources first, then what earlier runs left and what is due for another look."""
        now = self.run.clock()
        if self.run.state.hold_until and self.run.state.hold_until > now:
            self.run.errors.append(
                f"the site asked not to be visited before {self.run.state.hold_until:%F %R} UTC"
            )
            return
        for request in self.sources.requests(self.read_source, self.source_failed):
            yield request
        for request in self.revisits(now):
            yield request

    def read_source(self, response: Response, **source: Any) -> Iterator[Request]:
        """Callback of a feed, sitemap or listing: its links, and further source pages."""
        reading = self.sources.read(response, **source)
        yield from self.visit(reading.links)
        yield from self.sources.follow(reading.more, self.read_source, self.source_failed)
        if not self.dry_run:
            self.run.checkpoint()
        if reading.complete:
            self.sources.keep_validator(response, **source)

    def source_failed(self, failure: Failure) -> None:
        """Errback of a source."""
        self.sources.failed(failure)

    def revisits(self, now: datetime) -> Iterator[Request]:
        """Links that an earlier run could not finish, and young articles due for another look."""
        waiting = [
            Link(visit.url, "feed", visit.title, visit.published)
            for visit in self.run.state.due(now).values()
        ]
        yield from self.visit(waiting)
        young = self.run.backend.young(self.site.name, now - YOUNG)
        yield from self.visit(Link(known.url, "feed") for known in due_articles(young, now))

    def visit(self, links: Iterable[Link]) -> Iterator[Request]:
        """Enter links in the ledger and yield a request for each that has to be fetched."""
        by_id = {self.run.identity(link.url): link for link in reversed(list(links))}
        known = self.run.backend.known(by_id)
        for seen in known.values():
            if seen.published_at != seen.first_seen_at:  # equal where the page gave no time
                self.run.saw(seen.published_at)
        for link_id, link in reversed(by_id.items()):
            stored = known.get(link_id)
            key = stored.id if stored else link_id
            if self.run.ledger.has(link_id):  # stored under its article's id since it was found
                continue
            if self.run.ledger.find(key, link) and not self._ends_at_once(key, link, stored):
                yield self._request(key, link)

    def _ends_at_once(self, key: str, link: Link, article: Known | None) -> bool:
        outcome, reason = self._decide(key, link, article)
        if outcome is not None:
            self.run.ledger.end(key, outcome, reason)
        return outcome is not None

    def _decide(self, key: str, link: Link, article: Known | None) -> tuple[Any, str]:
        now = self.run.clock()
        if refused := self.run.accepts(link.url):
            return "outside_site", refused
        if article and not revisit_due(article, now):
            return "known", ""
        visit = self.run.state.visits.get(key)
        if visit and visit.due_at is None:
            return "known", f"earlier: {visit.outcome}"
        if visit and visit.due_at and visit.due_at > now:
            return "deferred", WAITING
        if self.limit is not None and self.requested >= self.limit:
            return "deferred", "over --limit"
        if self.dry_run:
            self.run.would_fetch.append(link.url)
            return "deferred", "dry run"
        return None, ""

    def _request(self, key: str, link: Link) -> Request:
        self.requested += 1
        return Request(
            link.url,
            callback=self.read_page,
            errback=self.page_failed,
            # The ledger has seen to duplicates; Scrapy's filter would drop a request without an outcome.
            dont_filter=True,
            cb_kwargs={"link_id": key, "link": link},
        )

    def read_page(self, response: Response, link_id: str, link: Link) -> Iterator[Page]:
        """Callback of an article: one item, or the outcome that says why there is none."""
        if not self.site.owns(urlsplit(response.url).hostname or ""):
            self.run.ledger.end(link_id, "outside_site", "redirected to another host")
            return
        if not isinstance(response, HtmlResponse):
            kind = (response.headers.get("Content-Type") or b"unknown").decode("latin-1").partition(";")[0]
            self.run.ledger.end(link_id, "not_an_article", f"content type {kind}")
            return
        now = self.run.clock()
        extracted = extract(response.body, response.url, self.site, now=now, charset=charset_of(response))
        self.run.filled.count(extracted)
        if extracted.rejected:
            self.run.ledger.end(link_id, extracted.rejected, extracted.reason or "")
            return
        yield Page(link_id, link.url, link.title, link.published, response.url, now, extracted)

    def page_failed(self, failure: Failure) -> None:
        """Errback of an article."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        outcome, reason = outcome_of(failure)
        if outcome == "failed":
            logger.error("%s: %s", request.url, reason)
        self.run.ledger.end(request.cb_kwargs["link_id"], outcome, reason)


def _begun(site: Site, settings: BaseSettings, claim: Claim | None, *, dry_run: bool) -> Run:
    """Begin a run. No other run of the site may write its state from before it is read; a dry run writes none."""
    index, clock = settings["SVODKA_INDEX"] or configured_index(), clock_at(settings["SVODKA_NOW"])
    turn = None if dry_run else Turn(index, site.name, claim)
    with ExitStack() as undo:
        backend = open_index(index)
        undo.callback(backend.close)  # undone last: the lease is given back through it
        if turn is not None:
            turn.take_lock()
            undo.callback(turn.release)
            turn.take_lease(backend)
            turn.take_claim(backend)
        run = Run.open(site, backend, clock, settings["SVODKA_TRIGGER"])
        undo.pop_all()
    run.turn = turn
    return run
