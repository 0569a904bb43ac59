"""When an article was published: the best witness of its page, its feed and its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import TYPE_CHECKING

from crawler.extraction.dates import ParsedDate, date_in_url, parse_date, plausible
from index.day import at_noon

if TYPE_CHECKING:
    from crawler.extraction.extracted import Extracted
    from index.article import Origin, Precision


@dataclass(frozen=True, slots=True)
class Published:
    """A publication time in UTC, a day alone as its noon (`index.day`).

    `offset` is what the source itself gave, in minutes east, None: it gave none.
    """

    moment: datetime
    precision: Precision
    origin: Origin
    offset: int | None


@dataclass(frozen=True, slots=True)
class _Witness:
    moment: datetime  # aware, in the zone it was told in
    precision: Precision
    origin: Origin
    zoned: bool

    def has_clock(self) -> bool:
        """A clock of exactly midnight is how software writes a date alone."""
        return self.precision in {"second", "minute"} and self.moment.time() != time()

    def stored(self) -> datetime:
        """The moment in UTC; of a day alone its noon, whatever zone the day was told in."""
        return at_noon(self.moment.date()) if self.precision == "day" else self.moment.astimezone(UTC)


def choose_published(
    extracted: Extracted,
    link_published: str | None,
    url: str,
    *,
    now: datetime,
    zone: tzinfo,
    first_seen: datetime,
) -> Published:
    """The page's own date, else the feed's, else the address's; when all are silent, the time of first sight.

    Dates before 1990 or later than a day from `now` are not believed. A page that gives a day alone (or
    midnight) is refined by the feed's clock of that same day, and the origin is then the feed; a feed that
    names another day changes nothing, for the stronger witness is not overruled.
    """
    page, feed = _of_page(extracted, zone, now), _of_feed(link_published, zone, now)
    best = page or feed or _of_url(url, zone, now)
    if best is None:
        return Published(first_seen.astimezone(UTC), "unknown", "first_seen", None)
    if page and feed and not page.has_clock() and feed.has_clock() and _same_day(page, feed):
        best = feed
    offset = best.moment.utcoffset() if best.zoned else None
    minutes = None if offset is None else round(offset.total_seconds() / 60)
    return Published(best.stored(), best.precision, best.origin, minutes)


def _same_day(page: _Witness, feed: _Witness) -> bool:
    return feed.moment.astimezone(page.moment.tzinfo).date() == page.moment.date()


def _of_page(extracted: Extracted, zone: tzinfo, now: datetime) -> _Witness | None:
    moment = extracted.published
    if moment is None or not plausible(moment, now):
        return None
    if not extracted.published_zoned:
        moment = moment.astimezone(zone)
    return _Witness(moment, extracted.precision, extracted.origin, extracted.published_zoned)


def _of_feed(written: str | None, zone: tzinfo, now: datetime) -> _Witness | None:
    return _witness(parse_date(written, now=now, zone=zone) if written else None, "feed", now)


def _of_url(url: str, zone: tzinfo, now: datetime) -> _Witness | None:
    return _witness(date_in_url(url, zone=zone), "url", now)


def _witness(parsed: ParsedDate | None, origin: Origin, now: datetime) -> _Witness | None:
    if parsed is None or not plausible(parsed.moment, now):
        return None
    return _Witness(parsed.moment, parsed.precision, origin, parsed.zoned)
