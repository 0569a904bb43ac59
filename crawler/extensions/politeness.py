"""`Politeness`: Scrapy's throttle, with the two wishes of a site that Scrapy does not hear.

Crawl-delay of robots.txt becomes the least delay between requests to that host. Retry-After of a 429 or 503
(RFC 9110, 10.2.3) pauses the host; a pause longer than AUTOTHROTTLE_MAX_DELAY ends the run of this site
and is kept in its state, so that no run before that moment visits it.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.httpobj import urlparse_cached

from crawler.run import run_of

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

logger = logging.getLogger(__name__)


LONGEST_HOLD = timedelta(days=1)  # a longer wish is a slip, or would leave the site unread unnoticed


class Politeness(AutoThrottle):
    """Replaces `scrapy.extensions.throttle.AutoThrottle`."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.floors: dict[str, float] = {}
        crawler.signals.connect(self._robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self._response_received, signal=signals.response_received)

    def _robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        agent = self.crawler.settings["ROBOTSTXT_USER_AGENT"] or self.crawler.settings["USER_AGENT"]
        wish = robotparser.crawl_delay(agent)
        if wish is None or wish <= self.mindelay:
            return
        host = urlparse_cached(request).hostname or ""
        floor = min(float(wish), self.maxdelay)
        if wish > floor:
            logger.warning("%s asks for %s s between requests; %s s are kept", host, wish, floor)
        self.floors[host] = floor
        downloader = self.crawler.engine.downloader
        downloader.per_slot_settings[host] = {"delay": floor}
        if host in downloader.slots:
            downloader.slots[host].delay = floor

    def _response_received(self, response: Response, request: Request) -> None:
        run = getattr(self.crawler.spider, "run", None)
        address = urlparse_cached(request)
        if run and response.status == 200 and address.path == "/robots.txt":
            run.read_robots(address.hostname or "", response.body.decode("utf-8", "replace"))

    def _response_downloaded(self, response: Response, request: Request, spider: Spider) -> None:
        super()._response_downloaded(response, request, spider)
        if response.status not in {429, 503}:
            return
        run = getattr(spider, "run", None)
        now = run.clock() if run else datetime.now(UTC)
        wait = retry_after(response, now)
        if wait is not None:
            self._pause(wait, *self._get_slot(request, spider), now)

    def _pause(self, wait: float, host: str | None, slot: Slot | None, now: datetime) -> None:
        if wait <= self.maxdelay and slot is not None:
            logger.info("%s asks for a pause of %s s", host, wait)
            slot.delay = max(slot.delay, wait)
            return
        run = run_of(self.crawler)
        run.state.hold_until = now + min(timedelta(seconds=wait), LONGEST_HOLD)
        run.errors.append(f"{host} asks for a pause of {wait:.0f} s: the rest is left for a later run")
        deferred_from_coro(self.crawler.engine.close_spider_async(reason="retry_after"))

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        host = urlparse_cached(response).hostname or ""
        slot.delay = max(slot.delay, self.floors.get(host, 0.0))


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds of a Retry-After header, given as seconds or as a date; None when there is none to read."""
    raw = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if raw.isascii() and raw.isdigit():
        return float(raw[:9])
    try:
        moment = parsedate_to_datetime(raw)
    except ValueError:
        return None
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
