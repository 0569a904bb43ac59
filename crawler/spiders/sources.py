"""`Sources`: the feeds, sitemaps and listings of a site within one run."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from scrapy import Request
from w3lib.encoding import http_content_type_encoding

from crawler.discovery.feed import read_feed
from crawler.discovery.link import Link, NotReadable, SourceKind
from crawler.discovery.listing import read_listing
from crawler.discovery.sitemap import Child, read_sitemap
from crawler.extraction.dates import parse_date
from crawler.failures import reason_of
from crawler.record import SourceRecord
from crawler.state import FULL_FETCH_AFTER, Validator

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.run import Run
    from crawler.site import Listing

logger = logging.getLogger(__name__)

SITEMAP_DEPTH = 3  # the protocol knows one index level; some sites nest two
SITEMAP_CHILDREN = 500  # per run; an index of an archive names thousands
LARGEST_SOURCE = 50 * 1024 * 1024  # bytes; what the sitemaps.org protocol allows
SOURCE_PRIORITY = 100  # before articles: what is new should be known early


@dataclass(frozen=True, slots=True)
class Source:
    """One page of links to ask for."""

    url: str
    kind: SourceKind
    listing: Listing | None = None
    level: int = 1  # sitemaps: depth in the index; listings: page of the list


class Reading(NamedTuple):
    """What a source page brought."""

    links: Sequence[Link] = ()
    more: Sequence[Source] = ()  # further source pages
    complete: bool = False  # it was read and there is nothing behind it


class Sources:
    """Asks the sources of a site, conditionally, and reads their links."""

    def __init__(self, run: Run, since: datetime | None) -> None:
        self.run, self.since = run, since
        self.children = 0

    def requests(self, callback: Callable[..., Any], errback: Callable[..., Any]) -> Iterator[Request]:
        """A request for every source of the site file."""
        site = self.run.site
        sources = [Source(url, "feed") for url in site.feeds]
        sources += [Source(url, "sitemap") for url in site.sitemaps]
        sources += [Source(listing.url, "listing", listing) for listing in site.listings]
        return self.follow(sources, callback, errback)

    def follow(
        self, sources: Iterable[Source], callback: Callable[..., Any], errback: Callable[..., Any]
    ) -> Iterator[Request]:
        """Requests for further pages of links."""
        for source in sources:
            yield Request(
                source.url,
                callback=callback,
                errback=errback,
                headers=self._conditions(source.url),
                priority=SOURCE_PRIORITY,
                dont_filter=True,
                meta={"handle_httpstatus_list": [304], "download_maxsize": LARGEST_SOURCE},
                cb_kwargs={"source": source},
            )

    def read(self, response: Response, source: Source) -> Reading:
        """Links of an answer that are young enough, and the source pages it leads to."""
        if response.status == 304 and not _is_conditional(response):
            self._note(source, "failed", reason="it answers 304 to a request without a condition")
            return Reading()
        if response.status == 304 or self._unchanged(source.url, body_hash(response)):
            self._note(source, "not_modified")
            return Reading()
        try:
            links, more = self._parse(response, source)
        except NotReadable as reason:
            past_the_end = source.kind == "listing" and source.level > 1
            self._note(source, "read" if past_the_end else "failed", reason=str(reason))
            return Reading()
        young = [link for link in links if self._is_young(link)]
        self._note(source, "read", links=len(young), older=len(links) - len(young))
        # An unchanged sitemap index or list may have changed pages behind it: those are read each time.
        return Reading(young, more, complete=not more)

    def failed(self, failure: Failure) -> None:
        """Account for a source that brought nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy sets it
        self._note(request.cb_kwargs["source"], "failed", reason=reason_of(failure))

    def _note(self, source: Source, status: Any, **figures: Any) -> None:
        self.run.sources.append(SourceRecord(url=source.url, kind=source.kind, status=status, **figures))
        if status == "failed":
            logger.warning("%s: %s %s: %s", self.run.site.name, source.kind, source.url, figures["reason"])

    def _parse(self, response: Response, source: Source) -> tuple[list[Link], list[Source]]:
        if source.kind == "feed":
            return read_feed(response.body, response.url, charset_of(response)).links, []
        if source.kind == "sitemap":
            sitemap = read_sitemap(response.body, response.url)
            return sitemap.links, self._child_sitemaps(sitemap.children, source)
        assert source.listing is not None  # noqa: S101 - a listing source is made with its listing
        page = read_listing(response.body, response.url, source.listing, charset_of(response))
        return page.links, self._next_page(page.next_url, source)

    def _child_sitemaps(self, children: list[Child], parent: Source) -> list[Source]:
        if parent.level >= SITEMAP_DEPTH:
            return []
        young = [child for child in children if self._at_least(child.lastmod, self._horizon())]
        young.sort(key=lambda child: child.lastmod or "9", reverse=True)  # ISO dates: the newest first
        room = max(0, SITEMAP_CHILDREN - self.children)
        if len(young) > room:
            self.run.errors.append(
                f"{parent.url}: only the newest {room} of {len(young)} child sitemaps are read"
            )
        self.children += min(room, len(young))
        return [Source(child.url, "sitemap", level=parent.level + 1) for child in young[:room]]

    def _next_page(self, url: str | None, page: Source) -> list[Source]:
        if url is None or page.listing is None or page.level >= page.listing.max_pages:
            return []
        return [Source(url, "listing", page.listing, page.level + 1)]

    def _is_young(self, link: Link) -> bool:
        """Sitemaps hold archives: only their recent entries count. Feeds and listings are recent by nature."""
        horizon = self._horizon() if link.kind == "sitemap" else self.since
        return self._at_least(link.modified or link.published, horizon)

    def _horizon(self) -> datetime:
        return self.since or self.run.clock() - timedelta(days=self.run.site.sitemap_days)

    def _at_least(self, raw: str | None, horizon: datetime | None) -> bool:
        """Whether a date as written is not before the horizon; what has no readable date counts as young."""
        if raw is None or horizon is None:
            return True
        date = parse_date(raw, now=self.run.clock(), zone=self.run.site.zone)
        return date is None or date.moment >= horizon.astimezone(UTC) - timedelta(
            days=date.precision == "day"
        )

    def _conditions(self, url: str) -> dict[str, str]:
        """Headers that let the server answer 304; none once in a while, for validators can lie."""
        kept = self.run.state.validators.get(url)
        if kept is None or self.since or self.run.clock() - kept.fetched_at > FULL_FETCH_AFTER:
            return {}
        headers = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
        return {name: value for name, value in headers.items() if value}

    def _unchanged(self, url: str, found: str) -> bool:
        kept = self.run.state.validators.get(url)
        if kept is None or self.since or self.run.clock() - kept.fetched_at > FULL_FETCH_AFTER:
            return False
        return kept.body_hash == found

    def keep_validator(self, response: Response, source: Source) -> None:
        """Remember an answer whose links are all entered; one read with --since left some out."""
        if self.since is None:
            self.run.state.validators[source.url] = Validator(
                etag=_header(response, "ETag"),
                last_modified=_header(response, "Last-Modified"),
                body_hash=body_hash(response),
                fetched_at=self.run.clock(),
            )


def body_hash(response: Response) -> str:
    """By which an answer is known again where the server gives no validators, or wrong ones."""
    return hashlib.blake2b(response.body, digest_size=16).hexdigest()


def _is_conditional(response: Response) -> bool:
    headers = response.request.headers if response.request else {}
    return "If-None-Match" in headers or "If-Modified-Since" in headers


def charset_of(response: Response) -> str | None:
    """The charset parameter of the Content-Type header, as written."""
    header = _header(response, "Content-Type")
    return http_content_type_encoding(header) if header else None


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
