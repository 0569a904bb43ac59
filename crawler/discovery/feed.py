"""Feeds: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, in whatever state they arrive.

The caller says that a document is a feed; nothing is guessed from headers. Dates stay as written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.decode import decode
from crawler.discovery.address import absolute
from crawler.discovery.kind import FEED_ROOTS, describe, refuse_binary, root_of
from crawler.discovery.link import Link, NotReadable
from crawler.discovery.plain import fold, plain_text
from crawler.discovery.records import Fields, fields, name_of, read_records, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

ITEMS = frozenset({"item", "entry"})
_XML = "{http://www.w3.org/XML/1998/namespace}"
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_PUBLISHED = ("pubdate", "published", "dc:date", "dcterms:issued", "issued", "dcterms:created", "created")
_UPDATED = ("updated", "modified", "dcterms:modified")
_WEB = re.compile(r"\s*https?://", re.I)


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's links in its own order, each address once."""

    links: list[Link]
    damaged: bool  # not well-formed, or in another encoding than it says
    title: str | None
    language: str | None  # as declared: 'ru', 'ru-RU'


def read_feed(body: bytes, url: str, charset: str | None = None) -> Feed:
    """Read a feed that came from `url`; `charset` is the label of the HTTP header, if any.

    A feed without items is valid and empty. Raises `NotReadable` when the document is no feed.
    """
    refuse_binary(body, "a feed")
    decoded = decode(body, charset)
    root, start = root_of(decoded.text)
    if root not in FEED_ROOTS:
        raise NotReadable(f"not a feed: it is {describe(decoded.text)}")
    records = read_records(decoded.text[start:], url, ITEMS)
    links: dict[str, Link] = {}
    for item in records.items:
        link = _link(item, url)
        if link:
            links.setdefault(link.url, link)
    title, language = _about(records.root)
    return Feed(list(links.values()), records.damaged or decoded.damaged, title, language)


def _link(item: etree._Element, url: str) -> Link | None:
    found = fields(item)
    addresses = (absolute(element.base or url, href) for element, href in _addresses(item, found))
    address = next(filter(None, addresses), None)
    if address is None:
        return None
    updated = _text(found, _UPDATED)
    return Link(address, "feed", _title(found), _text(found, _PUBLISHED) or updated, updated)


def _addresses(item: etree._Element, found: Fields) -> Iterator[tuple[etree._Element, str]]:
    """What may be the article's address, best first, with the element whose xml:base it follows."""
    for name in ("feedburner:origlink", "pheedo:origlink"):  # the page behind a counting redirect
        for element in found.get(name, []):
            yield element, text_of(element)
    for element in sorted(filter(_is_alternate, found.get("link", [])), key=_link_rank):
        # "<link/>address" is what an HTML tool leaves of an RSS link.
        yield element, _unescaped(element.get("href") or text_of(element) or element.tail or "")
    for element in found.get("guid", []) + found.get("id", []):
        if element.get("isPermaLink", "true").strip().lower() != "false" and _WEB.match(text_of(element)):
            yield element, _unescaped(text_of(element))
    yield item, item.get(_RDF_ABOUT, "")


def _link_rank(element: etree._Element) -> bool:
    """Sorts what is no web page (a JSON or PDF alternate) behind."""
    return "html" not in element.get("type", "html")


def _is_alternate(element: etree._Element) -> bool:
    """Whether a link points to the article itself (RFC 4287, 4.2.7.2), not to its feed, replies or files."""
    return element.get("rel", "alternate").strip().lower().rpartition("/")[2] in ("alternate", "")


def _unescaped(href: str) -> str:
    """Addresses in CDATA are often escaped once more."""
    return href.replace("&amp;", "&")


def _title(found: Fields) -> str | None:
    for name in ("title", "dc:title", "media:title"):
        for element in found.get(name, []):
            literal = element.get("type", "").lower() in ("text", "text/plain", "xhtml")
            title = fold(text_of(element)) if literal else plain_text(text_of(element))
            if title:
                return title
    return None


def _text(found: Fields, names: tuple[str, ...]) -> str | None:
    """The first non-empty text among these fields."""
    texts = (fold(text_of(element)) for name in names for element in found.get(name, []))
    return next(filter(None, texts), None)


def _about(root: etree._Element) -> tuple[str | None, str | None]:
    """Title and declared language of the feed itself."""
    channel = next((child for child in root if name_of(child) == "channel"), root)
    found = fields(channel)
    language = (
        _text(found, ("language", "dc:language")) or channel.get(_XML + "lang") or root.get(_XML + "lang")
    )
    return _title(found), language
