"""Sitemaps: urlset and sitemapindex, gzip, Google News, plain text, and feeds in their place.

Protocol: sitemaps.org/protocol.html; news: developers.google.com/search/docs (news sitemap). The protocol's cap
of 50,000 addresses a file is not enforced: a site that breaks it still means every line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.decode import decode
from crawler.discovery.address import absolute
from crawler.discovery.feed import read_feed
from crawler.discovery.inflate import inflate
from crawler.discovery.kind import FEED_ROOTS, SITEMAP_ROOTS, describe, refuse_binary, root_of
from crawler.discovery.link import Link, NotReadable
from crawler.discovery.plain import fold, plain_text
from crawler.discovery.records import Fields, fields, name_of, read_records, text_of

if TYPE_CHECKING:
    from lxml import etree

ENTRIES = frozenset({"url", "sitemap"})
_ADDRESS_LINE = re.compile(r"https?://\S+", re.I)


@dataclass(frozen=True, slots=True)
class Child:
    """A sitemap named by a sitemap index."""

    url: str  # absolute, http or https, without fragment
    lastmod: str | None = None  # as written


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap holds, in its own order, each address once."""

    links: list[Link]
    children: list[Child]


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """Read a sitemap that came from `url`.

    `Link.modified` is lastmod, `Link.published` and `Link.title` come from the news extension (or the feed).
    Raises `NotReadable` when the document is no sitemap or larger than the protocol allows.
    """
    body = inflate(body)
    refuse_binary(body, "a sitemap")
    text = decode(body).text
    root, start = root_of(text)
    if root in SITEMAP_ROOTS:
        return _read_xml(text[start:], url)
    if root in FEED_ROOTS:
        return Sitemap([replace(link, kind="sitemap") for link in read_feed(body, url).links], [])
    return Sitemap(_read_lines(text), [])


def _read_xml(text: str, url: str) -> Sitemap:
    links: dict[str, Link] = {}
    children: dict[str, Child] = {}
    for entry in read_records(text, url, ENTRIES).items:
        found = fields(entry)
        address = absolute(url, _text(found, "loc") or "")
        if address is None:
            continue
        if name_of(entry) == "url":
            links.setdefault(address, _link(address, found))
        elif address != url:
            children.setdefault(address, Child(address, _text(found, "lastmod")))
    return Sitemap(list(links.values()), list(children.values()))


def _link(address: str, found: Fields) -> Link:
    news = fields(found["news:news"][0]) if "news:news" in found else {}
    title = plain_text(_text(news, "news:title") or "")
    return Link(address, "sitemap", title, _text(news, "news:publication_date"), _text(found, "lastmod"))


def _text(found: Fields, name: str) -> str | None:
    elements: list[etree._Element] = found.get(name, [])
    return fold(text_of(elements[0])) if elements else None


def _read_lines(text: str) -> list[Link]:
    """A plain-text sitemap: one address a line and nothing else; up to half of the lines may be spoilt."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [line for line in lines if _ADDRESS_LINE.fullmatch(line)]
    if len(found) * 2 < len(lines) or not found:
        raise NotReadable(f"not a sitemap: it is {describe(text)}")
    addresses = dict.fromkeys(filter(None, (absolute(line, line) for line in found)))
    return [Link(address, "sitemap") for address in addresses]
