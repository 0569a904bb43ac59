"""What the page's head and its marked elements say: meta, link, itemprop and JSON-LD, read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.extraction.json_ld import Node, article_node, listed, page_node, read_nodes, text_of, urls_of
from crawler.extraction.text import first_of_each, fold_space

if TYPE_CHECKING:
    from lxml.html import HtmlElement


_LONGEST_TAG = 80  # letters; longer ones are descriptions
_MOST_TAGS = 50


@dataclass(frozen=True, slots=True)
class Metadata:
    """Machine-readable facts of one page; names are lower case, values in page order."""

    url: str
    meta: dict[str, list[str]] = field(default_factory=dict)
    links: dict[str, list[str]] = field(default_factory=dict)  # rel -> hrefs as written
    itemprops: dict[str, list[HtmlElement]] = field(default_factory=dict)
    nodes: list[Node] = field(default_factory=list)
    article: Node = field(default_factory=dict)
    page: Node = field(default_factory=dict)
    html_language: str | None = None

    def first(self, *names: str) -> str | None:
        """The first value that any of these meta names has, in the order of the names."""
        return next((value for name in names for value in self.meta.get(name, ())), None)

    def every(self, *names: str) -> list[str]:
        """All values of these meta names."""
        return [value for name in names for value in self.meta.get(name, ())]

    def absolute(self, address: str | None) -> str | None:
        """An http(s) address made absolute against the page's; None for anything else."""
        try:
            joined = urljoin(self.url, (address or "").strip())
            parts = urlsplit(joined)
        except ValueError:
            return None
        usable = address and parts.scheme in ("http", "https") and parts.hostname
        return joined.replace(" ", "%20") if usable else None


def read_metadata(root: HtmlElement, url: str) -> Metadata:
    """Metadata of a page whose final address is `url`."""
    meta: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = fold_space(element.get("content") or "")
        for name in {element.get(key, "").strip().casefold() for key in ("property", "name", "itemprop")}:
            if name and content:
                meta.setdefault(name, []).append(content)
    nodes = read_nodes(root)
    title = next(iter(meta.get("og:title", ())), None)
    return Metadata(
        url=url,
        meta=meta,
        links=_links(root),
        itemprops=_itemprops(root),
        nodes=nodes,
        article=article_node(nodes, title),
        page=page_node(nodes),
        html_language=root.get("lang")
        or root.get("{http://www.w3.org/XML/1998/namespace}lang")
        or root.get("xml:lang"),
    )


def _links(root: HtmlElement) -> dict[str, list[str]]:
    links: dict[str, list[str]] = {}
    for element in root.iter("link"):
        for rel in (element.get("rel") or "").casefold().split():
            links.setdefault(rel, []).append((element.get("href") or "").strip())
    return links


def _itemprops(root: HtmlElement) -> dict[str, list[HtmlElement]]:
    found: dict[str, list[HtmlElement]] = {}
    for element in root.xpath("//*[@itemprop][not(self::meta)]"):
        for name in element.get("itemprop").casefold().split():
            found.setdefault(name, []).append(element)
    return found


def tags_of(metadata: Metadata) -> list[str]:
    """Keywords in page order, each once: article:tag, JSON-LD keywords, then meta keywords."""
    listed_tags = metadata.every("article:tag")
    for value in listed(metadata.article.get("keywords")):
        listed_tags += (text_of(value) or "").split(",")
    if not listed_tags:
        listed_tags = [
            part for text in metadata.every("news_keywords", "keywords") for part in text.split(",")
        ]
    tags = first_of_each(map(fold_space, listed_tags), str.casefold)
    return [tag for tag in tags if len(tag) <= _LONGEST_TAG][:_MOST_TAGS]


def image_of(metadata: Metadata) -> str | None:
    """Address of the lead picture."""
    given = [
        *metadata.every("og:image:secure_url", "og:image", "og:image:url"),
        *urls_of(metadata.article.get("image")),
    ]
    given += metadata.every("twitter:image", "twitter:image:src")
    return next((found for address in given if (found := metadata.absolute(address))), None)


def language_of(metadata: Metadata) -> str | None:
    """Declared language as ISO 639-1, article data before the html tag; None when nothing usable is declared."""
    given = (
        text_of(metadata.article.get("inLanguage")),
        metadata.html_language,
        metadata.first("content-language", "og:locale", "language", "dc.language"),
    )
    for value in given:
        code = (value or "").strip().replace("_", "-").partition("-")[0].casefold()
        if code.isascii() and code.isalpha() and len(code) in (2, 3):
            return code
    return None
