"""Listing pages: a section or archive page, its article links by selector and pattern, and its next page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from lxml import etree, html

from crawler.decode import decode
from crawler.discovery.address import absolute
from crawler.discovery.kind import FEED_ROOTS, SITEMAP_ROOTS, describe, refuse_binary, root_of
from crawler.discovery.link import Link, NotReadable
from crawler.discovery.plain import fold
from crawler.site import compile_selector

if TYPE_CHECKING:
    from crawler.site import Listing

_CARD_HEIGHT = 12  # elements between a date and its card, at most; also bounds the work on hostile nesting
_TEXTS = etree.XPath(".//text()")
_TIMES = etree.XPath("//time[@datetime]")
_BASE = etree.XPath("//base/@href")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "mark", "nobr", "q", "s"}
)
_INLINE |= {"small", "strong", "sub", "sup", "u", "wbr"}
_UNSEEN = frozenset({"script", "style", "noscript", "template"})
_PAGE = frozenset({"html", "body", "main"})  # too large to be the card of one article


@dataclass(frozen=True, slots=True)
class ListingPage:
    """The article links of one page in its own order, each address once, and where the list goes on."""

    links: list[Link]
    next_url: str | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A selected element with its absolute address."""

    element: etree._Element
    url: str


def read_listing(body: bytes, url: str, listing: Listing, charset: str | None = None) -> ListingPage:
    """Read the page that came from `url` as the site file's `listing` says.

    Raises `NotReadable` when it is no HTML page, when the selector matches nothing, and when no selected link
    is an article's by the pattern: all three are how a changed layout shows.
    """
    root = _parse(body, charset)
    base = _base(root, url)
    elements = _select(root, listing.links)
    if not elements:
        raise NotReadable(f"selector {listing.links!r} matches nothing")
    found = [each for each in _resolve(elements, base) if each.url != urldefrag(url).url]
    if listing.pattern:
        pattern = re.compile(listing.pattern)
        found = [each for each in found if pattern.search(each.url)]
    if not found:
        wanted = f"a link that matches pattern {listing.pattern!r}" if listing.pattern else "a web address"
        raise NotReadable(f"selector {listing.links!r} matches {len(elements)} elements, none with {wanted}")
    return ListingPage(_links(root, found), _next_url(root, listing, url, base))


def _parse(body: bytes, charset: str | None) -> etree._Element:
    refuse_binary(body, "an HTML page")
    text = decode(body, charset).text
    kind = describe(text)
    if root_of(text)[0] in FEED_ROOTS | SITEMAP_ROOTS or kind != "an HTML page":
        raise NotReadable(f"not an HTML page: it is {kind}")
    # huge_tree lifts the depth limit from 256 to 2048: old pages never close their <div> and <font>.
    parser = html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
    )
    try:
        return html.document_fromstring(_ILLEGAL.sub("", text).encode("utf-8", "ignore"), parser=parser)
    except etree.LxmlError as error:
        raise NotReadable(f"not an HTML page: {error}") from None


def _base(root: etree._Element, url: str) -> str:
    return next(filter(None, (absolute(url, str(href)) for href in _nodes(_BASE(root)))), url)


def _select(root: etree._Element, selector: str) -> list[Any]:
    """Elements, or attributes where an XPath ends in one."""
    try:
        return _nodes(compile_selector(selector)(root))
    except etree.XPathError as error:
        raise NotReadable(f"selector {selector!r} cannot be applied: {error}") from None


def _nodes(result: Any) -> list[Any]:
    """Elements, attributes and texts; numbers, truth values and namespaces, which XPath can give too, are no links."""
    nodes = result if isinstance(result, list) else []
    return [node for node in nodes if isinstance(node, etree._Element | etree._ElementUnicodeResult)]


def _resolve(elements: Iterable[Any], base: str) -> Iterator[_Found]:
    for selected in elements:
        element, href = _anchor(selected)
        url = absolute(base, href) if href else None
        if url:
            yield _Found(element, url)


def _anchor(selected: Any) -> tuple[etree._Element, str | None]:
    """The link an element stands for: itself, the first inside it, or the one it lies in."""
    if not isinstance(selected, str):
        element = selected
    elif selected.is_attribute:  # type: ignore[attr-defined]  # an lxml string that knows its element
        return selected.getparent(), str(selected)  # type: ignore[attr-defined]  # as above
    else:
        element = selected.getparent()  # type: ignore[attr-defined]  # as above
    inside = element if element.get("href") else element.find(".//a[@href]")
    around = (each for each in element.iterancestors("a") if each.get("href"))
    link = inside if inside is not None else next(around, element)
    return link, link.get("href")


def _links(root: etree._Element, found: list[_Found]) -> list[Link]:
    """One link an address: a picture's link comes before the headline's, so the first title found counts."""
    dates = _dates(root, found)
    links: dict[str, Link] = {}
    for each in found:
        link = links.get(each.url) or Link(each.url, "listing", None, dates.get(each.url))
        links[each.url] = link if link.title else replace(link, title=_title(each.element))
    return list(links.values())


def _title(element: etree._Element) -> str | None:
    return fold(_visible_text(element)) or fold(element.get("title", ""))


def _visible_text(element: etree._Element) -> str:
    """Text with a blank where a tag parts words: `<span>12:30</span><span>Headline</span>` is two."""
    parts = []
    for text in _nodes(_TEXTS(element)):
        near = text.getparent().tag
        if text.is_tail or near not in _UNSEEN:
            parts.append(str(text) if near in _INLINE else f" {text}")
    return "".join(parts)


def _dates(root: etree._Element, found: list[_Found]) -> dict[str, str]:
    """`<time datetime>` by address: a date belongs to the one link with which it shares its smallest card."""
    inside: dict[etree._Element, set[str]] = {}
    for each in found:
        for ancestor in _card_path(each.element):
            inside.setdefault(ancestor, set()).add(each.url)
    dates: dict[str, str] = {}
    for time in _nodes(_TIMES(root)):
        urls = next((inside[ancestor] for ancestor in _card_path(time) if ancestor in inside), set())
        date = fold(time.get("datetime"))
        if len(urls) == 1 and date:
            dates.setdefault(next(iter(urls)), date)
    return dates


def _card_path(element: etree._Element) -> Iterator[etree._Element]:
    """The element and what lies around it, up to what may still be a card."""
    yield element
    for ancestor in islice(element.iterancestors(), _CARD_HEIGHT):
        if ancestor.tag in _PAGE:
            return
        yield ancestor


def _next_url(root: etree._Element, listing: Listing, url: str, base: str) -> str | None:
    """Where the list goes on; never the page itself."""
    if listing.next is None:
        return None
    here = urldefrag(url).url
    found = _resolve(_select(root, listing.next), base)
    return next((each.url for each in found if each.url != here), None)
