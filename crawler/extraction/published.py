"""Chooses the publication time among all that a page gives; dates are read by crawler.extraction.dates."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from crawler.extraction.blocks import APART_TAGS, HEADINGS
from crawler.extraction.dates import ParsedDate, date_in_url, parse_date, plausible
from crawler.extraction.json_ld import text_of
from crawler.extraction.text import fold_space

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.extraction.blocks import Block
    from crawler.extraction.metadata import Metadata
    from index.article import Origin

_META_PUBLISHED = [
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "datepublished",
    "published_time",
    "published_at",
    "publish_date",
    "publishdate",
    "publish-date",
    "pubdate",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "date.issued",
    "citation_publication_date",
    "citation_date",
    "cxenseparse:recs:publishtime",
    "mediator_published_time",
    "vr:published_time",
    "ptime",
    "date",
    "datecreated",
    "og:pubdate",
    "article.published",
    "last-published",
]
_META_MODIFIED = [
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "last-modified",
    "lastmod",
]
_TIME_WORDS = ("publi", "pubdate", "date", "time", "created", "entry", "posted")
_CHANGED_WORDS = ("modif", "updat", "edited", "changed")
_BARE_CLOCK = re.compile(
    r"^[^\d]*\d{1,2}[:.]\d{2}(?:[:.]\d{2})?\s*(?:Uhr|[ap]\.?m\.?|МСК|MSK|GMT|UTC)?\W*$", re.I
)
_CHANGED_LINE = re.compile(
    r"\W*(?:обновлен|изменен|отредактирован|оновлен|updated|last updated|modified|aktualisiert)", re.I
)
_YEAR = re.compile(r"(?<!\d)(?:19[89]|20[0-4])\d(?!\d)")
_VISIBLE = 90  # letters; a longer block is prose that mentions a date


@dataclass(frozen=True, slots=True)
class Reading:
    """One date of the page and where it was read."""

    date: ParsedDate
    origin: Origin

    @property
    def wall(self) -> datetime:
        """What the clock showed, to the minute, whatever the offset."""
        return self.date.moment.replace(tzinfo=None, second=0, microsecond=0)

    @property
    def timed(self) -> bool:
        """Whether the reading is finer than a day."""
        return self.date.precision in ("second", "minute")


@dataclass(frozen=True, slots=True)
class Clockwork:
    """What dates are read against: the moment of reading and the zone of clocks that name none."""

    now: datetime
    zone: tzinfo = UTC
    month_first: bool = False

    def read(self, text: str | None, origin: Origin) -> Reading | None:
        """The plausible date in a text, None when there is none."""
        if not text:
            return None
        date = parse_date(text, now=self.now, zone=self.zone, month_first=self.month_first)
        return Reading(date, origin) if date and plausible(date.moment, self.now) else None


def choose_published(
    root: HtmlElement,
    metadata: Metadata,
    blocks: list[Block],
    near: slice,
    clock: Clockwork,
    layout: list[HtmlElement] | None = None,
) -> Reading | None:
    """The publication time: JSON-LD, meta, itemprop and time elements, visible text, URL, htmldate.

    `near` says which blocks stand around the headline, `layout` are the elements that the site file's selector found;
    these come first. None when the page gives no date.
    """
    readings = [*_selected(layout or [], clock), *declared(metadata, clock), *_marked(root, metadata, clock)]
    readings += _visible(root, blocks[near], clock)
    if readings:
        return settle(readings)
    url_date = date_in_url(metadata.url, zone=clock.zone)
    if url_date and plausible(url_date.moment, clock.now):
        return Reading(url_date, "url")
    return _only_day(blocks, clock) or _guessed(root, metadata.url, clock)


def settle(readings: list[Reading]) -> Reading:
    """One reading out of several, best source first.

    The first is taken unless another one says the same better: a clock where it has only a day, an offset
    where it has none. A value whose label is wrong (UTC written with the local offset, so that another clock
    of the page is ahead by exactly that offset) is set right.
    """
    best = readings[0]
    same_day = [
        other for other in readings[1:] if abs(other.date.moment - best.date.moment) <= timedelta(hours=26)
    ]
    if not best.timed:
        best = next((other for other in same_day if other.timed and _one_day(best, other)), best)
    if best.timed and not best.date.zoned:
        zoned = [other for other in same_day if other.timed and other.date.zoned]
        equal = [other for other in zoned if other.wall == best.wall]
        best = next(iter(equal or zoned), best)
    return _relabelled(best, same_day)


def _one_day(one: Reading, other: Reading) -> bool:
    return one.wall.date() == other.wall.date()


def _relabelled(best: Reading, others: list[Reading]) -> Reading:
    offset = best.date.moment.utcoffset()
    if not (best.timed and best.date.zoned and offset):
        return best
    witnesses = (other for other in others if other.timed and other.wall - best.wall == offset)
    fits = (other for other in witnesses if not other.date.zoned or other.date.moment.utcoffset() == offset)
    if next(fits, None) is None:
        return best
    moment = best.date.moment + offset
    return Reading(ParsedDate(moment, best.date.precision, True), best.origin)


def modified_of(metadata: Metadata, clock: Clockwork) -> datetime | None:
    """Time of the last change as the page's metadata gives it."""
    given = [text_of(metadata.article.get("dateModified")), *metadata.every(*_META_MODIFIED)]
    readings = (clock.read(text, "meta") for text in given)
    return next((reading.date.moment for reading in readings if reading), None)


def _selected(elements: list[HtmlElement], clock: Clockwork) -> Iterator[Reading]:
    for element in elements:
        yield from _of_element(element, clock)


def declared(metadata: Metadata, clock: Clockwork) -> Iterator[Reading]:
    """Dates that the page's metadata gives, best first."""
    given: list[tuple[str | None, Origin]] = [
        (text_of(metadata.article.get("datePublished")), "json_ld"),
        (text_of(metadata.article.get("dateCreated")), "json_ld"),
        *((text, "meta") for text in metadata.every(*_META_PUBLISHED)),
        (text_of(metadata.page.get("datePublished")), "json_ld"),
        (text_of(metadata.article.get("uploadDate")), "json_ld"),
    ]
    for text, origin in given:
        reading = clock.read(text, origin)
        if reading:
            yield reading


def _marked(root: HtmlElement, metadata: Metadata, clock: Clockwork) -> Iterator[Reading]:
    """itemprop=datePublished, then time elements that do not stand in a list of other articles."""
    for element in metadata.itemprops.get("datepublished", [])[:3]:
        yield from _of_element(element, clock)
    times = [element for element in root.iter("time") if not _in_list(element)]
    named = [element for element in times if _names_publication(element)]
    for element in [*named, *times][:6]:
        yield from _of_element(element, clock)


def _of_element(element: HtmlElement, clock: Clockwork) -> Iterator[Reading]:
    """Dates in an element's datetime or content attribute (machine-written), then in its text."""
    text = fold_space(element.text_content())[:_VISIBLE]
    attributes = (
        element.get(name) for name in ("datetime", "content", "title", "data-datetime", "data-time")
    )
    for value in (*attributes, text):
        reading = clock.read(value, "text")
        if reading:
            yield reading


def _names_publication(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('id', '')}".casefold()
    if any(word in names for word in _CHANGED_WORDS):
        return False
    return element.get("pubdate") is not None or any(word in names for word in _TIME_WORDS)


def _in_list(element: HtmlElement) -> bool:
    """A time inside navigation, a list item or a link: it dates another article."""
    names = f"{element.get('class', '')} {element.get('itemprop', '')}".casefold()
    if any(word in names for word in _CHANGED_WORDS):
        return True
    around = (
        ("aside", "nav", "footer") if _names_publication(element) else ("aside", "nav", "footer", "li", "a")
    )
    return next(element.iterancestors(*around), None) is not None


def _visible(root: HtmlElement, near: list[Block], clock: Clockwork) -> Iterator[Reading]:
    """Short lines around the headline that hold a date, not only a clock: that may be the present time."""
    others = {fold_space(element.text_content()) for element in root.iter("time") if _in_list(element)}
    for block in near:
        apart = block.place.box is not None and block.place.box.tag in APART_TAGS
        if apart or block.tag in HEADINGS or block.text in others or not _may_date(block):
            continue
        if not _BARE_CLOCK.match(block.text) and not _CHANGED_LINE.match(block.text):
            reading = clock.read(block.text, "text")
            if reading:
                yield reading


def _only_day(blocks: list[Block], clock: Clockwork) -> Reading | None:
    """The one day with its year that short lines of the page show; None when they show several."""
    lines = [
        block for block in blocks if _may_date(block) and _YEAR.search(block.text) and block.link_share < 0.6
    ]
    readings = [reading for block in lines[:40] if (reading := clock.read(block.text, "text"))]
    return readings[0] if len({reading.wall.date() for reading in readings}) == 1 else None


def _may_date(block: Block) -> bool:
    return len(block.text) <= _VISIBLE and sum(char.isdigit() for char in block.text) >= 3


def _guessed(root: HtmlElement, url: str, clock: Clockwork) -> Reading | None:
    """htmldate's finding (https://htmldate.readthedocs.io): a day, read from the URL or anywhere in the page."""
    from htmldate import find_date

    latest = (clock.now + timedelta(days=1)).strftime("%Y-%m-%d")
    try:
        found = find_date(
            root, url=url, original_date=True, extensive_search=False, min_date="1990-01-01", max_date=latest
        )
    except Exception:  # a third party's parser on hostile input; no date is the honest answer
        return None
    reading = clock.read(found, "text")
    others = (
        each for element in root.iter("time") if _in_list(element) for each in _of_element(element, clock)
    )
    return reading if reading and reading.wall.date() not in {other.wall.date() for other in others} else None
